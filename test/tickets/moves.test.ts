import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Person } from '../../src/accounts/contract.ts'
import { type MoveTicket, type TicketView } from '../../src/tickets/contract.ts'
import {
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  HEAD,
  OFFICER,
  OPERATOR,
  OTHER_OPERATOR,
  SUPERVISOR,
} from '../support/desk.ts'

let desk: Desk
beforeEach(() => {
  desk = createDesk() // Monday 2026-03-02, 08:00 in the city
})
afterEach(() => desk.close())

/** The clock goes on, and the minute's sweep with it. */
const until = (local: string): void => {
  desk.pass(new Date(`${local}+07:00`).getTime() - desk.now().getTime())
  desk.deadlines.sweep()
}
const view = (code: string): TicketView => desk.tickets.view(code, OPERATOR)
function forward(unitId = 'chieu-sang'): string {
  const { code, version } = fillDraft(desk)
  desk.tickets.sendSlip(code, { version, unitId, note: '' }, OPERATOR)
  return code
}
function move(
  code: string,
  by: Person,
  action: MoveTicket['action'],
  given: Partial<MoveTicket> = {},
): TicketView {
  return desk.tickets.move(code, { version: view(code).version, action, ...given }, by)
}
const refusal = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return 'done'
}
const clocks = (code: string) =>
  view(code).deadlines.map(({ kind, round, state, breachedAt }) =>
    [kind, round, state, breachedAt === null ? '' : 'late'].join(' ').trim(),
  )
const sent = (code: string): string[] =>
  view(code).messages.map(({ toName, template }) => `${template} → ${toName ?? 'citizen'}`)
const types = (code: string): string[] => view(code).events.map(({ type }) => type)

