import { beforeEach, describe, expect, test } from 'vitest'
import { withMaskedDisplay, withMaskedNumber } from '../../src/calls/call-view.ts'
import type { CallNumber } from '../../src/calls/contract.ts'
import { createNumberReveal } from '../../src/calls/number-reveal.ts'
import { ADMIN, SUPERVISOR } from '../support/desk.ts'

const NUMBER: CallNumber = {
  raw: '0950000777',
  e164: '+84950000777',
  display: '0950 000 777',
  kind: 'mobile',
}
const HIDDEN: CallNumber = { raw: 'anonymous', e164: null, display: '', kind: 'anonymous' }

describe('R068: the whole of a number', () => {
  let found: { number: CallNumber; reach: CallNumber; ticketCode: string | null } | undefined
  let lines: unknown[]
  let failure: Error | undefined
  let open = 0
  const numbers = createNumberReveal({
    numbersOf: () => found,
    mayReadCase: (_code, { role }) => role === 'supervisor',
    audit(...line) {
      if (failure !== undefined) throw failure
      lines.push([open, ...line])
    },
    transaction(work) {
      open += 1
      try {
        return work()
      } finally {
        open -= 1
      }
    },
  })
  beforeEach(() => {
    found = { number: NUMBER, reach: NUMBER, ticketCode: null }
    lines = []
    failure = undefined
  })

  test('is a line of the audit log each time, in one transaction, and the number is not in it', () => {
    const answer = { number: NUMBER, reach: NUMBER }
    expect(numbers.reveal('c1', ADMIN)).toEqual(answer)
    found = { ...answer, ticketCode: 'HP26-000001' }
    expect(numbers.reveal('c1', SUPERVISOR)).toEqual(answer)
    expect(lines).toEqual([
      [1, ADMIN.id, 'number.revealed', 'call:c1', {}],
      [1, SUPERVISOR.id, 'number.revealed', 'call:c1', { ticketCode: 'HP26-000001' }],
    ])
  })

  test('is not answered where the line cannot be written', () => {
    failure = new Error('disk full')
    expect(() => numbers.reveal('c1', SUPERVISOR)).toThrow(failure)
  })

  test('Đ12.1, A15: is refused of a case that they may not read, and there is none of a hidden one; nothing is written', () => {
    const refused = (viewer = SUPERVISOR) => expect(() => numbers.reveal('c1', viewer))
    found = { number: NUMBER, reach: NUMBER, ticketCode: 'HP26-000001' }
    refused(ADMIN).toThrow(expect.objectContaining({ kind: 'forbidden', code: 'NUMBER_CONFIDENTIAL' }))
    found = { number: HIDDEN, reach: HIDDEN, ticketCode: null }
    refused().toThrow(expect.objectContaining({ kind: 'conflict', code: 'NUMBER_WITHHELD' }))
    found = undefined
    refused().toThrow(expect.objectContaining({ kind: 'notFound', code: 'CALL_NOT_FOUND' }))
    expect(lines).toEqual([])
  })
})

describe('R068: a call for whoever does not work it', () => {
  test('holds no more of the number than is shown, in whatever field', () => {
    const call = { number: NUMBER, callerName: 'Đại 0950000777', id: 'c1' }
    expect(withMaskedNumber(call)).toEqual({
      number: { raw: '', e164: null, display: '0950 ••• 777', kind: 'mobile', isMasked: true },
      callerName: 'Đại 0950•••777',
      id: 'c1',
    })
    const caller = { callId: 'c1', display: '0950 000 777', since: '', training: false, back: false }
    expect(withMaskedDisplay(caller)).toEqual({ ...caller, display: '0950 ••• 777', isMasked: true })
  })

  test('offers nothing to show of a number that the caller hid', () => {
    expect(withMaskedNumber({ number: HIDDEN, callerName: null })).toEqual({
      number: { ...HIDDEN, raw: '' },
      callerName: null,
    })
    const caller = { callId: 'c1', display: '', since: '', training: false, back: false }
    expect(withMaskedDisplay(caller)).toEqual(caller)
  })
})
