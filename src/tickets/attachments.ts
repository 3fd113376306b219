import { AppError } from '../platform/errors.ts'
import { type Person } from '../accounts/contract.ts'
import { type CaseSights } from './case-sights.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { type AttachmentRecord, type Ticket } from './ticket.ts'
import { type TicketState } from './contract.ts'
import { AT_UNIT, edgeFor } from './ticket-machine.ts'
import { type PdfSignature } from './contract.ts'
import { type Viewer } from './visibility-policy.ts'

/** Pictures, sound, film and papers a citizen may send (Đ7.3). */
export const ATTACHMENT_LIMIT_BYTES = 20 * 1024 * 1024
const MOST_PER_TICKET = 50
const MOST_PER_ANSWER = 10

export interface StoredFile {
  readonly file: string
  readonly sizeBytes: number
  readonly sha256: string
  /** What the content is, whatever its name says; undefined when it is nothing we know. */
  readonly mediaType: string | undefined
  /** Of a PDF. */
  readonly signature: PdfSignature | null
}

type KeptFile = Pick<AttachmentRecord, 'name' | 'mediaType' | 'sizeBytes' | 'sha256' | 'file' | 'signature'>
/** Who writes an answer. */
type Author = Pick<Person, 'id' | 'role' | 'unitId'>

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

/** A file on its way. */
export interface Upload {
  readonly name: string
  readonly content: AsyncIterable<Uint8Array>
}

const DAY_MS = 86_400_000
/** Where the city says nothing. */
const DRAFT_DAYS = 30
/** The rest goes the next night. */
const DRAFTS_AT_ONCE = 500
/** An answer may be given, or come back and be given anew. */
const MAY_BE_ANSWERED: readonly TicketState[] = [...AT_UNIT, 'cityOffice', 'agencyAnswered']

