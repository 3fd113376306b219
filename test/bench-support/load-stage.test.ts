import { expect, test } from 'vitest'
import { latencies } from './load-stage.ts'

const rang = (callId: string, member: string, atMs: number) => ({ callId, member, from: '0952000001', atMs })

test('each ringing is held against the pop of the same call at the same operator', () => {
  const rung = [rang('a', 'op-1', 100), rang('a', 'op-2', 120), rang('b', 'op-1', 200)]
  const shown = [
    { callId: 'b', member: 'op-1', atMs: 207 },
    { callId: 'a', member: 'op-2', atMs: 125 },
    { callId: 'a', member: 'op-1', atMs: 103 },
  ]
  expect(latencies(rung, shown)).toEqual({ ms: [3, 5, 7], missing: 0 })
})

test('a console that is told again what it shows already was not late', () => {
  const shown = [{ callId: 'a', member: 'op-1', atMs: 103 }]
  const again = { callId: 'a', member: 'op-1', atMs: 900 }
  expect(latencies([rang('a', 'op-1', 100)], [...shown, again])).toEqual({ ms: [3], missing: 0 })
})

test('a pop that never came is missing, and one at another operator is none', () => {
  const shown = [{ callId: 'a', member: 'op-2', atMs: 103 }]
  expect(latencies([rang('a', 'op-1', 100)], shown)).toEqual({ ms: [], missing: 1 })
})
