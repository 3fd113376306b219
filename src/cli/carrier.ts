import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../platform/errors.ts'
import { type AmiLines, type AmiMessage, connectAmi } from './ami-lines.ts'
import { type AsteriskHold, type AsteriskProcess, startAsterisk } from './asterisk-process.ts'
import { PBX_USER, layOutFolders, renderConfig } from './pbx-folder.ts'
import { type AsteriskInstall } from './provision-asterisk.ts'
import { type VoiceSet } from './voice-set.ts'

/** What a phone of the simulated network does when the hotline rings it. */
export const PHONE_HABITS = [
  'answer',
  'tone',
  'slow',
  'machine',
  'ringout',
  'busy',
  'reject',
  'unallocated',
] as const
export type PhoneHabit = (typeof PHONE_HABITS)[number]

/** A citizen's call: who, what they say (a file of the voices, such as `tone440` or `hello`), for how long. */
export interface CitizenCall {
  readonly from: string
  readonly name?: string
  /** The number they dial; the hotline if not said. */
  readonly to?: string
  readonly speak?: string
  /** Hangs up by itself so many seconds after the answer; stays until hung up if not said. */
  readonly seconds?: number
  /** Keys pressed after the answer, `w` waits half a second; nothing is spoken before them. */
  readonly digits?: string
  readonly digitsAfterSeconds?: number
}

/** One call under way in the simulated network. */
export interface PlacedCall {
  readonly id: string
  /** Resolves when the hotline answered; rejects when it did not. */
  readonly answered: Promise<void>
  /** Resolves when the call is over, with its Q.850 cause. */
  readonly ended: Promise<{ readonly cause: number }>
}

/** What happened at a phone the hotline rang. */
export interface PhoneEvent {
  readonly what: 'rung' | 'answered' | 'gone'
  readonly number: string
  readonly from: string | undefined
}

/** The simulated telephone network, running. */
export interface Carrier {
  readonly placeCall: (call: CitizenCall) => Promise<PlacedCall>
  /** Hangs a citizen's call up; a call already over is no error. */
  readonly hangUp: (id: string) => Promise<void>
  /** Sends keys on a citizen's call. */
  readonly press: (id: string, digits: string) => Promise<void>
  /** Sets what one phone does from now on. */
  readonly setPhone: (number: string, habit: PhoneHabit) => Promise<void>
  readonly onPhone: (listener: (event: PhoneEvent) => void) => () => void
  /** Closes the line, and ends the network's process where it is ours. */
  readonly stop: () => Promise<void>
}

/** A finger leaves the key before it presses the next; without a pause the same key twice can arrive as one. */
const KEY_PAUSE_MS = 80

/** Habits of numbers nobody set, by their last two digits. All others answer. */
export const HABITS_BY_ENDING: Readonly<Record<string, PhoneHabit>> = {
  '91': 'ringout',
  '92': 'busy',
  '93': 'reject',
  '94': 'unallocated',
  '96': 'machine',
  '97': 'slow',
}

/** What it takes to run the network. */
export interface CarrierOptions {
  readonly home: string
  readonly root: string
  readonly install: AsteriskInstall
  readonly voices: VoiceSet
  readonly secret: string
  readonly ports: {
    readonly ami: number
    readonly sip: number
    readonly rtpFrom: number
    readonly rtpTo: number
  }
  readonly pbxSipPort: number
  readonly hotlineNumber: string
  readonly verbosity?: number
}

/** Starts the second Asterisk and connects to it. */
export async function startCarrier(options: CarrierOptions): Promise<Carrier> {
  const asterisk = await startCarrierProcess(options)
  return connectCarrier({
    port: options.ports.ami,
    secret: options.secret,
    hotlineNumber: options.hotlineNumber,
    process: asterisk,
  })
}

/** Renders the configuration of the second Asterisk and starts it; resolves when it takes calls. */
export async function startCarrierProcess(
  options: CarrierOptions,
  hold: AsteriskHold = {},
): Promise<AsteriskProcess> {
  const { home, root, install, voices, ports, secret } = options
  const folders = await layOutFolders(root, install, voices)
  const verbosity = options.verbosity ?? 0
  await renderConfig(join(home, 'config/asterisk/carrier'), folders['etcDir'] ?? '', {
    ...folders,
    systemName: 'net',
    verbosity: String(verbosity),
    consoleLog: verbosity > 0 ? 'full.log => notice,warning,error,verbose' : '',
    amiPort: String(ports.ami),
    amiUser: PBX_USER,
    amiSecret: secret,
    sipPort: String(ports.sip),
    pbxSipPort: String(options.pbxSipPort),
    rtpFrom: String(ports.rtpFrom),
    rtpTo: String(ports.rtpTo),
    voicesDir: voices.voicesDir,
  })
  return startAsterisk({
    ...hold,
    install,
    root,
    amiPort: ports.ami,
    amiUser: PBX_USER,
    amiSecret: secret,
  })
}

