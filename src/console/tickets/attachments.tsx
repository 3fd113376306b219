import type { TicketView } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { FileList, FilePicker } from './file-picker.tsx'

/** Pictures and papers of the case (R038). */
export function Attachments(props: {
  readonly ticket: TicketView
  readonly onChanged: (ticket: TicketView) => void
}) {
  const { ticket, onChanged } = props
  const desk = useConsole()
  return (
    <section class="attachments" aria-label={t('attachment.title')}>
      {ticket.actions.includes('attach') && (
        <FilePicker
          label={t('attachment.add')}
          send={async (file) => {
            onChanged(await desk.api.attach(ticket.code, file))
          }}
        />
      )}
      <FileList code={ticket.code} files={ticket.attachments} />
    </section>
  )
}
