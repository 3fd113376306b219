import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { createLinkKeeper } from '../../src/asterisk/link-keeper.ts'
import { AppError } from '../../src/platform/errors.ts'

const ATTEMPTS = 300

it('keeps nothing of its failed attempts through a night without the PBX', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const done = Promise.withResolvers<undefined>()
  const attempts: WeakRef<object>[] = []
  const keeper = createLinkKeeper({
    name: 'test',
    open: async () => {
      const failure = new AppError('unavailable', 'AWAY', 'not there')
      attempts.push(new WeakRef(failure))
      if (attempts.length === ATTEMPTS) done.resolve(undefined)
      throw failure
    },
    resync: async () => undefined,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    timings: { pauseMs: 1, longestPauseMs: 1 },
  })
  keeper.start()
  await done.promise
  // A reference that was just made is kept to the end of its own task.
  await new Promise(setImmediate)
  collectGarbage()
  const kept = attempts.filter((attempt) => attempt.deref() !== undefined).length
  await keeper.close()
  expect(kept).toBeLessThan(ATTEMPTS / 10)
})
