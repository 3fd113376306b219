import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { startService } from '../../src/cli/start-service.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-service-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** A service that says why it cannot start, and ends with this exit code. */
async function failure(exitCode: number): Promise<unknown> {
  const program = join(folder, 'service.mjs')
  writeFileSync(
    program,
    `process.stderr.write('the folder is somebody else’s'); process.exitCode = ${String(exitCode)}`,
  )
  const options = {
    home: folder,
    program,
    environment: {},
    // Nobody answers here.
    localUrl: 'http://127.0.0.1:1',
    logPath: join(folder, 'service.log'),
    say: () => undefined,
  }
  return startService(options, () => undefined).catch((cause: unknown) => cause)
}

test('a setting that the service refuses is told as one, in its own words', async () => {
  expect(await failure(78)).toMatchObject({
    name: 'ConfigError',
    message: 'The service did not start (exit code 78).\nthe folder is somebody else’s',
  })
})

test('whatever else keeps it from starting is no matter of settings', async () => {
  expect(await failure(1)).toMatchObject({ code: 'SERVICE_NOT_STARTED' })
})

test('one that runs and answers no more is ended, which is said', async () => {
  const [port = 0] = await pickPorts([{ kind: 'tcp' }])
  const program = join(folder, 'service.mjs')
  // Answers three times; then its only thread is busy for good.
  writeFileSync(
    program,
    `import { createServer } from 'node:http'
    let answered = 0
    createServer((request, answer) => {
      answer.end('here', () => {
        answered += 1
        if (answered === 3) for (;;);
      })
    }).listen(${String(port)}, '127.0.0.1')`,
  )
  const lines: string[] = []
  const service = await startService(
    {
      home: folder,
      program,
      environment: {},
      localUrl: `http://127.0.0.1:${String(port)}`,
      logPath: join(folder, 'service.log'),
      say: (line) => lines.push(line),
      hung: { everyMs: 1, unanswered: 1 },
    },
    () => undefined,
  )
  expect(await service.ended).toEqual({ code: null, signal: 'SIGKILL' })
  expect(lines).toEqual(['service has not answered for 0 s; it is ended'])
})

test('one that takes no more connections is at work for those it has, and is left alone', async () => {
  const [port = 0] = await pickPorts([{ kind: 'tcp' }])
  const program = join(folder, 'service.mjs')
  // Answers once; after that every connection is ended as soon as it comes, as where there is no descriptor left for it.
  writeFileSync(
    program,
    `import { createServer } from 'node:http'
    let ended = 0
    const server = createServer((request, answer) => {
      answer.end('here')
      server.on('connection', (socket) => {
        socket.resetAndDestroy()
        ended += 1
        if (ended === 20) process.exit(7)
      })
    }).listen(${String(port)}, '127.0.0.1')`,
  )
  const service = await startService(
    {
      home: folder,
      program,
      environment: {},
      localUrl: `http://127.0.0.1:${String(port)}`,
      logPath: join(folder, 'service.log'),
      say: () => undefined,
      hung: { everyMs: 1, unanswered: 3 },
    },
    () => undefined,
  )
  expect(await service.ended).toEqual({ code: 7, signal: null })
})
