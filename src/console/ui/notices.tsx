import { t } from '../i18n/translate.ts'
import { hush, notices } from '../state/notices.ts'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'

/** Short words at the edge of the screen, read out as they come. */
export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map((notice) => (
        <div key={notice.id} class={`notice notice-${notice.tone}`}>
          <Icon name={notice.tone === 'bad' ? 'alert' : 'check'} />
          <p>{notice.text}</p>
          <Button
            kind="quiet"
            icon="close"
            label={t('action.close')}
            small
            onClick={() => {
              hush(notice.id)
            }}
          />
        </div>
      ))}
    </div>
  )
}
