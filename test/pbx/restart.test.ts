import { once } from 'node:events'
import { existsSync, watch } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseJournalEntry } from '../../src/calls/journal-entry.ts'
import { joinQueue, plugIn, pushEndpoint } from '../support/operators.ts'
import { type TestPbx, startPbx } from '../support/pbx.ts'
import { watchPbx } from '../support/pbx-watch.ts'

let pbx: TestPbx

beforeAll(async () => {
  pbx = await startPbx({ withCarrier: true, verbosity: 3 })
})
afterAll(() => pbx.stop())

/** Resolves when the PBX committed it; AstDB does so about once a second, and the end of a commit is its journal's removal. */
async function committed(text: string): Promise<void> {
  const folder = watch(join(pbx.root, 'lib'))
  const signal = AbortSignal.timeout(15_000)
  try {
    const file = join(pbx.root, 'lib/astdb.sqlite3')
    const isDone = async (): Promise<boolean> =>
      (await readFile(file)).includes(text) && !existsSync(`${file}-journal`)
    while (!(await isDone())) await once(folder, 'change', { signal })
  } finally {
    folder.close()
  }
}

async function members(): Promise<string[]> {
  const names: string[] = []
  const off = pbx.look().onEvent((event) => {
    if (event['Event'] === 'QueueMember' && event['Queue'] === 'hotline') names.push(event['Name'] ?? '')
  })
  const complete = pbx.look().waitFor((event) => event['Event'] === 'QueueStatusComplete', 5_000)
  await pbx.look().send('QueueStatus', { Queue: 'hotline' })
  await complete
  off()
  return names
}

describe('a PBX that dies with citizens in the queue', () => {
  it('keeps the journal of their calls and who is signed in, and serves the next call as soon as it is back', async () => {
    const before = watchPbx(pbx)
    await joinQueue(pbx, await pushEndpoint(pbx, 3)) // signed in, and their phone is off
    await Promise.all(['0950000001', '0950000002'].map((from) => pbx.carrier.placeCall({ from })))
    const calls = await Promise.all(['0950000001', '0950000002'].map((from) => before.callOf(from)))
    await Promise.all(calls.map((call) => before.stage(call, 'queued')))
    const rows = await pbx.journal()
    await Promise.all(calls.map((call) => committed(rows.get(call) ?? call)))
    before.stop()

    await pbx.kill()
    await pbx.restart()

    const kept = await pbx.journal()
    for (const call of calls) {
      const entry = parseJournalEntry(call, kept.get(call) ?? '')
      expect(entry?.endedAt).toBeNull()
      expect(entry?.steps.map(({ type }) => type)).toEqual(['queued'])
      // What was heard until then is on the disk, its header unfinished.
      expect((await stat(join(pbx.recordingDir, `call-${call}-citizen.wav`))).size).toBeGreaterThanOrEqual(0)
    }
    expect(await members()).toEqual(['op-3'])

    const seen = watchPbx(pbx)
    // The memory of endpoints is empty after a restart: the service pushes them again.
    const phone = await plugIn(pbx, await pushEndpoint(pbx, 3))
    const placed = await pbx.carrier.placeCall({ from: '0950000003' })
    const call = await seen.callOf('0950000003')
    expect(calls).not.toContain(call)
    await phone.next('CALL_INCOMING')
    await phone.answer()
    await seen.stage(call, 'connected')
    await pbx.carrier.hangUp(placed.id)
    expect((await seen.finalRow(call)).get('mem')).toBe('op-3')
    await phone.stop()
    seen.stop()
  })
})
