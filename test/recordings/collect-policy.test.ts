import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ABSENT_MS,
  baseOf,
  decide,
  type Found,
  isSafeBase,
  nameOf,
  type SideFound,
  silentFlags,
  UNFINISHED_MS,
} from '../../src/recordings/collect-policy.ts'

const WHOLE: Found = { type: 'sound', dataAt: 44, dataBytes: 100 }
const EMPTY: Found = { type: 'sound', dataAt: 44, dataBytes: 0 }
const GROWING: Found = { type: 'unclosed', dataAt: 44, dataBytes: 100 }
const BROKEN: Found = { type: 'damaged', reason: 'cutShort' }
const ABSENT: Found = { type: 'absent' }

const call = (citizen: Found, operator: Found): SideFound[] => [
  { side: 'citizen', found: citizen },
  { side: 'operator', found: operator },
]
const early = { callMs: 60_000, sinceEndMs: UNFINISHED_MS - 1 }
const late = { callMs: 60_000, sinceEndMs: UNFINISHED_MS }
const hopeless = { callMs: 60_000, sinceEndMs: ABSENT_MS }

describe('decide', () => {
  test('seals two whole sides at once', () => {
    expect(decide(call(WHOLE, WHOLE), { callMs: 60_000, sinceEndMs: 0 })).toEqual({ type: 'seal', flags: [] })
  })

  test('a side without a sample beside one with sound is no reason to wait', () => {
    expect(decide(call(WHOLE, EMPTY), early)).toEqual({ type: 'seal', flags: [] })
  })

  test.each([
    ['growing', call(WHOLE, GROWING)],
    ['broken, perhaps still being written', call(BROKEN, WHOLE)],
    ['not there yet', call(WHOLE, ABSENT)],
    ['not there on either side', call(ABSENT, ABSENT)],
  ])('waits a minute for a side that is %s', (_, sides) => {
    expect(decide(sides, early)).toEqual({ type: 'wait' })
  })

  test.each([
    ['absent', ABSENT, 'operatorMissing'],
    ['broken', BROKEN, 'operatorDamaged'],
    ['never closed', GROWING, 'neverClosed'],
  ])('then keeps the side it has when the other is %s', (_, operator, flag) => {
    expect(decide(call(WHOLE, operator), late)).toEqual({ type: 'seal', flags: [flag] })
  })

  test('waits ten minutes for files that are not there at all', () => {
    expect(decide(call(ABSENT, ABSENT), late)).toEqual({ type: 'wait' })
    expect(decide(call(ABSENT, ABSENT), hopeless)).toEqual({
      type: 'lose',
      state: 'missing',
      flags: ['notAtPbx'],
    })
  })

  test('does not wait ten minutes for a call that had no time to be recorded', () => {
    expect(decide(call(ABSENT, ABSENT), { ...late, callMs: 400 })).toEqual({
      type: 'lose',
      state: 'missing',
      flags: ['tooShort'],
    })
  })

  test('is damaged when broken bytes are all there is', () => {
    const flags = ['citizenDamaged', 'operatorMissing']
    expect(decide(call(BROKEN, ABSENT), late)).toEqual({ type: 'lose', state: 'damaged', flags })
    expect(decide([{ side: 'message', found: BROKEN }], late)).toEqual({
      type: 'lose',
      state: 'damaged',
      flags: ['messageDamaged'],
    })
  })

  test('is missing, and says why, when whole files hold nothing', () => {
    expect(decide(call(EMPTY, EMPTY), early)).toEqual({ type: 'lose', state: 'missing', flags: ['noSound'] })
    expect(decide(call(EMPTY, ABSENT), late)).toEqual({
      type: 'lose',
      state: 'missing',
      flags: ['operatorMissing', 'noSound'],
    })
  })

  test('comes to an end whatever the PBX shows, and never throws sound away', () => {
    const found = fc.constantFrom(WHOLE, EMPTY, GROWING, BROKEN, ABSENT)
    fc.assert(
      fc.property(found, found, (citizen, operator) => {
        const decision = decide(call(citizen, operator), hopeless)
        expect(decision.type).not.toBe('wait')
        if ([citizen, operator].some((side) => side === WHOLE || side === GROWING))
          expect(decision.type).toBe('seal')
        if (decision.type === 'lose') expect(decision.flags).not.toEqual([])
      }),
    )
  })
})

test('a side on which nothing was heard is flagged', () => {
  expect(
    silentFlags([
      { side: 'citizen', peak: 8 },
      { side: 'operator', peak: 900 },
    ]),
  ).toEqual(['citizenSilent'])
})

describe('names', () => {
  test.each(['call-hp1-1764000000.12', 'vm-t35033-1795544555.0', 'a', '1764000000.5'])('takes %s', (base) => {
    expect(isSafeBase(base)).toBe(true)
  })

  test.each([
    '',
    '../../etc/passwd',
    'call-..',
    'a/b',
    'a\\b',
    '.hidden',
    '-rf',
    'a b',
    'a\n',
    'a\u0000',
    'đ',
    'a%2e%2e',
    'a'.repeat(121),
  ])('refuses %j', (base) => {
    expect(isSafeBase(base)).toBe(false)
  })

  test('whatever name is taken stays in its folder', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '.', '-', '/', '\\', '\u0000', ' ') }), (base) => {
        if (!isSafeBase(base)) return
        expect(base).not.toMatch(/[/\\\0]|\.\.|^\./)
      }),
    )
  })

  test('a file of the PBX leads back to its recording', () => {
    expect(baseOf(nameOf('call-x-1', 'operator'))).toBe('call-x-1')
    expect(baseOf(nameOf('vm-x-1', 'message'))).toBe('vm-x-1')
  })
})
