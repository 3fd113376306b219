import { useState } from 'preact/hooks'
import type { TicketRow } from '../../tickets/contract.ts'
import { LIST_BOUND } from '../ui/list-bound.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { isAnyDay, useAddressDays, useDaysAsked } from '../state/address-days.ts'
import { isOutside } from '../state/console.ts'
import { useConsole } from '../state/console-context.ts'
import { navigate } from '../state/route.ts'
import { wantedMove } from '../state/wanted-move.ts'
import { Button } from '../ui/button.tsx'
import { DayFields, olderDays } from '../ui/day-fields.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { Check, Field, Select } from '../ui/field.tsx'
import { boundedCount, moment } from '../ui/format.ts'
import { Link } from '../ui/link.tsx'
import { Pager } from '../ui/pager.tsx'
import { useList, useSettled } from '../ui/use-list.ts'
import { RowDue } from './row-words.tsx'
import { unitNameOf } from './unit-name.ts'
import { groupChoice, isLateState, STATE_GROUPS, type StateChoice, statesOf } from './state-groups.ts'
import { directionText } from './ticket-history.tsx'
import { UnseenBar, UnseenCell, type UnseenMarks, useUnseenMarks } from './unseen.tsx'

const LIMIT = 50

/** All cases: search with or without marks, filters, pages. */
export function TicketListPage() {
  const desk = useConsole()
  const [q, setQ] = useState('')
  const [state, setState] = useState<StateChoice | ''>('')
  const [mine, setMine] = useState(false)
  const [unitId, setUnitId] = useState('')
  const [training, setTraining] = useState(false)
  const [unseen, setUnseen] = useState(false)
  const [days, setDays] = useAddressDays()
  const asked = useDaysAsked(days)
  const [offset, setOffset] = useState(0)
  const filter = useSettled(
    JSON.stringify({ q: q.trim(), state, mine, unseen, unitId, training, asked, offset }),
    200,
  )
  const session = desk.session.value
  const isOfUnit = session?.person.unitId != null
  const isLate = state !== '' && statesOf(state).every(isLateState)
  // A unit works by due times; so does whoever looks for what is late.
  const isByEnd = isOfUnit || isLate
  const page = useList(`${filter}#${String(desk.changes.value.ticket)}`, () =>
    desk.api.tickets({
      ...(q.trim() === '' ? {} : { q: q.trim() }),
      ...(state === '' ? {} : { state: statesOf(state) }),
      ...(mine ? { mine } : {}),
      ...(unseen ? { unseen } : {}),
      ...(unitId === '' ? {} : { unitId }),
      ...(training ? { training } : {}),
      ...asked,
      ...(isByEnd ? { byEnd: true } : {}),
      offset,
      limit: LIMIT,
    }),
  )
  const first =
    <T,>(set: (value: T) => void) =>
    (value: T): void => {
      setOffset(0)
      set(value)
    }
  const outside = isOutside(session)
  const marks = useUnseenMarks(page)
  // A unit that sees its own cases only knows whose they are.
  const withUnit = !isOfUnit || page?.items.some(({ unitName }) => unitName !== session.unitName) !== false
  const filtered = q.trim() !== '' || state !== '' || mine || unseen || unitId !== '' || !isAnyDay(days)
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>
          {session?.unitName == null ? t('tickets.title') : t('tickets.ofUnit', { unit: session.unitName })}
        </h1>
        <div class="filters" role="search">
          <Field
            label={t('tickets.search')}
            hideLabel
            type="search"
            value={q}
            onInput={first(setQ)}
            placeholder={t('tickets.searchHint')}
            maxLength={200}
          />
          <Select
            label={t('tickets.state')}
            hideLabel
            value={state}
            options={[{ value: '' as const, label: t('tickets.anyState') }]}
            groups={STATE_GROUPS.map(({ group, states }) => ({
              label: t(`stateGroup.${group}`),
              options: [
                { value: groupChoice(group), label: t('tickets.allOf', { group: t(`stateGroup.${group}`) }) },
                ...states.map((known): { value: StateChoice; label: string } => ({
                  value: known,
                  label: t(`state.${known}`),
                })),
              ],
            }))}
            onChange={first(setState)}
          />
          {!isOfUnit && (
            <Select
              label={t('tickets.unit')}
              hideLabel
              value={unitId}
              options={[
                { value: '', label: t('tickets.anyUnit') },
                ...(desk.directory.value?.units ?? []).map(({ id, name }) => ({ value: id, label: name })),
              ]}
              onChange={first(setUnitId)}
            />
          )}
          {!outside && <Check label={t('tickets.mine')} checked={mine} onChange={first(setMine)} />}
          {marks.isShown && (
            <Check
              label={t('overdue.only', { count: boundedCount(page?.overdue ?? 0) })}
              checked={state === 'overdue'}
              onChange={(on) => {
                first(setState)(on ? 'overdue' : '')
              }}
            />
          )}
          {marks.isShown && (
            <Check
              label={t('unseen.only', { count: boundedCount(page?.unseen ?? 0) })}
              checked={unseen}
              onChange={first(setUnseen)}
            />
          )}
          <Check label={t('tickets.training')} checked={training} onChange={first(setTraining)} />
          <div class="day-filters">
            <DayFields days={days} onDays={first(setDays)} />
          </div>
        </div>
      </header>
      {page === null ? (
        <Skeleton rows={12} label={t('loading')} />
      ) : page.items.length === 0 ? (
        <NoCases filtered={filtered} isCut={page.isCut === true} />
      ) : (
        <>
          <UnseenBar marks={marks} />
          {page.isCut === true && <p class="quiet">{t('tickets.isCut')}</p>}
          <div class="table-frame">
            <table class="table tickets-table">
              <thead>
                <tr>
                  {marks.isShown && (
                    <th scope="col">
                      <span class="hidden">{t('unseen.mark')}</span>
                    </th>
                  )}
                  <th scope="col">{t('column.code')}</th>
                  <th scope="col">{t('column.subject')}</th>
                  <th scope="col">{t('column.reporter')}</th>
                  <th scope="col">{t('column.state')}</th>
                  {withUnit && <th scope="col">{t('column.unit')}</th>}
                  <th scope="col">{t('column.due')}</th>
                  <th scope="col">{t('column.created')}</th>
                </tr>
              </thead>
              <tbody>
                {page.items.map((row) => (
                  <Row key={row.code} row={row} marks={marks} withUnit={withUnit} />
                ))}
              </tbody>
            </table>
          </div>
          <Pager
            offset={offset}
            limit={LIMIT}
            total={page.total}
            bound={LIST_BOUND}
            onOffset={setOffset}
            older={
              isByEnd || q.trim() !== ''
                ? undefined
                : olderDays(page.items.at(-1)?.createdAt, days, first(setDays))
            }
          />
        </>
      )}
    </main>
  )
}

