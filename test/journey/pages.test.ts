import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TicketView } from '../../src/tickets/contract.ts'
import { openBrowser } from '../support/chromium.ts'
import { type Desk, type Hotline, startHotline } from '../support/hotline.ts'

const SIZES = [
  { name: 'desk', width: 1440, height: 900 },
  { name: 'laptop', width: 1280, height: 720 },
  { name: 'phone', width: 360, height: 800 },
] as const
const PAGES = ['/', '/tickets', '/calls', '/dossier', '/recordings', '/people', '/calendar'] as const

interface Finding {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string }[]
}

let hotline: Hotline
let browser: Browser
let admin: Desk
let mai: Desk
let ticket: TicketView

beforeAll(async () => {
  hotline = await startHotline()
  browser = await openBrowser()
  admin = await hotline.openDesk(browser, 'admin')
  mai = await hotline.openDesk(browser, 'mai')
  ticket = await fileTicket()
})

afterAll(async () => {
  await browser.close()
  await hotline.stop()
})

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each(SIZES)('axe finds nothing serious on any page at $name size', async ({ width, height }) => {
    for (const path of [...PAGES, `/tickets/${ticket.code}`]) {
      const { page } = path === '/' ? mai : admin
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.goto(`${hotline.url}${path}`)
      await settled(page)
      expect({ path, findings: await seriousFindings(page) }).toEqual({ path, findings: [] })
      expect({ path, sideways: await overflow(page) }).toEqual({ path, sideways: 0 })
    }
  })
})

it('the door has nothing serious either, and says why it stays shut', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(hotline.url)
  await page.getByLabel('Tên đăng nhập').fill('mai')
  await page.getByLabel('Mật khẩu').fill('not the password')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').filter({ hasText: 'Tên đăng nhập hoặc mật khẩu không đúng.' }).waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await context.close()
})

it('a ticket is made and sent by keyboard alone', async () => {
  const { page } = mai
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(hotline.url)
  await settled(page)
  await page.getByRole('button', { name: 'Đóng phiếu' }).press('Enter')
  await page.keyboard.press('Alt+N')
  await page.getByTestId('ticket-form').waitFor()
  await page.keyboard.press('Alt+C')
  await page.keyboard.type('Cây đổ chắn ngang đường trước cổng chợ')
  await tabTo(page, 'Lĩnh vực')
  await page.keyboard.type('chieu sang')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Họ và tên')
  await page.keyboard.type('Bùi Thị Hòa')
  await tabTo(page, 'Số điện thoại')
  await page.keyboard.type('0950000150')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^Phiếu chuyển đến Công ty Điện chiếu sáng/ }).waitFor()
  await page.keyboard.press('Control+K')
  await page.keyboard.type('cay do')
  await page
    .getByRole('option', { name: /Cây đổ/ })
    .first()
    .waitFor()
  await page.keyboard.press('Escape')
  // The search took every key of its own: a letter fell into the citizen's number once.
  expect(await page.getByLabel('Số điện thoại').inputValue()).toBe('0950000150')
  // A letter while somebody writes; away from the fields it is the key for the sheet of keys.
  await page.getByRole('button', { name: /^Tài khoản của/ }).press('?')
  await page.getByRole('dialog', { name: 'Phím tắt' }).waitFor()
  await page.keyboard.press('Escape')
})

it('every page speaks English when asked, and Vietnamese again', async () => {
  const { page } = mai
  await page.goto(hotline.url)
  await page.getByRole('button', { name: /^Tài khoản của/ }).click()
  await page.getByRole('radio', { name: 'English' }).check()
  await page.getByRole('link', { name: 'Cases' }).waitFor()
  await page.getByRole('radio', { name: 'Tiếng Việt' }).check()
  await page.getByRole('link', { name: 'Phiếu', exact: true }).waitFor()
})

it('nothing went wrong in any page meanwhile', () => {
  expect([...admin.problems, ...mai.problems]).toEqual([])
})

/** One long, filled-in urgent ticket with a slip, so that the pages have something to show. */
async function fileTicket(): Promise<TicketView> {
  const { page } = mai
  await page.getByRole('button', { name: /^Lập phiếu mới/ }).click()
  await page.getByLabel('Nội dung phản ánh').fill('Ba cột đèn đường tắt từ tối qua. '.repeat(20))
  await page.getByRole('combobox', { name: 'Lĩnh vực' }).fill('chieu sang')
  await page.getByRole('option', { name: 'Chiếu sáng' }).first().click()
  await page.getByLabel('Địa điểm').fill('Ngõ 193, đoạn từ ngã tư Lạch Tray đến cầu vượt Nguyễn Văn Linh')
  await page.getByLabel('Khẩn cấp').check()
  await page.getByLabel('Họ và tên').fill('Nguyễn Phạm Hoàng Thị Minh Khuê')
  await page.getByLabel('Số điện thoại').fill('0950 000 151')
  await page.getByRole('button', { name: /^Gửi phiếu chuyển đến/ }).click()
  await page.getByRole('heading', { name: /^Phiếu chuyển đến/ }).waitFor()
  const { items } = await mai.get<{ items: { code: string }[] }>('/api/tickets?phone=0950000151')
  return mai.get<TicketView>(`/api/tickets/${items[0]?.code ?? ''}`)
}

/** The page's own data is there: its heading, and no skeleton rows. */
async function settled(page: Page): Promise<void> {
  await page.locator('main').first().waitFor()
  await page.locator('.skeleton').first().waitFor({ state: 'detached' })
}

async function seriousFindings(page: Page): Promise<{ id: string; where: string[] }[]> {
  // Evaluated over the debugger, which the content security policy of the page does not concern.
  await page.evaluate(axe.source)
  const findings = await page.evaluate<Finding[]>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) =>
      violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => ({ html })) })))`,
  )
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html.slice(0, 120)) }))
}

/** Pixels by which the page is wider than its window. */
async function overflow(page: Page): Promise<number> {
  return page.evaluate<number>(
    'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)',
  )
}

/** Walks on with Tab until the control of this label has the focus. */
async function tabTo(page: Page, label: string): Promise<void> {
  const target = page.getByLabel(label, { exact: true }).or(page.getByLabel(new RegExp(`^${label}\\s*\\*?$`)))
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await target.and(page.locator(':focus')).count()) > 0) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never reaches ${label}`)
}
