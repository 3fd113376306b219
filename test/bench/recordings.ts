import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { dirname, join } from 'node:path'
import { openDb } from '../../src/db/open.ts'
import { currentEnvironment } from '../../src/cli/environment.ts'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { provisionAsterisk } from '../../src/cli/provision-asterisk.ts'
import { faultOf } from '../../src/recordings/archive-policy.ts'
import { compareCopy } from '../../src/recordings/comparing.ts'
import { createOpusTools } from '../../src/recordings/opus-tools.ts'
import { hashFile } from '../../src/recordings/sealing.ts'
import { recordings } from '../../src/recordings/tables.ts'
import { createSeals } from '../../src/seals/service.ts'
import { createSealStore } from '../../src/seals/store.ts'
import { verifyCopy } from '../../src/seals/verify-copy.ts'
import { type BenchContext, type BenchResult } from '../bench-support/bench-result.ts'
import { openLoadStage } from '../bench-support/load-stage.ts'
import { startService } from '../bench-support/service-process.ts'
import { percentiles, round } from '../bench-support/statistics.ts'
import { voiceCall } from '../bench-support/voice-calls.ts'
import { atWorkbench, type Workbench } from '../bench-support/workbench.ts'
import { testVoices } from '../support/pbx.ts'
import { demoPerson, signIn } from '../support/transfer-rig.ts'
import Database from 'better-sqlite3'

const CALL_SECONDS = 75
const COPIED_CALLS = 12
const VERIFIED_FILES = 200
const ROWS = 100_000
/** Of each person: the door lets one through so many times a minute. */
const LISTENED = 120
const CALLS = { perSecond: 5, seconds: 30 } as const
const OPERATORS = 20
const GOALS = { playableP95S: 3, firstByteP99Ms: 20, seekP99Ms: 20 } as const
const MIGRATIONS = join(import.meta.dirname, '../../migrations')
const MB = 1e6

interface Sounds {
  readonly wav: string
  readonly opus: string
}

/**
 * Recordings from the hang-up to the archive: how soon one can be played, how soon a player hears it among 100,000 rows and after a seek, what a
 * minute takes as Opus beside WAV, and how fast all is verified beside `sha256sum` on the same files.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  return atWorkbench(context, async (bench) => {
    const before = loadavg()[0] ?? 0
    const { copies, sounds } = await measureCopies(bench, context)
    const verify = measureVerify(bench, sounds, context)
    const listening = await measureListening(bench, sounds, context)
    const playable = await measurePlayable(bench, context)
    const { firstByteMs, seekMs } = listening
    return {
      n: playable.n + firstByteMs.n + seekMs.n,
      playableS: playable,
      ...listening,
      bytesPerMinute: copies,
      verify: verify.ours,
      goals: GOALS,
      load: [round(before), round(loadavg()[0] ?? 0)],
      floor: { sha256sum: verify.floor, wavBytesPerMinute: copies.wav, bareFile: listening.bareMs },
      ratio: round(verify.ours.mbPerCpuSecond / verify.floor.mbPerCpuSecond),
      goalMet:
        playable.p95 <= GOALS.playableP95S &&
        firstByteMs.p99 <= GOALS.firstByteP99Ms &&
        seekMs.p99 <= GOALS.seekP99Ms,
    }
  })
}

async function measureCopies({ folder }: Workbench, { progress, stopped }: BenchContext) {
  const install = await provisionAsterisk({ environment: currentEnvironment(), progress })
  const voices = await testVoices(install, false)
  const codec = createOpusTools(install.opus)
  const [wav, opus, decoded] = ['call.wav', 'call.opus', 'decoded.wav'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const sizes = { wav: 0, opus: 0 }
  let fit = 0
  const startedMs = performance.now()
  for (let nth = 1; nth <= COPIED_CALLS; nth += 1) {
    stopped.throwIfAborted()
    writeFileSync(wav, voiceCall(join(voices.soundsDir, 'tongdai'), CALL_SECONDS, nth))
    await codec.encode(wav, opus, 2, 0)
    await codec.decode(opus, decoded)
    const measured = compareCopy({ original: wav, copy: decoded })
    if (measured !== null && faultOf(measured) === null) fit += 1
    sizes.wav += statSync(wav).size
    sizes.opus += statSync(opus).size
  }
  const minutes = (COPIED_CALLS * CALL_SECONDS) / 60
  const copies = {
    opus: Math.round(sizes.opus / minutes),
    wav: Math.round(sizes.wav / minutes),
    share: round(sizes.opus / sizes.wav, 3),
    kbits: round((sizes.opus * 8) / minutes / 60_000, 1),
    fit,
    of: COPIED_CALLS,
    timesRealTime: Math.round((COPIED_CALLS * CALL_SECONDS * 1_000) / (performance.now() - startedMs)),
  }
  progress(`copies: ${JSON.stringify(copies)}`)
  return { copies, sounds: { wav, opus } }
}

/** Files that are all in memory, so that both are held to what the processor can do. */
function measureVerify({ folder }: Workbench, { wav }: Sounds, { progress }: BenchContext) {
  const root = join(folder, 'verified')
  const bytes = readFileSync(wav)
  const db = openDb(':memory:', MIGRATIONS)
  const store = createSealStore(db)
  const file = (nth: number): string => `2026/03/02/call-${String(nth)}-${String(nth)}.wav`
  mkdirSync(dirname(join(root, file(1))), { recursive: true })
  for (let nth = 1; nth <= VERIFIED_FILES; nth += 1) {
    bytes.writeUInt32LE(nth, bytes.length - 4) // no two alike
    writeFileSync(join(root, file(nth)), bytes)
  }
  fill(db, VERIFIED_FILES, (nth) => ({
    file: file(nth),
    ...hashFile(join(root, file(nth)), { sync: false }),
  }))
  const total = (VERIFIED_FILES * bytes.length) / MB
  const floor = timed(total, () => {
    execFileSync(
      'sha256sum',
      Array.from({ length: VERIFIED_FILES }, (_, at) => join(root, file(at + 1))),
    )
  })
  const ours = timed(total, () => {
    const { findings } = verifyCopy({
      store,
      atOnce: (work) => work(),
      heads: { own: [], copies: [], trusted: [] },
      recordingsDir: root,
      triggers: store.triggers(),
      onProgress: () => undefined,
    })
    if (findings.length > 0) throw new Error(`not whole: ${JSON.stringify(findings[0])}`)
  })
  db.close()
  progress(`verify: ${JSON.stringify({ ours, floor })}`)
  return { ours, floor }
}

