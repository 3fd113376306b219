import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, expect, it } from 'vitest'
import type { Role } from '../../src/accounts/contract.ts'
import { App } from '../../src/console/app.tsx'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { navigate, route } from '../../src/console/state/route.ts'
import type { AuditEntry, AuditPage } from '../../src/seals/contract.ts'
import { aSnapshot, openDesk } from './support.ts'

/** 08:00 in the city. */
const AT = '2026-03-02T01:00:00.000Z'

function aLine(id: number, changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id,
    at: AT,
    actorId: 2,
    actorName: 'Trần Văn Đức',
    action: 'recording.played',
    subject: 'recording:7',
    subjectName: null,
    detail: '{"callId":"hp1-1.2"}',
    prevHash: '0'.repeat(64),
    hash: 'a'.repeat(64),
    ...changes,
  }
}

afterEach(() => {
  cleanup()
  now.value = 0
  navigate('/')
})

async function showPage(role: Role, pageOf: (path: string) => AuditPage) {
  const paths: string[] = []
  const opened = await openDesk({
    role,
    routes: {
      'GET /api/audit': (_, path) => {
        paths.push(path)
        return pageOf(path)
      },
      'GET /api/seals': () => ({
        chains: [
          { name: 'audit', seq: 1_234, hash: 'a', at: AT },
          { name: 'recordings', seq: 56, hash: 'b', at: AT },
        ],
        publicKey: '-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n',
        signedAt: AT,
        people: [{ id: 2, name: 'Trần Văn Đức' }],
      }),
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot({ presence: null }))
  now.value = Date.parse(AT)
  navigate('/audit')
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <App />
    </ConsoleContext.Provider>,
  )
  await settle()
  return { ...opened, paths }
}

/** Lets what was asked be answered and drawn. */
const settle = () => act(async () => undefined)
it('R104: says in words who did what to what, and shows the link of each line', async () => {
  await showPage('supervisor', () => ({
    items: [
      aLine(4, { action: 'case.viewed', subject: 'ticket:HP26-000007', detail: '{"reporter":true}' }),
      aLine(3),
      aLine(2, {
        action: 'person.updated',
        subject: 'person:1',
        subjectName: 'Nguyễn Thị Hạ',
        detail: '{"changed":["role"],"role":"supervisor"}',
      }),
      aLine(1, {
        action: 'gone.since',
        actorId: null,
        actorName: null,
        subject: 'thing:1',
        detail: '{',
        hash: null,
        prevHash: null,
      }),
    ],
    more: false,
  }))
  const rows = (await screen.findAllByRole('row')).slice(1)
  const cells = rows.map((row) =>
    within(row)
      .getAllByRole('cell')
      .slice(0, 4)
      .map((cell) => cell.textContent),
  )
  expect(cells).toEqual([
    ['08:00:00 T2 02/03', 'Trần Văn Đức', 'Xem phiếu, thấy người phản ánh', 'HP26-000007'],
    ['08:00:00 T2 02/03', 'Trần Văn Đức', 'Nghe bản ghi âm', 'bản ghi âm số 7'],
    ['08:00:00 T2 02/03', 'Trần Văn Đức', 'Đổi vai trò thành Trưởng ca', 'Nguyễn Thị Hạ'],
    ['08:00:00 T2 02/03', 'Hệ thống', 'gone.since', 'thing:1'],
  ])
  expect(within(rows[1] as HTMLElement).getByText('a'.repeat(64))).toBeTruthy()
  expect(within(rows[3] as HTMLElement).getByText(/không có mắt xích/)).toBeTruthy()
  expect(screen.getByText(/1234 dòng nhật ký và 56 mắt xích/)).toBeTruthy()
  expect(screen.getByRole('link', { name: 'HP26-000007' }).getAttribute('href')).toBe('/tickets/HP26-000007')
})

it('R104: is filtered, walked back through, and taken away as it is filtered', async () => {
  const { paths } = await showPage('admin', (path) =>
    path.includes('before=11') ? { items: [aLine(10)], more: false } : { items: [aLine(11)], more: true },
  )
  await screen.findByRole('option', { name: 'Trần Văn Đức' })
  fireEvent.change(screen.getByLabelText('Việc đã làm'), { target: { value: 'recording.played' } })
  fireEvent.change(screen.getByLabelText('Người thực hiện'), { target: { value: '2' } })
  fireEvent.click(await screen.findByRole('button', { name: 'Chỉ xem các dòng về bản ghi âm số 7' }))
  fireEvent.input(screen.getByLabelText('Từ ngày'), { target: { value: '2026-03-01' } })
  await expect
    .poll(() => paths.at(-1))
    .toBe('/api/audit?actor=2&action=recording.played&subject=recording%3A7&from=2026-03-01&limit=50')
  const link = screen.getByRole('link', { name: 'Xuất CSV' })
  expect(link.getAttribute('href')).toBe(
    '/api/audit/export?actor=2&action=recording.played&subject=recording%3A7&from=2026-03-01&format=csv',
  )
  fireEvent.click(screen.getByRole('button', { name: 'Cũ hơn' }))
  expect(await screen.findByText('Số 10')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Cũ hơn' })).toHaveProperty('disabled', true)
  fireEvent.click(screen.getByRole('button', { name: 'Mới hơn' }))
  expect(await screen.findByText('Số 11')).toBeTruthy()
})

it('says what to do where nothing meets the filters', async () => {
  await showPage('admin', (path) => ({ items: path.includes('subject=') ? [] : [aLine(1)], more: false }))
  fireEvent.input(screen.getByLabelText('Đối tượng'), { target: { value: 'HP26-000009' } })
  fireEvent.click(await screen.findByRole('button', { name: 'Bỏ bộ lọc' }))
  expect(await screen.findByText('Số 1')).toBeTruthy()
})

it('R104: an auditor lands on it, and has no case, call or recording to go to', async () => {
  const { asked } = await showPage('auditor', () => ({
    items: [aLine(1, { action: 'case.viewed', subject: 'ticket:HP26-000007', detail: '{}' })],
    more: false,
  }))
  navigate('/')
  await settle()
  const links = within(screen.getByRole('navigation', { name: 'Các trang' })).getAllByRole('link')
  expect(links.map((link) => link.textContent)).toEqual(['Nhật ký', 'Danh bạ'])
  navigate('/audit')
  expect(await screen.findByRole('button', { name: 'Chỉ xem các dòng về HP26-000007' })).toBeTruthy()
  for (const path of ['/tickets', '/recordings', '/calls', '/people']) {
    navigate(path)
    await settle()
    expect(screen.getByRole('heading', { level: 1 }).textContent, path).toBe('Không có trang này.')
  }
  expect(route.value.page).toBe('people')
  const elsewhere = asked
    .map(({ request }) => request)
    .filter((request) => /tickets|calls|phone|recordings/.test(request))
  expect(elsewhere).toEqual([])
})
