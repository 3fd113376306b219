import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, lte, max, type SQL, sql } from 'drizzle-orm'
import { audit } from '../accounts/tables.ts'
import type { Db } from '../db/open.ts'
import { auditLinks } from './tables.ts'

/** Filters as the store takes them: moments (ISO 8601) instead of days, every way to write a subject. */
export interface LineFilter {
  /** Null: the service itself. */
  readonly actorId?: number | null
  readonly action?: string
  readonly subjects?: readonly string[]
  readonly from?: string
  /** Not counted in. */
  readonly until?: string
}

const LINKED_LINE = {
  id: audit.id,
  at: audit.at,
  actorId: audit.actorId,
  action: audit.action,
  subject: audit.subject,
  detail: sql<string>`${audit.detail}`,
  prevHash: auditLinks.prevHash,
  hash: auditLinks.hash,
}

/** The audit log, for reading. */
export function createAuditStore({ orm }: Pick<Db, 'orm'>) {
  const read = (where: SQL | undefined, order: SQL, limit: number) =>
    orm
      .select(LINKED_LINE)
      .from(audit)
      .leftJoin(auditLinks, eq(auditLinks.seq, audit.id))
      .where(where)
      .orderBy(order)
      .limit(limit)
      .all()
  return {
    newestFirst: (filter: LineFilter, beforeId: number, limit: number) =>
      read(and(lt(audit.id, beforeId), ...conditions(filter)), desc(audit.id), limit),
    oldestFirst: (
      filter: LineFilter,
      range: { readonly after: number; readonly last: number },
      limit: number,
    ) =>
      read(
        and(gt(audit.id, range.after), lte(audit.id, range.last), ...conditions(filter)),
        asc(audit.id),
        limit,
      ),
    lastId: (): number =>
      orm
        .select({ id: max(audit.id) })
        .from(audit)
        .get()?.id ?? 0,
  }
}

function conditions({ actorId, action, subjects, from, until }: LineFilter): SQL[] {
  return [
    actorId === undefined ? undefined : actorId === null ? isNull(audit.actorId) : eq(audit.actorId, actorId),
    action === undefined ? undefined : eq(audit.action, action),
    subjects === undefined ? undefined : inArray(audit.subject, [...subjects]),
    from === undefined ? undefined : gte(audit.at, from),
    until === undefined ? undefined : lt(audit.at, until),
  ].filter((condition) => condition !== undefined)
}
