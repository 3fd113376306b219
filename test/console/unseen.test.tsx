import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import { App } from '../../src/console/app.tsx'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { navigate } from '../../src/console/state/route.ts'
import type { TicketPage, TicketView } from '../../src/tickets/contract.ts'
import { aSession, aSnapshot, aTicket, openDesk } from './support.ts'

const AT = '2026-03-02T01:00:00.000Z'
const CODES = ['HP26-000001', 'HP26-000002'] as const

const goTo = (path: string) =>
  act(() => {
    navigate(path)
  })
const settle = () => act(() => new Promise<void>((done) => void setTimeout(done)))

beforeEach(() => {
  navigate('/')
})
afterEach(cleanup)

/** A City Office (or somebody else) whose cases are new until they are marked. */
async function openAs(role: Person['role'], direction?: TicketPage['items'][number]['direction']) {
  const seen = new Set<string>()
  const caseOf = (code: string): TicketView =>
    aTicket({
      code,
      ...(direction === undefined || code !== CODES[0]
        ? { state: 'assigned', actions: [] }
        : { state: 'overdue', actions: ['takeLead', 'direct', 'remind'] }),
      slips: [
        {
          number: `PC-${code}`,
          version: 1,
          unitId: 'chieu-sang',
          unitName: 'Chiếu sáng',
          issuedAt: AT,
          dueAt: null,
          dueText: '',
          path: '/p/x',
          pdfPath: '/x',
          isReplaced: false,
        },
      ],
      officeCopies: [
        {
          number: `PC-${code}`,
          unitName: 'Chiếu sáng',
          since: AT,
          seenAt: seen.has(code) ? AT : null,
          seenByName: seen.has(code) ? 'Hoàng Thu Uyên' : null,
        },
      ],
      messages: [
        {
          id: 1,
          template: 'slipOfficer',
          to: '0950 000 001',
          toName: 'Lê Văn Phiệt',
          text: '1022HP: Phieu chuyen',
          segments: 1,
          state: 'pending',
          waitsUntil: '2026-03-03T00:00:00.000Z',
          problem: null,
          ticketCode: code,
          createdAt: AT,
          updatedAt: AT,
          training: false,
        },
      ],
    })
  const list = (): TicketPage => ({
    items: CODES.map((code) => {
      const { form, ...head } = caseOf(code)
      return {
        ...head,
        kind: form.kind,
        title: `Phiếu ${code}`,
        place: '',
        fieldName: null,
        urgent: false,
        confidential: false,
        reporterName: '',
        phoneDisplay: '',
        unseen: role === 'cityOffice' && !seen.has(code),
        ...(direction === undefined || code !== CODES[0] ? {} : { state: 'overdue' as const, direction }),
      }
    }),
    total: CODES.length,
    ...(role === 'cityOffice' ? { unseen: CODES.length - seen.size, overdue: 1 } : {}),
  })
  const opened = await openDesk({
    role,
    routes: {
      'GET /api/session': () => aSession(role),
      'GET /api/tickets': list,
      ...Object.fromEntries(CODES.map((code) => [`GET /api/tickets/${code}`, () => caseOf(code)])),
      'POST /api/oversight/seen': (body: unknown) => {
        for (const code of (body as { codes: string[] }).codes) seen.add(code)
        return undefined
      },
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
  return { ...opened, seen }
}

describe('R047: what the City Office has not seen', () => {
  it('is marked in the list and counted; many are marked as seen at once', async () => {
    const { seen } = await openAs('cityOffice')
    expect(screen.getByLabelText('Chưa xem (2)')).toBeTruthy()
    expect(screen.getAllByText('Chưa xem')).toHaveLength(2)
    const button = screen.getByRole('button', { name: 'Đánh dấu đã xem (0)' })
    expect(button.hasAttribute('disabled') || button.getAttribute('aria-disabled') === 'true').toBe(true)
    fireEvent.click(screen.getByLabelText('Chọn tất cả phiếu chưa xem trên trang (2)'))
    fireEvent.click(screen.getByRole('button', { name: 'Đánh dấu đã xem (2)' }))
    await settle()
    expect([...seen]).toEqual([...CODES])
  })

  it('is chosen one by one without opening the case', async () => {
    const { seen } = await openAs('cityOffice')
    fireEvent.click(screen.getByLabelText('Chọn phiếu HP26-000002'))
    expect(screen.queryByTestId('case-sheet')).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Đánh dấu đã xem (1)' }))
    await settle()
    expect([...seen]).toEqual(['HP26-000002'])
  })

  it('is seen when the case is opened, once', async () => {
    const { seen, asked } = await openAs('cityOffice')
    await goTo('/tickets/HP26-000001')
    await settle()
    await settle()
    expect([...seen]).toEqual(['HP26-000001'])
    const posts = asked.filter(({ request }) => request.includes('/api/oversight/seen'))
    expect(posts).toHaveLength(1)
  })

  it.each(['officer', 'operator'] as const)('is no business of an %s', async (role) => {
    const { asked } = await openAs(role)
    await goTo('/tickets')
    await settle()
    expect(screen.queryByText(/Chưa xem/)).toBeNull()
    await goTo('/tickets/HP26-000001')
    await settle()
    expect(asked.filter(({ request }) => request.includes('/api/oversight'))).toEqual([])
  })
})

describe('R054: what is overdue', () => {
  it('is one touch away, with what the leaders said of it', async () => {
    const document = { documentNo: '812/UBND', documentDate: '2026-03-11' }
    await openAs('cityOffice', { at: AT, text: 'Trả lời dân trong ngày.', ...document })
    expect(
      screen.getByText('Chỉ đạo (văn bản 812/UBND ngày 11/03/2026): Trả lời dân trong ngày.'),
    ).toBeTruthy()
    fireEvent.click(screen.getByLabelText('Quá hạn (1)'))
    const states = screen.getAllByRole('combobox').filter((one) => one instanceof HTMLSelectElement)
    expect(states.map(({ value }) => value)).toContain('overdue')
  })

  it('is directed in one step from the list: the case opens with the form and the cursor in it', async () => {
    await openAs('cityOffice', null)
    fireEvent.click(screen.getByRole('button', { name: 'Chỉ đạo phiếu HP26-000001' }))
    await settle()
    await settle()
    expect(location.pathname).toBe('/tickets/HP26-000001')
    const directive = screen.getByLabelText(/^Nội dung chỉ đạo/)
    expect(document.activeElement).toBe(directive)
  })

  it('says where there is no direction yet', async () => {
    await openAs('cityOffice', null)
    expect(screen.getByText('Chưa có chỉ đạo')).toBeTruthy()
  })
})

describe('an SMS in the quiet hours (issue 4)', () => {
  it('says when it goes out', async () => {
    await openAs('cityOffice')
    await goTo('/tickets/HP26-000001')
    await settle()
    expect(screen.getByText(/^Giờ yên tĩnh, gửi lúc 07:00/)).toBeTruthy()
  })
})
