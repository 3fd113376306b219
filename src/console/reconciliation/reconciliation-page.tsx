import { useState } from 'preact/hooks'
import type { DiscrepancyQuery, DiscrepancyView, ReconcileRun } from '../../reconciliation/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { Chips } from '../ui/field.tsx'
import { moment } from '../ui/format.ts'
import { Link } from '../ui/link.tsx'
import { Pager } from '../ui/pager.tsx'
import { useList } from '../ui/use-list.ts'
import { CatchUpSection } from './catch-up-section.tsx'
import { ResolveDialog } from './resolve-dialog.tsx'

const LIMIT = 50
const STATES = ['open', 'done'] as const

/** What was made up for after an outage, and what does not match between the PBX and what is written here. */
export function ReconciliationPage() {
  const desk = useConsole()
  const [state, setState] = useState<NonNullable<DiscrepancyQuery['state']>>('open')
  const [offset, setOffset] = useState(0)
  const [resolving, setResolving] = useState<DiscrepancyView | null>(null)
  const [busy, setBusy] = useState(false)
  const [turn, setTurn] = useState(0)
  const key = JSON.stringify({ state, offset, turn, changes: desk.changes.value.catchUp })
  const page = useList(key, () => desk.api.discrepancies({ state, offset, limit: LIMIT }))
  const refresh = (): void => {
    setTurn(turn + 1)
  }
  const compare = async (): Promise<void> => {
    setBusy(true)
    try {
      const run = await desk.api.compareSources()
      sayDone(t('reconcile.compared', { calls: run.calls, found: run.found }))
      refresh()
    } catch (cause) {
      sayFailure(cause)
    } finally {
      setBusy(false)
    }
  }
  const resolve = async (row: DiscrepancyView, words: string): Promise<void> => {
    try {
      await desk.api.resolveDiscrepancy(row.id, { words })
      setResolving(null)
      sayDone(t('reconcile.resolved'))
    } catch (cause) {
      sayFailure(cause)
    }
    refresh()
  }
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('reconcile.title')}</h1>
        <div class="filters">
          <Chips
            legend={t('reconcile.which')}
            hideLegend
            value={state}
            options={STATES.map((value) => ({ value, label: t(`reconcile.${value}`) }))}
            onChange={(chosen) => {
              setState(chosen)
              setOffset(0)
            }}
          />
          <Button
            busy={busy}
            onClick={() => {
              void compare()
            }}
          >
            {t('reconcile.compare')}
          </Button>
        </div>
      </header>
      <CatchUpSection />
      <section aria-label={t('reconcile.list')}>
        <h2>{t('reconcile.list')}</h2>
        {page === null ? (
          <Skeleton rows={6} label={t('loading')} />
        ) : (
          <>
            <LastRun run={page.lastRun} />
            {page.items.length === 0 ? (
              <Empty title={t(emptyTitle(state, page.lastRun))}>
                {state === 'open' && <p>{t('reconcile.noneWhat')}</p>}
              </Empty>
            ) : (
              <ul class="discrepancies">
                {page.items.map((row) => (
                  <Row
                    key={row.id}
                    row={row}
                    onResolve={() => {
                      setResolving(row)
                    }}
                  />
                ))}
              </ul>
            )}
            <Pager offset={offset} limit={LIMIT} total={page.total} onOffset={setOffset} />
          </>
        )}
      </section>
      {resolving !== null && (
        <ResolveDialog
          row={resolving}
          onClose={() => {
            setResolving(null)
          }}
          onResolve={(words) => resolve(resolving, words)}
        />
      )}
    </main>
  )
}

/** When it was compared, how much, and what could not be read then. */
/** Sources that nobody compared, or in which there was nothing, do not match. */
function emptyTitle(state: (typeof STATES)[number], lastRun: ReconcileRun | null) {
  if (state === 'done') return 'reconcile.noneDone'
  return lastRun === null || lastRun.calls === 0 ? 'reconcile.nothing' : 'reconcile.none'
}

function LastRun({ run }: { readonly run: ReconcileRun | null }) {
  if (run === null) return <p class="quiet">{t('reconcile.never')}</p>
  const away = (['journal', 'queueLog', 'recordings'] as const).filter((name) => run[name] === 'away')
  const names = away.map((name) => t(`source.${name}`)).join(', ')
  return (
    <p class="quiet">
      {t('reconcile.last', { at: moment(run.finishedAt, minute.value), calls: run.calls })}
      {run.queueLog === 'absent' && ` ${t('reconcile.withoutQueueLog')}`}
      {names !== '' && <strong class="figure-bad"> {t('reconcile.away', { sources: names })}</strong>}
    </p>
  )
}

function Row({ row, onResolve }: { readonly row: DiscrepancyView; readonly onResolve: () => void }) {
  const { kind, subject, since, ticketCode, state, count, words } = row
  return (
    <li class="discrepancy">
      <div>
        <p>
          <strong>{t(`discrepancy.${kind}`, { count })}</strong>
        </p>
        <p class="quiet">
          {t('reconcile.since', { at: moment(since, minute.value) })} · <span class="code">{subject}</span>
          {ticketCode !== null && (
            <>
              {' '}
              ·{' '}
              <Link to={`/tickets/${ticketCode}`} class="code">
                {ticketCode}
              </Link>
            </>
          )}
        </p>
        {state === 'open' ? (
          <p>{t(`discrepancyHelp.${kind}`)}</p>
        ) : (
          <p>
            {state === 'settled'
              ? t('reconcile.settledAt', { at: moment(row.resolvedAt ?? since, minute.value) })
              : t('reconcile.resolvedBy', {
                  name: row.resolvedByName ?? '',
                  at: moment(row.resolvedAt ?? since, minute.value),
                  words: words ?? '',
                })}
          </p>
        )}
      </div>
      {state === 'open' && (
        <Button small onClick={onResolve}>
          {t('reconcile.resolve')}
        </Button>
      )}
    </li>
  )
}
