import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutMetadata } from '../../src/tickets/picture-metadata.ts'

const SECRET = 'GPS 20.8449N 106.6881E'
const jpegSegment = (marker: number, content: Buffer | string) => {
  const body = Buffer.from(content)
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}
/** EXIF with an orientation among other things, in either byte order. */
const exif = (orientation: number, order: 'II' | 'MM') => {
  const tiff = Buffer.alloc(8 + 2 + 24)
  const short = (value: number, at: number) =>
    order === 'II' ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at)
  const long = (value: number, at: number) =>
    order === 'II' ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at)
  tiff.write(order, 0, 'latin1')
  short(42, 2)
  long(8, 4)
  short(2, 8)
  short(0x010f, 10)
  short(2, 12)
  short(0x0112, 22)
  short(3, 24)
  long(1, 26)
  short(orientation, 30)
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, Buffer.from(SECRET)])
}
const SCAN = Buffer.concat([
  jpegSegment(0xda, 'scan header'),
  Buffer.from([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 5]),
])
const TABLES = jpegSegment(0xdb, 'tables')
const END = Buffer.from([0xff, 0xd9])
const START = Buffer.from([0xff, 0xd8])
const JFIF = jpegSegment(0xe0, 'JFIF\0')
const PROFILE = jpegSegment(0xe2, 'ICC_PROFILE\0colours')
const photo = (orientation: number, order: 'II' | 'MM' = 'II') =>
  Buffer.concat([
    START,
    JFIF,
    jpegSegment(0xe1, exif(orientation, order)),
    jpegSegment(0xe1, `http://ns.adobe.com/xap/1.0/\0<x>${SECRET}</x>`),
    PROFILE,
    jpegSegment(0xe2, `MPF\0${SECRET}`),
    jpegSegment(0xed, `Photoshop 3.0\0${SECRET}`),
    jpegSegment(0xfe, SECRET),
    TABLES,
    SCAN,
    TABLES,
    SCAN,
    END,
    Buffer.from(`second picture ${SECRET}`),
  ])

const pngChunk = (type: string, content: string) => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(Buffer.byteLength(content), 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, Buffer.from(content), Buffer.from([0, 0, 0, 0])])
}
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const png = (...chunks: Buffer[]) =>
  Buffer.concat([PNG, pngChunk('IHDR', 'head'), ...chunks, pngChunk('IDAT', 'pixels'), pngChunk('IEND', '')])

const riffChunk = (type: string, content: Buffer | string) => {
  const body = Buffer.from(content)
  const head = Buffer.alloc(8)
  head.write(type, 0, 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}
const webp = (...chunks: Buffer[]) => riffChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]))
const VP8X = (bits: number) => riffChunk('VP8X', Buffer.from([bits, 0, 0, 0, 9, 0, 0, 9, 0, 0]))

describe('a photograph', () => {
  it('keeps what draws it and nothing of where it was taken', () => {
    expect(withoutMetadata(photo(1), 'image/jpeg')).toEqual(
      Buffer.concat([START, JFIF, PROFILE, TABLES, SCAN, TABLES, SCAN, END]),
    )
  })

  it.each([
    [6, 'II'],
    [8, 'MM'],
    [3, 'MM'],
  ] as const)('that is turned by %i stays turned', (orientation, order) => {
    const clean = withoutMetadata(photo(orientation, order), 'image/jpeg')
    expect(clean?.includes(SECRET)).toBe(false)
    expect(clean?.includes(Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]))).toBe(true)
    // What is cleaned once is clean.
    expect(withoutMetadata(clean ?? START, 'image/jpeg')).toEqual(clean)
  })

  it('that ends early keeps what came', () => {
    const cut = Buffer.concat([START, JFIF, TABLES, SCAN])
    expect(withoutMetadata(cut, 'image/jpeg')).toEqual(Buffer.concat([cut, END]))
  })

  it('that is none is none', () => {
    expect(withoutMetadata(Buffer.concat([START, JFIF, END]), 'image/jpeg')).toBeUndefined()
    expect(withoutMetadata(Buffer.from('no picture'), 'image/jpeg')).toBeUndefined()
    expect(withoutMetadata(Buffer.from('no picture'), 'image/png')).toBeUndefined()
    expect(withoutMetadata(Buffer.from('no picture'), 'image/webp')).toBeUndefined()
  })
})

describe('a PNG and a WebP', () => {
  it('lose their words, times and what is appended', () => {
    const dirty = Buffer.concat([
      png(
        pngChunk('tEXt', SECRET),
        pngChunk('iTXt', SECRET),
        pngChunk('eXIf', SECRET),
        pngChunk('tIME', 'x'),
      ),
      Buffer.from(SECRET),
    ])
    expect(withoutMetadata(dirty, 'image/png')).toEqual(png())
  })

  it('lose EXIF and XMP, and no longer announce them', () => {
    const dirty = Buffer.concat([
      webp(VP8X(0x1c), riffChunk('VP8 ', 'odd'), riffChunk('EXIF', SECRET), riffChunk('XMP ', SECRET)),
      Buffer.from(SECRET),
    ])
    expect(withoutMetadata(dirty, 'image/webp')).toEqual(webp(VP8X(0x10), riffChunk('VP8 ', 'odd')))
  })

  it('of other kinds are left alone', () => {
    const other = Buffer.from('anything')
    expect(withoutMetadata(other, 'image/gif')).toBe(other)
  })
})

describe('a damaged picture', () => {
  it('cut anywhere or with any byte wrong never fails', () => {
    const samples = [
      ['image/jpeg', photo(6)],
      ['image/png', png(pngChunk('tEXt', SECRET))],
      ['image/webp', webp(VP8X(0x1c), riffChunk('EXIF', SECRET))],
    ] as const
    for (const [kind, sample] of samples) {
      for (let length = 0; length <= sample.length; length += 1)
        withoutMetadata(sample.subarray(0, length), kind)
      fc.assert(
        fc.property(fc.nat(sample.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
          const wrong = Buffer.from(sample)
          wrong[at] = byte
          withoutMetadata(wrong, kind)
        }),
        { numRuns: 300 },
      )
    }
  })
})
