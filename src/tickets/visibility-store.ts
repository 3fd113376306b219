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

/**
 * `walked`: the scope may be what a query walks along. `checked`: something smaller is, a full text as a rule. Walking the scope
 * then asks the full text anew for each case of it: 24 s for a common word in a unit's 5,000 cases, and 40 ms the other way.
 */
export function scopeConditions(scope: CaseScope, use: 'walked' | 'checked'): ScopeConditions {
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
        // Two index look-ups: with a plain OR the planner walks the whole table.
        // Unary plus keeps the planner from walking it (sqlite.org/optoverview.html, section 6.2.1).
        seen: sql`${use === 'checked' ? sql.raw('+') : sql.empty()}${tickets.id} IN (
          SELECT id FROM tickets WHERE ${withThem}
          UNION SELECT ticket_id FROM slips WHERE ${inArray(slips.unitId, [...scope.unitIds])})`,
        whole: and(
          withThem,
          sql`(${eq(tickets.confidential, false)} OR ${tickets.releasedTo} = ${tickets.unitId})`,
        ),
        caseWords: sql`(${withThem} OR ${beside})`,
      }
    }
    case 'cityOffice':
      return {
        // The list of Đ9.6 is another feature's table; a copy of it here would have to be kept in step.
        seen: sql`(${tickets.state} = 'cityOffice' OR ${tickets.officeAt} IS NOT NULL
          OR EXISTS (SELECT 1 FROM slips WHERE slips.ticket_id = ${tickets.id})
          OR EXISTS (SELECT 1 FROM dossier_items WHERE ticket_id = ${tickets.id} AND removed_at IS NULL))`,
        whole: and(eq(tickets.state, 'cityOffice'), eq(tickets.confidential, false)),
        caseWords: ALWAYS,
      }
  }
}

/** Whether a list of this scope shows who reported as a rule. */
export function knowsReporters({ of }: CaseScope): boolean {
  return of === 'all' || of === 'hotline'
}

/** The case stands in this full text under these words. */
export function inIndex(index: typeof TICKET_SEARCH, expression: string): SQL {
  return sql`${tickets.id} IN (SELECT rowid FROM ${index} WHERE ${index} MATCH ${expression})`
}

/** Each word begins a part of the code: "hp26", "000012". Words are letters and digits only. */
export function hasCode(words: readonly string[]): SQL {
  const parts = words.map(
    (word) => sql`(lower(${tickets.code}) LIKE ${`${word}%`} OR ${tickets.code} LIKE ${`%-${word}%`})`,
  )
  return sql`(${sql.join(parts, sql` AND `)})`
}
