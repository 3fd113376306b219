import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNumber } from '../../src/calls/phone-number.ts'

const parse = (text: string) => parseNumber(text, '225')

describe('numbers of Vietnam', () => {
  it.each([
    ['0912345678', '+84912345678', '0912 345 678', 'mobile'],
    ['+84 912 345 678', '+84912345678', '0912 345 678', 'mobile'],
    ['84912345678', '+84912345678', '0912 345 678', 'mobile'],
    ['0084912345678', '+84912345678', '0912 345 678', 'mobile'],
    ['912345678', '+84912345678', '0912 345 678', 'mobile'],
    ['(0225) 3842.123', '+842253842123', '0225 3842 123', 'landline'],
    ['3842123', '+842253842123', '0225 3842 123', 'landline'],
    ['02439741234', '+842439741234', '024 3974 1234', 'landline'],
    // army and police
    ['069 234 2431', '+84692342431', '069 234 2431', 'landline'],
    ['113', '113', '113', 'short'],
    ['1022', '1022', '1022', 'short'],
    ['0225.1022', '+842251022', '0225 1022', 'service'],
    ['19001234', '19001234', '1900 1234', 'service'],
    ['+81312345678', '+81312345678', '+81 3 1234 5678', 'foreign'],
  ])('reads %s', (text, e164, display, kind) => {
    expect(parse(text)).toMatchObject({ e164, display, kind })
  })

  it.each(['', 'anonymous', 'Unavailable', 'unknown', '  '])('knows that %j is nobody', (text) => {
    expect(parse(text)).toMatchObject({ e164: null, kind: 'anonymous' })
  })

  it('takes neither the landlines before 2017 nor the 11-digit mobiles for numbers that can be rung', () => {
    expect(parse('0313842123')).toMatchObject({ e164: null, kind: 'unknown' })
    expect(parse('01621234567')).toMatchObject({ e164: null, kind: 'unknown' })
  })

  it('keeps awkward caller ids short, printable and undialled', () => {
    expect(parse('a"b,${SHELL(x)}\r\nAction: x')).toMatchObject({
      e164: null,
      raw: 'a"b,${SHELL(x)}Action: x',
    })
    expect(parse('9'.repeat(500)).raw).toHaveLength(64)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const number = parse(text)
        expect(number.raw.length).toBeLessThanOrEqual(64)
        expect(number.raw).not.toMatch(/\p{Cc}/u)
        if (number.e164 !== null) expect(number.e164).toMatch(/^\+?\d{3,15}$/)
      }),
    )
  })

  it('reads its own writing again', () => {
    const mobile = fc.stringMatching(/^09[0-9]{8}$/)
    fc.assert(
      fc.property(mobile, (text) => {
        const once = parse(text)
        expect(parse(once.display).e164).toBe(once.e164)
        expect(parse(once.e164 ?? '').display).toBe(once.display)
      }),
    )
  })
})
