import { useEffect, useRef, useState } from 'preact/hooks'
import type { DossierFilter, DossierRow, SetDossierRow } from '../../dossiers/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { Check, Select } from '../ui/field.tsx'
import { Pager } from '../ui/pager.tsx'
import { useList } from '../ui/use-list.ts'
import { DossierLine } from './dossier-line.tsx'
import { RemoveDialog } from './remove-dialog.tsx'

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
  const supervises = desk.session.value?.person.role === 'supervisor'

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