/** Connects to a network that runs already, as `npm start` leaves it. */
export async function connectCarrier(options: {
  readonly port: number
  readonly secret: string
  readonly hotlineNumber: string
  /** The network's process, when it is ours to stop. */
  readonly process?: AsteriskProcess
}): Promise<Carrier> {
  const ami = await connectAmi({ port: options.port, user: PBX_USER, secret: options.secret })
  for (const [ending, habit] of Object.entries(HABITS_BY_ENDING)) await putHabit(ami, 'habits', ending, habit)
  return {
    placeCall: (call) => placeCall(ami, call, options.hotlineNumber),
    hangUp: async (id) => {
      await ami.send('Hangup', { Channel: id, Cause: '16' }).catch(() => undefined)
    },
    press: async (id, digits) => {
      for (const [index, digit] of digits.split('').entries()) {
        if (index > 0) await sleep(KEY_PAUSE_MS)
        await ami.send('PlayDTMF', { Channel: id, Digit: digit })
      }
    },
    setPhone: (number, habit) => putHabit(ami, 'phones', number, habit),
    onPhone: (listener) =>
      ami.onEvent((event) => {
        const seen = phoneEvent(event)
        if (seen !== undefined) listener(seen)
      }),
    stop: async () => {
      ami.close()
      await options.process?.stop()
    },
  }
}

async function placeCall(ami: AmiLines, call: CitizenCall, hotlineNumber: string): Promise<PlacedCall> {
  const id = `citizen-${randomUUID()}`
  const ofThis = (event: AmiMessage): boolean => event['Uniqueid'] === id || event['CITIZEN_ID'] === id
  const answered = ami
    .waitFor((event) => ofThis(event) && (isAnswer(event) || isOver(event)), 60_000)
    .then((event) => {
      if (isOver(event)) {
        throw new AppError(
          'unavailable',
          'CALL_NOT_ANSWERED',
          `The call ended with cause ${event['Cause'] ?? '?'}`,
        )
      }
    })
  const ended = ami
    .waitFor((event) => ofThis(event) && isOver(event), 3_600_000)
    .then((event) => ({ cause: Number(event['Cause'] ?? 0) }))
  answered.catch(() => undefined) // whoever waits for the answer sees it fail; nobody has to wait
  ended.catch(() => undefined)
  await ami.send('Originate', {
    Channel: `PJSIP/${call.to ?? hotlineNumber}@hotline`,
    ChannelId: id,
    Context: 'citizen',
    Exten: 's',
    Priority: '1',
    Timeout: '60000',
    CallerID: `"${(call.name ?? '').replace(/["\\]/g, '\\$&')}" <${call.from}>`,
    Async: 'true',
    Variable: [
      `SPEAK=${call.speak ?? 'hello'}`,
      `SECONDS=${call.seconds === undefined ? '' : String(call.seconds)}`,
      `DIGITS=${call.digits ?? ''}`,
      `DIGITS_AFTER=${call.digitsAfterSeconds === undefined ? '' : String(call.digitsAfterSeconds)}`,
      `CITIZEN_ID=${id}`,
    ],
  })
  return { id, answered, ended }
}

function isAnswer(event: AmiMessage): boolean {
  return event['Event'] === 'Newstate' && event['ChannelState'] === '6'
}

/** Over: hung up, or never begun. */
function isOver(event: AmiMessage): boolean {
  return (
    event['Event'] === 'Hangup' || (event['Event'] === 'OriginateResponse' && event['Response'] === 'Failure')
  )
}

function phoneEvent(event: AmiMessage): PhoneEvent | undefined {
  if (event['Event'] !== 'UserEvent' || event['UserEvent'] !== 'Phone') return undefined
  const { What: what, Number: number, From: from } = event
  if (number === undefined || (what !== 'rung' && what !== 'answered' && what !== 'gone')) return undefined
  return { what, number, from }
}

async function putHabit(ami: AmiLines, family: string, key: string, habit: PhoneHabit): Promise<void> {
  await ami.send('DBPut', { Family: family, Key: key, Val: habit })
}
