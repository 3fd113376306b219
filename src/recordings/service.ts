import type { AuditAction, Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import { NOT_PLAIN } from '../platform/open-plain.ts'
import { maskedNumber, seesWholeNumber } from '../platform/number-mask-policy.ts'
import { foldVietnamese } from '../platform/vietnamese-text.ts'
import type { DeletionCause } from '../retention/contract.ts'
import { mayPlay, mayRecheck } from './access-policy.ts'
import { qualityOf } from './archive-policy.ts'
import { type Archiving, type ArchivingDeps, copyBeside, createArchiving } from './archiving.ts'
import { isSafeBase } from './collect-policy.ts'
import type { RecordingSource } from './collecting.ts'
import { createCollecting } from './collect-schedule.ts'
import type {
  FolderProblem,
  Recheck,
  RecordingKind,
  RecordingPage,
  RecordingQuery,
  RecordingView,
} from './contract.ts'
import { createPlayer, type OpenRecording, type StoredFile } from './playing.ts'
import { createRechecking, isAltered } from './rechecking.ts'
import type { FolderMarkProblem } from './folder-watch.ts'
import { createRecordingFolder } from './recording-folder.ts'
import { createSealer, type Sealer } from './sealer.ts'
import { filterOf } from './search-policy.ts'
import type { NewRecording, RecordingRow, RecordingStore } from './store.ts'

/** What the calls know of a recording's call. */
export interface CallFacts {
  readonly numberDisplay: string
  readonly operatorId: number | null
  readonly operatorName: string | null
  readonly ticketCode: string | null
  readonly answered: boolean
  /** Null while the call runs. */
  readonly endedAt: string | null
}

export interface RecordingDeps {
  readonly store: RecordingStore
  readonly source: RecordingSource
  readonly folder: string
  readonly now: () => Date
  readonly transaction: <T>(work: () => T) => T
  readonly callFacts: (callId: string) => CallFacts | undefined
  /** Why a deleted one went (src/retention). */
  readonly deletedFor: (id: number) => DeletionCause | null
  /** False where that case is confidential and the viewer does not read the whole of it. */
  readonly mayReadCase: (ticketCode: string, viewer: Person) => boolean
  /** When a consultation ended (ISO 8601): it may go on after the citizen left. Null while it runs, undefined when nobody knows. */
  readonly consultEnd: (base: string) => string | null | undefined
  /** The chain of evidence: a link in the transaction that settles a recording, and what the newest one says of its file. */
  readonly seals: {
    append(
      id: number,
      event: 'stored' | 'missing' | 'damaged' | 'archived' | 'originalDropped' | 'disposed',
      ticketCode: string | null,
    ): void
    sealOf(id: number): { readonly sha256: string | null; readonly archive: string | null } | undefined
    fits(id: number): boolean
    callFits(id: number): boolean
  }
  /** Copies for the archive: which are missing, what makes them, and whether now is the time. */
  readonly archive: Pick<ArchivingDeps, 'queue' | 'codec' | 'mayWork'>
  readonly notify: {
    recordingChanged(id: number, ticketCode: string | null): void
    /** Filing meets with something else than before, or with nothing any more (`problem`). */
    filingChanged(): void
  }
  /** In the transaction that settles it. */
  readonly onStored: (callId: string, detail: Record<string, unknown>) => void
  /** In the transaction that settles it: there is none, or none that can be played. */
  readonly onLost: (callId: string, state: 'missing' | 'damaged', detail: Record<string, unknown>) => void
  readonly audit: (
    actorId: number | null,
    action: AuditAction,
    subject: string,
    detail?: Record<string, unknown>,
  ) => void
  readonly log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
  /** Pauses between tries right after a call, the job's minute being the next. */
  readonly retryMs?: readonly number[]
  readonly freeBytes?: (path: string) => Promise<number>
  /** Asked before each is filed (folder-watch.ts). */
  readonly notOurs?: () => Promise<FolderMarkProblem | null>
  readonly sealer?: Sealer
  /** Milliseconds that only grow (collecting.ts). */
  readonly uptimeMs?: () => number
}

/** What the PBX was asked to record. */
export interface ExpectedRecording {
  readonly callId: string
  readonly kind: RecordingKind
  readonly base: string
  readonly startedAt: string
  readonly training: boolean
}

/** A recording that can be played, as it was filed. */
export type StoredRecording = StoredFile & Pick<RecordingRow, 'callId' | 'kind' | 'startedAt' | 'durationMs'>

type StoredRow = Omit<RecordingRow, 'file' | 'sha256'> & StoredFile

export interface Recordings {
  /** Notes that there will be one, in the caller's transaction. Said twice, the first word stands. Never throws for what the PBX named. */
  expect(recording: ExpectedRecording): void
  /** After hang-up: resolves when all of the call are settled, or left to the next sweep. Never rejects. */
  collect(callId: string): Promise<void>
  /** The sweep: everything of ended calls that is not settled, and what the PBX need not keep any more. Answers how many it settled; never rejects. */
  collectPending(): Promise<number>
  /** In the order they began. */
  byCalls(callIds: readonly string[], viewer: Person): RecordingView[]
  voicemailOf(callId: string): number | null
  /** Newest first. Throws DAY_INVALID, PERIOD_INVALID. */
  page(query: RecordingQuery, viewer: Person): RecordingPage
  /** Throws RECORDING_NOT_FOUND, RECORDING_NOT_YOURS. */
  find(id: number, viewer: Person): RecordingView
  /**
   * For playing: checked against its seal, and written in the audit log once per listening. Throws as `find`, and RECORDING_NOT_STORED,
   * RECORDING_ALTERED, RECORDING_UNREADABLE, and to an operator RECORDING_CALL_CHANGED.
   */
  open(id: number, viewer: Person): Promise<OpenRecording>
  /** What may be drawn and written beside the sound, by whoever may hear it. Throws as `find`, RECORDING_NOT_STORED, RECORDING_CALL_CHANGED. */
  stored(id: number, viewer: Person): StoredRecording
  /**
   * For whom a supervisor let hear it (src/disclosures): whoever calls these has checked that, and writes down who listened.
   * The last two throw as `open`, but for RECORDING_NOT_YOURS, and RECORDING_CALL_CHANGED to everybody.
   */
  readonly disclosed: {
    /** Undefined where there never was one. */
    about(id: number): Pick<RecordingRow, 'callId' | 'kind' | 'startedAt' | 'durationMs'> | undefined
    stored(id: number): StoredRecording
    open(id: number, listener: { readonly person: Person; readonly under: string }): Promise<OpenRecording>
  }
  /** For whoever has made sure that a recording may go (src/retention). */
  readonly disposal: {
    /** In the caller's transaction: row and chain say that it is gone. Answers its files. Throws RECORDING_NOT_FOUND, RECORDING_NOT_SETTLED. */
    settle(id: number, ticketCode: string | null): string[]
    /** Gone already is success. */
    remove(files: readonly string[]): Promise<void>
  }
  readonly archive: Archiving
  /**
   * Checks again what was found to be another than was sealed: whose file was put back is played again, and keeps a mark. Opening one
   * does the same for it. Answers how many are back.
   */
  recheckAltered(): Promise<number>
  /** The same for one, at once, because somebody asks: what was found is a line of the audit log. Throws as `find`, and RECORDING_NOT_ALTERED. */
  recheck(id: number, viewer: Person): Promise<Recheck>
  /** Where a file of theirs is; whoever reads it asks here, so that nobody else knows of the folder. */
  pathOf(file: string): string
  /** What keeps recordings from being filed; null when nothing does. */
  problem(): FolderProblem | null
  close(): Promise<void>
}

/** Recordings from the hang-up to the player: collect, seal, store, play. */
export function createRecordings(deps: RecordingDeps): Recordings {
  const { store, now, log } = deps
  const sealer = deps.sealer ?? createSealer()
  const folder = createRecordingFolder(deps.folder, {
    now,
    ...(deps.freeBytes === undefined ? {} : { freeBytes: deps.freeBytes }),
    ...(deps.notOurs === undefined ? {} : { notOurs: deps.notOurs }),
  })
  const collecting = createCollecting({ ...deps, folder, sealer, searchOf: (callId) => searchOf(callId) })
  const player = createPlayer({ folder, sealer, now })
  const archiving = createArchiving({
    ...deps.archive,
    store,
    folder,
    sealer,
    seals: deps.seals,
    ticketOf: (callId) => deps.callFacts(callId)?.ticketCode ?? null,
    onAltered: (row) => {
      markAltered(row, null)
    },
    changed: ({ id, callId }) => {
      deps.notify.recordingChanged(id, deps.callFacts(callId)?.ticketCode ?? null)
    },
    transaction: deps.transaction,
    now,
    log,
  })

  const rechecking = createRechecking({ ...deps, folder, sealer, subjectOf })

  function searchOf(callId: string): string {
    const facts = deps.callFacts(callId)
    if (facts === undefined) return ''
    const { numberDisplay, operatorName, ticketCode } = facts
    const digits = numberDisplay.replace(/[^0-9+]/g, '')
    return foldVietnamese([numberDisplay, digits, operatorName, ticketCode].filter(Boolean).join(' '))
  }

  const mayRead = (facts: CallFacts | undefined, viewer: Person): boolean =>
    facts?.ticketCode === undefined || facts.ticketCode === null || deps.mayReadCase(facts.ticketCode, viewer)

  function viewOf(row: RecordingRow, viewer: Person): RecordingView {
    const facts = deps.callFacts(row.callId)
    const operatorId = facts?.operatorId ?? null
    const mayReadCase = mayRead(facts, viewer)
    const isCallChanged = !deps.seals.callFits(row.id)
    return {
      id: row.id,
      callId: row.callId,
      ticketCode: facts?.ticketCode ?? null,
      kind: row.kind,
      state: row.state,
      flags: row.flags,
      startedAt: row.startedAt,
      durationMs: row.durationMs,
      sizeBytes: row.sizeBytes,
      sha256: row.sha256,
      copy: copyView(row),
      ...numberShown(mayReadCase ? (facts?.numberDisplay ?? '') : '', seesWholeNumber(viewer, operatorId)),
      operatorId,
      operatorName: facts?.operatorName ?? null,
      answered: facts?.answered ?? false,
      deletedFor: row.state === 'deleted' ? deps.deletedFor(row.id) : null,
      training: row.training,
      playable:
        row.state === 'stored' &&
        mayPlay(viewer, { kind: row.kind, operatorId, mayReadCase }) &&
        !(isCallChanged && hearsByCall(viewer)),
      ...(isCallChanged ? { isCallChanged: true } : {}),
      ...(isAltered(row) && mayRecheck(viewer, { kind: row.kind, operatorId, mayReadCase })
        ? { mayRecheck: true }
        : {}),
    }
  }

  function mustFind(id: number): RecordingRow {
    const row = store.find(id)
    if (row === undefined) throw new AppError('notFound', 'RECORDING_NOT_FOUND', 'no such recording')
    return row
  }

  function load(id: number, viewer: Person): RecordingRow {
    const row = mustFind(id)
    const facts = deps.callFacts(row.callId)
    const operatorId = facts?.operatorId ?? null
    if (!mayPlay(viewer, { kind: row.kind, operatorId, mayReadCase: mayRead(facts, viewer) })) {
      throw new AppError('forbidden', 'RECORDING_NOT_YOURS', 'somebody else took this call')
    }
    return row
  }

  /** Whoever may hear it by its operator or its case may not where somebody wrote another over them. */
  function mustFitCall(id: number): void {
    if (!deps.seals.callFits(id))
      throw new AppError('conflict', 'RECORDING_CALL_CHANGED', 'its call is not the one that was sealed')
  }

  /** Supervisors hear all: they have to find out what happened. */
  function loadToHear(id: number, viewer: Person): RecordingRow {
    const row = load(id, viewer)
    if (hearsByCall(viewer)) mustFitCall(id)
    return row
  }

  function mustBeStored(row: RecordingRow): StoredRow {
    const sound = soundOf(row, deps.archive.codec.contentType)
    if (row.state !== 'stored' || sound === null) {
      throw new AppError('conflict', 'RECORDING_NOT_STORED', 'there is nothing to play, or not yet')
    }
    return { ...row, ...sound }
  }

  /** The PBX gave it a name that is not one: it is settled before it began. */
  function expectNone(row: Omit<NewRecording, 'state' | 'flags'>): void {
    const at = now().toISOString()
    const ended: NewRecording = {
      ...row,
      state: 'missing',
      flags: ['badName'],
      settledAt: at,
      releasedAt: at,
    }
    deps.transaction(() => {
      if (!store.add(ended)) return
      const added = store.ofCall(row.callId).at(-1)
      if (added !== undefined)
        deps.seals.append(added.id, 'missing', deps.callFacts(row.callId)?.ticketCode ?? null)
      log.error({ callId: row.callId, kind: row.kind }, 'the PBX gave a recording a name that is not one')
    })
  }

  /** Does the chain say of the file what the row does? Either alone could have been changed to fit another file. */
  function isVouchedFor({ id, originalSha256, archive }: StoredRow): boolean {
    const link = deps.seals.sealOf(id)
    return (
      link?.sha256 === originalSha256 && link.archive === (archive === null ? null : JSON.stringify(archive))
    )
  }

  /** `viewer`: who was about to hear it; null where the service found out by itself. */
  function markAltered(row: RecordingRow | StoredRow, viewer: Person | null): void {
    deps.transaction(() => {
      const flags = row.flags.filter((flag) => flag !== 'restored')
      store.update(row.id, { state: 'damaged', flags: [...flags, 'altered'] })
      deps.audit(viewer?.id ?? null, 'recording.altered', subjectOf(row), { sha256: row.sha256 })
      deps.onLost(row.callId, 'damaged', { recordingId: row.id, reason: 'altered' })
    })
    log.error({ recordingId: row.id, callId: row.callId }, 'a stored recording is not what was sealed')
    deps.notify.recordingChanged(row.id, deps.callFacts(row.callId)?.ticketCode ?? null)
  }

  /** Not where the whole folder is another, nor where it was deleted, dropped or marked meanwhile: that is no loss of this one. */
  async function markGone({ id, file }: StoredRow, viewer: Person): Promise<void> {
    if (((await deps.notOurs?.()) ?? null) !== null) return
    const fresh = store.find(id)
    const isStill = fresh?.state === 'stored' && soundOf(fresh, deps.archive.codec.contentType)?.file === file
    if (isStill) markAltered(fresh, viewer)
  }

  async function openSealed(row: StoredRow, viewer: Person, listener: string) {
    try {
      if (!isVouchedFor(row))
        throw new AppError('conflict', 'RECORDING_ALTERED', 'the recording is not the one that was sealed')
      return await player.open(row, listener)
    } catch (error) {
      if (error instanceof AppError && error.code === 'RECORDING_ALTERED') markAltered(row, viewer)
      else if (error instanceof AppError && error.code === 'RECORDING_UNREADABLE') {
        log.error({ err: error.cause, recordingId: row.id }, 'a stored recording cannot be read')
        if (isGone(error.cause)) await markGone(row, viewer)
      }
      throw error
    }
  }

  return {
    expect({ callId, kind, base, startedAt, training }) {
      const safe = isSafeBase(base)
      const row = {
        callId,
        kind,
        base: base.slice(0, 200),
        startedAt,
        training,
        kept: [],
        search: searchOf(callId),
      }
      if (safe) store.add({ ...row, state: 'pending', flags: [], settledAt: null, releasedAt: null })
      else expectNone(row)
    },
    collect: (callId) => collecting.collectCall(callId),
    collectPending: () => collecting.sweep(),
    byCalls: (callIds, viewer) => store.ofCalls(callIds).map((row) => viewOf(row, viewer)),
    voicemailOf: (callId) => store.idOf(callId, 'voicemail'),
    page(query, viewer) {
      const { offset = 0, limit = 50 } = query
      // Supervisors read every case (visibility-policy.ts).
      const hidden = viewer.role === 'supervisor' ? {} : { hidesFrom: viewer.id }
      const { items, total, isCut } = store.page({ ...filterOf(query), ...hidden }, offset, limit)
      return { items: items.map((row) => viewOf(row, viewer)), total, ...(isCut ? { isCut } : {}) }
    },
    find: (id, viewer) => viewOf(load(id, viewer), viewer),
    stored: (id, viewer) => mustBeStored(loadToHear(id, viewer)),
    async open(id, viewer) {
      await rechecking.check(loadToHear(id, viewer), viewer)
      const row = mustBeStored(load(id, viewer))
      const { opened, first } = await openSealed(row, viewer, String(viewer.id))
      if (first) deps.audit(viewer.id, 'recording.played', subjectOf(row), { callId: row.callId })
      return opened
    },
    disclosed: {
      about: (id) => store.find(id),
      stored: (id) => {
        mustFitCall(id)
        return mustBeStored(mustFind(id))
      },
      open: async (id, { person, under }) => {
        mustFitCall(id)
        return (await openSealed(mustBeStored(mustFind(id)), person, `${under} ${String(person.id)}`)).opened
      },
    },
    disposal: {
      settle(id, ticketCode) {
        const { state, file, kept, archive } = mustFind(id)
        if (state === 'pending' || state === 'deleted')
          throw new AppError('conflict', 'RECORDING_NOT_SETTLED', 'it is on its way, or deleted already')
        store.update(id, { state: 'deleted' })
        deps.seals.append(id, 'disposed', ticketCode)
        // The copy too, and one that a crash left between its place and its row.
        const copies = file === null ? [] : [archive?.file ?? copyBeside(file, deps.archive.codec.suffix)]
        return [...(file === null ? [] : [file]), ...kept.map((one) => one.file), ...copies]
      },
      async remove(files) {
        for (const file of files) await folder.remove(file)
      },
    },
    archive: archiving,
    async recheckAltered() {
      let restored = 0
      for (const row of store.altered()) if ((await rechecking.check(row, null)) === 'whole') restored += 1
      return restored
    },
    async recheck(id, viewer) {
      const found = await rechecking.ask(load(id, viewer), viewer)
      return { found, recording: viewOf(load(id, viewer), viewer) }
    },
    pathOf: (file) => folder.path(file),
    problem: () => collecting.problem(),
    async close() {
      await archiving.close()
      await collecting.close()
      await sealer.close()
    },
  }
}

/** Only because the call says that it is theirs. */
function hearsByCall({ role }: Person): boolean {
  return role === 'operator'
}

/** Its file is away, or something else has its name: not that a disk cannot read it just now. */
function isGone(cause: unknown): boolean {
  const { code } = cause as NodeJS.ErrnoException
  return code === 'ENOENT' || code === NOT_PLAIN
}

function numberShown(
  number: string,
  isWhole: boolean,
): Pick<RecordingView, 'numberDisplay' | 'isNumberMasked'> {
  if (isWhole || number === '') return { numberDisplay: number }
  return { numberDisplay: maskedNumber(number), isNumberMasked: true }
}

function copyView({ archive, archiveState }: RecordingRow): RecordingView['copy'] {
  if (archive === null) return null
  const { madeAt, sizeBytes, likeness } = archive
  return { madeAt, sizeBytes, quality: qualityOf(likeness), isAlone: archiveState === 'dropped' }
}

/** The original as long as it is there, then the copy that stands for it; null where there is neither. */
function soundOf(row: RecordingRow, copyType: string): Omit<StoredFile, 'id'> | null {
  const { file, sha256, archive } = row
  if (file === null || sha256 === null) return null
  if (row.archiveState !== 'dropped')
    return { file, sha256, contentType: 'audio/wav', originalSha256: sha256 }
  return archive === null
    ? null
    : { file: archive.file, sha256: archive.sha256, contentType: copyType, originalSha256: sha256 }
}

function subjectOf({ id }: Pick<RecordingRow, 'id'>): string {
  return `recording:${String(id)}`
}
