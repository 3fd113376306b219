import type { RecordingView } from '../../recordings/contract.ts'
import type {
  CallTimeline,
  TimelineSpan,
  TransferAttempt,
  TransferParty,
  TransferView,
} from '../../transfers/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { targetWord } from './transfer-words.ts'

/** Legs take a moment to get from one place to the next: nobody reads that as a part of the call. */
const BLINK_MS = 1_000
/** What the attempt's own word says already: ended in the usual way, busy, not answered, rejected. */
const SAID_ALREADY = [16, 17, 19, 21]

/** The stretches worth a line. */
export function readableSpans(spans: readonly TimelineSpan[]): readonly TimelineSpan[] {
  return spans.filter(
    ({ from, to, groups }) =>
      to === null ||
      Date.parse(to) - Date.parse(from) >= BLINK_MS ||
      groups.every(({ sound }) => sound !== 'moving'),
  )
}

/** Whom a span means by one of the three: by name where one is known. */
export function partyWord(party: TransferParty, span: TimelineSpan, past: CallTimeline): string {
  if (party === 'operator') return span.operatorName ?? t('party.operator')
  const attempt = party === 'agency' ? attemptOf(span, past) : undefined
  return attempt === undefined ? t(`party.${party}`) : targetWord(attempt.target, attempt.number.display)
}

/** Why it ended, and who did it; empty while it lasts. */
export function endSentence(span: TimelineSpan, past: CallTimeline): string {
  const { end } = span
  if (end === null) return ''
  if (end.cause === 'left' && end.by === null) return t('spanEnd.over')
  const party = end.by ?? 'operator'
  const who = party === 'operator' ? (end.name ?? t('party.operator')) : partyWord(party, span, past)
  return t(`spanEnd.${end.cause}`, { who })
}

/** How the last transfer of a call stands or ended: whom to, how long they spoke, who hung up. */
export function pastFacts(past: CallTimeline): readonly string[] {
  const last = past.transfers.at(-1)
  if (last === undefined) return []
  const taken = last.attempts.findLast(({ acceptedAt }) => acceptedAt !== null)
  const who = taken === undefined ? t('transfer.agency') : targetWord(taken.target, taken.number.display)
  const word = tOr(`past.${last.state}`, 'past.running', { who })
  const over = past.spans.at(-1)
  const hungUp =
    over === undefined || over.to === null || over.end?.cause !== 'left' ? '' : endSentence(over, past)
  return [word, hungUp].filter((fact) => fact !== '')
}

/** Milliseconds in which these two heard each other, until now where they still do. */
export function talkedMs(
  spans: readonly TimelineSpan[],
  [one, other]: readonly [TransferParty, TransferParty],
  nowMs: number,
): number {
  return spans
    .filter(({ groups }) =>
      groups.some(
        ({ members, sound }) => sound === 'talk' && members.includes(one) && members.includes(other),
      ),
    )
    .reduce(
      (sum, { from, to }) => sum + Math.max(0, (to === null ? nowMs : Date.parse(to)) - Date.parse(from)),
      0,
    )
}

/** Why a number did not take the call, where the network said more than the outcome does. */
export function causeWord({ acceptedAt, endedAt, cause }: TransferAttempt): string {
  if (acceptedAt !== null || endedAt === null || cause === null || SAID_ALREADY.includes(cause)) return ''
  return tOr(`cause.${String(cause)}`, 'cause.other', { cause })
}

/** The outcome of an attempt; one whose turn never came is not still waiting. */
export function outcomeWord(attempt: TransferAttempt, transfer: TransferView): string {
  const isLeftOut = attempt.startedAt === null && transfer.endedAt !== null
  return isLeftOut ? t('attempt.notRung') : t(`attempt.${attempt.state}`)
}

/** The consultation with an agency is recorded from the moment it took the call. */
export function consultOf(
  attempt: TransferAttempt,
  recordings: readonly RecordingView[],
): RecordingView | undefined {
  return recordings.find(({ kind, startedAt }) => kind === 'consult' && startedAt === attempt.acceptedAt)
}

function attemptOf(span: TimelineSpan, past: CallTimeline): TransferAttempt | undefined {
  const transfer = past.transfers.find(({ id }) => id === span.transferId)
  return span.attempt === null ? undefined : transfer?.attempts[span.attempt]
}
