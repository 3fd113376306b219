import { useRef, useState } from 'preact/hooks'
import type { TicketView } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { sayFailure } from '../state/failure-words.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { size } from '../ui/format.ts'

/** Pictures and papers of the case (R038). */
export function Attachments(props: {
  readonly ticket: TicketView
  readonly onChanged: (ticket: TicketView) => void
}) {
  const { ticket, onChanged } = props
  const desk = useConsole()
  const picker = useRef<HTMLInputElement>(null)
  const [sending, setSending] = useState<string | null>(null)
  const add = async (files: readonly File[]): Promise<void> => {
    for (const file of files) {
      setSending(file.name)
      try {
        onChanged(await desk.api.attach(ticket.code, file))
      } catch (cause) {
        sayFailure(cause)
      }
    }
    setSending(null)
  }
  return (
    <section class="attachments" aria-label={t('attachment.title')}>
      <input
        ref={picker}
        type="file"
        multiple
        class="hidden"
        tabIndex={-1}
        aria-label={t('attachment.choose')}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])]
          event.currentTarget.value = ''
          void add(files)
        }}
      />
      {ticket.actions.includes('attach') && (
        <Button
          small
          icon="clip"
          busy={sending !== null}
          onClick={() => {
            picker.current?.click()
          }}
        >
          {sending === null ? t('attachment.add') : t('attachment.sending', { name: sending })}
        </Button>
      )}
      <ul class="attachment-list">
        {ticket.attachments.map((attachment) => (
          <li key={attachment.id}>
            <a
              href={`/api/tickets/${ticket.code}/attachments/${String(attachment.id)}`}
              target="_blank"
              rel="noreferrer"
            >
              {attachment.name}
            </a>
            <span class="quiet"> {size(attachment.sizeBytes)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
