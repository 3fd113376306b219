import { resolve } from 'node:path'
import { type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type TicketView } from '../../src/tickets/contract.ts'
import { openBrowser } from '../support/chromium.ts'
import { type DemoName, passwordOf } from '../support/desk-page.ts'
import { choose, type Office, startOffice, typesOf } from '../support/office.ts'

const CONSOLE = resolve(import.meta.dirname, '../../dist/console')
const LIGHTING = 'Công ty Điện chiếu sáng'
const PHONE = '0950 000 777'

let browser: Browser
let office: Office
/** Each journey has a Monday of its own. */
beforeAll(async () => {
  browser = await openBrowser()
  office = await startOffice(browser, CONSOLE, '2026-03-02T08:00')
})
afterAll(async () => {
  await office.close()
  await browser.close()
})
const visited = new Set<DemoName>()
afterEach(async () => {
  for (const who of visited) {
    const { problems } = await office.as(who)
    // Without a PBX there is no phone line to sign in to.
    expect(
      problems.filter((problem) => problem !== '503 /api/phone'),
      who,
    ).toEqual([])
  }
  visited.clear()
})

async function pageOf(who: DemoName): Promise<Page> {
  visited.add(who)
  return (await office.as(who)).page
}

/** A case written down at the counter; answers its code. */
async function writeDown(title: string, more: { readonly confidential?: boolean } = {}): Promise<string> {
  const page = await pageOf('mai')
  await page.goto(office.app.url)
  const last = page.getByRole('button', { name: 'Đóng phiếu', exact: true }).first()
  const fresh = page.getByRole('button', { name: 'Lập phiếu mới' })
  await last.or(fresh).first().waitFor()
  if (!(await fresh.isVisible())) await last.click()
  await fresh.click()
  await page.getByLabel('Nội dung phản ánh').fill(`${title}, từ tối qua đến giờ.`)
  await page.getByLabel('Phản ánh', { exact: true }).check()
  await choose(page, 'Lĩnh vực', 'chieu sang', 'Chiếu sáng')
  await page.getByLabel('Tóm tắt').fill(title)
  await page.getByLabel('Địa điểm').fill('12 Lạch Tray')
  await choose(page, 'Phường, xã, đặc khu', 'gia vien', 'P. Gia Viên')
  await page.getByLabel('Họ và tên').fill('Phạm Văn Đại')
  await page.getByLabel('Số điện thoại').fill(PHONE)
  if (more.confidential === true) await page.getByLabel('Công dân yêu cầu giữ bí mật danh tính').check()
  await page.getByText('Đã lưu').first().waitFor()
  const code = /HP\d\d-\d{6}/.exec(await page.getByTestId('ticket-form').innerText())?.[0]
  if (code === undefined) throw new Error(`no case "${title}"`)
  return code
}

async function sendTo(unit: string): Promise<void> {
  const page = await pageOf('mai')
  await choose(page, 'Chuyển đến đơn vị', unit, unit)
  await page.getByRole('button', { name: `Gửi phiếu chuyển đến ${unit}` }).click()
  await page
    .getByRole('heading', { name: `Phiếu chuyển đến ${unit}` })
    .first()
    .waitFor()
}

async function forwarded(title: string): Promise<string> {
  const code = await writeDown(title)
  await sendTo(LIGHTING)
  return code
}

/** Opens the case as that person and the form of what is to be done, or does it where it asks nothing. */
async function open(who: DemoName, code: string, move: string): Promise<Page> {
  const page = await pageOf(who)
  await page.goto(`${office.app.url}/tickets/${code}`)
  const group = page.getByRole('group', { name: move, exact: true })
  const button = page.getByRole('button', { name: move, exact: true })
  const moves = page.getByRole('region', { name: 'Xử lý phiếu' })
  await moves.waitFor()
  if (await group.isVisible()) return page
  if (!(await button.isVisible())) await moves.locator('.moves-others > summary').click()
  await button.click()
  return page
}

