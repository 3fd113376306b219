import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TICKET_STATES } from '../../src/tickets/contract.ts'
import { type MoveTicket } from '../../src/tickets/contract.ts'
import { overtakenBy, type ReleaseFacts } from '../../src/tickets/sms-release-policy.ts'
import {
  createDesk,
  type Desk,
  fillDraft,
  HEAD,
  OFFICER,
  OPERATOR,
  OTHER_UNIT,
  UNIT,
} from '../support/desk.ts'

const HOUR = 3_600_000
const FACTS: ReleaseFacts = {
  template: 'reminder',
  state: 'inProgress',
  clock: null,
  later: [],
  promiseWaits: false,
  hasNewerSlip: false,
  isHandover: false,
  wasHandedOver: false,
  hasLeft: false,
  namesPast: false,
}

describe('R081: what newer facts have overtaken', () => {
  it.each<[string, Partial<ReleaseFacts>, string | null]>([
    ['a reminder of a clock that runs', { clock: 'running' }, null],
    ['of one that stands still', { clock: 'paused' }, null],
    ['of one that was met', { clock: 'satisfied', state: 'agencyAnswered' }, 'answered'],
    ['of one that is over', { clock: 'breached', state: 'escalated' }, 'clockOver'],
    ['of one that counts no more', { clock: 'void', state: 'withdrawn' }, 'ended'],
    ['of one of a unit that has it no more', { clock: 'void', state: 'assigned' }, 'elsewhere'],
    ['a reminder by hand', {}, null],
    ['by hand, answered since', { state: 'answered' }, 'answered'],
    ['by hand, with another unit since', { hasNewerSlip: true }, 'elsewhere'],
    [
      'a slip of a clock that is over',
      { template: 'slipOfficer', clock: 'breached', state: 'escalated' },
      null,
    ],
    ['a slip whose officer named a day', { template: 'slipOfficer', clock: 'satisfied' }, 'answered'],
    ['the word that it is overdue', { template: 'overdue', clock: 'breached', state: 'overdue' }, null],
    [
      'that, answered since',
      { template: 'overdue', clock: 'satisfied', state: 'agencyAnswered' },
      'answered',
    ],
    ['a direction', { template: 'directedHead', state: 'overdue' }, null],
    ['a direction, answered since', { template: 'directedHead', state: 'agencyAnswered' }, 'answered'],
    ['a wish for a day', { template: 'promiseAsked', promiseWaits: true }, null],
    ['a wish that was decided on', { template: 'promiseAsked' }, 'decided'],
    ['a question', { template: 'question', state: 'awaitingCitizen' }, null],
    ['a question that was answered by telephone', { template: 'question' }, 'notAsked'],
    ['a question that nobody answered', { template: 'question', state: 'closed' }, 'notAsked'],
    ['a slip to somebody who left (Đ17.9)', { template: 'slipOfficer', hasLeft: true }, 'leftOffice'],
    ['a reminder by hand of a time gone by', { namesPast: true }, 'clockOver'],
    ['a later time that is over (R050)', { template: 'answerLater', namesPast: true }, 'clockOver'],
    ['a day that was missed', { template: 'promised', state: 'escalated' }, 'clockOver'],
    ['with whom it is, sent back since', { template: 'forwarded', state: 'received' }, 'elsewhere'],
    [
      'a question before another',
      { template: 'question', state: 'awaitingCitizen', later: ['question'] },
      'newer',
    ],
    ['news before the result', { template: 'received', state: 'answered', later: ['result'] }, 'answered'],
    ['news after which there is more news', { template: 'received', later: ['forwarded'] }, null],
    [
      'that it was merged, before its result',
      { template: 'merged', state: 'merged', later: ['result'] },
      'answered',
    ],
    ['a slip whose unit ended (R012)', { template: 'slipOfficer', wasHandedOver: true }, 'handedOver'],
    ['a result, whoever has the case', { template: 'result', wasHandedOver: true }, null],
    ['a case that came over', { template: 'slipOfficer', isHandover: true }, null],
    ['that, answered since', { template: 'slipOfficer', isHandover: true, state: 'answered' }, 'answered'],
    ['that, sent on since', { template: 'slipOfficer', isHandover: true, hasNewerSlip: true }, 'elsewhere'],
    ['an urgent word', { template: 'urgentOfficer', state: 'answered' }, null],
  ])('%s', (_what, facts, why) => {
    expect(overtakenBy({ ...FACTS, ...facts })).toBe(why)
  })

  it('never holds back the last word: how a case ended', () => {
    for (const state of TICKET_STATES)
      for (const template of ['result', 'rejected'])
        expect(overtakenBy({ ...FACTS, template, state, later: ['forwarded'] })).toBeNull()
  })
})

