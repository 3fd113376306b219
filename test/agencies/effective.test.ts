import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Directory, type Unit } from '../../src/agencies/contract.ts'
import { parseDirectory, readDirectory } from '../../src/agencies/directory-files.ts'
import {
  addDays,
  dayOf,
  isDay,
  overlap,
  successorOn,
  withPredecessors,
} from '../../src/agencies/effective-policy.ts'
import { createDirectory } from '../../src/agencies/service.ts'

const files = readDirectory(resolve(import.meta.dirname, '../../config/haiphong'))
const on = (day: string): Date => new Date(`${day}T12:00:00+07:00`)
const changed = (change: (copy: Directory) => void): Directory => {
  const copy = structuredClone(files)
  change(copy)
  return copy
}
const unitOf = (directory: Directory, id: string): Unit => {
  const found = directory.units.find((unit) => unit.id === id)
  if (found === undefined) throw new Error(`no unit ${id}`)
  return found
}
const refusal = (directory: Directory): string => {
  try {
    parseDirectory(directory)
    return ''
  } catch (cause) {
    return (cause as Error).message
  }
}

describe('days', () => {
  it('are the city’s, from midnight to midnight there', () => {
    expect(dayOf(new Date('2025-06-30T16:59:59.999Z'))).toBe('2025-06-30')
    expect(dayOf(new Date('2025-06-30T17:00:00Z'))).toBe('2025-07-01')
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('2025-01-01', -1)).toBe('2024-12-31')
    expect([isDay('2024-02-29'), isDay('2025-02-29'), isDay('2025-2-3'), isDay('2025-13-01')]).toEqual([
      true,
      false,
      false,
      false,
    ])
  })

  it('overlap where one of them is in both terms', () => {
    const day = fc.integer({ min: 1, max: 9 }).map((number) => `2025-01-0${String(number)}`)
    const term = fc.record({
      from: fc.option(day, { nil: undefined }),
      to: fc.option(day, { nil: undefined }),
    })
    const days = Array.from({ length: 11 }, (_, at) => addDays('2024-12-31', at))
    const holds = (
      { from = '', to = '9' }: { from?: string | undefined; to?: string | undefined },
      one: string,
    ) => from <= one && one <= to
    fc.assert(
      fc.property(term, term, (one, other) => {
        fc.pre((one.from ?? '') <= (one.to ?? '9') && (other.from ?? '') <= (other.to ?? '9'))
        expect(overlap(one, other)).toBe(days.some((today) => holds(one, today) && holds(other, today)))
      }),
    )
  })
})

describe('R012: units that end', () => {
  const today = createDirectory(files, { now: () => on('2026-03-02') })

  it('answer by their last name, without people, and are in no list', () => {
    expect(today.unit('q-le-chan')).toMatchObject({ name: 'Ủy ban nhân dân quận Lê Chân', people: [] })
    expect(today.directory().units.map(({ id }) => id)).not.toContain('q-le-chan')
    expect(
      createDirectory(files, { now: () => on('2025-06-30') })
        .directory()
        .units.map(({ id }) => id),
    ).toContain('q-le-chan')
  })

  it('have a successor, who answers for their cases', () => {
    expect(today.successorOf('q-le-chan')?.id).toBe('p-le-chan')
    expect(today.successorOf('p-le-chan')?.id).toBe('p-le-chan')
    expect(today.answersFor('p-le-chan')).toEqual(['p-le-chan', 'q-le-chan'])
    expect(today.answersFor('q-le-chan')).toEqual([])
    expect(today.answersFor('nobody')).toEqual([])
    expect(today.successorOf('nobody')).toBeUndefined()
    expect(today.at(on('2025-06-30')).successorOf('q-le-chan')?.id).toBe('q-le-chan')
  })

  it('are followed as far as the chain goes on each day', () => {
    const chain = new Map<string, Unit>()
    const base = unitOf(files, 'q-le-chan')
    chain.set('a', { ...base, id: 'a', validTo: '2025-02-28', successorId: 'b' })
    chain.set('b', { ...base, id: 'b', validTo: '2025-06-30', successorId: 'c' })
    chain.set('c', { ...base, id: 'c', validTo: '2025-12-31', successorId: 'c' })
    expect(
      ['2025-02-28', '2025-03-01', '2025-07-01', '2026-01-01'].map((day) => successorOn(chain, 'a', day)?.id),
    ).toEqual(['a', 'b', 'c', undefined])
    expect(withPredecessors(chain, 'c', '2025-07-01')).toEqual(['c', 'b', 'a'])
    expect(withPredecessors(chain, 'c', '2025-06-30')).toEqual(['c'])
  })

  it('are no suggestion any more: whoever took over is', () => {
    const merged = changed((copy) => {
      Object.assign(unitOf(copy, 'chieu-sang'), { validTo: '2026-03-01', successorId: 'thoat-nuoc' })
    })
    const directory = createDirectory(merged, { now: () => on('2026-03-02') })
    expect(directory.suggest({ fieldId: 'lighting', areaId: null })).toEqual(['thoat-nuoc', 'so-xay-dung'])
    expect(directory.at(on('2026-03-01')).suggest({ fieldId: 'lighting', areaId: null })[0]).toBe(
      'chieu-sang',
    )
  })
})

