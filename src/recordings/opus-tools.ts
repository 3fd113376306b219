import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { AppError } from '../platform/errors.ts'
import { mustBePlain } from '../platform/open-plain.ts'
import { SAMPLE_RATE } from './wav-policy.ts'

export type Effort = 0 | 1

/** Makes copies for the archive, and sound of them again. Both throw ARCHIVE_FAILED, or as `openPlain`, and write anew what is at `to`. */
export interface ArchiveCodec {
  /** Of its files, with the dot. */
  readonly suffix: string
  readonly contentType: string
  /** Program and version; null where it is not installed. */
  name(): Promise<string | null>
  /** `effort` 1: with more room than usual, for sound of which the usual made no copy that passes. */
  encode(wav: string, to: string, sides: 1 | 2, effort: Effort): Promise<void>
  /** To a WAV file of the original's kind: 8 kHz, 16 bit. */
  decode(copy: string, to: string): Promise<void>
  /** Ends what is under way, and refuses what comes. */
  close(): void
}

export interface OpusPrograms {
  /** A program with its first arguments. */
  readonly encoder: readonly string[]
  readonly decoder: readonly string[]
  /** An hour's call takes half a minute on one old core. */
  readonly deadlineMs?: number
}

/** kbit/s asked for. With 28 the coder takes 15 to 28, about 24, for two sides; why not less stands in archive-policy.ts. */
const BITRATES = { 1: ['16', '24'], 2: ['28', '40'] } as const
const DEADLINE_MS = 900_000
const WORDS_BYTES = 2_000

/** opus-tools (xiph.org) as child processes of the lowest priority: what they do can wait for every call. */
export function createOpusTools({ encoder, decoder, deadlineMs = DEADLINE_MS }: OpusPrograms): ArchiveCodec {
  const running = new AbortController()
  let name: Promise<string | null> | undefined

  function run(command: readonly string[], args: readonly string[]): Promise<string> {
    const [program = '', ...first] = command
    return new Promise((resolve, reject) => {
      const fail = (why: string, cause?: unknown): void => {
        reject(new AppError('unavailable', 'ARCHIVE_FAILED', `${program}: ${why}`, { cause }))
      }
      const child = spawn(program, [...first, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {}, // neither needs to know anything of this service
        signal: AbortSignal.any([running.signal, AbortSignal.timeout(deadlineMs)]),
        killSignal: 'SIGKILL',
      })
      if (child.pid !== undefined) calm(child.pid)
      let words = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          words = (words + chunk.toString()).slice(-WORDS_BYTES)
        })
      child.on('error', (cause) => {
        fail('it cannot be run, or was ended', cause)
      })
      child.on('close', (code, signal) => {
        if (code === 0) resolve(words)
        else fail(`${signal ?? `exit code ${String(code)}`} ${words.trim()}`)
      })
    })
  }

  return {
    suffix: '.opus',
    contentType: 'audio/ogg; codecs=opus',
    name: () =>
      (name ??= run(encoder, ['--version']).then(
        (words) => words.split('\n')[0]?.trim() ?? '',
        () => null,
      )),
    async encode(wav, to, sides, effort) {
      await mustBePlain(wav)
      await run(encoder, ['--quiet', '--bitrate', BITRATES[sides][effort], '--discard-comments', wav, to])
    },
    async decode(copy, to) {
      await mustBePlain(copy)
      await run(decoder, ['--quiet', '--rate', String(SAMPLE_RATE), '--no-dither', copy, to])
    },
    close() {
      running.abort()
    },
  }
}

function calm(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    // It ended already, or this system knows no priorities.
  }
}