describe('a case with a unit', () => {
  it('R048 R049: is the officer’s for eight working hours, taken up, answered and told to the citizen', () => {
    const code = forward()
    expect(view(code)).toMatchObject({ state: 'assigned', unitId: 'chieu-sang' })
    expect(view(code).dueAt).toBe('2026-03-03T01:00:00.000Z')
    expect(clocks(code)).toEqual(['officer 1 running'])
    move(code, OFFICER, 'accept')
    until('2026-03-02T15:00')
    move(code, OFFICER, 'submitAnswer', { replied: 'hotline', result: 'Đã thay bóng.' })
    expect(view(code)).toMatchObject({ state: 'agencyAnswered', agencyAnswer: 'Đã thay bóng.', dueAt: null })
    expect(clocks(code)).toEqual(['officer 1 satisfied', 'relay 1 running'])
    const done = move(code, OPERATOR, 'relayAnswer', { told: 'sms' })
    expect(done).toMatchObject({ state: 'answered', answer: 'Đã thay bóng.' })
    expect(sent(code).map((line) => line.split(' ')[0])).toEqual(['slipOfficer', 'result'])
    until('2026-03-20T08:00')
    expect(view(code).state).toBe('closed')
    expect(clocks(code)).toContain('autoClose 1 satisfied late')
  })

  it('R051-R054 R081: an officer who is silent, a head who is silent, and the City Office', () => {
    const code = forward()
    until('2026-03-02T15:30')
    expect(sent(code).filter((line) => line.startsWith('reminder'))).toHaveLength(1)
    until('2026-03-03T08:01')
    expect(view(code)).toMatchObject({ state: 'escalated', dueAt: '2026-03-11T01:01:00.000Z' })
    expect(clocks(code)).toEqual(['officer 1 breached late', 'head 1 running'])
    expect(view(code).slips.map(({ version }) => version)).toEqual([1, 2])
    expect(sent(code).filter((line) => line.startsWith('slipHead'))).toHaveLength(1)
    until('2026-03-11T08:02')
    expect(view(code).state).toBe('overdue')
    expect(clocks(code)).toEqual(['officer 1 breached late', 'head 1 breached late'])
    // the unit's head, and the two of the City Office
    expect(sent(code).filter((line) => line.startsWith('overdue'))).toHaveLength(3)
    move(code, CITY_OFFICE, 'takeLead', { leadReason: 'forChairman' })
    const directed = move(code, CITY_OFFICE, 'direct', {
      directive: 'Xong trước thứ Sáu.',
      unitId: 'so-xay-dung',
      dueAt: '2026-03-13T16:00:00+07:00',
    })
    expect(directed).toMatchObject({ state: 'assigned', unitId: 'so-xay-dung' })
    expect(clocks(code).slice(2)).toEqual(['office 1 satisfied', 'directed 1 running'])
  })

  it('catches up after a weekend of standing still, each step once and at its true time', () => {
    const code = forward()
    desk.pass(20 * 86_400_000)
    desk.deadlines.sweep()
    expect(view(code).state).toBe('escalated')
    expect(view(code).deadlines[0]?.breachedAt).toBe('2026-03-03T01:00:00.000Z')
    const before = types(code)
    desk.deadlines.sweep()
    expect(types(code)).toEqual(before)
  })

  it('R050: has the day the officer named, and goes to the head when it passes', () => {
    const code = forward()
    move(code, OFFICER, 'accept')
    const promise = (promisedAt: string, by = OFFICER) =>
      refusal(() => move(code, by, 'promise', { promisedAt, reason: 'Cần kiểm tra hiện trường' }))
    expect(promise('2026-03-02T00:00:00Z')).toBe('PROMISE_PAST')
    expect(promise('2026-03-30T08:00:00Z')).toBe('PROMISE_NEEDS_HEAD')
    expect(promise('2026-03-05T10:00:00Z')).toBe('done')
    expect(view(code)).toMatchObject({ state: 'verifying', dueAt: '2026-03-05T10:00:00.000Z' })
    expect(sent(code)).toContain('promised → citizen')
    until('2026-03-04T08:00')
    expect(view(code).state).toBe('verifying')
    until('2026-03-05T17:01')
    expect(view(code).state).toBe('escalated')
    expect(clocks(code)).toEqual(['officer 1 satisfied', 'promise 1 breached late', 'head 1 running'])
  })

  describe('R050: a day beyond the head’s 48 working hours (A8)', () => {
    const LONG = '2026-03-30T08:00:00.000Z'
    const ask = (code: string, by: Person = OFFICER, promisedAt = LONG) =>
      move(code, by, 'requestPromise', { promisedAt, reason: 'Chờ vật tư nhập khẩu' })
    const accepted = (): string => {
      const code = forward()
      move(code, OFFICER, 'accept')
      return code
    }

    const heads = () => desk.directory.unit('chieu-sang')?.people.filter(({ role }) => role === 'head') ?? []

    it('is marked in the unit’s list as long as it waits for the head, and in nobody else’s', () => {
      const code = accepted()
      const marks = (by: Person) => desk.tickets.list({}, by).items.map(({ promiseWaits }) => promiseWaits)
      expect(marks(HEAD)).toEqual([undefined])
      ask(code)
      expect([marks(HEAD), marks(OFFICER), marks(OPERATOR)]).toEqual([[LONG], [LONG], [undefined]])
      move(code, HEAD, 'approvePromise')
      expect(marks(HEAD)).toEqual([undefined])
    })

    it('is asked for with its reason while the officer’s time goes on, and is the promise once the head approves', () => {
      const code = accepted()
      expect(ask(code)).toMatchObject({
        state: 'inProgress',
        dueAt: '2026-03-03T01:00:00.000Z',
        promiseRequest: {
          promisedAt: LONG,
          reason: 'Chờ vật tư nhập khẩu',
          askedBy: OFFICER.name,
          at: '2026-03-02T01:00:00.000Z',
        },
      })
      expect(clocks(code)).toEqual(['officer 1 running'])
      expect(sent(code).filter((line) => line.startsWith('promise'))).toEqual(
        heads().map(({ name }) => `promiseAsked → ${name}`),
      )
      expect(desk.tickets.view(code, HEAD).actions).toEqual(
        expect.arrayContaining(['approvePromise', 'declinePromise']),
      )
      expect(move(code, HEAD, 'approvePromise')).toMatchObject({
        state: 'verifying',
        dueAt: LONG,
        promiseRequest: null,
      })
      expect(clocks(code)).toEqual(['officer 1 satisfied', 'promise 1 running'])
      expect(view(code).events.find(({ type }) => type === 'promised')?.detail).toMatchObject({
        promisedAt: LONG,
        reason: 'Chờ vật tư nhập khẩu',
        approved: true,
      })
      expect(sent(code)).toContain('promised → citizen')
    })

    it('is declined with a reason, and may be asked for again', () => {
      const code = accepted()
      expect(desk.tickets.view(code, HEAD).actions).not.toContain('approvePromise')
      expect(refusal(() => move(code, HEAD, 'approvePromise'))).toBe('NO_PROMISE_WAITS')
      ask(code)
      expect(desk.tickets.view(code, OFFICER).actions).not.toContain('requestPromise')
      expect(refusal(() => ask(code))).toBe('PROMISE_WAITS')
      expect(refusal(() => move(code, HEAD, 'declinePromise'))).toBe('REASON_REQUIRED')
      expect(move(code, HEAD, 'declinePromise', { reason: 'Mượn vật tư của phường' })).toMatchObject({
        state: 'inProgress',
        promiseRequest: null,
      })
      expect(refusal(() => move(code, HEAD, 'declinePromise', { reason: 'x' }))).toBe('NO_PROMISE_WAITS')
      expect(ask(code).promiseRequest).not.toBeNull()
    })

    it('is not for a day that is over or short, nor for the wrong person, nor for two at once', () => {
      const code = accepted()
      expect(refusal(() => ask(code, OFFICER, '2026-03-01T08:00:00Z'))).toBe('PROMISE_PAST')
      expect(refusal(() => ask(code, OFFICER, '2026-03-04T08:00:00Z'))).toBe('PROMISE_NEEDS_NO_HEAD')
      expect(refusal(() => ask(code, HEAD))).toBe('ACTION_NOT_YOURS')
      const { version } = view(code)
      ask(code)
      expect(refusal(() => move(code, OFFICER, 'approvePromise'))).toBe('ACTION_NOT_YOURS')
      expect(refusal(() => desk.tickets.move(code, { version, action: 'approvePromise' }, HEAD))).toBe(
        'TICKET_CHANGED',
      )
    })

    it('lapses when the officer’s time runs out, when the case is answered, and when the day itself is over', () => {
      const late = accepted()
      ask(late)
      until('2026-03-03T08:01')
      expect(view(late)).toMatchObject({ state: 'escalated', promiseRequest: null })
      expect(refusal(() => move(late, HEAD, 'approvePromise'))).toBe('ACTION_NOT_POSSIBLE')
      const done = accepted()
      ask(done)
      move(done, OFFICER, 'submitAnswer', { replied: 'hotline', result: 'Xong.' })
      expect(move(done, OPERATOR, 'returnAnswer', { reason: 'Chưa rõ' }).promiseRequest).toBeNull()
      const slow = accepted()
      ask(slow, OFFICER, '2026-03-11T09:00:00+07:00')
      move(slow, OFFICER, 'askCitizen', { question: 'Cột số mấy?' })
      // The citizen had until Tuesday at 17:00; the officer's eight hours fill Wednesday.
      until('2026-03-11T10:00')
      expect(view(slow).state).toBe('inProgress')
      expect(refusal(() => move(slow, HEAD, 'approvePromise'))).toBe('PROMISE_OVER')
    })
  })

  it('R102: asks the citizen once, and the clock stands still meanwhile', () => {
    const code = forward()
    move(code, OFFICER, 'accept')
    move(code, OFFICER, 'askCitizen', { question: 'Cột số mấy?' })
    expect(view(code)).toMatchObject({ state: 'awaitingCitizen' })
    expect(clocks(code)).toEqual(['officer 1 paused', 'citizen 1 running'])
    expect(view(code).deadlines.at(-1)).toMatchObject({ kind: 'citizen', article: 'Đ18.1' })
    until('2026-03-05T08:00')
    expect(refusal(() => move(code, OPERATOR, 'citizenReplied', { reason: ' ' }))).toBe('ADDITION_REQUIRED')
    move(code, OPERATOR, 'citizenReplied', { reason: 'Cột 12' })
    expect(view(code).state).toBe('inProgress')
    expect(view(code).dueAt).toBe('2026-03-06T01:00:00.000Z')
    expect(refusal(() => move(code, OFFICER, 'askCitizen', { question: 'Và đường nào?' }))).toBe(
      'REQUEST_USED',
    )
  })

  it('goes on with the officer when the citizen stays silent', () => {
    const code = forward()
    move(code, OFFICER, 'accept')
    move(code, OFFICER, 'askCitizen', { question: 'Cột số mấy?' })
    until('2026-03-09T17:01')
    expect(view(code).state).toBe('inProgress')
    expect(clocks(code)).toEqual(['officer 1 running', 'citizen 1 breached late'])
  })

  it('R088: comes back twice, and the third time goes to the City Office', () => {
    const code = forward()
    const bounce = () =>
      move(code, OFFICER, 'bounce', { reason: 'Không thuộc thẩm quyền', unitId: 'van-phong' })
    const toItself = { reason: 'Không thuộc thẩm quyền', unitId: OFFICER.unitId ?? '' }
    expect(refusal(() => move(code, OFFICER, 'bounce', toItself))).toBe('BOUNCE_TO_ITSELF')
    expect(bounce()).toMatchObject({ state: 'received', unitId: null, dueAt: null })
    desk.tickets.sendSlip(code, { version: view(code).version, unitId: 'so-xay-dung', note: '' }, OPERATOR)
    bounce()
    desk.tickets.sendSlip(code, { version: view(code).version, unitId: 'thoat-nuoc', note: '' }, OPERATOR)
    expect(refusal(bounce)).toBe('BOUNCES_USED')
    expect(move(code, OFFICER, 'bounceToOffice', { reason: 'Không thuộc thẩm quyền' }).state).toBe(
      'cityOffice',
    )
    expect(clocks(code)).toEqual([
      'officer 1 void',
      'clarify 1 satisfied',
      'officer 2 void',
      'clarify 2 satisfied',
      'officer 3 void',
      'office 1 running',
    ])
    const late = forward()
    until('2026-03-02T10:01')
    expect(refusal(() => move(late, OFFICER, 'bounce', { reason: 'Không thuộc thẩm quyền' }))).toBe(
      'BOUNCE_TOO_LATE',
    )
  })

  it('an answer that is sent back takes the officer’s time up where it stopped', () => {
    const code = forward()
    move(code, OFFICER, 'accept')
    until('2026-03-02T15:00')
    move(code, OFFICER, 'submitAnswer', { replied: 'hotline', result: 'Xong.' })
    until('2026-03-03T09:00')
    move(code, OPERATOR, 'returnAnswer', { reason: 'Chưa nói rõ đã làm gì' })
    expect(view(code)).toMatchObject({ state: 'inProgress', dueAt: '2026-03-03T04:30:00.000Z' })
  })
})

