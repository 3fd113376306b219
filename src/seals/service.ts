import type { KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { callText, changedCall, heardOf, lastingText } from './call-facts.ts'
import { formatOf, GENESIS, type RecordingSeal, sealRecording } from './chain.ts'
import { type ChainName, type Head, LATEST_HEAD, type SealEvent, type SignedHead } from './contract.ts'
import { headName, readHeads, writeHead } from './head-folder.ts'
import { headHash, publicPem, signBytes, signHead } from './heads.ts'
import type { SealStore } from './store.ts'
import { changedColumns } from './verify-policy.ts'

export interface SealDeps {
  readonly store: SealStore
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
}

/** Lines read at once when the log is taken up. */
const PAGE = 5_000

/** The chains that make evidence of recordings and of the audit log (R060, R104). */
export function createSeals({ store, transaction, now }: SealDeps) {
  function append(id: number, event: SealEvent, ticketCode: string | null): void {
    const row = store.recording(id)
    if (row === undefined) return
    const before = store.lastSeal()
    const call = store.callOf(row.callId)
    const said = lastingText(store.sealOf(id)?.callFacts ?? null)
    store.addSeal(
      sealRecording({
        seq: (before?.seq ?? 0) + 1,
        at: now().toISOString(),
        event,
        recordingId: id,
        callId: row.callId,
        ticketCode,
        kind: row.kind,
        startedAt: row.startedAt,
        endedAt: row.endedAt,
        settledAt: row.settledAt,
        file: row.file,
        durationMs: row.durationMs,
        sizeBytes: row.sizeBytes,
        sha256: row.sha256,
        kept: JSON.stringify(row.kept),
        archive: row.archive === null ? null : JSON.stringify(row.archive),
        training: row.training,
        flags: JSON.stringify(row.flags),
        callFacts: said ?? (call === undefined ? null : callText(call)),
        prevHash: before?.hash ?? GENESIS,
      }),
    )
  }

  /** Answers how many lines it chained: all in one transaction, or none. */
  function takeUpAudit(): number {
    if (store.auditHead().seq > 0) return 0
    return transaction(() => {
      let taken = 0
      for (let lines = store.lines(0, PAGE); lines.length > 0;) {
        for (const line of lines) store.linkLine(line)
        taken += lines.length
        lines = store.lines(lines.at(-1)?.id ?? 0, PAGE)
      }
      return taken
    })
  }

  return {
    /** Links a recording as its row is now; in the transaction that made it so. */
    append,
    /** The newest link of a recording whose own hash is right; undefined where there is none. */
    sealOf(recordingId: number): RecordingSeal | undefined {
      const link = store.sealOf(recordingId)
      return link !== undefined && formatOf(link) !== null ? link : undefined
    },
    /** Do a recording's row and its newest link say the same, and is that link whole? */
    fits(recordingId: number): boolean {
      const row = store.recording(recordingId)
      const link = store.sealOf(recordingId)
      return (
        row !== undefined &&
        link !== undefined &&
        formatOf(link) !== null &&
        changedColumns(row, link).length === 0
      )
    },
    /** Is its call what the newest link says? True before there is a link. */
    callFits(recordingId: number): boolean {
      const link = store.sealOf(recordingId)
      return (
        link === undefined || changedCall(store.callOf(link.callId), heardOf(undefined, link)).length === 0
      )
    },
    /**
     * Once in a database's life: chains what was in the log before there were chains. A line that turns up later without a link was
     * not written by this service, and gets none.
     */
    takeUpLines: takeUpAudit,
    /** As `takeUpLines`, in the order they were settled. */
    takeUpRecordings(ticketOf: (callId: string) => string | null): number {
      if (store.lastSeal() !== undefined) return 0
      const settled = store.settled()
      transaction(() => {
        for (const { id, callId } of settled) append(id, 'takenUp', ticketOf(callId))
      })
      return settled.length
    },
  }
}

/** Both chains as they are now, in words that can be signed; none of a database from before there were chains. */
export function headOf(
  store: Pick<SealStore, 'auditHead' | 'recordingsHead'> | undefined,
  facts: {
    readonly at: Date
    readonly headsDir: string
    readonly restoredFrom?: Readonly<Record<ChainName, number>>
  },
): Head {
  const { at, headsDir, restoredFrom } = facts
  const before = readHeads(headsDir).findLast(({ name }) => name !== LATEST_HEAD)?.signed
  return {
    format: 'tongdai-head-1',
    signedAt: at.toISOString(),
    chains: store === undefined ? [] : [store.auditHead(), store.recordingsHead()],
    previous: before === undefined || before === null ? null : headHash(before.head),
    ...(restoredFrom === undefined ? {} : { restoredFrom }),
  }
}

/** Signs the chains into a folder outside the database. */
export function createHeadSigner(deps: {
  readonly store: SealStore
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
  readonly headsDir: string
  readonly key: KeyObject
  /** A head of a day stands in the folder: the log says so, by which one that goes is missed. */
  readonly onSigned?: (name: string, sha256: string) => void
}) {
  let latest = ''
  let signedAt: string | null = null

  function signed(): SignedHead {
    const { headsDir, key } = deps
    const at = deps.now()
    return signHead(
      deps.transaction(() => headOf(deps.store, { at, headsDir })),
      key,
    )
  }

  return {
    /** The first time on each day of the city, and nothing after: a day that was missed is made up for on the next. */
    signToday(): boolean {
      const name = headName(deps.now())
      const path = join(deps.headsDir, name)
      if (existsSync(path)) return false
      const day = signed()
      writeHead(path, day)
      signedAt = day.head.signedAt
      deps.onSigned?.(name, headHash(day.head))
      return true
    },
    /** In between, in the place of the one before: what was added today cannot be taken back without a trace either. */
    signLatest(): void {
      const { seq: lines } = deps.store.auditHead()
      const now = `${String(lines)}/${String(deps.store.lastSeal()?.seq ?? 0)}`
      if (now === latest) return
      const head = signed()
      writeHead(join(deps.headsDir, LATEST_HEAD), head, { replace: true })
      signedAt = head.head.signedAt
      latest = now
    },
    /** For whoever takes something away now. */
    sign: signed,
    /** Of what is given away with it, in a form that no head has. */
    signBytes: (bytes: string): Buffer => signBytes(bytes, deps.key),
    /** Of the newest head in the folder since the service started; null before. */
    signedAt: (): string | null => signedAt,
    publicKey: (): string => publicPem(deps.key),
  }
}
