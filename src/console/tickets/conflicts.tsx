import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import type { FormField } from '../state/form-merge.ts'
import type { TicketEditor } from '../state/ticket-editor.ts'
import { Button } from '../ui/button.tsx'
import { moment } from '../ui/format.ts'
import type { TicketEvent } from '../../tickets/contract.ts'

/** Fields two people wrote at once: both texts are here, and one is chosen. */
export function Conflicts({ editor }: { readonly editor: TicketEditor }) {
  const conflicts = editor.conflicts.value
  if (conflicts.length === 0) return null
  return (
    <section class="conflicts" aria-label={t('conflict.title')} role="alert">
      <p>
        <strong>{t('conflict.title')}</strong> {t('conflict.what')}
      </p>
      <ul>
        {conflicts.map((conflict) => (
          <li key={conflict.field}>
            <p>
              <strong>{t(`conflict.field.${conflict.field}`)}:</strong> {theirsText(conflict.theirs)}
            </p>
            <Writer event={lastWriterOf(conflict.field, editor.ticket.value?.events ?? [])} />
            <Button
              small
              onClick={() => {
                editor.settle(conflict, 'theirs')
              }}
            >
              {t('conflict.takeTheirs')}
            </Button>
            <Button
              small
              kind="quiet"
              onClick={() => {
                editor.settle(conflict, 'mine')
              }}
            >
              {t('conflict.keepMine')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Who wrote it, so that one may ask them; a draft keeps no history. */
function Writer({ event }: { readonly event: TicketEvent | undefined }) {
  if (event === undefined || event.actorName === null) return null
  const at = moment(event.at, minute.value)
  return <p class="quiet">{t('conflict.by', { who: event.actorName, at })}</p>
}

/** The line of the history in which that field got what stands there now. */
export function lastWriterOf(field: FormField, events: readonly TicketEvent[]): TicketEvent | undefined {
  const [head = '', part] = field.split('.')
  return events.findLast(({ type, detail }) => {
    const change = type === 'saved' ? changeOf(detail['changes'], head) : undefined
    return (
      change !== undefined && (part === undefined || partOf(change.from, part) !== partOf(change.to, part))
    )
  })
}

function changeOf(
  changes: unknown,
  field: string,
): { readonly from?: unknown; readonly to?: unknown } | undefined {
  const change = partOf(changes, field)
  return change !== null && typeof change === 'object' ? change : undefined
}

function partOf(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined
}

function theirsText(value: string | boolean | null): string {
  if (typeof value === 'boolean') return value ? t('conflict.yes') : t('conflict.no')
  return value === null || value === '' ? t('conflict.empty') : value
}
