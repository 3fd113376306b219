import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDesk, type Desk, fillDraft, OFFICER, OPERATOR, OTHER_UNIT, UNIT } from '../support/desk.ts'

let desk: Desk
let app: Awaited<ReturnType<Desk['serve']>>
let code: string
beforeEach(async () => {
  desk = createDesk()
  app = await desk.serve()
  const draft = fillDraft(desk)
  code = draft.code
  desk.tickets.sendSlip(code, { version: draft.version, unitId: UNIT, note: '' }, OPERATOR)
  desk.tickets.move(code, { version: version(), action: 'accept' }, OFFICER)
})
afterEach(async () => {
  await app.close()
  await desk.close()
})

const version = (): number => desk.tickets.view(code, OPERATOR).version
const post = async (who: string, path: string, payload: unknown) => {
  const answer = await app.inject({
    method: 'POST',
    url: `/api/tickets/${code}/${path}`,
    headers: { cookie: `sid=${who}`, 'x-csrf-token': 'csrf', 'content-type': 'application/json' },
    payload: JSON.stringify(payload),
  })
  return { status: answer.statusCode, code: answer.json<{ code?: string }>().code }
}
const add = (more: object = {}) => ({ version: version(), unitId: OTHER_UNIT, reason: 'Chung cột', ...more })
const letOverdue = (): void => {
  for (let day = 0; day < 12; day += 1) {
    desk.pass(86_400_000)
    desk.deadlines.sweep()
  }
}

/** Path, who may, and a body that is right. */
const ROUTES = [
  ['co-handlers', 'cityOffice', () => add()],
  ['contributions', 'officer', () => ({ text: 'Đã xem hiện trường.' })],
  ['disagreement', 'head', () => ({ version: version(), position: 'Việc của bên kia.' })],
] as const

describe('R055: what is not a body of co-handling', () => {
  it.each(ROUTES)('is refused at /%s before anything is written', async (path, who, right) => {
    const before = desk.tickets.view(code, OPERATOR)
    const body = right() as Record<string, unknown>
    const wrong: unknown[] = [{}, [], null, 'x', { ...body, extra: 1 }]
    for (const key of Object.keys(body)) {
      const without = Object.fromEntries(Object.entries(body).filter(([name]) => name !== key))
      wrong.push(without, { ...body, [key]: {} }, { ...body, [key]: null }, { ...body, [key]: [] })
      if (typeof body[key] === 'string') wrong.push({ ...body, [key]: 'x'.repeat(10_000) })
    }
    for (const one of wrong) {
      const { status } = await post(who, path, one)
      expect([400, 422], JSON.stringify(one).slice(0, 80)).toContain(status)
    }
    expect(desk.tickets.view(code, OPERATOR)).toEqual(before)
  })

  it.each(ROUTES)('is refused at /%s to whom it is not for', async (path, _who, right) => {
    for (const who of ['admin', 'otherOfficer']) {
      const { status } = await post(who, path, right())
      expect([403, 404], who).toContain(status)
    }
  })

  it('is refused the second time', async () => {
    const body = add()
    expect((await post('cityOffice', 'co-handlers', body)).status).toBe(200)
    const again = await post('cityOffice', 'co-handlers', body)
    expect(again.status).toBe(409)
    const fresh = await post('cityOffice', 'co-handlers', add())
    expect(fresh.status).toBeGreaterThanOrEqual(400)
    expect(desk.tickets.view(code, OPERATOR).coHandling.units).toHaveLength(1)
  })
})

describe('R054: what is no direction of an overdue case', () => {
  const direct = (more: object = {}) => ({
    version: version(),
    action: 'direct',
    directive: 'Trả lời ngay.',
    ...more,
  })

  it('is refused by its form, by who gives it, and while the case is not overdue', async () => {
    expect((await post('cityOffice', 'moves', direct())).status).toBe(409)
    letOverdue()
    expect(desk.tickets.view(code, OPERATOR).state).toBe('overdue')
    const before = desk.tickets.view(code, OPERATOR)
    for (const wrong of [
      { directive: '' },
      { directive: 7 },
      { directive: 'x'.repeat(4001) },
      { documentDate: '2026-02-30' },
      { documentDate: '01/03/2026' },
      { documentNo: 'x'.repeat(61) },
      { unitId: OTHER_UNIT },
      { extra: true },
    ])
      expect(
        (await post('cityOffice', 'moves', direct(wrong))).status,
        JSON.stringify(wrong).slice(0, 60),
      ).toBe(422)
    for (const who of ['operator', 'officer', 'head', 'admin', 'otherOfficer'])
      expect([403, 404], who).toContain((await post(who, 'moves', direct())).status)
    expect(desk.tickets.view(code, OPERATOR)).toEqual(before)
  })

  it('is taken once for each version', async () => {
    letOverdue()
    const body = direct()
    expect((await post('cityOffice', 'moves', body)).status).toBe(200)
    expect(await post('cityOffice', 'moves', body)).toMatchObject({ status: 409, code: 'TICKET_CHANGED' })
    const said = desk.tickets.view(code, OPERATOR).events.filter(({ type }) => type === 'directed')
    expect(said).toHaveLength(1)
  })
})
