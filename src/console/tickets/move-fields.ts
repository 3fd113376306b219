import type {
  LEAD_REASONS,
  MoveTicket,
  REPLIED_BY,
  TicketMove,
  TicketState,
  TOLD_BY,
  TRY_OUTCOMES,
} from '../../tickets/contract.ts'

/** What a move may be given besides its version. */
export type MoveInput = Exclude<keyof MoveTicket, 'version' | 'action' | 'files'>

export interface MoveForm {
  /** In the order they are asked for. */
  readonly inputs: readonly {
    readonly name: MoveInput
    readonly required: boolean
    /** Seldom needed: behind one line that opens. */
    readonly isFolded?: boolean
  }[]
  /** Nothing brings the case back from there, or somebody loses a right by it: asked once more. */
  readonly isFinal: boolean
}

const needs = (...names: readonly MoveInput[]) => names.map((name) => ({ name, required: true }))
const takes = (...names: readonly MoveInput[]) => names.map((name) => ({ name, required: false }))
const folds = (...names: readonly MoveInput[]) =>
  names.map((name) => ({ name, required: false, isFolded: true }))
const form = (...inputs: MoveForm['inputs']): MoveForm => ({ inputs, isFinal: false })
const finalForm = (...inputs: MoveForm['inputs']): MoveForm => ({ inputs, isFinal: true })

/** The form of each move: what the guards of ticket-machine.ts ask for, and what its slip or message is made of. */
export const MOVE_FORMS: Readonly<Record<TicketMove, MoveForm>> = {
  reject: finalForm(...takes('reasonCode'), ...needs('reason', 'redirect', 'told')),
  askClarification: form(...needs('question')),
  clarify: form(...needs('reason')),
  giveUpClarification: finalForm(),
  accept: form(),
  askCitizen: form(...needs('question')),
  citizenReplied: form(...needs('reason')),
  promise: form(...needs('promisedAt', 'reason')),
  requestPromise: form(...needs('promisedAt', 'reason')),
  approvePromise: form(),
  declinePromise: form(...needs('reason')),
  submitAnswer: form(
    ...needs('result', 'replied'),
    ...folds('repliedAt', 'documentNo', 'documentDate', 'signer'),
  ),
  returnAnswer: form(...needs('reason')),
  relayAnswer: form(...needs('result', 'told')),
  citizenUnreachable: form(...needs('triedBy', 'triedAt', 'tryOutcome'), ...takes('reason')),
  close: finalForm(),
  object: form(...needs('reason')),
  // What is sent stays sent.
  remind: finalForm(),
  takeLead: form(...needs('leadReason'), ...takes('reason')),
  direct: form(...needs('unitId', 'directive', 'dueAt'), ...takes('documentNo', 'documentDate')),
  bounce: form(...needs('reason'), ...takes('unitId')),
  bounceToOffice: form(...needs('reason'), ...takes('unitId')),
  reroute: form(...needs('unitId', 'reason')),
  merge: finalForm(...needs('parentCode')),
  withdraw: finalForm(...needs('reason')),
  releaseReporter: finalForm(...needs('reason')),
  coverReporter: form(...needs('reason')),
  // Nothing is lost by it.
  discard: form(),
}

/** What usually comes next in a state; the first that the server offers is shown open. */
const LIKELY: Readonly<Partial<Record<TicketState, readonly TicketMove[]>>> = {
  needsClarification: ['clarify'],
  assigned: ['accept'],
  inProgress: ['approvePromise', 'submitAnswer'],
  verifying: ['submitAnswer'],
  awaitingCitizen: ['citizenReplied'],
  escalated: ['submitAnswer'],
  overdue: ['submitAnswer', 'direct'],
  cityOffice: ['direct', 'submitAnswer'],
  agencyAnswered: ['relayAnswer'],
}

/** Moves where the unit that has the case is no answer to the question for a unit. */
const ELSEWHERE: readonly TicketMove[] = ['bounce', 'bounceToOffice', 'reroute']

export const TOLD_WAYS: readonly (typeof TOLD_BY)[number][] = ['voice', 'sms', 'email']
/** Left to the hotline, or told by the unit itself (Đ9.3). */
export const REPLY_WAYS: readonly (typeof REPLIED_BY)[number][] = ['hotline', 'voice', 'email', 'inPerson']
export const TRY_ENDS: readonly (typeof TRY_OUTCOMES)[number][] = [
  'noAnswer',
  'busy',
  'switchedOff',
  'wrongNumber',
  'noReply',
]
export const LEAD_CASES: readonly (typeof LEAD_REASONS)[number][] = [
  'unitsDisagree',
  'citizenDisagrees',
  'forChairman',
]

