import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { figuresOf } from './process-figures.ts'

/** A shell that says each line of its script's output; a process of its own, for this one opens files whenever it likes. */
function shell(script: string) {
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { pid: child.pid ?? 0, said: () => once(child.stdout, 'data'), tell: () => child.stdin.write('\n') }
}

test('a process holds what it opened', async () => {
  const process = shell('echo up; read go; exec 9</dev/null; echo opened; read end')
  await process.said()
  const before = await figuresOf(process.pid)
  process.tell()
  await process.said()
  const after = await figuresOf(process.pid)
  expect(after.handles).toBe(before.handles + 1)
})

test('a process has taken the time it took, and the memory', async () => {
  const before = await figuresOf(process.pid)
  const after = await figuresOf(process.pid)
  expect(after.cpuMs).toBeGreaterThanOrEqual(before.cpuMs)
  const { user, system } = process.cpuUsage()
  expect(Math.abs((user + system) / 1_000 - after.cpuMs)).toBeLessThan(2_000)
  expect(after.rssBytes / process.memoryUsage.rss()).toBeGreaterThan(0.5)
})

test('a process that is not there has no figures', async () => {
  await expect(figuresOf(2 ** 30)).rejects.toThrow('ENOENT')
})
