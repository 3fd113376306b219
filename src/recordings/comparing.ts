import { closeSync, fstatSync, readSync } from 'node:fs'
import { openPlainSync } from '../platform/open-plain.ts'
import { type CopyMeasure, createLikenessMeter } from './archive-policy.ts'
import { HEAD_BYTES, readWav, SAMPLE_BYTES, SAMPLE_RATE } from './wav-policy.ts'

export interface CompareOrder {
  /** A sealed WAV file. */
  readonly original: string
  /** Its copy, decoded to a WAV file again. */
  readonly copy: string
}

/** Whole frames of 20 ms, as the meter wants them. */
const BLOCK_FRAMES = SAMPLE_RATE * 2

/**
 * Reads both to their ends, side by side. Null where the original is no sound of ours, whatever its header says. Blocking: for a thread
 * of its own. Throws what the file system throws.
 */
export function compareCopy({ original, copy }: CompareOrder): CopyMeasure | null {
  const was = openWav(original)
  const is = openWav(copy)
  try {
    if (was.sides === 0) return null
    const both = was.sides === is.sides ? Math.min(was.frames, is.frames) : 0
    const meter = createLikenessMeter(was.sides)
    for (let at = 0; at < both; at += BLOCK_FRAMES) {
      const count = Math.min(BLOCK_FRAMES, both - at)
      meter.add(was.read(at, count), is.read(at, count))
    }
    return {
      sides: was.sides,
      frames: was.frames,
      copySides: is.sides,
      copyFrames: is.frames,
      likeness: meter.likeness(),
    }
  } finally {
    was.close()
    is.close()
  }
}

/** Sides and frames of a file: 0 for what is no sound of ours. */
function openWav(path: string) {
  const file = openPlainSync(path)
  const { size } = fstatSync(file)
  const head = Buffer.alloc(Math.min(HEAD_BYTES, size))
  readSync(file, head, 0, head.length, 0)
  const { sides, dataAt, dataBytes } = layoutOf(head, size)
  return {
    sides,
    frames: sides === 0 ? 0 : Math.floor(dataBytes / SAMPLE_BYTES / sides),
    read(frame: number, count: number): Int16Array {
      const samples = new Int16Array(count * sides)
      const bytes = new Uint8Array(samples.buffer)
      for (let got = 0; got < bytes.length;) {
        const more = readSync(
          file,
          bytes,
          got,
          bytes.length - got,
          dataAt + frame * sides * SAMPLE_BYTES + got,
        )
        if (more === 0) throw new Error('the file became shorter while it was read')
        got += more
      }
      return samples
    },
    close: () => {
      closeSync(file)
    },
  }
}

/** How a sealed file is laid out; what the PBX never closed was closed when it was sealed. */
export function layoutOf(
  head: Uint8Array,
  size: number,
): { readonly sides: 0 | 1 | 2; readonly dataAt: number; readonly dataBytes: number } {
  for (const sides of [2, 1] as const) {
    const layout = readWav(head, size, sides)
    if (layout.type === 'sound') return { sides, dataAt: layout.dataAt, dataBytes: layout.dataBytes }
  }
  return { sides: 0, dataAt: 0, dataBytes: 0 }
}
