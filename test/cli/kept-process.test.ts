import { afterEach, describe, expect, test } from 'vitest'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  type KeepOptions,
  type KeptProcess,
  type RunningProcess,
  keepRunning,
  reasonOf,
} from '../../src/cli/kept-process.ts'

const kept: KeptProcess[] = []

afterEach(async () => {
  await Promise.all(kept.splice(0).map((part) => part.stop()))
})

/** Keeps `sleep 60` running; `script` may say how each start goes. */
function keepSleeper(
  options: {
    readonly failOn?: (nth: number) => boolean
    /** Before a successor ends the one whose place it takes. */
    readonly loading?: (nth: number) => Promise<void>
    /** After that. */
    readonly opening?: (nth: number) => Promise<void>
  } = {},
) {
  const lines: string[] = []
  const watched: number[] = []
  const forgotten: number[] = []
  const children: ChildProcess[] = []
  const pids: (number | undefined)[] = []
  let change = Promise.withResolvers<undefined>()
  let starts = 0
  const start: KeepOptions['start'] = async (onSpawned, inPlaceOf): Promise<RunningProcess> => {
    starts += 1
    const nth = starts
    if (options.failOn?.(nth) === true) throw new Error(`start ${String(nth)} failed\nin detail`)
    const child = spawn('sleep', ['60'], { stdio: 'ignore' })
    children.push(child)
    const ended = once(child, 'exit').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as string | null,
    }))
    await once(child, 'spawn')
    onSpawned(child.pid ?? 0)
    if (inPlaceOf !== undefined) {
      await options.loading?.(nth)
      process.kill(inPlaceOf.pid, 'SIGTERM')
      await inPlaceOf.ended
      await options.opening?.(nth)
    }
    return {
      pid: child.pid ?? 0,
      ended,
      stop: async () => {
        child.kill('SIGTERM')
        await ended
      },
    }
  }
  const part = keepRunning({
    name: 'The sleeper',
    start,
    keeper: { watch: (pid) => watched.push(pid), forget: (pid) => forgotten.push(pid) },
    onPid: (pid) => pids.push(pid),
    say: (line) => {
      lines.push(line)
      change.resolve(undefined)
      change = Promise.withResolvers()
    },
    now: () => 0,
    random: () => 0,
  })
  kept.push(part)
  return {
    part,
    lines,
    watched,
    forgotten,
    children,
    pids,
    nextLine: () => change.promise,
    starts: () => starts,
  }
}

test('starts again what ended, says so in one line, and keeps the companion informed', async () => {
  const sleeper = keepSleeper()
  await sleeper.part.started
  const told = sleeper.nextLine()
  sleeper.children[0]?.kill('SIGKILL')
  await told
  expect(sleeper.lines).toEqual(['The sleeper ended (SIGKILL); it runs again after 0.0 s'])
  expect(sleeper.watched).toEqual(sleeper.children.map(({ pid }) => pid))
  expect(sleeper.forgotten).toEqual([sleeper.children[0]?.pid])
})

test('tries on when it does not start again, and says so once', async () => {
  const sleeper = keepSleeper({ failOn: (nth) => nth === 2 || nth === 3 })
  await sleeper.part.started
  const told = sleeper.nextLine()
  sleeper.children[0]?.kill('SIGKILL')
  await told
  await sleeper.nextLine()
  expect(sleeper.lines).toEqual([
    'The sleeper ended (SIGKILL) and does not start again yet: start 2 failed in detail',
    'The sleeper ended (SIGKILL); it runs again after 0.0 s',
  ])
  expect(sleeper.starts()).toBe(4)
})

test('a first start that fails is an error, not tried again', async () => {
  const sleeper = keepSleeper({ failOn: () => true })
  await expect(sleeper.part.started).rejects.toThrow('start 1 failed')
  await sleeper.part.stop()
  expect(sleeper.starts()).toBe(1)
})

test('stops for good, also while it starts', async () => {
  const sleeper = keepSleeper()
  const stopped = sleeper.part.stop()
  await stopped
  expect(sleeper.children[0]?.signalCode).toMatch(/SIGKILL|SIGTERM/)
  expect(sleeper.starts()).toBe(1)
  expect(sleeper.lines).toEqual([])
})

test('stops while it waits to try again', async () => {
  const sleeper = keepSleeper({ failOn: (nth) => nth > 1 })
  await sleeper.part.started
  const told = sleeper.nextLine()
  sleeper.children[0]?.kill('SIGKILL')
  await told
  await sleeper.part.stop()
  const tried = sleeper.starts()
  expect(tried).toBeGreaterThanOrEqual(2)
  expect(sleeper.children).toHaveLength(1)
})

