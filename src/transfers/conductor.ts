import { AppError } from '../platform/errors.ts'
import { createArranger } from './arranger.ts'
import {
  agencyCame,
  agencyEnded,
  agencySaid,
  agencyUnreachable,
  type Decision,
  isAwaiting,
  isHanding,
  operatorBack,
} from './leg-decisions.ts'
import type { LegNews, LegSurvey, TransferDeps } from './service.ts'
import { createTicketLines } from './ticket-lines.ts'
import { isOver, isRinging, type TransferEffect, type TransferEvent } from './transfer-machine.ts'
import {
  agencyOf,
  type Attempt,
  currentOf,
  isUnreached,
  rowAfter,
  type TransferRow,
  viewOf,
} from './transfer-row.ts'

/** Both legs come within milliseconds; a PBX that stands still may take longer. */
const MOVE_WITHIN_MS = 3_000
/** How often in one transfer the PBX is looked at again because it did not do what was asked. */
const MAX_LOOKS = 10

type Role = 'citizen' | 'operator' | 'agency'
type Decide = (row: TransferRow) => TransferEvent | Decision | undefined
type Hand = 'handToAgency' | 'handToOperator' | 'handToQueue'

export interface Conductor {
  /** Writes the transfer down, then asks the PBX for its legs. */
  begin(row: TransferRow): Promise<void>
  /** One step, after those before it; rejects with what `decide` throws. */
  run(id: string, decide: Decide, actorId?: number | null): Promise<void>
  take(news: LegNews): void
  /** The case of a running transfer was written down further. */
  caseChanged(code: string): void
  callOfAgency(leg: string): string | undefined
  resync(): Promise<void>
  close(): Promise<void>
}

