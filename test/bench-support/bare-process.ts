import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { cacheFolder, currentEnvironment } from '../../src/cli/environment.ts'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { firstGoodAnswer } from './first-answer.ts'
import { stopChild } from './service-process.ts'

const HOME = resolve(import.meta.dirname, '../..')
const WITHIN_MS = 20_000

/** A Fastify that says hello, as a process of its own; `readyMs` is from its start to its first good answer. */
export interface BareProcess {
  readonly port: number
  readonly pid: number
  readonly readyMs: number
  readonly stop: () => Promise<void>
}

/** Starts one, on a free port if none is said. */
export async function startBare(at?: number): Promise<BareProcess> {
  const [port = 0] = await pickPorts([{ kind: 'tcp', port: at }])
  const startedAtMs = performance.now()
  const program = join(HOME, 'test/bench-support/bare-fastify.ts')
  const environment = currentEnvironment()
  const child = spawn(process.execPath, [program, String(port)], {
    stdio: 'ignore',
    env: { ...environment, NODE_COMPILE_CACHE: join(cacheFolder(environment), 'compiled') },
  })
  const stop = () => stopChild(child)
  try {
    const goodAtMs = await firstGoodAnswer(`http://127.0.0.1:${String(port)}/healthz`, WITHIN_MS)
    return { port, pid: child.pid ?? 0, readyMs: goodAtMs - startedAtMs, stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}
