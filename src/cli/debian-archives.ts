import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { type AptBundle, exists, unpackSingle } from './apt-bundle.ts'
import {
  type AptArchive,
  type OsRelease,
  debianMirrors,
  ownReleaseArchives,
  parseAptSources,
  parseOsRelease,
} from './apt-sources.ts'
import { type Environment } from './environment.ts'
import { withFileLock } from './file-lock.ts'

type SignedArchive = AptBundle['archives'][number]

/** Keyrings that sign a Debian testing in the making: its predecessor's automatic key. Newest first. */
const TESTING_KEYRINGS = ['debian-archive-forky-automatic.gpg', 'debian-archive-trixie-automatic.gpg']
const STABLE_KEYRING = 'debian-archive-keyring.gpg'
const KEYRINGS = '/usr/share/keyrings'

/** Release Asterisk 22 is taken from; no stable Debian carries an Asterisk. */
const ASTERISK_SUITE = 'forky'

/** Where this machine can fetch Debian packages from, and the keys to check them by. */
export interface DebianSource {
  readonly os: OsRelease
  /** The archive that carries Asterisk 22. */
  readonly testing: SignedArchive
  /** The archives of the machine's own release with its security suite; on Ubuntu, of the oldest Debian still kept. */
  readonly own: readonly SignedArchive[]
}

/**
 * Finds the Debian mirror and keys: DEBIAN_MIRROR, else the machine's own apt sources. On Ubuntu, whose sources name
 * no Debian mirror, both come signed from Ubuntu itself: the packages debian-archive-keyring and debootstrap.
 */
export async function findDebianSource(environment: Environment, cache: string): Promise<DebianSource> {
  const os = parseOsRelease(await readFile('/etc/os-release', 'utf8'))
  const archives = await readMachineSources()
  const borrowed = os.id === 'debian' ? undefined : await borrowFromUbuntu(os, archives, cache)
  const mirror = environment['DEBIAN_MIRROR'] ?? debianMirrors(archives)[0] ?? borrowed?.mirror
  if (mirror === undefined || !/^https?:\/\/\S+$/.test(mirror)) {
    throw new AppError(
      'invalid',
      'DEBIAN_MIRROR_UNKNOWN',
      'No Debian mirror is named in the apt sources of this machine. Set DEBIAN_MIRROR to the address of one (http://…/debian), or install Asterisk 22.5 or newer yourself.',
    )
  }
  const folder = borrowed?.keyrings ?? KEYRINGS
  const stable = await firstExisting([join(folder, STABLE_KEYRING)])
  const testing = await firstExisting(TESTING_KEYRINGS.map((name) => join(folder, name)))
  const uri = mirror.replace(/\/+$/, '')
  const ownArchives = borrowed === undefined ? ownReleaseArchives(archives, os.codename ?? '') : []
  return {
    os,
    testing: { uri, suites: [ASTERISK_SUITE], components: ['main'], signedBy: testing },
    own:
      ownArchives.length > 0
        ? ownArchives.map((archive) => ({
            ...archive,
            components: ['main'],
            signedBy: archive.signedBy ?? stable,
          }))
        : [
            { uri, suites: ['bookworm'], components: ['main'], signedBy: stable },
            { uri: `${uri}-security`, suites: ['bookworm-security'], components: ['main'], signedBy: stable },
          ],
  }
}

async function readMachineSources(): Promise<AptArchive[]> {
  const folder = '/etc/apt/sources.list.d'
  const extra = await readdir(folder).catch(() => [])
  const files = [
    '/etc/apt/sources.list',
    ...extra.filter((file) => /\.(list|sources)$/.test(file)).map((file) => join(folder, file)),
  ]
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.flatMap(parseAptSources)
}

async function borrowFromUbuntu(
  os: OsRelease,
  archives: readonly AptArchive[],
  cache: string,
): Promise<{ readonly keyrings: string; readonly mirror: string | undefined }> {
  const folder = join(cache, `debian-keys-${os.id}-${os.codename ?? 'unknown'}`)
  const keyrings = join(folder, KEYRINGS)
  await withFileLock(`${folder}.lock`, async () => {
    if (await exists(join(keyrings, STABLE_KEYRING))) return
    const own = ownReleaseArchives(archives, os.codename ?? '')
    const signedBy = await firstExisting([join(KEYRINGS, 'ubuntu-archive-keyring.gpg')])
    await unpackSingle(folder, {
      name: 'debian-keys',
      packages: ['debian-archive-keyring', 'debootstrap'],
      archives: own.map((archive) => ({ ...archive, signedBy: archive.signedBy ?? signedBy })),
    })
  })
  // debootstrap's script for Debian carries the address of Debian's own mirror.
  const script = await readFile(join(folder, 'usr/share/debootstrap/scripts/sid'), 'utf8').catch(() => '')
  return { keyrings, mirror: /^\s*default_mirror\s+(\S+)/m.exec(script)?.[1] }
}

async function firstExisting(paths: readonly string[]): Promise<string> {
  for (const path of paths) if (await exists(path)) return path
  throw new AppError(
    'unavailable',
    'DEBIAN_KEYRING_MISSING',
    `None of these keyrings is on this machine, so packages cannot be checked: ${paths.join(', ')}. Install the package debian-archive-keyring.`,
  )
}
