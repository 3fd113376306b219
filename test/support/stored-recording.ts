import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { eq } from 'drizzle-orm'
import { calls } from '../../src/calls/tables.ts'
import type { Config } from '../../src/config.ts'
import { openDb } from '../../src/db/open.ts'
import { hashFile } from '../../src/recordings/sealing.ts'
import { recordings } from '../../src/recordings/tables.ts'
import { createSeals } from '../../src/seals/service.ts'
import { createSealStore } from '../../src/seals/store.ts'
import { ticketCalls, tickets } from '../../src/tickets/tables.ts'
import { stereoWav } from './tone.ts'

const MIGRATIONS = resolve(import.meta.dirname, '../../migrations')

/** A call of an existing case with its recording filed and sealed, as the service leaves both after a hang-up. Answers the recording's id. */
export function storeRecording(
  config: Pick<Config, 'databasePath' | 'recordingsDir'>,
  sound: {
    readonly ticketCode: string
    /** Citizen and operator. */
    readonly sides: readonly [Int16Array, Int16Array]
    readonly callId: string
    readonly startedAt: Date
    readonly operatorId?: number
    /** As the network shows it. */
    readonly callerName?: string
    readonly number?: { readonly raw: string; readonly e164: string; readonly display: string }
  },
): number {
  const db = openDb(config.databasePath, MIGRATIONS)
  try {
    return db.transaction(() => {
      const { callId, ticketCode, startedAt } = sound
      const { id: ticketId = 0 } =
        db.orm.select({ id: tickets.id }).from(tickets).where(eq(tickets.code, ticketCode)).get() ?? {}
      const durationMs = Math.round(sound.sides[0].length / 8)
      const at = (ms: number): string => new Date(startedAt.getTime() + ms).toISOString()
      const number = sound.number ?? { raw: '0950000777', e164: '+84950000777', display: '0950 000 777' }
      db.orm
        .insert(calls)
        .values({
          id: callId,
          direction: 'in',
          state: 'ended',
          outcome: 'answered',
          numberRaw: number.raw,
          numberE164: number.e164,
          numberDisplay: number.display,
          numberKind: 'mobile',
          callerName: sound.callerName ?? null,
          line: '02251022',
          training: false,
          operatorId: sound.operatorId ?? 1,
          ticketId,
          ticketCode,
          startedAt: at(0),
          queuedAt: at(500),
          answeredAt: at(1_000),
          endedAt: at(durationMs),
        })
        .run()
      db.orm
        .insert(ticketCalls)
        .values({ callId, ticketId, relation: 'opened', at: at(0) })
        .run()
      const file = `2026/03/02/${callId}.wav`
      const path = join(config.recordingsDir, file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, stereoWav(...sound.sides))
      const { sha256, sizeBytes } = hashFile(path, { sync: false })
      const { id } = db.orm
        .insert(recordings)
        .values({
          callId,
          kind: 'call',
          base: `call-${callId}`,
          state: 'stored',
          flags: [],
          startedAt: at(0),
          endedAt: at(durationMs),
          training: false,
          file,
          durationMs,
          sizeBytes,
          sha256,
          kept: [],
          settledAt: at(durationMs + 1_000),
          search: '',
        })
        .returning({ id: recordings.id })
        .get()
      const seals = createSeals({
        store: createSealStore(db),
        transaction: (work) => db.transaction(work),
        now: () => new Date(at(durationMs + 1_000)),
      })
      seals.append(id, 'stored', ticketCode)
      return id
    })
  } finally {
    db.close()
  }
}

/** Lets the original of a stored recording go as its rule does, with a copy of these bytes in its place. Answers the copy's SHA-256. */
export function leaveCopyAlone(
  config: Pick<Config, 'databasePath' | 'recordingsDir'>,
  id: number,
  bytes: Uint8Array,
): string {
  const db = openDb(config.databasePath, MIGRATIONS)
  try {
    const row = db.orm.select().from(recordings).where(eq(recordings.id, id)).get()
    if (row?.file == null || row.sha256 === null) throw new Error(`recording ${String(id)} has no file`)
    const file = row.file.replace('.wav', '.opus')
    writeFileSync(join(config.recordingsDir, file), bytes)
    const facts = hashFile(join(config.recordingsDir, file), { sync: false })
    const archive = {
      file,
      ...facts,
      originalSha256: row.sha256,
      madeAt: row.startedAt,
      codec: 'opusenc opus-tools 0.2',
      likeness: [],
    }
    const seals = createSeals({
      store: createSealStore(db),
      transaction: (work) => db.transaction(work),
      now: () => new Date(row.settledAt ?? ''),
    })
    const change = (archiveState: 'made' | 'dropped', event: 'archived' | 'originalDropped'): void => {
      db.orm.update(recordings).set({ archive, archiveState }).where(eq(recordings.id, id)).run()
      seals.append(id, event, null)
    }
    db.transaction(() => {
      change('made', 'archived')
      change('dropped', 'originalDropped')
    })
    rmSync(join(config.recordingsDir, row.file))
    return facts.sha256
  } finally {
    db.close()
  }
}
