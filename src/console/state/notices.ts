import { signal } from '@preact/signals'

export interface Notice {
  readonly id: number
  readonly tone: 'good' | 'bad' | 'plain'
  readonly text: string
}

/** Short words about what just happened; read out by screen readers. */
export const notices = signal<readonly Notice[]>([])

const GOOD_STAYS_MS = 5_000
const BAD_STAYS_MS = 12_000
let lastId = 0

/** Says one sentence for a few seconds; the same sentence is not stacked. */
export function say(tone: Notice['tone'], text: string): void {
  lastId += 1
  const id = lastId
  notices.value = [...notices.value.filter((notice) => notice.text !== text), { id, tone, text }].slice(-3)
  setTimeout(
    () => {
      hush(id)
    },
    tone === 'bad' ? BAD_STAYS_MS : GOOD_STAYS_MS,
  )
}

/** Takes a sentence away. */
export function hush(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id)
}
