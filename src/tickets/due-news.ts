import { type DeadlineRow, isStatutory, type SlipDue, smsDue } from '../deadlines/service.ts'
import { type CaseMessage, type OutboxRequest, vietnamMobile } from '../messages/service.ts'
import { bareLink } from '../platform/links.ts'
import { type DueNewsRow } from './due-news-store.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { type SmsLines, staffWords } from './sms-lines.ts'
import { occasionOf } from './slips.ts'
import { HANDOVER, TOOK_OVER } from './succession.ts'
import { type Ticket, type TicketEventRecord } from './ticket.ts'

/** Messages that name the end of a unit's clock to those who have to keep it. */
const NAMES_DUE: readonly OutboxRequest['template'][] = [
  'slipOfficer',
  'slipOfficerLong',
  'slipDirected',
  'slipHead',
  'reminder',
  'dueMoved',
  'clockWentOn',
]
/** Messages that tell a citizen when they may expect an answer. */
const NAMES_EXPECTED: readonly OutboxRequest['template'][] = ['forwarded', 'promised', 'answerLater']

/** A clock as it stands now. */
type ClockNow = Pick<DeadlineRow, 'id' | 'kind' | 'dueAt' | 'pausedAt'>
/** Somebody who knows another end than holds now; `toName` is null for whoever reported the case. */
type Known = Pick<DueNewsRow, 'to' | 'toName' | 'named'>

/** Line of the history: somebody was told of several cases in one message that names none. */
const TOLD_TOGETHER = 'dueMovedTogether'
/** Line of the history: a clock that stood still goes on, and ends at another time. */
const WENT_ON = 'clockWentOn'

/** A case that somebody knows another end of than holds now. */
interface Moved {
  readonly news: DueNewsRow
  readonly ticket: Ticket
  readonly due: string
  readonly dueAt: string
}

/**
 * What becomes of messages that named the end of a clock when a new calendar moves it (A19), or it stood still and goes on (A9): one that
 * waits says the new one when it goes out, and who was told another than holds now is told once; of a calendar in one message however
 * many of their cases have moved. Whoever reported it hears of a later end only: nobody waits in vain for an earlier one.
 */
