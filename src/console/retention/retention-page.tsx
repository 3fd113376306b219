import { useState } from 'preact/hooks'
import type { DeletionRequest, Hold, KeptRecording, RetentionView } from '../../retention/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { Field } from '../ui/field.tsx'
import { clock, countText, dayText, moment, size } from '../ui/format.ts'
import { Link } from '../ui/link.tsx'
import { useList } from '../ui/use-list.ts'
import { holdCase, holdRecording } from './deeds.ts'
import { PersonalDataSection } from './personal-data-section.tsx'
import { type Deed, ReasonDialog } from '../ui/reason-dialog.tsx'

type OnDeed = (deed: Deed) => void

/** How long recordings are kept, what goes next, who holds what, and who lets go sooner. For supervisors and admins; what citizens ask is for supervisors. */
export function RetentionPage() {
  const { api, changes, session } = useConsole()
  const [turn, setTurn] = useState(0)
  const [deed, setDeed] = useState<Deed | null>(null)
  const { retention, recording } = changes.value
  const view = useList(`${String(turn)} ${String(retention)} ${String(recording)}`, () => api.retention())
  const refresh = (): void => {
    setTurn((count) => count + 1)
  }
  return (
    <main class="page keep" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('retention.title')}</h1>
      </header>
      {view === null ? (
        <Skeleton rows={8} label={t('loading')} />
      ) : (
        <>
          <Requests requests={view.requests} onDeed={setDeed} onChanged={refresh} />
          <Next view={view} onDeed={setDeed} />
          <Holds holds={view.holds} onDeed={setDeed} />
          <Rules view={view} />
          <Archive {...view.archive} />
          <Deleted deleted={view.deleted} />
        </>
      )}
      {session.value?.person.role === 'supervisor' && <PersonalDataSection />}
      {deed !== null && (
        <ReasonDialog
          deed={deed}
          onClose={() => {
            setDeed(null)
          }}
          onDone={refresh}
        />
      )}
    </main>
  )
}

function About({ recording }: { readonly recording: KeptRecording }) {
  const { id, kind, startedAt, durationMs, ticketCode } = recording
  return (
    <>
      {t('auditSubject.recording', { id })} · {t(`retentionKind.${kind}`)} · {moment(startedAt, minute.value)}
      {durationMs !== null && ` · ${clock(durationMs / 1_000)}`}
      {ticketCode !== null && (
        <>
          {' · '}
          <Link to={`/tickets/${ticketCode}`} class="code">
            {ticketCode}
          </Link>
        </>
      )}
    </>
  )
}

