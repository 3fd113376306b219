import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { AppError, type ErrorKind } from '../platform/errors.ts'

export interface AriRequestOptions {
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly timeoutMs?: number
}

export interface AriRest {
  /** Parsed JSON answer; undefined for an empty one. AppError by status, `unavailable` when nothing came in time. */
  request(method: string, path: string, options?: AriRequestOptions): Promise<unknown>
  /** Bytes of an answer; undefined on 404. */
  download(path: string): Promise<Readable | undefined>
}

const DEFAULT_TIMEOUT_MS = 5_000
const DOWNLOAD_TIMEOUT_MS = 60_000
const KINDS: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid',
  401: 'forbidden',
  403: 'forbidden',
  404: 'notFound',
  409: 'conflict',
  412: 'conflict',
  422: 'conflict',
}

/** ARI's REST face over fetch: a deadline on every request, credentials in a header (R5, R8, R10). */
export function createAriRest({ url, user, secret }: { url: string; user: string; secret: string }): AriRest {
  const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`

  async function call(method: string, path: string, options: AriRequestOptions): Promise<Response> {
    const target = new URL(`${url}/ari${path}`)
    for (const [key, value] of Object.entries(options.query ?? {})) target.searchParams.set(key, value)
    try {
      return await fetch(target, {
        method,
        headers: {
          authorization,
          ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        signal: AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
      })
    } catch (cause) {
      throw new AppError('unavailable', 'PBX_AWAY', 'the PBX did not answer over ARI', { cause })
    }
  }

  return {
    async request(method, path, options = {}) {
      const response = await call(method, path, options)
      const text = await bodyOf(response)
      if (!response.ok) {
        const kind = KINDS[response.status] ?? 'unavailable'
        throw new AppError(
          kind,
          `ARI_${String(response.status)}`,
          messageOf(text) ?? `ARI answered ${String(response.status)}`,
        )
      }
      if (text === '') return undefined
      try {
        return JSON.parse(text) as unknown
      } catch (cause) {
        throw new AppError('unavailable', 'ARI_NOT_JSON', 'ARI answered something that is not JSON', {
          cause,
        })
      }
    },
    async download(path) {
      const response = await call('GET', path, { timeoutMs: DOWNLOAD_TIMEOUT_MS })
      if (response.status === 404) {
        await response.body?.cancel()
        return undefined
      }
      if (!response.ok || response.body === null) {
        await response.body?.cancel()
        throw new AppError('unavailable', `ARI_${String(response.status)}`, 'ARI did not give the recording')
      }
      return Readable.fromWeb(response.body as ReadableStream)
    },
  }
}

async function bodyOf(response: Response): Promise<string> {
  try {
    return await response.text()
  } catch (cause) {
    throw new AppError('unavailable', 'PBX_AWAY', 'the PBX broke off its ARI answer', { cause })
  }
}

function messageOf(text: string): string | undefined {
  try {
    const parsed = JSON.parse(text) as { message?: unknown } | null
    return typeof parsed?.message === 'string' ? parsed.message.slice(0, 200) : undefined
  } catch {
    return undefined
  }
}
