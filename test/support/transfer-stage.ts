import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { TransferState, TransferTarget } from '../../src/transfers/contract.ts'
import { firstGoodAnswer } from '../bench-support/first-answer.ts'
import { type ServiceProcess, startService } from '../bench-support/service-process.ts'
import { type Heard, isSpeaking, listen, type Speaker, VOICES } from '../bench-support/hearing.ts'
import { untilFine } from '../bench-support/polling.ts'
import { type Ear, openEar, openPhoneNetwork } from '../bench-support/phone-network.ts'
import type { IncomingCall } from './sip-callee.ts'
import { startPbx, type TestPbx } from './pbx.ts'
import { type DeskOperator, hireOperators, seatDeskOperator } from './transfer-rig.ts'

/** What somebody hears: the voices, `music` for any other sound, `silence` for none. */
export type Sound = 'silence' | 'music' | Speaker | 'agency+citizen' | 'agency+operator' | 'citizen+operator'

/** An agency's phone with a number of its own; it answers unless told otherwise. */
export interface AgencyPhone {
  readonly ear: Ear
  readonly target: TransferTarget
  /** What it does from now on when it is rung; `answer` picks up and speaks. */
  readonly does: (next: (call: IncomingCall, answer: () => void) => void) => void
  /** The newest call that came. */
  readonly call: () => IncomingCall | undefined
  readonly close: () => void
}

/** One talk on its way through a transfer, with the ears of all three. */
export interface Scene {
  /** Unique id of the citizen's channel. */
  readonly call: string
  readonly from: string
  readonly operator: DeskOperator
  readonly citizen: Ear & { readonly hangUp: () => void }
  readonly agency: AgencyPhone
}

/** A transfer's row, as far as anybody here looks at it. */
interface Written {
  readonly id: string
  readonly state: TransferState
  readonly operatorLeg: string
}

