import type { Finding } from './contract.ts'
import type { SealStore } from './store.ts'
import { finding } from './verify-policy.ts'
import { type HeadSources, verifyChains } from './verifying.ts'
import {
  disposedFiles,
  extraFiles,
  leftFiles,
  listFiles,
  totalBytes,
  verifyFiles,
  vouchedFiles,
} from './verifying-files.ts'

export interface CopyToVerify {
  readonly store: SealStore
  /** Everything read in `work` is of one moment, whatever is written meanwhile. */
  readonly atOnce: <T>(work: () => T) => T
  readonly heads: HeadSources
  readonly recordingsDir: string
  /** What in its root says whose it is; nothing where there is none. Deeper down a file of that name is a stranger. */
  readonly mark?: { readonly name: string; readonly finding: Finding | null } | undefined
  /** As the migrations make them, by name. */
  readonly triggers: ReadonlyMap<string, string>
  /** Bytes of files read so far, and in all. */
  readonly onProgress: (bytes: number, total: number) => void
}

export interface VerifyReport {
  /** In the order of the chains; the first is where the evidence breaks. */
  readonly findings: readonly Finding[]
  readonly auditLines: number
  readonly recordingLinks: number
  readonly heads: number
  readonly files: number
  readonly bytes: number
}

/** Goes through everything the chains vouch for, while the service may run. */
export function verifyCopy(copy: CopyToVerify): VerifyReport {
  const { store, atOnce, heads, recordingsDir, mark, triggers, onProgress } = copy
  // Files first: one that comes later is not looked for, one that is there was settled before the rows are read, or is on its way.
  const there = listFiles(recordingsDir, mark?.name)
  const chains = atOnce(() => verifyChains(store, heads, triggers))
  const vouched = vouchedFiles(chains.newest)
  const disposed = disposedFiles(chains.newest)
  const total = totalBytes(recordingsDir, vouched)
  const read = verifyFiles(recordingsDir, vouched, (bytes) => {
    onProgress(bytes, total)
  })
  // Reading took its time: what has a newer link by now was removed by rule, and nobody's fault.
  const standing = read.findings.filter(({ subject }) => {
    const id = Number(subject.split(':')[1])
    return store.sealOf(id)?.seq === chains.newest.get(id)?.seq
  })
  const broken = new Set([...chains.findings, ...read.findings].map(({ subject }) => subject))
  const spoken = chains.altered.map((id) => `recording:${String(id)}`)
  return {
    findings: [
      ...chains.findings,
      ...standing,
      // Rows that call a file another than was sealed, which it is not.
      ...spoken
        .filter((subject) => !broken.has(subject))
        .map((subject) => finding('ROW_CONTRADICTS', subject, 'state')),
      ...(mark?.finding == null ? [] : [mark.finding]),
      ...leftFiles(recordingsDir, there, disposed),
      ...extraFiles(there, [...vouched, ...disposed], {
        pending: chains.pending,
        // A copy that was finished while all was read.
        knownBy(id) {
          const link = Number.isNaN(id) ? undefined : store.sealOf(id)
          return link === undefined ? [] : vouchedFiles(new Map([[id, link]]))
        },
      }),
    ],
    auditLines: chains.lines,
    recordingLinks: chains.seals,
    heads: heads.own.length + heads.copies.length,
    files: vouched.length,
    bytes: read.bytes,
  }
}
