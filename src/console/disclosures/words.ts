import type { DisclosureState, DisclosureView } from '../../disclosures/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute, now } from '../state/clock.ts'
import { clock, moment } from '../ui/format.ts'

/** Hours that may be asked for: a shift, a day, three, a week, two. */
const HOURS = [8, 24, 72, 168, 336] as const

/** Its state by the page's own clock: an approved one closes before the eyes of who listens. Reads the signal of the second. */
export function stateNow({ state, expiresAt }: Pick<DisclosureView, 'state' | 'expiresAt'>): DisclosureState {
  return state === 'approved' && expiresAt !== null && now.value >= Date.parse(expiresAt) ? 'expired' : state
}

/** Where it stands, in a sentence that says until when and why. */
export function standingWords(one: DisclosureView): string {
  const state = stateNow(one)
  return t(`disclosureState.${state}`, {
    at: moment(
      (state === 'expired' || state === 'approved' ? one.expiresAt : one.endedAt) ?? one.requestedAt,
      minute.value,
    ),
    names: (one.granted ?? one.asked).people.map(({ name }) => name).join(', '),
    reason: sentence(one.endReason ?? ''),
  })
}

/** Who approved it, and who ended it: one line may name both, and they need not be the same person. */
export function whoWords({ granted, decidedByName, endedByName, state }: DisclosureView): string {
  const ended = state === 'refused' || state === 'revoked' ? endedByName : null
  return [
    ...(ended === null ? [] : [t(`disclosureEnd.${state as 'refused' | 'revoked'}`, { name: ended })]),
    ...(granted === null || decidedByName === null
      ? []
      : [t('disclosure.decidedBy', { name: decidedByName })]),
  ].join(' ')
}

/** With a full stop at its end, unless whoever wrote it put an end there. */
function sentence(words: string): string {
  return /[.!?…]$/.test(words) || words === '' ? words : `${words}.`
}

export function recordingWords({ kind, startedAt, durationMs }: DisclosureView['recording']): string {
  const length =
    durationMs === null ? '' : ` · ${t('recording.length', { length: clock(durationMs / 1_000) })}`
  return `${t(`recordingKind.${kind}`)} · ${moment(startedAt, minute.value)}${length}`
}

export function hoursWords(hours: number): string {
  return hours < 24
    ? t('disclosure.hours', { hours })
    : t('disclosure.days', { days: Math.round(hours / 24) })
}

/** To choose from, at most so many; what was asked for is among them. */
export function hourOptions(most: number): { readonly value: string; readonly label: string }[] {
  return [...HOURS.filter((hours) => hours < most), most].map((hours) => ({
    value: String(hours),
    label: hoursWords(hours),
  }))
}
