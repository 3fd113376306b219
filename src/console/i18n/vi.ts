import { audit } from './vi/audit.ts'
import { board } from './vi/board.ts'
import { calendar } from './vi/calendar.ts'
import { caseForm } from './vi/case-form.ts'
import { caseHistory } from './vi/case-history.ts'
import { caseMoves } from './vi/case-moves.ts'
import { desk } from './vi/desk.ts'
import { directory } from './vi/directory.ts'
import { disclosures } from './vi/disclosures.ts'
import { dossiers } from './vi/dossiers.ts'
import { errors } from './vi/errors.ts'
import { frame } from './vi/frame.ts'
import { people } from './vi/people.ts'
import { reconciliation } from './vi/reconciliation.ts'
import { recordings } from './vi/recordings.ts'
import { reports } from './vi/reports.ts'
import { retention } from './vi/retention.ts'
import { telephone } from './vi/telephone.ts'
import { transfers } from './vi/transfers.ts'

/** What people see first. Keys are flat; `{name}` is filled in by the page. A file for each part of the console. */
export const vi = {
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
} as const
