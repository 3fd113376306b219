import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { type Days, isReversed } from '../state/address-days.ts'
import { Field } from './field.tsx'
import { dayKey, dayText } from './format.ts'

/** "Từ ngày" and "Đến ngày" of a list, both included. */
export function DayFields({ days, onDays }: { readonly days: Days; readonly onDays: (days: Days) => void }) {
  return (
    <>
      <Field
        label={t('days.from')}
        type="date"
        value={days.from}
        onInput={(from) => {
          onDays({ ...days, from })
        }}
      />
      <Field
        label={t('days.to')}
        type="date"
        value={days.to}
        onInput={(to) => {
          onDays({ ...days, to })
        }}
        {...(isReversed(days) ? { error: t('days.reversed') } : {})}
      />
    </>
  )
}

/** For the pager of a list in order of time: on from the day of the last row that is shown. Undefined where that leads nowhere. */
export function olderDays(
  lastAt: string | undefined,
  days: Days,
  onDays: (days: Days) => void,
): { readonly day: string; readonly onShow: () => void } | undefined {
  const to = lastAt === undefined ? days.to : dayKey(lastAt)
  if (lastAt === undefined || to === days.to) return undefined
  return {
    day: dayText(new Date(lastAt), minute.value),
    onShow: () => {
      onDays({ ...days, to })
    },
  }
}
