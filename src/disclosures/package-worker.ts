import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { Zip, ZipPassThrough } from 'fflate'
import { openPlainSync } from '../platform/open-plain.ts'
import { giveWay } from '../platform/serve-thread.ts'
import type { PackageAnswer, PackageJob } from './packaging.ts'

/**
 * Writes one package and ends. Reads, hashes and writes in blocks, blocking: in a thread of its own. Nothing is compressed: sound
 * hardly can be, and the bytes that were hashed stand in the file as they are.
 */
const BLOCK_BYTES = 256 * 1_024

giveWay()
parentPort?.postMessage(write(workerData as PackageJob))

function write({ out, folder, files, sound }: PackageJob): PackageAnswer {
  const target = openSync(out, 'wx', 0o600)
  try {
    let sizeBytes = 0
    const zip = new Zip((error, piece) => {
      if (error !== null) throw error
      for (let at = 0; at < piece.length;) at += writeSync(target, piece, at)
      sizeBytes += piece.length
    })
    const begin = (name: string): ZipPassThrough => {
      const entry = new ZipPassThrough(`${folder}/${name}`)
      zip.add(entry)
      return entry
    }
    for (const { name, bytes } of files) begin(name).push(bytes, true)
    if (copyIn(sound.path, begin(sound.name)) !== sound.sha256) return 'altered'
    zip.end()
    return { sizeBytes }
  } finally {
    closeSync(target)
  }
}

/** Answers the SHA-256 of what was put in. */
function copyIn(path: string, entry: ZipPassThrough): string {
  const source = openPlainSync(path)
  try {
    const hash = createHash('sha256')
    for (;;) {
      const block = Buffer.allocUnsafe(BLOCK_BYTES)
      const count = readSync(source, block, 0, BLOCK_BYTES, null)
      if (count === 0) break
      hash.update(block.subarray(0, count))
      entry.push(block.subarray(0, count))
    }
    entry.push(new Uint8Array(), true)
    return hash.digest('hex')
  } finally {
    closeSync(source)
  }
}
