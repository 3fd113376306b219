import { useEffect, useState } from 'preact/hooks'
import type { CaseDisclosures, DisclosureView } from '../../disclosures/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import { Player } from '../recordings/player.tsx'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { Field, Select } from '../ui/field.tsx'
import { Restored, useKeptWords } from '../ui/use-kept-words.tsx'
import { useList } from '../ui/use-list.ts'
import { type Terms, TermsFields } from './terms-fields.tsx'
import { recordingWords, standingWords, stateNow } from './words.ts'

/** As the server has it. */
const FEWEST_LETTERS = 10
const MOST_HOURS = 336

/** A unit's own side: what it asked for and what became of it, the player where it may listen, and a form to ask with (Đ10.1). */
export function DisclosurePanel({ code }: { readonly code: string }) {
  const { api, changes } = useConsole()
  const [turn, setTurn] = useState(0)
  const [asking, setAsking] = useState(false)
  const { disclosure, recording } = changes.value
  const found = useList(`${code} ${String(disclosure)} ${String(recording)} ${String(turn)}`, () =>
    api.caseDisclosures(code),
  )
  const refresh = (): void => {
    setTurn((count) => count + 1)
  }
  return (
    <section class="disclosures" aria-label={t('disclosure.title')} data-testid="disclosures">
      <h2>{t('disclosure.title')}</h2>
      {found === null ? (
        <Skeleton rows={2} label={t('loading')} />
      ) : (
        <>
          {found.items.length === 0 && (
            <p class="quiet">
              {t(found.recordings.length === 0 ? 'disclosure.noRecording' : 'disclosure.none')}
            </p>
          )}
          <ul class="disclosure-list">
            {found.items.map((one) => (
              <Asked key={one.id} one={one} onChanged={refresh} />
            ))}
          </ul>
          {found.recordings.length > 0 && (
            <Button
              small
              expanded={asking}
              onClick={() => {
                setAsking(!asking)
              }}
            >
              {t('disclosure.ask')}
            </Button>
          )}
          {asking && (
            <AskForm
              code={code}
              found={found}
              onDone={() => {
                setAsking(false)
                refresh()
              }}
            />
          )}
        </>
      )}
    </section>
  )
}

/** One request of the unit; the player closes by itself when the time is over, and says so. */
function Asked({ one, onChanged }: { readonly one: DisclosureView; readonly onChanged: () => void }) {
  const { api } = useConsole()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const state = stateNow(one)
  const isOpen = state === 'approved'
  useEffect(() => {
    if (!isOpen || !one.mayPlay) setOpen(false)
  }, [isOpen, one.mayPlay])
  const withdraw = async (): Promise<void> => {
    setBusy(true)
    try {
      await api.withdrawDisclosure(one.id, { revision: one.revision })
      sayDone(t('disclosure.isWithdrawn'))
    } catch (cause) {
      sayFailure(cause)
    }
    setBusy(false)
    onChanged()
  }
  return (
    <li class="disclosure">
      <p>
        <strong>{recordingWords(one.recording)}</strong>
      </p>
      <p role={open || state === 'expired' ? 'status' : undefined} class={`disclosure-${state}`}>
        {standingWords(one)}
        {isOpen && one.granted?.mode === 'play' && ` ${t('disclosure.playOnly')}`}
      </p>
      <p class="quiet">
        {one.requesterName}: {one.reason}
      </p>
      <p class="disclosure-actions">
        {isOpen && one.mayPlay && (
          <Button
            small
            icon={open ? 'chevron' : 'play'}
            expanded={open}
            onClick={() => {
              setOpen(!open)
            }}
          >
            {t('recording.listen')}
          </Button>
        )}
        {isOpen && one.mayDownload && (
          <a class="button button-plain button-small" href={api.disclosurePackagePath(one.id)} download>
            {t('disclosure.download')}
          </a>
        )}
        {one.actions.includes('withdraw') && state !== 'expired' && (
          <Button
            small
            kind="quiet"
            busy={busy}
            onClick={() => {
              void withdraw()
            }}
          >
            {t('disclosure.withdraw')}
          </Button>
        )}
      </p>
      {open && isOpen && (
        <>
          <p class="quiet">{t('disclosure.logged')}</p>
          <Player
            recording={{ ...one.recording, id: one.id, numberDisplay: one.ticketCode }}
            of="disclosures"
            autoPlay
          />
        </>
      )}
    </li>
  )
}

function AskForm(props: {
  readonly code: string
  readonly found: CaseDisclosures
  readonly onDone: () => void
}) {
  const { api, session } = useConsole()
  const { code, found } = props
  const kept = useKeptWords(`disclosure ${code}`)
  const reason = kept.values['reason'] ?? ''
  const own = session.value?.person.id
  const [recordingId, setRecordingId] = useState(String(found.recordings[0]?.id ?? ''))
  const [terms, setTerms] = useState<Terms>({
    personIds: found.people.flatMap(({ id }) => (id === own ? [id] : [])),
    mode: 'play',
    hours: 24,
  })
  const [busy, setBusy] = useState(false)
  const isEnough = reason.trim().length >= FEWEST_LETTERS && terms.personIds.length > 0
  const ask = async (): Promise<void> => {
    if (busy || !isEnough) return
    setBusy(true)
    try {
      const { personIds, ...rest } = terms
      await api.askDisclosure(code, {
        recordingId: Number(recordingId),
        reason: reason.trim(),
        personIds: [...personIds],
        ...rest,
      })
      kept.clear()
      sayDone(t('disclosure.asked'))
      props.onDone()
    } catch (cause) {
      sayFailure(cause)
      setBusy(false)
    }
  }
  return (
    <form
      class="disclosure-form"
      onSubmit={(event) => {
        event.preventDefault()
        void ask()
      }}
    >
      {kept.restored && <Restored onDiscard={kept.clear} />}
      <Select
        label={t('disclosure.which')}
        value={recordingId}
        options={found.recordings.map((one) => ({ value: String(one.id), label: recordingWords(one) }))}
        onChange={setRecordingId}
      />
      <Field
        label={t('disclosure.reason')}
        hint={t('disclosure.reasonHint')}
        value={reason}
        rows={3}
        maxLength={1_000}
        required
        autoFocus
        onInput={(words) => {
          kept.change({ reason: words })
        }}
      />
      <TermsFields
        people={found.people}
        modes={['play', 'download']}
        mostHours={MOST_HOURS}
        terms={terms}
        onTerms={setTerms}
      />
      <Button kind="primary" type="submit" busy={busy} disabled={!isEnough}>
        {t('disclosure.send')}
      </Button>
    </form>
  )
}
