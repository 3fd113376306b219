import { signal } from '@preact/signals'
import type { SessionView } from '../../src/accounts/contract.ts'
import type { CallView, MissedCall, Pop } from '../../src/calls/contract.ts'
import { createApi } from '../../src/console/api.ts'
import { EMPTY_FORM } from '../../src/console/state/form-merge.ts'
import { createConsole } from '../../src/console/state/console.ts'
import type { Phone } from '../../src/console/softphone/phone.ts'
import { PHONE_OFF, type PhoneState } from '../../src/console/softphone/phone-machine.ts'
import type { LiveMessage } from '../../src/live/contract.ts'
import type { PresenceView } from '../../src/presence/contract.ts'
import type { RecordingView, Waveform } from '../../src/recordings/contract.ts'
import type { TicketForm, TicketView } from '../../src/tickets/contract.ts'
import type { TransferAttempt, TransferTarget, TransferView } from '../../src/transfers/contract.ts'

const AT = '2026-03-02T01:00:00.000Z'

export const NUMBER: CallView['number'] = {
  raw: '0950000777',
  e164: '+84950000777',
  display: '0950 000 777',
  kind: 'mobile',
}

export function aForm(changes: Partial<TicketForm> = {}): TicketForm {
  return { ...EMPTY_FORM, ...changes }
}

export function aTicket(changes: Partial<TicketView> = {}): TicketView {
  return {
    code: 'HP26-000001',
    version: 1,
    sight: 'whole',
    state: 'draft',
    channel: 'phone',
    training: false,
    createdAt: AT,
    updatedAt: AT,
    receivedAt: null,
    dueAt: null,
    operatorId: 1,
    operatorName: 'Nguyễn Thị Hạ',
    unitId: null,
    unitName: null,
    form: aForm(),
    answer: null,
    actions: ['receive', 'answer', 'sendSlip', 'save', 'attach'],
    acceptance: [],
    events: [],
    attachments: [],
    answerFiles: [],
    draftFiles: [],
    slips: [],
    messages: [],
    calls: [],
    recordings: [],
    dossier: [],
    deadlines: [],
    promiseRequest: null,
    citizenTries: 0,
    officeCopies: [],
    coHandling: { units: [], statements: [], actions: [] },
    agencyAnswer: null,
    handler: null,
    ...changes,
  }
}

export function aRecording(changes: Partial<RecordingView> = {}): RecordingView {
  return {
    id: 1,
    callId: 'call-1',
    ticketCode: 'HP26-000001',
    kind: 'call',
    state: 'stored',
    flags: [],
    startedAt: AT,
    durationMs: 60_000,
    sizeBytes: 1_920_044,
    sha256: 'ab'.repeat(32),
    copy: null,
    numberDisplay: NUMBER.display,
    operatorId: 1,
    operatorName: 'Nguyễn Thị Hạ',
    answered: true,
    deletedFor: null,
    training: false,
    playable: true,
    ...changes,
  }
}

export function aCall(changes: Partial<CallView> = {}): CallView {
  return {
    id: 'call-1',
    direction: 'in',
    state: 'talking',
    outcome: null,
    number: NUMBER,
    callerName: null,
    line: '02251022',
    operatorId: 1,
    operatorName: 'Nguyễn Thị Hạ',
    ticketCode: 'HP26-000001',
    training: false,
    noticeVersion: null,
    startedAt: AT,
    queuedAt: AT,
    answeredAt: AT,
    endedAt: null,
    endedBy: null,
    ...changes,
  }
}

export function aPop(changes: Partial<Pop> = {}): Pop {
  return {
    callId: 'call-1',
    number: NUMBER,
    line: '02251022',
    queuedAt: AT,
    ringingAt: AT,
    training: false,
    caller: { certainty: 'known', name: 'Phạm Văn Đại', address: null, otherNames: [] },
    openTickets: [],
    lastTickets: [],
    lastCalls: [],
    back: null,
    callsToday: 3,
    missedToday: 1,
    ...changes,
  }
}

