import { type Unit } from '../agencies/contract.ts'
import { type DeadlineRow, isStatutory, type SlipDue, smsDue } from '../deadlines/service.ts'
import { type CaseMessage, type OutboxRequest, vietnamMobile } from '../messages/service.ts'
import { bareLink } from '../platform/links.ts'
import { wasToldByUnit } from './case-facts.ts'
import { type DueNewsRow } from './due-news-store.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { leadingCase } from './followers.ts'
import { citizenNumber, type SmsLines, staffWords } from './sms-lines.ts'
import { occasionOf } from './slips.ts'
import { HANDOVER, STANDS_STILL, TOOK_OVER } from './succession.ts'
import { type Ticket, type TicketEventRecord } from './ticket.ts'

/** Messages that name the end of a unit's clock to those who have to keep it. */
const NAMES_DUE: readonly OutboxRequest['template'][] = [
  'slipOfficer',
  'slipOfficerLong',
  'slipDirected',
  'slipHead',
  'reminder',
  'reminderDue',
  'dueMoved',
  'clockWentOn',
]
/** Messages that tell a citizen when they may expect an answer. */
const NAMES_EXPECTED: readonly OutboxRequest['template'][] = ['forwarded', 'promised', 'answerLater']

/** A clock as it stands now. */
type ClockNow = Pick<DeadlineRow, 'id' | 'kind' | 'startedAt' | 'dueAt' | 'pausedAt'>
/** Somebody who knows another end than holds now, or none; `toName` is null for whoever reported the case. */
type Known = Pick<DueNewsRow, 'to' | 'toName' | 'named' | 'ticketId'>
/** A message of one number, and the end that it names where it names one. */
type Named = (message: CaseMessage) => string | null | undefined

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
 * It goes to who has a part in it today (Đ12.2, Đ17.9): to nobody who left the unit, to whoever came in since, and to the number that
 * the case has now.
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
    if (ticket === undefined || (news.toName !== null && !isInOffice(ticket, news.to))) return null
    const clock = ports.deadlines.ofTicket(leading(ticket).id).find(({ id }) => id === news.deadlineId)
    if (clock === undefined || clock.dueAt === null) return null
    const { state, kind, dueAt } = clock
    const isOpen = state === 'running' || state === 'paused'
    const isMoved = news.toName === null ? isLater(dueAt, news.named) : dueAt !== news.named
    return isOpen && isMoved ? { news, ticket, dueAt, due: smsDue(kind, dueAt) } : null
  }

  const leading = (ticket: Ticket): Ticket => leadingCase(store, ticket)

  const holderOf = ({ unitId }: Ticket): Unit | undefined =>
    unitId === null ? undefined : ports.directory.successorOf(unitId)

  const isInOffice = (ticket: Ticket, to: string): boolean =>
    holderOf(ticket)?.people.some(({ phone }) => vietnamMobile(phone) === to) === true

  /** Nobody of the unit has a number that an SMS reaches: then somebody has to ring, and the history says so. */
  function noteUnreached(ticket: Ticket, row: ClockNow, oldDueAt: string | null): void {
    const unit = holderOf(ticket)
    if (unit === undefined || !isStatutory(row.kind) || !isNews(row, oldDueAt)) return
    if (reachable(unit, row).length > 0) return
    const { number, version } = store.leadSlip(ticket.id) ?? {}
    const level = row.kind === 'head' ? 'head' : 'officer'
    const detail = { number, version, level, unitName: unit.name, phone: unit.dutyPhone, dueAt: row.dueAt }
    book.addEvent(ticket, 'slipNobodyTold', now().toISOString(), null, detail)
  }

  function tellOne(
    ticket: Ticket,
    { to, toName }: Pick<Known, 'to' | 'toName'>,
    said: {
      readonly template: 'dueMoved' | 'clockWentOn'
      readonly due: string
      readonly actBy: string | null
      readonly occasion: string
    },
  ): void {
    const { template, due, actBy, occasion } = said
    if (toName === null) {
      tellCitizen(ticket, due, occasion)
      return
    }
    const common = { to, at: now(), actorId: null, occasion, actBy }
    const { title, place } = staffWords(ticket)
    const matter = [title, place].filter((part) => part !== '').join(', ')
    const link = bareLink(`${publicUrl}/p/${store.leadSlip(ticket.id)?.token ?? ''}`)
    const slots = { code: ticket.code, matter, due, link }
    lines.sendTo(ticket, { ...common, template, slots, toName, line: 'dueMovedSms', urgent: ticket.urgent })
  }

  function tellMoved({ ticket, news, due, dueAt }: Moved): void {
    const occasion = `${occasionOf(news.deadlineId)}:${String(news.version)}`
    tellOne(ticket, news, { template: 'dueMoved', due, actBy: dueAt, occasion })
  }

  /**
   * A later end, to the number of today. One that was corrected since never heard of an earlier time, and whoever reported it would
   * hear nothing else: then it says where the case is and until when (C2), with no word of a delay.
   */
  function tellCitizen(ticket: Ticket, due: string, occasion: string): void {
    const to = vietnamMobile(citizenNumber(ticket) ?? '')
    if (to === undefined) {
      book.addEvent(ticket, 'citizenNotReachableBySms', now().toISOString(), null, { word: 'answerLater' })
      return
    }
    const isTold = citizensOf(ticket.code).some((message) => message.to === to)
    const unit = holderOf(leading(ticket))?.smsName ?? ports.city.hotline
    const slots = { code: ticket.code, due, hotline: ports.city.hotline }
    lines.sendTo(ticket, {
      ...(isTold ? { template: 'answerLater', slots } : { template: 'forwarded', slots: { ...slots, unit } }),
      to,
      toName: null,
      line: 'citizenSms',
      at: now(),
      actorId: null,
      occasion,
    })
  }

  const citizensOf = (code: string): CaseMessage[] =>
    outbox.saidOf(code, NAMES_EXPECTED).filter(({ toName }) => toName === null)

  /** Who has another end of that clock from us than holds now. Those whose message still waits get it with the new one. */
  function knowOtherwise(ticket: Ticket, row: ClockNow, oldDueAt: string | null): Known[] {
    const messages = outbox.saidOf(ticket.code, [...NAMES_DUE, ...NAMES_EXPECTED])
    const events = store.events(ticket.id)
    const ends = endsOf(events, row, oldDueAt)
    const due = smsDue(row.kind, row.dueAt)
    const namedBy: Named = ({ textVi }) =>
      textVi.includes(STANDS_STILL) ? null : ends.find((end) => textVi.includes(smsDue(row.kind, end)))
    for (const message of messages.filter(({ isWaiting }) => isWaiting)) {
      const named = namedBy(message)
      if (named === undefined) continue
      outbox.replaceIn(message.id, STANDS_STILL, due)
      outbox.replaceIn(message.id, smsDue(row.kind, named), due)
    }
    const told = messages.filter(({ toName }) => toName !== null)
    return [
      ...officeKnows(ticket, row, oldDueAt, { told, events, namedBy }),
      ...citizenKnows(ticket, row, namedBy, events),
      ...followersKnow(ticket, row, ends),
    ]
  }

  /** Of the people whom the clock concerns: who was told another end, and who came in since and was told none (Đ17.9). */
  function officeKnows(
    ticket: Ticket,
    row: ClockNow,
    oldDueAt: string | null,
    past: {
      readonly told: readonly CaseMessage[]
      readonly events: readonly TicketEventRecord[]
      readonly namedBy: Named
    },
  ): Known[] {
    const { told, events, namedBy } = past
    const heldSince = events.findLast(
      ({ type, detail }) => type === TOOK_OVER && detail['beside'] !== true,
    )?.at
    const occasion = occasionOf(row.id)
    // Those of a unit that has ended have no part in it any more; who took over was told by another occasion (R012).
    const isOfClock = ({ occasion: by, createdAt }: CaseMessage): boolean =>
      createdAt >= (heldSince ?? '') &&
      (by === occasion || by?.startsWith(`${occasion}:`) === true || by?.startsWith(HANDOVER) === true)
    const known: Known[] = []
    // The last that each number has of this clock.
    const last = new Map(told.filter(isOfClock).map((message) => [message.to, message]))
    for (const message of last.values()) {
      const { to, toName, isWaiting } = message
      dueNews.drop({ deadlineId: row.id, to })
      if (!isInOffice(ticket, to)) continue
      const together = toldTogether(events, row.id, message)
      // One that waits still sends them to the list, whatever stands there by then.
      if (together !== undefined && outbox.isWaiting(together.smsId)) continue
      const named = together === undefined ? namedBy(message) : together.dueAt
      if (!isWaiting && named !== undefined && isNews(row, named))
        known.push({ to, toName, named, ticketId: ticket.id })
    }
    if (!isStatutory(row.kind) || !isNews(row, oldDueAt)) return known
    const unit = holderOf(ticket)
    if (unit === undefined) return known
    const then = reachable(directoryThen(ticket, row.startedAt), row)
    for (const { to, name } of reachable(unit, row)) {
      const isNew = last.size > 0 || !then.some((one) => one.to === to)
      if (isNew && !last.has(to)) known.push({ to, toName: name, named: oldDueAt, ticketId: ticket.id })
    }
    return known
  }

  const directoryThen = ({ unitId }: Ticket, at: string): Unit | undefined =>
    ports.directory.at(new Date(at)).successorOf(unitId ?? '')

  /** Where they were told of another clock since, as of a day that the unit promises, this one is not what they wait for. */
  function citizenKnows(
    ticket: Ticket,
    row: ClockNow,
    namedBy: Named,
    events: readonly TicketEventRecord[],
  ): Known[] {
    const to = vietnamMobile(citizenNumber(ticket) ?? '') ?? NO_NUMBER
    const messages = citizensOf(ticket.code)
    const last = messages.findLast((message) => message.to === to) ?? messages.at(-1)
    if (last === undefined) return []
    dueNews.drop({ deadlineId: row.id, to })
    const named = namedBy(last)
    const isKnown = named !== undefined && isNews(row, named) && isLater(row.dueAt, named)
    // The unit has told them itself what comes of it, and an answer that the desk wants mended is nothing they wait for.
    if (last.isWaiting || !isKnown || wasToldByUnit(sinceLastSlip(events))) return []
    return [{ to, toName: null, named, ticketId: ticket.id }]
  }

  /** Those who reported the same, and were told a time before that was known (row 22): of its own slip, or of this clock since. */
  function followersKnow(ticket: Ticket, row: ClockNow, ends: readonly (string | null)[]): Known[] {
    if (row.kind === 'head') return []
    return store.followersOf(ticket.id).flatMap((child) => {
      const own = ports.deadlines.ofTicket(child.id).map(({ dueAt }) => dueAt)
      const known = [...own, ...ends].filter((end) => end !== null)
      return citizenKnows(
        child,
        row,
        ({ textVi }) => known.find((end) => textVi.includes(smsDue(row.kind, end))),
        [],
      )
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
      for (const known of knowOtherwise(ticket, row, oldDueAt))
        dueNews.put({ ...known, deadlineId: row.id, version })
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
      for (const person of known)
        tellOne(store.find(person.ticketId) ?? ticket, person, {
          template: 'clockWentOn',
          due,
          actBy: row.dueAt,
          occasion,
        })
    },

    /** A day that the unit promises (Đ9.3 ¶2): those who reported the same wait for it as well, and may know an earlier time. */
    promised(ticket: Ticket): void {
      const due = ports.deadlines.due(ticket.id)
      const row = ports.deadlines.ofTicket(ticket.id).find(({ id }) => id === due?.deadlineId)
      if (due === null || row === undefined) return
      for (const { ticketId } of followersKnow(ticket, { ...row, pausedAt: null }, []))
        tellCitizen(store.find(ticketId) ?? ticket, due.smsText, occasionOf(row.id))
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

/** In the place of a number where no SMS reaches whoever reported it: then the history says so. */
const NO_NUMBER = '-'

/** Whom of a unit such a clock concerns, and an SMS reaches: officers, heads, or of a directive both (Đ9.3 to Đ9.5). */
function reachable(
  unit: Unit | undefined,
  { kind }: Pick<ClockNow, 'kind'>,
): readonly { readonly to: string; readonly name: string }[] {
  const level = kind === 'head' ? 'head' : 'officer'
  return (unit?.people ?? []).flatMap(({ role, phone, name }) => {
    const to = role === level || kind === 'directed' ? vietnamMobile(phone) : undefined
    return to === undefined ? [] : [{ to, name }]
  })
}

/** What became of the case since somebody got it with a slip, or the citizen said that the answer is none (Đ9.5). */
function sinceLastSlip(events: readonly TicketEventRecord[]): readonly TicketEventRecord[] {
  return events.slice(events.findLastIndex(({ type }) => type === 'slipIssued' || type === 'objected') + 1)
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
