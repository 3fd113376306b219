import type { Db } from '../../src/db/open.ts'
import type { Figure } from '../../src/reports/contract.ts'

interface Clock {
  readonly ticket_id: number
  readonly kind: string
  readonly unit_id: string | null
  readonly started_at: string
  readonly due_at: string | null
  readonly warn_at: string | null
  readonly satisfied_at: string | null
  readonly voided_at: string | null
  readonly breached_at: string | null
  readonly paused_at: string | null
}
interface Case {
  readonly id: number
  readonly state: string
  readonly training: number
  readonly unit_id: string | null
}
interface Event {
  readonly ticket_id: number
  readonly type: string
  readonly at: string
  readonly detail: string
}
interface Turn {
  readonly unit: string
  readonly start: string
  readonly clocks: readonly Clock[]
}

const STATUTORY = ['officer', 'promise', 'directed', 'head']
const FIRST = ['officer', 'directed']
const WITH_UNIT = ['assigned', 'inProgress', 'verifying', 'awaitingCitizen', 'escalated', 'overdue']

/**
 * The figures of src/reports/contract.ts, case by case over whole tables, sharing no line with the SQL: "unit figure" → how often.
 * Moments are ISO 8601 UTC, `until` exclusive.
 */
export function slowFigures(
  { raw }: Pick<Db, 'raw'>,
  { from, until, now }: { readonly from: string; readonly until: string; readonly now: string },
): Record<string, number> {
  const all = <T>(table: string): T[] => raw.prepare(`SELECT * FROM ${table} ORDER BY id`).all() as T[]
  const [clocks, events] = [all<Clock>('deadlines'), all<Event>('ticket_events')]
  const counted: Record<string, number> = {}
  const count = (unit: string, figure: Figure): void => {
    counted[`${unit} ${figure}`] = (counted[`${unit} ${figure}`] ?? 0) + 1
  }
  const isWithin = (at: string): boolean => at >= from && at < until
  for (const one of all<Case>('tickets')) {
    if (one.training === 1) continue
    const turns = turnsOf(clocks.filter(({ ticket_id: id }) => id === one.id))
    // A case is one case of each unit that had it, however often it came there, until the citizen objects: then it is another.
    const objections = events.filter(({ ticket_id: id, type }) => id === one.id && type === 'objected')
    for (const round of inRounds(turns, objections)) {
      const within = round.filter(({ start }) => isWithin(start))
      for (const unit of new Set(within.map((turn) => turn.unit))) {
        const ofUnit = within.filter((turn) => turn.unit === unit)
        const latest = ofUnit.at(-1)
        count(unit, 'received')
        if (latest !== undefined) count(unit, ofUnit.some(hasBroken) ? 'late' : outcomeOf(latest))
      }
    }
    for (const event of events) {
      if (event.ticket_id !== one.id || !isWithin(event.at)) continue
      if (event.type === 'bounced') count((JSON.parse(event.detail) as { unitId: string }).unitId, 'bounced')
      const holder = turns.findLast(({ start }) => start <= event.at)
      if (event.type === 'answerReturned' && holder !== undefined) count(holder.unit, 'returned')
    }
    if (one.unit_id === null) continue
    if (one.state === 'agencyAnswered') count(one.unit_id, 'awaitingRelay')
    if (!WITH_UNIT.includes(one.state)) continue
    count(one.unit_id, 'openNow')
    const last = turns.at(-1)
    if (last === undefined) continue
    if (hasBroken(last)) count(one.unit_id, 'overdueNow')
    if (last.clocks.some((clock) => isAlmostOver(clock, now))) count(one.unit_id, 'dueSoonNow')
  }
  return counted
}

function turnsOf(clocks: readonly Clock[]): Turn[] {
  const turns: { unit: string; start: string; clocks: Clock[] }[] = []
  const inOrder = [...clocks].sort((a, b) => {
    if (a.started_at !== b.started_at) return a.started_at < b.started_at ? -1 : 1
    // A turn begins with the officer's clock or a directive's, whatever else starts in that moment.
    return Number(FIRST.includes(b.kind)) - Number(FIRST.includes(a.kind))
  })
  for (const clock of inOrder) {
    if (FIRST.includes(clock.kind))
      turns.push({ unit: clock.unit_id ?? '', start: clock.started_at, clocks: [] })
    if (STATUTORY.includes(clock.kind)) turns.at(-1)?.clocks.push(clock)
  }
  return turns
}

/** The turns before the first objection, those before the second, and so on. */
function inRounds(turns: readonly Turn[], objections: readonly Event[]): Turn[][] {
  const rounds: Turn[][] = []
  let rest = [...turns]
  for (const { at } of objections) {
    rounds.push(rest.filter(({ start }) => start < at))
    rest = rest.filter(({ start }) => start >= at)
  }
  return [...rounds, rest]
}

function outcomeOf(turn: Turn): Figure {
  if (hasBroken(turn)) return 'late'
  const officer = turn.clocks.find(({ kind }) => FIRST.includes(kind))
  const promise = turn.clocks.findLast(({ kind }) => kind === 'promise')
  if (officer?.voided_at != null || promise?.voided_at != null) return 'stopped'
  if (promise !== undefined) return 'promised'
  return officer?.satisfied_at == null ? 'running' : 'onTime'
}

function hasBroken({ clocks }: Turn): boolean {
  return clocks.some(({ breached_at: at }) => at !== null)
}

function isAlmostOver(clock: Clock, now: string): boolean {
  const runs = [clock.satisfied_at, clock.voided_at, clock.breached_at, clock.paused_at].every(
    (at) => at === null,
  )
  const { warn_at: warn, due_at: due } = clock
  return runs && warn !== null && due !== null && warn <= now && due >= now
}
