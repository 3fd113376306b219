import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Person } from '../accounts/contract.ts'
import { toPaperTime } from '../platform/clock.ts'
import type { DocumentPrinter } from '../platform/documents.ts'
import { AppError } from '../platform/errors.ts'
import { askOnce } from '../platform/one-shot-thread.ts'
import { PACKAGE_FILES, packageGuide, soundName } from './package-guide.ts'
import { type DisclosurePaper, paperDefinition } from './package-policy.ts'
import type { Grant } from './service.ts'

/** The way from the recording's bytes to a signed head, as src/seals proves it. */
export interface ChainProof {
  readonly sealed: {
    readonly at: string
    readonly startedAt: string
    readonly endedAt: string | null
    readonly durationMs: number | null
    readonly sizeBytes: number | null
    readonly file: string
    readonly sha256: string
  }
  readonly sound: {
    readonly file: string
    readonly sha256: string
    readonly sizeBytes: number
    /** In the place of an original that went by rule. */
    readonly isCopy: boolean
  }
  readonly content: string
  readonly links: readonly { readonly seq: number; readonly bytes: string }[]
  /** The signed bytes are the head as compact JSON; the signature is base64. */
  readonly signed: { readonly head: { readonly signedAt: string }; readonly signature: string }
}

export interface PackageOrder {
  readonly grant: Grant
  readonly proof: ChainProof
  readonly taker: Person
}

/** A package on the disk that no folder names any more: it is gone with its handle, which whoever gets it closes. */
export interface BuiltPackage {
  readonly name: string
  readonly handle: FileHandle
  readonly sizeBytes: number
  /** SHA-256 of the list of hashes that is signed: by it a package is known again. */
  readonly sumsSha256: string
}

export type PackageBuilder = (order: PackageOrder) => Promise<BuiltPackage>

export interface PackagingDeps {
  /** Its own, for work in progress: emptied at the start. */
  readonly folder: string
  /** Of a recording's file. */
  readonly pathOf: (file: string) => string
  readonly paperOf: (order: PackageOrder, at: string) => DisclosurePaper
  readonly print: DocumentPrinter
  readonly seal: { readonly sign: (bytes: string) => Buffer; readonly publicKey: () => string }
  readonly hotline: string
  readonly publicUrl: string
  /** Throws where the disk is full. */
  readonly mustTake: () => void
  readonly now: () => Date
}

/** What the thread that writes a package is told. */
export interface PackageJob {
  readonly out: string
  readonly folder: string
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  readonly sound: { readonly name: string; readonly path: string; readonly sha256: string }
}

export type PackageAnswer = { readonly sizeBytes: number } | 'altered'

/** An hour's call takes seconds. */
const DEADLINE_MS = 300_000
const MOST_WAITING = 8
const PROGRAM = new URL('./package-worker.ts', import.meta.url)

/**
 * Builds packages, one at a time: the page and the ZIP each in a thread of its own, the sound never whole in memory. Throws PACKAGE_BUSY
 * where too many wait, PACKAGE_FAILED, RECORDING_ALTERED where the sound is not what was sealed, PDF_FAILED.
 */
