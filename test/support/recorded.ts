import { once } from 'node:events'
import { watch } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HEADER_BYTES } from '../../src/recordings/wav-policy.ts'
import { type TestPbx } from './pbx.ts'
import { toneLevels } from './tone.ts'

const RATE = 8_000

/** A mono file as the PBX left it in its recording folder. */
export interface Recorded {
  readonly seconds: number
  /** How loud a frequency is in the last seconds, as the amplitude of a sine. */
  readonly level: (hertz: number, lastSeconds: number) => number
}

/** Reads one side of a recording, `call-<id>-citizen` for one, whether or not its header was finished. */
export async function readRecorded(pbx: TestPbx, name: string): Promise<Recorded> {
  const bytes = await readFile(join(pbx.recordingDir, `${name}.wav`))
  const count = Math.max(0, Math.floor((bytes.length - HEADER_BYTES) / 2))
  const samples = Int16Array.from({ length: count }, (_, at) => bytes.readInt16LE(HEADER_BYTES + at * 2))
  return {
    seconds: count / RATE,
    level: (hertz, lastSeconds) => toneLevels(samples.slice(-lastSeconds * RATE), RATE, [hertz])[0] ?? 0,
  }
}

/** Resolves when a file being recorded holds so many seconds more than now. The PBX writes blocks of 32 kB, 2 s of sound. */
export async function hearMore(pbx: TestPbx, name: string, seconds: number): Promise<void> {
  const file = `${name}.wav`
  const size = async (): Promise<number> =>
    (await stat(join(pbx.recordingDir, file)).catch(() => ({ size: 0 }))).size // not begun yet
  const folder = watch(pbx.recordingDir)
  const signal = AbortSignal.timeout(15_000)
  try {
    const wanted = (await size()) + seconds * RATE * 2
    while ((await size()) < wanted) await once(folder, 'change', { signal })
  } finally {
    folder.close()
  }
}
