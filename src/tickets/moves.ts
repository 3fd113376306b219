import { type Person } from '../accounts/contract.ts'
import { type DeadlineKind } from '../deadlines/contract.ts'
import { type DeadlineRow, type SlipDue } from '../deadlines/service.ts'
import { toLocalIso } from '../platform/clock.ts'
import { isTooOldDocument } from '../platform/document-day.ts'
import { AppError } from '../platform/errors.ts'
import { type createAttachments } from './attachments.ts'
import {
  answeredFromOf,
  citizenTriesOf,
  factsOfHistory,
  isDirected,
  lastRemindedOf,
  type PromiseRequest,
  promiseRequestOf,
  secretOf,
  wasToldByUnit,
} from './case-facts.ts'
import { type MoveTicket, type TicketMove } from './contract.ts'
import { type createDueNews } from './due-news.ts'
import { createFollowers } from './followers.ts'
import { hasCase } from './route-choice.ts'
import { intakeOf, isFilled, wordsOfCase } from './intake.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { type SmsLines } from './sms-lines.ts'
import { type createSlips, type Direction, occasionOf } from './slips.ts'
import { createStaffSms } from './staff-sms.ts'
import { type GuardFacts } from './ticket-guards.ts'
import {
  edgeFor,
  OPEN_STATES,
  STATES,
  type TicketAction,
  type TicketActor,
  type TicketEdge,
} from './ticket-machine.ts'
import { type Ticket, type TicketEventRecord, type TicketPatch } from './ticket.ts'
import { agencyAnswerOf, lastAnswer } from './ticket-views.ts'

/** Who moves a case. */
export interface Mover {
  readonly id: number
  readonly name: string
  readonly role: Exclude<TicketActor, 'system'>
  readonly unitId: string | null
}

/** What a move writes besides state and clocks. */
interface Effect {
  readonly type: string
  readonly detail: Record<string, unknown>
  readonly patch?: TicketPatch
  readonly unitId?: string
  readonly chosen?: Date
  readonly resumeFrom?: Date
  /** In the same transaction, once it is written. */
  readonly then?: (written: Ticket) => void
}

/** Days in which a citizen may object to an answer (row 18), and minutes in which a unit may send a case back (row 21). */
export const OBJECTION_DAYS = 15
const BOUNCE_MINUTES = 120
/** No day further off is promised to anybody, nor named by a directive: the regulation has no limit, and beyond it is a year mistyped. */
const NAMED_DAYS = 90
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
/** A case's holder is not reminded twice within it. */
const REMINDER_MS = 60 * MINUTE_MS

/** After these nobody answers the case any more. */
const ENDS_UNANSWERED: readonly TicketAction[] = ['withdraw', 'giveUpClarification']

/** By one of which a unit has the case when it comes to it. */
const FIRST_CLOCKS = ['officer', 'directed'] as const

/** What a clock that ran out does to its case; those not here are only marked. */
const WHEN_OVER: Readonly<Partial<Record<DeadlineKind, readonly TicketAction[]>>> = {
  officer: ['officerLate'],
  promise: ['promiseMissed'],
  directed: ['officerLate'],
  head: ['headLate'],
  citizen: ['citizenSilent', 'giveUpClarification'],
  autoClose: ['close'],
}

interface MoveParts {
  readonly slips: ReturnType<typeof createSlips>
  readonly lines: SmsLines
  readonly attachments: Pick<ReturnType<typeof createAttachments>, 'chosen'>
  readonly dueNews: Pick<ReturnType<typeof createDueNews>, 'wentOn' | 'promised'>
}

