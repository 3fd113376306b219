import type { SmsView } from '../../messages/contract.ts'
import type { TicketEvent } from '../../tickets/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { moment } from '../ui/format.ts'
import { FileList } from './file-picker.tsx'

const SITTING_MS = 30 * 60_000

/** What happened to the case, newest first, as sentences. */
export function TicketHistory(props: {
  readonly code: string
  readonly events: readonly TicketEvent[]
  /** What became of the messages that the history speaks of. */
  readonly messages: readonly Pick<SmsView, 'id' | 'state'>[]
}) {
  const { code, events, messages } = props
  const newest = foldEdits([...events].sort((a, b) => b.id - a.id)).map((event) => asItIs(event, messages))
  return (
    <ol class="events">
      {newest.map((event) => (
        <li key={event.id}>
          <p>{eventSentence(event)}</p>
          <FileList code={code} files={filesOf(event)} />
          <p class="quiet">
            {moment(event.at, minute.value)}
            {event.actorName !== null && ` · ${event.actorName}`}
          </p>
        </li>
      ))}
    </ol>
  )
}

/** A line about an SMS was written when it was put out; how it stands now, the message knows. */
export function asItIs(event: TicketEvent, messages: readonly Pick<SmsView, 'id' | 'state'>[]): TicketEvent {
  const sms = messages.find(({ id }) => id === event.detail['smsId'])
  return sms === undefined ? event : { ...event, detail: { ...event.detail, state: sms.state } }
}

/** Files that came with an answer: those of an earlier one are found here alone. */
function filesOf({ detail: { files } }: TicketEvent): { readonly id: number; readonly name: string }[] {
  return Array.isArray(files) ? (files as { id: number; name: string }[]) : []
}

/** A form that saves itself writes a line every few words; one sitting of one person reads as one line. */
export function foldEdits(newestFirst: readonly TicketEvent[]): readonly TicketEvent[] {
  const folded: TicketEvent[] = []
  for (const event of newestFirst) {
    const later = folded.at(-1)
    const sameSitting =
      later?.type === 'saved' &&
      event.type === 'saved' &&
      later.actorName === event.actorName &&
      Date.parse(later.at) - Date.parse(event.at) < SITTING_MS
    if (!sameSitting) folded.push(event)
    else {
      const changes = [...new Set([...changedFields(later), ...changedFields(event)])]
      folded[folded.length - 1] = { ...later, detail: { ...later.detail, changes } }
    }
  }
  return folded
}

function changedFields({ detail: { changes } }: TicketEvent): readonly string[] {
  if (Array.isArray(changes)) return changes.map(String)
  return typeof changes === 'object' && changes !== null ? Object.keys(changes) : []
}

/** The catalogue's sentence for an event; words inside `detail` that have a translation get it. */
export function eventSentence(event: TicketEvent): string {
  const detail: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(event.detail)) {
    if (typeof value === 'number') detail[name] = value
    else if (typeof value === 'string') detail[name] = value
  }
  // The whole beginning of the key, as the build looks for it (slim-catalogue.ts)
  const word = (name: string, head: `${string}.`): void => {
    const value = detail[name]
    if (typeof value === 'string') detail[name] = tOr(`${head}${value}`, 'event.word', { word: value })
  }
  word('channel', 'channel.')
  if (['breached', 'deadlineRecomputed', 'clockWentOn'].includes(event.type)) word('kind', 'deadline.')
  if (['deadlineRecomputed', 'dossierRecomputed', 'clockWentOn'].includes(event.type)) {
    detail['oldDue'] = dueWords(event.detail['oldDueAt'])
    detail['newDue'] = dueWords(event.detail['newDueAt'])
  }
  if (event.type === 'directed' || event.type === 'agencyAnswered')
    detail['document'] =
      documentText(event.detail['documentNo'], event.detail['documentDate']) +
      signerText(event.detail['signer'])
  if (event.type === 'directed') {
    const { dueAt } = event.detail
    detail['by'] =
      typeof dueAt === 'string' ? t('event.directedBy', { due: moment(dueAt, minute.value) }) : ''
  }
  if (event.type === 'agencyAnswered') {
    const { replied } = event.detail
    detail['reply'] =
      typeof replied === 'string' ? ` ${tOr(`repliedBy.${replied}`, 'event.word', { word: replied })}` : ''
  }
  if (event.type === 'leadTaken') detail['reason'] = whyLed(event)
  if (typeof detail['promisedAt'] === 'string')
    detail['promisedAt'] = moment(detail['promisedAt'], minute.value)
  word('reason', reasonsOf(event.type))
  if (typeof detail['dueAt'] === 'string') detail['due'] = moment(detail['dueAt'], minute.value)
  else detail['due'] = detail['dueText'] ?? ''
  if (/^sms|Sms$|^reminded$/.test(event.type)) word('state', 'smsState.')
  if (event.type === 'smsDropped') word('why', 'smsDropped.')
  if (event.type.startsWith('transfer')) {
    word('outcome', 'attempt.')
    word('state', 'transferEnd.')
    word('code', 'error.')
    detail['who'] = whoWasRung(event)
  }
  detail['fields'] = changedFields(event)
    .map((part) => tOr(`conflict.field.${part}`, 'event.word', { word: part }))
    .join(', ')
  if (event.type === 'citizenUnreachable') {
    word('triedBy', 'triedBy.')
    word('tryOutcome', 'tryOutcome.')
    if (typeof detail['triedAt'] === 'string') detail['at'] = moment(detail['triedAt'], minute.value)
    const note = typeof detail['note'] === 'string' ? detail['note'].trim() : ''
    detail['note'] = note === '' ? '' : ` ${note}`
  }
  if (event.type === 'promised' && event.detail['approved'] === true)
    return t('event.promiseApproved', { promisedAt: '', reason: '', ...detail })
  if (event.type === 'answered' && event.detail['unreached'] === true) return t('event.answeredUnreached')
  if (event.type === 'slipNobodyTold') return nobodyTold(event)
  if (event.type === 'slipIssued') return slipWords(event, detail)
  if (event.type === 'opened' && detail['channel'] === undefined) return t('event.openedByCall')
  return tOr(`event.${event.type}`, 'event.other', { ...detail, type: event.type })
}

