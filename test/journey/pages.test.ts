import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SessionView } from '../../src/accounts/contract.ts'
import type { MoveTicket, TicketView } from '../../src/tickets/contract.ts'
import { openBrowser } from '../support/chromium.ts'
import { type Desk } from '../support/desk-page.ts'
import { type Hotline, startHotline } from '../support/hotline.ts'
import { overflow, seriousFindings, settled, SIZES } from '../support/page-checks.ts'

/** Those of supervisors stand in supervisor-pages.test.ts. */
const PAGES = [
  '/',
  '/tickets',
  '/calls',
  '/dossier',
  '/units',
  '/board',
  '/recordings',
  '/reconciliation',
  '/people',
  '/audit',
  '/calendar',
  '/directory',
] as const

let hotline: Hotline
let browser: Browser
let admin: Desk
let mai: Desk
/** Focal officer and head of the unit that has the cases, and the City Office. */
let phiet: Desk
let trinh: Desk
let uyen: Desk
let ticket: TicketView
/** Cases further on their way, each with whoever has to do the next thing. */
let underway: readonly { readonly desk: Desk; readonly code: string; readonly next: string }[]

beforeAll(async () => {
  hotline = await startHotline()
  browser = await openBrowser()
  admin = await hotline.openDesk(browser, 'admin')
  mai = await hotline.openDesk(browser, 'mai')
  phiet = await hotline.openDesk(browser, 'phiet')
  trinh = await hotline.openDesk(browser, 'trinh')
  uyen = await hotline.openDesk(browser, 'uyen')
  ticket = await fileTicket()
  const answered = await forwarded('Đèn đường trước trường học tắt. '.repeat(8))
  await showAs(mai.page, answered, (view) => ({
    state: 'agencyAnswered',
    actions: ['returnAnswer', 'relayAnswer', 'merge', 'withdraw'],
    agencyAnswer: 'Đã thay ba bóng đèn, kiểm tra lại lúc 18:30. '.repeat(6),
    deadlines: view.deadlines.map((clock) => ({ ...clock, state: 'satisfied', at: clock.startedAt })),
  }))
  const led = await forwarded('Cột đèn nghiêng giữa hai phường.')
  await move(led, { action: 'takeLead', leadReason: 'unitsDisagree', reason: 'Hai phường chưa thống nhất' })
  const late = await forwarded('Cột đèn gãy chắn lối đi.')
  await showAs(trinh.page, late, ({ deadlines }) => {
    const officer = deadlines.find(({ kind }) => kind === 'officer')
    if (officer === undefined) throw new Error('a case with a unit has a clock')
    const broken = { ...officer, state: 'breached' as const, at: officer.dueAt, breachedAt: officer.dueAt }
    return {
      state: 'escalated',
      actions: ['submitAnswer'],
      deadlines: [broken, { ...officer, id: 0, kind: 'head', article: 'Đ9.4' }],
    }
  })
  underway = [
    { desk: mai, code: answered, next: 'Báo kết quả cho người dân' },
    { desk: uyen, code: led, next: 'Chỉ đạo đơn vị' },
    { desk: trinh, code: late, next: 'Trả lời tổng đài' },
  ]
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
    for (const { desk, code, next } of underway) {
      const { page } = desk
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.goto(`${hotline.url}/tickets/${code}`)
      await page.getByRole('group', { name: next }).waitFor()
      const others = page.locator('.moves-others > summary')
      if ((await others.count()) > 0) await others.click()
      expect({ next, findings: await seriousFindings(page) }).toEqual({ next, findings: [] })
      expect({ next, sideways: await overflow(page) }).toEqual({ next, sideways: 0 })
    }
  })
})

describe.each(['light', 'dark'] as const)('R068: pages of units in the %s theme', (theme) => {
  it.each(SIZES)('have nothing serious and no form at $name size', async ({ width, height }) => {
    for (const { page } of [phiet, uyen]) {
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      for (const path of ['/', `/tickets/${ticket.code}`]) {
        await page.goto(`${hotline.url}${path}`)
        await settled(page)
        expect({ path, findings: await seriousFindings(page) }).toEqual({ path, findings: [] })
        expect({ path, sideways: await overflow(page) }).toEqual({ path, sideways: 0 })
      }
      await page.getByTestId('case-sheet').waitFor()
      expect(await page.getByTestId('ticket-form').count()).toBe(0)
    }
  })
})

