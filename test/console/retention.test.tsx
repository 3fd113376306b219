import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, expect, it } from 'vitest'
import type { Role } from '../../src/accounts/contract.ts'
import { App } from '../../src/console/app.tsx'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { navigate } from '../../src/console/state/route.ts'
import type { RetentionView, SubjectRequest } from '../../src/retention/contract.ts'
import { aSnapshot, openDesk } from './support.ts'

/** 08:00 in the city. */
const AT = '2026-03-02T01:00:00.000Z'
const REASON = 'Công văn 12/CA ngày 02/03'

const recording = (id: number) => ({
  id,
  kind: 'main' as const,
  startedAt: '2021-03-05T02:00:00.000Z',
  durationMs: 65_000,
  sizeBytes: 2_000_000,
  ticketCode: 'HP26-000007',
})

const EMPTY: RetentionView = {
  rules: [{ kind: 'main', days: null, basis: null }],
  lastRun: null,
  next: { total: 0, byKind: [], items: [] },
  archive: {
    days: null,
    basis: null,
    originals: { count: 0, sizeBytes: 0 },
    copies: { count: 0, sizeBytes: 0 },
    announced: { count: 0, sizeBytes: 0 },
    unfit: 0,
  },
  holds: [],
  requests: [],
  deleted: { total: 0, items: [] },
}

const FULL: RetentionView = {
  rules: [
    { kind: 'main', days: 1825, basis: 'Điều 10.1 Quy chế' },
    { kind: 'voicemail', days: null, basis: null },
  ],
  archive: {
    days: 365,
    basis: 'Điều 10.1 Quy chế',
    originals: { count: 40, sizeBytes: 80_000_000 },
    copies: { count: 38, sizeBytes: 7_600_000 },
    announced: { count: 3, sizeBytes: 6_000_000 },
    unfit: 1,
  },
  lastRun: { at: AT, announced: 2, deleted: 5, blocked: [{ blocker: 'caseOpen', count: 3 }], failed: 1 },
  next: {
    total: 2,
    byKind: [{ kind: 'main', count: 2, sizeBytes: 4_000_000 }],
    items: [
      { recording: recording(7), dueAt: '2026-03-05T02:00:00.000Z', blockers: [] },
      { recording: recording(8), dueAt: '2026-03-06T02:00:00.000Z', blockers: ['held'] },
    ],
  },
  holds: [
    {
      id: 4,
      recordingId: null,
      ticketCode: 'HP26-000009',
      reason: REASON,
      setByName: 'Trần Văn Đức',
      setAt: AT,
      liftedByName: null,
      liftedAt: null,
      liftReason: null,
    },
  ],
  requests: [
    {
      id: 3,
      revision: 1,
      state: 'requested',
      recording: recording(9),
      cause: 'early',
      reason: 'Cuộc gọi nhầm máy',
      askedByName: 'Trần Văn Đức',
      askedAt: AT,
      decidedByName: null,
      decidedAt: null,
      endReason: null,
      blockers: [],
      actions: ['approve', 'refuse'],
    },
  ],
  deleted: {
    total: 1,
    items: [
      {
        recording: recording(2),
        cause: 'rule',
        days: 1825,
        basis: 'Điều 10.1 Quy chế',
        deletedAt: AT,
        removedAt: AT,
      },
    ],
  },
}

const ERASURE: SubjectRequest = {
  id: 1,
  kind: 'erasure',
  numberEnd: '777',
  identity: 'Xem căn cước tại quầy',
  madeByName: 'Trần Văn Đức',
  madeAt: AT,
  counts: { cases: 1, calls: 2, recordings: 2 },
  asked: [5],
  outcomes: [{ state: 'requested', count: 1 }],
  kept: [{ why: 'caseRecord', article: 'Quy chế, Điều 10.1', recordingIds: [6] }],
}

afterEach(() => {
  cleanup()
  now.value = 0
  navigate('/')
})

