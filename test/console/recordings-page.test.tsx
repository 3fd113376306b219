import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { RecordingsPage } from '../../src/console/recordings/recordings-page.tsx'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import type { RecordingView } from '../../src/recordings/contract.ts'
import { aRecording, aSnapshot, openDesk, waveOf } from './support.ts'

const ROWS = [
  aRecording({ id: 1 }),
  aRecording({ id: 2, state: 'missing', playable: false, durationMs: null, flags: ['notAtPbx'] }),
  aRecording({ id: 3, operatorName: 'Trần Quốc Tuấn', durationMs: 3_725_000 }),
]

let plays = 0

beforeEach(() => {
  history.replaceState(null, '', '/')
  plays = 0
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(() => {
    plays += 1
    return Promise.resolve()
  })
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  now.value = 0
})

async function showPage(rows: (query: URLSearchParams) => readonly RecordingView[] = () => ROWS) {
  const asked: string[] = []
  const waves: string[] = []
  const { desk, live } = await openDesk({
    role: 'supervisor',
    routes: {
      'GET /api/directory': () => ({
        units: [{ id: 'so-xay-dung', name: 'Sở Xây dựng', contacts: [] }],
        categories: [],
        areas: [],
      }),
      'GET /api/recordings': (_, path) => {
        const query = new URL(path, 'http://here').searchParams
        asked.push(query.toString())
        const items = rows(query)
        return { items, total: items.length }
      },
      'GET /api/recordings/operators': () => [{ id: 7, name: 'Trần Quốc Tuấn' }],
      ...Object.fromEntries<(_: unknown, path: string) => unknown>(
        [1, 3].flatMap((id) => [
          [
            `GET /api/recordings/${String(id)}/waveform`,
            (_: unknown, path: string) => {
              waves.push(path)
              return waveOf([
                [-9, 9],
                [-1, 1],
              ])
            },
          ],
          [`GET /api/recordings/${String(id)}/track`, () => ({ stretches: [], marks: [], notes: [] })],
        ]),
      ),
    },
  })
  live().accept()
  live().say(aSnapshot())
  now.value = Date.parse('2026-03-02T01:10:00.000Z')
  render(
    <ConsoleContext.Provider value={desk}>
      <RecordingsPage />
    </ConsoleContext.Provider>,
  )
  return { asked, waves }
}

const buttonOf = (index: number): HTMLElement => {
  const [button] = within(rows()[index] ?? document.body).getAllByRole('button')
  if (button === undefined) throw new Error('every row has a button')
  return button
}
const rows = () => screen.getAllByRole('listitem').filter((one) => one.className === 'recording')

it('shows each recording with a small waveform; one that is not there has none and says why', async () => {
  const { waves } = await showPage()
  await waitFor(() => {
    expect(document.querySelectorAll('.row-wave path')).toHaveLength(2)
  })
  expect(waves).toEqual([1, 3].map((id) => `/api/recordings/${String(id)}/waveform?points=160`))
  expect(rows()[1]?.textContent).toContain('Tổng đài không có tệp ghi âm này')
  expect(buttonOf(1).title).toBe('Không tìm thấy')
  expect(rows()[2]?.textContent).toContain('1:02:05')
})

it('is searched by days, words, operator, unit and length, all at once', async () => {
  const { asked } = await showPage()
  await screen.findAllByRole('option', { name: 'Trần Quốc Tuấn' })
  fireEvent.input(screen.getByLabelText('Tìm'), { target: { value: ' 0950 ' } })
  fireEvent.input(screen.getByLabelText('Từ ngày'), { target: { value: '2026-03-01' } })
  fireEvent.input(screen.getByLabelText('Đến ngày'), { target: { value: '2026-03-02' } })
  fireEvent.change(screen.getByLabelText('Điện thoại viên'), { target: { value: '7' } })
  fireEvent.change(screen.getByLabelText('Độ dài'), { target: { value: '60' } })
  const unit = screen.getByRole('combobox', { name: 'Đơn vị giữ phiếu' })
  fireEvent.focus(unit)
  fireEvent.input(unit, { target: { value: 'xay' } })
  fireEvent.keyDown(unit, { key: 'Enter' })
  await waitFor(() => {
    expect(asked.at(-1)).toBe(
      'q=0950&from=2026-03-01&to=2026-03-02&operatorId=7&unitId=so-xay-dung&minSeconds=60&offset=0&limit=50',
    )
  })
})

it('asks nothing for days the wrong way round, and says so', async () => {
  const { asked } = await showPage()
  await screen.findAllByRole('option', { name: 'Trần Quốc Tuấn' })
  fireEvent.input(screen.getByLabelText('Đến ngày'), { target: { value: '2026-03-01' } })
  await waitFor(() => {
    expect(asked.at(-1)).toContain('to=2026-03-01')
  })
  const before = asked.length
  fireEvent.input(screen.getByLabelText('Từ ngày'), { target: { value: '2026-03-05' } })
  await screen.findByText('Ngày cuối ở trước ngày đầu.')
  expect(asked).toHaveLength(before)
})

it('says that nothing was found, and clears the search with one click', async () => {
  const { asked } = await showPage((query) => (query.has('q') ? [] : ROWS))
  await screen.findAllByRole('option', { name: 'Trần Quốc Tuấn' })
  fireEvent.input(screen.getByLabelText('Tìm'), { target: { value: 'nobody' } })
  await screen.findByText('Không có ghi âm nào như vậy.')
  const [, inTheMiddle = document.body] = screen.getAllByRole('button', { name: 'Xóa điều kiện tìm' })
  fireEvent.click(inTheMiddle)
  await waitFor(() => {
    expect(rows()).toHaveLength(3)
  })
  expect(asked.at(-1)).toBe('offset=0&limit=50')
})

it('says what an empty archive waits for', async () => {
  await showPage(() => [])
  await screen.findByText('Không có ghi âm nào.')
  expect(screen.queryByRole('button', { name: 'Xóa điều kiện tìm' })).toBeNull()
})

it('is gone through by up and down, Enter plays, Escape closes and comes back to the row', async () => {
  await showPage()
  await waitFor(() => {
    expect(rows()).toHaveLength(3)
  })
  const here = (): number => rows().findIndex((row) => row.contains(document.activeElement))
  buttonOf(0).focus()
  const visited = ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp'].map((key) => {
    fireEvent.keyDown(document.activeElement ?? document.body, { key })
    return here()
  })
  expect(visited).toEqual([1, 2, 2, 1])
  fireEvent.click(buttonOf(1))
  expect(document.querySelector('audio')).toBeNull()
  fireEvent.click(buttonOf(2)) // what Enter does to a button
  await screen.findByRole('slider')
  expect(plays).toBe(1)
  expect(document.activeElement?.closest('.player-controls')).not.toBeNull()
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' })
  await waitFor(() => {
    expect(screen.queryByRole('slider')).toBeNull()
  })
  expect(document.activeElement).toBe(buttonOf(2))
})

it.each([
  [{ answered: false }, 'Không ai nghe máy'],
  [{ answered: true, training: true }, 'Máy nghe theo kịch bản'],
  [{ answered: true }, 'Không rõ ai nghe máy'],
])('says who took a call without an operator: %o', async (changes, words) => {
  await showPage(() => [aRecording({ operatorName: null, operatorId: null, ...changes })])
  expect(await screen.findByText(words)).toBeTruthy()
})
