import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, START_MS, startTestApp, type TestApp } from '../support/app.ts'

const NUMBER = '0950000777'
const NAME = 'Phạm Tuyệt Mật'
const TEXT = 'Nội dung không ai được đọc'

let app: TestApp
let operator: Client
const lines: string[] = []
beforeAll(async () => {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString())
      done()
    },
  })
  app = await startTestApp({ logger: pino({ level: 'trace' }, stream) })
  operator = await app.signIn('operator')
}, START_MS)
afterAll(() => app.close())

it('a day at the desk, mistakes included, leaves no number, name, text, password or token in the log', async () => {
  const { password, username } = app.account('supervisor')
  const opened = (await (
    await operator.request('/api/tickets', { json: { channel: 'counter' } })
  ).json()) as {
    code: string
    version: number
  }
  const reporter = {
    type: 'individual',
    name: NAME,
    organisation: null,
    phone: NUMBER,
    email: null,
    address: null,
  }
  const saved = (await (
    await operator.request(`/api/tickets/${opened.code}`, {
      method: 'PATCH',
      json: { version: opened.version, form: { content: TEXT, kind: 'reflection', reporter } },
    })
  ).json()) as { version: number }
  const sent = await operator.request(`/api/tickets/${opened.code}/slips`, {
    json: { version: saved.version, unitId: 'chieu-sang', note: TEXT },
  })
  expect(sent.status).toBe(200)
  const { slips } = (await sent.json()) as { slips: { path: string }[] }
  const slipPath = slips[0]?.path ?? ''
  for (const path of [
    slipPath,
    `${slipPath}.pdf`,
    `/api/tickets?phone=${NUMBER}`,
    `/api/tickets?q=${encodeURIComponent(NAME)}`,
    `/nothing/${NUMBER}?name=${encodeURIComponent(NAME)}`,
    `/api/tickets/${NUMBER}`,
    '/api/phone',
    '/readyz',
  ]) {
    await (await operator.request(path)).arrayBuffer()
  }
  for (const json of [
    { username, password: `${password}x` },
    { username: NAME, password },
    { username, password, [NUMBER]: 1 },
  ]) {
    await operator.request('/api/session', { json })
  }
  await operator.request(`/api/tickets/${opened.code}`, {
    method: 'PATCH',
    json: { version: 'x', form: { content: TEXT, reporter: { name: NAME } } },
  })
  await operator.request('/api/tickets', {
    method: 'POST',
    body: `{"${NUMBER}`,
    headers: { 'content-type': 'application/json' },
  })
  await operator.request('/webhooks/twilio/status', {
    method: 'POST',
    body: `To=%2B84950000777&MessageSid=SM1&MessageStatus=sent`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  await operator.request('/api/session', { method: 'DELETE' })

  const log = lines.join('')
  expect(log.length).toBeGreaterThan(0)
  const secrets = [
    NUMBER,
    '84950000777',
    NAME,
    encodeURIComponent(NAME),
    TEXT,
    password,
    operator.csrfToken,
    operator.cookie,
    slipPath,
    'Nguyễn Thị Mai',
  ]
  for (const secret of secrets) expect(log.includes(secret), secret).toBe(false)
})
