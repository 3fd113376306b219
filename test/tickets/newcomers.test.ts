import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ChangeBody, type PersonDetails } from '../../src/agencies/contract.ts'
import {
  ADMIN,
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  OPERATOR,
  OTHER_UNIT,
  UNIT,
} from '../support/desk.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NEW: PersonDetails = {
  name: 'Đỗ Thị Hạnh',
  position: 'Chuyên viên',
  role: 'officer',
  phone: '0950 000 601',
  mustPress: true,
  shifts: null,
}

let desk: Desk
beforeEach(() => {
  desk = createDesk() // Monday 02/03/2026 08:00
})
afterEach(() => desk.close())

const change = (body: ChangeBody, effectiveOn: string) =>
  desk.editor.propose({ change: body, effectiveOn, why: 'QĐ 31/QĐ-ĐCS' }, ADMIN)
const add = (effectiveOn: string, more: Partial<PersonDetails> = {}, unitId = UNIT) =>
  change({ kind: 'personAdded', unitId, person: { ...NEW, ...more } }, effectiveOn)
const idOf = (role: PersonDetails['role']) =>
  desk.directory.unit(UNIT)?.people.find((person) => person.role === role)?.id ?? ''
const run = () => {
  desk.tickets.takeOver(desk.editor.standing())
}
const forwarded = (unitId = UNIT): string => {
  const { code, version } = fillDraft(desk)
  return desk.tickets.sendSlip(code, { version, unitId, note: '' }, OPERATOR).code
}
const told = () =>
  desk.db.raw
    .prepare(
      "SELECT to_name AS who, text_vi AS text, segments FROM outbox WHERE template = 'casesTakenOver' ORDER BY id",
    )
    .all() as { who: string; text: string; segments: number }[]

it('R101 (Đ17.9): an officer hears on the first day, once, how many cases are open and how many late, and nothing personal', () => {
  forwarded()
  desk.pass(DAY + HOUR) // Tuesday 09:00: the officer's eight hours are over
  desk.deadlines.sweep()
  forwarded()
  forwarded(OTHER_UNIT)
  add('2026-03-04')
  run()
  expect(told()).toEqual([])
  desk.pass(DAY)
  run()
  run()
  expect(told()).toEqual([
    {
      who: NEW.name,
      text: '1022HP: Từ nay Ông/Bà xử lý phiếu của Chieu sang: 2 phiếu chưa xong, trong đó 1 QUÁ HẠN. Đăng nhập: 1022.haiphong.gov.vn/tickets',
      segments: 1,
    },
  ])
  // As after a restart: another list of changes, and a later day.
  desk.pass(DAY)
  add('2026-03-20', { name: 'Ngô Văn Tám', phone: '0950 000 602' })
  run()
  expect(told()).toHaveLength(1)
})

it('R101: is told once the service is back, of what is open by then; what is not late is not mentioned', () => {
  change(
    { kind: 'personAdded', unitId: UNIT, person: { ...NEW, role: 'head' }, replaces: idOf('head') },
    '2026-03-04',
  )
  desk.pass(4 * DAY)
  forwarded()
  run()
  expect(told().map(({ text }) => text)).toEqual([
    expect.stringContaining('Chieu sang: 1 phiếu chưa xong. Đăng nhập'),
  ])
})

it('R101: hears nothing where nothing is open, and no more when something comes later', () => {
  add('2026-03-02')
  run()
  forwarded()
  desk.pass(DAY)
  add('2026-03-25', { name: 'Ngô Văn Tám', phone: '0950 000 602' })
  run()
  expect(told()).toEqual([])
})

it('R101: whoever is gone again, or was taken back, hears nothing', () => {
  forwarded()
  const { change: added } = add('2026-03-03')
  const { id } = add('2026-03-04', { name: 'Ngô Văn Tám', phone: '0950 000 602' })
  const personId = added.kind === 'personAdded' ? (added.personId ?? '') : ''
  change({ kind: 'personEnded', unitId: UNIT, personId }, '2026-03-05')
  desk.editor.withdraw(id, 'Hoãn bổ nhiệm', ADMIN)
  desk.pass(4 * DAY)
  run()
  expect(told()).toEqual([])
})

it('R101: an officer and a head who change places hear of it, one with a new number does not', () => {
  forwarded()
  const personId = idOf('officer')
  const { name } = desk.directory.unit(UNIT)?.people.find(({ id }) => id === personId) ?? {}
  change({ kind: 'personChanged', unitId: UNIT, personId, person: { phone: '0950 000 603' } }, '2026-03-02')
  const head = idOf('head')
  change({ kind: 'personChanged', unitId: UNIT, personId: head, person: { role: 'officer' } }, '2026-03-04')
  change({ kind: 'personChanged', unitId: UNIT, personId, person: { role: 'head' } }, '2026-03-04')
  run()
  expect(told()).toEqual([])
  desk.pass(2 * DAY)
  run()
  const exHead = desk.directory.unit(UNIT)?.people.find(({ id }) => id === head)?.name
  expect(told().map(({ who }) => who)).toEqual([exHead, name])
  expect(told().map(({ text }) => text)).toEqual([
    expect.stringContaining('Từ nay Ông/Bà xử lý phiếu của Chieu sang: 1 phiếu chưa xong. '),
    expect.stringContaining('Từ nay Ông/Bà là Thủ trưởng Chieu sang: 1 phiếu chưa xong. '),
  ])
})

it('R101: an officer who takes the head’s place hears once that they are head, though another line of the day says so too', () => {
  forwarded()
  const [personId, replaces] = [idOf('officer'), idOf('head')]
  const promoted = (person: Partial<PersonDetails>): ChangeBody => ({
    kind: 'personChanged',
    unitId: UNIT,
    personId,
    person,
  })
  change({ ...promoted({ role: 'head' }), replaces } as ChangeBody, '2026-03-02')
  change(promoted({ role: 'head', position: 'Giám đốc' }), '2026-03-02')
  run()
  expect(told().map(({ text, segments }) => [text, segments])).toEqual([
    [
      '1022HP: Từ nay Ông/Bà là Thủ trưởng Chieu sang: 1 phiếu chưa xong. Đăng nhập: 1022.haiphong.gov.vn/tickets',
      1,
    ],
  ])
})

it('R101: the City Office’s newcomer takes over what it leads; late is what its own time ran out for', () => {
  const code = forwarded()
  const move = (at: string) =>
    desk.tickets.move(
      at,
      { version: desk.tickets.view(at, CITY_OFFICE).version, action: 'takeLead', leadReason: 'forChairman' },
      CITY_OFFICE,
    )
  move(code)
  forwarded()
  add('2026-03-03', {}, 'van-phong')
  desk.pass(DAY)
  run()
  expect(told()[0]?.text).toContain(': 1 phiếu chưa xong. ')
})

it('R101: without a mobile the refusal stands in the outbox, for the desk to see', () => {
  forwarded()
  add('2026-03-02', { phone: '0225 3 000 601' })
  run()
  expect(desk.db.raw.prepare("SELECT state FROM outbox WHERE template = 'casesTakenOver'").all()).toEqual([
    { state: 'refused' },
  ])
})
