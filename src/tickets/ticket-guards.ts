/** What must hold before an edge is taken. */
export type TicketGuard =
  /** Who, how to reach them, and what it is about (Đ7.3). */
  | 'complete'
  | 'hasContent'
  /** Nothing was written or attached, and no call belongs to it. */
  | 'emptyDraft'
  /** Reason, its text and where to turn instead, and how the reporter was told (Đ8.2). */
  | 'reasonAndRedirect'
  | 'question'
  /** What the citizen who was asked has added, in words: the question is used up by it (Đ8.3, Đ18.1). */
  | 'addition'
  | 'reminded'
  /** The officer's one request of Đ18.1 is still there. */
  | 'firstRequest'
  /** The officer's time is not over: after it the case is the head's, and no day named by the unit changes that (A8). */
  | 'officerInTime'
  /** A unit names a day once for each slip (A8). */
  | 'firstPromise'
  /** To come, within 90 days, with a reason; beyond the head's 48 hours only with the head's approval (Đ9.3, A8). */
  | 'promise'
  /** Beyond the head's 48 hours: only then is there anything for the head to approve. */
  | 'longPromise'
  /** A day waits for the head's word. */
  | 'promiseWaits'
  | 'noPromiseWaits'
  /** The day that waits is still to come. */
  | 'promiseToCome'
  | 'result'
  /** Where the unit told the citizen itself: when, not to come, and not before the case was there (Đ9.3; A7). */
  | 'reply'
  | 'reason'
  /** The citizen was told, or three tries to reach them are written down. */
  | 'citizenTold'
  /** How, when and with what outcome the citizen was not reached; when it is over, and not before the case was there. */
  | 'try'
  | 'objectionWindow'
  /** Nobody reminded the holder within the last hour. */
  | 'notJustReminded'
  /** Which of Đ9.5 a, b, c. */
  | 'leadReason'
  | 'directive'
  /** When the unit has to answer by: to come, within 90 days, in its hours of a year whose calendar is confirmed (row 20). */
  | 'directedDue'
  /** No time is named: an overdue case stays overdue until it is answered (Đ9.4). */
  | 'noDirectedDue'
  /**
   * The unit has it by no directive of the city's leaders, whose time and choice of a unit stand (Đ9.5); or it is the City Office that
   * asks, which alone may change them.
   */
  | 'undirected'
  /** Within the first two working hours, with the unit it belongs to (Đ14.2, A10). */
  | 'bounceWindow'
  | 'bouncesLeft'
  | 'noBouncesLeft'
  /** A unit is named; whether it can take the case is looked up when the slip is made. */
  | 'unit'
  | 'otherUnit'
  /** The unit that is named has not got it already: it is reminded instead, and its hours are not given once more (Đ9.3, A10). */
  | 'elsewhere'
  | 'notItself'
  | 'openParent'
  /** Confidential, and its unit does not know who reported it (A15). */
  | 'covered'
  /** Confidential, and its unit was told. */
  | 'released'

/** What is known when somebody wants to take an edge; all that an edge does not ask about stays as in `NOTHING_GIVEN`. */
export interface GuardFacts {
  readonly content: string
  readonly reporterName: string
  readonly organisation: string | null
  /** Telephone, e-mail or the channel itself: some way to give the answer. */
  readonly canBeReached: boolean
  /** What comes with the action; blank is nothing. */
  readonly given: Readonly<
    Partial<
      Record<
        | 'reason'
        | 'redirect'
        | 'told'
        | 'question'
        | 'result'
        | 'replied'
        | 'leadReason'
        | 'directive'
        | 'triedBy'
        | 'tryOutcome',
        string
      >
    >
  >
  /** Something was written or attached. */
  readonly isFilled: boolean
  readonly hasCall: boolean
  readonly wasReminded: boolean
  /** Requests of Đ18.1 that this unit has made. */
  readonly requestsMade: number
  readonly bouncesMade: number
  readonly isOfficerLate: boolean
  /** Since the officer's newest slip. */
  readonly promisesMade: number
  readonly promise: {
    readonly isToCome: boolean
    readonly isTooFar: boolean
    /** Somebody of the unit is there then: a day off, a lunch hour or an evening is nobody's word (Đ9.3, Đ3.4). */
    readonly isWorked: boolean
    readonly needsHead: boolean
    readonly byHead: boolean
  } | null
  /** The day that waits for the head's word; null when none does. */
  readonly promiseWaits: { readonly isToCome: boolean } | null
  /** When a directive wants the answer. */
  readonly directedDue: {
    readonly isToCome: boolean
    readonly isTooFar: boolean
    readonly isConfirmed: boolean
    /** As of a promise: nobody of the unit answers at an hour when none of them is there. */
    readonly isWorked: boolean
  } | null
  /** The unit that has it got it by a directive. */
  readonly isDirected: boolean
  readonly byCityOffice: boolean
  readonly isCitizenTold: boolean
  /** When the unit told the citizen itself; null where it left that to the hotline. */
  readonly replied: { readonly isOver: boolean; readonly isOfCase: boolean } | null
  /** Tries to reach the citizen with what there is to say now. */
  readonly triesMade: number
  readonly tried: { readonly isOver: boolean; readonly isOfCase: boolean } | null
  readonly isJustReminded: boolean
  readonly isObjectionInTime: boolean
  readonly isBounceInTime: boolean
  readonly isUnitNamed: boolean
  /** The unit that is named holds the case, or does the work of the one that does. */
  readonly isItself: boolean
  readonly isParentOpen: boolean
  /** Null where the case is not confidential. */
  readonly secret: 'covered' | 'released' | null
}

