import type { Person } from '../accounts/contract.ts'
import { HOTLINE } from '../http/access.ts'
import type { LiveMessage } from './contract.ts'

/** One open console page. */
export interface LiveConsole {
  readonly person: Person
  readonly sessionId: string
  readonly consoleId: string
  send(message: LiveMessage): void
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
   * go out a third of a second later, the newest in place of those before.
   */
  toHotline(message: LiveMessage): void
  /** The same for a list that need not be made before it is sent, if at all. */
  listToHotline(type: 'waiting' | 'missed', make: () => LiveMessage): void
  /** To whom it may concern. */
  toReaders(message: LiveMessage, mayRead: (person: Person) => boolean): void
  endSession(sessionId: string): void
  count(): number
  /** What was about to be sent is not: there is nothing left to make it of. */
  stop(): void
}

/**
 * In a rush every call changes these lists several times, and its pop follows a moment later: forty pages drawn anew for a
 * list would be late with the pop.
 */
const LISTS: ReadonlySet<LiveMessage['type']> = new Set(['waiting', 'missed'])
const LIST_AFTER_MS = 300

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
    links: { ami: true, ari: true, disk: 'ok' },
    serverTime,
  }
}

/** Who is connected, and how to tell them something. */
export function createLiveHub(): LiveHub {
  const consoles = new Set<LiveConsole>()
  /** Lists about to be sent, by kind: the newest of each. */
  const lists = new Map<LiveMessage['type'], () => LiveMessage>()
  const send = (message: LiveMessage, wanted: (console: LiveConsole) => boolean) => {
    for (const console of consoles) if (wanted(console)) console.send(message)
  }
  const isOfHotline = ({ person }: LiveConsole) => HOTLINE.includes(person.role)

  function sendList(type: LiveMessage['type'], make: () => LiveMessage): void {
    const isSoon = lists.has(type)
    lists.set(type, make)
    if (isSoon) return
    setTimeout(() => {
      const newest = lists.get(type)
      lists.delete(type)
      if (newest !== undefined && [...consoles].some(isOfHotline)) send(newest(), isOfHotline)
    }, LIST_AFTER_MS).unref()
  }

  return {
    open(opened) {
      for (const other of consoles) {
        if (other.person.id !== opened.person.id) continue
        if (other.consoleId !== opened.consoleId) other.send({ type: 'replaced' })
        other.close()
      }
      consoles.add(opened)
    },
    shut(console) {
      consoles.delete(console)
    },
    toPerson(personId, message) {
      send(message, ({ person }) => person.id === personId)
    },
    toHotline(message) {
      if (LISTS.has(message.type)) sendList(message.type, () => message)
      else send(message, isOfHotline)
    },
    listToHotline: sendList,
    toReaders(message, mayRead) {
      send(message, ({ person }) => mayRead(person))
    },
    endSession(sessionId) {
      for (const console of [...consoles]) {
        if (console.sessionId !== sessionId) continue
        console.send({ type: 'signedOut' })
        console.close()
      }
    },
    count: () => consoles.size,
    stop() {
      lists.clear()
    },
  }
}
