import { expect, test } from 'vitest'
import { askOnce } from '../../src/platform/one-shot-thread.ts'

const ask = (program: string, deadlineMs = 20_000) =>
  askOnce({
    program: new URL(`data:text/javascript,${encodeURIComponent(program)}`),
    workerData: 20,
    deadlineMs,
    gone: (cause) => new Error(`gone: ${cause instanceof Error ? cause.message : ''}`),
  })
const TOLD = "import { parentPort, workerData } from 'node:worker_threads';"

test('its answer comes back', async () => {
  expect(await ask(`${TOLD} parentPort.postMessage(workerData + 1)`)).toBe(21)
})

test.each([
  ['throws', "throw new Error('disk')", 'gone: disk'],
  ['ends with a code', 'process.exit(3)', 'gone: exit code 3'],
  ['ends without a word', '1', 'gone: exit code 0'],
])('one that %s is gone', async (_name, program, message) => {
  await expect(ask(program)).rejects.toThrow(message)
})

test('one that hangs is ended', async () => {
  await expect(ask('for (;;) {}', 50)).rejects.toThrow('gone: deadline')
})
