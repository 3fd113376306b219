import { t, type MessageKey } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { route, type Route } from '../state/route.ts'
import { Icon } from './icon.tsx'
import { Link } from './link.tsx'
import { useList } from './use-list.ts'
import { useMenu } from './use-menu.ts'

export interface Page {
  readonly path: string
  readonly page: Route['page']
  readonly label: MessageKey
  /** Not of every day: under "Quản trị", where there are many pages. */
  readonly isSeldom?: boolean
}

/** The way to somebody's pages. */
export function SiteNav({ pages }: { readonly pages: readonly Page[] }) {
  const seldom = pages.filter(({ isSeldom }) => isSeldom === true)
  return (
    <nav class="nav" aria-label={t('nav.label')}>
      {pages
        .filter(({ isSeldom }) => isSeldom !== true)
        .map((page) => (
          <PageLink key={page.path} {...page} />
        ))}
      {seldom.length > 0 && <SeldomPages pages={seldom} />}
    </nav>
  )
}

function PageLink({ path, page, label }: Page) {
  return (
    <Link to={path} current={isCurrent(page)}>
      {t(label)}
      {page === 'disclosures' && <WaitingMark />}
    </Link>
  )
}

/** The button says which of them is open: nobody must unfold it to know where they are. */
function SeldomPages({ pages }: { readonly pages: readonly Page[] }) {
  const menu = useMenu()
  const current = pages.find(({ page }) => isCurrent(page))
  return (
    <div ref={menu.root} class="nav-more" onKeyDown={menu.onKeyDown}>
      <button
        type="button"
        aria-expanded={menu.open}
        data-current={current !== undefined}
        onClick={menu.toggle}
      >
        {current === undefined ? t('nav.more') : t('nav.moreAt', { page: t(current.label) })}
        <Icon name="chevron" />
      </button>
      {menu.open && (
        <ul class="menu nav-menu" onClick={menu.close}>
          {pages.map((page) => (
            <li key={page.path}>
              <PageLink {...page} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** How many requests for recordings wait for a decision. */
function WaitingMark() {
  const { api, changes } = useConsole()
  const found = useList(`waiting ${String(changes.value.disclosure)}`, () =>
    api.disclosures({ group: 'waiting', limit: 1 }),
  )
  if (found === null || found.waiting === 0) return null
  return (
    <span class="count count-on" aria-label={t('disclosure.waitingCount', { count: found.waiting })}>
      {found.waiting}
    </span>
  )
}

export function pagesFor(role: string, smsSimulated: boolean): readonly Page[] {
  const cases: Page = { path: '/tickets', page: 'tickets', label: 'nav.tickets' }
  const dossier: Page = { path: '/dossier', page: 'dossier', label: 'nav.dossier' }
  const units: Page = { path: '/units', page: 'units', label: 'nav.units' }
  const directory: Page = { path: '/directory', page: 'directory', label: 'nav.directory' }
  const officers: Page = { path: '/officers', page: 'officers', label: 'nav.officers' }
  const audit: Page = { path: '/audit', page: 'audit', label: 'nav.audit' }
  const simulator: Page = { path: '/simulator', page: 'simulator', label: 'nav.simulator' }
  if (role === 'auditor') return [audit, directory]
  if (role === 'officer') return [cases, units, directory]
  if (role === 'head') return [cases, units, officers, directory]
  if (role === 'cityOffice') return [cases, units, dossier, directory]
  const desk: Page = { path: '/', page: 'desk', label: 'nav.desk' }
  const calls: Page = { path: '/calls', page: 'calls', label: 'nav.calls' }
  const shown = smsSimulated ? [simulator] : []
  if (role === 'operator') return [desk, cases, calls, dossier, directory, ...shown]
  const seldom: Page[] = [
    directory,
    ...(role === 'admin' ? [{ path: '/people', page: 'people', label: 'nav.people' } as const] : []),
    { path: '/calendar', page: 'calendar', label: 'nav.calendar' },
    { path: '/reconciliation', page: 'reconciliation', label: 'nav.reconciliation' },
    audit,
    ...shown,
  ]
  return [
    desk,
    { path: '/board', page: 'board', label: 'nav.board' },
    cases,
    calls,
    dossier,
    units,
    { path: '/recordings', page: 'recordings', label: 'nav.recordings' },
    ...(role === 'supervisor'
      ? [{ path: '/disclosures', page: 'disclosures', label: 'nav.disclosures' } as const]
      : []),
    ...seldom.map((page) => ({ ...page, isSeldom: true })),
  ]
}

function isCurrent(page: Route['page']): boolean {
  return route.value.page === page || (page === 'tickets' && route.value.page === 'ticket')
}
