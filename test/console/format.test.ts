import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { speak } from '../../src/console/i18n/translate.ts'
import { language } from '../../src/console/state/preferences.ts'
import {
  clock,
  dialable,
  fold,
  longDay,
  moment,
  secondsSince,
  size,
  span,
} from '../../src/console/ui/format.ts'

const NOW = Date.parse('2026-03-06T03:00:00Z')

afterEach(() => {
  language.value = 'vi'
})

describe('times as people say them', () => {
  it('are in the city’s time, with the day only when it is not today', () => {
    expect(moment('2026-03-06T09:45:00Z', NOW)).toBe('16:45')
    expect(moment('2026-03-07T09:45:00Z', NOW)).toBe('16:45, T7 07/03')
    expect(moment('2025-12-31T17:00:00Z', NOW)).toBe('00:00, T5 01/01')
    expect(moment('2025-10-31T17:00:00Z', NOW)).toBe('00:00, T7 01/11/2025')
    expect(moment('', NOW)).toBe('')
  })

  it('say a day that was chosen in words, whatever language the browser’s own field has', async () => {
    expect(longDay('2026-03-09')).toBe('Thứ Hai, 09/03/2026')
    expect(longDay('2026-03-08T16:45')).toBe('16:45, Chủ Nhật, 08/03/2026')
    for (const none of ['', '0002-03-09', '2026-02-30', 'mai']) expect(longDay(none)).toBeNull()
    await speak('en')
    expect(longDay('2026-03-09')).toBe('Monday, 09/03/2026')
  })

  it('count clocks with seconds, and long ones with hours', () => {
    expect([0, 65, 3_725, -3].map(clock)).toEqual(['0:00', '1:05', '1:02:05', '0:00'])
    expect(secondsSince('2026-03-06T03:00:09Z', NOW)).toBe(0)
  })

  it('name spans in words', () => {
    expect([59 * 60, 130 * 60, -3 * 86_400].map(span)).toEqual(['59 phút', '2 giờ 10 phút', '3 ngày'])
  })
})

describe('sizes', () => {
  it('use the language’s decimal sign', async () => {
    expect(size(1_400_000)).toBe('1,4 MB')
    await speak('en')
    expect(size(1_400_000)).toBe('1.4 MB')
    expect(size(3)).toBe('1 kB')
  })
})

describe('searching without marks', () => {
  it('finds Đường by duong, whether its letters are composed or not', () => {
    expect(fold('Đường Lạch Tray')).toBe('duong lach tray')
    expect(fold('Đường'.normalize('NFD'))).toBe('duong')
  })
})

describe('a number to dial', () => {
  it('holds nothing but what a telephone can send, and a plus only in front', () => {
    expect(dialable('+84 (0)950-000.777')).toBe('+840950000777')
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(dialable(text)).toMatch(/^\+?[\d*#]*$/)
      }),
    )
  })
})
