import type { HolderStage, PeriodQuery, StageTimes } from '../../reports/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { workSpan } from '../tickets/clock-words.ts'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { Link } from '../ui/link.tsx'
import { useList } from '../ui/use-list.ts'

/** In the order of the work. */
const HOLDER_STAGES: readonly HolderStage[] = ['toAccept', 'toAnswer', 'atDesk']

/** How long units and the hotline have cases, stage by stage (Đ18.3). */
export function HoldersTable({ days }: { readonly days: PeriodQuery }) {
  const desk = useConsole()
  const key = JSON.stringify({ ...days, changes: desk.changes.value.ticket })
  const report = useList(key, () => desk.api.holderReport(days))
  const units = report?.units.filter((unit) => HOLDER_STAGES.some((stage) => unit[stage].count > 0))
  return (
    <section class="holders" aria-label={t('holders.title')}>
      <h2>{t('holders.title')}</h2>
      <p class="quiet">{t('holders.what')}</p>
      {units === undefined ? (
        <Skeleton rows={4} label={t('loading')} />
      ) : units.length === 0 ? (
        <Empty title={t('holders.none')} />
      ) : (
        <div class="table-frame">
          <table class="table units-table" aria-label={t('holders.title')}>
            <thead>
              <tr>
                <th scope="col">{t('column.unit')}</th>
                {HOLDER_STAGES.map((stage) => (
                  <th key={stage} scope="col">
                    {t(`holderStage.${stage}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {units.map((unit) => (
                <tr key={unit.unitId}>
                  <th scope="row">{unit.unitName}</th>
                  {HOLDER_STAGES.map((stage) => (
                    <td key={stage} data-label={t(`holderStage.${stage}`)}>
                      <Times times={unit[stage]} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function Times({ times: { count, median, longest, longestCode } }: { readonly times: StageTimes }) {
  if (median === null || longest === null || longestCode === null) return <span class="quiet">–</span>
  return (
    <>
      <strong>{t('holders.median', { span: workSpan(median) })}</strong>{' '}
      <span class="quiet">
        ({t('holders.count', { count })}, {t('holders.longest', { span: workSpan(longest) })}{' '}
        <Link to={`/tickets/${longestCode}`} class="code">
          {longestCode}
        </Link>
        )
      </span>
    </>
  )
}
