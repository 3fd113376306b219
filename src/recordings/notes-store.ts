import { asc, eq } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { recordingNotes } from './tables.ts'

export type NoteRow = typeof recordingNotes.$inferSelect
export type NoteStore = ReturnType<typeof createNoteStore>

/** Notes at moments of recordings. */
export function createNoteStore({ orm }: Pick<Db, 'orm'>) {
  return {
    add: (note: Omit<NoteRow, 'id'>): NoteRow => orm.insert(recordingNotes).values(note).returning().get(),
    /** In the order of their moments. */
    ofRecording: (recordingId: number): NoteRow[] =>
      orm
        .select()
        .from(recordingNotes)
        .where(eq(recordingNotes.recordingId, recordingId))
        .orderBy(asc(recordingNotes.atMs), asc(recordingNotes.id))
        .all(),
  }
}