describe('an answer that is sent back goes to where it came from (row 15)', () => {
  const back = (code: string) => move(code, OPERATOR, 'returnAnswer', { reason: 'Chưa rõ' })
  const answer = (code: string, by: Person = HEAD) =>
    move(code, by, 'submitAnswer', { replied: 'hotline', result: 'Xong.' })

  it('the head’s, with the head’s time as it was', () => {
    const code = forward()
    until('2026-03-03T08:01')
    answer(code)
    until('2026-03-03T10:01')
    expect(back(code)).toMatchObject({ state: 'escalated', dueAt: '2026-03-11T03:01:00.000Z' })
    expect(clocks(code)).toEqual(['officer 1 breached late', 'head 1 running', 'relay 1 void'])
    expect(refusal(() => move(code, OFFICER, 'promise', { promisedAt: '2026-03-05T10:00:00Z' }))).toBe(
      'ACTION_NOT_POSSIBLE',
    )
    until('2026-03-11T10:02')
    expect(view(code).state).toBe('overdue')
  })

  it('that of an overdue case, which stays overdue', () => {
    const code = forward()
    until('2026-03-03T08:01')
    until('2026-03-11T08:02')
    answer(code)
    expect(back(code)).toMatchObject({ state: 'overdue', dueAt: null })
  })

  it('the City Office’s, with its own time', () => {
    const { code, version } = fillDraft(desk)
    desk.tickets.receive(code, version, OPERATOR)
    move(code, OPERATOR, 'takeLead', { leadReason: 'forChairman' })
    answer(code, CITY_OFFICE)
    expect(back(code).state).toBe('cityOffice')
    expect(clocks(code)).toContain('office 1 running')
  })

  it('that of a promise, with the time left of the promise, and no second day is named', () => {
    const code = forward()
    move(code, OFFICER, 'accept')
    move(code, OFFICER, 'promise', { promisedAt: '2026-03-05T10:00:00Z', reason: 'Chờ vật tư' })
    until('2026-03-04T08:00')
    answer(code, OFFICER)
    until('2026-03-04T10:00')
    expect(back(code)).toMatchObject({ state: 'verifying', dueAt: '2026-03-06T02:30:00.000Z' })
    // Outside working hours nothing stands still, and the day is not nearer than the citizen was told.
    until('2026-03-04T19:00')
    answer(code, OFFICER)
    until('2026-03-04T20:00')
    expect(back(code).dueAt).toBe('2026-03-06T02:30:00.000Z')
    until('2026-03-06T09:31')
    expect(view(code).state).toBe('escalated')
    answer(code)
    expect(back(code).state).toBe('escalated')
    expect(clocks(code).filter((line) => line.endsWith('running'))).toEqual(['head 1 running'])
  })

  it('one that came after the time was over, before anybody had seen that, to the next in line', () => {
    const code = forward()
    move(code, OFFICER, 'accept')
    desk.pass(86_400_001)
    expect(refusal(() => answer(code, OFFICER))).toBe('TICKET_CHANGED')
    // Asked again with open eyes: the head has it now, and the officer may still answer for the unit.
    answer(code, OFFICER)
    expect(back(code).state).toBe('escalated')
    expect(clocks(code)).toContain('head 1 running')
    expect(view(code).slips).toHaveLength(2)
  })
})

