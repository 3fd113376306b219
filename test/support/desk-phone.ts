import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { currentEnvironment } from '../../src/cli/environment.ts'
import { isPortFree } from '../../src/cli/free-ports.ts'
import { type AsteriskInstall } from '../../src/cli/provision-asterisk.ts'

/** What the phone says of itself: `REGISTER_OK`, `CALL_INCOMING`, `CALL_ESTABLISHED`, `CALL_CLOSED` and the like. */
export interface DeskPhoneEvent {
  readonly type: string
  readonly peer: string
  /** Why, in the phone's words; of a closed call its SIP status. */
  readonly param: string
}

/** A real SIP desk phone (baresip), driven over its control port. */
export interface DeskPhone {
  /** The next event of that type, also one that came since the last `next` of that type. */
  readonly next: (type: string, withinMs?: number) => Promise<DeskPhoneEvent>
  readonly answer: () => Promise<unknown>
  readonly hangUp: () => Promise<unknown>
  readonly dial: (number: string) => Promise<unknown>
  readonly command: (command: string, params?: string) => Promise<string>
  /** WAV file of what is heard in the running or last call, 8 kHz mono; it grows a quarter of a second at a time. */
  readonly heardFile: string
  /** The phone is gone without a word, as with its plug pulled. */
  readonly pullPlug: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Settings of a desk phone. */
export interface DeskPhoneOptions {
  readonly install: AsteriskInstall
  readonly username: string
  readonly password: string
  /** UDP port of the PBX on loopback. */
  readonly pbxPort: number
  /** Picks up by itself; tests that decide when say `answer`. */
  readonly autoAnswer?: boolean
  /** What is spoken into it: an 8 kHz WAV file. */
  readonly speaks: string
}

/** Starts the phone; resolves when it is registered, rejects when the PBX refuses it. */
export async function startDeskPhone(options: DeskPhoneOptions): Promise<DeskPhone> {
  const { install, username, password, pbxPort } = options
  if (install.baresip === undefined) throw new Error('baresip is not provisioned')
  const [program = '', ...args] = install.baresip
  const folder = await mkdtemp(join(tmpdir(), 'tongdai-phone-'))
  const { control, sip } = await phonePorts()
  const modules = join(dirname(install.baresip.at(-1) ?? ''), '../lib/baresip/modules')
  await writeFile(join(folder, 'config'), phoneConfig(options, { folder, modules, control, sip }))
  await writeFile(join(folder, 'accounts'), '# none yet\n')
  const child = spawn(program, [...args, '-f', folder], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said.push(text)
      if (said.length > 50) said.shift()
    })
  const phone = { child, folder, events: new EventBox() }
  const socket = await connectControl(control, child).catch(async (cause: unknown) => {
    await end(phone, 'SIGKILL')
    throw new Error(`baresip did not start; it said: ${said.join('')}`, { cause })
  })
  const send = speakNetstrings(socket, phone.events)
  // Made only now: an account in the file might be registered before anybody listens.
  const answermode = options.autoAnswer === true ? 'auto' : 'manual'
  const account = `<sip:${username}@127.0.0.1:${String(pbxPort)};transport=udp>`
  await send(
    'uanew',
    `${account};auth_user=${username};auth_pass=${password};answermode=${answermode};regint=120`,
  )
  const registered = await Promise.race([
    phone.events.next('REGISTER_OK', 10_000),
    phone.events.next('REGISTER_FAIL', 10_000),
  ])
  if (registered.type === 'REGISTER_FAIL') {
    await end(phone, 'SIGKILL')
    throw new Error(`the PBX refused the phone: ${registered.param}`)
  }
  return {
    next: (type, withinMs = 15_000) => phone.events.next(type, withinMs),
    answer: () => send('accept'),
    hangUp: () => send('hangup'),
    dial: (number) => send('dial', `sip:${number}@127.0.0.1:${String(pbxPort)}`),
    command: send,
    heardFile: join(folder, 'heard.wav'),
    pullPlug: () => end(phone, 'SIGKILL'),
    stop: () => end(phone, 'SIGTERM'),
  }
}

/**
 * Phones that start at the same moment each find a port free that another is about to take, and one would then talk to the
 * other's: each of this process has ports of its own, and so has each process of a test run.
 */
const SLOT_PORTS = 4
const WORKERS = 8
const WORKER = Number(currentEnvironment()['VITEST_POOL_ID'] ?? process.pid) % WORKERS
const FIRST_PORT = 21_000
const SLOTS = Math.floor((31_000 - FIRST_PORT) / SLOT_PORTS / WORKERS)
const given = new Set<number>()

/**
 * Ports of a phone. All below those a system gives to outgoing connections (ip_local_port_range): asking one of those again
 * and again until baresip listens ends, now and then, connected to itself (RFC 9293 §3.5, simultaneous open), and a
 * connection of somebody else may hold it. For SIP baresip listens on UDP, on TCP of the same number and on TLS of the next,
 * and does not start when one of the three is taken.
 */
