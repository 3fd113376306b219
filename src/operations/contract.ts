/** What is left of the disks: `low` warns a person, `full` refuses what can wait. */
export const DISK_STATES = ['ok', 'low', 'full'] as const
export type DiskState = (typeof DISK_STATES)[number]
