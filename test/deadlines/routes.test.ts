import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/accounts/contract.ts'
import { parseCalendars } from '../../src/deadlines/calendar.ts'
import { viewOfCalendar } from '../../src/deadlines/calendar-view-policy.ts'
import type { CalendarView } from '../../src/deadlines/contract.ts'
import type { App } from '../../src/http/server.ts'
import { createDesk, type Desk } from '../support/desk.ts'

let desk: Desk
let app: App
let base: string
beforeAll(async () => {
  desk = createDesk()
  app = await desk.serve()
  base = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await app.close()
  await desk.close()
})

const get = (path: string, role: Role = 'admin') =>
  fetch(`${base}/api/${path}`, { headers: { cookie: `sid=${role}` } })
const due = async (query: string) => {
  const reply = await get(`deadline?${query}`)
  return { status: reply.status, body: await reply.json() }
}

it.each(['supervisor', 'admin'] as const)('shows the calendars to %s', async (role) => {
  const reply = await get('calendars', role)
  expect(reply.status).toBe(200)
  const [city, duty] = (await reply.json()) as CalendarView[]
  expect(city).toMatchObject({
    id: 'city',
    name: 'Giờ hành chính thành phố Hải Phòng',
    firstYear: 2024,
    confirmedUntil: 2026,
    seasons: [
      {
        name: 'Cả năm',
        from: '01-01',
        to: '12-31',
        weekdays: [1, 2, 3, 4, 5],
        hours: ['07:30-11:30', '13:00-17:00'],
      },
    ],
    units: [],
  })
  expect(city?.exceptions.filter(({ date }) => date.startsWith('2026-08'))).toEqual([
    {
      date: '2026-08-22',
      hours: ['07:30-11:30', '13:00-17:00'],
      why: 'Làm bù cho 31/8, chưa thấy văn bản',
      confirmed: false,
    },
    { date: '2026-08-31', hours: [], why: 'Hoán đổi với 22/8, chưa thấy văn bản', confirmed: false },
  ])
  expect(duty).toMatchObject({
    id: 'truc-24-7',
    seasons: [{ weekdays: [0, 1, 2, 3, 4, 5, 6], hours: ['00:00-24:00'] }],
    exceptions: [],
    cityDays: false,
    units: [{ id: 'cong-an', name: 'Công an thành phố' }],
  })
})

it('shows them to nobody else', async () => {
  expect((await get('calendars', 'operator')).status).toBe(403)
  expect((await get('deadline?from=2026-03-06T16:45&hours=8', 'operator')).status).toBe(403)
})

it('says when it is due, and why then', async () => {
  expect(await due('from=2026-03-06T16:45&hours=8')).toEqual({
    status: 200,
    body: {
      dueAt: '2026-03-09T09:45:00.000Z',
      minutes: 480,
      explanation: '08 giờ làm việc từ 16:45 T6 06/03 → 16:45 T2 09/03: 15 phút T6, 7 giờ 45 phút T2',
      calendarName: 'Giờ hành chính thành phố Hải Phòng',
    },
  })
  expect(await due('from=2026-03-06T16:45&days=2&language=en')).toMatchObject({
    body: {
      dueAt: '2026-03-10T10:00:00.000Z',
      explanation: expect.stringContaining('02 working days') as unknown,
    },
  })
  expect(await due('from=2026-03-06T16:45&hours=0.5&unitId=cong-an')).toMatchObject({
    body: { dueAt: '2026-03-06T10:15:00.000Z', calendarName: 'Trực 24/7' },
  })
})

it('says which year nobody vouches for', async () => {
  expect(await due('from=2026-12-31T16:00&hours=8')).toEqual({
    status: 409,
    body: { code: 'CALENDAR_ENDED', message: 'no calendar for 2027', subject: '2027' },
  })
})

it.each([
  ['from=2026-02-30T08:00&hours=8', 'NO_SUCH_TIME'],
  ['from=now&hours=8', 'NO_SUCH_TIME'],
  ['hours=8', 'INVALID'],
  ['from=2026-03-06T16:45', 'HOURS_OR_DAYS'],
  ['from=2026-03-06T16:45&hours=8&days=2', 'HOURS_OR_DAYS'],
  ['from=2026-03-06T16:45&hours=0.001', 'HOURS_NOT_MINUTES'],
  ['from=2026-03-06T16:45&hours=-1', 'INVALID'],
  ['from=2026-03-06T16:45&hours=0', 'INVALID'],
  ['from=2026-03-06T16:45&hours=many', 'INVALID'],
  ['from=2026-03-06T16:45&hours=10001', 'INVALID'],
  ['from=2026-03-06T16:45&days=1.5', 'INVALID'],
  ['from=2026-03-06T16:45&days=0', 'INVALID'],
  ['from=2026-03-06T16:45&days=2&unitId=nobody', 'UNIT_UNKNOWN'],
  ['from=2026-03-06T16:45&days=2&language=fr', 'INVALID'],
  ['from=2026-03-06T16:45&days=2&year=2026', 'INVALID'],
])('refuses %s with %s', async (query, code) => {
  expect(await due(query)).toMatchObject({ status: 422, body: { code } })
})

