import type { AuditAction, Person } from '../accounts/contract.ts'
import type { CallView } from '../calls/contract.ts'
import { AppError } from '../platform/errors.ts'
import type { PresenceView } from '../presence/contract.ts'
import type { Listener, SupervisionMode, SupervisionView } from './contract.ts'
import type { SupervisionRow, SupervisionStore } from './store.ts'
import { isShownTo, legOf, maySupervise, snoopOf, type SupervisionEnd } from './supervision-policy.ts'

/** The PBX as supervision needs it. All may be asked for what is gone already. */
export interface SupervisionExchange {
  /** Is a phone of theirs registered? */
  hasPhone(personId: number): Promise<boolean>
  ring(id: string, supervisorId: number): Promise<void>
  /** The supervisor's leg, answered, into a bridge of its own. */
  seat(id: string): Promise<void>
  /** An ear, and by the mode a mouth, on the operator's leg; news tells when it is there. */
  snoop(id: string, nth: number, operatorLeg: string, mode: SupervisionMode): Promise<void>
  join(id: string, nth: number): Promise<void>
  hangUp(channel: string): Promise<void>
  cleanUp(id: string): Promise<void>
  /** Unique ids of channels of supervisions that the PBX has. */
  alive(): Promise<readonly string[]>
}

/** `nth`: of the Snoop channel; null for the supervisor's own leg. */
export interface SupervisionNews {
  readonly type: 'came' | 'gone'
  readonly id: string
  readonly nth: number | null
}

export interface SupervisionDeps {
  readonly store: SupervisionStore
  readonly exchange: SupervisionExchange
  /** The call somebody is in. */
  readonly callOf: (operatorId: number) => CallView | null
  /** The operator's leg of this call, where they are together with the citizen at this moment. */
  readonly operatorLeg: (callId: string, operatorId: number) => Promise<string | undefined>
  readonly presence: { view(personId: number): PresenceView }
  readonly mayReadCase: (code: string, viewer: Person) => boolean
  readonly nameOf: (personId: number) => string | null
  readonly audit: (
    actorId: number,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown>,
  ) => void
  /** To the operator's own page. */
  readonly tell: (operatorId: number, listener: Listener | null) => void
  readonly policy: { readonly shown: boolean }
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
  /** Short, lower-case letters and digits, never used before. */
  readonly newId: () => string
  readonly log: { warn(fields: object, message: string): void }
}

export interface Supervisions {
  /**
   * Rings the supervisor's phone for an operator's talk, or changes how they take part in it. Throws SUPERVISION_NO_TALK,
   * SUPERVISION_REFUSED, SUPERVISION_TAKEN, SUPERVISION_RUNNING, SUPERVISOR_ON_A_CALL, SUPERVISION_NO_PHONE.
   */
  supervise(operatorId: number, mode: SupervisionMode, by: Person): Promise<void>
  /** Ends what this supervisor runs; nothing where nothing is. */
  leave(by: Person): Promise<void>
  /** Who listens to this operator. */
  of(operatorId: number): SupervisionView | null
  /** What this operator may know of it. */
  listenerOf(operatorId: number): Listener | null
  /** News of the PBX, in order. Never throws. */
  take(news: SupervisionNews): void
  /** The operator is with the citizen of this call, or is not (a transfer is prepared). */
  talkMoved(callId: string, isWithCitizen: boolean): void
  /** Ends what the PBX no longer has, and hangs up what nobody knows of. */
  resync(): Promise<void>
}

