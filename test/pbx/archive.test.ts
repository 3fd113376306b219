import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { currentEnvironment } from '../../src/cli/environment.ts'
import { type OpusTools, provisionAsterisk } from '../../src/cli/provision-asterisk.ts'
import { faultOf } from '../../src/recordings/archive-policy.ts'
import { compareCopy } from '../../src/recordings/comparing.ts'
import { createOpusTools } from '../../src/recordings/opus-tools.ts'
import { createRig } from '../support/recording-rig.ts'
import { talk } from '../support/talk.ts'
import { monoWav, stereoWav } from '../support/tone.ts'

const SECONDS = 20

let folder: string
let opus: OpusTools
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'opus-'))
  ;({ opus } = await provisionAsterisk({ environment: currentEnvironment(), progress: () => undefined }))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const at = (name: string): string => join(folder, name)

async function copied(wav: Buffer, sides: 1 | 2) {
  const codec = createOpusTools(opus)
  writeFileSync(at('original.wav'), wav)
  await codec.encode(at('original.wav'), at('copy.opus'), sides, 0)
  await codec.decode(at('copy.opus'), at('decoded.wav'))
  return compareCopy({ original: at('original.wav'), copy: at('decoded.wav') })
}

describe('R060: opus-tools', () => {
  test('make of two sides a copy that stands for them, of about a tenth of the size', async () => {
    const wav = stereoWav(talk(SECONDS, 0), talk(SECONDS, 1))
    const measured = await copied(wav, 2)
    expect(measured).toMatchObject({
      sides: 2,
      copySides: 2,
      frames: SECONDS * 8_000,
      copyFrames: SECONDS * 8_000,
    })
    if (measured === null) throw new Error('nothing measured')
    expect(faultOf(measured)).toBeNull()
    const kbits = (statSync(at('copy.opus')).size * 8) / SECONDS / 1_000
    expect(kbits).toBeGreaterThan(8)
    expect(kbits).toBeLessThan(32)
    expect(readFileSync(at('copy.opus')).subarray(0, 4).toString()).toBe('OggS')
  })

  test('make of a message a copy that stands for it', async () => {
    const measured = await copied(monoWav(talk(SECONDS, 0)), 1)
    expect(measured).toMatchObject({ sides: 1, copySides: 1 })
    if (measured === null) throw new Error('nothing measured')
    expect(faultOf(measured)).toBeNull()
  })

  test('say who they are, and nothing where they are not', async () => {
    expect(await createOpusTools(opus).name()).toMatch(/opus-tools/)
    expect(await createOpusTools({ encoder: [at('none')], decoder: [at('none')] }).name()).toBeNull()
  })

  test('that are killed, or find no room, fail in words', async () => {
    writeFileSync(at('original.wav'), stereoWav(talk(60, 0), talk(60, 1)))
    // A file may not grow beyond 8 blocks: the system ends whoever writes on (SIGXFSZ).
    const cramped = createOpusTools({
      ...opus,
      encoder: ['/bin/sh', '-c', 'ulimit -f 8; exec "$@"', 'sh', ...opus.encoder],
    })
    await expect(cramped.encode(at('original.wav'), at('cramped.opus'), 2, 0)).rejects.toMatchObject({
      code: 'ARCHIVE_FAILED',
    })
    const hurried = createOpusTools({ ...opus, deadlineMs: 1 })
    await expect(hurried.encode(at('original.wav'), at('hurried.opus'), 2, 0)).rejects.toMatchObject({
      code: 'ARCHIVE_FAILED',
    })
    const closed = createOpusTools(opus)
    closed.close()
    await expect(closed.encode(at('original.wav'), at('closed.opus'), 2, 0)).rejects.toMatchObject({
      code: 'ARCHIVE_FAILED',
    })
  })
})

test('R060: a night makes copies of what was recorded, each with its link', async () => {
  const rig = createRig({ codec: createOpusTools(opus) })
  rig.call('c1')
  rig.files.set('call-c1-citizen', monoWav(talk(SECONDS, 0)))
  rig.files.set('call-c1-operator', monoWav(talk(SECONDS, 1)))
  await rig.recordings.collect('c1')
  rig.pass(3_600_000)
  expect(await rig.recordings.archive.run()).toEqual({ copied: 1, unfit: 0, failed: 0, rest: null })
  const { archive } = rig.row('c1')
  expect(archive?.codec).toMatch(/opus-tools/)
  expect(archive?.likeness).toHaveLength(2)
  expect(rig.seals.fits(1)).toBe(true)
  expect(rig.filed()).toEqual(['2026/03/02/call-c1-1.opus', '2026/03/02/call-c1-1.wav'])
  await rig.close()
})
