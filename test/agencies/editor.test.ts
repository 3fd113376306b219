import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Person } from '../../src/accounts/contract.ts'
import { type ChangeBody, type PersonDetails, type UnitDetails } from '../../src/agencies/contract.ts'
import {
  ADMIN,
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  HEAD,
  OFFICER,
  OPERATOR,
  OTHER_UNIT,
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'

const TODAY = '2026-03-02'
const NEXT_WEEK = '2026-03-09'
const WEEK = 7 * 86_400_000
const WHY = 'QĐ 12/QĐ-UBND'
const AREA = 'p-le-chan'

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const propose = (change: ChangeBody, effectiveOn = TODAY, actor: Person = ADMIN) =>
  desk.editor.propose({ change, effectiveOn, why: WHY }, actor)
const NEW_OFFICER: PersonDetails = {
  name: 'Vũ Thị Nhàn',
  position: 'Cán bộ đầu mối',
  role: 'officer',
  phone: '0950000901',
  mustPress: true,
  shifts: null,
}
const DETAILS: UnitDetails = {
  name: 'Ủy ban nhân dân phường Hải An',
  smsName: 'UBND P.Hai An',
  type: 'ward',
  fields: [],
  dutyPhone: '0225 000 0900',
  dutyMustPress: true,
  address: null,
  calendar: null,
}
const people = (unitId: string, role: string) =>
  desk.directory
    .unit(unitId)
    ?.people.filter((person) => person.role === role)
    .map(({ name }) => name)
const idOf = (unitId: string, role: string): string => {
  const found = desk.directory.unit(unitId)?.people.find((person) => person.role === role)?.id
  if (found === undefined) throw new Error('nobody')
  return found
}
const refused = (code: string, subject?: string) =>
  expect.objectContaining({ code, ...(subject === undefined ? {} : { subject }) }) as Error
const close = (successorId: string | null, unitId = UNIT): ChangeBody => ({
  kind: 'unitClosed',
  unitId,
  successorId,
})
const add = (changes: Partial<Extract<ChangeBody, { kind: 'personAdded' }>> = {}): ChangeBody => ({
  kind: 'personAdded',
  unitId: UNIT,
  person: NEW_OFFICER,
  ...changes,
})

describe('R101: change of officers (Đ17.9)', () => {
  it('has a day: until then the old one, from then the new one, in one change', () => {
    const [old] = people(UNIT, 'officer') ?? []
    const made = propose(add({ replaces: idOf(UNIT, 'officer') }), NEXT_WEEK, HEAD)
    expect(made).toMatchObject({
      state: 'upcoming',
      mayWithdraw: true,
      names: { person: 'Vũ Thị Nhàn', replaced: old },
      change: { personId: 'vu-thi-nhan', person: { phone: '0950 000 901' } },
    })
    expect(people(UNIT, 'officer')).toEqual([old])
    desk.pass(WEEK)
    expect(people(UNIT, 'officer')).toEqual(['Vũ Thị Nhàn'])
    expect(
      desk.directory
        .at(new Date('2026-03-08T16:59:00Z'))
        .unit(UNIT)
        ?.people.map(({ name }) => name),
    ).toContain(old)
  })

  it('reaches the next slip, and disturbs none that went out', () => {
    const before = fillDraft(desk)
    const first = desk.tickets.sendSlip(
      before.code,
      { version: before.version, unitId: UNIT, note: '' },
      OPERATOR,
    )
    const [old] = people(UNIT, 'officer') ?? []
    propose(add({ replaces: idOf(UNIT, 'officer') }))
    const after = fillDraft(desk)
    desk.tickets.sendSlip(after.code, { version: after.version, unitId: UNIT, note: '' }, OPERATOR)
    const names = (code: string): unknown =>
      desk.tickets.slipPaper(code, 1, OPERATOR).unit.officers.map(({ name }) => name)
    expect(names(first.code)).toEqual([old])
    expect(names(after.code)).toEqual(['Vũ Thị Nhàn'])
    expect(desk.messages.ofTicket(after.code).map(({ toName }) => toName)).toEqual(['Vũ Thị Nhàn'])
  })

  it('is a head’s for the own officers alone, the City Office’s for people, an admin’s for all', () => {
    propose(add(), TODAY, HEAD)
    for (const body of [
      add({ unitId: OTHER_UNIT }),
      add({ person: { ...NEW_OFFICER, role: 'head', phone: '0950 000 902' } }),
      { kind: 'personEnded', unitId: UNIT, personId: idOf(UNIT, 'head') },
      { kind: 'personChanged', unitId: UNIT, personId: idOf(UNIT, 'officer'), person: { role: 'head' } },
      { kind: 'unitChanged', unitId: UNIT, unit: { name: 'Công ty khác' } },
      close(null),
    ] satisfies ChangeBody[])
      expect(() => propose(body, TODAY, HEAD)).toThrow(refused('CHANGE_NOT_YOURS'))
    propose({ kind: 'personEnded', unitId: UNIT, personId: idOf(UNIT, 'head') }, NEXT_WEEK, CITY_OFFICE)
    expect(() => propose(close(null), TODAY, CITY_OFFICE)).toThrow(refused('CHANGE_NOT_YOURS'))
    for (const person of [OPERATOR, SUPERVISOR, OFFICER])
      expect(() => propose(add(), TODAY, person)).toThrow(refused('CHANGE_NOT_YOURS'))
  })

  it('is told to the City Office, which takes note of it once; its own word is not', () => {
    const made = propose(add(), TODAY, HEAD)
    expect(desk.editor.list({}, CITY_OFFICE)).toMatchObject({
      unseen: 1,
      items: [{ id: made.id, why: WHY, made: { name: HEAD.name }, office: { needed: true, seen: null } }],
    })
    desk.editor.note(made.id, CITY_OFFICE)
    desk.pass(1000)
    const noted = desk.editor.note(made.id, CITY_OFFICE)
    expect(noted.office.seen).toEqual({ at: '2026-03-02T01:00:00.000Z', name: CITY_OFFICE.name })
    expect(desk.editor.list({}, CITY_OFFICE).unseen).toBe(0)
    const own = propose(
      { kind: 'personEnded', unitId: UNIT, personId: 'vu-thi-nhan' },
      NEXT_WEEK,
      CITY_OFFICE,
    )
    expect(own.office.needed).toBe(false)
    expect(() => desk.editor.note(own.id, CITY_OFFICE)).toThrow(refused('NOTICE_NOT_NEEDED'))
  })

  it('may leave a unit without anybody; then no slip goes there, and the page says so', () => {
    propose({ kind: 'personEnded', unitId: UNIT, personId: idOf(UNIT, 'officer') })
    const draft = fillDraft(desk)
    expect(() =>
      desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: UNIT, note: '' }, OPERATOR),
    ).toThrow(refused('UNIT_HAS_NO_OFFICER'))
  })
})