/** Listening, whispering and barging in: decide, write down, act. Whatever fails here ends the supervisor's leg and nothing else. */
export function createSupervisions(deps: SupervisionDeps): Supervisions {
  const { store, exchange, now, nameOf } = deps
  /** Supervisors and operators for whom one is being begun. */
  const beginning = new Set<number>()
  const runningBy = (personId: number) => store.open().find(({ supervisorId }) => supervisorId === personId)
  const runningOn = (personId: number) => store.open().find(({ operatorId }) => operatorId === personId)

  /** What may fail without harm: the leg is gone already, or the next resync finds it. */
  function attempt(row: SupervisionRow, work: () => Promise<unknown>): void {
    work().catch((err: unknown) => {
      deps.log.warn({ supervision: row.id, err }, 'a channel of a supervision could not be ended')
    })
  }

  function note(row: SupervisionRow, action: AuditAction, detail: Record<string, unknown>): void {
    deps.audit(row.supervisorId, action, `person:${String(row.operatorId)}`, {
      callId: row.callId,
      mode: row.mode,
      ...detail,
    })
  }

  function tell({ operatorId }: SupervisionRow): void {
    deps.tell(operatorId, listenerOf(operatorId))
  }

  function listenerOf(operatorId: number): Listener | null {
    const row = runningOn(operatorId)
    if (row === undefined || row.startedAt === null || !isShownTo(deps.policy, row.mode)) return null
    return { name: nameOf(row.supervisorId), mode: row.mode }
  }

  function mayBegin(operatorId: number, by: Person): CallView {
    const call = deps.callOf(operatorId)
    if (call === null || !['talking', 'held'].includes(call.state)) throw noTalk()
    const mayReadCase = call.ticketCode === null || deps.mayReadCase(call.ticketCode, by)
    if (!maySupervise(by, { operatorId, mayReadCase }))
      throw new AppError('forbidden', 'SUPERVISION_REFUSED', 'this talk is not for you to hear')
    if (runningBy(by.id) !== undefined || beginning.has(by.id))
      throw new AppError('conflict', 'SUPERVISION_RUNNING', 'you listen to another talk: leave it first')
    if (runningOn(operatorId) !== undefined || beginning.has(operatorId))
      throw new AppError('conflict', 'SUPERVISION_TAKEN', 'another supervisor listens to this talk')
    if (deps.presence.view(by.id).state === 'onCall')
      throw new AppError('conflict', 'SUPERVISOR_ON_A_CALL', 'your phone is in a call')
    return call
  }

  async function begin(operatorId: number, mode: SupervisionMode, by: Person): Promise<void> {
    const { id: callId } = mayBegin(operatorId, by)
    beginning.add(by.id).add(operatorId)
    try {
      const [operatorLeg, hasPhone] = await Promise.all([
        deps.operatorLeg(callId, operatorId),
        exchange.hasPhone(by.id),
      ])
      if (operatorLeg === undefined) throw noTalk()
      if (!hasPhone) throw new AppError('conflict', 'SUPERVISION_NO_PHONE', 'your phone is not registered')
      const id = deps.newId()
      const askedAt = now().toISOString()
      const nothing = { startedAt: null, endedAt: null, end: null, modes: [] }
      const row = { id, callId, supervisorId: by.id, operatorId, operatorLeg, mode, askedAt, ...nothing }
      store.save(row)
      try {
        await exchange.ring(id, by.id)
      } catch (cause) {
        end(id, 'failed')
        throw cause
      }
    } finally {
      beginning.delete(by.id)
      beginning.delete(operatorId)
    }
  }

  async function change(row: SupervisionRow, mode: SupervisionMode): Promise<void> {
    if (row.mode === mode) return
    // Ringing still: the phone is answered into the mode asked for last.
    if (row.startedAt === null) {
      store.save({ ...row, mode })
      return
    }
    const from = now().toISOString()
    const next = { ...row, mode, modes: [...row.modes, { mode, from }] }
    deps.transaction(() => {
      store.save(next)
      note(next, 'supervision.changed', { before: row.mode, from })
    })
    tell(next)
    await listen(next)
  }

  /** The Snoop of the newest mode; the one before is ended when this one is there. */
  async function listen({ id, modes, operatorLeg, mode }: SupervisionRow): Promise<void> {
    try {
      await exchange.snoop(id, modes.length, operatorLeg, mode)
    } catch (cause) {
      end(id, 'failed')
      throw cause
    }
  }

  async function answered(row: SupervisionRow): Promise<void> {
    const from = now().toISOString()
    const next = { ...row, startedAt: from, modes: [{ mode: row.mode, from }] }
    const call = deps.callOf(row.operatorId)
    deps.transaction(() => {
      store.save(next)
      note(next, 'supervision.started', {
        from,
        ticketCode: call?.ticketCode ?? null,
        shown: deps.policy.shown,
      })
    })
    tell(next)
    await exchange.seat(row.id)
    await listen(next)
  }

  function end(id: string, why: SupervisionEnd): void {
    const row = store.find(id)
    if (row === undefined || row.endedAt !== null) return
    const until = now().toISOString()
    deps.transaction(() => {
      store.save({ ...row, endedAt: until, end: why })
      // Nobody heard anything of a phone that was not answered.
      if (row.startedAt !== null) note(row, 'supervision.ended', { from: row.startedAt, until, why })
    })
    if (row.startedAt !== null) tell(row)
    attempt(row, () => exchange.hangUp(legOf(id)))
    if (row.modes.length > 0) attempt(row, () => exchange.hangUp(snoopOf(id, row.modes.length)))
    attempt(row, () => exchange.cleanUp(id))
  }

  async function came(row: SupervisionRow, nth: number | null): Promise<void> {
    if (nth === null) {
      if (row.startedAt === null) await answered(row)
      return
    }
    // A mode that was left again before its channel came.
    if (nth !== row.modes.length) {
      await exchange.hangUp(snoopOf(row.id, nth))
      return
    }
    await exchange.join(row.id, nth)
    if (nth > 1) await exchange.hangUp(snoopOf(row.id, nth - 1))
  }

  function take({ type, id, nth }: SupervisionNews): void {
    const row = store.find(id)
    if (row === undefined || row.endedAt !== null) {
      if (row !== undefined && type === 'came')
        attempt(row, () => exchange.hangUp(nth === null ? legOf(id) : snoopOf(id, nth)))
      return
    }
    if (type === 'came')
      came(row, nth).catch((err: unknown) => {
        deps.log.warn({ supervision: id, err }, 'a supervision could not be set up')
        end(id, 'failed')
      })
    else if (nth === null) end(id, row.startedAt === null ? 'notAnswered' : 'left')
    // The newest ear ends with the leg it is on; those before it were ended here.
    else if (nth === row.modes.length) end(id, 'callOver')
  }

  return {
    async supervise(operatorId, mode, by) {
      const own = runningBy(by.id)
      if (own?.operatorId === operatorId) await change(own, mode)
      else await begin(operatorId, mode, by)
    },
    async leave(by) {
      const own = runningBy(by.id)
      if (own === undefined) return
      // First in the PBX: where that fails, they are told, and go on listening by the log too.
      await exchange.hangUp(legOf(own.id))
      end(own.id, own.startedAt === null ? 'notAnswered' : 'left')
    },
    of(operatorId) {
      const row = runningOn(operatorId)
      if (row === undefined) return null
      const { supervisorId, mode, startedAt: since } = row
      return { supervisorId, supervisorName: nameOf(supervisorId), mode, since }
    },
    listenerOf,
    take(news) {
      try {
        take(news)
      } catch (err) {
        deps.log.warn({ supervision: news.id, err }, 'news of a supervision could not be taken')
      }
    },
    talkMoved(callId, isWithCitizen) {
      if (isWithCitizen) return
      for (const row of store.open()) if (row.callId === callId) end(row.id, 'transferred')
    },
    async resync() {
      const alive = new Set(await exchange.alive())
      const open = store.open()
      for (const row of open) {
        // One that rang may have been answered unseen, and then nobody says so again.
        const isThere = row.startedAt !== null && alive.has(legOf(row.id))
        if (!isThere || !alive.has(snoopOf(row.id, row.modes.length))) end(row.id, 'unseen')
      }
      const known = open.map(({ id }) => id)
      for (const channel of alive) {
        if (!known.some((id) => channel === legOf(id) || channel.startsWith(`${legOf(id)}-`)))
          await exchange.hangUp(channel)
      }
    },
  }
}

function noTalk(): AppError {
  return new AppError('conflict', 'SUPERVISION_NO_TALK', 'they are with no citizen at this moment')
}
