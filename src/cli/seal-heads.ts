import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readDb } from '../db/open.ts'
import type { ChainName } from '../seals/contract.ts'
import { headName, openKey, type SealPlaces, sealPlaces, writeHead } from '../seals/head-folder.ts'
import { signHead } from '../seals/heads.ts'
import { headOf } from '../seals/service.ts'
import { createSealStore } from '../seals/store.ts'
import type { CommandContext } from './command.ts'

/** Where a copy's key and signed heads are. */
export function placesOf({ dataDir, environment, home }: CommandContext): SealPlaces {
  const { SEAL_KEY_FILE: keyFile = '' } = environment
  return sealPlaces(dataDir, keyFile === '' ? null : resolve(home, keyFile))
}

/**
 * Signs the chains of a database file: beside a backup, or among the copy's heads where a backup was put in place. Answers the file;
 * null where this copy has no key to sign with.
 */
export function signHeadOf(
  database: string,
  places: SealPlaces,
  what: { readonly beside: string } | { readonly restoredFrom: Readonly<Record<ChainName, number>> },
): string | null {
  if (!existsSync(places.keyFile)) return null
  const at = new Date()
  const { headsDir } = places
  const db = readDb(database)
  try {
    const store = db.hasTable('recording_seals') ? createSealStore(db) : undefined
    const restored = 'restoredFrom' in what ? { restoredFrom: what.restoredFrom } : {}
    const path =
      'beside' in what ? `${what.beside}.head.json` : ownPath(join(headsDir, headName(at, 'restored')))
    writeHead(path, signHead(headOf(store, { at, headsDir, ...restored }), openKey(places)))
    return path
  } finally {
    db.close()
  }
}

/** Two restores in one second are two, and the database is in place by then. */
function ownPath(path: string): string {
  let own = path
  for (let nth = 2; existsSync(own); nth += 1) own = path.replace(/\.json$/, `-${String(nth)}.json`)
  return own
}
