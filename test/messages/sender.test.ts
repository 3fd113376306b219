import { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTwilioProvider } from '../../src/messages/provider-twilio.ts'
import { createDesk, type Desk, fillDraft, OPERATOR } from '../support/desk.ts'
import { type SmsStub, startSmsStub, STUB_ACCOUNT } from '../support/sms-stub.ts'

const PUBLIC = 'https://1022.haiphong.gov.vn'
/** Longer than a busy machine takes for one request. */
const POST_TIMEOUT_MS = 2_000

let stub: SmsStub
let desk: Desk
let app: FastifyInstance

beforeEach(async () => {
  stub = await startSmsStub(async (url, body, headers) => {
    const { pathname, search } = new URL(url)
    // the Host header is whatever a proxy made of it: the signature is over the public address
    const reply = await app.inject({
      method: 'POST',
      url: pathname + search,
      payload: body,
      headers: { ...headers, host: 'internal:1' },
    })
    return reply.statusCode
  })
  desk = createDesk({
    publicUrl: PUBLIC,
    tokens: [STUB_ACCOUNT.authToken, 'old-token'],
    twilio: createTwilioProvider({ ...STUB_ACCOUNT, apiUrl: stub.url }, PUBLIC, POST_TIMEOUT_MS),
  })
  app = await desk.serve()
})
afterEach(async () => {
  await app.close()
  await desk.close()
  await stub.close()
})

const sendSlip = (unitId = 'chieu-sang') => {
  const draft = fillDraft(desk)
  return desk.tickets.sendSlip(draft.code, { version: draft.version, unitId, note: '' }, OPERATOR)
}
const sms = (code: string) => {
  const [message] = desk.messages.ofTicket(code)
  if (message === undefined) throw new Error('no message')
  return message
}

describe('a slip’s SMS through the real client', () => {
  it('is handed over once and follows its reports to delivered', async () => {
    const { code } = sendSlip()
    expect(sms(code).state).toBe('pending')
    await desk.sender.drain()
    expect(sms(code).state).toBe('sent')
    expect(stub.messages).toHaveLength(1)
    expect(stub.messages[0]).toMatchObject({
      from: '1022HP',
      to: expect.stringMatching(/^\+84950000/) as string,
    })
    expect(stub.messages[0]?.body).toContain(code)
    expect(await stub.report()).toEqual([204, 204])
    expect(sms(code)).toMatchObject({ state: 'delivered', problem: null })
    await desk.sender.drain()
    expect(stub.posts).toBe(1)
  })

  it.each(['duplicate', 'reversed'] as const)('takes %s reports once and forward only', async (mood) => {
    stub.next(mood)
    const { code } = sendSlip()
    await desk.sender.drain()
    const seen: string[] = []
    const statuses = await stub.report()
    expect(statuses.every((status) => status === 204)).toBe(true)
    seen.push(sms(code).state)
    expect(seen).toEqual(['delivered'])
  })

  it('takes a report that overtakes the answer to its own POST', async () => {
    stub.next('early')
    const { code } = sendSlip()
    await desk.sender.drain()
    expect(sms(code).state).toBe('delivered')
    expect(stub.posts).toBe(1)
  })

  it('is asked about when no report ever comes', async () => {
    stub.next('never')
    const { code } = sendSlip()
    await desk.sender.drain()
    expect(sms(code).state).toBe('sent')
    desk.pass(16 * 60_000)
    await desk.sender.drain()
    expect(sms(code).state).toBe('delivered')
    expect(stub.posts).toBe(1)
  })

  it.each(['errorAfterAccept', 'hangAfterAccept'] as const)(
    'that may have been taken (%s) is looked for, never sent again',
    async (mood) => {
      stub.next(mood)
      const { code } = sendSlip()
      await desk.sender.drain()
      expect(sms(code)).toMatchObject({
        state: 'unknown',
        problem: expect.stringContaining('đối chiếu') as string,
      })
      desk.pass(6_000)
      await desk.sender.drain()
      expect(sms(code).state).toBe('sent')
      expect(desk.messageStore.findBySid(stub.messages[0]?.sid ?? '')?.ticketCode).toBe(code)
      expect(stub.posts).toBe(1)
    },
  )

  it('that the carrier never took stays unknown, and says so, without a second POST', async () => {
    stub.next('error')
    const { code } = sendSlip()
    await desk.sender.drain()
    stub.plant(desk.messageStore.ofTicket(code)[0]?.to ?? '', 'another text to the same number')
    for (let round = 0; round < 8; round += 1) {
      desk.pass(3_700_000)
      await desk.sender.drain()
    }
    expect(sms(code)).toMatchObject({
      state: 'unknown',
      problem: expect.stringContaining('Hãy gọi điện') as string,
    })
    expect(stub.posts).toBe(1)
  })

  it('is tried again after 429, no sooner than the carrier wishes', async () => {
    stub.next('busy')
    const { code } = sendSlip()
    await desk.sender.drain()
    expect(sms(code).state).toBe('pending')
    desk.pass(6_500)
    await desk.sender.drain()
    expect(stub.posts).toBe(1)
    desk.pass(600)
    await desk.sender.drain()
    expect(sms(code).state).toBe('sent')
    expect(stub.posts).toBe(2)
  })

  it('fails for good, with what to do, when the number takes none', async () => {
    stub.next('landline')
    const { code } = sendSlip()
    await desk.sender.drain()
    expect(sms(code)).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('Hãy gọi điện') as string,
    })
    desk.pass(86_400_000)
    await desk.sender.drain()
    expect(stub.posts).toBe(1)
  })

  it('that did not arrive says why', async () => {
    stub.next('undelivered')
    const { code } = sendSlip()
    await desk.sender.drain()
    await stub.report()
    expect(sms(code)).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('đang tắt') as string,
    })
  })

  it('waits for the carrier’s line to come back', async () => {
    await stub.close()
    const { code } = sendSlip()
    await desk.sender.drain()
    expect(sms(code).state).toBe('pending')
  })

  it('left in the middle by a crash is looked for, not sent again', async () => {
    const { code } = sendSlip()
    await desk.sender.drain()
    const [row] = desk.messageStore.ofTicket(code)
    if (row === undefined) throw new Error('no row')
    // as it was on disk before the answer came
    desk.messageStore.update(row.id, { state: 'sending', sid: null, carrierStatus: null, nextAt: null })
    await desk.sender.drain()
    expect(sms(code).state).toBe('sent')
    expect(stub.posts).toBe(1)
  })

  it('to a landline is refused before the carrier hears of it', async () => {
    const { code } = sendSlip('dk-bach-long-vi')
    expect(sms(code)).toMatchObject({
      state: 'refused',
      problem: expect.stringContaining('Hãy gọi điện') as string,
    })
    await desk.sender.drain()
    expect(stub.posts).toBe(0)
  })

  it('of a training ticket goes to the simulator, whatever carrier there is', async () => {
    const ref = desk.tickets.openForCall(
      {
        callId: 'c1',
        direction: 'in',
        number: { raw: '', e164: '+84950000777', display: '0950 000 777', kind: 'mobile' },
        callerName: null,
        line: '02251022',
        startedAt: desk.now().toISOString(),
        training: true,
      },
      OPERATOR.id,
    )
    const draft = desk.tickets.view(ref.code, OPERATOR)
    const reporter = { ...draft.form.reporter, name: 'Đại' }
    const saved = desk.tickets.save(
      ref.code,
      { version: draft.version, form: { content: 'Thử', reporter } },
      OPERATOR,
    )
    desk.tickets.sendSlip(ref.code, { version: saved.version, unitId: 'chieu-sang', note: '' }, OPERATOR)
    await desk.sender.drain()
    expect(stub.posts).toBe(0)
    expect(sms(ref.code).state).toBe('delivered')
    expect(desk.arrived).toHaveLength(1)
    expect(desk.messages.handsets(() => true)[0]?.messages[0]?.text).toContain(ref.code)
    // Đ12.1: nor do the handsets say whose a case is that one may not read.
    expect(desk.messages.handsets((code) => code !== ref.code)).toEqual([])
  })

  it('leaves no number and no text in the log', async () => {
    stub.next('error', 'hangAfterAccept', 'landline', 'busy')
    for (let n = 0; n < 4; n += 1) sendSlip()
    await desk.sender.drain()
    await stub.close()
    desk.pass(6_000)
    await desk.sender.drain()
    expect(JSON.stringify(desk.logged)).not.toMatch(/\d{7}|Phieu/)
  })
})

