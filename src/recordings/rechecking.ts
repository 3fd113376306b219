import type { Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import type { RecheckFinding } from './contract.ts'
import type { RecordingFolder } from './recording-folder.ts'
import type { Sealer } from './sealer.ts'
import type { RecordingDeps } from './service.ts'
import type { RecordingRow } from './store.ts'

export interface RecheckingDeps extends Pick<
  RecordingDeps,
  'store' | 'seals' | 'transaction' | 'audit' | 'onStored' | 'callFacts' | 'notify' | 'log'
> {
  readonly folder: Pick<RecordingFolder, 'path'>
  readonly sealer: Pick<Sealer, 'hash'>
  readonly subjectOf: (row: Pick<RecordingRow, 'id'>) => string
}

/** Found to be another than was sealed, and not yet found to be the sealed one again. */
export function isAltered({ state, flags }: Pick<RecordingRow, 'state' | 'flags'>): boolean {
  return state === 'damaged' && flags.includes('altered')
}

/** Altered recordings, held against their seals again: whose sealed file was put back is played, and keeps a mark. */
export function createRechecking(deps: RecheckingDeps) {
  const { store, seals, log } = deps

  /** What stands for it, held against what was sealed; the worst of several files is said. */
  async function filesOf(row: RecordingRow): Promise<RecheckFinding> {
    const { file, sha256, archive, archiveState, kept } = row
    const own = file === null || sha256 === null || archiveState === 'dropped' ? [] : [{ file, sha256 }]
    const sealed = [...own, ...kept, ...(archive === null ? [] : [archive])]
    if (sealed.length === 0) return 'away'
    for (const one of sealed) {
      const found = await deps.sealer.hash(deps.folder.path(one.file)).catch((err: unknown) => {
        log.warn({ err, recordingId: row.id }, 'a file of an altered recording cannot be read')
      })
      if (found?.sha256 !== one.sha256) return found === undefined ? 'away' : 'another'
    }
    return 'whole'
  }

  const changed = ({ id, callId }: RecordingRow): void => {
    deps.notify.recordingChanged(id, deps.callFacts(callId)?.ticketCode ?? null)
  }

  /** False where somebody else was first, or the row was changed meanwhile. */
  function restore(row: RecordingRow, viewer: Person | null): boolean {
    return deps.transaction(() => {
      const fresh = store.find(row.id)
      if (fresh === undefined || !isAltered(fresh) || !seals.fits(row.id)) return false
      const flags = fresh.flags.filter((flag) => flag !== 'altered')
      store.update(row.id, { state: 'stored', flags: [...flags, 'restored'] })
      deps.audit(viewer?.id ?? null, 'recording.restored', deps.subjectOf(row), { sha256: row.sha256 })
      deps.onStored(row.callId, { recordingId: row.id, reason: 'restored' })
      return true
    })
  }

  /** Null for one that is not altered (any more). `viewer`: who was about to hear it or asks; null where the service looks by itself. */
  async function check(row: RecordingRow, viewer: Person | null): Promise<RecheckFinding | null> {
    if (!isAltered(row)) return null
    if (!seals.fits(row.id)) return 'unvouched'
    const found = await filesOf(row)
    if (found !== 'whole') return found
    if (!restore(row, viewer)) return null
    log.warn({ recordingId: row.id, callId: row.callId }, 'an altered recording is what was sealed again')
    changed(row)
    return 'whole'
  }

  return {
    check,
    /** For somebody who asks for it: whatever was found is one line of the audit log. Throws RECORDING_NOT_ALTERED. */
    async ask(row: RecordingRow, viewer: Person): Promise<RecheckFinding> {
      const found = await check(row, viewer)
      if (found === null)
        throw new AppError('conflict', 'RECORDING_NOT_ALTERED', 'nothing says that it is another than sealed')
      if (found !== 'whole') deps.audit(viewer.id, 'recording.rechecked', deps.subjectOf(row), { found })
      return found
    },
  }
}
