import type { RecordingFlag, RecordingKind } from './contract.ts'
import type { WavLayout } from './wav-policy.ts'

/** What the citizen says, what the citizen hears, or a message left: each a file of the PBX. */
export type Side = 'citizen' | 'operator' | 'message'
export type Found = WavLayout | { readonly type: 'absent' }

export interface SideFound {
  readonly side: Side
  readonly found: Found
}

/** What to do with what the PBX has just shown. */
export type Decision =
  | { readonly type: 'wait' }
  | { readonly type: 'seal'; readonly flags: RecordingFlag[] }
  | { readonly type: 'lose'; readonly state: 'missing' | 'damaged'; readonly flags: RecordingFlag[] }

/** A file still not closed this long after the call's end never will be: MixMonitor closes within 20 ms (Asterisk 22, measured). */
export const UNFINISHED_MS = 60_000
/** A file not there this long after the call's end will not come. */
export const ABSENT_MS = 600_000
/** MixMonitor opens its files with the first sound: a call hung up at once leaves none (Asterisk 22, measured). */
const TOO_SHORT_MS = 2_000
/** Loudest sample of a side on which nobody and nothing was heard: a codec's own hiss is at most 8, line noise may double that. */
const SILENT_PEAK = 32
/** Names come from the PBX: nothing in them may lead out of a folder. */
const SAFE_BASE = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,119}$/

/** Is this name harmless as part of a path and of an address? */
export function isSafeBase(base: string): boolean {
  return SAFE_BASE.test(base)
}

export function sidesOf(kind: RecordingKind): readonly Side[] {
  // Of a consultation the far side is the agency's, as the citizen's is of a call.
  return kind === 'voicemail' ? ['message'] : ['citizen', 'operator']
}

/** A side's file at the PBX, as the dialplan names it, without suffix. */
export function nameOf(base: string, side: Side): string {
  return side === 'message' ? base : `${base}-${side}`
}

/** The recording that a file of the PBX belongs to, by its name. */
export function baseOf(name: string): string {
  return name.replace(/-(citizen|operator)$/, '')
}

/** Whole files at once; others only when there is no hope left that they become whole. */
export function decide(
  sides: readonly SideFound[],
  timing: { callMs: number; sinceEndMs: number },
): Decision {
  const { sinceEndMs } = timing
  const heard = sides.some(({ found }) => hasSound(found))
  const whole = sides.every(({ found }) => found.type === 'sound')
  if (whole) return heard ? { type: 'seal', flags: [] } : lost('missing', ['noSound'])
  if (sinceEndMs < UNFINISHED_MS) return { type: 'wait' }
  if (sides.every(({ found }) => found.type === 'absent')) {
    if (timing.callMs < TOO_SHORT_MS) return lost('missing', ['tooShort'])
    return sinceEndMs < ABSENT_MS ? { type: 'wait' } : lost('missing', ['notAtPbx'])
  }
  const flags = sides.flatMap(flagOf)
  if (heard) return { type: 'seal', flags }
  return flags.some((flag) => flag.endsWith('Damaged'))
    ? lost('damaged', flags)
    : lost('missing', [...flags, 'noSound'])
}

/** Sides on which nothing is to be heard although there is a file with sound in it. */
export function silentFlags(peaks: readonly { side: Side; peak: number }[]): RecordingFlag[] {
  return peaks.filter(({ peak }) => peak <= SILENT_PEAK).map(({ side }): RecordingFlag => `${side}Silent`)
}

/** Are these bytes worth keeping beside what was made of them? */
export function isDoubtful(found: Found): boolean {
  return found.type === 'damaged' || found.type === 'unclosed'
}

export function hasSound(found: Found): found is Extract<Found, { type: 'sound' | 'unclosed' }> {
  return (found.type === 'sound' || found.type === 'unclosed') && found.dataBytes > 0
}

function flagOf({ side, found }: SideFound): RecordingFlag[] {
  switch (found.type) {
    case 'absent':
      return [`${side}Missing`]
    case 'damaged':
      return [`${side}Damaged`]
    case 'unclosed':
      return ['neverClosed']
    case 'sound':
      return []
  }
}

function lost(state: 'missing' | 'damaged', flags: RecordingFlag[]): Decision {
  return { type: 'lose', state, flags: [...new Set(flags)] }
}