async function accept(who: DemoName, code: string): Promise<void> {
  const page = await open(who, code, 'Tiếp nhận xử lý')
  await page.getByText('Đã tiếp nhận xử lý.').waitFor()
}

async function answer(who: DemoName, code: string, words: string): Promise<void> {
  const page = await open(who, code, 'Trả lời tổng đài')
  await page.getByLabel('Kết quả giải quyết').fill(words)
  await page.getByRole('button', { name: 'Gửi câu trả lời về tổng đài' }).click()
  await page.getByText('Đã gửi câu trả lời về tổng đài.').waitFor()
}

async function relay(code: string): Promise<void> {
  const page = await open('mai', code, 'Báo kết quả cho người dân')
  await page.getByLabel('Gửi tin nhắn SMS ngay').check()
  await page.getByRole('button', { name: 'Ghi nhận đã báo người dân' }).click()
  await page.getByText('Đã ghi nhận người dân biết kết quả.').waitFor()
}

const look = (code: string, who: DemoName = 'mai'): Promise<TicketView> => office.look(who, code)
const holder = async (who: DemoName, code: string): Promise<string> => {
  const page = await pageOf(who)
  await page.goto(`${office.app.url}/tickets/${code}`)
  return page.getByRole('region', { name: 'Ai đang giữ phiếu, đến khi nào' }).innerText()
}

it('R044 (Đ9.1): a question is answered directly, with the answer kept and no unit asked', async () => {
  const code = await writeDown('Hỏi giờ làm việc của Một cửa')
  const page = await pageOf('mai')
  await page.getByLabel('Trả lời ngay').check()
  await page
    .getByLabel('Nội dung trả lời công dân')
    .fill('Bộ phận Một cửa làm việc từ 7:30 đến 17:00, thứ Hai đến thứ Sáu.')
  await page.getByRole('button', { name: 'Ghi nhận đã trả lời công dân' }).click()
  await page.getByText('Đã ghi nhận câu trả lời.').waitFor()
  const ticket = await look(code)
  expect(ticket).toMatchObject({ state: 'answered', unitId: null, slips: [] })
  expect(ticket.answer).toContain('7:30')
  expect(ticket.deadlines.filter(({ kind }) => kind === 'officer')).toEqual([])
})

it('R048, R049, R063 (Đ9.3, Đ11.1): a forwarded case answered in time keeps its clock and reaches the citizen', async () => {
  const code = await forwarded('Đèn đường hỏng ở Lạch Tray')
  const clock = await holder('phiet', code)
  expect(clock).toContain('Cán bộ đầu mối Công ty Điện chiếu sáng đang giữ')
  expect(clock).toContain('Điều 9 khoản 3')
  expect(clock).toContain('Quá hạn sẽ tự chuyển Thủ trưởng')
  await accept('phiet', code)
  await answer('phiet', code, 'Đã thay ba bóng đèn.')
  await relay(code)
  const ticket = await look(code)
  expect(ticket).toMatchObject({ state: 'answered', answer: 'Đã thay ba bóng đèn.' })
  expect(ticket.deadlines.find(({ kind }) => kind === 'officer')).toMatchObject({
    state: 'satisfied',
    breachedAt: null,
  })
  const result = ticket.messages.find(({ template }) => template === 'result')
  expect(result?.to).toBe(PHONE)
})

