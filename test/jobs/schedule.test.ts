import { afterEach, beforeEach, expect, it, type MockInstance, vi } from 'vitest'
import { type Job, type Schedule, startJobs } from '../../src/jobs/schedule.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const START = Date.parse('2026-03-02T08:00:10+07:00')

let schedule: Schedule
let runs: string[]
/** What goes past the log. */
let said: MockInstance[]
let lines: { readonly message: string; readonly fields: Record<string, unknown> }[]

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  said = (['log', 'warn', 'error', 'info'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation(() => undefined),
  )
  runs = []
  lines = []
})
afterEach(async () => {
  await schedule.stop()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const note = (fields: object, message: string): void => void lines.push({ message, fields: { ...fields } })
const log = { warn: note, error: note }
const job = (name: string, at: string, more: Partial<Job> = {}): Job => ({
  name,
  at,
  run: () => {
    runs.push(name)
    return Promise.resolve()
  },
  ...more,
})
const JOBS = [job('sweep', '* * * * *'), job('hourly', '0 * * * *'), job('nightly', '30 2 * * *')]
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

it('R053: runs each minute, and says nothing', async () => {
  schedule = startJobs(JOBS, log)
  await pass(10 * MINUTE)
  expect(runs).toHaveLength(10)
  expect(lines).toEqual([])
})

it('R053: a clock that jumps forward by days is one line with how far, and the next minute runs', async () => {
  schedule = startJobs(JOBS, log)
  await pass(MINUTE)
  vi.setSystemTime(Date.now() + 5 * DAY + 61_000)
  const before = runs.length
  await pass(MINUTE)
  expect(runs.length - before).toBe(1)
  await pass(2 * DAY)
  expect(lines).toEqual([
    {
      message: 'the clock of this machine jumped forward by 5 d 0 h 1 min 1 s; jobs go by the new time',
      fields: { jumpedMs: 5 * DAY + 61_000, now: expect.any(String) as string },
    },
  ])
  expect(runs.filter((name) => name === 'nightly')).toHaveLength(2)
  for (const spy of said) expect(spy).not.toHaveBeenCalled()
})

it('R053: one line too where a tick finds it before anybody has looked', async () => {
  schedule = startJobs(JOBS, log)
  await pass(49_000) // 08:00:59, looked at a second ago
  vi.setSystemTime(Date.now() + 3 * DAY)
  await pass(3_000)
  await pass(10 * MINUTE)
  expect(lines.map(({ message }) => message)).toEqual([
    'the clock of this machine jumped forward by 3 d 0 h 0 min 0 s; jobs go by the new time',
  ])
  expect(runs.filter((name) => name === 'sweep').length).toBeGreaterThanOrEqual(10)
})

it('R053: a clock that is set back does not keep the sweep waiting for the time that was', async () => {
  schedule = startJobs(JOBS, log)
  await pass(MINUTE)
  vi.setSystemTime(Date.now() - 3 * DAY)
  const before = runs.length
  await pass(3 * MINUTE)
  expect(runs.length - before).toBe(3)
  expect(lines.map(({ message }) => message)).toEqual([
    'the clock of this machine jumped back by 3 d 0 h 0 min 0 s; jobs go by the new time',
  ])
})

it('R053: what fell due meanwhile is looked for at once by jobs that do so at the start', async () => {
  schedule = startJobs([job('sweep', '0 0 1 1 *', { atStart: true })], log)
  await pass(MINUTE)
  expect(runs).toHaveLength(1)
  vi.setSystemTime(Date.now() + DAY)
  await pass(10_000)
  expect(runs).toHaveLength(2)
})

it('a process that stood still is one line for all of its jobs, with how long and how many ticks', async () => {
  // As where the process was stopped: the steady clock went on with the other.
  schedule = startJobs([...JOBS, job('second', '* * * * *')], log, () => Date.now())
  await pass(MINUTE)
  vi.setSystemTime(Date.now() + 30 * MINUTE)
  await pass(2 * MINUTE)
  expect(lines).toHaveLength(1)
  expect(lines[0]?.message).toMatch(/^nothing ran here for 30 min \d+ s; jobs make up/)
  expect(lines[0]?.fields['ticks']).toEqual({ sweep: 30, second: 30 })
})

it('a job that fails is logged, and runs again', async () => {
  const failing = job('sweep', '* * * * *', { run: () => Promise.reject(new Error('no disk')) })
  schedule = startJobs([failing], log)
  await pass(2 * MINUTE)
  expect(lines.map(({ message }) => message)).toEqual([
    'a job failed; the next tick tries again',
    'a job failed; the next tick tries again',
  ])
})
