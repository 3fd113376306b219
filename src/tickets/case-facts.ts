import { TICKET_STATES, type TicketState } from './contract.ts'
import { type Ticket, type TicketEventRecord } from './ticket.ts'
import { type GuardFacts, type HistoryFacts } from './ticket-guards.ts'

/*
 * What the history of a case says of it now. A case may go the same way twice (sent back, returned, objected to): what counts
 * is what has happened since the way began again.
 */

/** A day that the officer named and the head has not decided on yet (Đ9.3, A8). */
export interface PromiseRequest {
  /** ISO 8601 UTC. */
  readonly promisedAt: string
  readonly reason: string
  readonly at: string
  readonly actorId: number | null
}

/** Any of these, and what was asked before them is asked no more. */
const ENDS_REQUEST = [
  'promiseDeclined',
  'promised',
  'slipIssued',
  'officerLate',
  'agencyAnswered',
  'leadTaken',
  'bounced',
]
/** By any of these a case comes to the City Office (Đ9.5, Đ14.2). */
const BACK_AT_OFFICE = ['leadTaken', 'objected', 'bounced']
/** Any of these, and somebody looks for the citizen anew, with something else to say. */
const BEGINS_TRIES = ['answerReturned', 'answered', 'leadTaken', 'bounced']

export function promiseRequestOf(events: readonly TicketEventRecord[]): PromiseRequest | null {
  const last = events.findLast(({ type }) => type === 'promiseRequested' || ENDS_REQUEST.includes(type))
  if (last?.type !== 'promiseRequested') return null
  const { promisedAt, reason } = last.detail
  return typeof promisedAt === 'string' && typeof reason === 'string'
    ? { promisedAt, reason, at: last.at, actorId: last.actorId }
    : null
}

/** Tries to reach the citizen with what there is to say now. */
export function citizenTriesOf(events: readonly TicketEventRecord[]): number {
  // The head's slip is for the same matter; an officer's is another unit's.
  const begins = (event: TicketEventRecord): boolean =>
    BEGINS_TRIES.includes(event.type) || isOfficersSlip(event)
  return since(events, begins).filter(({ type }) => type === 'citizenUnreachable').length
}

/** Where the answer that waits came from; undefined for one of before that was written down. */
export function answeredFromOf(events: readonly TicketEventRecord[]): TicketState | undefined {
  const from = events.findLast(isOf('agencyAnswered'))?.detail['from']
  return TICKET_STATES.find((state) => state === from)
}

/** Whether the unit whose answer waits told the citizen itself (Đ9.3): then there is nobody left to reach. */
export function wasToldByUnit(events: readonly TicketEventRecord[]): boolean {
  const replied = events.findLast(isOf('agencyAnswered'))?.detail['replied']
  return typeof replied === 'string' && replied !== 'hotline'
}

/** When the holder was last reminded, by a clock or by hand; null if never. */
export function lastRemindedOf(events: readonly TicketEventRecord[]): string | null {
  return since(events, isOf('slipIssued')).findLast(isOf('reminded', 'remindedByHand'))?.at ?? null
}

/** Who inside the unit works on it now; what was said before the unit got it is over, and going up to its head changes nothing. */
export function handlerOf(events: readonly TicketEventRecord[], unitId: string | null): string | null {
  const given = since(events, isOfficersSlip).findLast(
    ({ type, detail }) => type === 'workGiven' && detail['unitId'] === unitId,
  )
  const handler = given?.detail['handler']
  return typeof handler === 'string' ? handler : null
}

/** How a confidential case stands with its unit (A15); null for one that is not. */
export function secretOf({
  confidential,
  releasedTo,
  unitId,
}: Pick<Ticket, 'unitId' | 'confidential' | 'releasedTo'>): GuardFacts['secret'] {
  if (!confidential) return null
  return releasedTo !== null && releasedTo === unitId ? 'released' : 'covered'
}

/**
 * Whether the unit that has it got it by a directive of the city's leaders (Đ9.5): what went back to the City Office meanwhile is
 * with no unit, and under none.
 */
export function isDirected(events: readonly TicketEventRecord[]): boolean {
  return events.findLast((event) => isOfficersSlip(event) || toOffice(event))?.detail['directed'] === true
}

/** What guards ask about the past. */
export function factsOfHistory(
  events: readonly TicketEventRecord[],
  ticket: Pick<Ticket, 'unitId' | 'confidential' | 'releasedTo'>,
  now: Date,
): Omit<HistoryFacts, 'isFilled' | 'hasCall' | 'byCityOffice'> {
  const { unitId } = ticket
  const request = promiseRequestOf(events)
  return {
    promiseWaits: request === null ? null : { isToCome: Date.parse(request.promisedAt) > now.getTime() },
    secret: secretOf(ticket),
    wasReminded: since(events, isOf('clarificationAsked')).some(isOf('citizenReminded')),
    requestsMade: events.filter(({ type, detail }) => type === 'citizenAsked' && detail['unitId'] === unitId)
      .length,
    promisesMade: since(events, isOfficersSlip).filter(isOf('promised')).length,
    bouncesMade: events.filter(({ type }) => type === 'bounced').length,
    triesMade: citizenTriesOf(events),
    isDirected: isDirected(events),
  }
}

const isOfficersSlip = ({ type, detail }: TicketEventRecord): boolean =>
  type === 'slipIssued' && detail['level'] === 'officer'

const toOffice = ({ type }: TicketEventRecord): boolean => BACK_AT_OFFICE.includes(type)

const isOf =
  (...types: readonly string[]) =>
  ({ type }: TicketEventRecord): boolean =>
    types.includes(type)

function since(
  events: readonly TicketEventRecord[],
  begins: (event: TicketEventRecord) => boolean,
): readonly TicketEventRecord[] {
  return events.slice(events.findLastIndex(begins) + 1)
}
