import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSealer, type Sealer } from '../../src/recordings/sealer.ts'
import { seal, type SoundFile } from '../../src/recordings/sealing.ts'
import { monoWav, stereoSides, tone, toneLevels } from '../support/tone.ts'

let folder: string
let sealer: Sealer | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seal-'))
})
afterEach(async () => {
  await sealer?.close()
  sealer = undefined
  rmSync(folder, { recursive: true, force: true })
})

function file(name: string, samples: Int16Array): SoundFile {
  const path = join(folder, name)
  writeFileSync(path, monoWav(samples))
  return { path, dataAt: 44, dataBytes: samples.byteLength }
}

describe('seal', () => {
  test('puts the citizen left and the operator right, through many blocks', () => {
    const out = join(folder, 'out.wav')
    const sealed = seal({ sides: [file('a', tone(440, 20_000)), file('b', tone(880, 9_000))], out })
    const bytes = readFileSync(out)
    expect(sealed).toMatchObject({
      durationMs: 20_000,
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    const { left, right } = stereoSides(bytes)
    expect(left).toEqual(tone(440, 20_000))
    expect(right.subarray(0, 72_000)).toEqual(tone(880, 9_000))
    expect(right.subarray(72_000).every((sample) => sample === 0)).toBe(true)
    expect(sealed.peaks.map((peak) => peak > 16_000)).toEqual([true, true])
  })

  test('a side that is missing is silent', () => {
    const out = join(folder, 'out.wav')
    expect(seal({ sides: [null, file('b', tone(880, 500))], out }).peaks).toEqual([0, expect.any(Number)])
    const { left, right } = stereoSides(readFileSync(out))
    expect(left.every((sample) => sample === 0)).toBe(true)
    expect(toneLevels(right, 8_000, [880])[0]).toBeCloseTo(0.5, 1)
  })

  test('a message keeps its one side', () => {
    const out = join(folder, 'out.wav')
    seal({ sides: [file('a', tone(440, 500))], out })
    expect(readFileSync(out)).toEqual(monoWav(tone(440, 500)))
  })

  test('gives the same bytes each time', () => {
    const sides = [file('a', tone(440, 700)), file('b', tone(880, 600))] as const
    const [one, two] = ['one', 'two'].map((name) => seal({ sides, out: join(folder, name) }))
    expect(one).toEqual(two)
  })

  test('leaves a file that shrinks under it', () => {
    const source = { ...file('a', tone(440, 100)), dataBytes: 4_000 }
    expect(() => seal({ sides: [source], out: join(folder, 'out.wav') })).toThrow('shorter')
  })
})

describe('createSealer', () => {
  test('works in a thread and passes on what the file system said', async () => {
    sealer = createSealer()
    const out = join(folder, 'out.wav')
    const sealed = await sealer.seal({ sides: [file('a', tone(440, 300)), null], out })
    expect(await sealer.hash(out)).toEqual({ sizeBytes: sealed.sizeBytes, sha256: sealed.sha256 })
    await expect(sealer.hash(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' })
    const full = sealer.seal({ sides: [file('a', tone(440, 300))], out: '/dev/full' })
    await expect(full).rejects.toMatchObject({ code: 'ENOSPC' })
  })

  test('starts anew after its thread has ended from lack of work', async () => {
    sealer = createSealer({ idleMs: 0 })
    const { path } = file('a', tone(440, 300))
    const first = await sealer.hash(path)
    for (let i = 0; i < 5; i += 1) expect(await sealer.hash(path)).toEqual(first)
  })

  test('survives its thread, and says which job did not', async () => {
    const program = join(folder, 'crash.mjs')
    writeFileSync(
      program,
      "import { parentPort } from 'node:worker_threads'\nparentPort.on('message', () => { throw new Error('out of memory') })\n",
    )
    sealer = createSealer({ program: new URL(`file://${program}`) })
    await expect(sealer.hash('x')).rejects.toMatchObject({ code: 'SEALER_FAILED' })
    await expect(sealer.hash('x')).rejects.toMatchObject({ code: 'SEALER_FAILED' })
  })

  test('refuses work once closed, and gives up what waits', async () => {
    sealer = createSealer()
    const waiting = expect(sealer.hash('/dev/zero')).rejects.toMatchObject({ code: 'SEALER_FAILED' })
    await sealer.close()
    await waiting
    await expect(sealer.hash('x')).rejects.toMatchObject({ code: 'SEALER_CLOSED' })
  })
})
