import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDesk, type Desk, fillDraft, OPERATOR } from '../support/desk.ts'

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const SECRET = 'taken at 20.8449N 106.6881E'
const segment = (marker: number, content: string) =>
  Buffer.concat([Buffer.from([0xff, marker, 0, content.length + 2]), Buffer.from(content, 'latin1')])
const photo = Buffer.concat([
  Buffer.from([0xff, 0xd8]),
  segment(0xe0, 'JFIF\0'),
  segment(0xe1, `Exif\0\0${SECRET}`),
  segment(0xda, 'scan'),
  Buffer.from([1, 2, 3, 0xff, 0xd9]),
])
async function* chunks(content: Buffer, sizeBytes = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += sizeBytes) yield content.subarray(at, at + sizeBytes)
}
const attach = (code: string, name: string, content: AsyncIterable<Uint8Array>) =>
  desk.tickets.attach(code, { name, content }, OPERATOR)
const files = () => {
  try {
    return readdirSync(join(desk.folder, 'attachments'))
  } catch {
    return []
  }
}

describe('R038: an attachment', () => {
  it('is a photo without where it was taken, under a name of ours, with the checksum of what lies there', async () => {
    const { code } = fillDraft(desk)
    const view = await attach(code, '../../etc/ảnh "1".jpg', chunks(photo))
    expect(view.attachments).toMatchObject([{ name: 'ảnh 1.jpg', mediaType: 'image/jpeg' }])
    const stored = desk.tickets.attachment(code, view.attachments[0]?.id ?? 0, OPERATOR)
    const bytes = readFileSync(stored.path)
    expect(bytes.includes(SECRET)).toBe(false)
    expect(stored.sizeBytes).toBe(bytes.length)
    expect(stored.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
    expect(files()).toHaveLength(1)
    expect(files()[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(view.events.at(-1)).toMatchObject({ type: 'attachmentAdded' })
  })

  it('is what its content is, whatever its name says', async () => {
    const { code } = fillDraft(desk)
    const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n')
    const view = await attach(code, 'hoa-don.jpg', chunks(pdf))
    expect(view.attachments[0]?.mediaType).toBe('application/pdf')
    await expect(
      attach(code, 'a.pdf', chunks(Buffer.from('MZ\u0090\u0000', 'latin1'))),
    ).rejects.toMatchObject({
      code: 'ATTACHMENT_TYPE',
    })
    expect(files()).toHaveLength(1)
  })

  it('of more than 20 MB is refused while it comes, and leaves nothing', async () => {
    const { code } = fillDraft(desk)
    let sentBytes = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield photo
      for (;;) {
        sentBytes += 1024 * 1024
        yield Buffer.alloc(1024 * 1024)
      }
    }
    await expect(attach(code, 'a.jpg', endless())).rejects.toMatchObject({ code: 'ATTACHMENT_TOO_LARGE' })
    expect(sentBytes).toBeLessThanOrEqual(22 * 1024 * 1024)
    expect(files()).toEqual([])
    expect(desk.tickets.view(code, OPERATOR).attachments).toEqual([])
  })

  it('that breaks off on the way leaves nothing', async () => {
    const { code } = fillDraft(desk)
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield photo
      throw new Error('the line is gone')
    }
    await expect(attach(code, 'a.jpg', broken())).rejects.toThrow('the line is gone')
    expect(files()).toEqual([])
  })

  it('of another ticket is not found', async () => {
    const first = fillDraft(desk)
    const second = fillDraft(desk)
    const view = await attach(first.code, 'a.jpg', chunks(photo))
    expect(() => desk.tickets.attachment(second.code, view.attachments[0]?.id ?? 0, OPERATOR)).toThrow(
      expect.objectContaining({ code: 'ATTACHMENT_NOT_FOUND' }),
    )
  })
})
