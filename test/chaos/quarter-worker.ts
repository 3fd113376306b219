import { parentPort, workerData } from 'node:worker_threads'
import { mismatchesOf, runQuarter, sumsOf } from './quarter.ts'

/** One share of the cases, on a database of its own: see quarter-report.ts. */
const share = workerData as { readonly cases: number; readonly seed: number }
const quarter = await runQuarter(share)
const playedMs = performance.now()
const mismatches = mismatchesOf(quarter)
parentPort?.postMessage({ checkedMs: performance.now() - playedMs, sums: sumsOf(quarter), mismatches })
