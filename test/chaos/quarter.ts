import { type Person } from '../../src/accounts/contract.ts'
import { type MoveTicket, type TicketState } from '../../src/tickets/contract.ts'
import { type Desk, fillDraft, OPERATOR } from '../support/desk.ts'
import { type Chance, chanceOf } from './random.ts'

/** How a unit's people are with a case. */
export const HABITS = ['prompt', 'promise', 'asks', 'late', 'silent', 'wrongUnit'] as const
export type Habit = (typeof HABITS)[number]

/** What was done with one case, and when (epoch ms): the model works out from it what must have followed. */
export interface Script {
  readonly code: string
  readonly habit: Habit
  readonly unitId: string
  /** The slip that counts. */
  sentAt: number
  askedAt?: number
  repliedAt?: number
  promisedFor?: number
  answeredAt?: number
  relayedAt?: number
}

interface Deed {
  readonly atMs: number
  readonly run: () => void
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const UNITS = ['chieu-sang', 'so-xay-dung', 'thoat-nuoc', 'cong-an', 'dien-luc'] as const
const OTHER_UNIT = 'so-y-te'

const member = (id: number, role: string): Person =>
  ({ ...OPERATOR, id, role, username: role, name: role }) as unknown as Person
const OFFICER = member(21, 'officer')
const HEAD = member(22, 'head')
const OFFICE = member(23, 'cityOffice')

/**
 * Cases of a quarter, each with people of some habit, driven by the clock alone: what is due is swept at the next full minute,
 * as the job does. Answers the scripts, in the order the cases came.
 */
export function playQuarter(
  desk: Desk,
  options: { readonly cases: number; readonly seed: number; readonly days: number },
): Script[] {
  const chance = chanceOf(options.seed)
  const startMs = desk.now().getTime()
  const deeds: Deed[] = []
  const scripts: Script[] = []
  const at = (atMs: number, run: () => void): void => {
    const index = deeds.findIndex((deed) => deed.atMs > atMs)
    deeds.splice(index < 0 ? deeds.length : index, 0, { atMs, run })
  }
  for (let index = 0; index < options.cases; index += 1) {
    at(startMs + Math.floor(chance.next() * options.days * 24 * HOUR_MS), () => {
      scripts.push(open(desk, chance, at))
    })
  }
  for (;;) {
    const deed = deeds[0]
    const tickMs = nextTick(desk)
    if (deed === undefined && tickMs === undefined) return scripts
    if (tickMs !== undefined && (deed === undefined || tickMs <= deed.atMs)) {
      goTo(desk, tickMs)
      desk.deadlines.sweep()
      continue
    }
    deeds.shift()
    goTo(desk, deed?.atMs ?? 0)
    deed?.run()
  }
}

/** The first full minute at which a sweep finds something. */
function nextTick({ db }: Desk): number | undefined {
  const row = db.raw
    .prepare(
      `select min(case when warned_at is null and warn_at is not null and warn_at <= due_at then warn_at else due_at end) as next
       from deadlines where satisfied_at is null and voided_at is null and breached_at is null and paused_at is null`,
    )
    .get() as { next: string | null }
  return row.next === null ? undefined : Math.floor(Date.parse(row.next) / MINUTE_MS + 1) * MINUTE_MS
}

function goTo(desk: Desk, atMs: number): void {
  if (atMs > desk.now().getTime()) desk.pass(atMs - desk.now().getTime())
}

function open(desk: Desk, chance: Chance, at: (atMs: number, run: () => void) => void): Script {
  const habit = chance.oneOf(HABITS)
  const unitId = chance.oneOf(UNITS)
  const { code, version } = fillDraft(desk)
  const first = habit === 'wrongUnit' ? OTHER_UNIT : unitId
  desk.tickets.sendSlip(code, { version, unitId: first, note: '' }, OPERATOR)
  const now = desk.now().getTime()
  const script: Script = { code, habit, unitId, sentAt: now }
  const move = (by: Person, action: MoveTicket['action'], given: Partial<MoveTicket> = {}): boolean => {
    const ticket = desk.tickets.view(code, OPERATOR)
    try {
      desk.tickets.move(code, { version: ticket.version, action, ...given }, by)
      return true
    } catch {
      return false // the case went on meanwhile; the model sees from its state what that means
    }
  }
  const state = (): TicketState => desk.tickets.view(code, OPERATOR).state
  /** By whoever holds it then. */
  const answer = (afterMs: number): void => {
    at(desk.now().getTime() + afterMs, () => {
      const by = ['escalated', 'overdue'].includes(state())
        ? HEAD
        : state() === 'cityOffice'
          ? OFFICE
          : OFFICER
      if (!move(by, 'submitAnswer', { result: 'Đã xử lý.' })) return
      script.answeredAt = desk.now().getTime()
      at(script.answeredAt + 20 * MINUTE_MS, () => {
        if (move(OPERATOR, 'relayAnswer', { told: 'voice' })) script.relayedAt = desk.now().getTime()
      })
    })
  }
  const inHours = (from: number, to: number): number =>
    Math.floor((from + chance.next() * (to - from)) * HOUR_MS)
  const acceptIn = inHours(0.01, 0.2)
  switch (habit) {
    case 'prompt':
      at(now + acceptIn, () => move(OFFICER, 'accept'))
      answer(inHours(0.3, 7))
      break
    case 'promise':
      at(now + acceptIn, () => {
        move(OFFICER, 'accept')
        const promisedFor =
          Math.floor(desk.now().getTime() / MINUTE_MS) * MINUTE_MS + chance.between(20, 44) * HOUR_MS
        const promisedAt = new Date(promisedFor).toISOString()
        if (move(OFFICER, 'promise', { promisedAt, reason: 'Kiểm tra hiện trường' }))
          script.promisedFor = promisedFor
      })
      answer(inHours(1, 90))
      break
    case 'asks':
      at(now + acceptIn, () => {
        move(OFFICER, 'accept')
        if (!move(OFFICER, 'askCitizen', { question: 'Ở đâu?' })) return
        script.askedAt = desk.now().getTime()
        at(script.askedAt + inHours(1, 60), () => {
          if (move(OPERATOR, 'citizenReplied', { reason: '12 Lạch Tray' }))
            script.repliedAt = desk.now().getTime()
        })
      })
      answer(inHours(61, 300))
      break
    case 'late':
      answer(inHours(40, 500))
      break
    case 'silent':
      at(now + 60 * 24 * HOUR_MS, () => {
        move(OFFICE, 'takeLead', { leadReason: 'forChairman' })
        answer(MINUTE_MS)
      })
      break
    case 'wrongUnit':
      at(now + inHours(0.1, 1.5), () => {
        if (!move(OFFICER, 'bounce', { reason: 'Không thuộc thẩm quyền', unitId })) return
        const ticket = desk.tickets.view(code, OPERATOR)
        desk.tickets.sendSlip(code, { version: ticket.version, unitId, note: '' }, OPERATOR)
        script.sentAt = desk.now().getTime()
        at(script.sentAt + acceptIn, () => move(OFFICER, 'accept'))
        answer(inHours(0.3, 7))
      })
  }
  return script
}
