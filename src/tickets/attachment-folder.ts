import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../platform/errors.ts'
import { type AttachmentFiles, type StoredFile } from './attachments.ts'
import { pdfSignature } from './pdf-signature.ts'
import { withoutMetadata } from './picture-metadata.ts'

/** Attachments in one folder under random names. `mustTake` throws while there is no room for what can wait. */
export function createAttachmentFolder(
  folder: string,
  mustTake: () => void = () => undefined,
): AttachmentFiles {
  const path = (file: string): string => join(folder, file)
  return {
    path,
    async remove(file) {
      await rm(path(file), { force: true })
    },
    async save(content, limitBytes) {
      mustTake()
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = randomUUID()
      const hash = createHash('sha256')
      let sizeBytes = 0
      try {
        await pipeline(
          content,
          async function* (source: AsyncIterable<Uint8Array>) {
            for await (const chunk of source) {
              sizeBytes += chunk.byteLength
              if (sizeBytes > limitBytes)
                throw new AppError('invalid', 'ATTACHMENT_TOO_LARGE', 'the file is larger than 20 MB')
              hash.update(chunk)
              yield chunk
            }
          },
          createWriteStream(path(file), { flags: 'wx', mode: 0o600 }),
        )
        const { fileTypeFromFile } = await import('file-type') // 30 ms that no start needs
        const type = await fileTypeFromFile(path(file))
        return await cleaned({
          file,
          sizeBytes,
          sha256: hash.digest('hex'),
          mediaType: type?.mime,
          signature: null,
        })
      } catch (cause) {
        await rm(path(file), { force: true })
        throw cause
      }
    },
  }

  /**
   * A picture tells where and when it was taken until this is done; one that cannot be read is of no kind we know. A PDF is left
   * as it is: a change would break its signature.
   */
  async function cleaned(stored: StoredFile): Promise<StoredFile> {
    const { file, mediaType } = stored
    if (mediaType === 'application/pdf')
      return { ...stored, signature: pdfSignature(await readFile(path(file))) }
    if (mediaType?.startsWith('image/') !== true) return stored
    const picture = await readFile(path(file))
    const plain = withoutMetadata(picture, mediaType)
    if (plain === undefined) return { ...stored, mediaType: undefined }
    if (plain.equals(picture)) return stored
    const next = `${path(file)}.plain`
    await writeFile(next, plain, { flag: 'wx', mode: 0o600 })
    await rename(next, path(file))
    return { ...stored, sizeBytes: plain.length, sha256: createHash('sha256').update(plain).digest('hex') }
  }
}
