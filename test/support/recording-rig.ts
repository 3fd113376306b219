import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Person } from '../../src/accounts/contract.ts'
import { createAccountStore } from '../../src/accounts/store.ts'
import { openDb } from '../../src/db/open.ts'
import type { FolderProblem } from '../../src/recordings/contract.ts'
import type { RecordingSource } from '../../src/recordings/collecting.ts'
import type { FolderMarkProblem } from '../../src/recordings/folder-watch.ts'
import { type Sealer } from '../../src/recordings/sealer.ts'
import { type CallFacts, createRecordings } from '../../src/recordings/service.ts'
import { createRecordingStore } from '../../src/recordings/store.ts'
import { createSeals } from '../../src/seals/service.ts'
import { createSealStore } from '../../src/seals/store.ts'
import { createArchiveStore } from '../../src/recordings/archive-store.ts'
import type { ArchiveRest } from '../../src/recordings/archiving.ts'
import type { ArchiveCodec } from '../../src/recordings/opus-tools.ts'
import { tone } from './tone.ts'

export const TAKER: Person = person(1, 'operator')
export const OTHER: Person = person(2, 'operator')
export const CHIEF: Person = person(3, 'supervisor')

export const CITIZEN = tone(440, 3_000)
export const HEARD = tone(880, 2_000)
/** 23:30 UTC: the next day in the city. */
export const STARTED = '2026-03-01T23:30:00.000Z'
const ENDED = '2026-03-01T23:31:00.000Z'

const NO_CODEC: ArchiveCodec = {
  suffix: '.opus',
  contentType: 'audio/ogg; codecs=opus',
  name: async () => null,
  encode: () => Promise.reject(new Error('not installed')),
  decode: () => Promise.reject(new Error('not installed')),
  close: () => undefined,
}

export type Rig = ReturnType<typeof createRig>

