import { EventEmitter, once } from 'node:events'
import { type FSWatcher, watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AmiMessage } from '../../src/cli/ami-lines.ts'
import { type TestPbx } from './pbx.ts'

const PATIENCE_MS = 20_000

/** Everything a PBX tells, kept from the start of the watch: a test may ask late and misses nothing. */
export interface PbxWatch {
  /** The first event that fits, come or to come. `after` passes over those seen up to a mark. */
  readonly event: (fits: (event: AmiMessage) => boolean, options?: WatchOptions) => Promise<AmiMessage>
  /** The dialplan's own event of a call: `intake`, `queued`, `connected`, `callback`, `voicemail`, `dialout`, `ended`. */
  readonly stage: (call: string, stage: string, options?: WatchOptions) => Promise<AmiMessage>
  /** Id of the call that came in from a number, or went out to it. */
  readonly callOf: (number: string) => Promise<string>
  /** The journal's row of a call, decoded. */
  readonly row: (call: string) => Promise<URLSearchParams>
  /** The journal's row once the call is over. */
  readonly finalRow: (call: string) => Promise<URLSearchParams>
  /** The channel of a call, as the log names it. */
  readonly channelOf: (call: string) => Promise<string>
  /** Resolves when the log has a line that fits; needs a PBX with `verbosity: 3`. */
  readonly logged: (pattern: RegExp) => Promise<string>
  /** Resolves when a sound is played to a call. */
  readonly played: (call: string, sound: string) => Promise<void>
  /** What was said so far is passed over by `after`. */
  readonly mark: () => number
  readonly stop: () => void
}

interface WatchOptions {
  readonly after?: number
  readonly withinMs?: number
}

/** Watches a PBX from now on; a restarted one needs a new watch. */
export function watchPbx(pbx: TestPbx): PbxWatch {
  const seen: AmiMessage[] = []
  const told = new EventEmitter<{ event: []; log: [] }>().setMaxListeners(100)
  const off = pbx.look().onEvent((event) => {
    seen.push(event)
    told.emit('event')
  })
  const logFile = join(pbx.root, 'log/full.log')
  let follower: FSWatcher | undefined

  async function until<T>(
    what: string,
    name: 'event' | 'log',
    look: () => T | undefined | Promise<T | undefined>,
    withinMs = PATIENCE_MS,
  ): Promise<T> {
    const signal = AbortSignal.timeout(withinMs)
    for (;;) {
      const next = once(told, name, { signal })
      next.catch(() => undefined) // found before it came
      const found = await look()
      if (found !== undefined) return found
      await next.catch((cause: unknown) => {
        throw new Error(`waited in vain for ${what}`, { cause })
      })
    }
  }

  const event: PbxWatch['event'] = (fits, { after = 0, withinMs } = {}) =>
    until(fits.toString(), 'event', () => seen.slice(after).find(fits), withinMs)

  const hotline = (fits: (event: AmiMessage) => boolean, options?: WatchOptions): Promise<AmiMessage> =>
    event((one) => one['UserEvent'] === 'Hotline' && fits(one), options)

  const stage: PbxWatch['stage'] = (call, name, options) =>
    hotline((one) => one['Call'] === call && one['Stage'] === name, options)

  const row = async (call: string): Promise<URLSearchParams> =>
    new URLSearchParams((await pbx.journal()).get(call) ?? '')

  async function logged(pattern: RegExp): Promise<string> {
    follower ??= watch(logFile, () => told.emit('log'))
    return until(String(pattern), 'log', async () => pattern.exec(await readFile(logFile, 'utf8'))?.[0])
  }

  const channelOf = async (call: string): Promise<string> => {
    const first = await hotline((one) => one['Call'] === call && one['Channel'] !== undefined)
    return first['Channel'] ?? ''
  }

  return {
    event,
    stage,
    row,
    logged,
    channelOf,
    callOf: async (number) => {
      const encoded = encodeURIComponent(number)
      const first = await hotline(
        (one) =>
          (one['Stage'] === 'intake' && one['From'] === encoded) ||
          (one['Stage'] === 'dialout' && one['To'] === encoded),
      )
      return first['Call'] ?? ''
    },
    finalRow: async (call) => {
      await stage(call, 'ended')
      return row(call)
    },
    played: async (call, sound) => {
      const channel = await channelOf(call)
      await logged(new RegExp(`<${channel}> Playing '${sound}\\.`))
    },
    mark: () => seen.length,
    stop: () => {
      off()
      follower?.close()
    },
  }
}
