import { type Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import { type WriteNote } from './contract.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { STATES } from './ticket-machine.ts'
import { type Ticket } from './ticket.ts'

/** Who may give work to somebody inside the unit: the unit stays answerable, and its clock goes on (Đ17.4, R097). */
const GIVES_WORK: readonly Person['role'][] = ['officer', 'head']

/**
 * What is done with a case while it waits for its answer: measures and progress (Đ17.2, R095), and who inside the unit works on
 * it (Đ17.4, R097). Lines of the history; no state, no clock and no holder changes by them.
 */
export function createWorkNotes({ store, now }: TicketPorts, book: CaseBook) {
  return {
    /** In the caller's transaction. Throws TICKET_NOT_FOUND, NOTE_REQUIRED, ACTION_NOT_POSSIBLE, ACTION_NOT_YOURS. */
    write(code: string, note: WriteNote, actor: Person): Ticket {
      const ticket = book.mustFind(code)
      const text = note.text.normalize('NFC').trim()
      if (text === '') throw new AppError('invalid', 'NOTE_REQUIRED', 'the note is empty')
      const isOver = STATES[ticket.state].isEnd || ticket.state === 'draft'
      if (isOver) throw new AppError('conflict', 'ACTION_NOT_POSSIBLE', `no notes in state ${ticket.state}`)
      const handler = (note.handler ?? '').normalize('NFC').trim()
      if (handler !== '' && !GIVES_WORK.includes(actor.role))
        throw new AppError(
          'forbidden',
          'ACTION_NOT_YOURS',
          'only the unit says who inside it works on a case',
        )
      store.addEvent({
        ticketId: ticket.id,
        at: now().toISOString(),
        type: handler === '' ? 'progress' : 'workGiven',
        actorId: actor.id,
        detail: { text, unitId: ticket.unitId, ...(handler === '' ? {} : { handler }) },
      })
      return ticket
    },
  }
}