export function createPackageBuilder(deps: PackagingDeps): PackageBuilder {
  mkdirSync(deps.folder, { recursive: true, mode: 0o700 })
  // What a crash left behind.
  for (const name of readdirSync(deps.folder)) rmSync(join(deps.folder, name), { force: true })
  let before: Promise<unknown> = Promise.resolve()
  let waiting = 0
  let nth = 0

  async function build(order: PackageOrder): Promise<BuiltPackage> {
    const { grant, proof } = order
    const at = deps.now().toISOString()
    const name = `ghi-am-${grant.ticketCode}-${String(grant.id)}`
    const { files, sumsSha256 } = await filesOf(deps, order, at)
    const out = join(deps.folder, `${String((nth += 1))}.zip`)
    try {
      const { sound } = proof
      const { sizeBytes } = await write({
        out,
        folder: name,
        files,
        sound: { name: soundName(sound), path: deps.pathOf(sound.file), sha256: sound.sha256 },
      })
      const handle = await open(out, 'r')
      return { name: `${name}.zip`, handle, sizeBytes, sumsSha256 }
    } finally {
      await rm(out, { force: true })
    }
  }

  return (order) => {
    if (waiting >= MOST_WAITING)
      return Promise.reject(new AppError('unavailable', 'PACKAGE_BUSY', 'too many packages are being built'))
    deps.mustTake()
    waiting += 1
    const built = before
      .then(() => build(order))
      .finally(() => {
        waiting -= 1
      })
    before = built.catch(() => undefined) // the next one does not suffer from it; its asker hears of it
    return built
  }
}

/** Everything but the sound, with the signed list of all hashes. */
async function filesOf(deps: PackagingDeps, order: PackageOrder, at: string) {
  const { proof, grant } = order
  const paper = deps.paperOf(order, at)
  const names = PACKAGE_FILES
  const publicKey = deps.seal.publicKey()
  const guide = packageGuide({
    hotline: deps.hotline,
    keyPrint: sha256(publicKey),
    keyUrl: `${deps.publicUrl}/khoa-cong-khai.pem`,
    taken: `${paper.taken.by}, ${toPaperTime(at)}`,
    signedAt: toPaperTime(proof.signed.head.signedAt),
    sound: soundName(proof.sound),
    copyOf: proof.sound.isCopy ? proof.sealed.sha256 : null,
  })
  const files: { name: string; bytes: Uint8Array }[] = [
    { name: names.guide, bytes: Buffer.from(guide) },
    { name: names.words, bytes: Buffer.from(`${JSON.stringify(paper, null, 2)}\n`) },
    { name: names.page, bytes: await deps.print({ kind: 'pdf', definition: paperDefinition(paper) }) },
    { name: names.content, bytes: Buffer.from(proof.content) },
    ...proof.links.map(({ seq, bytes }) => ({
      // In the order of a shell's *.
      name: `${names.link}${String(seq).padStart(12, '0')}.json`,
      bytes: Buffer.from(bytes),
    })),
    { name: names.head, bytes: Buffer.from(JSON.stringify(proof.signed.head)) },
    { name: names.headSignature, bytes: Buffer.from(proof.signed.signature, 'base64') },
    { name: names.publicKey, bytes: Buffer.from(publicKey) },
  ]
  const hashes = [
    { name: soundName(proof.sound), sha256: proof.sound.sha256 },
    ...files.map(({ name, bytes }) => ({ name, sha256: sha256(bytes) })),
  ]
  const manifest = Buffer.from(
    `${JSON.stringify({ format: 'tongdai-disclosure-1', disclosureId: grant.id, taken: paper.taken, files: hashes }, null, 2)}\n`,
  )
  const sums = [...hashes, { name: names.manifest, sha256: sha256(manifest) }]
    .map((one) => `${one.sha256}  ${one.name}\n`)
    .join('')
  files.push(
    { name: names.manifest, bytes: manifest },
    { name: names.sums, bytes: Buffer.from(sums) },
    { name: names.sumsSignature, bytes: deps.seal.sign(sums) },
  )
  return { files, sumsSha256: sha256(sums) }
}

/** The ZIP, written in a thread that ends with it. */
async function write(job: PackageJob): Promise<{ sizeBytes: number }> {
  const answer = await askOnce<PackageAnswer>({
    program: PROGRAM,
    workerData: job,
    deadlineMs: DEADLINE_MS,
    gone: (cause) =>
      new AppError('unavailable', 'PACKAGE_FAILED', 'the package could not be built', { cause }),
  })
  if (answer === 'altered')
    throw new AppError('conflict', 'RECORDING_ALTERED', 'the file is not the one that was sealed')
  return answer
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
