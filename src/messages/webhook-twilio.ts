import { type CarrierReport } from './service.ts'

/** The query of the callback's address and the form the provider posted. */
export type TwilioForm = Readonly<Record<string, string | string[]>>

export interface TwilioWebhook {
  /** True when one of the account's tokens signed exactly this. */
  verify(signature: string, search: string, form: TwilioForm): Promise<boolean>
  /** Undefined when it is no delivery report. */
  read(query: Readonly<Record<string, unknown>>, form: TwilioForm): CarrierReport | undefined
}

/**
 * Checks delivery reports. The signed address is the configured public one, never the Host header; two tokens are
 * taken while one is being replaced.
 */
export function createTwilioWebhook(publicUrl: string, tokens: readonly string[]): TwilioWebhook {
  return {
    async verify(signature, search, form) {
      const { default: webhooks } = await import('twilio/lib/webhooks/webhooks.js')
      const url = `${publicUrl}/webhooks/twilio/status${search}`
      return tokens.some((token) => webhooks.validateRequest(token, signature, url, { ...form }))
    },
    read(query, form) {
      const one = (name: string): string | null => {
        const value = form[name]
        return typeof value === 'string' && value !== '' ? value : null
      }
      const sid = one('MessageSid')
      const status = one('MessageStatus')
      if (sid === null || status === null) return undefined
      const id = Number(query['message'])
      return {
        sid,
        status,
        errorCode: one('ErrorCode'),
        to: one('To'),
        messageId: Number.isSafeInteger(id) && id > 0 ? id : null,
      }
    },
  }
}
