import type { Shift } from '../../agencies/contract.ts'
import { t } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { Check, Field } from '../ui/field.tsx'

const WEEK = [1, 2, 3, 4, 5, 6, 0]
const OFFICE: Shift = { weekdays: [1, 2, 3, 4, 5], hours: '07:00-17:00' }

/** When somebody is rung first (R139): at any time, or in shifts of the week. */
export function ShiftFields(props: {
  readonly value: readonly Shift[] | null
  readonly onChange: (value: Shift[] | null) => void
}) {
  const { value, onChange } = props
  const set = (at: number, change: Partial<Shift>): void => {
    onChange((value ?? []).map((shift, index) => (index === at ? { ...shift, ...change } : shift)))
  }
  return (
    <fieldset class="shifts">
      <legend>{t('shift.title')}</legend>
      <Check
        label={t('shift.always')}
        checked={value === null}
        onChange={(always) => {
          onChange(always ? null : [OFFICE])
        }}
      />
      {(value ?? []).map((shift, at) => (
        <div key={at} class="shift">
          <span class="shift-days" role="group" aria-label={t('shift.days', { number: at + 1 })}>
            {WEEK.map((day) => (
              <Check
                key={day}
                label={t(`weekday.${String(day) as '0'}`)}
                checked={shift.weekdays.includes(day)}
                onChange={(isOn) => {
                  const others = shift.weekdays.filter((one) => one !== day)
                  set(at, { weekdays: isOn ? [...others, day].sort() : others })
                }}
              />
            ))}
          </span>
          <Field
            label={t('shift.hours', { number: at + 1 })}
            value={shift.hours}
            placeholder="07:00-19:00"
            maxLength={11}
            onInput={(hours) => {
              set(at, { hours })
            }}
          />
          <Button
            small
            kind="quiet"
            icon="close"
            label={t('shift.remove', { number: at + 1 })}
            onClick={() => {
              onChange((value ?? []).filter((_shift, index) => index !== at))
            }}
          />
        </div>
      ))}
      {value !== null && (
        <Button
          small
          icon="plus"
          onClick={() => {
            onChange([...value, OFFICE])
          }}
        >
          {t('shift.add')}
        </Button>
      )}
    </fieldset>
  )
}

/** Each shift has a day and hours as the server takes them. */
export function areShifts(shifts: readonly Shift[] | null): boolean {
  const clock = '([01][0-9]|2[0-3]):[0-5][0-9]'
  const hours = new RegExp(`^${clock}-${clock}$`)
  return shifts === null || shifts.every((shift) => shift.weekdays.length > 0 && hours.test(shift.hours))
}
