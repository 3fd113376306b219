import { execFile } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { firstGoodAnswer } from '../bench-support/first-answer.ts'
import { type ServiceProcess, startService } from '../bench-support/service-process.ts'
import { startPbx, type TestPbx } from './pbx.ts'
import { openRelay } from './relay.ts'
import { openRtpVoice } from './rtp-voice.ts'
import { openSipCaller, type SipAnswer } from './sip-caller.ts'
import { type SmsStub, startSmsStub, STUB_ACCOUNT } from './sms-stub.ts'
import { type DeskOperator, hireOperators, seatDeskOperator } from './transfer-rig.ts'

/** A citizen on the line. */
export interface CitizenCall {
  readonly press: (digit: number) => void
  readonly hangUp: () => void
  /** Resolves when the hotline hung up, or the PBX is gone. */
  readonly over: Promise<void>
}

/** Everything that can go wrong around the service; one at a time. Each resolves when it is over and what died is back. */
export interface Disasters {
  readonly service: (deadMs: number) => Promise<void>
  readonly pbx: (deadMs: number) => Promise<void>
  readonly both: (deadMs: number) => Promise<void>
  /** AMI, ARI or both for so long. */
  readonly line: (which: readonly ('ami' | 'ari')[], cutMs: number) => Promise<void>
  /** The service can write nothing for so long. */
  readonly disk: (fullMs: number) => Promise<void>
  /** The service's clock goes wrong by so much. */
  readonly clock: (offsetMs: number) => Promise<void>
}

export interface CallStage {
  readonly pbx: TestPbx
  readonly operators: readonly DeskOperator[]
  readonly sms: SmsStub
  readonly disasters: Disasters
  /** Calls the hotline; undefined when nobody answers there, because the PBX is dead or dies meanwhile. */
  readonly call: (from: string) => Promise<CitizenCall | undefined>
  /** Reads the service's own database. */
  readonly read: <T>(query: string, ...values: readonly unknown[]) => T[]
  readonly recordingsDir: string
  readonly url: string
  readonly ari: (path: string) => Promise<{ readonly id: string; readonly name?: string }[]>
  /** When the PBX was killed, on this process's `Date.now()`. */
  readonly pbxDeaths: readonly number[]
  readonly stop: () => Promise<void>
}

const ANSWERS_WITHIN_MS = 6_000
const BACK_WITHIN_MS = 30_000
const run = promisify(execFile)

/** Runs before the service: its clock is the machine's and so many milliseconds more, read anew at each SIGCONT. */
const WRONG_CLOCK = `
import { readFileSync } from 'node:fs'
const Real = Date
let offset = 0
const read = () => { offset = Number(readFileSync(process.env.WRONG_CLOCK_FILE, 'utf8')) }
read()
process.on('SIGCONT', read)
globalThis.Date = class Date extends Real {
  constructor(...given) { if (given.length === 0) super(Real.now() + offset); else super(...given) }
  static now() { return Real.now() + offset }
}`

/**
 * The whole hotline with everything between its parts in this process's hands: the telephone network, the wires to the PBX, the
 * carrier of SMS, the service's disk and clock.
 */