it('R051-R054 (Đ9.4): a silent officer, then a silent head; overdue, reported, directed by the City Office', async () => {
  const code = await forwarded('Cột đèn gãy chắn lối đi')
  // Eight working hours from Monday 08:00 end on Tuesday 08:00.
  await office.at('2026-03-03T08:10')
  expect(await look(code, 'trinh')).toMatchObject({ state: 'escalated' })
  expect(await holder('trinh', code)).toContain('Thủ trưởng Công ty Điện chiếu sáng đang giữ')
  const escalated = await look(code)
  const officer = escalated.deadlines.find(({ kind }) => kind === 'officer')
  expect(officer?.breachedAt).toMatch(/^2026-03-03T01:0/)
  expect(officer?.breachedAt).toBe(officer?.dueAt)
  const levels = escalated.events
    .filter(({ type }) => type === 'slipIssued')
    .map(({ detail }) => detail['level'])
  expect(levels).toEqual(['officer', 'head'])
  // Forty-eight more end on Wednesday of the next week.
  await office.at('2026-03-11T08:20')
  expect(await look(code)).toMatchObject({ state: 'overdue' })
  expect(await holder('uyen', code)).toContain('đã quá hạn')
  const page = await open('uyen', code, 'Chỉ đạo đơn vị')
  await page.getByLabel('Nội dung chỉ đạo').fill('Sửa ngay trong ngày, báo cáo Văn phòng trước 17:00.')
  await page.getByLabel(/^Số văn bản/).fill('214/UBND-VP')
  await page.getByRole('button', { name: /^Gửi chỉ đạo/ }).click()
  await page.getByText('Đã gửi chỉ đạo đến đơn vị.').waitFor()
  const directed = await look(code)
  // Overdue until it is answered, with the leaders' word (A17); the breaches stay for ever, whatever comes after them.
  expect(directed.state).toBe('overdue')
  const broken = (view: TicketView) =>
    view.deadlines.filter(({ breachedAt }) => breachedAt !== null).map(({ kind }) => kind)
  expect(broken(directed)).toEqual(['officer', 'head'])
  await answer('trinh', code, 'Đã dựng lại cột đèn.')
  await relay(code)
  expect(broken(await look(code))).toEqual(['officer', 'head'])
  expect(typesOf(directed.events)).toEqual(
    expect.arrayContaining(['breached', 'overdue', 'overdueSms', 'directed', 'directedSms']),
  )
})

it('R088 (Đ14.2): a case sent back twice goes to the City Office the third time', async () => {
  await office.at('2026-03-16T08:00')
  const code = await forwarded('Ổ gà trước cổng trường')
  const back = async (who: DemoName, button: string): Promise<void> => {
    const page = await open(who, code, 'Trả lại: không thuộc thẩm quyền')
    await page.getByLabel('Lý do').fill('Đường này không do đơn vị quản lý')
    await page.getByRole('button', { name: button, exact: true }).click()
  }
  for (const round of [1, 2]) {
    await back('phiet', 'Trả lại tổng đài')
    await expect
      .poll(async () => (await look(code)).state, { message: `round ${String(round)}` })
      .toBe('received')
    const page = await pageOf('mai')
    await page.goto(`${office.app.url}/tickets/${code}`)
    const again = page.getByRole('button', { name: 'Chuyển đơn vị khác' })
    const unit = page.getByRole('combobox', { name: 'Chuyển đến đơn vị' })
    await again.or(unit).first().waitFor()
    if (await again.isVisible()) await again.click()
    await sendTo(LIGHTING)
  }
  await back('phiet', 'Trả lại tổng đài')
  const page = await pageOf('phiet')
  await page.getByRole('button', { name: 'Chuyển Văn phòng UBND thành phố', exact: true }).click()
  await expect.poll(async () => (await look(code)).state).toBe('cityOffice')
  expect(typesOf((await look(code)).events).filter((type) => type === 'bounced')).toHaveLength(3)
})

it('R056 (Đ9.5b): a citizen who disagrees is heard by the City Office, in a round of its own', async () => {
  await office.at('2026-03-23T08:00')
  const code = await forwarded('Đèn sáng cả ngày')
  await accept('phiet', code)
  await answer('phiet', code, 'Đã kiểm tra, đèn hoạt động bình thường.')
  await relay(code)
  const page = await open('mai', code, 'Người dân không đồng ý')
  await page.getByLabel('Người dân không đồng ý điều gì').fill('Đèn vẫn sáng lúc 10 giờ sáng nay.')
  await page.getByRole('button', { name: 'Chuyển Văn phòng UBND thành phố', exact: true }).click()
  await page.getByText('Đã chuyển ý kiến người dân đến Văn phòng UBND thành phố.').waitFor()
  expect(await holder('uyen', code)).toContain('Văn phòng UBND thành phố đang chủ trì')
  const ticket = await look(code)
  expect(ticket.state).toBe('cityOffice')
  expect(ticket.deadlines.filter(({ kind }) => kind === 'officer')).toMatchObject([{ state: 'satisfied' }])
})