describe('R012: units', () => {
  it('begin, are renamed and end, each from its day; cases keep the name of their time', () => {
    propose({ kind: 'unitCreated', unitId: 'p-moi', unit: DETAILS }, NEXT_WEEK)
    expect(desk.directory.unit('p-moi')).toBeUndefined()
    const draft = fillDraft(desk)
    const { code } = desk.tickets.sendSlip(
      draft.code,
      { version: draft.version, unitId: UNIT, note: '' },
      OPERATOR,
    )
    const old = desk.directory.unit(UNIT)?.name
    propose({ kind: 'unitChanged', unitId: UNIT, unit: { name: 'Trung tâm Chiếu sáng' } }, NEXT_WEEK)
    propose(close('p-moi'), '2026-03-16')
    expect(desk.directory.unit(UNIT)?.name).toBe(old)
    desk.pass(WEEK)
    expect(desk.directory.unit('p-moi')).toMatchObject({
      name: DETAILS.name,
      validFrom: NEXT_WEEK,
      people: [],
    })
    expect(desk.tickets.view(code, OPERATOR)).toMatchObject({
      unitName: old,
      unitNowName: 'Trung tâm Chiếu sáng',
    })
    desk.pass(WEEK)
    expect(desk.directory.successorOf(UNIT)?.id).toBe('p-moi')
    expect(desk.directory.suggest({ fieldId: 'lighting', areaId: null })[0]).toBe('p-moi')
    expect(desk.tickets.view(code, { ...OFFICER, unitId: 'p-moi' })).toMatchObject({
      unitId: UNIT,
      unitNowName: DETAILS.name,
    })
  })

  it.each<[string, () => unknown, string, string?]>([
    [
      'an id that is taken',
      () => propose({ kind: 'unitCreated', unitId: UNIT, unit: DETAILS }),
      'ID_TAKEN',
      UNIT,
    ],
    [
      'an SMS name with marks',
      () => propose({ kind: 'unitChanged', unitId: UNIT, unit: { smsName: 'Chiếu sáng' } }),
      'SMS_NAME_INVALID',
      'Chiếu sáng',
    ],
    [
      'an SMS name that is too long',
      () => propose({ kind: 'unitChanged', unitId: UNIT, unit: { smsName: 'Cong ty Chieu sang HP' } }),
      'SMS_NAME_INVALID',
    ],
    [
      'hours nobody wrote down',
      () => propose({ kind: 'unitChanged', unitId: UNIT, unit: { calendar: 'nua-dem' } }),
      'CALENDAR_UNKNOWN',
      'nua-dem',
    ],
    [
      'a field nobody knows',
      () => propose({ kind: 'unitChanged', unitId: UNIT, unit: { fields: ['nothing'] } }),
      'FIELD_UNKNOWN',
      'nothing',
    ],
    ['a unit nobody knows', () => propose(close(null, 'nobody')), 'UNIT_UNKNOWN', 'nobody'],
    [
      'a unit that is over',
      () => propose(close(null, 'q-le-chan')),
      'UNIT_ENDED',
      'Ủy ban nhân dân quận Lê Chân',
    ],
    ['a successor nobody knows', () => propose(close('nobody')), 'UNIT_UNKNOWN', 'nobody'],
    ['a successor that is over', () => propose(close('q-le-chan')), 'UNIT_ENDED'],
    ['itself as successor', () => propose(close(UNIT)), 'SUCCESSOR_LOOP'],
    ['a day gone by', () => propose(close(null), '2026-03-01'), 'EFFECTIVE_IN_PAST', '2026-03-01'],
    ['a day that is none', () => propose(close(null), '2026-02-30'), 'DAY_INVALID', '2026-02-30'],
    ['a day in a far year', () => propose(close(null), '2062-03-09'), 'EFFECTIVE_TOO_FAR'],
    [
      'an end before the beginning',
      () => propose(add({ to: TODAY }), NEXT_WEEK),
      'DAYS_INVERTED',
      'Vũ Thị Nhàn',
    ],
    ['a second head', () => propose(add({ person: { ...NEW_OFFICER, role: 'head' } })), 'HEADS_OVERLAP'],
    [
      'somebody twice',
      () => {
        propose(add())
        propose(add())
      },
      'PERSON_TWICE',
    ],
    [
      'somebody nobody knows',
      () => propose({ kind: 'personEnded', unitId: UNIT, personId: 'nobody' }),
      'PERSON_UNKNOWN',
    ],
    [
      'somebody who left',
      () => {
        const personId = idOf(UNIT, 'officer')
        propose({ kind: 'personEnded', unitId: UNIT, personId })
        propose({ kind: 'personEnded', unitId: UNIT, personId }, NEXT_WEEK)
      },
      'PERSON_ENDED',
    ],
    [
      'our own line',
      () => propose(add({ person: { ...NEW_OFFICER, phone: '0225 1022' } })),
      'PHONE_OWN',
      '0225 1022',
    ],
    [
      '113',
      () => propose({ kind: 'unitChanged', unitId: UNIT, unit: { dutyPhone: '113' } }),
      'PHONE_SHORT',
      '113',
    ],
    [
      'a number paid by the minute',
      () => propose(add({ person: { ...NEW_OFFICER, phone: '1900 1234' } })),
      'PHONE_PREMIUM',
    ],
    [
      'a number abroad',
      () => propose(add({ person: { ...NEW_OFFICER, phone: '+1 202 555 0123' } })),
      'PHONE_FOREIGN',
    ],
    ['no number', () => propose(add({ person: { ...NEW_OFFICER, phone: 'máy lẻ' } })), 'PHONE_INVALID'],
  ])('refuses %s', (_what, attempt, code, subject) => {
    expect(attempt).toThrow(refused(code, subject))
  })

  it('a circle through a unit that is still to end is found, whatever came first', () => {
    propose(close(OTHER_UNIT), '2026-03-16')
    expect(() => propose(close(UNIT, OTHER_UNIT), NEXT_WEEK)).toThrow(refused('UNIT_ENDED'))
    expect(() => propose(close(UNIT, OTHER_UNIT), '2026-03-23')).toThrow(refused('UNIT_ENDED'))
  })

  it('nobody is appointed to a unit after its end, also where the end is recorded later', () => {
    propose(add(), '2026-03-16')
    expect(() => propose(close(null), NEXT_WEEK)).toThrow(
      refused('UNIT_ENDED', desk.directory.unit(UNIT)?.name),
    )
    propose(close(null), '2026-03-17')
  })
})

