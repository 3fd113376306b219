import { t } from '../i18n/translate.ts'
import type { TicketEditor } from '../state/ticket-editor.ts'
import { Icon } from '../ui/icon.tsx'

/** Where the words are: on the server, on their way, or kept on this machine. */
export function SaveMark({ editor }: { readonly editor: TicketEditor }) {
  const state = editor.saveState.value
  return (
    <p class={`save save-${state}`} data-testid="save-state" role="status">
      {(state === 'saved' || state === 'clean') && editor.ticket.value !== null && <Icon name="check" />}
      {(state === 'offline' || state === 'refused') && <Icon name="alert" />}
      {editor.ticket.value === null && state === 'clean' ? '' : t(`save.${state}`)}
    </p>
  )
}
