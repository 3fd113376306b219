import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, expect, it } from 'vitest'
import type { CatchUps } from '../../src/calls/contract.ts'
import { ReconciliationPage } from '../../src/console/reconciliation/reconciliation-page.tsx'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import type { DiscrepancyPage, DiscrepancyView } from '../../src/reconciliation/contract.ts'
import { aSnapshot, openDesk } from './support.ts'

/** 08:00 in the city. */
const AT = '2026-03-02T01:00:00.000Z'
const DONE: CatchUps['now'] = { phase: 'done', rows: 37, total: 37, done: 37, failed: 0 }
const RUN: CatchUps['runs'][number] = {
  id: 1,
  reason: 'reconnect',
  startedAt: '2026-03-01T19:31:00.000Z',
  finishedAt: '2026-03-01T19:31:02.000Z',
  live: 0,
  ended: 0,
  rebuilt: 37,
  failed: 0,
  recordings: 20,
  fromAt: '2026-03-01T19:10:00.000Z',
  toAt: '2026-03-01T19:31:00.000Z',
}

function aRow(changes: Partial<DiscrepancyView> = {}): DiscrepancyView {
  return {
    id: 5,
    kind: 'callUnknown',
    subject: 'hp1-1772305800.4',
    since: '2026-03-01T19:10:00.000Z',
    foundAt: '2026-03-01T19:30:00.000Z',
    lastSeenAt: '2026-03-01T19:30:00.000Z',
    ticketCode: null,
    count: 1,
    state: 'open',
    resolvedAt: null,
    resolvedByName: null,
    words: null,
    ...changes,
  }
}

function compared(calls: number): NonNullable<DiscrepancyPage['lastRun']> {
  return {
    id: 1,
    startedAt: AT,
    finishedAt: AT,
    fromAt: AT,
    toAt: AT,
    journal: 'read',
    queueLog: 'absent',
    recordings: 'read',
    calls,
    found: 1,
    settled: 0,
  }
}

afterEach(() => {
  cleanup()
  now.value = 0
})

async function showPage(caught: CatchUps, pageOf: (path: string) => DiscrepancyPage) {
  const resolved: unknown[] = []
  const opened = await openDesk({
    role: 'supervisor',
    routes: {
      'GET /api/catch-ups': () => caught,
      'GET /api/discrepancies': (_, path) => pageOf(path),
      'POST /api/discrepancies/5/resolve': (body) => {
        resolved.push(body)
        return aRow({ state: 'resolved' })
      },
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot())
  now.value = Date.parse(AT)
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <ReconciliationPage />
    </ConsoleContext.Provider>,
  )
  return { ...opened, resolved }
}

it('says in one sentence what was made up for, and that all matches', async () => {
  await showPage({ now: DONE, runs: [RUN] }, () => ({ items: [], total: 0, lastRun: compared(37) }))
  const told = await screen.findByText(/đã bổ sung 37 cuộc gọi từ 02:10 đến 02:31/)
  expect(told.textContent).toContain('khi nối lại với tổng đài')
  expect(told.textContent).toContain('Đã lấy về 20 bản ghi âm.')
  expect(await screen.findByText('Mọi nguồn đều khớp.')).toBeTruthy()
})

it('shows how far a long journal is', async () => {
  const busy = { ...DONE, phase: 'journal' as const, done: 1_200, total: 40_000 }
  await showPage({ now: busy, runs: [] }, () => ({ items: [], total: 0, lastRun: null }))
  expect((await screen.findByRole('status')).textContent).toMatch(/1200 trên 40000/)
})

it('lets a supervisor close a mismatch with words, and not without', async () => {
  let page: DiscrepancyPage = { items: [aRow()], total: 1, lastRun: null }
  const { resolved } = await showPage({ now: DONE, runs: [] }, () => page)
  fireEvent.click(await screen.findByRole('button', { name: 'Xử lý xong' }))
  const dialog = within(screen.getByRole('dialog'))
  const save = dialog.getByRole('button', { name: 'Ghi và đóng mục này' })
  expect(save.hasAttribute('disabled')).toBe(true)
  fireEvent.input(dialog.getByRole('textbox'), { target: { value: 'Đã gọi lại cho người dân.' } })
  page = { items: [], total: 0, lastRun: compared(37) }
  fireEvent.click(save)
  expect(await screen.findByText('Mọi nguồn đều khớp.')).toBeTruthy()
  expect(resolved).toEqual([{ words: 'Đã gọi lại cho người dân.' }])
})

it.each([null, compared(0)])(
  'says of nothing that it matches where nothing was compared: %j',
  async (lastRun) => {
    await showPage({ now: DONE, runs: [] }, () => ({ items: [], total: 0, lastRun }))
    expect(await screen.findByText('Chưa có gì để đối soát.')).toBeTruthy()
    expect(screen.queryByText('Mọi nguồn đều khớp.')).toBeNull()
  },
)

it('names who closed what, and what could not be read', async () => {
  const run = { ...compared(120), recordings: 'away' as const }
  const done = aRow({
    state: 'resolved',
    resolvedAt: AT,
    resolvedByName: 'Trần Văn Đức',
    words: 'Gọi thử của kỹ thuật.',
  })
  await showPage({ now: DONE, runs: [] }, (path) =>
    path.includes('state=done')
      ? { items: [done], total: 1, lastRun: run }
      : { items: [], total: 0, lastRun: run },
  )
  expect(await screen.findByText(/Không đọc được: thư mục ghi âm/)).toBeTruthy()
  fireEvent.click(screen.getByRole('radio', { name: 'Đã xử lý' }))
  expect(await screen.findByText('Trần Văn Đức xử lý lúc 08:00: Gọi thử của kỹ thuật.')).toBeTruthy()
})