export interface TransferStage {
  readonly pbx: TestPbx
  readonly operators: readonly DeskOperator[]
  /** Every operator who is not on a call takes the next one. */
  readonly ready: () => Promise<void>
  /** A citizen calls; resolves when an operator speaks with them. */
  readonly talk: () => Promise<Scene>
  readonly agencyPhone: () => Promise<AgencyPhone>
  /** As many citizens call as there are operators; resolves when each speaks with one. */
  readonly talks: () => Promise<Scene[]>
  /** That operator calls the citizen; resolves when the citizen has picked up. */
  readonly dialOut: (scene: Scene) => Promise<Scene>
  /** Somebody else calls the hotline. */
  readonly callFrom: (number: string) => Promise<{ readonly hangUp: () => void }>
  readonly hears: (scene: Scene, who: Speaker) => Promise<Sound>
  /** Kills the service, and starts it again when `meanwhile` is over. */
  readonly crash: (meanwhile: () => Promise<void>) => Promise<void>
  /** Writes into the service's own database; only while the service is dead. */
  readonly write: (statement: string, ...values: readonly string[]) => void
  /** What is written down, read past the service. */
  readonly stateOf: (transferId: string) => TransferState | undefined
  /** The call's newest transfer, as it is written down. */
  readonly transferOf: (call: string) => Written | undefined
  readonly ari: (path: string) => Promise<{ readonly id: string; readonly name?: string }[]>
  /** Everybody hangs up who has not. */
  readonly end: (scenes: readonly Scene[]) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Numbers nobody has, with four digits more. */
const CALLER_PREFIX = '095000'
const AGENCY_PREFIX = '0225000'
/** What counts as "now": 15 packets of sound. */
const NOW_MS = 300
const RATE = 8_000
/** A service that dies while it is asked is back before that. */
const READY_WITHIN_MS = 15_000
/** Instead of a status, where the connection broke. */
const NO_ANSWER = 599
const WAV_HEADER_BYTES = 44

/**
 * The whole hotline with the telephone network inside this process, so that each party's sound can be listened to as it comes,
 * and with a service that can be killed: a process of its own. Operators speak from real desk phones.
 */
export async function openTransferStage(operatorCount: number): Promise<TransferStage> {
  const folder = await mkdtemp(join(tmpdir(), 'tongdai-stage-'))
  const pbx = await startPbx({ verbosity: 3 })
  const network = await openPhoneNetwork(pbx)
  let service: ServiceProcess = await startService({ pbx, folder })
  const port = Number(new URL(service.url).port)
  const operators: DeskOperator[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(operators.map((operator) => operator.close()))
    await service.stop()
    network.close()
    await pbx.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await service.ready
    await firstGoodAnswer(`${service.url}/readyz`, 10_000)
    const site = { url: service.url, pbx, dataDir: join(folder, 'data') }
    const seats = await hireOperators(site, operatorCount)
    operators.push(...(await Promise.all(seats.map((seat) => seatDeskOperator(site, seat)))))
  } catch (cause) {
    await stop() // nothing of a stage that did not open stays behind
    throw cause
  }
  let numbers = 1_000
  const nextNumber = (prefix: string): string => `${prefix}${String((numbers += 1))}`

  async function ari(path: string): Promise<{ id: string; name?: string }[]> {
    const { url, user, secret } = pbx.ari
    const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`
    return (await (await fetch(`${url}/ari${path}`, { headers: { authorization } })).json()) as {
      id: string
    }[]
  }

  /** Whoever is on a call says no. A service that is dead or only just back says nothing: it is asked again, or nobody would be ready. */
  async function ready(): Promise<void> {
    await Promise.all(
      operators.map((operator) =>
        untilFine(READY_WITHIN_MS, async () => {
          const status = await operator.send('PUT', '/api/presence', { state: 'ready' }).then(
            (answer) => answer.status,
            () => NO_ANSWER,
          )
          return status < 300 || status === 409 ? undefined : `ready is answered ${String(status)}`
        }),
      ),
    )
  }

  async function agencyPhone(): Promise<AgencyPhone> {
    const number = nextNumber(AGENCY_PREFIX)
    const ear = await openEar('agency')
    let call: IncomingCall | undefined
    let closed = false
    let does = (_call: IncomingCall, answer: () => void): void => {
      answer()
    }
    network.at(number, (rung) => {
      call = rung
      does(rung, () => {
        if (closed) return
        ear.speakTo(rung.soundPort)
        rung.answer(ear.port)
      })
    })
    return {
      ear,
      target: { number, unitId: null, label: `Trực ${number}`, ask: false },
      does(next) {
        does = next
      },
      call: () => call,
      close() {
        closed = true
        ear.close()
      },
    }
  }

  async function talk(): Promise<Scene> {
    const from = nextNumber(CALLER_PREFIX)
    const [ear, agency] = await Promise.all([openEar('citizen'), agencyPhone()])
    const { hangUp } = await network.call(from, ear)
    const { operator, call } = await Promise.any(
      operators.map(async (operator) => ({
        operator,
        call: (await operator.call(({ number: { raw }, state }) => raw === from && state === 'talking')).id,
      })),
    )
    return { call, from, operator, citizen: { ...ear, hangUp }, agency }
  }

  async function dialOut({ operator }: Scene): Promise<Scene> {
    const from = nextNumber(CALLER_PREFIX)
    const [ear, agency] = await Promise.all([openEar('citizen'), agencyPhone()])
    let theirs: IncomingCall | undefined
    network.at(from, (call) => {
      theirs = call
      ear.speakTo(call.soundPort)
      call.answer(ear.port)
    })
    await operator.phone.dial(from)
    const call = await operator.call(({ number: { raw }, state }) => raw === from && state === 'talking')
    return { call: call.id, from, operator, citizen: { ...ear, hangUp: () => theirs?.hangUp() }, agency }
  }

  /** Reads the service's own database, whether or not there is a service. */
  function read(query: string, ...values: readonly string[]): unknown {
    const db = new Database(join(folder, 'data/tongdai.sqlite'), { readonly: true })
    try {
      return db.prepare(query).get(...values)
    } finally {
      db.close()
    }
  }

  function write(statement: string, ...values: readonly string[]): void {
    const db = new Database(join(folder, 'data/tongdai.sqlite'))
    try {
      db.prepare(statement).run(...values)
    } finally {
      db.close()
    }
  }

  async function hears({ citizen, agency, operator }: Scene, who: Speaker): Promise<Sound> {
    if (who === 'operator') return soundOf(await lastOf(operator.phone.heardFile))
    const since = performance.now() - NOW_MS
    return soundOf((who === 'citizen' ? citizen : agency.ear).heard.filter(({ atMs }) => atMs >= since))
  }

  return {
    pbx,
    operators,
    ready,
    talk,
    agencyPhone,
    talks: async () => {
      await ready()
      return Promise.all(operators.map(talk))
    },
    dialOut,
    callFrom: async (number) => network.call(number, await openEar('citizen')),
    hears,
    async crash(meanwhile) {
      await service.kill()
      await meanwhile()
      service = await startService({ pbx, folder, port })
      await service.ready
      await firstGoodAnswer(`${service.url}/readyz`, 10_000)
      await Promise.all(operators.map((operator) => operator.reopen()))
    },
    write,
    stateOf: (transferId) =>
      (read('select state from transfers where id = ?', transferId) as Written | undefined)?.state,
    transferOf: (call) =>
      read(
        `select id, state, operator_leg as operatorLeg from transfers
         where call_id = ? order by started_at desc limit 1`,
        call,
      ) as Written | undefined,
    ari,
    async end(scenes) {
      for (const { citizen, operator, agency } of scenes) {
        citizen.hangUp()
        agency.call()?.hangUp()
        await operator.phone.hangUp()
        citizen.close()
        agency.close()
      }
    },
    stop,
  }
}

/** Four in five packets of the last moment, so that one that is half the old sound and half the new does not count. */
function soundOf(heard: readonly Heard[]): Sound {
  const most = (fits: (one: Heard) => boolean): boolean =>
    heard.filter(fits).length >= Math.max(1, Math.ceil(heard.length * 0.8))
  const voices = (Object.keys(VOICES) as Speaker[]).filter((speaker) =>
    most((one) => isSpeaking(one, speaker)),
  )
  if (voices.length > 0) return voices.sort().join('+') as Sound
  return heard.length > 0 && most(({ loudness }) => loudness >= 0.01) ? 'music' : 'silence'
}

/** The end of what a desk phone heard, packet by packet. */
async function lastOf(wav: string): Promise<Heard[]> {
  const file = await open(wav)
  try {
    const { size } = await file.stat()
    const wanted = (RATE * 2 * NOW_MS) / 1_000
    const start = Math.max(WAV_HEADER_BYTES, size - wanted)
    const bytes = Buffer.alloc(Math.max(0, size - start))
    await file.read(bytes, 0, bytes.length, start)
    const packets = Math.floor(bytes.length / 320)
    return Array.from({ length: packets }, (_, packet) =>
      listen(
        Int16Array.from({ length: 160 }, (_sample, at) => bytes.readInt16LE(packet * 320 + at * 2)),
        0,
      ),
    )
  } finally {
    await file.close()
  }
}
