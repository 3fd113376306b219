import type { CallTimeline, TimelineSpan } from '../transfers/contract.ts'
import type { TrackMark, TrackStretch } from './contract.ts'

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
  const lengthMs = sound.durationMs ?? 0
  if (call === undefined || Number.isNaN(Date.parse(sound.startedAt)) || lengthMs <= 0) return []
  const at = momentsIn(sound)
  return [
    ...beforeAnswer(call, at, lengthMs),
    ...call.past.spans.map((span) => onLine(span, call, at, lengthMs)),
  ]
    .filter(({ fromMs, toMs }) => toMs - fromMs >= BLINK_MS)
    .sort((one, other) => one.fromMs - other.fromMs)
}

/** A time that something was done to the recording; open while it is. */
export interface MarkSpan extends Pick<TrackMark, 'kind' | 'name' | 'cause'> {
  readonly from: string
  readonly until: string | null
}

/** The same cut to the recording, the earliest first. What is too short to see is said all the same: it was done. */
export function marksOf(sound: Sound, spans: readonly MarkSpan[]): TrackMark[] {
  const lengthMs = sound.durationMs ?? 0
  const at = momentsIn(sound)
  return spans
    .map(({ from, until, ...mark }) => ({
      ...mark,
      fromMs: at(from) ?? lengthMs,
      toMs: at(until) ?? lengthMs,
    }))
    .filter(({ fromMs }) => fromMs < lengthMs)
    .sort((one, other) => one.fromMs - other.fromMs)
}

/** Milliseconds from the beginning of the sound, never outside it. */
function momentsIn({ startedAt, durationMs }: Sound): At {
  const start = Date.parse(startedAt)
  return (iso) => {
    const ms = iso == null ? NaN : Date.parse(iso) - start
    return Number.isNaN(ms) ? undefined : Math.max(0, Math.min(durationMs ?? 0, Math.round(ms)))
  }
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
