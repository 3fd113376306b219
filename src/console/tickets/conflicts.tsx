import { t } from '../i18n/translate.ts'
import type { TicketEditor } from '../state/ticket-editor.ts'
import { Button } from '../ui/button.tsx'

/** Fields two people wrote at once: both texts are here, and one is chosen. */
export function Conflicts({ editor }: { readonly editor: TicketEditor }) {
  const conflicts = editor.conflicts.value
  if (conflicts.length === 0) return null
  return (
    <section class="conflicts" aria-label={t('conflict.title')} role="alert">
      <p>
        <strong>{t('conflict.title')}</strong> {t('conflict.what')}
      </p>
      <ul>
        {conflicts.map((conflict) => (
          <li key={conflict.field}>
            <p>
              <strong>{t(`conflict.field.${conflict.field}`)}:</strong> {theirsText(conflict.theirs)}
            </p>
            <Button
              small
              onClick={() => {
                editor.settle(conflict, 'theirs')
              }}
            >
              {t('conflict.takeTheirs')}
            </Button>
            <Button
              small
              kind="quiet"
              onClick={() => {
                editor.settle(conflict, 'mine')
              }}
            >
              {t('conflict.keepMine')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function theirsText(value: string | boolean | null): string {
  if (typeof value === 'boolean') return value ? t('conflict.yes') : t('conflict.no')
  return value === null || value === '' ? t('conflict.empty') : value
}
