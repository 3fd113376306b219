import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

/** Moves what is in the write-ahead log into the database, once for each message, without keeping a writer from writing. */
const { path } = workerData as { readonly path: string }
const raw = new Database(path, { fileMustExist: true })
raw.pragma('synchronous = NORMAL')
raw.pragma('busy_timeout = 0') // whoever holds it up is asked again soon

parentPort?.on('message', () => {
  raw.pragma('wal_checkpoint(PASSIVE)')
  parentPort?.postMessage('done')
})
