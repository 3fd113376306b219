import type { Db } from '../../src/db/open.ts'
import type { WorkingCalendar } from '../../src/deadlines/working-time-policy.ts'
import { slowBetween } from './slow-working-time.ts'

interface Line {
  readonly type: string
  readonly at: string
}
type Stage = 'toAccept' | 'toAnswer' | 'atDesk'

/**
 * Working minutes of each finished stage (src/reports/contract.ts), by unit and stage: "unit stage" → sorted minutes. Walks each turn
 * minute by event in plain loops over whole tables, and shares no line with src/reports.
 */
export function slowHolders(
  { raw }: Pick<Db, 'raw'>,
  {
    from,
    until,
    calendarOf,
  }: {
    readonly from: string
    readonly until: string
    readonly calendarOf: (unitId: string) => WorkingCalendar
  },
): Record<string, number[]> {
  const found: Record<string, number[]> = {}
  const tickets = raw.prepare('SELECT id FROM tickets WHERE training = 0').all() as { id: number }[]
  for (const { id } of tickets) {
    const clocks = raw
      .prepare(
        "SELECT unit_id, started_at FROM deadlines WHERE ticket_id = ? AND kind IN ('officer', 'directed') ORDER BY id",
      )
      .all(id) as { unit_id: string; started_at: string }[]
    const lines = raw
      .prepare('SELECT type, at FROM ticket_events WHERE ticket_id = ? ORDER BY id')
      .all(id) as Line[]
    clocks.forEach((clock, index) => {
      if (clock.started_at < from || clock.started_at >= until) return
      const next = clocks[index + 1]?.started_at ?? '9999'
      const own = lines.filter(({ at }) => at >= clock.started_at && at < next)
      const calendar = calendarOf(clock.unit_id)
      for (const [stage, spans] of Object.entries(stagesOf(clock.started_at, untilTaken(own)))) {
        const minutes = spans.reduce(
          (sum, [a, b]) => sum + Number(slowBetween(calendar, Date.parse(a), Date.parse(b))),
          0,
        )
        const key = `${clock.unit_id} ${stage}`
        found[key] = [...(found[key] ?? []), minutes].sort((a, b) => a - b)
      }
    })
  }
  return found
}

function untilTaken(lines: readonly Line[]): Line[] {
  const away = lines.findIndex(({ type }) =>
    ['bounced', 'leadTaken', 'merged', 'withdrawn', 'rejected'].includes(type),
  )
  return away < 0 ? [...lines] : lines.slice(0, away)
}

function stagesOf(start: string, lines: readonly Line[]): Partial<Record<Stage, [string, string][]>> {
  const told = lines.find(({ type }) => type === 'answered')
  const before = told === undefined ? lines : lines.slice(0, lines.indexOf(told))
  const accepted = before.find(({ type }) => type === 'accepted')
  const answers = before.filter(({ type }) => type === 'agencyAnswered')
  const taken = accepted ?? answers[0]
  if (taken === undefined) return {}
  const stages: Partial<Record<Stage, [string, string][]>> = { toAccept: [[start, taken.at]] }
  // Between an answer and its return the hotline has it, between a question and what ended it the citizen.
  const desk: [string, string][] = []
  const citizen: [string, string][] = []
  for (const [index, line] of before.entries()) {
    const rest = before.slice(index + 1)
    if (line.type === 'agencyAnswered') {
      const back = rest.find(({ type }) => type === 'answerReturned')
      if (back !== undefined) desk.push([line.at, back.at])
      else if (told !== undefined) desk.push([line.at, told.at])
    }
    if (line.type === 'citizenAsked') {
      const end = rest.find(({ type }) =>
        ['citizenReplied', 'citizenSilent', 'agencyAnswered'].includes(type),
      )
      if (end !== undefined) citizen.push([line.at, end.at])
    }
  }
  const last = before.findLast(({ type }) => type === 'agencyAnswered' || type === 'answerReturned')
  if (accepted !== undefined && last?.type === 'agencyAnswered') {
    const gaps = [...desk, ...citizen].filter(([a]) => a < last.at).sort()
    const spans: [string, string][] = []
    let at = accepted.at
    for (const [a, b] of gaps) {
      spans.push([at, a])
      at = b
    }
    stages.toAnswer = [...spans, [at, last.at]]
  }
  if (told !== undefined && answers.length > 0) stages.atDesk = desk
  return stages
}