describe('R023: rules', () => {
  it('are set for the city or for a place, from a day and until one', () => {
    const matter = { fieldId: 'lighting', areaId: 'p-gia-vien' }
    const elsewhere = { fieldId: 'lighting', areaId: 'p-le-chan' }
    propose({ kind: 'routeSet', fieldId: 'lighting', areaId: null, unitIds: [OTHER_UNIT] })
    propose({ kind: 'routeSet', ...matter, unitIds: ['p-gia-vien'], to: '2026-03-15' }, NEXT_WEEK)
    expect(desk.directory.suggest(matter)[0]).toBe(OTHER_UNIT)
    desk.pass(WEEK)
    expect(desk.directory.suggest(matter)[0]).toBe('p-gia-vien')
    expect(desk.directory.suggest(elsewhere)[0]).toBe(OTHER_UNIT)
    desk.pass(WEEK)
    expect(desk.directory.suggest(matter)[0]).toBe(OTHER_UNIT)
    propose({ kind: 'areaSet', areaId: 'p-gia-vien', unitId: 'p-le-chan' }, '2026-03-16')
    expect(desk.directory.suggest(matter)).toEqual([OTHER_UNIT, 'p-le-chan'])
  })

  it('name only units that are there', () => {
    expect(() =>
      propose({ kind: 'routeSet', fieldId: 'lighting', areaId: null, unitIds: ['q-le-chan'] }),
    ).toThrow(refused('UNIT_ENDED'))
    expect(() => propose({ kind: 'routeSet', fieldId: 'nothing', areaId: null, unitIds: [UNIT] })).toThrow(
      refused('FIELD_UNKNOWN'),
    )
    expect(() => propose({ kind: 'areaSet', areaId: 'nowhere', unitId: null })).toThrow(
      refused('AREA_UNKNOWN'),
    )
  })
})

