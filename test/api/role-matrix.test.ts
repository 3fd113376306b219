import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Role, ROLES } from '../../src/accounts/contract.ts'
import { type Client, openSession, START_MS, startTestApp, type TestApp } from '../support/app.ts'

const DESK: readonly Role[] = ['operator', 'supervisor']
const HOTLINE: readonly Role[] = ['operator', 'supervisor', 'admin']
/** People of units and of the City Office too, each for what is theirs (case-visibility.test.ts). */
const SIGNED_IN: readonly Role[] = ROLES
/** An auditor reads the audit log and no case. */
const CASE_READERS = ROLES.filter((role) => role !== 'auditor')
const AUDIT: readonly Role[] = ['supervisor', 'admin', 'auditor']
const ADMIN: readonly Role[] = ['admin']

/** Who may call what. A route that is not here fails the test: whoever adds one says here who may call it. */
const MATRIX: Readonly<Record<string, 'public' | 'signed' | 'local' | 'probe' | readonly Role[]>> = {
  'GET /healthz': 'public',
  'GET /metrics': 'probe',
  'GET /readyz': 'public',
  'POST /api/session': 'public',
  'GET /api/session': SIGNED_IN,
  'DELETE /api/session': SIGNED_IN,
  'PUT /api/session/password': SIGNED_IN,
  'GET /api/people': ADMIN,
  'POST /api/people': ADMIN,
  'PATCH /api/people/:id': ADMIN,
  'POST /api/people/:id/password': ADMIN,
  'GET /api/board': ['supervisor', 'admin'],
  'POST /api/board/operators/:id/pause': ['supervisor', 'admin'],
  'POST /api/board/operators/:id/sign-out': ['supervisor', 'admin'],
  'PUT /api/board/operators/:id/supervision': ['supervisor'],
  'DELETE /api/board/supervision': ['supervisor'],
  'GET /api/presence': DESK,
  'PUT /api/presence': DESK,
  'POST /api/presence/wrap-up/extend': DESK,
  'GET /api/phone': DESK,
  'GET /api/calls': HOTLINE,
  'GET /api/calls/:callId': HOTLINE,
  'GET /api/catch-ups': ['supervisor', 'admin'],
  'GET /api/discrepancies': ['supervisor', 'admin'],
  'POST /api/discrepancies/:id/resolve': ['supervisor', 'admin'],
  'POST /api/discrepancies/run': ['supervisor', 'admin'],
  'POST /api/calls/:callId/number': ['supervisor', 'admin'],
  'PUT /api/calls/:callId/mask': DESK,
  'GET /api/missed': HOTLINE,
  'POST /api/missed/:callId/done': DESK,
  'GET /api/tickets/:code/transfers': HOTLINE,
  'GET /api/transfers/proposal': DESK,
  'POST /api/transfers': DESK,
  'POST /api/transfers/:id/commands': DESK,
  'POST /api/test-calls': 'local',
  'GET /api/tickets': CASE_READERS,
  'POST /api/tickets': DESK,
  'GET /api/tickets/:code': CASE_READERS,
  'PATCH /api/tickets/:code': DESK,
  'POST /api/tickets/:code/receive': DESK,
  'POST /api/tickets/:code/answer': DESK,
  'POST /api/tickets/:code/moves': [...DESK, 'officer', 'head', 'cityOffice'],
  'POST /api/tickets/:code/slips': DESK,
  'POST /api/tickets/:code/notes': [...DESK, 'officer', 'head', 'cityOffice'],
  'POST /api/tickets/:code/answer-files': ['officer', 'head', 'cityOffice'],
  'DELETE /api/tickets/:code/answer-files/:id': ['officer', 'head', 'cityOffice'],
  'POST /api/tickets/:code/co-handlers': [...DESK, 'cityOffice'],
  'POST /api/tickets/:code/co-handlers/:unitId/removal': [...DESK, 'cityOffice'],
  'POST /api/tickets/:code/contributions': ['officer', 'head'],
  'POST /api/tickets/:code/disagreement': ['officer', 'head'],
  'POST /api/oversight/seen': ['cityOffice'],
  'POST /api/tickets/:code/attachments': DESK,
  'GET /api/tickets/:code/attachments/:id': CASE_READERS,
  'GET /api/tickets/:code/slips/:file': CASE_READERS,
  'GET /api/dossier': [...HOTLINE, 'cityOffice'],
  'POST /api/dossier': DESK,
  'PUT /api/dossier/:id': ['supervisor'],
  'GET /api/dossiers': [...HOTLINE, 'cityOffice'],
  'POST /api/dossiers': DESK,
  'GET /api/dossiers/:id': [...HOTLINE, 'cityOffice'],
  'PATCH /api/dossiers/:id': DESK,
  'POST /api/dossiers/:id/take-out': DESK,
  'POST /api/dossiers/:id/undo': DESK,
  'POST /api/dossiers/:id/recompile': DESK,
  'POST /api/dossiers/:id/send': DESK,
  'POST /api/dossiers/:id/document': ['cityOffice'],
  'GET /api/dossiers/:id/files/:kind': [...DESK, 'cityOffice'],
  'GET /api/reports/units': ['officer', 'head', 'cityOffice', 'supervisor', 'admin'],
  'GET /api/reports/units/:unitId/cases': ['officer', 'head', 'cityOffice', 'supervisor', 'admin'],
  'GET /danh-ba': 'public',
  'GET /api/reports/holders': ['officer', 'head', 'cityOffice', 'supervisor', 'admin'],
  'GET /api/reports/units/digest': ['cityOffice', 'supervisor'],
  'POST /api/reports/units/digest': ['cityOffice', 'supervisor'],
  'GET /p/style.css': 'public',
  'GET /p/:name': 'public',
  'GET /api/directory': SIGNED_IN,
  'GET /api/directory/suggest': HOTLINE,
  'POST /api/suggestions': DESK,
  'GET /api/refusals': DESK,
  'GET /api/directory/units': SIGNED_IN,
  'GET /api/directory/changes': ['admin', 'cityOffice', 'head'],
  'POST /api/directory/changes': ['admin', 'cityOffice', 'head'],
  'POST /api/directory/changes/:id/withdraw': ['admin', 'cityOffice', 'head'],
  'POST /api/directory/changes/:id/note': ['cityOffice'],
  'GET /api/calendars': ['supervisor', 'admin'],
  'GET /api/calendars/:id/versions': ['supervisor', 'admin'],
  'GET /api/calendars/:id/versions/:number': ['supervisor', 'admin'],
  'POST /api/calendars/:id/preview': ADMIN,
  'PUT /api/calendars/:id': ADMIN,
  'GET /api/deadline': ['supervisor', 'admin', 'cityOffice'],
  'GET /api/simulator': HOTLINE,
  'POST /webhooks/twilio/status': 'signed',
  'GET /api/audit': AUDIT,
  'GET /api/audit/export': AUDIT,
  'GET /api/seals': AUDIT,
  'GET /api/recordings': ['supervisor', 'admin'],
  'GET /api/recordings/operators': ['supervisor', 'admin'],
  'GET /api/recordings/:id': HOTLINE,
  'GET /api/recordings/:id/audio': HOTLINE,
  'GET /api/recordings/:id/waveform': HOTLINE,
  'GET /api/recordings/:id/track': HOTLINE,
  'POST /api/recordings/:id/notes': HOTLINE,
  'POST /api/recordings/:id/recheck': ['supervisor', 'admin'],
  'GET /api/tickets/:code/disclosures': ['officer', 'head'],
  'POST /api/tickets/:code/disclosures': ['officer', 'head'],
  'GET /api/disclosures': ['supervisor'],
  'GET /api/recordings/:id/disclosures': ['supervisor'],
  'POST /api/disclosures/:id/approve': ['supervisor'],
  'POST /api/disclosures/:id/refuse': ['supervisor'],
  'POST /api/disclosures/:id/revoke': ['supervisor'],
  'POST /api/disclosures/:id/withdraw': ['officer', 'head'],
  'GET /api/personal-data': ['supervisor'],
  'POST /api/personal-data': ['supervisor'],
  'GET /api/personal-data/:id/file': ['supervisor'],
  'GET /api/retention': ['supervisor', 'admin'],
  'POST /api/retention/holds': ['supervisor', 'admin'],
  'POST /api/retention/holds/:id/lift': ['supervisor', 'admin'],
  'POST /api/recordings/:id/deletion': ['supervisor', 'admin'],
  'POST /api/deletions/:id/approve': ['supervisor', 'admin'],
  'POST /api/deletions/:id/refuse': ['supervisor', 'admin'],
  'POST /api/deletions/:id/withdraw': ['supervisor', 'admin'],
  'GET /api/disclosures/:id/audio': ['officer', 'head'],
  'GET /api/disclosures/:id/waveform': ['officer', 'head'],
  'GET /api/disclosures/:id/track': ['officer', 'head'],
  'GET /api/disclosures/:id/package': ['officer', 'head'],
  'GET /khoa-cong-khai.pem': 'public',
  'GET /sip': DESK,
  'GET /live': SIGNED_IN,
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

let app: TestApp
const clients = new Map<Role, Client>()
beforeAll(async () => {
  app = await startTestApp()
  for (const role of ROLES) clients.set(role, await app.signIn(role))
}, START_MS)
afterAll(() => app.close())

const keyOf = ({ method, url }: { method: string; url: string }) =>
  `${method === 'HEAD' ? 'GET' : method} ${url}`
/** An address that meets the pattern and names nothing. */
const addressOf = (url: string) =>
  url
    .replace(':callId', 'nowhere-1.1')
    .replace(':code', 'HP26-999999')
    .replace(':file', '9.pdf')
    .replace(':id', '999999')
    .replace(':kind', 'pdf')
    .replace(':number', '999999')
    .replace(':unitId', 'chieu-sang')
    .replace(':name', 'nothing')

async function ask(method: string, url: string, client: Client | undefined, csrf: boolean) {
  const headers: Record<string, string> = {}
  if (client !== undefined) headers['cookie'] = client.cookie
  if (client !== undefined && csrf) headers['x-csrf-token'] = client.csrfToken
  const reply = await app.app.inject({ method: method as 'GET', url: addressOf(url), headers })
  const body =
    reply.headers['content-type']?.includes('application/json') === true && reply.body !== ''
      ? (JSON.parse(reply.body) as { code?: string })
      : {}
  return { status: reply.statusCode, code: body.code }
}

describe('every route', () => {
  it('is in the table, and the table names no other', () => {
    expect([...new Set(app.routes.map(keyOf))].sort()).toEqual(Object.keys(MATRIX).sort())
  })

  it('R068: lets in exactly whom the table lets in', async () => {
    for (const route of app.routes) {
      const access = MATRIX[keyOf(route)]
      const sessionless = await ask(route.method, route.url, undefined, false)
      const what = `${route.method} ${route.url}`
      if (access === 'public') expect.soft(sessionless.status, what).not.toBe(401)
      else if (access === 'local') expect.soft(sessionless, what).toEqual({ status: 403, code: 'LOCAL_ONLY' })
      else if (access === 'probe') expect.soft(sessionless.status, what).toBe(403)
      else if (access === 'signed') expect.soft(sessionless.status, what).toBeGreaterThanOrEqual(403)
      else expect.soft(sessionless.status, `${what}, nobody`).toBe(401)
      if (what === 'DELETE /api/session') continue // its own test: it ends the session
      for (const [role, client] of clients) {
        const { status, code } = await ask(route.method, route.url, client, true)
        const allowed = access === 'public' || access === 'signed' || (access ?? []).includes(role)
        if (access === 'probe') expect.soft(status, `${what}, ${role}`).toBe(403)
        else if (access === 'local') expect.soft(code, `${what}, ${role}`).toBe('LOCAL_ONLY')
        else if (allowed) expect.soft([401, 403], `${what}, ${role}: ${String(code)}`).not.toContain(status)
        else expect.soft(status, `${what}, ${role}`).toBe(403)
        expect.soft(status === 500, `${what}, ${role}`).toBe(false)
      }
    }
  })

  it('that changes something is refused without the page’s token, whatever else it says', async () => {
    for (const { method, url } of app.routes) {
      const access = MATRIX[keyOf({ method, url })]
      if (SAFE.has(method) || !Array.isArray(access)) continue
      const client = clients.get((access as readonly Role[])[0] ?? 'admin')
      expect
        .soft(await ask(method, url, client, false), `${method} ${url}`)
        .toEqual({ status: 403, code: 'CSRF' })
      const upgraded = await app.app.inject({
        method: method as 'POST',
        url: addressOf(url),
        headers: { cookie: client?.cookie ?? '', upgrade: 'websocket', 'x-csrf-token': 'x' },
      })
      expect.soft(upgraded.statusCode, `${method} ${url} as upgrade`).toBe(403)
    }
  })

  it('but the session’s own is closed to whoever must choose a password first', async () => {
    const admin = clients.get('admin')
    if (admin === undefined) throw new Error('no admin')
    const made = await admin.request('/api/people', {
      json: { username: 'moi', name: 'Người mới', role: 'supervisor' },
    })
    const { password } = (await made.json()) as { password: string }
    const fresh = await openSession(app.url, { username: 'moi', password })
    for (const { method, url } of app.routes) {
      const access = MATRIX[keyOf({ method, url })]
      if (!Array.isArray(access) || !access.includes('supervisor') || url.startsWith('/api/session')) continue
      expect
        .soft((await ask(method, url, fresh, true)).code ?? 'PASSWORD_CHANGE_REQUIRED', `${method} ${url}`)
        .toBe('PASSWORD_CHANGE_REQUIRED')
    }
    const changed = await fresh.request('/api/session/password', {
      method: 'PUT',
      json: { current: password, next: 'mot mat khau dai' },
    })
    expect(changed.status).toBe(204)
    expect((await fresh.request('/api/tickets')).status).toBe(200)
  })
})