/** To whom, and why elsewhere than suggested where somebody said so (R023). */
function slipWords(
  { detail: { override, suggestedName } }: TicketEvent,
  detail: Readonly<Record<string, string | number>>,
): string {
  const said = t('event.slipIssued', detail)
  if (typeof override !== 'object' || override === null || typeof suggestedName !== 'string') return said
  const { reason, text } = override as { readonly reason?: unknown; readonly text?: unknown }
  const word = typeof reason === 'string' ? tOr(`route.${reason}`, 'event.word', { word: reason }) : ''
  const why = [word, typeof text === 'string' ? text : ''].filter((part) => part !== '').join('. ')
  return `${said}. ${t('event.slipElsewhere', { unit: suggestedName, why })}`
}

/** That nobody got an SMS of a slip, and whom to ring, where the unit has a number for it. */
function nobodyTold({ detail: { level, unitName, phone } }: TicketEvent): string {
  const said = t(level === 'head' ? 'event.slipNobodyTold.head' : 'event.slipNobodyTold', {
    unitName: String(unitName),
  })
  return typeof phone === 'string' ? `${said} ${t('reach.ring', { phone })}` : `${said} ${t('reach.find')}`
}

function dueWords(dueAt: unknown): string {
  return typeof dueAt === 'string' ? moment(dueAt, minute.value) : t('event.noDue')
}

/** " (văn bản 123/UBND ngày 05/03/2026)", or as much of it as is known. */
function documentText(number: unknown, date: unknown): string {
  const day = typeof date === 'string' ? date.split('-').reverse().join('/') : null
  if (typeof number !== 'string') return day === null ? '' : ` (${t('direction.dated', { day })})`
  return ` (${day === null ? t('direction.document', { number }) : t('direction.documentOf', { number, day })})`
}

/** "Chỉ đạo (văn bản 123/UBND ngày 05/03/2026): …" */
export function directionText(said: {
  readonly text: string
  readonly documentNo: unknown
  readonly documentDate: unknown
}): string {
  return t('direction.said', { text: said.text, document: documentText(said.documentNo, said.documentDate) })
}

function signerText(signer: unknown): string {
  return typeof signer === 'string' ? t('direction.signer', { signer }) : ''
}

/** Where the catalogue has the words for a reason that is a code; anything else is said as it stands. */
function reasonsOf(type: string): `${string}.` {
  if (type.startsWith('dossier')) return 'dossierReason.'
  return type === 'coHandlerRemoved' ? 'coEnd.' : 'missed.'
}

/** Which case of Điều 9 khoản 5, and what was said of it if anything was. */
function whyLed({ detail: { leadReason, reason } }: TicketEvent): string {
  const which =
    typeof leadReason === 'string' ? tOr(`leadReason.${leadReason}`, 'event.word', { word: leadReason }) : ''
  const said = typeof reason === 'string' ? reason : ''
  return [which, said].filter((part) => part !== '').join('. ')
}

/** "Trực ban · Điện lực (0225 000 0024)", a number typed in alone, or the whole chain. */
function whoWasRung({ detail: { label, labels, number } }: TicketEvent): string {
  if (Array.isArray(labels)) return labels.map(String).join(', ')
  const [name, digits] = [label, number].map((value) => (typeof value === 'string' ? value : ''))
  if (name === undefined || name === '') return digits ?? ''
  return digits === undefined || digits === '' ? name : `${name} (${digits})`
}