describe('R013, R095: officers and heads', () => {
  it('have their days, the last one included', () => {
    const directory = createDirectory(
      changed((copy) => {
        const [officer, head] = unitOf(copy, 'chieu-sang').people
        if (officer === undefined || head === undefined) throw new Error('no people')
        unitOf(copy, 'chieu-sang').people = [
          { ...officer, to: '2026-03-02' },
          { ...officer, name: 'Vũ Thị Nhàn', phone: '0950 000 901', from: '2026-03-03' },
          head,
        ]
      }),
      { now: () => on('2026-03-02') },
    )
    const officers = (day: string) =>
      directory
        .at(on(day))
        .unit('chieu-sang')
        ?.people.filter(({ role }) => role === 'officer')
        .map(({ name }) => name)
    expect(officers('2026-03-02')).toHaveLength(1)
    expect(officers('2026-03-02')).not.toContain('Vũ Thị Nhàn')
    expect(officers('2026-03-03')).toEqual(['Vũ Thị Nhàn'])
    expect(directory.unit('chieu-sang')?.people.map(({ id }) => id)).not.toContain('vu-thi-nhan')
  })

  it('have an id of their own each, also where two bear one name', () => {
    const twins = changed((copy) => {
      const { people } = unitOf(copy, 'chieu-sang')
      const [first] = people
      if (first === undefined) throw new Error('no people')
      people.push({ ...first, phone: '0950 000 902' })
    })
    const ids = createDirectory(twins)
      .unit('chieu-sang')
      ?.people.map(({ id }) => id)
    expect(new Set(ids).size).toBe(3)
    expect(ids?.[2]).toBe(`${String(ids?.[0])}-2`)
  })
})

describe('R023: a rule of one field at one place', () => {
  it('goes before that of the whole city, for its days', () => {
    const directory = createDirectory(
      {
        ...files,
        rules: [
          {
            fieldId: 'lighting',
            areaId: 'p-gia-vien',
            unitIds: ['p-gia-vien'],
            from: '2026-03-02',
            to: '2026-03-31',
          },
        ],
      },
      { now: () => on('2026-03-02') },
    )
    const matter = { fieldId: 'lighting', areaId: 'p-gia-vien' }
    expect(directory.suggest(matter)).toEqual(['p-gia-vien'])
    expect(directory.ruleFor(matter)).toEqual({ ...matter, unitIds: ['p-gia-vien'] })
    expect(directory.at(on('2026-04-01')).suggest(matter)[0]).toBe('chieu-sang')
    expect(directory.ruleFor({ fieldId: 'lighting', areaId: 'p-le-chan' })).toMatchObject({ areaId: null })
    expect(directory.ruleFor({ fieldId: null, areaId: null })).toBeNull()
  })
})

describe('a directory whose days contradict each other is refused', () => {
  it.each<[string, (copy: Directory) => void, RegExp]>([
    [
      'ends before it begins',
      (copy) => Object.assign(unitOf(copy, 'thue'), { validFrom: '2026-02-02', validTo: '2026-02-01' }),
      /ends on 2026-02-01, before/,
    ],
    [
      'a day that is none',
      (copy) => Object.assign(unitOf(copy, 'thue'), { validTo: '2026-02-30' }),
      /2026-02-30 is no day/,
    ],
    [
      'a successor nobody knows',
      (copy) => Object.assign(unitOf(copy, 'q-le-chan'), { successorId: 'nobody' }),
      /no unit nobody to succeed/,
    ],
    [
      'a successor without an end',
      (copy) => Object.assign(unitOf(copy, 'thue'), { successorId: 'bhxh' }),
      /a successor and no last day/,
    ],
    [
      'a circle of successors',
      (copy) => {
        Object.assign(unitOf(copy, 'thue'), { validTo: '2026-02-01', successorId: 'bhxh' })
        Object.assign(unitOf(copy, 'bhxh'), { validTo: '2026-03-01', successorId: 'thue' })
      },
      /round in a circle/,
    ],
    [
      'a successor that ends first',
      (copy) => {
        Object.assign(unitOf(copy, 'thue'), { validTo: '2026-02-01', successorId: 'bhxh' })
        Object.assign(unitOf(copy, 'bhxh'), { validTo: '2026-01-01' })
      },
      /bhxh ends no later/,
    ],
    [
      'two heads at a time',
      (copy) => {
        const { people } = unitOf(copy, 'thue')
        const head = people.find(({ role }) => role === 'head')
        if (head !== undefined) people.push({ ...head, name: 'Người khác', phone: '0950 000 903' })
      },
      /there is a head already/,
    ],
    [
      'one officer twice',
      (copy) => {
        const { people } = unitOf(copy, 'thue')
        const officer = people.find(({ role }) => role === 'officer')
        if (officer !== undefined) people.push({ ...officer })
      },
      /given twice/,
    ],
    [
      'two rules for one day',
      (copy) => {
        const rule = { fieldId: 'lighting', areaId: 'p-gia-vien', unitIds: ['thue'] }
        copy.rules = [
          { ...rule, to: '2026-03-31' },
          { ...rule, from: '2026-03-31' },
        ]
      },
      /two for one day/,
    ],
  ])('%s', (_what, change, message) => {
    expect(refusal(changed(change))).toMatch(message)
  })
})
