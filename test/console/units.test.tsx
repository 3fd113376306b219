import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import { App } from '../../src/console/app.tsx'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { deskShortcuts } from '../../src/console/state/desk-shortcuts.ts'
import { navigate, route } from '../../src/console/state/route.ts'
import type { TicketPage, TicketRow, TicketView } from '../../src/tickets/contract.ts'
import { aForm, aSession, aSnapshot, aTicket, openDesk } from './support.ts'

const CODE = 'HP26-000001'
const CASE: TicketView = aTicket({
  state: 'assigned',
  unitId: 'chieu-sang',
  unitName: 'Công ty Điện chiếu sáng',
  actions: ['accept', 'bounce'],
  form: aForm({
    title: 'Đèn đường hỏng',
    content: 'Ba cột đèn tắt.',
    reporter: {
      type: 'individual',
      name: 'Phạm Văn Đại',
      organisation: null,
      phone: '0950 000 777',
      email: null,
      address: null,
    },
  }),
})
const rowOf = (ticket: TicketView): TicketRow => ({
  ...ticket,
  kind: ticket.form.kind,
  title: ticket.form.title,
  place: ticket.form.place,
  fieldName: null,
  urgent: ticket.form.urgent,
  confidential: ticket.form.confidential,
  reporterName: ticket.form.reporter.name,
  phoneDisplay: ticket.form.reporter.phone ?? '',
  unseen: ticket.officeCopies.some(({ seenAt }) => seenAt === null),
})
const listOf = (...tickets: TicketView[]): TicketPage => ({
  items: tickets.map(rowOf),
  total: tickets.length,
  unseen: tickets.filter((ticket) => rowOf(ticket).unseen).length,
})
const goTo = (path: string) =>
  act(() => {
    navigate(path)
  })
const settle = () => act(() => new Promise<void>((done) => void setTimeout(done)))

