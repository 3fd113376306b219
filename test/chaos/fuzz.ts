import { setImmediate as turn } from 'node:timers/promises'
import { type AmiHeaders, createAmiDecoder, timestampOf } from '../../src/asterisk/ami-codec.ts'
import { ARI_EVENTS, parseAriEvent } from '../../src/asterisk/ari-events.ts'
import { createCallEvents } from '../../src/calls/events-ami.ts'
import { rowOfList } from '../../src/calls/journal-ami.ts'
import { parseJournalEntry } from '../../src/calls/journal-entry.ts'
import { type Calls } from '../../src/calls/service.ts'
import { AppError } from '../../src/platform/errors.ts'
import { newsOfAri } from '../../src/transfers/events-ari.ts'
import { type Chance, chanceOf } from './random.ts'
import { NO_DATABASE } from '../support/no-database.ts'

/** What mutated inputs did to the decoders; any problem is one too many. */
export interface FuzzReport {
  readonly seed: number
  /** Mutated inputs of each decoder. */
  readonly inputs: Readonly<Record<Target, number>>
  /** Of those, how many were still understood as something: a decoder that refuses all proves nothing. */
  readonly understood: Readonly<Record<Target, number>>
  readonly longestMs: number
  readonly problems: readonly string[]
}

const TARGETS = ['ami', 'ari', 'journal'] as const
type Target = (typeof TARGETS)[number]

/** One input may never take so long, whatever else the machine does. */
const HANG_MS = 2_000
const MOST_PROBLEMS = 20
const INPUTS_PER_TURN = 5_000
const KNOWN = new Set<string>(ARI_EVENTS)
/** What a mutation likes to put in: whatever has a meaning to one of the decoders. */
const TOKENS = [
  '\r\n',
  '\n',
  '\r\n\r\n',
  ': ',
  ':',
  'Event: Hangup',
  'Response: Success',
  'ActionID: td-1',
  'Event: ',
  'Call: ',
  'Asterisk Call Manager/',
  '%0D%0A',
  '%',
  '&',
  '&end=',
  '&in=',
  '&con=1764000000000&mem=op-3',
  '=',
  '"',
  '\\u0000',
  '{',
  '[[[[',
  '__proto__',
  'constructor',
  '"type":"StasisEnd"',
  'null',
  '-1e999',
  '\u0000',
  '\ud7ff',
] as const

/** Feeds each decoder with so many inputs that were right before they were damaged. The same seed does the same again. */
export async function fuzz(options: {
  readonly inputs: number
  readonly seed: number
  readonly stopped?: AbortSignal
}): Promise<FuzzReport> {
  const { inputs, seed, stopped } = options
  const problems: string[] = []
  const understood = { ami: 0, ari: 0, journal: 0 }
  let longestMs = 0
  for (const target of TARGETS) {
    const chance = chanceOf(seed)
    const play = PLAYS[target]()
    for (let count = 0; count < inputs && problems.length < MOST_PROBLEMS; count += 1) {
      if (count % INPUTS_PER_TURN === 0) await turn()
      stopped?.throwIfAborted()
      const startMs = performance.now()
      const found = attempt(() => play(chance))
      const tookMs = performance.now() - startMs
      longestMs = Math.max(longestMs, tookMs)
      if (tookMs > HANG_MS) problems.push(`${target} ${String(count)}: took ${String(Math.round(tookMs))} ms`)
      if (typeof found === 'string') problems.push(`${target} ${String(count)}: ${found}`)
      else if (found) understood[target] += 1
    }
  }
  return {
    seed,
    inputs: { ami: inputs, ari: inputs, journal: inputs },
    understood,
    longestMs: Math.round(longestMs * 10) / 10,
    problems,
  }
}

/** True: understood; false: refused; words: what went wrong. */
type Verdict = boolean | string

const PLAYS: Readonly<Record<Target, () => (chance: Chance) => Verdict>> = {
  ami: playAmi,
  ari: () => playAri,
  journal: () => playJournal,
}