/** Most characters of a text, as the contract has them. */
export const LENGTHS = {
  reason: 2000,
  redirect: 500,
  question: 2000,
  result: 8000,
  directive: 4000,
  documentNo: 60,
  documentDate: 10,
  signer: 120,
  promisedAt: 40,
  triedAt: 40,
  repliedAt: 40,
  parentCode: 11,
} as const satisfies Readonly<Partial<Record<MoveInput, number>>>

export interface OfferedMoves {
  readonly likely: TicketMove | null
  readonly others: readonly TicketMove[]
}

/** Two steps behind one button: which of them it is, the server says when the first is tried (Đ14.2; Đ9.3). */
export const SECOND_STEPS: Readonly<
  Partial<Record<TicketMove, { readonly of: TicketMove; readonly after: string }>>
> = {
  bounceToOffice: { of: 'bounce', after: 'BOUNCES_USED' },
  requestPromise: { of: 'promise', after: 'PROMISE_NEEDS_HEAD' },
}

/** The moves among the server's actions. */
export function offeredMoves(state: TicketState, actions: readonly string[]): OfferedMoves {
  const offered = (Object.keys(MOVE_FORMS) as TicketMove[]).filter((move) => actions.includes(move))
  const likely = LIKELY[state]?.find((move) => offered.includes(move)) ?? null
  const isSecond = (move: TicketMove): boolean => offered.some((first) => first === SECOND_STEPS[move]?.of)
  const others = offered.filter((move) => move !== likely && !isSecond(move))
  return { likely, others }
}

export interface MoveCase {
  readonly state: TicketState
  readonly unitId: string | null
  readonly agencyAnswer: string | null
  readonly citizenTries: number
  readonly events: readonly { readonly type: string; readonly detail: Readonly<Record<string, unknown>> }[]
}

/** Vietnam has had one offset since 1975. */
const CITY_OFFSET_MS = 7 * 3_600_000

/** What a field begins with: the unit's answer for the citizen, and the unit that a directive is most likely meant for. */
export function prefilled(move: TicketMove, name: MoveInput, ticket: MoveCase, nowMs: number): string {
  if (name === 'triedAt') return new Date(nowMs + CITY_OFFSET_MS).toISOString().slice(0, 16)
  if (name === 'replied') return 'hotline'
  if (move === 'relayAnswer' && name === 'result') return ticket.agencyAnswer ?? ''
  if (move === 'direct' && name === 'unitId') return suggestedByUnit(ticket) ?? ticket.unitId ?? ''
  return ''
}

/** The unit that the last one to send the case back named instead of itself. */
export function suggestedByUnit({ events }: Pick<MoveCase, 'events'>): string | null {
  const last = events.findLast(({ type }) => type === 'bounced' || type === 'slipIssued')
  const named = last?.type === 'bounced' ? last.detail['suggestedUnitId'] : null
  return typeof named === 'string' ? named : null
}

/** Units to choose from: the suggested ones first; not the one that has the case where it is to go elsewhere. */
export function unitsFor<U extends { readonly id: string }>(
  move: TicketMove,
  units: readonly U[],
  suggested: readonly string[],
  currentUnitId: string | null,
): readonly U[] {
  const rank = ({ id }: U): number => (suggested.includes(id) ? suggested.indexOf(id) : suggested.length)
  return units
    .filter(({ id }) => !ELSEWHERE.includes(move) || id !== currentUnitId)
    .sort((a, b) => rank(a) - rank(b))
}

/** Row 16 of regulation.md 2.2; the server's guard says the same. */
const ENOUGH_TRIES = 3

type InputCase = Pick<MoveCase, 'citizenTries' | 'state'> & Partial<Pick<MoveCase, 'events'>>

/** The unit said that it told the citizen itself (A7). */
function wasToldByUnit(events: MoveCase['events']): boolean {
  const replied = events.findLast(({ type }) => type === 'agencyAnswered')?.detail['replied']
  return typeof replied === 'string' && replied !== 'hotline'
}

/** What the move asks for in this case: three tries to reach the citizen, or the unit's own word to them, stand for having told them. */
export function inputsOf(
  move: TicketMove,
  { citizenTries, state, events = [] }: InputCase,
): MoveForm['inputs'] {
  const { inputs } = MOVE_FORMS[move]
  // An overdue case stays with its unit, and overdue: there is nobody to choose and no time to name (Đ9.4).
  if (move === 'direct' && state === 'overdue')
    return inputs.filter(({ name }) => name !== 'unitId' && name !== 'dueAt')
  if (move !== 'relayAnswer' || (citizenTries < ENOUGH_TRIES && !wasToldByUnit(events))) return inputs
  return inputs.map((input) => (input.name === 'told' ? { ...input, required: false } : input))
}

/** The first required input that is empty, or no code of a case. */
export function missingInput(
  move: TicketMove,
  valueOf: (name: MoveInput) => string,
  ticket: InputCase,
): MoveInput | null {
  const isMissing = (name: MoveInput): boolean => {
    const value = wireValue(name, valueOf(name))
    return name === 'parentCode' ? !/^[A-Z]{2}\d{2}-\d{6}$/.test(value) : value === ''
  }
  return inputsOf(move, ticket).find(({ name, required }) => required && isMissing(name))?.name ?? null
}

