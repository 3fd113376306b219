import { type Check, failed, ok, opened, type Outcome, type Patient } from './doctor-check.ts'

const WITHIN_MS = 10_000
const API_URL = 'https://api.twilio.com'

/** Whether the SMS account takes our key; nothing is sent. */
export const SMS_CHECK: Check = { id: 'sms', needs: ['config'], run: checkSms }

async function checkSms({ config }: Patient): Promise<Outcome> {
  const { twilio } = opened(config)
  if (twilio === null) return { status: 'ok', note: 'smsSimulated' }
  const url = `${(twilio.apiUrl ?? API_URL).replace(/\/$/, '')}/2010-04-01/Accounts/${twilio.accountSid}.json`
  const key = Buffer.from(`${twilio.accountSid}:${twilio.authToken}`).toString('base64')
  const response = await fetch(url, {
    headers: { authorization: `Basic ${key}` },
    signal: AbortSignal.timeout(WITHIN_MS),
  }).catch(() => undefined)
  if (response === undefined) return failed('smsUnreachable', { host: new URL(url).host })
  const account = (await response.json().catch(() => ({}))) as { readonly status?: unknown }
  if (response.status === 401 || response.status === 403 || response.status === 404)
    return failed('smsRefused')
  if (!response.ok) return failed('smsBroken', { status: response.status })
  const status = typeof account.status === 'string' ? account.status : '?'
  return status === 'active' ? ok(`Twilio, ${twilio.from}`) : failed('smsNotActive', { status })
}
