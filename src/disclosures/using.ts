import type { AuditAction, Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import type { Recordings, StoredRecording } from '../recordings/service.ts'
import type { DisclosureMode } from './contract.ts'
import { startOf } from './disclosure-policy.ts'
import type { ChainProof, PackageBuilder } from './packaging.ts'
import type { Disclosures, Grant } from './service.ts'
import type { DisclosureStore } from './store.ts'

type OpenedSound = Awaited<ReturnType<Recordings['disclosed']['open']>>

export interface UsingDeps {
  readonly disclosures: Pick<Disclosures, 'mustHave'>
  readonly store: Pick<DisclosureStore, 'addUse'>
  readonly recordings: Pick<Recordings, 'disclosed'>
  readonly proofOf: (recordingId: number) => ChainProof
  readonly build: PackageBuilder
  readonly audit: (
    actorId: number,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown>,
  ) => void
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
}

/** A player asks many times while it is listened to; after a silence this long it is another listening. */
const SAME_LISTENING_MS = 60_000

export type UsingDisclosures = ReturnType<typeof createUsing>

/**
 * Hearing and taking away what was approved. Each listening and each package is one line of the request and of the audit log (R060,
 * R068). What the service knows of a listening is what a browser fetched, and when: it begins with the first request, counts its further
 * ranges as the same one while no minute passes without any, and starts where that first request did. What was heard, nobody knows.
 */
export function createUsing(deps: UsingDeps) {
  const lately = new Map<string, number>()

  function isFirst(key: string): boolean {
    const nowMs = deps.now().getTime()
    for (const [known, atMs] of lately) if (nowMs - atMs > SAME_LISTENING_MS) lately.delete(known)
    const isNew = !lately.has(key)
    lately.set(key, nowMs)
    return isNew
  }

  function write(
    grant: Grant,
    viewer: Person,
    use: { what: DisclosureMode; fromMs: number | null; packageSha256: string | null },
  ): void {
    const { what, fromMs, packageSha256 } = use
    deps.transaction(() => {
      deps.store.addUse({
        disclosureId: grant.id,
        personId: viewer.id,
        at: deps.now().toISOString(),
        ...use,
      })
      deps.audit(
        viewer.id,
        what === 'play' ? 'recording.played' : 'recording.downloaded',
        `recording:${String(grant.recordingId)}`,
        { disclosureId: grant.id, ...(what === 'play' ? { fromMs } : { packageSha256 }) },
      )
    })
  }

  const openSound = ({ id, recordingId }: Grant, person: Person) =>
    deps.recordings.disclosed.open(recordingId, { person, under: `disclosure ${String(id)}` })

  return {
    /** The recording of a request, for what is drawn beside its sound. Throws as `mustHave`, and RECORDING_NOT_STORED. */
    stored: (id: number, viewer: Person): StoredRecording =>
      deps.recordings.disclosed.stored(deps.disclosures.mustHave(id, viewer, 'play').recordingId),

    /**
     * For playing. `range` is what was asked for; null where only the headers are wanted, which is no listening. Throws as `stored`, and
     * RECORDING_ALTERED, RECORDING_UNREADABLE.
     */
    async play(
      id: number,
      viewer: Person,
      range: { readonly header: string | undefined } | null,
    ): Promise<OpenedSound & { readonly isStillAllowed: () => boolean }> {
      const { recordingId } = deps.disclosures.mustHave(id, viewer, 'play')
      const { durationMs } = deps.recordings.disclosed.stored(recordingId)
      const opened = await openSound(deps.disclosures.mustHave(id, viewer, 'play'), viewer)
      try {
        // Checking the file took its time: it may be over by now.
        const grant = deps.disclosures.mustHave(id, viewer, 'play')
        if (range !== null && isFirst(`${String(id)}/${String(viewer.id)}`)) {
          const fromMs = startOf(range.header, { sizeBytes: opened.sizeBytes, durationMs })
          write(grant, viewer, { what: 'play', fromMs, packageSha256: null })
        }
      } catch (error) {
        await opened.handle.close()
        throw error
      }
      return { ...opened, isStillAllowed: () => isOpen(id, viewer) }
    },

    /** A sealed package, built anew with who takes it and when. Throws as `play`, and CHAIN_BROKEN, PACKAGE_BUSY, PACKAGE_FAILED. */
    async take(id: number, viewer: Person) {
      const grant = deps.disclosures.mustHave(id, viewer, 'download')
      const checked = await openSound(grant, viewer)
      await checked.handle.close()
      const built = await deps.build({ grant, proof: deps.proofOf(grant.recordingId), taker: viewer })
      try {
        write(deps.disclosures.mustHave(id, viewer, 'download'), viewer, {
          what: 'download',
          fromMs: null,
          packageSha256: built.sumsSha256,
        })
      } catch (error) {
        await built.handle.close()
        throw error
      }
      return built
    },
  }

  function isOpen(id: number, viewer: Person): boolean {
    try {
      deps.disclosures.mustHave(id, viewer, 'play')
      return true
    } catch (error) {
      if (error instanceof AppError) return false
      throw error
    }
  }
}