/** What the past of a case says, whoever wants to do what. */
export type HistoryFacts = Pick<
  GuardFacts,
  | 'isFilled'
  | 'hasCall'
  | 'wasReminded'
  | 'requestsMade'
  | 'bouncesMade'
  | 'promisesMade'
  | 'triesMade'
  | 'promiseWaits'
  | 'isDirected'
  | 'byCityOffice'
  | 'secret'
>

export const NOTHING_GIVEN: Omit<GuardFacts, 'content' | 'reporterName' | 'organisation' | 'canBeReached'> = {
  given: {},
  isFilled: true,
  hasCall: false,
  wasReminded: false,
  requestsMade: 0,
  bouncesMade: 0,
  isOfficerLate: false,
  promisesMade: 0,
  promise: null,
  promiseWaits: null,
  directedDue: null,
  isDirected: false,
  byCityOffice: false,
  isCitizenTold: false,
  replied: null,
  triesMade: 0,
  tried: null,
  isJustReminded: false,
  isObjectionInTime: false,
  isBounceInTime: false,
  isUnitNamed: false,
  isItself: false,
  isParentOpen: false,
  secret: null,
}

/** Đ18.1: 01 lần. */
const MOST_REQUESTS = 1
/** regulation.md 2.5 A8. */
const MOST_PROMISES = 1
/** Row 16 of regulation.md 2.2: so many tries, and the result may be recorded without the citizen knowing it. */
export const ENOUGH_TRIES = 3
/** The third one goes to the City Office (Đ14.2; regulation.md 2.5 A10). */
const BOUNCES_BEFORE_OFFICE = 2

type Check = (facts: GuardFacts) => string | null

const asked =
  (what: keyof GuardFacts['given'], code: string): Check =>
  ({ given }) =>
    (given[what] ?? '').trim() === '' ? code : null
const firstOf =
  (...checks: readonly Check[]): Check =>
  (facts) =>
    checks.reduce<string | null>((found, check) => found ?? check(facts), null)
const unless =
  (holds: (facts: GuardFacts) => boolean, code: string): Check =>
  (facts) =>
    holds(facts) ? null : code

/** The third one does (Đ14.2), and what the City Office directed to the unit: the desk cannot undo that (Đ9.5). */
const goesToOffice = ({ bouncesMade, isDirected }: GuardFacts): boolean =>
  isDirected || bouncesMade >= BOUNCES_BEFORE_OFFICE
const HAS_CONTENT = unless(({ content }) => content.trim() !== '', 'CONTENT_REQUIRED')
const REASON = asked('reason', 'REASON_REQUIRED')
const PROMISED_DAY = firstOf(
  REASON,
  unless(({ promise }) => promise?.isToCome === true, 'PROMISE_PAST'),
  unless(({ promise }) => promise?.isTooFar !== true, 'PROMISE_TOO_FAR'),
  unless(({ promise }) => promise?.isWorked !== false, 'PROMISE_NOT_WORKED'),
)

