import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWaveforms, type Waveforms } from '../../src/recordings/waveforms.ts'
import { layPipe } from '../support/pipe.ts'
import { monoWav, tone } from '../support/tone.ts'

const SHA = 'a'.repeat(64)
const STORED = { id: 7, file: 'call.wav', sha256: SHA, contentType: 'audio/wav', originalSha256: SHA }

let root: string
let waveforms: Waveforms
let warnings: string[]
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'waveforms-'))
  mkdirSync(join(root, 'kept/0'), { recursive: true })
  writeFileSync(join(root, 'call.wav'), monoWav(tone(440, 100)))
  warnings = []
  waveforms = createWaveforms({
    folder: join(root, 'kept'),
    pathOf: (file) => join(root, file),
    decode: () => Promise.reject(new Error('it is a WAV already')),
    log: { warn: (_, message) => warnings.push(message) },
  })
})
afterEach(async () => {
  await waveforms.close()
  rmSync(root, { recursive: true, force: true })
})

test('a waveform is measured once and kept', async () => {
  const measured = await waveforms.of(STORED)
  expect(measured.sides).toBe(1)
  rmSync(join(root, 'call.wav'))
  expect(await waveforms.of(STORED)).toEqual(measured)
})

test('what somebody laid in its place is neither waited for, nor read or written through', async () => {
  const kept = join(root, 'kept/0/7.peaks')
  const victim = join(root, 'somebody-elses')
  writeFileSync(victim, 'theirs')
  layPipe(kept)
  symlinkSync(victim, `${kept}.new`)
  await waveforms.of(STORED)
  expect(lstatSync(kept).isFile()).toBe(true)
  expect(readFileSync(victim, 'utf8')).toBe('theirs')
  expect(warnings).toEqual([])
})
