import { and, desc, eq } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { calendarVersions } from './tables.ts'

export type StoredVersion = typeof calendarVersions.$inferSelect
export type CalendarStore = ReturnType<typeof createCalendarStore>

/** Versions of a city's calendars. The only SQL about them. */
export function createCalendarStore({ orm }: Pick<Db, 'orm'>, city: string) {
  const ofCalendar = (calendarId: string) =>
    and(eq(calendarVersions.city, city), eq(calendarVersions.calendarId, calendarId))
  return {
    /** Every calendar that was ever stored. */
    ids: (): string[] =>
      orm
        .selectDistinct({ id: calendarVersions.calendarId })
        .from(calendarVersions)
        .where(eq(calendarVersions.city, city))
        .all()
        .map(({ id }) => id),
    /** Newest first. */
    versions: (calendarId: string): StoredVersion[] =>
      orm
        .select()
        .from(calendarVersions)
        .where(ofCalendar(calendarId))
        .orderBy(desc(calendarVersions.number))
        .all(),
    newest: (calendarId: string): StoredVersion | undefined =>
      orm
        .select()
        .from(calendarVersions)
        .where(ofCalendar(calendarId))
        .orderBy(desc(calendarVersions.number))
        .limit(1)
        .get(),
    find: (calendarId: string, number: number): StoredVersion | undefined =>
      orm
        .select()
        .from(calendarVersions)
        .where(and(ofCalendar(calendarId), eq(calendarVersions.number, number)))
        .get(),
    /** The next number of that calendar. */
    add(version: Omit<StoredVersion, 'id' | 'city' | 'number'>): StoredVersion {
      const number = (this.newest(version.calendarId)?.number ?? 0) + 1
      return orm
        .insert(calendarVersions)
        .values({ ...version, city, number })
        .returning()
        .get()
    },
  }
}
