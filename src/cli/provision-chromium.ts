import { join } from 'node:path'
import { bundleFolder, isUnpacked, unpackBundle } from './apt-bundle.ts'
import { findDebianSource } from './debian-archives.ts'
import { type Environment, cacheFolder } from './environment.ts'
import { type Progress } from './progress.ts'
import { thisMachine } from './provision-asterisk.ts'
import { findProgram } from './run-command.ts'

/** A Chromium that tests can start, with what its environment must hold. */
export interface ChromiumInstall {
  readonly executablePath: string
  readonly env: Readonly<Record<string, string>>
}

const NAMES_ON_PATH = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

const PACKAGES = ['chromium', 'fonts-noto-core']

/**
 * Finds or fetches Chromium: PATH first, else the packages of the machine's own release and its security suite.
 * A few milliseconds once it is in the cache.
 */
export async function provisionChromium(options: {
  readonly environment: Environment
  readonly progress: Progress
}): Promise<ChromiumInstall> {
  const { environment, progress } = options
  for (const name of NAMES_ON_PATH) {
    const path = await findProgram(name)
    // Ubuntu's chromium is a snap's door, which needs a daemon and its own home.
    if (path !== undefined && !path.startsWith('/snap/')) return { executablePath: path, env: {} }
  }
  const machine = thisMachine()
  const cache = cacheFolder(environment)
  // A foreign release's C library under the machine's own loader crashes: where the release is not the machine's, leave it out.
  const bundle = {
    name: 'chromium',
    packages: PACKAGES,
    leaveOut: /^(libc6|libc-bin|libgcc-s1|libstdc\+\+6)$/,
  }
  const folder = bundleFolder(cache, bundle, machine.deb)
  if (!(await isUnpacked(folder))) {
    progress('Chromium is fetched once for this user; about a minute')
    const source = await findDebianSource(environment, cache)
    await unpackBundle(folder, { ...bundle, archives: source.own }, progress)
  }
  const libraries = [
    `usr/lib/${machine.triplet}`,
    `lib/${machine.triplet}`,
    `usr/lib/${machine.triplet}/pulseaudio`,
  ]
  return {
    executablePath: join(folder, 'usr/lib/chromium/chromium'),
    env: {
      LD_LIBRARY_PATH: libraries.map((path) => join(folder, path)).join(':'),
      XDG_DATA_DIRS: join(folder, 'usr/share'),
      FONTCONFIG_PATH: join(folder, 'etc/fonts'),
      FONTCONFIG_SYSROOT: folder,
    },
  }
}
