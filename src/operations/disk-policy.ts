import type { DiskState } from './contract.ts'

const MIB = 1_024 * 1_024
/** 18 hours of recorded talk: each side 16 kB/s (8 kHz, 16 bit). Time for a person to make room. */
const LOW_BYTES = 2_048 * MIB
/** 4 hours and a half of talk: the rest belongs to the database and to recordings. */
const FULL_BYTES = 512 * MIB
/** A state is left only with this much more than it was entered with: a disk at the edge must not warn every minute. */
const MARGIN_BYTES = 128 * MIB

/** Pure: the state after a look at the disk, from the one before it. `free` in bytes, of the fullest disk. */
export function diskAfter(before: DiskState, free: number): DiskState {
  const full = FULL_BYTES + (before === 'full' ? MARGIN_BYTES : 0)
  if (free < full) return 'full'
  const low = LOW_BYTES + (before === 'ok' ? 0 : MARGIN_BYTES)
  return free < low ? 'low' : 'ok'
}