describe('R050: a day that the unit names (A8)', () => {
  const REASON = { reason: 'Chờ vật tư' }
  const accepted = (): string => {
    const code = forward()
    move(code, OFFICER, 'accept')
    return code
  }
  const tried = (code: string, by: Person, action: MoveTicket['action'], promisedAt: string) =>
    refusal(() => move(code, by, action, { ...REASON, promisedAt }))

  it('is named while the officer’s time runs, not after it, though no sweep has passed yet', () => {
    const code = accepted()
    move(code, OFFICER, 'requestPromise', { ...REASON, promisedAt: '2026-03-30T08:00:00Z' })
    desk.pass(86_400_001)
    // What fell due comes first: the case is with the head by then.
    expect(tried(code, OFFICER, 'promise', '2026-03-05T10:00:00Z')).toBe('TICKET_CHANGED')
    expect(view(code).state).toBe('escalated')
    expect(tried(code, OFFICER, 'promise', '2026-03-05T10:00:00Z')).toBe('ACTION_NOT_POSSIBLE')
    expect(refusal(() => move(code, HEAD, 'approvePromise'))).toBe('ACTION_NOT_POSSIBLE')
    const inTime = accepted()
    desk.pass(3_600_000)
    expect(tried(inTime, OFFICER, 'promise', '2026-03-05T10:00:00Z')).toBe('done')
  })

  it('is named once for a slip, also where an older answer came back without saying from where', () => {
    const code = accepted()
    move(code, OFFICER, 'promise', { ...REASON, promisedAt: '2026-03-05T10:00:00Z' })
    move(code, OFFICER, 'submitAnswer', { replied: 'hotline', result: 'Xong.' })
    // As it was written down before.
    desk.db.raw.exec('DROP TRIGGER IF EXISTS ticket_events_no_update')
    desk.db.raw
      .prepare(
        "update ticket_events set detail = json_remove(detail, '$.from') where type = 'agencyAnswered'",
      )
      .run()
    expect(move(code, OPERATOR, 'returnAnswer', { reason: 'Chưa rõ' }).state).toBe('inProgress')
    expect(tried(code, OFFICER, 'promise', '2026-03-05T10:00:00Z')).toBe('PROMISE_USED')
    expect(desk.tickets.view(code, OFFICER).actions).not.toContain('promise')
  })

  it('is within 90 days, whoever names it', () => {
    const code = accepted()
    expect(tried(code, OFFICER, 'requestPromise', '2026-05-31T01:00:01Z')).toBe('PROMISE_TOO_FAR')
    expect(tried(code, HEAD, 'promise', '2099-01-01T00:00:00Z')).toBe('PROMISE_TOO_FAR')
    expect(tried(code, HEAD, 'promise', '2026-05-29T09:00:00Z')).toBe('done')
  })

  // Monday 08:00; 30/04 and 01/05 are days off, 2026-03-07 is a Saturday, hours are 07:30-11:30 and 13:00-17:00.
  it.each([
    ['on a Saturday', '2026-03-07T10:00', 'PROMISE_NOT_WORKED'],
    ['in the lunch hour', '2026-03-04T12:15', 'PROMISE_NOT_WORKED'],
    ['in the evening', '2026-03-04T17:01', 'PROMISE_NOT_WORKED'],
    ['before they begin', '2026-03-04T07:29', 'PROMISE_NOT_WORKED'],
    ['at the beginning', '2026-03-04T07:30', 'done'],
    ['at the end of the day', '2026-03-04T17:00', 'done'],
  ])('is in the hours of the unit: %s', (_when, local, outcome) => {
    const code = accepted()
    const at = new Date(`${local}:00+07:00`).toISOString()
    expect(tried(code, OFFICER, 'promise', at)).toBe(outcome)
    expect(view(code).state).toBe(outcome === 'done' ? 'verifying' : 'inProgress')
  })

  it('is in the hours of the unit also where the head is to decide on it', () => {
    const code = accepted()
    expect(tried(code, OFFICER, 'requestPromise', '2026-04-30T03:00:00Z')).toBe('PROMISE_NOT_WORKED')
    expect(tried(code, OFFICER, 'requestPromise', '2026-04-29T03:00:00Z')).toBe('done')
  })

  it('ends in a year without a calendar too, unless it is kept', () => {
    desk.pass(Date.parse('2026-12-28T02:00:00Z') - desk.now().getTime())
    const code = accepted()
    expect(tried(code, HEAD, 'promise', '2027-02-01T03:00:00Z')).toBe('done')
    expect(view(code)).toMatchObject({ state: 'verifying', dueAt: '2027-02-01T03:00:00.000Z' })
    until('2027-02-01T10:01')
    expect(view(code).state).toBe('escalated')
  })
})

