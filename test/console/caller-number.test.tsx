import { cleanup, fireEvent, render, screen } from '@testing-library/preact'
import { afterEach, expect, it, vi } from 'vitest'
import { actionWords } from '../../src/console/audit/words.ts'
import { BoardPage } from '../../src/console/board/board-page.tsx'
import { CallerNumber } from '../../src/console/calls/caller-number.tsx'
import { CallsPage } from '../../src/console/calls/calls-page.tsx'
import { RecordingsPage } from '../../src/console/recordings/recordings-page.tsx'
import type { Console } from '../../src/console/state/console.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { notices } from '../../src/console/state/notices.ts'
import { aCall, aPresence, aRecording, aSnapshot, NUMBER, openDesk } from './support.ts'

const MASKED = '0950 ••• 777'
const SHOW = `Hiện số đầy đủ của ${MASKED}`
const COVER = `Ẩn lại số ${MASKED}`

afterEach(() => {
  cleanup()
  vi.useRealTimers()
  notices.value = []
})

const show = (desk: Console, what: preact.ComponentChildren) =>
  render(<ConsoleContext.Provider value={desk}>{what}</ConsoleContext.Provider>)

async function openMasked(routes: Parameters<typeof openDesk>[0] = {}) {
  let times = 0
  const opened = await openDesk({
    role: 'supervisor',
    routes: {
      'POST /api/calls/call-1/number': () => {
        times += 1
        return { number: NUMBER, reach: NUMBER }
      },
      ...routes.routes,
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot())
  return { ...opened, times: () => times }
}

it('R068: a masked number has a button that shows the whole, asked for each time, and gone with its row', async () => {
  const { desk, times } = await openMasked()
  const number = <CallerNumber callId="call-1" display={MASKED} isMasked />
  const { container, unmount } = show(desk, number)
  expect(screen.getByText('Hiện số')).toBeTruthy()
  const button = screen.getByRole('button', { name: SHOW })
  button.focus()
  fireEvent.click(button)
  await screen.findByText(NUMBER.display)
  // The same button covers it again: whoever works by keyboard is where they were.
  expect(document.activeElement).toBe(screen.getByRole('button', { name: COVER }))
  fireEvent.click(button)
  await screen.findByText(MASKED)
  expect(container.textContent).not.toContain(NUMBER.display)
  fireEvent.click(button)
  await screen.findByText(NUMBER.display)
  expect(times()).toBe(2)
  unmount()
  const again = show(desk, number)
  expect(again.container.textContent).toContain(MASKED)
  expect(again.container.textContent).not.toContain(NUMBER.display)
  expect(times()).toBe(2)
})

it('says what to do where it is refused, and goes on showing what was shown', async () => {
  const { desk } = await openMasked({
    routes: {
      'POST /api/calls/call-1/number': () => Response.json({ code: 'NUMBER_CONFIDENTIAL' }, { status: 403 }),
    },
  })
  const { container } = show(desk, <CallerNumber callId="call-1" display={MASKED} isMasked />)
  fireEvent.click(screen.getByRole('button', { name: SHOW }))
  await expect.poll(() => notices.value.map(({ text }) => text).join()).toContain('nhờ giám sát viên')
  expect(container.textContent).toContain(MASKED)
})

it('has no button where the number is whole or hidden', async () => {
  const { desk } = await openMasked()
  const whole = show(desk, <CallerNumber callId="call-1" display={NUMBER.display} isMasked={undefined} />)
  expect(whole.container.textContent).toBe(NUMBER.display)
  const hidden = show(desk, <CallerNumber callId="call-1" display="" isMasked={undefined} />)
  expect(hidden.container.textContent).toBe('Số ẩn')
  expect(screen.queryByRole('button')).toBeNull()
})

const masked = aCall({
  state: 'ended',
  number: { raw: '', e164: null, display: MASKED, kind: 'mobile', isMasked: true },
})
const operator = (callId: string) => ({
  personId: 5,
  name: 'Trần Quốc Tuấn',
  presence: aPresence({ state: 'onCall' }),
  call: {
    callId,
    state: 'talking',
    direction: 'in',
    display: MASKED,
    isMasked: true,
    since: masked.startedAt,
  },
  supervision: null,
})
const FLOOR = {
  at: masked.startedAt,
  waiting: 0,
  longestSince: null,
  today: { answered: 0, inTime: 0, abandoned: 0, diverted: 0 },
}

it.each([
  ['calls', <CallsPage />],
  ['recordings', <RecordingsPage />],
  ['board', <BoardPage />],
])('R068: the page of %s shows it in its row', async (_name, page) => {
  const { desk } = await openMasked({
    routes: {
      'GET /api/calls': () => ({ items: [masked], total: 1 }),
      'GET /api/recordings': () => ({
        items: [aRecording({ numberDisplay: MASKED, isNumberMasked: true, playable: false })],
        total: 1,
      }),
      'GET /api/recordings/operators': () => [],
      'GET /api/board': () => ({ ...FLOOR, operators: [operator('call-1')] }),
    },
  })
  const { container } = show(desk, page)
  fireEvent.click(await screen.findByRole('button', { name: SHOW }))
  await screen.findByText(NUMBER.display)
  expect(container.textContent).not.toContain(MASKED)
})

it('R068: on the board the next call of the same operator is masked again', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ['setInterval', 'clearInterval'] })
  let callId = 'call-1'
  const { desk } = await openMasked({
    routes: { 'GET /api/board': () => ({ ...FLOOR, operators: [operator(callId)] }) },
  })
  show(desk, <BoardPage />)
  fireEvent.click(await screen.findByRole('button', { name: SHOW }))
  await screen.findByText(NUMBER.display)
  callId = 'call-2'
  vi.advanceTimersByTime(1_000)
  await screen.findByText(MASKED)
  expect(screen.queryByText(NUMBER.display)).toBeNull()
})

it('R068: the audit page says in words that a number was shown', () => {
  expect(actionWords({ action: 'number.revealed', detail: '{}' })).toBe(
    'Xem số điện thoại đầy đủ của một cuộc gọi',
  )
})
