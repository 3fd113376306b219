import { AppError } from '../platform/errors.ts'
import type { LegNews, LegSurvey, TransferDeps } from './service.ts'
import {
  type Arrangement,
  ARRANGEMENTS,
  isOver,
  isRinging,
  type Place,
  type TransferEffect,
  type TransferEvent,
} from './transfer-machine.ts'
import {
  agencyOf,
  type Attempt,
  currentOf,
  failureEvent,
  failureOf,
  rowAfter,
  type TransferRow,
  viewOf,
  withCurrent,
} from './transfer-row.ts'

const ROLES = ['citizen', 'operator', 'agency'] as const
type Role = (typeof ROLES)[number]

/** Both legs come within milliseconds; a PBX that stands still may take longer. */
const MOVE_WITHIN_MS = 3_000
/** How often in one transfer the PBX is looked at again because it did not do what was asked. */
const MAX_LOOKS = 10
const AWAITING = ['starting', 'citizenAwaited', 'operatorAwaited', 'citizenOnly']
const HANDING = ['completing', 'completingAlone', 'returning', 'requeuing']

/** What an event means for the row as it is when its turn comes. */
interface Decision {
  readonly row: TransferRow
  readonly event: TransferEvent | null
}
type Decide = (row: TransferRow) => TransferEvent | Decision | undefined
type Places = Record<Role, Place | undefined>
interface Move {
  readonly role: Role
  readonly leg: string
  readonly to: Exclude<Place, null>
  readonly from: Place | undefined
}

export interface Conductor {
  /** Writes the transfer down, then asks the PBX for its legs. */
  begin(row: TransferRow): Promise<void>
  /** One step, after those before it; rejects with what `decide` throws. */
  run(id: string, decide: Decide, actorId?: number | null): Promise<void>
  take(news: LegNews): void
  callOfAgency(leg: string): string | undefined
  resync(): Promise<void>
  close(): Promise<void>
}

