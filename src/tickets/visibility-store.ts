import { and, eq, inArray, notInArray, or, type SQL, sql } from 'drizzle-orm'
import { coHandlers, slips, tickets } from './tables.ts'
import { type CaseScope, STATES_WITHOUT_UNIT } from './visibility-policy.ts'

/** `sightOf` of visibility-policy.ts as conditions on `tickets`. */
export interface ScopeConditions {
  /** Undefined: every case. */
  readonly seen: SQL | undefined
  /** Seen with who reported it. Undefined: all that is seen. */
  readonly whole: SQL | undefined
  /** Of what is seen, where the words of the case itself may be searched; elsewhere only the code is. */
  readonly caseWords: SQL
}

/** Full texts: with who reported, and without. */
export const TICKET_SEARCH = sql.raw('ticket_search')
export const CASE_SEARCH = sql.raw('case_search')

const ALWAYS = sql`1`
const NEVER = sql`0`

/** Each is held against one row at a time; which rows a list walks along, list-store.ts says. */
export function scopeConditions(scope: CaseScope): ScopeConditions {
  switch (scope.of) {
    case 'nothing':
      return { seen: NEVER, whole: NEVER, caseWords: NEVER }
    case 'all':
      return { seen: undefined, whole: undefined, caseWords: ALWAYS }
    case 'hotline':
      return {
        seen: undefined,
        whole: or(eq(tickets.confidential, false), eq(tickets.operatorId, scope.holderId)),
        caseWords: NEVER,
      }
    case 'unit': {
      const withThem = sql`(${and(
        inArray(tickets.unitId, [...scope.unitIds]),
        notInArray(tickets.state, [...STATES_WITHOUT_UNIT]),
      )})`
      const beside = sql`(${notInArray(tickets.state, [...STATES_WITHOUT_UNIT])} AND ${tickets.id} IN (
        SELECT ticket_id FROM co_handlers WHERE ${inArray(coHandlers.unitId, [...scope.unitIds])} AND ended_at IS NULL))`
      return {
        // A unit that works on a case beside another has a slip of it.
        seen: sql`(${withThem} OR EXISTS (SELECT 1 FROM slips
          WHERE ${inArray(slips.unitId, [...scope.unitIds])} AND slips.ticket_id = ${tickets.id}))`,
        whole: and(
          withThem,
          sql`(${eq(tickets.confidential, false)} OR ${tickets.releasedTo} = ${tickets.unitId})`,
        ),
        caseWords: sql`(${withThem} OR ${beside})`,
      }
    }
    case 'cityOffice':
      return {
        seen: sql`${tickets.officeReads} = 1`,
        whole: and(eq(tickets.state, 'cityOffice'), eq(tickets.confidential, false)),
        caseWords: ALWAYS,
      }
  }
}