export function aMissedCall(changes: Partial<MissedCall> = {}): MissedCall {
  return {
    callId: 'call-7',
    at: AT,
    reason: 'abandoned',
    number: NUMBER,
    callerName: null,
    ticketCode: null,
    confidential: false,
    recordingId: null,
    times: 1,
    ...changes,
  }
}

export function aTarget(changes: Partial<TransferTarget> = {}): TransferTarget {
  return {
    number: '0225 000 0113',
    unitId: 'cong-an',
    label: 'Trực ban · Công an phường',
    ask: true,
    ...changes,
  }
}

export function anAttempt(changes: Partial<TransferAttempt> = {}): TransferAttempt {
  return {
    target: aTarget(),
    number: { raw: '02250000113', e164: '+842250000113', display: '0225 000 0113', kind: 'landline' },
    state: 'ringing',
    startedAt: AT,
    answeredAt: null,
    acceptedAt: null,
    endedAt: null,
    cause: null,
    ...changes,
  }
}

export function aTransfer(changes: Partial<TransferView> = {}): TransferView {
  return {
    id: 'transfer1',
    callId: 'call-1',
    ticketCode: 'HP26-000001',
    operatorId: 1,
    operatorName: 'Nguyễn Thị Hạ',
    mode: 'consult',
    state: 'ringing',
    hasLeft: false,
    actions: ['toggle', 'complete', 'cancel'],
    attempts: [anAttempt()],
    current: 0,
    startedAt: AT,
    endedAt: null,
    ...changes,
  }
}

/** A waveform as the service sends it: for each bucket, and in it for each side, the lowest and the highest. */
export function waveOf(...buckets: readonly (readonly (readonly number[])[])[]): Waveform {
  const bytes = Int8Array.from(buckets.flat(2))
  return {
    bucketMs: 100,
    sides: buckets[0]?.length === 1 ? 1 : 2,
    levels: btoa(Array.from(new Uint8Array(bytes.buffer), (byte) => String.fromCharCode(byte)).join('')),
  }
}

export function aPresence(changes: Partial<PresenceView> = {}): PresenceView {
  return {
    state: 'ready',
    reason: null,
    since: AT,
    wrapUpEndsAt: null,
    wrapUpExtended: false,
    next: 'ready',
    ...changes,
  }
}

export function aSnapshot(changes: Partial<Extract<LiveMessage, { type: 'snapshot' }>> = {}): LiveMessage {
  return {
    type: 'snapshot',
    presence: aPresence(),
    waiting: [],
    pops: [],
    call: null,
    transfers: [],
    missed: [],
    missedTotal: changes.missed?.length ?? 0,
    listener: null,
    mask: null,
    links: { ami: true, ari: true, disk: 'ok', recordings: null },
    serverTime: AT,
    ...changes,
  }
}

export function aSession(role: SessionView['person']['role'] = 'operator'): SessionView {
  const isOfUnit = role === 'officer' || role === 'head'
  return {
    person: {
      id: 1,
      username: 'ha',
      name: 'Nguyễn Thị Hạ',
      role,
      unitId: isOfUnit ? 'chieu-sang' : null,
      active: true,
      mustChangePassword: false,
    },
    unitName: isOfUnit ? 'Công ty Điện chiếu sáng' : null,
    csrfToken: 'csrf',
    city: {
      id: 'haiphong',
      name: 'Thành phố Hải Phòng',
      hotline: '0225.1022',
      domain: '1022.haiphong.gov.vn',
    },
    masking: { warnSeconds: 120, fields: [] },
    smsSimulated: true,
  }
}

/** Storage without a browser behind it. */
export function memoryStorage(): Storage {
  const kept = new Map<string, string>()
  return {
    get length() {
      return kept.size
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => {
      kept.clear()
    },
  }
}

/** A WebSocket whose other side is the test. */
export class TestSocket {
  readyState: number = WebSocket.CONNECTING
  readonly sent: unknown[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  closed = false

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }
  close(): void {
    this.closed = true
    this.readyState = WebSocket.CLOSING
  }

  accept(): void {
    this.readyState = WebSocket.OPEN
    this.onopen?.()
  }
  say(message: unknown): void {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) })
  }
  end(code = 1006): void {
    this.readyState = WebSocket.CLOSED
    this.onclose?.({ code })
  }
  /** As the type the console asks for. */
  asWebSocket(): WebSocket {
    return this as unknown as WebSocket
  }
}