describe('R081 R087: a reminder by hand', () => {
  const reminders = (code: string) => sent(code).filter((line) => line.startsWith('reminder'))
  const names = (role: 'officer' | 'head') =>
    (desk.directory.unit('chieu-sang')?.people ?? [])
      .filter((person) => person.role === role)
      .map(({ name }) => `reminder → ${name}`)

  it('goes to whoever holds the case, is in the history with who sent it, and disturbs nobody who is writing', () => {
    const code = forward()
    const { version } = view(code)
    desk.pass(30 * 60_000)
    move(code, OPERATOR, 'remind')
    expect(reminders(code)).toEqual(names('officer'))
    expect(view(code)).toMatchObject({ state: 'assigned', version })
    expect(clocks(code)).toEqual(['officer 1 running'])
    expect(view(code).events.slice(-2)).toMatchObject([
      { type: 'remindedByHand', actorName: OPERATOR.name, detail: { role: 'officer', article: 'Đ13.2' } },
      { type: 'reminded', actorName: OPERATOR.name },
    ])
    expect(view(code).messages.at(-1)?.text).toContain('Con 07 gio lam viec den han phieu')
    until('2026-03-03T08:01')
    expect(move(code, CITY_OFFICE, 'remind').state).toBe('escalated')
    expect(reminders(code).slice(-1)).toEqual(names('head'))
    until('2026-03-11T08:02')
    move(code, SUPERVISOR, 'remind')
    expect(view(code).messages.at(-1)?.text).toMatch(/QUA HAN tu 08h01 T4 11\/03/)
  })

  it.each([
    ['as its minute sweeps it', '2026-03-02T15:30:40', '02'],
    ['late, after the service was down', '2026-03-02T16:20', '01'],
    ['later than that', '2026-03-03T07:40', '01'],
  ])('R051: that a clock sends says what is left then: %s', (_, local, left) => {
    const code = forward()
    until(local)
    expect(reminders(code)).toEqual(names('officer'))
    expect(view(code).messages.at(-1)?.text).toContain(`Con ${left} gio lam viec den han phieu`)
  })

  it('goes out once an hour at most, whoever asks and whether a clock did it before', () => {
    const code = forward()
    move(code, OPERATOR, 'remind')
    desk.pass(59 * 60_000)
    expect(refusal(() => move(code, CITY_OFFICE, 'remind'))).toBe('REMINDED_LATELY')
    desk.pass(60_000)
    expect(refusal(() => move(code, CITY_OFFICE, 'remind'))).toBe('done')
    until('2026-03-02T15:30') // the clock's own
    desk.pass(30 * 60_000)
    expect(refusal(() => move(code, SUPERVISOR, 'remind'))).toBe('REMINDED_LATELY')
    // another unit has not been reminded of anything
    move(code, SUPERVISOR, 'reroute', { reason: 'Đúng đơn vị', unitId: 'so-xay-dung' })
    expect(refusal(() => move(code, SUPERVISOR, 'remind'))).toBe('done')
  })

  it('is not for the unit itself, nor where nobody of a unit holds the case', () => {
    const code = forward()
    expect(refusal(() => move(code, OFFICER, 'remind'))).toBe('ACTION_NOT_YOURS')
    expect(desk.tickets.view(code, CITY_OFFICE).actions).toContain('remind')
    move(code, OFFICER, 'accept')
    move(code, OFFICER, 'askCitizen', { question: 'Cột số mấy?' })
    expect(refusal(() => move(code, OPERATOR, 'remind'))).toBe('ACTION_NOT_POSSIBLE')
  })
})

