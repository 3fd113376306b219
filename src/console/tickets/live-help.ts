import { effect, signal } from '@preact/signals'
import type { AskSuggestions, Suggestions } from '../../suggestions/contract.ts'
import type { TicketForm, TicketView } from '../../tickets/contract.ts'
import type { Console } from '../state/console.ts'

export const NO_HELP: Suggestions = { duplicates: [], units: [], fields: [], area: null }

/** What the server makes of the words in the open form. */
export const liveHelp = signal<Suggestions>(NO_HELP)
/** Cases of which the operator has said that they are something else, by the code of the case being written. */
const dismissed = signal<Readonly<Record<string, readonly string[]>>>({})

/** Longer than between two keys, shorter than a breath. */
export const ASK_AFTER_MS = 500
/** "đèn tắt": less says nothing yet. */
const LEAST_LETTERS = 6
const KEPT_KEY = 'dismissed-duplicates'
const MOST_KEPT = 20

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>

/**
 * Keeps the help in step with the form on the desk: asks when the typing pauses, gives up on an answer that is overtaken, and
 * says nothing when none comes. Nothing here touches the form, its saving or the cursor.
 */
export function followWords(desk: Console, storage: Storage): void {
  dismissed.value = readKept(storage)
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: AbortController | undefined
  let asked = ''

  const ask = async (body: AskSuggestions, wanted: string): Promise<void> => {
    running = new AbortController()
    try {
      const answer = await desk.api.suggest(body, running.signal)
      if (asked === wanted) liveHelp.value = answer
    } catch {
      // Help that does not come is no error to show during a call; with the next words it is asked for again.
      if (asked === wanted) asked = ''
    }
  }

  effect(() => {
    const editor = desk.editor.value
    const body = editor === null ? null : questionOf(editor.ticket.value, editor.form.value)
    const wanted = body === null ? '' : JSON.stringify(body)
    if (wanted === asked) return
    const isOther = codeIn(asked) !== body?.code
    asked = wanted
    clearTimeout(timer)
    running?.abort()
    // Another case, or none: what was offered for the last one is wrong here.
    if (body === null || isOther) liveHelp.value = NO_HELP
    if (body !== null) timer = setTimeout(() => void ask(body, wanted), ASK_AFTER_MS)
  })

  effect(() => {
    try {
      storage.setItem(KEPT_KEY, JSON.stringify(dismissed.value))
    } catch {
      // Full or forbidden: it is remembered until the page is loaded again.
    }
  })
}

/** "This is something else": not offered again for this case. */
export function dismissDuplicate(draft: string, code: string): void {
  const others = Object.entries(dismissed.value).filter(([of]) => of !== draft)
  dismissed.value = {
    ...Object.fromEntries(others.slice(1 - MOST_KEPT)),
    [draft]: [...(dismissed.value[draft] ?? []), code],
  }
}

/** Likely duplicates of this case that nobody has put aside. */
export function duplicatesFor(draft: string): Suggestions['duplicates'] {
  const aside = dismissed.value[draft] ?? []
  return liveHelp.value.duplicates.filter(({ code }) => !aside.includes(code))
}

/** Null where nothing is to be suggested: too few words, or a case that is on its way already. */
function questionOf(ticket: TicketView | null, form: TicketForm): AskSuggestions | null {
  const { title, content, place, areaId, fieldId } = form
  const letters = `${content}${place}`.trim().length
  if (ticket === null || !ticket.actions.includes('merge') || !ticket.actions.includes('sendSlip'))
    return null
  if (ticket.unitId !== null || letters < LEAST_LETTERS) return null
  return { code: ticket.code, title, content, place, areaId, fieldId, phone: form.reporter.phone }
}

function codeIn(asked: string): string | null | undefined {
  return asked === '' ? undefined : (JSON.parse(asked) as AskSuggestions).code
}

function readKept(storage: Storage): Record<string, string[]> {
  try {
    return JSON.parse(storage.getItem(KEPT_KEY) ?? '{}') as Record<string, string[]>
  } catch {
    return {} // written by another version of the page
  }
}
