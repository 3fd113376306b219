import { createHash } from 'node:crypto'
import type { auditLinks, recordingSeals } from './tables.ts'

export type RecordingSeal = typeof recordingSeals.$inferSelect
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
 * The bytes whose SHA-256 is a link's hash: a JSON array without spaces in UTF-8, its values in this order, absent ones null.
 * The first value names the format; the last is the hash of the link before, so no link can be changed, moved, added or left
 * out without changing all that follow. README "Evidence" says how to redo it with public tools.
 */
export function recordingBytes(link: Omit<RecordingSeal, 'hash'>): string {
  return JSON.stringify([
    'tongdai-recording-1',
    link.seq,
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
    link.prevHash,
  ])
}

/** As `recordingBytes`, of a line of the audit log. */
export function auditBytes(line: AuditLine, prevHash: string): string {
  const { id, at, actorId, action, subject, detail } = line
  return JSON.stringify(['tongdai-audit-1', id, at, actorId, action, subject, detail, prevHash])
}

export function sealRecording(link: Omit<RecordingSeal, 'hash'>): RecordingSeal {
  return { ...link, hash: sha256(recordingBytes(link)) }
}

export function linkAudit(line: AuditLine, prevHash: string): AuditLink {
  return { seq: line.id, prevHash, hash: sha256(auditBytes(line, prevHash)) }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