describe('R063: a citizen who is not reached', () => {
  const tried = (code: string, by: Person, given: Partial<MoveTicket> = {}) =>
    move(code, by, 'citizenUnreachable', {
      triedBy: 'voice',
      triedAt: desk.now().toISOString(),
      tryOutcome: 'noAnswer',
      ...given,
    })
  const answeredCase = (): string => {
    const code = forward()
    move(code, OFFICER, 'accept')
    move(code, OFFICER, 'submitAnswer', { replied: 'hotline', result: 'Đã thay bóng.' })
    return code
  }

  it('is tried three times, each written down; then the result is recorded, and nobody says they were told', () => {
    const code = answeredCase()
    const clocksBefore = clocks(code)
    for (const count of [1, 2]) expect(tried(code, OPERATOR).citizenTries).toBe(count)
    expect(refusal(() => move(code, OPERATOR, 'relayAnswer'))).toBe('CITIZEN_NOT_TOLD')
    expect(tried(code, SUPERVISOR, { tryOutcome: 'wrongNumber', reason: 'Người lạ nghe' })).toMatchObject({
      state: 'agencyAnswered',
      citizenTries: 3,
    })
    expect(clocks(code)).toEqual(clocksBefore)
    expect(view(code).events.at(-1)?.detail).toMatchObject({
      triedBy: 'voice',
      triedAt: '2026-03-02T01:00:00.000Z',
      tryOutcome: 'wrongNumber',
      note: 'Người lạ nghe',
      count: 3,
      article: 'Đ11.1',
    })
    expect(move(code, OPERATOR, 'relayAnswer')).toMatchObject({ state: 'answered', citizenTries: 0 })
    expect(view(code).events.at(-1)?.detail).toMatchObject({ answer: 'Đã thay bóng.', unreached: true })
    expect(sent(code)).not.toContain('result → citizen')
  })

  it('counts the officer’s tries too, and begins anew when the answer is sent back', () => {
    const code = forward()
    move(code, OFFICER, 'accept')
    tried(code, OFFICER)
    tried(code, HEAD)
    move(code, OFFICER, 'submitAnswer', { replied: 'hotline', result: 'Đã thay bóng.' })
    expect(tried(code, OPERATOR).citizenTries).toBe(3)
    expect(move(code, OPERATOR, 'returnAnswer', { reason: 'Chưa rõ' }).citizenTries).toBe(0)
    move(code, OFFICER, 'submitAnswer', { replied: 'hotline', result: 'Đã thay ba bóng.' })
    expect(refusal(() => move(code, OPERATOR, 'relayAnswer'))).toBe('CITIZEN_NOT_TOLD')
  })

  it('is not tried tomorrow, before the case was there, by the wrong person, or twice with one press', () => {
    const code = answeredCase()
    const refused = (given: Partial<MoveTicket>, by = OPERATOR) => refusal(() => tried(code, by, given))
    expect(refused({ triedAt: '2026-03-03T08:00:00+07:00' })).toBe('TRY_TO_COME')
    expect(refused({ triedAt: '2026-03-01T08:00:00+07:00' })).toBe('TRY_BEFORE_CASE')
    expect(refused({}, OFFICER)).toBe('ACTION_NOT_YOURS')
    const { version } = view(code)
    const twice = () =>
      desk.tickets.move(
        code,
        {
          version,
          action: 'citizenUnreachable',
          triedBy: 'voice',
          triedAt: desk.now().toISOString(),
          tryOutcome: 'busy',
        },
        OPERATOR,
      )
    twice()
    expect(refusal(twice)).toBe('TICKET_CHANGED')
    expect(view(code).citizenTries).toBe(1)
    const open = forward()
    expect(refusal(() => tried(open, OPERATOR))).toBe('ACTION_NOT_POSSIBLE')
  })
})

