import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Person } from '../../src/accounts/contract.ts'
import { coActionsOf } from '../../src/tickets/co-handling-policy.ts'
import { CASE_SIGHTS, type MoveTicket, TICKET_STATES, type TicketView } from '../../src/tickets/contract.ts'
import { AT_UNIT } from '../../src/tickets/ticket-machine.ts'
import { slipPage } from '../../src/tickets/slip-page.ts'
import {
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  HEAD,
  OFFICER,
  OPERATOR,
  OTHER_OFFICER,
  OTHER_UNIT,
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'

const THIRD_UNIT = 'cong-an'
const OTHER_HEAD: Person = { ...HEAD, id: 20, username: 'otherHead', name: 'Vũ Thị Sáo', unitId: OTHER_UNIT }
const THIRD_HEAD: Person = {
  ...HEAD,
  id: 21,
  username: 'thirdHead',
  name: 'Ngô Văn Diều',
  unitId: THIRD_UNIT,
}
const NAME = 'Phạm Văn Đại'
const code = (problem: string) => expect.objectContaining({ code: problem }) as Error

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const view = (ticket: string, viewer: Person = SUPERVISOR) => desk.tickets.view(ticket, viewer)
const version = (ticket: string) => view(ticket).version
const forwarded = (changes: Record<string, unknown> = {}): string => {
  const draft = fillDraft(desk, changes)
  desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: UNIT, note: '' }, OPERATOR)
  return draft.code
}
const add = (ticket: string, unitId = OTHER_UNIT, actor: Person = OPERATOR, reason = 'Cùng đào đường') =>
  desk.tickets.addCoHandler(ticket, { version: version(ticket), unitId, reason }, actor)
const remove = (ticket: string, unitId = OTHER_UNIT, actor: Person = OPERATOR) =>
  desk.tickets.removeCoHandler(
    ticket,
    unitId,
    { version: version(ticket), reason: 'Đã xong phần việc' },
    actor,
  )
const disagree = (ticket: string, actor: Person, position = 'Đề nghị cắt điện trước.') =>
  desk.tickets.disagree(ticket, { version: version(ticket), position }, actor)
const move = (ticket: string, asked: Omit<MoveTicket, 'version'>, actor: Person) =>
  desk.tickets.move(ticket, { version: version(ticket), ...asked }, actor)
const shared = (changes: Record<string, unknown> = {}): string => {
  const ticket = forwarded(changes)
  add(ticket)
  return ticket
}

