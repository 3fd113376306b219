import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AUDIT_ACTIONS, type Person } from '../../src/accounts/contract.ts'
import { auditBytes } from '../../src/seals/chain.ts'
import type { AuditEntry, AuditPage, SealStatus, SignedHead } from '../../src/seals/contract.ts'
import { isSignedRight } from '../../src/seals/heads.ts'
import { type Client, START_MS, startTestApp, type TestApp } from '../support/app.ts'

const SRC = resolve(import.meta.dirname, '../../src')

let app: TestApp
let auditor: Client
let admin: Client
let supervisor: Client
beforeAll(async () => {
  app = await startTestApp()
  auditor = await app.signIn('auditor')
  admin = await app.signIn('admin')
  supervisor = await app.signIn('supervisor')
}, START_MS)
afterAll(() => app.close())

async function page(query = '', client = auditor): Promise<AuditPage> {
  const reply = await client.request(`/api/audit${query}`)
  expect(reply.status).toBe(200)
  return (await reply.json()) as AuditPage
}
const newest = async (query = '') => (await page(query)).items[0]

/** Nearest operator's case: opened, so that others have one to look at. */
async function aCase(): Promise<string> {
  const operator = await app.signIn('operator')
  const reply = await operator.request('/api/tickets', { method: 'POST', json: { channel: 'email' } })
  const { code, version } = (await reply.json()) as { code: string; version: number }
  const saved = await operator.request(`/api/tickets/${code}`, {
    method: 'PATCH',
    json: {
      version,
      form: {
        reporter: {
          type: 'individual',
          name: 'Trần Thị Bưởi',
          organisation: null,
          phone: '0950 000 777',
          email: null,
          address: null,
        },
      },
    },
  })
  expect(saved.status).toBe(200)
  return code
}

