import { describe, expect, test } from 'vitest'
import { maskedNumber, seesWholeNumber, withoutNumbers } from '../../src/platform/number-mask-policy.ts'

describe('R068: a masked number', () => {
  test.each([
    ['0950 000 777', '0950 ••• 777'],
    ['+84 950 000 777', '+84 95• ••• 777'],
    ['0225 3950 113', '0225 •••• 113'],
    ['18001234', '180•••34'],
    ['395011', '3•••11'],
    ['1022', '•••2'],
    ['113', '••3'],
    ['lan.0950000777', 'lan.0••••••777'],
    ['', ''],
  ])('shows beginning and end, and never the whole: %s', (display, masked) => {
    expect(maskedNumber(display)).toBe(masked)
    expect(maskedNumber(masked)).toBe(masked)
  })

  test('is not in the caller’s name either', () => {
    expect(withoutNumbers('Đại 0950 000 777')).toBe('Đại 0950 ••• 777')
    expect(withoutNumbers('Đại 0950000777, nhà 12')).toBe('Đại 0950•••777, nhà 12')
    expect(withoutNumbers('0950/000/777')).toBe('0950/•••/777')
    expect(withoutNumbers('Lan_0950_000_777')).toBe('Lan_0950_•••_777')
    expect(withoutNumbers('Lan ０９５００００７７７')).toBe('Lan ０９５０•••７７７')
    expect(withoutNumbers('Tổ dân phố 4')).toBe('Tổ dân phố 4')
  })

  test.each([
    ['operator', 2, true],
    ['supervisor', 2, false],
    ['supervisor', null, false],
    ['supervisor', 1, true],
    ['admin', 2, false],
    ['admin', 1, true],
  ])('is shown by who works the call: %s, taken by %s', (role, takerId, isWhole) => {
    expect(seesWholeNumber({ id: 1, role }, takerId)).toBe(isWhole)
  })
})
