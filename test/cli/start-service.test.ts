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

/** Starts a service of these lines, in which PORT is where it is asked; `unanswered` questions in a row and it counts as hung. */
async function serve(lines: string, unanswered: number) {
  const [port = 0] = await pickPorts([{ kind: 'tcp' }])
  const program = join(folder, 'service.mjs')
  writeFileSync(program, lines.replace('PORT', String(port)))
  const said: string[] = []
  const service = await startService(
    {
      home: folder,
      program,
      environment: {},
      localUrl: `http://127.0.0.1:${String(port)}`,
      logPath: join(folder, 'service.log'),
      say: (line) => said.push(line),
      hung: { everyMs: 1, unanswered },
    },
    () => undefined,
  )
  return { ended: service.ended, said }
}

test('one that runs and answers no more is ended, which is said', async () => {
  // Answers three times; then its only thread is busy for good.
  const { ended, said } = await serve(
    `import { createServer } from 'node:http'
    let answered = 0
    createServer((request, answer) => {
      answer.end('here', () => {
        answered += 1
        if (answered === 3) for (;;);
      })
    }).listen(PORT, '127.0.0.1')`,
    1,
  )
  expect(await ended).toEqual({ code: null, signal: 'SIGKILL' })
  expect(said).toEqual(['The service has not answered for 0 s; it is ended'])
})

test('one that takes no more connections is at work for those it has, and is left alone', async () => {
  // Answers once; after that every connection is ended as soon as it comes, as where there is no descriptor left for it.
  const { ended, said } = await serve(
    `import { createServer } from 'node:http'
    let refused = 0
    const server = createServer((request, answer) => {
      answer.end('here')
      server.on('connection', (socket) => {
        socket.resetAndDestroy()
        refused += 1
        if (refused === 20) process.exit(7)
      })
    }).listen(PORT, '127.0.0.1')`,
    3,
  )
  expect(await ended).toEqual({ code: 7, signal: null })
  expect(said).toEqual([])
})
