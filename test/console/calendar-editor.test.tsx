import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import { CalendarPage } from '../../src/console/calendar/calendar-page.tsx'
import {
  areHours,
  faceOf,
  hoursOfText,
  lacksTet,
  monthDayOfText,
  monthsOf,
  withConfirmedYear,
  withDay,
  withNewYear,
} from '../../src/console/calendar/calendar-draft.ts'
import { calendarDraft } from '../../src/console/state/calendar-drafts.ts'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import type {
  CalendarHistory,
  CalendarPreview,
  CalendarTable,
  CalendarView,
} from '../../src/deadlines/contract.ts'
import { aSnapshot, memoryStorage, openDesk } from './support.ts'

const HOURS = ['07:30-11:30', '13:00-17:00']
const SEASON = { name: 'Cả năm', from: '01-01', to: '12-31', weekdays: [1, 2, 3, 4, 5], hours: HOURS }
const TABLE: CalendarTable = {
  name: 'Giờ thành phố',
  firstYear: 2026,
  confirmedUntil: 2026,
  seasons: [SEASON],
  exceptions: [
    { date: '2026-01-01', off: true, why: 'Tết Dương lịch' },
    { date: '2026-01-10', hours: HOURS, why: 'Làm bù cho 02/01' },
  ],
}
const CITY: CalendarView = {
  id: 'city',
  name: TABLE.name,
  version: 'abc',
  revision: { number: 3, at: '2026-01-02T01:00:00Z', origin: 'edit', actorName: 'Ước', reason: 'QĐ 1' },
  fileDiffers: false,
  firstYear: 2026,
  confirmedUntil: 2026,
  cityDays: false,
  seasons: [SEASON],
  exceptions: [
    { date: '2026-01-01', hours: [], why: 'Tết Dương lịch', confirmed: true },
    { date: '2026-01-10', hours: HOURS, why: 'Làm bù cho 02/01', confirmed: true },
  ],
  units: [],
}
const EFFECT: CalendarPreview = {
  problems: [],
  differences: [{ what: 'dayAdded', day: { date: '2026-03-09', hours: [], why: 'Giỗ Tổ', confirmed: true } }],
  recount: {
    open: 120,
    changed: 41,
    earlier: 0,
    later: 41,
    overdue: 0,
    undated: 0,
    dated: 0,
    first: [
      {
        code: 'HP26-000004',
        kind: 'officer',
        oldDueAt: '2026-03-09T09:00:00Z',
        newDueAt: '2026-03-10T09:00:00Z',
        overdue: false,
      },
    ],
  },
}
const HISTORY: CalendarHistory = [
  { ...CITY.revision, differences: EFFECT.differences },
  {
    number: 1,
    at: '2026-01-01T01:00:00Z',
    origin: 'file',
    actorName: null,
    reason: 'Nhập từ tệp',
    differences: [],
  },
]

afterEach(() => {
  cleanup()
  now.value = 0
})

async function showPage(
  options: {
    role?: 'admin' | 'supervisor'
    preview?: () => unknown
    save?: () => unknown
    view?: Partial<CalendarView>
    tabStorage?: Storage
  } = {},
) {
  const sent: { method: string; path: string; body: unknown }[] = []
  const keep = (method: string, answer: () => unknown) => (body: unknown, path: string) => {
    sent.push({ method, path, body })
    return answer()
  }
  const tabStorage = options.tabStorage ?? memoryStorage()
  const opened = await openDesk({
    tabStorage,
    role: options.role ?? 'admin',
    routes: {
      'GET /api/calendars': () => [{ ...CITY, ...options.view }],
      'GET /api/calendars/city/versions': () => HISTORY,
      'GET /api/calendars/city/versions/3': () => ({ revision: CITY.revision, table: TABLE }),
      'GET /api/calendars/city/versions/1': () => ({
        revision: HISTORY[1],
        table: { ...TABLE, exceptions: [] },
      }),
      'POST /api/calendars/city/preview': keep('preview', options.preview ?? (() => EFFECT)),
      'PUT /api/calendars/city': keep(
        'save',
        options.save ?? (() => ({ revision: { ...CITY.revision, number: 4 }, changed: 41, behind: false })),
      ),
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot())
  now.value = Date.parse('2026-03-06T09:45:00Z')
  const page = (
    <ConsoleContext.Provider value={opened.desk}>
      <CalendarPage />
    </ConsoleContext.Provider>
  )
  const shown = render(page)
  await screen.findByRole('heading', { name: CITY.name })
  return { sent, shown, page, desk: opened.desk, tabStorage }
}
const edit = async () => {
  fireEvent.click(screen.getByRole('button', { name: /^Sửa lịch/ }))
  await screen.findByRole('heading', { name: `Sửa: ${CITY.name}` })
}
const day = (name: RegExp) =>
  within(screen.getByRole('group', { name: /^Các ngày của năm/ })).getByRole('button', { name })
/** Would the browser ask before it closes the tab? */
const holdsTab = () => {
  const leaving = new Event('beforeunload', { cancelable: true })
  window.dispatchEvent(leaving)
  return leaving.defaultPrevented
}
const said = (name: RegExp) => day(name).querySelector('.hidden')?.textContent
const takeOff = (why = 'Giỗ Tổ') => {
  fireEvent.click(day(/^T2 09\/03:/))
  fireEvent.input(screen.getByLabelText(/^Lý do/), { target: { value: why } })
  fireEvent.click(screen.getByRole('button', { name: 'Đổi ngày này' }))
}
const click = (name: string | RegExp) => {
  fireEvent.click(screen.getByRole('button', { name }))
}
const dayHours = () => within(screen.getByRole('dialog')).getByLabelText(/^Giờ làm việc/)
const isOff = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name }).disabled