/** By CPU time of this process and its children, and by the clock. */
function timed(megabytes: number, work: () => void) {
  const startedMs = performance.now()
  const before = cpuSeconds()
  work()
  const seconds = (performance.now() - startedMs) / 1_000
  return {
    mbPerSecond: Math.round(megabytes / seconds),
    mbPerCpuSecond: Math.round(megabytes / Math.max(0.001, cpuSeconds() - before)),
  }
}

/** User and system time of this process and of the children that ended (proc(5)), in seconds. */
function cpuSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? []
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100
}

/** The first bytes of recordings nobody has heard yet, and of a place in their middle. */
async function measureListening(bench: Workbench, sounds: Sounds, { progress }: BenchContext) {
  const { site, places, stop } = await openWithRows(bench, sounds)
  progress(`${String(ROWS)} rows are laid`)
  const first: number[] = []
  const seek: number[] = []
  const cold: number[] = []
  for (const [index, name] of ['lan', 'admin'].entries()) {
    const listener = { ...site, ...(await signIn(site, await demoPerson(site, name))) }
    // The first of all finds nothing warm, as the first after a pause does.
    if (index === 0) cold.push(await firstByteOf(listener, ROWS, 'bytes=0-'))
    for (let at = 0; at < LISTENED; at += 1) {
      const id = 1 + (((at * 2 + index) * 397) % ROWS)
      first.push(await firstByteOf(listener, id, 'bytes=0-'))
      seek.push(await firstByteOf(listener, id, 'bytes=100000-'))
    }
  }
  await stop()
  const bare = Array.from({ length: LISTENED }, (_, at) => {
    const startedMs = performance.now()
    hashFile(places(1 + at), { sync: false })
    return performance.now() - startedMs
  })
  const figures = {
    firstByteMs: spread(first),
    afterPauseMs: round(cold[0] ?? 0, 1),
    seekMs: spread(seek),
    bareMs: spread(bare),
    rows: ROWS,
  }
  progress(`listening: ${JSON.stringify(figures)}`)
  return figures
}

/** The service as it runs in operation, its PBX out of reach, with rows laid while it was away. */
async function openWithRows(bench: Workbench, sounds: Sounds) {
  const folder = join(bench.folder, 'listening')
  mkdirSync(folder)
  const [port = 0, nobody = 0] = await pickPorts([{ kind: 'tcp' }, { kind: 'tcp' }])
  const login = { user: 'nobody', secret: 'nobody' }
  const pbx = {
    ami: { host: '127.0.0.1', port: nobody, ...login },
    ari: { url: `http://127.0.0.1:${String(nobody)}`, ...login },
    sipWsUrl: `ws://127.0.0.1:${String(nobody)}/ws`,
    recordingDir: join(folder, 'pbx'),
  }
  const start = async () => {
    const service = await startService({ pbx, folder, port })
    bench.afterwards(() => service.stop())
    await service.ready
    return service
  }
  await (await start()).stop()
  const dataDir = join(folder, 'data')
  const places = layRows(
    { databasePath: join(dataDir, 'tongdai.sqlite'), recordingsDir: join(folder, 'recordings') },
    sounds,
  )
  const { url, stop } = await start()
  return { site: { url, dataDir }, places, stop }
}

