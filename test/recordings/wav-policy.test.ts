import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  HEAD_BYTES,
  interleave,
  peakOf,
  readWav,
  wavHeader,
  type WavLayout,
} from '../../src/recordings/wav-policy.ts'
import { monoWav, tone, toneLevels, unclosedWav } from '../support/tone.ts'

const SOUND = monoWav(tone(440, 100))
const read = (bytes: Buffer): WavLayout => readWav(bytes.subarray(0, HEAD_BYTES), bytes.length)

/** A chunk of another programme between format and sound. */
function withChunk(id: string, size: number): Buffer {
  const chunk = Buffer.alloc(8 + size)
  chunk.write(id, 0, 'latin1')
  chunk.writeUInt32LE(size, 4)
  const bytes = Buffer.concat([SOUND.subarray(0, 36), chunk, SOUND.subarray(36)])
  bytes.writeUInt32LE(bytes.length - 8, 4)
  return bytes
}

function patched(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(SOUND)
  change(bytes)
  return bytes
}

describe('readWav', () => {
  test('finds the sound of a file the PBX has closed', () => {
    expect(read(SOUND)).toEqual({ type: 'sound', dataAt: 44, dataBytes: 1_600 })
  })

  test('finds the sound behind a chunk it does not know', () => {
    expect(read(withChunk('LIST', 10))).toEqual({ type: 'sound', dataAt: 62, dataBytes: 1_600 })
  })

  test('knows a file that is still being written', () => {
    expect(read(unclosedWav(tone(440, 100)))).toEqual({ type: 'unclosed', dataAt: 44, dataBytes: 1_600 })
    const odd = Buffer.concat([unclosedWav(tone(440, 100)), Buffer.of(1)])
    expect(read(odd)).toEqual({ type: 'unclosed', dataAt: 44, dataBytes: 1_600 })
  })

  test('takes a closed file without a sample as whole', () => {
    expect(read(monoWav(new Int16Array()))).toEqual({ type: 'sound', dataAt: 44, dataBytes: 0 })
  })

  test.each([
    ['nothing at all', Buffer.alloc(0), 'zeroBytes'],
    ['half a header', SOUND.subarray(0, 30), 'notWav'],
    ['another kind of file', Buffer.from('<html>the share says no</html>'), 'notWav'],
    ['sound before its format', patched((bytes) => bytes.write('junk', 12, 'latin1')), 'notWav'],
    ['a chunk that claims four gigabytes', withChunk('LIST', 8).fill(0xff, 40, 44), 'notWav'],
    ['a huge claim of sound', patched((bytes) => bytes.writeUInt32LE(0xffff_fffe, 40)), 'cutShort'],
    ['an end that was cut off', SOUND.subarray(0, SOUND.length - 2), 'cutShort'],
    ['half a sample', patched((bytes) => bytes.writeUInt32LE(1_599, 40)), 'oddSize'],
    ['more than its header says', Buffer.concat([SOUND, Buffer.alloc(7)]), 'sizesDiffer'],
    ['stereo', patched((bytes) => bytes.writeUInt16LE(2, 22)), 'otherFormat'],
    ['16 kHz', patched((bytes) => bytes.writeUInt32LE(16_000, 24)), 'otherFormat'],
    ['8 bits', patched((bytes) => bytes.writeUInt16LE(8, 34)), 'otherFormat'],
    ['a-law', patched((bytes) => bytes.writeUInt16LE(6, 20)), 'otherFormat'],
  ])('refuses %s', (_, bytes, reason) => {
    expect(read(bytes)).toEqual({ type: 'damaged', reason })
  })

  test('a file cut anywhere is never taken for a whole one, and never throws', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: SOUND.length - 1 }), (cut) => {
        expect(read(SOUND.subarray(0, cut)).type).toBe('damaged')
      }),
    )
  })

  test('whatever the bytes, the sound it finds lies inside the file', () => {
    const mixed = fc
      .tuple(fc.integer({ min: 0, max: 48 }), fc.uint8Array({ maxLength: 64 }))
      .map(([at, bytes]) => Buffer.concat([SOUND.subarray(0, at), bytes, SOUND.subarray(at + bytes.length)]))
    fc.assert(
      fc.property(mixed, (bytes) => {
        const layout = read(bytes)
        if (layout.type === 'damaged') return
        expect(layout.dataBytes % 2).toBe(0)
        expect(layout.dataAt + layout.dataBytes).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('wavHeader', () => {
  test('tells players the length', () => {
    const header = Buffer.from(wavHeader(2, 8_000))
    expect(header.readUInt32LE(4)).toBe(36 + 32_000)
    expect(header.readUInt16LE(22)).toBe(2)
    expect(header.readUInt32LE(28)).toBe(32_000)
    expect(header.readUInt32LE(40)).toBe(32_000)
  })

  test('refuses what no WAV file can hold', () => {
    expect(() => wavHeader(2, 0x4000_0000)).toThrow(RangeError)
  })
})

describe('interleave', () => {
  test('puts the citizen left, the operator right, and silence after the shorter one', () => {
    expect([...interleave(Int16Array.of(1, 2, 3), Int16Array.of(-1))]).toEqual([1, -1, 2, 0, 3, 0])
    expect([...interleave(Int16Array.of(), Int16Array.of(5, 6))]).toEqual([0, 5, 0, 6])
  })
})

test('peakOf measures the most negative sample too', () => {
  expect(peakOf(Int16Array.of(3, -32_768, 9))).toBe(32_768)
  expect(peakOf(new Int16Array())).toBe(0)
})

test('toneLevels tells 440 Hz from 880 Hz', () => {
  const [low = 0, high = 1] = toneLevels(tone(440, 1_000), 8_000, [440, 880])
  expect(low).toBeCloseTo(0.5, 2)
  expect(high).toBeLessThan(0.001)
})
