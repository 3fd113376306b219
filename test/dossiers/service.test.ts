import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseNumber } from '../../src/calls/phone-number.ts'
import { createDesk, type Desk, fillDraft, OPERATOR, SUPERVISOR } from '../support/desk.ts'

const HOUR_MS = 3_600_000

let desk: Desk
beforeEach(() => {
  desk = createDesk() // Monday 2 March 2026, 08:00 in the city
})
afterEach(() => desk.close())

const talk = (callId: string, training = false): string =>
  desk.tickets.openForCall(
    {
      callId,
      direction: 'in',
      number: parseNumber('0950000777', '225'),
      callerName: null,
      line: '02251022',
      startedAt: desk.now().toISOString(),
      training,
    },
    OPERATOR.id,
  ).code
const typesOf = (code: string) => desk.tickets.view(code, OPERATOR).events.map(({ type }) => type)
const receiveFilled = (form: Record<string, unknown> = {}) => {
  const draft = fillDraft(desk, form)
  return desk.tickets.receive(draft.code, draft.version, OPERATOR)
}
const mark = (code: string, urgent: boolean) => {
  const { version } = desk.tickets.view(code, OPERATOR)
  return desk.tickets.save(code, { version, form: { urgent } }, OPERATOR)
}

describe('a call that is put through', () => {
  it('puts its case on the list with call and agency, while the form is still being typed', () => {
    const code = talk('c1')
    desk.tickets.raiseUrgent('c1', OPERATOR.id, { agency: 'Trực ban · Điện lực' })
    expect(desk.dossiers.page({}, SUPERVISOR)).toEqual({
      total: 1,
      legalBasis: 'Điều 9 khoản 6, QĐ 587/QĐ-UBND',
      items: [
        {
          id: 1,
          reason: 'urgentTransfer',
          callId: 'c1',
          agency: 'Trực ban · Điện lực',
          why: null,
          startedAt: '2026-03-02T01:00:00.000Z',
          listedAt: '2026-03-02T01:00:00.000Z',
          dueAt: '2026-03-04T10:00:00.000Z',
          dueText: '17:00 T4 04/03',
          training: false,
          removedAt: null,
          removedByName: null,
          removedWhy: null,
          ticketCode: code,
          title: '',
          state: 'draft',
          urgent: true,
          unitName: null,
        },
      ],
    })
    const { events, dossier } = desk.tickets.view(code, OPERATOR)
    expect(events.find(({ type }) => type === 'dossierListed')).toMatchObject({
      actorName: 'Nguyễn Thị Hạ',
      detail: { reason: 'urgentTransfer', agency: 'Trực ban · Điện lực', article: 'Đ9.6', callId: 'c1' },
    })
    expect(dossier).toEqual([
      {
        id: 1,
        reason: 'urgentTransfer',
        dueAt: '2026-03-04T10:00:00.000Z',
        dueText: '17:00 T4 04/03',
        dossierNumber: null,
        sentAt: null,
      },
    ])
  })

  it('is listed also when an operator had marked the case before', () => {
    const code = talk('c1')
    mark(code, true)
    expect(desk.dossiers.page({}, SUPERVISOR).total).toBe(0)
    desk.tickets.raiseUrgent('c1', OPERATOR.id)
    expect(desk.dossiers.page({}, SUPERVISOR).items).toMatchObject([
      { reason: 'urgentTransfer', agency: null },
    ])
    expect(typesOf(code)).toEqual(['opened', 'dossierListed'])
  })

  it('is there once however often it is put through, and receiving the case adds no second line', () => {
    const code = talk('c1')
    desk.tickets.raiseUrgent('c1', OPERATOR.id, { agency: 'Điện lực' })
    desk.tickets.raiseUrgent('c1', OPERATOR.id, { agency: '113' })
    const { version, form } = desk.tickets.view(code, OPERATOR)
    const filled = desk.tickets.save(
      code,
      { version, form: { content: 'Dây điện đứt', reporter: { ...form.reporter, name: 'Phạm Văn Đại' } } },
      OPERATOR,
    )
    desk.pass(26 * HOUR_MS)
    desk.tickets.receive(code, filled.version, OPERATOR)
    expect(desk.dossiers.page({}, SUPERVISOR).items).toMatchObject([
      { agency: 'Điện lực', state: 'received', dueAt: '2026-03-04T10:00:00.000Z' },
    ])
  })

  it('adds a line of its own to a case that was urgent before', () => {
    const { code } = receiveFilled({ urgent: true })
    desk.tickets.linkCall(code, 'c2', OPERATOR.id)
    desk.tickets.raiseUrgent('c2', OPERATOR.id)
    expect(desk.dossiers.page({}, SUPERVISOR).items.map(({ reason }) => reason)).toEqual([
      'urgent',
      'urgentTransfer',
    ])
  })

  it('leaves nothing behind when what it belongs to is undone', () => {
    const code = talk('c1')
    expect(() =>
      desk.db.transaction(() => {
        desk.tickets.raiseUrgent('c1', OPERATOR.id)
        throw new Error('undone')
      }),
    ).toThrow('undone')
    expect(desk.dossiers.page({}, SUPERVISOR).total).toBe(0)
    expect(typesOf(code)).toEqual(['opened'])
    desk.tickets.raiseUrgent('nobody', OPERATOR.id)
    expect(desk.dossiers.page({}, SUPERVISOR).total).toBe(0)
  })
})

