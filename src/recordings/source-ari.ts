import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { AriClient } from '../asterisk/ari-client.ts'
import type { RecordingSource } from './collecting.ts'

type Ari = Pick<AriClient, 'storedRecording' | 'deleteStoredRecording' | 'listStoredRecordings'>

/** Recordings of a PBX elsewhere: what lies in its `<spool>/recording` is an ARI stored recording. */
export function createAriSource(ari: Ari): RecordingSource {
  return {
    async fetch(name, to) {
      const stored = await ari.storedRecording(name)
      if (stored === undefined) return false
      await pipeline(stored, createWriteStream(to, { mode: 0o600 }))
      return true
    },
    remove: (name) => ari.deleteStoredRecording(name),
    list: () => ari.listStoredRecordings(),
  }
}
