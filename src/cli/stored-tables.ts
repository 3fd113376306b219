import type { DirectoryChange } from '../agencies/service.ts'
import { createDirectoryStore } from '../agencies/store.ts'
import { readDb } from '../db/open.ts'
import { type CalendarSource, mustBeSound } from '../deadlines/calendar.ts'
import { checkHeld, holdingTables } from '../deadlines/calendar-book.ts'
import { createCalendarStore } from '../deadlines/calendar-store.ts'
import type { WorkingCalendar } from '../deadlines/working-time-policy.ts'

export interface StoredTables {
  readonly calendars: readonly WorkingCalendar[]
  /** By calendar that was edited in the browser: number of the version that holds. Others are as their files say. */
  readonly edited: ReadonlyMap<string, number>
  /** What was changed in the directory since its files and stands (R012). */
  readonly changes: readonly DirectoryChange[]
}

const DIRECTORY_TABLES = ['directory_changes', 'directory_withdrawals', 'directory_notices']

/**
 * Calendars as the service would take them at its next start and the changes of the directory, of a database that is only read.
 * Undefined: it keeps none of this city.
 */
export function readStoredTables(
  databasePath: string,
  city: string,
  files: readonly CalendarSource[],
): StoredTables | undefined {
  const db = readDb(databasePath)
  try {
    if (!db.hasTable('calendar_versions')) return undefined
    const store = createCalendarStore(db, city)
    const held = holdingTables(store, files)
    const calendars = mustBeSound(checkHeld(held), held)
    const edited = new Map(
      held.flatMap(({ id, isNew }) => {
        const newest = isNew ? undefined : store.newest(id)
        return newest?.origin === 'edit' ? [[id, newest.number] as const] : []
      }),
    )
    // Changes name no city: one whose calendars it never took has made none of them.
    const isOfCity = held.some(({ isNew }) => !isNew)
    const keepsDirectory = isOfCity && DIRECTORY_TABLES.every((name) => db.hasTable(name))
    const kept = keepsDirectory ? createDirectoryStore(db).all() : []
    return { calendars, edited, changes: kept.filter(({ withdrawal }) => withdrawal === null) }
  } finally {
    db.close()
  }
}