function Next({ view, onDeed }: { readonly view: RetentionView; readonly onDeed: OnDeed }) {
  const { api } = useConsole()
  const { total, byKind, items } = view.next
  return (
    <section aria-labelledby="keep-next">
      <h2 id="keep-next">{t('retention.next')}</h2>
      {total === 0 ? (
        <p class="quiet">{t('retention.nothingNext')}</p>
      ) : (
        <p>
          {byKind
            .map(({ kind, count, sizeBytes }) =>
              t('retention.count', {
                kind: t(`retentionKind.${kind}`),
                count: countText(count),
                size: size(sizeBytes),
              }),
            )
            .join('; ')}
          {items.length < total && ` ${t('retention.first', { count: items.length })}`}
        </p>
      )}
      <ul class="keep-list">
        {items.map(({ recording, dueAt, blockers }) => (
          <li key={recording.id}>
            <p>
              <About recording={recording} />
            </p>
            <p class={blockers.length > 0 ? undefined : 'quiet'}>
              {blockers.length > 0
                ? t('retention.keptBy', { why: blockers.map((why) => t(`kept.${why}`)).join(', ') })
                : t('retention.goes', { day: dayText(new Date(dueAt), minute.value) })}
            </p>
            {!blockers.includes('held') && (
              <Button
                small
                label={`${t('retention.hold')}: ${t('auditSubject.recording', { id: recording.id })}`}
                onClick={() => {
                  onDeed(holdRecording(api, recording.id))
                }}
              >
                {t('retention.hold')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Requests(props: {
  readonly requests: readonly DeletionRequest[]
  readonly onDeed: OnDeed
  readonly onChanged: () => void
}) {
  return (
    <section aria-labelledby="keep-requests">
      <h2 id="keep-requests">{t('retention.requests')}</h2>
      <p class="quiet">{t('retention.requestsWhat')}</p>
      {props.requests.length === 0 && <p class="quiet">{t('retention.noRequests')}</p>}
      <ul class="keep-list">
        {props.requests.map((one) => (
          <Request key={one.id} one={one} onDeed={props.onDeed} onChanged={props.onChanged} />
        ))}
      </ul>
    </section>
  )
}

function Request(props: {
  readonly one: DeletionRequest
  readonly onDeed: OnDeed
  readonly onChanged: () => void
}) {
  const { api } = useConsole()
  const { one, onChanged } = props
  const [busy, setBusy] = useState(false)
  const step = async (action: 'approve' | 'withdraw'): Promise<void> => {
    setBusy(true)
    try {
      await api.stepDeletion(one.id, action, { revision: one.revision })
      sayDone(t(`deletionDone.${action}`))
    } catch (cause) {
      sayFailure(cause)
    }
    setBusy(false)
    onChanged()
  }
  const refuse = (): void => {
    props.onDeed({
      title: t('deletion.refuse'),
      what: one.reason,
      done: t('deletionDone.refuse'),
      run: (reason) => api.refuseDeletion(one.id, { revision: one.revision, reason }),
    })
  }
  const may = (action: DeletionRequest['actions'][number]): boolean => one.actions.includes(action)
  return (
    <li>
      <p>
        <strong>{t(`deletionState.${one.state}`)}</strong> · <About recording={one.recording} />
      </p>
      <p>
        {one.askedByName}, {moment(one.askedAt, minute.value)}: {one.reason}
      </p>
      {one.decidedAt !== null && (
        <p class="quiet">
          {one.decidedByName ?? t('auditPage.service')}, {moment(one.decidedAt, minute.value)}
          {one.endReason !== null && `: ${one.endReason}`}
        </p>
      )}
      {one.blockers.length > 0 && (
        <p>{t('retention.keptBy', { why: one.blockers.map((why) => t(`kept.${why}`)).join(', ') })}</p>
      )}
      {one.actions.length > 0 && (
        <p class="keep-actions">
          {may('approve') && (
            <Button
              small
              kind="bad"
              busy={busy}
              disabled={one.blockers.length > 0}
              onClick={() => {
                void step('approve')
              }}
            >
              {t('deletion.approve')}
            </Button>
          )}
          {may('refuse') && (
            <Button small onClick={refuse}>
              {t('deletion.refuse')}
            </Button>
          )}
          {may('withdraw') && (
            <Button
              small
              busy={busy}
              onClick={() => {
                void step('withdraw')
              }}
            >
              {t('deletion.withdraw')}
            </Button>
          )}
        </p>
      )}
    </li>
  )
}

const CODE = /^[A-Z]{2}[0-9]{2}-[0-9]{6}$/

function Holds({ holds, onDeed }: { readonly holds: readonly Hold[]; readonly onDeed: OnDeed }) {
  const { api } = useConsole()
  const [code, setCode] = useState('')
  const wanted = code.trim().toUpperCase()
  const standing = holds.filter(({ liftedAt }) => liftedAt === null)
  const lifted = holds.filter(({ liftedAt }) => liftedAt !== null)
  return (
    <section aria-labelledby="keep-holds">
      <h2 id="keep-holds">{t('retention.holds')}</h2>
      <form
        class="keep-actions"
        onSubmit={(event) => {
          event.preventDefault()
          if (CODE.test(wanted)) onDeed(holdCase(api, wanted))
        }}
      >
        <Field
          label={t('retention.holdCode')}
          value={code}
          placeholder="HP26-000001"
          maxLength={20}
          onInput={setCode}
        />
        <Button type="submit" disabled={!CODE.test(wanted)}>
          {t('retention.holdCase')}
        </Button>
      </form>
      {standing.length === 0 && <p class="quiet">{t('retention.noHolds')}</p>}
      <ul class="keep-list">
        {standing.map((hold) => (
          <HoldRow key={hold.id} hold={hold} onDeed={onDeed} />
        ))}
      </ul>
      {lifted.length > 0 && (
        <details>
          <summary>{t('retention.liftedHolds', { count: lifted.length })}</summary>
          <ul class="keep-list">
            {lifted.map((hold) => (
              <HoldRow key={hold.id} hold={hold} onDeed={onDeed} />
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

function HoldRow({ hold, onDeed }: { readonly hold: Hold; readonly onDeed: OnDeed }) {
  const { api } = useConsole()
  const what =
    hold.recordingId === null
      ? t('retention.allOf', { code: hold.ticketCode ?? '' })
      : t('auditSubject.recording', { id: hold.recordingId })
  return (
    <li>
      <p>
        <strong>{what}</strong>
      </p>
      <p>
        {hold.setByName}, {moment(hold.setAt, minute.value)}: {hold.reason}
      </p>
      {hold.liftedAt === null ? (
        <Button
          small
          label={`${t('retention.lift')}: ${what}`}
          onClick={() => {
            onDeed({
              title: t('retention.lift'),
              what: t('retention.liftWhat', { what }),
              done: t('retention.lifted'),
              run: (reason) => api.liftHold(hold.id, { reason }),
            })
          }}
        >
          {t('retention.lift')}
        </Button>
      ) : (
        <p class="quiet">
          {t('retention.liftedBy', {
            name: hold.liftedByName ?? '',
            at: moment(hold.liftedAt, minute.value),
            reason: hold.liftReason ?? '',
          })}
        </p>
      )}
    </li>
  )
}

/** Originals, their copies for the archive, and what of the originals goes next. */
function Archive({ days, basis, originals, copies, announced, unfit }: RetentionView['archive']) {
  const sized = (one: RetentionView['archive']['copies']) => ({
    count: countText(one.count),
    size: one.count === 0 ? '0 kB' : size(one.sizeBytes),
  })
  return (
    <section aria-labelledby="keep-archive">
      <h2 id="keep-archive">{t('retention.archive')}</h2>
      <p>
        {t('retention.originals', sized(originals))} {t('retention.copies', sized(copies))}
        {unfit > 0 && ` ${t('retention.unfit', { count: countText(unfit) })}`}
      </p>
      <p>
        {days === null
          ? t('retention.originalsStay')
          : t('retention.originalsFor', { days, basis: basis ?? '' })}
        {announced.count > 0 && ` ${t('retention.originalsGo', sized(announced))}`}
      </p>
    </section>
  )
}

function Rules({ view: { rules, lastRun } }: { readonly view: RetentionView }) {
  return (
    <section aria-labelledby="keep-rules">
      <h2 id="keep-rules">{t('retention.rules')}</h2>
      <ul class="keep-list">
        {rules.map(({ kind, days, basis }) => (
          <li key={kind}>
            <strong>{t(`retentionKind.${kind}`)}</strong>:{' '}
            {days === null ? t('retention.forEver') : t('retention.days', { days, basis: basis ?? '' })}
          </li>
        ))}
      </ul>
      <p class="quiet">
        {lastRun === null
          ? t('retention.neverRun')
          : t('retention.lastRun', { at: moment(lastRun.at, minute.value), ...countsOf(lastRun) })}
        {lastRun !== null &&
          lastRun.blocked.length > 0 &&
          ` ${t('retention.blocked', {
            what: lastRun.blocked
              .map(({ blocker, count }) => `${t(`kept.${blocker}`)} (${String(count)})`)
              .join(', '),
          })}`}
        {lastRun !== null && lastRun.failed > 0 && (
          <strong class="figure-bad"> {t('retention.failed', { count: lastRun.failed })}</strong>
        )}
      </p>
    </section>
  )
}

const countsOf = ({ announced, deleted }: { readonly announced: number; readonly deleted: number }) => ({
  announced,
  deleted,
})

function Deleted({ deleted: { total, items } }: { readonly deleted: RetentionView['deleted'] }) {
  return (
    <details class="keep-deleted">
      <summary>{t('retention.deleted', { count: total })}</summary>
      <ul class="keep-list">
        {items.map(({ recording, cause, days, basis, deletedAt, removedAt }) => (
          <li key={recording.id}>
            <p>
              <About recording={recording} />
            </p>
            <p class="quiet">
              {t('retention.deletedAt', {
                at: moment(deletedAt, minute.value),
                cause: t(`deletionCause.${cause}`),
              })}
              {days !== null && ` ${t('retention.days', { days, basis: basis ?? '' })}`}
              {days === null && basis !== null && ` ${basis}`}
              {removedAt === null && <strong class="figure-bad"> {t('retention.notRemoved')}</strong>}
            </p>
          </li>
        ))}
      </ul>
    </details>
  )
}
