import type { DossierReason } from './contract.ts'

/** What of a case decides about the list of Đ9.6 (R058). */
export interface CaseFacts {
  readonly urgent: boolean
  /** Null while it is a draft: nothing has been received yet. */
  readonly receivedAt: string | null
}

/** An entry that the case has already. */
export interface Standing {
  readonly reason: DossierReason
  readonly removedAt: string | null
}

/**
 * Is it now, and not before, a received matter that an operator holds for urgent? Taking the mark off again is no cause for
 * anything: the two days ran, City Office may have been told, and whether the dossier is still owed is a supervisor's word.
 */
export function becameUrgent(before: CaseFacts, after: CaseFacts): boolean {
  return isUrgentMatter(after) && !isUrgentMatter(before)
}

/**
 * What a new cause does to the list. The mark alone adds nothing to a transfer that put the case there, since the transfer
 * set it; the other way round the transfer adds call and agency. Whatever was taken off comes back with a new cause.
 */
export function planListing(
  reason: DossierReason,
  standing: readonly Standing[],
): 'list' | 'putBack' | 'nothing' {
  const own = standing.find((entry) => entry.reason === reason)
  if (own !== undefined) return own.removedAt === null ? 'nothing' : 'putBack'
  const isPutThrough = standing.some((entry) => entry.reason === 'urgentTransfer' && entry.removedAt === null)
  return reason === 'urgent' && isPutThrough ? 'nothing' : 'list'
}

/**
 * The receipt that Đ9.6 counts from. A case put through while its form is still being typed was received when the citizen
 * was heard, and keeps that start: finishing the form later buys no time. A mark made days after the receipt may be late at
 * once, since the article knows no other start; the list shows the receipt beside the due date.
 */
export function startOf({ receivedAt }: CaseFacts, listedAt: string): string {
  return receivedAt ?? listedAt
}

function isUrgentMatter({ urgent, receivedAt }: CaseFacts): boolean {
  return urgent && receivedAt !== null
}
