import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparePlaces, placesInText, readPlace } from '../../src/suggestions/place-policy.ts'

const like = (here: string, there: string) => comparePlaces(readPlace(here), readPlace(there))

describe('R023: what a place text says', () => {
  it.each([
    'số 12 đường Lạch Tray',
    '12 Lạch Tray',
    '12 lach tray',
    'trước số nhà 12 đ. Lạch Tray, P.Gia Viên',
    'đối diện 12 Lạch Tray - phường Gia Viên',
  ])('is the same however it is written: %s', (text) => {
    expect(like('12 Lạch Tray', text)).toMatchObject({ shared: { key: 'lach tray' }, number: 'same' })
  })

  it.each([
    ['ngõ 45 Tô Hiệu', 'kiệt 45 Tô Hiệu', 'same'],
    ['ngõ 45 Tô Hiệu', '45/12 Tô Hiệu', 'same'],
    ['ngõ 45 Tô Hiệu', 'ngõ 120 Tô Hiệu', 'other'],
    ['ngõ 45 Tô Hiệu', '45 Tô Hiệu', 'unknown'],
  ])('knows one alley from another: %s, %s', (here, there, alley) => {
    expect(like(here, there)).toMatchObject({ shared: { key: 'to hieu' }, alley })
  })

  it('tells near numbers from far ones', () => {
    expect(like('12 Lạch Tray', '14 Lạch Tray').number).toBe('near')
    expect(like('12 Lạch Tray', '350 Lạch Tray').number).toBe('far')
  })

  it('keeps the kind of what is called by it', () => {
    expect(like('cầu Sắt', 'chợ Sắt')).toMatchObject({ shared: null, isElsewhere: true })
    expect(like('chân cầu Rào', 'đầu cầu Rào').shared?.shown).toBe('cầu Rào')
    expect(like('trường tiểu học Minh Khai', 'Trường Minh Khai').shared).not.toBeNull()
    expect(like('QL5', 'quốc lộ 5').isElsewhere).toBe(false)
  })

  it('reads both streets of a crossing, and neither ward nor city', () => {
    const { names } = readPlace('ngã tư Lạch Tray - Nguyễn Bỉnh Khiêm, P. Gia Viên, TP Hải Phòng')
    expect(names.map(({ key }) => key)).toEqual(['lach tray', 'nguyen binh khiem'])
  })

  it('finds places in running text by their capitals, and no others', () => {
    const { names, numbers } = placesInText(
      'Yêu cầu Sở Xây dựng sửa 3 cột đèn đường trước số 45 Trần Phú, gần chợ Cố Đạo.',
    )
    expect(names.map(({ shown }) => shown)).toEqual(['Trần Phú', 'chợ Cố Đạo'])
    expect(numbers).toEqual([45])
  })

  it('takes any text, and finds it like itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const place = readPlace(text)
        const { isElsewhere, alley } = comparePlaces(place, place)
        expect(isElsewhere).toBe(false)
        expect(alley).not.toBe('other')
        placesInText(text)
      }),
    )
  })
})
