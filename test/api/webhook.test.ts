import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TicketView } from '../../src/tickets/contract.ts'
import { type Client, START_MS, startTestApp, type TestApp } from '../support/app.ts'
import { type SmsStub, startSmsStub } from '../support/sms-stub.ts'

let app: TestApp
let stub: SmsStub
let operator: Client
beforeAll(async () => {
  stub = await startSmsStub()
  app = await startTestApp({ twilio: { apiUrl: stub.url, oldAuthToken: 'old-token' } })
  operator = await app.signIn('operator')
}, START_MS)
afterAll(async () => {
  await app.close()
  await stub.close()
})

async function slip(): Promise<string> {
  const opened = (await (
    await operator.request('/api/tickets', { json: { channel: 'counter' } })
  ).json()) as TicketView
  const reporter = {
    type: 'individual',
    name: 'Đại',
    organisation: null,
    // Nobody to be reached by SMS: the officer's message is the only one.
    phone: null,
    email: 'dai@example.vn',
    address: null,
  }
  const saved = (await (
    await operator.request(`/api/tickets/${opened.code}`, {
      method: 'PATCH',
      json: { version: opened.version, form: { content: 'Đèn hỏng', kind: 'reflection', reporter } },
    })
  ).json()) as TicketView
  const sent = await operator.request(`/api/tickets/${opened.code}/slips`, {
    json: { version: saved.version, unitId: 'chieu-sang', note: '' },
  })
  expect(sent.status).toBe(200)
  return opened.code
}
const smsState = async (code: string) => {
  const ticket = (await (await operator.request(`/api/tickets/${code}`)).json()) as TicketView
  return ticket.messages.map(({ state }) => state)
}
/** As written, past every client that would mend the address. */
function raw(path: string, body: string, more = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = app.config.http
    const socket = connect(port, '127.0.0.1', () => {
      socket.end(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\n${more}\r\n${body}`,
      )
    })
    let reply = ''
    socket.on('data', (chunk: Buffer) => (reply += chunk.toString()))
    socket.on('close', () => {
      resolve(reply.split('\r\n')[0] ?? '')
    })
    socket.on('error', reject)
  })
}

describe('the whole way of a slip’s SMS', () => {
  it('reaches the carrier once and comes back signed, in any order and number', async () => {
    stub.next('reversed', 'duplicate')
    const first = await slip()
    await expect.poll(() => stub.messages.length).toBe(1)
    const second = await slip()
    await expect.poll(() => stub.messages.length).toBe(2)
    expect((await stub.report()).every((status) => status === 204)).toBe(true)
    expect(await smsState(first)).toEqual(['delivered'])
    expect(await smsState(second)).toEqual(['delivered'])
    expect(stub.posts).toBe(2)
    expect(stub.messages[0]?.callback).toContain(
      `${app.config.http.publicUrl}/webhooks/twilio/status?message=`,
    )
  })

  it('believes nobody without the signature, however the address is bent', async () => {
    const body = 'MessageSid=SM1&MessageStatus=failed'
    for (const path of [
      '/webhooks/twilio/status',
      '/webhooks/twilio/status?message=1',
      '/webhooks/twilio/status?message=%',
      '/webhooks/twilio/status?%E0%A4%A',
      '/webhooks/twilio/status?message=1&message=2',
      '/webhooks/twilio/status?http://[',
      '/webhooks/twilio/status?message=1#x',
    ]) {
      expect(await raw(path, body, 'X-Twilio-Signature: AAAA\r\n'), path).toMatch(/^HTTP\/1\.1 4\d\d /)
      expect(await raw(path, body), path).toMatch(/^HTTP\/1\.1 4\d\d /)
    }
  })
})
