import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type AmiLines, connectAmi } from '../../src/cli/ami-lines.ts'
import { type AsteriskProcess } from '../../src/cli/asterisk-process.ts'
import { type Carrier, startCarrier } from '../../src/cli/carrier.ts'
import { cacheFolder, currentEnvironment } from '../../src/cli/environment.ts'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { type PbxAccess, type PbxOptions, pbxAccess, startPbxProcess } from '../../src/cli/pbx.ts'
import { type PbxPorts, type PbxSecrets } from '../../src/cli/pbx-folder.ts'
import { type AsteriskInstall, provisionAsterisk } from '../../src/cli/provision-asterisk.ts'
import { type VoiceSet, prepareVoices } from '../../src/cli/voice-set.ts'
import { AppError } from '../../src/platform/errors.ts'

const HOME = resolve(import.meta.dirname, '../..')
const HOTLINE_NUMBER = '02251022'
/** What is said in half a second where the city says it in ten: tests wait for the sentence, not for its length. */
const SHORT_PROMPTS: Readonly<Record<string, string>> = {
  greeting: 'A',
  notice: 'ghi âm',
  'notice-out': 'ghi âm',
  'operator-lost': 'nối lại',
  'agency-accept': 'bấm một',
  'agency-notice': 'ghi âm',
  'agency-unreached': 'chưa nghe',
  'put-through': 'xin giữ máy',
  goodbye: 'chào',
  'queue-next': 'tiếp theo',
  'queue-there-are': 'số',
  'queue-waiting': 'chờ',
  'queue-holdtime': 'khoảng',
  'queue-offer': 'một, hai',
  'long-wait': 'chờ lâu',
  'callback-confirm': 'gọi số',
  'callback-choice': 'đồng ý',
  'callback-enter': 'bấm số',
  'callback-thanks': 'cảm ơn',
  'voicemail-intro': 'xin nói',
  'voicemail-thanks': 'đã ghi',
}
/** First of the RTP ports of test PBXs. Ranges may overlap: Asterisk passes over a port that is taken. */
const RTP_FROM = 20_200
const RTP_TO = 20_998

/** A real PBX of a test, with its simulated telephone network if asked for. */
export interface TestPbx extends PbxAccess {
  readonly ports: PbxPorts
  readonly root: string
  readonly install: AsteriskInstall
  readonly voices: VoiceSet
  /** UDP port the trunk's calls come from; free for a test's own SIP when there is no simulated network. */
  readonly trunkPort: number
  /** The journal's rows as the dialplan wrote them, by call. */
  readonly journal: () => Promise<ReadonlyMap<string, string>>
  /** The simulated network; throws when the PBX was started without one. */
  readonly carrier: Carrier
  /** A small AMI connection as the service's user, for looking and doing; a fresh one after each restart. */
  readonly look: () => AmiLines
  /** Stops and starts the PBX in order, its folder and ports kept; resolves when it is booted again. */
  readonly restart: () => Promise<void>
  /** Ends the PBX as a power cut would; `restart` brings it back. */
  readonly kill: () => Promise<void>
  /** Stops everything and removes the folder. */
  readonly stop: () => Promise<void>
  readonly pid: () => number
  /** How the process that runs now ends. */
  readonly ended: () => AsteriskProcess['ended']
}

/** Settings of a test PBX. */
export interface TestPbxOptions {
  readonly withCarrier?: boolean
  /** Speaks the city's whole sentences; short ones otherwise, so that tests do not wait for them. */
  readonly fullGreeting?: boolean
  readonly maxWaitSeconds?: number
  readonly offerEverySeconds?: number
  readonly verbosity?: number
  /** Ended when it answers no more, as `npm start` has it; not watched otherwise. */
  readonly watch?: Parameters<typeof startPbxProcess>[2]
}

