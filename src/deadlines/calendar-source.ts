import { createHash } from 'node:crypto'

/** One stored version, as far as it matters for whether the file is newer. */
export interface StoredOrigin {
  readonly origin: 'file' | 'edit'
  readonly hash: string
}

/** Of what is said, whatever the order of the keys. */
export function hashOfTable(table: unknown): string {
  return createHash('sha256').update(canonical(table)).digest('hex').slice(0, 16)
}

/**
 * Which table holds where there is a file and perhaps stored versions (newest first). A file counts until somebody edits in the
 * browser: then the edit holds, and a file that is changed after it is told about (`fileDiffers`), never taken in silence.
 */
export function chooseTable(
  stored: readonly StoredOrigin[],
  fileHash: string,
): { readonly take: 'file' | 'stored'; readonly fileDiffers: boolean } {
  const [newest] = stored
  if (newest === undefined) return { take: 'file', fileDiffers: false }
  if (newest.origin === 'file')
    return { take: newest.hash === fileHash ? 'stored' : 'file', fileDiffers: false }
  const imported = stored.find(({ origin }) => origin === 'file')
  return { take: 'stored', fileDiffers: fileHash !== newest.hash && fileHash !== imported?.hash }
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join()}}`
}
