import { createHash } from 'node:crypto'
import { access, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { type AptArchive } from './apt-sources.ts'
import { withFileLock } from './file-lock.ts'
import { type Progress } from './progress.ts'
import { runCommand } from './run-command.ts'

/** A set of Debian packages to unpack, without root and without installing anything, into a folder of ours. */
export interface AptBundle {
  readonly name: string
  readonly packages: readonly string[]
  readonly archives: readonly (AptArchive & { readonly signedBy: string })[]
  /** Packages of the closure that are not unpacked, as a pattern on the package's name. */
  readonly leaveOut?: RegExp
}

/** Folder the bundle is (or will be) unpacked in. A change of its packages gives a new one. */
export function bundleFolder(
  cache: string,
  bundle: Pick<AptBundle, 'name' | 'packages' | 'leaveOut'>,
  architecture: string,
): string {
  const recipe = JSON.stringify([bundle.packages, String(bundle.leaveOut)])
  const hash = createHash('sha256').update(recipe).digest('hex').slice(0, 8)
  return join(cache, `${bundle.name}-${architecture}-${hash}`)
}

/** True when the bundle was unpacked to its end before. */
export async function isUnpacked(folder: string): Promise<boolean> {
  return exists(join(folder, '.complete'))
}

/**
 * Downloads the packages with everything they depend on, checked against the archive's signature, and unpacks them.
 * Two copies at once are safe: one works, the other waits and finds it done. What is half done is never seen.
 */
export async function unpackBundle(folder: string, bundle: AptBundle, progress: Progress): Promise<void> {
  await withFileLock(`${folder}.lock`, async () => {
    if (await isUnpacked(folder)) return
    const aptRoot = await createAptRoot(`${folder}.apt-`, bundle.archives)
    try {
      progress(`${bundle.name}: reading the package lists`)
      await apt(aptRoot, ['update', '-o', 'APT::Update::Error-Mode=any'])
      await download(aptRoot, bundle, progress)
      const staging = await mkdtemp(`${folder}.unpacking-`)
      await unpackAll(join(aptRoot, 'var/cache/apt/archives'), staging, bundle)
      await writeFile(join(staging, '.complete'), `${bundle.packages.join(' ')}\n`)
      await rm(folder, { recursive: true, force: true })
      await rename(staging, folder)
    } finally {
      await rm(aptRoot, { recursive: true, force: true })
    }
    progress(`${bundle.name}: ready`)
  })
}

/** Downloads single packages without what they depend on, and unpacks them into `folder`. */
export async function unpackSingle(folder: string, bundle: AptBundle): Promise<void> {
  const aptRoot = await createAptRoot(`${folder}.apt-`, bundle.archives)
  try {
    await apt(aptRoot, ['update', '-o', 'APT::Update::Error-Mode=any'])
    const archives = join(aptRoot, 'var/cache/apt/archives')
    await apt(aptRoot, ['download', ...bundle.packages], archives)
    await mkdir(folder, { recursive: true })
    await unpackAll(archives, folder, bundle)
  } finally {
    await rm(aptRoot, { recursive: true, force: true })
  }
}

/** True when there is something at `path`. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function createAptRoot(prefix: string, archives: AptBundle['archives']): Promise<string> {
  const root = await mkdtemp(prefix)
  const folders = [
    'etc/apt/apt.conf.d',
    'etc/apt/preferences.d',
    'etc/apt/sources.list.d',
    'etc/apt/trusted.gpg.d',
  ]
  folders.push('var/lib/apt/lists/partial', 'var/cache/apt/archives/partial', 'var/lib/dpkg')
  for (const folder of folders) await mkdir(join(root, folder), { recursive: true })
  await writeFile(join(root, 'var/lib/dpkg/status'), '')
  const lines = archives.flatMap(({ uri, suites, signedBy, components }) =>
    suites.map((suite) => `deb [signed-by=${signedBy}] ${uri} ${suite} ${components.join(' ')}`),
  )
  await writeFile(join(root, 'etc/apt/sources.list'), `${lines.join('\n')}\n`)
  return root
}

async function apt(root: string, args: readonly string[], cwd?: string): Promise<string> {
  const options = [
    `Dir=${root}`,
    `Dir::State::status=${root}/var/lib/dpkg/status`,
    'Acquire::Check-Valid-Until=false',
    'Acquire::Languages=none',
    'Acquire::Retries=3',
    'APT::Install-Recommends=false',
    'APT::Sandbox::User=',
    'Debug::NoLocking=1',
  ]
  // A machine's proxy is kept in its apt settings, which the private root would otherwise hide.
  for (const setting of await machineProxies()) options.push(setting)
  try {
    const { stdout } = await runCommand(
      ['apt-get', ...options.flatMap((option) => ['-o', option]), ...args],
      {
        ...(cwd === undefined ? {} : { cwd }),
      },
    )
    return stdout
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    throw new AppError(
      'unavailable',
      'APT_FAILED',
      `The Debian archive could not be read. Check the network, or name another mirror in DEBIAN_MIRROR.\n${reason}`,
      { cause },
    )
  }
}

async function machineProxies(): Promise<string[]> {
  const { stdout } = await runCommand(['apt-config', 'dump', '--format', '%f=%v%n', 'Acquire']).catch(() => ({
    stdout: '',
  }))
  return stdout.split('\n').filter((line) => /^Acquire::https?::Proxy(::[^=]+)?=.+/i.test(line))
}

async function download(root: string, bundle: AptBundle, progress: Progress): Promise<void> {
  const install = ['install', '--yes', ...bundle.packages]
  const plan = await apt(root, [...install, '--print-uris', '-q'])
  const sizes = [...plan.matchAll(/^'[^']+' \S+ (\d+) /gm)].map((match) => Number(match[1]))
  const totalBytes = sizes.reduce((sum, size) => sum + size, 0)
  progress(`${bundle.name}: downloading ${String(sizes.length)} packages, ${megabytes(totalBytes)} MB`)
  const archives = join(root, 'var/cache/apt/archives')
  const timer = setInterval(() => {
    void folderBytes(archives).then((bytes) => {
      progress(`${bundle.name}: ${megabytes(bytes)} of ${megabytes(totalBytes)} MB`)
    })
  }, 5_000)
  try {
    await apt(root, [...install, '--download-only', '-q'])
  } finally {
    clearInterval(timer)
  }
}

async function unpackAll(archives: string, target: string, bundle: AptBundle): Promise<void> {
  const packages = (await readdir(archives))
    .filter((file) => file.endsWith('.deb') && bundle.leaveOut?.test(file.split('_')[0] ?? '') !== true)
    .sort()
  // base-files lays the /lib -> usr/lib links that every later package relies on.
  packages.sort((a, b) => Number(b.startsWith('base-files_')) - Number(a.startsWith('base-files_')))
  for (const file of packages) {
    await runCommand(['dpkg-deb', '--extract', join(archives, file), target])
    await rm(join(archives, file))
  }
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true })) {
    bytes += await stat(join(folder, entry)).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0, // apt moves files while we look
    )
  }
  return bytes
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
