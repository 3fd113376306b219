import { useState } from 'preact/hooks'
import type { DossierEntryView, DossierView } from '../../dossiers/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { sayFailure } from '../state/failure-words.ts'
import { say } from '../state/notices.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { Field } from '../ui/field.tsx'
import { moment } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { useList } from '../ui/use-list.ts'
import { DocumentForm } from './document-form.tsx'
import { DossierStateMark } from './dossier-history.tsx'

const SHORTEST = 3

/** Does one thing to the dossier on screen and says it when it is done. */
type Act = (done: string, work: (dossier: DossierView) => Promise<DossierView>) => Promise<boolean>

/** One dossier: what it says, its files, and what may be done with it now. */
export function DossierDialog(props: {
  readonly id: number
  readonly onClose: () => void
  readonly onChanged: () => void
}) {
  const desk = useConsole()
  const [round, setRound] = useState(0)
  const [changed, setChanged] = useState<DossierView | null>(null)
  const [busy, setBusy] = useState(false)
  const read = useList(JSON.stringify({ id: props.id, round }), () => desk.api.dossierOf(props.id))
  const dossier = changed ?? read

  const act: Act = async (done, work) => {
    if (dossier === null || busy) return false
    setBusy(true)
    try {
      setChanged(await work(dossier))
      say('good', done)
      props.onChanged()
      return true
    } catch (cause) {
      sayFailure(cause)
      // What is on screen may be old: what is there now comes instead.
      setChanged(null)
      setRound((before) => before + 1)
      return false
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      wide
      title={dossier === null ? t('dossiers.one') : t('dossiers.oneOf', { number: dossier.number })}
      onClose={props.onClose}
    >
      {dossier === null ? (
        <Skeleton rows={6} label={t('loading')} />
      ) : (
        <Body dossier={dossier} busy={busy} act={act} />
      )}
    </Dialog>
  )
}

function Body(props: { readonly dossier: DossierView; readonly busy: boolean; readonly act: Act }) {
  const { dossier, busy, act } = props
  const { api } = useConsole()
  const may = (action: DossierView['actions'][number]): boolean => dossier.actions.includes(action)
  const isMoved = dossier.entries.some(({ moved }) => moved.length > 0)
  return (
    <div class="dossier-whole">
      <p>
        <DossierStateMark dossier={dossier} />
        {dossier.training && <span class="tag">{t('tag.training')}</span>}
      </p>
      {dossier.undoneAt !== null && (
        <p class="quiet">
          {t('dossiers.undoneBy', {
            who: dossier.undoneByName ?? '–',
            at: moment(dossier.undoneAt, minute.value),
          })}
        </p>
      )}
      <Cover key={dossier.revision} dossier={dossier} mayEdit={may('edit')} act={act} />
      <Files dossier={dossier} />
      {isMoved && (
        <p class="move-note" role="note">
          {t('dossiers.moved')}
        </p>
      )}
      <ol class="dossier-entries">
        {dossier.entries.map((entry) => (
          <Entry
            key={`${String(entry.itemId)} ${entry.takenOutAt ?? ''}`}
            entry={entry}
            onTakeOut={
              may('takeOut') && entry.takenOutAt === null && dossier.cases > 1
                ? (why) =>
                    act(t('dossiers.takenOutDone', { code: entry.ticketCode }), ({ id, revision }) =>
                      api.takeOutOfDossier(id, { revision, itemId: entry.itemId, why }),
                    )
                : undefined
            }
          />
        ))}
      </ol>
      <Document dossier={dossier} mayRecord={may('recordDocument')} act={act} />
      <div class="dialog-actions">
        {may('undo') && (
          <Button
            disabled={busy}
            onClick={() => {
              void act(t('dossiers.undoneDone', { number: dossier.number }), ({ id, revision }) =>
                api.undoDossier(id, revision),
              )
            }}
          >
            {t('dossiers.undo')}
          </Button>
        )}
        {may('recompile') && (
          <Button
            disabled={busy}
            onClick={() => {
              void act(t('dossiers.recompiledDone', { number: dossier.number }), ({ id, revision }) =>
                api.recompileDossier(id, revision),
              )
            }}
          >
            {t('dossiers.recompile')}
          </Button>
        )}
        {may('send') && (
          <Send
            key={String(isMoved)}
            busy={busy}
            isMoved={isMoved}
            onSend={(confirmed) => {
              void act(t('dossiers.sentDone', { number: dossier.number }), ({ id, revision }) =>
                api.sendDossier(id, { revision, ...confirmed }),
              )
            }}
          />
        )}
      </div>
    </div>
  )
}

/** Where clocks have moved since it was compiled, a second click says that it goes all the same. */
function Send(props: {
  readonly busy: boolean
  readonly isMoved: boolean
  readonly onSend: (confirmed: { confirmMoved?: true }) => void
}) {
  const { busy, isMoved, onSend } = props
  const [asked, setAsked] = useState(false)
  if (!asked)
    return (
      <Button
        kind="primary"
        icon="send"
        busy={busy}
        onClick={() => {
          if (isMoved) setAsked(true)
          else onSend({})
        }}
      >
        {t('dossiers.send')}
      </Button>
    )
  return (
    <>
      <p class="move-note" role="alert">
        {t('dossiers.sendMovedAsk')}
      </p>
      <Button
        onClick={() => {
          setAsked(false)
        }}
      >
        {t('dossiers.sendMovedLeave')}
      </Button>
      <Button
        kind="bad"
        icon="send"
        busy={busy}
        onClick={() => {
          onSend({ confirmMoved: true })
        }}
      >
        {t('dossiers.sendMoved')}
      </Button>
    </>
  )
}

function Cover(props: { readonly dossier: DossierView; readonly mayEdit: boolean; readonly act: Act }) {
  const { dossier, act } = props
  const { api } = useConsole()
  const [typed, setTyped] = useState<string | null>(null)
  const save = (cover: string | null): void => {
    void act(t('dossiers.coverDone'), ({ id, revision }) => api.editDossier(id, { revision, cover }))
  }
  return (
    <section aria-label={t('dossiers.cover')}>
      <h3>{t('dossiers.cover')}</h3>
      {typed === null ? (
        <p class="dossier-cover">{dossier.cover}</p>
      ) : (
        <Field
          label={t('dossiers.cover')}
          hideLabel
          value={typed}
          onInput={setTyped}
          rows={6}
          maxLength={4000}
          autoFocus
        />
      )}
      <p class="quiet">{t('dossiers.basis', { basis: dossier.legalBasis })}</p>
      {props.mayEdit && (
        <div class="row-actions">
          {typed === null ? (
            <>
              {dossier.isOwnCover && (
                <Button
                  small
                  onClick={() => {
                    save(null)
                  }}
                >
                  {t('dossiers.coverUsual')}
                </Button>
              )}
              <Button
                small
                onClick={() => {
                  setTyped(dossier.cover)
                }}
              >
                {t('dossiers.coverEdit')}
              </Button>
            </>
          ) : (
            <>
              <Button
                small
                onClick={() => {
                  setTyped(null)
                }}
              >
                {t('dossiers.coverLeave')}
              </Button>
              <Button
                small
                kind="primary"
                disabled={typed.trim().length < SHORTEST}
                onClick={() => {
                  save(typed)
                }}
              >
                {t('dossiers.coverSave')}
              </Button>
            </>
          )}
        </div>
      )}
    </section>
  )
}

function Files({ dossier }: { readonly dossier: DossierView }) {
  if (!dossier.mayDownload) return <p class="quiet">{t('dossiers.noFiles')}</p>
  if (dossier.state === 'undone') return null
  const path = (kind: string): string => `/api/dossiers/${String(dossier.id)}/files/${kind}`
  return (
    <section aria-label={t('dossiers.files')}>
      <p class="slip-links">
        <a href={path('pdf')} target="_blank" rel="noreferrer">
          <Icon name="eye" />
          {t(dossier.sentAt === null ? 'dossiers.pdfDraft' : 'dossiers.pdf')}
        </a>
        <a href={path('xlsx')} download>
          <Icon name="file" />
          {t(dossier.sentAt === null ? 'dossiers.xlsxDraft' : 'dossiers.xlsx')}
        </a>
      </p>
      <p class="quiet">{t('dossiers.logged')}</p>
      {dossier.contentHash !== null && (
        <details class="dossier-hashes">
          <summary>{t('dossiers.hashes')}</summary>
          <dl>
            <dt>{t('dossiers.hashContent')}</dt>
            <dd>{dossier.contentHash}</dd>
            {dossier.files.map(({ kind, sha256 }) => [
              <dt key={kind}>{t('dossiers.hashFile', { kind: kind.toUpperCase() })}</dt>,
              <dd key={sha256}>{sha256}</dd>,
            ])}
          </dl>
        </details>
      )}
    </section>
  )
}

function Entry(props: {
  readonly entry: DossierEntryView
  readonly onTakeOut: ((why: string) => Promise<boolean>) | undefined
}) {
  const { entry, onTakeOut } = props
  const [why, setWhy] = useState<string | null>(null)
  return (
    <li class={entry.takenOutAt === null ? undefined : 'dossier-entry-out'}>
      <p>
        <strong class="code">{entry.ticketCode}</strong> {t(`dossierReason.${entry.reason}`)}
        {entry.late && <span class="tag tag-bad">{t('dossiers.late')}</span>}
      </p>
      {entry.moved.map(({ kind, dueAt }) => (
        <p key={`${kind} ${dueAt ?? ''}`}>
          {t('dossiers.movedClock', {
            clock: tOr(`deadline.${kind}`, 'dossiers.movedList'),
            due: dueAt === null ? t('clock.noDate') : moment(dueAt, minute.value),
          })}
        </p>
      ))}
      {entry.takenOutAt !== null && (
        <p class="quiet">
          {t('dossiers.takenOutBy', {
            who: entry.takenOutByName ?? '–',
            at: moment(entry.takenOutAt, minute.value),
            why: entry.takenOutWhy ?? '',
          })}
        </p>
      )}
      {entry.isOpen ? (
        <details>
          <summary>{t('dossiers.entry', { code: entry.ticketCode })}</summary>
          <dl class="dossier-rows">
            {entry.rows.map(({ label, value }) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      ) : (
        <p class="quiet">{t('dossiers.entryHidden')}</p>
      )}
      {onTakeOut !== undefined && why === null && (
        <Button
          small
          label={t('dossiers.takeOutOf', { code: entry.ticketCode })}
          onClick={() => {
            setWhy('')
          }}
        >
          {t('dossiers.takeOut')}
        </Button>
      )}
      {onTakeOut !== undefined && why !== null && (
        <form
          class="dossier-take-out"
          onSubmit={(event) => {
            event.preventDefault()
            if (why.trim().length >= SHORTEST) void onTakeOut(why.trim())
          }}
        >
          <Field
            label={t('dossiers.takeOutWhy')}
            value={why}
            onInput={setWhy}
            maxLength={300}
            required
            autoFocus
          />
          <Button small type="submit" disabled={why.trim().length < SHORTEST}>
            {t('dossiers.takeOutDo')}
          </Button>
        </form>
      )}
    </li>
  )
}

function Document(props: { readonly dossier: DossierView; readonly mayRecord: boolean; readonly act: Act }) {
  const { document } = props.dossier
  const { api } = useConsole()
  if (document !== null)
    return (
      <section aria-label={t('dossiers.document')}>
        <h3>{t('dossiers.document')}</h3>
        <p>
          {t('dossiers.documentOf', {
            number: document.number,
            date: document.date.split('-').reverse().join('/'),
          })}
        </p>
        <p class="dossier-cover">{document.text}</p>
        <p class="quiet">
          {t('dossiers.documentBy', {
            who: document.recordedByName ?? '–',
            at: moment(document.recordedAt, minute.value),
          })}
        </p>
      </section>
    )
  if (!props.mayRecord) return null
  return (
    <DocumentForm
      onRecord={(given) =>
        props.act(t('dossiers.documentDone', { number: given.number }), ({ id }) =>
          api.recordDocument(id, given),
        )
      }
    />
  )
}
