import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JSX } from 'preact'
import { CallsPage } from '../../src/console/calls/calls-page.tsx'
import { RecordingsPage } from '../../src/console/recordings/recordings-page.tsx'
import { daysIn } from '../../src/console/state/address-days.ts'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { TicketListPage } from '../../src/console/tickets/list-page.tsx'
import { aCall, aRecording, aSnapshot, aTicket, openDesk } from './support.ts'

beforeEach(() => {
  history.replaceState(null, '', '/')
})
afterEach(() => {
  cleanup()
  now.value = 0
})

const A_CASE = {
  ...aTicket({ createdAt: '2026-02-01T18:00:00.000Z' }),
  ...{ title: 'Đèn đường', place: '', fieldName: null, reporterName: '', phoneDisplay: '', unseen: false },
}
const PAGES: [string, string, () => JSX.Element, object][] = [
  ['cases', 'tickets', TicketListPage, A_CASE],
  ['calls', 'calls', CallsPage, aCall({ startedAt: '2026-02-01T18:00:00.000Z' })],
  ['recordings', 'recordings', RecordingsPage, aRecording({ startedAt: '2026-02-01T18:00:00.000Z' })],
]

async function open(list: string, Page: () => JSX.Element, row: object, total = 1_001) {
  const asked: string[] = []
  const { desk, live } = await openDesk({
    role: 'supervisor',
    routes: {
      'GET /api/directory': () => ({ units: [], categories: [], areas: [] }),
      'GET /api/recordings/operators': () => [],
      [`GET /api/${list}`]: (_: unknown, path: string) => {
        asked.push(new URL(path, 'http://here').searchParams.toString())
        return { items: total === 0 ? [] : [row], total }
      },
    },
  })
  live().accept()
  live().say(aSnapshot())
  now.value = Date.parse('2026-03-02T01:10:00.000Z')
  history.replaceState(null, '', `/${list}${location.search}`)
  render(
    <ConsoleContext.Provider value={desk}>
      <Page />
    </ConsoleContext.Provider>,
  )
  await waitFor(() => {
    expect(asked).not.toEqual([])
  })
  return asked
}

const choose = (label: string, value: string): void => {
  fireEvent.input(screen.getByLabelText(label), { target: { value } })
}
const nextPage = () => screen.findByRole<HTMLButtonElement>('button', { name: 'Trang sau' })
const lastAsked = (asked: readonly string[]) => new URLSearchParams(asked.at(-1))

describe.each(PAGES)('the list of %s', (_name, list, Page, row) => {
  it('is of the days chosen, from its first page on, and keeps them in its address', async () => {
    const asked = await open(list, Page, row)
    fireEvent.click(await nextPage())
    await waitFor(() => {
      expect(lastAsked(asked).get('offset')).toBe('50')
    })
    choose('Đến ngày', '2026-02-20')
    await waitFor(() => {
      expect(lastAsked(asked).get('to')).toBe('2026-02-20')
    })
    expect(lastAsked(asked).get('offset')).toBe('0')
    choose('Từ ngày', '2026-02-01')
    await waitFor(() => {
      expect(lastAsked(asked).get('from')).toBe('2026-02-01')
    })
    expect(location.pathname + location.search).toBe(`/${list}?from=2026-02-01&to=2026-02-20`)
    choose('Từ ngày', '')
    choose('Đến ngày', '')
    expect(location.pathname + location.search).toBe(`/${list}`)
  })

  it('opens with the days of its address', async () => {
    history.replaceState(null, '', '/?to=2026-02-20')
    const asked = await open(list, Page, row)
    expect(lastAsked(asked).get('to')).toBe('2026-02-20')
    expect(screen.getByLabelText('Đến ngày')).toHaveProperty('value', '2026-02-20')
  })

  it('asks for nothing while the days are the wrong way round, and says so', async () => {
    history.replaceState(null, '', '/?to=2026-02-20')
    const asked = await open(list, Page, row)
    choose('Từ ngày', '2026-02-21')
    expect(await screen.findByText('Ngày cuối ở trước ngày đầu.')).toBeTruthy()
    choose('Từ ngày', '2026-02-19')
    await waitFor(() => {
      expect(lastAsked(asked).get('from')).toBe('2026-02-19')
    })
    expect(asked.join()).not.toContain('from=2026-02-21')
  })

  it('leads on from its last row where it ends at its bound', async () => {
    const asked = await open(list, Page, row)
    for (let first = 51; first <= 951; first += 50) {
      fireEvent.click(await nextPage())
      await screen.findByText(new RegExp(`^${String(first)}–`))
    }
    // 18:00 in Greenwich is the next day in the city.
    fireEvent.click(await screen.findByRole('button', { name: 'Xem cũ hơn, đến hết T2 02/02' }))
    await waitFor(() => {
      expect(lastAsked(asked).get('to')).toBe('2026-02-02')
    })
    expect(lastAsked(asked).get('offset')).toBe('0')
    expect(location.search).toBe('?to=2026-02-02')
  })

  it('says what to do when there is nothing of these days', async () => {
    history.replaceState(null, '', '/?to=2026-02-20')
    await open(list, Page, row, 0)
    const words = {
      tickets: /Không/,
      calls: 'Không có cuộc gọi nào trong những ngày này.',
      recordings: /Không có ghi âm nào/,
    }
    expect(await screen.findByText(words[list as keyof typeof words])).toBeTruthy()
  })
})

it.each([
  ['', '', ''],
  ['?from=2026-02-01&to=2026-02-03', '2026-02-01', '2026-02-03'],
  ['?to=yesterday', '', ''],
  ['?to=2026-02-03T01:00', '', ''],
])('an address with %j', (search, from, to) => {
  expect(daysIn(search)).toEqual({ from, to })
})
