import { basename } from 'node:path'
import { type CopyFault, faultOf, type SideLikeness } from './archive-policy.ts'
import type { ArchiveStore } from './archive-store.ts'
import type { ArchiveCodec, Effort } from './opus-tools.ts'
import { problemOf, type RecordingFolder } from './recording-folder.ts'
import type { Sealer } from './sealer.ts'
import type { RecordingRow, RecordingStore } from './store.ts'
import type { ArchiveCopy } from './tables.ts'

/** Why no copies are made just now. */
export type ArchiveRest = 'noCodec' | 'disk' | 'busy' | 'closing'

export interface ArchivingDeps {
  readonly store: Pick<RecordingStore, 'find' | 'update'>
  readonly queue: ArchiveStore
  readonly codec: ArchiveCodec
  readonly folder: RecordingFolder
  readonly sealer: Pick<Sealer, 'hash' | 'compare'>
  readonly seals: {
    append(id: number, event: 'archived' | 'originalDropped', ticketCode: string | null): void
    /** Do row and newest link say the same? */
    fits(id: number): boolean
  }
  readonly ticketOf: (callId: string) => string | null
  /** What is found not to be what was sealed. */
  readonly onAltered: (row: RecordingRow) => void
  readonly changed: (row: RecordingRow) => void
  /** Null: copies may be made. Asked before each. */
  readonly mayWork: () => ArchiveRest | null
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
  readonly log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

/** `later`: not now, for reasons that are not the copy's. */
export type CopyCheck = 'fit' | 'unfit' | 'later'

export interface ArchivePortion {
  readonly copied: number
  readonly unfit: number
  readonly failed: number
  /** Null: there was nothing left, or the portion was full. */
  readonly rest: ArchiveRest | null
}

/** A copy may wait: whoever listens right after a call finds the machine free. */
const SETTLED_FOR_MS = 10 * 60_000
/** With a job every ten minutes, one portion is over before the next begins. */
const PORTION_MS = 8 * 60_000
const TRIES = 3

export type Archiving = ReturnType<typeof createArchiving>

/**
 * Copies of sealed recordings for the archive: made one at a time, decoded again and held against the original, and only then filed, with
 * a link of their own. The original is not touched.
 */
export function createArchiving(deps: ArchivingDeps) {
  const { store, queue, codec, folder, sealer, log, now } = deps
  /** Since the service started. What fails each time must not be tried each night for ever. */
  const failures = new Map<number, number>()
  let running: Promise<unknown> = Promise.resolve()
  let isClosed = false

  async function restNow(): Promise<ArchiveRest | null> {
    if (isClosed) return 'closing'
    const rest = deps.mayWork()
    if (rest !== null) return rest
    if ((await codec.name()) === null) return 'noCodec'
    try {
      await folder.ready()
      return null
    } catch (cause) {
      if (problemOf(cause) === null) throw cause
      return 'disk'
    }
  }

  const workName = (id: number, what: string): string => `archive-${String(id)}.${String(process.pid)}${what}`

  /** Whether a file is the one that was sealed. Throws what the file system throws. */
  const isSealed = async (file: string, sha256: string): Promise<boolean> =>
    (await sealer.hash(folder.path(file))).sha256 === sha256

  /** Decodes a copy and holds it against its original. */
  async function measure(row: RecordingRow, copy: string): Promise<Measured> {
    const decoded = workName(row.id, '.wav')
    try {
      await codec.decode(copy, folder.incoming(decoded))
      const measured = await sealer.compare({
        original: folder.path(row.file ?? ''),
        copy: folder.incoming(decoded),
      })
      if (measured === null) return { fault: 'noSound', likeness: [] }
      return { fault: faultOf(measured), likeness: measured.likeness }
    } finally {
      await folder.discard(decoded)
    }
  }

  async function copy(row: RecordingRow & { file: string; sha256: string }): Promise<'copied' | 'unfit'> {
    if (!deps.seals.fits(row.id) || !(await isSealed(row.file, row.sha256))) {
      deps.onAltered(row)
      return 'unfit'
    }
    const name = workName(row.id, codec.suffix)
    try {
      const sides = row.kind === 'voicemail' ? 1 : 2
      const attempt = async (effort: Effort): Promise<Measured> => {
        await codec.encode(folder.path(row.file), folder.incoming(name), sides, effort)
        return measure(row, folder.incoming(name))
      }
      let { fault, likeness } = await attempt(0)
      if (fault !== null) ({ fault, likeness } = await attempt(1))
      if (fault !== null) {
        giveUp(row, fault, likeness)
        return 'unfit'
      }
      const facts = await sealer.hash(folder.incoming(name), { sync: true })
      const file = await folder.place(name, row.startedAt, basename(copyBeside(row.file, codec.suffix)))
      const made: ArchiveCopy = {
        file,
        ...facts,
        originalSha256: row.sha256,
        madeAt: now().toISOString(),
        codec: (await codec.name()) ?? '',
        likeness,
      }
      if (!settle(row, made)) await folder.remove(file)
      failures.delete(row.id)
      return 'copied'
    } finally {
      await folder.discard(name)
    }
  }

  /** False where the recording went, or is another, while its copy was made. */
  function settle(row: RecordingRow, made: ArchiveCopy): boolean {
    const isSettled = deps.transaction(() => {
      const fresh = store.find(row.id)
      if (fresh?.state !== 'stored' || fresh.archiveState !== null || fresh.sha256 !== row.sha256)
        return false
      store.update(row.id, { archiveState: 'made', archive: made })
      deps.seals.append(row.id, 'archived', deps.ticketOf(row.callId))
      return true
    })
    if (isSettled) deps.changed(row)
    return isSettled
  }

  function giveUp(row: RecordingRow, why: Fault | 'failed', likeness: readonly SideLikeness[]): void {
    deps.transaction(() => {
      const fresh = store.find(row.id)
      if (fresh?.state !== 'stored' || fresh.archiveState !== null) return
      store.update(row.id, { archiveState: 'unfit', flags: [...fresh.flags, 'copyUnfit'] })
    })
    log.warn(
      { recordingId: row.id, why, likeness },
      'no copy of this recording can stand for it: its original stays',
    )
    deps.changed(row)
  }

  function failed(row: RecordingRow, err: unknown): void {
    const times = (failures.get(row.id) ?? 0) + 1
    failures.set(row.id, times)
    log.warn(
      { err, recordingId: row.id, times },
      'a copy for the archive could not be made; it is tried again',
    )
    if (times >= TRIES) giveUp(row, 'failed', [])
  }

  async function check(id: number): Promise<CopyCheck> {
    const row = store.find(id)
    if (row?.state !== 'stored' || row.archiveState !== 'made' || row.archive === null) return 'unfit'
    const { file, sha256, archive } = row
    if (file === null || sha256 === null) return 'unfit'
    if (!deps.seals.fits(id) || !(await isSealed(file, sha256))) {
      deps.onAltered(row)
      return 'unfit'
    }
    const isWhole = await isSealed(archive.file, archive.sha256).catch(() => false)
    if (isWhole && (await measure(row, folder.path(archive.file))).fault === null) return 'fit'
    log.error(
      { recordingId: id, isWhole },
      'the copy of a recording does not stand for it any more: its original stays',
    )
    if (!row.flags.includes('copyUnfit')) store.update(id, { flags: [...row.flags, 'copyUnfit'] })
    deps.changed(row)
    return 'unfit'
  }

  async function portion(): Promise<ArchivePortion> {
    const untilMs = now().getTime() + PORTION_MS
    const settledBefore = new Date(now().getTime() - SETTLED_FOR_MS).toISOString()
    const tally = { copied: 0, unfit: 0, failed: 0 }
    let rest: ArchiveRest | null = null
    for (let afterId = 0; now().getTime() < untilMs;) {
      const id = queue.nextToCopy(afterId, settledBefore)
      const row = id === undefined ? undefined : store.find(id)
      if (row === undefined) break
      rest = await restNow()
      if (rest !== null) break
      afterId = row.id
      const { file, sha256 } = row
      if (file === null || sha256 === null) continue
      try {
        tally[await copy({ ...row, file, sha256 })] += 1
      } catch (err) {
        // A disk that filled up meanwhile, or a service that ends, is not this recording's fault.
        rest = await restNow()
        if (rest !== null) break
        failed(row, err)
        tally.failed += 1
      }
    }
    if (tally.copied + tally.unfit + tally.failed > 0) log.info({ ...tally, rest }, 'copies for the archive')
    return { ...tally, rest }
  }

  return {
    /** The night's next portion. One at a time. */
    run(): Promise<ArchivePortion> {
      const next = running.then(portion)
      running = next.catch(() => undefined)
      return next
    },
    counts: () => queue.counts(),
    /** Puts an original on the list of those that go, or takes it off. In the caller's transaction. */
    announce(id: number, at: string | null): void {
      store.update(id, { dropAnnouncedAt: at })
    },
    /** Holds a copy against its original once more, and both against their seals. Never rejects. */
    async check(id: number): Promise<CopyCheck> {
      try {
        if ((await restNow()) !== null) return 'later'
        return await check(id)
      } catch (err) {
        log.warn(
          { err, recordingId: id },
          'a copy could not be held against its original; the next night tries',
        )
        return 'later'
      }
    },
    /** In the caller's transaction, which has made sure that the original may go and that its copy was just checked. */
    settleDrop(id: number, ticketCode: string | null): void {
      store.update(id, { archiveState: 'dropped' })
      deps.seals.append(id, 'originalDropped', ticketCode)
    },
    /** Removes the files of dropped originals: at once, and what a crash left. Answers how many are still there. */
    async finishDrops(): Promise<number> {
      let failed = 0
      for (const id of queue.halfDropped()) {
        try {
          const row = store.find(id)
          if (row?.file != null) await folder.remove(row.file)
          store.update(id, { originalRemovedAt: now().toISOString() })
        } catch (err) {
          failed += 1
          log.error({ err, recordingId: id }, 'a dropped original could not be removed; it is tried again')
        }
      }
      return failed
    },
    async close(): Promise<void> {
      isClosed = true
      codec.close()
      await running
    },
  }
}

type Fault = CopyFault | 'noSound'
interface Measured {
  readonly fault: Fault | null
  readonly likeness: readonly SideLikeness[]
}

/** Where the copy of a file belongs: beside it, under the same name. */
export function copyBeside(file: string, suffix: string): string {
  return `${file.replace(/\.wav$/, '')}${suffix}`
}
