import { type DeadlineRow, isStatutory, smsDue } from '../deadlines/service.ts'
import { type CaseMessage, type OutboxRequest, vietnamMobile } from '../messages/service.ts'
import { bareLink } from '../platform/links.ts'
import { type DueNewsRow } from './due-news-store.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { type SmsLines, staffWords } from './sms-lines.ts'
import { occasionOf } from './slips.ts'
import { HANDOVER, TOOK_OVER } from './succession.ts'
import { type Ticket, type TicketEventRecord } from './ticket.ts'

/** Messages that name the end of a unit's clock. */
const NAMES_DUE: readonly OutboxRequest['template'][] = [
  'slipOfficer',
  'slipOfficerLong',
  'slipDirected',
  'slipHead',
  'reminder',
  'forwarded',
  'dueMoved',
]

/** Line of the history: somebody was told of several cases in one message that names none. */
const TOLD_TOGETHER = 'dueMovedTogether'

/** A case that somebody knows another end of than holds now. */
interface Moved {
  readonly news: DueNewsRow
  readonly ticket: Ticket
  readonly due: string
  readonly dueAt: string
}

/**
 * What a new calendar makes of messages that named the old end of a clock (A19): one that waits says the new one when it goes out, and
 * who was told another than holds now is told once, in one message however many of their cases have moved.
 */
export function createDueNews(
  ports: Pick<
    TicketPorts,
    'store' | 'dueNews' | 'deadlines' | 'directory' | 'outbox' | 'transaction' | 'publicUrl' | 'now'
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
    return isOpen && dueAt !== news.named ? { news, ticket, dueAt, due: smsDue(kind, dueAt) } : null
  }

  /** Nobody of the unit has a number that an SMS reaches: then somebody has to ring, and the history says so. */
  function noteUnreached(ticket: Ticket, row: DeadlineRow, oldDueAt: string | null): void {
    const unit = ticket.unitId === null ? undefined : ports.directory.successorOf(ticket.unitId)
    if (unit === undefined || !isStatutory(row.kind) || !isNews(row, oldDueAt)) return
    const level = row.kind === 'head' ? 'head' : 'officer'
    const isFor = (role: string): boolean => role === level || row.kind === 'directed'
    if (unit.people.some(({ role, phone }) => isFor(role) && vietnamMobile(phone) !== undefined)) return
    const { number, version } = store.leadSlip(ticket.id) ?? {}
    const detail = { number, version, level, unitName: unit.name, phone: unit.dutyPhone, dueAt: row.dueAt }
    book.addEvent(ticket, 'slipNobodyTold', now().toISOString(), null, detail)
  }

  function tellOne({ news, ticket, due }: Moved): void {
    const { title, place } = staffWords(ticket)
    lines.sendTo(ticket, {
      template: 'dueMoved',
      slots: {
        code: ticket.code,
        matter: [title, place].filter((part) => part !== '').join(', '),
        due,
        link: bareLink(`${publicUrl}/p/${store.leadSlip(ticket.id)?.token ?? ''}`),
      },
      to: news.to,
      toName: news.toName,
      line: 'dueMovedSms',
      at: now(),
      actorId: null,
      urgent: ticket.urgent,
      occasion: `${occasionOf(news.deadlineId)}:${String(news.version)}`,
    })
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
      const messages = outbox.saidOf(ticket.code, NAMES_DUE)
      if (messages.length === 0) return
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
      // The last that each number has of this clock.
      const lastOf = new Map(messages.filter(isOfClock).map((message) => [message.to, message]))
      for (const last of lastOf.values()) {
        const { to, toName, isWaiting } = last
        const { deadlineId, ticketId } = { deadlineId: row.id, ticketId: ticket.id }
        dueNews.drop({ deadlineId, to })
        const together = toldTogether(events, row.id, last)
        // One that waits still sends them to the list, whatever stands there by then.
        if (together !== undefined && outbox.isWaiting(together.smsId)) continue
        const named = together === undefined ? namedBy(last) : together.dueAt
        if (isWaiting || named === undefined || !isNews(row, named)) continue
        dueNews.put({ deadlineId, to, toName, ticketId, named, version })
      }
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
            const some = moved.filter(({ ticket }) => ticket.training === training)
            const [one] = some
            if (one === undefined) continue
            if (some.length === 1) tellOne(one)
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
  { kind, dueAt }: DeadlineRow,
  oldDueAt: string | null,
): readonly (string | null)[] {
  const before = events
    .filter(({ type, detail }) => type === 'deadlineRecomputed' && detail['kind'] === kind)
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
function isNews({ dueAt, pausedAt }: DeadlineRow, named: string | null): boolean {
  if (dueAt === null || dueAt === named) return false
  return pausedAt === null || named === null || dueAt < named
}
