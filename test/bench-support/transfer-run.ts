import { type DeskOperator } from '../support/transfer-rig.ts'
import { type AriCalls, type AriChannel, channelsOf, nothingLeft } from './ari-calls.ts'
import { type Heard, firstHeard, isMusic, isSpeaking } from './hearing.ts'
import { type Ear, type PhoneNetwork, openEar } from './phone-network.ts'
import { untilFine } from './polling.ts'

/** Citizen and operator on the phone with each other, as the PBX names their legs. */
export interface Talk {
  readonly citizen: AriChannel
  readonly operator: AriChannel
}

/** Who does the transferring: the service, or bare calls. */
export interface TransferWay {
  readonly name: 'ours' | 'floor'
  /** The click on the button; resolves when it was answered. */
  readonly start: (talk: Talk, number: string) => Promise<void>
  /** Resolves when operator and agency are in consultation. */
  readonly consulting: (talk: Talk) => Promise<void>
  readonly complete: (talk: Talk) => Promise<void>
  /** The citizen has hung up; resolves when nothing more is to be done. */
  readonly finish: (talk: Talk) => Promise<void>
}

/** What one transfer took, in milliseconds. */
export interface TransferTimes {
  /** From the click to the first packet of announcement or music at the citizen's ear. */
  readonly musicMs: number
  /** From the click to the INVITE at the agency. */
  readonly ringMs: number
  /** From the command to complete to the later of: the citizen hears the agency, the agency hears the citizen. */
  readonly talkMs: number
}

export interface TransferRig {
  readonly network: PhoneNetwork
  readonly operator: DeskOperator
  readonly ari: AriCalls
}

/** Steps that people wait for. */
const STEP_WITHIN_MS = 5_000
/** Greeting, notice and the way through the queue; the agency's notice. */
const SPEECH_WITHIN_MS = 15_000
const ENDS_WITHIN_MS = 10_000
/** Half a second of talk before somebody clicks. */
const TALK_PACKETS = 25
const PACKET_MS = 20
const AGENCY = '02250009001'

/** A call, talked for a moment, transferred warmly, talked for a moment, hung up. Throws when a step fails or does not come. */
export async function runTransfer(
  { network, operator, ari }: TransferRig,
  way: TransferWay,
  from: string,
): Promise<TransferTimes> {
  const citizenEar = await openEar('citizen')
  const agencyEar = await openEar('agency')
  try {
    const citizen = await network.call(from, citizenEar)
    await hearsOperator(citizenEar, 0, SPEECH_WITHIN_MS)
    const talk = await findTalk(ari, operator.member)
    await operator.call(({ id, state }) => id === talk.citizen.id && state === 'talking')

    await anyMoment()
    const clickAt = performance.now()
    const [musicAt, rung] = await Promise.all([
      citizenEar.until('music', STEP_WITHIN_MS, (heard) => firstHeard(heard, clickAt, isMusic)),
      network.rung(STEP_WITHIN_MS),
      way.start(talk, AGENCY),
    ])
    rung.answer(agencyEar.port)
    agencyEar.speakTo(rung.soundPort)
    await way.consulting(talk)
    await hearsOperator(agencyEar, performance.now(), SPEECH_WITHIN_MS)

    await anyMoment()
    const completeAt = performance.now()
    const hears = (ear: Ear, speaker: 'agency' | 'citizen'): Promise<number> =>
      ear.until(`the voice of the ${speaker}`, STEP_WITHIN_MS, (heard) =>
        firstHeard(heard, completeAt, (packet) => isSpeaking(packet, speaker)),
      )
    const [citizenHearsAt, agencyHearsAt] = await Promise.all([
      hears(citizenEar, 'agency'),
      hears(agencyEar, 'citizen'),
      way.complete(talk),
    ])
    citizen.hangUp()
    await way.finish(talk)
    return {
      musicMs: musicAt - clickAt,
      ringMs: rung.atMs - clickAt,
      talkMs: Math.max(citizenHearsAt, agencyHearsAt) - completeAt,
    }
  } finally {
    citizenEar.close()
    agencyEar.close()
  }
}

/** After a transfer, and after one that was lost too: no leg is left, and the operator takes the next call. */
export async function settle({ operator, ari }: TransferRig, isLost: boolean): Promise<void> {
  if (isLost)
    for (const { id } of await channelsOf(ari)) await ari('DELETE', `/channels/${id}`).catch(() => undefined)
  await nothingLeft(ari, ENDS_WITHIN_MS)
  await untilFine(ENDS_WITHIN_MS, async () => {
    const { state } = await operator.get<{ readonly state: string }>('/api/presence')
    return state === 'onCall' ? 'the operator is still on a call that is over' : undefined
  })
  await operator.ready()
}

/** The service at work, behind its HTTP. */
export function serviceWay(operator: DeskOperator): TransferWay {
  const reached = (talk: Talk, wanted: 'consult' | 'completed') =>
    operator.transfer(({ callId, state }) => callId === talk.citizen.id && state === wanted, wanted)
  return {
    name: 'ours',
    async start(_talk, number) {
      await operator.start([{ number, unitId: null, label: 'Trực ban', ask: false }])
    },
    async consulting(talk) {
      await reached(talk, 'consult')
    },
    async complete(talk) {
      await operator.command(await reached(talk, 'consult'), 'complete')
    },
    async finish(talk) {
      await reached(talk, 'completed')
    },
  }
}

async function hearsOperator(ear: Ear, fromMs: number, withinMs: number): Promise<void> {
  const isOperator = (heard: Heard): boolean => isSpeaking(heard, 'operator')
  await ear.until('the voice of the operator', withinMs, (heard) => {
    const last = heard.slice(-TALK_PACKETS)
    return last.length === TALK_PACKETS && (last[0]?.atMs ?? 0) >= fromMs && last.every(isOperator)
      ? true
      : undefined
  })
}

/** People click at any distance from the last packet of sound. Without this they would all click right after one. */
async function anyMoment(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * PACKET_MS))
}

async function findTalk(ari: AriCalls, member: string): Promise<Talk> {
  const channels = await channelsOf(ari)
  const citizen = channels.find(({ name }) => name.startsWith('PJSIP/trunk-'))
  const operator = channels.find(({ name }) => name.startsWith(`PJSIP/${member}-`))
  if (citizen === undefined || operator === undefined)
    throw new Error(`not the legs of a talk: ${channels.map(({ name }) => name).join(', ')}`)
  return { citizen, operator }
}
