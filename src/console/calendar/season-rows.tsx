import { useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { Check, Field } from '../ui/field.tsx'
import { weekdayText } from './calendar-words.ts'
import { hoursOfText, monthDayOfText, type Season, textOfMonthDay } from './calendar-draft.ts'

const WEEK = [1, 2, 3, 4, 5, 6, 0] as const
const NEW_SEASON: Season = { name: '', from: '01-01', to: '12-31', weekdays: [6], hours: ['07:30-11:30'] }

/** Weekly hours with the days of the year they hold; each row says its own errors. */
export function SeasonRows(props: {
  readonly seasons: readonly Season[]
  /** By index of the season. */
  readonly problems: ReadonlyMap<number, readonly string[]>
  readonly onChange: (seasons: Season[]) => void
}) {
  const { seasons } = props
  const change = (index: number, changed: Season): void => {
    props.onChange(seasons.map((season, place) => (place === index ? changed : season)))
  }
  return (
    <div class="season-rows">
      {seasons.map((season, index) => (
        <SeasonRow
          // The number of the row: names may be alike while they are typed.
          key={index}
          season={season}
          problems={props.problems.get(index) ?? []}
          onChange={(changed) => {
            change(index, changed)
          }}
          onRemove={
            seasons.length === 1
              ? undefined
              : () => {
                  props.onChange(seasons.filter((_, place) => place !== index))
                }
          }
        />
      ))}
      <Button
        icon="plus"
        onClick={() => {
          props.onChange([...seasons, { ...NEW_SEASON, name: t('calendar.newSeason') }])
        }}
      >
        {t('calendar.addSeason')}
      </Button>
    </div>
  )
}

function SeasonRow(props: {
  readonly season: Season
  readonly problems: readonly string[]
  readonly onChange: (season: Season) => void
  readonly onRemove: (() => void) | undefined
}) {
  const { season } = props
  const [hours, setHours] = useState(season.hours.join(', '))
  const [from, setFrom] = useState(textOfMonthDay(season.from))
  const [to, setTo] = useState(textOfMonthDay(season.to))
  const label = season.name === '' ? t('calendar.seasonUnnamed') : season.name
  return (
    <fieldset class="season-row">
      <legend>{label}</legend>
      <div class="season-fields">
        <Field
          label={t('calendar.seasonName')}
          value={season.name}
          maxLength={80}
          required
          onInput={(name) => {
            props.onChange({ ...season, name })
          }}
        />
        <Field
          label={t('calendar.seasonFrom')}
          value={from}
          maxLength={5}
          required
          onInput={(text) => {
            setFrom(text)
            props.onChange({ ...season, from: monthDayOfText(text) })
          }}
        />
        <Field
          label={t('calendar.seasonTo')}
          value={to}
          maxLength={5}
          required
          onInput={(text) => {
            setTo(text)
            props.onChange({ ...season, to: monthDayOfText(text) })
          }}
        />
        <Field
          label={t('calendar.hours')}
          value={hours}
          maxLength={120}
          required
          onInput={(text) => {
            setHours(text)
            props.onChange({ ...season, hours: hoursOfText(text) })
          }}
        />
      </div>
      <div class="season-weekdays" role="group" aria-label={t('calendar.seasonDays')}>
        {WEEK.map((weekday) => (
          <Check
            key={weekday}
            label={weekdayText(weekday)}
            checked={season.weekdays.includes(weekday)}
            onChange={(isWorked) => {
              const others = season.weekdays.filter((known) => known !== weekday)
              const weekdays = isWorked ? [...others, weekday].sort((a, b) => a - b) : others
              props.onChange({ ...season, weekdays })
            }}
          />
        ))}
        {props.onRemove !== undefined && (
          <Button
            small
            kind="quiet"
            onClick={props.onRemove}
            label={t('calendar.removeSeasonOf', { name: label })}
          >
            {t('calendar.removeSeason')}
          </Button>
        )}
      </div>
      {props.problems.map((problem) => (
        <p key={problem} class="note note-bad">
          {problem}
        </p>
      ))}
    </fieldset>
  )
}
