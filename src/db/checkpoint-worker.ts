import { workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { serveThread } from '../platform/serve-thread.ts'

/** Moves what is in the write-ahead log into the database, once for each message, without keeping a writer from writing. */
const { path } = workerData as { readonly path: string }
const raw = new Database(path, { fileMustExist: true })
raw.pragma('synchronous = NORMAL')
raw.pragma('busy_timeout = 0') // whoever holds it up is asked again soon

serveThread(() => {
  raw.pragma('wal_checkpoint(PASSIVE)')
})
