import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freeBytesAt } from '../platform/free-bytes.ts'
import { ConfigError, readConfig } from '../config.ts'
import { type Check, failed, ok, opened, type Outcome, type Patient } from './doctor-check.ts'
import { LEAST_FREE_BYTES, publicUrlProblem } from './doctor-policy.ts'
import { probe } from './http-probe.ts'
import { readRuntime } from './runtime-file.ts'

/** Settings that cannot be read name no folder; a PBX that is away is no such setting. */
const NO_FOLDERS: Promise<Outcome> = Promise.resolve({ status: 'skipped', because: 'config' })

/** Checks of this machine: settings, folders, addresses, the service itself. */
export const HERE_CHECKS = {
  config: { id: 'config', needs: [], run: checkConfig },
  dataFolder: {
    id: 'dataFolder',
    needs: [],
    run: ({ folders }) => (folders === undefined ? NO_FOLDERS : checkFolder(folders.dataDir, 'DATA_DIR')),
  },
  recordingsFolder: {
    id: 'recordingsFolder',
    needs: [],
    run: ({ folders }) =>
      folders === undefined ? NO_FOLDERS : checkFolder(folders.recordingsDir, 'RECORDINGS_DIR'),
  },
  recordingsOwner: {
    id: 'recordingsOwner',
    needs: ['recordingsFolder'],
    run: ({ folders }) => checkOwner(opened(folders)),
  },
  publicUrl: { id: 'publicUrl', needs: ['config'], run: checkPublicUrl },
  service: { id: 'service', needs: ['config'], run: checkService },
} as const satisfies Readonly<Record<string, Check>>

/** From the environment; of a running copy, what `npm start` chose for it. */
async function checkConfig(patient: Patient): Promise<Outcome> {
  const { environment, dataDir, home } = patient.context
  const runtime = (environment['AMI_SECRET'] ?? '') === '' ? await readRuntime(dataDir) : undefined
  const chosen =
    runtime === undefined
      ? {}
      : {
          CITY: runtime.city,
          AMI_HOST: runtime.ami.host,
          AMI_PORT: String(runtime.ami.port),
          AMI_USER: runtime.ami.user,
          AMI_SECRET: runtime.ami.secret,
          ARI_URL: runtime.ari.url,
          ARI_USER: runtime.ari.user,
          ARI_SECRET: runtime.ari.secret,
          SIP_WS_URL: runtime.sipWsUrl,
          PBX_RECORDING_DIR: runtime.recordingDir ?? '',
          PUBLIC_URL: runtime.url,
        }
  try {
    const config = readConfig({ ...environment, DATA_DIR: dataDir, ...chosen }, home)
    patient.config = config
    patient.folders = config
    patient.localUrl = runtime?.localUrl ?? `http://127.0.0.1:${String(config.http.port)}`
    return ok(runtime === undefined ? config.city.name : `${config.city.name}, npm start (${runtime.mode})`)
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause
    patient.folders = foldersWithoutPbx({ ...environment, DATA_DIR: dataDir }, home)
    const reason = cause.message.replace(/\s*\n\s*/g, '; ')
    return failed(runtime === undefined && reason.includes('AMI_SECRET') ? 'configNoPbx' : 'configBad', {
      reason,
    })
  }
}

/** A copy of `npm start` that does not run, or was refused, has no PBX; its folders are what they are. */
function foldersWithoutPbx(environment: NodeJS.ProcessEnv, home: string): Patient['folders'] {
  try {
    return readConfig({ ...environment, AMI_SECRET: 'none', ARI_SECRET: 'none' }, home)
  } catch (cause) {
    if (cause instanceof ConfigError) return undefined
    throw cause
  }
}

async function checkFolder(path: string, variable: string): Promise<Outcome> {
  const trial = join(path, `.doctor-${randomUUID()}`)
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await writeFile(trial, 'x')
    await rm(trial)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? ''
    return failed('folderNotWritable', { path, variable, code })
  }
  const freeBytes = await freeBytesAt(path)
  const freeGb = (freeBytes / 1024 ** 3).toFixed(1)
  return freeBytes < LEAST_FREE_BYTES ? failed('folderFull', { path, freeGb }) : ok(`${path}, ${freeGb} GB`)
}

/** Is the recordings folder this database's? */
async function checkOwner({
  databasePath,
  recordingsDir: path,
}: NonNullable<Patient['folders']>): Promise<Outcome> {
  if (!existsSync(databasePath)) return { status: 'unknown', note: 'noDatabase' }
  const [{ readDb }, { createInstallationStore }, { MARK, readFolderMark }] = await Promise.all([
    import('../db/open.ts'),
    import('../recordings/installation-store.ts'),
    import('../recordings/folder-mark.ts'),
  ])
  const db = readDb(databasePath)
  try {
    const store = db.hasTable('installation') ? createInstallationStore(db) : undefined
    const own = store?.find()
    if (store === undefined || own === undefined) return { status: 'unknown', note: 'noDatabase' }
    const mark = await readFolderMark(path, own.id)
    const file = join(path, MARK)
    if (mark.owner === 'other')
      return failed('recordingsOfOther', { path, file, id: mark.id, since: mark.since, own: own.id })
    if (mark.owner === 'unknown') return failed('recordingsMarkBad', { file, problem: mark.problem })
    const newest = store.newestFile()
    if (newest !== undefined && !existsSync(join(path, newest)))
      return failed('recordingsElsewhere', { path, file: newest })
    // Without a mark another installation might take the folder while this one files into it.
    return mark.owner === 'us' ? ok(own.id) : failed('recordingsMarkBad', { file, problem: 'ENOENT' })
  } finally {
    db.close()
  }
}

async function checkPublicUrl({ config }: Patient): Promise<Outcome> {
  const { http, twilio } = opened(config)
  const problem = publicUrlProblem(http.publicUrl, twilio !== null)
  return problem === null ? ok(http.publicUrl) : failed(problem, { url: http.publicUrl })
}

async function checkService({ localUrl }: Patient): Promise<Outcome> {
  const answer = await probe(`${localUrl}/readyz`)
  if (answer === undefined) return failed('serviceDown', { url: localUrl })
  if (answer.status === 200) return ok(localUrl)
  return failed('serviceNotReady', { url: localUrl, parts: partsAway(answer.body) })
}

/** Names of what /readyz says is not up. */
function partsAway(body: string): string {
  try {
    const { parts } = JSON.parse(body) as { readonly parts?: Readonly<Record<string, string>> }
    const away = Object.entries(parts ?? {}).filter(([name, state]) => name !== 'consoles' && state !== 'up')
    return away.map(([name, state]) => `${name}: ${state}`).join(', ')
  } catch {
    return '?' // something else answers on that port
  }
}
