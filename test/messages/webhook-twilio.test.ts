import fc from 'fast-check'
import webhooks from 'twilio/lib/webhooks/webhooks.js'
import { describe, expect, it } from 'vitest'
import { createTwilioWebhook } from '../../src/messages/webhook-twilio.ts'

const PUBLIC = 'https://1022.haiphong.gov.vn'
const webhook = createTwilioWebhook(PUBLIC, ['token', 'old-token'])
const FORM = { MessageSid: 'SM1', MessageStatus: 'delivered', To: '+84950000001' }
/** Signed by the provider's own code. */
const sign = (token: string, search: string, form: Record<string, string>) =>
  webhooks.getExpectedTwilioSignature(token, `${PUBLIC}/webhooks/twilio/status${search}`, form)

describe('a delivery report’s signature', () => {
  it('is the provider’s own over public address, query and form', async () => {
    const search = '?message=7'
    expect(await webhook.verify(sign('token', search, FORM), search, FORM)).toBe(true)
    expect(await webhook.verify(sign('old-token', search, FORM), search, FORM)).toBe(true)
    expect(await webhook.verify(sign('other', search, FORM), search, FORM)).toBe(false)
    expect(await webhook.verify(sign('token', search, FORM), '?message=8', FORM)).toBe(false)
    expect(
      await webhook.verify(sign('token', search, FORM), search, { ...FORM, MessageStatus: 'failed' }),
    ).toBe(false)
    expect(await webhook.verify('', search, FORM)).toBe(false)
  })

  it('that is nonsense is wrong, never a failure', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('?%', '?message=%E0%A4', '?#', '?http://[', '?a=b&a=c', '? ', '?\u0000'),
    )
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()))),
        async (signature, search, form) => {
          expect(await webhook.verify(signature, search, form)).toBe(false)
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('a delivery report', () => {
  it('is read from text alone; a repeated field is none', () => {
    expect(webhook.read({ message: '7' }, FORM)).toEqual({
      sid: 'SM1',
      status: 'delivered',
      errorCode: null,
      to: '+84950000001',
      messageId: 7,
    })
    expect(webhook.read({}, { ...FORM, MessageSid: ['SM1', 'SM2'] })).toBeUndefined()
    expect(webhook.read({}, { MessageSid: 'SM1' })).toBeUndefined()
    for (const message of ['x', '-1', '0', '1.5', '1e400', undefined, {}]) {
      expect(webhook.read({ message }, FORM)?.messageId).toBeNull()
    }
  })
})
