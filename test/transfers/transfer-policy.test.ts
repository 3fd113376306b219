import { resolve } from 'node:path'
import fc from 'fast-check'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { readDirectory } from '../../src/agencies/directory-files.ts'
import { createDirectory } from '../../src/agencies/service.ts'
import { parseNumber } from '../../src/calls/phone-number.ts'
import { AppError } from '../../src/platform/errors.ts'
import { TransferTarget } from '../../src/transfers/contract.ts'
import { parseEmergency, readEmergency } from '../../src/transfers/emergency-file.ts'
import {
  checkTarget,
  mustPressAt,
  proposeTargets,
  type TransferMatter,
} from '../../src/transfers/transfer-policy.ts'

const cityDir = resolve(import.meta.dirname, '../../config/haiphong')
const files = readDirectory(cityDir)
const directory = createDirectory(files)
const emergency = readEmergency(cityDir, directory)

/** A Wednesday. */
const noon = new Date('2026-03-04T05:00:00Z')
const propose = (form: Partial<TransferMatter['form']>, now = noon) =>
  proposeTargets({
    now,
    form: { fieldId: null, areaId: null, urgent: false, title: '', content: '', ...form },
    directory,
    emergency,
  })
const numbers = (form: Partial<TransferMatter['form']>) => propose(form).map(({ number }) => number)
/** 113, 114 and 115 at the head of the chain. */
const services = (form: Partial<TransferMatter['form']>) =>
  propose(form)
    .filter(({ unitId }) => unitId === null)
    .map(({ number }) => number)

