import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createPlayer } from '../../src/recordings/playing.ts'
import { createSealer, type Sealer } from '../../src/recordings/sealer.ts'
import { hashOpened } from '../../src/recordings/sealing.ts'

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
