import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, expect, it } from 'vitest'
import { daysOf } from '../../src/console/reports/periods.ts'
import { UnitsPage } from '../../src/console/reports/units-page.tsx'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import type { UnitFigures } from '../../src/reports/contract.ts'
import { aSnapshot, openDesk } from './support.ts'

const AT = '2026-03-02T01:00:00.000Z'

function aUnit(unitId: string, unitName: string, changes: Partial<UnitFigures> = {}): UnitFigures {
  return {
    unitId,
    unitName,
    received: 10,
    onTime: 6,
    promised: 1,
    late: 2,
    stopped: 0,
    running: 1,
    returned: 0,
    bounced: 0,
    openNow: 3,
    overdueNow: 1,
    dueSoonNow: 0,
    awaitingRelay: 0,
    ...changes,
  }
}

afterEach(() => {
  cleanup()
  now.value = 0
})

async function showPage(
  role: 'cityOffice' | 'head',
  units: UnitFigures[],
  more: NonNullable<Parameters<typeof openDesk>[0]>['routes'] = {},
) {
  const paths: string[] = []
  const opened = await openDesk({
    role,
    routes: {
      'GET /api/reports/units': (_, path) => {
        paths.push(path)
        return { from: '2026-03-01', to: '2026-03-31', asOf: AT, units }
      },
      'GET /api/reports/units/chieu-sang/cases': (_, path) => {
        paths.push(path)
        return {
          items: [{ code: 'HP26-000007', title: 'Đèn hỏng', state: 'overdue', dueAt: null }],
          total: 1,
        }
      },
      'GET /api/reports/holders': () => ({ from: '2026-03-01', to: '2026-03-31', units: [] }),
      ...more,
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot())
  now.value = Date.parse(AT)
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <UnitsPage />
    </ConsoleContext.Provider>,
  )
  return { ...opened, paths }
}
const names = () => screen.getAllByRole('rowheader').map((cell) => cell.textContent)

it('R098: shows the City Office all units, the most overdue first, in whichever order is asked for', async () => {
  await showPage('cityOffice', [
    aUnit('a', 'Sở A', { overdueNow: 1, received: 30 }),
    aUnit('b', 'Sở B', { overdueNow: 4, received: 20 }),
  ])
  await screen.findByRole('table')
  expect(names()).toEqual(['Sở B', 'Sở A'])
  fireEvent.click(screen.getByRole('button', { name: 'Đã nhận' }))
  expect(names()).toEqual(['Sở A', 'Sở B'])
  expect(screen.getByRole('columnheader', { name: /Đã nhận/ }).getAttribute('aria-sort')).toBe('descending')
  fireEvent.click(screen.getByRole('button', { name: /^Đã nhận/ }))
  expect(names()).toEqual(['Sở B', 'Sở A'])
  fireEvent.click(screen.getByRole('button', { name: 'Đơn vị xử lý' }))
  expect(names()).toEqual(['Sở A', 'Sở B'])
})

it('R098: shows a head the own unit with what each figure means, and the cases behind it', async () => {
  const { paths } = await showPage('head', [aUnit('chieu-sang', 'Công ty Điện chiếu sáng')])
  expect(await screen.findByText('Kết quả xử lý của Công ty Điện chiếu sáng')).toBeTruthy()
  expect(screen.getByText(/không cộng vào đúng hạn/)).toBeTruthy()
  expect(screen.queryByRole('table')).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Công ty Điện chiếu sáng, Trễ hạn: xem 2 phiếu' }))
  const dialog = screen.getByRole('dialog', { name: 'Công ty Điện chiếu sáng: Trễ hạn', hidden: true })
  const link = await within(dialog).findByText('HP26-000007')
  expect(link.getAttribute('href')).toBe('/tickets/HP26-000007')
  expect(paths.at(-1)).toContain('from=2026-03-01&to=2026-03-31&figure=late')
})

it('asks for another period, and nought leads nowhere', async () => {
  const { paths } = await showPage('head', [aUnit('chieu-sang', 'Chiếu sáng', { late: 0 })])
  await screen.findByText('Kết quả xử lý của Chiếu sáng')
  expect(screen.queryByRole('button', { name: /Trễ hạn/ })).toBeNull()
  fireEvent.change(screen.getByLabelText('Thời gian'), { target: { value: 'thisYear' } })
  await expect.poll(() => paths.at(-1)).toContain('from=2026-01-01&to=2026-12-31')
})

it('R085: says how many heads get the figures before it sends them, and who did not', async () => {
  const plan = { from: '2026-03-01', to: '2026-03-31', units: 2, people: 3, already: 1, unreachable: [] }
  const sent: unknown[] = []
  const digest = { ...plan, withoutHead: ['Sở B'] }
  await showPage('cityOffice', [aUnit('a', 'Sở A')], {
    'GET /api/reports/units/digest': () => digest,
    'POST /api/reports/units/digest': (body: unknown) => {
      sent.push(body)
      return { ...digest, unreachable: [{ name: 'Ngô Văn Đê', unitName: 'Sở A' }] }
    },
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Nhắn số liệu cho Thủ trưởng' }))
  expect(await screen.findByText('Sẽ nhắn 3 người của 2 đơn vị.')).toBeTruthy()
  expect(screen.getByText(/1 người đã được nhắn/)).toBeTruthy()
  expect(screen.getByText('Chưa có Thủ trưởng trong danh bạ: Sở B.')).toBeTruthy()
  expect(sent).toEqual([])
  fireEvent.click(screen.getByRole('button', { name: 'Nhắn 3 người', hidden: true }))
  expect(await screen.findByText('Đã xếp tin cho 3 người của 2 đơn vị.')).toBeTruthy()
  expect(screen.getByText(/Ngô Văn Đê \(Sở A\)/)).toBeTruthy()
  expect(sent).toEqual([{ from: '2026-03-01', to: '2026-03-31' }])
})

it('R085: offers a head nothing to send', async () => {
  await showPage('head', [aUnit('chieu-sang', 'Chiếu sáng')])
  await screen.findByText('Kết quả xử lý của Chiếu sáng')
  expect(screen.queryByRole('button', { name: /Nhắn số liệu/ })).toBeNull()
})

it('R103: shows who has cases how long, stage by stage, with the case that took longest', async () => {
  const none = { count: 0, median: null, longest: null, longestCode: null }
  const toAccept = { count: 4, median: 45, longest: 150, longestCode: 'HP26-000009' }
  await showPage('cityOffice', [aUnit('a', 'Sở A')], {
    'GET /api/reports/holders': () => ({
      from: '2026-03-01',
      to: '2026-03-31',
      units: [
        { unitId: 'a', unitName: 'Sở A', toAccept, toAnswer: none, atDesk: none },
        { unitId: 'b', unitName: 'Sở B', toAccept: none, toAnswer: none, atDesk: none },
      ],
    }),
  })
  const table = await screen.findByRole('table', { name: 'Thời gian giữ phiếu theo khâu' })
  expect(within(table).getByText('Trung vị 45 phút')).toBeTruthy()
  expect(within(table).getByText(/4 lượt, lâu nhất 2 giờ 30 phút/)).toBeTruthy()
  expect(within(table).getByRole('link').getAttribute('href')).toBe('/tickets/HP26-000009')
  expect(within(table).queryByText('Sở B')).toBeNull()
})

it('says in words that no unit has a case', async () => {
  await showPage('cityOffice', [])
  expect(await screen.findByText('Chưa có đơn vị nào nhận phiếu.')).toBeTruthy()
})

it.each([
  ['thisMonth', '2026-02-28T17:00:00Z', '2026-03-01', '2026-03-31'],
  ['thisMonth', '2026-02-28T16:59:59Z', '2026-02-01', '2026-02-28'],
  ['lastMonth', '2026-01-15T00:00:00Z', '2025-12-01', '2025-12-31'],
  ['thisQuarter', '2026-05-15T00:00:00Z', '2026-04-01', '2026-06-30'],
  ['thisYear', '2028-02-29T00:00:00Z', '2028-01-01', '2028-12-31'],
] as const)('takes %s at %s for %s to %s, by the city’s clock', (period, at, from, to) => {
  expect(daysOf(period, Date.parse(at))).toEqual({ from, to })
})
