import { CalendarEnded } from '../deadlines/service.ts'
import { HOLDER_STAGES, type HolderStage, type StageTimes } from './contract.ts'

/** A turn of a unit with what happened in it, in order. Times are ISO 8601 UTC. */
export interface HeldTurn {
  readonly unitId: string
  readonly code: string
  readonly startedAt: string
  readonly events: readonly { readonly type: string; readonly at: string }[]
}

/** Of one turn: a stage that is not over, or never was, has no time. In working minutes. */
export type TurnTimes = Readonly<Partial<Record<HolderStage, number>>>

type Holder = HolderStage | 'citizen'

/** Who has the case after an event; null: nobody of those counted here any more. Events not here leave it where it is. */
const HOLDER_AFTER: Readonly<Record<string, Holder | null>> = {
  accepted: 'toAnswer',
  citizenAsked: 'citizen',
  citizenReplied: 'toAnswer',
  citizenSilent: 'toAnswer',
  agencyAnswered: 'atDesk',
  answerReturned: 'toAnswer',
  answered: null,
}

/** Ends the turn without an answer of the unit. */
const TAKEN_AWAY: readonly string[] = ['bounced', 'leadTaken', 'merged', 'withdrawn', 'rejected']

/**
 * How long each holder had it, each stage once it is over for good: a unit's answer that came back is not one, and both what the
 * desk took to send it back and what the unit took for the next count where they belong. Throws CalendarEnded.
 */
export function timesOfTurn(
  { startedAt, events }: HeldTurn,
  minutes: (fromMs: number, toMs: number) => number,
): TurnTimes {
  const spent: Record<Holder, number> = { toAccept: 0, toAnswer: 0, atDesk: 0, citizen: 0 }
  const over = new Set<HolderStage>()
  let wasAccepted = false
  let holder: Holder | null = 'toAccept'
  let since = Date.parse(startedAt)
  for (const { type, at } of events) {
    if (holder === null || TAKEN_AWAY.includes(type)) break
    const next = HOLDER_AFTER[type]
    if (next === undefined || next === holder) continue
    const until = Date.parse(at)
    spent[holder] += minutes(since, until)
    if (holder === 'toAccept') over.add('toAccept')
    wasAccepted ||= type === 'accepted'
    // An answer without acceptance leaves nothing between the two.
    if (next === 'atDesk' && wasAccepted) over.add('toAnswer')
    if (next === 'toAnswer') over.delete('toAnswer')
    if (next === null && holder === 'atDesk') over.add('atDesk')
    holder = next
    since = until
  }
  return Object.fromEntries([...over].map((stage) => [stage, spent[stage]]))
}

interface Timed {
  readonly code: string
  readonly minutes: number
}

/** Collects turns of one unit. */
export function createStageSums(minutesOf: (unitId: string, fromMs: number, toMs: number) => number) {
  const times: Record<HolderStage, Timed[]> = { toAccept: [], toAnswer: [], atDesk: [] }
  return {
    /** A turn in a year that nobody vouches for is not counted: half a sum would be a wrong one. */
    add(turn: HeldTurn): void {
      let found: TurnTimes = {}
      try {
        found = timesOfTurn(turn, (fromMs, toMs) => minutesOf(turn.unitId, fromMs, toMs))
      } catch (cause) {
        if (!(cause instanceof CalendarEnded)) throw cause
      }
      for (const stage of HOLDER_STAGES) {
        const minutes = found[stage]
        if (minutes !== undefined) times[stage].push({ code: turn.code, minutes })
      }
    },
    stages: (): Record<HolderStage, StageTimes> => ({
      toAccept: summed(times.toAccept),
      toAnswer: summed(times.toAnswer),
      atDesk: summed(times.atDesk),
    }),
  }
}

/** In whole minutes; the first case of several that took equally long. */
function summed(times: readonly Timed[]): StageTimes {
  const inOrder = times.map(({ minutes }) => minutes).sort((a, b) => a - b)
  const longest = inOrder.at(-1)
  if (longest === undefined) return { count: 0, median: null, longest: null, longestCode: null }
  const middle = inOrder.length / 2
  const [low, high] = [inOrder[Math.ceil(middle) - 1] ?? 0, inOrder[Math.floor(middle)] ?? 0]
  return {
    count: inOrder.length,
    median: Math.round((low + high) / 2),
    longest: Math.round(longest),
    longestCode: times.find(({ minutes }) => minutes === longest)?.code ?? null,
  }
}
