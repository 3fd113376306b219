import type { DossierRow } from '../../dossiers/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { moment, span } from '../ui/format.ts'
import { Link } from '../ui/link.tsx'

/** One urgent matter: its case, why it is here and until when the dossier is owed. Without commands where none are given. */
export function DossierLine(props: {
  readonly row: DossierRow
  readonly nowMs: number
  readonly onRemove: ((row: DossierRow) => void) | undefined
  readonly onPutBack: ((row: DossierRow) => void) | undefined
  /** Whether it is chosen for a dossier; undefined where nothing can be. */
  readonly chosen?: boolean | undefined
  readonly onChoose?: (row: DossierRow, chosen: boolean) => void
}) {
  const { row, nowMs, onRemove, onPutBack, chosen, onChoose } = props
  const { removedAt } = row
  return (
    <tr>
      {chosen !== undefined && (
        <td class="cell-choose">
          <input
            type="checkbox"
            aria-label={t('dossier.choose', { code: row.ticketCode })}
            checked={chosen}
            onChange={(event) => {
              onChoose?.(row, event.currentTarget.checked)
            }}
          />
        </td>
      )}
      <td class="cell-code">
        <Link to={`/tickets/${row.ticketCode}`} class="code">
          {row.ticketCode}
        </Link>
      </td>
      <td class="cell-subject">
        <span class="subject">{row.title === '' ? t('ticket.noTitle') : row.title}</span>
        {!row.urgent && row.reason !== 'result' && <span class="tag">{t('dossier.unmarked')}</span>}
        {row.training && <span class="tag">{t('tag.training')}</span>}
        {removedAt !== null && (
          <span class="quiet">
            {t('dossier.removedBy', {
              who: row.removedByName ?? '–',
              at: moment(removedAt, nowMs),
              why: row.removedWhy ?? '',
            })}
          </span>
        )}
      </td>
      <td class="cell-reason">
        <span>{t(`dossierReason.${row.reason}`)}</span>
        {row.agency !== null && <span class="quiet">{row.agency}</span>}
        {row.why !== null && <span class="quiet">{row.why}</span>}
      </td>
      <td class="cell-created" data-label={t('dossier.received')}>
        {moment(row.startedAt, nowMs)}
      </td>
      <Due row={row} nowMs={nowMs} />
      <td class="cell-unit">{row.unitName ?? ''}</td>
      <td class="cell-state">
        <span class={`state state-${row.state}`}>{tOr(`state.${row.state}`, 'state.other')}</span>
      </td>
      {onRemove !== undefined && onPutBack !== undefined && (
        <td>
          <div class="row-actions">
            {removedAt === null ? (
              <Button
                small
                label={t('dossier.removeOf', { code: row.ticketCode })}
                title={t('dossier.removeOf', { code: row.ticketCode })}
                onClick={() => {
                  onRemove(row)
                }}
              >
                {t('dossier.remove')}
              </Button>
            ) : (
              <Button
                small
                label={t('dossier.putBackOf', { code: row.ticketCode })}
                onClick={() => {
                  onPutBack(row)
                }}
              >
                {t('dossier.putBack')}
              </Button>
            )}
          </div>
        </td>
      )}
    </tr>
  )
}

function Due({ row, nowMs }: { readonly row: DossierRow; readonly nowMs: number }) {
  const label = t('dossier.due')
  if (row.dueAt === null)
    return (
      <td class="cell-due-text" data-label={label}>
        {row.dueText}
      </td>
    )
  const seconds = (Date.parse(row.dueAt) - nowMs) / 1_000
  const isLate = seconds < 0 && row.removedAt === null
  return (
    <td class={isLate ? 'cell-due case-late' : 'cell-due'} data-label={label}>
      {moment(row.dueAt, nowMs)}
      {isLate && <span class="due-late">{t('due.late', { span: span(seconds) })}</span>}
      {seconds >= 0 && row.removedAt === null && (
        <span class="due-late quiet">{t('dossier.left', { span: span(seconds) })}</span>
      )}
    </td>
  )
}
