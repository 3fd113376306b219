import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { ArchiveCodec } from '../../src/recordings/opus-tools.ts'
import { HEADER_BYTES } from '../../src/recordings/wav-policy.ts'

const MARK = Buffer.from('OggS pretended')

export type PretendCodec = ReturnType<typeof createPretendCodec>

/** A codec without a program: a copy is its original behind a mark. Tests say what goes wrong with it. */
export function createPretendCodec() {
  const state = {
    isInstalled: true,
    /** Told the samples of each copy, to spoil them as a bad coder would. */
    spoil: undefined as ((samples: Int16Array) => void) | undefined,
    /** Told of each copy once half of it is on the disk. */
    halfway: undefined as (() => void) | undefined,
    encoded: 0,
    efforts: [] as number[],
  }
  const codec: ArchiveCodec = {
    suffix: '.opus',
    contentType: 'audio/ogg; codecs=opus',
    name: async () => (state.isInstalled ? 'pretended 1.0' : null),
    async encode(wav, to, _sides, effort) {
      state.encoded += 1
      state.efforts.push(effort)
      const bytes = readFileSync(wav)
      const sound = new Uint8Array(bytes.subarray(HEADER_BYTES))
      const samples = new Int16Array(sound.buffer)
      state.spoil?.(samples)
      writeFileSync(to, Buffer.concat([MARK, bytes.subarray(0, bytes.length / 2)]))
      state.halfway?.()
      writeFileSync(to, Buffer.concat([MARK, bytes.subarray(0, HEADER_BYTES), sound]))
    },
    async decode(copy, to) {
      if (!existsSync(copy)) throw new Error('there is no copy')
      writeFileSync(to, readFileSync(copy).subarray(MARK.length))
    },
    close: () => undefined,
  }
  return { ...codec, state }
}
