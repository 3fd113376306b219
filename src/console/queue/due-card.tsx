import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { RowClockLine, stepText } from '../tickets/row-words.tsx'
import { useList } from '../ui/use-list.ts'
import { CaseCard } from './case-card.tsx'

const LOOKED_AT = 20

/**
 * What this desk has to watch: at the desk itself, with units that still have to answer, and sent back by them; what ends first
 * comes first, each with what is to be done.
 */
export function DueCard({ onOpen }: { readonly onOpen: (code: string) => void }) {
  const desk = useConsole()
  const page = useList(`due#${String(desk.changes.value.ticket)}`, () =>
    desk.api.tickets({ desk: true, limit: LOOKED_AT }),
  )
  const rows = page?.items ?? []
  return (
    <CaseCard
      title={t('due.title')}
      none={t('due.none')}
      count={page?.total ?? 0}
      calls={rows.some(({ returned }) => returned === true)}
      rows={rows}
      onOpen={onOpen}
      when={(row) => (
        <>
          <p class={row.returned === true ? 'when due-back' : 'quiet'}>{stepText(row)}</p>
          <RowClockLine row={row} />
        </>
      )}
    />
  )
}
