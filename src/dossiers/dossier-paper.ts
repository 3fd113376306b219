import { createHash } from 'node:crypto'
import type { DossierReason } from './contract.ts'

/** What a dossier says of one case, frozen when it is compiled. Nobody's name and no number of a citizen is in it (Đ12.2). */
export interface CasePaper {
  readonly ticketCode: string
  readonly reason: DossierReason
  /** Whom it was put through to, or why a reminder is called for. */
  readonly cause: string | null
  readonly startedAt: string
  readonly dueAt: string | null
  readonly dueText: string
  readonly facts: CaseFactsOnPaper
  readonly attempts: readonly AttemptOnPaper[]
}

/** The case itself, as tickets tell it. */
export interface CaseFactsOnPaper {
  readonly title: string
  readonly content: string
  readonly place: string
  readonly area: string | null
  readonly category: string | null
  readonly field: string | null
  readonly receivedAt: string | null
  readonly reporter: 'individual' | 'organisation' | 'confidential'
  readonly state: string
  readonly unit: string | null
  readonly result: { readonly text: string; readonly at: string } | null
  readonly deadlines: readonly DeadlineOnPaper[]
}

export interface DeadlineOnPaper {
  readonly kind: string
  readonly startedAt: string
  readonly dueAt: string | null
  readonly state: 'running' | 'paused' | 'satisfied' | 'void' | 'breached'
  /** When it stood still, was met or ran out. */
  readonly at: string | null
  readonly breachedAt: string | null
}

export interface AttemptOnPaper {
  readonly label: string
  readonly at: string
  readonly outcome: string
}

/** The whole dossier, as both files show it. */
export interface DossierPaper {
  readonly number: string
  readonly training: boolean
  readonly city: string
  readonly hotline: string
  readonly office: string
  readonly legalBasis: string
  readonly cover: string
  readonly compiledAt: string
  /** Null on a draft, which says that it is one. */
  readonly sentAt: string | null
  readonly sentByName: string | null
  readonly late: boolean
  readonly cases: readonly CasePaper[]
}

/** SHA-256 of what a dossier says: the same for the same words, whatever draws them and in whichever order keys are kept. */
export function contentHashOf(paper: DossierPaper): string {
  return createHash('sha256').update(canonical(paper)).digest('hex')
}

/** JSON with the keys in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
