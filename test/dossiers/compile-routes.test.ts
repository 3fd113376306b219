import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DossierHistory, DossierView } from '../../src/dossiers/contract.ts'
import type { App } from '../../src/http/server.ts'
import { createDesk, type Desk, fillDraft, OPERATOR } from '../support/desk.ts'

let desk: Desk
let app: App
beforeEach(async () => {
  desk = createDesk()
  app = await desk.serve()
  const { code, version } = fillDraft(desk, { urgent: true })
  desk.tickets.receive(code, version, OPERATOR)
})
afterEach(async () => {
  await app.close()
  await desk.close()
})

async function ask(method: 'GET' | 'POST' | 'PATCH', path: string, role: string, payload?: object) {
  const reply = await app.inject({
    method,
    url: `/api/dossiers${path}`,
    headers: { cookie: `sid=${role}`, 'x-csrf-token': 'csrf' },
    ...(payload === undefined ? {} : { payload }),
  })
  return reply
}
const codeOf = (reply: { json(): unknown }): string | undefined => (reply.json() as { code?: string }).code

it('R058: goes its whole way over HTTP, each step by whom it belongs to', async () => {
  const made = await ask('POST', '', 'operator', { itemIds: [1] })
  expect([made.statusCode, made.json<DossierView>().number]).toEqual([201, 'HS26-000001'])
  expect((await ask('GET', '/1', 'cityOffice')).statusCode).toBe(404)
  expect((await ask('PATCH', '/1', 'operator', { revision: 1, cover: 'Kính trình' })).statusCode).toBe(200)
  const draft = await ask('GET', '/1/files/xlsx', 'supervisor')
  expect(draft.headers['content-disposition']).toBe('attachment; filename="HS26-000001-ban-nhap.xlsx"')
  expect((await ask('POST', '/1/send', 'operator', { revision: 2 })).statusCode).toBe(200)
  const again = await ask('POST', '/1/send', 'operator', { revision: 2 })
  expect([again.statusCode, codeOf(again)]).toEqual([409, 'DOSSIER_STATE'])
  const pdf = await ask('GET', '/1/files/pdf', 'cityOffice')
  expect(pdf.headers).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': 'inline; filename="HS26-000001.pdf"',
    'cache-control': 'private, no-store',
  })
  const document = { number: '12/UBND', date: '2026-03-02', text: 'Báo cáo ngay' }
  expect((await ask('POST', '/1/document', 'cityOffice', document)).statusCode).toBe(200)
  const history = (await ask('GET', '', 'cityOffice')).json<DossierHistory>()
  expect(history).toMatchObject({ total: 1, items: [{ state: 'documentIssued', documentNumber: '12/UBND' }] })
})

it.each(['admin', 'officer', 'head'])(
  'R068: gives no file to %s, and lets them compile nothing',
  async (role) => {
    await ask('POST', '', 'operator', { itemIds: [1] })
    expect((await ask('GET', '/1/files/pdf', role)).statusCode).toBe(403)
    expect((await ask('POST', '', role, { itemIds: [1] })).statusCode).toBe(403)
    expect((await ask('POST', '/1/undo', role, { revision: 1 })).statusCode).toBe(403)
    expect(desk.audited).toEqual([])
  },
)

it.each([
  ['', {}],
  ['', { itemIds: [] }],
  ['', { itemIds: [1, 1] }],
  ['', { itemIds: ['1'] }],
  ['', { itemIds: [0] }],
  ['/1/send', {}],
  ['/1/send', { revision: 1, force: true }],
  ['/1/take-out', { revision: 1, itemId: 1, why: 'x' }],
  ['/x/send', { revision: 1 }],
])('refuses %s %j', async (path, body) => {
  expect((await ask('POST', path, 'operator', body)).statusCode).toBe(422)
})

it('refuses a kind of file that there is not, and a dossier that never was', async () => {
  expect((await ask('GET', '/1/files/docx', 'operator')).statusCode).toBe(422)
  expect(codeOf(await ask('GET', '/7/files/pdf', 'operator'))).toBe('DOSSIER_NOT_FOUND')
})
