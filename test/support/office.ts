import { type Browser, type Page } from 'playwright-core'
import { type TicketEvent, type TicketView } from '../../src/tickets/contract.ts'
import { openDesk, type DemoName, type Desk } from './desk-page.ts'
import { startTestApp, type TestApp } from './app.ts'

/** The real service with its console, no PBX, and a clock that journeys move over nights and holidays. */
export interface Office {
  readonly app: TestApp
  /** Goes on to that moment of the city's time ("2026-03-02T08:00"): the service was away meanwhile and catches up. */
  readonly at: (local: string) => Promise<void>
  /** The person's page, signed in at that moment. */
  readonly as: (who: DemoName) => Promise<Desk>
  /** The case as that person sees it. */
  readonly look: (who: DemoName, code: string) => Promise<TicketView>
  readonly close: () => Promise<void>
}

/** Build the console first (`npm test` does). */
export async function startOffice(browser: Browser, consoleDir: string, local: string): Promise<Office> {
  let startMs = cityTime(local)
  let since = performance.now()
  const now = (): Date => new Date(startMs + performance.now() - since)
  const app = await startTestApp({ consoleDir, now })
  const desks = new Map<DemoName, Desk>()
  const leave = async (): Promise<void> => {
    await Promise.all([...desks.values()].map((desk) => desk.close()))
    desks.clear()
  }
  const as = async (who: DemoName): Promise<Desk> => {
    const known = desks.get(who)
    if (known !== undefined) return known
    const desk = await openDesk(browser, { url: app.url, dataDir: app.config.dataDir, who, at: now() })
    desks.set(who, desk)
    return desk
  }
  return {
    app,
    as,
    async at(next) {
      await leave() // nobody sits there over the weekend
      startMs = cityTime(next)
      since = performance.now()
      await app.restart()
    },
    async look(who, code) {
      return (await as(who)).get<TicketView>(`/api/tickets/${code}`)
    },
    async close() {
      await leave()
      await app.close()
    },
  }
}

/** Chooses from a combobox by typing a few letters. */
export async function choose(page: Page, label: string, typed: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).fill(typed)
  await page.getByRole('option', { name: option }).first().click()
}

/** What was written into the case's history, kind by kind. */
export const typesOf = (events: readonly TicketEvent[]): string[] => events.map(({ type }) => type)

const cityTime = (local: string): number => Date.parse(`${local}:00+07:00`)