describe('R081: an SMS that waits for the morning (regulation.md 6.3)', () => {
  let desk: Desk
  beforeEach(() => {
    desk = createDesk({ at: '2026-03-02T15:10:00Z' }) // Monday 22:10 in the city
  })
  afterEach(() => desk.close())

  const view = (code: string) => desk.tickets.view(code, OPERATOR)
  const move = (code: string, by: typeof OPERATOR, asked: Omit<MoveTicket, 'version'>) =>
    desk.tickets.move(code, { version: view(code).version, ...asked }, by)
  const forwarded = (): string => {
    const { code, version } = fillDraft(desk)
    desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
    return code
  }
  const morning = async (): Promise<void> => {
    desk.pass(9 * HOUR)
    await desk.sender.drain()
  }
  const fates = (code: string) => view(code).messages.map(({ template, state }) => `${template} ${state}`)
  const dropped = (code: string) =>
    view(code)
      .events.filter(({ type }) => type === 'smsDropped')
      .map(({ detail }) => `${String(detail['template'])} ${String(detail['why'])}`)

  it('goes once where nothing has happened since', async () => {
    const code = forwarded()
    await morning()
    await desk.sender.drain()
    expect(fates(code)).toEqual(['slipOfficer delivered'])
    expect(dropped(code)).toEqual([])
    expect(desk.messageStore.handsetMessages(10)).toHaveLength(1)
  })

  it('goes to nobody when it was answered meanwhile, and the history says so, once', async () => {
    const code = forwarded()
    move(code, OFFICER, { action: 'accept' })
    move(code, OPERATOR, { action: 'remind' })
    move(code, OFFICER, { action: 'askCitizen', question: 'Cột số mấy?' })
    move(code, OFFICER, { action: 'citizenReplied', reason: 'Cột 12' })
    move(code, OFFICER, { action: 'submitAnswer', replied: 'hotline', result: 'Đã thay bóng.' })
    move(code, OPERATOR, { action: 'relayAnswer', told: 'sms' })
    await morning()
    await desk.sender.drain()
    expect(fates(code)).toEqual([
      'slipOfficer dropped',
      'reminder dropped',
      'question dropped',
      'result delivered',
    ])
    expect(dropped(code)).toEqual(['slipOfficer answered', 'reminder answered', 'question answered'])
    expect(desk.messageStore.handsetMessages(10)).toHaveLength(1)
    // It is over: no later run of the sender takes it up again.
    expect(desk.messageStore.nextDueAt()).toBeNull()
  })

  it('goes to the unit that has the case now, and not to the one before', async () => {
    const { code } = view(forwarded())
    move(code, OFFICER, { action: 'bounce', reason: 'Không thuộc thẩm quyền' })
    desk.tickets.sendSlip(code, { version: view(code).version, unitId: OTHER_UNIT, note: '' }, OPERATOR)
    await morning()
    const slips = view(code).messages
    expect(slips[0]).toMatchObject({ template: 'slipOfficer', state: 'dropped' })
    expect(slips.slice(1).every(({ state }) => state === 'delivered')).toBe(true)
    expect(dropped(code)).toEqual(['slipOfficer elsewhere'])
  })

  it('goes to nobody when the case was withdrawn, and is told by the history without whose number it was', async () => {
    const code = forwarded()
    move(code, OFFICER, { action: 'accept' })
    move(code, OFFICER, { action: 'askCitizen', question: 'Cột số mấy?' })
    move(code, OFFICER, { action: 'citizenReplied', reason: 'Cột 12' })
    move(code, OPERATOR, { action: 'withdraw', reason: 'Đã tự sửa' })
    await morning()
    expect(fates(code)).toEqual(['slipOfficer dropped', 'question dropped'])
    expect(dropped(code)).toEqual(['slipOfficer ended', 'question ended'])
    const lines = view(code).events.filter(({ type }) => type === 'smsDropped')
    expect(JSON.stringify(lines)).not.toMatch(/950|Phạm Văn Đại/)
  })

  it('asks no head for a day that was decided on in the evening (Đ9.3)', async () => {
    const code = forwarded()
    move(code, OFFICER, { action: 'accept' })
    const far = '2026-03-20T10:00:00+07:00'
    move(code, OFFICER, { action: 'requestPromise', promisedAt: far, reason: 'Chờ vật tư' })
    move(code, HEAD, { action: 'declinePromise', reason: 'Làm ngay' })
    await morning()
    expect(dropped(code)).toEqual(['promiseAsked decided'])
  })

  it('about no case goes as it was written', async () => {
    desk.messages.enqueue({
      template: 'reminder',
      slots: { code: 'HP26-000001', left: '02', due: '16h30 T2 23/11', link: '1022.example/p/x' },
      to: '0950000001',
      toName: null,
      ticketCode: null,
      training: false,
    })
    await morning()
    expect(desk.messageStore.handsetMessages(10)).toHaveLength(1)
  })
})
