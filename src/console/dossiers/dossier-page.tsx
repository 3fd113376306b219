import { useEffect, useRef, useState } from 'preact/hooks'
import type { DossierFilter, DossierRow, ListResult, SetDossierRow } from '../../dossiers/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { Check, Select } from '../ui/field.tsx'
import { Pager } from '../ui/pager.tsx'
import { useList } from '../ui/use-list.ts'
import { say } from '../state/notices.ts'
import { DossierDialog } from './dossier-dialog.tsx'
import { DossierHistory } from './dossier-history.tsx'
import { DossierLine } from './dossier-line.tsx'
import { RemoveDialog } from './remove-dialog.tsx'
import { ResultDialog } from './result-dialog.tsx'

const LIMIT = 50
const FILTERS = ['open', 'overdue', 'removed'] as const satisfies readonly DossierFilter[]

/** Urgent matters that City Office must hear of (Đ9.6): what is due, what is late, what was taken off. */
export function DossierPage() {
  const desk = useConsole()
  const [show, setShow] = useState<DossierFilter>('open')
  const [training, setTraining] = useState(false)
  const [offset, setOffset] = useState(0)
  const [round, setRound] = useState(0)
  const [removing, setRemoving] = useState<DossierRow | null>(null)
  const [removed, setRemoved] = useState<DossierRow | null>(null)
  const key = JSON.stringify({ show, training, offset, round, changes: desk.changes.value.ticket })
  const page = useList(key, () => desk.api.dossier({ show, training, offset, limit: LIMIT }))
  const role = desk.session.value?.person.role
  const supervises = role === 'supervisor'
  const compiles = supervises || role === 'operator'
  const [chosen, setChosen] = useState<readonly number[]>([])
  const [opened, setOpened] = useState<number | null>(null)
  const [adding, setAdding] = useState(false)
  const [compiling, setCompiling] = useState(false)
  const items = page?.items ?? []
  // Whoever else compiled or removed a line took it from the choice too.
  const toCompile =
    show === 'removed' ? [] : items.filter(({ id }) => chosen.includes(id)).map(({ id }) => id)
  const choosing = compiles && show !== 'removed'
  const again = (): void => {
    setRound((before) => before + 1)
  }

  const compile = async (): Promise<void> => {
    setCompiling(true)
    try {
      const { id } = await desk.api.compileDossier({ itemIds: toCompile })
      setChosen([])
      setOpened(id)
      again()
    } catch (cause) {
      sayFailure(cause)
      again()
    } finally {
      setCompiling(false)
    }
  }
  const list = async (body: ListResult): Promise<void> => {
    try {
      await desk.api.listResult(body)
      say('good', t('dossier.resultDone', { code: body.ticketCode }))
      setAdding(false)
      again()
    } catch (cause) {
      sayFailure(cause)
    }
  }

  // The last line of the last page went away: the page before is the last one now.
  const ranOut = page !== null && page.items.length === 0 && page.total > 0 && offset > 0
  useEffect(() => {
    if (ranOut) setOffset(Math.max(0, offset - LIMIT))
  }, [ranOut])

  const set = async (row: DossierRow, body: SetDossierRow): Promise<boolean> => {
    try {
      const now = await desk.api.setDossier(row.id, body)
      setRemoved(now.removedAt === null ? null : now)
      setRound((before) => before + 1)
      return true
    } catch (cause) {
      sayFailure(cause)
      return false
    }
  }
  const putBack = (row: DossierRow): void => {
    void set(row, { removed: false })
  }

  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('dossier.title')}</h1>
        <div class="filters">
          <Select
            label={t('dossier.show')}
            hideLabel
            value={show}
            options={FILTERS.map((known) => ({ value: known, label: t(`dossier.show.${known}`) }))}
            onChange={(wanted) => {
              setOffset(0)
              setRemoved(null)
              setShow(wanted)
            }}
          />
          <Check
            label={t('tickets.training')}
            checked={training}
            onChange={(wanted) => {
              setOffset(0)
              setTraining(wanted)
            }}
          />
        </div>
      </header>
      {page !== null && <p class="quiet dossier-basis">{t('dossier.what', { basis: page.legalBasis })}</p>}
      {removed !== null && <Removed row={removed} onUndo={putBack} />}
      {compiles && (
        <div class="dossier-bar">
          <Button
            kind="primary"
            disabled={toCompile.length === 0}
            busy={compiling}
            onClick={() => {
              void compile()
            }}
          >
            {toCompile.length === 0
              ? t('dossier.compileNone')
              : t('dossier.compile', { cases: toCompile.length })}
          </Button>
          <Button
            icon="plus"
            onClick={() => {
              setAdding(true)
            }}
          >
            {t('dossier.addResult')}
          </Button>
        </div>
      )}
      {page === null ? (
        <Skeleton rows={8} label={t('loading')} />
      ) : page.total === 0 ? (
        <Empty title={t(`dossier.none.${show}`)}>
          <p>{t(`dossier.noneWhat.${show}`)}</p>
        </Empty>
      ) : (
        <>
          <div class="table-frame">
            <table class="table dossier-table">
              <thead>
                <tr>
                  {choosing && (
                    <th scope="col">
                      <input
                        type="checkbox"
                        aria-label={t('dossier.chooseAll')}
                        checked={toCompile.length === items.length}
                        onChange={(event) => {
                          setChosen(event.currentTarget.checked ? items.map(({ id }) => id) : [])
                        }}
                      />
                    </th>
                  )}
                  <th scope="col">{t('column.code')}</th>
                  <th scope="col">{t('column.subject')}</th>
                  <th scope="col">{t('dossier.reason')}</th>
                  <th scope="col">{t('dossier.received')}</th>
                  <th scope="col">{t('dossier.due')}</th>
                  <th scope="col">{t('column.unit')}</th>
                  <th scope="col">{t('column.state')}</th>
                  {supervises && (
                    <th scope="col">
                      <span class="hidden">{t('people.actions')}</span>
                    </th>
                  )}
                </tr>
              </thead>
              <tbody>
                {page.items.map((row) => (
                  <DossierLine
                    key={row.id}
                    row={row}
                    nowMs={minute.value}
                    chosen={choosing ? chosen.includes(row.id) : undefined}
                    onChoose={({ id }, isChosen) => {
                      setChosen((before) => [
                        ...before.filter((known) => known !== id),
                        ...(isChosen ? [id] : []),
                      ])
                    }}
                    onRemove={supervises ? setRemoving : undefined}
                    onPutBack={supervises ? putBack : undefined}
                  />
                ))}
              </tbody>
            </table>
          </div>
          <Pager offset={offset} limit={LIMIT} total={page.total} onOffset={setOffset} />
        </>
      )}
      <DossierHistory training={training} round={round} onOpen={setOpened} />
      {opened !== null && (
        <DossierDialog
          id={opened}
          onClose={() => {
            setOpened(null)
          }}
          onChanged={again}
        />
      )}
      {adding && (
        <ResultDialog
          onClose={() => {
            setAdding(false)
          }}
          onList={list}
        />
      )}
      {removing !== null && (
        <RemoveDialog
          row={removing}
          onClose={() => {
            setRemoving(null)
          }}
          onRemove={async (why) => {
            if (await set(removing, { removed: true, why })) setRemoving(null)
          }}
        />
      )}
    </main>
  )
}

/** Says what was done where the line stood, and takes it back. The focus comes here: its button went with the line. */
function Removed(props: { readonly row: DossierRow; readonly onUndo: (row: DossierRow) => void }) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    ref.current?.focus()
  }, [props.row.id])
  return (
    <div class="dossier-undo" role="status" tabIndex={-1} ref={ref}>
      <p>{t('dossier.removed', { code: props.row.ticketCode })}</p>
      <Button
        small
        onClick={() => {
          props.onUndo(props.row)
        }}
      >
        {t('dossier.undo')}
      </Button>
    </div>
  )
}
