import { PassThrough } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Access } from '../http/access.ts'
import type { TestCalls } from './test-call-ami.ts'
import { TestCallRequest } from './test-call-contract.ts'

const local: { config: { access: Access } } = { config: { access: 'local' } }

/** POST /api/test-calls, for the command line of this machine: answers JSON lines while the call runs (test-call-contract.ts). */
export const testCallRoutes: FastifyPluginAsyncTypebox<{
  readonly testCalls: Pick<TestCalls, 'run' | 'stop'>
}> = async (app, { testCalls }) => {
  app.addHook('preClose', () => testCalls.stop())

  app.post('/api/test-calls', { ...local, schema: { body: TestCallRequest } }, async (request, reply) => {
    const lines = new PassThrough()
    const gone = new AbortController()
    // Ctrl-C at the command line, or its end by any other means, hangs the call up.
    reply.raw.once('close', () => {
      gone.abort()
      lines.destroy()
    })
    const tell = (line: object) => {
      if (!lines.destroyed) lines.write(`${JSON.stringify(line)}\n`)
    }
    testCalls.run(request.body, tell, gone.signal).then(
      () => lines.end(),
      (err: unknown) => {
        request.log.error({ err }, 'a test call broke off')
        lines.destroy()
      },
    )
    return reply.type('application/x-ndjson').send(lines)
  })
}