describe('whom to ring', () => {
  it("goes through a unit's duty line, officers and head, then the next unit, and ends with the City Office", () => {
    expect(propose({ fieldId: 'power' }).map(({ number, unitId, ask }) => [number, unitId, ask])).toEqual([
      ['0225 000 0021', 'dien-luc', true],
      ['0950 000 041', 'dien-luc', true],
      ['0950 000 042', 'dien-luc', true],
      ['0225 000 0001', 'van-phong', true],
      ['0950 000 001', 'van-phong', true],
      ['0950 000 002', 'van-phong', true],
    ])
    expect(propose({ fieldId: 'power' })[0]?.label).toMatch(/^Trực ban · /)
  })

  it('rings the officer whose turn it is first, and the other one only after the head', () => {
    const chain = (at: string) =>
      propose({ fieldId: 'building' }, new Date(at))
        .filter(({ unitId }) => unitId === 'so-xay-dung')
        .map(({ number }) => number)
    expect(chain('2026-03-04T12:00+07:00')).toEqual([
      '0225 000 0002',
      '0950 000 003',
      '0950 000 005',
      '0950 000 004',
    ])
    // Saturday, half past one at night: Friday's shift goes on until seven.
    expect(chain('2026-03-07T01:30+07:00').slice(0, 2)).toEqual(['0225 000 0002', '0950 000 004'])
  })

  it('asks for a key where the directory says so, whatever a request claims', () => {
    const units = structuredClone(files.units)
    const [office, works] = units
    if (office !== undefined) office.dutyMustPress = false
    const [first] = works?.people ?? []
    if (first !== undefined) first.mustPress = false
    const asks = (number: string, typed: boolean) => mustPressAt(number, typed, { units, emergency })
    expect(asks('114', true)).toBe(false)
    expect(asks(office?.dutyPhone ?? '', true)).toBe(false)
    expect(asks(first?.phone ?? '', true)).toBe(false)
    expect(asks(works?.dutyPhone ?? '', false)).toBe(true)
    expect(asks('+84 225 000 0002', false)).toBe(true)
    expect(asks('0950 999 999', false)).toBe(false)
    expect(asks('0950 999 999', true)).toBe(true)
    const chain = proposeTargets({
      form: { fieldId: 'building', areaId: null, urgent: false, title: '', content: '' },
      directory: createDirectory({ ...files, units }),
      emergency,
      now: noon,
    })
    expect(chain.find(({ number }) => number === first?.phone)?.ask).toBe(false)
    expect(chain.find(({ number }) => number === office?.dutyPhone)?.ask).toBe(false)
  })

  it('keeps the last of eight places for the City Office', () => {
    const chain = propose({ fieldId: 'traffic-order', areaId: 'p-gia-vien', content: 'Hai nhóm đánh nhau' })
    expect(chain.map(({ unitId }) => unitId)).toEqual([
      null,
      'p-gia-vien',
      'p-gia-vien',
      'p-gia-vien',
      'p-gia-vien',
      'cong-an',
      'cong-an',
      'van-phong',
    ])
  })

  it('asks the City Office first where the matter is its own, and where nobody is known', () => {
    expect(numbers({ fieldId: 'directed-late' })).toEqual(['0225 000 0001', '0950 000 001', '0950 000 002'])
    expect(numbers({})[0]).toBe('0225 000 0001')
  })

  it.each([
    ['Cháy quán ăn trong ngõ', ['114']],
    ['Có người bị đuối nước ở hồ An Biên', ['114', '115']],
    ['Nhà bên cạnh bị CƯỚP', ['113']],
    ['Cụ ông ngất, cần cấp cứu', ['115']],
    ['Hoả hoạn tại chợ', ['114']],
    ['chay nha so 5, goi gap', ['114']],
    ['co nguoi dang bi duoi nuoc', ['114', '115']],
    ['Tai nạn giao thông, có người bị thương', ['115', '113']],
    ['Đèn đường bị cháy hai tuần nay', []],
    ['Nước chảy tràn ra đường', []],
    ['nuoc chay tran ra duong', []],
    ['Máy bơm không chạy', []],
    ['may bom khong chay', []],
    ['Hỏi về giấy phép phòng cháy chữa cháy', []],
    ['Nắp cống dưới nước ngập', []],
    ['', []],
  ])('reads %j', (content, expected) => {
    expect(services({ content })).toEqual(expected)
    expect(services({ title: content.normalize('NFD') })).toEqual(expected)
    expect(numbers({ content }).slice(0, expected.length)).toEqual(expected)
  })

  it('takes one syllable without marks for the worst only where the matter is urgent', () => {
    expect(services({ content: 'chay o tang 3' })).toEqual([])
    expect(services({ content: 'chay o tang 3', urgent: true })).toEqual(['114'])
  })

  it('rings 113 first for an urgent matter of public order, and the police of the city for another', () => {
    expect(services({ fieldId: 'order', urgent: true })).toEqual(['113'])
    expect(propose({ fieldId: 'order' })[0]?.unitId).toBe('cong-an')
  })

  it('asks nobody at 113, 114 or 115 to press a key', () => {
    for (const target of propose({ content: 'cháy, có người bị thương, đánh nhau' }))
      expect(target.ask).toBe(target.unitId !== null)
  })

  it('gives one to eight targets, each number once and in the form that a transfer takes', () => {
    const ids = (all: readonly { id: string }[]) =>
      fc.option(fc.constantFrom(...all.map(({ id }) => id), 'nowhere'))
    const words = emergency.services.flatMap((service) => [...service.words, ...service.except])
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((some) => some.join(' ')),
    )
    fc.assert(
      fc.property(
        ids(files.categories.flatMap(({ fields }) => fields)),
        ids(files.areas),
        fc.boolean(),
        text,
        text,
        (fieldId, areaId, urgent, title, content) => {
          const chain = propose({ fieldId, areaId, urgent, title, content })
          expect(chain.length).toBeGreaterThanOrEqual(1)
          expect(chain.length).toBeLessThanOrEqual(8)
          expect(new Set(chain.map(({ number }) => number.replace(/\D/g, ''))).size).toBe(chain.length)
          expect(chain.every((target) => Value.Check(TransferTarget, target))).toBe(true)
          // emergency numbers stand in front of all others
          const firstUnit = chain.findIndex(({ unitId }) => unitId !== null)
          expect(chain.slice(firstUnit).every(({ unitId }) => unitId !== null)).toBe(true)
          expect(chain.some(({ unitId }) => unitId === 'van-phong')).toBe(true)
        },
      ),
    )
  })

  it('gives a number once, however two units write it', () => {
    const twice = structuredClone(files)
    for (const unit of twice.units)
      unit.dutyPhone = unit.id === 'dien-luc' ? '+84 225 000 0001' : '02250000001'
    const chain = proposeTargets({
      form: { fieldId: 'power', areaId: null, urgent: false, title: '', content: '' },
      directory: createDirectory(twice),
      emergency,
      now: noon,
    })
    expect(chain.map(({ number }) => number)).toEqual([
      '+84 225 000 0001',
      '0950 000 041',
      '0950 000 042',
      '0950 000 001',
      '0950 000 002',
    ])
  })

  it('proposes only numbers that may be rung', () => {
    for (const { id: fieldId } of files.categories.flatMap(({ fields }) => fields))
      for (const { number, unitId } of propose({ fieldId, urgent: true, content: 'cháy' })) {
        // the directory's 0225 000 0xxx and 0950 000 xxx belong to nobody, but are well formed
        expect(check(number).dial).toBe(unitId === null ? number : number.replaceAll(' ', ''))
      }
  })
})

describe('the file of emergency numbers', () => {
  it('is refused with everything that is wrong in one error', () => {
    const [fire] = emergency.services
    const broken = {
      lastResort: 'nobody',
      services: [fire, { ...fire, fields: ['nothing'] }],
    }
    expect(() => parseEmergency(broken, directory)).toThrow(
      /no unit nobody[\s\S]*number 114: given twice[\s\S]*number 114: no field nothing/,
    )
    expect(() =>
      parseEmergency({ lastResort: 5, services: [{ ...fire, words: ['!!'] }] }, directory),
    ).toThrow(/emergency\.json\/lastResort[\s\S]*emergency\.json\/services\/0\/words\/0/)
    expect(() => parseEmergency(null, directory)).toThrow(/emergency\.json/)
  })
})

const rules = {
  citizenE164: '+84912345678',
  ownLine: '02251022',
  areaCode: '225',
  parseNumber,
  emergency: { services: [] },
}
const check = (raw: string) => checkTarget(raw, rules)