describe('a calendar being edited', () => {
  it('is shown as a year of named days, and a click makes one a day off', async () => {
    await showPage()
    await edit()
    expect(said(/^T5 01\/01:/)).toBe('T5 01/01: Nghỉ, Tết Dương lịch')
    expect(said(/^T7 10\/01:/)).toBe('T7 10/01: Làm bù 07:30-11:30, 13:00-17:00, Làm bù cho 02/01')
    expect(said(/^CN 08\/03:/)).toBe('CN 08/03: Nghỉ hằng tuần')
    takeOff()
    expect(said(/^T2 09\/03:/)).toBe('T2 09/03: Nghỉ, Giỗ Tổ')
    expect(screen.getByText('chưa lưu')).toBeTruthy()
  })

  it('is walked by arrow keys: one day is in the tab order', async () => {
    await showPage()
    await edit()
    const today = day(/^T6 06\/03:/)
    expect([...document.querySelectorAll('.year-grid [tabindex="0"]')]).toEqual([today])
    today.focus()
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) {
      const focused = document.activeElement
      if (focused !== null) fireEvent.keyDown(focused, { key })
    }
    expect(document.activeElement?.getAttribute('data-date')).toBe('2026-03-15')
  })

  it('names at the field what a day lacks, and closes only when it is whole', async () => {
    await showPage()
    await edit()
    fireEvent.click(day(/^T7 14\/03:/))
    fireEvent.input(dayHours(), { target: { value: '8h-7h' } })
    click('Đổi ngày này')
    expect(dayHours().getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByText(/^Ghi các khoảng giờ theo thứ tự/)).toBeTruthy()
    expect(screen.getByText(/^Hãy ghi lý do/)).toBeTruthy()
    fireEvent.input(dayHours(), { target: { value: '7h30-11h30' } })
    fireEvent.input(screen.getByLabelText(/^Lý do/), { target: { value: 'Làm bù' } })
    click('Đổi ngày này')
    expect(said(/^T7 14\/03:/)).toBe('T7 14/03: Làm bù 07:30-11:30, Làm bù')
  })

  it('is saved only after its effect was seen, with a reason and on top of the version it began with', async () => {
    const { sent, desk } = await showPage()
    await edit()
    expect(screen.getByText('Chưa có gì thay đổi.')).toBeTruthy()
    takeOff()
    expect(isOff('Lưu phiên bản mới')).toBe(true)
    click('Xem trước')
    expect(await screen.findByText(/41 trên 120 hạn thay đổi, 0 sớm hơn, 41 muộn hơn/)).toBeTruthy()
    expect(screen.getByText('Thêm T2 09/03/2026: Nghỉ, Giỗ Tổ')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'HP26-000004' })).toBeTruthy()
    click('Lưu phiên bản mới')
    expect(await screen.findByText(/^Hãy ghi văn bản làm căn cứ/)).toBeTruthy()
    fireEvent.input(screen.getByLabelText(/^Căn cứ/), { target: { value: '12729/VPCP-KGVX' } })
    click('Lưu phiên bản mới')
    await screen.findByRole('button', { name: /^Sửa lịch/ })
    const table = withDay(TABLE, '2026-03-09', { off: true, why: 'Giỗ Tổ' })
    expect(sent).toEqual([
      { method: 'preview', path: '/api/calendars/city/preview', body: { base: 3, table } },
      { method: 'save', path: '/api/calendars/city', body: { base: 3, table, reason: '12729/VPCP-KGVX' } },
    ])
    expect(calendarDraft(desk.words, 'city')).toBeUndefined()
  })

  it('is there again when the page was loaded anew, and may be thrown away', async () => {
    const { tabStorage } = await showPage()
    await edit()
    takeOff('Giỗ Tổ')
    cleanup()
    const again = await showPage({ tabStorage })
    fireEvent.click(screen.getByRole('button', { name: /^Sửa tiếp bản chưa lưu/ }))
    expect(await screen.findByText('Đã khôi phục bản nháp.')).toBeTruthy()
    expect(said(/^T2 09\/03:/)).toContain('Giỗ Tổ')
    click('Bỏ bản nháp')
    await screen.findByRole('button', { name: /^Sửa lịch/ })
    expect(calendarDraft(again.desk.words, 'city')).toBeUndefined()
  })

  it('wants to be looked at again when it was changed after the preview', async () => {
    await showPage()
    await edit()
    takeOff()
    click('Xem trước')
    await screen.findByText(/41 trên 120/)
    takeOff('Lễ hội')
    expect(screen.queryByText(/41 trên 120/)).toBeNull()
    expect(isOff('Lưu phiên bản mới')).toBe(true)
  })

  it('says where it is wrong, hours in their row and days above', async () => {
    await showPage({
      preview: () => ({
        problems: [
          {
            calendarId: 'city',
            place: 'seasons[0]',
            code: 'hoursInverted',
            values: { name: 'Cả năm', text: '17:00-07:30' },
          },
          {
            calendarId: 'city',
            place: 'exceptions[2]',
            code: 'outsideYears',
            values: { date: '2023-03-09', first: 2026, last: 2026 },
          },
        ],
        differences: [],
        recount: null,
      }),
    })
    await edit()
    takeOff()
    click('Xem trước')
    expect((await screen.findByRole('alert')).textContent).toContain(
      'T5 09/03/2023: ngày này không thuộc năm nào của lịch (từ 2026 đến 2026)',
    )
    const row = screen.getByRole('group', { name: 'Cả năm' })
    expect(within(row).getByText(/^“17:00-07:30” kết thúc trước khi bắt đầu/)).toBeTruthy()
    expect(isOff('Lưu phiên bản mới')).toBe(true)
  })

  it('is kept while its author looks at another page, and until it is discarded', async () => {
    const { shown, page } = await showPage()
    await edit()
    takeOff()
    shown.unmount()
    render(page)
    expect(await screen.findByText('Sửa tiếp bản chưa lưu')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /^Sửa tiếp/ }))
    await screen.findByRole('heading', { name: `Sửa: ${CITY.name}` })
    expect(said(/^T2 09\/03:/)).toBe('T2 09/03: Nghỉ, Giỗ Tổ')
    await waitFor(() => {
      expect(holdsTab()).toBe(true)
    })
    click('Bỏ các thay đổi và quay lại')
    expect(await screen.findByText('Sửa lịch')).toBeTruthy()
    await waitFor(() => {
      expect(holdsTab()).toBe(false)
    })
  })

  it('is put on top of what another admin saved meanwhile, when its author says so', async () => {
    await showPage({
      preview: () => Response.json({ code: 'CALENDAR_CHANGED', message: '', subject: '4' }, { status: 409 }),
    })
    await edit()
    takeOff()
    click('Xem trước')
    expect((await screen.findByRole('alert')).textContent).toContain('Có người vừa lưu phiên bản khác')
    click('Giữ phần tôi sửa, đặt lên phiên bản mới')
    await waitFor(() => {
      expect(screen.queryByRole('alert')).toBeNull()
    })
    expect(said(/^T2 09\/03:/)).toBe('T2 09/03: Nghỉ, Giỗ Tổ')
  })

  it('shows names as text, whatever they look like', async () => {
    await showPage()
    await edit()
    takeOff('<img src=x onerror=alert(1)>')
    expect(document.querySelector('main img')).toBeNull()
    expect(said(/^T2 09\/03:/)).toBe('T2 09/03: Nghỉ, <img src=x onerror=alert(1)>')
  })

  it('has a new year filled in with the fixed holidays, which is confirmed when Tết is there', async () => {
    await showPage()
    await edit()
    click('Thêm năm 2027')
    expect(await screen.findByText(/^Năm 2027 chưa được xác nhận/)).toBeTruthy()
    expect(screen.getByText(/^Năm 2027 chưa có ngày nghỉ Tết/)).toBeTruthy()
    expect(said(/^T6 01\/01:/)).toBe('T6 01/01: Nghỉ, Tết Dương lịch, chưa có văn bản')
    click('Xác nhận năm 2027')
    expect(said(/^T6 01\/01:/)).toBe('T6 01/01: Nghỉ, Tết Dương lịch')
    expect(screen.getByRole('button', { name: 'Bỏ xác nhận năm 2027' })).toBeTruthy()
  })
})

