import { useRef, useState } from 'preact/hooks'

/** Days that a list is of, as a date field has them: "2026-03-01"; empty where there is no bound. */
export interface Days {
  readonly from: string
  readonly to: string
}

export const ANY_DAY: Days = { from: '', to: '' }

/** As they stand in an address; what is no day there is none. */
export function daysIn(search: string): Days {
  const asked = new URLSearchParams(search)
  const day = (name: keyof Days): string => /^\d{4}-\d{2}-\d{2}$/.exec(asked.get(name) ?? '')?.[0] ?? ''
  return { from: day('from'), to: day('to') }
}

/**
 * The days of the list on this page, kept in its address: a page that is loaded again, or come back to from a case, shows the same.
 * Nothing else that is looked for stands there: words and numbers are about people.
 */
export function useAddressDays(): readonly [Days, (days: Days) => void] {
  const [days, setDays] = useState(() => daysIn(location.search))
  const change = (next: Days): void => {
    const given = Object.entries(next).filter(([, day]) => day !== '')
    const search = new URLSearchParams(given as [string, string][]).toString()
    history.replaceState(history.state, '', `${location.pathname}${search === '' ? '' : `?${search}`}`)
    setDays(next)
  }
  return [days, change]
}

/** As the service is asked. Days the wrong way round are a slip of the hand: the rows stay, and the field says so. */
export function useDaysAsked(days: Days): { readonly from?: string; readonly to?: string } {
  const asked = useRef(ANY_DAY)
  if (!isReversed(days)) asked.current = days
  const { from, to } = asked.current
  return { ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) }
}

export function isReversed({ from, to }: Days): boolean {
  return from !== '' && to !== '' && to < from
}

export function isAnyDay({ from, to }: Days): boolean {
  return from === '' && to === ''
}
