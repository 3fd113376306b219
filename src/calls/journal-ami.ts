import type { AmiClient } from '../asterisk/ami-client.ts'
import { type JournalEntry, parseJournalEntry } from './journal-entry.ts'

/** AstDB family of the dialplan's journal (dialplan/journal.conf). */
const FAMILY = 'calls'

export interface JournalRow {
  readonly callId: string
  /** Undefined for a row that does not even name its call and time. */
  readonly entry: JournalEntry | undefined
}

/** The journal that the PBX keeps while nobody listens. */
export interface Journal {
  all(): Promise<JournalRow[]>
  one(callId: string): Promise<JournalEntry | undefined>
  /** The PBX may forget the row. An id that is none is left alone. */
  forget(callId: string): Promise<void>
}

/** Reads it over AMI: DBGetTree and DBDel (Asterisk main/db.c, 16.28.0 and later). */
export function createJournal(ami: Pick<AmiClient, 'list' | 'action'>): Journal {
  async function rows(key: Record<string, string>): Promise<JournalRow[]> {
    const items = await ami.list({ Action: 'DBGetTree', Family: FAMILY, ...key })
    return items.map(({ fields }) => {
      const callId = (fields['key'] ?? '').replace(/^\/?calls\//, '')
      return { callId, entry: parseJournalEntry(callId, fields['val'] ?? '') }
    })
  }
  return {
    all: () => rows({}),
    one: async (callId) => (await rows({ Key: callId })).find((row) => row.callId === callId)?.entry,
    forget: async (callId) => {
      await ami.action({ Action: 'DBDel', Family: FAMILY, Key: callId }, { tolerate: true })
    },
  }
}