describe('R068, R104: the audit log has', () => {
  it('signing in and out, and failing to', async () => {
    const { username } = app.account('operator')
    const failed = await fetch(`${app.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: 'wrong' }),
    })
    expect(failed.status).toBe(422)
    expect(await newest()).toMatchObject({ action: 'signIn.failed', subject: 'session' })
    const again = await app.signIn('operator')
    expect(await newest()).toMatchObject({ action: 'signIn', actorId: again.personId })
    await again.request('/api/session', { method: 'DELETE' })
    expect(await newest()).toMatchObject({ action: 'signOut', actorId: again.personId })
  })

  it('who was made, with which role, and each change of it', async () => {
    const made = await admin.request('/api/people', {
      json: { username: 'moi', name: 'Đỗ Thị Mới', role: 'operator' },
    })
    const { person } = (await made.json()) as { person: Person }
    await admin.request(`/api/people/${String(person.id)}`, { method: 'PATCH', json: { role: 'supervisor' } })
    const { items } = await page(`?subject=person:${String(person.id)}`)
    expect(
      items.map(({ action, subjectName, detail }) => [action, subjectName, JSON.parse(detail) as unknown]),
    ).toEqual([
      ['person.updated', 'Đỗ Thị Mới', { changed: ['role'], role: 'supervisor' }],
      ['person.created', 'Đỗ Thị Mới', { role: 'operator', unitId: null, postId: null }],
    ])
  })

  it('who was shown a number, once for one look; not whoever wrote it', async () => {
    const code = await aCase()
    await supervisor.request(`/api/tickets/${code}`)
    await supervisor.request(`/api/tickets/${code}`)
    const { items } = await page(`?subject=${code.toLowerCase()}`)
    expect(items).toMatchObject([
      {
        action: 'case.viewed',
        actorId: supervisor.personId,
        detail: '{"reporter":true}',
        subject: `ticket:${code}`,
      },
    ])
  })

  it('nothing that a number, a name or a text could be read from', async () => {
    await aCase()
    const text = JSON.stringify(
      (await page('?limit=200')).items.map(({ detail, subject }) => [detail, subject]),
    )
    expect(text).not.toMatch(/0950|950000777|Bưởi/)
  })

  it('only actions that the catalogue knows', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    )
    const source = files.map((file) => readFileSync(join(SRC, file), 'utf8')).join('\n')
    // Once in the catalogue, and where it is written.
    for (const action of AUDIT_ACTIONS)
      expect.soft(source.split(`'${action}'`).length, action).toBeGreaterThan(2)
  })
})

describe('R104: reading it', () => {
  it('goes back page by page, by who, what and day', async () => {
    const first = await page('?limit=2')
    expect(first.more).toBe(true)
    const next = await page(`?limit=2&before=${String(first.items[1]?.id)}`)
    expect(next.items[0]?.id).toBe((first.items[1]?.id ?? 0) - 1)
    const mine = await page(`?actor=${String(auditor.personId)}&action=signIn`)
    expect(mine.items.map(({ action, actorName }) => [action, actorName])).toEqual([['signIn', 'Vũ Thị Lựu']])
    const service = await page('?actor=0')
    expect(service.items.every(({ actorId }) => actorId === null)).toBe(true)
    expect(service.items.length).toBeGreaterThan(0)
    expect((await page('?to=2020-01-01')).items).toEqual([])
    expect((await page('?from=2020-01-01')).items.length).toBeGreaterThan(0)
  })

  it.each([
    ['?from=2026-03-02&to=2026-03-01', 'DAYS_REVERSED'],
    ['?from=2026-02-30', 'DAY_UNKNOWN'],
    ['?from=2026-13-01', 'INVALID'],
    ['?actor=-1', 'INVALID'],
    ['?limit=1000', 'INVALID'],
    ['?before=0', 'INVALID'],
    ['?who=1', 'INVALID'],
    ['/export', 'INVALID'],
    ['/export?format=xml', 'INVALID'],
    ['/export?format=csv&from=2026-03-02&to=2026-03-01', 'DAYS_REVERSED'],
  ])('%s is refused', async (query, code) => {
    const reply = await auditor.request(`/api/audit${query}`)
    expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([422, code])
  })

  it('is for supervisors, admins and auditors; an auditor sees no case, call or recording', async () => {
    expect((await (await app.signIn('operator')).request('/api/audit')).status).toBe(403)
    expect((await supervisor.request('/api/audit')).status).toBe(200)
    for (const path of ['/api/tickets', '/api/calls', '/api/recordings', '/api/people', '/api/simulator'])
      expect((await auditor.request(path)).status, path).toBe(403)
  })

  it('tells how far the chains are, and the key that signs them', async () => {
    const reply = await auditor.request('/api/seals')
    const { chains, publicKey, signedAt } = (await reply.json()) as SealStatus
    expect(chains.map(({ name }) => name)).toEqual(['audit', 'recordings'])
    expect(chains[0]?.seq).toBe((await newest())?.id)
    expect(publicKey).toBe(readFileSync(join(app.config.dataDir, 'heads', 'public.pem'), 'utf8'))
    expect(signedAt).not.toBeNull()
  })
})

describe('R104: taking it away', () => {
  it('as JSON, with a chain that fits and a signed head, and says so in the log', async () => {
    const reply = await auditor.request('/api/audit/export?format=json')
    expect(reply.headers.get('content-disposition')).toMatch(
      /^attachment; filename="nhat-ky-\d{4}-\d\d-\d\d\.json"$/,
    )
    const { signed, lines, exportedBy } = (await reply.json()) as {
      signed: SignedHead
      lines: AuditEntry[]
      exportedBy: number
    }
    expect(exportedBy).toBe(auditor.personId)
    expect(lines.at(-1)).toMatchObject({ action: 'audit.exported', detail: '{"format":"json"}' })
    let before = '0'.repeat(64)
    for (const line of lines) {
      expect(line.prevHash).toBe(before)
      expect(createHash('sha256').update(auditBytes(line, before)).digest('hex')).toBe(line.hash)
      before = line.hash ?? ''
    }
    expect(isSignedRight(signed)).toBe(true)
    expect(signed.head.chains[0]).toMatchObject({ name: 'audit', seq: lines.length, hash: before })
  })

  it('as CSV, what the filters leave, in cells that no spreadsheet runs', async () => {
    const { personId } = supervisor
    await admin.request(`/api/people/${String(personId)}`, { method: 'PATCH', json: { name: '=1+1, "x"' } })
    const reply = await auditor.request(
      `/api/audit/export?format=csv&action=signIn&actor=${String(personId)}`,
    )
    const bytes = Buffer.from(await reply.arrayBuffer())
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
    const rows = bytes.toString().slice(1).trimEnd().split('\r\n')
    expect(rows[0]).toBe('id,at,actorId,actorName,action,subject,detail,prevHash,hash')
    expect(rows).toHaveLength(2)
    expect(rows[1]).toContain(`,${String(personId)},"'=1+1, ""x""",signIn,session,{},`)
  })

  it('without a line that fits is a file all the same', async () => {
    const reply = await auditor.request('/api/audit/export?format=json&to=2020-01-01')
    expect(((await reply.json()) as { lines: unknown[] }).lines).toEqual([])
  })
})
