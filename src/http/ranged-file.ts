import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { parseRange } from './range-policy.ts'

/** A file whose bytes are what `sha256` says; its handle is closed by whoever sends it. */
export interface RangedFile {
  readonly handle: FileHandle
  readonly sizeBytes: number
  readonly sha256: string
}

export interface RangedOptions {
  readonly contentType: string
  /** Asked before each piece: once it says no, the rest is not sent and the connection is cut. */
  readonly isStillAllowed?: () => boolean
}

/** Answers with a file or the range of it that was asked for (RFC 9110 §14); 416 for one that cannot be. */
export async function sendRanged(
  request: FastifyRequest,
  reply: FastifyReply,
  file: RangedFile,
  { contentType, isStillAllowed }: RangedOptions,
): Promise<FastifyReply> {
  const { handle, sizeBytes, sha256 } = file
  try {
    const etag = `"${sha256}"`
    const ifRange = request.headers['if-range']
    // Ranges are GET's alone (RFC 9110 §14.2), and of another version than this one all is wanted (§13.1.5).
    const ranged = request.method === 'GET' && (ifRange === undefined || ifRange === etag)
    const range = ranged ? parseRange(request.headers.range, sizeBytes) : undefined
    void reply.headers({
      'content-type': contentType,
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      'content-disposition': 'inline',
      etag,
    })
    if (range === 'unsatisfiable') {
      await handle.close()
      return await reply
        .code(416)
        .header('content-range', `bytes */${String(sizeBytes)}`)
        .send(null)
    }
    const { start, end } = range ?? { start: 0, end: sizeBytes - 1 }
    void reply.code(range === undefined ? 200 : 206).header('content-length', end - start + 1)
    if (range !== undefined) {
      void reply.header('content-range', `bytes ${String(start)}-${String(end)}/${String(sizeBytes)}`)
    }
    if (request.method === 'HEAD') {
      await handle.close()
      return await reply.send(Readable.from([])) // keeps the length that was promised
    }
    // The stream closes the handle, at its end and when the listener goes away.
    const bytes = handle.createReadStream({ start, end })
    return await reply.send(isStillAllowed === undefined ? bytes : whileAllowed(bytes, isStillAllowed))
  } catch (error) {
    await handle.close()
    throw error
  }
}

function whileAllowed(bytes: Readable, isStillAllowed: () => boolean): Readable {
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const piece of bytes as AsyncIterable<Buffer>) {
      if (!isStillAllowed()) throw new Error('what was being sent may not be had any more')
      yield piece
    }
  }
  const allowed = Readable.from(pieces(), { objectMode: false })
  // A listener may be gone before the first piece was asked for: then nothing else would close the file.
  allowed.once('close', () => {
    bytes.destroy()
  })
  return allowed
}
