import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import { CalendarPage } from '../../src/console/calendar/calendar-page.tsx'
import { dateText, seasonText, weekdaysText } from '../../src/console/calendar/calendar-words.ts'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { speak } from '../../src/console/i18n/translate.ts'
import { language } from '../../src/console/state/preferences.ts'
import type { CalendarView, DueAnswer } from '../../src/deadlines/contract.ts'
import { aSnapshot, openDesk } from './support.ts'

const CITY: CalendarView = {
  id: 'city',
  name: 'Giờ hành chính thành phố',
  version: 'abc123def456',
  revision: { number: 1, at: '2026-01-02T01:00:00Z', origin: 'file', actorName: null, reason: 'Nhập từ tệp' },
  fileDiffers: false,
  firstYear: 2025,
  confirmedUntil: 2026,
  cityDays: false,
  seasons: [
    {
      name: 'Hè',
      from: '04-01',
      to: '09-30',
      weekdays: [1, 2, 3, 4, 5],
      hours: ['07:30-11:30', '13:30-17:30'],
    },
  ],
  exceptions: [
    { date: '2025-01-01', hours: [], why: 'Tết Dương lịch', confirmed: true },
    { date: '2026-02-16', hours: [], why: 'Tết Nguyên đán', confirmed: true },
    { date: '2026-08-22', hours: ['07:30-11:30'], why: 'Làm bù cho 31/8', confirmed: false },
    { date: '2027-01-01', hours: [], why: 'Tết Dương lịch', confirmed: false },
  ],
  units: [],
}
const DUTY: CalendarView = {
  ...CITY,
  id: 'truc-24-7',
  name: 'Trực 24/7',
  confirmedUntil: 2035,
  seasons: [
    { name: 'a', from: '01-01', to: '12-31', weekdays: [0, 1, 2, 3, 4, 5, 6], hours: ['00:00-24:00'] },
  ],
  exceptions: [],
  units: [{ id: 'cong-an', name: 'Công an thành phố' }],
}

afterEach(() => {
  cleanup()
  now.value = 0
  language.value = 'vi'
})

