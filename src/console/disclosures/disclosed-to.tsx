import type { DisclosureView } from '../../disclosures/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { clock, moment } from '../ui/format.ts'
import { useList } from '../ui/use-list.ts'
import { standingWords } from './words.ts'

/** To which units a recording was opened, and what they did with it: for supervisors, beside the recording. */
export function DisclosedTo({ recordingId }: { readonly recordingId: number }) {
  const { session } = useConsole()
  return session.value?.person.role === 'supervisor' ? <List recordingId={recordingId} /> : null
}

function List({ recordingId }: { readonly recordingId: number }) {
  const { api, changes } = useConsole()
  const found = useList(`${String(recordingId)} ${String(changes.value.disclosure)}`, () =>
    api.recordingDisclosures(recordingId),
  )
  if (found === null || found.length === 0) return null
  return (
    <section aria-label={t('disclosure.title')}>
      <h3>{t('disclosure.title')}</h3>
      <ul class="disclosure-list">
        {found.map((one) => (
          <li key={one.id} class="disclosure">
            <p>
              <strong>{one.unitName}</strong>: {standingWords(one)}
            </p>
            <Uses one={one} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Every listening and every package, newest first, and what is counted as one. */
export function Uses({ one }: { readonly one: DisclosureView }) {
  if (one.uses === null || one.granted === null) return null
  if (one.uses.length === 0) return <p class="quiet">{t('disclosure.unused')}</p>
  return (
    <details class="disclosure-uses">
      <summary>
        {t('disclosure.uses')} <span class="count">{one.uses.length}</span>
      </summary>
      <ol>
        {one.uses.map(({ at, personName, what, fromMs }) => (
          <li key={`${at} ${what} ${personName ?? ''}`}>
            {moment(at, minute.value)} · {personName} ·{' '}
            {what === 'play'
              ? t('disclosure.played', { at: clock((fromMs ?? 0) / 1_000) })
              : t('disclosure.took')}
          </li>
        ))}
      </ol>
      <p class="quiet">{t('disclosure.usesWhat')}</p>
    </details>
  )
}
