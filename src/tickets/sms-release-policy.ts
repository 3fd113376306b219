import { type DeadlineView } from '../deadlines/contract.ts'
import { type TicketState } from './contract.ts'
import { AT_UNIT, LEFT_BY_UNIT, OPEN_STATES } from './ticket-machine.ts'

/** Why a message that waited says nothing true or new any more: `smsDropped.<why>` of the catalogues. */
export type Overtaken =
  | 'answered'
  | 'ended'
  | 'elsewhere'
  | 'clockOver'
  | 'decided'
  | 'newer'
  | 'handedOver'
  | 'leftOffice'
  | 'noNumber'
  | 'notAsked'

/** What is known of a waiting message and its case when it may go out. */
export interface ReleaseFacts {
  readonly template: string
  readonly state: TicketState
  /** How the clock stands that it was written for; null where it is about none. */
  readonly clock: DeadlineView['state'] | null
  /** What was written to the same number about the same case after it. */
  readonly later: readonly string[]
  /** The officer's wish for a day still waits for the head's word (Đ9.3). */
  readonly promiseWaits: boolean
  /** A slip was issued after it. */
  readonly hasNewerSlip: boolean
  /** It tells a unit of a case that came to it from one that ended. */
  readonly isHandover: boolean
  /** Another unit has taken over since, and whom it was written to is none of its people. */
  readonly wasHandedOver: boolean
  /** It was written to somebody who holds no office of any unit today (Đ12.2, Đ17.9). */
  readonly hasLeft: boolean
  /** The time that it names is over. */
  readonly namesPast: boolean
}

type Check = (facts: ReleaseFacts) => Overtaken | null

/** States in which each of these is still so; a template that is not here is the last word on something, and always goes. */
const TRUE_IN: Readonly<Partial<Record<string, readonly TicketState[]>>> = {
  received: OPEN_STATES,
  forwarded: [...AT_UNIT, 'agencyAnswered'],
  question: ['needsClarification', 'awaitingCitizen'],
  promised: ['verifying'],
  answerLater: [...AT_UNIT, 'agencyAnswered'],
  merged: ['merged'],
  directedHead: ['overdue'],
  overdueTakenOver: ['overdue'],
  directiveMissed: AT_UNIT,
  slipCoHandler: OPEN_STATES,
}
/** News of a case on its way: whoever is told how it ended needs none of it. */
const ON_THE_WAY = ['received', 'forwarded', 'question', 'promised', 'answerLater', 'merged']
const LAST_WORDS = ['result', 'rejected']

const byNewerWord: Check = ({ template, later }) => {
  if (!ON_THE_WAY.includes(template)) return null
  if (later.some((word) => LAST_WORDS.includes(word))) return 'answered'
  return later.includes(template) ? 'newer' : null
}

/** What it means where the case goes on all the same. */
const SINCE: Readonly<Partial<Record<string, Overtaken>>> = { promised: 'clockOver' }

const byState: Check = ({ template, state }) => {
  if (TRUE_IN[template]?.includes(state) !== false) return null
  // Replied by telephone, or given up: that nobody waits for a reply is all there is to say.
  if (template === 'question' && (OPEN_STATES.includes(state) || state === 'closed')) return 'notAsked'
  const why = whatBecame(state)
  return why === 'elsewhere' ? (SINCE[template] ?? why) : why
}

/** They say how long there is still. */
const BEFORE_END = [
  'reminder',
  'reminderDue',
  'reminderUndated',
  'promised',
  'dueMoved',
  'clockWentOn',
  'answerLater',
]

/** Slips, reminders and the word that it is overdue are each about one clock (Đ9.3, Đ9.4, Đ13.2). */
const byClock: Check = ({ template, state, clock, namesPast }) => {
  if (clock === 'satisfied') return 'answered'
  if (clock === 'void') return whatBecame(state)
  return (clock === 'breached' || namesPast) && BEFORE_END.includes(template) ? 'clockOver' : null
}

const REMINDERS = ['reminder', 'reminderDue', 'reminderLate', 'reminderUndated']

/** By hand, about no clock: still for whoever holds the case, if that is whom it was written to. */
const byHolder: Check = ({ template, state, clock, hasNewerSlip, later }) => {
  if (!REMINDERS.includes(template) || clock !== null) return null
  // Meanwhile there is a date.
  if (template === 'reminderUndated' && later.includes('dueMoved')) return 'newer'
  if (!AT_UNIT.some((one) => one === state)) return whatBecame(state)
  return hasNewerSlip ? 'elsewhere' : null
}

/** The new unit has a message of its own (R012). */
const TO_UNIT = [
  'slipOfficer',
  'slipOfficerLong',
  'slipDirected',
  'slipHead',
  'slipCoHandler',
  ...REMINDERS,
  'dueMoved',
  'clockWentOn',
  'overdue',
  'overdueTakenOver',
  'directedHead',
  'promiseAsked',
  'urgentOfficer',
  'urgentHead',
]
const bySuccession: Check = ({ template, state, isHandover, wasHandedOver, hasNewerSlip }) => {
  if (wasHandedOver && TO_UNIT.includes(template)) return 'handedOver'
  if (!isHandover || template === 'slipCoHandler') return null
  if (!LEFT_BY_UNIT.includes(state)) return whatBecame(state)
  // The hours that it names are over, and a message of its own says so (Đ9.4).
  if (template === 'slipHead' && state === 'overdue') return 'clockOver'
  return hasNewerSlip ? 'elsewhere' : null
}

const byOffice: Check = ({ template, hasLeft }) =>
  hasLeft && TO_UNIT.includes(template) ? 'leftOffice' : null

const byDecision: Check = ({ template, promiseWaits }) =>
  template === 'promiseAsked' && !promiseWaits ? 'decided' : null

/**
 * Whether newer facts have overtaken a message before it went out: one that waited for the morning must not remind of what was
 * answered meanwhile. Null: it goes, once, as regulation.md 6.3 promises.
 */
export function overtakenBy(facts: ReleaseFacts): Overtaken | null {
  for (const check of [byNewerWord, byState, byClock, byHolder, byDecision, bySuccession, byOffice]) {
    const why = check(facts)
    if (why !== null) return why
  }
  return null
}

function whatBecame(state: TicketState): Overtaken {
  if (state === 'agencyAnswered' || state === 'answered' || state === 'closed') return 'answered'
  return OPEN_STATES.includes(state) ? 'elsewhere' : 'ended'
}
