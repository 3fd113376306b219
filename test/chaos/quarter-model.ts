import { type WorkingCalendar } from '../../src/deadlines/working-time-policy.ts'
import { slowAdd, slowAddDays, slowBetween, slowSubtract } from '../support/slow-working-time.ts'

/*
 * The regulation once more, in other words and without any code of the service: one case at a time, its clocks kept in plain
 * records and looked at each minute, its working time walked day by day. It is told only what people tried and when; what was
 * let through, what ran out, who was told and how it ended it works out by itself.
 */

export type Party = 'operator' | 'supervisor' | 'officer' | 'head' | 'cityOffice'

/** What somebody tried to do with a case. */
export interface Attempt {
  readonly atMs: number
  readonly by: Party
  readonly action: string
  readonly unitId?: string
  readonly promisedForMs?: number
  /** When a directive wants the answer. */
  readonly dueForMs?: number
  readonly told?: 'voice' | 'sms'
}

export interface SlowPerson {
  readonly name: string
  readonly role: string
  readonly phone: string
  /** Whose; null for a citizen. */
  readonly unitId: string | null
}

export interface SlowWorld {
  readonly cityCalendar: WorkingCalendar
  readonly calendarOf: (unitId: string) => WorkingCalendar
  readonly peopleOf: (unitId: string) => readonly SlowPerson[]
  readonly officeUnitId: string
}

/** How a case went, as lines that can be compared; times are ISO 8601 UTC. */
export interface Outcome {
  readonly state: string
  readonly unitId: string | null
  /** One letter for each attempt: `y` it was let through, `n` it was not. */
  readonly let: string
  /** Every clock in the order they began: which, when it ends, and b broken, s met, v void. */
  readonly clocks: readonly string[]
  /** Which clock, the moment it ran out, and when that was found; by that moment, its end, its name. */
  readonly breaches: readonly string[]
  /** To whose level of which unit, when, and until when. */
  readonly slips: readonly string[]
  /** When it was reported as overdue. */
  readonly overdue: readonly string[]
  /** Template, recipient, when it was written and when it may go out; `never` where the number takes no SMS. */
  readonly sms: readonly string[]
}

interface Clock {
  readonly kind: string
  readonly unitId: string | null
  readonly startMs: number
  dueMs: number
  warnMs: number | null
  isWarned: boolean
  isPaused: boolean
  stoppedMs: number | null
  isMet: boolean
  isVoid: boolean
  isBroken: boolean
}

/** The end of a clock that somebody was told, and from when on they have it. */
interface Told {
  readonly clock: Clock
  readonly person: SlowPerson
  dueMs: number
  readonly goesMs: number
}