/** Moves of the life cycle: people's, and those of clocks. Each in the caller's transaction. */
export function createMoves(
  ports: TicketPorts,
  book: CaseBook,
  { slips, lines, attachments, dueNews }: MoveParts,
) {
  const { store } = ports
  const staff = createStaffSms(ports, { slips, lines })
  const followers = createFollowers(ports, book, lines)

  /** Throws TICKET_NOT_FOUND, TICKET_CHANGED, ACTION_NOT_POSSIBLE, ACTION_NOT_YOURS, or what the guard misses. */
  function move(code: string, asked: MoveTicket, mover: Mover): Ticket {
    const before = book.mustFind(code)
    const to = asked.action === 'returnAnswer' ? answeredFromOf(store.events(before.id)) : undefined
    const edge = book.mayTake(before, asked.action, asked.version, factsOf(before, asked, mover), to)
    if (!edge.actors.includes(mover.role))
      throw new AppError('forbidden', 'ACTION_NOT_YOURS', `${asked.action} is not for ${mover.role}`)
    return EFFECTS[asked.action](before, edge, asked, mover)
  }

  /** What takes a look-up is looked up when a guard asks. */
  function factsOf(ticket: Ticket, asked: MoveTicket, { role }: Mover): GuardFacts {
    const now = ports.now()
    const { reason, redirect, told, question, result, replied, leadReason, directive, triedBy, tryOutcome } =
      asked
    const given = {
      reason,
      redirect,
      told,
      question,
      result,
      replied,
      leadReason,
      directive,
      triedBy,
      tryOutcome,
    }
    let read: readonly TicketEventRecord[] | undefined
    const events = () => (read ??= store.events(ticket.id))
    let known: ReturnType<typeof factsOfHistory> | undefined
    const past = () => (known ??= factsOfHistory(events(), ticket, now))
    return {
      ...wordsOfCase(ticket),
      given: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      get isFilled() {
        return isFilled(store, ticket)
      },
      get hasCall() {
        return store.callIds(ticket.id).length > 0
      },
      get wasReminded() {
        return past().wasReminded
      },
      get requestsMade() {
        return past().requestsMade
      },
      get bouncesMade() {
        return past().bouncesMade
      },
      get triesMade() {
        return past().triesMade
      },
      get promiseWaits() {
        return past().promiseWaits
      },
      get promisesMade() {
        return past().promisesMade
      },
      get isOfficerLate() {
        return ports.deadlines.broken(ticket.id, FIRST_CLOCKS, now) !== null
      },
      promise: promiseFacts(ticket, asked.promisedAt, role, now),
      directedDue: directedFacts(asked, now),
      get isDirected() {
        return past().isDirected
      },
      byCityOffice: role === 'cityOffice',
      get isCitizenTold() {
        return asked.told !== undefined || wasToldByUnit(events())
      },
      replied: isOwnReply(asked) ? whenFacts(ticket, asked.repliedAt ?? now.toISOString(), now) : null,
      tried: whenFacts(ticket, asked.triedAt, now),
      get isJustReminded() {
        const at = lastRemindedOf(events())
        return at !== null && now.getTime() - Date.parse(at) < REMINDER_MS
      },
      get isObjectionInTime() {
        const answeredAt = events().findLast(({ type }) => type === 'answered')?.at
        return answeredAt !== undefined && now.getTime() - Date.parse(answeredAt) <= OBJECTION_DAYS * DAY_MS
      },
      get isBounceInTime() {
        return ports.deadlines.ranFor(ticket.id, FIRST_CLOCKS, now) <= BOUNCE_MINUTES
      },
      isUnitNamed: (asked.unitId ?? '') !== '',
      get isItself() {
        return hasCase(ports.directory, ticket, asked.unitId ?? '')
      },
      secret: secretOf(ticket),
      get isParentOpen() {
        const parent = asked.parentCode === undefined ? undefined : store.findByCode(asked.parentCode)
        return parent !== undefined && parent.id !== ticket.id && mayFollow(ticket, parent)
      },
    }
  }

  /** Nobody was told by an SMS that nobody can get (rows 2, 16). Throws CITIZEN_NO_SMS. */
  function checkTold(ticket: Ticket, { told }: MoveTicket): void {
    if (told === 'sms' && !lines.reachesCitizen(ticket))
      throw new AppError('invalid', 'CITIZEN_NO_SMS', 'no SMS reaches whoever reported it')
  }

  function whenFacts(ticket: Ticket, moment: string | undefined, now: Date): GuardFacts['tried'] {
    if (moment === undefined) return null
    const at = new Date(moment).getTime()
    // Times are typed by the minute.
    const since = Date.parse(ticket.receivedAt ?? ticket.createdAt) - MINUTE_MS
    return { isOver: at <= now.getTime(), isOfCase: at >= since }
  }

  function promiseFacts(
    ticket: Ticket,
    promisedAt: string | undefined,
    role: TicketActor,
    now: Date,
  ): GuardFacts['promise'] {
    if (promisedAt === undefined) return null
    const day = new Date(promisedAt)
    const latest = ports.deadlines.dueFrom('head', ticket.unitId, now)
    return {
      isToCome: day.getTime() > now.getTime(),
      isTooFar: day.getTime() - now.getTime() > NAMED_DAYS * DAY_MS,
      isWorked: ports.deadlines.isWorked('promise', ticket.unitId, day),
      needsHead: latest === null || day.getTime() > latest.getTime(),
      byHead: role === 'head',
    }
  }

  function directedFacts({ dueAt, unitId = '' }: MoveTicket, now: Date): GuardFacts['directedDue'] {
    if (dueAt === undefined) return null
    const day = new Date(dueAt)
    const isTooFar = day.getTime() - now.getTime() > NAMED_DAYS * DAY_MS
    return {
      isToCome: day.getTime() > now.getTime(),
      isTooFar,
      isWorked: ports.deadlines.isWorked('directed', unitId, day),
      isConfirmed: isTooFar || ports.deadlines.reaches('directed', unitId, day),
    }
  }

  function take(ticket: Ticket, edge: TicketEdge, actorId: number | null, effect: Effect): Ticket {
    const { type, detail, patch, unitId, chosen, resumeFrom, then } = effect
    const clocks: { due?: SlipDue | null } = {}
    const written = book.take(ticket, edge, {
      at: ports.now(),
      actorId,
      type,
      detail: (set) => {
        clocks.due = set
        return detail
      },
      ...(patch === undefined ? {} : { patch }),
      ...(unitId === undefined ? {} : { unitId }),
      ...(chosen === undefined ? {} : { chosen }),
      ...(resumeFrom === undefined ? {} : { resumeFrom }),
    })
    then?.(written)
    if (clocks.due) {
      dueNews.wentOn(written, clocks.due)
      tellUndated(written, clocks.due)
    }
    if (ENDS_UNANSWERED.includes(edge.action)) followers.takeOver(written, actorId)
    return written
  }

  /** It went on past the last confirmed year: whoever has it knows an end that no more holds, and hears that there is none yet. */
  function tellUndated(ticket: Ticket, { deadlineId, dueAt, wentOnFrom }: SlipDue): void {
    if (dueAt !== null || typeof wentOnFrom !== 'string') return
    staff.reminder(ticket, STATES[ticket.state].holder === 'head' ? 'head' : 'officer', {
      left: hoursText(0),
      actorId: null,
      occasion: `${occasionOf(deadlineId)}:${String(ports.now().getTime())}`,
    })
  }

  /** What a draft gains on its way through `receive`, and the line its history has of it. */
  function receivedFirst(ticket: Ticket, edge: TicketEdge, { id }: Mover): TicketPatch {
    if (edge.through === undefined) return {}
    const at = ports.now().toISOString()
    book.addEvent(ticket, 'received', at, id, intakeOf(ticket))
    return book.receivedPatch(ticket, at)
  }

  type MoveEffect = (ticket: Ticket, edge: TicketEdge, asked: MoveTicket, mover: Mover) => Ticket
  const plain =
    (type: string, detail: (asked: MoveTicket, ticket: Ticket) => Record<string, unknown>): MoveEffect =>
    (ticket, edge, asked, mover) =>
      take(ticket, edge, mover.id, { type, detail: detail(asked, ticket) })
  const toUnit: MoveEffect = (ticket, edge, asked, mover) =>
    slips.issue(ticket, edge, {
      unitId: asked.unitId ?? '',
      level: 'officer',
      note: asked.reason ?? '',
      actor: mover,
    })

  const bounced: MoveEffect = (ticket, edge, asked, mover) =>
    take(ticket, edge, mover.id, {
      type: 'bounced',
      detail: { unitId: ticket.unitId, suggestedUnitId: asked.unitId ?? null, reason: asked.reason },
      patch: { unitId: null },
    })

  const EFFECTS: Readonly<Record<TicketMove, MoveEffect>> = {
    reject: (ticket, edge, asked, mover) => {
      checkTold(ticket, asked)
      return take(ticket, edge, mover.id, {
        type: 'rejected',
        detail: {
          reasonCode: asked.reasonCode ?? 'other',
          reason: asked.reason,
          redirect: asked.redirect,
          told: asked.told,
        },
        patch: receivedFirst(ticket, edge, mover),
        then: (written) => {
          const said = { reason: asked.reason ?? '', redirect: asked.redirect ?? '' }
          if (asked.told === 'sms') lines.tellCitizen(written, 'rejected', said)
          followers.tellRejected(written, said)
        },
      })
    },
    askClarification: (ticket, edge, asked, mover) =>
      question(ticket, edge, asked, mover, 'clarificationAsked'),
    clarify: plain('clarified', ({ reason }) => ({ text: reason ?? '' })),
    giveUpClarification: plain('giveUpClarification', () => ({})),
    accept: plain('accepted', () => ({})),
    askCitizen: (ticket, edge, asked, mover) => question(ticket, edge, asked, mover, 'citizenAsked'),
    citizenReplied: plain('citizenReplied', ({ reason }) => ({ text: reason ?? '' })),
    promise: (ticket, edge, { promisedAt, reason }, mover) =>
      promised(ticket, edge, mover, { promisedAt: promisedAt ?? '', reason: reason ?? '' }),
    requestPromise: (ticket, edge, { promisedAt, reason }, mover) => {
      const day = new Date(promisedAt ?? '')
      return take(ticket, edge, mover.id, {
        type: 'promiseRequested',
        detail: { promisedAt: day.toISOString(), reason },
        then: (written) => {
          staff.promiseAsked(written, day, mover.id)
        },
      })
    },
    approvePromise: (ticket, edge, _asked, mover) => {
      const request = promiseRequestOf(store.events(ticket.id))
      if (request === null) throw new AppError('invalid', 'NO_PROMISE_WAITS', 'no day waits for the head')
      return promised(ticket, edge, mover, request)
    },
    declinePromise: plain('promiseDeclined', ({ reason }) => ({ reason })),
    submitAnswer: (ticket, edge, asked, mover) => {
      const files = attachments.chosen(ticket, asked.files ?? [], mover)
      const named = files.map(({ id, name, sha256 }) => ({ id, name, sha256 }))
      return take(ticket, edge, mover.id, {
        type: 'agencyAnswered',
        detail: {
          result: asked.result,
          // Where it goes back to, should it be returned (row 15).
          from: ticket.state,
          replied: asked.replied,
          ...(isOwnReply(asked) ? { repliedAt: isoOf(asked.repliedAt, ports.now()) } : {}),
          ...documentOf(asked, ports.now()),
          ...(named.length === 0 ? {} : { files: named }),
        },
        then: () => {
          const answer = files.length === 0 ? undefined : lastAnswer(store.events(ticket.id))
          if (answer !== undefined) for (const { id } of files) store.giveAttachment(id, answer.id)
        },
      })
    },
    returnAnswer: (ticket, edge, { reason }, mover) => {
      const back = take(ticket, edge, mover.id, { type: 'answerReturned', detail: { reason } })
      return overBefore(back)
    },
    relayAnswer: (ticket, edge, asked, mover) => {
      checkTold(ticket, asked)
      const given = (asked.result ?? '').normalize('NFC').trim()
      const history = store.events(ticket.id)
      const answer = given === '' ? (agencyAnswerOf(history) ?? '') : given
      const silent = wasToldByUnit(history) ? { told: 'unit' } : { unreached: true }
      return take(ticket, edge, mover.id, {
        type: 'answered',
        detail: { answer, ...(asked.told === undefined ? silent : { told: asked.told }) },
        patch: { answer },
        then: (written) => {
          if (asked.told === 'sms') lines.tellCitizen(written, 'result', { result: answer })
          followers.tellResult(written, answer)
        },
      })
    },
    citizenUnreachable: (ticket, edge, asked, mover) =>
      take(ticket, edge, mover.id, {
        type: 'citizenUnreachable',
        detail: {
          triedBy: asked.triedBy,
          triedAt: new Date(asked.triedAt ?? '').toISOString(),
          tryOutcome: asked.tryOutcome,
          ...(asked.reason === undefined ? {} : { note: asked.reason }),
          count: citizenTriesOf(store.events(ticket.id)) + 1,
        },
      }),
    close: plain('closed', () => ({})),
    object: plain('objected', ({ reason }) => ({ reason })),
    remind: remindByHand,
    takeLead: plain('leadTaken', ({ leadReason, reason }) => ({ leadReason, reason })),
    direct: (ticket, edge, asked, mover) => {
      const said = directionOf(asked, ports.now())
      if (ticket.state === 'overdue') return directOverdue(ticket, edge, { ...asked, said }, mover)
      const chosen = new Date(asked.dueAt ?? '')
      const detail = { ...said, dueAt: chosen.toISOString() }
      book.addEvent(ticket, 'directed', ports.now().toISOString(), mover.id, detail)
      return slips.issue(ticket, edge, {
        unitId: asked.unitId ?? '',
        level: 'officer',
        note: said.directive ?? '',
        actor: mover,
        chosen,
        directive: said,
      })
    },
    bounce: bounced,
    // It is with the City Office now, and no more the unit's business.
    bounceToOffice: bounced,
    reroute: toUnit,
    merge: (ticket, edge, asked, mover) => {
      const parent = book.mustFind(asked.parentCode ?? '')
      return take(ticket, edge, mover.id, {
        type: 'merged',
        detail: { parentCode: parent.code },
        patch: receivedFirst(ticket, edge, mover),
        then: (written) => {
          followers.joined(written, parent.code, mover.id)
        },
      })
    },
    discard: plain('discarded', () => ({})),
    withdraw: (ticket, edge, { reason }, mover) => {
      const wasDirected = isDirected(store.events(ticket.id))
      return take(ticket, edge, mover.id, {
        type: 'withdrawn',
        detail: { reason },
        then: (written) => {
          if (wasDirected) staff.directiveWithdrawn(written, mover.id)
        },
      })
    },
    releaseReporter: (ticket, edge, asked, mover) => release(ticket, edge, asked, mover, ticket.unitId),
    coverReporter: (ticket, edge, asked, mover) => release(ticket, edge, asked, mover, null),
  }

  /** A15: for this unit only, with why and by whom in the history; another one that gets the case knows nothing again. */
  function release(
    ticket: Ticket,
    edge: TicketEdge,
    { reason }: MoveTicket,
    mover: Mover,
    to: string | null,
  ): Ticket {
    return take(ticket, edge, mover.id, {
      type: to === null ? 'reporterCovered' : 'reporterReleased',
      detail: { unitId: ticket.unitId, reason },
      patch: { releasedTo: to },
    })
  }

  /** The day is the unit's word: the citizen hears of it, and its clock runs. */
  function promised(
    ticket: Ticket,
    edge: TicketEdge,
    mover: Mover,
    { promisedAt, reason }: Pick<PromiseRequest, 'promisedAt' | 'reason'>,
  ): Ticket {
    const chosen = new Date(promisedAt)
    const isApproved = edge.action === 'approvePromise'
    return take(ticket, edge, mover.id, {
      type: 'promised',
      detail: { promisedAt: chosen.toISOString(), reason, ...(isApproved ? { approved: true } : {}) },
      chosen,
      then: (written) => {
        lines.tellCitizen(written, 'promised', { due: ports.deadlines.due(ticket.id)?.smsText ?? '' })
        dueNews.promised(written)
      },
    })
  }

  /** Đ9.4 ¶2: the unit's head hears what the city's leaders say, and goes on being late until there is an answer. */
  function directOverdue(
    ticket: Ticket,
    edge: TicketEdge,
    { unitId, said }: { readonly unitId?: string | undefined; readonly said: Direction },
    mover: Mover,
  ): Ticket {
    if (unitId !== undefined && unitId !== ticket.unitId && unitId !== staff.unitNow(ticket)?.id)
      throw new AppError(
        'invalid',
        'DIRECT_OTHER_UNIT',
        'an overdue case stays with its unit; reroute it instead',
      )
    return take(ticket, edge, mover.id, {
      type: 'directed',
      detail: said,
      then: (written) => {
        staff.directed(written, said.documentNo ?? '', mover.id)
      },
    })
  }

  function question(ticket: Ticket, edge: TicketEdge, asked: MoveTicket, mover: Mover, type: string): Ticket {
    return take(ticket, edge, mover.id, {
      type,
      detail: { question: asked.question, unitId: ticket.unitId },
      then: (written) => {
        lines.tellCitizen(written, 'question', { question: asked.question ?? '' })
      },
    })
  }

  /** A clock ran out: the case goes on by itself. A clock whose case has moved on meanwhile does nothing. */
  function ranOut(row: DeadlineRow): void {
    const ticket = store.find(row.ticketId)
    if (ticket === undefined) return
    const at = ports.now().toISOString()
    book.addEvent(ticket, 'breached', at, null, { kind: row.kind, dueAt: row.breachedAt })
    const edge = systemEdge(ticket, row.kind)
    const written = edge === undefined ? ticket : goOn(ticket, edge, row)
    book.changed(written)
  }

  /** Its clock had run out before the answer came, and nobody had seen it: then it goes on as it would have then. */
  function overBefore(ticket: Ticket): Ticket {
    const row = ports.deadlines.broken(ticket.id, STATES[ticket.state].clocks)
    const edge = row === null ? undefined : systemEdge(ticket, row.kind)
    return row === null || edge === undefined ? ticket : goOn(ticket, edge, row)
  }

  /** What that clock does to the case when it runs out. */
  function systemEdge(ticket: Ticket, kind: DeadlineKind): TicketEdge | undefined {
    return (WHEN_OVER[kind] ?? [])
      .map((action) => edgeFor(ticket.state, action))
      .find((found) => found?.actors.includes('system') === true)
  }

  function goOn(ticket: Ticket, edge: TicketEdge, row: DeadlineRow): Ticket {
    const { action } = edge
    if (action === 'officerLate' || action === 'promiseMissed') {
      const written = toHead(ticket, edge)
      if (row.kind === 'directed') staff.directiveMissed(written, row)
      return written
    }
    return action === 'headLate'
      ? take(ticket, edge, null, {
          type: 'overdue',
          detail: {},
          then: (written) => {
            staff.overdue(written, row)
          },
        })
      : take(ticket, edge, null, {
          type: action,
          detail: {},
          // What stood still for the citizen goes on when their time was over, whenever that was found (Đ18.1, 2.3).
          ...(row.breachedAt === null ? {} : { resumeFrom: new Date(row.breachedAt) }),
        })
  }

  /** Đ9.4: on to the head. A unit that left the directory meanwhile gets no slip, and holds up no clock. */
  function toHead(ticket: Ticket, edge: TicketEdge): Ticket {
    const unit = staff.unitNow(ticket) ?? ports.directory.unit(ticket.unitId ?? '')
    if (unit !== undefined)
      return slips.issue(ticket, edge, { unitId: unit.id, level: 'head', note: '', actor: null })
    return take(ticket, edge, null, {
      type: edge.action,
      detail: {},
      then: (written) => {
        const detail = { level: 'head', unitName: ticket.unitId ?? '', phone: null }
        book.addEvent(written, 'slipNobodyTold', ports.now().toISOString(), null, detail)
      },
    })
  }

  /**
   * Đ13.2, Đ14.1: whoever holds the case is told once more, by somebody. No step of the case, so that it disturbs nobody who is
   * writing the answer. Throws NOBODY_TO_REMIND.
   */
  function remindByHand(ticket: Ticket, edge: TicketEdge, _asked: MoveTicket, mover: Mover): Ticket {
    const now = ports.now()
    const role = STATES[ticket.state].holder === 'head' ? 'head' : 'officer'
    const detail = { role, unitId: ticket.unitId, article: edge.article }
    book.addEvent(ticket, 'remindedByHand', now.toISOString(), mover.id, detail)
    const left = ports.deadlines.leftFor(ticket.id, now)
    const told = staff.reminder(ticket, role, { left: hoursText(left), actorId: mover.id })
    if (told === 0) throw new AppError('invalid', 'NOBODY_TO_REMIND', `the unit has no ${role} to remind`)
    return ticket
  }

  /** Reminded before the end (Đ13.2): the officers or the head, or the citizen who was asked. */
  function remind(row: DeadlineRow): void {
    const ticket = store.find(row.ticketId)
    if (ticket === undefined) return
    const at = ports.now().toISOString()
    if (row.kind === 'citizen') {
      book.addEvent(ticket, 'citizenReminded', at, null, {})
      book.changed(ticket)
      return
    }
    staff.reminder(ticket, row.kind === 'head' ? 'head' : 'officer', {
      left: hoursText(ports.deadlines.leftFor(ticket.id, ports.now())),
      actorId: null,
      // By its end: a calendar that moves it makes another reminder the one that counts (A19).
      occasion: `${occasionOf(row.id)}:${String(Date.parse(row.dueAt ?? row.startedAt))}`,
    })
    book.changed(ticket)
  }

  return { move, tellFollowers: followers.tellResult, ranOut, remind }
}

