import type { AuditAction, Person } from '../accounts/contract.ts'
import type { CallView, WaitingCaller } from '../calls/contract.ts'
import { startOfLocalDay } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import { maskedNumber, seesWholeNumber } from '../platform/number-mask-policy.ts'
import type { PresenceView, SetPresence } from '../presence/contract.ts'
import type { SupervisionView } from '../supervision/contract.ts'
import { type Board, type BoardOperator, type ForcePause, IN_TIME_SECONDS } from './contract.ts'
import type { BoardStore } from './store.ts'

export interface BoardDeps {
  readonly store: BoardStore
  /** Everybody with an account. */
  readonly people: () => readonly Person[]
  readonly presence: {
    view(personId: number): PresenceView
    set(personId: number, wish: SetPresence): PresenceView
    dismiss(personId: number): void
  }
  readonly supervisionOf: (personId: number) => SupervisionView | null
  /** False where that case is confidential and the viewer does not read the whole of it. */
  readonly mayReadCase: (code: string, viewer: Person) => boolean
  readonly calls: { waiting(): readonly WaitingCaller[]; current(operatorId: number): CallView | null }
  /** Ends every session of a person. */
  readonly endSessions: (personId: number) => void
  /** Says it on the operator's own page. */
  readonly tell: (personId: number, what: 'paused' | 'signedOut', by: string, words: string) => void
  readonly audit: (
    actorId: number,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown>,
  ) => void
  readonly now: () => Date
}

export interface BoardService {
  board(viewer: Person): Board
  /** At once, or after the call they are in. Throws PERSON_NOT_FOUND, NOT_AT_THE_LINE. */
  pause(personId: number, how: ForcePause, by: Person): void
  /** Throws PERSON_NOT_FOUND, NOT_AT_THE_LINE, and OPERATOR_ON_A_CALL: no citizen is hung up on. */
  signOut(personId: number, words: string, by: Person): void
}

/** Several supervisors look each second: the day is counted once for all of them. */
const COUNTED_FOR_MS = 900

/** The floor as it is now, and what a supervisor may do to somebody on it. */
export function createBoard(deps: BoardDeps): BoardService {
  const { presence, calls, now } = deps
  let counted: { readonly atMs: number; readonly today: Board['today'] } | undefined

  function today(at: Date): Board['today'] {
    const age = counted === undefined ? Infinity : at.getTime() - counted.atMs
    if (counted !== undefined && age >= 0 && age < COUNTED_FOR_MS) return counted.today
    const found = deps.store.today(startOfLocalDay(at).toISOString(), IN_TIME_SECONDS)
    counted = { atMs: at.getTime(), today: found }
    return found
  }

  const atTheLine = (): Person[] =>
    deps.people().filter(({ role, active }) => active && (role === 'operator' || role === 'supervisor'))

  function operatorOf({ id, name }: Person, viewer: Person): BoardOperator {
    const view = presence.view(id)
    const call = view.state === 'onCall' ? calls.current(id) : null
    const code = call?.ticketCode ?? null
    const isOpen = code === null || deps.mayReadCase(code, viewer)
    const number = isOpen ? (call?.number.display ?? '') : ''
    const isMasked = number !== '' && !seesWholeNumber(viewer, id)
    return {
      personId: id,
      name,
      presence: view,
      call:
        call === null
          ? null
          : {
              callId: call.id,
              state: call.state,
              direction: call.direction,
              ...(isMasked ? { display: maskedNumber(number), isMasked } : { display: number }),
              since: view.since,
            },
      supervision: deps.supervisionOf(id),
    }
  }

  function mustBeThere(personId: number): PresenceView {
    if (!atTheLine().some(({ id }) => id === personId))
      throw new AppError('notFound', 'PERSON_NOT_FOUND', 'nobody of the line')
    const view = presence.view(personId)
    if (view.state === 'offline') throw new AppError('conflict', 'NOT_AT_THE_LINE', 'they have left already')
    return view
  }

  return {
    board(viewer) {
      const at = now()
      const waiting = calls.waiting()
      const [longestSince = null] = waiting.map(({ since }) => since).sort()
      return {
        at: at.toISOString(),
        operators: atTheLine()
          .map((operator) => operatorOf(operator, viewer))
          .sort((one, other) => one.name.localeCompare(other.name, 'vi')),
        waiting: waiting.length,
        longestSince,
        today: today(at),
      }
    },
    pause(personId, { reason, words }, by) {
      mustBeThere(personId)
      presence.set(personId, { state: 'paused', reason })
      deps.audit(by.id, 'presence.forcedPause', `person:${String(personId)}`, { reason, words: words.trim() })
      deps.tell(personId, 'paused', by.name, words.trim())
    },
    signOut(personId, words, by) {
      if (mustBeThere(personId).state === 'onCall')
        throw new AppError(
          'conflict',
          'OPERATOR_ON_A_CALL',
          'pause them: that counts from the end of the call',
        )
      deps.audit(by.id, 'presence.forcedSignOut', `person:${String(personId)}`, { words: words.trim() })
      deps.tell(personId, 'signedOut', by.name, words.trim())
      presence.dismiss(personId)
      deps.endSessions(personId)
    },
  }
}
