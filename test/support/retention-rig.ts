import type { ArchiveCodec } from '../../src/recordings/opus-tools.ts'
import type { RetentionRule, RetentionRules } from '../../src/retention/contract.ts'
import { createRetention, type Retention } from '../../src/retention/service.ts'
import { createRetentionStore } from '../../src/retention/store.ts'
import { migratedTriggers } from '../../src/seals/migrated-triggers.ts'
import { createAccountStore } from '../../src/accounts/store.ts'
import { verifyCopy } from '../../src/seals/verify-copy.ts'
import { CITIZEN, createRig, HEARD } from './recording-rig.ts'
import { monoWav } from './tone.ts'

const DAY_MS = 24 * 3_600_000
const RULES: RetentionRules = { main: { days: 30, basis: 'Điều 10.1' } }

export type RetentionRig = ReturnType<typeof createRetentionRig>

/** Recordings on a real folder and SQLite file, and the service that lets them go: main calls after 30 days, all others never. */
export function createRetentionRig(
  rules: RetentionRules = RULES,
  root?: string,
  copies: { codec?: ArchiveCodec; original?: RetentionRule } = {},
) {
  const { codec, original = null } = copies
  const rig = createRig({
    ...(root === undefined ? {} : { root }),
    ...(codec === undefined ? {} : { codec }),
  })
  const audits: { actorId: number | null; action: string; subject: string; detail: object }[] = []
  const forgotten: number[] = []
  /** What histories of cases were told: call and cause. */
  const caseNotes: (readonly [string, string])[] = []
  const state = {
    /** Thrown before any file of it is removed. */
    removeFails: undefined as Error | undefined,
    /** Told the ids whose files are about to be removed. */
    beforeRemove: undefined as ((id: number) => void) | undefined,
  }
  const store = createRetentionStore(rig.db)
  const accounts = createAccountStore(rig.db)

  /** A process of its own on the same folder and database. */
  function open(): Retention {
    return createRetention({
      store,
      rules,
      original,
      archive: rig.recordings.archive,
      objectionDays: 15,
      isOver: (caseState) => caseState === 'closed',
      fitsSeal: (id) => rig.seals.fits(id) && rig.seals.callFits(id),
      recordings: {
        settle: (id, code) => rig.recordings.disposal.settle(id, code),
        async remove(id, files) {
          state.beforeRemove?.(id)
          if (state.removeFails !== undefined) throw state.removeFails
          await rig.recordings.disposal.remove(files)
          forgotten.push(id)
        },
      },
      nameOf: (id) => `người ${String(id)}`,
      audit(actorId, action, subject, detail) {
        audits.push({ actorId, action, subject, detail })
        accounts.appendAudit({ at: rig.state.now.toISOString(), actorId, action, subject, detail })
      },
      noteCase: (callId, cause) => void caseNotes.push([callId, cause]),
      notify: (id) => void rig.changed.push(id),
      changed: () => undefined,
      transaction: rig.db.transaction.bind(rig.db),
      now: () => rig.state.now,
      log: {
        info: () => undefined,
        error: (fields, message) => void rig.logged.push({ level: 'error', message, fields }),
      },
    })
  }

  return {
    ...rig,
    rules,
    retention: open(),
    open,
    kept: store,
    audits,
    forgotten,
    caseNotes,
    faults: state,
    days(count: number): void {
      rig.pass(count * DAY_MS)
    },
    /** A call that was recorded, and its case in that state; answers the recording's id. */
    async record(callId: string, caseState = 'closed', direction = 'in'): Promise<number> {
      const at = rig.state.now.toISOString()
      const code = `HP26-${callId.padStart(6, '0')}`
      rig.db.raw
        .prepare(
          "INSERT INTO tickets (code, state, channel, created_at, updated_at) VALUES (?, ?, 'phone', ?, ?)",
        )
        .run(code, caseState, at, at)
      rig.db.raw
        .prepare(
          `INSERT INTO calls (id, direction, state, number_raw, number_e164, number_display, number_kind, line, training, ticket_id,
            ticket_code, started_at, ended_at) VALUES (?, ?, 'ended', '0950000777', '+84950000777', '0950 000 777', 'mobile', '02251022', 0,
            (SELECT id FROM tickets WHERE code = ?), ?, ?, ?)`,
        )
        .run(callId, direction, code, code, at, at)
      rig.call(callId, { ticketCode: code })
      rig.files.set(`call-${callId}-citizen`, monoWav(CITIZEN.subarray(0, 8_000)))
      rig.files.set(`call-${callId}-operator`, monoWav(HEARD.subarray(0, 8_000)))
      await rig.recordings.collect(callId)
      return rig.row(callId).id
    },
    sql(text: string, ...values: unknown[]): void {
      rig.db.raw.prepare(text).run(...values)
    },
    /** What `tongdai verify` finds, heads apart. */
    findings: (): string[] =>
      verifyCopy({
        store: rig.sealStore,
        atOnce: (work) => work(),
        heads: { own: [], copies: [], trusted: [] },
        recordingsDir: rig.folder,
        triggers: migratedTriggers('migrations'),
        onProgress: () => undefined,
      }).findings.map(({ code, subject }) => `${code} ${subject}`),
  }
}
