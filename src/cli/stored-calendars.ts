import { readDb } from '../db/open.ts'
import { type CalendarSource, mustBeSound } from '../deadlines/calendar.ts'
import { checkHeld, holdingTables } from '../deadlines/calendar-book.ts'
import { createCalendarStore } from '../deadlines/calendar-store.ts'
import type { WorkingCalendar } from '../deadlines/working-time-policy.ts'

export interface StoredCalendars {
  readonly calendars: readonly WorkingCalendar[]
  /** By calendar that was edited in the browser: number of the version that holds. Others are as their files say. */
  readonly edited: ReadonlyMap<string, number>
}

/** Calendars as the service would take them at its next start, of a database that is only read. Undefined: it keeps none yet. */
export function readStoredCalendars(
  databasePath: string,
  city: string,
  files: readonly CalendarSource[],
): StoredCalendars | undefined {
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
    return { calendars, edited }
  } finally {
    db.close()
  }
}
