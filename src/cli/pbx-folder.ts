import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { type AsteriskInstall } from './provision-asterisk.ts'
import { type VoiceSet } from './voice-set.ts'

/** Secrets of one running copy, made once and kept in a file only its owner can read. */
export interface PbxSecrets {
  readonly ami: string
  readonly ari: string
  readonly carrierAmi: string
}

/** Where the PBX's calls come from and go to. */
export type Trunk =
  | { readonly type: 'carrier'; readonly sipPort: number }
  | { readonly type: 'address'; readonly host: string }
  | { readonly type: 'registered'; readonly host: string; readonly user: string; readonly secret: string }

/** Ports of the PBX; all but SIP and RTP are on loopback. */
export interface PbxPorts {
  readonly ami: number
  readonly http: number
  readonly sip: number
  readonly rtpFrom: number
  readonly rtpTo: number
}

/** User names of the service at the PBX. */
export const PBX_USER = 'tongdai'

/** Lays out the folders of an Asterisk; what runs before stays (journal, queue members, recordings). */
export async function layOutFolders(
  root: string,
  install: AsteriskInstall,
  voices: VoiceSet,
): Promise<Readonly<Record<string, string>>> {
  const folders = {
    etcDir: join(root, 'etc'),
    libDir: join(root, 'lib'),
    shareDir: join(root, 'share'),
    spoolDir: join(root, 'spool'),
    runDir: shortRunFolder(root),
    logDir: join(root, 'log'),
  }
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true, mode: 0o700 })
  await mkdir(join(folders.spoolDir, 'recording'), { recursive: true })
  await mkdir(join(folders.libDir, 'keys'), { recursive: true })
  await mkdir(join(folders.shareDir, 'sounds'), { recursive: true })
  // res_ari serves its own description from the data folder, and the configuration framework wants its documentation.
  await pointAt(join(folders.shareDir, 'rest-api'), join(install.dataDir, 'rest-api'))
  await pointAt(join(folders.shareDir, 'documentation'), join(install.dataDir, 'documentation'))
  await pointAt(join(folders.shareDir, 'sounds/vi'), voices.soundsDir)
  return { ...folders, modulesDir: install.modulesDir }
}

/** Renders every template of `templates` into `etcDir`, replacing what was there. */
export async function renderConfig(
  templates: string,
  etcDir: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  for (const name of await readdir(templates)) {
    if (!name.endsWith('.conf')) continue
    const text = renderTemplate(await readFile(join(templates, name), 'utf8'), values, name)
    await writeFile(join(etcDir, name), text, { mode: 0o600 })
  }
}

/** Fills in `{{name}}`; throws TEMPLATE_VALUE_MISSING for a name without a value, TEMPLATE_VALUE_UNSAFE for a line break. */
export function renderTemplate(text: string, values: Readonly<Record<string, string>>, file: string): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) {
      throw new AppError('invalid', 'TEMPLATE_VALUE_MISSING', `${file} asks for ${name}, which has no value`)
    }
    // A line break would begin a setting of its own; a semicolon would hide the rest of the line as a comment.
    if (/[\r\n\0;]/.test(value)) {
      throw new AppError(
        'invalid',
        'TEMPLATE_VALUE_UNSAFE',
        `The value of ${name} has a character no setting may have`,
      )
    }
    return value
  })
}

/** The copy's own secrets: read, or made at its first start. */
export async function loadSecrets(dataDir: string): Promise<PbxSecrets> {
  const path = join(dataDir, 'pbx-secrets.json')
  const text = await readFile(path, 'utf8').catch(() => undefined)
  const known = text === undefined ? undefined : parseSecrets(text)
  if (known !== undefined) return known
  const fresh = { ami: newSecret(), ari: newSecret(), carrierAmi: newSecret() }
  await mkdir(dataDir, { recursive: true })
  await writeFile(`${path}.new`, `${JSON.stringify(fresh)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return fresh
}

/** Values of the trunk's template, and which template it is. */
export function trunkValues(trunk: Trunk): Readonly<Record<string, string>> {
  const none = { carrierSipPort: '', trunkHost: '', trunkUser: '', trunkSecret: '' }
  switch (trunk.type) {
    case 'carrier':
      return {
        ...none,
        trunkFile: 'trunk-carrier.conf',
        sipBind: '127.0.0.1',
        carrierSipPort: String(trunk.sipPort),
      }
    case 'address':
      return { ...none, trunkFile: 'trunk-address.conf', sipBind: '0.0.0.0', trunkHost: trunk.host }
    case 'registered':
      return {
        ...none,
        trunkFile: 'trunk-registered.conf',
        sipBind: '0.0.0.0',
        trunkHost: trunk.host,
        trunkUser: trunk.user,
        trunkSecret: trunk.secret,
      }
  }
}

function parseSecrets(text: string): PbxSecrets | undefined {
  try {
    const { ami, ari, carrierAmi } = JSON.parse(text) as Partial<PbxSecrets>
    if (ami === undefined || ari === undefined || carrierAmi === undefined) return undefined
    return { ami, ari, carrierAmi }
  } catch {
    return undefined // a file cut by a crash: the PBX is given new ones at this start
  }
}

function newSecret(): string {
  return randomBytes(24).toString('base64url')
}

/** The control socket lives here; a socket's path may have 107 bytes (unix(7)), a data folder's any number. */
function shortRunFolder(root: string): string {
  const wanted = join(root, 'run')
  if (Buffer.byteLength(join(wanted, 'asterisk.ctl')) < 100) return wanted
  const name = createHash('sha256').update(resolve(root)).digest('hex').slice(0, 12)
  return join(tmpdir(), `tongdai-${name}`)
}

async function pointAt(link: string, target: string): Promise<void> {
  await rm(link, { recursive: true, force: true })
  await symlink(target, link)
}