/** Its result is still to come, and is one for the public (row 22). */
function mayFollow(ticket: Ticket, parent: Ticket): boolean {
  return OPEN_STATES.includes(parent.state) && parent.state !== 'draft' && parent.training === ticket.training
}

/** A reminder of two hours before the end goes out by the sweep of that minute. */
const SWEEP_MINUTES = 1

/** "02": whole working hours for an SMS; less than one is said as one, none as none. */
function hoursText(minutes: number): string {
  const hours = minutes <= 0 ? 0 : Math.min(99, Math.max(1, Math.floor((minutes + SWEEP_MINUTES) / 60)))
  return String(hours).padStart(2, '0')
}

/** The unit told the citizen itself, and leaves that to nobody. */
function isOwnReply({ action, replied }: MoveTicket): boolean {
  return action === 'submitAnswer' && replied !== undefined && replied !== 'hotline'
}

function isoOf(moment: string | undefined, otherwise: Date): string {
  return (moment === undefined ? otherwise : new Date(moment)).toISOString()
}

/** What the leaders said, and by which document. Throws DOCUMENT_DATE_TO_COME for one dated later than today. */
function directionOf(asked: MoveTicket, now: Date): Direction {
  return { directive: (asked.directive ?? '').normalize('NFC').trim(), ...documentOf(asked, now) }
}

