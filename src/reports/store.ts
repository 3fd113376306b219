import type { Db } from '../db/open.ts'
import type { HeldTurn } from './holder-times.ts'
import type { FigureStore } from './service.ts'

/*
 * The figures of contract.ts as lines (unit, case, figure): counted for the page, listed for whoever asks which cases they are. It
 * only reads, and other features' tables at that: a figure that every feature kept by itself would be wrong in its own way.
 */

/** A clock of the same turn: begun with it or after it, and before the case was sent on. */
const OF_TURN = `clock.ticket_id = turn.ticket_id AND clock.started_at >= turn.started_at
  AND (turn.next_at IS NULL OR clock.started_at < turn.next_at)`

const WITH_UNIT = "('assigned','inProgress','verifying','awaitingCitizen','escalated','overdue')"

const TURNS = `turn AS (
  SELECT officer.id, officer.ticket_id, tickets.code, officer.unit_id, officer.started_at, officer.satisfied_at, officer.voided_at,
    (SELECT later.started_at FROM deadlines later
      WHERE later.ticket_id = officer.ticket_id AND later.kind IN ('officer', 'directed') AND later.id > officer.id
      ORDER BY later.id LIMIT 1) AS next_at
  FROM deadlines officer JOIN tickets ON tickets.id = officer.ticket_id
  WHERE officer.kind IN ('officer', 'directed') AND officer.unit_id IS NOT NULL AND tickets.training = 0
)`

const LINES = `
WITH ${TURNS},
began AS (
  SELECT turn.*,
    (SELECT count(*) FROM ticket_events event WHERE event.ticket_id = turn.ticket_id AND event.type = 'objected'
      AND event.at <= turn.started_at) AS objections,
    EXISTS (SELECT 1 FROM deadlines clock
      WHERE ${OF_TURN} AND clock.kind IN ('officer', 'promise', 'directed', 'head') AND clock.breached_at IS NOT NULL) AS is_late,
    (SELECT CASE WHEN clock.voided_at IS NULL THEN 'stands' ELSE 'void' END FROM deadlines clock
      WHERE ${OF_TURN} AND clock.kind = 'promise' ORDER BY clock.round DESC LIMIT 1) AS promise
  FROM turn WHERE turn.started_at >= @from AND turn.started_at < @until
),
-- A round of a case is one case of a unit, whichever turn of it was late, and else as its newest turn there.
cases AS (
  SELECT * FROM (
    SELECT unit_id, ticket_id, satisfied_at, voided_at, promise, max(is_late) OVER here AS is_late,
      row_number() OVER (PARTITION BY unit_id, ticket_id, objections ORDER BY id DESC) AS nth
    FROM began WINDOW here AS (PARTITION BY unit_id, ticket_id, objections)
  ) WHERE nth = 1
),
here AS (
  SELECT id, unit_id, state,
    (SELECT max(started_at) FROM deadlines WHERE ticket_id = tickets.id AND kind IN ('officer', 'directed')) AS began_at
  FROM tickets WHERE training = 0 AND unit_id IS NOT NULL AND state IN ${WITH_UNIT}
)
SELECT unit_id, ticket_id, 'received' AS figure FROM cases
UNION ALL
SELECT unit_id, ticket_id, CASE
    WHEN is_late THEN 'late'
    WHEN voided_at IS NOT NULL OR promise = 'void' THEN 'stopped'
    WHEN promise = 'stands' THEN 'promised'
    WHEN satisfied_at IS NOT NULL THEN 'onTime'
    ELSE 'running' END
  FROM cases
UNION ALL
SELECT json_extract(event.detail, '$.unitId'), event.ticket_id, 'bounced'
  FROM ticket_events event JOIN tickets ON tickets.id = event.ticket_id
  WHERE event.type = 'bounced' AND tickets.training = 0 AND event.at >= @from AND event.at < @until
UNION ALL
SELECT (SELECT unit_id FROM turn WHERE turn.ticket_id = event.ticket_id AND turn.started_at <= event.at
      ORDER BY turn.started_at DESC LIMIT 1), event.ticket_id, 'returned'
  FROM ticket_events event JOIN tickets ON tickets.id = event.ticket_id
  WHERE event.type = 'answerReturned' AND tickets.training = 0 AND event.at >= @from AND event.at < @until
UNION ALL
SELECT unit_id, id, 'openNow' FROM here
UNION ALL
SELECT unit_id, id, 'overdueNow' FROM here WHERE EXISTS (SELECT 1 FROM deadlines clock
  WHERE clock.ticket_id = here.id AND clock.kind IN ('officer', 'promise', 'directed', 'head')
    AND clock.started_at >= here.began_at AND clock.breached_at IS NOT NULL)
UNION ALL
SELECT unit_id, id, 'dueSoonNow' FROM here WHERE EXISTS (SELECT 1 FROM deadlines clock
  WHERE clock.ticket_id = here.id AND clock.kind IN ('officer', 'promise', 'directed', 'head')
    AND clock.warn_at <= @now AND clock.due_at >= @now AND clock.satisfied_at IS NULL
    AND clock.voided_at IS NULL AND clock.breached_at IS NULL AND clock.paused_at IS NULL)
UNION ALL
SELECT unit_id, id, 'awaitingRelay' FROM tickets
  WHERE training = 0 AND unit_id IS NOT NULL AND state = 'agencyAnswered'`

const OF_UNITS = '(@units IS NULL OR unit_id IN (SELECT value FROM json_each(@units)))'

/** Turns that began in the period, each with its part of the history. */
const HELD = `
WITH ${TURNS}
SELECT unit_id AS unitId, code, started_at AS startedAt,
  (SELECT json_group_array(json_object('type', type, 'at', at)) FROM (
    SELECT type, at FROM ticket_events event
    WHERE event.ticket_id = turn.ticket_id AND event.at >= turn.started_at
      AND (turn.next_at IS NULL OR event.at < turn.next_at)
    ORDER BY event.id)) AS events
FROM turn WHERE started_at >= @from AND started_at < @until AND ${OF_UNITS}
ORDER BY started_at, ticket_id`

/** Reads the figures of units. */
export function createFigureStore({ raw }: Pick<Db, 'raw'>): FigureStore {
  const counts = raw.prepare(
    `SELECT unit_id AS unitId, figure, count(*) AS n FROM (${LINES})
     WHERE unit_id IS NOT NULL AND ${OF_UNITS} GROUP BY unit_id, figure`,
  )
  const cases = raw.prepare(
    `SELECT ticket_id AS ticketId FROM (${LINES}) WHERE ${OF_UNITS} AND figure = @figure
     ORDER BY ticket_id DESC LIMIT @limit OFFSET @offset`,
  )
  const held = raw.prepare(HELD)
  return {
    turns: ({ unitIds, from, until }) =>
      (
        held.all({ from, until, units: unitIds === null ? null : JSON.stringify(unitIds) }) as (Omit<
          HeldTurn,
          'events'
        > & { readonly events: string })[]
      ).map((turn) => ({ ...turn, events: JSON.parse(turn.events) as HeldTurn['events'] })),
    counts: ({ unitIds, ...asked }) =>
      counts.all({ ...asked, units: unitIds === null ? null : JSON.stringify(unitIds) }) as ReturnType<
        FigureStore['counts']
      >,
    cases: ({ unitIds, ...asked }) =>
      (cases.all({ ...asked, units: JSON.stringify(unitIds) }) as { ticketId: number }[]).map(
        ({ ticketId }) => ticketId,
      ),
  }
}
