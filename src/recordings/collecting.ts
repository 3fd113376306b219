import { openPlain } from '../platform/open-plain.ts'
import {
  type Decision,
  decide,
  type Found,
  hasSound,
  isDoubtful,
  nameOf,
  type Side,
  type SideFound,
  sidesOf,
  silentFlags,
} from './collect-policy.ts'
import type { RecordingFlag, RecordingKind } from './contract.ts'
import type { RecordingFolder } from './recording-folder.ts'
import type { Sealer } from './sealer.ts'
import type { SoundFile } from './sealing.ts'
import type { KeptFile } from './tables.ts'
import { HEAD_BYTES, readWav } from './wav-policy.ts'

/** Where the PBX's files are. Names are without suffix. */
export interface RecordingSource {
  /** Copies the PBX's file to the path, made anew; false when the PBX has none. Throws when the PBX cannot be asked. */
  fetch(name: string, to: string): Promise<boolean>
  /** Gone already is success. */
  remove(name: string): Promise<void>
  list(): Promise<string[]>
}

/** What was asked of the PBX, as far as collecting needs it. */
export interface Expected {
  readonly id: number
  readonly kind: RecordingKind
  readonly base: string
  readonly startedAt: string
  readonly endedAt: string
}

/** How it ended. */
export interface Settlement {
  readonly state: 'stored' | 'missing' | 'damaged'
  readonly flags: RecordingFlag[]
  readonly file: string | null
  readonly durationMs: number | null
  readonly sizeBytes: number | null
  readonly sha256: string | null
  readonly kept: KeptFile[]
}

export interface CollectorDeps {
  readonly source: RecordingSource
  readonly folder: RecordingFolder
  readonly sealer: Pick<Sealer, 'seal' | 'hash'>
  readonly now: () => Date
  /** Milliseconds that only grow, whatever is done to the machine's clock. */
  readonly uptimeMs?: () => number
}

interface Fetched extends SideFound {
  readonly incomingName: string
}

/**
 * Brings one recording from the PBX into its day's folder, or says that it cannot be had (yet). Touches nothing at the PBX.
 * The same files give the same result under the same name, so that a crash at any point costs nothing but the work.
 */
export function createCollector(deps: CollectorDeps) {
  const { source, folder, sealer, now, uptimeMs = () => performance.now() } = deps
  /** When each that is waited for was first looked at. A clock set back must not make the wait hours longer. */
  const waitedSince = new Map<string, number>()

  /** Undefined: not complete yet. Throws what the source, the disk or the sealer threw: then nothing has changed. */
  async function collect(expected: Expected): Promise<Settlement | undefined> {
    await folder.ready()
    const sides: Fetched[] = []
    try {
      for (const side of sidesOf(expected.kind)) sides.push(await fetchSide(expected, side))
      const endedMs = Date.parse(expected.endedAt)
      const decision = decide(sides, {
        callMs: endedMs - Date.parse(expected.startedAt),
        sinceEndMs: Math.max(now().getTime() - endedMs, waitedMs(expected)),
      })
      if (decision.type !== 'wait') waitedSince.delete(expected.base)
      return await carryOut(decision, expected, sides)
    } finally {
      for (const { incomingName } of sides) await folder.discard(incomingName)
    }
  }

  function waitedMs({ base }: Expected): number {
    const atMs = uptimeMs()
    const since = waitedSince.get(base) ?? atMs
    waitedSince.set(base, since)
    return atMs - since
  }

  async function fetchSide({ base }: Expected, side: Side): Promise<Fetched> {
    const incomingName = `${nameOf(base, side)}.${String(process.pid)}.part`
    const path = folder.incoming(incomingName)
    try {
      const there = await source.fetch(nameOf(base, side), path)
      return { side, incomingName, found: there ? await inspect(path) : { type: 'absent' } }
    } catch (error) {
      await folder.discard(incomingName)
      throw error
    }
  }

  async function carryOut(
    decision: Decision,
    expected: Expected,
    sides: Fetched[],
  ): Promise<Settlement | undefined> {
    switch (decision.type) {
      case 'wait':
        return undefined
      case 'lose':
        return {
          state: decision.state,
          flags: decision.flags,
          file: null,
          durationMs: null,
          sizeBytes: null,
          sha256: null,
          kept: await keepDoubtful(expected, sides),
        }
      case 'seal': {
        const sealed = await sealSides(expected, sides)
        const kept = await keepDoubtful(expected, sides)
        const { peaks, ...facts } = sealed
        const audible = sides.flatMap(({ side, found }, index) =>
          found.type === 'sound' || found.type === 'unclosed' ? [{ side, peak: peaks[index] ?? 0 }] : [],
        )
        const flags = [...new Set([...decision.flags, ...silentFlags(audible)])]
        return { state: 'stored', ...facts, flags, kept }
      }
    }
  }

  async function sealSides(expected: Expected, sides: Fetched[]) {
    const files = sides.map(({ found, incomingName }): SoundFile | null =>
      hasSound(found)
        ? { path: folder.incoming(incomingName), dataAt: found.dataAt, dataBytes: found.dataBytes }
        : null,
    )
    const outName = `${expected.base}.${String(process.pid)}.sealed`
    const [first = null, second = null] = files
    try {
      const sealed = await sealer.seal({
        sides: expected.kind === 'voicemail' && first !== null ? [first] : [first, second],
        out: folder.incoming(outName),
      })
      return { ...sealed, file: await folder.place(outName, expected.startedAt, fileName(expected, '.wav')) }
    } finally {
      await folder.discard(outName)
    }
  }

  /** The PBX's own bytes, where what was made of them may be less than what was there. */
  async function keepDoubtful(expected: Expected, sides: Fetched[]): Promise<KeptFile[]> {
    const kept: KeptFile[] = []
    for (const { side, found, incomingName } of sides) {
      if (!isDoubtful(found)) continue
      const facts = await sealer.hash(folder.incoming(incomingName), { sync: true })
      const name = fileName(expected, `-${side}.original`)
      kept.push({ file: await folder.place(incomingName, expected.startedAt, name), ...facts })
    }
    return kept
  }

  return { collect }
}

/** With the row's number in it: whatever the PBX calls two recordings, they never meet. */
function fileName({ base, id }: Expected, ending: string): string {
  return `${base}-${String(id)}${ending}`
}

async function inspect(path: string): Promise<Found> {
  const handle = await openPlain(path)
  try {
    const { size } = await handle.stat()
    const head = new Uint8Array(Math.min(HEAD_BYTES, size))
    const { bytesRead } = await handle.read(head, 0, head.byteLength, 0)
    return readWav(head.subarray(0, bytesRead), size)
  } finally {
    await handle.close()
  }
}