/** One queue per transfer: decide, write down, act. What is found to be otherwise comes back as an event. */
export function createConductor(deps: TransferDeps): Conductor {
  const { store, exchange, tickets, log } = deps
  const queues = new Map<string, Promise<void>>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const places = new Map<string, Places>()
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
    for (const map of [timers, places, tries]) map.delete(row.id)
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
      if (row === undefined) return
      const decided = decide(row)
      if (decided === undefined) return
      const { row: changed, event } = typeof decided === 'string' ? { row, event: decided } : decided
      if (event === null) write(changed, null, null, actorId)
      else await step(changed, event, actorId, changed !== row)
    })
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
      if (isChanged) write(before, null, null, actorId)
      return
    }
    const row = isOver(after.row.state) ? { ...after.row, endedAt: at } : after.row
    write(row, before, event, actorId)
    await arrange(row)
    for (const effect of after.effects) await act(row, effect, after.hungUp)
    if (isOver(row.state)) forget(row)
    else if (row.mode === 'blind' && row.state === 'ringing' && before.state !== 'ringing') {
      feed(row.id, (now) => (now.state === 'ringing' ? 'complete' : undefined))
    }
  }

  /** Row, history and the ticket's lines in one transaction. */
  function write(
    row: TransferRow,
    before: TransferRow | null,
    event: TransferEvent | null,
    actorId: number | null,
  ): void {
    deps.transaction(() => {
      const stored = store.find(row.id)
      store.save(row)
      if (event !== null) {
        store.addEvent({ transferId: row.id, at: iso(), event, state: row.state, actorId })
      }
      for (const [position, attempt] of row.attempts.entries())
        noteAttempt(row, attempt, stored?.attempts[position])
      if (before !== null && row.endedAt !== null) {
        tickets.noteCall(row.callId, 'transferEnded', {
          state: row.state,
          label: currentOf(row)?.target.label ?? '',
        })
      }
    })
    deps.notify(row.operatorId, viewOf(row, deps.nameOf))
  }

  function noteAttempt(row: TransferRow, attempt: Attempt, before: Attempt | undefined): void {
    const { label } = attempt.target
    const number = attempt.number.display
    if (attempt.acceptedAt !== null && before?.acceptedAt === null) {
      deps.recordings.expect({
        callId: row.callId,
        kind: 'consult',
        base: attempt.recording,
        startedAt: attempt.acceptedAt,
        training: row.training,
      })
      tickets.noteCall(row.callId, 'transferAccepted', { label, number })
    }
    if (attempt.endedAt !== null && before?.endedAt === null) {
      const from = attempt.acceptedAt ?? attempt.startedAt ?? attempt.endedAt
      const seconds = Math.round((Date.parse(attempt.endedAt) - Date.parse(from)) / 1000)
      tickets.noteCall(row.callId, attempt.acceptedAt === null ? 'transferTried' : 'transferTalkEnded', {
        label,
        number,
        seconds,
        outcome: attempt.state,
        cause: attempt.cause,
      })
    }
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
      case 'sendSlip':
        sendSlip(row)
        return
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
      log.warn({ transferId: row.id, leg: attempt.leg, err }, 'a number could not be rung')
      // The PBX may have begun all the same, and its answer been lost.
      await attempted(row, () => exchange.hangUp(attempt.leg))
      feed(row.id, (now) => {
        const current = currentOf(now)
        if (current?.leg !== attempt.leg || current.endedAt !== null || !isRinging(now.state))
          return undefined
        const failed = withCurrent(now, { state: 'unreachable', endedAt: iso() })
        return { row: failed, event: failureEvent(failed) }
      })
    }
  }

  async function hand(
    row: TransferRow,
    effect: 'handToAgency' | 'handToOperator' | 'handToQueue',
  ): Promise<void> {
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
      } else await exchange.handToQueue(row.callId)
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

  /** Brings the legs to where the state wants them: first those who are to hear each other, then music for the third. */
  async function arrange(row: TransferRow): Promise<void> {
    const wanted: Arrangement = ARRANGEMENTS[row.state]
    const known = places.get(row.id) ?? { citizen: null, operator: null, agency: null }
    places.set(row.id, known)
    const legOf = { citizen: row.callId, operator: row.operatorLeg, agency: agencyOf(row)?.leg }
    const moves = ROLES.flatMap((role) => {
      const to = wanted[role]
      const leg = legOf[role]
      const from = known[role]
      return to === null || leg === undefined || from === to ? [] : [{ role, leg, to, from }]
    })
    const attempt = async (group: readonly Move[], work: () => Promise<void>): Promise<boolean> => {
      for (const { role, to } of group) known[role] = to
      try {
        await work()
        return true
      } catch (err) {
        for (const { role } of group) known[role] = undefined
        log.warn({ transferId: row.id, group, err }, 'legs could not be brought where they belong')
        return false
      }
    }
    const joined = await Promise.all(
      (['talk', 'consult'] as const).map(async (place) => {
        const group = moves.filter(({ to }) => to === place)
        if (group.length === 0 || (await attempt(group, () => exchange.join(row.id, place, group))))
          return true
        // One of them may be gone: the others come all the same.
        for (const move of group) await attempt([move], () => exchange.join(row.id, place, [move]))
        return false
      }),
    )
    const parted = await Promise.all(
      moves.map(async (move) => {
        const { to } = move
        if (to !== 'music' && to !== 'ringback') return true
        return attempt([move], () => exchange.part(row.id, move.leg, to, move.from))
      }),
    )
    if (![...joined, ...parted].every(Boolean)) lookAgain(row)
  }

  /** Something was not as thought: a leg left in this very moment, most likely. */
  function lookAgain(row: TransferRow): void {
    const count = (tries.get(row.id) ?? 0) + 1
    tries.set(row.id, count)
    if (count > MAX_LOOKS)
      log.error({ transferId: row.id, state: row.state }, 'a transfer is not what it should be')
    else void look(row.id)
  }

  function sendSlip(row: TransferRow): void {
    const unitId = row.attempts.find(({ target }) => target.unitId !== null)?.target.unitId
    if (unitId == null) return
    try {
      tickets.slipForTransfer(row.callId, unitId, row.operatorId)
    } catch (err) {
      if (!(err instanceof AppError)) throw err
      // The case is not written down yet, or the unit has it already: the operator sees the reason and sends it by hand.
      tickets.noteCall(row.callId, 'transferSlipNotSent', { code: err.code })
    }
  }

  function gone(leg: string, cause: number | null): void {
    const owner = legs.get(leg)
    if (owner === undefined) return
    if (owner.role !== 'agency') {
      feed(owner.id, () => (owner.role === 'citizen' ? 'citizenGone' : 'operatorGone'))
      return
    }
    feed(owner.id, (row) => {
      const decided = agencyEnded(row, leg, cause)
      if (row.endedAt !== null) legs.delete(leg)
      return decided
    })
  }

  /** An agency's leg is gone: a number that did not take the call, or one that did and left. */
  function agencyEnded(row: TransferRow, leg: string, cause: number | null): Decision | undefined {
    const attempt = row.attempts.find((one) => one.leg === leg)
    if (attempt === undefined || attempt.startedAt === null || attempt.endedAt !== null) return undefined
    const isAccepted = attempt.acceptedAt !== null
    const end = { endedAt: iso(), cause, ...(isAccepted ? {} : { state: failureOf(attempt, cause) }) }
    const changed = {
      ...row,
      attempts: row.attempts.map((one) => (one.leg === leg ? { ...one, ...end } : one)),
    }
    if (isAccepted) return { row: changed, event: row.endedAt === null ? 'agencyGone' : null }
    const isRung = currentOf(row)?.leg === leg && isRinging(row.state)
    return { row: changed, event: isRung ? failureEvent(row) : null }
  }

  function agencyCame(row: TransferRow, leg: string): Decision | undefined {
    const attempt = currentOf(row)
    if (attempt?.leg === leg && attempt.acceptedAt !== null) return undefined
    if (attempt?.leg !== leg || attempt.endedAt !== null || !isRinging(row.state)) {
      // Taken too late: that number was given up.
      void attempted(row, () => exchange.hangUp(leg))
      return undefined
    }
    const at = iso()
    const accepted = { state: 'accepted', acceptedAt: at, answeredAt: attempt.answeredAt ?? at } as const
    return { row: withCurrent(row, accepted), event: 'agencyIn' }
  }

  function take(news: LegNews): void {
    if (closed) return
    if (news.type === 'gone') {
      gone(news.leg, news.cause)
      return
    }
    if (news.type !== 'came') {
      const owner = legs.get(news.leg)
      if (owner?.role === 'agency') feed(owner.id, (row) => agencySaid(row, news.leg, news.type))
      return
    }
    const { transferId, role, leg } = news
    const row = store.find(transferId)
    if (row === undefined || row.endedAt !== null) {
      void release(leg, role)
      return
    }
    if (role === 'agency') feed(transferId, (now) => agencyCame(now, leg))
    else feed(transferId, () => (role === 'citizen' ? 'citizenIn' : 'operatorIn'))
  }

  function agencySaid(row: TransferRow, leg: string, word: 'answered' | 'notAccepted'): Decision | undefined {
    const attempt = currentOf(row)
    if (attempt?.leg !== leg || attempt.endedAt !== null || attempt.acceptedAt !== null) return undefined
    const change =
      word === 'answered'
        ? {
            answeredAt: attempt.answeredAt ?? iso(),
            ...(attempt.target.ask ? { state: 'asked' as const } : {}),
          }
        : { state: 'notAccepted' as const }
    return { row: withCurrent(row, change), event: null }
  }

  /** A leg in our hands that belongs to no transfer: nobody else would ever let it go. */
  async function release(leg: string, role: Role | null): Promise<void> {
    try {
      if (role === 'citizen') await exchange.handToQueue(leg)
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
        feed(id, (row) => (AWAITING.includes(row.state) ? 'moveFailed' : undefined))
      }, deps.moveWithinMs ?? MOVE_WITHIN_MS),
    )
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
      const decided = row === undefined ? undefined : decide(row)
      if (row === undefined || decided === undefined) return
      const { row: changed, event } = typeof decided === 'string' ? { row, event: decided } : decided
      if (event !== null) await step(changed, event, null, changed !== row)
    }
    // A process that did not write this step down: whether the PBX was ever asked to ring, nobody knows.
    const isFresh = !places.has(id)
    places.set(id, { citizen: undefined, operator: undefined, agency: undefined })
    await go((row) => {
      const citizen = found.get(row.callId)
      if (citizen === undefined) return 'citizenGone'
      if (citizen.inStasis) return citizen.transferId === id ? 'citizenIn' : undefined
      return HANDING.includes(row.state) ? 'handedOver' : undefined
    })
    await go((row) => {
      const operator = found.get(row.operatorLeg)
      if (operator === undefined) return 'operatorGone'
      return operator.inStasis && operator.transferId === id ? 'operatorIn' : undefined
    })
    const before = open()
    const rung = before === undefined ? undefined : agencyOf(before)
    const wasNeverHeard = rung !== undefined && !found.has(rung.leg) && rung.answeredAt === null
    if (before !== undefined && isFresh && wasNeverHeard && isRinging(before.state)) await dial(before)
    else {
      await go((row) => {
        const attempt = agencyOf(row)
        if (attempt === undefined) return undefined
        const leg = found.get(attempt.leg)
        if (leg === undefined) return agencyEnded(row, attempt.leg, null)
        return leg.inStasis ? agencyCame(row, attempt.leg) : undefined
      })
    }
    const row = open()
    if (row === undefined) return
    if (AWAITING.includes(row.state)) awaitLegs(id)
    await arrange(row)
    const effect = handOf(row)
    if (effect !== undefined && found.get(row.callId)?.inStasis === true) await hand(row, effect)
    deps.notify(row.operatorId, viewOf(row, deps.nameOf))
  }

  return {
    async begin(row) {
      index(row)
      deps.transaction(() => {
        store.save(row)
        store.addEvent({
          transferId: row.id,
          at: row.startedAt,
          event: 'start',
          state: row.state,
          actorId: row.operatorId,
        })
        tickets.raiseUrgent(row.callId, row.operatorId)
        tickets.noteCall(row.callId, 'transferStarted', {
          mode: row.mode,
          labels: row.attempts.map(({ target, number }) => target.label || number.display),
        })
      })
      awaitLegs(row.id)
      const isMoved = await attempted(row, () =>
        exchange.move(row.id, row.citizenChannel, row.operatorChannel),
      )
      if (!isMoved) await run(row.id, () => 'moveFailed')
      // The agency has it in writing before it hears of it.
      else sendSlip(row)
    },
    run,
    take,
    callOfAgency(leg) {
      const owner = legs.get(leg)
      return owner?.role === 'agency' ? store.find(owner.id)?.callId : undefined
    },
    async resync() {
      const { legs: found, bridges } = await exchange.survey()
      const open = store.open()
      const ids = new Set(open.map(({ id }) => id))
      for (const row of open) index(row)
      for (const leg of found) {
        if (leg.inStasis && leg.role !== null && !ids.has(leg.transferId ?? ''))
          await release(leg.id, leg.role)
      }
      for (const row of open) await look(row.id)
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

/** What a state on its way back still has to do. */
function handOf(row: TransferRow): 'handToAgency' | 'handToOperator' | 'handToQueue' | undefined {
  if (row.state === 'completing' || row.state === 'completingAlone') return 'handToAgency'
  if (row.state === 'returning') return 'handToOperator'
  return row.state === 'requeuing' ? 'handToQueue' : undefined
}
