import { t, type MessageKey } from '../i18n/translate.ts'
import { useConsole, useLine } from '../state/console-context.ts'
import { isConnected } from '../softphone/phone-machine.ts'
import type { LineState } from '../state/line.ts'
import { Icon } from './icon.tsx'

/** What stands between this page and the exchange, in one line; nothing while all is well. */
export function Banner() {
  const desk = useConsole()
  const links = useLine((line) => line.links)
  const talking = isConnected(desk.phone.value?.state.value.call ?? 'idle')
  const key = problemOf(desk.link.value, links)
  const isOfLine = key === 'banner.lost' || key === 'banner.exchange'
  return (
    <div
      class={key === null ? 'banner banner-none' : 'banner'}
      data-testid="connection-banner"
      role="status"
      aria-live="polite"
    >
      {key !== null && (
        <p>
          <Icon name="alert" />
          <strong>{t(key)}</strong>{' '}
          {isOfLine && <span>{t(talking ? 'banner.callGoesOn' : 'banner.kept')}</span>}
        </p>
      )}
    </div>
  )
}

function problemOf(link: string, { ami, ari, disk, recordings }: LineState['links']): MessageKey | null {
  if (link === 'lost') return 'banner.lost'
  if (!ami || !ari) return 'banner.exchange'
  if (recordings !== null) return `banner.recordings.${recordings}`
  if (disk === 'full') return 'banner.diskFull'
  return disk === 'low' ? 'banner.diskLow' : null
}
