import { type DeadlineRow, smsDue } from '../deadlines/service.ts'
import { type CaseMessage, type OutboxRequest } from '../messages/service.ts'
import { bareLink } from '../platform/links.ts'
import { type TicketPorts } from './service.ts'
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
  'dueEarlier',
]

/**
 * What a new calendar makes of messages that named the old end of a clock (A19): one that waits says the new one when it goes out, and
 * who was told a later one than holds now is told once more. Whoever has too early a one in hand loses nothing by it.
 */
export function createDueNews(
  { store, outbox, publicUrl, now }: Pick<TicketPorts, 'store' | 'outbox' | 'publicUrl' | 'now'>,
  lines: Pick<SmsLines, 'sendTo'>,
) {
  return {
    /** In the transaction that moves it. `version`: of the calendar that did. */
    moved(ticket: Ticket, row: DeadlineRow, oldDueAt: string | null, version: number): void {
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
        const named = namedBy(last)
        if (last.isWaiting || named === undefined || !isEarlier(row.dueAt, named)) continue
        const { title, place } = staffWords(ticket)
        lines.sendTo(ticket, {
          template: 'dueEarlier',
          slots: {
            code: ticket.code,
            matter: [title, place].filter((part) => part !== '').join(', '),
            due,
            link: bareLink(`${publicUrl}/p/${store.leadSlip(ticket.id)?.token ?? ''}`),
          },
          to: last.to,
          toName: last.toName,
          line: 'dueEarlierSms',
          at: now(),
          actorId: null,
          urgent: ticket.urgent,
          occasion: `${occasion}:${String(version)}`,
        })
      }
    },
  }
}

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

function isEarlier(dueAt: string | null, named: string | null): boolean {
  return dueAt !== null && (named === null || dueAt < named)
}
