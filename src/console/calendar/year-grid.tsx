import { useRef, useState } from 'preact/hooks'
import type { CalendarTable, ExceptionView } from '../../deadlines/contract.ts'
import { t } from '../i18n/translate.ts'
import { daysFrom, type DayFace, faceOf, monthsOf, weekdayOf, yearOf } from './calendar-draft.ts'
import { dateText, weekdayText } from './calendar-words.ts'

const WEEK = [1, 2, 3, 4, 5, 6, 0] as const
/** Where the arrow keys go, in days. */
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

/** A year by months; one day is in the tab order, arrows go on from there, Enter or a click opens it. */
export function YearGrid(props: {
  readonly year: number
  readonly table: CalendarTable
  readonly cityDays: ReadonlyMap<string, ExceptionView>
  readonly today: string
  readonly onChoose: (date: string) => void
}) {
  const { year, table, cityDays } = props
  const start = yearOf(props.today) === year ? props.today : `${String(year)}-01-01`
  const [chosen, setChosen] = useState(start)
  const current = yearOf(chosen) === year ? chosen : start
  const grid = useRef<HTMLDivElement>(null)

  const go = (date: string): void => {
    if (yearOf(date) !== year) return
    setChosen(date)
    grid.current?.querySelector<HTMLButtonElement>(`[data-date="${date}"]`)?.focus()
  }

  return (
    <div class="year-grid" ref={grid} role="group" aria-label={t('calendar.yearOf', { year })}>
      {monthsOf(year).map((dates, month) => (
        <section key={month} class="year-month" aria-label={t('calendar.month', { month: month + 1, year })}>
          <h4>{t('calendar.monthShort', { month: month + 1 })}</h4>
          <div class="year-days">
            {WEEK.map((weekday) => (
              <span key={weekday} class="year-weekday" aria-hidden="true">
                {weekdayText(weekday)}
              </span>
            ))}
            {dates.map((date, index) => {
              const face = faceOf(table, cityDays, date)
              return (
                <button
                  key={date}
                  type="button"
                  class={`${classOf(face, date === props.today)}${index === 0 ? ` year-day-${String(weekdayOf(date))}` : ''}`}
                  data-date={date}
                  tabIndex={date === current ? 0 : -1}
                  title={face.why === '' ? undefined : faceText(face)}
                  onClick={() => {
                    setChosen(date)
                    props.onChoose(date)
                  }}
                  onKeyDown={(event) => {
                    const step = STEPS[event.key]
                    if (step === undefined) return
                    event.preventDefault()
                    go(daysFrom(date, step))
                  }}
                >
                  <span aria-hidden="true">{Number(date.slice(8))}</span>
                  <span class="hidden">{faceText(face)}</span>
                </button>
              )
            })}
          </div>
        </section>
      ))}
    </div>
  )
}

/** "T2 16/02: Nghỉ, Tết Nguyên đán, chưa có văn bản". */
export function faceText({ date, kind, hours, why, confirmed, inherited }: DayFace): string {
  const what = t(`calendar.kind.${kind}`, { hours: hours.join(', ') })
  const parts = [what, why, inherited ? t('calendar.ofCity') : '', confirmed ? '' : t('calendar.unconfirmed')]
  return `${dateText(date)}: ${parts.filter((part) => part !== '').join(', ')}`
}

function classOf({ kind, confirmed, inherited }: DayFace, isToday: boolean): string {
  return [
    'year-day',
    `year-day-${kind}`,
    ...(confirmed ? [] : ['year-day-draft']),
    ...(inherited ? ['year-day-city'] : []),
    ...(isToday ? ['year-day-today'] : []),
  ].join(' ')
}
