import { type CarrierRecord, type SmsProvider } from './service.ts'
import { type SendResult } from './delivery-policy.ts'

export interface TwilioAccount {
  readonly accountSid: string
  readonly authToken: string
  /** Registered sender name or number. */
  readonly from: string
  /** Loopback stub of tests; null means the provider's own address. */
  readonly apiUrl: string | null
}

const API_ORIGIN = 'https://api.twilio.com'
const LOOK_BACK = 50

/** The request never left this machine, so sending again is safe. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'])

/** 429, with the provider's own wish; thrown through the twilio client, which drops response headers. */
class TooManyRequests extends Error {
  override readonly name = 'TooManyRequests'
  readonly afterMs: number | null

  constructor(afterMs: number | null) {
    super('too many requests')
    this.afterMs = afterMs
  }
}

/** Sends by the real `twilio` client, which is loaded with the first message: it costs 160 ms and 20 MB. */
export function createTwilioProvider(
  account: TwilioAccount,
  publicUrl: string,
  timeoutMs = 30_000,
): SmsProvider {
  let client: ReturnType<typeof connect> | undefined
  const messages = async () => {
    client ??= connect(account, timeoutMs)
    return (await client).messages
  }

  return {
    name: 'twilio',

    async send({ id, to, text }): Promise<SendResult> {
      try {
        const api = await messages()
        const sent = await api.create({
          to,
          from: account.from,
          body: text,
          statusCallback: `${publicUrl}/webhooks/twilio/status?message=${String(id)}`,
        })
        return { type: 'accepted', sid: sent.sid, status: sent.status }
      } catch (error) {
        return outcomeOf(error)
      }
    },

    async find({ to, text, since }) {
      try {
        const api = await messages()
        // not by DateSent: a message that waits at the provider has none yet
        const recent = await api.list({ to, limit: LOOK_BACK })
        return recent.filter((message) => message.body === text && message.dateCreated >= since).map(recordOf)
      } catch {
        return undefined // the caller asks again later; the error itself holds number and text
      }
    },

    async look(sid) {
      try {
        const api = await messages()
        return recordOf(await api(sid).fetch())
      } catch {
        return undefined
      }
    },
  }
}

async function connect(account: TwilioAccount, timeoutMs: number) {
  const { default: twilio } = await import('twilio')
  /** The client has no base address option and an https-only agent: requests are turned to the stub here. */
  class Door extends twilio.RequestClient {
    override async request<T>(options: Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0]) {
      const uri =
        account.apiUrl === null
          ? options.uri
          : options.uri.replace(API_ORIGIN, account.apiUrl.replace(/\/$/, ''))
      const response = await super.request<T>({ ...(options as object), uri, method: options.method })
      if (response.statusCode === 429) throw new TooManyRequests(retryAfterMs(response))
      return response
    }
  }
  return twilio(account.accountSid, account.authToken, { httpClient: new Door({ timeout: timeoutMs }) })
}

function retryAfterMs(response: unknown): number | null {
  const headers = (response as { headers?: Record<string, unknown> }).headers
  const seconds = Number(headers?.['retry-after'])
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null
}

/** Only what the provider surely did not take may be tried again; a 4xx is its considered no. */
function outcomeOf(error: unknown): SendResult {
  if (error instanceof TooManyRequests) return { type: 'busy', afterMs: error.afterMs }
  const { status, code } = error as { status?: unknown; code?: unknown }
  if (typeof code === 'string' && NEVER_SENT.has(code)) return { type: 'busy', afterMs: null }
  if (typeof status === 'number' && status >= 400 && status < 500 && status !== 408)
    return { type: 'refused', errorCode: typeof code === 'number' ? String(code) : `HTTP_${String(status)}` }
  return { type: 'unclear' }
}

function recordOf(message: { sid: string; status: string; errorCode: number | null }): CarrierRecord {
  const { errorCode } = message
  return {
    sid: message.sid,
    status: message.status,
    errorCode: typeof errorCode === 'number' ? String(errorCode) : null,
  }
}
