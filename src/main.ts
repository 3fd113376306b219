import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { dirname, join } from 'node:path'
import { hastenImports } from './platform/quick-imports.ts'

enableCompileCache()
hastenImports()

const [
  { default: closeWithGrace },
  { pino },
  { startApp },
  { ConfigError, readConfig },
  { predecessorOf, takeOver },
  { createLogSink },
] = await Promise.all([
  import('close-with-grace'),
  import('pino'),
  import('./app.ts'),
  import('./config.ts'),
  import('./take-over.ts'),
  import('./platform/log-sink.ts'),
])

/** Packed, the service has them beside it (config/tooling/vite.server.config.ts); started from its sources it reads the folder. */
function withOwnMigrations(config: ReturnType<typeof readConfig>): typeof config {
  const packed = join(dirname(process.argv[1] ?? ''), 'migrations')
  return existsSync(packed) ? { ...config, migrationsDir: packed } : config
}

try {
  const config = withOwnMigrations(readConfig())
  // Numbers, names and texts never get here: features log ids only (style sheet 26).
  const logger = pino({ level: config.logLevel }, createLogSink())
  const predecessor = predecessorOf(process.argv)
  const takePlace = predecessor === undefined ? undefined : () => takeOver(predecessor)
  const app = await startApp(config, { now: () => new Date(), logger }, takePlace)
  closeWithGrace({ delay: 8_000 }, async ({ err }) => {
    if (err !== undefined) logger.error({ err }, 'closing after a failure')
    await app.close()
  })
  logger.info({ url: config.http.publicUrl, afterMs: Math.round(process.uptime() * 1000) }, 'ready')
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 78 // sysexits.h EX_CONFIG
}
