import { closeSync, fstatSync, readSync } from 'node:fs'
import { openPlainSync } from '../platform/open-plain.ts'
import { createPeakMeter, type Peaks } from './peaks-policy.ts'
import { HEAD_BYTES, readWav, SAMPLE_BYTES, type WavLayout } from './wav-policy.ts'

const BLOCK_BYTES = 256 * 1_024

/**
 * Reads a stored recording from its first to its last sample. Blocking: for a thread of its own. Undefined for a file without a
 * sound that can be drawn: empty, cut, another format, or a header that says otherwise than the file is.
 */
export function measurePeaks(path: string): Peaks | undefined {
  const file = openPlainSync(path)
  try {
    const { size } = fstatSync(file)
    const head = Buffer.alloc(Math.min(HEAD_BYTES, size))
    readSync(file, head, 0, head.length, 0)
    const stereo = readWav(head, size, 2)
    const mono = readWav(head, size, 1)
    if (stereo.type !== 'damaged') return readLevels(file, stereo, 2)
    return mono.type === 'damaged' ? undefined : readLevels(file, mono, 1)
  } finally {
    closeSync(file)
  }
}

function readLevels(
  file: number,
  { dataAt, dataBytes }: Exclude<WavLayout, { type: 'damaged' }>,
  sides: 1 | 2,
): Peaks {
  const frameBytes = sides * SAMPLE_BYTES
  const end = dataBytes - (dataBytes % frameBytes)
  const meter = createPeakMeter(sides, end / frameBytes)
  const block = new Int16Array(BLOCK_BYTES / SAMPLE_BYTES)
  const bytes = new Uint8Array(block.buffer)
  for (let at = 0; at < end;) {
    const wanted = Math.min(BLOCK_BYTES, end - at)
    let got = 0
    while (got < wanted) {
      const more = readSync(file, bytes, got, wanted - got, dataAt + at + got)
      if (more === 0) throw new Error('the file became shorter while it was read')
      got += more
    }
    meter.add(block.subarray(0, wanted / SAMPLE_BYTES))
    at += wanted
  }
  return meter.peaks()
}
