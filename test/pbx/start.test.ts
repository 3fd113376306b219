import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { currentEnvironment } from '../../src/cli/environment.ts'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { probe } from '../../src/cli/http-probe.ts'
import { type ProcessMark, isRunning } from '../../src/cli/process-tree.ts'
import { run as restart } from '../../src/cli/restart.ts'
import { type Runtime, readRuntime } from '../../src/cli/runtime-file.ts'
import { runCommand } from '../support/command.ts'

const BOOTSTRAP = resolve(import.meta.dirname, '../../src/cli/bootstrap.mjs')

/** `npm start`, as a person would run it. */
interface Copy {
  readonly process: ChildProcessByStdio<null, Readable, Readable>
  readonly port: number
  readonly lines: readonly string[]
  /** Resolves with the first line that fits, said before or after; rejects when the copy ends first. */
  readonly line: (pattern: RegExp) => Promise<string>
  readonly runtime: () => Promise<Runtime>
  readonly ended: Promise<number | null>
}

// Up to three whole copies in one test, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

let dataDir: string
const copies: Copy[] = []

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tongdai-start-'))
})

afterEach(async () => {
  for (const copy of copies.splice(0)) {
    if (copy.process.exitCode === null && copy.process.signalCode === null) copy.process.kill('SIGTERM')
    await copy.ended
  }
  await rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
})

async function start(more: Readonly<Record<string, string>> = {}): Promise<Copy> {
  const [port = 0] = await pickPorts([{ kind: 'tcp' }])
  const child = spawn(process.execPath, [BOOTSTRAP, 'start'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...currentEnvironment(),
      HTTP_PORT: String(port),
      DATA_DIR: dataDir,
      RECORDINGS_DIR: join(dataDir, 'recordings'),
      ...more,
    },
  })
  const lines: string[] = []
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      for (const listener of listeners) listener()
    })
  }
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const copy: Copy = {
    process: child,
    port,
    lines,
    ended,
    line: async (pattern) =>
      Promise.race([
        new Promise<string>((resolve) => {
          const look = (): void => {
            const found = lines.find((line) => pattern.test(line))
            if (found === undefined) return
            listeners.delete(look)
            resolve(found)
          }
          listeners.add(look)
          look()
        }),
        ended.then((code) => {
          throw new Error(`ended with ${String(code)} before ${String(pattern)}:\n${lines.join('\n')}`)
        }),
      ]),
    runtime: async () => {
      const runtime = await readRuntime(dataDir)
      if (runtime === undefined) throw new Error('no runtime file')
      return runtime
    },
  }
  copies.push(copy)
  return copy
}

/** Resolves when none of the processes runs; nobody but /proc can tell of processes that are not our children. */
async function untilGone(marks: readonly ProcessMark[], withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const running = await Promise.all(marks.map(isRunning))
    if (!running.includes(true)) return
    if (Date.now() > deadline) {
      throw new Error(`still running: ${JSON.stringify(marks.filter((_, index) => running[index]))}`)
    }
    await sleep(25)
  }
}

test('comes up, says who can sign in, and leaves no process behind', async () => {
  const copy = await start()
  await copy.line(/^ready /)
  await copy.line(/admin {2,}admin/)
  expect(copy.lines.filter((line) => line.startsWith('ready'))).toEqual([
    `ready http://localhost:${String(copy.port)}`,
  ])
  expect((await probe(`http://127.0.0.1:${String(copy.port)}/readyz`))?.status).toBe(200)
  const { processes } = await copy.runtime()
  expect(Object.keys(processes).sort()).toEqual(['keeper', 'network', 'pbx', 'service', 'start'])
  copy.process.kill('SIGINT')
  expect(await copy.ended).toBe(0)
  await untilGone(Object.values(processes), 0)
  expect(await readRuntime(dataDir)).toBeUndefined()
})