/** Why the list is empty, and what to do. */
function NoCases({ filtered, isCut }: { readonly filtered: boolean; readonly isCut: boolean }) {
  const session = useConsole().session.value
  const isUnitGone = session?.person.unitId != null && session.unitName === null
  if (isUnitGone)
    return (
      <Empty title={t('unit.goneTitle')}>
        <p>{t('unit.goneWhat')}</p>
      </Empty>
    )
  const none = isOutside(session) ? t('tickets.noneOutside') : t('tickets.noneWhat')
  return (
    <Empty title={filtered ? t('tickets.notFound') : t('tickets.none')}>
      <p>{isCut ? t('tickets.isCut') : filtered ? t('tickets.notFoundWhat') : none}</p>
    </Empty>
  )
}

/** What stands in place of a subject where there is none, or none to be seen. */
function subjectOf(row: TicketRow): string {
  if (row.sight === 'mask') return t('sight.maskTitle')
  return row.title === '' ? t('ticket.noTitle') : row.title
}

function reporterOf(row: TicketRow): string {
  if (row.sight === 'whole') return row.reporterName === '' ? t('caller.noName') : row.reporterName
  return row.confidential ? t('tag.confidential') : t('sight.reporterHidden')
}

/** What the leaders said of an overdue case (Đ9.4 ¶2), or that they have yet to. */
function DirectionLine({ code, direction }: Required<Pick<TicketRow, 'code' | 'direction'>>) {
  const isOffice = useConsole().session.value?.person.role === 'cityOffice'
  return (
    <div class="row-directed">
      {direction === null ? (
        isOffice && <span class="tag tag-warn">{t('direction.none')}</span>
      ) : (
        <span class="row-direction">{directionText(direction)}</span>
      )}
      {isOffice && (
        <Button
          small
          icon="chevron"
          label={t('direction.doOf', { code })}
          onClick={() => {
            wantedMove.value = { code, move: 'direct' }
            navigate(`/tickets/${code}`)
          }}
        >
          {t(direction === null ? 'direction.do' : 'direction.again')}
        </Button>
      )}
    </div>
  )
}

/** It does what it says itself; the rest of the row opens the case. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button') !== null
}

function Row({
  row,
  marks,
  withUnit,
}: {
  readonly row: TicketRow
  readonly marks: UnseenMarks
  readonly withUnit: boolean
}) {
  return (
    <tr
      class={isLateState(row.state) ? 'row-link row-late' : 'row-link'}
      onClick={(event) => {
        if (!isControl(event.target)) navigate(`/tickets/${row.code}`)
      }}
    >
      {marks.isShown && <UnseenCell row={row} marks={marks} />}
      <td class="cell-code">
        <Link to={`/tickets/${row.code}`} class="code">
          {row.code}
        </Link>
      </td>
      <td class="cell-subject">
        <span class="subject" title={subjectOf(row)}>
          {subjectOf(row)}
        </span>
        <span class="quiet">
          {[row.fieldName, row.place === '' ? null : row.place].filter((part) => part !== null).join(' · ')}
        </span>
        {row.direction !== undefined && <DirectionLine code={row.code} direction={row.direction} />}
        {row.promiseWaits !== undefined && (
          <span class="tag tag-warn">
            {t('promise.waits', { at: moment(row.promiseWaits, minute.value) })}
          </span>
        )}
        {row.unseen && <span class="tag tag-warn">{t('unseen.tag')}</span>}
        {row.urgent && <span class="tag tag-bad">{t('tag.urgent')}</span>}
        {row.confidential && row.sight !== 'mask' && <span class="tag">{t('tag.confidential')}</span>}
        {row.sight === 'ownSlips' && <span class="tag">{t('sight.elsewhere')}</span>}
        {row.training && <span class="tag">{t('tag.training')}</span>}
      </td>
      <td class="cell-reporter">
        <span class={row.sight === 'whole' ? undefined : 'quiet'}>{reporterOf(row)}</span>
        <span class="quiet number">{row.phoneDisplay}</span>
      </td>
      <td class="cell-state">
        <span class={`state state-${row.state}`}>{t(`state.${row.state}`)}</span>
      </td>
      {withUnit && <td class="cell-unit">{unitNameOf(row) ?? ''}</td>}
      <td class="cell-due">
        <RowDue row={row} />
      </td>
      <td class="cell-created quiet">{moment(row.createdAt, minute.value)}</td>
    </tr>
  )
}
