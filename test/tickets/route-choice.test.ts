import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDesk, type Desk, fillDraft, OFFICER, OPERATOR, OTHER_UNIT, UNIT } from '../support/desk.ts'

/** Nothing of a rule for lighting. */
const ELSEWHERE = 'thoat-nuoc'

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

async function send(code: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const app = await desk.serve()
  const reply = await app.inject({
    method: 'POST',
    url: `/api/tickets/${code}/slips`,
    headers: { cookie: 'sid=operator', 'x-csrf-token': 'csrf' },
    payload: { note: '', ...body },
  })
  await app.close()
  return { status: reply.statusCode, body: reply.json() }
}
const issued = (code: string) =>
  desk.tickets.view(code, OPERATOR).events.find(({ type }) => type === 'slipIssued')?.detail

describe('R023: a unit chosen by hand', () => {
  it('needs no reason where the rule names it, be it first or not; the rule is kept', async () => {
    for (const unitId of [UNIT, OTHER_UNIT, 'p-gia-vien']) {
      const { code, version } = fillDraft(desk)
      expect((await send(code, { version, unitId })).status).toBe(200)
      expect(issued(code)).toMatchObject({
        rule: { fieldId: 'lighting', areaId: null, unitIds: [UNIT, OTHER_UNIT] },
        suggested: [UNIT, OTHER_UNIT, 'p-gia-vien'],
      })
      expect(issued(code)).not.toHaveProperty('override')
    }
  })

  it('is refused without a reason where it is not suggested, and nothing is written', async () => {
    const { code, version } = fillDraft(desk)
    const suggestedName = desk.directory.unit(UNIT)?.name
    for (const override of [{}, { override: { reason: 'other', text: ' ' } }])
      expect(await send(code, { version, unitId: ELSEWHERE, ...override })).toMatchObject({
        status: 422,
        body: { code: 'ROUTE_REASON_REQUIRED', subject: suggestedName },
      })
    expect(desk.tickets.view(code, OPERATOR)).toMatchObject({ state: 'draft', version })
    expect(
      (await send(code, { version, unitId: ELSEWHERE, override: { reason: 'why', text: '' } })).status,
    ).toBe(422)
  })

  it('is kept with its reason, the rule and whom that suggested', async () => {
    const { code, version } = fillDraft(desk)
    const override = { reason: 'agreed', text: 'Trực ban đã nhận' }
    expect((await send(code, { version, unitId: ELSEWHERE, override })).status).toBe(200)
    expect(issued(code)).toMatchObject({
      unitId: ELSEWHERE,
      override,
      suggestedName: desk.directory.unit(UNIT)?.name,
      rule: { fieldId: 'lighting' },
    })
  })

  it('has its reason in the words of the unit that gave the case back (Đ14.2)', async () => {
    const draft = fillDraft(desk)
    const { code } = draft
    await send(code, { version: draft.version, unitId: UNIT })
    const { version } = desk.tickets.view(code, OFFICER)
    desk.tickets.move(
      code,
      { version, action: 'bounce', reason: 'Cống thoát nước', unitId: ELSEWHERE },
      OFFICER,
    )
    const back = desk.tickets.view(code, OPERATOR)
    expect((await send(code, { version: back.version, unitId: ELSEWHERE })).status).toBe(200)
  })

  it('needs none where nothing is suggested', async () => {
    const { code, version } = fillDraft(desk, { fieldId: null, areaId: null, categoryId: null })
    expect((await send(code, { version, unitId: ELSEWHERE })).status).toBe(200)
    expect(issued(code)).toMatchObject({ rule: null, suggested: [] })
  })
})
