import { useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { deleteEarly, holdRecording } from './deeds.ts'
import { type Deed, ReasonDialog } from '../ui/reason-dialog.tsx'

/** Beside a recording: hold it, or ask that it goes before its time. */
export function KeepActions({ recordingId }: { readonly recordingId: number }) {
  const { api } = useConsole()
  const [deed, setDeed] = useState<Deed | null>(null)
  return (
    <p class="keep-actions">
      <span class="quiet">{t('auditSubject.recording', { id: recordingId })}</span>
      <Button
        small
        kind="quiet"
        onClick={() => {
          setDeed(holdRecording(api, recordingId))
        }}
      >
        {t('retention.hold')}
      </Button>
      <Button
        small
        kind="quiet"
        onClick={() => {
          setDeed(deleteEarly(api, recordingId))
        }}
      >
        {t('retention.ask')}
      </Button>
      {deed !== null && (
        <ReasonDialog
          deed={deed}
          onClose={() => {
            setDeed(null)
          }}
          onDone={() => undefined}
        />
      )}
    </p>
  )
}
