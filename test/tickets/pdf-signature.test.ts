import { describe, expect, it } from 'vitest'
import { pdfSignature } from '../../src/tickets/pdf-signature.ts'

const SIGNATURE = '<30820100>'

/** A file with a signature over everything but the signature itself, as a signing tool leaves it. */
function signed(after = ''): Buffer {
  const dictionary = (range: string): string =>
    `%PDF-1.7\n1 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [${range}] /Contents `
  const tail = ' >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n'
  const pad = (numbers: readonly number[]): string => numbers.map((n) => String(n).padStart(9, '0')).join(' ')
  const start = dictionary(pad([0, 0, 0, 0])).length
  const end = start + SIGNATURE.length
  return Buffer.from(dictionary(pad([0, start, end, tail.length])) + SIGNATURE + tail + after, 'latin1')
}

describe('R099 (Đ17.6): a PDF’s embedded signature', () => {
  it('covers the file to its end, or is said to cover a part', () => {
    expect(pdfSignature(signed())).toBe('whole')
    expect(pdfSignature(signed('\n\n'))).toBe('whole')
    expect(pdfSignature(signed('2 0 obj << /Changed true >> endobj\n%%EOF\n'))).toBe('partly')
  })

  it.each([
    ['a plain file', '%PDF-1.7\n1 0 obj << /Type /Page >> endobj\n%%EOF\n'],
    ['nothing', ''],
    ['a word about signatures', '%PDF-1.7 (This is /ByteRange of /Sigma) %%EOF'],
    ['a range without a signature', '%PDF-1.7 /ByteRange [0 10 20 5] %%EOF'],
    ['a range beyond the end', '%PDF-1.7 /Type /Sig /ByteRange [0 10 20 999999999] %%EOF'],
    ['a range that overlaps itself', '%PDF-1.7 /Type /Sig /ByteRange [0 30 20 5] %%EOF............'],
    ['a range that begins elsewhere', '%PDF-1.7 /Type /Sig /ByteRange [5 10 20 5] %%EOF............'],
    ['numbers too long to be any', `%PDF-1.7 /Type /Sig /ByteRange [0 ${'9'.repeat(40)} 20 5] %%EOF`],
  ])('%s has none', (_what, text) => {
    expect(pdfSignature(Buffer.from(text, 'latin1'))).toBe('none')
  })

  it('is looked for in a hostile file without end', () => {
    const hostile = Buffer.from(`/Type /Sig ${'/ByteRange [0 1 '.repeat(200_000)}`, 'latin1')
    expect(pdfSignature(hostile)).toBe('none')
  })
})
