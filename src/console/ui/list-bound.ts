import type { ListBound } from '../../tickets/contract.ts'

/** The server's own number: its type holds both to the same. */
export const LIST_BOUND: ListBound = 1_000
