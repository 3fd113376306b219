import { useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'

/** As the server has it. */
const FEWEST_LETTERS = 10

/** Something that is done with words that stay beside it. */
export interface Deed {
  readonly title: string
  /** What it is done to, and what it means. */
  readonly what: string
  /** What the words are, and who reads them, where it is said more exactly than "why". */
  readonly reason?: { readonly label: string; readonly hint: string }
  readonly done: string
  readonly run: (reason: string) => Promise<unknown>
}

/** Asks why, and does it. */
export function ReasonDialog(props: {
  readonly deed: Deed
  readonly onClose: () => void
  /** Also where it failed: somebody else may have done it. */
  readonly onDone?: () => void
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
    props.onDone?.()
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
          label={deed.reason?.label ?? t('retention.reason')}
          hint={deed.reason?.hint ?? t('retention.reasonHint')}
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
