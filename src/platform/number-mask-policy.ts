/** What of a number may be shown: so many at its beginning, so many at its end, and at least so many never. */
const SHOWN_FIRST = 4
const SHOWN_LAST = 3
const LEAST_HIDDEN = 3

/** Somebody whom numbers are shown to; roles as in src/accounts/contract.ts, which the floor does not know. */
interface Viewer {
  readonly id: number
  readonly role: string
}

/**
 * R068: numbers are masked but where somebody needs them. "0950 000 777" becomes "0950 ••• 777"; of shorter ones less is shown, so that
 * three stay hidden of whatever there is. A caller's address with letters in it is one too. Masking twice changes nothing.
 */
export function maskedNumber(display: string): string {
  const count = display.match(/[\p{L}\p{N}•]/gu)?.length ?? 0
  const last = Math.min(SHOWN_LAST, Math.floor(count / 3))
  const first = Math.max(0, Math.min(SHOWN_FIRST, count - last - LEAST_HIDDEN))
  let at = 0
  return display.replace(/[\p{L}\p{N}•]/gu, (sign) => {
    at += 1
    return at <= first || at > count - last ? sign : '•'
  })
}

/**
 * A name as networks and phones give it may have the number in it: "Đại 0950 000 777" becomes "Đại 0950 ••• 777". Digits of any
 * script, whatever signs stand between them.
 */
export function withoutNumbers(name: string): string {
  return name.replace(/\p{N}(?:[^\p{L}\p{N}]{0,3}\p{N}){5,}/gu, maskedNumber)
}

/** They see everybody's calls. Operators are shown their own and those that nobody took; units what their case says. */
const ONLOOKERS: ReadonlySet<string> = new Set(['supervisor', 'admin'])

/** Lists show them numbers masked, so that a search must not tell them what is hidden, digit by digit (R068). */
export function searchesWholeNumbers({ role }: Pick<Viewer, 'role'>): boolean {
  return ONLOOKERS.has(role)
}

/**
 * R068, Đ12.2: whole numbers are for whoever works the call.
 *
 * @param takerId who took it, null for one that nobody took
 */
export function seesWholeNumber({ id, role }: Viewer, takerId: number | null): boolean {
  return !ONLOOKERS.has(role) || takerId === id
}
