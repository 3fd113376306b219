import type { Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import { maskedNumber } from '../platform/number-mask-policy.ts'
import type { RecordingTrack, RecordingView } from '../recordings/contract.ts'
import type { DisclosurePaper } from './package-policy.ts'
import type { PackageOrder } from './packaging.ts'
import type { DisclosureDeps } from './service.ts'

export interface PackageFactsDeps extends Pick<DisclosureDeps, 'wholeCase' | 'people' | 'unitName'> {
  /** Of a case's calls, as this person may know of them. */
  readonly recordings: { byCalls(callIds: readonly string[], viewer: Person): RecordingView[] }
  /** By the number of the request. */
  readonly trackOf: (disclosureId: number, viewer: Person) => RecordingTrack
  /** As it is shown: "0950 000 777". */
  readonly displayNumber: (raw: string) => string
  readonly city: { readonly name: string; readonly hotline: string }
}

/** What a package says, cut to what the person who takes it may know (R068). Throws DISCLOSURE_NOT_FOUND where that is nothing any more. */
export function createPackageFacts(deps: PackageFactsDeps) {
  const { people } = deps
  return ({ grant, proof, taker }: PackageOrder, at: string): DisclosurePaper => {
    const whole = deps.wholeCase(grant.ticketCode, taker)
    const recording = deps.recordings
      .byCalls(whole?.callIds ?? [], taker)
      .find(({ id }) => id === grant.recordingId)
    if (whole === undefined || recording === undefined)
      throw new AppError('notFound', 'DISCLOSURE_NOT_FOUND', 'no such request')
    const { name, phone } = whole.reporter
    const known = phone === null ? null : deps.displayNumber(phone)
    const { sealed, sound } = proof
    const { stretches, marks } = deps.trackOf(grant.id, taker)
    return {
      city: deps.city.name,
      hotline: deps.city.hotline,
      ticketCode: grant.ticketCode,
      recording: {
        id: recording.id,
        kind: recording.kind,
        startedAt: sealed.startedAt,
        endedAt: sealed.endedAt,
        durationMs: sealed.durationMs ?? 0,
        sizeBytes: sound.sizeBytes,
        sha256: sound.sha256,
        originalSha256: sound.isCopy ? sealed.sha256 : null,
        sealedAt: sealed.at,
        training: recording.training,
      },
      parties: {
        citizenName: name,
        citizenPhone: known,
        callingNumber:
          recording.numberDisplay === known ? recording.numberDisplay : maskedNumber(recording.numberDisplay),
        operatorName: recording.operatorName,
      },
      course: stretches,
      marks,
      disclosure: {
        id: grant.id,
        unitName: deps.unitName(grant.unitId) ?? grant.unitId,
        requesterName: people.nameOf(grant.requesterId) ?? '',
        requestedAt: grant.requestedAt,
        reason: grant.reason,
        approvedByName: grant.decidedBy === null ? '' : (people.nameOf(grant.decidedBy) ?? ''),
        approvedAt: grant.decidedAt ?? '',
        expiresAt: grant.expiresAt,
        peopleNames: (grant.people ?? []).map((id) => people.nameOf(id) ?? ''),
      },
      taken: { by: taker.name, personId: taker.id, at },
    }
  }
}
