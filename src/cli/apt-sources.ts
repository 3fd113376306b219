/** One archive a machine installs from, out of its apt sources. */
export interface AptArchive {
  readonly uri: string
  readonly suites: readonly string[]
  readonly components: readonly string[]
  /** Path of the keyring that signs it, when the source names one. */
  readonly signedBy: string | undefined
}

/** What `/etc/os-release` says of the machine. */
export interface OsRelease {
  readonly id: string
  readonly like: readonly string[]
  readonly codename: string | undefined
}

/**
 * Reads one apt sources file, in either of its two forms (sources.list(5)): one line per source, or deb822 stanzas.
 * Sources of packages only; disabled, `deb-src` and malformed entries are left out.
 */
export function parseAptSources(text: string): AptArchive[] {
  return /^\s*types\s*:/im.test(text) ? parseDeb822(text) : parseOneLine(text)
}

/** Archives that carry Debian itself (not its security suite, not a vendor's repository), the machine's own first. */
export function debianMirrors(archives: readonly AptArchive[]): string[] {
  const mirrors = archives
    .filter((archive) => isWebUri(archive.uri) && /\/debian\/?$/.test(archive.uri) && isMain(archive))
    .map((archive) => withoutSlash(archive.uri))
  return [...new Set(mirrors)]
}

/** Archives of the machine's own release and its security suite: what a program for this very machine is taken from. */
export function ownReleaseArchives(archives: readonly AptArchive[], codename: string): AptArchive[] {
  return archives
    .filter((archive) => isWebUri(archive.uri) && isMain(archive))
    .map((archive) => ({
      ...archive,
      uri: withoutSlash(archive.uri),
      suites: archive.suites.filter(ownSuite(codename)),
    }))
    .filter((archive) => archive.suites.length > 0)
}

/** Reads the fields of os-release(5) that say which distribution this is. */
export function parseOsRelease(text: string): OsRelease {
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, key, value] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? []
    if (key !== undefined && value !== undefined) fields.set(key, value.replace(/^(["'])(.*)\1$/, '$2'))
  }
  return {
    id: fields.get('ID') ?? 'unknown',
    like: (fields.get('ID_LIKE') ?? '').split(/\s+/).filter(Boolean),
    codename: fields.get('VERSION_CODENAME'),
  }
}

function parseOneLine(text: string): AptArchive[] {
  const archives: AptArchive[] = []
  for (const raw of text.split('\n')) {
    const line = raw.replace(/#.*$/, '').trim()
    const [, options = '', rest] = /^deb\s+(?:\[([^\]]*)\]\s*)?(.+)$/.exec(line) ?? []
    const [uri, suite, ...components] = rest?.trim().split(/\s+/) ?? []
    if (uri === undefined || suite === undefined) continue
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1]
    archives.push({ uri, suites: [suite], components, signedBy })
  }
  return archives
}

function parseDeb822(text: string): AptArchive[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = deb822Fields(stanza)
    const list = (name: string): string[] => (fields.get(name) ?? '').split(/\s+/).filter(Boolean)
    if (!list('types').includes('deb') || /^(no|false|off|0)$/i.test(fields.get('enabled') ?? 'yes'))
      return []
    const signedBy = list('signed-by')[0]
    return list('uris').map((uri) => ({
      uri,
      suites: list('suites'),
      components: list('components'),
      // A key may be written out in the stanza itself; only a path can be handed on.
      signedBy: signedBy?.startsWith('/') === true ? signedBy : undefined,
    }))
  })
}

function deb822Fields(stanza: string): Map<string, string> {
  const fields = new Map<string, string>()
  let last: string | undefined
  for (const line of stanza.split('\n')) {
    if (line.startsWith('#')) continue
    const [, name, value] = /^([A-Za-z-]+)\s*:\s*(.*)$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) {
      last = name.toLowerCase()
      fields.set(last, value.trim())
    } else if (last !== undefined && /^\s/.test(line)) {
      fields.set(last, `${fields.get(last) ?? ''} ${line.trim()}`.trim())
    }
  }
  return fields
}

function isMain(archive: AptArchive): boolean {
  return archive.components.includes('main')
}

function isWebUri(uri: string): boolean {
  return /^https?:\/\//.test(uri)
}

function ownSuite(codename: string): (suite: string) => boolean {
  return (suite) => suite.replace(/\/updates$/, '-security').replace(/-(updates|security)$/, '') === codename
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/+$/, '')
}