async function phonePorts(): Promise<{ control: number; sip: number }> {
  for (let tries = 0; tries < 100; tries += 1) {
    const slot = randomInt(0, SLOTS) * WORKERS + WORKER
    if (given.has(slot)) continue
    // Those of long ago have been given back.
    if (given.size > SLOTS / 2) given.clear()
    given.add(slot)
    const control = FIRST_PORT + slot * SLOT_PORTS
    const sip = control + 1
    const free = await Promise.all([
      isPortFree('tcp', control),
      isPortFree('udp', sip),
      isPortFree('tcp', sip),
      isPortFree('tcp', sip + 1),
    ])
    if (free.every(Boolean)) return { control, sip }
    given.delete(slot)
  }
  throw new Error('no three free ports in a row for a desk phone')
}

function phoneConfig(
  { speaks }: DeskPhoneOptions,
  at: { readonly folder: string; readonly modules: string; readonly control: number; readonly sip: number },
): string {
  const modules = ['g711', 'aufile'].map((name) => `module ${name}.so`)
  const programs = ['menu', 'ctrl_tcp'].map((name) => `module_app ${name}.so`)
  return [
    `sip_listen 127.0.0.1:${String(at.sip)}`,
    `audio_source aufile,${speaks}`,
    `audio_player aufile,${join(at.folder, 'heard.wav')}`,
    `audio_alert aufile,${join(at.folder, 'alert.wav')}`,
    `ausrc_srate 8000`,
    `auplay_srate 8000`,
    `ausrc_channels 1`,
    `auplay_channels 1`,
    'ring_aufile none',
    'ringback_aufile none',
    'call_local_timeout 120',
    'net_interface 127.0.0.1',
    `module_path ${at.modules}`,
    ...modules,
    'module_tmp account.so',
    ...programs,
    `ctrl_tcp_listen 127.0.0.1:${String(at.control)}`,
    '',
  ].join('\n')
}

/** Events by type, kept until somebody asks for them: an event between two awaits is not lost. */
class EventBox {
  readonly #waiting: DeskPhoneEvent[] = []
  readonly #emitter = new EventEmitter<{ event: [] }>().setMaxListeners(100)

  put(event: DeskPhoneEvent): void {
    this.#waiting.push(event)
    this.#emitter.emit('event')
  }

  async next(type: string, withinMs: number): Promise<DeskPhoneEvent> {
    const signal = AbortSignal.timeout(withinMs)
    for (;;) {
      const at = this.#waiting.findIndex((event) => event.type === type)
      const [found] = at < 0 ? [] : this.#waiting.splice(at, 1)
      if (found !== undefined) return found
      await once(this.#emitter, 'event', { signal }).catch((cause: unknown) => {
        const seen = this.#waiting.map((event) => event.type).join(', ')
        throw new Error(`the phone did not say ${type}; it said: ${seen}`, { cause })
      })
    }
  }
}

async function connectControl(port: number, child: ChildProcess): Promise<Socket> {
  const deadline = AbortSignal.timeout(10_000)
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${String(child.exitCode)}`)
    if (deadline.aborted) throw new Error('its control port did not open in ten seconds')
    const socket = connect({ host: '127.0.0.1', port })
    try {
      await once(socket, 'connect')
      return socket
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20)) // the control port is not open yet, and nothing says when
    }
  }
}

/** ctrl_tcp of baresip: JSON in netstrings, both ways. */
function speakNetstrings(
  socket: Socket,
  events: EventBox,
): (command: string, params?: string) => Promise<string> {
  const answers = new Map<string, (text: string) => void>()
  let rest = Buffer.alloc(0)
  let lastToken = 0
  socket.on('error', () => undefined) // a pulled plug; whoever waits for an event runs into its deadline
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const colon = rest.indexOf(':')
      const length = Number(rest.subarray(0, Math.max(colon, 0)).toString())
      if (colon < 1 || rest.length < colon + length + 2) return
      const message = JSON.parse(rest.subarray(colon + 1, colon + 1 + length).toString()) as Record<
        string,
        unknown
      >
      rest = rest.subarray(colon + length + 2)
      const text = (name: string): string => (typeof message[name] === 'string' ? message[name] : '')
      if (message['event'] === true)
        events.put({ type: text('type'), peer: text('peeruri'), param: text('param') })
      else answers.get(text('token'))?.(text('data'))
    }
  })
  return async (command, params = '') => {
    const token = String((lastToken += 1))
    const json = JSON.stringify({ command, params, token })
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`the phone did not answer ${command}`))
      }, 5_000)
      answers.set(token, (text) => {
        clearTimeout(timer)
        resolve(text)
      })
      socket.write(`${String(Buffer.byteLength(json))}:${json},`)
    })
  }
}

async function end(
  phone: { readonly child: ChildProcess; readonly folder: string },
  signal: NodeJS.Signals,
): Promise<void> {
  const { child, folder } = phone
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit')
    child.kill(signal)
    const force = setTimeout(() => child.kill('SIGKILL'), 3_000)
    await gone
    clearTimeout(force)
  }
  await rm(folder, { recursive: true, force: true })
}
