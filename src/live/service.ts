import type { Person } from '../accounts/contract.ts'
import { HOTLINE } from '../http/access.ts'
import { seesWholeNumber } from '../platform/number-mask-policy.ts'
import type { LiveMessage } from './contract.ts'

/** One open console page. */
export interface LiveConsole {
  readonly person: Person
  readonly sessionId: string
  readonly consoleId: string
  /** Several go out as one, and are shown as one. */
  send(...messages: readonly LiveMessage[]): void
  /** Ends the connection; the page says why from the message sent before. */
  close(): void
}

export interface LiveHub {
  /** Registers a console. Another page of the same person goes quiet; the same page after a reload is replaced without a word. */
  open(console: LiveConsole): void
  shut(console: LiveConsole): void
  toPerson(personId: number, message: LiveMessage): void
  /**
   * To everybody at the hotline: what is on the line is no business of units (Đ12.2). Whole lists (who waits, who was missed)
   * and changes of cases and recordings go out a third to half a second later, in a rush up to a second, the newest in place of those before.
   */
  toHotline(message: LiveMessage): void
  /**
   * The same for a list that need not be made before it is sent, if at all; once with whole numbers, for those at the line, and once
   * with masked ones, for those who look on (R068).
   */
  listToHotline(type: 'waiting' | 'missed', make: (hasWholeNumbers: boolean) => LiveMessage): void
  /** To whom it may concern; changes of cases that much later too, to whom they then concern. */
  toReaders(message: LiveMessage, mayRead: (person: Person) => boolean): void
  endSession(sessionId: string): void
  count(): number
  /** What was about to be sent is not: there is nothing left to make it of. */
  stop(): void
}

const NEWS_AFTER_MS = 300
/** Where there is more before all of them have been told: each page draws its lists anew for it, and in a rush a pop comes in between. */
const MORE_AFTER_MS = 600
/** In which all of them are told, one after the other: a pop that comes in between waits for one, and not for all. */
const NEWS_WITHIN_MS = 160

interface News {
  readonly make: (hasWholeNumbers: boolean) => LiveMessage
  readonly wanted: (console: LiveConsole) => boolean
  readonly nth: number
}

/**
 * What stands for all that was said of the same thing before. In a rush every call changes the lists and its case several
 * times, and its pop follows a moment later: forty pages told each time would be late with the pop.
 */
function subjectOf(message: LiveMessage): string | undefined {
  if (message.type === 'waiting' || message.type === 'missed') return message.type
  if (message.type === 'ticket') return `ticket ${message.code}`
  if (message.type === 'recording') return `recording ${String(message.id)}`
  return undefined
}

/** The snapshot of whoever does not sit at the line. */
export function nothingOfTheLine(serverTime: string): LiveMessage {
  return {
    type: 'snapshot',
    presence: null,
    waiting: [],
    pops: [],
    call: null,
    transfers: [],
    missed: [],
    missedTotal: 0,
    listener: null,
    mask: null,
    links: { ami: true, ari: true, disk: 'ok', recordings: null },
    serverTime,
  }
}

/** Who is connected, and how to tell them something. */
export function createLiveHub(): LiveHub {
  /** Each with how much had been told when it opened: it has read what was changed before. */
  const consoles = new Map<LiveConsole, number>()
  let told = 0
  let isStopped = false
  /** Some have been told the latest and others not yet; what comes now is for the next turn. */
  let isTelling = false
  /** What is about to be told, by its subject: the newest of each, all of them together. */
  const news = new Map<string, News>()
  const send = (message: LiveMessage, wanted: (console: LiveConsole) => boolean) => {
    for (const console of consoles.keys()) if (wanted(console)) console.send(message)
  }
  const isOfHotline = ({ person }: LiveConsole) => HOTLINE.includes(person.role)

  function tellLater(subject: string, make: News['make'], wanted: (console: LiveConsole) => boolean): void {
    if (isStopped) return
    if (news.size === 0 && !isTelling) setTimeout(tellNews, NEWS_AFTER_MS).unref()
    told += 1
    news.set(subject, { make, wanted, nth: told })
  }

  function tellNews(): void {
    const tidings = [...news.values()].map((one) => ({ ...one, made: new Map<boolean, LiveMessage>() }))
    news.clear()
    const listeners = [...consoles]
    const gapMs = NEWS_WITHIN_MS / Math.max(1, listeners.length)
    isTelling = true

    function tellNext(): void {
      if (isStopped) return
      const next = listeners.shift()
      if (next === undefined) {
        isTelling = false
        if (news.size > 0) setTimeout(tellNews, MORE_AFTER_MS).unref()
        return
      }
      const [console, toldBefore] = next
      const isWhole = seesWholeNumber(console.person, null)
      const messages = tidings
        .filter(({ nth, wanted }) => toldBefore < nth && wanted(console))
        .map(({ make, made }) => {
          const message = made.get(isWhole) ?? make(isWhole)
          made.set(isWhole, message)
          return message
        })
      if (messages.length > 0 && consoles.has(console)) console.send(...messages)
      setTimeout(tellNext, gapMs).unref()
    }
    tellNext()
  }

  function tell(message: LiveMessage, wanted: (console: LiveConsole) => boolean): void {
    const subject = subjectOf(message)
    if (subject === undefined) send(message, wanted)
    else tellLater(subject, () => message, wanted)
  }

  return {
    open(opened) {
      for (const other of consoles.keys()) {
        if (other.person.id !== opened.person.id) continue
        if (other.consoleId !== opened.consoleId) other.send({ type: 'replaced' })
        other.close()
      }
      consoles.set(opened, told)
    },
    shut(console) {
      consoles.delete(console)
    },
    toPerson(personId, message) {
      send(message, ({ person }) => person.id === personId)
    },
    toHotline(message) {
      tell(message, isOfHotline)
    },
    listToHotline(type, make) {
      tellLater(type, make, isOfHotline)
    },
    toReaders(message, mayRead) {
      tell(message, ({ person }) => mayRead(person))
    },
    endSession(sessionId) {
      for (const console of [...consoles.keys()]) {
        if (console.sessionId !== sessionId) continue
        console.send({ type: 'signedOut' })
        console.close()
      }
    },
    count: () => consoles.size,
    stop() {
      isStopped = true
      news.clear()
    },
  }
}