interface Length {
  readonly minutes?: number
  readonly days?: number
  readonly wallDays?: number
  readonly warnBefore?: number
  readonly byCity?: boolean
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** regulation.md 2.3 */
const LENGTHS: Readonly<Record<string, Length>> = {
  clarify: { minutes: 60, byCity: true },
  citizen: { days: 5, warnBefore: 960, byCity: true },
  officer: { minutes: 8 * 60, warnBefore: 120 },
  promise: { warnBefore: 120 },
  directed: { warnBefore: 120 },
  head: { minutes: 48 * 60, warnBefore: 480 },
  office: { days: 5, byCity: true },
  relay: { minutes: 120, byCity: true },
  rating: { wallDays: 14 },
  autoClose: { days: 5, byCity: true },
}
/** Clocks that may go on in a state; in all others none may (regulation.md 2.1). */
const GOES_ON: Readonly<Record<string, readonly string[]>> = {
  received: ['clarify'],
  needsClarification: ['citizen'],
  assigned: ['officer', 'directed'],
  inProgress: ['officer', 'directed'],
  verifying: ['promise'],
  awaitingCitizen: ['officer', 'directed', 'citizen'],
  escalated: ['head'],
  cityOffice: ['office'],
  agencyAnswered: ['relay'],
  answered: ['rating', 'autoClose'],
  closed: ['rating'],
}
const AT_UNIT = ['assigned', 'inProgress', 'verifying', 'awaitingCitizen', 'escalated', 'overdue']
const NOT_ANSWERED = ['received', 'needsClarification', ...AT_UNIT]
const CITIZEN: SlowPerson = { name: 'citizen', role: 'citizen', phone: '0950 000 777', unitId: null }
const iso = (ms: number): string => new Date(ms).toISOString()
const minuteFrom = (ms: number): number => Math.ceil(ms / MINUTE) * MINUTE
const minuteAfter = (ms: number): number => Math.floor(ms / MINUTE) * MINUTE + MINUTE

function known(value: number | 'ended'): number {
  if (value === 'ended') throw new RangeError('the calendar of the run ends too early')
  return value
}

/** 21:00 to 07:00 nobody is woken who is not at work, unless it is urgent or has to be done before the night is over. */
function sentAt(ms: number, isUrgent: boolean, endMs = Number.POSITIVE_INFINITY): number {
  const ofDay = (ms + 7 * HOUR) % DAY
  if (isUrgent || (ofDay >= 7 * HOUR && ofDay < 21 * HOUR)) return ms
  const morningMs = ms - ofDay + 7 * HOUR + (ofDay >= 21 * HOUR ? DAY : 0)
  return endMs <= morningMs ? ms : morningMs
}

export function slowOutcome(attempts: readonly Attempt[], isUrgent: boolean, world: SlowWorld): Outcome {
  let nowMs = attempts[0]?.atMs ?? 0
  let state = 'draft'
  let unitId: string | null = null
  let bounces = 0
  let answeredMs: number | null = null
  /** A day that the officer asked the head for. */
  let waitingForMs: number | null = null
  /** Where the answer that waits came from. */
  let answeredFrom = ''
  let isPromised = false
  /** What the unit has it by: eight hours, or the time that a directive names. */
  let unitsClock: 'officer' | 'directed' = 'officer'
  const askedBy: (string | null)[] = []
  const clocks: Clock[] = []
  const breaches: { readonly foundMs: number; readonly dueMs: number; readonly kind: string }[] = []
  const slips: string[] = []
  const overdue: string[] = []
  const sms: string[] = []
  /** What everybody was told last of each clock; of a citizen, what they expect. */
  const told = new Map<string, Told>()
  let letThrough = ''

  const calendarOf = (clock: Pick<Clock, 'kind' | 'unitId'>): WorkingCalendar =>
    LENGTHS[clock.kind]?.byCity === true || clock.unitId === null
      ? world.cityCalendar
      : world.calendarOf(clock.unitId)
  const isOpen = (clock: Clock): boolean => !clock.isMet && !clock.isVoid
  const runs = (clock: Clock): boolean => isOpen(clock) && !clock.isBroken && !clock.isPaused
  const newest = (kind: string): Clock | undefined => clocks.findLast((clock) => clock.kind === kind)

  function warnOf(kind: string, calendar: WorkingCalendar, startMs: number, dueMs: number): number | null {
    const before = LENGTHS[kind]?.warnBefore
    if (before === undefined) return null
    const warnMs = known(slowSubtract(calendar, dueMs, before))
    return warnMs > startMs ? warnMs : null
  }

  function begin(kind: string, ofUnit: string | null, chosenMs?: number): Clock {
    const { minutes, days, wallDays = 0 } = LENGTHS[kind] ?? {}
    const calendar = calendarOf({ kind, unitId: ofUnit })
    const dueMs =
      chosenMs ??
      (minutes === undefined
        ? days === undefined
          ? nowMs + wallDays * DAY
          : known(slowAddDays(calendar, nowMs, days))
        : known(slowAdd(calendar, nowMs, minutes)))
    const clock: Clock = {
      kind,
      unitId: ofUnit,
      startMs: nowMs,
      dueMs,
      warnMs: warnOf(kind, calendar, nowMs, dueMs),
      isWarned: false,
      isPaused: false,
      stoppedMs: null,
      isMet: false,
      isVoid: false,
      isBroken: false,
    }
    clocks.push(clock)
    return clock
  }

  function breakClock(clock: Clock): void {
    clock.isBroken = true
    breaches.push({ foundMs: nowMs, dueMs: clock.dueMs, kind: clock.kind })
  }

  /** Of each the newest: what an earlier unit did not keep, a later one does not mend. */
  function meet(...kinds: string[]): void {
    for (const kind of kinds) {
      const clock = newest(kind)
      if (clock === undefined || !isOpen(clock)) continue
      if (runs(clock) && nowMs > clock.dueMs) breakClock(clock)
      clock.isMet = true
      clock.stoppedMs = nowMs
    }
  }

  /** What is left of it goes on, from now or from when what it stood still for was over. */
  function goOn(kind: string, fromMs = nowMs): void {
    const clock = newest(kind)
    if (clock === undefined || clock.isBroken || clock.stoppedMs === null) return
    const calendar = calendarOf(clock)
    const left = known(slowBetween(calendar, clock.stoppedMs, clock.dueMs))
    const stood = known(slowBetween(calendar, clock.stoppedMs, fromMs))
    // A named day may lie outside working hours; it becomes later by what the clock stood still.
    if (kind !== 'promise' && kind !== 'directed') clock.dueMs = known(slowAdd(calendar, fromMs, left))
    else if (stood > 0) clock.dueMs = known(slowAdd(calendar, clock.dueMs, stood))
    clock.warnMs = warnOf(kind, calendar, clock.startMs, clock.dueMs)
    clock.isPaused = false
    clock.isMet = false
    clock.stoppedMs = null
    tellLater(clock)
  }

  /** Whoever knows another end hears the new one: in what they have not had yet, or once more. */
  function tellLater(clock: Clock): void {
    const stale = [...told.values()].filter((one) => one.clock === clock && one.dueMs !== clock.dueMs)
    const ofStaff = stale.filter(({ person }) => person !== CITIZEN)
    const ofCitizen = stale.filter(({ person }) => person === CITIZEN)
    for (const one of [...ofStaff, ...ofCitizen]) {
      if (one.goesMs >= nowMs) one.dueMs = clock.dueMs
      else if (clock.dueMs < nowMs)
        continue // over already: what follows from that is told
      else if (one.person === CITIZEN) tell('answerLater', [CITIZEN], false, clock)
      else tell('clockWentOn', [one.person], true, clock)
    }
  }

  /** The case is in another state now; clocks that it does not know are over, and what is broken stays so. */
  function goTo(next: string, alsoVoid: readonly string[] = []): void {
    state = next
    const keeps = GOES_ON[next] ?? []
    for (const clock of clocks.filter((one) => isOpen(one) && !one.isBroken))
      clock.isVoid = !keeps.includes(clock.kind) || alsoVoid.includes(clock.kind)
  }

  /** Of those whose unit works at that hour: a rota, where there is one, is kept by units that sleep at night. */
  const isAtWork = ({ unitId: ofUnit }: SlowPerson): boolean =>
    ofUnit !== null && known(slowBetween(world.calendarOf(ofUnit), nowMs, nowMs + MINUTE)) > 0

  /** `clock`: whose end it names. */
  function tell(template: string, people: readonly SlowPerson[], isStaff = true, clock?: Clock): void {
    for (const person of people) {
      const { name, phone } = person
      const isNow = (isUrgent && isStaff) || isAtWork(person)
      const endMs = person === CITIZEN ? undefined : clock?.dueMs
      const goesMs = phone.startsWith('09') ? sentAt(nowMs, isNow, endMs) : null
      sms.push(`${template} → ${name} ${iso(nowMs)} ${goesMs === null ? 'never' : iso(goesMs)}`)
      if (clock === undefined || goesMs === null) continue
      const of = person === CITIZEN ? CITIZEN.name : `${String(clocks.indexOf(clock))} ${phone}`
      told.set(of, { clock, person, dueMs: clock.dueMs, goesMs })
    }
  }
  const of = (id: string | null, role: string): readonly SlowPerson[] =>
    id === null ? [] : world.peopleOf(id).filter((person) => person.role === role)

  /** With a time that is named, it is a directive: for the whole unit, its head as well. */
  function slipTo(id: string, dueForMs?: number): void {
    unitId = id
    isPromised = false
    waitingForMs = null
    goTo('assigned', ['officer', 'directed'])
    unitsClock = dueForMs === undefined ? 'officer' : 'directed'
    const clock = begin(unitsClock, id, dueForMs)
    slips.push(`officer of ${id} ${iso(nowMs)} until ${iso(clock.dueMs)}`)
    if (dueForMs === undefined) tell('slipOfficer', of(id, 'officer'), true, clock)
    else tell('slipDirected', world.peopleOf(id), true, clock)
    tell('forwarded', [CITIZEN], false, clock)
  }

  function escalate(): void {
    waitingForMs = null
    goTo('escalated')
    const clock = begin('head', unitId)
    slips.push(`head of ${unitId ?? ''} ${iso(nowMs)} until ${iso(clock.dueMs)}`)
    tell('slipHead', of(unitId, 'head'), true, clock)
  }

  /** A returned answer: its clock goes on, unless it had run out before the answer came; then so does the case. */
  function takeUpAgain(): void {
    const kind = { inProgress: unitsClock, verifying: 'promise', escalated: 'head', cityOffice: 'office' }[
      state
    ]
    const clock = kind === undefined ? undefined : newest(kind)
    if (clock === undefined) return
    goOn(clock.kind)
    if (clock.isBroken) afterEnd(clock)
  }

  function ranOut(clock: Clock): void {
    breakClock(clock)
    afterEnd(clock)
  }

  function afterEnd(clock: Clock): void {
    if (clock.kind === 'officer' && ['assigned', 'inProgress'].includes(state)) escalate()
    else if (clock.kind === 'directed' && ['assigned', 'inProgress'].includes(state)) {
      escalate()
      tell('directiveMissed', world.peopleOf(world.officeUnitId))
    } else if (clock.kind === 'promise' && state === 'verifying') escalate()
    else if (clock.kind === 'head' && state === 'escalated') {
      goTo('overdue')
      overdue.push(iso(nowMs))
      tell('overdue', [...of(unitId, 'head'), ...world.peopleOf(world.officeUnitId)])
    } else if (clock.kind === 'citizen' && state === 'needsClarification') goTo('closed')
    else if (clock.kind === 'citizen' && state === 'awaitingCitizen') {
      goTo('inProgress')
      goOn(unitsClock, clock.dueMs)
    } else if (clock.kind === 'autoClose' && state === 'answered') {
      meet('autoClose')
      goTo('closed')
    }
  }

  /** The earliest end first; one that ends may set another going that is over as well, found in the same minute. */
  function endWhatIsOver(): void {
    for (;;) {
      const over = clocks.filter((one) => runs(one) && one.dueMs < nowMs)
      const first = over.sort((a, b) => a.dueMs - b.dueMs)[0]
      if (first === undefined) return
      ranOut(first)
    }
  }

  /** What has run out since the last full minute comes before anybody's step; true when the case has moved by it. */
  function settle(): boolean {
    const before = state
    endWhatIsOver()
    return state !== before
  }

  /** Minute by minute, as far as any of them finds something. */
  function passTo(untilMs: number): void {
    for (;;) {
      const ticks = clocks.filter(runs).flatMap((clock) => [
        minuteAfter(clock.dueMs), // on time up to and including the moment itself
        ...(clock.isWarned || clock.warnMs === null ? [] : [minuteFrom(clock.warnMs)]),
      ])
      if (ticks.length === 0) break
      const tick = Math.max(Math.min(...ticks), minuteAfter(nowMs))
      if (tick > untilMs) break
      nowMs = tick
      endWhatIsOver()
      for (const clock of clocks.filter(runs)) {
        if (clock.isWarned || clock.warnMs === null || clock.warnMs > tick) continue
        clock.isWarned = true
        if (clock.kind === 'citizen') continue
        // What a leader named may lie outside of working hours; then there are none to count.
        const left = known(slowBetween(calendarOf(clock), nowMs, clock.dueMs))
        const words = left > 0 ? 'reminder' : 'reminderDue'
        tell(words, of(unitId, clock.kind === 'head' ? 'head' : 'officer'), true, clock)
      }
    }
    nowMs = Math.max(nowMs, untilMs)
  }

  const isBeyondHead = (dayMs: number): boolean =>
    dayMs > known(slowAdd(calendarOf({ kind: 'head', unitId }), nowMs, 48 * 60))

  /** Somebody of the unit is there at that moment: the ends of their hours count, days off and lunch do not. */
  const isWorked = (atMs: number, ofUnit = unitId): boolean =>
    known(slowBetween(calendarOf({ kind: 'promise', unitId: ofUnit }), atMs - MINUTE, atMs + MINUTE)) > 0

  /** A unit has it, or its answer waits, by what the City Office directed: nobody else may change that. */
  const isUnderDirective = (): boolean =>
    unitsClock === 'directed' &&
    (AT_UNIT.includes(state) || (state === 'agencyAnswered' && answeredFrom !== 'cityOffice'))

  /** Once for each slip, and while the officer's time runs. */
  const mayPromise = (): boolean => {
    const officer = newest('officer')
    return (
      unitsClock === 'officer' &&
      !isPromised &&
      officer !== undefined &&
      !officer.isBroken &&
      nowMs <= officer.dueMs
    )
  }

  const promise = (forMs: number): void => {
    waitingForMs = null
    isPromised = true
    meet('officer')
    goTo('verifying')
    tell('promised', [CITIZEN], false, begin('promise', unitId, forMs))
  }

  const answered = (): void => {
    goTo('answered')
    answeredMs = nowMs
    begin('rating', null)
    begin('autoClose', null)
  }

  /** False when it is not allowed now, or not to them. */
  function attempt({ by, action, unitId: toUnit = '', promisedForMs = 0, dueForMs, told }: Attempt): boolean {
    const isOf = (...parties: Party[]): boolean => parties.includes(by)
    const isIn = (...states: string[]): boolean => states.includes(state)
    switch (action) {
      case 'receive':
        if (!isIn('draft')) return false
        goTo('received')
        begin('clarify', null)
        tell('received', [CITIZEN], false)
        return true
      case 'reject':
        if (!isIn('draft', 'received') || !isOf('operator')) return false
        meet('clarify')
        goTo('rejected')
        if (told === 'sms') tell('rejected', [CITIZEN], false)
        return true
      case 'answer':
        if (!isIn('draft', 'received')) return false
        meet('clarify')
        answered()
        return true
      case 'sendSlip':
        if (!isIn('draft', 'received', 'assigned')) return false
        // What the City Office directed to a unit, the desk does not send elsewhere.
        if (isUnderDirective()) return false
        // Nor to the unit that has it: its eight hours are given once.
        if (isIn('assigned') && toUnit === unitId) return false
        meet('clarify')
        slipTo(toUnit)
        return true
      case 'askClarification':
        if (!isIn('received') || !isOf('operator')) return false
        meet('clarify')
        goTo('needsClarification')
        begin('citizen', null)
        tell('question', [CITIZEN], false)
        return true
      case 'clarify':
        if (!isIn('needsClarification') || !isOf('operator')) return false
        meet('citizen')
        goTo('received')
        begin('clarify', null)
        return true
      case 'accept':
        if (!isIn('assigned') || !isOf('officer', 'head')) return false
        goTo('inProgress')
        return true
      case 'askCitizen': {
        if (!isIn('inProgress') || !isOf('officer', 'head') || askedBy.includes(unitId)) return false
        askedBy.push(unitId)
        goTo('awaitingCitizen')
        const running = clocks.find((clock) => clock.kind === unitsClock && runs(clock))
        if (running !== undefined) {
          running.isPaused = true
          running.stoppedMs = nowMs
        }
        begin('citizen', unitId)
        tell('question', [CITIZEN], false)
        return true
      }
      case 'citizenReplied':
        if (!isIn('awaitingCitizen') || isOf('cityOffice')) return false
        meet('citizen')
        goTo('inProgress')
        goOn(unitsClock)
        return true
      case 'promise':
        if (!isIn('inProgress') || !isOf('officer', 'head') || promisedForMs <= nowMs) return false
        if (!mayPromise() || promisedForMs - nowMs > 90 * DAY || !isWorked(promisedForMs)) return false
        if (isBeyondHead(promisedForMs) && by !== 'head') return false
        promise(promisedForMs)
        return true
      case 'requestPromise':
        if (!isIn('inProgress') || !isOf('officer') || waitingForMs !== null) return false
        if (promisedForMs <= nowMs || !isBeyondHead(promisedForMs)) return false
        if (!mayPromise() || promisedForMs - nowMs > 90 * DAY || !isWorked(promisedForMs)) return false
        waitingForMs = promisedForMs
        tell('promiseAsked', of(unitId, 'head'), false)
        return true
      case 'approvePromise':
        if (!isIn('inProgress') || !isOf('head') || waitingForMs === null || waitingForMs <= nowMs)
          return false
        if (!mayPromise()) return false
        promise(waitingForMs)
        return true
      case 'declinePromise':
        if (!isIn('inProgress') || !isOf('head') || waitingForMs === null) return false
        waitingForMs = null
        return true
      case 'submitAnswer':
        if (isIn('cityOffice') ? !isOf('cityOffice') : !isOf('officer', 'head')) return false
        if (!isIn('inProgress', 'verifying', 'escalated', 'overdue', 'cityOffice')) return false
        if (isIn('inProgress', 'verifying')) meet(unitsClock, 'promise')
        else meet(state === 'cityOffice' ? 'office' : 'head')
        waitingForMs = null
        answeredFrom = state
        goTo('agencyAnswered')
        begin('relay', unitId)
        return true
      case 'returnAnswer':
        if (!isIn('agencyAnswered') || !isOf('operator')) return false
        goTo(answeredFrom)
        takeUpAgain()
        return true
      case 'relayAnswer':
        if (!isIn('agencyAnswered') || !isOf('operator') || told === undefined) return false
        meet('relay')
        answered()
        if (told === 'sms') tell('result', [CITIZEN], false)
        return true
      case 'object':
        if (!isIn('answered', 'closed') || !isOf('operator') || answeredMs === null) return false
        if (nowMs - answeredMs > 15 * DAY) return false
        goTo('cityOffice')
        begin('office', unitId)
        return true
      case 'takeLead':
        if (!isIn(...NOT_ANSWERED) || !isOf('operator', 'cityOffice')) return false
        if (isUnderDirective() && !isOf('cityOffice')) return false
        waitingForMs = null
        goTo('cityOffice')
        begin('office', unitId)
        return true
      case 'direct':
        if (!isIn('cityOffice') || !isOf('cityOffice') || dueForMs === undefined) return false
        if (dueForMs <= nowMs || dueForMs - nowMs > 90 * DAY || !isWorked(dueForMs, toUnit)) return false
        meet('office')
        slipTo(toUnit, dueForMs)
        return true
      case 'reroute':
        if (!isIn(...AT_UNIT) || !isOf('supervisor', 'cityOffice') || toUnit === unitId) return false
        if (isUnderDirective() && !isOf('cityOffice')) return false
        slipTo(toUnit)
        return true
      case 'bounce':
      case 'bounceToOffice': {
        const own = newest(unitsClock)
        const ran = own === undefined ? 0 : known(slowBetween(calendarOf(own), own.startMs, nowMs))
        if (!isIn('assigned') || !isOf('officer', 'head') || ran > 120 || toUnit === unitId) return false
        if ((action === 'bounceToOffice') !== (bounces >= 2 || unitsClock === 'directed')) return false
        bounces += 1
        waitingForMs = null
        const from = unitId
        unitId = null
        goTo(action === 'bounce' ? 'received' : 'cityOffice')
        if (action === 'bounceToOffice') begin('office', from)
        else begin('clarify', null)
        return true
      }
      case 'withdraw':
        if (!isIn(...NOT_ANSWERED, 'cityOffice', 'agencyAnswered') || !isOf('operator')) return false
        // The citizen may, whoever directed what; whoever did hears of it.
        if (isUnderDirective()) tell('directiveWithdrawn', world.peopleOf(world.officeUnitId))
        goTo('withdrawn')
        return true
      case 'merge':
        // Tried of these only.
        if (!isUnderDirective()) throw new RangeError('the model follows no merged case')
        return false
      default:
        throw new RangeError(`the model knows no ${action}`)
    }
  }

  for (const one of attempts) {
    passTo(one.atMs)
    // Whoever acts on the case as it was a moment ago is refused.
    letThrough += !settle() && attempt(one) ? 'y' : 'n'
  }
  passTo(Number.POSITIVE_INFINITY)
  return {
    state,
    unitId,
    let: letThrough,
    clocks: clocks.map(
      ({ kind, dueMs, isBroken, isMet, isVoid }) =>
        `${kind} ${iso(dueMs)} ${isBroken ? 'b' : ''}${isMet ? 's' : ''}${isVoid ? 'v' : ''}`,
    ),
    breaches: breaches
      .sort((a, b) => a.foundMs - b.foundMs || a.dueMs - b.dueMs || (a.kind < b.kind ? -1 : 1))
      .map(({ kind, dueMs, foundMs }) => `${kind} ${iso(dueMs)} found ${iso(foundMs)}`),
    slips,
    overdue,
    sms,
  }
}
