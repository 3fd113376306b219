import type { Journal } from './journal-ami.ts'

/** Requests on their way to the PBX at once: a night's journal must not stand in front of a ringing phone. */
const AT_ONCE = 32
/** As many are taken from the heap at a time, behind one write to the disk. */
const GROUP = 1_000

export interface Acknowledging {
  /** The PBX may forget it. Said again: once more, later, without harm. */
  say(callId: string): void
  /** Resolves when what was said so far is done with, heard by the PBX or not. */
  settled(): Promise<void>
  /** Says nothing more. */
  close(): Promise<void>
}

/**
 * Tells the PBX what it need not keep any more, a few at a time. First the disk must have it: a commit in WAL mode survives the
 * process and not the power (sqlite.org/pragma.html#pragma_synchronous), and what the PBX forgot nobody can replay.
 */
export function createAcknowledging(deps: {
  readonly journal: Pick<Journal, 'forget'>
  /** Resolves when all that was committed so far is on the disk. */
  readonly durable: () => Promise<void>
  readonly log: { info(fields: object, message: string): void }
}): Acknowledging {
  const { journal, durable, log } = deps
  const waiting = new Set<string>()
  let running: Promise<void> | undefined
  let isClosed = false

  async function run(): Promise<void> {
    while (waiting.size > 0 && !isClosed) {
      const group = [...waiting].slice(0, GROUP)
      for (const callId of group) waiting.delete(callId)
      try {
        await durable()
        for (let at = 0; at < group.length && !isAway(); at += AT_ONCE) {
          await Promise.all(group.slice(at, at + AT_ONCE).map((callId) => journal.forget(callId)))
        }
      } catch (err) {
        // Not acknowledged means replayed and acknowledged at the next resync: there is no use in asking on.
        waiting.clear()
        log.info({ err, entries: group.length }, 'journal entries not acknowledged yet')
      }
    }
  }
  const isAway = (): boolean => isClosed

  function say(callId: string): void {
    if (isClosed) return
    waiting.add(callId)
    running ??= run().finally(() => {
      running = undefined
    })
  }

  return {
    say,
    settled: async () => running,
    async close() {
      isClosed = true
      await running
    },
  }
}