/** Every second row is a copy that stands for its original. All files are one of two, by links. Answers where each is. */
function layRows(
  config: { readonly databasePath: string; readonly recordingsDir: string },
  sounds: Sounds,
): (id: number) => string {
  const db = openDb(config.databasePath, MIGRATIONS)
  const hashes = { wav: hashFile(sounds.wav, { sync: false }), opus: hashFile(sounds.opus, { sync: false }) }
  const fileOf = (id: number, suffix: string): string =>
    `2026/03/${String(Math.floor(id / 5_000)).padStart(2, '0')}/call-${String(id)}-${String(id)}.${suffix}`
  const place = (id: number): string => join(config.recordingsDir, fileOf(id, id % 2 === 0 ? 'opus' : 'wav'))
  for (let id = 1; id <= ROWS; id += 1) {
    if (id === 1 || id % 5_000 === 0) mkdirSync(dirname(place(id)), { recursive: true })
    // Some file systems take 65,000 names of a file at most.
    linkSync(id % 2 === 0 ? sounds.opus : sounds.wav, place(id))
  }
  fill(db, ROWS, (id) => ({
    file: fileOf(id, 'wav'),
    ...hashes.wav,
    ...(id % 2 === 0 ? { copy: { file: fileOf(id, 'opus'), ...hashes.opus } } : {}),
  }))
  db.close()
  return place
}

interface LaidFile {
  readonly file: string
  readonly sizeBytes: number
  readonly sha256: string
  readonly copy?: Omit<LaidFile, 'copy'>
}

/** Rows and links, as the service leaves them. */
function fill(db: ReturnType<typeof openDb>, count: number, fileOf: (nth: number) => LaidFile): void {
  const startedAt = '2026-03-01T23:30:00.000Z'
  const seals = createSeals({
    store: createSealStore(db),
    transaction: (work) => db.transaction(work),
    now: () => new Date(startedAt),
  })
  db.transaction(() => {
    for (let nth = 1; nth <= count; nth += 1) {
      const { copy, ...file } = fileOf(nth)
      const archive = copy && {
        ...copy,
        originalSha256: file.sha256,
        madeAt: startedAt,
        codec: 'opus-tools',
        likeness: [],
      }
      db.orm
        .insert(recordings)
        .values({
          callId: `call-${String(nth)}`,
          kind: 'call',
          base: `call-${String(nth)}`,
          state: 'stored',
          flags: [],
          startedAt,
          endedAt: startedAt,
          training: false,
          ...file,
          durationMs: CALL_SECONDS * 1_000,
          kept: [],
          settledAt: startedAt,
          releasedAt: startedAt,
          search: '',
          ...(archive === undefined ? {} : { archive, archiveState: 'dropped' as const }),
        })
        .run()
      seals.append(nth, archive === undefined ? 'stored' : 'originalDropped', null)
    }
  })
}

async function firstByteOf(
  { url, cookie }: { readonly url: string; readonly cookie: string },
  id: number,
  range: string,
): Promise<number> {
  const startedMs = performance.now()
  const reply = await fetch(`${url}/api/recordings/${String(id)}/audio`, { headers: { range, cookie } })
  if (reply.status !== 206) throw new Error(`recording ${String(id)} answered ${String(reply.status)}`)
  const reader = reply.body?.getReader()
  await reader?.read()
  const tookMs = performance.now() - startedMs
  await reader?.cancel()
  return tookMs
}

/** Real calls on a real PBX: from the end that the PBX names to the moment the recording is filed and sealed. */
async function measurePlayable(bench: Workbench, { progress }: BenchContext) {
  const stage = await openLoadStage(bench, { operators: OPERATORS, talkMs: 700, progress })
  await stage.phones.place({ perSecond: 2, seconds: 3 })
  await stage.settled(20_000)
  const { recordings: warm } = stage.counts()
  const placed = await stage.phones.place(CALLS)
  await stage.settled(60_000)
  const raw = new Database(join(bench.folder, 'data/tongdai.sqlite'), { readonly: true })
  const seconds = raw
    .prepare<[number], number>(
      `SELECT (julianday(settled_at) - julianday(ended_at)) * 86400 FROM recordings
        WHERE kind = 'call' AND state = 'stored' ORDER BY id LIMIT -1 OFFSET ?`,
    )
    .pluck()
    .all(warm)
  raw.close()
  const figures = { ...spread(seconds, 2), placed: placed.placed, perSecond: CALLS.perSecond }
  progress(`playable: ${JSON.stringify(figures)}`)
  return figures
}

function spread(sample: readonly number[], decimals = 1) {
  const { p50, p95, p99, max } = percentiles(sample)
  const of = (value: number): number => round(value, decimals)
  return { n: sample.length, p50: of(p50), p95: of(p95), p99: of(p99), max: of(max) }
}
