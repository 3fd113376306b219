import type { Calls } from '../calls/service.ts'
import type { CallNumber } from '../calls/contract.ts'
import { AppError } from '../platform/errors.ts'
import type { Recordings } from '../recordings/service.ts'
import type { TicketsService } from '../tickets/service.ts'
import { createConductor } from './conductor.ts'
import type {
  CommandTransfer,
  StartTransfer,
  TransferProposal,
  TransferState,
  TransferView,
} from './contract.ts'
import { hasOperatorLeft, type Place, type Together } from './transfer-machine.ts'
import { type Attempt, actionsOf, currentOf, type TransferRow, viewOf } from './transfer-row.ts'

export interface TransferStore {
  find(id: string): TransferRow | undefined
  open(): TransferRow[]
  running(callId: string): TransferRow | undefined
  /** The newest first. */
  runningOf(operatorId: number): TransferRow[]
  /** Over for the service, while an agency that took the call may still talk. */
  talkingOn(): TransferRow[]
  ofCall(callId: string): TransferRow[]
  save(row: TransferRow): void
  addEvent(event: {
    transferId: string
    at: string
    event: string
    state: TransferState
    actorId: number | null
  }): void
}

export interface Leg {
  /** Unique id of the channel. */
  readonly id: string
  readonly name: string
}

/** One channel as the PBX has it now. */
export interface LegSurvey extends Leg {
  readonly isUp: boolean
  readonly inStasis: boolean
  readonly role: 'citizen' | 'operator' | 'agency' | null
  readonly transferId: string | null
}

/**
 * The PBX as transfers need it. All may be repeated. A leg that is gone answers `notFound`, one that is not in our hands
 * `conflict`, and a PBX that is away `unavailable`.
 */
export interface Exchange {
  /** The two legs of a talk; undefined when they are not together. */
  legs(callId: string, operatorId: number): Promise<{ citizen: Leg; operator: Leg } | undefined>
  /** Takes both out of the dialplan's hands into ours; they come one by one. */
  move(id: string, citizen: string, operator: string): Promise<void>
  dial(transfer: Pick<TransferRow, 'id' | 'callId' | 'citizenChannel'>, attempt: Attempt): Promise<void>
  /** Brings legs together; all of them or none. `from` undefined: nobody knows where the leg is now. */
  join(id: string, place: Together, legs: readonly { leg: string; from: Place | undefined }[]): Promise<void>
  part(id: string, leg: string, to: Exclude<Place, Together | null>, from: Place | undefined): Promise<void>
  handToAgency(transferId: string, citizen: Leg, agency: string): Promise<void>
  handToOperator(citizen: Leg, operator: Leg, operatorId: number): Promise<void>
  /** To the front of the queue, told why: whom they spoke with has left, or no agency took the call. */
  handToQueue(citizen: string, why: 'left' | 'agencyUnreached'): Promise<void>
  /** Gone already is success. */
  hangUp(leg: string): Promise<void>
  /** Removes the transfer's bridges. */
  cleanUp(id: string): Promise<void>
  survey(): Promise<{ readonly legs: readonly LegSurvey[]; readonly bridges: readonly string[] }>
}

