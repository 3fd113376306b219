import { AppError } from '../platform/errors.ts'
import { type Person } from '../accounts/contract.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { type Ticket } from './ticket.ts'

/** Pictures, sound, film and papers a citizen may send (Đ7.3). */
export const ATTACHMENT_LIMIT_BYTES = 20 * 1024 * 1024
const MOST_PER_TICKET = 50

export interface StoredFile {
  readonly file: string
  readonly sizeBytes: number
  readonly sha256: string
  /** What the content is, whatever its name says; undefined when it is nothing we know. */
  readonly mediaType: string | undefined
}

/** Where attachments lie. */
export interface AttachmentFiles {
  /** Writes to the end or not at all; refuses more than `limitBytes` with invalid ATTACHMENT_TOO_LARGE. */
  save(content: AsyncIterable<Uint8Array>, limitBytes: number): Promise<StoredFile>
  remove(file: string): Promise<void>
  path(file: string): string
}

/** Kinds that are taken. No HTML, SVG or programme: a download must not run in anybody's browser. */
export const MEDIA_TYPES: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/heic',
  'image/heif',
  'audio/mpeg',
  'audio/wav',
  'audio/ogg',
  'audio/x-m4a',
  'audio/aac',
  'audio/amr',
  'video/mp4',
  'video/quicktime',
  'video/webm',
  'video/3gpp',
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
])

/** Adds files to tickets and finds them again. */
export function createAttachments(ports: TicketPorts, book: CaseBook) {
  const { store, files } = ports
  return {
    async add(
      code: string,
      upload: { name: string; content: AsyncIterable<Uint8Array> },
      actor: Person,
    ): Promise<Ticket> {
      const before = book.mustFind(code)
      if (store.attachments(before.id).length >= MOST_PER_TICKET)
        throw new AppError('invalid', 'TOO_MANY_ATTACHMENTS', 'this ticket has too many attachments')
      const stored = await files.save(upload.content, ATTACHMENT_LIMIT_BYTES)
      const { mediaType } = stored
      if (stored.sizeBytes === 0 || mediaType === undefined || !MEDIA_TYPES.has(mediaType)) {
        await files.remove(stored.file)
        throw new AppError('invalid', 'ATTACHMENT_TYPE', 'this kind of file is not taken')
      }
      const at = ports.now().toISOString()
      const ticket = ports.transaction(() => {
        const current = book.mustFind(code)
        const name = cleanName(upload.name)
        const attachment = store.addAttachment({
          ticketId: current.id,
          name,
          mediaType,
          sizeBytes: stored.sizeBytes,
          sha256: stored.sha256,
          file: stored.file,
          at,
          actorId: actor.id,
        })
        book.addEvent(current, 'attachmentAdded', at, actor.id, {
          attachmentId: attachment.id,
          name,
          sha256: stored.sha256,
        })
        return current
      })
      book.changed(ticket)
      return ticket
    },
  }
}

/** A name for people only: no path, no control or direction-changing characters, at most 120 long. */
function cleanName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? ''
  const plain = last.replace(/[\p{Cc}\p{Cf}"<>|:*?]/gu, '').trim()
  return plain === '' ? 'tep-dinh-kem' : plain.slice(-120)
}
