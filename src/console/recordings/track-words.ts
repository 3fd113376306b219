import type { TrackStretch } from '../../recordings/contract.ts'
import { t } from '../i18n/translate.ts'

type Group = TrackStretch['groups'][number]
type Sound = Group['sound']

/** What the citizen hears in a stretch, or the rest of a talk they have left: its colour and shape. */
export function stretchKind({ phase, groups }: TrackStretch): Sound | 'greeting' | 'queue' {
  if (phase === 'greeting') return 'greeting'
  if (phase === 'queue') return 'queue'
  if (phase === 'dialing') return 'ringing'
  const withCitizen = groups.find(({ members }) => members.includes('citizen'))
  return (withCitizen ?? groups[0])?.sound ?? 'moving'
}

/** Who hears whom, by name where one is known. */
export function stretchWords(stretch: TrackStretch): string {
  if (stretch.phase !== 'line') return t(`track.${stretch.phase}`)
  // Whoever waits for an operator who is still there is on hold, not in the queue.
  const [only, ...others] = stretch.groups
  if (only?.sound === 'music' && others.length === 0 && stretch.operatorName !== null) return t('track.held')
  return stretch.groups.map((group) => groupWords(group, stretch)).join('; ')
}

function groupWords({ members, sound }: Group, { operatorName, agencyName }: TrackStretch): string {
  const names = members.map((party) => {
    if (party === 'operator') return operatorName ?? t('party.operator')
    return party === 'agency' ? (agencyName ?? t('party.agency')) : t('party.citizen')
  })
  // Of a talk the names say enough.
  return sound === 'talk' ? names.join(' + ') : `${names.join(' + ')} ${t(`heard.${sound}`)}`
}
