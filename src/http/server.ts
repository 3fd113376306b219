import { existsSync } from 'node:fs'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import fastifyStatic from '@fastify/static'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import websocket from '@fastify/websocket'
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
} from 'fastify'
import { plainValue } from '../platform/plain-text.ts'
import { addGuard, type GuardDeps } from './guard.ts'
import { sendError } from './error-handler.ts'
import { createSchemaCompilers, type SchemaCompilers } from './schema-compilers.ts'
import { refuseUnsoundText } from './sound-text.ts'

export interface ServerDeps extends GuardDeps {
  readonly logger: FastifyBaseLogger | undefined
  /** Built console; absent in tests that need none. */
  readonly consoleDir: string
}

export type App = FastifyInstance

const BODY_LIMIT_BYTES = 64 * 1024
const ATTACHMENT_LIMIT_BYTES = 20 * 1024 * 1024
/** Per person and minute, or per address of whoever is not signed in. A desk with all lists open makes about 60. */
const REQUESTS_PER_MINUTE = 1_200
const WARM_UP_AFTER_MS = 5_000
/** For who is being answered when the service ends; whoever is slower, or has asked for nothing, holds up who takes its place. */
const LEAVE_WITHIN_MS = 300

/** The Fastify shell: everything a route file may rely on, and nothing of any feature. */
export async function createServer(deps: ServerDeps): Promise<App> {
  const compilers = createSchemaCompilers()
  const options: FastifyServerOptions = {
    bodyLimit: BODY_LIMIT_BYTES,
    // Slow senders do not hold a connection for ever.
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    routerOptions: { maxParamLength: 200 },
    schemaController: { compilersFactory: compilers.factory },
    // Paths and queries hold codes and numbers of citizens; the route's pattern says enough.
    logController: new LogController({ disableRequestLogging: true }),
  }
  const app = Fastify({
    ...options,
    ...(deps.logger === undefined ? { logger: false } : { loggerInstance: deps.logger }),
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.setErrorHandler(sendError)
  warmUpWhenListening(app, compilers)
  app.addHook('preClose', async () => {
    // To Node a connection without a request is none that is idle.
    setTimeout(() => {
      app.server.closeAllConnections()
    }, LEAVE_WITHIN_MS).unref()
  })
  await app.register(cookie)
  await app.register(multipart, {
    limits: { fileSize: ATTACHMENT_LIMIT_BYTES, files: 1, fields: 4, parts: 5 },
  })
  await app.register(websocket, { options: { maxPayload: BODY_LIMIT_BYTES, perMessageDeflate: false } })
  await app.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    // After the guard: a whole desk behind one proxy or one wall has one address, and must not be counted as one.
    hook: 'preParsing',
    keyGenerator: ({ person, ip }) => (person === null ? ip : `person ${String(person.id)}`),
    // Thrown as is: the error handler words it.
    errorResponseBuilder: (_request, context) =>
      Object.assign(new Error(`too many requests; try again in ${context.after}`), { statusCode: 429 }),
  })
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Signals and live data come over WebSockets of the same host.
        connectSrc: ["'self'", 'ws:', 'wss:'],
        mediaSrc: ["'self'", 'blob:'],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    // Only a TLS proxy in front may promise TLS for the future.
    strictTransportSecurity: deps.publicUrl.startsWith('https:'),
    referrerPolicy: { policy: 'same-origin' },
  })
  // Before the guard's own look at each route: the console's files are for everybody, sign-in page included.
  app.addHook('onRoute', (route) => {
    const served = route.config as { rootPath?: unknown } | undefined
    if (served?.rootPath === `${deps.consoleDir}/`) route.config = { ...route.config, access: 'public' }
  })
  addGuard(app, deps)
  app.addHook('preValidation', async (request) => {
    refuseUnsoundText(request.body)
    refuseUnsoundText(request.query)
    refuseUnsoundText(request.params)
    // One place for all free text: what nobody sees is in no note, reason or name, and does not count as length.
    request.body = plainValue(request.body)
  })
  app.addHook('onSend', async (request, reply) => {
    void reply.header('permissions-policy', 'microphone=(self), camera=(), geolocation=()')
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) {
      void reply.header('cache-control', 'no-store')
    }
  })
  await addConsole(app, deps.consoleDir)
  return app
}

/** After the links to the PBX, which the first seconds belong to. */
function warmUpWhenListening(app: App, compilers: SchemaCompilers): void {
  const closing = new AbortController()
  app.addHook('onListen', async () => {
    const timer = setTimeout(() => {
      compilers.warmUp(closing.signal).catch((err: unknown) => {
        if (!closing.signal.aborted) app.log.error({ err }, 'a schema of a route cannot be compiled')
      })
    }, WARM_UP_AFTER_MS)
    timer.unref()
    closing.signal.addEventListener('abort', () => {
      clearTimeout(timer)
    })
  })
  app.addHook('onClose', async () => {
    closing.abort()
  })
}

async function addConsole(app: App, consoleDir: string): Promise<void> {
  const built = existsSync(consoleDir)
  if (built) {
    await app.register(fastifyStatic, {
      root: consoleDir,
      wildcard: false,
      index: ['index.html'],
      setHeaders(reply, path) {
        // Vite puts a hash of the content into these names.
        const hashed = path.includes('/assets/')
        void reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler(
    { preHandler: app.rateLimit({ max: 300, timeWindow: 60_000 }) },
    (request, reply) => {
      const page = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
      if (built && page && !request.url.startsWith('/api/')) {
        return reply.header('cache-control', 'no-cache').sendFile('index.html', consoleDir)
      }
      return reply.code(404).send({ code: 'NOT_FOUND', message: 'there is nothing at this address' })
    },
  )
}
