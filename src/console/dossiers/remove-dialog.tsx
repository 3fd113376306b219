import { useState } from 'preact/hooks'
import type { DossierRow } from '../../dossiers/contract.ts'
import { t } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

/** As the server has it: a reason of one or two letters is none. */
const SHORTEST_WHY = 3

/** Asks why an entry comes off the list; it can be put back at any time. */
export function RemoveDialog(props: {
  readonly row: DossierRow
  readonly onClose: () => void
  readonly onRemove: (why: string) => Promise<void>
}) {
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const tooShort = why.trim().length < SHORTEST_WHY
  const submit = (): void => {
    if (tooShort || busy) return
    setBusy(true)
    void props.onRemove(why.trim()).finally(() => {
      setBusy(false)
    })
  }
  return (
    <Dialog title={t('dossier.removeTitle', { code: props.row.ticketCode })} onClose={props.onClose}>
      <Field
        label={t('dossier.why')}
        value={why}
        onInput={setWhy}
        onEnter={submit}
        hint={t('dossier.whyHint')}
        maxLength={300}
        required
        autoFocus
      />
      <div class="dialog-actions">
        <Button kind="primary" disabled={tooShort} busy={busy} onClick={submit}>
          {t('dossier.removeDo')}
        </Button>
      </div>
    </Dialog>
  )
}