describe('what was recorded', () => {
  it('can be taken back before its day, with a reason, and not after', () => {
    const made = propose(add(), NEXT_WEEK, HEAD)
    expect(desk.editor.withdraw(made.id, 'Nhập nhầm', HEAD)).toMatchObject({
      state: 'withdrawn',
      withdrawn: { name: HEAD.name, why: 'Nhập nhầm' },
      mayWithdraw: false,
    })
    expect(() => desk.editor.withdraw(made.id, 'Nhập nhầm', HEAD)).toThrow(refused('CHANGE_WITHDRAWN'))
    desk.pass(WEEK)
    expect(people(UNIT, 'officer')).not.toContain('Vũ Thị Nhàn')
    const inForce = propose(add(), NEXT_WEEK)
    expect(inForce).toMatchObject({ state: 'inForce', mayWithdraw: false })
    expect(() => desk.editor.withdraw(inForce.id, 'Nhập nhầm', ADMIN)).toThrow(refused('CHANGE_IN_FORCE'))
    expect(() => desk.editor.withdraw(99, 'Nhập nhầm', ADMIN)).toThrow(refused('CHANGE_UNKNOWN'))
  })

  it('is not taken back by others, nor while something still to come stands on it', () => {
    const made = propose({ kind: 'unitCreated', unitId: 'p-moi', unit: DETAILS }, NEXT_WEEK)
    expect(() => desk.editor.withdraw(made.id, 'Nhập nhầm', HEAD)).toThrow(refused('CHANGE_NOT_YOURS'))
    const officer = propose(add({ unitId: 'p-moi' }), NEXT_WEEK)
    expect(() => desk.editor.withdraw(made.id, 'Nhập nhầm', ADMIN)).toThrow(refused('UNIT_UNKNOWN', 'p-moi'))
    desk.editor.withdraw(officer.id, 'Nhập nhầm', ADMIN)
    desk.editor.withdraw(made.id, 'Nhập nhầm', ADMIN)
    desk.pass(WEEK)
    expect(desk.directory.unit('p-moi')).toBeUndefined()
  })

  it('is read by whom it concerns: a head sees the own unit’s alone', () => {
    propose(add(), TODAY, HEAD)
    propose(add({ unitId: OTHER_UNIT }))
    propose({ kind: 'areaSet', areaId: 'p-gia-vien', unitId: null })
    expect(desk.editor.list({}, HEAD).items.map(({ names }) => names['unit'])).toEqual([
      desk.directory.unit(UNIT)?.name,
    ])
    expect(desk.editor.list({}, ADMIN).items).toHaveLength(3)
    expect(desk.editor.list({ unitId: OTHER_UNIT }, ADMIN).items).toHaveLength(1)
    expect(desk.editor.list({}, OPERATOR).items).toEqual([])
  })

  it('is never written over: the database refuses it, and the audit log has who did what', () => {
    const made = propose(add(), NEXT_WEEK)
    desk.editor.withdraw(made.id, 'Nhập nhầm', ADMIN)
    for (const table of ['directory_changes', 'directory_withdrawals'])
      for (const statement of [`UPDATE ${table} SET why = 'khác'`, `DELETE FROM ${table}`])
        expect(() => desk.db.raw.exec(statement)).toThrow(/append-only/)
    expect(desk.audited).toMatchObject([
      { actorId: ADMIN.id, action: 'directory.changed', detail: { kind: 'personAdded', unitId: UNIT } },
      { actorId: ADMIN.id, action: 'directory.withdrawn' },
    ])
    expect(JSON.stringify(desk.audited)).not.toContain('0950')
  })
})

