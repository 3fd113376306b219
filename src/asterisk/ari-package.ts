import { createRequire, Module } from 'node:module'
import { json } from 'node:stream/consumers'
import type { AriPackageClient, connect } from 'ari-client'
import { AppError } from '../platform/errors.ts'
import { within } from './deadline.ts'
import { httpAnswer, isOk } from './http-answer.ts'
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
 * Loads `ari-client` when it is first needed: it is the heaviest package of a start, and the service can be reached
 * before it. Then reads the PBX's API description with it. Throws `unavailable`, after `describeMs` at the latest.
 */
export async function describeAri(
  { url, user, secret }: AriAccess,
  describeMs: number,
): Promise<AriPackageClient> {
  const { connect: describe } = await loadAriPackage()
  containSwagger()
  try {
    return await within(describeMs, describe(url, user, secret), {
      code: 'ARI_SILENT',
      message: 'The PBX does not describe its ARI in time',
    })
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('unavailable', 'ARI_UNREACHABLE', 'The PBX does not describe its ARI', { cause })
  }
}

interface AriPackage {
  readonly connect: typeof connect
}

/** The package as it is used here. It blocks for a quarter of a second: whoever takes another's place loads it before. */
export async function loadAriPackage(): Promise<AriPackage> {
  spareRequest()
  return import('ari-client')
}

/**
 * Gives the package nothing in place of `request`, which takes 18 MB and 60 ms. It asks with it once, before it reads the
 * description, only whether the PBX can be reached: our probe just said so, and the reading itself tells when not. Its
 * operations would need it too; nobody calls those.
 */
function spareRequest(): void {
  const ofPackage = createRequire(createRequire(import.meta.url).resolve('ari-client'))
  const path = ofPackage.resolve('request')
  if (ofPackage.cache[path] !== undefined) return
  const spared = new Module(path)
  spared.loaded = true
  spared.exports = (_url: string, reached: (failure: null) => void) => {
    setImmediate(reached, null)
  }
  ofPackage.cache[path] = spared
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
    const response = await httpAnswer(new URL(url), {
      method,
      headers,
      signal: AbortSignal.timeout(REQUEST_MS),
    })
    if (isOk(response)) {
      const description: unknown = await json(response)
      // Asterisk says 1.1, read just as 1.2 but for a complaint on the console.
      on.response({ obj: Object.assign(Object(description), { swaggerVersion: '1.2' }) })
      return
    }
    status = response.statusCode ?? 0
    response.destroy()
  } catch {
    status = 0 // unreachable, cut, not JSON, or not what swagger-client can read: told below
  }
  try {
    on.error({ status, statusText: String(status) })
  } catch {
    // SwaggerApi.fail has rejected `connect` before it throws.
  }
}
