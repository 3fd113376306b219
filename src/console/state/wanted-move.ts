import { signal } from '@preact/signals'
import type { TicketMove } from '../../tickets/contract.ts'

/** A step that somebody chose in a list: the case opens with its form, and the cursor in it. */
export const wantedMove = signal<{ readonly code: string; readonly move: TicketMove } | null>(null)
