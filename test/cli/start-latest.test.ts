import { expect, test } from 'vitest'
import { startLatest } from '../../src/cli/start-parts.ts'

/** A folder whose build is `state.now`, and builds that do not start. */
function stage() {
  const state = { now: 'second', broken: new Set<string>() }
  const start = startLatest('first', async () => state.now)
  const tried: string[] = []
  const run = (replaces = false) =>
    start(replaces, async (program) => {
      tried.push(program)
      if (state.broken.has(program)) throw new Error(`${program} does not start`)
      return program
    }).catch(() => 'failed')
  return { state, tried, run }
}

test('after a crash the build that served last is started, whatever the folder holds by now', async () => {
  const { run } = stage()
  expect([await run(), await run()]).toEqual(['first', 'first'])
  expect([await run(true), await run()]).toEqual(['second', 'second'])
})

test('a replacement that fails changes nothing of that', async () => {
  const { state, run } = stage()
  await run()
  state.broken.add('second')
  expect([await run(true), await run()]).toEqual(['failed', 'first'])
})

test('where the one that served does not start any more, the folder is a way back', async () => {
  const { state, tried, run } = stage()
  await run()
  state.broken = new Set(['first', 'second'])
  for (let nth = 0; nth < 4; nth += 1) await run()
  expect(tried).toEqual(['first', 'first', 'second', 'first', 'second'])
  state.now = 'repaired'
  expect([await run(), await run(), await run()]).toEqual(['failed', 'repaired', 'repaired'])
})
