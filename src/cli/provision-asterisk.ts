import { join } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { bundleFolder, exists, isUnpacked, unpackBundle } from './apt-bundle.ts'
import { findDebianSource } from './debian-archives.ts'
import { type Environment, cacheFolder } from './environment.ts'
import { type Progress } from './progress.ts'
import { findProgram, runCommand } from './run-command.ts'

/** Programs of the telephone side, ready to run. A command is a program with its first arguments. */
export interface AsteriskInstall {
  readonly version: string
  readonly command: readonly string[]
  readonly modulesDir: string
  /** Asterisk's own data (rest-api, documentation); read only, shared by all copies. */
  readonly dataDir: string
  readonly espeak: readonly string[]
  readonly sox: readonly string[]
  /** Of opus-tools: copies of recordings for the archive. */
  readonly opus: OpusTools
  readonly sipp: readonly string[] | undefined
  readonly baresip: readonly string[] | undefined
}

export interface OpusTools {
  readonly encoder: readonly string[]
  readonly decoder: readonly string[]
}

/** The oldest Asterisk with the MixMonitor repair for mixed codecs (asterisk#1276), as [major, minor]. */
const OLDEST = [22, 5] as const

const BUNDLE = {
  name: 'asterisk22',
  packages: ['asterisk', 'espeak-ng', 'sox', 'opus-tools', 'sip-tester', 'baresip-core'],
}

/** One architecture Debian packages run on. */
export interface Machine {
  readonly triplet: string
  readonly loader: string
  readonly deb: string
}

type SystemAsterisk = Pick<AsteriskInstall, 'version' | 'command' | 'modulesDir' | 'dataDir'>

const TRIPLETS: Readonly<Record<string, Machine>> = {
  x64: { triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2', deb: 'amd64' },
  arm64: { triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1', deb: 'arm64' },
}

/**
 * Finds or fetches Asterisk 22 with espeak-ng, sox, SIPp and baresip. What the system itself has comes first.
 * A few milliseconds once they are in the cache.
 */
export async function provisionAsterisk(options: {
  readonly environment: Environment
  readonly progress: Progress
}): Promise<AsteriskInstall> {
  const { environment, progress } = options
  const cache = cacheFolder(environment)
  const system = await findSystemPrograms()
  const { asterisk, espeak, sox, opus } = system
  if (asterisk !== undefined && espeak !== undefined && sox !== undefined && opus !== undefined) {
    return {
      ...asterisk,
      espeak,
      sox,
      opus,
      sipp: system.sipp,
      baresip: system.baresip,
    }
  }
  const machine = thisMachine()
  const folder = bundleFolder(cache, BUNDLE, machine.deb)
  if (!(await isUnpacked(folder))) {
    progress('Asterisk 22 is fetched once for this user; about a minute')
    const source = await findDebianSource(environment, cache)
    await unpackBundle(folder, { ...BUNDLE, archives: [source.testing] }, progress)
  }
  return { ...unpackedPrograms(folder, machine), ...asterisk, ...(opus === undefined ? {} : { opus }) }
}

/** True for a version the recordings can be trusted with. */
export function isSuitableVersion(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}

/** The machine in the words of Debian; throws MACHINE_UNSUPPORTED where its packages cannot run. */
export function thisMachine(): Machine {
  const machine = TRIPLETS[process.arch]
  if (process.platform === 'linux' && machine !== undefined) return machine
  throw new AppError(
    'unavailable',
    'MACHINE_UNSUPPORTED',
    `Debian packages run on Linux x64 and arm64; this is ${process.platform} ${process.arch}. Set AMI_* and ARI_* to use a PBX elsewhere.`,
  )
}

function unpackedPrograms(folder: string, { triplet, loader }: Machine): AsteriskInstall {
  const libraries = join(folder, 'usr/lib', triplet)
  // The folder's own loader and C library: Debian testing's are newer than the machine's.
  const run = (program: string): string[] => [
    join(libraries, loader),
    '--library-path',
    `${libraries}:${join(libraries, 'pulseaudio')}`,
    join(folder, program),
  ]
  return {
    version: '22',
    command: run('usr/sbin/asterisk'),
    modulesDir: join(libraries, 'asterisk/modules'),
    dataDir: join(folder, 'usr/share/asterisk'),
    espeak: [...run('usr/bin/espeak-ng'), '--path', join(libraries)],
    sox: run('usr/bin/sox'),
    opus: { encoder: run('usr/bin/opusenc'), decoder: run('usr/bin/opusdec') },
    sipp: run('usr/bin/sipp'),
    baresip: run('usr/bin/baresip'),
  }
}

async function findSystemPrograms(): Promise<{
  readonly asterisk: SystemAsterisk | undefined
  readonly espeak: readonly string[] | undefined
  readonly sox: readonly string[] | undefined
  readonly opus: OpusTools | undefined
  readonly sipp: readonly string[] | undefined
  readonly baresip: readonly string[] | undefined
}> {
  const [asterisk, ...others] = await Promise.all(
    ['asterisk', 'espeak-ng', 'sox', 'sipp', 'baresip', 'opusenc', 'opusdec'].map((name) =>
      findProgram(name),
    ),
  )
  const [espeak, sox, sipp, baresip, encoder, decoder] = others.map((path) =>
    path === undefined ? undefined : [path],
  )
  return {
    asterisk: asterisk === undefined ? undefined : await describeSystemAsterisk(asterisk),
    espeak,
    sox,
    opus: encoder === undefined || decoder === undefined ? undefined : { encoder, decoder },
    sipp,
    baresip,
  }
}

async function describeSystemAsterisk(path: string): Promise<SystemAsterisk | undefined> {
  const { stdout } = await runCommand([path, '-V']).catch(() => ({ stdout: '' }))
  const version = /^Asterisk (?:certified[/-])?(\d+\.\d+\S*)/.exec(stdout)?.[1]
  if (version === undefined || !isSuitableVersion(version)) return undefined
  const triplet = TRIPLETS[process.arch]?.triplet ?? ''
  const modulesDir = await firstWith('res_pjsip.so', [
    `/usr/lib/${triplet}/asterisk/modules`,
    '/usr/lib/asterisk/modules',
    '/usr/lib64/asterisk/modules',
  ])
  const dataDir = await firstWith('rest-api', ['/usr/share/asterisk', '/var/lib/asterisk'])
  if (modulesDir === undefined || dataDir === undefined) return undefined
  return { version, command: [path], modulesDir, dataDir }
}

async function firstWith(entry: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) if (await exists(join(folder, entry))) return folder
  return undefined
}
