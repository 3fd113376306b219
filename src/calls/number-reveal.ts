import type { AuditAction, Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import type { WholeNumber } from './contract.ts'

export interface NumberRevealDeps {
  readonly numbersOf: (callId: string) => (WholeNumber & { readonly ticketCode: string | null }) | undefined
  /** False where that case is confidential and the viewer does not read the whole of it. */
  readonly mayReadCase: (code: string, viewer: Person) => boolean
  readonly audit: (
    actorId: number,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown>,
  ) => void
  readonly transaction: <T>(work: () => T) => T
}

export interface NumberReveal {
  /** Throws CALL_NOT_FOUND, NUMBER_CONFIDENTIAL, NUMBER_WITHHELD. */
  reveal(callId: string, viewer: Person): WholeNumber
}

/** The whole of a masked number, for whoever asks for it by name: each time is a line of the audit log (R068). */
export function createNumberReveal({
  numbersOf,
  mayReadCase,
  audit,
  transaction,
}: NumberRevealDeps): NumberReveal {
  return {
    reveal: (callId, viewer) =>
      // Nothing is answered of what could not be written down.
      transaction(() => {
        const found = numbersOf(callId)
        if (found === undefined) throw new AppError('notFound', 'CALL_NOT_FOUND', 'no such call')
        const { ticketCode, number, reach } = found
        if (ticketCode !== null && !mayReadCase(ticketCode, viewer))
          throw new AppError('forbidden', 'NUMBER_CONFIDENTIAL', 'who reported this case is confidential')
        if (number.display === '' && reach.display === '')
          throw new AppError('conflict', 'NUMBER_WITHHELD', 'the caller hid their number')
        audit(viewer.id, 'number.revealed', `call:${callId}`, ticketCode === null ? {} : { ticketCode })
        return { number, reach }
      }),
  }
}
