import { and, asc, eq } from 'drizzle-orm'
import { type Db } from '../db/open.ts'
import { dueNews } from './tables.ts'

export type DueNewsStore = ReturnType<typeof createDueNewsStore>
/** What somebody is still to be told: the clock whose end they know otherwise, and the end they know. */
export type DueNewsRow = typeof dueNews.$inferSelect

/** Whom a new calendar made wrong, until they have been told (A19). */
export function createDueNewsStore({ orm }: Pick<Db, 'orm'>) {
  const of = ({ deadlineId, to }: Pick<DueNewsRow, 'deadlineId' | 'to'>) =>
    and(eq(dueNews.deadlineId, deadlineId), eq(dueNews.to, to))
  return {
    /** In the place of what was noted of them before. */
    put(news: DueNewsRow): void {
      orm
        .insert(dueNews)
        .values(news)
        .onConflictDoUpdate({ target: [dueNews.deadlineId, dueNews.to], set: news })
        .run()
    },
    drop(news: Pick<DueNewsRow, 'deadlineId' | 'to'>): void {
      orm.delete(dueNews).where(of(news)).run()
    },
    /** All of one person, the clocks in the order they began; nothing when nobody is left. */
    next(): DueNewsRow[] {
      const first = orm.select({ to: dueNews.to }).from(dueNews).limit(1).get()
      if (first === undefined) return []
      return orm.select().from(dueNews).where(eq(dueNews.to, first.to)).orderBy(asc(dueNews.deadlineId)).all()
    },
    told(to: string): void {
      orm.delete(dueNews).where(eq(dueNews.to, to)).run()
    },
  }
}
