import { useState } from 'preact/hooks'
import type { CalendarTable as Table, CalendarView } from '../../deadlines/contract.ts'
import { t } from '../i18n/translate.ts'
import { type CalendarDraft, calendarDraft, keepCalendarDraft } from '../state/calendar-drafts.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { Restored } from '../ui/use-kept-words.tsx'
import { useList } from '../ui/use-list.ts'
import { CalendarEditor } from './calendar-editor.tsx'
import { CalendarHistory } from './calendar-history.tsx'
import { CalendarTable } from './calendar-table.tsx'
import { DueForm } from './due-form.tsx'

const OFFSET_MS = 7 * 3_600_000

interface Editing {
  readonly id: string
  /** The table as it is in use: what is changed is told from this. */
  readonly saved: Table
  /** What stands there is from before. */
  readonly restored: boolean
}

/** The tables of working hours that due times come from, and a place to try them; admins change them here. */
export function CalendarPage() {
  const desk = useConsole()
  const [round, setRound] = useState(0)
  const [editing, setEditing] = useState<Editing | null>(null)
  const [history, setHistory] = useState<CalendarView | null>(null)
  const calendars = useList(`#${String(round)}`, desk.api.calendars)
  const units = desk.directory.value?.units ?? []
  const person = desk.session.value?.person
  const isAdmin = person?.role === 'admin'
  const draftOf = (id: string): CalendarDraft | undefined => calendarDraft(desk.words, id)
  const keep = (id: string, changed: CalendarDraft | null): void => {
    keepCalendarDraft(desk.words, id, changed)
  }

  /** Opens the editor on the table in use, with what was kept of an earlier try, or with `from`. */
  const edit = async (
    { id, revision }: CalendarView,
    from?: { table: Table; reason: string },
  ): Promise<void> => {
    try {
      const { table } = await desk.api.calendarVersion(id, revision.number)
      const kept = draftOf(id)
      if (from !== undefined) keep(id, { base: revision.number, ...from })
      else if (kept === undefined) keep(id, { base: revision.number, table, reason: '' })
      setEditing({ id, saved: table, restored: from === undefined && kept !== undefined })
    } catch (cause) {
      sayFailure(cause)
    }
  }
  const restore = async (calendar: CalendarView, number: number): Promise<void> => {
    try {
      const { table } = await desk.api.calendarVersion(calendar.id, number)
      setHistory(null)
      await edit(calendar, { table, reason: t('calendar.restoreReason', { number }) })
    } catch (cause) {
      sayFailure(cause)
    }
  }
  const leave = (id: string): void => {
    keep(id, null)
    setEditing(null)
  }
  /** The same changes on top of what somebody else saved meanwhile: as seen now, they are looked at again before saving. */
  const rebase = async (id: string, draft: CalendarDraft): Promise<void> => {
    try {
      const fresh = (await desk.api.calendars()).find((known) => known.id === id)
      if (fresh === undefined) return
      await edit(fresh, { table: draft.table, reason: draft.reason })
      setRound((count) => count + 1)
    } catch (cause) {
      sayFailure(cause)
    }
  }

  const open = calendars?.find(({ id }) => id === editing?.id)
  const city = calendars?.find(({ id }) => id === 'city')
  const draft = open === undefined ? undefined : draftOf(open.id)
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('calendar.title')}</h1>
      </header>
      {editing !== null && open !== undefined && city !== undefined && draft !== undefined ? (
        <>
          {editing.restored && (
            <Restored
              onDiscard={() => {
                leave(open.id)
              }}
            />
          )}
          <CalendarEditor
            key={open.id}
            view={open}
            city={city}
            draft={draft}
            saved={editing.saved}
            today={new Date(minute.value + OFFSET_MS).toISOString().slice(0, 10)}
            calls={{ preview: desk.api.previewCalendar, save: desk.api.saveCalendar }}
            onChange={(changed) => {
              keep(open.id, changed)
            }}
            onDiscard={() => {
              leave(open.id)
            }}
            onSaved={() => {
              leave(open.id)
              setRound(round + 1)
            }}
            onRebase={() => void rebase(open.id, draft)}
          />
        </>
      ) : (
        <div class="calendar-columns">
          <DueForm units={units} ask={desk.api.due} />
          <div class="calendar-tables">
            {calendars === null ? (
              <Skeleton rows={8} label={t('loading')} />
            ) : (
              calendars.map((calendar) => (
                <CalendarTable key={calendar.id} calendar={calendar} nowMs={minute.value}>
                  <div class="row-actions">
                    {isAdmin && (
                      <Button
                        small
                        label={t(draftOf(calendar.id) === undefined ? 'calendar.editOf' : 'calendar.goOnOf', {
                          name: calendar.name,
                        })}
                        onClick={() => void edit(calendar)}
                      >
                        {t(draftOf(calendar.id) === undefined ? 'calendar.edit' : 'calendar.goOn')}
                      </Button>
                    )}
                    <Button
                      small
                      kind="quiet"
                      label={t('calendar.historyOf', { name: calendar.name })}
                      onClick={() => {
                        setHistory(calendar)
                      }}
                    >
                      {t('calendar.history')}
                    </Button>
                  </div>
                </CalendarTable>
              ))
            )}
          </div>
        </div>
      )}
      {history !== null && (
        <CalendarHistory
          calendar={history}
          load={() => desk.api.calendarHistory(history.id)}
          onClose={() => {
            setHistory(null)
          }}
          onRestore={isAdmin ? (number) => void restore(history, number) : undefined}
        />
      )}
    </main>
  )
}
