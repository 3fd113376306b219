import { afterEach, expect, test } from 'vitest'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type KeptProcess, type RunningProcess, keepRunning } from '../../src/cli/kept-process.ts'

const kept: KeptProcess[] = []

afterEach(async () => {
  await Promise.all(kept.splice(0).map((part) => part.stop()))
})

/** Keeps `sleep 60` running; `script` may say how each start goes. */
function keepSleeper(options: { readonly failOn?: (nth: number) => boolean } = {}) {
  const lines: string[] = []
  const watched: number[] = []
  const forgotten: number[] = []
  const children: ChildProcess[] = []
  let change = Promise.withResolvers<undefined>()
  let starts = 0
  const start = async (onSpawned: (pid: number) => void): Promise<RunningProcess> => {
    starts += 1
    if (options.failOn?.(starts) === true) throw new Error(`start ${String(starts)} failed\nin detail`)
    const child = spawn('sleep', ['60'], { stdio: 'ignore' })
    children.push(child)
    const ended = once(child, 'exit').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as string | null,
    }))
    await once(child, 'spawn')
    onSpawned(child.pid ?? 0)
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
    onPid: () => undefined,
    say: (line) => {
      lines.push(line)
      change.resolve(undefined)
      change = Promise.withResolvers()
    },
    now: () => 0,
    random: () => 0,
  })
  kept.push(part)
  return { part, lines, watched, forgotten, children, nextLine: () => change.promise, starts: () => starts }
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
    'The sleeper ended (SIGKILL) and does not start again yet: start 2 failed',
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
