import { batch, type ReadonlySignal, signal } from '@preact/signals'
import type { Pop } from '../../calls/contract.ts'
import type { LiveMessage } from '../../live/contract.ts'

/** News that change nothing about who rings here: they may come a picture later. */
const MAY_WAIT: readonly LiveMessage['type'][] = ['waiting', 'missed', 'ticket', 'recording']

export interface PopAhead {
  /** The pop that is drawn before anything else; null again as soon as the line tells of it. */
  readonly pop: ReadonlySignal<Pop | null>
  /** Takes a message of the live line, in order. */
  readonly take: (message: LiveMessage) => void
  /** What still waits is not applied any more: nobody is signed in. */
  readonly forget: () => void
}

/**
 * Who rings comes first: a pop changes half the page, and the page draws all that in one picture, which takes three times as
 * long as the number and the name alone. So they are drawn alone, and the message itself is applied after that picture, with
 * what waits behind it. Anything that could contradict the pop (taken elsewhere, hung up, a new snapshot) waits for nothing.
 */
export function createPopAhead(deps: {
  readonly apply: (message: LiveMessage) => void
  /** Is there nothing else ringing that the pop would have to stand beside? */
  readonly isFree: () => boolean
  /** Calls back once the browser has drawn what was just changed, soon in any case; at once where it draws nothing. */
  readonly afterDrawing: (then: () => void) => void
}): PopAhead {
  const pop = signal<Pop | null>(null)
  let held: LiveMessage[] = []

  const release = (): void => {
    const messages = held
    held = []
    batch(() => {
      for (const message of messages) deps.apply(message)
      pop.value = null
    })
  }

  return {
    pop,
    take(message) {
      if (held.length > 0) {
        if (MAY_WAIT.includes(message.type)) {
          held.push(message)
          return
        }
        release()
      } else if (message.type === 'pop' && deps.isFree()) {
        const mine: LiveMessage[] = [message]
        held = mine
        pop.value = message.pop
        deps.afterDrawing(() => {
          if (held === mine) release()
        })
        return
      }
      deps.apply(message)
    },
    forget() {
      held = []
      pop.value = null
    },
  }
}