/** The code under which the catalogue says what is missing: the same as the server's. */
export const MISSING: Readonly<Record<MoveInput, string>> = {
  reasonCode: 'REASON_REQUIRED',
  reason: 'REASON_REQUIRED',
  redirect: 'REDIRECT_REQUIRED',
  told: 'TOLD_REQUIRED',
  question: 'QUESTION_REQUIRED',
  result: 'ANSWER_REQUIRED',
  leadReason: 'LEAD_REASON_REQUIRED',
  directive: 'DIRECTIVE_REQUIRED',
  dueAt: 'DIRECTED_DUE_REQUIRED',
  documentNo: 'DOCUMENT_NO_REQUIRED',
  documentDate: 'DOCUMENT_DATE_REQUIRED',
  signer: 'SIGNER_REQUIRED',
  unitId: 'UNIT_REQUIRED',
  promisedAt: 'PROMISE_REQUIRED',
  replied: 'REPLY_REQUIRED',
  repliedAt: 'REPLIED_AT_REQUIRED',
  triedBy: 'TRIED_BY_REQUIRED',
  triedAt: 'TRIED_AT_REQUIRED',
  tryOutcome: 'TRY_OUTCOME_REQUIRED',
  parentCode: 'PARENT_REQUIRED',
}

/** The code for an input that a move missed; a reason of some is no reason but what the citizen added. */
export function missingCode(move: TicketMove, input: MoveInput): string {
  const isAddition = input === 'reason' && (move === 'clarify' || move === 'citizenReplied')
  return isAddition ? 'ADDITION_REQUIRED' : MISSING[input]
}

/** Which input a refusal of the server is about; those not here are about the case. */
export const REFUSED_INPUT: Readonly<Record<string, MoveInput>> = {
  ...Object.fromEntries(Object.entries(MISSING).map(([name, code]) => [code, name as MoveInput])),
  ADDITION_REQUIRED: 'reason',
  CITIZEN_NOT_TOLD: 'told',
  CITIZEN_NO_SMS: 'told',
  TRY_TO_COME: 'triedAt',
  TRY_BEFORE_CASE: 'triedAt',
  REPLY_TO_COME: 'repliedAt',
  REPLY_BEFORE_CASE: 'repliedAt',
  PROMISE_PAST: 'promisedAt',
  PROMISE_NOT_WORKED: 'promisedAt',
  PROMISE_TOO_FAR: 'promisedAt',
  PROMISE_TOO_LATE: 'promisedAt',
  PROMISE_USED: 'promisedAt',
  PROMISE_NEEDS_HEAD: 'promisedAt',
  PROMISE_NEEDS_NO_HEAD: 'promisedAt',
  DIRECTED_DUE_PAST: 'dueAt',
  DIRECTED_DUE_TOO_FAR: 'dueAt',
  DIRECTED_DUE_NO_CALENDAR: 'dueAt',
  DIRECTED_DUE_NOT_WORKED: 'dueAt',
  SAME_UNIT: 'unitId',
  UNIT_HAS_CASE: 'unitId',
  BOUNCE_TO_ITSELF: 'unitId',
  UNIT_UNKNOWN: 'unitId',
  UNIT_HAS_NO_OFFICER: 'unitId',
  PARENT_NOT_OPEN: 'parentCode',
  DIRECT_OTHER_UNIT: 'unitId',
  DOCUMENT_DATE_TO_COME: 'documentDate',
  DOCUMENT_DATE_TOO_OLD: 'documentDate',
}

/** The request: only what the move takes and somebody filled in; a time is the city's. `files` go with an answer. */
export function moveBody(
  move: TicketMove,
  { version, ...ticket }: InputCase & { readonly version: number },
  valueOf: (name: MoveInput) => string,
  files: readonly { readonly id: number }[] = [],
): MoveTicket {
  const given = inputsOf(move, ticket)
    .map(({ name }) => [name, wireValue(name, valueOf(name))] as const)
    .filter(([, value]) => value !== '')
  return {
    version,
    action: move,
    ...(Object.fromEntries(given) as Partial<MoveTicket>),
    ...(move === 'submitAnswer' && files.length > 0 ? { files: files.map(({ id }) => id) } : {}),
  }
}

/** Inputs that are a day and an hour of the city. */
export const MOMENTS: readonly MoveInput[] = ['promisedAt', 'triedAt', 'repliedAt', 'dueAt']

function wireValue(name: MoveInput, value: string): string {
  const text = value.trim()
  if (name === 'parentCode') return text.toUpperCase()
  return MOMENTS.includes(name) && text !== '' ? `${text.slice(0, 16)}:00+07:00` : text
}
