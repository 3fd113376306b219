import { t } from '../i18n/translate.ts'
import { overlay, shortcuts } from '../state/shortcuts.ts'
import { Dialog } from './dialog.tsx'

/** Every key of this page. */
export function KeysDialog() {
  return (
    <Dialog
      title={t('keys.title')}
      wide
      onClose={() => {
        overlay.value = 'none'
      }}
    >
      <dl class="keys">
        {shortcuts.value.map((shortcut) => (
          <div key={shortcut.keys}>
            <dt>
              <kbd>{shortcut.keys}</kbd>
            </dt>
            <dd>{t(shortcut.label)}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">{t('keys.note')}</p>
    </Dialog>
  )
}
