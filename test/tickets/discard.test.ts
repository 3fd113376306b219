import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseNumber } from '../../src/calls/phone-number.ts'
import { type TicketForm } from '../../src/tickets/contract.ts'
import { createDesk, type Desk, OPERATOR } from '../support/desk.ts'
import { typesOf } from '../support/office.ts'

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const view = (code: string) => desk.tickets.view(code, OPERATOR)
const discard = (code: string) =>
  desk.tickets.move(code, { version: view(code).version, action: 'discard' }, OPERATOR)
const code = (problem: string) => expect.objectContaining({ code: problem }) as Error

describe('an empty case that was opened by mistake', () => {
  it('is discarded, keeps its number and its history, and goes nowhere any more', () => {
    const opened = desk.tickets.open('counter', OPERATOR)
    expect(opened.actions).toContain('discard')
    const done = discard(opened.code)
    expect(done).toMatchObject({ code: opened.code, state: 'discarded', dueAt: null })
    expect(done.actions).toEqual(['attach'])
    expect(typesOf(done.events)).toEqual(['opened', 'discarded'])
    expect(() => discard(opened.code)).toThrow(code('ACTION_NOT_POSSIBLE'))
    expect(desk.tickets.list({ state: 'draft' }, OPERATOR).total).toBe(0)
    expect(desk.tickets.open('counter', OPERATOR).code).not.toBe(opened.code)
  })

  it.each<[string, Partial<TicketForm>]>([
    ['a word', { content: 'Đèn' }],
    ['a name', { reporter: { ...BLANK(), name: 'Phạm Văn Đại' } }],
    ['a place', { areaId: 'p-gia-vien' }],
    ['a mark', { confidential: true }],
  ])('is none with %s in it', (_what, form) => {
    const { code: ticket, version } = desk.tickets.open('counter', OPERATOR)
    expect(desk.tickets.save(ticket, { version, form }, OPERATOR).actions).not.toContain('discard')
    expect(() => discard(ticket)).toThrow(code('DRAFT_NOT_EMPTY'))
    expect(view(ticket).state).toBe('draft')
  })

  it('is none with a file', async () => {
    const { code: ticket } = desk.tickets.open('counter', OPERATOR)
    const content = Readable.from([Buffer.from('%PDF-1.4\n%%EOF\n')])
    await desk.tickets.attach(ticket, { name: 'don.pdf', content }, OPERATOR)
    expect(() => discard(ticket)).toThrow(code('DRAFT_NOT_EMPTY'))
  })

  it('R020: is never the one of a call, with a number or without', () => {
    for (const [callId, raw] of [
      ['c1', '0950000777'],
      ['c2', ''],
    ] as const) {
      const ref = desk.tickets.openForCall(
        {
          callId,
          direction: 'in',
          number: parseNumber(raw, '225'),
          callerName: null,
          line: '02251022',
          startedAt: '2026-03-02T01:00:00.000Z',
          training: false,
        },
        OPERATOR.id,
      )
      expect(view(ref.code).actions).not.toContain('discard')
      expect(() => discard(ref.code)).toThrow(code('DRAFT_OF_CALL'))
    }
  })
})

function BLANK(): TicketForm['reporter'] {
  return { type: 'individual', name: '', organisation: null, phone: null, email: null, address: null }
}