/** Each guard's check; it answers the code of what is missing, in the catalogue's words `error.<code>`. */
const CHECKS: Readonly<Record<TicketGuard, Check>> = {
  complete: firstOf(
    HAS_CONTENT,
    unless(
      ({ reporterName, organisation }) => reporterName.trim() !== '' || (organisation ?? '').trim() !== '',
      'REPORTER_NAME_REQUIRED',
    ),
    unless(({ canBeReached }) => canBeReached, 'REPORTER_CONTACT_REQUIRED'),
  ),
  hasContent: HAS_CONTENT,
  emptyDraft: firstOf(
    unless(({ hasCall }) => !hasCall, 'DRAFT_OF_CALL'),
    unless(({ isFilled }) => !isFilled, 'DRAFT_NOT_EMPTY'),
  ),
  reasonAndRedirect: firstOf(REASON, asked('redirect', 'REDIRECT_REQUIRED'), asked('told', 'TOLD_REQUIRED')),
  question: asked('question', 'QUESTION_REQUIRED'),
  addition: asked('reason', 'ADDITION_REQUIRED'),
  reminded: unless(({ wasReminded }) => wasReminded, 'NOT_REMINDED'),
  firstRequest: unless(({ requestsMade }) => requestsMade < MOST_REQUESTS, 'REQUEST_USED'),
  officerInTime: unless(({ isOfficerLate }) => !isOfficerLate, 'PROMISE_TOO_LATE'),
  firstPromise: unless(({ promisesMade }) => promisesMade < MOST_PROMISES, 'PROMISE_USED'),
  promise: firstOf(
    PROMISED_DAY,
    unless(({ promise }) => promise?.needsHead !== true || promise.byHead, 'PROMISE_NEEDS_HEAD'),
  ),
  longPromise: firstOf(
    PROMISED_DAY,
    unless(({ promise }) => promise?.needsHead === true, 'PROMISE_NEEDS_NO_HEAD'),
  ),
  promiseWaits: unless(({ promiseWaits }) => promiseWaits !== null, 'NO_PROMISE_WAITS'),
  noPromiseWaits: unless(({ promiseWaits }) => promiseWaits === null, 'PROMISE_WAITS'),
  promiseToCome: unless(({ promiseWaits }) => promiseWaits?.isToCome === true, 'PROMISE_OVER'),
  result: asked('result', 'ANSWER_REQUIRED'),
  reply: firstOf(
    asked('replied', 'REPLY_REQUIRED'),
    unless(({ replied }) => replied?.isOver !== false, 'REPLY_TO_COME'),
    unless(({ replied }) => replied?.isOfCase !== false, 'REPLY_BEFORE_CASE'),
  ),
  reason: REASON,
  citizenTold: unless((facts) => facts.isCitizenTold || facts.triesMade >= ENOUGH_TRIES, 'CITIZEN_NOT_TOLD'),
  try: firstOf(
    asked('triedBy', 'TRIED_BY_REQUIRED'),
    asked('tryOutcome', 'TRY_OUTCOME_REQUIRED'),
    unless(({ tried }) => tried !== null, 'TRIED_AT_REQUIRED'),
    unless(({ tried }) => tried?.isOver === true, 'TRY_TO_COME'),
    unless(({ tried }) => tried?.isOfCase === true, 'TRY_BEFORE_CASE'),
  ),
  objectionWindow: unless(({ isObjectionInTime }) => isObjectionInTime, 'OBJECTION_TOO_LATE'),
  notJustReminded: unless(({ isJustReminded }) => !isJustReminded, 'REMINDED_LATELY'),
  leadReason: asked('leadReason', 'LEAD_REASON_REQUIRED'),
  directive: asked('directive', 'DIRECTIVE_REQUIRED'),
  directedDue: firstOf(
    unless(({ directedDue }) => directedDue !== null, 'DIRECTED_DUE_REQUIRED'),
    unless(({ directedDue }) => directedDue?.isToCome === true, 'DIRECTED_DUE_PAST'),
    unless(({ directedDue }) => directedDue?.isTooFar === false, 'DIRECTED_DUE_TOO_FAR'),
    unless(({ directedDue }) => directedDue?.isConfirmed === true, 'DIRECTED_DUE_NO_CALENDAR'),
    unless(({ directedDue }) => directedDue?.isWorked === true, 'DIRECTED_DUE_NOT_WORKED'),
  ),
  noDirectedDue: unless(({ directedDue }) => directedDue === null, 'DIRECTED_DUE_NOT_TAKEN'),
  undirected: unless(({ isDirected, byCityOffice }) => !isDirected || byCityOffice, 'UNDER_DIRECTIVE'),
  bounceWindow: unless(({ isBounceInTime }) => isBounceInTime, 'BOUNCE_TOO_LATE'),
  bouncesLeft: unless((facts) => !goesToOffice(facts), 'BOUNCES_USED'),
  noBouncesLeft: unless(goesToOffice, 'BOUNCES_LEFT'),
  unit: unless(({ isUnitNamed }) => isUnitNamed, 'UNIT_REQUIRED'),
  otherUnit: unless(({ isItself }) => !isItself, 'SAME_UNIT'),
  elsewhere: unless(({ isItself }) => !isItself, 'UNIT_HAS_CASE'),
  notItself: unless(({ isItself }) => !isItself, 'BOUNCE_TO_ITSELF'),
  covered: unless(({ secret }) => secret === 'covered', 'NOT_COVERED'),
  released: unless(({ secret }) => secret === 'released', 'NOT_RELEASED'),
  openParent: unless(({ isParentOpen }) => isParentOpen, 'PARENT_NOT_OPEN'),
}

/** Guards that nothing typed into a form can meet: where one does not hold, its step is not offered. */
const BY_HISTORY: readonly TicketGuard[] = [
  'emptyDraft',
  'reminded',
  'firstRequest',
  'firstPromise',
  'promiseWaits',
  'noPromiseWaits',
  'undirected',
  'covered',
  'released',
]

/** May a step with this guard be offered, as far as the past says? */
export function isOfferable(history: HistoryFacts): (guard: TicketGuard) => boolean {
  const facts: GuardFacts = {
    ...NOTHING_GIVEN,
    ...history,
    content: '',
    reporterName: '',
    organisation: null,
    canBeReached: false,
  }
  return (guard) => !BY_HISTORY.includes(guard) || CHECKS[guard](facts) === null
}

/** Code of the first thing that is missing, or null. */
export function missingFor(guards: readonly TicketGuard[], facts: GuardFacts): string | null {
  return guards.reduce<string | null>((found, guard) => found ?? CHECKS[guard](facts), null)
}
