import { afterAll, beforeAll, expect, it } from 'vitest'
import { walkCalls } from '../chaos/call-walk.ts'
import { type CallStage, openCallStage } from '../support/call-stage.ts'

/** A short walk; `npm run chaos -- --calls 1000 --seed N` is the long one. */
const CALLS = 100
const SEED = 5
const LINES = 20

let stage: CallStage
beforeAll(async () => {
  stage = await openCallStage(4)
})
afterAll(() => stage.stop())

it(
  'loses no call, no recording of an answered one and no SMS, and doubles none, whatever dies',
  { timeout: 240_000 },
  async () => {
    const report = await walkCalls(stage, {
      calls: CALLS,
      seed: SEED,
      lines: LINES,
      progress: () => undefined,
    })
    expect(report.problems).toEqual([])
    expect(report.calls).toBe(CALLS)
    expect(report.reached).toBeGreaterThan(CALLS / 2)
    expect(report.disasters.service + report.disasters.both).toBeGreaterThan(0)
  },
)
