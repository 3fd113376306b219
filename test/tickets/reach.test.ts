import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Unit } from '../../src/agencies/contract.ts'
import { readDirectory } from '../../src/agencies/directory-files.ts'
import { type CalendarTable } from '../../src/deadlines/contract.ts'
import { takesSms, unreachable } from '../../src/console/tickets/sms-reach.ts'
import { vietnamMobile } from '../../src/messages/sms-policy.ts'
import { type MoveTicket } from '../../src/tickets/contract.ts'
import {
  ADMIN,
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  OPERATOR,
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'

const CITY_DIR = resolve(import.meta.dirname, '../../config/haiphong')
const LANDLINE = '0225 000 0099'

let desk: Desk
afterEach(() => desk.close())

/** The lighting company with these people instead of its own. */
const openWith = (people: (own: Unit['people']) => Unit['people']): void => {
  const directory = readDirectory(CITY_DIR)
  const units = directory.units.map((unit) =>
    unit.id === UNIT ? { ...unit, people: people([...unit.people]) } : unit,
  )
  desk = createDesk({ directory: { ...directory, units } })
}
const onLandline: Parameters<typeof openWith>[0] = (own) =>
  own.map((person) => ({ ...person, phone: LANDLINE }))
const without =
  (role: 'officer' | 'head'): Parameters<typeof openWith>[0] =>
  (own) =>
    own.filter((person) => person.role !== role)
const send = (unitId: string = UNIT): string => {
  const { code, version } = fillDraft(desk)
  desk.tickets.sendSlip(code, { version, unitId, note: '' }, OPERATOR)
  return code
}
const view = (code: string) => desk.tickets.view(code, SUPERVISOR)
const lines = (code: string, type: string) => view(code).events.filter((event) => event.type === type)
const until = (local: string): void => {
  desk.pass(new Date(`${local}+07:00`).getTime() - desk.now().getTime())
  desk.deadlines.sweep()
}
const refused = (code: string) => expect.objectContaining({ code }) as unknown

describe('R048: a unit that no SMS reaches', () => {
  it('gets its slip all the same, and the history says that nobody was told and whom to ring', () => {
    openWith(onLandline)
    const code = send()
    expect(view(code)).toMatchObject({ state: 'assigned', slips: [{ version: 1 }] })
    expect(lines(code, 'slipSms').map(({ detail }) => detail['state'])).toEqual(['refused'])
    expect(lines(code, 'slipNobodyTold')[0]?.detail).toMatchObject({
      level: 'officer',
      number: view(code).slips[0]?.number,
      unitName: desk.directory.unit(UNIT)?.name,
      phone: desk.directory.unit(UNIT)?.dutyPhone,
    })
  })

  it('A19: is told by nobody of an end that a calendar moves either, and the history says so once each time', () => {
    openWith(onLandline)
    const code = send()
    const table = JSON.parse(readFileSync(resolve(CITY_DIR, 'calendar.json'), 'utf8')) as CalendarTable
    const save = (...dates: string[]) =>
      desk.calendarBook.save(
        'city',
        {
          base: desk.calendarBook.revision('city').number,
          table: {
            ...table,
            exceptions: [
              ...table.exceptions,
              ...dates.map((date) => ({ date, off: true as const, why: 'Nghỉ đột xuất' })),
            ],
          },
          reason: 'Văn bản số 1',
        },
        ADMIN,
      )
    save('2026-03-03')
    save('2026-03-03', '2026-04-06')
    expect(lines(code, 'slipNobodyTold')).toHaveLength(2)
    expect(lines(code, 'slipNobodyTold')[1]?.detail).toMatchObject({
      level: 'officer',
      dueAt: '2026-03-04T01:00:00.000Z',
      unitName: desk.directory.unit(UNIT)?.name,
      phone: desk.directory.unit(UNIT)?.dutyPhone,
    })
  })

  it('is no matter where one of its officers has a mobile', () => {
    openWith((own) => [
      ...onLandline(own),
      { name: 'Bùi Văn Ư', position: '', role: 'officer', phone: '0950 000 444' },
    ])
    expect(lines(send(), 'slipNobodyTold')).toEqual([])
  })

  it('without a head goes on to the head when its time is over, and says that nobody was told', () => {
    openWith(without('head'))
    const code = send()
    until('2026-03-03T08:01')
    expect(view(code)).toMatchObject({ state: 'escalated', slips: [{ version: 1 }, { version: 2 }] })
    expect(lines(code, 'slipNobodyTold')[0]?.detail).toMatchObject({ level: 'head' })
  })

  it('without a head cannot be reminded of what the head holds; nothing is written', () => {
    openWith(without('head'))
    const code = send()
    until('2026-03-03T08:01')
    const before = view(code).events.length
    const remind = () => desk.tickets.move(code, { version: view(code).version, action: 'remind' }, OPERATOR)
    expect(remind).toThrow(refused('NOBODY_TO_REMIND'))
    expect(view(code).events).toHaveLength(before)
  })

  it('without an officer gets none, in words of its own; the case stays where it was', () => {
    openWith(without('officer'))
    const { code, version } = fillDraft(desk)
    expect(() => desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)).toThrow(
      refused('UNIT_HAS_NO_OFFICER'),
    )
    expect(view(code)).toMatchObject({ state: 'draft', slips: [] })
  })
})

describe('R057: the City Office directing', () => {
  const direct = (code: string, given: Partial<MoveTicket>) => {
    const asked = {
      version: view(code).version,
      action: 'direct' as const,
      directive: 'Xử lý ngay',
      dueAt: '2026-03-06T16:00:00+07:00',
      ...given,
    }
    return desk.tickets.move(code, asked, CITY_OFFICE)
  }

  it('names a unit that there is and that can take it, or nothing changes', () => {
    openWith(without('officer'))
    const code = send('so-xay-dung')
    desk.tickets.move(
      code,
      { version: view(code).version, action: 'takeLead', leadReason: 'forChairman' },
      CITY_OFFICE,
    )
    for (const [unitId, why] of [
      [undefined, 'UNIT_REQUIRED'],
      ['', 'UNIT_REQUIRED'],
      ['khong-co', 'UNIT_UNKNOWN'],
      [UNIT, 'UNIT_HAS_NO_OFFICER'],
    ] as const)
      expect(() => direct(code, unitId === undefined ? {} : { unitId })).toThrow(refused(why))
    expect(view(code)).toMatchObject({ state: 'cityOffice', slips: [{ version: 1 }] })
    expect(direct(code, { unitId: 'so-xay-dung' })).toMatchObject({ state: 'assigned' })
  })
})

describe('the console’s word on who gets an SMS', () => {
  it('is the outbox’s own', () => {
    openWith((own) => own)
    for (const phone of [
      '0950 000 003',
      '+84 950 000 003',
      '0084950000003',
      LANDLINE,
      '1022',
      '0312345678',
      '01234567890',
      '',
    ])
      expect({ phone, takes: takesSms(phone) }).toEqual({ phone, takes: vietnamMobile(phone) !== undefined })
    const officer = { name: 'x', position: '', role: 'officer' as const, phone: LANDLINE }
    expect(unreachable({ people: [] })).toBe('noOfficer')
    expect(unreachable({ people: [{ ...officer, role: 'head' }] })).toBe('noOfficer')
    expect(unreachable({ people: [officer] })).toBe('noMobile')
    expect(unreachable({ people: [officer, { ...officer, phone: '0950 000 003' }] })).toBeNull()
  })
})
