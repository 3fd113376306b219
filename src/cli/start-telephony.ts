import { createHash } from 'node:crypto'
import { mkdir, realpath, rm, symlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { startCarrierProcess } from './carrier.ts'
import { cacheFolder } from './environment.ts'
import { withFileLock } from './file-lock.ts'
import { type PbxOptions, pbxAccess, startPbxProcess } from './pbx.ts'
import { type PbxSecrets, loadSecrets } from './pbx-folder.ts'
import { type AsteriskInstall, provisionAsterisk } from './provision-asterisk.ts'
import { type Copy, type CopyFacts } from './start-copy.ts'
import { type StartPlan } from './start-plan.ts'
import { chooseStartPorts } from './start-ports.ts'
import { type VoiceSet, prepareVoices } from './voice-set.ts'

/** RTP ports; ranges of several copies may overlap, Asterisk passes over a port that is taken. */
const PBX_RTP = { rtpFrom: 16_000, rtpTo: 16_998 }
const NETWORK_RTP = { rtpFrom: 17_000, rtpTo: 17_998 }

/** Provisions and starts our own PBX, with the simulated network unless the plan names a trunk. Tells the facts as soon as ports are chosen; resolves when calls can be taken. */
export async function startTelephony(
  copy: Copy,
  plan: Exclude<StartPlan, { readonly mode: 'attached' }>,
): Promise<void> {
  const { config, environment, say } = copy
  const cache = cacheFolder(environment)
  const [install, secrets] = await Promise.all([
    provisionAsterisk({ environment, progress: say }),
    loadSecrets(config.dataDir),
  ])
  const voices = await prepareVoices({
    promptsDir: join(config.cityDir, 'prompts'),
    voicesDir: join(config.cityDir, 'voices'),
    cache,
    install,
    progress: say,
  })
  for (const problem of voices.problems) say(problem)
  // Two copies that start at once do not choose the same ports: the second looks when the first holds its own.
  await withFileLock(join(cache, 'ports.lock'), () =>
    startAsterisks(copy, plan, { install, voices, secrets }),
  )
}

async function startAsterisks(
  copy: Copy,
  plan: Exclude<StartPlan, { readonly mode: 'attached' }>,
  parts: { readonly install: AsteriskInstall; readonly voices: VoiceSet; readonly secrets: PbxSecrets },
): Promise<void> {
  const { config, home } = copy
  const { install, voices, secrets } = parts
  const chosen = await chooseStartPorts(copy.environment)
  const root = join(config.dataDir, 'pbx')
  const networkRoot = join(config.dataDir, 'network')
  const options: PbxOptions = {
    home,
    root,
    install,
    voices,
    secrets,
    ports: {
      ami: chosen.AMI_PORT,
      http: chosen.PBX_HTTP_PORT,
      sip: chosen.PBX_SIP_PORT,
      ...PBX_RTP,
    },
    trunk: plan.mode === 'trunk' ? plan.trunk : { type: 'carrier', sipPort: chosen.NETWORK_SIP_PORT },
    systemName: await systemName(config.city.codePrefix, config.dataDir),
    hotlineNumber: config.city.line,
  }
  const network = {
    amiPort: chosen.NETWORK_AMI_PORT,
    sipPort: chosen.NETWORK_SIP_PORT,
    secret: secrets.carrierAmi,
  }
  copy.learn({
    ...commonFacts(copy),
    ...pbxAccess(options),
    mode: plan.mode,
    sipPort: chosen.PBX_SIP_PORT,
    network: plan.mode === 'simulated' ? network : null,
    opus: { encoder: [...install.opus.encoder], decoder: [...install.opus.decoder] },
  })
  await linkLog(config.dataDir, 'pbx')
  const pbx = copy.keep('pbx', (onSpawned) =>
    startPbxProcess(options, { onSpawned, ownGroup: true }, { say: copy.say }),
  )
  const started = [pbx.started]
  if (plan.mode === 'simulated') {
    await linkLog(config.dataDir, 'network')
    const carrier = copy.keep('network', (onSpawned) =>
      startCarrierProcess(
        {
          home,
          root: networkRoot,
          install,
          voices,
          secret: network.secret,
          ports: { ami: network.amiPort, sip: network.sipPort, ...NETWORK_RTP },
          pbxSipPort: chosen.PBX_SIP_PORT,
          hotlineNumber: config.city.line,
        },
        { onSpawned, ownGroup: true },
      ),
    )
    started.push(carrier.started)
  }
  await Promise.all(started)
}

/** Facts that do not hang on the PBX. */
export function commonFacts({
  config,
}: Pick<Copy, 'config'>): Pick<CopyFacts, 'url' | 'localUrl' | 'city' | 'hotlineNumber'> {
  const isEverywhere = config.http.host === '0.0.0.0' || config.http.host === '::'
  const host = isEverywhere ? '127.0.0.1' : config.http.host
  return {
    url: config.http.publicUrl,
    localUrl: `http://${host.includes(':') ? `[${host}]` : host}:${String(config.http.port)}`,
    city: config.city.id,
    hotlineNumber: config.city.line,
  }
}

/** Makes call ids unique among copies: the city's letters and a mark of the data folder. */
async function systemName(prefix: string, dataDir: string): Promise<string> {
  const mark = createHash('sha256')
    .update(await realpath(dataDir))
    .digest('hex')
  return `${prefix.toLowerCase()}${mark.slice(0, 6)}`
}

/** The Asterisks write their logs in folders of their own; people find all logs in one. */
async function linkLog(dataDir: string, part: 'pbx' | 'network'): Promise<void> {
  const folder = join(dataDir, 'log')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const link = join(folder, `${part}.log`)
  await rm(link, { force: true })
  await symlink(relative(folder, join(dataDir, part, 'log/messages.log')), link)
}