export function createDueNews(
  ports: Pick<
    TicketPorts,
    'store' | 'dueNews' | 'deadlines' | 'directory' | 'outbox' | 'transaction' | 'publicUrl' | 'city' | 'now'
  >,
  book: Pick<CaseBook, 'addEvent' | 'changed'>,
  lines: Pick<SmsLines, 'sendTo'>,
) {
  const { store, dueNews, outbox, publicUrl, now } = ports

  /** Null where it is as they know it after all, and where nothing runs any more. */
  function stillMoved(news: DueNewsRow): Moved | null {
    const ticket = store.find(news.ticketId)
    const clock = ports.deadlines.ofTicket(news.ticketId).find(({ id }) => id === news.deadlineId)
    if (ticket === undefined || clock === undefined || clock.dueAt === null) return null
    const { state, kind, dueAt } = clock
    const isOpen = state === 'running' || state === 'paused'
    const isMoved = news.toName === null ? isLater(dueAt, news.named) : dueAt !== news.named
    return isOpen && isMoved ? { news, ticket, dueAt, due: smsDue(kind, dueAt) } : null
  }

  /** Nobody of the unit has a number that an SMS reaches: then somebody has to ring, and the history says so. */
  function noteUnreached(ticket: Ticket, row: ClockNow, oldDueAt: string | null): void {
    const unit = ticket.unitId === null ? undefined : ports.directory.successorOf(ticket.unitId)
    if (unit === undefined || !isStatutory(row.kind) || !isNews(row, oldDueAt)) return
    const level = row.kind === 'head' ? 'head' : 'officer'
    const isFor = (role: string): boolean => role === level || row.kind === 'directed'
    if (unit.people.some(({ role, phone }) => isFor(role) && vietnamMobile(phone) !== undefined)) return
    const { number, version } = store.leadSlip(ticket.id) ?? {}
    const detail = { number, version, level, unitName: unit.name, phone: unit.dutyPhone, dueAt: row.dueAt }
    book.addEvent(ticket, 'slipNobodyTold', now().toISOString(), null, detail)
  }

  function tellOne(
    ticket: Ticket,
    { to, toName }: Pick<Known, 'to' | 'toName'>,
    said: { readonly template: 'dueMoved' | 'clockWentOn'; readonly due: string; readonly occasion: string },
  ): void {
    const { template, due, occasion } = said
    const common = { to, at: now(), actorId: null, occasion }
    if (toName === null) {
      const slots = { code: ticket.code, due, hotline: ports.city.hotline }
      lines.sendTo(ticket, { ...common, template: 'answerLater', slots, toName, line: 'citizenSms' })
      return
    }
    const { title, place } = staffWords(ticket)
    const matter = [title, place].filter((part) => part !== '').join(', ')
    const link = bareLink(`${publicUrl}/p/${store.leadSlip(ticket.id)?.token ?? ''}`)
    const slots = { code: ticket.code, matter, due, link }
    lines.sendTo(ticket, { ...common, template, slots, toName, line: 'dueMovedSms', urgent: ticket.urgent })
  }

  function tellMoved({ ticket, news, due }: Moved): void {
    const occasion = `${occasionOf(news.deadlineId)}:${String(news.version)}`
    tellOne(ticket, news, { template: 'dueMoved', due, occasion })
  }

  /** Who has another end of that clock from us than holds now. Those whose message still waits get it with the new one. */
  function knowOtherwise(ticket: Ticket, row: ClockNow, oldDueAt: string | null): Known[] {
    const messages = outbox.saidOf(ticket.code, [...NAMES_DUE, ...NAMES_EXPECTED])
    if (messages.length === 0) return []
    const events = store.events(ticket.id)
    const ends = endsOf(events, row, oldDueAt)
    const heldSince = events.findLast(
      ({ type, detail }) => type === TOOK_OVER && detail['beside'] !== true,
    )?.at
    const due = smsDue(row.kind, row.dueAt)
    const namedBy = ({ textVi }: CaseMessage) => ends.find((end) => textVi.includes(smsDue(row.kind, end)))
    for (const message of messages.filter(({ isWaiting }) => isWaiting)) {
      const named = namedBy(message)
      if (named !== undefined) outbox.replaceIn(message.id, smsDue(row.kind, named), due)
    }
    const occasion = occasionOf(row.id)
    // Those of a unit that has ended have no part in it any more; who took over was told by another occasion (R012).
    const isOfClock = ({ occasion: by, createdAt }: CaseMessage): boolean =>
      createdAt >= (heldSince ?? '') &&
      (by === occasion || by?.startsWith(`${occasion}:`) === true || by?.startsWith(HANDOVER) === true)
    const toStaff = messages.filter((message) => message.toName !== null && isOfClock(message))
    const toCitizen = messages.findLast(({ toName }) => toName === null)
    const known: Known[] = []
    // The last that each number has of this clock.
    for (const last of new Map(toStaff.map((message) => [message.to, message])).values()) {
      const { to, toName, isWaiting } = last
      dueNews.drop({ deadlineId: row.id, to })
      const together = toldTogether(events, row.id, last)
      // One that waits still sends them to the list, whatever stands there by then.
      if (together !== undefined && outbox.isWaiting(together.smsId)) continue
      const named = together === undefined ? namedBy(last) : together.dueAt
      if (!isWaiting && named !== undefined && isNews(row, named)) known.push({ to, toName, named })
    }
    if (toCitizen !== undefined) {
      const { to, toName, isWaiting } = toCitizen
      dueNews.drop({ deadlineId: row.id, to })
      // Where they were told of another clock since, as of a day that the unit promises, this one is not what they wait for.
      const named = namedBy(toCitizen)
      const isKnown = named !== undefined && isNews(row, named) && isLater(row.dueAt, named)
      if (!isWaiting && isKnown) known.push({ to, toName, named })
    }
    return known
  }

  function tellTogether(moved: readonly Moved[], { to, toName, deadlineId, version }: DueNewsRow): void {
    const count = moved.length
    const sms = outbox.enqueue({
      template: 'dueMovedMany',
      slots: { count: String(count), link: bareLink(`${publicUrl}/tickets`) },
      to,
      toName,
      ticketCode: null,
      training: moved.every(({ ticket }) => ticket.training),
      urgent: moved.some(({ ticket }) => ticket.urgent),
      occasion: `dueMoved:${String(deadlineId)}:${String(version)}`,
    })
    for (const { news, ticket, dueAt } of moved) {
      const detail = { to: sms.to, toName, smsId: sms.id, count, deadlineId: news.deadlineId, dueAt }
      book.addEvent(ticket, TOLD_TOGETHER, now().toISOString(), null, detail)
    }
  }

  return {
    /** In the transaction that moves it: notes who is to be told. `version`: of the calendar that did. */
    moved(ticket: Ticket, row: DeadlineRow, oldDueAt: string | null, version: number): void {
      noteUnreached(ticket, row, oldDueAt)
      for (const known of knowOtherwise(ticket, row, oldDueAt))
        dueNews.put({ ...known, deadlineId: row.id, ticketId: ticket.id, version })
    },

    /** It stood still and goes on, in the transaction that has it do so: told at once, as somebody's step brought it about. */
    wentOn(ticket: Ticket, { deadlineId, wentOnFrom }: SlipDue): void {
      if (wentOnFrom === undefined) return
      const view = ports.deadlines.ofTicket(ticket.id).find(({ id }) => id === deadlineId)
      if (view === undefined || view.dueAt === wentOnFrom) return
      const at = now()
      const row = { ...view, pausedAt: null }
      const detail = { kind: row.kind, oldDueAt: wentOnFrom, newDueAt: row.dueAt }
      book.addEvent(ticket, WENT_ON, at.toISOString(), null, detail)
      noteUnreached(ticket, row, wentOnFrom)
      const due = smsDue(row.kind, row.dueAt)
      const occasion = `${occasionOf(deadlineId)}:${String(at.getTime())}`
      const known = knowOtherwise(ticket, row, wentOnFrom)
      // With no time left it breaks next, and what follows from that says so (Đ9.4).
      if ((row.dueAt ?? '') < at.toISOString()) return
      for (const person of known) tellOne(ticket, person, { template: 'clockWentOn', due, occasion })
    },

    /** Tells so many people at most, each of all that they were noted for; true where somebody is left. */
    tell(people: number): boolean {
      for (let told = 0; told < people; told += 1) {
        const all = dueNews.next()
        const [first] = all
        if (first === undefined) return false
        ports.transaction(() => {
          const moved = all.flatMap((news) => stillMoved(news) ?? [])
          // What is an exercise is told apart from what is not (R084).
          for (const training of [false, true]) {
            const told = moved.filter(({ ticket }) => ticket.training === training)
            // A citizen knows their cases by the code, and has few.
            const [some, reported] = [told.filter(isOfStaff), told.filter((one) => !isOfStaff(one))]
            for (const one of reported) tellMoved(one)
            const [one] = some
            if (one === undefined) continue
            if (some.length === 1) tellMoved(one)
            else tellTogether(some, one.news)
          }
          dueNews.told(first.to)
          for (const { ticket } of moved.slice(0, MOST_SHOWN)) book.changed(ticket)
        })
      }
      return dueNews.next().length > 0
    },
  }
}

