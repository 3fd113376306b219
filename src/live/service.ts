import type { Person, Role } from '../accounts/contract.ts'
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
  toRoles(roles: readonly Role[], message: LiveMessage): void
  toAll(message: LiveMessage): void
  endSession(sessionId: string): void
  count(): number
}

/** Who is connected, and how to tell them something. */
export function createLiveHub(): LiveHub {
  const consoles = new Set<LiveConsole>()
  const send = (message: LiveMessage, wanted: (console: LiveConsole) => boolean) => {
    for (const console of consoles) if (wanted(console)) console.send(message)
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
    toRoles(roles, message) {
      send(message, ({ person }) => roles.includes(person.role))
    },
    toAll(message) {
      send(message, () => true)
    },
    endSession(sessionId) {
      for (const console of [...consoles]) {
        if (console.sessionId !== sessionId) continue
        console.send({ type: 'signedOut' })
        console.close()
      }
    },
    count: () => consoles.size,
  }
}
