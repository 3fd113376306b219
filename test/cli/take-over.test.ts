import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { predecessorOf, takeOver } from '../../src/take-over.ts'

test.each([
  [['node', 'main.js'], undefined],
  [['node', 'main.js', '--take-over', '4711'], 4711],
  [['node', 'main.js', '--take-over'], undefined],
  [['node', 'main.js', '--take-over', '1'], undefined],
  [['node', 'main.js', '--take-over', '-9'], undefined],
  [['node', 'main.js', '--take-over', 'x'], undefined],
])('%j names %j', (args, pid) => {
  expect(predecessorOf(args)).toBe(pid)
})

test('the one before is asked to end, and waited for', async () => {
  const script =
    "process.on('SIGTERM', () => setTimeout(() => process.exit(0), 50)); process.stdout.write('up'); setInterval(() => 0, 1e6)"
  const old = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(old, 'exit')
  await once(old.stdout, 'data')
  await takeOver(old.pid ?? 0)
  expect(await ended).toEqual([0, null])
  await takeOver(old.pid ?? 0) // gone already
})

test('one that does not end is made to', async () => {
  const script = "process.on('SIGTERM', () => 0); process.stdout.write('up'); setInterval(() => 0, 1e6)"
  const old = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(old, 'exit')
  await once(old.stdout, 'data')
  await takeOver(old.pid ?? 0, 100)
  expect(await ended).toEqual([null, 'SIGKILL'])
})