describe('R096: the page of the directory', () => {
  const book = async (person: Person) => {
    const app = await desk.serve()
    const reply = await app.inject({
      url: '/api/directory/units',
      headers: { cookie: `sid=${person.username}` },
    })
    const body = reply.json<{
      units: {
        unit: { id: string; people: { role: string; phone: string }[] }
        standing: string
        successorName: string | null
        warnings: string[]
        mayChange: string
      }[]
    }>()
    await app.close()
    const entry = (id: string) => body.units.find(({ unit }) => unit.id === id)
    return { ...body, entry }
  }

  it('shows heads’ numbers to the hotline and the City Office, to others only those of their own unit', async () => {
    const headOf = (entry: { unit: { people: { role: string; phone: string }[] } } | undefined) =>
      entry?.unit.people.find(({ role }) => role === 'head')?.phone
    expect(headOf((await book(OPERATOR)).entry(OTHER_UNIT))).toMatch(/^0950 000/)
    const shown = await book(OFFICER)
    expect(headOf(shown.entry(OTHER_UNIT))).toMatch(/^••• ••• \d{3}$/)
    expect(headOf(shown.entry(UNIT))).toMatch(/^0950 000/)
    expect(shown.entry(OTHER_UNIT)?.unit.people.find(({ role }) => role === 'officer')?.phone).toMatch(
      /^0950/,
    )
  })

  it('has units that are over and those to come, and says what is wrong with one', async () => {
    propose({ kind: 'unitCreated', unitId: 'p-moi', unit: DETAILS }, NEXT_WEEK)
    propose({ kind: 'personEnded', unitId: UNIT, personId: idOf(UNIT, 'officer') })
    const shown = await book(ADMIN)
    expect(shown.entry('q-le-chan')).toMatchObject({ standing: 'over', mayChange: 'nothing', warnings: [] })
    expect(shown.entry('q-le-chan')?.successorName).toBe(desk.directory.unit('p-le-chan')?.name)
    expect(shown.entry('p-moi')).toMatchObject({ standing: 'upcoming', mayChange: 'all' })
    expect(shown.entry(UNIT)?.warnings).toEqual(['noOfficer'])
    expect(shown.entry('dk-bach-long-vi')?.warnings).toContain('landlineOnly')
    expect((await book(HEAD)).entry(UNIT)?.mayChange).toBe('officers')
  })

  it('R139: takes shifts with an officer, and shows whose turn it is', async () => {
    propose(add({ person: { ...NEW_OFFICER, shifts: [{ weekdays: [0], hours: '07:00-19:00' }] } }))
    const unit = desk.directory.unit(UNIT)
    const added = unit?.people.find(({ id }) => id === 'vu-thi-nhan')
    expect(added?.shifts).toEqual([{ weekdays: [0], hours: '07:00-19:00' }])
    expect(desk.directory.isOnDuty(added ?? {}, new Date('2026-03-01T03:00:00Z'))).toBe(true)
    expect(desk.directory.isOnDuty(added ?? {}, desk.now())).toBe(false)
  })
})

