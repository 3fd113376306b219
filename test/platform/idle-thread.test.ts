import { getPriority } from 'node:os'
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createIdleThread, type IdleThread, type IdleThreadOptions } from '../../src/platform/idle-thread.ts'

const SERVE = pathToFileURL(resolve(import.meta.dirname, '../../src/platform/serve-thread.ts')).href
/** A thread that does what a job names. */
const PROGRAM = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { getPriority } from 'node:os'
    import { threadId, workerData } from 'node:worker_threads'
    import { giveWay, serveThread } from ${JSON.stringify(SERVE)}
    const work = {
      double: ({ value }) => value * 2,
      thread: () => threadId,
      data: () => workerData,
      fail: () => { throw Object.assign(new Error('disk'), { code: 'ENOSPC' }) },
      hang: () => { for (;;); },
      die: () => process.exit(3),
      giveWay: () => (giveWay(), getPriority()),
    }
    serveThread((job) => work[job.do](job))`)}`,
)
type Job = { readonly do: string; readonly value?: number }

let thread: IdleThread<Job, unknown>
const begin = (more: Partial<IdleThreadOptions> = {}): IdleThread<Job, unknown> => {
  thread = createIdleThread({
    program: PROGRAM,
    deadlineMs: 60_000,
    gone: (cause) => new Error('gone', { cause }),
    ...more,
  })
  return thread
}
const goneOf = (cause: string) =>
  expect.objectContaining({ message: 'gone', cause: new Error(cause) }) as Error
afterEach(() => thread.close())

describe('a thread that ends when it is idle', () => {
  it('answers each job with its own answer, in one thread that was handed its data', async () => {
    begin({ workerData: { path: 'here' } })
    const asked = [1, 2, 3].map((value) => thread.ask({ do: 'double', value }))
    expect(await Promise.all(asked)).toEqual([2, 4, 6])
    expect(await thread.ask({ do: 'data' })).toEqual({ path: 'here' })
    expect(await thread.ask({ do: 'thread' })).toBe(await thread.ask({ do: 'thread' }))
  })

  it('says what the work threw, with its code, and goes on', async () => {
    begin()
    await expect(thread.ask({ do: 'fail' })).rejects.toMatchObject({ message: 'disk', code: 'ENOSPC' })
    expect(await thread.ask({ do: 'double', value: 4 })).toBe(8)
  })

  it('gives all that wait up when it dies, and the next job starts another', async () => {
    begin()
    const first = await thread.ask({ do: 'thread' })
    const asked = [thread.ask({ do: 'die' }), thread.ask({ do: 'double', value: 1 })]
    for (const one of asked) await expect(one).rejects.toEqual(goneOf('exit code 3'))
    expect(await thread.ask({ do: 'thread' })).not.toBe(first)
  })

  it('is ended when it hangs', async () => {
    begin({ deadlineMs: 50 })
    await expect(thread.ask({ do: 'hang' })).rejects.toEqual(goneOf('deadline'))
  })

  it('ends without work, and starts again', async () => {
    begin({ idleMs: 0 })
    const first = await thread.ask({ do: 'thread' })
    await expect.poll(() => thread.ask({ do: 'thread' }), { timeout: 10_000 }).not.toBe(first)
  })

  it('refuses work once it is closed, and gives up what is under way', async () => {
    begin()
    const hanging = expect(thread.ask({ do: 'hang' })).rejects.toEqual(goneOf('closing'))
    await thread.close()
    await hanging
    await expect(thread.ask({ do: 'double', value: 1 })).rejects.toEqual(goneOf('closed'))
  })

  it('gives way to the service, which does not', async () => {
    const before = getPriority()
    expect(await begin().ask({ do: 'giveWay' })).toBe(Math.max(before, 10))
    expect(getPriority()).toBe(before)
  })
})
