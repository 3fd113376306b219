/** Pictures whose metadata is known how to take out. HEIC keeps its own: its boxes point into each other. */
const CLEANERS: Readonly<Record<string, (picture: Buffer) => Buffer | undefined>> = {
  'image/jpeg': cleanJpeg,
  'image/png': cleanPng,
  'image/webp': cleanWebp,
}

/**
 * The same picture without where, when and with what it was taken (R038): EXIF, XMP, IPTC, comments and whatever is
 * appended. Of EXIF the orientation stays, or people would see it lying on its side. Undefined for a picture that is
 * none inside; the picture itself for kinds that are left as they are.
 */
export function withoutMetadata(picture: Buffer, mediaType: string): Buffer | undefined {
  return (CLEANERS[mediaType] ?? ((same: Buffer) => same))(picture)
}

const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const APP0 = 0xe0
const APP1 = 0xe1
const APP2 = 0xe2
const APP14 = 0xee
const APP15 = 0xef
const COM = 0xfe

/** JPEG (ITU-T T.81 annex B): segments, each a marker with a length, and the coded data after each start of scan. */
function cleanJpeg(picture: Buffer): Buffer | undefined {
  if (picture[0] !== 0xff || picture[1] !== SOI) return undefined
  const kept: Buffer[] = [picture.subarray(0, 2)]
  let orientation = 1
  let sawScan = false
  let at = 2
  while (at + 4 <= picture.length) {
    if (picture[at] !== 0xff) return undefined
    const marker = picture[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1 // a fill byte
      continue
    }
    if (marker === EOI) break
    const end = at + 2 + picture.readUInt16BE(at + 2)
    if (end > picture.length || end < at + 4) return sawScan ? whole(kept, orientation) : undefined
    const segment = picture.subarray(at, end)
    if (marker === APP1) orientation = orientationOf(segment) ?? orientation
    if (isNeeded(marker, segment)) kept.push(segment)
    at = end
    if (marker === SOS) {
      sawScan = true
      const next = endOfScan(picture, at)
      kept.push(picture.subarray(at, next))
      at = next
    }
  }
  return sawScan ? whole(kept, orientation) : undefined
}

/** All that draws: tables, frames, scans, JFIF, colour profile and Adobe's colour mark. */
function isNeeded(marker: number, segment: Buffer): boolean {
  if (marker === COM) return false
  if (marker < APP0 || marker > APP15) return true
  if (marker === APP2) return segment.subarray(4, 16).toString('latin1') === 'ICC_PROFILE\0'
  return marker === APP0 || marker === APP14
}

/** Coded data ends at the next marker that is neither a stuffed 0xFF nor a restart. */
function endOfScan(picture: Buffer, from: number): number {
  let at = picture.indexOf(0xff, from)
  while (at !== -1 && at + 1 < picture.length) {
    const next = picture[at + 1] ?? 0
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7) && next !== 0xff) return at
    at = picture.indexOf(0xff, at + 1)
  }
  return picture.length
}

function whole(kept: readonly Buffer[], orientation: number): Buffer {
  const [start = Buffer.alloc(0), ...rest] = kept
  const turned = orientation > 1 ? [orientationSegment(orientation)] : []
  return Buffer.concat([start, ...turned, ...rest, Buffer.from([0xff, EOI])])
}

/** Value 1 to 8 of tag 0x0112 in the first directory (Exif 2.32 §4.6.4), or undefined. */
function orientationOf(segment: Buffer): number | undefined {
  const tiff = segment.subarray(10)
  if (segment.subarray(4, 10).toString('latin1') !== 'Exif\0\0' || tiff.length < 8) return undefined
  const order = tiff.toString('latin1', 0, 2)
  if (order !== 'II' && order !== 'MM') return undefined
  const short = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const first = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  if (first + 2 > tiff.length) return undefined
  for (let entry = 0; entry < short(first); entry += 1) {
    const at = first + 2 + entry * 12
    if (at + 12 > tiff.length) return undefined
    if (short(at) !== 0x0112) continue
    const value = short(at + 8)
    return value >= 1 && value <= 8 ? value : undefined
  }
  return undefined
}

/** An EXIF segment that says nothing but how to turn the picture. */
function orientationSegment(orientation: number): Buffer {
  const head = Buffer.from([
    0xff,
    APP1,
    0,
    34,
    ...Buffer.from('Exif\0\0MM', 'latin1'),
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
  ])
  return Buffer.concat([head, Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0])])
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const PNG_TELLING = new Set(['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME'])

/** PNG (W3C PNG §5): chunks of length, type, data and checksum, up to IEND. */
function cleanPng(picture: Buffer): Buffer | undefined {
  if (!picture.subarray(0, 8).equals(PNG_SIGNATURE)) return undefined
  const kept: Buffer[] = [PNG_SIGNATURE]
  let at = 8
  while (at + 12 <= picture.length) {
    const end = at + 12 + picture.readUInt32BE(at)
    const type = picture.toString('latin1', at + 4, at + 8)
    if (end > picture.length) return undefined
    if (!PNG_TELLING.has(type)) kept.push(picture.subarray(at, end))
    if (type === 'IEND') return Buffer.concat(kept)
    at = end
  }
  return undefined
}

/** Bits of VP8X that announce EXIF and XMP. */
const WEBP_TELLING_BITS = 0x0c

/** WebP (RFC 9649 §2): a RIFF file of chunks, each padded to an even length. */
function cleanWebp(picture: Buffer): Buffer | undefined {
  if (picture.toString('latin1', 0, 4) !== 'RIFF' || picture.toString('latin1', 8, 12) !== 'WEBP')
    return undefined
  const kept: Buffer[] = []
  const stop = Math.min(picture.length, 8 + picture.readUInt32LE(4))
  let at = 12
  while (at + 8 <= stop) {
    const sizeBytes = picture.readUInt32LE(at + 4)
    const end = at + 8 + sizeBytes + (sizeBytes % 2)
    const type = picture.toString('latin1', at, at + 4)
    if (end > picture.length) return undefined
    const chunk = Buffer.from(picture.subarray(at, end))
    if (type === 'VP8X' && chunk.length > 8) chunk[8] = (chunk[8] ?? 0) & ~WEBP_TELLING_BITS
    if (type !== 'EXIF' && type !== 'XMP ') kept.push(chunk)
    at = end
  }
  if (kept.length === 0) return undefined
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...kept])
  const head = Buffer.alloc(8)
  head.write('RIFF', 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}