it('R102 (Đ18.1): a unit asks the citizen once; the second time is refused and the clock went on', async () => {
  await office.at('2026-03-30T08:00')
  const code = await forwarded('Cột đèn nghiêng')
  await accept('phiet', code)
  const page = await open('phiet', code, 'Hỏi thêm công dân (01 lần)')
  await page.getByLabel('Câu hỏi').fill('Cột đèn số bao nhiêu, ở phía nào của đường?')
  await page.getByRole('button', { name: 'Gửi câu hỏi cho công dân' }).click()
  await page.getByText('thời hạn của đơn vị tạm dừng').waitFor()
  expect((await look(code)).deadlines.find(({ kind }) => kind === 'officer')?.state).toBe('paused')
  await office.at('2026-03-31T10:00')
  const desk = await open('mai', code, 'Công dân đã bổ sung')
  await desk.getByLabel('Công dân bổ sung điều gì').fill('Cột số 14, bên số lẻ.')
  await desk.getByRole('button', { name: 'Ghi phần bổ sung, xử lý tiếp' }).click()
  await desk.getByText('Đã ghi phần bổ sung; thời hạn chạy tiếp.').waitFor()
  // No button any more, and no way past it.
  const again = await pageOf('phiet')
  await again.goto(`${office.app.url}/tickets/${code}`)
  await again.getByRole('group', { name: 'Trả lời tổng đài', exact: true }).waitFor()
  expect(await again.locator('[data-testid="move-askCitizen"]').count()).toBe(0)
  const client = await office.app.signInAs('phiet')
  const refused = await client.request(`/api/tickets/${code}/moves`, {
    json: { version: (await look(code)).version, action: 'askCitizen', question: 'Ở phường nào?' },
  })
  expect(await refused.json()).toMatchObject({ code: 'REQUEST_USED' })
  const ticket = await look(code)
  expect(typesOf(ticket.events).filter((type) => type === 'citizenAsked')).toHaveLength(1)
  expect(ticket.deadlines.find(({ kind }) => kind === 'officer')?.state).toBe('running')
})

it('R068 (Đ12.2): a confidential case is not to be found by another unit, and hides who reported from its own', async () => {
  await office.at('2026-04-06T08:00')
  const code = await writeDown('Cột đèn bị cắt trộm dây', { confidential: true })
  await sendTo(LIGHTING)
  const own = await look(code, 'phiet')
  expect(JSON.stringify(own)).not.toContain('Phạm Văn Đại')
  expect(JSON.stringify(own)).not.toContain(PHONE)
  const page = await pageOf('khoat')
  await page.goto(`${office.app.url}/tickets/${code}`)
  await page.getByText('Không có phiếu này.').first().waitFor()
  await page.goto(`${office.app.url}/tickets?q=${encodeURIComponent('cắt trộm dây')}`)
  await page.getByRole('heading').first().waitFor()
  expect(await page.getByRole('link', { name: code }).count()).toBe(0)
  const other = await office.app.signInAs('khoat')
  expect((await other.request(`/api/tickets/${code}`)).status).toBe(404)
})

