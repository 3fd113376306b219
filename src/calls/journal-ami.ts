import { setImmediate as turn } from 'node:timers/promises'
import type { AmiClient } from '../asterisk/ami-client.ts'
import { type JournalEntry, type Overflow, parseJournalEntry, parseOverflow } from './journal-entry.ts'

/** AstDB family of the dialplan's journal (dialplan/journal.conf). */
const FAMILY = 'calls'
/** Where the dialplan counts what it had no room for. */
const OVERFLOW = { Family: 'journal', Key: 'over' } as const
/** A hundred thousand rows take the PBX two seconds; it is given what the link gives a whole resync, but for a margin. */
const LIST_MS = 25_000

/** Rows looked at before anybody else gets a turn. */
export const ROWS_PER_TURN = 2_000

/** One row as it lies in the PBX, read when its turn comes: a long journal must not be read in one go. */
export interface JournalRow {
  readonly callId: string
  readonly value: string
}

/** The journal that the PBX keeps while nobody listens. */
export interface Journal {
  /** In the order of their ids, which is about the order of the calls. */
  all(): Promise<JournalRow[]>
  one(callId: string): Promise<JournalEntry | undefined>
  /** The PBX may forget the row. An id that is none is left alone. */
  forget(callId: string): Promise<void>
  /** What the PBX had no room for since it was last forgotten; undefined if nothing. */
  overflow(): Promise<Overflow | undefined>
  forgetOverflow(): Promise<void>
}

/** One item of the answer to DBGetTree. */
export function rowOfList(fields: Readonly<Record<string, string>>): JournalRow {
  return { callId: (fields['key'] ?? '').replace(/^\/?calls\//, ''), value: fields['val'] ?? '' }
}

/** Reads it over AMI: DBGetTree and DBDel (Asterisk main/db.c, 16.28.0 and later). */
export function createJournal(ami: Pick<AmiClient, 'list' | 'action'>): Journal {
  async function rows(key: Record<string, string>): Promise<JournalRow[]> {
    const items = await ami.list({ Action: 'DBGetTree', Family: FAMILY, ...key }, { timeoutMs: LIST_MS })
    const found: JournalRow[] = []
    for (const { fields } of items) {
      found.push(rowOfList(fields))
      if (found.length % ROWS_PER_TURN === 0) await turn()
    }
    return found
  }
  return {
    all: () => rows({}),
    async one(callId) {
      const row = (await rows({ Key: callId })).find((each) => each.callId === callId)
      return row === undefined ? undefined : parseJournalEntry(callId, row.value)
    },
    forget: async (callId) => {
      await ami.action({ Action: 'DBDel', Family: FAMILY, Key: callId }, { tolerate: true })
    },
    async overflow() {
      const items = await ami.list({ Action: 'DBGetTree', ...OVERFLOW }, { tolerate: true })
      const found = items.find(({ fields }) => fields['key']?.endsWith('journal/over') === true)
      return found === undefined ? undefined : parseOverflow(found.fields['val'] ?? '')
    },
    forgetOverflow: async () => {
      await ami.action({ Action: 'DBDel', ...OVERFLOW }, { tolerate: true })
    },
  }
}