describe('R055: a co-handling unit (Đ9.5a, A11)', () => {
  it('gets a sub-slip with a number of its own and an SMS, and no clock', async () => {
    const ticket = forwarded()
    const before = view(ticket).deadlines
    const shown = add(ticket)
    expect(shown.deadlines).toEqual(before)
    expect(shown.unitId).toBe(UNIT)
    expect(shown.coHandling.units).toMatchObject([
      { unitId: OTHER_UNIT, slipNumber: 'PC26-000002', reason: 'Cùng đào đường', addedByName: OPERATOR.name },
    ])
    const paper = desk.tickets.slipPaper(ticket, 2, SUPERVISOR)
    expect(paper).toMatchObject({ level: 'coHandler', reporter: null, number: 'PC26-000002' })
    expect(paper.leadUnit).toBe(shown.unitName)
    expect(paper.dueAt).toBe(shown.dueAt)
    expect(paper.legalBasis).toContain('Điều 9 khoản 5 điểm a')
    const [sms] = desk.messages.ofTicket(ticket).filter(({ template }) => template === 'slipCoHandler')
    expect(sms?.text).toContain('De nghi phoi hop phieu')
    expect(sms?.text).toContain('Chu tri:')
    expect(sms?.text).not.toMatch(/\bhan\b/)
    // The lead's clock is not its own: neither page nor list names a time (R048).
    const page = (of: typeof paper) => slipPage(of, { who: 'stranger', pdfPath: '/x' })
    expect(page(paper)).not.toContain('Hạn trả lời')
    expect(page(desk.tickets.slipPaper(ticket, 1, SUPERVISOR))).toContain('Hạn trả lời')
    expect(shown.slips.find(({ version: one }) => one === 2)?.dueText).toBe('')
    expect(sms?.text).not.toContain('Pham Van Dai')
    await desk.sender.drain()
    expect(desk.messages.ofTicket(ticket).every(({ state }) => state !== 'pending')).toBe(true)
  })

  it('R047: its sub-slip too is copied to the City Office', () => {
    const ticket = shared()
    expect(view(ticket, CITY_OFFICE).officeCopies).toHaveLength(2)
  })

  it('R068: sees the case without who reported it, and may move nothing of it', () => {
    const ticket = shared({ content: `Tôi là ${NAME}, gọi lại 0950 000 777.` })
    const shown = view(ticket, OTHER_OFFICER)
    expect(shown).toMatchObject({ sight: 'coHandling', actions: [], messages: [], unitId: UNIT })
    expect(shown.slips.map(({ number }) => number)).toEqual(['PC26-000002'])
    expect(shown.deadlines).toHaveLength(view(ticket).deadlines.length)
    for (const secret of [NAME, '0950 000 777', '+84950000777'])
      expect(JSON.stringify(shown)).not.toContain(secret)
    expect(() => {
      desk.tickets.mustReach(ticket, OTHER_OFFICER)
    }).toThrow(code('TICKET_OUT_OF_REACH'))
    desk.tickets.mustTakePart(ticket, OTHER_OFFICER)
  })

  it('adds what it has to say, for every unit, the desk and the City Office to read', () => {
    const ticket = shared()
    const before = version(ticket)
    desk.tickets.contribute(ticket, { text: '  Đã rào đoạn hố.  ' }, OTHER_OFFICER)
    for (const reader of [OPERATOR, SUPERVISOR, OFFICER, OTHER_OFFICER, CITY_OFFICE])
      expect(view(ticket, reader).coHandling.statements).toMatchObject([
        { text: 'Đã rào đoạn hố.', isDisagreement: false, byName: OTHER_OFFICER.name },
      ])
    expect(version(ticket)).toBe(before)
    expect(() => desk.tickets.contribute(ticket, { text: ' ' }, OTHER_OFFICER)).toThrow(
      code('REASON_REQUIRED'),
    )
  })

  it('keeps its own slip and what it said when it is taken off', () => {
    const ticket = shared()
    desk.tickets.contribute(ticket, { text: 'Đã rào đoạn hố.' }, OTHER_OFFICER)
    const shown = remove(ticket)
    expect(shown.coHandling.units).toEqual([])
    expect(shown.coHandling.statements).toHaveLength(1)
    expect(view(ticket, OTHER_OFFICER)).toMatchObject({ sight: 'ownSlips', coHandling: { statements: [] } })
    expect(() => desk.tickets.contribute(ticket, { text: 'x' }, OTHER_OFFICER)).toThrow()
    add(ticket)
    expect(view(ticket, OTHER_OFFICER).sight).toBe('coHandling')
  })

  it('is not the lead, not there twice, known, and comes from an up-to-date page', () => {
    const ticket = shared()
    expect(() => add(ticket, UNIT)).toThrow(code('CO_HANDLER_IS_LEAD'))
    expect(() => add(ticket)).toThrow(code('CO_HANDLER_ALREADY'))
    expect(() => add(ticket, 'khong-co')).toThrow(code('UNIT_UNKNOWN'))
    expect(() => remove(ticket, THIRD_UNIT)).toThrow(code('CO_HANDLER_NONE'))
    expect(() => add(ticket, THIRD_UNIT, OPERATOR, '  ')).toThrow(code('REASON_REQUIRED'))
    const old = { version: version(ticket) - 1, unitId: THIRD_UNIT, reason: 'x' }
    expect(() => desk.tickets.addCoHandler(ticket, old, OPERATOR)).toThrow(code('TICKET_CHANGED'))
    expect(view(ticket).slips).toHaveLength(2)
    expect(desk.messages.ofTicket(ticket).filter(({ template }) => template === 'slipCoHandler').length).toBe(
      desk.directory.unit(OTHER_UNIT)?.people.filter(({ role }) => role === 'officer').length,
    )
  })

  it('does not take the place of the lead’s own slip in a reminder', () => {
    const ticket = shared()
    desk.pass(6.5 * 3_600_000 + 3_600_000)
    desk.deadlines.sweep()
    const [reminder] = desk.messages.ofTicket(ticket).filter(({ template }) => template === 'reminder')
    const [lead] = view(ticket).slips
    expect(reminder?.text).toContain(lead?.path)
  })

  it('leads when the City Office says so, and is then no co-handler any more', () => {
    const ticket = shared()
    disagree(ticket, OTHER_HEAD)
    const shown = move(
      ticket,
      { action: 'direct', unitId: OTHER_UNIT, directive: 'Sở chủ trì.', dueAt: '2026-03-06T16:00:00+07:00' },
      CITY_OFFICE,
    )
    expect(shown).toMatchObject({ unitId: OTHER_UNIT, coHandling: { units: [] } })
    expect(view(ticket, OTHER_OFFICER).sight).toBe('whole')
    expect(view(ticket).events.at(-1)?.type).toBe('slipSms')
    expect(view(ticket).events.find(({ type }) => type === 'coHandlerRemoved')?.detail).toMatchObject({
      reason: 'leadsNow',
    })
  })
})

