import type { CalendarHistory as History, CalendarView } from '../../deadlines/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { moment } from '../ui/format.ts'
import { useList } from '../ui/use-list.ts'
import { differenceText } from './difference-words.ts'

/** Every version of a table with what it changed; an admin may take an older one up again as a new one. */
export function CalendarHistory(props: {
  readonly calendar: CalendarView
  readonly load: () => Promise<History>
  readonly onClose: () => void
  /** Undefined for who only reads. */
  readonly onRestore: ((number: number) => void) | undefined
}) {
  const { calendar, onRestore } = props
  const versions = useList(calendar.id, props.load)
  return (
    <Dialog title={t('calendar.historyOf', { name: calendar.name })} onClose={props.onClose} wide>
      {versions === null ? (
        <Skeleton rows={4} label={t('loading')} />
      ) : versions.length === 0 ? (
        <Empty title={t('calendar.noHistory')} />
      ) : (
        <ol class="version-list" reversed>
          {versions.map(({ number, at, actorName, reason, differences }) => (
            <li key={number}>
              <p>
                <strong>{t('calendar.versionNumber', { number })}</strong> {reason}
              </p>
              <p class="quiet">
                {moment(at, minute.value)}
                {actorName !== null && ` · ${actorName}`}
              </p>
              {differences.length > 0 && (
                <ul class="difference-list">
                  {differences.map((difference) => (
                    <li key={JSON.stringify(difference)}>{differenceText(difference)}</li>
                  ))}
                </ul>
              )}
              {onRestore !== undefined && number !== calendar.revision.number && (
                <Button
                  small
                  onClick={() => {
                    onRestore(number)
                  }}
                >
                  {t('calendar.restoreNumber', { number })}
                </Button>
              )}
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  )
}
