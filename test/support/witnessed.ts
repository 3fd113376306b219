import { readDb } from '../../src/db/open.ts'
import { createSealStore } from '../../src/seals/store.ts'
import { createWitnesses } from '../../src/seals/witnesses.ts'

/** What the audit log of a database and its masks, holds, notes and requests say of each other that does not fit. */
export function unwitnessed(databasePath: string): string[] {
  const db = readDb(databasePath)
  try {
    const store = createSealStore(db)
    const witnesses = createWitnesses()
    for (const line of store.lines(0, 100_000)) witnesses.hear(line)
    return witnesses
      .against(store.evidenceRows())
      .map(({ code, subject, detail }) => `${code} ${subject} ${detail}`)
  } finally {
    db.close()
  }
}
