import { afterAll, beforeAll, expect, it } from 'vitest'
import { walkTransfers } from '../chaos/transfer-walk.ts'
import { openTransferStage, type TransferStage } from '../support/transfer-stage.ts'

/** A short walk; `npm run chaos -- --transfers 200 --seed N` is the long one. */
const TRANSFERS = 36
const SEED = 22

let stage: TransferStage
beforeAll(async () => {
  stage = await openTransferStage(6)
})
afterAll(() => stage.stop())

it(
  'keeps every citizen with somebody, whatever people do and whenever the service dies',
  { timeout: 180_000 },
  async () => {
    const report = await walkTransfers(stage, { transfers: TRANSFERS, seed: SEED, progress: () => undefined })
    expect(report.problems).toEqual([])
    expect(report.transfers).toBe(TRANSFERS)
    expect(report.done.kill).toBeGreaterThan(1)
  },
)