describe('over HTTP', () => {
  it('a change is made, listed and taken back', async () => {
    const app = await desk.serve()
    const ask = (method: 'GET' | 'POST', url: string, payload?: object) =>
      app.inject({
        method,
        url,
        headers: { cookie: 'sid=admin', 'x-csrf-token': 'csrf' },
        ...(payload === undefined ? {} : { payload }),
      })
    const made = await ask('POST', '/api/directory/changes', {
      effectiveOn: NEXT_WEEK,
      why: WHY,
      change: add(),
    })
    expect(made.statusCode).toBe(200)
    const { id } = made.json<{ id: number }>()
    const refusal = await ask('POST', '/api/directory/changes', {
      effectiveOn: NEXT_WEEK,
      why: WHY,
      change: add(),
    })
    expect([refusal.statusCode, refusal.json()]).toEqual([
      422,
      expect.objectContaining({ code: 'PERSON_TWICE' }),
    ])
    expect(
      (
        await ask('POST', '/api/directory/changes', {
          effectiveOn: NEXT_WEEK,
          why: WHY,
          change: { kind: 'other' },
        })
      ).statusCode,
    ).toBe(422)
    expect(
      (await ask('POST', `/api/directory/changes/${String(id)}/withdraw`, { why: 'Nhập nhầm' })).statusCode,
    ).toBe(200)
    expect((await ask('GET', '/api/directory/changes')).json()).toMatchObject({
      items: [{ id, state: 'withdrawn' }],
      unseen: 0,
    })
    await app.close()
  })
})

