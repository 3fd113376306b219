import type { IncomingMessage } from 'node:http'

// An `import` would look at every export, and some of node:http's load undici when they are looked at.
const { request: requestHttp } = process.getBuiltinModule('node:http')
const { request: requestHttps } = process.getBuiltinModule('node:https')

/** What goes out with one request. */
export interface HttpAsk {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** Ends request and answer; the answer's stream fails then. */
  readonly signal: AbortSignal
}

/**
 * One request, answered when its head has come; the body is the stream, to be read or destroyed. Redirects are not followed,
 * nothing is sent twice. So each has a connection of its own: one that was kept may be closed by the other side just as it is used again,
 * and then nobody knows whether the request was taken. Not fetch: that costs 10 MB and 20 ms of a start (src/decisions.md 3).
 */
export async function httpAnswer(
  target: URL,
  { method, headers, body, signal }: HttpAsk,
): Promise<IncomingMessage> {
  const request = target.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const asked = request(target, { method, headers, signal, agent: false }, resolve)
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Was it said to have gone well? */
export function isOk({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300
}