describe('a case marked urgent', () => {
  it.each(['receive', 'answer', 'slip'] as const)('is listed by whatever receives it: %s', (way) => {
    const { code, version } = fillDraft(desk, { urgent: true })
    expect(desk.dossiers.page({}, SUPERVISOR).total).toBe(0)
    if (way === 'receive') desk.tickets.receive(code, version, OPERATOR)
    if (way === 'answer')
      desk.tickets.answer(code, { version, answer: 'Đã báo', source: 'Trực ban' }, OPERATOR)
    if (way === 'slip') desk.tickets.sendSlip(code, { version, unitId: 'chieu-sang', note: '' }, OPERATOR)
    expect(desk.dossiers.page({}, SUPERVISOR).items).toMatchObject([
      { ticketCode: code, reason: 'urgent', callId: null, agency: null, dueText: '17:00 T4 04/03' },
    ])
    expect(typesOf(code).filter((type) => type === 'dossierListed')).toHaveLength(1)
  })

  it('after its receipt is due two working days after the receipt, not after the mark', () => {
    const { code } = receiveFilled()
    desk.pass(30 * HOUR_MS)
    mark(code, true)
    expect(desk.dossiers.page({}, SUPERVISOR).items).toMatchObject([
      {
        startedAt: '2026-03-02T01:00:00.000Z',
        listedAt: '2026-03-03T07:00:00.000Z',
        dueAt: '2026-03-04T10:00:00.000Z',
      },
    ])
    expect(typesOf(code).slice(-2)).toEqual(['saved', 'dossierListed'])
  })

  it('stays on the list when the mark is taken off, and is not listed again by the next one', () => {
    const { code } = receiveFilled({ urgent: true })
    mark(code, false)
    expect(desk.dossiers.page({}, SUPERVISOR).items).toMatchObject([{ ticketCode: code, urgent: false }])
    mark(code, true)
    expect(desk.dossiers.page({}, SUPERVISOR).items).toMatchObject([{ ticketCode: code, urgent: true }])
    expect(typesOf(code).filter((type) => type === 'dossierListed')).toHaveLength(1)
  })

  it('has no date, and says why, in a year nobody vouches for', () => {
    desk.pass(new Date('2026-12-31T01:00:00Z').getTime() - desk.now().getTime())
    receiveFilled({ urgent: true })
    expect(desk.dossiers.page({}, SUPERVISOR).items).toMatchObject([
      { dueAt: null, dueText: '02 ngày làm việc (chưa có lịch năm 2027)' },
    ])
    expect(desk.dossiers.page({ show: 'overdue' }, SUPERVISOR).total).toBe(0)
    expect(desk.missingYears).toContain(2027)
  })
})

