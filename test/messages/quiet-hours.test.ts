import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type OutboxMessage } from '../../src/messages/service.ts'
import { type MoveTicket } from '../../src/tickets/contract.ts'
import { ADMIN, CITY_OFFICE, createDesk, type Desk, fillDraft, OPERATOR } from '../support/desk.ts'

const HOUR = 3_600_000
const NIGHT = '2026-03-02T15:10:00Z' // Monday 22:10 in the city
const MORNING = '2026-03-03T00:00:00.000Z'

const CALL = {
  callId: 'call-1',
  direction: 'in' as const,
  number: { raw: '0950000777', e164: '+84950000777', display: '0950 000 777', kind: 'mobile' as const },
  callerName: null,
  line: '02251022',
  startedAt: '2026-03-02T15:08:00.000Z',
  training: false,
}

let desk: Desk
beforeEach(() => {
  desk = createDesk({ at: NIGHT })
})
afterEach(async () => {
  await desk.close()
})

const slip = (changes: Record<string, unknown> = {}) => {
  const draft = fillDraft(desk, changes)
  desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: 'chieu-sang', note: '' }, OPERATOR)
  return draft.code
}
const states = (code: string) => desk.messages.ofTicket(code).map(({ state }) => state)

describe('SMS in the quiet hours (issue 4)', () => {
  it('wait visibly until 07:00, and go then', async () => {
    const code = slip()
    await desk.sender.drain()
    expect(desk.messages.ofTicket(code)).toMatchObject([{ state: 'pending', waitsUntil: MORNING }])
    desk.pass(8 * HOUR) // 06:10
    await desk.sender.drain()
    expect(states(code)).toEqual(['pending'])
    desk.pass(50 * 60_000) // 07:00
    await desk.sender.drain()
    expect(desk.messages.ofTicket(code)).toMatchObject([{ state: 'delivered', waitsUntil: null }])
    expect(desk.messageStore.handsetMessages(10)).toHaveLength(1)
  })

  it('R045: go at once when the case is urgent', async () => {
    const code = slip({ urgent: true })
    await desk.sender.drain()
    expect(desk.messages.ofTicket(code)).toMatchObject([{ state: 'delivered', waitsUntil: null }])
  })

  it('R045, R046: go at once while the unit’s phone rings, and to its head when nobody took the call', async () => {
    const { code } = desk.tickets.openForCall(CALL, OPERATOR.id)
    const { version, form } = desk.tickets.view(code, OPERATOR)
    const reporter = { ...form.reporter, name: 'Phạm Văn Đại' }
    const filled = { title: 'Trụ đèn đổ', content: 'Trụ đèn đổ chắn ngang đường.', place: '12 Lạch Tray' }
    desk.tickets.save(code, { version, form: { ...filled, reporter } }, OPERATOR)
    desk.tickets.slipForTransfer('call-1', 'chieu-sang', OPERATOR.id)
    desk.tickets.tellHeads('call-1', 'chieu-sang', OPERATOR.id)
    await desk.sender.drain()
    const sent = desk.messages.ofTicket(code)
    expect(new Set(sent.map(({ template }) => template))).toEqual(new Set(['urgentOfficer', 'urgentHead']))
    expect(sent.filter(({ waitsUntil }) => waitsUntil !== null)).toEqual([])
  })

  it('R084: go at once in training, where no phone rings', async () => {
    const sms = enqueue({ training: true })
    await desk.sender.drain()
    expect(desk.messageStore.find(sms.id)?.state).toBe('delivered')
  })

  it('wait as well when they were written by day and the service came back at night', async () => {
    await desk.close()
    desk = createDesk({ at: '2026-03-02T13:59:00Z' }) // 20:59
    const sms = enqueue({})
    expect(sms.waitsUntil).toBeNull()
    desk.pass(2 * HOUR)
    await desk.sender.drain()
    expect(desk.messageStore.find(sms.id)).toMatchObject({ state: 'pending', nextAt: MORNING, attempts: 0 })
    desk.pass(9 * HOUR)
    await desk.sender.drain()
    expect(desk.messageStore.find(sms.id)?.state).toBe('delivered')
  })
})