describe('a case at the desk', () => {
  it('R041: is not accepted only with reason, where to turn, and having been told', () => {
    const { code } = fillDraft(desk)
    expect(refusal(() => move(code, OPERATOR, 'reject', { reason: 'Khiếu nại' }))).toBe('REDIRECT_REQUIRED')
    const done = move(code, OPERATOR, 'reject', {
      reason: 'Khiếu nại',
      redirect: 'Ban Tiếp công dân, 18 Hoàng Diệu',
      told: 'sms',
    })
    expect(done).toMatchObject({ state: 'rejected' })
    expect(done.events.find(({ type }) => type === 'rejected')?.detail['reasonCode']).toBe('other')
    expect(sent(code)).toEqual(['rejected → citizen'])
    expect(done.actions).toEqual(['attach'])
  })

  it('R042: asks for what is unclear within a working hour, and says when it was late', () => {
    const { code, version } = fillDraft(desk)
    desk.tickets.receive(code, version, OPERATOR)
    expect(clocks(code)).toEqual(['clarify 1 running'])
    until('2026-03-02T09:30')
    move(code, OPERATOR, 'askClarification', { question: 'Ở đâu?' })
    expect(clocks(code)).toEqual(['clarify 1 satisfied late', 'citizen 1 running'])
    move(code, OPERATOR, 'clarify', { reason: '12 Lạch Tray' })
    expect(view(code).state).toBe('received')
  })

  it('is closed when the reporter stays silent, reminded first', () => {
    const { code, version } = fillDraft(desk)
    desk.tickets.receive(code, version, OPERATOR)
    move(code, OPERATOR, 'askClarification', { question: 'Ở đâu?' })
    expect(refusal(() => move(code, OPERATOR, 'close'))).toBe('ACTION_NOT_POSSIBLE')
    expect(view(code).actions).not.toContain('giveUpClarification')
    expect(refusal(() => move(code, OPERATOR, 'giveUpClarification'))).toBe('NOT_REMINDED')
    until('2026-03-06T08:00')
    expect(types(code)).toContain('citizenReminded')
    until('2026-03-09T17:01')
    expect(view(code).state).toBe('closed')
  })

  it('R042: is closed by the desk once the reporter was reminded, each question for itself', () => {
    const { code, version } = fillDraft(desk)
    desk.tickets.receive(code, version, OPERATOR)
    move(code, OPERATOR, 'askClarification', { question: 'Ở đâu?' })
    until('2026-03-06T08:00')
    expect(view(code).actions).toContain('giveUpClarification')
    move(code, OPERATOR, 'clarify', { reason: '12 Lạch Tray' })
    move(code, OPERATOR, 'askClarification', { question: 'Cột số mấy?' })
    expect(refusal(() => move(code, OPERATOR, 'giveUpClarification'))).toBe('NOT_REMINDED')
    until('2026-03-12T08:00')
    expect(move(code, OPERATOR, 'giveUpClarification').state).toBe('closed')
    expect(refusal(() => move(code, OPERATOR, 'giveUpClarification'))).toBe('ACTION_NOT_POSSIBLE')
  })

  it('R056: goes to the City Office when the citizen disagrees, with the first round as it was', () => {
    const { code, version } = fillDraft(desk)
    desk.tickets.answer(code, { version, answer: 'Đã báo.', source: '' }, OPERATOR)
    until('2026-03-16T08:00')
    expect(view(code).state).toBe('closed')
    expect(move(code, OPERATOR, 'object', { reason: 'Đèn vẫn tắt' }).state).toBe('cityOffice')
    const old = fillDraft(desk)
    desk.tickets.answer(old.code, { version: old.version, answer: 'Đã báo.', source: '' }, OPERATOR)
    until('2026-04-01T08:00')
    expect(refusal(() => move(old.code, OPERATOR, 'object', { reason: 'Đèn vẫn tắt' }))).toBe(
      'OBJECTION_TOO_LATE',
    )
  })

  it('R024: is merged into one that is open, and both say so', () => {
    const parent = forward()
    const { code } = fillDraft(desk)
    expect(refusal(() => move(code, OPERATOR, 'merge', { parentCode: code }))).toBe('PARENT_NOT_OPEN')
    expect(refusal(() => move(code, OPERATOR, 'merge', { parentCode: 'HP26-999999' }))).toBe(
      'PARENT_NOT_OPEN',
    )
    expect(move(code, OPERATOR, 'merge', { parentCode: parent }).state).toBe('merged')
    expect(view(parent).events.at(-1)).toMatchObject({ type: 'followed', detail: { childCode: code } })
    expect(refusal(() => move(parent, OPERATOR, 'merge', { parentCode: code }))).toBe('PARENT_NOT_OPEN')
  })

  it('is merged only into one whose result is still to come, and that its operator may read (row 22)', () => {
    const { code } = fillDraft(desk)
    const tried = (parentCode: string, by = OPERATOR) =>
      refusal(() => move(code, by, 'merge', { parentCode }))
    const answered = fillDraft(desk)
    desk.tickets.answer(
      answered.code,
      { version: answered.version, answer: 'Đã trả lời.', source: '' },
      OPERATOR,
    )
    expect(tried(answered.code)).toBe('PARENT_NOT_OPEN')
    expect(tried(fillDraft(desk).code)).toBe('PARENT_NOT_OPEN')
    const secret = fillDraft(desk, { confidential: true })
    desk.tickets.sendSlip(secret.code, { version: secret.version, unitId: 'chieu-sang', note: '' }, OPERATOR)
    expect(desk.tickets.view(secret.code, OTHER_OPERATOR).sight).toBe('mask')
    expect(tried(secret.code, OTHER_OPERATOR)).toBe('PARENT_NOT_OPEN')
    expect(tried(secret.code)).toBe('done')
  })

  it('may be taken back by the citizen', () => {
    const code = forward()
    expect(move(code, OPERATOR, 'withdraw', { reason: 'Đã tự xử lý' })).toMatchObject({
      state: 'withdrawn',
      dueAt: null,
    })
    until('2026-03-20T08:00')
    expect(view(code).state).toBe('withdrawn')
  })
})

describe('a move that is not possible', () => {
  it('by the wrong person, from the wrong state, twice, or on an older version changes nothing', () => {
    const code = forward()
    const { version } = view(code)
    expect(refusal(() => move(code, OPERATOR, 'accept'))).toBe('ACTION_NOT_YOURS')
    expect(refusal(() => move(code, { ...OPERATOR, role: 'admin' }, 'accept'))).toBe('ACTION_NOT_YOURS')
    expect(refusal(() => move(code, OFFICER, 'relayAnswer'))).toBe('ACTION_NOT_POSSIBLE')
    expect(refusal(() => move(code, HEAD, 'reroute', { reason: 'x', unitId: 'so-xay-dung' }))).toBe(
      'ACTION_NOT_YOURS',
    )
    expect(view(code).version).toBe(version)
    move(code, OFFICER, 'accept')
    expect(refusal(() => move(code, OFFICER, 'accept'))).toBe('ACTION_NOT_POSSIBLE')
    expect(
      refusal(() => desk.tickets.move(code, { version, action: 'withdraw', reason: 'x' }, OPERATOR)),
    ).toBe('TICKET_CHANGED')
    expect(refusal(() => move(code, SUPERVISOR, 'reroute', { reason: 'x', unitId: 'nowhere' }))).toBe(
      'UNIT_UNKNOWN',
    )
    expect(view(code).state).toBe('inProgress')
    expect(clocks(code)).toEqual(['officer 1 running'])
  })
})

