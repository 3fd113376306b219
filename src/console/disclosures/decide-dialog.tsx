import { useState } from 'preact/hooks'
import type { DisclosureView } from '../../disclosures/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { type Deed, ReasonDialog } from '../ui/reason-dialog.tsx'
import { type Terms, TermsFields } from './terms-fields.tsx'
import { recordingWords } from './words.ts'

interface Decision {
  readonly one: DisclosureView
  readonly onClose: () => void
}

/** Approves what was asked or less of it; refuses or revokes with words that the unit reads. */
export function DecideDialog({ action, ...decision }: Decision & { readonly action: 'approve' | EndAction }) {
  return action === 'approve' ? <ApproveDialog {...decision} /> : <EndDialog {...decision} action={action} />
}

type EndAction = 'refuse' | 'revoke'

function EndDialog({ one, action, onClose }: Decision & { readonly action: EndAction }) {
  const { api } = useConsole()
  const deed: Deed = {
    title: t(`disclosureAction.${action}`),
    what: whatOf(one),
    reason: { label: t('disclosure.endReason'), hint: t('disclosure.endReasonHint') },
    done: t(`disclosureDone.${action}`),
    run: (reason) => api.endDisclosure(one.id, action, { revision: one.revision, reason }),
  }
  return <ReasonDialog deed={deed} onClose={onClose} />
}

function ApproveDialog({ one, onClose }: Decision) {
  const { api } = useConsole()
  const [terms, setTerms] = useState<Terms>({
    personIds: one.asked.people.map(({ id }) => id),
    mode: one.asked.mode,
    hours: one.asked.hours,
  })
  const [busy, setBusy] = useState(false)
  const isEnough = terms.personIds.length > 0
  const approve = async (): Promise<void> => {
    if (busy || !isEnough) return
    setBusy(true)
    try {
      await api.approveDisclosure(one.id, {
        revision: one.revision,
        ...terms,
        personIds: [...terms.personIds],
      })
      sayDone(t('disclosureDone.approve'))
      onClose()
    } catch (cause) {
      sayFailure(cause)
      setBusy(false)
    }
  }
  return (
    <Dialog title={t('disclosureAction.approve')} onClose={onClose}>
      <form
        class="disclosure-form"
        onSubmit={(event) => {
          event.preventDefault()
          void approve()
        }}
      >
        <p>{whatOf(one)}</p>
        <TermsFields
          people={one.asked.people}
          modes={one.asked.mode === 'play' ? ['play'] : ['play', 'download']}
          mostHours={one.asked.hours}
          terms={terms}
          onTerms={setTerms}
        />
        <div class="dialog-actions">
          <Button kind="primary" type="submit" busy={busy} disabled={!isEnough}>
            {t('disclosureAction.approve')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function whatOf({ unitName, recording }: DisclosureView): string {
  return `${unitName}: ${recordingWords(recording)}`
}
