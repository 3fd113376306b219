import { useEffect, useState } from 'preact/hooks'
import type { CalendarProblem, CalendarTable, CalendarView } from '../../deadlines/contract.ts'
import { t } from '../i18n/translate.ts'
import type { CalendarDraft } from '../state/calendar-drafts.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import {
  faceOf,
  lacksTet,
  withConfirmedYear,
  withDay,
  withNewYear,
  yearOf,
  yearsOf,
} from './calendar-draft.ts'
import { CalendarReview, type ReviewCalls } from './calendar-review.tsx'
import { DayDialog } from './day-dialog.tsx'
import { problemText } from './difference-words.ts'
import { SeasonRows } from './season-rows.tsx'
import { faceText, YearGrid } from './year-grid.tsx'

/** One table being changed: the year by days, the weekly hours, the years that are confirmed, and then what it would do. */
export function CalendarEditor(props: {
  readonly view: CalendarView
  /** The city's table, where this one has its days. */
  readonly city: CalendarView
  readonly draft: CalendarDraft
  readonly saved: CalendarTable
  readonly today: string
  readonly calls: ReviewCalls
  readonly onChange: (draft: CalendarDraft) => void
  readonly onDiscard: () => void
  readonly onSaved: () => void
  readonly onRebase: () => void
}) {
  const { view, city, draft } = props
  const { table } = draft
  const years = yearsOf(view, table)
  const lastYear = years.at(-1) ?? view.confirmedUntil
  const confirmedUntil = table.confirmedUntil ?? city.confirmedUntil
  const [year, setYear] = useState(Math.min(Math.max(yearOf(props.today), years[0] ?? 0), lastYear))
  const [day, setDay] = useState<string | null>(null)
  const [problems, setProblems] = useState<readonly CalendarProblem[]>([])
  const cityDays = new Map(view.cityDays ? city.exceptions.map((one) => [one.date, one] as const) : [])
  const isChanged = JSON.stringify(table) !== JSON.stringify(props.saved)
  // Closing the tab loses what other pages of the console keep.
  useEffect(() => {
    if (!isChanged) return
    const hold = (event: BeforeUnloadEvent): void => {
      event.preventDefault()
    }
    addEventListener('beforeunload', hold)
    return () => {
      removeEventListener('beforeunload', hold)
    }
  }, [isChanged])

  const change = (changed: CalendarTable): void => {
    setProblems([])
    props.onChange({ ...draft, table: changed })
  }
  const ownYears = !view.cityDays
  const ofYear = table.exceptions.filter(({ date }) => yearOf(date) === year)
  const others = problems.filter(({ place }) => !place.startsWith('seasons['))

  return (
    <section class="calendar-card calendar-editor" aria-labelledby="calendar-editor">
      <header class="calendar-head">
        <h2 id="calendar-editor">{t('calendar.editing', { name: view.name })}</h2>
        {isChanged && <span class="tag tag-warn">{t('calendar.unsaved')}</span>}
        <Button small kind="quiet" icon="back" onClick={props.onDiscard}>
          {t(isChanged ? 'calendar.discard' : 'calendar.back')}
        </Button>
      </header>
      {others.length > 0 && (
        <div class="problem" role="alert">
          <p>{t('calendar.problems', { count: others.length })}</p>
          <ul>
            {others.map((problem) => (
              <li key={`${problem.place}${problem.code}`}>
                {problem.calendarId !== view.id && `${problem.calendarId}: `}
                {problemText(problem)}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div class="year-nav" role="group" aria-label={t('calendar.years')}>
        {years.map((one) => (
          <Button
            key={one}
            small
            pressed={one === year}
            onClick={() => {
              setYear(one)
            }}
          >
            {t(one > confirmedUntil ? 'calendar.yearDraft' : 'calendar.yearButton', { year: one })}
          </Button>
        ))}
        {ownYears && (
          <Button
            small
            icon="plus"
            onClick={() => {
              change(withNewYear(table, lastYear + 1))
              setYear(lastYear + 1)
            }}
          >
            {t('calendar.addYear', { year: lastYear + 1 })}
          </Button>
        )}
      </div>
      {ownYears && year === confirmedUntil + 1 && (
        <div class="calendar-confirm">
          <p>{t('calendar.notConfirmed', { year })}</p>
          {lacksTet(table, year) && <p class="problem">{t('calendar.lacksTet', { year })}</p>}
          <Button
            onClick={() => {
              change(withConfirmedYear(table, year))
            }}
          >
            {t('calendar.confirmYear', { year })}
          </Button>
        </div>
      )}
      {ownYears && year === confirmedUntil && year > (table.firstYear ?? year) && (
        <Button
          small
          kind="quiet"
          onClick={() => {
            change({ ...table, confirmedUntil: year - 1 })
          }}
        >
          {t('calendar.unconfirmYear', { year })}
        </Button>
      )}
      <p class="quiet">{t('calendar.gridHint')}</p>
      <YearGrid year={year} table={table} cityDays={cityDays} today={props.today} onChoose={setDay} />
      <ul class="year-legend" aria-label={t('calendar.legend')}>
        {(['off', 'worked', 'other', 'rest'] as const).map((kind) => (
          <li key={kind}>
            <span class={`year-day year-day-${kind}`} aria-hidden="true" />
            {t(`calendar.legend.${kind}`)}
          </li>
        ))}
      </ul>
      <h3>{t('calendar.daysOf', { year })}</h3>
      {ofYear.length === 0 ? (
        <p class="quiet">{t('calendar.noDays', { year })}</p>
      ) : (
        <ul class="day-list">
          {ofYear.map(({ date }) => (
            <li key={date}>
              <button
                type="button"
                class="link"
                onClick={() => {
                  setDay(date)
                }}
              >
                {faceText(faceOf(table, cityDays, date))}
              </button>
            </li>
          ))}
        </ul>
      )}
      <h3>{t('calendar.hours')}</h3>
      <SeasonRows
        key={String(draft.base)}
        seasons={table.seasons}
        problems={seasonProblems(problems)}
        onChange={(seasons) => {
          change({ ...table, seasons })
        }}
      />
      <Field
        label={t('calendar.name')}
        value={table.name}
        maxLength={80}
        required
        onInput={(name) => {
          change({ ...table, name })
        }}
      />
      <CalendarReview
        id={view.id}
        draft={draft}
        isChanged={isChanged}
        calls={props.calls}
        onReason={(reason) => {
          props.onChange({ ...draft, reason })
        }}
        onProblems={setProblems}
        onSaved={props.onSaved}
        onRebase={props.onRebase}
      />
      {day !== null && (
        <DayDialog
          key={day}
          face={faceOf(table, cityDays, day)}
          usualHours={table.seasons[0]?.hours ?? []}
          onClose={() => {
            setDay(null)
          }}
          onSet={(said) => {
            change(withDay(table, day, said))
            setDay(null)
          }}
        />
      )}
    </section>
  )
}

/** What is wrong with weekly hours, by row. */
function seasonProblems(problems: readonly CalendarProblem[]): Map<number, string[]> {
  const byRow = new Map<number, string[]>()
  for (const problem of problems) {
    const row = /^seasons\[(\d+)\]/.exec(problem.place)?.[1]
    if (row === undefined) continue
    const index = Number(row)
    byRow.set(index, [...(byRow.get(index) ?? []), problemText(problem)])
  }
  return byRow
}
