import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Board, BoardOperator } from '../../src/board/contract.ts'
import type { SupervisionMode } from '../../src/supervision/contract.ts'
import { BoardPage } from '../../src/console/board/board-page.tsx'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { notices } from '../../src/console/state/notices.ts'
import { aPresence, aSnapshot, openDesk } from './support.ts'

const AT = '2026-03-02T01:00:00.000Z'

const operator = (changes: Partial<BoardOperator> = {}): BoardOperator => ({
  personId: 4,
  name: 'Đoàn Thị Ngát',
  presence: aPresence({ since: '2026-03-02T00:58:00.000Z' }),
  call: null,
  supervision: null,
  ...changes,
})
const TALKING = operator({
  personId: 5,
  name: 'Trần Quốc Tuấn',
  presence: aPresence({ state: 'onCall', since: '2026-03-02T00:59:15.000Z' }),
  call: { callId: 'c', state: 'held', direction: 'in', display: '0950 000 777', since: AT },
})
const LEFT = operator({ personId: 6, name: 'Lê Hoàng Lan', presence: aPresence({ state: 'offline' }) })

function aBoard(changes: Partial<Board> = {}): Board {
  return {
    at: AT,
    operators: [operator(), TALKING, LEFT],
    waiting: 2,
    longestSince: '2026-03-02T00:58:55.000Z',
    today: { answered: 8, inTime: 6, abandoned: 1, diverted: 1 },
    ...changes,
  }
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
  now.value = 0
  notices.value = []
})

