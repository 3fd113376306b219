import { useEffect } from 'preact/hooks'
import { PasswordPage } from './account/password-page.tsx'
import { SignInPage } from './account/sign-in-page.tsx'
import { UserMenu } from './account/user-menu.tsx'
import { CallsPage } from './calls/calls-page.tsx'
import { t } from './i18n/translate.ts'
import { CallStrip } from './softphone/call-strip.tsx'
import { carriesCall } from './softphone/phone-machine.ts'
import { isOutside } from './state/console.ts'
import { useConsole, useLine } from './state/console-context.ts'
import { deskShortcuts } from './state/desk-shortcuts.ts'
import { navigate, route, type Route } from './state/route.ts'
import { overlay, shortcuts } from './state/shortcuts.ts'
import { DeskPage } from './tickets/desk-page.tsx'
import { TicketListPage } from './tickets/list-page.tsx'
import { TicketPage } from './tickets/ticket-page.tsx'
import { Banner } from './ui/banner.tsx'
import { Button } from './ui/button.tsx'
import { Empty, Skeleton } from './ui/empty.tsx'
import { KeysDialog } from './ui/keys-dialog.tsx'
import { lazyPage } from './ui/lazy-page.tsx'
import { Notices } from './ui/notices.tsx'
import { Palette } from './ui/palette.tsx'
import { pagesFor, SiteNav } from './ui/site-nav.tsx'

// What an operator has open all day is loaded at once; the rest when somebody goes there.
const AuditPage = lazyPage(async () => (await import('./other-pages.ts')).AuditPage)
const BoardPage = lazyPage(async () => (await import('./other-pages.ts')).BoardPage)
const CalendarPage = lazyPage(async () => (await import('./other-pages.ts')).CalendarPage)
const DirectoryPage = lazyPage(async () => (await import('./other-pages.ts')).DirectoryPage)
const RetentionPage = lazyPage(async () => (await import('./other-pages.ts')).RetentionPage)
const DisclosuresPage = lazyPage(async () => (await import('./other-pages.ts')).DisclosuresPage)
const DossierPage = lazyPage(async () => (await import('./other-pages.ts')).DossierPage)
const OfficersPage = lazyPage(async () => (await import('./other-pages.ts')).OfficersPage)
const PeoplePage = lazyPage(async () => (await import('./other-pages.ts')).PeoplePage)
const ReconciliationPage = lazyPage(async () => (await import('./other-pages.ts')).ReconciliationPage)
const RecordingsPage = lazyPage(async () => (await import('./other-pages.ts')).RecordingsPage)
const SimulatorPage = lazyPage(async () => (await import('./other-pages.ts')).SimulatorPage)
const UnitsPage = lazyPage(async () => (await import('./other-pages.ts')).UnitsPage)

/** The whole screen: the door, or the frame with the page in it. */
export function App() {
  const desk = useConsole()
  const session = desk.session.value
  const replaced = useLine((line) => line.replaced)
  if (session === undefined)
    return (
      <div class="door">
        <Skeleton rows={3} label={t('loading')} />
      </div>
    )
  if (session === null)
    return (
      <>
        <SignInPage />
        <Notices />
      </>
    )
  if (session.person.mustChangePassword)
    return (
      <>
        <PasswordPage />
        <Notices />
      </>
    )
  if (replaced) return <Replaced />
  return <Frame />
}

