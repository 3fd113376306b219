import { audit } from './en/audit.ts'
import { board } from './en/board.ts'
import { calendar } from './en/calendar.ts'
import { caseForm } from './en/case-form.ts'
import { caseHistory } from './en/case-history.ts'
import { caseMoves } from './en/case-moves.ts'
import { desk } from './en/desk.ts'
import { directory } from './en/directory.ts'
import { disclosures } from './en/disclosures.ts'
import { dossiers } from './en/dossiers.ts'
import { errors } from './en/errors.ts'
import { frame } from './en/frame.ts'
import { people } from './en/people.ts'
import { reconciliation } from './en/reconciliation.ts'
import { recordings } from './en/recordings.ts'
import { reports } from './en/reports.ts'
import { retention } from './en/retention.ts'
import { telephone } from './en/telephone.ts'
import { transfers } from './en/transfers.ts'
import type { MessageKey } from './translate.ts'

/** The same sentences in English; the compiler checks that none is missing. */
export const en: Readonly<Record<MessageKey, string>> = {
  ...frame,
  ...telephone,
  ...transfers,
  ...desk,
  ...caseForm,
  ...caseMoves,
  ...caseHistory,
  ...dossiers,
  ...reports,
  ...recordings,
  ...disclosures,
  ...retention,
  ...people,
  ...directory,
  ...calendar,
  ...board,
  ...audit,
  ...reconciliation,
  ...errors,
}