describe('R055: units that cannot agree', () => {
  it.each([
    ['a co-handling unit', OTHER_HEAD],
    ['the lead', HEAD],
  ])('go to the City Office with the position that the head of %s takes', (_who, head) => {
    const ticket = shared()
    desk.tickets.contribute(ticket, { text: 'Đã rào đoạn hố.' }, OTHER_OFFICER)
    const shown = disagree(ticket, head)
    expect(view(ticket)).toMatchObject({ state: 'cityOffice' })
    expect(shown.coHandling.statements.map(({ isDisagreement, text }) => [isDisagreement, text])).toEqual([
      [false, 'Đã rào đoạn hố.'],
      [true, 'Đề nghị cắt điện trước.'],
    ])
    const taken = view(ticket).events.findLast(({ type }) => type === 'leadTaken')
    expect(taken?.detail).toMatchObject({ leadReason: 'unitsDisagree', article: 'Đ9.5' })
    const running = view(ticket).deadlines.filter(({ state }) => state === 'running')
    expect(running.map(({ kind }) => kind)).toEqual(['office'])
    // The others still have something to say to it.
    desk.tickets.contribute(ticket, { text: 'Không cần cắt điện.' }, OFFICER)
    expect(view(ticket, CITY_OFFICE).coHandling.statements).toHaveLength(3)
    expect(() => disagree(ticket, HEAD)).toThrow(code('CO_HANDLING_NOT_POSSIBLE'))
  })

  it('R057: read on a slip of later that the City Office leads, on paper and by SMS', () => {
    const ticket = shared()
    disagree(ticket, HEAD)
    add(ticket, THIRD_UNIT, CITY_OFFICE)
    const { version: slip = 0 } = view(ticket).slips.findLast(({ unitId }) => unitId === THIRD_UNIT) ?? {}
    const office = desk.directory.unit('van-phong')
    expect(desk.tickets.slipPaper(ticket, slip, SUPERVISOR).leadUnit).toBe(office?.name)
    const told = desk.messages.ofTicket(ticket).filter(({ template }) => template === 'slipCoHandler')
    expect(told.filter(({ text }) => text.includes(`Chu tri: ${office?.smsName ?? ''}.`))).not.toEqual([])
  })

  it('need two units, and speak through their heads', () => {
    const alone = forwarded()
    expect(() => disagree(alone, HEAD)).toThrow(code('CO_HANDLING_NOT_POSSIBLE'))
    const ticket = shared()
    for (const actor of [OFFICER, OTHER_OFFICER])
      expect(() => disagree(ticket, actor)).toThrow(code('CO_HANDLING_NOT_POSSIBLE'))
    expect(() => disagree(ticket, THIRD_HEAD)).toThrow(code('TICKET_NOT_FOUND'))
    expect(view(ticket).state).toBe('assigned')
  })
})

describe('who may do what', () => {
  it('is for desk and City Office to arrange, for the units to say, and for nobody once it is over', () => {
    for (const state of TICKET_STATES) {
      const isOpen = [...AT_UNIT, 'cityOffice'].includes(state)
      const one = { state, leadUnitId: 'a', coUnitIds: ['b'] }
      const of = (role: Person['role'], unitId: string | null = null) =>
        coActionsOf({ role, unitIds: unitId === null ? [] : [unitId], sight: 'whole' }, one)
      for (const role of ['operator', 'supervisor', 'cityOffice'] as const)
        expect(of(role)).toEqual(isOpen ? ['add', 'remove'] : [])
      for (const unitId of ['a', 'b']) {
        expect(of('officer', unitId)).toEqual(isOpen ? ['contribute'] : [])
        const no = isOpen && state !== 'cityOffice' ? ['disagree'] : []
        expect(of('head', unitId)).toEqual(isOpen ? ['contribute', ...no] : [])
      }
      for (const role of ['officer', 'head'] as const) expect(of(role, 'c')).toEqual([])
      expect(of('admin')).toEqual([])
    }
  })

  it('is nothing for whoever sees a mask, and there is nobody beside a lead that is not there', () => {
    const one = { state: 'assigned' as const, leadUnitId: 'a', coUnitIds: [] }
    expect(coActionsOf({ role: 'operator', unitIds: [], sight: 'mask' }, one)).toEqual([])
    const led = { ...one, state: 'cityOffice' as const, leadUnitId: null }
    expect(coActionsOf({ role: 'cityOffice', unitIds: [], sight: 'whole' }, led)).toEqual([])
    for (const sight of CASE_SIGHTS) {
      expect(coActionsOf({ role: 'head', unitIds: ['a'], sight }, one)).toEqual([])
    }
  })
})