it('R068: an officer lands on the unit’s cases, sees who to call back, and is no phone of the exchange', async () => {
  const { page } = phiet
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(hotline.url)
  await page.getByRole('heading', { name: 'Phiếu của Công ty Điện chiếu sáng' }).waitFor()
  await page.getByRole('link', { name: ticket.code }).click()
  await page.getByRole('link', { name: '0950 000 151' }).waitFor()
  for (const path of ['/api/phone', '/api/presence', '/api/calls', '/api/recordings'])
    expect((await phiet.context.request.get(`${hotline.url}${path}`)).status(), path).toBe(403)
  const { person } = await phiet.get<SessionView>('/api/session')
  expect([...(await hotline.queueMembers()).keys()]).not.toContain(`op-${String(person.id)}`)
  await page.goto(`${hotline.url}/people`)
  await page.getByRole('heading', { name: 'Không có trang này.' }).waitFor()
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

it('a reporter is asked for more, and the answer is written down, by keyboard alone', async () => {
  const { page } = mai
  const code = await received('Dây điện chùng xuống thấp.')
  await page.setViewportSize({ width: 390, height: 800 })
  await page.goto(`${hotline.url}/tickets/${code}`)
  const others = page.locator('.moves-others > summary')
  await others.waitFor()
  await tabTo(page, others)
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('button', { name: 'Hỏi thêm người dân' }))
  await page.keyboard.press('Enter')
  await page.keyboard.type('Trước số nhà bao nhiêu ạ?')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('group', { name: 'Người dân đã bổ sung' }).waitFor()
  await tabTo(page, 'Người dân bổ sung điều gì')
  await page.keyboard.type('Trước số nhà 12')
  await page.keyboard.press('Control+Enter')
  await page.getByText('Người dân bổ sung: Trước số nhà 12').waitFor()
  const { state } = await mai.get<TicketView>(`/api/tickets/${code}`)
  expect(state).toBe('received')
})

it('a case is accepted, answered and told to the citizen by keyboard alone', async () => {
  const code = await forwarded('Dây điện chùng xuống thấp trước số nhà 12.')
  const officer = phiet.page
  await officer.setViewportSize({ width: 390, height: 800 })
  await officer.goto(`${hotline.url}/tickets/${code}`)
  await officer.getByRole('button', { name: 'Tiếp nhận xử lý', exact: true }).waitFor()
  await officer.keyboard.press('Control+Enter')
  await officer.getByRole('group', { name: 'Trả lời tổng đài' }).waitFor()
  await tabTo(officer, 'Kết quả giải quyết')
  await officer.keyboard.type('Đã kéo căng lại dây.')
  await officer.keyboard.press('Control+Enter')
  await officer.getByText('Đã gửi câu trả lời về tổng đài.').waitFor()
  const { page } = mai
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(`${hotline.url}/tickets/${code}`)
  await page.getByRole('group', { name: 'Báo kết quả cho người dân' }).waitFor()
  await tabTo(page, 'Lời trả lời người dân')
  await page.keyboard.press('End')
  await page.keyboard.type(' Cảm ơn bà đã báo.')
  await tabTo(page, 'Đã nói qua điện thoại')
  await page.keyboard.press('Space')
  await page.keyboard.press('Control+Enter')
  await page.getByText('Đã ghi nhận người dân biết kết quả.').waitFor()
  const { state, answer } = await mai.get<TicketView>(`/api/tickets/${code}`)
  expect({ state, answer }).toEqual({
    state: 'answered',
    answer: 'Đã kéo căng lại dây. Cảm ơn bà đã báo.',
  })
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
  expect([admin, mai, phiet, trinh, uyen].flatMap(({ problems }) => problems)).toEqual([])
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

/** A case of the counter that the hotline has. */
async function received(content: string): Promise<string> {
  const { code, version } = await ask<TicketView>('POST', '/api/tickets', { channel: 'counter' })
  const path = `/api/tickets/${code}`
  const person = { name: 'Bùi Thị Hòa', phone: '0950000152', email: null, address: null }
  const reporter = { type: 'individual', organisation: null, ...person }
  const form = { content, title: 'Đèn đường', fieldId: 'lighting', reporter }
  const saved = await ask<TicketView>('PATCH', path, { version, form })
  await ask('POST', `${path}/receive`, { version: saved.version })
  return code
}

/** One that was sent to the unit of the officer and the head. */
async function forwarded(content: string): Promise<string> {
  const code = await received(content)
  const { version } = await mai.get<TicketView>(`/api/tickets/${code}`)
  await ask('POST', `/api/tickets/${code}/slips`, { version, unitId: 'chieu-sang', note: '' })
  return code
}

async function move(code: string, body: Omit<MoveTicket, 'version'>): Promise<void> {
  const { version } = await mai.get<TicketView>(`/api/tickets/${code}`)
  await ask('POST', `/api/tickets/${code}/moves`, { ...body, version })
}

/** A request of the operator, as the page would send it. */
async function ask<T>(method: string, path: string, data: unknown): Promise<T> {
  const { csrfToken } = await mai.get<SessionView>('/api/session')
  const headers = { 'x-csrf-token': csrfToken }
  const response = await mai.context.request.fetch(`${hotline.url}${path}`, { method, headers, data })
  if (!response.ok())
    throw new Error(`${method} ${path}: ${String(response.status())} ${await response.text()}`)
  return (await response.json()) as T
}

/** The page gets the case as it will be later: hours of an officer are nothing a test can wait for. */
async function showAs(
  page: Page,
  code: string,
  later: (view: TicketView) => Partial<TicketView>,
): Promise<void> {
  await page.route(`**/api/tickets/${code}`, async (route) => {
    const response = await route.fetch()
    const view = (await response.json()) as TicketView
    await route.fulfill({ response, json: { ...view, ...later(view) } })
  })
}

/** Walks on with Tab until the control, or the one of this label, has the focus. */
async function tabTo(page: Page, control: string | Locator): Promise<void> {
  const target =
    typeof control === 'string'
      ? page.getByLabel(control, { exact: true }).or(page.getByLabel(new RegExp(`^${control}\\s*\\*?$`)))
      : control
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await target.and(page.locator(':focus')).count()) > 0) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never reaches ${String(control)}`)
}
