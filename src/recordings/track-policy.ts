import type { CallTimeline, TimelineSpan } from '../transfers/contract.ts'
import type { TrackStretch } from './contract.ts'

/** A call's own times, and who heard whom in it. */
export interface CallCourse {
  readonly direction: 'in' | 'out'
  readonly queuedAt: string | null
  readonly answeredAt: string | null
  readonly endedAt: string | null
  readonly past: Pick<CallTimeline, 'spans' | 'transfers'>
}

interface Sound {
  readonly startedAt: string
  readonly durationMs: number | null
}

/** Legs take a moment to get from one place to the next: nobody reads that as a part of the call. */
const BLINK_MS = 300

/**
 * The course of a call along its recording, from the first to the last sample: what was before and after is cut off. Times of the
 * PBX and of the file's beginning differ by some hundredths of a second.
 */
export function trackOf(sound: Sound, call: CallCourse | undefined): TrackStretch[] {
  const start = Date.parse(sound.startedAt)
  const lengthMs = sound.durationMs ?? 0
  if (call === undefined || Number.isNaN(start) || lengthMs <= 0) return []
  const at = (iso: string | null | undefined): number | undefined => {
    const ms = iso == null ? NaN : Date.parse(iso)
    return Number.isNaN(ms) ? undefined : Math.max(0, Math.min(lengthMs, Math.round(ms - start)))
  }
  return [
    ...beforeAnswer(call, at, lengthMs),
    ...call.past.spans.map((span) => onLine(span, call, at, lengthMs)),
  ]
    .filter(({ fromMs, toMs }) => toMs - fromMs >= BLINK_MS)
    .sort((one, other) => one.fromMs - other.fromMs)
}

type At = (iso: string | null | undefined) => number | undefined

function beforeAnswer(call: CallCourse, at: At, lengthMs: number): TrackStretch[] {
  const answered = at(call.answeredAt) ?? at(call.endedAt) ?? lengthMs
  if (call.direction === 'out') return [nobodyYet('dialing', 0, answered)]
  const queued = at(call.queuedAt) ?? answered
  return [
    nobodyYet('greeting', 0, Math.min(queued, answered)),
    nobodyYet('queue', Math.min(queued, answered), answered),
  ]
}

function nobodyYet(phase: 'greeting' | 'queue' | 'dialing', fromMs: number, toMs: number): TrackStretch {
  return { fromMs, toMs, phase, groups: [], operatorName: null, agencyName: null, cause: null }
}

function onLine(span: TimelineSpan, { past }: CallCourse, at: At, lengthMs: number): TrackStretch {
  const { groups, operatorName, attempt, transferId, end } = span
  const transfer = past.transfers.find(({ id }) => id === transferId)
  const rung = attempt === null ? undefined : transfer?.attempts[attempt]
  const label = rung?.target.label ?? ''
  return {
    fromMs: at(span.from) ?? lengthMs,
    toMs: at(span.to) ?? lengthMs,
    phase: 'line',
    groups,
    operatorName,
    agencyName: rung === undefined ? null : label === '' ? rung.number.display : label,
    cause: end?.cause ?? null,
  }
}
