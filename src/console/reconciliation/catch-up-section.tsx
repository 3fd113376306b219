import type { CatchUpRun, CatchUpState } from '../../calls/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole, useLine } from '../state/console-context.ts'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { moment } from '../ui/format.ts'
import { useList } from '../ui/use-list.ts'

const SHOWN = 10

/** What was made up for each time the service, or its line to the PBX, had been away. */
export function CatchUpSection() {
  const desk = useConsole()
  const links = useLine((line) => line.links)
  const key = JSON.stringify({ changes: desk.changes.value.catchUp, links })
  const found = useList(key, () => desk.api.catchUps(SHOWN))
  return (
    <section class="catch-ups" aria-label={t('catchUp.title')}>
      <h2>{t('catchUp.title')}</h2>
      {found === null ? (
        <Skeleton rows={2} label={t('loading')} />
      ) : (
        <>
          <Now now={found.now} />
          {found.runs.length === 0 ? (
            <Empty title={t('catchUp.none')} />
          ) : (
            <ul>
              {found.runs.map((run) => (
                <li key={run.id}>{runWords(run)}</li>
              ))}
            </ul>
          )}
        </>
      )}
    </section>
  )
}

function Now({ now: { phase, done, total } }: { readonly now: CatchUpState }) {
  if (phase === 'done') return null
  return <p role="status">{t(`catchUp.${phase}`, { done, total })}</p>
}

/** "Đã bổ sung 37 cuộc gọi từ 02:10 đến 02:31." and what else there is to say. */
function runWords(run: CatchUpRun): string {
  const { rebuilt, ended, failed, recordings, fromAt, toAt } = run
  const at = (iso: string | null): string => moment(iso ?? run.startedAt, minute.value)
  const words = [
    t('catchUp.at', { at: at(run.startedAt), why: t(`catchUpReason.${run.reason}`) }),
    ...(rebuilt > 0 ? [t('catchUp.rebuilt', { count: rebuilt, from: at(fromAt), to: at(toAt) })] : []),
    ...(recordings > 0 ? [t('catchUp.collected', { count: recordings })] : []),
    ...(ended > 0 ? [t('catchUp.ended', { count: ended })] : []),
    ...(failed > 0 ? [t('catchUp.failed', { count: failed })] : []),
    ...(run.finishedAt === null ? [t('catchUp.broken')] : []),
  ]
  return words.join(' ')
}
