import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Keeper, startKeeper } from '../../src/cli/keeper-process.ts'

let folder: string
const children: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tongdai-keeper-'))
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

async function start(): Promise<Keeper> {
  const keeper = await startKeeper(join(folder, 'lock'))
  if (keeper === undefined) throw new Error('the lock is held')
  return keeper
}

async function startSleeper(): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  children.push(child)
  await once(child, 'spawn')
  return Object.assign(child, { pid: child.pid ?? 0 })
}

test('a second copy does not get the lock until the first gives it back', async () => {
  const first = await start()
  expect(await startKeeper(join(folder, 'lock'))).toBeUndefined()
  await first.release()
  await (await start()).release()
})

test('ends what it watches when its owner is gone, and leaves alone what it was told to forget', async () => {
  const keeper = await start()
  const [watched, forgotten] = await Promise.all([startSleeper(), startSleeper()])
  keeper.watch(watched.pid)
  keeper.watch(forgotten.pid)
  keeper.forget(forgotten.pid)
  const gone = once(watched, 'exit')
  await keeper.release() // to the companion, the same as our death: its input ends
  expect(await gone).toEqual([null, 'SIGTERM'])
  expect(forgotten.exitCode).toBeNull()
  expect(forgotten.signalCode).toBeNull()
})

test('makes a process end that does not want to', { timeout: 20_000 }, async () => {
  const keeper = await start()
  const stubborn = spawn('/bin/sh', ['-c', "trap '' TERM; echo up; while :; do sleep 1; done"], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  children.push(stubborn)
  await once(stubborn.stdout, 'data')
  keeper.watch(stubborn.pid ?? 0)
  const gone = once(stubborn, 'exit')
  await keeper.release()
  expect(await gone).toEqual([null, 'SIGKILL'])
})

test('the terminal cannot end it', async () => {
  const keeper = await start()
  process.kill(keeper.pid, 'SIGINT')
  process.kill(keeper.pid, 'SIGHUP')
  expect(await startKeeper(join(folder, 'lock'))).toBeUndefined()
  await keeper.release()
})
