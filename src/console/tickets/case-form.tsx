import type { TicketEditor } from '../state/ticket-editor.ts'
import { CaseSheet } from './case-sheet.tsx'
import { TicketForm } from './ticket-form.tsx'

/** The case as a form, or for a confidential one of somebody else's, what may be said of it (Đ12.1). */
export function CaseForm(props: {
  readonly editor: TicketEditor
  readonly takeFocus: boolean
  readonly onClose?: (() => void) | undefined
}) {
  const ticket = props.editor.ticket.value
  if (ticket?.sight === 'mask')
    return <CaseSheet ticket={ticket} editor={props.editor} onClose={props.onClose} />
  return <TicketForm {...props} />
}
