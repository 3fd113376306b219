import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { NOT_PLAIN } from '../platform/open-plain.ts'
import { hashFile } from '../recordings/sealing.ts'
import type { RecordingSeal } from './chain.ts'
import type { Finding, FindingCode } from './contract.ts'
import { finding } from './verify-policy.ts'

/** A file that a link vouches for. */
export interface VouchedFile {
  readonly recordingId: number
  readonly file: string
  readonly sizeBytes: number
  readonly sha256: string
}

interface FileFacts {
  readonly file: string
  readonly sizeBytes: number
  readonly sha256: string
}

/** What is found where a file cannot be opened, by the code of the error. */
const WORDS = new Map<string, FindingCode>([
  ['ENOENT', 'FILE_MISSING'],
  [NOT_PLAIN, 'FILE_NOT_PLAIN'],
])

/** Keeps the empty folder in the repository, where the default recordings folder is; a file of this name with a byte in it is not it. */
const PLACE_KEEPER = '.gitkeep'

/** Every file below the recordings folder, paths from there; work in progress (`.incoming`) is none, nor is the repository's own or `mark` in the root. */
export function listFiles(root: string, mark?: string): string[] {
  try {
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .filter((file) => !file.startsWith('.incoming') && file !== mark && !isPlaceKeeper(root, file))
      .sort()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw cause
  }
}

function isPlaceKeeper(root: string, file: string): boolean {
  if (file !== PLACE_KEEPER) return false
  const found = lstatSync(join(root, file))
  return found.isFile() && found.size === 0
}

export function vouchedFiles(newest: ReadonlyMap<number, RecordingSeal>): VouchedFile[] {
  return [...newest.values()].flatMap((link) => {
    if (link.event === 'disposed') return []
    const { own, copies } = filesOf(link)
    return link.event === 'originalDropped' ? copies : [...own, ...copies]
  })
}

/** Files whose deletion stands in the chain, the whole recording's or its original: they are to be gone. */
export function disposedFiles(newest: ReadonlyMap<number, RecordingSeal>): VouchedFile[] {
  return [...newest.values()].flatMap((link) => {
    const { own, copies } = filesOf(link)
    if (link.event === 'disposed') return [...own, ...copies]
    return link.event === 'originalDropped' ? own : []
  })
}

/** The original, and what stands beside it: bytes of the PBX, the copy for the archive. */
function filesOf(link: RecordingSeal): { own: VouchedFile[]; copies: VouchedFile[] } {
  const { recordingId, file, sizeBytes, sha256, kept, archive } = link
  const own =
    file === null || sizeBytes === null || sha256 === null ? [] : [{ recordingId, file, sizeBytes, sha256 }]
  const copies = [
    ...(JSON.parse(kept) as FileFacts[]),
    ...(archive === null ? [] : [JSON.parse(archive) as FileFacts]),
  ].map((one) => ({ recordingId, file: one.file, sizeBytes: one.sizeBytes, sha256: one.sha256 }))
  return { own, copies }
}

/** Reads every file and holds it against its link. `onBytes` is told how many were read so far. */
export function verifyFiles(
  root: string,
  files: readonly VouchedFile[],
  onBytes: (bytes: number) => void,
): { findings: Finding[]; bytes: number } {
  const owner = new Map(files.map(({ sha256, recordingId }) => [sha256, recordingId]))
  const findings: Finding[] = []
  let bytes = 0
  const base = existsSync(root) ? realpathSync(root) : root
  for (const { recordingId, file, sha256 } of files) {
    const subject = `recording:${String(recordingId)}`
    try {
      // The folder itself may be a link to a larger disk; nothing below it may lead elsewhere, whatever is found there.
      if (realpathSync(join(root, file)) !== join(base, file)) {
        findings.push(finding('FILE_SYMLINK', subject, file))
        continue
      }
      const found = hashFile(join(root, file), { sync: false })
      bytes += found.sizeBytes
      onBytes(bytes)
      if (found.sha256 === sha256) continue
      const other = owner.get(found.sha256)
      findings.push(
        other === undefined
          ? finding('FILE_CHANGED', subject, file)
          : finding('FILE_SWAPPED', subject, `${file} = recording:${String(other)}`),
      )
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      if (code === undefined) throw cause
      findings.push(finding(WORDS.get(code) ?? 'FILE_UNREADABLE', subject, file))
    }
  }
  return { findings, bytes }
}

/** Files that were to be removed and still are there now: one that was found at first may be going just then. */
export function leftFiles(
  root: string,
  there: readonly string[],
  disposed: readonly VouchedFile[],
): Finding[] {
  const found = new Set(there)
  return disposed
    .filter(({ file }) => found.has(file) && existsSync(join(root, file)))
    .map(({ recordingId, file }) => finding('FILE_NOT_REMOVED', `recording:${String(recordingId)}`, file))
}

/** Files that no link knows. Of a recording or a copy on its way the file may be there before its row says so. */
export function extraFiles(
  there: readonly string[],
  linked: readonly VouchedFile[],
  { pending, knownBy }: { pending: ReadonlySet<number>; knownBy: (recordingId: number) => VouchedFile[] },
): Finding[] {
  const known = new Set(linked.map(({ file }) => file))
  return there
    .filter((file) => !known.has(file) && !pending.has(recordingOf(file)))
    .filter((file) => !knownBy(recordingOf(file)).some((one) => one.file === file))
    .map((file) => finding('FILE_EXTRA', `file:${file}`))
}

/** The number that ends a recording's file name; NaN where there is none. */
function recordingOf(file: string): number {
  return Number(/-(\d+)(?:\.wav|\.opus|-(?:citizen|operator|message)\.original)$/.exec(file)?.[1])
}

export function totalBytes(root: string, files: readonly VouchedFile[]): number {
  return files.reduce(
    (sum, { file }) => sum + (statSync(join(root, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}
