import { type PdfSignature } from './contract.ts'

/** ISO 32000-1, 12.8.1: a signature dictionary names what it covers as two ranges, the gap being the signature itself. */
const BYTE_RANGE =
  /\/ByteRange\s{0,20}\[\s{0,20}(\d{1,9})\s{1,20}(\d{1,9})\s{1,20}(\d{1,9})\s{1,20}(\d{1,9})\s{0,20}\]/g
const IS_SIGNATURE = /\/(?:Type|FT)\s{0,20}\/Sig\b/

/**
 * Does a PDF carry an embedded digital signature (Đ17.6, R099)? Tells that one is there and what it covers; certificates are not
 * verified, and nobody may read it as such.
 */
export function pdfSignature(file: Buffer): PdfSignature {
  // Hardly any has one: the search in the bytes is far cheaper than making a text of twenty megabytes.
  if (!file.includes('/ByteRange')) return 'none'
  const text = file.toString('latin1')
  if (!IS_SIGNATURE.test(text)) return 'none'
  let found: PdfSignature = 'none'
  for (const [, ...numbers] of text.matchAll(BYTE_RANGE)) {
    const [start = 0, length = 0, next = 0, rest = 0] = numbers.map(Number)
    if (start !== 0 || length === 0 || next <= length || next + rest > file.length) continue
    // Line ends after the last mark belong to nobody.
    if (text.slice(next + rest).trim() === '') return 'whole'
    found = 'partly'
  }
  return found
}
