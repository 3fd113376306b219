import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { RowClockLine } from '../tickets/row-words.tsx'
import { useList } from '../ui/use-list.ts'
import { CaseCard } from './case-card.tsx'

const LOOKED_AT = 100

/**
 * "Chờ báo dân": the unit has answered and the citizen does not know yet (Đ9.4, Đ11.1). Everybody's, because whoever is free tells
 * them; the longest wait first. Opened, the case stands at the form that relays the answer.
 */
export function RelayCard({ onOpen }: { readonly onOpen: (code: string) => void }) {
  const desk = useConsole()
  const page = useList(`relay#${String(desk.changes.value.ticket)}`, () =>
    desk.api.tickets({ state: ['agencyAnswered'], limit: LOOKED_AT }),
  )
  const rows = [...(page?.items ?? [])].sort((a, b) => a.updatedAt.localeCompare(b.updatedAt))
  return (
    <CaseCard
      title={t('relay.title')}
      none={t('relay.none')}
      count={page?.total ?? 0}
      calls
      rows={rows}
      onOpen={onOpen}
      testId="relay-card"
      when={(row) => (
        <>
          <p class="quiet">{t('relay.answered', { unit: row.unitName ?? row.code })}</p>
          <RowClockLine row={row} />
        </>
      )}
    />
  )
}
