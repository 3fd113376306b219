import { useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

/** As the server has it. */
const FEWEST_LETTERS = 10

/** Something that is done with words that stay beside it. */
export interface Deed {
  readonly title: string
  /** What it is done to, and what it means. */
  readonly what: string
  readonly done: string
  readonly run: (reason: string) => Promise<unknown>
}

/** Asks why, and does it. */
export function ReasonDialog(props: {
  readonly deed: Deed
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const { deed } = props
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const isEnough = reason.trim().length >= FEWEST_LETTERS
  const run = async (): Promise<void> => {
    if (busy || !isEnough) return
    setBusy(true)
    try {
      await deed.run(reason.trim())
      sayDone(deed.done)
      props.onClose()
    } catch (cause) {
      sayFailure(cause)
      setBusy(false)
    }
    props.onDone()
  }
  return (
    <Dialog title={deed.title} onClose={props.onClose}>
      <form
        class="keep-form"
        onSubmit={(event) => {
          event.preventDefault()
          void run()
        }}
      >
        <p>{deed.what}</p>
        <Field
          label={t('retention.reason')}
          hint={t('retention.reasonHint')}
          value={reason}
          rows={3}
          maxLength={1_000}
          required
          autoFocus
          onInput={setReason}
        />
        <div class="dialog-actions">
          <Button kind="primary" type="submit" busy={busy} disabled={!isEnough}>
            {deed.title}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