describe('R012: a unit with cases to answer', () => {
  const HEIR = 'thoat-nuoc'
  function forwarded(unitId = UNIT, changes: Record<string, unknown> = {}): string {
    const { code, version } = fillDraft(desk, changes)
    desk.tickets.sendSlip(code, { version, unitId, note: '' }, OPERATOR)
    return code
  }

  it('does not end without a successor, whenever that is to be, and says how many there are', () => {
    const code = forwarded()
    forwarded()
    expect(() => propose(close(null))).toThrow(refused('UNIT_HAS_CASES', '2'))
    expect(() => propose(close(null), NEXT_WEEK)).toThrow(refused('UNIT_HAS_CASES', '2'))
    expect(desk.directory.successorOf(UNIT)?.id).toBe(UNIT)
    expect(desk.audited.map(({ action }) => action)).not.toContain('directory.changed')
    // One that is withdrawn is nobody's to answer.
    for (const one of [code, 'HP26-000002'])
      desk.tickets.move(
        one,
        { version: desk.tickets.view(one, OPERATOR).version, action: 'withdraw', reason: 'Đã xong' },
        OPERATOR,
      )
    expect(propose(close(null)).state).toBe('inForce')
  })

  it('counts what it works on beside another unit, until its part has ended (R055, Đ9.5a)', () => {
    const code = forwarded(HEIR)
    const now = () => desk.tickets.view(code, OPERATOR).version
    const reason = 'Cùng đào đường'
    desk.tickets.addCoHandler(code, { version: now(), unitId: UNIT, reason }, OPERATOR)
    expect(() => propose(close(null))).toThrow(refused('UNIT_HAS_CASES', '1'))
    desk.tickets.removeCoHandler(code, UNIT, { version: now(), reason }, OPERATOR)
    expect(propose(close(null)).state).toBe('inForce')
  })

  it('leaves them to its successor, and says how many go over as long as it can be taken back', () => {
    forwarded()
    const closing = propose(close(HEIR), NEXT_WEEK)
    expect(closing.names).toMatchObject({ cases: '1' })
    expect(desk.audited.at(-1)?.detail).toMatchObject({ openCases: 1 })
    forwarded()
    expect(desk.editor.list({}, ADMIN).items[0]?.names).toMatchObject({ cases: '2' })
    desk.pass(WEEK)
    expect(desk.editor.list({}, ADMIN).items[0]?.names).not.toHaveProperty('cases')
    // What came to it is its own now: it cannot leave it to nobody either.
    expect(() => propose(close(null, HEIR), '2026-03-10')).toThrow(refused('UNIT_HAS_CASES', '2'))
  })

  it('counts also what it has answered and nobody passed on, and no case of training', () => {
    const code = forwarded()
    const move = (action: 'accept' | 'submitAnswer', more: object = {}) =>
      desk.tickets.move(code, { version: desk.tickets.view(code, OFFICER).version, action, ...more }, OFFICER)
    move('accept')
    move('submitAnswer', { replied: 'hotline', result: 'Đã thay bóng.' })
    expect(() => propose(close(null))).toThrow(refused('UNIT_HAS_CASES', '1'))
    desk.db.raw.exec('UPDATE tickets SET training = 1')
    expect(propose(close(null)).names).not.toHaveProperty('cases')
  })

  it('is named to the admin who may end it with that number, and to nobody else', async () => {
    forwarded()
    const app = await desk.serve()
    const entries = async (who: string) => {
      const answer = await app.inject({ url: '/api/directory/units', cookies: { sid: who } })
      return answer.json<{ units: { unit: { id: string }; openCases?: number }[] }>().units
    }
    const found = (await entries('admin')).find(({ unit }) => unit.id === UNIT)
    expect(found?.openCases).toBe(1)
    expect((await entries('admin')).find(({ unit }) => unit.id === HEIR)?.openCases).toBe(0)
    for (const who of ['operator', 'cityOffice', 'head'])
      expect((await entries(who)).some((entry) => 'openCases' in entry)).toBe(false)
    await app.close()
  })
})

describe('R012: units that are always needed', () => {
  const OFFICE = 'van-phong'

  it('end with a successor only, whether they have cases or not; so does whoever took over from them', () => {
    expect(() => propose(close(null, OFFICE))).toThrow(refused('UNIT_NEEDED'))
    expect(() => propose(close(null, OFFICE), NEXT_WEEK)).toThrow(refused('UNIT_NEEDED'))
    expect(propose(close(UNIT, OFFICE)).state).toBe('inForce')
    expect(desk.directory.successorOf(OFFICE)?.id).toBe(UNIT)
    expect(() => propose(close(null), NEXT_WEEK)).toThrow(refused('UNIT_NEEDED'))
  })

  it('one is the unit of last resort for emergency calls', async () => {
    const other = createDesk({ lastResort: UNIT })
    const ending = { change: close(null), effectiveOn: TODAY, why: WHY }
    expect(() => other.editor.propose(ending, ADMIN)).toThrow(refused('UNIT_NEEDED'))
    await other.close()
  })

  it('the City Office has the cases that it leads', () => {
    const { code, version } = fillDraft(desk)
    desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
    expect(desk.tickets.openByUnit().get(OFFICE)).toBeUndefined()
    const now = desk.tickets.view(code, OPERATOR).version
    const lead = { version: now, action: 'takeLead', leadReason: 'forChairman' } as const
    desk.tickets.move(code, lead, CITY_OFFICE)
    expect(desk.tickets.openByUnit().get(OFFICE)).toBe(1)
    expect(desk.tickets.openByUnit().get(UNIT)).toBeUndefined()
    propose(close(UNIT, OFFICE))
    expect(desk.audited.at(-1)?.detail).toMatchObject({ openCases: 1 })
  })
})

