import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Heard,
  hear,
  type HeardEvent,
  NOTHING_HEARD,
  scriptForm,
} from '../../src/calls/test-call-policy.ts'
import type { TicketForm } from '../../src/tickets/contract.ts'

const CALL = 'test-1'
const stage = (name: string, fields: Record<string, string> = {}, call = CALL): HeardEvent => ({
  name: 'UserEvent',
  fields: { userevent: 'Hotline', stage: name, call, ...fields },
})
const agent = (name: string, membername: string, uniqueid = CALL): HeardEvent => ({
  name,
  fields: { uniqueid, membername },
})
const WHOLE: readonly HeardEvent[] = [
  stage('intake'),
  stage('queued', { queue: 'hotline-training' }),
  agent('AgentCalled', 'robot'),
  stage('connected', { member: 'robot' }),
  agent('AgentConnect', 'robot'),
  stage('ended'),
  { name: 'Hangup', fields: { uniqueid: CALL } },
]
const listen = (events: readonly HeardEvent[]): Heard =>
  events.reduce((heard, event) => hear(heard, CALL, event), NOTHING_HEARD)

const EMPTY: TicketForm = {
  kind: null,
  categoryId: null,
  fieldId: null,
  title: '',
  content: '',
  place: '',
  areaId: null,
  urgent: false,
  confidential: false,
  reporter: {
    type: 'individual',
    name: '',
    organisation: null,
    phone: null,
    email: null,
    address: null,
  },
}

describe('what a test call hears', () => {
  it('is the whole call', () => {
    expect(listen(WHOLE)).toEqual({
      answered: true,
      queue: 'hotline-training',
      called: 'robot',
      connected: 'robot',
      ended: true,
    })
  })

  it('is nothing of any other call', () => {
    const others = [
      stage('intake', {}, 'test-10'),
      agent('AgentCalled', 'op-3', 'test-10'),
      { name: 'Hangup', fields: { uniqueid: 'test-10' } },
      { name: 'UserEvent', fields: { userevent: 'Other', call: CALL, stage: 'intake' } },
      { name: 'Hangup', fields: {} },
    ]
    expect(listen(others)).toBe(NOTHING_HEARD)
  })

  it('only grows, whatever comes late, twice or never', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WHOLE, stage('unknown')), { maxLength: 30 }), (events) => {
        let before = NOTHING_HEARD
        for (const event of events) {
          const after = hear(before, CALL, event)
          expect(after.answered || !before.answered).toBe(true)
          expect(after.connected ?? '').toContain(before.connected ?? '')
          expect(after.ended || !before.ended).toBe(true)
          before = after
        }
      }),
    )
  })
})

describe('what the script writes', () => {
  it('fills a ticket nobody touched, so that it may be received and sent', () => {
    const form = scriptForm(EMPTY, '0950000999', false)
    expect(form).toMatchObject({
      kind: 'reflection',
      reporter: { name: 'Người gọi thử', phone: '0950000999' },
    })
    expect(form.title).not.toBe('')
    expect(form.content).not.toBe('')
  })

  it('leaves what an operator typed as it is, and fills the gaps', () => {
    const typed: TicketForm = {
      ...EMPTY,
      kind: 'question',
      content: 'Hỏi giờ làm việc',
      reporter: { ...EMPTY.reporter, name: 'Phạm Văn Đại', phone: '0950 000 777', address: '12 Lạch Tray' },
    }
    expect(scriptForm(typed, '0950000999', true)).toEqual({
      kind: 'question',
      title: 'Cuộc gọi thử của hệ thống',
      content: 'Hỏi giờ làm việc',
      reporter: typed.reporter,
    })
  })

  it('puts no citizen’s name on a slip, even when the number is one that gave its name before', () => {
    const known = { ...EMPTY, reporter: { ...EMPTY.reporter, name: 'Phạm Văn Đại', address: '12 Lạch Tray' } }
    expect(scriptForm(known, '0950000777', false).reporter).toMatchObject({
      name: 'Người gọi thử',
      address: null,
    })
  })
})
