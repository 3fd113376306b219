import { closeSync, openSync } from 'node:fs'
import { expect, test } from 'vitest'
import { figuresOf } from './process-figures.ts'

test('a process holds what it opened, and has taken the time it took', async () => {
  const before = await figuresOf(process.pid)
  const file = openSync(import.meta.filename, 'r')
  const after = await figuresOf(process.pid)
  closeSync(file)
  expect(after.handles).toBe(before.handles + 1)
  expect(after.cpuMs).toBeGreaterThanOrEqual(before.cpuMs)
  const { user, system } = process.cpuUsage()
  expect(Math.abs((user + system) / 1_000 - after.cpuMs)).toBeLessThan(2_000)
  expect(after.rssBytes / process.memoryUsage.rss()).toBeGreaterThan(0.5)
})

test('a process that is not there has no figures', async () => {
  await expect(figuresOf(2 ** 30)).rejects.toThrow('ENOENT')
})
