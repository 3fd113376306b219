import { createHash } from 'node:crypto'
import type { auditLinks, recordingSeals } from './tables.ts'

export type RecordingSeal = typeof recordingSeals.$inferSelect
type UnhashedSeal = Omit<RecordingSeal, 'hash'>
export type AuditLink = typeof auditLinks.$inferSelect
/** A line of the audit log; `detail` as the JSON text that is stored. */
export interface AuditLine {
  readonly id: number
  readonly at: string
  readonly actorId: number | null
  readonly action: string
  readonly subject: string
  readonly detail: string
}

/** What the first link of a chain links to. */
export const GENESIS = '0'.repeat(64)

/**
 * The bytes whose SHA-256 is a link's hash: a JSON array without spaces in UTF-8, absent values null. The first value names the
 * format; the last is the hash of the link before, so no link can be changed, moved, added or left out without changing all that follow.
 * What the link says stands in it as a hash too (`contentBytes`): whoever is given the links between a recording and a signed head
 * learns nothing of the other calls among them (Đ12.1). README "Evidence" says how to redo it with public tools.
 */
export function recordingBytes(link: UnhashedSeal): string {
  return JSON.stringify(['tongdai-recording-2', link.seq, sha256(contentBytes(link)), link.prevHash])
}

/**
 * What a link says, by whose hash the link names it; then the copy for the archive or null, whether it is training, what is doubtful
 * about it, and the SHA-256 of what its call was: whoever gets the recording need not learn the number. Older links end with what is
 * doubtful, with the copy, or with what they say.
 */
export function contentBytes(link: UnhashedSeal): string {
  if (link.callFacts !== null)
    return JSON.stringify(['tongdai-recording-content-5', ...withFlags(link), sha256(link.callFacts)])
  if (link.training !== null || link.flags !== null)
    return JSON.stringify(['tongdai-recording-content-4', ...withFlags(link)])
  return link.archive === null
    ? JSON.stringify(['tongdai-recording-content-2', ...saidBy(link)])
    : JSON.stringify(['tongdai-recording-content-3', ...saidBy(link), parsed(link.archive)])
}

function withFlags(link: UnhashedSeal): readonly unknown[] {
  return [
    ...saidBy(link),
    link.archive === null ? null : parsed(link.archive),
    link.training,
    link.flags === null ? null : parsed(link.flags),
  ]
}

/** What is no JSON was put there by somebody else, and stays what it is: no hash fits it. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch {
    return json
  }
}

/** Links from before what they say stood in them as a hash: these are the bytes of the link itself. */
export function oldRecordingBytes(link: UnhashedSeal): string {
  return JSON.stringify(['tongdai-recording-1', link.seq, ...saidBy(link), link.prevHash])
}

function saidBy(link: UnhashedSeal): readonly unknown[] {
  return [
    link.at,
    link.event,
    link.recordingId,
    link.callId,
    link.ticketCode,
    link.kind,
    link.startedAt,
    link.endedAt,
    link.settledAt,
    link.file,
    link.durationMs,
    link.sizeBytes,
    link.sha256,
    link.kept,
  ]
}

/** As `recordingBytes`, of a line of the audit log. */
export function auditBytes(line: AuditLine, prevHash: string): string {
  const { id, at, actorId, action, subject, detail } = line
  return JSON.stringify(['tongdai-audit-1', id, at, actorId, action, subject, detail, prevHash])
}

export function sealRecording(link: UnhashedSeal): RecordingSeal {
  return { ...link, hash: sha256(recordingBytes(link)) }
}

/** Which of both formats a link's hash is right in; null: in neither, so something of it was changed. */
export function formatOf(link: RecordingSeal): 1 | 2 | null {
  if (sha256(recordingBytes(link)) === link.hash) return 2
  // The old format knows neither copies nor flags nor calls: what stands beside it was added later.
  return link.archive === null &&
    link.training === null &&
    link.flags === null &&
    link.callFacts === null &&
    sha256(oldRecordingBytes(link)) === link.hash
    ? 1
    : null
}

export function linkAudit(line: AuditLine, prevHash: string): AuditLink {
  return { seq: line.id, prevHash, hash: sha256(auditBytes(line, prevHash)) }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