describe('R048: an SMS at night to somebody at work (Đ9.3)', () => {
  const POLICE = 'cong-an'
  const sendTo = (unitId: string): string => {
    const { code, version } = fillDraft(desk)
    return desk.tickets.sendSlip(code, { version, unitId, note: '' }, OPERATOR).code
  }

  it('goes at once where the unit works round the clock, as its hours run; the citizen’s waits', async () => {
    await desk.close()
    desk = createDesk({ at: NIGHT, city: { citizenSms: ['forwarded'] } })
    const code = sendTo(POLICE)
    await desk.sender.drain()
    const sent = desk.messages.ofTicket(code)
    expect(sent.filter(({ toName }) => toName !== null).map(({ state }) => state)).toEqual([
      'delivered',
      'delivered',
    ])
    expect(sent.filter(({ toName }) => toName === null)).toMatchObject([
      { state: 'pending', waitsUntil: MORNING },
    ])
  })

  it('R050: names no citizen a time gone by in the morning: with whom it is, and no time', async () => {
    await desk.close()
    desk = createDesk({ at: NIGHT, city: { citizenSms: ['forwarded'] } })
    const code = sendTo(POLICE) // until 06:10
    desk.pass(8 * HOUR + 60_000)
    desk.deadlines.sweep()
    desk.pass(HOUR)
    await desk.sender.drain()
    const [news] = desk.messages.ofTicket(code).filter(({ toName }) => toName === null)
    const unit = desk.directory.unit(POLICE)?.smsName ?? ''
    expect(news).toMatchObject({
      template: 'forwardedUndated',
      state: 'delivered',
      segments: 1,
      text: `1022HP: Phan anh ${code} da chuyen ${unit} xu ly. Hoi ket qua: goi 0225.1022, doc ma nay.`,
    })
    expect(desk.messageStore.handsetMessages(20).map(({ text }) => text)).toContain(news?.text)
  })

  it('R057: goes at once where a leader wants it done before the morning (Đ9.5)', async () => {
    const code = slip()
    const move = (asked: object) =>
      desk.tickets.move(
        code,
        { version: desk.tickets.view(code, OPERATOR).version, ...asked } as MoveTicket,
        CITY_OFFICE,
      )
    move({ action: 'takeLead', leadReason: 'forChairman' })
    const directed = { unitId: POLICE, directive: 'Khắc phục ngay trong đêm' }
    move({ action: 'direct', ...directed, dueAt: '2026-03-03T06:00:00+07:00' })
    await desk.sender.drain()
    const sent = desk.messages.ofTicket(code).filter(({ template }) => template === 'slipDirected')
    expect(sent).not.toEqual([])
    expect(sent.filter(({ state }) => state !== 'delivered')).toEqual([])
  })

  it('R068: of a citizen goes in the morning to the number that the case has by then (Đ12.2)', async () => {
    await desk.close()
    desk = createDesk({ at: NIGHT, city: { citizenSms: ['forwarded'] } })
    const [code, other] = [slip(), slip()]
    for (const [one, phone] of [
      [code, '0950 000 778'],
      [other, '0225 3747 111'],
    ] as const) {
      const { version, form } = desk.tickets.view(one, OPERATOR)
      desk.tickets.save(one, { version, form: { reporter: { ...form.reporter, phone } } }, OPERATOR)
    }
    desk.pass(9 * HOUR)
    await desk.sender.drain()
    const news = (one: string) => desk.messages.ofTicket(one).filter(({ toName }) => toName === null)
    expect(news(code)).toMatchObject([{ to: '0950 000 778', state: 'delivered' }])
    expect(news(other)).toMatchObject([{ state: 'dropped' }])
    expect(desk.tickets.view(other, OPERATOR).events.at(-1)).toMatchObject({
      type: 'smsDropped',
      detail: { why: 'noNumber' },
    })
  })

  it('R101: goes to nobody who left overnight (Đ17.9)', async () => {
    const code = slip()
    const officers = desk.directory.unit('chieu-sang')?.people.filter(({ role }) => role === 'officer') ?? []
    desk.editor.propose(
      {
        effectiveOn: '2026-03-03',
        why: 'QĐ 12/QĐ-UBND',
        change: {
          kind: 'personAdded',
          unitId: 'chieu-sang',
          replaces: officers[0]?.id ?? '',
          person: {
            name: 'Ngô Văn Mới',
            position: 'Chuyên viên',
            role: 'officer',
            phone: '0950 000 333',
            mustPress: true,
            shifts: null,
          },
        },
      },
      ADMIN,
    )
    desk.pass(9 * HOUR)
    await desk.sender.drain()
    expect(desk.messages.ofTicket(code)).toMatchObject([{ toName: officers[0]?.name, state: 'dropped' }])
  })
})

describe('an occasion', () => {
  const row = (): OutboxMessage => {
    const written = enqueue({ occasion: 'deadline:12' })
    const found = desk.messageStore.find(written.id)
    if (found === undefined) throw new Error('no row')
    return found
  }

  it('is told to each person once, however often it is asked', () => {
    const first = row()
    expect(enqueue({ occasion: 'deadline:12' }).id).toBe(first.id)
    expect(enqueue({ occasion: 'deadline:12', to: '0950000002' }).id).not.toBe(first.id)
    expect(enqueue({ occasion: 'deadline:13' }).id).not.toBe(first.id)
    expect(enqueue({}).id).not.toBe(enqueue({}).id)
  })

  it('is held by the table itself', () => {
    const same = row()
    const { to, template, occasion } = same
    expect(desk.messageStore.saidOnce(occasion ?? '', template, to)).toEqual(same)
    const insert = desk.db.raw.prepare(
      `INSERT INTO outbox (template, to_number, text, text_vi, segments, state, provider, created_at, updated_at, occasion)
       VALUES ('reminder', ?, 'x', 'x', 1, 'pending', 'simulator', 'x', 'x', 'deadline:12')`,
    )
    expect(() => insert.run(same.to)).toThrow(/UNIQUE/)
  })

  it('R081, R051: reminder and slip of one clock are each written with its occasion', () => {
    const code = slip()
    const rows = desk.messageStore.ofTicket(code)
    expect(rows.map(({ occasion }) => occasion)).toEqual(['deadline:1'])
    desk.pass(40 * HOUR)
    desk.deadlines.sweep()
    const after = desk.messageStore.ofTicket(code).map(({ template, occasion }) => [template, occasion])
    expect(after).toContainEqual(['slipHead', 'deadline:2'])
    expect(new Set(after.map(String)).size).toBe(after.length)
  })
})

function enqueue(changes: { training?: boolean; occasion?: string; to?: string }) {
  return desk.messages.enqueue({
    template: 'reminder',
    slots: { code: 'HP26-000001', left: '02', due: '16h30 T2 23/11', link: '1022.example/p/x' },
    to: '0950000001',
    toName: null,
    ticketCode: null,
    training: false,
    ...changes,
  })
}
