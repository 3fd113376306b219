import { type Attempt, type Party } from './quarter-model.ts'
import { type Chance } from './random.ts'

/** What a script does with its case; each answers whether it was let through. */
export interface CaseHand {
  /** Of the units, the one the case belongs to, and others that it does not. */
  readonly unitId: string
  readonly otherUnitIds: readonly [string, string, string]
  readonly chance: Chance
  readonly nowMs: () => number
  do(
    by: Party,
    action: string,
    given?: Pick<Attempt, 'unitId' | 'promisedForMs' | 'dueForMs' | 'told'>,
  ): boolean
}

/** Yields how long to wait, in ms. */
export type CaseScript = Generator<number, void>

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Of all answers, so many go back once. */
const RETURNED_SHARE = 0.08

const hours = ({ chance }: CaseHand, from: number, to: number): number =>
  Math.floor((from + chance.next() * (to - from)) * HOUR)
const told = ({ chance }: CaseHand): 'voice' | 'sms' => chance.oneOf(['voice', 'sms'])

/** Whoever has it answers, the case being taken up where it was not; later the citizen is told. */
function* answer(hand: CaseHand, by: Party = 'officer'): CaseScript {
  const holder = by === 'officer' ? hand.chance.oneOf(['officer', 'head'] as const) : by
  if (!hand.do(holder, 'submitAnswer')) {
    hand.do(holder, 'accept')
    yield MINUTE
    if (!hand.do(holder, 'submitAnswer')) return
  }
  yield hours(hand, 0.1, 3)
  if (hand.chance.next() < RETURNED_SHARE && hand.do('operator', 'returnAnswer')) {
    yield hours(hand, 0.5, 40)
    if (!hand.do(holder, 'submitAnswer')) return
    yield hours(hand, 0.1, 3)
  }
  hand.do('operator', 'relayAnswer', { told: told(hand) })
}

function* takeUpAndAnswer(hand: CaseHand, withinHours: number): CaseScript {
  yield hours(hand, 0.01, 0.2)
  hand.do('officer', 'accept')
  yield hours(hand, 0.3, withinHours)
  yield* answer(hand)
}

/** Ten in the morning of that day in the city; of the Monday after, on a weekend. */
function inOfficeHours(ms: number): number {
  const day = Math.floor((ms + 7 * HOUR) / DAY)
  const weekday = (day + 4) % 7 // 1970-01-01 was a Thursday
  const later = weekday === 6 ? 2 : weekday === 0 ? 1 : 0
  return (day + later) * DAY + 3 * HOUR
}

/** Most name an hour of a weekday; now and then it is any moment, gone by, or of next year. */
function dueOf({ chance, nowMs }: CaseHand): number {
  const now = Math.floor(nowMs() / MINUTE) * MINUTE
  const kind = chance.next()
  if (kind < 0.1) return now + chance.between(-20, 0) * HOUR
  if (kind < 0.2) return now + chance.between(91, 120) * DAY
  const anyMs = now + chance.between(2, 300) * HOUR
  return kind < 0.4 ? anyMs : inOfficeHours(anyMs)
}

/** What only the City Office may change others try to; it does so now and then, and some citizens want nothing any more. */
function* undo(hand: CaseHand): CaseScript {
  const other = { unitId: hand.otherUnitIds[2] }
  hand.do('operator', 'merge')
  yield hours(hand, 0.05, 30)
  hand.do('supervisor', 'reroute', other)
  hand.do('operator', 'takeLead')
  const what = hand.chance.next()
  if (what < 0.2) hand.do('cityOffice', 'reroute', other)
  else if (what < 0.3) hand.do('cityOffice', 'takeLead')
  else if (what < 0.45) hand.do('operator', 'withdraw')
}

