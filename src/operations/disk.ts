import { AppError } from '../platform/errors.ts'
import { freeBytesAt } from '../platform/free-bytes.ts'
import type { DiskState } from './contract.ts'
import { diskAfter } from './disk-policy.ts'

export interface DiskDeps {
  /** By name: folders that are written to. */
  readonly folders: Readonly<Record<string, string>>
  readonly onChange: (state: DiskState) => void
  readonly log: {
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
  /** Free bytes of the disk that holds `path`; the real one unless a test needs a full disk. */
  readonly freeBytes?: (path: string) => Promise<number>
}

export interface Disk {
  /** Looks at every folder's disk. */
  look(): Promise<void>
  state(): DiskState
  /** Free bytes by folder name, as last seen; none before the first look. */
  free(): ReadonlyMap<string, number>
  /** Throws DISK_FULL: for what can wait, never for a ticket, a recording or what the regulation's clocks do. */
  mustTake(): void
}

/** Watches the room that is left. A folder that cannot be looked at changes nothing: who writes there says what is wrong. */
export function createDisk(deps: DiskDeps): Disk {
  const freeBytes = deps.freeBytes ?? freeBytesAt
  const free = new Map<string, number>()
  let state: DiskState = 'ok'

  function turn(next: DiskState): void {
    if (next === state) return
    state = next
    const fields = { disk: next, freeBytes: Object.fromEntries(free) }
    if (next === 'full') deps.log.error(fields, 'the disk is nearly full: attachments are refused')
    else deps.log.warn(fields, next === 'low' ? 'the disk is getting full' : 'the disk has room again')
    deps.onChange(next)
  }

  return {
    async look() {
      for (const [name, path] of Object.entries(deps.folders)) {
        const left = await freeBytes(path).catch(() => undefined)
        if (left !== undefined) free.set(name, left)
      }
      if (free.size > 0) turn(diskAfter(state, Math.min(...free.values())))
    },
    state: () => state,
    free: () => free,
    mustTake() {
      if (state === 'full')
        throw new AppError('unavailable', 'DISK_FULL', 'the disk is nearly full; files are not taken now')
    },
  }
}
