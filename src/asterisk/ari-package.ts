import { createRequire } from 'node:module'
import type { AriPackageClient } from 'ari-client'
import { AppError } from '../platform/errors.ts'
import { within } from './deadline.ts'
import type { AriAccess } from './ari-rest.ts'

/** Deadline of each of the package's requests; the first one, which it makes without us, is under the whole's. */
const REQUEST_MS = 5_000

/** What swagger-client 2.0.26 asks of its transport. */
interface SwaggerRequest {
  readonly url: string
  readonly method: string
  readonly headers: Record<string, string>
  readonly on: {
    response(answer: { obj: unknown }): void
    /** Tells the one who waits, then throws its message. */
    error(answer: { status: number; statusText: string }): void
  }
}

interface Swagger {
  readonly SwaggerHttp: { readonly prototype: { execute: (request: SwaggerRequest) => void } }
}

/**
 * Loads `ari-client` when it is first needed: it brings 40 MB and a quarter of a second of loading, and the service is ready
 * before it. Then reads the PBX's API description with it. Throws `unavailable`, after `describeMs` at the latest.
 */
export async function describeAri(
  { url, user, secret }: AriAccess,
  describeMs: number,
): Promise<AriPackageClient> {
  const { connect } = await import('ari-client')
  containSwagger()
  try {
    return await within(describeMs, connect(url, user, secret), {
      code: 'ARI_SILENT',
      message: 'The PBX does not describe its ARI in time',
    })
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('unavailable', 'ARI_UNREACHABLE', 'The PBX does not describe its ARI', { cause })
  }
}

/**
 * Gives the package's swagger-client another transport. Its own throws from a callback where nobody can catch it, on any
 * status but 200 and on broken JSON (R4), and waits without end (R5).
 */
function containSwagger(): void {
  const ofThisFile = createRequire(import.meta.url)
  const swagger = createRequire(ofThisFile.resolve('ari-client'))('swagger-client') as Swagger
  swagger.SwaggerHttp.prototype.execute = (request) => {
    void answer(request)
  }
}

async function answer({ url, method, headers, on }: SwaggerRequest): Promise<void> {
  let status = 0
  try {
    const response = await fetch(url, { method, headers, signal: AbortSignal.timeout(REQUEST_MS) })
    if (response.ok) {
      const description: unknown = await response.json()
      // Asterisk says 1.1, read just as 1.2 but for a complaint on the console.
      on.response({ obj: Object.assign(Object(description), { swaggerVersion: '1.2' }) })
      return
    }
    status = response.status
    await response.body?.cancel()
  } catch {
    status = 0 // unreachable, cut, not JSON, or not what swagger-client can read: told below
  }
  try {
    on.error({ status, statusText: String(status) })
  } catch {
    // SwaggerApi.fail has rejected `connect` before it throws.
  }
}
