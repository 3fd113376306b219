import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import { App } from '../../src/console/app.tsx'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { navigate } from '../../src/console/state/route.ts'
import type { CoHandlingView, TicketView } from '../../src/tickets/contract.ts'
import { aSession, aSnapshot, aTicket, openDesk } from './support.ts'

const CODE = 'HP26-000001'
const AT = '2026-03-02T01:00:00.000Z'
const ROAD = {
  unitId: 'so-xay-dung',
  unitName: 'Sở Xây dựng',
  slipNumber: 'PC26-000002',
  reason: 'Cùng đào đường',
  addedAt: AT,
  addedByName: 'Nguyễn Thị Hạ',
}

const settle = () => act(() => new Promise<void>((done) => void setTimeout(done)))

beforeEach(() => {
  navigate('/')
})
afterEach(cleanup)

async function openAs(
  role: Person['role'],
  coHandling: Partial<CoHandlingView>,
  sight: TicketView['sight'] = 'whole',
  more: Partial<TicketView> = {},
) {
  const ticket = (changes: Partial<CoHandlingView> = {}): TicketView =>
    aTicket({
      state: 'inProgress',
      sight,
      unitId: 'chieu-sang',
      unitName: 'Công ty Điện chiếu sáng',
      actions: [],
      coHandling: { units: [], statements: [], actions: [], ...coHandling, ...changes },
      ...more,
    })
  const opened = await openDesk({
    role,
    routes: {
      'GET /api/session': () => aSession(role),
      'GET /api/tickets': () => ({ items: [], total: 0 }),
      [`GET /api/tickets/${CODE}`]: () => ticket(),
      [`POST /api/tickets/${CODE}/co-handlers/so-xay-dung/removal`]: () => ticket({ units: [] }),
      [`POST /api/tickets/${CODE}/contributions`]: () => ticket(),
      [`POST /api/tickets/${CODE}/disagreement`]: () => ticket({ actions: [] }),
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
  await act(() => {
    navigate(`/tickets/${CODE}`)
  })
  await settle()
  const sent = () =>
    opened.asked
      .filter(({ request }) => request.startsWith('POST'))
      .map(({ request, body }) => [request, body])
  return { ...opened, sent }
}
const panel = () => screen.getByRole('region', { name: 'Đơn vị phối hợp' })
const write = (label: RegExp, value: string) => {
  fireEvent.input(within(panel()).getByLabelText(label), { target: { value } })
}

describe('R055: the panel of co-handling units', () => {
  it.each(['operator', 'supervisor', 'officer', 'head', 'cityOffice'] as const)(
    'tells an %s who leads, who takes part and what they say',
    async (role) => {
      await openAs(role, {
        units: [ROAD],
        statements: [
          {
            at: AT,
            isDisagreement: true,
            unitName: 'Sở Xây dựng',
            byName: 'Vũ Thị Sáo',
            text: 'Cắt điện trước.',
          },
        ],
      })
      const words = panel().textContent
      for (const word of [
        'Chủ trì: Công ty Điện chiếu sáng',
        'Sở Xây dựng',
        'PC26-000002',
        'Không thống nhất',
        'Cắt điện trước.',
      ])
        expect(words).toContain(word)
      expect(within(panel()).queryAllByRole('button')).toEqual([])
    },
  )

  const answered = (from: string): TicketView['events'][number] => ({
    id: 9,
    at: AT,
    type: 'agencyAnswered',
    actorName: null,
    detail: { from },
  })
  it.each<[string, Partial<TicketView>, string]>([
    [
      'leads',
      { state: 'cityOffice' },
      'Chủ trì: Văn phòng UBND thành phố; đơn vị giữ phiếu trước đó: Công ty',
    ],
    ['leads what no unit has', { state: 'cityOffice', unitName: null }, 'Chủ trì: Văn phòng UBND thành phố'],
    [
      'answered',
      { state: 'answered', events: [answered('cityOffice')] },
      'Chủ trì: Văn phòng UBND thành phố;',
    ],
    [
      'left to a unit',
      { state: 'answered', events: [answered('inProgress')] },
      'Chủ trì: Công ty Điện chiếu sáng',
    ],
  ])('R055-R057: names the City Office where it leads: what it %s', async (_what, more, words) => {
    await openAs('operator', { units: [ROAD] }, 'whole', more)
    expect(panel().textContent).toContain(words)
  })

  it('is not there where nobody takes part and nobody may ask for it', async () => {
    await openAs('officer', {})
    expect(screen.queryByRole('region', { name: 'Đơn vị phối hợp' })).toBeNull()
  })

  it('takes a unit off with a reason, not without', async () => {
    const { sent } = await openAs('cityOffice', { units: [ROAD], actions: ['add', 'remove'] })
    fireEvent.click(within(panel()).getByRole('button', { name: 'Thôi phối hợp với Sở Xây dựng' }))
    fireEvent.click(screen.getByTestId('co-send'))
    expect(within(panel()).getByRole('alert').textContent).not.toBe('')
    expect(sent()).toEqual([])
    write(/^Lý do/, 'Đã xong phần việc')
    fireEvent.click(screen.getByTestId('co-send'))
    await settle()
    expect(sent()).toEqual([
      [
        `POST /api/tickets/${CODE}/co-handlers/so-xay-dung/removal`,
        { version: 1, reason: 'Đã xong phần việc' },
      ],
    ])
    expect(within(panel()).getByText('Chưa có đơn vị phối hợp.')).toBeTruthy()
  })

  it('asks for a unit before it adds one', async () => {
    const { sent } = await openAs('operator', { actions: ['add'] })
    fireEvent.click(screen.getByTestId('co-add'))
    write(/^Lý do/, 'Cùng đào đường')
    fireEvent.click(screen.getByTestId('co-send'))
    expect(within(panel()).getByRole('alert').textContent).not.toBe('')
    expect(sent()).toEqual([])
  })

  it('lets a co-handling unit say what it did by keyboard, and its head that it does not agree', async () => {
    const { sent } = await openAs(
      'head',
      { units: [ROAD], actions: ['contribute', 'disagree'] },
      'coHandling',
    )
    expect(screen.getByText(/Đơn vị bạn phối hợp xử lý phiếu này/)).toBeTruthy()
    fireEvent.click(screen.getByTestId('co-contribute'))
    write(/^Ý kiến, kết quả/, 'Đã rào đoạn hố.')
    fireEvent.keyDown(within(panel()).getByLabelText(/^Ý kiến, kết quả/), { key: 'Enter', ctrlKey: true })
    await settle()
    fireEvent.click(screen.getByTestId('co-disagree'))
    expect(panel().textContent).toContain('Điều 9 khoản 5 điểm a')
    write(/^Quan điểm/, 'Cắt điện trước.')
    fireEvent.click(screen.getByTestId('co-send'))
    await settle()
    expect(sent()).toEqual([
      [`POST /api/tickets/${CODE}/contributions`, { text: 'Đã rào đoạn hố.' }],
      [`POST /api/tickets/${CODE}/disagreement`, { version: 1, position: 'Cắt điện trước.' }],
    ])
  })

  it('closes its form with Esc', async () => {
    await openAs('operator', { actions: ['add'] })
    fireEvent.click(screen.getByTestId('co-add'))
    fireEvent.keyDown(within(panel()).getByLabelText(/^Lý do/), { key: 'Escape' })
    expect(screen.queryByTestId('co-send')).toBeNull()
  })
})
