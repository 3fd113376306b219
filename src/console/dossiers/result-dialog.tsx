import { useState } from 'preact/hooks'
import type { ListResult } from '../../dossiers/contract.ts'
import { t } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

const CODE = /^[A-Z]{2}\d{2}-\d{6}$/
const SHORTEST_WHY = 3

/** Puts a case on the list whose result calls for a written reminder or an explanation (Đ9.6). */
export function ResultDialog(props: {
  readonly onClose: () => void
  readonly onList: (body: ListResult) => Promise<void>
}) {
  const [code, setCode] = useState('')
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const ticketCode = code.trim().toUpperCase()
  const isReady = CODE.test(ticketCode) && why.trim().length >= SHORTEST_WHY
  const submit = (): void => {
    if (!isReady || busy) return
    setBusy(true)
    void props.onList({ ticketCode, why: why.trim() }).finally(() => {
      setBusy(false)
    })
  }
  return (
    <Dialog title={t('dossier.resultTitle')} onClose={props.onClose}>
      <p class="quiet">{t('dossier.resultWhat')}</p>
      <Field
        label={t('column.code')}
        value={code}
        onInput={setCode}
        maxLength={11}
        placeholder="HP26-000001"
        required
        autoFocus
      />
      <Field
        label={t('dossier.resultWhy')}
        value={why}
        onInput={setWhy}
        onEnter={submit}
        maxLength={300}
        required
      />
      <div class="dialog-actions">
        <Button kind="primary" disabled={!isReady} busy={busy} onClick={submit}>
          {t('dossier.resultDo')}
        </Button>
      </div>
    </Dialog>
  )
}