async function showBoard(answer: () => unknown = aBoard) {
  const sent: unknown[] = []
  const supervised = (mode: SupervisionMode) =>
    aBoard({
      operators: [
        { ...TALKING, supervision: { supervisorId: 1, supervisorName: 'Nguyễn Thị Hạ', mode, since: AT } },
      ],
    })
  const opened = await openDesk({
    role: 'supervisor',
    routes: {
      'GET /api/board': answer,
      'POST /api/board/operators/4/pause': (body) => {
        sent.push(body)
        return aBoard({
          operators: [operator({ presence: aPresence({ state: 'paused', reason: 'meeting' }) })],
        })
      },
      'PUT /api/board/operators/5/supervision': (body) => {
        sent.push(body)
        return supervised((body as { mode: SupervisionMode }).mode)
      },
      'DELETE /api/board/supervision': () => {
        sent.push('left')
        return aBoard()
      },
      'POST /api/board/operators/4/sign-out': (body) => {
        sent.push(body)
        return Response.json({ code: 'OPERATOR_ON_A_CALL' }, { status: 409 })
      },
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot())
  now.value = Date.parse(AT)
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <BoardPage />
    </ConsoleContext.Provider>,
  )
  return { ...opened, sent }
}

const tile = async (name: string) => {
  const found = (await screen.findByRole('heading', { name })).closest('li')
  if (found === null) throw new Error('an operator has a tile')
  return found
}
const figure = (name: string) => screen.getByText(name).nextElementSibling?.firstElementChild?.textContent

it('R020: shows who does what since when, who waits, and how the day goes', async () => {
  await showBoard()
  const talking = await tile('Trần Quốc Tuấn')
  expect(talking.textContent).toContain('Đang có cuộc gọi')
  expect(talking.textContent).toContain('0:45')
  expect(talking.textContent).toContain('0950 000 777')
  expect(talking.textContent).toContain('Giữ máy')
  expect((await tile('Đoàn Thị Ngát')).textContent).toContain('Sẵn sàng2:00')
  expect(screen.getByText('Ngoài ca: Lê Hoàng Lan')).toBeTruthy()
  expect(['Đang chờ', 'Chờ lâu nhất', 'Nghe máy trong 20 giây', 'Bỏ máy hôm nay'].map(figure)).toEqual([
    '2',
    '1:05',
    '60%',
    '1',
  ])
})

it('says so when nobody is there and nothing has happened yet', async () => {
  await showBoard(() =>
    aBoard({
      operators: [LEFT],
      waiting: 0,
      longestSince: null,
      today: { answered: 0, inTime: 0, abandoned: 0, diverted: 0 },
    }),
  )
  await screen.findByText('Chưa có ai trong ca.')
  expect(['Chờ lâu nhất', 'Nghe máy trong 20 giây'].map(figure)).toEqual(['–', '–'])
})

it('is asked again each second, and keeps what it knew while no answer comes', async () => {
  let asked = 0
  await showBoard(() => {
    asked += 1
    if (asked > 1 && asked < 4) throw new TypeError('no network')
    return aBoard({ waiting: asked })
  })
  await tile('Trần Quốc Tuấn')
  await vi.advanceTimersByTimeAsync(1_000)
  expect((await screen.findByRole('alert')).textContent).toContain('Chưa cập nhật được')
  expect(figure('Đang chờ')).toBe('1')
  await vi.advanceTimersByTimeAsync(2_000)
  await vi.waitFor(() => {
    expect(screen.queryByRole('alert')).toBeNull()
  })
  expect(Number(figure('Đang chờ'))).toBeGreaterThanOrEqual(4)
})

it('pauses somebody with a reason in words', async () => {
  const { sent } = await showBoard()
  fireEvent.click(within(await tile('Đoàn Thị Ngát')).getByRole('button', { name: 'Tạm dừng Đoàn Thị Ngát' }))
  const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Tạm dừng' })
  fireEvent.input(screen.getByLabelText(/^Lý do/), { target: { value: ' x ' } })
  expect(button.disabled).toBe(true)
  fireEvent.change(screen.getByLabelText('Tạm dừng với lý do'), { target: { value: 'meeting' } })
  fireEvent.input(screen.getByLabelText(/^Lý do/), { target: { value: 'Họp giao ban' } })
  fireEvent.click(button)
  await screen.findByText('Tạm dừng: Họp')
  expect(sent).toEqual([{ reason: 'meeting', words: 'Họp giao ban' }])
})

it('offers no sign-out in a call, and says why one was refused', async () => {
  await showBoard()
  const talking = within(await tile('Trần Quốc Tuấn'))
  expect(talking.queryByRole('button', { name: /^Đưa ra khỏi ca/ })).toBeNull()
  fireEvent.click(
    within(await tile('Đoàn Thị Ngát')).getByRole('button', { name: 'Đưa ra khỏi ca: Đoàn Thị Ngát' }),
  )
  fireEvent.input(screen.getByLabelText(/^Lý do/), { target: { value: 'Hết ca' } })
  fireEvent.click(screen.getByRole('button', { name: 'Đưa ra khỏi ca' }))
  await vi.waitFor(() => {
    expect(notices.value.at(-1)?.text).toContain('đang nói chuyện với người dân')
  })
})

it('tells the operator who paused them, and why', async () => {
  const { live } = await showBoard()
  live().say({ type: 'steered', what: 'paused', by: 'Trần Văn Đức', words: 'Tai nghe hỏng' })
  expect(notices.value.at(-1)).toMatchObject({
    tone: 'bad',
    text: 'Trần Văn Đức đã chuyển bạn sang tạm dừng: Tai nghe hỏng',
  })
})

it('listens to a talk, whispers, barges in and leaves', async () => {
  const { sent } = await showBoard()
  fireEvent.click(
    within(await tile('Trần Quốc Tuấn')).getByRole('button', { name: 'Nghe cuộc gọi của Trần Quốc Tuấn' }),
  )
  const modes = await screen.findByRole('group', { name: 'Tham gia cuộc gọi của Trần Quốc Tuấn' })
  expect(within(modes).getByRole('button', { name: 'Nghe' }).getAttribute('aria-pressed')).toBe('true')
  for (const [name, mode] of [
    ['Nhắc', 'whisper'],
    ['Cùng nói', 'barge'],
  ] as const) {
    fireEvent.click(within(modes).getByRole('button', { name }))
    await vi.waitFor(() => {
      expect(within(modes).getByRole('button', { name }).getAttribute('aria-pressed')).toBe('true')
    })
    expect(sent.at(-1)).toEqual({ mode })
  }
  fireEvent.click(within(modes).getByRole('button', { name: 'Rời cuộc gọi' }))
  await vi.waitFor(() => {
    expect(screen.queryByRole('group', { name: /^Tham gia cuộc gọi/ })).toBeNull()
  })
  expect(sent).toEqual([{ mode: 'listen' }, { mode: 'whisper' }, { mode: 'barge' }, 'left'])
})

it('offers listening in a talk alone, says that one’s phone rings, and who else listens', async () => {
  const waiting = { supervisorId: 1, supervisorName: 'Nguyễn Thị Hạ', mode: 'listen', since: null } as const
  const other = { supervisorId: 9, supervisorName: 'Trần Văn Đức', mode: 'whisper', since: AT } as const
  await showBoard(() =>
    aBoard({ operators: [operator({ supervision: other }), { ...TALKING, supervision: waiting }] }),
  )
  const talking = await tile('Trần Quốc Tuấn')
  expect(talking.textContent).toContain('Điện thoại của bạn đang đổ chuông')
  const free = await tile('Đoàn Thị Ngát')
  expect(free.textContent).toContain('Trần Văn Đức đang nhắc')
  expect(within(free).queryByRole('button', { name: /Nghe/ })).toBeNull()
})
