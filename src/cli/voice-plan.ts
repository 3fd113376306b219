import { createHash } from 'node:crypto'
import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { checkWav, isPlayable } from './wav-file.ts'

/** One sound the PBX needs, and where it comes from. `name` is its path without extension. */
export interface PlannedSound {
  readonly name: string
  readonly source:
    | { readonly type: 'spoken'; readonly text: string }
    | { readonly type: 'recorded'; readonly path: string; readonly convert: boolean }
  /** Same content, same hash: what is in the cache under it need not be made again. */
  readonly hash: string
}

/** Every sound of a folder, with what was found wrong in the recordings dropped into it. */
export interface VoicePlan {
  readonly sounds: readonly PlannedSound[]
  readonly problems: readonly string[]
}

/** How texts are spoken; part of every hash, so a change speaks them all anew. */
export const SPEECH = { voice: 'vi', wordsPerMinute: 165, pitch: 45 } as const

/**
 * Reads a folder of texts (`<name>.txt`) and recordings (`<name>.wav`). A recording takes its text's place;
 * one of another rate is converted, a damaged one is reported and the text spoken instead.
 */
export async function planVoices(folder: string): Promise<VoicePlan> {
  const entries = (await readdir(folder, { recursive: true })).sort()
  const names = new Set(entries.flatMap((entry) => /^(.+)\.(?:txt|wav)$/.exec(entry)?.[1] ?? []))
  const sounds: PlannedSound[] = []
  const problems: string[] = []
  for (const name of names) {
    const text = await readText(join(folder, `${name}.txt`))
    const recording = await planRecording(name, join(folder, `${name}.wav`))
    if (recording?.type === 'sound') {
      sounds.push(recording.sound)
      continue
    }
    if (recording !== undefined) {
      const instead = text === undefined ? 'nothing is played' : 'the spoken text is played instead'
      problems.push(`${name}.wav cannot be used: ${recording.reason}; ${instead}`)
    }
    if (text !== undefined) {
      sounds.push({ name, source: { type: 'spoken', text }, hash: hashOf(JSON.stringify([SPEECH, text])) })
    }
  }
  return { sounds, problems }
}

/** Version of a recording notice, kept with every call: it changes exactly when what people hear changes. */
export function noticeVersion(plan: VoicePlan, name: 'notice' | 'notice-out'): string {
  const notice = plan.sounds.find((sound) => sound.name === name)
  if (notice === undefined) {
    throw new AppError(
      'invalid',
      'NOTICE_MISSING',
      `The prompts have no recording notice (${name}.txt or ${name}.wav)`,
    )
  }
  return `n-${notice.hash.slice(0, 8)}`
}

/** Short name of some content. */
export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 20)
}

async function readText(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text?.normalize('NFC').trim() || undefined
}

async function planRecording(
  name: string,
  path: string,
): Promise<{ type: 'sound'; sound: PlannedSound } | { type: 'damaged'; reason: string } | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return undefined
  const bytes = await readFile(path)
  const check = checkWav(bytes)
  if (check.type === 'damaged') return check
  return {
    type: 'sound',
    sound: { name, source: { type: 'recorded', path, convert: !isPlayable(check) }, hash: hashOf(bytes) },
  }
}
