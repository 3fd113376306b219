import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { Skeleton } from '../ui/empty.tsx'
import { useList } from '../ui/use-list.ts'
import { CalendarTable } from './calendar-table.tsx'
import { DueForm } from './due-form.tsx'

/** The tables of working hours that due times come from, and a place to try them; changed in the city's files, not here. */
export function CalendarPage() {
  const desk = useConsole()
  const calendars = useList('', desk.api.calendars)
  const units = desk.directory.value?.units ?? []
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('calendar.title')}</h1>
      </header>
      <div class="calendar-columns">
        <DueForm units={units} ask={desk.api.due} />
        <div class="calendar-tables">
          {calendars === null ? (
            <Skeleton rows={8} label={t('loading')} />
          ) : (
            calendars.map((calendar) => (
              <CalendarTable key={calendar.id} calendar={calendar} nowMs={minute.value} />
            ))
          )}
        </div>
      </div>
    </main>
  )
}
