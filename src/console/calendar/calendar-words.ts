import { t } from '../i18n/translate.ts'

/** "T2–T6", "T2, T4, T7", or every day; 0 is Sunday, and weeks begin on Monday. */
export function weekdaysText(weekdays: readonly number[]): string {
  if (weekdays.length === 7) return t('calendar.everyDay')
  const runs: number[][] = []
  for (const place of weekdays.map((weekday) => (weekday + 6) % 7).sort((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run?.at(-1) === place - 1) run.push(place)
    else runs.push([place])
  }
  return runs
    .flatMap((run) =>
      run.length < 3 ? run.map(weekdayAt) : [`${weekdayAt(run[0])}–${weekdayAt(run.at(-1))}`],
    )
    .join(', ')
}

/** "01/04–30/09" of `04-01` and `09-30`. */
export function seasonText(from: string, to: string): string {
  return from === '01-01' && to === '12-31' ? t('calendar.wholeYear') : `${dayMonth(from)}–${dayMonth(to)}`
}

/** "T2 16/02" of `2026-02-16`. */
export function dateText(date: string): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  return `${weekdayAt((weekday + 6) % 7)} ${dayMonth(date.slice(5))}`
}

/** "T2"; 0 is Sunday. */
export function weekdayText(weekday: number): string {
  return t(`weekday.${String(weekday) as '0'}`)
}

function weekdayAt(place = 0): string {
  return weekdayText((place + 1) % 7)
}

function dayMonth(monthDay: string): string {
  return `${monthDay.slice(3)}/${monthDay.slice(0, 2)}`
}
