/** The sender looks each minute at least; a carrier that is busy for longer than this is not working. */
const SMS_LATE_MS = 5 * 60_000

/** `late`: SMS that are due do not get to the carrier. */
export function smsState(oldestDueAt: string | null, now: Date): 'up' | 'late' {
  if (oldestDueAt === null) return 'up'
  return now.getTime() - new Date(oldestDueAt).getTime() > SMS_LATE_MS ? 'late' : 'up'
}

/** `down`: it does not answer. */
export function databaseState(ping: () => void): 'up' | 'down' {
  try {
    ping()
    return 'up'
  } catch {
    return 'down' // whoever asked first has logged why
  }
}