/** Adds files to cases and to the answers that units write (R038, R049). */
export function createAttachments(ports: TicketPorts, book: CaseBook, sights: CaseSights) {
  const { store, files } = ports

  /** Keeps what is taken; `put` writes the row in a transaction of its own, and may refuse there: the case went on meanwhile. */
  async function keep(upload: Upload, put: (file: KeptFile) => Ticket): Promise<Ticket> {
    const stored = await files.save(upload.content, ATTACHMENT_LIMIT_BYTES)
    const { file, sizeBytes, sha256, mediaType, signature } = stored
    try {
      if (sizeBytes === 0 || mediaType === undefined || !MEDIA_TYPES.has(mediaType))
        throw new AppError('invalid', 'ATTACHMENT_TYPE', 'this kind of file is not taken')
      const name = cleanName(upload.name)
      const ticket = ports.transaction(() => put({ name, mediaType, sizeBytes, sha256, file, signature }))
      book.changed(ticket)
      return ticket
    } catch (cause) {
      await files.remove(file)
      throw cause
    }
  }

  function unitOf(author: Author): string {
    const unitId = answeringUnit(sights.viewer(author), ports.city.officeUnitId)
    if (unitId === null) throw new AppError('forbidden', 'ACTION_NOT_YOURS', 'this person is of no unit')
    return unitId
  }

  /** Files of the answer this unit is writing. */
  const drafts = (ticket: Ticket, unitId: string): AttachmentRecord[] =>
    store.attachments(ticket.id).filter((file) => isDraft(file) && file.unitId === unitId)

  /** The case, where this person may answer it now. Throws as a move does. */
  function mustAnswer(code: string, author: Author): Ticket {
    const ticket = book.mustFind(code)
    const edge = edgeFor(ticket.state, 'submitAnswer')
    if (edge === undefined)
      throw new AppError('conflict', 'ACTION_NOT_POSSIBLE', `no answer is awaited in state ${ticket.state}`)
    if (!edge.actors.some((role) => role === author.role))
      throw new AppError('forbidden', 'ACTION_NOT_YOURS', `the answer is not for ${author.role}`)
    return ticket
  }

  return {
    /** A file of the case. */
    async add(code: string, upload: Upload, actor: Person): Promise<Ticket> {
      const { id } = book.mustFind(code)
      if (store.attachments(id).filter(isOfCase).length >= MOST_PER_TICKET) throw tooMany()
      return keep(upload, (file) => {
        const at = ports.now().toISOString()
        const ticket = book.mustFind(code)
        const row = { ...file, ticketId: ticket.id, at, actorId: actor.id, unitId: null, answerId: null }
        const attachment = store.addAttachment(row)
        const { name, sha256 } = file
        book.addEvent(ticket, 'attachmentAdded', at, actor.id, { attachmentId: attachment.id, name, sha256 })
        return ticket
      })
    },

    /** A file for the answer that the author's unit is writing: nobody else sees it, and the history has it when it is given. */
    async addToAnswer(code: string, upload: Upload, author: Author): Promise<Ticket> {
      const unitId = unitOf(author)
      const mustFit = (): Ticket => {
        const ticket = mustAnswer(code, author)
        if (drafts(ticket, unitId).length >= MOST_PER_ANSWER) throw tooMany()
        return ticket
      }
      mustFit()
      return keep(upload, (file) => {
        const ticket = mustFit()
        const at = ports.now().toISOString()
        store.addAttachment({ ...file, ticketId: ticket.id, at, actorId: author.id, unitId, answerId: null })
        return ticket
      })
    },

    /** Takes a file back out of an answer that is not given yet. Throws ATTACHMENT_NOT_FOUND. */
    async dropFromAnswer(code: string, id: number, author: Author): Promise<Ticket> {
      const ticket = mustAnswer(code, author)
      const file = drafts(ticket, unitOf(author)).find((candidate) => candidate.id === id)
      if (file === undefined || !store.dropAttachment(id)) throw notThere()
      await files.remove(file.file)
      book.changed(ticket)
      return ticket
    },

    /**
     * Takes away what was prepared for an answer that nobody gave, so many days after (`answerDraftDays`) and only where the case
     * waits for no answer any more: a unit may prepare for as long as its promise runs. The history says how many files of whom,
     * not what they were called: nobody but the unit was to see them. The file goes first: what is left half done is done again.
     */
    async cleanDrafts(): Promise<number> {
      const days = ports.city.answerDraftDays ?? DRAFT_DAYS
      const before = new Date(ports.now().getTime() - days * DAY_MS).toISOString()
      const stale = store.staleDrafts(before, MAY_BE_ANSWERED, DRAFTS_AT_ONCE)
      for (const { file } of stale) await files.remove(file)
      for (const [ticketId, of] of Map.groupBy(stale, (file) => file.ticketId)) {
        ports.transaction(() => {
          const ticket = store.find(ticketId)
          const gone = of.filter(({ id }) => store.dropAttachment(id))
          if (ticket === undefined || gone.length === 0) return
          const detail = { count: gone.length, unitIds: [...new Set(gone.map(({ unitId }) => unitId))], days }
          book.addEvent(ticket, 'answerDraftsCleaned', ports.now().toISOString(), null, detail)
          book.changed(ticket)
        })
      }
      return stale.length
    },

    /**
     * The files that go with an answer; whatever else was being prepared stays behind. Throws ATTACHMENT_NOT_FOUND for one that
     * is not the unit's, or went with an earlier answer.
     */
    chosen(ticket: Ticket, ids: readonly number[], author: Author): AttachmentRecord[] {
      if (ids.length === 0) return []
      const own = new Map(drafts(ticket, unitOf(author)).map((file) => [file.id, file]))
      return [...new Set(ids)].map((id) => {
        const file = own.get(id)
        if (file === undefined) throw notThere()
        return file
      })
    },
  }
}

/** Which unit's answer this person writes; the City Office answers what it leads itself (Đ9.5). */
export function answeringUnit({ role, unitIds }: Viewer, officeUnitId: string): string | null {
  return role === 'cityOffice' ? officeUnitId : (unitIds[0] ?? null)
}

export function isOfCase({ unitId }: AttachmentRecord): boolean {
  return unitId === null
}

export function isDraft({ unitId, answerId }: AttachmentRecord): boolean {
  return unitId !== null && answerId === null
}

function tooMany(): AppError {
  return new AppError('invalid', 'TOO_MANY_ATTACHMENTS', 'there are too many attachments')
}

function notThere(): AppError {
  return new AppError('notFound', 'ATTACHMENT_NOT_FOUND', 'no such attachment')
}

/** A name for people only: no path, no control or direction-changing characters, at most 120 long. */
function cleanName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? ''
  const plain = last.replace(/[\p{Cc}\p{Cf}"<>|:*?]/gu, '').trim()
  return plain === '' ? 'tep-dinh-kem' : plain.slice(-120)
}
