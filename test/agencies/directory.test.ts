import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDirectory, readDirectory } from '../../src/agencies/directory-files.ts'
import { createDirectory } from '../../src/agencies/service.ts'
import { vietnamMobile } from '../../src/messages/sms-policy.ts'

const directory = readDirectory(resolve(import.meta.dirname, '../../config/haiphong'))
/** Those that have not ended. */
const { units: standing } = createDirectory(directory, {
  now: () => new Date('2026-03-02T01:00:00Z'),
}).directory()
const copy = (): typeof directory => structuredClone(directory)

describe('the directory of Hải Phòng', () => {
  it('R012, R030-R034: has all kinds of units and the five categories of Điều 5', () => {
    expect(new Set(standing.map((unit) => unit.type))).toEqual(
      new Set(['department', 'ward', 'commune', 'special', 'vertical', 'provider']),
    )
    expect(directory.categories.map((category) => category.article)).toEqual([
      'Đ5.1',
      'Đ5.2',
      'Đ5.3',
      'Đ5.4',
      'Đ5.5',
    ])
  })

  it('holds only numbers of blocks that nobody has', () => {
    for (const { dutyPhone, people } of standing) {
      expect(dutyPhone).toMatch(/^0225 000 0\d{3}$/)
      for (const { phone } of people) expect(phone).toMatch(/^(0950 000 \d{3}|0225 000 0\d{3})$/)
    }
  })

  it('has one unit whose officers have a landline only', () => {
    const without = standing.filter((unit) =>
      unit.people.every((person) => person.role === 'head' || vietnamMobile(person.phone) === undefined),
    )
    expect(without.map((unit) => unit.id)).toEqual(['dk-bach-long-vi'])
  })

  it('R023: suggests the usual unit of a field, then the unit of the place', () => {
    const made = createDirectory(directory)
    const suggest = (of: Parameters<typeof made.suggest>[0]) => made.suggest(of)
    expect(suggest({ fieldId: 'lighting', areaId: 'p-gia-vien' })).toEqual([
      'chieu-sang',
      'so-xay-dung',
      'p-gia-vien',
    ])
    expect(suggest({ fieldId: 'noise', areaId: 'p-gia-vien' })).toEqual(['p-gia-vien', 'cong-an'])
    expect(suggest({ fieldId: 'noise', areaId: null })).toEqual(['cong-an'])
    expect(suggest({ fieldId: null, areaId: 'dk-cat-hai' })).toEqual(['dk-cat-hai'])
    expect(suggest({ fieldId: 'nothing', areaId: 'nowhere' })).toEqual([])
  })

  it('R121 (Đ16.1): online procedures that come by 1022 go to the department that leads them', () => {
    const made = createDirectory(directory)
    expect(made.field('procedure-online')?.category.article).toBe('Đ5.5')
    expect(made.suggest({ fieldId: 'procedure-online', areaId: null })).toEqual(['so-khoa-hoc'])
  })
})

describe('a directory that cannot work', () => {
  it('is refused with everything that is wrong in one error', () => {
    const broken = copy()
    const [first, second] = broken.units
    if (first === undefined || second === undefined) throw new Error('no units')
    first.smsName = 'Sở Xây dựng'
    second.id = first.id
    second.people = []
    broken.areas.push({ id: 'p-moi', name: 'P. Mới', unitId: 'nobody' })
    expect(() => parseDirectory(broken)).toThrow(
      /smsName must be[\s\S]*area p-moi: no unit nobody[\s\S]*no focal officer[\s\S]*no head/,
    )
    expect(() => parseDirectory(broken)).toThrow(/given twice/)
  })

  it('names the unit whose working hours nobody wrote down', () => {
    const broken = copy()
    const [unit] = broken.units
    if (unit === undefined) throw new Error('no units')
    unit.calendar = 'nua-dem'
    expect(() => parseDirectory({ ...broken, isCalendar: (id) => id === 'truc-24-7' })).toThrow(
      `unit ${unit.id}: no calendar nua-dem; there is no calendars/nua-dem.json`,
    )
  })

  it('names file and place of a wrong type', () => {
    expect(() => parseDirectory({ ...copy(), units: [{ id: 5 }] })).toThrow(/agencies\.json/)
  })
})
