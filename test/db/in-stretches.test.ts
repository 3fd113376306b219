import { expect, test } from 'vitest'
import { inStretches } from '../../src/db/in-stretches.ts'

test.each([
  { lastId: 0, stretches: [] },
  { lastId: 1, stretches: [[1, 1]] },
  { lastId: 10, stretches: [[1, 10]] },
  {
    lastId: 25,
    stretches: [
      [1, 10],
      [11, 20],
      [21, 25],
    ],
  },
])('every id up to $lastId is in one stretch', async ({ lastId, stretches }) => {
  const taken: [number, number][] = []
  await inStretches(lastId, (fromId, toId) => void taken.push([fromId, toId]), 10)
  expect(taken).toEqual(stretches)
})

test('others have their turn between two, and what goes wrong is said', async () => {
  const order: string[] = []
  setImmediate(() => order.push('other'))
  await inStretches(20, (fromId) => void order.push(String(fromId)), 10)
  expect(order).toEqual(['1', 'other', '11'])
  const failing = inStretches(
    20,
    () => {
      throw new Error('disk')
    },
    10,
  )
  await expect(failing).rejects.toThrow('disk')
})