describe('changing a calendar', () => {
  const send = (method: string, path: string, role: string, body: unknown) =>
    fetch(`${base}/api/calendars/${path}`, {
      method,
      headers: { cookie: `sid=${role}`, 'x-csrf-token': 'csrf', 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const answer = async (reply: Response) => ({
    status: reply.status,
    body: (await reply.json()) as Record<string, unknown>,
  })
  const inUse = async () => {
    const reply = await get('calendars/city/versions')
    const [newest] = (await reply.json()) as { number: number }[]
    const number = newest?.number ?? 0
    const { table } = (await (await get(`calendars/city/versions/${String(number)}`)).json()) as {
      table: { exceptions: object[] }
    }
    return { number, table }
  }
  const dayOff = { date: '2026-03-09', off: true, why: 'Nghỉ <b>bù</b>' }
  const withDay = ({ table }: Awaited<ReturnType<typeof inUse>>, day: object) => ({
    ...table,
    exceptions: [...table.exceptions, day],
  })

  it('is an admin’s alone; operators, supervisors and units are refused before anything is read', async () => {
    for (const role of ['operator', 'supervisor', 'officer', 'head', 'cityOffice'])
      for (const [method, path] of [
        ['PUT', 'city'],
        ['POST', 'city/preview'],
      ] as const) {
        const reply = await send(method, path, role, { base: 1, table: {}, reason: 'x' })
        expect(reply.status, `${role} ${method} ${path}`).toBe(403)
      }
    expect((await get('calendars/city/versions', 'operator')).status).toBe(403)
    expect((await get('calendars/city/versions', 'supervisor')).status).toBe(200)
  })

  it('is previewed, saved, and told in the list and the history, names as they are', async () => {
    const before = await inUse()
    const body = { base: before.number, table: withDay(before, dayOff) }
    expect(await answer(await send('POST', 'city/preview', 'admin', body))).toMatchObject({
      status: 200,
      body: { problems: [], differences: [{ what: 'dayAdded' }], recount: { open: 0, changed: 0 } },
    })
    expect(await answer(await send('PUT', 'city', 'admin', { ...body, reason: 'QĐ 1' }))).toMatchObject({
      status: 200,
      body: { revision: { number: before.number + 1, reason: 'QĐ 1' }, changed: 0, behind: false },
    })
    const [city] = (await (await get('calendars')).json()) as CalendarView[]
    expect(city?.revision).toMatchObject({ number: before.number + 1, origin: 'edit' })
    expect(city?.exceptions).toContainEqual({
      date: '2026-03-09',
      hours: [],
      why: dayOff.why,
      confirmed: true,
    })
    expect((await due('from=2026-03-06T16:45&hours=8')).body).toMatchObject({
      dueAt: '2026-03-10T09:45:00.000Z',
    })
    await send('PUT', 'city', 'admin', { base: before.number + 1, table: before.table, reason: 'lại như cũ' })
  })

  it('is done by one of two admins who save at once; the other is told, and loses nothing', async () => {
    const before = await inUse()
    const asked = ['2026-04-06', '2026-04-07'].map((date) =>
      send('PUT', 'city', 'admin', {
        base: before.number,
        table: withDay(before, { ...dayOff, date }),
        reason: 'cùng lúc',
      }),
    )
    const answers = await Promise.all((await Promise.all(asked)).map(answer))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'CALENDAR_CHANGED',
      subject: String(before.number + 1),
    })
    expect((await inUse()).number).toBe(before.number + 1)
  })

  it.each<[string, unknown, number, string]>([
    ['no JSON', '{"base":1,', 400, 'MALFORMED'],
    ['100 KB of nonsense', `{"base":1,"table":"${'x'.repeat(100_000)}"}`, 413, 'TOO_LARGE'],
    [
      'a deep nest',
      `{"base":1,"table":${'['.repeat(5_000)}${']'.repeat(5_000)},"reason":"x"}`,
      422,
      'INVALID',
    ],
    ['no version', { table: {}, reason: 'x' }, 422, 'INVALID'],
    ['more than is asked for', { base: 1, table: {}, reason: 'x', actorId: 1 }, 422, 'INVALID'],
    ['a reason as long as a book', { base: 1, table: {}, reason: 'x'.repeat(241) }, 422, 'INVALID'],
  ])('refuses %s', async (_, body, status, code) => {
    const before = await inUse()
    const told = await answer(await send('PUT', 'city', 'admin', body))
    expect([told.status, told.body['code']]).toEqual([status, code])
    expect((await inUse()).number).toBe(before.number)
  })

  it('knows no calendar and no version that is not there', async () => {
    expect((await get('calendars/nowhere/versions')).status).toBe(404)
    expect((await get('calendars/city/versions/999')).status).toBe(404)
    const asked = { base: 1, table: {}, reason: 'x' }
    expect(await answer(await send('PUT', 'nowhere', 'admin', asked))).toMatchObject({
      status: 404,
      body: { code: 'CALENDAR_NOT_FOUND' },
    })
  })
})

it('shows of a unit’s calendar only the days that are its own, and weekdays of other hours on lines of their own', () => {
  const season = { from: '01-01', to: '12-31', hours: ['07:30-11:30'] }
  const off = (date: string, why: string) => ({ date, off: true, why })
  const [city, unit] = parseCalendars(
    {
      id: 'city',
      where: 'calendar.json',
      input: {
        name: 'a',
        firstYear: 2026,
        confirmedUntil: 2026,
        seasons: [
          { ...season, name: 'Tuần', weekdays: [1, 2] },
          { ...season, name: 'Thứ Bảy', weekdays: [6], hours: ['08:00-10:00'] },
        ],
        exceptions: [off('2026-03-03', 'x'), off('2026-03-02', 'y')],
      },
    },
    [
      {
        id: 'xa',
        where: 'calendars/xa.json',
        input: {
          name: 'b',
          seasons: [{ ...season, name: 'Tuần', weekdays: [1] }],
          exceptions: [off('2026-03-02', 'Lễ hội')],
        },
      },
    ],
  )
  if (city === undefined || unit === undefined) throw new Error('two calendars were given')
  const about = {
    fileDiffers: false,
    revision: { number: 1, at: '2026-01-01T00:00:00Z', origin: 'file', actorName: null, reason: 'Tệp' },
  } as const
  const view = viewOfCalendar(city, city, { ...about, units: [] })
  expect(view.seasons.map(({ name, weekdays, hours }) => [name, weekdays, hours])).toEqual([
    ['Tuần', [1, 2], ['07:30-11:30']],
    ['Thứ Bảy', [6], ['08:00-10:00']],
  ])
  expect(view.exceptions.map(({ date }) => date)).toEqual(['2026-03-02', '2026-03-03'])
  expect(viewOfCalendar(unit, city, { ...about, units: [] }).exceptions.map(({ why }) => why)).toEqual([
    'Lễ hội',
  ])
})

it('R057: says how many working minutes there are until a time, which is the answer as it was asked', async () => {
  // Friday 16:45 to a Sunday: fifteen minutes of work, and nobody works at its end.
  const { status, body } = await due('from=2026-03-06T16:45&until=2026-03-08T20:00')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    dueAt: '2026-03-08T13:00:00.000Z',
    minutes: 15,
    calendarName: 'Giờ hành chính thành phố Hải Phòng',
  })
  // By the unit's own hours: all round the clock.
  expect((await due('from=2026-03-06T16:45&until=2026-03-06T20:00&unitId=cong-an')).body).toMatchObject({
    minutes: 195,
    calendarName: expect.not.stringContaining('hành chính') as string,
  })
  // Nobody works on a weekend, and no colon is left with nothing behind it.
  const nothing = (await due('from=2026-03-07T08:00&until=2026-03-08T08:00')).body
  expect(nothing).toMatchObject({
    minutes: 0,
    explanation: expect.stringMatching(/^0 phút làm việc .*[^: ]$/) as string,
  })
  const refused = async (query: string) => {
    const { status: code, body: said } = await due(query)
    return [code, (said as { code: string }).code]
  }
  expect(await refused('from=2026-03-06T16:45&until=2026-03-06T16:44')).toEqual([422, 'UNTIL_BEFORE_FROM'])
  expect(await refused('from=2026-03-06T16:45&until=2026-02-30T08:00')).toEqual([422, 'NO_SUCH_TIME'])
  expect(await refused('from=2026-03-06T16:45&until=2026-03-08T20:00&hours=8')).toEqual([
    422,
    'HOURS_OR_DAYS',
  ])
  expect(await refused('from=2026-12-30T16:45&until=2027-01-05T20:00')).toEqual([409, 'CALENDAR_ENDED'])
})