describe('a successor', () => {
  test('comes up beside it, ends it and takes its place', async () => {
    const sleeper = keepSleeper()
    await sleeper.part.started
    const told = sleeper.nextLine()
    await sleeper.part.replace()
    await told
    expect(sleeper.lines).toEqual(['The sleeper ended (SIGTERM); it runs again after 0.0 s'])
    const [old, next] = sleeper.children.map(({ pid }) => pid)
    expect(sleeper.pids).toEqual([old, undefined, next])
    expect(sleeper.watched).toEqual([old, next])
    expect(sleeper.forgotten).toEqual([old])
    // It is kept as the first was.
    const again = sleeper.nextLine()
    sleeper.children[1]?.kill('SIGKILL')
    await again
    expect(sleeper.starts()).toBe(3)
  })

  test('that cannot be loaded leaves it running, and the next may be', async () => {
    const sleeper = keepSleeper({
      loading: async (nth) => {
        if (nth === 2) throw new Error('a syntax error\nat line 1')
      },
    })
    await sleeper.part.started
    await expect(sleeper.part.replace()).rejects.toThrow('a syntax error')
    expect(sleeper.lines).toEqual([
      'The sleeper could not be replaced and runs on as it was: a syntax error at line 1',
    ])
    expect(sleeper.children[0]?.exitCode ?? sleeper.children[0]?.signalCode).toBeNull()
    expect(sleeper.pids).toHaveLength(1)
    expect(sleeper.forgotten).toEqual([sleeper.children[1]?.pid])
    sleeper.children[1]?.kill('SIGKILL')
    await sleeper.part.replace()
    expect(sleeper.pids.at(-1)).toBe(sleeper.children[2]?.pid)
  })

  test('that fails when the old one is gone already is started again', async () => {
    const sleeper = keepSleeper({
      opening: async (nth) => {
        if (nth === 2) throw new Error('no database')
      },
    })
    await sleeper.part.started
    const why = sleeper.nextLine()
    await expect(sleeper.part.replace()).rejects.toThrow('no database')
    await why
    while (sleeper.lines.length < 2) await sleeper.nextLine()
    expect(sleeper.lines).toEqual([
      'The sleeper could not be replaced and starts again as it was: no database',
      'The sleeper ended (SIGTERM); it runs again after 0.0 s',
    ])
    expect(sleeper.pids.at(-1)).toBe(sleeper.children[2]?.pid)
    sleeper.children[1]?.kill('SIGKILL')
  })

  test('is not started twice, and ends with all when it is stopped', async () => {
    const reached = Promise.withResolvers<undefined>()
    const stuck = Promise.withResolvers<undefined>()
    const sleeper = keepSleeper({
      loading: async () => {
        reached.resolve(undefined)
        await stuck.promise
      },
    })
    await sleeper.part.started
    const replaced = expect(sleeper.part.replace()).rejects.toThrow('ended meanwhile')
    await reached.promise
    await expect(sleeper.part.replace()).rejects.toMatchObject({ code: 'NOT_NOW' })
    const [old, next] = sleeper.children
    const gone = [old, next].map((child) => child && once(child, 'exit'))
    await sleeper.part.stop()
    stuck.reject(new Error('ended meanwhile'))
    await Promise.all([...gone, replaced])
    expect([old?.signalCode, next?.signalCode]).toEqual(['SIGTERM', 'SIGKILL'])
    await expect(sleeper.part.replace()).rejects.toMatchObject({ code: 'NOT_NOW' })
  })
})

test.each([
  ['The service did not start (exit code 1).', 'The service did not start (exit code 1).'],
  [
    [
      'The service did not start (exit code 78).',
      '{"level":30,"msg":"something failed in the log"}',
      'cannot read config/x/city.json: Unexpected token',
    ].join('\n'),
    'The service did not start (exit code 78). cannot read config/x/city.json: Unexpected token',
  ],
  [
    [
      'The service did not start (exit code 1).',
      'file:///home/x/src/main.ts:3',
      'syntax error here (',
      '       ^^^^^',
      "SyntaxError: Unexpected identifier 'error'",
      '    at compileSourceTextModule (node:internal/x:1:2)',
      '',
      'Node.js v24.1.0',
    ].join('\n'),
    "The service did not start (exit code 1). SyntaxError: Unexpected identifier 'error'",
  ],
])('of what a process said last the line that tells most is passed on', (message, reason) => {
  expect(reasonOf(new Error(message))).toBe(reason)
})
