import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DossierPage, DossierRow } from '../../src/dossiers/contract.ts'
import type { App } from '../../src/http/server.ts'
import { createDesk, type Desk, fillDraft, OPERATOR } from '../support/desk.ts'

let desk: Desk
let app: App
let base: string
beforeEach(async () => {
  desk = createDesk()
  app = await desk.serve()
  base = await app.listen({ port: 0, host: '127.0.0.1' })
  const { code, version } = fillDraft(desk, { urgent: true })
  desk.tickets.receive(code, version, OPERATOR)
})
afterEach(async () => {
  await app.close()
  await desk.close()
})

const get = (query = '', role = 'operator') =>
  fetch(`${base}/api/dossier${query}`, { headers: { cookie: `sid=${role}` } })
const put = (id: string, body: unknown, role = 'supervisor') =>
  fetch(`${base}/api/dossier/${id}`, {
    method: 'PUT',
    headers: { cookie: `sid=${role}`, 'x-csrf-token': 'csrf', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const totalOf = async (query = '') => ((await (await get(query)).json()) as DossierPage).total

it.each(['operator', 'supervisor', 'admin'])('shows the list to %s', async (role) => {
  const reply = await get('', role)
  expect(reply.status).toBe(200)
  expect(await reply.json()).toMatchObject({
    total: 1,
    legalBasis: 'Điều 9 khoản 6, QĐ 587/QĐ-UBND',
    items: [{ ticketCode: 'HP26-000001', reason: 'urgent', title: 'Đèn đường hỏng' }],
  })
})

it('shows nobody anything who is not signed in', async () => {
  expect((await get('', 'nobody')).status).toBe(401)
})

it('takes a line off and puts it back for a supervisor, and for nobody else', async () => {
  for (const role of ['operator', 'admin']) {
    expect((await put('1', { removed: true, why: 'Trùng' }, role)).status, role).toBe(403)
  }
  const off = (await (await put('1', { removed: true, why: 'Trùng' })).json()) as DossierRow
  expect(off.removedWhy).toBe('Trùng')
  expect([await totalOf(), await totalOf('?show=removed')]).toEqual([0, 1])
  expect((await put('1', { removed: false })).status).toBe(200)
  expect([await totalOf(), await totalOf('?show=removed')]).toEqual([1, 0])
})

it.each([
  ['1', {}, 422, 'INVALID'],
  ['1', { removed: true }, 422, 'INVALID'],
  ['1', { removed: true, why: '' }, 422, 'INVALID'],
  ['1', { removed: true, why: 'x'.repeat(301) }, 422, 'INVALID'],
  ['1', { removed: false, why: 'Trùng' }, 422, 'INVALID'],
  ['1', { removed: true, why: 'Trùng', reason: 'urgent' }, 422, 'INVALID'],
  ['1', { removed: true, why: '    ' }, 422, 'DOSSIER_WHY_REQUIRED'],
  ['01', { removed: false }, 422, 'INVALID'],
  ['99', { removed: false }, 404, 'DOSSIER_ITEM_NOT_FOUND'],
])('refuses %s %j', async (id, body, status, code) => {
  const reply = await put(id, body)
  expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([status, code])
  expect(await totalOf()).toBe(1)
})

it.each(['?show=all', '?limit=0', '?limit=201', '?offset=-1', '?nonsense=1'])(
  'refuses the query %s',
  async (query) => {
    expect((await get(query)).status).toBe(422)
  },
)
