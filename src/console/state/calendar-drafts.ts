import { signal } from '@preact/signals'
import type { CalendarTable } from '../../deadlines/contract.ts'
import type { KeptWords } from './kept-words.ts'

/** A calendar somebody is changing: on top of which version, and with which reason. */
export interface CalendarDraft {
  readonly base: number
  readonly table: CalendarTable
  readonly reason: string
}

/** Counts changes, so that what shows a draft is drawn again. */
const changes = signal(0)
const nameOf = (calendarId: string): string => `calendar:${calendarId}`

/** What is not saved yet: whoever looks at another page in between, or loads this one again, finds it. */
export function calendarDraft(words: KeptWords, calendarId: string): CalendarDraft | undefined {
  // The count is read so that whoever shows the draft is told of changes.
  const found = changes.value < 0 ? null : words.read(nameOf(calendarId))
  return (found as CalendarDraft | null) ?? undefined
}

export function keepCalendarDraft(words: KeptWords, calendarId: string, draft: CalendarDraft | null): void {
  words.write(nameOf(calendarId), draft)
  changes.value += 1
}
