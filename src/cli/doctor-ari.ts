import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type Check, failed, ok, opened, type Outcome, type Patient } from './doctor-check.ts'

const WITHIN_MS = 5_000
/** No operator has this name. */
const TRIAL = 'tongdai-doctor'

/** Checks of the ARI side. */
export const ARI_CHECKS = {
  ariReach: { id: 'ariReach', needs: ['config'], run: checkReach },
  ariLogin: { id: 'ariLogin', needs: ['ariReach'], run: checkLogin },
  samePbx: { id: 'samePbx', needs: ['ariLogin', 'systemName'], run: checkSamePbx },
  ariDynamic: { id: 'ariDynamic', needs: ['ariLogin'], run: checkDynamic },
  sipWs: { id: 'sipWs', needs: ['config'], run: checkSipWs },
  prompts: { id: 'prompts', needs: ['ariLogin'], run: checkPrompts },
} as const satisfies Readonly<Record<string, Check>>

/** An answer of ARI; `status` 0 when there was none. */
export interface AriAnswer {
  readonly status: number
  readonly json: unknown
}

/** One request to `/ari` + path. */
export async function askAri(
  { ari }: Pick<Config, 'ari'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<AriAnswer> {
  const authorization = `Basic ${Buffer.from(`${ari.user}:${ari.secret}`).toString('base64')}`
  const response = await fetch(`${ari.url}/ari${path}`, {
    method,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(WITHIN_MS),
  }).catch(() => undefined)
  if (response === undefined) return { status: 0, json: undefined }
  return { status: response.status, json: await response.json().catch(() => undefined) }
}

async function checkReach({ config }: Patient): Promise<Outcome> {
  const { url } = opened(config).ari
  const { status, json } = await askAri(opened(config), 'GET', '/asterisk/info')
  if (status === 0) return failed('ariUnreachable', { url })
  // Asterisk's web server answers 404 in HTML where ARI is not enabled; something else may answer anything.
  return status === 404 || json === undefined ? failed('ariNotThere', { url, status }) : ok(url)
}

async function checkLogin({ config }: Patient): Promise<Outcome> {
  const { ari } = opened(config)
  const { status, json } = await askAri(opened(config), 'GET', '/asterisk/info')
  if (status !== 200) return failed('ariRefused', { user: ari.user, status })
  const { system } = json as { readonly system?: { readonly version?: unknown } }
  return ok(typeof system?.version === 'string' ? `${ari.user}, Asterisk ${system.version}` : ari.user)
}

async function checkSamePbx({ config, ami }: Patient): Promise<Outcome> {
  const { json } = await askAri(opened(config), 'GET', '/asterisk/info')
  const ariName = (json as { readonly config?: { readonly name?: unknown } }).config?.name
  const amiName = (await opened(ami).send('CoreSettings'))['SystemName'] ?? ''
  return ariName === amiName
    ? ok()
    : failed('twoPbxs', { ami: amiName, ari: typeof ariName === 'string' ? ariName : '?' })
}

/** Operators' endpoints are made exactly so (src/presence/softphone-ari.ts); the trial one is taken away again. */
async function checkDynamic({ config }: Patient): Promise<Outcome> {
  const path = (type: string) => `/asterisk/config/dynamic/res_pjsip/${type}/${TRIAL}`
  const fields = {
    auth: { auth_type: 'userpass', username: TRIAL, password: randomUUID() },
    aor: { max_contacts: '1' },
    endpoint: {
      auth: TRIAL,
      aors: TRIAL,
      context: 'from-operators',
      webrtc: 'yes',
      disallow: 'all',
      allow: 'opus,alaw',
    },
  }
  try {
    for (const [type, values] of Object.entries(fields)) {
      const body = { fields: Object.entries(values).map(([attribute, value]) => ({ attribute, value })) }
      const { status } = await askAri(opened(config), 'PUT', path(type), body)
      if (status === 403 && type === 'auth' && (await isReadOnly(opened(config))))
        return failed('ariReadOnly')
      if (status !== 200) return failed('noDynamicConfig', { type, status })
    }
    return ok()
  } finally {
    for (const type of Object.keys(fields).reverse()) await askAri(opened(config), 'DELETE', path(type))
  }
}

/** A read-only user may do nothing that writes; setting an unused variable tells the two refusals apart. */
async function isReadOnly(config: Config): Promise<boolean> {
  const { status } = await askAri(config, 'POST', '/asterisk/variable?variable=TONGDAI_DOCTOR&value=1')
  return status === 403
}

async function checkSipWs({ config }: Patient): Promise<Outcome> {
  const url = opened(config).sipWsUrl
  const response = await fetch(url.replace(/^ws/, 'http'), { signal: AbortSignal.timeout(WITHIN_MS) }).catch(
    () => undefined,
  )
  await response?.body?.cancel()
  // RFC 9110 §15.5.22: what a WebSocket answers to a plain request.
  return response?.status === 426 ? ok(url) : failed('noSipWs', { url })
}

async function checkPrompts({ config, context }: Patient): Promise<Outcome> {
  const names = await promptNames(join(context.home, 'config', opened(config).city.id, 'prompts'))
  const missing: string[] = []
  for (const name of names) {
    const { status, json } = await askAri(opened(config), 'GET', `/sounds/${encodeURIComponent(name)}`)
    const formats =
      status === 200
        ? (json as { readonly formats?: readonly { readonly language?: unknown }[] }).formats
        : []
    if (!(formats ?? []).some(({ language }) => language === 'vi')) missing.push(name)
  }
  if (missing.length === 0) return ok(String(names.length))
  const shown = missing.slice(0, 5).join(', ') + (missing.length > 5 ? ', …' : '')
  return failed('promptsMissing', { count: missing.length, names: shown })
}

/** As the dialplan names them: number words where Asterisk looks for them, all else under tongdai/. */
async function promptNames(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true })
  const names = files.flatMap((file) => /^(.+)\.(?:txt|wav)$/.exec(file.replaceAll('\\', '/'))?.[1] ?? [])
  return [...new Set(names.map((name) => (name.startsWith('digits/') ? name : `tongdai/${name}`)))].sort()
}
