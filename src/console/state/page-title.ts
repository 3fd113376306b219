import { t, type MessageKey } from '../i18n/translate.ts'
import { route, type Route } from './route.ts'

const TITLES: Readonly<Record<Exclude<Route['page'], 'ticket'>, MessageKey>> = {
  desk: 'nav.desk',
  tickets: 'nav.tickets',
  calls: 'nav.calls',
  dossier: 'nav.dossier',
  units: 'nav.units',
  directory: 'nav.directory',
  officers: 'nav.officers',
  recordings: 'nav.recordings',
  disclosures: 'disclosure.title',
  retention: 'retention.title',
  board: 'nav.board',
  reconciliation: 'nav.reconciliation',
  audit: 'nav.audit',
  people: 'nav.people',
  calendar: 'nav.calendar',
  simulator: 'nav.simulator',
  password: 'password.title',
  unknown: 'unknown.title',
}

/** What the tab is called: the page, then the product. Reads the signals of route and language. */
export function pageTitle(): string {
  const current = route.value
  const name = current.page === 'ticket' ? current.code : t(TITLES[current.page])
  return `${name} – ${t('product')}`
}