/** Anything that anybody may try, in any order. */
const STEPS: Readonly<Record<string, (ticket: string) => unknown>> = {
  addOther: (ticket) => add(ticket),
  addThird: (ticket) => add(ticket, THIRD_UNIT, CITY_OFFICE),
  addLead: (ticket) => add(ticket, UNIT, SUPERVISOR),
  removeOther: (ticket) => remove(ticket),
  contribute: (ticket) => desk.tickets.contribute(ticket, { text: 'Ý kiến' }, OTHER_OFFICER),
  disagreeLead: (ticket) => disagree(ticket, HEAD),
  disagreeOther: (ticket) => disagree(ticket, OTHER_HEAD),
  disagreeThird: (ticket) => disagree(ticket, THIRD_HEAD),
  directOther: (ticket) =>
    move(
      ticket,
      { action: 'direct', unitId: OTHER_UNIT, directive: 'x', dueAt: '2026-03-06T16:00:00+07:00' },
      CITY_OFFICE,
    ),
  directLead: (ticket) =>
    move(
      ticket,
      { action: 'direct', unitId: UNIT, directive: 'x', dueAt: '2026-03-06T16:00:00+07:00' },
      CITY_OFFICE,
    ),
  reroute: (ticket) => move(ticket, { action: 'reroute', unitId: THIRD_UNIT, reason: 'x' }, CITY_OFFICE),
  accept: (ticket) => move(ticket, { action: 'accept' }, OFFICER),
  bounce: (ticket) => move(ticket, { action: 'bounce', reason: 'x' }, OFFICER),
  resend: (ticket) =>
    desk.tickets.sendSlip(ticket, { version: version(ticket), unitId: OTHER_UNIT, note: '' }, OPERATOR),
  answer: (ticket) => move(ticket, { action: 'submitAnswer', replied: 'hotline', result: 'Xong' }, OFFICER),
  hours: () => {
    desk.pass(5 * 3_600_000)
    desk.deadlines.sweep()
  },
}

describe('whatever units, desk and City Office do', () => {
  it(
    'R055: there is one lead and one clock, nobody leads and works beside, and no position is lost',
    { timeout: 60_000 },
    () => {
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...Object.keys(STEPS)), { maxLength: 14 }), (steps) => {
          const ticket = forwarded()
          let said: TicketView['coHandling']['statements'] = []
          for (const step of steps) {
            try {
              STEPS[step]?.(ticket)
            } catch (cause) {
              // A refusal is fine, a fault is not.
              expect(cause).toHaveProperty('code')
            }
            const shown = view(ticket)
            const beside = shown.coHandling.units.map(({ unitId }) => unitId)
            expect(new Set(beside).size).toBe(beside.length)
            expect(beside).not.toContain(shown.unitId)
            const clocks = shown.deadlines.filter(
              ({ kind, state }) => kind !== 'rating' && state === 'running',
            )
            expect(clocks.length).toBeLessThanOrEqual(1)
            expect(shown.coHandling.statements.slice(0, said.length)).toEqual(said)
            said = shown.coHandling.statements
            holdToList(ticket)
          }
        }),
        { numRuns: 25 },
      )
    },
  )
})

/** Policy and its twin in SQL: who sees the case finds it, and by its words where they may read them. */
function holdToList(ticket: string): void {
  for (const person of [OFFICER, OTHER_OFFICER, THIRD_HEAD, OPERATOR, CITY_OFFICE]) {
    const sight = ((): string | null => {
      try {
        return view(ticket, person).sight
      } catch {
        return null
      }
    })()
    const finds = (q?: string) =>
      desk.tickets
        .list({ limit: 200, ...(q === undefined ? {} : { q }) }, person)
        .items.some((row) => row.code === ticket)
    expect(finds(), `${person.username} ${String(sight)}`).toBe(sight !== null)
    const reads = sight !== null && sight !== 'ownSlips' && sight !== 'mask'
    expect(finds('Đèn đường hỏng'), `${person.username} ${String(sight)}`).toBe(reads)
  }
}
