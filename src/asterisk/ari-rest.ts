import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { AppError, type ErrorKind } from '../platform/errors.ts'
import { httpAnswer, isOk } from './http-answer.ts'

/** What goes with one request. */
export interface AriRequestOptions {
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly timeoutMs?: number
  /** Ends the request early, as if the PBX had not answered. */
  readonly signal?: AbortSignal
}

/** ARI's REST face. */
export interface AriRest {
  /** Parsed JSON answer; undefined for an empty one. Throws by status, `unavailable` when nothing came in time. Never sent twice. */
  readonly request: (method: string, path: string, options?: AriRequestOptions) => Promise<unknown>
  /** Bytes of an answer; undefined on 404. Destroy them when not read to the end. */
  readonly download: (path: string) => Promise<Readable | undefined>
}

/** Where ARI is, and as whom to ask. */
export interface AriAccess {
  /** Without `/ari`: `http://127.0.0.1:8088`. */
  readonly url: string
  readonly user: string
  readonly secret: string
  readonly requestMs?: number | undefined
}

const REQUEST_MS = 5_000
/** A recording of hours over a slow line. */
const DOWNLOAD_MS = 10 * 60_000
const KINDS: Readonly<Record<number, ErrorKind>> = { 401: 'forbidden', 403: 'forbidden', 404: 'notFound' }

/** ARI over HTTP: a deadline on every request, credentials in a header, the status kept (R5, R8, R9, R10). */
export function createAriRest({ url, user, secret, requestMs = REQUEST_MS }: AriAccess): AriRest {
  const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`

  async function call(method: string, path: string, options: AriRequestOptions): Promise<IncomingMessage> {
    const target = new URL(`${url}/ari${path}`)
    for (const [key, value] of Object.entries(options.query ?? {})) target.searchParams.set(key, value)
    const body = options.body === undefined ? undefined : JSON.stringify(options.body)
    const late = AbortSignal.timeout(options.timeoutMs ?? requestMs)
    try {
      return await httpAnswer(target, {
        method,
        headers: { authorization, ...bodyHeaders(body) },
        body,
        signal: options.signal === undefined ? late : AbortSignal.any([late, options.signal]),
      })
    } catch (cause) {
      throw new AppError('unavailable', 'ARI_UNREACHABLE', 'The PBX did not answer over ARI', { cause })
    }
  }

  return {
    async request(method, path, options = {}) {
      const answer = await call(method, path, options)
      const said = await textOf(answer)
      if (!isOk(answer)) throw refusal(answer.statusCode, said)
      return said === '' ? undefined : parse(said)
    },
    async download(path) {
      const answer = await call('GET', path, { timeoutMs: DOWNLOAD_MS })
      if (isOk(answer)) return answer
      answer.destroy()
      if (answer.statusCode === 404) return undefined
      throw refusal(answer.statusCode, '')
    },
  }
}

function bodyHeaders(body: string | undefined): Record<string, string> {
  if (body === undefined) return {}
  return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  try {
    return await text(answer)
  } catch (cause) {
    throw new AppError('unavailable', 'ARI_CUT', 'The PBX broke off its ARI answer', { cause })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('unavailable', 'ARI_NOT_JSON', 'ARI answered something that is not JSON', { cause })
  }
}

function refusal(status = 0, text: string): AppError {
  const kind = KINDS[status] ?? (status >= 500 ? 'unavailable' : 'conflict')
  const code = {
    forbidden: 'ARI_FORBIDDEN',
    notFound: 'ARI_NOT_FOUND',
    unavailable: 'ARI_UNAVAILABLE',
  } as const
  const reason = reasonIn(text) ?? 'no reason given'
  return new AppError(
    kind,
    kind in code ? code[kind as keyof typeof code] : 'ARI_REFUSED',
    `ARI answered ${String(status)}: ${reason}`,
  )
}

function reasonIn(text: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || !('message' in parsed)) return undefined
    return typeof parsed.message === 'string' ? parsed.message.slice(0, 200) : undefined
  } catch {
    return undefined // an answer that is not JSON has no reason in it
  }
}
