import { useState } from 'preact/hooks'
import type { AskPersonalData, SubjectRequest } from '../../retention/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Chips, Field } from '../ui/field.tsx'
import { moment } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { useList } from '../ui/use-list.ts'

const KINDS = ['access', 'erasure'] as const
const FEWEST_LETTERS = 10

/** What citizens ask of what is held about them (Law 91/2025/QH15): a form, and what became of each request. */
export function PersonalDataSection() {
  const { api, changes } = useConsole()
  const [turn, setTurn] = useState(0)
  const found = useList(`${String(changes.value.retention)} ${String(turn)}`, () => api.subjectRequests())
  return (
    <section aria-labelledby="personal-data">
      <h2 id="personal-data">{t('personalData.title')}</h2>
      <AskForm
        onAsked={() => {
          setTurn(turn + 1)
        }}
      />
      {found !== null &&
        (found.length === 0 ? (
          <p class="quiet">{t('personalData.none')}</p>
        ) : (
          <ul class="keep-list">
            {found.map((one) => (
              <Row key={one.id} one={one} />
            ))}
          </ul>
        ))}
    </section>
  )
}

function AskForm({ onAsked }: { readonly onAsked: () => void }) {
  const { api } = useConsole()
  const [kind, setKind] = useState<AskPersonalData['kind']>('access')
  const [number, setNumber] = useState('')
  const [identity, setIdentity] = useState('')
  const [busy, setBusy] = useState(false)
  const isEnough = number.trim().length >= 3 && identity.trim().length >= FEWEST_LETTERS
  const ask = async (): Promise<void> => {
    if (busy || !isEnough) return
    setBusy(true)
    try {
      await api.askPersonalData({ kind, number: number.trim(), identity: identity.trim() })
      setNumber('')
      setIdentity('')
      sayDone(t(`personalDataDone.${kind}`))
      onAsked()
    } catch (cause) {
      sayFailure(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      class="keep-form"
      onSubmit={(event) => {
        event.preventDefault()
        void ask()
      }}
    >
      <Chips
        legend={t('personalData.kind')}
        value={kind}
        options={KINDS.map((value) => ({ value, label: t(`personalDataKind.${value}`) }))}
        onChange={setKind}
      />
      <Field
        label={t('personalData.number')}
        type="tel"
        value={number}
        maxLength={40}
        required
        onInput={setNumber}
      />
      <Field
        label={t('personalData.identity')}
        hint={t('personalData.identityHint')}
        value={identity}
        rows={2}
        maxLength={1_000}
        required
        onInput={setIdentity}
      />
      <Button type="submit" busy={busy} disabled={!isEnough}>
        {t('personalData.take')}
      </Button>
    </form>
  )
}

function Row({ one }: { readonly one: SubjectRequest }) {
  const { api } = useConsole()
  return (
    <li>
      <p>
        <strong>
          {t('personalData.row', { id: one.id, kind: t(`personalDataKind.${one.kind}`), end: one.numberEnd })}
        </strong>{' '}
        {t('personalData.counts', one.counts)}
      </p>
      <p class="quiet">
        {moment(one.madeAt, minute.value)} · {one.madeByName} · {one.identity}
      </p>
      {one.kind === 'access' ? (
        <p>
          <a href={api.personalDataPath(one.id)} download>
            <Icon name="file" />
            {t('personalData.file')}
          </a>
        </p>
      ) : (
        <>
          {one.outcomes.map(({ state, count }) => (
            <p key={state}>{t(`personalDataAsked.${state}`, { count })}</p>
          ))}
          {one.kept.map(({ why, article, recordingIds }) => (
            <p key={why}>
              {t('personalData.kept', { count: recordingIds.length, why: t(`kept.${why}`), article })}
            </p>
          ))}
          <p class="quiet">{t('personalData.casesKept')}</p>
        </>
      )}
    </li>
  )
}