beforeEach(() => {
  navigate('/')
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

async function openAs(role: Person['role'], ticket: TicketView = CASE, session = aSession(role)) {
  const opened = await openDesk({
    role,
    routes: {
      'GET /api/session': () => session,
      'GET /api/tickets': () => listOf(ticket),
      [`GET /api/tickets/${CODE}`]: () => ticket,
      [`POST /api/tickets/${CODE}/notes`]: () => ({ ...ticket, handler: 'Tổ điện số 3' }),
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot({ presence: null }))
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <App />
    </ConsoleContext.Provider>,
  )
  await settle()
  return opened
}
const links = () =>
  within(screen.getByRole('navigation', { name: 'Các trang' }))
    .getAllByRole('link')
    .map((link) => link.textContent)

const LINKS = {
  officer: ['Phiếu', 'Kết quả đơn vị', 'Danh bạ'],
  head: ['Phiếu', 'Kết quả đơn vị', 'Cán bộ đầu mối', 'Danh bạ'],
  cityOffice: ['Phiếu', 'Kết quả đơn vị', 'Hồ sơ Đ9.6', 'Danh bạ'],
}

describe('R068: people of a unit and of the City Office', () => {
  it.each(['officer', 'head', 'cityOffice'] as const)(
    'an %s lands on the cases, without a telephone',
    async (role) => {
      const { desk, asked, phone } = await openAs(role)
      expect(route.value.page).toBe('tickets')
      expect(await screen.findByText('Đèn đường hỏng')).toBeTruthy()
      expect(phone.done).toEqual([])
      expect(desk.phone.value).toBeNull()
      const requests = asked.map(({ request }) => request)
      for (const path of ['/api/phone', '/api/presence', '/api/calls', '/api/missed'])
        expect(requests.filter((request) => request.includes(path))).toEqual([])
      expect(links()).toEqual(LINKS[role])
      expect(deskShortcuts(desk).map(({ keys }) => keys)).toEqual(['Ctrl+Enter', 'Ctrl+K', 'Alt+T', '?'])
    },
  )

  it('see whose cases they look at, and no page of the hotline under its address', async () => {
    await openAs('officer')
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Phiếu của Công ty Điện chiếu sáng')
    expect(screen.queryByLabelText('Của tôi')).toBeNull()
    for (const path of ['/people', '/recordings', '/calls', '/dossier', '/simulator', '/calendar']) {
      await goTo(path)
      expect(screen.getByRole('heading', { level: 1 }).textContent, path).toBe('Không có trang này.')
    }
  })

  it('R095, R097: write down progress and who inside the unit works on it, and hear what is missing', async () => {
    const { asked } = await openAs('officer')
    await goTo(`/tickets/${CODE}`)
    const sheet = await screen.findByTestId('case-sheet')
    const notes = within(within(sheet).getByRole('group', { name: 'Ghi tiến độ', hidden: true }))
    fireEvent.click(notes.getByTestId('note-send'))
    await settle()
    expect(notes.getByRole('alert', { hidden: true }).textContent).toBe('Hãy ghi nội dung trước khi lưu.')
    fireEvent.input(notes.getByLabelText(/^Đã làm gì/), { target: { value: 'Kiểm tra tủ điện' } })
    fireEvent.input(notes.getByLabelText(/^Giao cho ai/), { target: { value: 'Tổ điện số 3' } })
    fireEvent.click(notes.getByTestId('note-send'))
    await settle()
    expect(asked.find(({ request }) => request.endsWith('/notes'))?.body).toEqual({
      text: 'Kiểm tra tủ điện',
      handler: 'Tổ điện số 3',
    })
    expect(within(sheet).getByText('Tổ điện số 3')).toBeTruthy()
    expect(notes.getByLabelText<HTMLTextAreaElement>(/^Đã làm gì/).value).toBe('')
  })

  it('read a case: no field of a form, the number one touch away (Đ9.3)', async () => {
    await openAs('officer')
    await goTo(`/tickets/${CODE}`)
    const sheet = await screen.findByTestId('case-sheet')
    expect(within(sheet).queryByLabelText(/^Nội dung phản ánh/)).toBeNull()
    expect(within(sheet).getByText('Ba cột đèn tắt.')).toBeTruthy()
    expect(screen.queryByTestId('ticket-form')).toBeNull()
    expect(within(sheet).getByText('Phạm Văn Đại')).toBeTruthy()
    expect(within(sheet).getByRole('link', { name: '0950 000 777' }).getAttribute('href')).toBe(
      'tel:0950000777',
    )
    expect(screen.queryByText('Ghi âm')).toBeNull()
  })

  it('are told in words what they are not shown', async () => {
    const nobody = { ...CASE.form.reporter, name: '', phone: null }
    const hidden = { ...CASE, sight: 'withoutReporter', form: { ...CASE.form, reporter: nobody } } as const
    await openAs('officer', { ...hidden, form: { ...hidden.form, confidential: true } })
    await goTo(`/tickets/${CODE}`)
    expect(await screen.findByText(/^Bảo mật: công dân yêu cầu giữ kín danh tính/)).toBeTruthy()
    cleanup()
    await openAs('cityOffice', hidden)
    await goTo(`/tickets/${CODE}`)
    expect(await screen.findByText('Chỉ đơn vị đang xử lý xem được.')).toBeTruthy()
    cleanup()
    await openAs('officer', { ...hidden, sight: 'ownSlips' })
    await goTo(`/tickets/${CODE}`)
    expect(await screen.findByText(/^Phiếu không còn ở đơn vị bạn/)).toBeTruthy()
  })

  it('whose unit left the directory are told so, and whom to ask', async () => {
    const session = { ...aSession('head'), unitName: null }
    const { desk } = await openDesk({
      role: 'head',
      routes: { 'GET /api/session': () => session, 'GET /api/tickets': () => listOf() },
    })
    render(
      <ConsoleContext.Provider value={desk}>
        <App />
      </ConsoleContext.Provider>,
    )
    expect(await screen.findByText('Đơn vị của bạn không còn trong danh bạ')).toBeTruthy()
    expect(screen.getByText(/báo quản trị của Tổng đài/)).toBeTruthy()
  })
})

describe('R068: a confidential case of somebody else', () => {
  it('is a sentence to an operator, in the list and opened, and no form', async () => {
    const mask = aTicket({
      sight: 'mask',
      operatorName: 'Đoàn Thị Ngát',
      actions: [],
      form: aForm({ confidential: true }),
    })
    await openAs('operator', mask)
    await goTo('/tickets')
    expect(await screen.findByText('Phiếu bảo mật, do người khác giữ')).toBeTruthy()
    await goTo(`/tickets/${CODE}`)
    expect((await screen.findByRole('note')).textContent).toContain('Đoàn Thị Ngát')
    expect(screen.queryByTestId('ticket-form')).toBeNull()
    expect(screen.queryByLabelText(/^Nội dung phản ánh/)).toBeNull()
  })
})

describe('the page of people', () => {
  const person = (changes: Partial<Person>): Person => ({ ...aSession('operator').person, ...changes })
  const UNITS = [
    { id: 'chieu-sang', name: 'Công ty Điện chiếu sáng', smsName: 'Chieu sang', people: [] },
    { id: 'so-xay-dung', name: 'Sở Xây dựng', smsName: 'So Xay dung', people: [] },
  ]
  async function openPeople(people: Person[]) {
    const opened = await openDesk({
      role: 'admin',
      routes: {
        'GET /api/directory': () => ({ units: UNITS, categories: [], areas: [] }),
        'GET /api/people': () => people,
        'PATCH /api/people/2': () => people[0],
        'POST /api/people': () => ({ person: people[0], password: 'mot-lan' }),
      },
    })
    navigate('/people')
    await import('../../src/console/other-pages.ts') // so that the page is there at once
    render(
      <ConsoleContext.Provider value={opened.desk}>
        <App />
      </ConsoleContext.Provider>,
    )
    await screen.findAllByRole('combobox', { name: /^Vai trò của/ })
    return opened
  }
  const pickUnit = (within_: HTMLElement) => {
    const choice = within(within_).getByRole('combobox', { name: 'Đơn vị', hidden: true })
    fireEvent.input(choice, { target: { value: 'so xay' } })
    fireEvent.keyDown(choice, { key: 'Enter' })
  }

  it('R095: asks for the unit before somebody becomes an officer, and sends role and unit together', async () => {
    const { asked } = await openPeople([person({ id: 2, name: 'Bùi Đức Khoát' })])
    const role = screen.getByRole('combobox', { name: 'Vai trò của Bùi Đức Khoát' })
    fireEvent.change(role, { target: { value: 'officer' } })
    const dialog = screen.getByRole('dialog', { name: 'Đơn vị của Bùi Đức Khoát', hidden: true })
    expect(asked.filter(({ request }) => request.startsWith('PATCH'))).toEqual([])
    expect((role as HTMLSelectElement).value).toBe('operator')
    pickUnit(dialog)
    fireEvent.click(within(dialog).getByText('Lưu đơn vị'))
    await settle()
    expect(asked.find(({ request }) => request === 'PATCH /api/people/2')?.body).toEqual({
      role: 'officer',
      unitId: 'so-xay-dung',
    })
  })

  it('changes to a role without a unit at once, and marks a unit that left the directory', async () => {
    const { asked } = await openPeople([
      person({ id: 2, name: 'Khoát', role: 'head', unitId: 'da-giai-the' }),
    ])
    expect(screen.getByText('Đơn vị “da-giai-the” không còn trong danh bạ')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Đổi đơn vị của Khoát' })).toBeTruthy()
    fireEvent.change(screen.getByRole('combobox', { name: 'Vai trò của Khoát' }), {
      target: { value: 'cityOffice' },
    })
    await settle()
    expect(asked.find(({ request }) => request === 'PATCH /api/people/2')?.body).toEqual({
      role: 'cityOffice',
    })
  })

  it('R083: adds an officer with a unit, and not without', async () => {
    const { asked } = await openPeople([person({ id: 2 })])
    fireEvent.click(screen.getByRole('button', { name: 'Thêm người dùng' }))
    const dialog = screen.getByRole('dialog', { name: 'Thêm người dùng', hidden: true })
    fireEvent.input(within(dialog).getByLabelText(/^Họ và tên/), { target: { value: 'Bùi Đức Khoát' } })
    fireEvent.input(within(dialog).getByLabelText(/^Tên đăng nhập/), { target: { value: 'khoat' } })
    fireEvent.change(within(dialog).getByLabelText('Vai trò'), { target: { value: 'officer' } })
    const add = within(dialog).getByText('Thêm và tạo mật khẩu').closest('button')
    expect(add).toHaveProperty('disabled', true)
    pickUnit(dialog)
    expect(add).toHaveProperty('disabled', false)
    if (add !== null) fireEvent.click(add)
    await settle()
    expect(asked.find(({ request }) => request === 'POST /api/people')?.body).toEqual({
      username: 'khoat',
      name: 'Bùi Đức Khoát',
      role: 'officer',
      unitId: 'so-xay-dung',
    })
  })
})