function Frame() {
  const desk = useConsole()
  const session = desk.session.value
  const pages = pagesFor(session?.person.role ?? 'operator', session?.smsSimulated ?? false)
  useEffect(() => {
    shortcuts.value = deskShortcuts(desk)
    return () => {
      shortcuts.value = []
    }
  }, [desk])
  return (
    <div class="frame">
      <a class="skip" href="#main">
        {t('skip')}
      </a>
      <header class="top">
        <p class="brand">
          <span class="brand-number">1022</span> <span class="brand-city">{session?.city.name}</span>
        </p>
        <SiteNav pages={pages} />
        <CallStrip />
        <button
          type="button"
          class="find"
          aria-keyshortcuts="Control+K"
          onClick={() => {
            overlay.value = 'palette'
          }}
        >
          <span>{t('palette.open')}</span> <kbd aria-hidden="true">Ctrl+K</kbd>
        </button>
        <UserMenu />
      </header>
      <Banner />
      <CurrentPage />
      <Notices />
      {overlay.value === 'keys' && <KeysDialog />}
      {overlay.value === 'palette' && (
        <Palette pages={pages.map((page) => ({ path: page.path, label: t(page.label) }))} />
      )}
    </div>
  )
}

function CurrentPage() {
  const session = useConsole().session.value
  const current = isOutside(session) ? outsidePage(route.value, session?.person.role) : route.value
  switch (current.page) {
    case 'desk':
      return <DeskPage />
    case 'tickets':
      return <TicketListPage />
    case 'ticket':
      return <TicketPage key={current.code} code={current.code} />
    case 'calls':
      return <CallsPage />
    case 'directory':
      return <DirectoryPage />
    case 'officers':
      return session?.person.role === 'head' ? <OfficersPage /> : <DirectoryPage />
    case 'dossier':
      return <DossierPage />
    case 'units':
      return <UnitsPage />
    case 'recordings':
      return <RecordingsPage />
    case 'retention':
      return isKeeper(session?.person.role) ? <RetentionPage /> : <UnknownPage />
    case 'disclosures':
      return <DisclosuresPage />
    case 'board':
      return <BoardPage />
    case 'reconciliation':
      return <ReconciliationPage />
    case 'audit':
      return <AuditPage />
    case 'people':
      return <PeoplePage />
    case 'calendar':
      return <CalendarPage />
    case 'simulator':
      return <SimulatorPage />
    case 'password':
      return <PasswordPage />
    case 'unknown':
      return <UnknownPage />
  }
}

function UnknownPage() {
  return (
    <main class="page" id="main">
      <h1 class="hidden">{t('unknown.title')}</h1>
      <Empty title={t('unknown.title')}>
        <Button
          onClick={() => {
            navigate('/')
          }}
        >
          {t('unknown.home')}
        </Button>
      </Empty>
    </main>
  )
}

function isKeeper(role: string | undefined): boolean {
  return role === 'supervisor' || role === 'admin'
}

/** The same account works elsewhere: this page is quiet until it is asked back, but for the call it still has. */
export function Replaced() {
  const desk = useConsole()
  const phone = desk.phone.value
  return (
    <main class="door" id="main">
      <div class="door-card">
        <h1>{t('replaced.title')}</h1>
        <p>{t('replaced.what')}</p>
        {phone !== null && carriesCall(phone.state.value.call) && (
          <>
            <p role="status">{t('replaced.callGoesOn')}</p>
            <Button kind="bad" icon="hangUp" testId="hang-up" onClick={phone.hangUp}>
              {t('phone.hangUp')}
            </Button>
          </>
        )}
        <Button kind="primary" onClick={desk.useHere}>
          {t('replaced.here')}
        </Button>
      </div>
    </main>
  )
}

const OUTSIDE_PAGES: readonly Route['page'][] = ['tickets', 'ticket', 'units', 'directory', 'password']

const AUDITOR_PAGES: readonly Route['page'][] = ['audit', 'directory', 'password']

/** Units and the City Office have their cases and no desk; what is not theirs is no page. */
function outsidePage(current: Route, role: string | undefined): Route {
  const { page } = current
  if (role === 'auditor') return AUDITOR_PAGES.includes(page) ? current : { page: 'unknown' }
  if (page === 'desk') return { page: 'tickets' }
  const isTheirs = OUTSIDE_PAGES.includes(page) || (page === 'officers' && role === 'head')
  return isTheirs || (page === 'dossier' && role === 'cityOffice') ? current : { page: 'unknown' }
}