/** The City Office says again what it wants where the time was refused; then the unit has it. */
function* directTo(hand: CaseHand, unitId: string, withinHours: number): CaseScript {
  hand.do('cityOffice', 'direct', { unitId })
  let isDirected = false
  for (let tries = 0; tries < 4 && !isDirected; tries += 1)
    isDirected = hand.do('cityOffice', 'direct', { unitId, dueForMs: dueOf(hand) })
  const what = hand.chance.next()
  if (isDirected && what > 0.5) yield* undo(hand)
  if (what < 0.15) {
    // Nobody but the City Office takes it from there, and no other day is named.
    yield hours(hand, 0.05, 1)
    hand.do('operator', 'sendSlip', { unitId: hand.otherUnitIds[2] })
    hand.do('officer', 'bounce', { unitId: hand.otherUnitIds[2] })
    hand.do('officer', 'bounceToOffice', { unitId: hand.otherUnitIds[2] })
    yield hours(hand, 0.1, 20)
    hand.do('cityOffice', 'direct', { unitId, dueForMs: dueOf(hand) })
  } else if (what < 0.35) {
    yield hours(hand, 0.05, 3)
    hand.do('officer', 'accept')
    hand.do('officer', 'promise', { promisedForMs: inOfficeHours(hand.nowMs() + 2 * DAY) })
    hand.do('officer', 'askCitizen')
    yield hours(hand, 1, 60)
    if (hand.chance.next() < 0.6) hand.do('officer', 'citizenReplied')
  }
  // Some are silent beyond what was named.
  yield* takeUpAndAnswer(hand, hand.chance.next() < 0.4 ? 500 : withinHours)
}

