import type { AriClient } from '../asterisk/ari-client.ts'
import { writePlain } from '../platform/open-plain.ts'
import type { RecordingSource } from './collecting.ts'

type Ari = Pick<AriClient, 'storedRecording' | 'deleteStoredRecording' | 'listStoredRecordings'>

/** Recordings of a PBX elsewhere: what lies in its `<spool>/recording` is an ARI stored recording. */
export function createAriSource(ari: Ari): RecordingSource {
  return {
    async fetch(name, to) {
      const stored = await ari.storedRecording(name)
      if (stored === undefined) return false
      await writePlain(to, stored)
      return true
    },
    remove: (name) => ari.deleteStoredRecording(name),
    list: () => ari.listStoredRecordings(),
  }
}
