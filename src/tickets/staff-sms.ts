import { type Unit, type UnitPerson } from '../agencies/contract.ts'
import { type DeadlineRow, momentText, smsDue } from '../deadlines/service.ts'
import { bareLink } from '../platform/links.ts'
import { createReporterCover } from './personal-data-policy.ts'
import { type TicketPorts } from './service.ts'
import { type CaseSms, type SmsLines, staffWords } from './sms-lines.ts'
import { type createSlips, occasionOf } from './slips.ts'
import { type Ticket } from './ticket.ts'

/** As a reminder says that no working hour is left. */
const NO_HOURS = '00'

/** Messages about a case to those who have to act on it, besides its slips. Each in the caller's transaction. */
export function createStaffSms(
  ports: Pick<TicketPorts, 'directory' | 'deadlines' | 'city' | 'publicUrl' | 'now'>,
  { slips, lines }: { readonly slips: ReturnType<typeof createSlips>; readonly lines: SmsLines },
) {
  /** Who does the work of the case's unit now (regulation.md 1.7). */
  const unitNow = ({ unitId }: Ticket): Unit | undefined =>
    unitId === null ? undefined : ports.directory.successorOf(unitId)

  const peopleOf = (ticket: Ticket, role: UnitPerson['role']): readonly UnitPerson[] =>
    unitNow(ticket)?.people.filter((one) => one.role === role) ?? []

  /** The same to each; answers how many there are. */
  function tell(
    people: readonly UnitPerson[],
    ticket: Ticket,
    { slots, ...sms }: Omit<CaseSms, 'to' | 'toName' | 'at'>,
  ): number {
    const link = bareLink(`${ports.publicUrl}/p/${slips.newest(ticket.id)?.token ?? ''}`)
    for (const { phone, name } of people)
      lines.sendTo(ticket, {
        ...sms,
        slots: { code: ticket.code, link, ...slots },
        to: phone,
        toName: name,
        at: ports.now(),
      })
    return people.length
  }

  /** Hours are counted where there is an end and some of them are left; else the words say how it stands (Đ9.4 ¶2). */
  function reminderOf(ticket: Ticket, left: string): Pick<CaseSms, 'template' | 'slots'> {
    const due = ports.deadlines.due(ticket.id)
    const over = due === null ? ports.deadlines.broken(ticket.id, ['head']) : null
    if (over !== null) return { template: 'reminderLate', slots: { due: smsDue(over.kind, over.dueAt) } }
    if (due === null || due.dueAt === null)
      return { template: 'reminderUndated', slots: { words: due?.words ?? '' } }
    if (left === NO_HOURS) return { template: 'reminderDue', slots: { due: due.smsText } }
    return { template: 'reminder', slots: { left, due: due.smsText } }
  }

  return {
    unitNow,

    /** Đ9.4 ¶2: what the city's leaders say of an overdue case. */
    directed: (ticket: Ticket, document: string, actorId: number): number =>
      tell(peopleOf(ticket, 'head'), ticket, {
        template: 'directedHead',
        slots: { matter: matterOf(ticket), document: createReporterCover(ticket).freeText(document) },
        line: 'directedSms',
        actorId,
        urgent: ticket.urgent,
      }),

    /** Đ9.3, A8: the head decides on a day beyond the head's own hours, while the officer's time goes on. */
    promiseAsked: (ticket: Ticket, day: Date, actorId: number): number =>
      tell(peopleOf(ticket, 'head'), ticket, {
        template: 'promiseAsked',
        slots: { matter: matterOf(ticket), due: momentText(day).replace(':', 'h') },
        line: 'promiseSms',
        actorId,
      }),

    /** Đ9.4: the head hears of it, and the City Office, which reports it to the city's leaders. */
    overdue(ticket: Ticket, row: DeadlineRow): number {
      const office = ports.directory.successorOf(ports.city.officeUnitId)
      return tell([...peopleOf(ticket, 'head'), ...(office?.people ?? [])], ticket, {
        template: 'overdue',
        slots: { unit: unitNow(ticket)?.smsName ?? '-', due: smsDue(row.kind, row.dueAt) },
        line: 'overdueSms',
        actorId: null,
        urgent: ticket.urgent,
        occasion: occasionOf(row.id),
      })
    },

    /** Đ9.5: the City Office, whose directive it was, hears that the time it named is over; the head has a slip. */
    directiveMissed: (ticket: Ticket, row: DeadlineRow): number =>
      tell(ports.directory.successorOf(ports.city.officeUnitId)?.people ?? [], ticket, {
        template: 'directiveMissed',
        slots: { unit: unitNow(ticket)?.smsName ?? '-', due: smsDue(row.kind, row.dueAt) },
        line: 'directiveMissedSms',
        actorId: null,
        urgent: ticket.urgent,
        occasion: occasionOf(row.id),
      }),

    /** Row 23: the City Office, which directed it, hears that the citizen wants no answer any more. */
    directiveWithdrawn: (ticket: Ticket, actorId: number): number =>
      tell(ports.directory.successorOf(ports.city.officeUnitId)?.people ?? [], ticket, {
        template: 'directiveWithdrawn',
        slots: { unit: unitNow(ticket)?.smsName ?? '-' },
        line: 'directiveWithdrawnSms',
        actorId,
        urgent: ticket.urgent,
      }),

    /** Đ13.2, Đ14.1. `left`: working hours, "02"; "00" where none is left, or nothing runs. */
    reminder: (
      ticket: Ticket,
      role: UnitPerson['role'],
      { left, ...by }: { readonly left: string } & Pick<CaseSms, 'actorId' | 'occasion'>,
    ): number => {
      const { template, slots } = reminderOf(ticket, left)
      return tell(peopleOf(ticket, role), ticket, {
        template,
        slots: { matter: matterOf(ticket), ...slots },
        line: 'reminded',
        urgent: ticket.urgent,
        actBy: ports.deadlines.due(ticket.id)?.dueAt ?? null,
        ...by,
      })
    },
  }
}

/** What it is about, and where. */
function matterOf(ticket: Ticket): string {
  const { title, place } = staffWords(ticket)
  return [title, place].filter((part) => part !== '').join(', ')
}
