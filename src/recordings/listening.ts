import { createHash } from 'node:crypto'
import type { AuditAction, Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import type { RecordingNote, RecordingTrack, Waveform, WriteRecordingNote } from './contract.ts'
import type { NoteRow, NoteStore } from './notes-store.ts'
import { MOST_BUCKETS, reducePeaks } from './peaks-policy.ts'
import type { Recordings } from './service.ts'
import { type CallCourse, type MarkSpan, marksOf, trackOf } from './track-policy.ts'
import type { Waveforms } from './waveforms.ts'

export interface ListeningDeps {
  /** Its `stored` is the gate: whoever may hear a recording may see and write what stands beside it, nobody else. */
  readonly recordings: Pick<Recordings, 'stored'>
  readonly waveforms: Waveforms
  readonly notes: NoteStore
  readonly courseOf: (callId: string) => CallCourse | undefined
  /** What was done to a call's recording while it ran. */
  readonly marksOf: (callId: string) => readonly MarkSpan[]
  readonly nameOf: (personId: number) => string | null
  readonly audit: (
    actorId: number,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown>,
  ) => void
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
}

/** What a listener sees and writes beside the sound. All throw as `Recordings.stored`. */
export interface Listening {
  /** In at most `points` buckets, or as many as there may be. Throws NO_WAVEFORM, RECORDING_UNREADABLE. */
  waveform(id: number, points: number | undefined, viewer: Person): Promise<Waveform>
  track(id: number, viewer: Person): RecordingTrack
  /** Throws NOTE_BEYOND_END. */
  write(id: number, note: WriteRecordingNote, author: Person): RecordingNote
  close(): Promise<void>
}

export function createListening(deps: ListeningDeps): Listening {
  const { recordings, waveforms, notes, nameOf } = deps
  const viewOf = ({ id, atMs, text, authorId, createdAt }: NoteRow): RecordingNote => ({
    id,
    atMs,
    text,
    authorName: nameOf(authorId),
    createdAt,
  })
  return {
    async waveform(id, points, viewer) {
      const { bucketMs, sides, levels } = reducePeaks(
        await waveforms.of(recordings.stored(id, viewer)),
        points ?? MOST_BUCKETS,
      )
      return {
        bucketMs,
        sides,
        levels: Buffer.from(levels.buffer, levels.byteOffset, levels.byteLength).toString('base64'),
      }
    },
    track(id, viewer) {
      const stored = recordings.stored(id, viewer)
      return {
        // A message is no part of the call's course: it was spoken to nobody.
        stretches: stored.kind === 'voicemail' ? [] : trackOf(stored, deps.courseOf(stored.callId)),
        // Consultations are recordings of their own, and neither masked nor listened to.
        marks: stored.kind === 'call' ? marksOf(stored, deps.marksOf(stored.callId)) : [],
        notes: notes.ofRecording(id).map(viewOf),
      }
    },
    write(id, { atMs, text }, author) {
      const { durationMs, callId } = recordings.stored(id, author)
      if (atMs > (durationMs ?? 0)) throw new AppError('invalid', 'NOTE_BEYOND_END', 'the sound ends before')
      return deps.transaction(() => {
        const createdAt = deps.now().toISOString()
        const row = notes.add({ recordingId: id, atMs, text: text.trim(), authorId: author.id, createdAt })
        deps.audit(author.id, 'recording.noted', `recording:${String(id)}`, {
          callId,
          noteId: row.id,
          atMs,
          textSha256: createHash('sha256').update(row.text).digest('hex'),
        })
        return viewOf(row)
      })
    },
    close: () => waveforms.close(),
  }
}