async function showPage(at: string, answerOf: (query: URLSearchParams) => DueAnswer | Response) {
  const queries: Record<string, string>[] = []
  const opened = await openDesk({
    role: 'admin',
    routes: {
      'GET /api/calendars': () => [CITY, DUTY],
      'GET /api/deadline': (_, path) => {
        const query = new URL(path, 'http://console').searchParams
        queries.push(Object.fromEntries(query))
        return answerOf(query)
      },
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot())
  now.value = Date.parse(at)
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <CalendarPage />
    </ConsoleContext.Provider>,
  )
  await screen.findByRole('heading', { name: CITY.name })
  return queries
}

const ANSWER: DueAnswer = {
  dueAt: '2026-03-09T09:45:00.000Z',
  minutes: 480,
  explanation: '08 giờ làm việc từ 16:45 T6 06/03 → 16:45 T2 09/03: 15 phút T6, 7 giờ 45 phút T2',
  calendarName: CITY.name,
}

describe('the working calendars', () => {
  it('are shown with their hours, who goes by them, and each year’s days with reasons', async () => {
    await showPage('2026-03-06T09:45:00Z', () => ANSWER)
    const city = screen.getByRole('region', { name: CITY.name })
    expect(within(city).getByText('Dùng cho mọi đơn vị không có lịch riêng.')).toBeTruthy()
    expect(within(city).getByText('Xác nhận đến hết 2026')).toBeTruthy()
    expect(within(city).getByText('01/04–30/09, T2–T6').nextSibling?.textContent).toBe(
      '07:30-11:30, 13:30-17:30',
    )
    const years = [...city.querySelectorAll('details')]
    expect(years.map((year) => [year.querySelector('summary')?.textContent, year.open])).toEqual([
      ['Năm 2026: 2 ngày', true],
      ['Năm 2025: 1 ngày', false],
      ['Năm 2027: 1 ngày, bản nháp, chưa dùng để tính', false],
    ])
    const rows = [...(years[0]?.querySelectorAll('tbody tr') ?? [])].map((row) =>
      [...row.children].map(({ textContent }) => textContent.trim()),
    )
    expect(rows).toEqual([
      ['T2 16/02', 'Nghỉ', 'Tết Nguyên đán'],
      ['T7 22/08', 'Làm 07:30-11:30', 'Làm bù cho 31/8 chưa có văn bản'],
    ])
    const duty = screen.getByRole('region', { name: DUTY.name })
    expect(within(duty).getByText('Dùng cho: Công an thành phố.')).toBeTruthy()
    expect(within(duty).getByText('Cả năm, tất cả các ngày')).toBeTruthy()
    expect(within(duty).getByText('Không nghỉ ngày nào từ 2025 đến hết 2035.')).toBeTruthy()
    expect(screen.queryByText(/^Chưa có lịch năm/)).toBeNull()
  })

  it('say in time that the next year is missing', async () => {
    await showPage('2026-11-02T01:00:00Z', () => ANSWER)
    expect(screen.getByText(/^Chưa có lịch năm 2027\. Hạn rơi vào năm đó để trống/)).toBeTruthy()
  })
})

describe('the form beside them', () => {
  it('asks from now on, by the city’s hours, and shows the answer', async () => {
    const queries = await showPage('2026-03-06T09:45:00Z', () => ANSWER)
    expect(screen.getByLabelText<HTMLInputElement>(/^Từ lúc/).value).toBe('2026-03-06T16:45')
    fireEvent.click(screen.getByRole('button', { name: 'Tính hạn' }))
    expect(await screen.findByText('Hạn 16:45, T2 09/03/2026')).toBeTruthy()
    expect(screen.getByText(ANSWER.explanation)).toBeTruthy()
    expect(screen.getByText(`Theo lịch: ${CITY.name}`)).toBeTruthy()
    expect(queries).toEqual([{ from: '2026-03-06T16:45', hours: '8', language: 'vi' }])
  })

  it('asks for days and half hours, in the page’s language', async () => {
    const queries = await showPage('2026-03-06T09:45:00Z', () => ANSWER)
    await speak('en')
    fireEvent.click(await screen.findByLabelText('Working days'))
    fireEvent.keyDown(screen.getByLabelText(/^How many days/), { key: 'Enter' })
    await expect.poll(() => queries.length).toBe(1)
    await screen.findByText(ANSWER.explanation)
    fireEvent.click(screen.getByLabelText('Working hours'))
    fireEvent.input(screen.getByLabelText(/^How many hours/), { target: { value: '0,5' } })
    fireEvent.click(screen.getByRole('button', { name: 'Work it out' }))
    await expect.poll(() => queries.length).toBe(2)
    expect(queries.map(({ days, hours, language: spoken }) => [days, hours, spoken])).toEqual([
      ['2', undefined, 'en'],
      [undefined, '0.5', 'en'],
    ])
  })

  it('does not ask what makes no sense, and says in words what the service refuses', async () => {
    const refused = { code: 'CALENDAR_ENDED', message: '', subject: '2027' }
    await showPage('2026-03-06T09:45:00Z', () => Response.json(refused, { status: 409 }))
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Tính hạn' })
    const amount = screen.getByLabelText(/^Số giờ/)
    for (const value of ['', '0', '-1', 'tám']) {
      fireEvent.input(amount, { target: { value } })
      expect({ value, disabled: button.disabled }).toEqual({ value, disabled: true })
    }
    fireEvent.input(amount, { target: { value: '8' } })
    fireEvent.click(button)
    expect(await within(screen.getByRole('status')).findByText(/^Chưa có lịch năm 2027/)).toBeTruthy()
  })
})

it('writes weekdays, seasons and days as people do', () => {
  expect(
    [
      [1, 2, 3, 4, 5],
      [0, 6],
      [1, 3, 4, 5],
      [0, 1, 2, 3, 4, 5, 6],
    ].map(weekdaysText),
  ).toEqual(['T2–T6', 'T7, CN', 'T2, T4–T6', 'tất cả các ngày'])
  expect([seasonText('01-01', '12-31'), seasonText('10-01', '03-31')]).toEqual(['Cả năm', '01/10–31/03'])
  expect(dateText('2026-02-16')).toBe('T2 16/02')
})