export async function openCallStage(operatorCount: number): Promise<CallStage> {
  const folder = await mkdtemp(join(tmpdir(), 'tongdai-calls-'))
  const clockFile = join(folder, 'clock')
  writeFileSync(clockFile, '0')
  const pbx = await startPbx({ offerEverySeconds: 5, maxWaitSeconds: 40 })
  const wires = { ami: await openRelay(pbx.ports.ami), ari: await openRelay(pbx.ports.http) }
  const sms = await startSmsStub()
  const caller = await openSipCaller({ port: pbx.trunkPort, pbxPort: pbx.ports.sip })
  const pbxDeaths: number[] = []
  const deaths = new EventEmitter<{ pbx: [] }>().setMaxListeners(0)
  const throughWires = {
    sipWsUrl: pbx.sipWsUrl,
    recordingDir: pbx.recordingDir,
    ami: { ...pbx.ami, port: wires.ami.port },
    ari: { ...pbx.ari, url: `http://127.0.0.1:${String(wires.ari.port)}` },
  }
  const [port = 0] = await pickPorts([{ kind: 'tcp' }])
  const start = (): Promise<ServiceProcess> =>
    startService({
      pbx: throughWires,
      folder,
      port,
      nodeArgs: ['--import', `data:text/javascript,${encodeURIComponent(WRONG_CLOCK)}`],
      environment: {
        WRONG_CLOCK_FILE: clockFile,
        TWILIO_ACCOUNT_SID: STUB_ACCOUNT.accountSid,
        TWILIO_AUTH_TOKEN: STUB_ACCOUNT.authToken,
        TWILIO_FROM: STUB_ACCOUNT.from,
        TWILIO_API_URL: sms.url,
      },
    })
  let service = await start()
  const operators: DeskOperator[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(operators.map((operator) => operator.close().catch(() => undefined)))
    await service.stop()
    caller.close()
    await Promise.all([wires.ami.close(), wires.ari.close(), sms.close()])
    await pbx.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await isBack()
    const site = { url: service.url, pbx, dataDir: join(folder, 'data') }
    const seats = await hireOperators(site, operatorCount)
    operators.push(...(await Promise.all(seats.map((seat) => seatDeskOperator(site, seat)))))
  } catch (cause) {
    await stop() // nothing of a stage that did not open stays behind
    throw cause
  }

  async function isBack(): Promise<void> {
    await service.ready
    await firstGoodAnswer(`${service.url}/readyz`, BACK_WITHIN_MS)
  }

  async function restartService(): Promise<void> {
    service = await start()
    await isBack()
    await Promise.all(operators.map((operator) => operator.reopen()))
  }

  function pbxDied(): void {
    pbxDeaths.push(Date.now())
    deaths.emit('pbx')
  }

  /** The PBX forgot where phones are; a desk phone says it again within two minutes, and nobody waits for that here. */
  async function replug(): Promise<void> {
    await Promise.all(
      operators.map(async (operator) => {
        for (let tries = 0; ; tries += 1) {
          try {
            await operator.replug()
            return
          } catch (cause) {
            if (tries >= 10) throw cause
            await pause(300) // its endpoint is being pushed
          }
        }
      }),
    )
  }

  const disasters: Disasters = {
    async service(deadMs) {
      await service.kill()
      await pause(deadMs)
      await restartService()
    },
    async pbx(deadMs) {
      await pbx.kill()
      pbxDied()
      await pause(deadMs)
      await pbx.restart()
      await firstGoodAnswer(`${service.url}/readyz`, BACK_WITHIN_MS)
      await replug()
    },
    async both(deadMs) {
      await Promise.all([service.kill(), pbx.kill()])
      pbxDied()
      await pause(deadMs)
      await Promise.all([pbx.restart(), restartService()])
      await replug()
    },
    async line(which, cutMs) {
      for (const one of which) wires[one].cut()
      await pause(cutMs)
      for (const one of which) wires[one].mend()
      await firstGoodAnswer(`${service.url}/readyz`, BACK_WITHIN_MS)
    },
    async disk(fullMs) {
      // The kernel refuses every byte to a file: EFBIG, as ENOSPC would come on a full disk (setrlimit(2)).
      await run('prlimit', ['--pid', String(service.pid), '--fsize=0:unlimited'])
      await pause(fullMs)
      await run('prlimit', ['--pid', String(service.pid), '--fsize=unlimited:unlimited'])
      await firstGoodAnswer(`${service.url}/readyz`, BACK_WITHIN_MS)
    },
    async clock(offsetMs) {
      writeFileSync(clockFile, String(offsetMs))
      if (service.isAlive()) process.kill(service.pid, 'SIGCONT')
    },
  }

  async function call(from: string): Promise<CitizenCall | undefined> {
    const voice = await openRtpVoice({ hz: 440, onSound: () => undefined })
    const gone = new AbortController()
    const lost = once(deaths, 'pbx', { signal: gone.signal }).then(
      () => undefined,
      () => undefined,
    )
    const asked = caller.invite({ to: '02251022', from: `<sip:${from}@127.0.0.1>`, soundPort: voice.port })
    const answer: SipAnswer | undefined = await Promise.race([
      asked.catch(() => undefined),
      lost,
      pause(ANSWERS_WITHIN_MS).then(() => undefined),
    ])
    if (answer?.status !== 200) {
      gone.abort()
      voice.close()
      // Answered after all, when nobody waits any more.
      asked.then(
        ({ hangUp }) => {
          hangUp()
        },
        () => undefined,
      )
      return undefined
    }
    voice.speakTo(answer.soundPort)
    const fallSilent = (): void => {
      if (gone.signal.aborted) return
      gone.abort()
      voice.close()
    }
    const over = Promise.race([answer.ended, lost]).then(fallSilent)
    return {
      press: voice.press,
      hangUp() {
        answer.hangUp()
        fallSilent()
      },
      over,
    }
  }

  return {
    pbx,
    operators,
    sms,
    disasters,
    call,
    read<T>(query: string, ...values: readonly unknown[]): T[] {
      const db = new Database(join(folder, 'data/tongdai.sqlite'), { readonly: true })
      try {
        return db.prepare(query).all(...values) as T[]
      } finally {
        db.close()
      }
    },
    recordingsDir: join(folder, 'recordings'),
    url: service.url,
    async ari(path) {
      const { url, user, secret } = pbx.ari
      const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`
      return (await (await fetch(`${url}/ari${path}`, { headers: { authorization } })).json()) as {
        id: string
      }[]
    },
    pbxDeaths,
    stop,
  }
}