it.each(['113', '115', '069 234 2431'])('rings %s', (raw) => {
  expect(check(raw).dial).toBe(raw.replaceAll(' ', ''))
})

it.each(['1080', '1068', '6789', '8077', '900', '911', '110', '116', '117', '118', '119'])(
  'does not ring %s, which is paid for or nobody’s',
  (raw) => {
    expect(codeOf(() => check(raw))).toBe('TRANSFER_NUMBER_INVALID')
  },
)

it('rings a short code that the city names for emergencies', () => {
  const services = [{ number: '116', name: 'Cứu hộ biển', fields: [], words: [], except: [] }]
  expect(checkTarget('116', { ...rules, emergency: { services } }).dial).toBe('116')
})

function codeOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (cause) {
    if (cause instanceof AppError && cause.kind === 'invalid') return cause.code
    throw cause
  }
}

describe('what may be rung', () => {
  it.each([
    ['113', '113'],
    ['114', '114'],
    ['115', '115'],
    ['111', '111'],
    ['18001091', '18001091'],
    ['1800 6668', '18006668'],
    ['0987 654 321', '0987654321'],
    ['+84 987 654 321', '0987654321'],
    ['(0225) 3842.123', '02253842123'],
    ['3842123', '02253842123'],
    ['02439741234', '02439741234'],
  ])('dials %s as %s', (raw, dial) => {
    expect(check(raw)).toEqual({ number: parseNumber(raw, '225'), dial })
  })

  it.each([
    ['TRANSFER_NUMBER_INVALID', ['', 'abc', 'công an', '1', '12', '000', '012', '+84113', '01621234567']],
    [
      'TRANSFER_NUMBER_INVALID',
      ['anonymous', '0912', '113#', '113,1', 'sip:113@x', '９１１', '9'.repeat(300)],
    ],
    ['TRANSFER_NUMBER_INVALID', ['0987654321 ext 5', '*98', '0987654321\n0912345678', '${EXTEN}', '+']],
    ['TRANSFER_NUMBER_FOREIGN', ['+81312345678', '0081312345678', '+1 202 456 1111']],
    ['TRANSFER_NUMBER_PREMIUM', ['19001234', '1900 6769', '1900.123456', '+8419001234', '0084 1900 1234']],
    ['TRANSFER_NUMBER_OWN', ['0225.1022', '+842251022', '1022', '02251022', '842251022', '00842251022']],
    [
      'TRANSFER_NUMBER_OWN',
      ['(0225) 1022', '+84 (0)225 1022', '8402251022', '225 1022', ' 1022 ', '10-22', '01022'],
    ],
    ['TRANSFER_NUMBER_CALLER', ['0912345678', '+84 912 345 678', '912345678', '0084912345678']],
  ])('answers %s for %j', (code, raws) => {
    for (const raw of raws) expect([raw, codeOf(() => check(raw))]).toEqual([raw, code])
  })

  it('lets nobody be the caller when the caller is hidden', () => {
    expect(checkTarget('0912345678', { ...rules, citizenE164: null }).dial).toBe('0912345678')
    expect(codeOf(() => checkTarget('', { ...rules, citizenE164: null }))).toBe('TRANSFER_NUMBER_INVALID')
    expect(codeOf(() => checkTarget('+81312345678', { ...rules, citizenE164: '+81312345678' }))).toBe(
      'TRANSFER_NUMBER_CALLER',
    )
  })

  it('gives digits to dial or one of five codes for any string at all', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom(...Array.from('0123456789+ .()-/#*')), maxLength: 24 }),
      fc.stringMatching(/^(\+84|0084|84|0)?(225|1900|1800|9|3)?[0-9]{2,9}$/),
    )
    fc.assert(
      fc.property(typed, (raw) => {
        const code = codeOf(() => {
          const { number, dial } = check(raw)
          expect(dial).toMatch(/^[0-9]{3,15}$/)
          expect(dial).not.toMatch(/^1900|^0?2251022$|^00|^0912345678$/)
          expect(dial).not.toBe('1022')
          expect(number.e164).not.toBeNull()
          // what is dialled is read again as the same number
          expect(parseNumber(dial, '225').e164).toBe(number.e164)
        })
        if (code !== undefined) expect(code).toMatch(/^TRANSFER_NUMBER_(INVALID|FOREIGN|PREMIUM|OWN|CALLER)$/)
      }),
      { numRuns: 3000 },
    )
  })

  it('knows our own line and the caller behind any punctuation', () => {
    const marks = fc.array(fc.constantFrom('', ' ', '.', '-', '(', ')', '/'), {
      minLength: 16,
      maxLength: 16,
    })
    const spelling = fc.constantFrom(
      '02251022',
      '+842251022',
      '1022',
      '842251022',
      '0912345678',
      '+84912345678',
    )
    fc.assert(
      fc.property(spelling, marks, (number, between) => {
        const raw = Array.from(number, (digit, at) => digit + (between[at] ?? '')).join('')
        expect(codeOf(() => check(raw))).toBe(
          number.endsWith('1022') ? 'TRANSFER_NUMBER_OWN' : 'TRANSFER_NUMBER_CALLER',
        )
      }),
    )
  })
})