/** One queue per transfer: decide, write down, act. What is found to be otherwise comes back as an event. */
export function createConductor(deps: TransferDeps): Conductor {
  const { store, exchange, log } = deps
  const lines = createTicketLines(deps)
  const arranger = createArranger({ exchange, log })
  const queues = new Map<string, Promise<void>>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const tries = new Map<string, number>()
  /** Whose leg a channel is; agencies' stay until their end, also after the transfer's. */
  const legs = new Map<string, { readonly id: string; readonly role: Role }>()
  let closed = false

  const iso = () => deps.now().toISOString()

  function index(row: TransferRow): void {
    legs.set(row.callId, { id: row.id, role: 'citizen' })
    legs.set(row.operatorLeg, { id: row.id, role: 'operator' })
    for (const { leg } of row.attempts) legs.set(leg, { id: row.id, role: 'agency' })
  }

  function forget(row: TransferRow): void {
    legs.delete(row.callId)
    legs.delete(row.operatorLeg)
    for (const { leg, acceptedAt, endedAt } of row.attempts) {
      if (acceptedAt === null || endedAt !== null) legs.delete(leg)
    }
    clearTimeout(timers.get(row.id))
    timers.delete(row.id)
    tries.delete(row.id)
    arranger.forget(row.id)
  }

  function enqueue(id: string, work: () => Promise<void>): Promise<void> {
    const done = (queues.get(id) ?? Promise.resolve()).then(work)
    const settled = done.catch(() => undefined) // told to whoever asked for it
    queues.set(id, settled)
    void settled.then(() => {
      if (queues.get(id) === settled) queues.delete(id)
    })
    return done
  }

  async function run(id: string, decide: Decide, actorId: number | null = null): Promise<void> {
    await enqueue(id, async () => {
      const row = store.find(id)
      if (row !== undefined) await decideAndStep(row, decide, actorId)
    })
  }

  async function decideAndStep(row: TransferRow, decide: Decide, actorId: number | null): Promise<void> {
    const decided = decide(row)
    if (decided === undefined) return
    const { row: changed, event } = typeof decided === 'string' ? { row, event: decided } : decided
    if (event === null) write({ row: changed, actorId })
    else await step(changed, event, actorId, changed !== row)
  }

  /** Never rejects: for events nobody waits for. */
  function feed(id: string, decide: Decide): void {
    run(id, decide).catch((err: unknown) => {
      log.error({ transferId: id, err }, 'a step of a transfer failed; the next resync takes it up')
    })
  }

  async function step(
    before: TransferRow,
    event: TransferEvent,
    actorId: number | null,
    isChanged: boolean,
  ): Promise<void> {
    const at = iso()
    const after = rowAfter(before, event, at)
    if (after === undefined) {
      if (isChanged) write({ row: before, actorId })
      return
    }
    const row = isOver(after.row.state) ? { ...after.row, endedAt: at } : after.row
    write({ row, actorId, event, effects: after.effects })
    await arrange(row)
    for (const effect of after.effects) await act(row, effect, after.hungUp)
    if (isOver(row.state)) forget(row)
    else if (row.mode === 'blind' && row.state === 'ringing' && before.state !== 'ringing') {
      // In the same turn: a number that is busy at once finds the operator gone already.
      await step(row, 'complete', row.operatorId, false)
    }
  }

  /** Row, history, the ticket's lines and what is sent in writing, in one transaction: all of it or nothing. */
  function write(written: {
    readonly row: TransferRow
    readonly actorId: number | null
    readonly event?: TransferEvent | 'start' | 'operatorBack'
    readonly effects?: readonly TransferEffect[]
  }): void {
    const { row, actorId, event, effects = [] } = written
    deps.transaction(() => {
      const stored = store.find(row.id)
      store.save(row)
      if (event !== undefined) {
        store.addEvent({ transferId: row.id, at: iso(), event, state: row.state, actorId })
      }
      if (event === 'start') lines.begun(row)
      lines.attempts(row, stored)
      if (effects.includes('tellHeads')) lines.tellHeads(row)
      if (row.endedAt !== null && stored?.endedAt === null) lines.ended(row)
    })
    deps.notify(row.operatorId, viewOf(row, deps.nameOf))
    // The citizen left before: nothing else asks for the consultation's recording then.
    if (row.state === 'abandoned' && isCallOver(row.callId)) void deps.recordings.collect(row.callId)
  }

  function isCallOver(callId: string): boolean {
    return deps.calls.find(callId)?.state === 'ended'
  }

  async function act(row: TransferRow, effect: TransferEffect, hungUp: Attempt | undefined): Promise<void> {
    switch (effect) {
      case 'dial':
        await dial(row)
        return
      case 'hangUpAgency':
        if (hungUp !== undefined) await attempted(row, () => exchange.hangUp(hungUp.leg))
        return
      case 'hangUpOperator':
        await attempted(row, () => exchange.hangUp(row.operatorLeg))
        return
      case 'tellHeads':
        return // written with the step
      case 'handToAgency':
      case 'handToOperator':
      case 'handToQueue':
        await hand(row, effect)
        return
      case 'cleanUp':
        await attempted(row, () => exchange.cleanUp(row.id))
        return
    }
  }

  /** The next resync finds what could not be done. */
  async function attempted(row: TransferRow, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (err) {
      log.warn({ transferId: row.id, state: row.state, err }, 'the PBX did not do what a transfer asked for')
      return false
    }
  }

  async function dial(row: TransferRow): Promise<void> {
    const attempt = currentOf(row)
    if (attempt === undefined) return
    try {
      await exchange.dial(row, attempt)
    } catch (err) {
      // Rung already: an earlier answer was lost.
      if (err instanceof AppError && err.kind === 'conflict') return
      log.warn({ transferId: row.id, leg: attempt.leg, err }, 'a number could not be rung')
      // The PBX may have begun all the same, and its answer been lost.
      await attempted(row, () => exchange.hangUp(attempt.leg))
      feed(row.id, (now) => agencyUnreachable(now, attempt.leg, iso()))
    }
  }

  async function hand(row: TransferRow, effect: Hand): Promise<void> {
    const agency = agencyOf(row)
    const citizen = { id: row.callId, name: row.citizenChannel }
    try {
      if (effect === 'handToAgency') await exchange.handToAgency(row.id, citizen, agency?.leg ?? '')
      else if (effect === 'handToOperator') {
        await exchange.handToOperator(
          citizen,
          { id: row.operatorLeg, name: row.operatorChannel },
          row.operatorId,
        )
      } else await exchange.handToQueue(row.callId, isUnreached(row) ? 'agencyUnreached' : 'left')
    } catch (err) {
      if (!(err instanceof AppError) || err.kind === 'unavailable') {
        log.warn(
          { transferId: row.id, err },
          'the PBX is away in the middle of a hand-over; the resync goes on',
        )
        return
      }
      lookAgain(row)
      return
    }
    feed(row.id, (now) => (now.state === row.state ? 'handedOver' : undefined))
  }

  async function arrange(row: TransferRow): Promise<void> {
    if (!(await arranger.arrange(row))) lookAgain(row)
  }

  /** Something was not as thought: a leg left in this very moment, most likely. */
  function lookAgain(row: TransferRow): void {
    const count = (tries.get(row.id) ?? 0) + 1
    tries.set(row.id, count)
    if (count > MAX_LOOKS)
      log.error({ transferId: row.id, state: row.state }, 'a transfer is not what it should be')
    else void look(row.id)
  }

  function gone(leg: string, cause: number | null): void {
    const owner = legs.get(leg)
    if (owner === undefined) return
    if (owner.role !== 'agency') {
      feed(owner.id, () => (owner.role === 'citizen' ? 'citizenGone' : 'operatorGone'))
      return
    }
    feed(owner.id, (row) => {
      const decided = agencyEnded(row, leg, cause, iso())
      if (row.endedAt !== null) legs.delete(leg)
      return decided
    })
  }

  /** Taken too late: that number was given up. */
  function decideCame(row: TransferRow, leg: string): Decision | undefined {
    const decided = agencyCame(row, leg, iso())
    if (decided !== 'late') return decided
    void attempted(row, () => exchange.hangUp(leg))
    return undefined
  }

  /** A reloaded page's new leg takes the place of the one its old page left behind. */
  async function seatAgain(id: string, leg: { readonly id: string; readonly name: string }): Promise<void> {
    const before = store.find(id)
    const isTheirs = before !== undefined && deps.operatorOf(leg.name) === before.operatorId
    const row = isTheirs ? operatorBack(before, leg) : undefined
    if (before === undefined || row === undefined) {
      await release(leg.id, 'operator')
      return
    }
    write({ row, actorId: row.operatorId, event: 'operatorBack' })
    legs.delete(before.operatorLeg) // its end is nobody's leaving
    index(row)
    arranger.isNew(id, 'operator')
    await attempted(row, () => exchange.hangUp(before.operatorLeg))
    if (isAwaiting(row)) await step(row, 'operatorIn', null, false)
    else await arrange(row)
  }

  function take(news: LegNews): void {
    if (closed) return
    if (news.type === 'gone') {
      gone(news.leg, news.cause)
      return
    }
    if (news.type !== 'came') {
      const owner = legs.get(news.leg)
      if (owner?.role === 'agency') {
        const { leg, type } = news
        feed(owner.id, (row) => agencySaid(row, leg, type, iso()))
      }
      return
    }
    const { transferId, role, leg, name } = news
    const row = store.find(transferId)
    if (row === undefined || row.endedAt !== null) {
      void release(leg, role)
      return
    }
    if (role === 'agency') feed(transferId, (now) => decideCame(now, leg))
    else if (role === 'operator' && leg !== row.operatorLeg) {
      enqueue(transferId, () => seatAgain(transferId, { id: leg, name })).catch((err: unknown) => {
        log.error({ transferId, err }, 'a reloaded page did not come back into its transfer')
      })
    } else feed(transferId, () => (role === 'citizen' ? 'citizenIn' : 'operatorIn'))
  }

  /** A leg in our hands that belongs to no transfer: nobody else would ever let it go. */
  async function release(leg: string, role: Role | null): Promise<void> {
    try {
      if (role === 'citizen') await exchange.handToQueue(leg, 'left')
      else await exchange.hangUp(leg)
    } catch (err) {
      log.warn({ leg, role, err }, 'a leg that belongs to nobody could not be released')
    }
  }

  function awaitLegs(id: string): void {
    clearTimeout(timers.get(id))
    timers.set(
      id,
      setTimeout(() => {
        feed(id, (row) => (isAwaiting(row) ? 'moveFailed' : undefined))
      }, deps.moveWithinMs ?? MOVE_WITHIN_MS),
    )
  }

  function move({ id, citizenChannel, operatorChannel }: TransferRow): Promise<void> {
    return exchange.move(id, citizenChannel, operatorChannel)
  }

  /** One transfer, compared with the PBX as it is when its turn comes: what was seen earlier lacks legs made since. */
  async function look(id: string): Promise<void> {
    try {
      await enqueue(id, async () => {
        const { legs: found } = await exchange.survey()
        await reconcile(id, new Map(found.map((leg) => [leg.id, leg])))
      })
    } catch (err) {
      log.error(
        { transferId: id, err },
        'a transfer could not be compared with the PBX; the next resync tries again',
      )
    }
  }

  async function reconcile(id: string, found: ReadonlyMap<string, LegSurvey>): Promise<void> {
    const open = (): TransferRow | undefined => {
      const row = store.find(id)
      return row === undefined || row.endedAt !== null ? undefined : row
    }
    const go = async (decide: Decide): Promise<void> => {
      const row = open()
      if (row !== undefined) await decideAndStep(row, decide, null)
    }
    // A process that did not write this step down: whether the PBX was ever asked to ring, nobody knows.
    const isFresh = !arranger.knows(id)
    arranger.doubt(id)
    const atFirst = open()
    const rungBefore = atFirst === undefined ? undefined : agencyOf(atFirst)?.leg
    await go((row) => {
      const citizen = found.get(row.callId)
      if (citizen === undefined) return 'citizenGone'
      if (citizen.inStasis) return citizen.transferId === id ? 'citizenIn' : undefined
      return isHanding(row) ? 'handedOver' : undefined
    })
    await go((row) => {
      const operator = found.get(row.operatorLeg)
      if (operator === undefined) return 'operatorGone'
      return operator.inStasis && operator.transferId === id ? 'operatorIn' : undefined
    })
    const before = open()
    const rung = before === undefined ? undefined : agencyOf(before)
    // One that was rung in this very look is not in what was seen before it.
    const isNew = rung?.leg !== rungBefore
    const wasNeverHeard = rung !== undefined && !isNew && !found.has(rung.leg) && rung.answeredAt === null
    if (before !== undefined && isFresh && wasNeverHeard && isRinging(before.state)) await dial(before)
    else {
      await go((row) => {
        const attempt = agencyOf(row)
        if (attempt === undefined || attempt.leg !== rungBefore) return undefined
        const leg = found.get(attempt.leg)
        if (leg === undefined) return agencyEnded(row, attempt.leg, null, iso())
        return leg.inStasis ? decideCame(row, attempt.leg) : undefined
      })
    }
    const row = open()
    if (row === undefined) return
    if (isAwaiting(row)) awaitLegs(id)
    // Written down, and neither leg has come: whether the PBX was ever asked to send them, nobody knows. Asking twice does no harm.
    if (isFresh && row.state === 'starting') await attempted(row, () => move(row))
    await arrange(row)
    const effect = handOf(row)
    if (effect !== undefined && found.get(row.callId)?.inStasis === true) await hand(row, effect)
    deps.notify(row.operatorId, viewOf(row, deps.nameOf))
  }

  return {
    async begin(row) {
      index(row)
      write({ row, actorId: row.operatorId, event: 'start' })
      awaitLegs(row.id)
      const isMoved = await attempted(row, () => move(row))
      if (!isMoved) await run(row.id, () => 'moveFailed')
    },
    run,
    take,
    caseChanged(code) {
      const row = store.open().find(({ ticketCode }) => ticketCode === code)
      if (row === undefined) return
      deps.transaction(() => {
        lines.caseChanged(row)
      })
    },
    callOfAgency(leg) {
      const owner = legs.get(leg)
      return owner?.role === 'agency' ? store.find(owner.id)?.callId : undefined
    },
    async resync() {
      const { legs: found, bridges } = await exchange.survey()
      const open = store.open()
      const ids = new Set(open.map(({ id }) => id))
      const here = new Set(found.map((leg) => leg.id))
      for (const row of open) index(row)
      for (const leg of found) {
        if (leg.inStasis && leg.role !== null && isStray(leg, open)) await release(leg.id, leg.role)
      }
      for (const row of open) await look(row.id)
      for (const row of store.talkingOn()) {
        index(row)
        const leg = agencyOf(row)?.leg
        if (leg !== undefined && !here.has(leg)) gone(leg, null)
      }
      for (const id of new Set(bridges)) {
        if (!ids.has(id)) await exchange.cleanUp(id)
      }
    },
    async close() {
      closed = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.allSettled(queues.values())
    },
  }
}

/** In our hands, and of no open transfer: or an operator's that another leg took the place of. */
function isStray(leg: LegSurvey, open: readonly TransferRow[]): boolean {
  const row = open.find(({ id }) => id === leg.transferId)
  return row === undefined || (leg.role === 'operator' && leg.id !== row.operatorLeg)
}

/** What a state on its way back still has to do. */
function handOf(row: TransferRow): Hand | undefined {
  if (row.state === 'completing' || row.state === 'completingAlone') return 'handToAgency'
  if (row.state === 'returning') return 'handToOperator'
  return row.state === 'requeuing' ? 'handToQueue' : undefined
}