/** The recordings service on a real folder and a real SQLite file, with a PBX made of a Map and a clock that tests move. */
export function createRig(
  options: {
    root?: string
    sealer?: Sealer
    retryMs?: readonly number[]
    /** A real PBX instead of the Map. */
    source?: RecordingSource
    /** None is installed where there is nothing said. */
    codec?: ArchiveCodec
  } = {},
) {
  const root = options.root ?? mkdtempSync(join(tmpdir(), 'recordings-'))
  const folder = join(root, 'recordings')
  mkdirSync(root, { recursive: true })
  const db = openDb(join(root, 'tongdai.sqlite'), resolve(import.meta.dirname, '../../migrations'))
  const store = createRecordingStore(db)
  const accounts = createAccountStore(db)
  const files = new Map<string, Buffer>()
  const removed: string[] = []
  const audits: { actorId: number | null; action: string; subject: string }[] = []
  const notes: { callId: string; what: string }[] = []
  const changed: number[] = []
  /** What filing met with, each time it was told. */
  const filing: (FolderProblem | null)[] = []
  const logged: { level: string; message: string; fields: object }[] = []
  const calls = new Map<string, CallFacts>()
  /** When consultations ended; null while they run. */
  const consults = new Map<string, string | null>()
  const state = {
    now: new Date(ENDED),
    uptimeMs: 0,
    free: 10e9,
    /** Why the folder is not the one that recordings belong in. */
    notOurs: null as FolderMarkProblem | null,
    /** Thrown by every fetch. */
    fetchFails: undefined as Error | undefined,
    removeFails: undefined as Error | undefined,
    /** Thrown where the row is settled, after the file is in place. */
    settleFails: undefined as Error | undefined,
    fetches: 0,
    /** Why no copies are made now. */
    rest: null as ArchiveRest | null,
    /** Told the number of each fetch before it looks. */
    beforeFetch: undefined as ((count: number) => void) | undefined,
  }
  const logTo = (level: string) => (fields: object, message: string) =>
    void logged.push({ level, message, fields })

  /** Codes of confidential cases, with who holds each. */
  const confidential = new Map<string, number>()
  const sealStore = createSealStore(db)
  const seals = createSeals({
    store: sealStore,
    transaction: db.transaction.bind(db),
    now: () => state.now,
  })
  const recordings = createRecordings({
    store,
    seals,
    source: options.source ?? {
      async fetch(name, to) {
        state.fetches += 1
        state.beforeFetch?.(state.fetches)
        if (state.fetchFails !== undefined) throw state.fetchFails
        const bytes = files.get(name)
        if (bytes === undefined) return false
        await writeFile(to, bytes)
        return true
      },
      async remove(name) {
        if (state.removeFails !== undefined) throw state.removeFails
        if (files.delete(name)) removed.push(name)
      },
      list: async () => [...files.keys()],
    },
    folder,
    now: () => state.now,
    transaction: db.transaction.bind(db),
    callFacts: (callId) => calls.get(callId),
    deletedFor: () => null,
    mayReadCase: (code, viewer) => !confidential.has(code) || confidential.get(code) === viewer.id,
    consultEnd: (base) => consults.get(base),
    archive: {
      queue: createArchiveStore(db),
      codec: options.codec ?? NO_CODEC,
      mayWork: () => state.rest,
    },
    notify: {
      recordingChanged: (id) => void changed.push(id),
      filingChanged: () => void filing.push(recordings.problem()),
    },
    onStored: (callId) => {
      if (state.settleFails !== undefined) throw state.settleFails
      notes.push({ callId, what: 'stored' })
    },
    onLost: (callId, what) => void notes.push({ callId, what }),
    audit(actorId, action, subject, detail = {}) {
      audits.push({ actorId, action, subject })
      accounts.appendAudit({ at: state.now.toISOString(), actorId, action, subject, detail })
    },
    log: { info: logTo('info'), warn: logTo('warn'), error: logTo('error') },
    retryMs: options.retryMs ?? [],
    freeBytes: async () => state.free,
    notOurs: async () => state.notOurs,
    uptimeMs: () => state.uptimeMs,
    ...(options.sealer === undefined ? {} : { sealer: options.sealer }),
  })

  return {
    root,
    folder,
    db,
    store,
    sealStore,
    seals,
    recordings,
    files,
    removed,
    audits,
    notes,
    changed,
    filing,
    logged,
    calls,
    confidential,
    consults,
    state,
    /** A call that was recorded and is over, taken by operator 1. */
    call(callId: string, changed: Partial<CallFacts> = {}): void {
      const facts = {
        numberDisplay: '0950 000 777',
        operatorId: TAKER.id,
        operatorName: 'Nguyễn Thị Đường',
        answered: true,
        ticketCode: 'HP26-000001',
        endedAt: ENDED,
        ...changed,
      }
      calls.set(callId, facts)
      addCallRows(db, callId, facts)
      recordings.expect({ callId, kind: 'call', base: `call-${callId}`, startedAt: STARTED, training: false })
    },
    row(callId: string) {
      const [found] = store.ofCall(callId)
      if (found === undefined) throw new Error(`no recording of ${callId}`)
      return found
    },
    pass(ms: number): void {
      state.now = new Date(state.now.getTime() + ms)
    },
    /** Every file below the recordings folder. */
    filed: (): string[] =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort(),
    /** Closes the service as a restart would; the folder stays. */
    async halt(): Promise<void> {
      await recordings.close()
      db.close()
    },
    async close(): Promise<void> {
      await recordings.close()
      db.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** The call and its case as the service leaves them after a hang-up; what is there stays as it is. */
function addCallRows({ raw }: ReturnType<typeof openDb>, callId: string, facts: CallFacts): void {
  const { numberDisplay, operatorId, answered, ticketCode, endedAt } = facts
  raw
    .prepare(
      "INSERT OR IGNORE INTO tickets (code, state, channel, created_at, updated_at) SELECT @code, 'closed', 'phone', @at, @at WHERE @code IS NOT NULL",
    )
    .run({ code: ticketCode, at: STARTED })
  raw
    .prepare(
      `INSERT OR IGNORE INTO calls (id, direction, state, outcome, number_raw, number_e164, number_display, number_kind, line, training,
        operator_id, ticket_id, ticket_code, started_at, answered_at, ended_at)
        VALUES (@callId, 'in', @state, @outcome, @raw, @e164, @display, 'mobile', '02251022', 0, @operatorId,
          (SELECT id FROM tickets WHERE code = @code), @code, @at, @answeredAt, @endedAt)`,
    )
    .run({
      callId,
      state: endedAt === null ? 'talking' : 'ended',
      outcome: endedAt === null ? null : answered ? 'answered' : 'abandoned',
      raw: numberDisplay.replaceAll(' ', ''),
      e164: numberDisplay.replaceAll(' ', '').replace(/^0/, '+84'),
      display: numberDisplay,
      operatorId,
      code: ticketCode,
      at: STARTED,
      answeredAt: answered ? STARTED : null,
      endedAt,
    })
  raw
    .prepare(
      "INSERT OR IGNORE INTO ticket_calls (call_id, ticket_id, relation, at) SELECT id, ticket_id, 'opened', started_at FROM calls WHERE id = ? AND ticket_id IS NOT NULL",
    )
    .run(callId)
}

function person(id: number, role: Person['role']): Person {
  return {
    id,
    username: `${role}${String(id)}`,
    name: 'x',
    role,
    unitId: null,
    active: true,
    mustChangePassword: false,
  }
}
