/**
 * The pages that an operator does not have open all day, as one part that comes when the first of them is opened: each by
 * itself would repeat what they share and press worse, a tenth more in all.
 */
export { AuditPage } from './audit/audit-page.tsx'
export { BoardPage } from './board/board-page.tsx'
export { CalendarPage } from './calendar/calendar-page.tsx'
export { DirectoryPage, OfficersPage } from './directory/directory-page.tsx'
export { DisclosurePanel } from './disclosures/disclosure-panel.tsx'
export { DisclosuresPage } from './disclosures/disclosures-page.tsx'
export { DossierPage } from './dossiers/dossier-page.tsx'
export { PeoplePage } from './people/people-page.tsx'
export { ReconciliationPage } from './reconciliation/reconciliation-page.tsx'
export { RecordingsPage } from './recordings/recordings-page.tsx'
export { RetentionPage } from './retention/retention-page.tsx'
export { SimulatorPage } from './simulator/simulator-page.tsx'
export { UnitsPage } from './reports/units-page.tsx'