it('R048, R068 (Đ9.3, Đ12.2): from the link of the SMS over the sign-in to the case, on a phone', async () => {
  await office.at('2026-04-13T08:00')
  const code = await forwarded('Đèn tắt cả ngõ 12')
  const [slip] = (await look(code)).slips
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, locale: 'vi-VN' })
  context.setDefaultTimeout(15_000)
  await context.clock.install({ time: new Date('2026-04-13T08:10:00+07:00') })
  const page = await context.newPage()
  await page.goto(`${office.app.url}${slip?.path ?? ''}`)
  await page.getByText('Thông tin người phản ánh chỉ hiện sau khi đăng nhập.').waitFor()
  const before = await page.locator('body').innerText()
  expect(before).toContain('Đèn tắt cả ngõ 12')
  expect(before).not.toContain('Phạm Văn Đại')
  expect(before).not.toContain('777')
  await page.getByRole('link', { name: `Đăng nhập và mở phiếu ${code}` }).click()
  await page.getByLabel('Tên đăng nhập').fill('phiet')
  await page.getByLabel('Mật khẩu').fill(await passwordOf(office.app.config.dataDir, 'phiet'))
  await page.getByRole('button', { name: 'Đăng nhập' }).click()
  // The very case, not the inbox; with whom to ring, and what to do next.
  const moves = page.getByRole('region', { name: 'Xử lý phiếu' })
  await moves.getByRole('button', { name: 'Tiếp nhận xử lý', exact: true }).click()
  await page.getByText('Đã tiếp nhận xử lý.').waitFor()
  expect(new URL(page.url()).pathname).toBe(`/tickets/${code}`)
  expect(await page.locator('main').innerText()).toContain('Phạm Văn Đại')
  await context.close()
  const { state, events } = await look(code)
  expect(state).toBe('inProgress')
  expect(typesOf(events)).toContain('slipOpened')
})

it('R057 (Đ9.5): the City Office leads, names unit, words and time; the officer reads the words, clock, article and due time', async () => {
  await office.at('2026-04-20T08:00')
  const code = await forwarded('Hai đơn vị cùng không nhận cột đèn')
  const lead = await open('uyen', code, 'Chuyển Văn phòng UBND chủ trì')
  await lead.getByLabel('c) Chủ tịch UBND thành phố giao').check()
  await lead.getByRole('button', { name: 'Chuyển Văn phòng UBND thành phố', exact: true }).click()
  await lead.getByText('Đã chuyển Văn phòng UBND thành phố chủ trì.').waitFor()
  // What comes next stands open: the form of the directive, with eight working hours of that unit to begin with.
  const form = lead.getByRole('group', { name: 'Chỉ đạo đơn vị', exact: true })
  const due = form.getByLabel(/^Thời hạn đơn vị phải trả lời/)
  const working = form.getByRole('status')
  await working.getByText('có 8 giờ làm việc').waitFor()
  await choose(lead, 'Đơn vị được chỉ đạo', LIGHTING, LIGHTING)
  await form.getByLabel('16 giờ làm việc').check()
  await expect.poll(() => due.inputValue()).toMatch(/^2026-04-22T08:/)
  await due.fill('2026-04-21T16:30')
  await working.getByText('có 15 giờ làm việc').waitFor()
  await form.getByLabel('Nội dung chỉ đạo').fill('Sửa trong ngày mai, báo cáo Văn phòng bằng văn bản.')
  await lead.setViewportSize({ width: 390, height: 844 })
  expect(await lead.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  await form.getByRole('button', { name: `Gửi chỉ đạo đến ${LIGHTING}` }).click()
  await lead.getByText('Đã gửi chỉ đạo đến đơn vị.').waitFor()

  const read = await holder('phiet', code)
  expect(read).toContain('Cán bộ đầu mối Công ty Điện chiếu sáng đang giữ')
  expect(read).toContain('đến 16:30, T3 21/04')
  expect(read).toContain('Thời hạn theo chỉ đạo của lãnh đạo thành phố, theo Điều 9 khoản 5.')
  expect(read).toContain('Chỉ đạo: Sửa trong ngày mai, báo cáo Văn phòng bằng văn bản.')
  const ticket = await look(code, 'phiet')
  expect(ticket).toMatchObject({ state: 'assigned', dueAt: '2026-04-21T09:30:00.000Z' })
  expect(ticket.deadlines.find(({ state }) => state === 'running')).toMatchObject({
    kind: 'directed',
    article: 'Đ9.5',
    dueAt: '2026-04-21T09:30:00.000Z',
  })
})
