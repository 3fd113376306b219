import { useState } from 'preact/hooks'
import type { DiscrepancyView } from '../../reconciliation/contract.ts'
import { t } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

/** As the server has it. */
const SHORTEST_WORDS = 3

/** Asks what was found out; the words stay beside the row. */
export function ResolveDialog(props: {
  readonly row: DiscrepancyView
  readonly onClose: () => void
  readonly onResolve: (words: string) => Promise<void>
}) {
  const [words, setWords] = useState('')
  const [busy, setBusy] = useState(false)
  const isEnough = words.trim().length >= SHORTEST_WORDS
  const save = async (): Promise<void> => {
    setBusy(true)
    await props.onResolve(words.trim())
    setBusy(false)
  }
  return (
    <Dialog title={t('reconcile.resolveTitle')} onClose={props.onClose}>
      <p>{t(`discrepancy.${props.row.kind}`, { count: props.row.count })}</p>
      <p class="code">{props.row.subject}</p>
      <Field
        label={t('reconcile.words')}
        hint={t('reconcile.wordsHint')}
        value={words}
        onInput={setWords}
        rows={3}
        maxLength={500}
        required
        autoFocus
      />
      <div class="dialog-actions">
        <Button
          kind="primary"
          busy={busy}
          disabled={!isEnough}
          onClick={() => {
            void save()
          }}
        >
          {t('reconcile.resolveDo')}
        </Button>
      </div>
    </Dialog>
  )
}
