import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDirectory } from '../../src/agencies/directory-files.ts'
import { areaFinder } from '../../src/suggestions/area-policy.ts'
import { fieldGuesser } from '../../src/suggestions/field-policy.ts'

const CITIES = resolve(import.meta.dirname, '../../config')
const guess = fieldGuesser([
  { fieldId: 'lighting', words: ['Chiếu sáng', 'đèn đường', 'đèn'] },
  { fieldId: 'water', words: ['nước sạch', 'thủy lợi'] },
])

describe('R080: the field by what is said', () => {
  it('says by which words it was told, the longer instead of its part', () => {
    expect(guess('Đèn đường tắt hết')).toEqual([{ fieldId: 'lighting', words: ['đèn đường'] }])
  })

  it('hears words typed without marks, but not one marked otherwise', () => {
    expect(guess('den duong tat')[0]?.fieldId).toBe('lighting')
    expect(guess('đến nơi')).toEqual([])
  })

  it('takes both ways of placing a tone, and text in any normal form', () => {
    expect(guess('công trình thuỷ lợi')[0]?.fieldId).toBe('water')
    expect(guess('nước sạch'.normalize('NFD'))[0]?.fieldId).toBe('water')
  })

  it('guesses nothing from nothing', () => {
    expect(guess('')).toEqual([])
    expect(guess('xin chào')).toEqual([])
  })

  it.each(['haiphong', 'dongthap'])('has words for every field of %s', (city) => {
    const { categories } = readDirectory(join(CITIES, city))
    for (const { id, keywords = [] } of categories.flatMap(({ fields }) => fields))
      expect(keywords.length, id).toBeGreaterThan(2)
  })
})

describe('R023: the area that a text names', () => {
  const find = areaFinder(readDirectory(join(CITIES, 'haiphong')).areas)

  it.each([
    ['12 Lạch Tray, P.Gia Viên', 'p-gia-vien'],
    ['ở phường Nam Đồ Sơn', 'p-nam-do-son'],
    ['xa vinh bao', 'x-vinh-bao'],
    ['Đặc khu Cát Hải', 'dk-cat-hai'],
  ])('%s', (text, areaId) => {
    expect(find(text)?.areaId).toBe(areaId)
  })

  it('is not the street of the same name', () => {
    expect(find('số 5 đường Lê Chân')).toBeNull()
  })
})
