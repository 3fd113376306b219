import type { TicketEvent } from '../../tickets/contract.ts'
import { tOr } from '../i18n/translate.ts'
import { now } from '../state/clock.ts'
import { moment } from '../ui/format.ts'

/** What happened to the case, newest first, as sentences. */
export function TicketHistory({ events }: { readonly events: readonly TicketEvent[] }) {
  const newest = [...events].sort((a, b) => b.id - a.id)
  return (
    <ol class="events">
      {newest.map((event) => (
        <li key={event.id}>
          <p>{eventSentence(event)}</p>
          <p class="quiet">
            {moment(event.at, now.value)}
            {event.actorName !== null && ` · ${event.actorName}`}
          </p>
        </li>
      ))}
    </ol>
  )
}

/** The catalogue's sentence for an event; words inside `detail` that have a translation get it. */
export function eventSentence(event: TicketEvent): string {
  const detail: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(event.detail)) {
    if (typeof value === 'number') detail[name] = value
    else if (typeof value === 'string') detail[name] = value
  }
  const word = (name: string, prefix: string): void => {
    const value = detail[name]
    if (typeof value === 'string') detail[name] = tOr(`${prefix}.${value}`, 'event.word', { word: value })
  }
  word('channel', 'channel')
  word('reason', 'missed')
  if (event.type.startsWith('sms') || event.type === 'slipSms') word('state', 'smsState')
  const { changes } = event.detail
  const parts = Array.isArray(changes)
    ? changes
    : typeof changes === 'object' && changes !== null
      ? Object.keys(changes)
      : []
  detail['fields'] = parts
    .map((part) => tOr(`conflict.field.${String(part)}`, 'event.word', { word: String(part) }))
    .join(', ')
  return tOr(`event.${event.type}`, 'event.other', { ...detail, type: event.type })
}
