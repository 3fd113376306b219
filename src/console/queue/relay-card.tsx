import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { secondsSince, span } from '../ui/format.ts'
import { useList } from '../ui/use-list.ts'

const SHOWN = 5
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
    <section class="card due" aria-label={t('relay.title')} data-testid="relay-card">
      <h2>
        {t('relay.title')}
        <span class={rows.length > 0 ? 'count count-on' : 'count'}>{page?.total ?? 0}</span>
      </h2>
      {rows.length === 0 ? (
        <p class="quiet">{t('relay.none')}</p>
      ) : (
        <ul class="due-list">
          {rows.slice(0, SHOWN).map((row) => (
            <li key={row.code}>
              <button
                type="button"
                class="text-button"
                onClick={() => {
                  onOpen(row.code)
                }}
              >
                {row.title === '' ? row.code : row.title}
              </button>
              <p class="when quiet">
                {t('relay.waits', {
                  unit: row.unitName ?? row.code,
                  span: span(secondsSince(row.updatedAt, minute.value)),
                })}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