describe('the delivery report’s address', () => {
  const url = (id: number | string): string => `${PUBLIC}/webhooks/twilio/status?message=${String(id)}`
  const form = (sid: string, status: string): Record<string, string> => ({
    MessageSid: sid,
    MessageStatus: status,
  })

  it('refuses what is not signed for the public address by one of the two tokens', async () => {
    const { code } = sendSlip()
    await desk.sender.drain()
    const sid = stub.messages[0]?.sid ?? ''
    expect(await stub.post(url(1), form(sid, 'delivered'), 'wrong')).toBe(403)
    expect(await stub.post(url(1).replace('https', 'http'), form(sid, 'failed'))).toBe(403)
    const unsigned = await app.inject({
      method: 'POST',
      url: '/webhooks/twilio/status',
      payload: 'MessageSid=x&MessageStatus=sent',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(unsigned.statusCode).toBe(403)
    expect(sms(code).state).toBe('sent')
    expect(await stub.post(url(1), form(sid, 'delivered'), 'old-token')).toBe(204)
    expect(sms(code).state).toBe('delivered')
  })

  it('answers 404 for a message that is nobody’s', async () => {
    expect(await stub.post(url(99), form('SMffffffffffffffffffffffffffffffff', 'sent'))).toBe(404)
    expect(await stub.post(url('x'), form('SMffffffffffffffffffffffffffffffff', 'sent'))).toBe(404)
  })

  it('takes no report for another number under our row’s id', async () => {
    stub.next('hangAfterAccept')
    const { code } = sendSlip()
    await desk.sender.drain()
    expect(await stub.post(url(1), { ...form('SMother', 'delivered'), To: '+84950000999' })).toBe(404)
    expect(sms(code).state).toBe('unknown')
  })

  it('ignores replays and statuses it does not know', async () => {
    const { code } = sendSlip()
    await desk.sender.drain()
    const sid = stub.messages[0]?.sid ?? ''
    expect(await stub.post(url(1), form(sid, 'delivered'))).toBe(204)
    expect(await stub.post(url(1), form(sid, 'failed'))).toBe(204)
    expect(await stub.post(url(1), form(sid, 'read'))).toBe(204)
    expect(await stub.post(url(1), form(sid, 'delivered'))).toBe(204)
    expect(sms(code).state).toBe('delivered')
  })

  it('refuses a form without a report, and one that is too large', async () => {
    expect(await stub.post(url(1), { Hello: 'x' })).toBe(422)
    expect(await stub.post(url(1), { MessageSid: 'x'.repeat(70_000) })).toBe(413)
  })
})