export interface TransferDeps {
  readonly store: TransferStore
  readonly exchange: Exchange
  readonly calls: Pick<Calls, 'find'>
  readonly tickets: Pick<
    TicketsService,
    'noteCall' | 'raiseUrgent' | 'hasSlip' | 'slipForTransfer' | 'tellHeads'
  >
  readonly recordings: Pick<Recordings, 'expect' | 'collect'>
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
  readonly nameOf: (personId: number) => string | null
  /** `PJSIP/op-3-0000001a` → 3. */
  readonly operatorOf: (channel: string) => number | null
  /** What may be dialled, or why not (transfer-policy). */
  readonly checkNumber: (
    raw: string,
    citizenE164: string | null,
  ) => { readonly number: CallNumber; readonly dial: string }
  /** Must whoever answers there press 1 (transfer-policy)? */
  readonly mustPress: (number: string, typed: boolean) => boolean
  readonly propose: (ticketCode: string | null) => TransferProposal
  readonly notify: (operatorId: number, transfer: TransferView) => void
  /** Short, lower-case letters and digits, never used before. */
  readonly newId: () => string
  /** How long the legs may take to come. */
  readonly moveWithinMs?: number
  readonly log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

/** What the PBX tells of a leg of ours. */
export type LegNews =
  | {
      readonly type: 'came'
      readonly transferId: string
      readonly role: 'citizen' | 'operator' | 'agency'
      readonly leg: string
      /** Name of its channel. */
      readonly name: string
    }
  | { readonly type: 'gone'; readonly leg: string; readonly cause: number | null }
  | { readonly type: 'answered' | 'notAccepted'; readonly leg: string }

export interface Transfers {
  /** Throws TRANSFER_RUNNING, TRANSFER_NO_TALK, or what is wrong with a number. */
  start(asked: StartTransfer, operatorId: number): Promise<TransferView>
  /** Throws TRANSFER_NOT_FOUND, TRANSFER_STATE_CHANGED for a late or doubled click. */
  command(id: string, asked: CommandTransfer, operatorId: number): Promise<TransferView>
  proposal(ticketCode: string | null): TransferProposal
  /** This operator's running ones, the newest first: one they are in at most, and those that go on without them. */
  runningOf(operatorId: number): TransferView[]
  ofCall(callId: string): TransferView[]
  /** News of the PBX, in order. Never throws. */
  take(news: LegNews): void
  /** Whom the last transfer of this call rang in vain, or whose line was lost, where the citizen is back in the queue. */
  triedAgency(callId: string): { readonly label: string; readonly isReached: boolean } | null
  /** Who was rung in this call to put the citizen through, when, and what came of it; in the order they were rung. */
  attemptsOf(callId: string): { readonly label: string; readonly at: string; readonly outcome: string }[]
  /** The citizen has left, and this operator goes on with the agency: no wrap-up yet. */
  keepsOperator(callId: string, operatorId: number): boolean
  /** A case was changed: what could not be sent before may go out now. */
  caseChanged(code: string): void
  /** One of this call's is under way, or took that leg out of the queue: the queue says so late, and nobody let go. */
  isTransferring(callId: string, leg: string): boolean
  /** Call whose agency leg this is, for who hung up first. */
  callOfAgency(leg: string): string | undefined
  /** When the consultation recorded under this name ended (ISO 8601); null while it runs, undefined for one nobody knows. */
  consultEnd(base: string): string | null | undefined
  /** Takes every open transfer up where the PBX really is, and leaves nothing behind. */
  resync(): Promise<void>
  /** Ends its timers; resolves when the steps under way are done. */
  close(): Promise<void>
}

/** Warm transfer: one queue per transfer, decide, write down, act. */
export function createTransfers(deps: TransferDeps): Transfers {
  const { store, exchange, calls } = deps
  const conductor = createConductor(deps)
  /** Calls and operators for whom a transfer is being started. */
  const starting = new Set<string>()
  const view = (row: TransferRow) => viewOf(row, deps.nameOf)

  function mayStart(callId: string, operatorId: number): void {
    const call = calls.find(callId)
    if (call?.operatorId !== operatorId) throw noTalk()
    // Whoever put a citizen through blind has left to take the next emergency, and may have to put that one through as well.
    const busy =
      store.running(callId) ?? store.runningOf(operatorId).find(({ state }) => !hasOperatorLeft(state))
    if (busy !== undefined || starting.has(callId) || starting.has(`op-${String(operatorId)}`)) {
      throw new AppError('conflict', 'TRANSFER_RUNNING', 'a transfer is running already')
    }
    if (!['talking', 'held'].includes(call.state)) throw noTalk()
  }

  async function start(asked: StartTransfer, operatorId: number): Promise<TransferView> {
    const { callId } = asked
    mayStart(callId, operatorId)
    const call = calls.find(callId)
    const id = deps.newId()
    const attempts = asked.targets.map((target, index): Attempt => {
      const { number, dial } = deps.checkNumber(target.number, call?.number.e164 ?? null)
      const name = `${id}-${String(index + 1)}`
      return {
        target: { ...target, ask: deps.mustPress(target.number, target.ask) },
        number,
        dial,
        leg: `transfer-${name}`,
        recording: `consult-${name}`,
        state: 'waiting',
        startedAt: null,
        answeredAt: null,
        acceptedAt: null,
        endedAt: null,
        cause: null,
      }
    })
    const keys = [callId, `op-${String(operatorId)}`]
    for (const key of keys) starting.add(key)
    try {
      const legs = await exchange.legs(callId, operatorId)
      if (legs === undefined) throw noTalk()
      const row: TransferRow = {
        id,
        callId,
        ticketCode: call?.ticketCode ?? null,
        operatorId,
        mode: asked.mode,
        state: 'starting',
        citizenChannel: legs.citizen.name,
        operatorLeg: legs.operator.id,
        operatorChannel: legs.operator.name,
        training: call?.training ?? false,
        attempts,
        current: -1,
        startedAt: deps.now().toISOString(),
        endedAt: null,
      }
      await conductor.begin(row)
    } finally {
      for (const key of keys) starting.delete(key)
    }
    const begun = store.find(id)
    if (begun === undefined || begun.state === 'failed') throw noTalk()
    return view(begun)
  }

  return {
    start,
    async command(id, asked, operatorId) {
      const found = store.find(id)
      if (found?.operatorId !== operatorId) {
        throw new AppError('notFound', 'TRANSFER_NOT_FOUND', 'no such transfer')
      }
      await conductor.run(
        id,
        (row) => {
          const isAsShown = row.state === asked.state && row.current === asked.current
          if (!isAsShown || !actionsOf(row).includes(asked.command)) {
            throw new AppError('conflict', 'TRANSFER_STATE_CHANGED', `${asked.command} came too late`)
          }
          return asked.command
        },
        operatorId,
      )
      return view(store.find(id) ?? found)
    },
    proposal: (ticketCode) => deps.propose(ticketCode),
    runningOf: (operatorId) => store.runningOf(operatorId).map(view),
    ofCall: (callId) => store.ofCall(callId).map(view),
    take(news) {
      conductor.take(news)
    },
    triedAgency(callId) {
      const row = store.ofCall(callId).at(-1)
      const isBack = row?.state === 'requeued' || row?.state === 'completed'
      const attempt = isBack ? currentOf(row) : undefined
      if (attempt === undefined) return null
      return { label: attempt.target.label || attempt.number.display, isReached: attempt.acceptedAt !== null }
    },
    attemptsOf: (callId) =>
      store
        .ofCall(callId)
        .flatMap(({ attempts }) =>
          attempts.flatMap(({ target, number, startedAt, state }) =>
            startedAt === null
              ? []
              : [{ label: target.label || number.display, at: startedAt, outcome: state }],
          ),
        ),
    keepsOperator(callId, operatorId) {
      const row = store.running(callId)
      return row?.operatorId === operatorId && WITH_AGENCY.includes(row.state)
    },
    caseChanged(code) {
      conductor.caseChanged(code)
    },
    isTransferring: (callId, leg) =>
      store.ofCall(callId).some((row) => row.endedAt === null || row.operatorLeg === leg),
    callOfAgency: (leg) => conductor.callOfAgency(leg),
    consultEnd(base) {
      const id = /^consult-([0-9a-z]+)-\d+$/.exec(base)?.[1]
      const row = id === undefined ? undefined : store.find(id)
      const attempt = row?.attempts.find(({ recording }) => recording === base)
      if (row === undefined || attempt === undefined) return undefined
      // Handed over, the agency talks on in the call's own recording.
      return attempt.endedAt ?? row.endedAt
    },
    resync: () => conductor.resync(),
    close: () => conductor.close(),
  }
}

/** Citizen, operator and agency are there; whoever of them leaves, the other two may go on. */
const WITH_AGENCY: readonly TransferState[] = ['consult', 'citizenSide', 'merged', 'afterCitizen']

function noTalk(): AppError {
  return new AppError('conflict', 'TRANSFER_NO_TALK', 'this call is not a talk of yours any more')
}