type Route = (body: unknown, path: string) => unknown

/** Answers `METHOD /path` from a table; unknown ones are 404, thrown errors are a lost network. */
export function tableFetch(routes: Readonly<Record<string, Route>>) {
  const asked: { readonly request: string; readonly body: unknown; readonly headers: Headers }[] = []
  const fetch = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const path = input instanceof Request ? input.url : String(input)
    const request = `${init?.method ?? 'GET'} ${path.split('?')[0] ?? ''}`
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined
    asked.push({ request, body, headers: new Headers(init?.headers) })
    const route = routes[request]
    if (route === undefined) return Promise.resolve(Response.json({ code: 'NOT_FOUND' }, { status: 404 }))
    try {
      const answer = route(body, path)
      return Promise.resolve(answer instanceof Response ? answer : Response.json(answer))
    } catch (cause) {
      return Promise.reject(cause instanceof Error ? cause : new TypeError('fetch failed'))
    }
  }
  return { fetch, asked }
}

/** A telephone that does what it is told and writes it down. */
export function testPhone(initial: Partial<PhoneState> = {}) {
  const state = signal<PhoneState>({ ...PHONE_OFF, line: 'ready', ...initial })
  const done: string[] = []
  const note =
    (what: string) =>
    (...values: readonly unknown[]): Promise<void> => {
      done.push([what, ...values.map(String)].join(' '))
      return Promise.resolve()
    }
  const phone: Phone = {
    state,
    start: note('start'),
    stop: () => void note('stop')(),
    retire: () => void note('retire')(),
    answer: note('answer'),
    hangUp: () => void note('hangUp')(),
    letGo: () => void note('letGo')(),
    setHeld: (held) => void note('hold')(held),
    setMuted: (muted) => void note('mute')(muted),
    sendTone: (tone) => void note('tone')(tone),
    dial: note('dial'),
    resume: note('resume'),
    checkMicrophone: note('checkMicrophone'),
    devicesChanged: note('devicesChanged'),
  }
  return { phone, state, done }
}

/** A whole console in front of a table of answers and a socket the test holds. */
export async function openDesk(
  options: {
    readonly routes?: Readonly<Record<string, Route>>
    readonly phone?: Partial<PhoneState>
    readonly role?: SessionView['person']['role']
    readonly storage?: Storage
    readonly tabStorage?: Storage
    /** At once if not said. */
    readonly afterDrawing?: (then: () => void) => void
  } = {},
) {
  const sockets: TestSocket[] = []
  const { phone, state, done } = testPhone(options.phone)
  const { fetch, asked } = tableFetch({
    'GET /api/session': () => aSession(options.role),
    'GET /api/directory': () => ({ units: [], categories: [], areas: [] }),
    'GET /healthz': () => ({ ok: true }),
    ...options.routes,
  })
  const desk = createConsole({
    createApi: (hooks) => createApi({ ...hooks, fetch }),
    createPhone: () => Promise.resolve(phone),
    openLive: () => {
      const socket = new TestSocket()
      sockets.push(socket)
      return socket.asWebSocket()
    },
    afterDrawing:
      options.afterDrawing ??
      ((then) => {
        then()
      }),
    consoleId: 'console-of-the-test',
    storage: options.storage ?? memoryStorage(),
    tabStorage: options.tabStorage ?? memoryStorage(),
    nowMs: () => Date.parse(AT),
    random: () => 0,
  })
  await desk.begin()
  const live = (): TestSocket => {
    const socket = sockets.at(-1)
    if (socket === undefined) throw new Error('the console has not opened its live line')
    return socket
  }
  return { desk, sockets, live, phone: { state, done }, asked }
}
