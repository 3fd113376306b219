import { type ReadonlySignal, signal } from '@preact/signals'

/** How often something of a kind was changed elsewhere; a list fetches again when its count moves. */
export interface Changes {
  readonly ticket: number
  readonly recording: number
  readonly sms: number
  readonly directory: number
  /** Requests for recordings. */
  readonly disclosure: number
  /** Holds, and requests to delete. */
  readonly retention: number
  /** What was made up for, and what does not match. */
  readonly catchUp: number
}

/** A busy exchange changes several tickets a second: forty consoles must not ask for their lists each time. */
const AT_MOST_EVERY_MS = 3_000

/** All of them hear of a change at the same moment: up to half as much longer, so that they do not also ask at the same moment. */
const SPREAD = 0.5

/** Counts changes: the first at once, those that follow closely together as one. `random`: from 0 to 1. */
export function createChanges(random: () => number): {
  readonly counts: ReadonlySignal<Changes>
  readonly note: (kind: keyof Changes) => void
} {
  const counts = signal<Changes>({
    ticket: 0,
    recording: 0,
    sms: 0,
    directory: 0,
    disclosure: 0,
    retention: 0,
    catchUp: 0,
  })
  const resting = new Map<keyof Changes, { again: boolean }>()

  const tell = (kind: keyof Changes): void => {
    const rest = { again: false }
    resting.set(kind, rest)
    counts.value = { ...counts.value, [kind]: counts.value[kind] + 1 }
    setTimeout(
      () => {
        resting.delete(kind)
        if (rest.again) tell(kind)
      },
      AT_MOST_EVERY_MS * (1 + SPREAD * random()),
    )
  }

  return {
    counts,
    note(kind) {
      const rest = resting.get(kind)
      if (rest === undefined) tell(kind)
      else rest.again = true
    },
  }
}
