import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeRanges } from '../../src/tickets/search-policy.ts'
import { createDesk, type Desk, fillDraft, OPERATOR, SUPERVISOR } from '../support/desk.ts'

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const find = (q: string, more = {}): string[] =>
  desk.tickets.list({ q, ...more }, OPERATOR).items.map((ticket) => ticket.title)

describe('search', () => {
  beforeEach(() => {
    fillDraft(desk, { title: 'Sửa đường Điện Biên Phủ', place: 'Hồng Bàng' })
    fillDraft(desk, { title: 'Bóng đèn Dương Phố', place: 'Lê Chân' })
    fillDraft(desk, { title: 'Cống tắc', content: 'nước ngập', place: 'Hải Dương' })
  })

  it('finds marks without marks, in any case and form', () => {
    expect(find('duong')).toHaveLength(3)
    expect(find('dien bien phu')).toEqual(['Sửa đường Điện Biên Phủ'])
    expect(find('NUOC NGAP')).toEqual(['Cống tắc'])
    expect(find('điện biên'.normalize('NFD'))).toEqual(['Sửa đường Điện Biên Phủ'])
    expect(find('đưong')).toHaveLength(3)
  })

  it('ranks exact marks first, then the newest', () => {
    expect(find('đường')).toEqual(['Sửa đường Điện Biên Phủ', 'Cống tắc', 'Bóng đèn Dương Phố'])
    expect(find('Dương')).toEqual(['Cống tắc', 'Bóng đèn Dương Phố', 'Sửa đường Điện Biên Phủ'])
  })

  it('finds code, telephone number however written, and reporter', () => {
    expect(find('HP26-000002')).toEqual(['Bóng đèn Dương Phố'])
    expect(find('hp26 000002')).toEqual(['Bóng đèn Dương Phố'])
    for (const number of [
      '0950000777',
      '0950 000 777',
      '0950.000.777',
      '+84950000777',
      '84950000777',
      '0950000',
    ])
      expect(find(number), number).toHaveLength(3)
    expect(find('pham van dai')).toHaveLength(3)
  })

  it('R068: tells those who see numbers masked only what they type whole; codes and words as ever', () => {
    // What stands in title and content is read by everybody who may read the case.
    const { code } = fillDraft(desk, { title: 'Cây đổ ở số 1251', content: 'Gãy cành', place: 'Ngõ 12a' })
    const looksOn = (q: string): boolean =>
      desk.tickets.list({ q }, SUPERVISOR).items.some((ticket) => ticket.code === code)
    for (const number of [
      '0950000777',
      '0950 000 777',
      '+84950000777',
      '84950000777',
      '950000777',
      '0084 950000777',
      'dai 0950000777',
    ])
      expect(looksOn(number), number).toBe(true)
    // The number of a code begins with "0" too.
    for (let length = 2; length < 10; length += 1) {
      const part = '0950000777'.slice(0, length)
      for (const q of [part, `dai ${part}`, `${part}\u19b0`, `${part}\u0301`])
        expect(looksOn(q), q).toBe(false)
    }
    for (const part of ['8495000077', '849', '95000077', '777', '000777', '0950 000 77'])
      expect(looksOn(part), part).toBe(false)
    for (const words of ['hp26', 'HP26-000', code, code.slice(5), 'cay', 'cay do', 'pham van da', 'ngo 12a'])
      expect(looksOn(words), words).toBe(true)
    expect([looksOn('1251'), looksOn('125'), looksOn('12a')]).toEqual([true, false, true])
  })

  it('follows changes: what was written over is not found', () => {
    const [first] = desk.tickets.list({ q: 'Cống' }, OPERATOR).items
    if (first === undefined) throw new Error('not found')
    desk.tickets.save(first.code, { version: first.version, form: { title: 'Hố ga' } }, OPERATOR)
    expect(find('cong')).toEqual([])
    expect(find('ho ga')).toEqual(['Hố ga'])
  })

  it('pages with one total, and filters by state, operator, number and training', () => {
    const page = desk.tickets.list({ limit: 2, offset: 2 }, OPERATOR)
    expect(page.total).toBe(3)
    expect(page.items.map((ticket) => ticket.code)).toEqual(['HP26-000001'])
    expect(desk.tickets.list({ state: 'answered' }, OPERATOR).total).toBe(0)
    expect(desk.tickets.list({ state: ['answered', 'draft'] }, OPERATOR).total).toBe(
      desk.tickets.list({ state: 'draft' }, OPERATOR).total,
    )
    expect(desk.tickets.list({ mine: true }, OPERATOR).total).toBe(3)
    expect(desk.tickets.list({ mine: true }, SUPERVISOR).total).toBe(0)
    expect(desk.tickets.list({ phone: '0950 000 777' }, OPERATOR).total).toBe(3)
    expect(desk.tickets.list({ phone: 'abc' }, OPERATOR).total).toBe(0)
  })

  it.each(['"; DROP TABLE tickets; --', 'a OR b', 'folded:x', '*', '"', 'NEAR(a b)', '--', '()', '\u0000'])(
    'takes %s as words, not as a query language',
    (q) => {
      expect(desk.tickets.list({ q }, OPERATOR).items.length).toBeGreaterThanOrEqual(0)
    },
  )

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (q) => {
        expect(desk.tickets.list({ q }, OPERATOR).total).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

it('finds one among ten thousand: by number, by word, and the newest first', () => {
  const add = desk.db.raw.prepare(
    `INSERT INTO tickets (code, state, channel, title, phone_e164, caller_e164, created_at, updated_at)
     VALUES (?, 'received', 'phone', ?, ?, ?, '', '')`,
  )
  const index = desk.db.raw.prepare('INSERT INTO ticket_search (rowid, folded, exact) VALUES (?, ?, ?)')
  desk.db.transaction(() => {
    for (let n = 1; n <= 10_000; n += 1) {
      const number = `+8495${String(n).padStart(7, '0')}`
      add.run(`HP25-${String(n).padStart(6, '0')}`, 'Đường hỏng', number, number)
      index.run(n, `duong hong so ${String(n)}`, `đường hỏng số ${String(n)}`)
    }
  })
  const code = 'HP25-004321'
  expect(desk.tickets.callerFacts('+84950004321').open).toMatchObject([{ code }])
  expect(desk.tickets.list({ limit: 2 }, OPERATOR).items).toMatchObject([
    { code: 'HP25-010000' },
    { code: 'HP25-009999' },
  ])
  expect(desk.tickets.list({ q: 'so 4321' }, OPERATOR).items).toMatchObject([{ code }])
})

it('of several states is asked with the name repeated, and refuses one that there is not', async () => {
  const sent = fillDraft(desk)
  desk.tickets.sendSlip(sent.code, { version: sent.version, unitId: 'chieu-sang', note: '' }, OPERATOR)
  const received = fillDraft(desk)
  desk.tickets.receive(received.code, received.version, OPERATOR)
  fillDraft(desk)
  const app = await desk.serve()
  const get = (query: string) => app.inject({ url: `/api/tickets?${query}`, cookies: { sid: 'operator' } })
  const codes = async (query: string) =>
    (await get(query)).json<{ items: { code: string }[] }>().items.map(({ code }) => code)
  expect(await codes('state=assigned&state=received')).toEqual([received.code, sent.code])
  expect(await codes('state=assigned')).toEqual([sent.code])
  expect((await get('state=assigned&state=nowhere')).statusCode).toBe(422)
  expect((await get('state=assigned,received')).statusCode).toBe(422)
  await app.close()
})

it('counts and pages up to a bound, and says when only the newest with a word were looked through', () => {
  const add = desk.db.raw.prepare(
    `INSERT INTO tickets (code, state, channel, title, created_at, updated_at) VALUES (?, ?, 'phone', 'Đèn', '', '')`,
  )
  desk.db.transaction(() => {
    for (let n = 1; n <= 5_100; n += 1)
      add.run(`HP25-${String(n).padStart(6, '0')}`, n === 1 ? 'rejected' : 'closed')
  })
  for (const index of ['ticket_search', 'case_search'])
    desk.db.raw.exec(`INSERT INTO ${index} (rowid, folded, exact) SELECT id, 'den', 'đèn' FROM tickets`)
  const first = desk.tickets.list({ limit: 1 }, OPERATOR)
  expect(first.items.map(({ code }) => code)).toEqual(['HP25-005100'])
  expect(first.total).toBe(1_001)
  const last = desk.tickets.list({ offset: 950, limit: 50 }, OPERATOR)
  expect(last.items.at(-1)?.code).toBe('HP25-004101')
  expect(desk.tickets.list({ q: 'đèn' }, OPERATOR)).toMatchObject({ total: 1_001 })
  expect(desk.tickets.list({ q: 'đèn' }, OPERATOR).isCut).toBeUndefined()
  expect(desk.tickets.list({ q: 'đèn', state: 'rejected' }, OPERATOR)).toMatchObject({
    total: 0,
    isCut: true,
  })
  expect(desk.tickets.list({ state: 'rejected' }, OPERATOR)).toMatchObject({ total: 1 })
  // Practice is found among however many that are none.
  desk.db.raw.exec(`UPDATE tickets SET training = 1 WHERE code = 'HP25-000002'`)
  const practice = desk.tickets.list({ q: 'đèn', training: true }, OPERATOR)
  expect(practice.items.map(({ code }) => code)).toEqual(['HP25-000002'])
  expect(practice.isCut).toBeUndefined()
})

it.each([
  [['hp26', '000012'], ['HP26-000012']],
  [['hp'], ['HP26-', 'HP25-']],
  [['01', '0012'], []],
  [
    ['00', '0000'],
    ['HP26-0000', 'HP25-0000'],
  ],
  [['den'], []],
  [[], []],
])('knows the codes that %j begin parts of', (words, from) => {
  expect(codeRanges(words, ['HP26', 'HP25']).map((range) => range.from)).toEqual(from)
})