/** How people are with a case, from the first word on. */
export const HABITS = {
  *prompt(hand) {
    hand.do('operator', 'sendSlip', { unitId: hand.unitId })
    yield* takeUpAndAnswer(hand, 7)
  },
  *promise(hand) {
    hand.do('operator', 'sendSlip', { unitId: hand.unitId })
    yield hours(hand, 0.01, 0.2)
    hand.do('officer', 'accept')
    const anyMs = Math.floor(hand.nowMs() / MINUTE) * MINUTE + hand.chance.between(20, 400) * HOUR
    // Most people name an hour of a weekday; now and then it is any moment at all.
    const forMs = hand.chance.next() < 0.2 ? anyMs : inOfficeHours(anyMs)
    // Beyond the head's own time the head is asked, who may also name such a day alone.
    if (!hand.do('officer', 'promise', { promisedForMs: forMs })) {
      hand.do('officer', 'requestPromise', { promisedForMs: forMs })
      yield hours(hand, 0.1, 20)
      hand.do('officer', 'requestPromise', { promisedForMs: forMs })
      const word = hand.chance.oneOf(['approvePromise', 'declinePromise', 'silence', 'promise'] as const)
      if (word === 'promise') hand.do('head', word, { promisedForMs: forMs })
      else if (word !== 'silence') hand.do('head', word)
    }
    yield hours(hand, 1, 450)
    yield* answer(hand)
  },
  *asks(hand) {
    hand.do('operator', 'sendSlip', { unitId: hand.unitId })
    yield hours(hand, 0.01, 0.2)
    hand.do('officer', 'accept')
    yield hours(hand, 0.1, 20)
    hand.do('officer', 'askCitizen')
    yield hours(hand, 1, 60)
    if (hand.chance.next() < 0.6) hand.do('operator', 'citizenReplied')
    yield hours(hand, 0.1, 1)
    hand.do('officer', 'askCitizen')
    yield hours(hand, 1, 300)
    yield* answer(hand)
  },
  *late(hand) {
    hand.do('operator', 'sendSlip', { unitId: hand.unitId })
    yield hours(hand, 0.5, 20)
    // The desk means well: once more to the same unit, or to another one.
    hand.do('operator', 'sendSlip', { unitId: hand.unitId })
    if (hand.chance.next() < 0.2) hand.do('operator', 'sendSlip', { unitId: hand.otherUnitIds[0] })
    yield hours(hand, 20, 500)
    yield* answer(hand)
  },
  *silentThenLed(hand) {
    hand.do('operator', 'sendSlip', { unitId: hand.unitId })
    yield hours(hand, 200, 60 * 24)
    hand.do('cityOffice', 'takeLead')
    yield hours(hand, 0.1, 200)
    yield* answer(hand, 'cityOffice')
  },
  *silentThenDirected(hand) {
    hand.do('operator', 'sendSlip', { unitId: hand.unitId })
    yield 60 * DAY
    hand.do('cityOffice', 'takeLead')
    yield hours(hand, 0.1, 30)
    yield* directTo(hand, hand.otherUnitIds[0], 30)
  },
  *wrongUnit(hand) {
    hand.do('operator', 'sendSlip', { unitId: hand.otherUnitIds[0] })
    yield hours(hand, 0.1, 4)
    if (hand.do('officer', 'bounce', { unitId: hand.unitId })) {
      yield hours(hand, 0.1, 1)
      hand.do('operator', 'sendSlip', { unitId: hand.unitId })
    }
    yield* takeUpAndAnswer(hand, 7)
  },
  *nobodysMatter(hand) {
    const [first, second, third] = hand.otherUnitIds
    for (const unitId of [first, second]) {
      hand.do('operator', 'sendSlip', { unitId })
      yield hours(hand, 0.1, 1.5)
      hand.do('head', 'bounceToOffice')
      hand.do('officer', 'bounce', { unitId: third })
      yield hours(hand, 0.1, 1)
    }
    hand.do('operator', 'sendSlip', { unitId: third })
    yield hours(hand, 0.1, 1.5)
    hand.do('officer', 'bounce', { unitId: first })
    hand.do('officer', 'bounceToOffice')
    yield hours(hand, 1, 200)
    yield* directTo(hand, hand.unitId, 7)
  },
  *objected(hand) {
    hand.do('operator', 'sendSlip', { unitId: hand.unitId })
    yield* takeUpAndAnswer(hand, 20)
    yield hours(hand, 1, 20 * 24)
    if (!hand.do('operator', 'object')) return
    yield hours(hand, 1, 200)
    if (hand.chance.next() < 0.5) {
      yield* answer(hand, 'cityOffice')
      return
    }
    yield* directTo(hand, hand.otherUnitIds[1], 12)
  },
  *withdrawn(hand) {
    hand.do('operator', 'sendSlip', { unitId: hand.unitId })
    yield hours(hand, 0.01, 0.2)
    hand.do('officer', 'accept')
    yield hours(hand, 0, 600)
    hand.do('operator', 'withdraw')
  },
  *unclear(hand) {
    hand.do('operator', 'receive')
    yield hours(hand, 0.01, 3)
    hand.do('operator', 'askClarification')
    yield hours(hand, 1, 200)
    if (hand.chance.next() < 0.4 || !hand.do('operator', 'clarify')) return
    yield hours(hand, 0.01, 1)
    hand.do('operator', 'sendSlip', { unitId: hand.unitId })
    yield* takeUpAndAnswer(hand, 12)
  },
  *returned(hand) {
    hand.do('operator', 'sendSlip', { unitId: hand.unitId })
    yield hours(hand, 0.01, 0.2)
    hand.do('officer', 'accept')
    // Some answer late, or after the head was late too: theirs go back to where they came from.
    yield hours(hand, 0.3, hand.chance.next() < 0.5 ? 10 : 400)
    hand.do('officer', 'submitAnswer')
    yield hours(hand, 0.1, 20)
    hand.do('operator', 'returnAnswer')
    yield hours(hand, 0.5, 40)
    yield* answer(hand)
  },
  *rerouted(hand) {
    hand.do('operator', 'sendSlip', { unitId: hand.otherUnitIds[0] })
    yield hours(hand, 1, 300)
    hand.do('cityOffice', 'reroute', { unitId: hand.otherUnitIds[0] })
    hand.do('cityOffice', 'reroute', { unitId: hand.unitId })
    yield* takeUpAndAnswer(hand, 12)
  },
  *atOnce(hand) {
    if (hand.chance.next() < 0.5) {
      hand.do('operator', 'receive')
      yield hours(hand, 0.01, 2)
    }
    const isAnswered = hand.chance.next() < 0.7
    if (isAnswered) hand.do('operator', 'answer')
    else hand.do('operator', 'reject', { told: told(hand) })
    yield hours(hand, 1, 30)
    // Both are over: neither is taken up by a unit any more.
    hand.do('officer', 'accept')
    hand.do('operator', 'withdraw')
  },
} as const satisfies Record<string, (hand: CaseHand) => CaseScript>

export type Habit = keyof typeof HABITS
export const HABIT_NAMES = Object.keys(HABITS) as [Habit, ...Habit[]]