async function showPage(role: Role, view: RetentionView, requests: readonly SubjectRequest[] = []) {
  const sent: [string, unknown][] = []
  const note = (path: string, answer: unknown) => (body: unknown) => {
    sent.push([path, body])
    return answer
  }
  const opened = await openDesk({
    role,
    routes: {
      'GET /api/retention': () => view,
      'GET /api/personal-data': () => requests,
      'POST /api/personal-data': note('personal-data', ERASURE),
      'POST /api/retention/holds': note('holds', FULL.holds[0]),
      'POST /api/retention/holds/4/lift': note('lift', FULL.holds[0]),
      'POST /api/deletions/3/approve': note('approve', FULL.requests[0]),
      'POST /api/deletions/3/refuse': note('refuse', FULL.requests[0]),
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot({ presence: null }))
  now.value = Date.parse(AT)
  navigate('/retention')
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <App />
    </ConsoleContext.Provider>,
  )
  await act(async () => undefined)
  return { ...opened, sent }
}

async function giveReason(button: string): Promise<void> {
  const dialog = within(await screen.findByRole('dialog'))
  const save = dialog.getByRole('button', { name: button })
  expect(save).toHaveProperty('disabled', true)
  fireEvent.input(dialog.getByRole('textbox'), { target: { value: REASON } })
  fireEvent.click(save)
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull()
}

it('R060: counts originals and copies, and says what of the originals goes next', async () => {
  await showPage('supervisor', FULL)
  const archive = within(await screen.findByRole('region', { name: 'Bản gốc và bản lưu trữ' }))
  archive.getByText(/Bản gốc: 40 \(80 MB\)\. Bản lưu trữ Opus: 38 \(7,6 MB\)\. 1 bản chưa có/)
  archive.getByText(/Giữ bản gốc 365 ngày\. .*sẽ bỏ 3 bản gốc \(6 MB\)/)
})

it('says so where there is no rule, nothing to go, nothing held and nothing asked', async () => {
  await showPage('supervisor', EMPTY)
  for (const words of [
    'Không có ghi âm nào sắp hết thời hạn lưu.',
    'Không giữ bản ghi âm nào.',
    'Không có đề nghị nào.',
    'Chưa có yêu cầu nào.',
    /lưu mãi, vì chưa có quy tắc/,
    /chưa chạy lần nào/,
  ])
    expect(await screen.findByText(words)).toBeTruthy()
})

it('R059: shows rules, what goes next, what keeps the rest and what went', async () => {
  await showPage('supervisor', FULL)
  expect(await screen.findByText(/1825 ngày. Điều 10.1 Quy chế/, { selector: 'li' })).toBeTruthy()
  expect(screen.getByText(/cuộc gọi đến: 2 bản ghi âm/)).toBeTruthy()
  expect(screen.getByText(/Sẽ xóa từ T5 05\/03/)).toBeTruthy()
  expect(screen.getByText('Chưa xóa được: đang giữ làm chứng cứ.')).toBeTruthy()
  expect(screen.getByText(/phiếu chưa kết thúc \(3\)/)).toBeTruthy()
  expect(screen.getByText(/1 tệp chưa xóa được/)).toBeTruthy()
  expect(screen.getByText('Đã xóa 1 bản ghi âm')).toBeTruthy()
})

it('R105: holds a recording, a case and lifts a hold, each with words', async () => {
  const { sent } = await showPage('supervisor', FULL)
  // What is held already has no such button.
  const holds = await screen.findAllByRole('button', { name: /^Giữ lại làm chứng cứ: / })
  expect(holds).toHaveLength(1)
  fireEvent.click(holds[0] as HTMLElement)
  await giveReason('Giữ lại làm chứng cứ')
  fireEvent.input(screen.getByLabelText('Mã phiếu'), { target: { value: ' hp26-000012 ' } })
  fireEvent.click(screen.getByRole('button', { name: 'Giữ mọi ghi âm của phiếu' }))
  await giveReason('Giữ lại làm chứng cứ')
  fireEvent.click(screen.getByRole('button', { name: /^Thôi giữ: mọi ghi âm của phiếu HP26-000009/ }))
  await giveReason('Thôi giữ')
  expect(sent).toEqual([
    ['holds', { recordingId: 7, reason: REASON }],
    ['holds', { ticketCode: 'HP26-000012', reason: REASON }],
    ['lift', { reason: REASON }],
  ])
})

it('R105: those in force stand under their heading, those lifted are folded away', async () => {
  const [hold] = FULL.holds
  if (hold === undefined) throw new Error('no hold')
  const lifted = {
    ...hold,
    id: 5,
    ticketCode: 'HP26-000010',
    liftedAt: AT,
    liftReason: REASON,
    liftedByName: 'Lan',
  }
  await showPage('supervisor', { ...EMPTY, holds: [lifted] })
  expect(await screen.findByText('Không giữ bản ghi âm nào.')).toBeTruthy()
  const summary = screen.getByText('Đã thôi giữ (1)')
  expect(summary.closest('details')?.open).toBe(false)
  expect(within(summary.closest('details') as HTMLElement).getByText(/HP26-000010/)).toBeTruthy()
})

it('R068: lets a second person agree or refuse, and only what the server lets them', async () => {
  const { sent } = await showPage('admin', FULL)
  expect(screen.queryByRole('button', { name: 'Rút đề nghị' })).toBeNull()
  fireEvent.click(await screen.findByRole('button', { name: 'Đồng ý, xóa ngay' }))
  await expect.poll(() => sent).toHaveLength(1)
  fireEvent.click(screen.getByRole('button', { name: 'Không đồng ý' }))
  await giveReason('Không đồng ý')
  expect(sent).toEqual([
    ['approve', { revision: 1 }],
    ['refuse', { revision: 1, reason: REASON }],
  ])
})

it('Law 91/2025: takes a request of a citizen, and says what stays by which article', async () => {
  const access = { ...ERASURE, id: 2, kind: 'access' as const, asked: [], outcomes: [], kept: [] }
  const { sent } = await showPage('supervisor', EMPTY, [access, ERASURE])
  expect(await screen.findByText(/Giữ lại 1 bản ghi âm: .* Quy chế, Điều 10.1/)).toBeTruthy()
  expect(screen.getByRole('link', { name: /Tải tệp/ }).getAttribute('href')).toBe('/api/personal-data/2/file')
  const take = screen.getByRole('button', { name: 'Tiếp nhận yêu cầu' })
  expect(take).toHaveProperty('disabled', true)
  fireEvent.click(screen.getByRole('radio', { name: 'Xóa dữ liệu' }))
  fireEvent.input(screen.getByLabelText(/Số điện thoại của người yêu cầu/), {
    target: { value: '0950 000 777' },
  })
  fireEvent.input(screen.getByLabelText(/Đã xác minh danh tính/), { target: { value: REASON } })
  fireEvent.click(take)
  await expect
    .poll(() => sent)
    .toEqual([['personal-data', { kind: 'erasure', number: '0950 000 777', identity: REASON }]])
})

it('Law 91/2025: an erasure says how far each of its recordings is, and of none nothing', async () => {
  const outcomes = [
    { state: 'requested' as const, count: 1 },
    { state: 'approved' as const, count: 2 },
    { state: 'refused' as const, count: 3 },
  ]
  await showPage('supervisor', EMPTY, [
    { ...ERASURE, outcomes },
    { ...ERASURE, id: 2, asked: [], outcomes: [] },
  ])
  expect(await screen.findByText('1 bản ghi âm được đề nghị xóa, chờ người thứ hai.')).toBeTruthy()
  expect(screen.getByText('2 bản ghi âm đã xóa.')).toBeTruthy()
  expect(screen.getByText(/^3 bản ghi âm được giữ lại/)).toBeTruthy()
  expect(screen.queryByText(/^0 /)).toBeNull()
})

it('is no page for an operator', async () => {
  const { asked } = await showPage('operator', FULL)
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Không có trang này.')
  expect(asked.some(({ request }) => request.includes('retention'))).toBe(false)
})

it('Đ12.1: what citizens ask about their data is not for an admin, who does not read every case', async () => {
  const { asked } = await showPage('admin', EMPTY)
  await screen.findByText('Không có đề nghị nào.')
  expect(screen.queryByRole('button', { name: 'Tiếp nhận yêu cầu' })).toBeNull()
  expect(asked.some(({ request }) => request.includes('personal-data'))).toBe(false)
})
