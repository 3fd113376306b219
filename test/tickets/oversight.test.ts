import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  OFFICER,
  OPERATOR,
  OTHER_UNIT,
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'

const HOUR = 3_600_000
const OTHER_OF_OFFICE = { ...CITY_OFFICE, id: 9, username: 'other-office', name: 'Đặng Văn Ớt' }

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const forward = (changes: Record<string, unknown> = {}): string => {
  const draft = fillDraft(desk, changes)
  desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: UNIT, note: '' }, OPERATOR)
  return draft.code
}
const page = (query: Record<string, unknown> = {}) => desk.tickets.list(query, CITY_OFFICE)
const copies = (code: string) => desk.tickets.view(code, CITY_OFFICE).officeCopies
const marks = () => page().items.map(({ code, unseen }) => [code, unseen])

describe('R047: a copy of what is forwarded goes to the City Office (Đ9.2)', () => {
  it('from the moment of the slip, and waits to be seen', () => {
    const code = forward()
    expect(copies(code)).toMatchObject([
      { since: '2026-03-02T01:00:00.000Z', seenAt: null, seenByName: null, number: 'PC26-000001' },
    ])
    expect(page()).toMatchObject({ unseen: 1, items: [{ code, unseen: true }] })
  })

  it('but nothing of a case that was answered directly', () => {
    const { code, version } = fillDraft(desk)
    desk.tickets.answer(code, { version, answer: 'Sẽ sửa trong tuần.', source: 'Lịch' }, OPERATOR)
    expect(page()).toEqual({ items: [], total: 0, unseen: 0, overdue: 0 })
  })

  it('is seen once: whoever was first stays', () => {
    const code = forward()
    desk.pass(HOUR)
    desk.tickets.markSeen([code], CITY_OFFICE)
    desk.pass(HOUR)
    desk.tickets.markSeen([code], OTHER_OF_OFFICE)
    expect(copies(code)).toMatchObject([{ seenAt: '2026-03-02T02:00:00.000Z', seenByName: CITY_OFFICE.name }])
    expect(page()).toMatchObject({ unseen: 0, items: [{ code, unseen: false }] })
  })

  it('is new again with the next slip, and keeps who saw the one before', () => {
    const code = forward()
    desk.tickets.markSeen([code], CITY_OFFICE)
    const { version } = desk.tickets.view(code, OPERATOR)
    desk.tickets.sendSlip(code, { version, unitId: OTHER_UNIT, note: '' }, OPERATOR)
    expect(copies(code).map(({ seenAt }) => seenAt === null)).toEqual([false, true])
    expect(marks()).toEqual([[code, true]])
  })

  it('is marked for many at once, and for none when one of them is not theirs', () => {
    const codes = [forward(), forward(), forward()]
    const draft = fillDraft(desk)
    expect(() => {
      desk.tickets.markSeen([...codes, draft.code], CITY_OFFICE)
    }).toThrow('no such ticket')
    expect(page().unseen).toBe(3)
    desk.tickets.markSeen(codes.slice(0, 2), CITY_OFFICE)
    expect(page({ unseen: true })).toMatchObject({ total: 1, unseen: 1, items: [{ code: codes[2] }] })
  })

  it('tells the consoles once, and only of what has changed', async () => {
    const [first, second] = [forward(), forward()]
    desk.tickets.markSeen([first], CITY_OFFICE)
    await Promise.resolve()
    desk.changed.length = 0
    desk.tickets.markSeen([first, second], CITY_OFFICE)
    await Promise.resolve()
    expect(desk.changed.map(({ code }) => code)).toEqual([second])
  })

  it('is counted for the City Office alone; a unit is not told who looked', () => {
    const code = forward()
    const others = desk.tickets.list({}, SUPERVISOR)
    expect(others).toMatchObject({ items: [{ unseen: false }] })
    expect(others).not.toHaveProperty('unseen')
    expect(desk.tickets.view(code, OFFICER).officeCopies).toEqual([])
    expect(desk.tickets.view(code, OPERATOR).officeCopies).toHaveLength(1)
  })

  it('is not counted for training', () => {
    const code = forward()
    desk.db.raw.prepare('UPDATE tickets SET training = 1 WHERE code = ?').run(code)
    expect(page().unseen).toBe(0)
    expect(page({ training: true }).unseen).toBe(1)
  })

  it('gives slips of a time before it their copy', () => {
    forward()
    const sql = readFileSync(
      resolve(import.meta.dirname, '../../migrations', migrationNamed('office_copies')),
      'utf8',
    )
    const backfill = /INSERT INTO office_copies[^;]*;/.exec(sql)?.[0] ?? ''
    desk.db.raw.exec('DROP TRIGGER office_copies_no_delete; DELETE FROM office_copies;')
    desk.db.raw.exec(backfill)
    expect(page().unseen).toBe(1)
  })

  it('over HTTP for the City Office and nobody else', async () => {
    const code = forward()
    const app = await desk.serve()
    const mark = (who: string, codes: unknown) =>
      app.inject({
        method: 'POST',
        url: '/api/oversight/seen',
        cookies: { sid: who },
        headers: { 'x-csrf-token': 'csrf', origin: 'https://1022.haiphong.gov.vn' },
        payload: { codes },
      })
    expect((await mark('operator', [code])).statusCode).toBe(403)
    expect((await mark('cityOffice', [])).statusCode).toBe(422)
    expect((await mark('cityOffice', ['HP26-999999'])).statusCode).toBe(404)
    expect((await mark('cityOffice', [code])).statusCode).toBe(204)
    expect(page().unseen).toBe(0)
    await app.close()
  })
})

function migrationNamed(name: string): string {
  const journal = readFileSync(resolve(import.meta.dirname, '../../migrations/meta/_journal.json'), 'utf8')
  const { entries } = JSON.parse(journal) as { entries: { tag: string }[] }
  const found = entries.find(({ tag }) => tag.endsWith(`_${name}`))
  return `${found?.tag ?? name}.sql`
}
