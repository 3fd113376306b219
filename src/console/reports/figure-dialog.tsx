import { useState } from 'preact/hooks'
import type { Figure, PeriodQuery, UnitFigures } from '../../reports/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { moment } from '../ui/format.ts'
import { Link } from '../ui/link.tsx'
import { Pager } from '../ui/pager.tsx'
import { useList } from '../ui/use-list.ts'

const LIMIT = 50

/** The cases that one figure counted. */
export function FigureDialog(props: {
  readonly unit: UnitFigures
  readonly figure: Figure
  readonly days: PeriodQuery
  readonly onClose: () => void
}) {
  const { unit, figure, days } = props
  const desk = useConsole()
  const [offset, setOffset] = useState(0)
  const key = JSON.stringify({ id: unit.unitId, figure, ...days, offset })
  const page = useList(key, () =>
    desk.api.figureCases(unit.unitId, { ...days, figure, offset, limit: LIMIT }),
  )
  return (
    <Dialog wide title={`${unit.unitName}: ${t(`figure.${figure}`)}`} onClose={props.onClose}>
      <p class="quiet">{t(`figureWhat.${figure}`)}</p>
      {page === null ? (
        <Skeleton rows={5} label={t('loading')} />
      ) : page.total === 0 ? (
        <Empty title={t('units.noCases')} />
      ) : (
        <>
          <ul class="figure-cases">
            {page.items.map((one, index) => (
              <li key={`${one.code} ${String(index)}`}>
                <Link to={`/tickets/${one.code}`} class="code">
                  {one.code}
                </Link>
                <span class="subject">{one.title === '' ? t('ticket.noTitle') : one.title}</span>
                <span class={`state state-${one.state}`}>{tOr(`state.${one.state}`, 'state.other')}</span>
                {one.dueAt !== null && (
                  <span class="quiet">{t('due.at', { at: moment(one.dueAt, minute.value) })}</span>
                )}
              </li>
            ))}
          </ul>
          <Pager offset={offset} limit={LIMIT} total={page.total} onOffset={setOffset} />
        </>
      )}
    </Dialog>
  )
}
