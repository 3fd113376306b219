import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Acceptance } from '../../src/tickets/contract.ts'
import { readTexts } from '../../src/tickets/texts.ts'
import { createDesk, type Desk, fillDraft, OFFICER, OPERATOR } from '../support/desk.ts'

const CITIES = resolve(import.meta.dirname, '../../config')
let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const REPORTER = { type: 'individual', organisation: null, email: null, address: null } as const
const stateOf = (list: readonly Acceptance[], item: Acceptance['item']) =>
  list.find((one) => one.item === item)?.state

describe('the conditions of Đ7', () => {
  it('R024 R037 R038: stand in the case one by one, and what is missing stops it from being received', () => {
    const { code, version } = desk.tickets.open('phone', OPERATOR)
    const { acceptance } = desk.tickets.view(code, OPERATOR)
    const missing = acceptance.filter(({ state }) => state === 'missing')
    expect(missing.filter(({ isNeeded }) => isNeeded).map(({ item }) => item)).toEqual([
      'content',
      'name',
      'phone',
    ])
    expect(missing.map(({ item }) => item)).toContain('address')
    expect(() => desk.tickets.receive(code, version, OPERATOR)).toThrow(
      expect.objectContaining({ code: 'CONTENT_REQUIRED' }),
    )
    expect(fillDraft(desk).acceptance.filter(({ state }) => state === 'missing')).toEqual([])
  })

  it('R036: whether it is in Vietnamese is for whoever hears it to judge', () => {
    expect(stateOf(fillDraft(desk).acceptance, 'language')).toBe('judged')
  })

  it('R038: an e-mail address is not asked of a caller, and the waiver is in the history (A14)', () => {
    const draft = fillDraft(desk)
    expect(stateOf(draft.acceptance, 'email')).toBe('waived')
    const { events } = desk.tickets.receive(draft.code, draft.version, OPERATOR)
    expect(events.find(({ type }) => type === 'received')?.detail['waived']).toEqual(['email'])
    const given = fillDraft(desk, {
      reporter: { ...REPORTER, name: 'Bùi Thị Hòa', phone: '0950 000 778', email: 'hoa@example.test' },
    })
    expect(stateOf(given.acceptance, 'email')).toBe('met')
  })

  it('R038: is no waiver for one who came by another door', () => {
    expect(stateOf(desk.tickets.open('web', OPERATOR).acceptance, 'email')).toBe('missing')
  })

  it('R068: say nothing to those who are not told who reported it', () => {
    const { code, version } = fillDraft(desk, { confidential: true })
    desk.tickets.sendSlip(code, { version, unitId: 'chieu-sang', note: '' }, OPERATOR)
    expect(desk.tickets.view(code, OFFICER).acceptance).toEqual([])
  })
})

describe('R011 R041: what is not the hotline’s', () => {
  it.each(['haiphong', 'dongthap'])('has its reasons and where to turn in %s', (city) => {
    const { refusals } = readTexts(join(CITIES, city, 'texts.json'))
    expect(refusals.map(({ code }) => code)).toEqual([
      'complaint',
      'denunciation',
      'crime',
      'onlineProcedure',
      'language',
      'outside',
    ])
    const to = Object.fromEntries(refusals.map(({ code, redirect }) => [code, redirect]))
    expect(to['crime']).toContain('113')
    expect(to['onlineProcedure']).toContain('dichvucong.gov.vn')
  })

  it('keeps which reason it was, how it was told, and sends the city’s words', () => {
    const refusal = desk.tickets.refusals()[0]
    if (refusal === undefined) throw new Error('no refusals')
    const { code, version } = fillDraft(desk)
    const { reason, redirect } = refusal
    const done = desk.tickets.move(
      code,
      { version, action: 'reject', reasonCode: refusal.code, reason, redirect, told: 'sms' },
      OPERATOR,
    )
    expect(done.events.find(({ type }) => type === 'rejected')?.detail).toMatchObject({
      reasonCode: 'complaint',
      reason,
      redirect,
      told: 'sms',
    })
    expect(done.messages[0]?.text).toContain('Ban Tiep cong dan')
  })
})