/** Consoles are told of so many cases at once; whoever looks later reads what is there. */
const MOST_SHOWN = 100

/** Every end that the clock has had, what holds now last. */
function endsOf(
  events: readonly TicketEventRecord[],
  { kind, dueAt }: ClockNow,
  oldDueAt: string | null,
): readonly (string | null)[] {
  const before = events
    .filter(
      ({ type, detail }) => (type === 'deadlineRecomputed' || type === WENT_ON) && detail['kind'] === kind,
    )
    .map(({ detail }) => detail['oldDueAt'])
    .map((end) => (typeof end === 'string' ? end : null))
  return [...new Set([oldDueAt, ...before, dueAt])]
}

/** What sent that person to the list because of this clock, since the last message that named its end. */
function toldTogether(
  events: readonly TicketEventRecord[],
  deadlineId: number,
  { toShown, createdAt }: CaseMessage,
): { readonly smsId: number; readonly dueAt: string } | undefined {
  const said = events.findLast(
    ({ type, at, detail }) =>
      type === TOLD_TOGETHER &&
      detail['deadlineId'] === deadlineId &&
      detail['to'] === toShown &&
      at >= createdAt,
  )
  const { smsId, dueAt } = said?.detail ?? {}
  return typeof smsId === 'number' && typeof dueAt === 'string' ? { smsId, dueAt } : undefined
}

/** While a clock stands still its end is open: a later one is no news, an earlier one is. */
function isNews({ dueAt, pausedAt }: ClockNow, named: string | null): boolean {
  if (dueAt === null || dueAt === named) return false
  return pausedAt === null || named === null || dueAt < named
}

function isLater(dueAt: string | null, named: string | null): boolean {
  return dueAt !== null && named !== null && dueAt > named
}

function isOfStaff({ news }: Moved): boolean {
  return news.toName !== null
}
