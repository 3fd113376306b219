import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDirectory } from '../../src/agencies/service.ts'
import { readDirectory } from '../../src/agencies/directory-files.ts'
import { TEMPLATES, renderSms } from '../../src/messages/template-policy.ts'
import { wordsOfPeriod } from '../../src/reports/period-words.ts'
import {
  ADMIN,
  createDesk,
  type Desk,
  fillDraft,
  OPERATOR,
  OTHER_UNIT,
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'

const CITY_DIR = new URL('../../config/haiphong', import.meta.url).pathname
const MARCH = { from: '2026-03-01', to: '2026-03-31' }

const send = (desk: Desk, unitId: string = UNIT): string => {
  const { code, version } = fillDraft(desk)
  return desk.tickets.sendSlip(code, { version, unitId, note: '' }, OPERATOR).code
}
const told = (desk: Desk) =>
  desk.db.raw
    .prepare(
      "SELECT to_name AS name, text, segments, next_at AS nextAt FROM outbox WHERE template = 'unitDigest' ORDER BY id",
    )
    .all() as { name: string; text: string; segments: number; nextAt: string | null }[]
const monthly = (desk: Desk) => told(desk).filter(({ text }) => / T\d+\/\d{4} /.test(text))
const headsOf = (desk: Desk, unitId: string): string[] =>
  (desk.directory.unit(unitId)?.people ?? []).filter(({ role }) => role === 'head').map(({ name }) => name)
const goTo = (desk: Desk, at: string): void => {
  desk.pass(Date.parse(at) - desk.now().getTime())
}

describe('R085: the leaders of a unit (Đ13.6)', () => {
  let desk: Desk
  beforeEach(() => {
    desk = createDesk()
    send(desk)
    send(desk)
  })
  afterEach(() => desk.close())

  it('hear of months only where the city leaves the weeks out', async () => {
    const quiet = createDesk({ weeklyUnitSms: false })
    send(quiet)
    for (const one of [desk, quiet]) {
      goTo(one, '2026-03-09T08:00:00+07:00')
      one.digests.tellWhatIsDue()
    }
    expect([told(desk), told(quiet)].map(({ length }) => length)).toEqual([1, 0])
    goTo(quiet, '2026-04-02T08:00:00+07:00')
    quiet.digests.tellWhatIsDue()
    expect(told(quiet)).toHaveLength(1)
    await quiet.close()
  })

  it('are told last month’s figures, each once however often the day comes', () => {
    goTo(desk, '2026-04-02T08:00:00+07:00') // the first was missed
    desk.digests.tellWhatIsDue()
    desk.digests.tellWhatIsDue()
    goTo(desk, '2026-04-03T08:00:00+07:00')
    desk.digests.tellWhatIsDue()
    expect(monthly(desk)).toMatchObject([
      {
        name: 'Mai Thị Tuyết Trinh',
        text: '1022HP: T3/2026 Chieu sang: nhan 2, dung han 0 (0 phan tram), qua han 0; nay dang xu ly 2. Chi tiet: 1022.haiphong.gov.vn/units',
        segments: 1,
      },
    ])
  })

  it('hear of what is open now apart from the figures of the period, and how many of it are late by now', () => {
    goTo(desk, '2026-05-04T08:00:00+07:00')
    desk.deadlines.sweep()
    desk.digests.tellWhatIsDue()
    expect(monthly(desk).map(({ text, segments }) => [text, segments])).toEqual([
      [
        '1022HP: T4/2026 Chieu sang: nhan 0, dung han 0, qua han 0; nay dang xu ly 2 (2 qua han). Chi tiet: 1022.haiphong.gov.vn/units',
        1,
      ],
    ])
  })

  it('hear nothing after the fifth, nor of a unit that has nothing', () => {
    goTo(desk, '2026-04-06T08:00:00+07:00')
    desk.digests.tellWhatIsDue()
    expect(monthly(desk)).toEqual([])
    goTo(desk, '2026-05-01T08:00:00+07:00')
    desk.digests.tellWhatIsDue()
    // Nothing came in April, and two are open.
    expect(monthly(desk).map(({ name }) => name)).toEqual(headsOf(desk, UNIT))
    expect(monthly(desk)[0]?.text).toContain(
      'T4/2026 Chieu sang: nhan 0, dung han 0, qua han 0; nay dang xu ly 2',
    )
  })

  it('are told last week’s figures on the first morning that is worked, once, whenever the service is there', () => {
    const weekly = () => told(desk).filter((one) => !monthly(desk).some(({ text }) => text === one.text))
    goTo(desk, '2026-03-09T07:59:00+07:00') // a Monday
    desk.digests.tellWhatIsDue()
    expect(weekly()).toEqual([])
    goTo(desk, '2026-03-09T08:00:00+07:00')
    desk.digests.tellWhatIsDue()
    desk.digests.tellWhatIsDue()
    goTo(desk, '2026-03-10T09:00:00+07:00')
    desk.digests.tellWhatIsDue()
    expect(weekly().map(({ text }) => text)).toEqual([
      '1022HP: 02/03-08/03/2026 Chieu sang: nhan 2, dung han 0 (0 phan tram), qua han 0; nay dang xu ly 2. Chi tiet: 1022.haiphong.gov.vn/units',
    ])
    // Down over Monday and most of Tuesday: told when it is back.
    goTo(desk, '2026-03-17T16:20:00+07:00')
    desk.digests.tellWhatIsDue()
    expect(weekly()).toHaveLength(2)
    expect(weekly()[1]?.text).toContain('09/03-15/03/2026')
    // Down until the weekend: that week is told no more.
    goTo(desk, '2026-03-27T09:00:00+07:00')
    desk.digests.tellWhatIsDue()
    expect(weekly()).toHaveLength(2)
  })

  it('are told nothing on a day off; a leader appointed since hears of the weeks to come', () => {
    const weekly = () => told(desk).filter((one) => !monthly(desk).some(({ text }) => text === one.text))
    goTo(desk, '2026-04-27T09:00:00+07:00') // Monday, a day off for Giỗ Tổ
    desk.digests.tellWhatIsDue()
    expect(weekly()).toEqual([])
    goTo(desk, '2026-04-28T09:00:00+07:00')
    desk.digests.tellWhatIsDue()
    expect(weekly()).toHaveLength(1)
    const person = {
      name: 'Vũ Thị Nhàn',
      position: 'Giám đốc',
      role: 'head',
      phone: '0950000901',
      mustPress: true,
      shifts: null,
    } as const
    const before = desk.directory.unit(UNIT)?.people.find(({ role }) => role === 'head')?.id ?? ''
    const change = { kind: 'personAdded', unitId: UNIT, person, replaces: before } as const
    desk.editor.propose({ change, effectiveOn: '2026-04-28', why: 'QĐ 12/QĐ-UBND' }, ADMIN)
    desk.digests.tellWhatIsDue()
    expect(weekly()).toHaveLength(1)
    goTo(desk, '2026-05-04T09:00:00+07:00')
    desk.digests.tellWhatIsDue()
    expect(weekly().map(({ name }) => name)).toContain('Vũ Thị Nhàn')
  })

  it('are told of a period at any time, once a day, and not at night', () => {
    goTo(desk, '2026-03-02T22:00:00+07:00')
    expect(desk.digests.preview(MARCH)).toMatchObject({ units: 1, people: 1, already: 0 })
    expect(told(desk)).toEqual([])
    expect(desk.digests.tell(MARCH, SUPERVISOR)).toMatchObject({ units: 1, people: 1, already: 0 })
    expect(desk.digests.tell(MARCH, SUPERVISOR)).toMatchObject({ units: 0, people: 0, already: 1 })
    expect(told(desk)).toMatchObject([{ nextAt: '2026-03-03T00:00:00.000Z' }])
    expect(told(desk)[0]?.text).toContain('01/03-02/03/2026')
    expect(desk.audited.map(({ action, detail }) => [action, detail])).toEqual([
      ['report.digestSent', { people: 1, units: 1 }],
      ['report.digestSent', { people: 0, units: 0 }],
    ])
    goTo(desk, '2026-03-03T09:00:00+07:00')
    expect(desk.digests.tell(MARCH, SUPERVISOR)).toMatchObject({ people: 1, already: 0 })
  })

  it('hear nothing where the period is none', () => {
    for (const period of [
      { from: '2026-02-30', to: '2026-03-01' },
      { from: '2026-03-02', to: '2026-03-01' },
    ])
      expect(() => desk.digests.tell(period, SUPERVISOR)).toThrow(
        expect.objectContaining({ code: 'PERIOD_INVALID' }),
      )
    expect(told(desk)).toEqual([])
  })

  it('over HTTP: for supervisors and the City Office, and bad input is refused', async () => {
    const app = await desk.serve()
    const post = (sid: string, payload: object) =>
      app.inject({
        method: 'POST',
        url: '/api/reports/units/digest',
        headers: { cookie: `sid=${sid}`, 'x-csrf-token': 'csrf' },
        payload,
      })
    const statuses = async (payload: object, ...people: string[]) =>
      Promise.all(people.map(async (sid) => (await post(sid, payload)).statusCode))
    expect(await statuses(MARCH, 'operator', 'officer', 'head', 'admin')).toEqual([403, 403, 403, 403])
    expect(await statuses({ from: 'x', to: MARCH.to }, 'supervisor')).toEqual([422])
    expect(await statuses({ from: MARCH.from }, 'supervisor')).toEqual([422])
    expect(await statuses({ ...MARCH, unitId: UNIT }, 'supervisor')).toEqual([422])
    expect((await post('supervisor', { from: '2026-03-32', to: MARCH.to })).json()).toMatchObject({
      code: 'PERIOD_INVALID',
    })
    expect(told(desk)).toEqual([])
    expect((await post('cityOffice', MARCH)).json()).toMatchObject({ people: 1, units: 1 })
    await app.close()
  })
})

describe('R085: a directory that is not as it should be', () => {
  const open = (people: (unitId: string, phone: string) => string | null): Desk => {
    const files = readDirectory(CITY_DIR)
    const units = files.units.map((unit) => ({
      ...unit,
      people: unit.people.flatMap((person) => {
        const phone = person.role === 'head' ? people(unit.id, person.phone) : person.phone
        return phone === null ? [] : [{ ...person, phone }]
      }),
    }))
    return createDesk({ directory: { ...files, units } })
  }

  it('has whoever leads two units hear of both', () => {
    const desk = open(() => '0950 000 048')
    send(desk)
    send(desk, OTHER_UNIT)
    expect(desk.digests.tell(MARCH, SUPERVISOR)).toMatchObject({ units: 2, people: 2 })
    return desk.close()
  })

  it('names units without a leader, and leaders whose number takes no SMS', () => {
    const desk = open((unitId) => (unitId === UNIT ? null : '0225 000 0024'))
    send(desk)
    send(desk, OTHER_UNIT)
    const name = createDirectory(readDirectory(CITY_DIR)).unit(OTHER_UNIT)?.name
    expect(desk.digests.tell(MARCH, SUPERVISOR)).toMatchObject({
      units: 0,
      people: 0,
      unreachable: [{ unitName: name }],
      withoutHead: ['Công ty Điện chiếu sáng'],
    })
    return desk.close()
  })
})

describe('R085: the words', () => {
  it('fit into one SMS, whatever the figures', () => {
    const wordsOf = (n: string): { text: string; segments: number } =>
      renderSms('unitDigest', {
        ...{ received: n, onTime: n, late: n, openNow: n, overdueNow: n, share: '100' },
        ...{ sender: '1022HP', period: '01/12/2025-15/01/2026', unit: 'UBND P.Hong An Phu' },
        link: '1022.haiphong.gov.vn/units',
      })
    const { text, segments } = wordsOf('12345')
    expect(segments).toBe(1)
    expect(text).toContain('nay dang xu ly 12345. Chi tiet: 1022.haiphong.gov.vn/units')
    // Of what there is too much, the share goes before the late ones.
    expect(wordsOf('123').segments).toBe(1)
    expect(wordsOf('123').text).toContain(
      'dung han 123, qua han 123; nay dang xu ly 123 (123 qua han). Chi tiet: 1022.haiphong.gov.vn/units',
    )
    expect(TEMPLATES.unitDigest.text).not.toContain('%')
  })

  it.each([
    ['2026-10-01', '2026-10-31', '2026-11-01', 'T10/2026'],
    ['2026-10-01', '2026-10-31', '2026-10-15', '01/10-15/10/2026'],
    ['2028-02-01', '2028-02-29', '2028-03-01', 'T2/2028'],
    ['2026-10-01', '2026-12-31', '2027-01-01', '01/10-31/12/2026'],
    ['2025-12-01', '2026-01-31', '2026-02-01', '01/12/2025-31/01/2026'],
    ['2026-10-05', '2026-10-05', '2026-10-06', '05/10/2026'],
  ])('say %s to %s, on %s, as %s', (from, to, today, words) => {
    expect(wordsOfPeriod({ from, to }, today)).toBe(words)
  })
})
