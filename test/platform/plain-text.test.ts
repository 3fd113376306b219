import { expect, it } from 'vitest'
import { plainText, plainValue } from '../../src/platform/plain-text.ts'

it.each([
  ['an override of direction', 'Đèn \u202Etắt\u202C', 'Đèn tắt'],
  ['isolates and marks', '\u2067a\u2069\u200Eb\u200F\u061C', 'ab'],
  ['control characters, but not tab and line ends', 'a\u0007\u0085b\tc\r\nd', 'ab\tc\r\nd'],
  ['nothing of Vietnamese, nor of joined emoji', 'Ngõ 12 Lạch Tray 👩‍🚒', 'Ngõ 12 Lạch Tray 👩‍🚒'],
])('takes out %s', (_, text, plain) => {
  expect(plainText(text)).toBe(plain)
})

it('takes it out of every string of a body, and leaves the rest as it is', () => {
  const file = Buffer.from('\u0007')
  expect(plainValue({ a: ['\u202Ex', 1, null], b: { c: 'y\u2066' }, d: true, file })).toEqual({
    a: ['x', 1, null],
    b: { c: 'y' },
    d: true,
    file,
  })
})
