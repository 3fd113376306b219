import { useState } from 'preact/hooks'
import type { CallView } from '../../calls/contract.ts'
import { LIST_BOUND } from '../ui/list-bound.ts'
import { t, tOr } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { ANY_DAY, type Days, isAnyDay, useAddressDays, useDaysAsked } from '../state/address-days.ts'
import { useConsole, useLine } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { DayFields, olderDays } from '../ui/day-fields.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { clock, moment } from '../ui/format.ts'
import { Link } from '../ui/link.tsx'
import { Pager } from '../ui/pager.tsx'
import { useList, useSettled } from '../ui/use-list.ts'
import { CallerNumber } from './caller-number.tsx'

const LIMIT = 50

/** Every call, newest first. */
export function CallsPage() {
  const desk = useConsole()
  const [offset, setOffset] = useState(0)
  const [days, setDays] = useAddressDays()
  const showDays = (next: Days): void => {
    setOffset(0)
    setDays(next)
  }
  const running = useLine((line) => line.call)
  const asked = { ...useDaysAsked(days), offset, limit: LIMIT }
  const key = useSettled(JSON.stringify(asked), 200)
  const page = useList(`${key}#${running?.id ?? ''}${running?.state ?? ''}`, () => desk.api.calls(asked))
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('calls.title')}</h1>
        <div class="filters day-filters" role="search" aria-label={t('calls.search')}>
          <DayFields days={days} onDays={showDays} />
          {!isAnyDay(days) && (
            <Button
              small
              icon="close"
              onClick={() => {
                showDays(ANY_DAY)
              }}
            >
              {t('days.clear')}
            </Button>
          )}
        </div>
      </header>
      {page === null ? (
        <Skeleton rows={12} label={t('loading')} />
      ) : page.items.length === 0 ? (
        <Empty title={t(isAnyDay(days) ? 'calls.none' : 'calls.notFound')}>
          <p>{t(isAnyDay(days) ? 'calls.noneWhat' : 'days.notFoundWhat')}</p>
        </Empty>
      ) : (
        <>
          <div class="table-frame">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">{t('column.when')}</th>
                  <th scope="col">{t('column.number')}</th>
                  <th scope="col">{t('column.direction')}</th>
                  <th scope="col">{t('column.outcome')}</th>
                  <th scope="col">{t('column.wait')}</th>
                  <th scope="col">{t('column.talk')}</th>
                  <th scope="col">{t('column.operator')}</th>
                  <th scope="col">{t('column.code')}</th>
                </tr>
              </thead>
              <tbody>
                {page.items.map((call) => (
                  <Row key={call.id} call={call} />
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
            older={olderDays(page.items.at(-1)?.startedAt, days, showDays)}
          />
        </>
      )}
    </main>
  )
}

function Row({ call }: { readonly call: CallView }) {
  const seconds = (from: string | null, to: string | null): string =>
    from === null || to === null ? '' : clock((Date.parse(to) - Date.parse(from)) / 1_000)
  return (
    <tr>
      <td>{moment(call.startedAt, minute.value)}</td>
      <td class="cell-number">
        <CallerNumber callId={call.id} display={call.number.display} isMasked={call.number.isMasked} />
        {call.callerName !== null && <span class="quiet"> {call.callerName}</span>}
        {call.training && (
          <>
            {' '}
            <span class="tag">{t('tag.training')}</span>
          </>
        )}
      </td>
      <td>{t(`direction.${call.direction}`)}</td>
      <td>
        {call.outcome === null
          ? t(`callState.${call.state}`)
          : tOr(`outcome.${call.outcome}`, 'outcome.other')}
      </td>
      <td class="clock" data-label={t('column.wait')}>
        {seconds(call.queuedAt, call.answeredAt ?? call.endedAt)}
      </td>
      <td class="clock" data-label={t('column.talk')}>
        {seconds(call.answeredAt, call.endedAt)}
      </td>
      <td>{call.operatorName ?? ''}</td>
      <td>
        {call.ticketCode !== null && (
          <Link to={`/tickets/${call.ticketCode}`} class="code">
            {call.ticketCode}
          </Link>
        )}
      </td>
    </tr>
  )
}
