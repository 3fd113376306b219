import { useState } from 'preact/hooks'
import type { DisclosureView } from '../../disclosures/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { type Terms, TermsFields } from './terms-fields.tsx'
import { recordingWords } from './words.ts'

/** As the server has it. */
const FEWEST_LETTERS = 10

/** Approves what was asked or less of it; refuses or revokes with words that the unit reads. */
export function DecideDialog(props: {
  readonly one: DisclosureView
  readonly action: 'approve' | 'refuse' | 'revoke'
  readonly onClose: () => void
}) {
  const { api } = useConsole()
  const { one, action } = props
  const [terms, setTerms] = useState<Terms>({
    personIds: one.asked.people.map(({ id }) => id),
    mode: one.asked.mode,
    hours: one.asked.hours,
  })
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const isEnough = action === 'approve' ? terms.personIds.length > 0 : reason.trim().length >= FEWEST_LETTERS
  const decide = async (): Promise<void> => {
    if (busy || !isEnough) return
    setBusy(true)
    const { revision } = one
    try {
      if (action === 'approve')
        await api.approveDisclosure(one.id, { revision, ...terms, personIds: [...terms.personIds] })
      else await api.endDisclosure(one.id, action, { revision, reason: reason.trim() })
      sayDone(t(`disclosureDone.${action}`))
      props.onClose()
    } catch (cause) {
      sayFailure(cause)
      setBusy(false)
    }
  }
  return (
    <Dialog title={t(`disclosureAction.${action}`)} onClose={props.onClose}>
      <form
        class="disclosure-form"
        onSubmit={(event) => {
          event.preventDefault()
          void decide()
        }}
      >
        <p>
          {one.unitName}: {recordingWords(one.recording)}
        </p>
        {action === 'approve' ? (
          <TermsFields
            people={one.asked.people}
            modes={one.asked.mode === 'play' ? ['play'] : ['play', 'download']}
            mostHours={one.asked.hours}
            terms={terms}
            onTerms={setTerms}
          />
        ) : (
          <Field
            label={t('disclosure.endReason')}
            hint={t('disclosure.endReasonHint')}
            value={reason}
            rows={3}
            maxLength={1_000}
            required
            autoFocus
            onInput={setReason}
          />
        )}
        <div class="dialog-actions">
          <Button kind="primary" type="submit" busy={busy} disabled={!isEnough}>
            {t(`disclosureAction.${action}`)}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
