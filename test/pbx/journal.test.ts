import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp } from '../../src/app.ts'
import { parseJournalEntry, parseOverflow } from '../../src/calls/journal-entry.ts'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { readConfig } from '../../src/config.ts'
import { openDb } from '../../src/db/open.ts'
import { type TestPbx, startPbx } from '../support/pbx.ts'
import { type PbxWatch, watchPbx } from '../support/pbx-watch.ts'

const ROOT = resolve(import.meta.dirname, '../..')

let pbx: TestPbx
let seen: PbxWatch
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tongdai-journal-'))
  pbx = await startPbx({ withCarrier: true })
  seen = watchPbx(pbx)
})
afterAll(async () => {
  seen.stop()
  await pbx.stop()
  await rm(folder, { recursive: true, force: true })
})

const setGlobal = (Variable: string, Value: string) => pbx.look().send('Setvar', { Variable, Value })

/** Waits in the queue for a moment and hangs up. Answers the call's id, and its row as it was while it waited. */
async function waitInVain(from: string): Promise<{ id: string; waiting: string }> {
  const placed = await pbx.carrier.placeCall({ from })
  const id = await seen.callOf(from)
  await seen.stage(id, 'queued')
  const waiting = (await pbx.journal()).get(id) ?? ''
  await pbx.carrier.hangUp(placed.id)
  await seen.stage(id, 'ended')
  // What follows the dialplan's last word in the hang-up handler is done when the channel is gone.
  await seen.event((event) => event['Event'] === 'Hangup' && event['Uniqueid'] === id)
  return { id, waiting }
}

async function overflow() {
  const answer = pbx.look().waitFor((event) => event['Event'] === 'DBGetResponse', 2_000)
  answer.catch(() => undefined) // nothing there answers an error, and nothing follows
  await pbx.look().send('DBGet', { Family: 'journal', Key: 'over' })
  return parseOverflow((await answer)['Val'] ?? '')
}

describe('the journal of a night without a service', () => {
  it('keeps what it has when it is full, counts what it has no room for, and is taken up to the last call', async () => {
    await setGlobal('HOTLINE_JOURNAL_MAX', '1')
    const first = await waitInVain('0950000001')
    const second = await waitInVain('0950000002')
    const third = await waitInVain('0950000003')
    expect(second.waiting, 'a service that comes back now would still take it up').toMatch(/&q=\d+$/)
    expect([...(await pbx.journal()).keys()]).toEqual([first.id])
    const over = await overflow()
    expect(over?.calls).toBe(2)
    expect(over?.first?.getTime()).toBeLessThan(over?.last?.getTime() ?? 0)
    const queueLog = await readFile(join(pbx.root, 'log/queue_log'), 'utf8')
    for (const { id } of [second, third]) expect(queueLog).toContain(`|${id}|NONE|NONE|UNKEPT|`)

    await setGlobal('HOTLINE_JOURNAL_MAX', '100')
    await setGlobal('HOTLINE_ROOM_AT', '0')
    // Longer than a row may grow: what happened is cut, its end is not.
    await setGlobal('HOTLINE_JOURNAL_BYTES', '80')
    const cut = await waitInVain('0950000004')
    const entry = parseJournalEntry(cut.id, (await pbx.journal()).get(cut.id) ?? '')
    expect(entry).toMatchObject({ isCut: true, steps: [], cause: 16, endedBy: 'caller' })
    expect(entry?.endedAt).not.toBeNull()

    const [port = 0] = await pickPorts([{ kind: 'tcp' }])
    const config = readConfig(
      {
        HTTP_PORT: String(port),
        DATA_DIR: join(folder, 'data'),
        RECORDINGS_DIR: join(folder, 'recordings'),
        DEMO: 'true',
        AMI_PORT: String(pbx.ami.port),
        AMI_USER: pbx.ami.user,
        AMI_SECRET: pbx.ami.secret,
        ARI_URL: pbx.ari.url,
        ARI_USER: pbx.ari.user,
        ARI_SECRET: pbx.ari.secret,
        PBX_RECORDING_DIR: pbx.recordingDir,
      },
      ROOT,
    )
    const app = await startApp(config, { now: () => new Date() })
    try {
      await expect.poll(async () => (await readyz(port)).catchUp.phase, { timeout: 10_000 }).toBe('done')
      expect((await readyz(port)).catchUp).toEqual({ phase: 'done', rows: 2, total: 2, done: 2, failed: 0 })
      await expect.poll(async () => (await pbx.journal()).size).toBe(0)
      await expect(overflow()).rejects.toThrow()
    } finally {
      await app.close()
    }
    const db = openDb(config.databasePath, config.migrationsDir)
    try {
      const calls = db.raw.prepare('select id, outcome from calls order by started_at').all()
      expect(calls).toEqual([first, cut].map(({ id }) => ({ id, outcome: 'abandoned' })))
      expect(db.raw.prepare('select reason, rebuilt, failed from catch_up_runs').all()).toEqual([
        { reason: 'start', rebuilt: 2, failed: 0 },
      ])
    } finally {
      db.close()
    }
  })
})

async function readyz(port: number): Promise<{ catchUp: { phase: string } }> {
  return (await (await fetch(`http://127.0.0.1:${String(port)}/readyz`)).json()) as {
    catchUp: { phase: string }
  }
}
