import { expect, test } from 'vitest'
import { createSipCallee, type IncomingCall } from './sip-callee.ts'
import { header, sdp } from './sip-message.ts'

/** A request of the PBX's about one call. */
function request(method: string, cseq: number, options: { tag?: string; body?: string } = {}): string {
  const { tag, body = '' } = options
  return [
    `${method} sip:02250009001@127.0.0.1:5080 SIP/2.0`,
    'Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1',
    'From: <sip:02251022@127.0.0.1>;tag=theirs',
    `To: <sip:02250009001@127.0.0.1>${tag === undefined ? '' : `;tag=${tag}`}`,
    'Call-ID: one-call',
    `CSeq: ${String(cseq)} ${method}`,
    `Content-Length: ${String(body.length)}`,
    '',
    body,
  ].join('\r\n')
}

function callee() {
  const sent: string[] = []
  const calls: IncomingCall[] = []
  const { take } = createSipCallee({
    port: 5_080,
    send: (text) => sent.push(text),
    onCall: (call) => calls.push(call),
  })
  const statuses = (): string[] => sent.map((text) => (text.split('\r\n')[0] ?? '').replace('SIP/2.0 ', ''))
  return { take, sent, calls, statuses }
}

const INVITE = request('INVITE', 7, { body: sdp(20_200) })

test('a call rings at once, is picked up with a place for its sound, and ends with the BYE', async () => {
  const { take, sent, calls, statuses } = callee()
  expect(take(INVITE)).toBe(true)
  const [call] = calls
  expect(call).toMatchObject({ number: '02250009001', from: '02251022', soundPort: 20_200 })
  call?.answer(40_000)
  expect(statuses()).toEqual(['180 Ringing', '200 OK'])
  expect(sent[1]).toContain('m=audio 40000 ')
  expect(header(sent[1] ?? '', 'Contact')).toBe('<sip:callee@127.0.0.1:5080>')
  const tags = sent.map((text) => /;tag=(.*)$/.exec(header(text, 'To'))?.[1])
  expect(tags[0]).toBeDefined()
  expect(tags[1]).toBe(tags[0])

  take(request('BYE', 8, { tag: tags[0] ?? '' }))
  await call?.ended
  expect(statuses().at(-1)).toBe('200 OK')
})

test('an INVITE said twice rings once, and is told again what was said', () => {
  const { take, sent, calls } = callee()
  take(INVITE)
  take(INVITE)
  expect(calls).toHaveLength(1)
  expect(sent[1]).toBe(sent[0])
})

test('asked again in the middle of a call, it takes the sound where it took it before', () => {
  const { take, sent, calls } = callee()
  take(INVITE)
  calls[0]?.answer(40_000)
  take(request('INVITE', 8, { tag: 'ours', body: sdp(20_202) }))
  expect(sent.at(-1)).toContain('m=audio 40000 ')
  take(request('UPDATE', 9, { tag: 'ours' }))
  expect(sent.at(-1)).not.toContain('m=audio')
})

test('a call given up before it was answered is over, and is not answered any more', async () => {
  const { take, calls, statuses } = callee()
  take(INVITE)
  take(request('CANCEL', 7))
  await calls[0]?.ended
  calls[0]?.answer(40_000)
  expect(statuses()).toEqual(['180 Ringing', '200 OK', '487 Request Terminated'])
})

test('what belongs to no call here is left to others', () => {
  const { take, sent } = callee()
  expect(take(request('BYE', 3, { tag: 'elsewhere' }))).toBe(false)
  expect(take(request('INVITE', 3, { tag: 'elsewhere' }))).toBe(false)
  expect(sent).toEqual([])
})
