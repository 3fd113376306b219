import { useState } from 'preact/hooks'
import type { RecordDocument } from '../../dossiers/contract.ts'
import { t } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'

const SHORTEST_TEXT = 3

/** The Chairman's document in answer to a dossier; recorded once, so nothing goes out half filled in. */
export function DocumentForm(props: { readonly onRecord: (given: RecordDocument) => Promise<boolean> }) {
  const [number, setNumber] = useState('')
  const [day, setDay] = useState('')
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const date = isoDay(day)
  const isReady = number.trim() !== '' && date !== null && text.trim().length >= SHORTEST_TEXT
  return (
    <form
      class="dossier-document"
      aria-label={t('dossiers.documentRecord')}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isReady || busy) return
        setBusy(true)
        void props.onRecord({ number: number.trim(), date, text: text.trim() }).finally(() => {
          setBusy(false)
        })
      }}
    >
      <h3>{t('dossiers.documentRecord')}</h3>
      <Field
        label={t('dossiers.documentNumber')}
        value={number}
        onInput={setNumber}
        maxLength={80}
        required
      />
      <Field
        label={t('dossiers.documentDate')}
        value={day}
        onInput={setDay}
        placeholder="06/03/2026"
        maxLength={10}
        required
        {...(day.length === 10 && date === null ? { error: t('error.DOSSIER_DATE') } : {})}
      />
      <Field
        label={t('dossiers.documentText')}
        value={text}
        onInput={setText}
        rows={3}
        maxLength={4000}
        required
      />
      <p class="quiet">{t('dossiers.documentOnce')}</p>
      <div class="dialog-actions">
        <Button kind="primary" type="submit" disabled={!isReady} busy={busy}>
          {t('dossiers.documentDo')}
        </Button>
      </div>
    </form>
  )
}

/** "6/3/2026" → "2026-03-06"; null for what is no day. */
function isoDay(typed: string): string | null {
  const [, day = '', month = '', year = ''] = /^\s*(\d{1,2})\/(\d{1,2})\/(\d{4})\s*$/.exec(typed) ?? []
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const at = new Date(`${iso}T00:00:00Z`)
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== iso ? null : iso
}