describe('a clock that ran out a moment ago, before any sweep', () => {
  const LATE_MS = 8 * 24 * 3_600_000

  it.each(['promise', 'askCitizen'] as const)('is not escaped by %s (R051)', (action) => {
    const code = forward()
    move(code, OFFICER, 'accept')
    desk.pass(LATE_MS)
    const { version } = desk.tickets.view(code, OPERATOR)
    const given = { promisedAt: '2026-03-20T08:00:00+07:00', reason: 'Kiểm tra', question: 'Ở đâu?' }
    expect(() => desk.tickets.move(code, { version, action, ...given }, OFFICER)).toThrow(
      expect.objectContaining({ code: 'TICKET_CHANGED' }),
    )
    const after = desk.tickets.view(code, OPERATOR)
    expect(after.state).toBe('escalated')
    expect(after.deadlines.find(({ kind }) => kind === 'officer')?.breachedAt).not.toBeNull()
  })

  it('stays a breach though the case is taken elsewhere', () => {
    const code = forward()
    move(code, OFFICER, 'accept')
    desk.pass(LATE_MS)
    const { version } = desk.tickets.view(code, OPERATOR)
    const lead = () =>
      desk.tickets.move(
        code,
        { version: desk.tickets.view(code, OPERATOR).version, action: 'takeLead', leadReason: 'forChairman' },
        CITY_OFFICE,
      )
    expect(() =>
      desk.tickets.move(code, { version, action: 'takeLead', leadReason: 'forChairman' }, CITY_OFFICE),
    ).toThrow(expect.objectContaining({ code: 'TICKET_CHANGED' }))
    expect(lead().state).toBe('cityOffice')
    desk.deadlines.sweep()
    const { deadlines, events } = desk.tickets.view(code, OPERATOR)
    expect(deadlines.find(({ kind }) => kind === 'officer')?.breachedAt).not.toBeNull()
    expect(events.filter(({ type }) => type === 'breached')).toHaveLength(1)
  })
})

describe('R049: the unit’s answer and its word to the citizen (Đ9.3; regulation.md 2.5 A7)', () => {
  const answered = (given: Partial<MoveTicket>): string => {
    const code = forward()
    move(code, OFFICER, 'accept')
    move(code, OFFICER, 'submitAnswer', { replied: 'hotline', result: 'Đã thay bóng.', ...given })
    return code
  }
  const lastOf = (code: string, type: string) => view(code).events.findLast((event) => event.type === type)

  it('is not taken without a word on who tells the citizen: that is not guessed', () => {
    const code = forward()
    move(code, OFFICER, 'accept')
    expect(refusal(() => move(code, OFFICER, 'submitAnswer', { result: 'Đã thay bóng.' }))).toBe(
      'REPLY_REQUIRED',
    )
    expect(view(code).state).toBe('inProgress')
  })

  it('leaves it to the hotline, and then somebody must tell the citizen', () => {
    const code = answered({})
    expect(lastOf(code, 'agencyAnswered')?.detail).toMatchObject({ replied: 'hotline' })
    expect(refusal(() => move(code, OPERATOR, 'relayAnswer'))).toBe('CITIZEN_NOT_TOLD')
  })

  it('was given by the unit itself: how and when is kept, and nobody is told again', () => {
    const code = answered({ replied: 'voice', repliedAt: '2026-03-02T01:00:00Z' })
    expect(lastOf(code, 'agencyAnswered')?.detail).toMatchObject({
      replied: 'voice',
      repliedAt: '2026-03-02T01:00:00.000Z',
    })
    move(code, OPERATOR, 'relayAnswer')
    expect(lastOf(code, 'answered')?.detail).toMatchObject({ told: 'unit' })
    expect(sent(code).filter((line) => line.startsWith('result'))).toEqual([])
  })

  it('counts for that answer only: one that comes back is told anew', () => {
    const code = answered({ replied: 'inPerson' })
    move(code, OPERATOR, 'returnAnswer', { reason: 'Chưa rõ' })
    move(code, OFFICER, 'submitAnswer', { replied: 'hotline', result: 'Đã thay cả cột.' })
    expect(refusal(() => move(code, OPERATOR, 'relayAnswer'))).toBe('CITIZEN_NOT_TOLD')
  })

  it('is not of a time to come, nor of before the case', () => {
    expect(refusal(() => answered({ replied: 'voice', repliedAt: '2026-03-02T09:00:00Z' }))).toBe(
      'REPLY_TO_COME',
    )
    expect(refusal(() => answered({ replied: 'email', repliedAt: '2026-02-27T09:00:00Z' }))).toBe(
      'REPLY_BEFORE_CASE',
    )
  })
})

it('R041: whoever is sent elsewhere need not say who they are, but what it is about', () => {
  const nobody = { type: 'individual', name: '', organisation: null, phone: null, email: null, address: null }
  const { code } = fillDraft(desk, { reporter: nobody })
  const said = { reasonCode: 'complaint', reason: 'Khiếu nại', redirect: 'Ban Tiếp công dân' } as const
  expect(refusal(() => move(code, OPERATOR, 'reject', { ...said, told: 'sms' }))).toBe('CITIZEN_NO_SMS')
  move(code, OPERATOR, 'reject', { ...said, told: 'voice' })
  expect(view(code)).toMatchObject({ state: 'rejected' })
  const { code: empty } = fillDraft(desk, { reporter: nobody, content: '', title: '' })
  expect(refusal(() => move(empty, OPERATOR, 'reject', { ...said, told: 'voice' }))).toBe('CONTENT_REQUIRED')
})