describe('an officer who becomes head (R101, Đ17.9)', () => {
  const end = () => propose({ kind: 'personEnded', unitId: UNIT, personId: idOf(UNIT, 'head') }, NEXT_WEEK)
  const promote = (day = NEXT_WEEK) =>
    propose(
      {
        kind: 'personChanged',
        unitId: UNIT,
        personId: idOf(UNIT, 'officer'),
        person: { role: 'head', position: 'Giám đốc' },
      },
      day,
    )

  it('follows on the day that the one before is gone; both are as they were until then', () => {
    const [officers, heads] = [people(UNIT, 'officer') ?? [], people(UNIT, 'head')]
    end()
    promote()
    expect([people(UNIT, 'officer'), people(UNIT, 'head')]).toEqual([officers, heads])
    desk.pass(WEEK)
    expect([people(UNIT, 'officer'), people(UNIT, 'head')]).toEqual([officers.slice(1), officers.slice(0, 1)])
    expect(desk.directory.unit(UNIT)?.people.find(({ role }) => role === 'head')).toMatchObject({
      position: 'Giám đốc',
      from: NEXT_WEEK,
    })
  })

  it('is refused while the other is there still, and the end that made room is not taken back', () => {
    expect(() => promote()).toThrow(refused('HEADS_OVERLAP'))
    const { id } = end()
    expect(() => promote('2026-03-08')).toThrow(refused('HEADS_OVERLAP'))
    promote()
    expect(() => desk.editor.withdraw(id, WHY, ADMIN)).toThrow(refused('HEADS_OVERLAP'))
  })

  it('R101: takes the place of whoever is head in one change, which both the City Office and an admin may make', () => {
    const [officers, heads] = [people(UNIT, 'officer') ?? [], people(UNIT, 'head')]
    const instead: ChangeBody = {
      kind: 'personChanged',
      unitId: UNIT,
      personId: idOf(UNIT, 'officer'),
      person: { role: 'head' },
      replaces: idOf(UNIT, 'head'),
    }
    expect(() => propose({ ...instead, replaces: 'nobody' }, NEXT_WEEK)).toThrow(
      refused('PERSON_UNKNOWN', 'nobody'),
    )
    expect(() => propose(instead, NEXT_WEEK, HEAD)).toThrow(refused('CHANGE_NOT_YOURS'))
    const { names } = propose(instead, NEXT_WEEK, CITY_OFFICE)
    expect(names).toMatchObject({ person: officers[0], replaced: heads?.[0] })
    expect([people(UNIT, 'officer'), people(UNIT, 'head')]).toEqual([officers, heads])
    desk.pass(WEEK)
    expect([people(UNIT, 'officer'), people(UNIT, 'head')]).toEqual([officers.slice(1), officers.slice(0, 1)])
  })

  it('R101: is not recorded a second time: nothing would change, and the news of it would go out again', () => {
    end()
    promote()
    expect(() => promote()).toThrow(refused('CHANGE_NOTHING', people(UNIT, 'officer')?.[0]))
    expect(() => promote('2026-03-10')).toThrow(refused('CHANGE_NOTHING'))
    expect(() => propose({ kind: 'unitChanged', unitId: UNIT, unit: { dutyMustPress: true } })).not.toThrow()
    expect(() => propose({ kind: 'unitChanged', unitId: UNIT, unit: { dutyMustPress: true } })).toThrow(
      refused('CHANGE_NOTHING', desk.directory.unit(UNIT)?.name),
    )
    const at = (unitIds: string[]) =>
      propose({ kind: 'routeSet', fieldId: 'lighting', areaId: AREA, unitIds }, NEXT_WEEK)
    at([UNIT])
    expect(() => at([UNIT])).toThrow(refused('CHANGE_NOTHING', 'lighting'))
    at([OTHER_UNIT])
    expect(() => at([UNIT])).not.toThrow()
  })

  it('keeps the days they have been there where only the number is another', () => {
    const before = desk.directory.unit(UNIT)?.people.find(({ role }) => role === 'officer')
    const personId = idOf(UNIT, 'officer')
    propose({
      kind: 'personChanged',
      unitId: UNIT,
      personId,
      person: { role: 'officer', phone: '0950000902' },
    })
    expect(desk.directory.unit(UNIT)?.people.find(({ id }) => id === personId)?.from).toBe(before?.from)
  })
})
