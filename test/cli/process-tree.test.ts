import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { descendantsOf, endProcesses, isRunning, markProcess } from '../../src/cli/process-tree.ts'

const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** A shell that says a word when its script is under way. */
async function startShell(script: string): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  await once(child.stdout, 'data')
  if (child.pid === undefined) throw new Error('no shell')
  return Object.assign(child, { pid: child.pid })
}

test('a process is told from a later one with its pid', async () => {
  const shell = await startShell('echo up; read -r _')
  const mark = await markProcess(shell.pid)
  if (mark === undefined) throw new Error('it runs')
  expect(await isRunning(mark)).toBe(true)
  expect(await isRunning({ ...mark, startedAt: `${mark.startedAt}0` })).toBe(false)
  const gone = once(shell, 'exit')
  shell.kill('SIGKILL')
  await gone
  expect(await isRunning(mark)).toBe(false)
})

test('finds children of children', async () => {
  const shell = await startShell('/bin/sh -c "sleep 60 & echo up; wait" & wait')
  const found = await descendantsOf(shell.pid)
  expect(found.length).toBe(2)
  await endProcesses(found, 1_000)
  expect(await descendantsOf(shell.pid)).toEqual([])
})

test('makes a process end that does not want to', async () => {
  const shell = await startShell("trap '' TERM; echo up; while :; do read -r _ || sleep 60; done")
  const gone = once(shell, 'exit')
  await endProcesses([shell.pid], 50)
  expect(await gone).toEqual([null, 'SIGKILL'])
})

test('ending what is gone already is no error', async () => {
  const shell = await startShell('echo up')
  await once(shell, 'exit')
  await expect(endProcesses([shell.pid], 50)).resolves.toBeUndefined()
})
