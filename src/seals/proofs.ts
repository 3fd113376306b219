import { toLocalIso } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import { contentBytes, formatOf, oldRecordingBytes, recordingBytes, type RecordingSeal } from './chain.ts'
import type { SignedHead } from './contract.ts'
import { readHeads } from './head-folder.ts'
import { isSignedRight } from './heads.ts'
import type { SealStore } from './store.ts'
import { standingClaims } from './verify-policy.ts'

/** A way from a recording's SHA-256 to a signed head, each step a SHA-256 that anybody can redo. */
export interface ChainProof {
  /** Of the recording, as it was sealed. */
  readonly sealed: RecordingSeal & { readonly file: string; readonly sha256: string }
  /** What there is to hear: the original, or the copy that stands for it. The content names the SHA-256 of both. */
  readonly sound: {
    readonly file: string
    readonly sha256: string
    readonly sizeBytes: number
    readonly isCopy: boolean
  }
  /** Canonical bytes that hold the recording's SHA-256. */
  readonly content: string
  /** Canonical bytes: each holds the SHA-256 of what is before it, the first that of `content`. */
  readonly links: readonly { readonly seq: number; readonly bytes: string }[]
  /** Its chain `recordings` ends with the SHA-256 of the last of them. */
  readonly signed: SignedHead
}

/** Links read at once. */
const PAGE = 5_000

/** Proofs for whoever has neither the database nor this program (R060). */
export function createProofs(deps: {
  readonly store: Pick<SealStore, 'sealOf' | 'sealsAfter'>
  readonly headsDir: string
  readonly heads: { readonly signLatest: () => void; readonly publicKey: () => string }
}) {
  const { store, headsDir, heads } = deps

  /** The first one that was signed when the link was there; where none was, one is signed now. */
  function headOver(link: RecordingSeal): { seq: number; hash: string; signed: SignedHead } {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const known = readHeads(headsDir, toLocalIso(new Date(link.at)).slice(0, 10)).flatMap(
        ({ name, signed }) =>
          signed !== null && signed.publicKey === heads.publicKey() && isSignedRight(signed)
            ? [{ name, signed }]
            : [],
      )
      const over = standingClaims(known, 'recordings').find(({ claim }) => claim.seq >= link.seq)
      const signed = known.find(({ name }) => name === over?.name)?.signed
      if (over !== undefined && signed !== undefined) return { ...over.claim, signed }
      heads.signLatest()
    }
    throw new AppError('unavailable', 'HEAD_NOT_SIGNED', `no head could be signed into ${headsDir}`)
  }

  return {
    /** Throws CHAIN_BROKEN where the way does not hold, RECORDING_UNSEALED where it has no beginning, HEAD_NOT_SIGNED. */
    of(recordingId: number): ChainProof {
      const sealed = store.sealOf(recordingId)
      if (sealed?.file == null || sealed.sha256 === null || sealed.event === 'disposed')
        throw new AppError('conflict', 'RECORDING_UNSEALED', 'no link vouches for a file of this recording')
      const format = formatOf(sealed)
      const head = headOver(sealed)
      const links: { seq: number; bytes: string }[] = []
      let before = sealed.prevHash
      for (let seq = sealed.seq - 1; seq < head.seq;) {
        const page = store.sealsAfter(seq, Math.min(PAGE, head.seq - seq))
        for (const link of page) {
          const version = formatOf(link)
          if (version === null || link.prevHash !== before || link.seq !== seq + 1) throw broken(link.seq)
          links.push({ seq: link.seq, bytes: version === 2 ? recordingBytes(link) : oldRecordingBytes(link) })
          before = link.hash
          seq = link.seq
        }
        if (page.length === 0) throw broken(seq)
      }
      if (format === null || before !== head.hash) throw broken(sealed.seq)
      return {
        sealed: { ...sealed, file: sealed.file, sha256: sealed.sha256 },
        sound: soundOf(sealed, sealed.file, sealed.sha256),
        content: format === 2 ? contentBytes(sealed) : oldRecordingBytes(sealed),
        // A link of the old format is what it says: it is the first step and not the second too.
        links: format === 2 ? links : links.slice(1),
        signed: head.signed,
      }
    },
  }
}

function soundOf(link: RecordingSeal, file: string, sha256: string): ChainProof['sound'] {
  if (link.event !== 'originalDropped' || link.archive === null)
    return { file, sha256, sizeBytes: link.sizeBytes ?? 0, isCopy: false }
  return { ...(JSON.parse(link.archive) as Omit<ChainProof['sound'], 'isCopy'>), isCopy: true }
}

function broken(seq: number): AppError {
  return new AppError('conflict', 'CHAIN_BROKEN', `the chain does not hold at ${String(seq)}`)
}
