import { signal } from '@preact/signals'
import type { CalendarTable } from '../../deadlines/contract.ts'

/** A calendar somebody is changing: on top of which version, and with which reason. */
export interface CalendarDraft {
  readonly base: number
  readonly table: CalendarTable
  readonly reason: string
}

/** What is not saved yet, by person and calendar: whoever looks at another page in between finds it again. */
export const calendarDrafts = signal<Readonly<Record<string, CalendarDraft>>>({})

export function keepCalendarDraft(key: string, draft: CalendarDraft | null): void {
  const others = Object.entries(calendarDrafts.value).filter(([known]) => known !== key)
  calendarDrafts.value = Object.fromEntries(draft === null ? others : [...others, [key, draft]])
}