function attempt(work: () => Verdict): Verdict {
  try {
    return work()
  } catch (error) {
    // A message without end is refused as such, and the line made anew.
    if (error instanceof AppError && error.code === 'AMI_TOO_LONG') return false
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
}

/** Four messages of four calls in one stream, the second damaged, in packets cut anywhere. */
function playAmi(): (chance: Chance) => Verdict {
  let told: { readonly callId: string; readonly values: string }[] = []
  const tell = (callId: string, ...values: unknown[]) =>
    void told.push({ callId, values: JSON.stringify(values) })
  const calls = recorder(tell)
  let failure: unknown
  const events = createCallEvents({
    calls,
    journal: { one: () => Promise.resolve(undefined) },
    writing: NO_DATABASE,
    now: () => new Date(0),
    log: { info: () => undefined, error: (fields) => void (failure = fields) },
    onFailure: () => undefined,
  })
  return (chance) => {
    told = []
    failure = undefined
    const tags = [tagOf(chance), tagOf(chance), tagOf(chance), tagOf(chance)]
    const messages = tags.map((tag) => Buffer.from(chance.oneOf(AMI_MESSAGES)(tag, chance)))
    const damaged = mutate(messages[1] ?? Buffer.alloc(0), chance)
    const stream = Buffer.concat([
      messages[0] ?? damaged,
      damaged,
      messages[2] ?? damaged,
      messages[3] ?? damaged,
    ])
    const headers = decode(stream, chance)
    for (const one of headers) {
      const name = one['event']
      const at = timestampOf(one)
      if (name !== undefined) events.take({ name, fields: one, ...(at === undefined ? {} : { at }) })
    }
    if (failure !== undefined) return `a listener failed: ${JSON.stringify(failure)}`
    const whole = [messages[0], messages[3]].map((bytes) => JSON.stringify(decodeWhole(bytes)))
    const seen = [headers[0], headers.at(-1)].map((one) => JSON.stringify(one === undefined ? [] : [one]))
    if (seen[0] !== whole[0]) return 'the message before a damaged one was changed'
    if (seen[1] !== whole[1]) return 'the message after the next was changed'
    for (const { callId, values } of told) {
      const foreign = foreignTag(callId, values, tags)
      if (foreign !== undefined) return `call ${callId} was told ${foreign} of another: ${values}`
    }
    return headers.length > 2
  }
}

/** Bytes of one packet stream, in at most eight pieces. */
function decode(stream: Buffer, chance: Chance): AmiHeaders[] {
  const decoder = createAmiDecoder()
  const done: AmiHeaders[] = []
  for (let from = 0; from < stream.length;) {
    const to = Math.min(stream.length, from + chance.between(1, Math.ceil(stream.length / 4)))
    done.push(...decoder.push(stream.subarray(from, to)))
    from = to
  }
  return done
}

function decodeWhole(bytes: Uint8Array | undefined): AmiHeaders[] {
  return createAmiDecoder().push(bytes ?? new Uint8Array())
}

const BLOCK = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`
const STAMP = ['Privilege: user,all', 'Timestamp: 1764000000.123456']

/** The events that move calls, each value with the tag of its call. */
const AMI_MESSAGES: readonly [AmiMessage, ...AmiMessage[]] = [
  (tag) =>
    BLOCK([
      'Event: UserEvent',
      ...STAMP,
      `Channel: PJSIP/trunk-${tag}`,
      `Uniqueid: hp1-${tag}`,
      `Linkedid: hp1-${tag}`,
      'UserEvent: Hotline',
      'Stage: intake',
      `Call: hp1-${tag}`,
      `From: %2B8495${tag}`,
      `Name: Ph%E1%BA%A1m ${tag}`,
      `Line: ${tag}`,
      `Notice: ${tag}`,
      `Recording: call-${tag}`,
      'Training: 0',
      'At: 1764000000123',
    ]),
  (tag, chance) =>
    BLOCK([
      'Event: UserEvent',
      ...STAMP,
      `Uniqueid: hp1-${tag}`,
      'UserEvent: Hotline',
      `Stage: ${chance.oneOf(['queued', 'connected', 'callback', 'voicemail', 'ended', 'transferred'])}`,
      `Call: hp1-${tag}`,
      'Member: op-3',
      `Number: ${tag}`,
      `Recording: vm-${tag}`,
      'At: 1764000001123',
    ]),
  (tag, chance) =>
    BLOCK([
      `Event: ${chance.oneOf(['AgentCalled', 'AgentConnect', 'AgentRingNoAnswer', 'AgentComplete'])}`,
      ...STAMP,
      `CallerIDName: Nguyễn ${tag}`,
      `Uniqueid: hp1-${tag}`,
      `Linkedid: hp1-${tag}`,
      'Queue: hotline',
      'MemberName: op-3',
      `DestUniqueid: leg-${tag}`,
      'Reason: agent',
    ]),
  (tag, chance) =>
    BLOCK([
      `Event: ${chance.oneOf(['Hangup', 'HangupRequest', 'Hold', 'Unhold'])}`,
      ...STAMP,
      'Channel: PJSIP/op-3-0000001a',
      `Uniqueid: hp1-${tag}`,
      `Linkedid: hp1-${tag}`,
      'Cause: 16',
    ]),
]
type AmiMessage = (tag: string, chance: Chance) => string

/** Calls that write down what they are told, and do nothing. */
function recorder(tell: (callId: string, ...values: unknown[]) => void): Calls {
  const told: Partial<Calls> = {
    arrived: (arrival) => {
      tell(arrival.callId, arrival)
    },
    event: (callId, event, at, facts) => {
      if (Number.isNaN(at.getTime())) throw new Error('an event at no time')
      tell(callId, event, facts)
    },
    noteRelease: (callId, by) => {
      tell(callId, by)
    },
    operatorHeld: (linkedId) => {
      tell(linkedId)
    },
    channelGone: (uniqueId, _operatorId, linkedId) => {
      tell(uniqueId, linkedId)
    },
    find: (id) => ({ id }) as ReturnType<Calls['find']>,
  }
  return told as Calls
}

function playAri(chance: Chance): Verdict {
  const [tag, other] = [tagOf(chance), tagOf(chance)]
  const before = parseAriEvent(JSON.stringify(chance.oneOf(ARI_MESSAGES)(other)), KNOWN)
  if (before === undefined || newsOfAri(before) === undefined) return 'a sound event was refused'
  const text = JSON.stringify(chance.oneOf(ARI_MESSAGES)(tag))
  const damaged = mutate(Buffer.from(text), chance).toString('utf8')
  const event = parseAriEvent(damaged, KNOWN)
  if (event === undefined) return false
  if (!KNOWN.has(event.type)) return `an event of the unknown type ${event.type}`
  const news = newsOfAri(event)
  if (news !== undefined && JSON.stringify(news).includes(other)) return `news of another call: ${damaged}`
  if ('polluted' in {}) return 'the prototype of all objects was changed'
  return news !== undefined
}

const ARI_MESSAGES: readonly [AriMessage, ...AriMessage[]] = [
  (tag) => ({
    type: 'StasisStart',
    timestamp: '2026-03-02T01:00:00.000+0700',
    args: ['citizen', `t${tag}`],
    channel: {
      id: `hp1-${tag}`,
      name: `PJSIP/trunk-${tag}`,
      state: 'Up',
      caller: { name: 'Phạm', number: tag },
    },
    application: 'tongdai',
  }),
  (tag) => ({
    type: 'ChannelDestroyed',
    cause: 16,
    cause_txt: 'Normal Clearing',
    channel: {
      id: `hp1-${tag}`,
      name: `PJSIP/op-3-${tag}`,
      dialplan: { context: tag, exten: 's', priority: 1 },
    },
    application: 'tongdai',
    __proto: { polluted: true },
  }),
]
type AriMessage = (tag: string) => object

/** Three rows as DBGetTree lists them, the one in the middle damaged. */
function playJournal(chance: Chance): Verdict {
  const tags = [tagOf(chance), tagOf(chance), tagOf(chance)]
  const messages = tags.map((tag) => Buffer.from(journalMessage(tag, chance)))
  const damaged = mutate(messages[1] ?? Buffer.alloc(0), chance)
  const stream = Buffer.concat([messages[0] ?? damaged, damaged, messages[2] ?? damaged, DONE])
  const rows = decode(stream, chance)
    .filter((headers) => headers['event'] === 'DBGetTreeResponse')
    .map(rowOfList)
  const [first] = rows
  if (first?.callId !== `hp1-${tags[0] ?? ''}`) return 'the row before a damaged one was changed'
  let read = 0
  for (const { callId, value } of rows) {
    const entry = parseJournalEntry(callId, value)
    if (entry === undefined) continue
    read += 1
    if (entry.callId !== callId) return `the row of ${callId} made a call ${entry.callId}`
    const times = [entry.arrivedAt, entry.endedAt, entry.noticeHeardAt, ...entry.steps.map(({ at }) => at)]
    if (times.some((at) => at !== null && Number.isNaN(at.getTime()))) return 'an entry at no time'
    const values = JSON.stringify(entry)
    const foreign = foreignTag(callId, values, tags)
    if (foreign !== undefined) return `call ${callId} got ${foreign} of another: ${values}`
  }
  return read === tags.length
}

const DONE = Buffer.from(BLOCK(['Event: DBGetTreeComplete', 'EventList: Complete', 'ListItems: 3']))

function journalMessage(tag: string, chance: Chance): string {
  const ms = 1_764_000_000_000 + chance.between(0, 86_400_000)
  const at = (seconds: number) => String(ms + seconds * 1_000)
  const steps = chance.oneOf([
    `&q=${at(5)}&con=${at(9)}&mem=op-3`,
    `&q=${at(5)}&cb=${at(9)}&cbnum=0950${tag}`,
    `&q=${at(5)}&vm=${at(9)}&vmrec=vm-${tag}`,
    `&q=${at(5)}&con=${at(6)}&mem=op-4&tr=${at(9)}`,
  ])
  const end = chance.oneOf(['', `&end=${at(60)}&cause=16&qs=&by=caller`])
  const value = `v=1&in=${at(0)}&from=%2B84${tag}&name=Ph%E1%BA%A1m%20${tag}&line=02251022&notice=${tag}&rec=call-${tag}&training=0&nat=${at(4)}${steps}${end}`
  return BLOCK(['Event: DBGetTreeResponse', `Key: /calls/hp1-${tag}`, `Val: ${value}`])
}

/** Another call's tag in what a call was told. An id that holds no tag, or two, is damaged: it names no call at all. */
function foreignTag(callId: string, values: string, tags: readonly string[]): string | undefined {
  const own = tags.filter((tag) => callId.includes(tag))
  return own.length === 1 ? tags.find((tag) => tag !== own[0] && values.includes(tag)) : undefined
}

/** Twelve hex digits, in every value of one call's messages: no two are ever alike. */
function tagOf(chance: Chance): string {
  const half = () => chance.between(0, 0xff_ffff).toString(16).padStart(6, '0')
  return half() + half()
}

/** One to four changes, each somewhere: bytes of one message are changed, cut out, doubled, put in, or its end is cut off. */
function mutate(bytes: Buffer, chance: Chance): Buffer {
  let now = bytes
  for (let times = chance.between(1, 4); times > 0; times -= 1) now = mutateOnce(now, chance)
  return now
}

function mutateOnce(bytes: Buffer, chance: Chance): Buffer {
  const at = chance.between(0, bytes.length)
  const to = Math.min(bytes.length, at + chance.between(1, 40))
  const put = (piece: Uint8Array, until = at) =>
    Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(until)])
  switch (chance.weighed({ flip: 4, cut: 2, double: 1, token: 3, noise: 1, end: 1 })) {
    case 'flip': {
      const copy = Buffer.from(bytes)
      if (at < copy.length) copy[at] = chance.between(0, 255)
      return copy
    }
    case 'cut':
      return put(new Uint8Array(), to)
    case 'double':
      return put(bytes.subarray(at, to))
    case 'token':
      return put(Buffer.from(chance.oneOf(TOKENS)))
    case 'noise':
      return put(Buffer.from(Array.from({ length: chance.between(1, 12) }, () => chance.between(0, 255))))
    case 'end':
      return bytes.subarray(0, at)
  }
}
