import { useState } from 'preact/hooks'
import type { Figure, UnitFigures } from '../../reports/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { Select } from '../ui/field.tsx'
import { moment } from '../ui/format.ts'
import { useList } from '../ui/use-list.ts'
import { HoldersTable } from './holders-table.tsx'
import { FigureDialog } from './figure-dialog.tsx'
import { DigestDialog } from './digest-dialog.tsx'
import { dayWords, daysOf, type Period, PERIODS } from './periods.ts'

/** Who may write to the leaders of units, as the server has it. */
const TELLERS: readonly string[] = ['cityOffice', 'supervisor']
/** Columns in reading order: what is so now, then the period. */
const NOW = ['openNow', 'overdueNow', 'dueSoonNow', 'awaitingRelay'] as const satisfies readonly Figure[]
const IN_PERIOD = [
  'received',
  'onTime',
  'promised',
  'late',
  'running',
  'stopped',
  'returned',
  'bounced',
] as const satisfies readonly Figure[]
const COLUMNS = [...NOW, ...IN_PERIOD]
type Column = (typeof COLUMNS)[number]
/** Figures that somebody has to do something about. */
const BAD: readonly Column[] = ['overdueNow', 'late']

interface Order {
  readonly by: Column | 'name'
  readonly isDown: boolean
}

/** How units do: a unit's people see their own, the City Office all, with the cases behind each figure (Đ14.1, Đ17.5). */
export function UnitsPage() {
  const desk = useConsole()
  const [period, setPeriod] = useState<Period>('thisMonth')
  const [order, setOrder] = useState<Order>({ by: 'overdueNow', isDown: true })
  const [opened, setOpened] = useState<{ unit: UnitFigures; figure: Figure } | null>(null)
  const [isTelling, setTelling] = useState(false)
  const days = daysOf(period, minute.value)
  const key = JSON.stringify({ ...days, changes: desk.changes.value.ticket })
  const report = useList(key, () => desk.api.unitReport(days))
  const person = desk.session.value?.person
  const isOwn = person?.unitId != null
  const open = (unit: UnitFigures, figure: Figure): void => {
    setOpened({ unit, figure })
  }
  const only = isOwn ? report?.units[0] : undefined
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{only === undefined ? t('units.title') : t('units.titleOwn', { unit: only.unitName })}</h1>
        <div class="filters">
          <Select
            label={t('units.period')}
            hideLabel
            value={period}
            options={PERIODS.map((known) => ({ value: known, label: t(`period.${known}`) }))}
            onChange={setPeriod}
          />
          {TELLERS.includes(person?.role ?? '') && (
            <Button
              icon="message"
              onClick={() => {
                setTelling(true)
              }}
            >
              {t('digest.open')}
            </Button>
          )}
        </div>
      </header>
      {report === null ? (
        <Skeleton rows={8} label={t('loading')} />
      ) : report.units.length === 0 ? (
        <Empty title={t('units.none')}>
          <p>{t('units.noneWhat')}</p>
        </Empty>
      ) : (
        <>
          <p class="quiet units-basis">
            {t('units.what', {
              from: dayWords(report.from),
              to: dayWords(report.to),
              at: moment(report.asOf, minute.value),
            })}
          </p>
          {only === undefined ? (
            <AllUnits units={report.units} order={order} onOrder={setOrder} onOpen={open} />
          ) : (
            <OwnUnit unit={only} onOpen={open} />
          )}
          <HoldersTable days={days} />
        </>
      )}
      {isTelling && (
        <DigestDialog
          days={days}
          onClose={() => {
            setTelling(false)
          }}
        />
      )}
      {opened !== null && (
        <FigureDialog
          unit={opened.unit}
          figure={opened.figure}
          days={days}
          onClose={() => {
            setOpened(null)
          }}
        />
      )}
    </main>
  )
}

function AllUnits(props: {
  readonly units: readonly UnitFigures[]
  readonly order: Order
  readonly onOrder: (order: Order) => void
  readonly onOpen: (unit: UnitFigures, figure: Figure) => void
}) {
  const { units, order, onOrder, onOpen } = props
  const head = (by: Order['by'], label: string, title?: string) => (
    <th
      key={by}
      scope="col"
      title={title}
      aria-sort={order.by === by ? (order.isDown ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        class="sort"
        onClick={() => {
          onOrder({ by, isDown: order.by === by ? !order.isDown : by !== 'name' })
        }}
      >
        {label}
        <span aria-hidden="true">{order.by === by ? (order.isDown ? ' ▾' : ' ▴') : ''}</span>
      </button>
    </th>
  )
  return (
    <div class="table-frame">
      <table class="table units-table">
        <thead>
          <tr>
            {head('name', t('column.unit'))}
            {COLUMNS.map((figure) => head(figure, t(`figure.${figure}`), t(`figureWhat.${figure}`)))}
          </tr>
        </thead>
        <tbody>
          {inOrder(units, order).map((unit) => (
            <tr key={unit.unitId}>
              <th scope="row">{unit.unitName}</th>
              {COLUMNS.map((figure) => (
                <td key={figure} data-label={t(`figure.${figure}`)} class="cell-figure">
                  <FigureButton unit={unit} figure={figure} onOpen={onOpen} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function OwnUnit(props: {
  readonly unit: UnitFigures
  readonly onOpen: (unit: UnitFigures, figure: Figure) => void
}) {
  const group = (title: string, figures: readonly Column[]) => (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul class="figures">
        {figures.map((figure) => (
          <li key={figure} class="figure">
            <FigureButton unit={props.unit} figure={figure} onOpen={props.onOpen} />
            <strong>{t(`figure.${figure}`)}</strong>
            <span class="quiet">{t(`figureWhat.${figure}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
  return (
    <div class="units-own">
      {group(t('units.now'), NOW)}
      {group(t('units.inPeriod'), IN_PERIOD)}
    </div>
  )
}

/** A figure that leads to its cases; nought leads nowhere. */
function FigureButton(props: {
  readonly unit: UnitFigures
  readonly figure: Column
  readonly onOpen: (unit: UnitFigures, figure: Figure) => void
}) {
  const { unit, figure, onOpen } = props
  const count = unit[figure]
  if (count === 0) return <span class="figure-count quiet">0</span>
  return (
    <button
      type="button"
      class={BAD.includes(figure) ? 'figure-count figure-bad' : 'figure-count'}
      aria-label={t('units.casesOf', { count, figure: t(`figure.${figure}`), unit: unit.unitName })}
      onClick={() => {
        onOpen(unit, figure)
      }}
    >
      {count}
    </button>
  )
}

function inOrder(units: readonly UnitFigures[], { by, isDown }: Order): readonly UnitFigures[] {
  const sign = isDown ? -1 : 1
  // The server's order is by name: what is alike stays so.
  return [...units].sort((a, b) =>
    by === 'name' ? sign * a.unitName.localeCompare(b.unitName, 'vi') : sign * (a[by] - b[by]),
  )
}
