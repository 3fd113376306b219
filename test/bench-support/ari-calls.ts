import { type PbxAccess } from '../../src/cli/pbx.ts'
import { untilFine } from './polling.ts'

/** One bare request to ARI; answers the parsed JSON, undefined where there is none. Throws on any refusal. */
export type AriCalls = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  query?: Readonly<Record<string, string>>,
) => Promise<unknown>

/** A channel as the PBX tells it. */
export interface AriChannel {
  readonly id: string
  readonly name: string
}

const WITHIN_MS = 5_000

/** Requests with no client between: what a bench looks with, and what its floor is made of. */
export function createAriCalls(ari: PbxAccess['ari']): AriCalls {
  const headers = { authorization: authorizationFor(ari) }
  return async (method, path, query = {}) => {
    const url = `${ari.url}/ari${path}?${new URLSearchParams(query).toString()}`
    const response = await fetch(url, { method, headers, signal: AbortSignal.timeout(WITHIN_MS) })
    const text = await response.text()
    if (!response.ok) throw new Error(`ARI ${method} ${path}: ${String(response.status)} ${text}`)
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  }
}

/** HTTP Basic, which Asterisk asks first. */
export function authorizationFor({ user, secret }: PbxAccess['ari']): string {
  return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`
}

/** All channels of the PBX now. */
export async function channelsOf(ari: AriCalls): Promise<readonly AriChannel[]> {
  return (await ari('GET', '/channels')) as AriChannel[]
}

/** Resolves when the PBX has neither channel nor bridge left; throws after `withinMs`. */
export async function nothingLeft(ari: AriCalls, withinMs: number): Promise<void> {
  await untilFine(withinMs, async () => {
    const [channels, bridges] = await Promise.all([channelsOf(ari), ari('GET', '/bridges')])
    const isEmpty = channels.length === 0 && Array.isArray(bridges) && bridges.length === 0
    return isEmpty ? undefined : `legs or bridges were left: ${channels.map(({ name }) => name).join(', ')}`
  })
}
