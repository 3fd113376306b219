import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type AsteriskHold, type AsteriskProcess, startAsterisk } from './asterisk-process.ts'
import {
  PBX_USER,
  type PbxPorts,
  type PbxSecrets,
  type Trunk,
  layOutFolders,
  renderConfig,
  trunkValues,
} from './pbx-folder.ts'
import { type AsteriskInstall } from './provision-asterisk.ts'
import { type Watched, endWhenSilent } from './silence-watch.ts'
import { type VoiceSet } from './voice-set.ts'

/** What it takes to run a PBX of ours. */
export interface PbxOptions {
  /** The repository: `dialplan/` and `config/asterisk/` are taken from here. */
  readonly home: string
  /** The PBX's own folder; journal, queue members and recordings in it outlive a restart. */
  readonly root: string
  readonly install: AsteriskInstall
  readonly voices: VoiceSet
  readonly ports: PbxPorts
  readonly secrets: PbxSecrets
  readonly trunk: Trunk
  readonly systemName: string
  readonly hotlineNumber: string
  /** Seconds in the queue before the menu is spoken in full. */
  readonly maxWaitSeconds?: number
  /** Seconds between two offers of callback and message in the queue. */
  readonly offerEverySeconds?: number
  readonly verbosity?: number
}

/** How the service reaches a PBX; the values of AMI_*, ARI_*, SIP_WS_URL and PBX_RECORDING_DIR. */
export interface PbxAccess {
  readonly ami: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly secret: string
  }
  readonly ari: { readonly url: string; readonly user: string; readonly secret: string }
  readonly sipWsUrl: string
  readonly recordingDir: string
}

/** The access that goes with the ports and secrets of a PBX of ours. */
export function pbxAccess(options: Pick<PbxOptions, 'root' | 'ports' | 'secrets'>): PbxAccess {
  const { ports, secrets } = options
  const origin = `127.0.0.1:${String(ports.http)}`
  return {
    ami: { host: '127.0.0.1', port: ports.ami, user: PBX_USER, secret: secrets.ami },
    ari: { url: `http://${origin}`, user: PBX_USER, secret: secrets.ari },
    sipWsUrl: `ws://${origin}/ws`,
    recordingDir: join(options.root, 'spool/recording'),
  }
}

/**
 * Renders the PBX's configuration and starts it; resolves when it takes calls. With `watch` it is ended when it runs and answers
 * nobody: its calls are lost then, but nobody in them has heard anything for that long, and no new one was answered.
 */
export async function startPbxProcess(
  options: PbxOptions,
  hold: AsteriskHold = {},
  watch?: Pick<Watched, 'say' | 'rule'>,
): Promise<AsteriskProcess> {
  const { home, root, install, voices, ports, secrets, trunk } = options
  const folders = await layOutFolders(root, install, voices)
  const etcDir = folders['etcDir'] ?? ''
  const verbosity = options.verbosity ?? 0
  await renderConfig(join(home, 'config/asterisk'), etcDir, {
    ...folders,
    ...trunkValues(trunk),
    systemName: options.systemName,
    verbosity: String(verbosity),
    consoleLog: verbosity > 0 ? 'full.log => notice,warning,error,verbose,debug' : '',
    amiPort: String(ports.ami),
    amiUser: PBX_USER,
    amiSecret: secrets.ami,
    ariUser: PBX_USER,
    ariSecret: secrets.ari,
    httpPort: String(ports.http),
    sipPort: String(ports.sip),
    rtpFrom: String(ports.rtpFrom),
    rtpTo: String(ports.rtpTo),
    mohDir: voices.musicDir,
    hotlineNumber: options.hotlineNumber,
    noticeVersion: voices.noticeVersion,
    noticeOutVersion: voices.noticeOutVersion,
    maxWaitSeconds: String(options.maxWaitSeconds ?? 45),
    offerEverySeconds: String(options.offerEverySeconds ?? 45),
  })
  await copyDialplan(join(home, 'dialplan'), join(etcDir, 'tongdai'))
  const pbx = await startAsterisk({
    ...hold,
    install,
    root,
    amiPort: ports.ami,
    amiUser: PBX_USER,
    amiSecret: secrets.ami,
  })
  if (watch !== undefined)
    void endWhenSilent({
      ...watch,
      name: 'The PBX',
      url: `http://127.0.0.1:${String(ports.http)}/`,
      kill: () => void pbx.kill(),
      ended: pbx.ended,
    })
  return pbx
}

/** Copied rather than linked: a PBX that restarts at night reads what it was started with. */
async function copyDialplan(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of await readdir(from)) await copyFile(join(from, name), join(to, name))
}