/** Starts a real Asterisk in a folder and on ports of its own; several at once are fine. */
export async function startPbx(options: TestPbxOptions = {}): Promise<TestPbx> {
  const install = await testInstall()
  const voices = await testVoices(install, options.fullGreeting === true)
  const root = await mkdtemp(join(tmpdir(), 'tongdai-pbx-'))
  const kinds = ['tcp', 'tcp', 'udp', 'tcp', 'udp'] as const
  const [ami = 0, http = 0, sip = 0, carrierAmi = 0, carrierSip = 0] = await pickPorts(
    kinds.map((kind) => ({ kind })),
  )
  const ports = { ami, http, sip, rtpFrom: RTP_FROM, rtpTo: RTP_TO }
  const secrets: PbxSecrets = {
    ami: 'test-ami-secret',
    ari: 'test-ari-secret',
    carrierAmi: 'test-carrier-secret',
  }
  const pbxOptions: PbxOptions = {
    home: HOME,
    root: join(root, 'pbx'),
    install,
    voices,
    ports,
    secrets,
    trunk: { type: 'carrier', sipPort: carrierSip },
    systemName: `t${String(ami)}`,
    hotlineNumber: HOTLINE_NUMBER,
    maxWaitSeconds: options.maxWaitSeconds ?? 60,
    offerEverySeconds: options.offerEverySeconds ?? 30,
    verbosity: options.verbosity ?? 0,
  }
  const access = pbxAccess(pbxOptions)
  let asterisk: AsteriskProcess = await startPbxProcess(pbxOptions, {}, options.watch)
  let ami1 = await connectAmi(access.ami)
  const carrier =
    options.withCarrier === true
      ? await startCarrier({
          home: HOME,
          root: join(root, 'carrier'),
          install,
          voices,
          secret: secrets.carrierAmi,
          ports: { ami: carrierAmi, sip: carrierSip, rtpFrom: RTP_FROM, rtpTo: RTP_TO },
          pbxSipPort: sip,
          hotlineNumber: HOTLINE_NUMBER,
          verbosity: options.verbosity ?? 0,
        })
      : undefined
  return {
    ...access,
    ports,
    root: pbxOptions.root,
    install,
    voices,
    trunkPort: carrierSip,
    journal: () => readJournal(ami1),
    get carrier() {
      if (carrier === undefined) throw new Error('this PBX was started without { withCarrier: true }')
      return carrier
    },
    look: () => ami1,
    pid: () => asterisk.pid,
    ended: () => asterisk.ended,
    restart: async () => {
      ami1.close()
      await asterisk.stop()
      asterisk = await startPbxProcess(pbxOptions, {}, options.watch)
      ami1 = await connectAmi(access.ami)
    },
    kill: () => asterisk.kill(),
    stop: async () => {
      ami1.close()
      await Promise.all([asterisk.stop(), carrier?.stop()])
      await rm(root, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

async function readJournal(ami: AmiLines): Promise<ReadonlyMap<string, string>> {
  const rows = new Map<string, string>()
  const stop = ami.onEvent((event) => {
    if (event['Event'] === 'DBGetTreeResponse')
      rows.set((event['Key'] ?? '').replace('/calls/', ''), event['Val'] ?? '')
  })
  const complete = ami.waitFor((event) => event['Event'] === 'DBGetTreeComplete', 5_000)
  complete.catch(() => undefined) // an empty family answers an error, and nothing follows
  try {
    await ami.send('DBGetTree', { Family: 'calls' })
    await complete
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'AMI_ERROR') throw error
  } finally {
    stop()
  }
  return rows
}

async function testInstall(): Promise<AsteriskInstall> {
  return provisionAsterisk({ environment: currentEnvironment(), progress: () => undefined })
}

/** The sounds of test PBXs. */
export async function testVoices(install: AsteriskInstall, fullGreeting: boolean): Promise<VoiceSet> {
  const cache = cacheFolder(currentEnvironment())
  const voicesDir = join(HOME, 'config/haiphong/voices')
  const promptsDir = join(HOME, 'config/haiphong/prompts')
  if (fullGreeting) return prepareVoices({ promptsDir, voicesDir, cache, install, progress: () => undefined })
  const work = await mkdtemp(join(tmpdir(), 'tongdai-prompts-'))
  try {
    await cp(promptsDir, work, { recursive: true })
    for (const [name, text] of Object.entries(SHORT_PROMPTS)) await writeFile(join(work, `${name}.txt`), text)
    return await prepareVoices({ promptsDir: work, voicesDir, cache, install, progress: () => undefined })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