describe('the versions of a calendar', () => {
  it('tell who changed what by which paper, and an older one is taken up as a new one', async () => {
    await showPage()
    click(/^Lịch sử/)
    expect(await screen.findByText('Thêm T2 09/03/2026: Nghỉ, Giỗ Tổ')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Dùng lại phiên bản 3' })).toBeNull()
    click('Dùng lại phiên bản 1')
    await screen.findByRole('heading', { name: `Sửa: ${CITY.name}` })
    expect(said(/^T5 01\/01:/)).toContain('Làm 07:30-11:30')
    expect(screen.getByLabelText<HTMLInputElement>(/^Căn cứ/).value).toBe('Khôi phục phiên bản 1')
  })

  it('are only read by whoever is no admin', async () => {
    await showPage({ role: 'supervisor', view: { fileDiffers: true } })
    expect(screen.queryByRole('button', { name: /^Sửa lịch/ })).toBeNull()
    expect(screen.getByText(/^Tệp cấu hình của lịch này đã đổi/)).toBeTruthy()
    click(/^Lịch sử/)
    await screen.findByText('Thêm T2 09/03/2026: Nghỉ, Giỗ Tổ')
    expect(screen.queryByRole('button', { name: /^Dùng lại/ })).toBeNull()
  })
})

describe('a draft of a calendar', () => {
  it('has for a unit the city’s days until it says otherwise', () => {
    const unit: CalendarTable = { name: 'Một cửa', seasons: [SEASON], exceptions: [] }
    const cityDays = new Map(CITY.exceptions.map((one) => [one.date, one]))
    expect(faceOf(unit, cityDays, '2026-01-01')).toMatchObject({ kind: 'off', inherited: true })
    const own = withDay(unit, '2026-01-01', { hours: ['08:00-10:00'], why: 'Trực' })
    expect(faceOf(own, cityDays, '2026-01-01')).toMatchObject({ kind: 'other', inherited: false })
    expect(withDay(own, '2026-01-01', null)).toEqual(unit)
  })

  it('knows holidays on a weekend: the next working day is off (Labour Code Art. 111.3)', () => {
    const days = withNewYear(TABLE, 2027).exceptions.filter(({ date }) => date.startsWith('2027'))
    expect(days.map(({ date, why, confirmed }) => [date, why, confirmed])).toEqual([
      ['2027-01-01', 'Tết Dương lịch', false],
      ['2027-04-30', 'Ngày Chiến thắng', false],
      ['2027-05-03', 'Nghỉ bù Quốc tế Lao động (01/05 là ngày nghỉ hằng tuần)', false],
      ['2027-09-02', 'Quốc khánh', false],
    ])
  })

  it('says whether Tết is missing, but not of an office that never rests', () => {
    const tet = ['02-05', '02-08', '02-09', '02-10', '02-11'].reduce(
      (table, day) => withDay(table, `2027-${day}`, { off: true, why: 'Tết Nguyên đán' }),
      withNewYear(TABLE, 2027),
    )
    expect([lacksTet(withNewYear(TABLE, 2027), 2027), lacksTet(tet, 2027)]).toEqual([true, false])
    expect(lacksTet({ ...TABLE, exceptions: [] }, 2027)).toBe(false)
    expect(withConfirmedYear(tet, 2027).confirmedUntil).toBe(2027)
  })

  it('reads hours and days as people write them', () => {
    expect(hoursOfText('7h30-11h30; 13:00 – 17:00')).toEqual(HOURS)
    expect(
      [HOURS, ['00:00-24:00'], [], ['11:00-10:00'], ['07:00-12:00', '11:00-13:00']].map(areHours),
    ).toEqual([true, true, false, false, false])
    expect(['1/4', '30/09', 'x'].map(monthDayOfText)).toEqual(['04-01', '09-30', 'x'])
    expect(monthsOf(2028).map(({ length }) => length)).toEqual([
      31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
    ])
  })
})