test('a service that was killed comes back, and the PBX never went', async () => {
  const copy = await start()
  await copy.line(/^ready /)
  const before = await copy.runtime()
  process.kill(before.processes['service']?.pid ?? 0, 'SIGKILL')
  await copy.line(/The service ended \(SIGKILL\); it runs again/)
  const after = await copy.runtime()
  expect(after.processes['service']?.pid).not.toBe(before.processes['service']?.pid)
  expect(after.processes['pbx']).toEqual(before.processes['pbx'])
  process.kill(before.processes['pbx']?.pid ?? 0, 'SIGKILL')
  await copy.line(/The PBX ended \(SIGKILL\); it runs again/)
  await expect
    .poll(async () => (await probe(`http://127.0.0.1:${String(copy.port)}/readyz`))?.status, {
      timeout: 20_000,
    })
    .toBe(200)
})

test('a service that is replaced under way is back as another process, and the PBX never went', async () => {
  const copy = await start()
  await copy.line(/^ready /)
  const before = await copy.runtime()
  const { code, out } = await runCommand(restart, ['--json'], { dataDir, environment: currentEnvironment() })
  expect(code).toBe(0)
  expect(JSON.parse(out[0] ?? '')).toEqual({ gapMs: expect.any(Number) as number })
  const after = await copy.runtime()
  expect(after.processes['service']?.pid).not.toBe(before.processes['service']?.pid)
  expect(after.processes['pbx']).toEqual(before.processes['pbx'])
  expect((await probe(`http://127.0.0.1:${String(copy.port)}/readyz`))?.status).toBe(200)
})

test('when npm start itself is killed its processes end by themselves, and the next start works', async () => {
  const killed = await start()
  await killed.line(/^ready /)
  const { processes } = await killed.runtime()
  killed.process.kill('SIGKILL')
  await killed.ended
  const next = await start()
  await untilGone(Object.values(processes), 15_000)
  await next.line(/^ready /)
})

test('what a killed copy left running without its companion is ended by the next start', async () => {
  const killed = await start()
  await killed.line(/^ready /)
  const { processes } = await killed.runtime()
  process.kill(processes['keeper']?.pid ?? 0, 'SIGKILL')
  await untilGone([processes['keeper'] ?? { pid: 0, startedAt: '' }], 5_000)
  killed.process.kill('SIGKILL')
  await killed.ended
  const next = await start()
  await next.line(/^ready /)
  await untilGone(Object.values(processes), 0)
})

test('a second copy on the same folder, or on the same port, is told what to do', async () => {
  const first = await start()
  await first.line(/^ready /)
  const sameFolder = await start()
  expect(await sameFolder.ended).toBe(69)
  expect(sameFolder.lines.join('\n')).toMatch(/runs on this data folder already[^]*DATA_DIR=data2 npm start/)
  const samePort = await start({ DATA_DIR: join(dataDir, 'second'), HTTP_PORT: String(first.port) })
  expect(await samePort.ended).toBe(78)
  expect(samePort.lines.join('\n')).toContain(`HTTP_PORT=${String(first.port + 1)} npm start`)
  const third = { DATA_DIR: join(dataDir, 'third') }
  const sameRecordings = await start(third)
  expect(await sameRecordings.ended).toBe(78)
  expect(sameRecordings.lines.join('\n')).toMatch(/của một hệ thống khác[^]*RECORDINGS_DIR=data2\/recordings/)
  const beside = await start({ ...third, RECORDINGS_DIR: '' })
  await beside.line(/^ready /)
})

test('stopped half way, twice, it leaves nothing behind', async () => {
  const copy = await start()
  await expect
    .poll(async () => Object.keys((await readRuntime(dataDir))?.processes ?? {}), {
      timeout: 30_000,
    })
    .toContain('pbx')
  const { processes } = await copy.runtime()
  copy.process.kill('SIGINT')
  await sleep(500) // a person's second Ctrl-C; a shorter one is taken for npm's echo of the first
  copy.process.kill('SIGINT')
  expect(await copy.ended).not.toBeNull()
  await untilGone(Object.values(processes), 0)
})

test('a service that cannot start ends it all, with the reason', async () => {
  const copy = await start({ LOG_LEVEL: 'loud' })
  expect(await copy.ended).toBe(78)
  expect(copy.lines.join('\n')).toContain('LOG_LEVEL')
})
