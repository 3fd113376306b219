import { signal } from '@preact/signals'

export type Route =
  | { readonly page: 'desk' }
  | { readonly page: 'tickets' }
  | { readonly page: 'ticket'; readonly code: string }
  | { readonly page: 'calls' }
  | { readonly page: 'dossier' }
  | { readonly page: 'units' }
  | { readonly page: 'directory' }
  | { readonly page: 'officers' }
  | { readonly page: 'recordings' }
  | { readonly page: 'disclosures' }
  | { readonly page: 'retention' }
  | { readonly page: 'board' }
  | { readonly page: 'reconciliation' }
  | { readonly page: 'audit' }
  | { readonly page: 'people' }
  | { readonly page: 'calendar' }
  | { readonly page: 'simulator' }
  | { readonly page: 'password' }
  | { readonly page: 'unknown' }

/** The page on screen. The softphone lives outside pages, so going elsewhere never touches a call. */
export const route = signal<Route>({ page: 'desk' })

/** Which page an address means. */
export function parsePath(path: string): Route {
  const [head = '', rest = ''] = path.replace(/^\/+|\/+$/g, '').split('/')
  switch (head) {
    case '':
      return { page: 'desk' }
    case 'tickets':
      return rest === '' ? { page: 'tickets' } : { page: 'ticket', code: decodeURIComponent(rest) }
    case 'calls':
    case 'dossier':
    case 'units':
    case 'directory':
    case 'officers':
    case 'recordings':
    case 'disclosures':
    case 'retention':
    case 'board':
    case 'reconciliation':
    case 'audit':
    case 'people':
    case 'calendar':
    case 'simulator':
    case 'password':
      return { page: head }
    default:
      return { page: 'unknown' }
  }
}

/** Goes to a page of the console without loading anything again. */
export function navigate(path: string): void {
  if (path !== location.pathname) history.pushState(null, '', path)
  route.value = parsePath(path)
}

/** Takes the page from the address bar now and on every back and forward. */
export function followAddress(): void {
  route.value = parsePath(location.pathname)
  addEventListener('popstate', () => {
    route.value = parsePath(location.pathname)
  })
}
