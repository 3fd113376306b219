import type { KeyObject } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../config.ts'
import { toLocalIso } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { SignedHead } from './contract.ts'
import { newKeyPem, parseHead, publicPem, readKey } from './heads.ts'

/** A file of the folder; null where it cannot be read as a head. */
export interface HeadFile {
  readonly name: string
  readonly signed: SignedHead | null
}

/** Where the folder of signed heads and the key are, below the data folder unless the key is elsewhere. */
export interface SealPlaces {
  readonly headsDir: string
  readonly keyFile: string
  /** The key is somebody's who set it up: it is never made here. */
  readonly keyIsGiven: boolean
}

export function sealPlaces(dataDir: string, givenKeyFile: string | null): SealPlaces {
  return {
    headsDir: join(dataDir, 'heads'),
    keyFile: givenKeyFile ?? join(dataDir, 'seal.key'),
    keyIsGiven: givenKeyFile !== null,
  }
}

/**
 * The private key, made at first use (mode 0600) unless it is a given one; the public key is written beside the heads. Throws
 * ConfigError where there is none that can be read.
 */
export function openKey({ keyFile, keyIsGiven, headsDir }: SealPlaces): KeyObject {
  try {
    if (!keyIsGiven && !existsSync(keyFile)) writeFileSync(keyFile, newKeyPem(), { mode: 0o600, flag: 'wx' })
    if (!keyIsGiven) chmodSync(keyFile, 0o600)
    const key = readKey(readFileSync(keyFile, 'utf8'))
    mkdirSync(headsDir, { recursive: true, mode: 0o700 })
    writeFileSync(join(headsDir, 'public.pem'), publicPem(key), { mode: 0o644 })
    return key
  } catch (cause) {
    const remedy = 'openssl genpkey -algorithm ed25519 -out FILE makes one'
    throw new ConfigError(
      `bad configuration\n  SEAL_KEY_FILE: ${keyFile} holds no Ed25519 key that can be read (${remedy})`,
      { cause },
    )
  }
}

/** Public keys whose heads count: that of the copy's own key, or the one written beside the heads where the key cannot be read. */
export function trustedKeys({ keyFile, headsDir }: SealPlaces): string[] {
  for (const read of [
    () => publicPem(readKey(readFileSync(keyFile, 'utf8'))),
    () => readFileSync(join(headsDir, 'public.pem'), 'utf8'),
  ]) {
    try {
      return [read()]
    } catch {
      // The next.
    }
  }
  return []
}

/**
 * Signed heads in the order they were signed: `2026-03-02.json`, `2026-03-02T153000-restored.json`; unreadable ones first. With `since`
 * none of an earlier day of the city.
 */
export function readHeads(folder: string, since = ''): HeadFile[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name >= since)
    .sort()
    .map((name) => ({ name, signed: parseHead(readFileSync(join(folder, name), 'utf8')) ?? null }))
    .sort((one, other) => compare(one.signed?.head.signedAt, other.signed?.head.signedAt))
}

/** Whole or not there, and on the disk when it returns. Unless told to, never in the place of another: throws FILE_EXISTS. */
export function writeHead(path: string, signed: SignedHead, options = { replace: false }): void {
  if (!options.replace && existsSync(path))
    throw new AppError('conflict', 'FILE_EXISTS', `${path} is there already`)
  const unfinished = `${path}.unfinished`
  writeFileSync(unfinished, `${JSON.stringify(signed, null, 2)}\n`, { mode: 0o644 })
  const file = openSync(unfinished, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(unfinished, path)
}

/** The name of the head of a day in the city, or of one signed for a reason of its own. */
export function headName(at: Date, reason?: 'restored'): string {
  const iso = toLocalIso(at)
  return reason === undefined
    ? `${iso.slice(0, 10)}.json`
    : `${iso.slice(0, 19).replace(/:/g, '')}-${reason}.json`
}

function compare(one = '', other = ''): number {
  return one < other ? -1 : Number(one > other)
}