/** The document that says so, as far as it was named. Throws DOCUMENT_DATE_TO_COME. */
function documentOf(
  { documentNo, documentDate, signer }: MoveTicket,
  now: Date,
): Readonly<Partial<Record<'documentNo' | 'documentDate' | 'signer', string>>> {
  const named = (text = ''): string => text.normalize('NFC').trim()
  if (documentDate !== undefined && documentDate > toLocalIso(now).slice(0, 10))
    throw new AppError('invalid', 'DOCUMENT_DATE_TO_COME', 'this document would be of a day to come')
  if (documentDate !== undefined && isTooOldDocument(documentDate, now))
    throw new AppError('invalid', 'DOCUMENT_DATE_TOO_OLD', 'a document of so long ago is a year mistyped')
  return {
    ...(named(documentNo) === '' ? {} : { documentNo: named(documentNo) }),
    ...(documentDate === undefined ? {} : { documentDate }),
    ...(named(signer) === '' ? {} : { signer: named(signer) }),
  }
}

/** The person as a mover; admins and auditors move nothing. */
export function moverOf({ id, name, role, unitId }: Person): Mover {
  if (role === 'admin') throw new AppError('forbidden', 'ACTION_NOT_YOURS', 'an admin keeps the accounts')
  if (role === 'auditor')
    throw new AppError('forbidden', 'ACTION_NOT_YOURS', 'an auditor reads the audit log')
  return { id, name, role, unitId }
}