describe('the list', () => {
  it('puts what nobody can date behind what is overdue and before what is due yet', () => {
    const receivedOn = (at: string): string => {
      desk.pass(new Date(at).getTime() - desk.now().getTime())
      return receiveFilled({ urgent: true }).code
    }
    const late = receivedOn('2026-12-22T01:00:00Z')
    const dueToday = receivedOn('2026-12-29T01:00:00Z')
    const undated = receivedOn('2026-12-31T01:00:00Z')
    expect(
      desk.dossiers.page({}, SUPERVISOR).items.map(({ ticketCode, dueAt }) => [ticketCode, dueAt]),
    ).toEqual([
      [late, '2026-12-24T10:00:00.000Z'],
      [undated, null],
      [dueToday, '2026-12-31T10:00:00.000Z'],
    ])
  })

  it('shows what is due first, in pages, and training only when asked', () => {
    const first = receiveFilled({ urgent: true })
    desk.pass(24 * HOUR_MS)
    const second = receiveFilled({ urgent: true })
    talk('c1', true)
    desk.tickets.raiseUrgent('c1', OPERATOR.id)
    const codes = (query = {}) =>
      desk.dossiers.page(query, SUPERVISOR).items.map(({ ticketCode }) => ticketCode)
    expect(codes()).toEqual([first.code, second.code])
    expect(codes({ offset: 1, limit: 1 })).toEqual([second.code])
    expect(desk.dossiers.page({ limit: 1 }, SUPERVISOR).total).toBe(2)
    expect(desk.dossiers.page({ training: true }, SUPERVISOR).total).toBe(3)
  })

  it('calls overdue what is later than its close, not what ends with it', () => {
    receiveFilled({ urgent: true })
    desk.pass(new Date('2026-03-04T10:00:00Z').getTime() - desk.now().getTime())
    expect(desk.dossiers.page({ show: 'overdue' }, SUPERVISOR).total).toBe(0)
    desk.pass(1)
    expect(desk.dossiers.page({ show: 'overdue' }, SUPERVISOR).total).toBe(1)
    expect(desk.dossiers.page({}, SUPERVISOR).total).toBe(1)
  })

  it('lets a supervisor take a line off with a reason and put it back, all in the history', async () => {
    const { code } = receiveFilled({ urgent: true })
    await Promise.resolve()
    desk.changed.length = 0
    const off = desk.dossiers.set(1, { removed: true, why: '  Trùng với HP26-000009 ' }, SUPERVISOR)
    expect(off).toMatchObject({ removedByName: 'Trần Văn Đức', removedWhy: 'Trùng với HP26-000009' })
    expect(desk.dossiers.page({}, SUPERVISOR).total).toBe(0)
    expect(desk.dossiers.page({ show: 'removed' }, SUPERVISOR).items).toEqual([off])
    expect(desk.tickets.view(code, OPERATOR).dossier).toEqual([])
    const back = desk.dossiers.set(1, { removed: false }, SUPERVISOR)
    expect(back).toMatchObject({ removedAt: null, removedByName: null, removedWhy: null })
    expect(desk.tickets.view(code, OPERATOR).events.slice(-2)).toMatchObject([
      { type: 'dossierRemoved', actorName: 'Trần Văn Đức', detail: { why: 'Trùng với HP26-000009' } },
      { type: 'dossierPutBack', actorName: 'Trần Văn Đức', detail: { reason: 'urgent' } },
    ])
    await Promise.resolve()
    expect(desk.changed.map((change) => change.code)).toEqual([code, code])
  })

  it('keeps the first reason when a line is taken off twice, and says so once', () => {
    const { code } = receiveFilled({ urgent: true })
    desk.dossiers.set(1, { removed: true, why: 'Trùng' }, SUPERVISOR)
    const again = desk.dossiers.set(1, { removed: true, why: 'Nhầm' }, SUPERVISOR)
    expect(again.removedWhy).toBe('Trùng')
    expect(typesOf(code).filter((type) => type === 'dossierRemoved')).toHaveLength(1)
  })

  it('takes a case back by itself when it is put through anew', () => {
    const code = talk('c1')
    desk.tickets.raiseUrgent('c1', OPERATOR.id)
    desk.dossiers.set(1, { removed: true, why: 'Nhầm' }, SUPERVISOR)
    desk.tickets.linkCall(code, 'c2', OPERATOR.id)
    desk.tickets.raiseUrgent('c2', OPERATOR.id)
    expect(desk.dossiers.page({}, SUPERVISOR).items).toMatchObject([{ id: 1, removedAt: null }])
    expect(typesOf(code).at(-1)).toBe('dossierPutBack')
  })

  it.each([
    [7, { removed: false }, 'DOSSIER_ITEM_NOT_FOUND'],
    [1, { removed: true, why: '   ' }, 'DOSSIER_WHY_REQUIRED'],
  ] as const)('refuses %d %j', (id, wanted, code) => {
    receiveFilled({ urgent: true })
    expect(() => desk.dossiers.set(id, wanted, SUPERVISOR)).toThrow(expect.objectContaining({ code }))
  })
})
