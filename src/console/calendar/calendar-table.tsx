import type { ComponentChildren } from 'preact'
import type { CalendarView, ExceptionView } from '../../deadlines/contract.ts'
import { t } from '../i18n/translate.ts'
import { moment } from '../ui/format.ts'
import { dateText, seasonText, weekdaysText } from './calendar-words.ts'

const OFFSET_MS = 7 * 3_600_000
/** The longest allowances reach over the turn of the year from here on: time to fill in the next one. */
const AHEAD_MS = 90 * 86_400_000

/** One table: who goes by it, its hours, and its days off and swapped days, year by year. */
export function CalendarTable(props: {
  readonly calendar: CalendarView
  readonly nowMs: number
  /** What may be done with it. */
  readonly children?: ComponentChildren
}) {
  const { calendar, nowMs } = props
  const { confirmedUntil, firstYear, units } = calendar
  const headingId = `calendar-${calendar.id}`
  const isLate = confirmedUntil < yearOf(nowMs + AHEAD_MS)
  return (
    <section class="calendar-card" aria-labelledby={headingId}>
      <header class="calendar-head">
        <h2 id={headingId}>{calendar.name}</h2>
        <span class={isLate ? 'tag tag-warn' : 'tag'}>
          {t('calendar.confirmedUntil', { year: confirmedUntil })}
        </span>
      </header>
      <p class="quiet">
        {units.length === 0
          ? calendar.id === 'city'
            ? t('calendar.forAll')
            : t('calendar.forNobody')
          : t('calendar.forUnits', { units: units.map(({ name }) => name).join(', ') })}
      </p>
      {props.children}
      {calendar.fileDiffers && <p class="problem">{t('calendar.fileDiffers')}</p>}
      {isLate && <p class="problem">{t('calendar.missing', { year: confirmedUntil + 1 })}</p>}
      <h3>{t('calendar.hours')}</h3>
      <dl class="calendar-hours">
        {calendar.seasons.map((season) => (
          <div key={`${season.name}${season.hours.join()}`}>
            <dt>
              {seasonText(season.from, season.to)}, {weekdaysText(season.weekdays)}
            </dt>
            <dd>{season.hours.join(', ')}</dd>
          </div>
        ))}
      </dl>
      <h3>{t('calendar.exceptions')}</h3>
      {calendar.cityDays && <p>{t('calendar.cityDays')}</p>}
      {calendar.exceptions.length === 0
        ? !calendar.cityDays && <p>{t('calendar.noExceptions', { from: firstYear, to: confirmedUntil })}</p>
        : yearsOf(calendar).map((one) => (
            <Year
              key={one}
              year={one}
              open={one === yearOf(nowMs)}
              draft={one > confirmedUntil}
              exceptions={calendar.exceptions.filter(({ date }) => date.startsWith(String(one)))}
            />
          ))}
      <p class="quiet calendar-version">
        {t('calendar.version', {
          number: calendar.revision.number,
          reason: calendar.revision.reason,
          who: calendar.revision.actorName ?? t('calendar.fromFile'),
          at: moment(calendar.revision.at, nowMs),
          from: firstYear,
          to: confirmedUntil,
        })}
      </p>
    </section>
  )
}

function Year(props: {
  readonly year: number
  readonly open: boolean
  readonly draft: boolean
  readonly exceptions: readonly ExceptionView[]
}) {
  const { year, exceptions } = props
  return (
    <details class="section" open={props.open}>
      <summary>
        {t(props.draft ? 'calendar.draftYear' : 'calendar.year', { year, days: exceptions.length })}
      </summary>
      <table class="table calendar-days">
        <caption class="hidden">{t('calendar.daysOf', { year })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('calendar.day')}</th>
            <th scope="col">{t('calendar.what')}</th>
            <th scope="col">{t('calendar.why')}</th>
          </tr>
        </thead>
        <tbody>
          {exceptions.map(({ date, hours, why, confirmed }) => (
            <tr key={date}>
              <td>{dateText(date)}</td>
              <td>
                {hours.length === 0 ? t('calendar.off') : t('calendar.worked', { hours: hours.join(', ') })}
              </td>
              <td>
                {why} {!confirmed && <span class="tag tag-warn">{t('calendar.unconfirmed')}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

function yearOf(ms: number): number {
  return new Date(ms + OFFSET_MS).getUTCFullYear()
}

/** Years with exceptions, the latest confirmed one first, drafts of later years at the end. */
function yearsOf({ exceptions, confirmedUntil }: CalendarView): number[] {
  const years = [...new Set(exceptions.map(({ date }) => Number(date.slice(0, 4))))]
  const isDraft = (year: number): number => Number(year > confirmedUntil)
  return years.sort((a, b) => isDraft(a) - isDraft(b) || b - a)
}
