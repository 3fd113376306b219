import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { addLogged, type LoggedCall, parseQueueLogLine } from './queue-log-policy.ts'
import type { QueueLog, QueueLogPlace } from './service.ts'

/** A file of which the last night is read in one go gives everybody else a turn after so many lines. */
const LINES_PER_TURN = 2_000

/** Reads the PBX's queue_log where this machine sees it. */
export function createQueueLogFile(path: string): QueueLog {
  return {
    async read(place, untilIso) {
      const { ino, size } = await stat(path)
      const file = String(ino)
      // Another file, or the same begun anew: logrotate, or a PBX that was set up again.
      const from = place?.file === file && place.bytes <= size ? place.bytes : 0
      const calls = new Map<string, LoggedCall>()
      let bytes = from
      let lines = 0
      for await (const line of linesOf(path, from)) {
        const logged = parseQueueLogLine(line.text)
        // What is younger is read the next time: its call may not be written down yet.
        if (logged !== undefined && logged.at > untilIso) break
        if (logged !== undefined) addLogged(calls, logged)
        bytes = line.end
        lines += 1
        if (lines % LINES_PER_TURN === 0) await turn()
      }
      return { calls: [...calls.values()], place: { file, bytes } satisfies QueueLogPlace }
    },
  }
}

/** Whole lines, and the byte behind each; the last one may still be being written. */
async function* linesOf(path: string, from: number): AsyncGenerator<{ text: string; end: number }> {
  let rest = Buffer.alloc(0)
  let at = from
  for await (const chunk of createReadStream(path, { start: from }) as AsyncIterable<Buffer>) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10)) {
      at += end + 1
      yield { text: bytes.toString('utf8', 0, end), end: at }
      bytes = bytes.subarray(end + 1)
    }
    rest = Buffer.from(bytes)
  }
}
