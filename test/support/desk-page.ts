import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'

/** Demo people of first-people.ts. */
export type DemoName = 'mai' | 'tuan' | 'lan' | 'admin' | 'phiet' | 'trinh' | 'khoat' | 'tuynh' | 'uyen'

/** A signed-in person's page. */
export interface Desk {
  readonly context: BrowserContext
  readonly page: Page
  /** What the page complained of: script errors, and answers of 500 and above. */
  readonly problems: readonly string[]
  /** A request of the signed-in person, with the page's own cookie. */
  readonly get: <T>(path: string) => Promise<T>
  readonly close: () => Promise<void>
}

/** Opens a browser profile of its own and signs in at the door. `at`: what the page's clock shows, if not the real time. */
export async function openDesk(
  browser: Browser,
  { url, dataDir, who, at }: { url: string; dataDir: string; who: DemoName; at?: Date },
): Promise<Desk> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'vi-VN' })
  context.setDefaultTimeout(15_000)
  if (at !== undefined) await context.clock.install({ time: at })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => void problems.push(error.message))
  page.on('response', (response) => {
    if (response.status() >= 500)
      problems.push(`${String(response.status())} ${new URL(response.url()).pathname}`)
  })
  await page.goto(url)
  await page.getByLabel('Tên đăng nhập').fill(who)
  await page.getByLabel('Mật khẩu').fill(await passwordOf(dataDir, who))
  await page.getByRole('button', { name: 'Đăng nhập' }).click()
  await page.getByRole('navigation', { name: 'Các trang' }).waitFor()
  return {
    context,
    page,
    problems,
    async get<T>(path: string) {
      const response = await context.request.get(`${url}${path}`)
      if (!response.ok()) throw new Error(`${path}: ${String(response.status())}`)
      return (await response.json()) as T
    },
    close: () => context.close(),
  }
}

/** Of a demo person; drawn anew for every copy. */
export async function passwordOf(dataDir: string, who: DemoName): Promise<string> {
  const people = JSON.parse(await readFile(join(dataDir, 'demo-accounts.json'), 'utf8')) as {
    readonly username: string
    readonly password: string
  }[]
  const person = people.find(({ username }) => username === who)
  if (person === undefined) throw new Error(`no demo person ${who}`)
  return person.password
}
