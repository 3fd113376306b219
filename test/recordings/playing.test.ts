import { createHash } from 'node:crypto'
import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { measurePeaks } from '../../src/recordings/measuring-peaks.ts'
import { createPlayer } from '../../src/recordings/playing.ts'
import { createSealer, type Sealer } from '../../src/recordings/sealer.ts'
import { hashOpened } from '../../src/recordings/sealing.ts'
import { layPipe } from '../support/pipe.ts'

const MIB = 1_024 * 1_024
let folder: string
let sealer: Sealer
let threads: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'playing-'))
  sealer = createSealer()
  threads = []
})
afterEach(async () => {
  await sealer.close()
  rmSync(folder, { recursive: true, force: true })
})

const player = () =>
  createPlayer({
    folder: { path: (file) => join(folder, file) },
    sealer: {
      hash: (path) => {
        threads.push(path)
        return sealer.hash(path)
      },
    },
    now: () => new Date(),
  })

/** A file of so many bytes, the last of them `last`. */
function lay(bytes: number, last = 7): { file: string; sha256: string } {
  const path = join(folder, 'a.wav')
  writeFileSync(path, '')
  truncateSync(path, bytes)
  const content = readFileSync(path)
  content[bytes - 1] = last
  writeFileSync(path, content)
  return { file: 'a.wav', sha256: createHash('sha256').update(content).digest('hex') }
}

const stored = (laid: { file: string; sha256: string }) => ({
  id: 1,
  ...laid,
  contentType: 'audio/wav',
  originalSha256: laid.sha256,
})

describe('the file is held against its seal', () => {
  test.each([
    ['a short call needs no thread', 2 * MIB, false],
    ['an hour of sound is another thread’s work', 8 * MIB + 1, true],
  ])('%s, and another file of the same length is refused', async (_name, bytes, isThread) => {
    const files = player()
    const { opened, first } = await files.open(stored(lay(bytes)), 'lan')
    await opened.handle.close()
    expect({ first, bytes: opened.sizeBytes, threads: threads.length }).toEqual({
      first: true,
      bytes,
      threads: isThread ? 1 : 0,
    })
    const sealed = stored(lay(bytes))
    lay(bytes, 8)
    await expect(files.open(sealed, 'hoa')).rejects.toMatchObject({ code: 'RECORDING_ALTERED' })
  })
})

describe('R060: what is no file is refused, and nobody waits for it', () => {
  test('a pipe: the next recording is heard', async () => {
    const sealed = stored(lay(MIB))
    renameSync(join(folder, 'a.wav'), join(folder, 'b.wav'))
    layPipe(join(folder, 'a.wav'))
    const files = player()
    // More than there are threads that open files.
    const all = await Promise.allSettled(Array.from({ length: 9 }, () => files.open(sealed, 'lan')))
    expect(
      all.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : '')),
    ).toEqual(Array<string>(9).fill('RECORDING_UNREADABLE'))
    const { opened } = await files.open({ ...sealed, file: 'b.wav' }, 'lan')
    await opened.handle.close()
  })

  test('a link, though the bytes behind it are right', async () => {
    const sealed = stored(lay(MIB))
    renameSync(join(folder, 'a.wav'), join(folder, 'b.wav'))
    symlinkSync('b.wav', join(folder, 'a.wav'))
    await expect(player().open(sealed, 'lan')).rejects.toMatchObject({ code: 'RECORDING_UNREADABLE' })
  })

  test('the recordings folder itself may be a link to a larger disk', async () => {
    const sealed = stored(lay(MIB))
    const disk = `${folder}-disk`
    renameSync(folder, disk)
    symlinkSync(disk, folder)
    try {
      const { opened } = await player().open(sealed, 'lan')
      await opened.handle.close()
    } finally {
      rmSync(disk, { recursive: true })
    }
  })

  test('a pipe is not hashed by the thread of what arrives either', async () => {
    layPipe(join(folder, 'a.wav'))
    const path = join(folder, 'a.wav')
    await expect(sealer.hash(path)).rejects.toMatchObject({ code: 'NOT_PLAIN' })
    await expect(sealer.hash(path, { sync: true })).rejects.toMatchObject({ code: 'NOT_PLAIN' })
    await expect(sealer.compare({ original: path, copy: path })).rejects.toMatchObject({ code: 'NOT_PLAIN' })
    const side = { path, dataAt: 0, dataBytes: 2 }
    await expect(sealer.seal({ sides: [side], out: join(folder, 'out') })).rejects.toMatchObject({
      code: 'NOT_PLAIN',
    })
    expect(() => measurePeaks(path)).toThrow(expect.objectContaining({ code: 'NOT_PLAIN' }))
  })
})

test.each([0, 1, 65_535, 65_536, 65_537, 200_001])(
  'an open file of %i bytes hashes as a whole',
  async (bytes) => {
    const path = join(folder, 'b')
    const content = Buffer.from(Array.from({ length: bytes }, (_, at) => (at * 31 + (at >> 8)) & 255))
    writeFileSync(path, content)
    const handle = await open(path, 'r')
    try {
      const sha256 = createHash('sha256').update(content).digest('hex')
      expect(await hashOpened(handle, Buffer.alloc(65_536))).toEqual({ sizeBytes: bytes, sha256 })
    } finally {
      await handle.close()
    }
  },
)
