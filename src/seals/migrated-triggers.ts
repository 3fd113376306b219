import { openDb } from '../db/open.ts'
import { createWitnessStore } from './witness-store.ts'

/** The triggers of a database that nothing but the migrations made. */
export function migratedTriggers(migrationsDir: string): ReadonlyMap<string, string> {
  const fresh = openDb(':memory:', migrationsDir)
  try {
    return createWitnessStore(fresh).triggers()
  } finally {
    fresh.close()
  }
}
