import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parentPort, workerData } from 'node:worker_threads'
import { soundPacket } from '../support/rtp-voice.ts'
import type { IncomingCall } from '../support/sip-callee.ts'
import { openSipCaller } from '../support/sip-caller.ts'
import { openSipDesks } from '../support/sip-desks.ts'
import type { LoadPlan, LoadResult, PhonesOrder, PhonesSetting, PhonesWord } from './load-phones.ts'

/** The phones of a load: see load-phones.ts. */
const setting = workerData as PhonesSetting
/** Each calls again when all have called, so that there is a history to show. */
const CITIZENS = 2_000
const PACKET_MS = 20
/** A steady level: it is recorded, and nobody listens. */
const SOUND = Buffer.alloc(PACKET_MS * 8, 0x34)
/** What a call may take besides its talk before it counts as lost: the queue's own time out is longer. */
const OVER_WITHIN_MS = 15_000
const LOOK_EVERY_MS = 5
const NS_PER_MS = 1e6

/** One socket says and takes the sound of all: the PBX tells calls apart by its own ports. */
async function openSound() {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  socket.on('message', () => undefined)
  const talks = new Map<number, { readonly startMs: number; sequence: number }>()
  setInterval(() => {
    const now = performance.now()
    for (const [to, talk] of talks) {
      for (; talk.startMs + talk.sequence * PACKET_MS <= now; talk.sequence += 1)
        socket.send(soundPacket(talk.sequence, SOUND), to, '127.0.0.1')
    }
  }, PACKET_MS)
  return {
    port: socket.address().port,
    /** Speaks to that port of the PBX until told to stop. */
    speak(to: number): () => void {
      talks.set(to, { startMs: performance.now(), sequence: 0 })
      return () => void talks.delete(to)
    },
  }
}

interface Dialled {
  answeredAtMs: number | undefined
  rangAtMs: number | undefined
}

const sound = await openSound()
const dialled = new Map<string, Dialled>()
let dialledEver = 0
const caller = await openSipCaller({ port: setting.trunkPort, pbxPort: setting.pbxPort })
const desks = await openSipDesks({ pbxPort: setting.pbxPort, onCall: pickUp })

function pickUp(call: IncomingCall): void {
  const known = dialled.get(call.from)
  if (known !== undefined) known.rangAtMs ??= call.atMs
  let timer: NodeJS.Timeout | undefined
  let stop = (): void => undefined
  const answer = (): void => {
    call.answer(sound.port)
    stop = sound.speak(call.soundPort)
    timer = setTimeout(call.hangUp, setting.talkMs)
  }
  if (setting.ringMs === 0) answer()
  else timer = setTimeout(answer, setting.ringMs)
  void call.ended.then(() => {
    clearTimeout(timer)
    stop()
  })
}

/** One citizen's call from dialling to the hotline's goodbye; false when it was not over in time or never answered. */
async function dial(results: { answerMs: number[]; waitMs: number[] }): Promise<boolean> {
  const from = `0952${String(dialledEver % CITIZENS).padStart(6, '0')}`
  dialledEver += 1
  const call: Dialled = { answeredAtMs: undefined, rangAtMs: undefined }
  dialled.set(from, call)
  let stop = (): void => undefined
  try {
    const answer = await caller.invite({
      to: '02251022',
      from: `<sip:${from}@127.0.0.1>`,
      soundPort: sound.port,
    })
    if (answer.status !== 200) return false
    const answeredAtMs = performance.now()
    results.answerMs.push(answer.afterMs)
    stop = sound.speak(answer.soundPort)
    const over = await Promise.race([
      answer.ended.then(() => true),
      later(OVER_WITHIN_MS + setting.ringMs + setting.talkMs).then(() => false),
    ])
    if (!over) answer.hangUp()
    if (call.rangAtMs !== undefined) results.waitMs.push(call.rangAtMs - answeredAtMs)
    return over && call.rangAtMs !== undefined
  } catch {
    return false // no answer at all
  } finally {
    stop()
    dialled.delete(from)
  }
}

async function place({ perSecond, seconds }: LoadPlan): Promise<LoadResult> {
  const results = { answerMs: [] as number[], waitMs: [] as number[] }
  const late = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS })
  late.enable()
  const calls = Math.round(perSecond * seconds)
  const startMs = performance.now()
  const running: Promise<boolean>[] = []
  for (let index = 0; index < calls; index += 1) {
    // Nobody waits for a beat before they dial.
    await later(startMs + ((index + Math.random()) * 1_000) / perSecond - performance.now())
    running.push(dial(results))
  }
  const placedAtMs = performance.now()
  const over = await Promise.all(running)
  late.disable()
  const talked = over.filter(Boolean).length
  const lateMs = (ns: number): number => Math.max(0, Math.round(ns / NS_PER_MS - LOOK_EVERY_MS))
  return {
    placed: calls,
    ...results,
    talked,
    placedInMs: placedAtMs - startMs,
    drainMs: talked === calls ? performance.now() - placedAtMs : null,
    ownLateMs: { p99: lateMs(late.percentile(99)), max: lateMs(late.max) },
  }
}

async function register(accounts: Extract<PhonesOrder, { type: 'register' }>['accounts']) {
  const tried = await Promise.allSettled(accounts.map((account) => desks.register(account)))
  return tried.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
}

async function later(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
}

async function answer(order: PhonesOrder): Promise<PhonesWord> {
  if (order.type === 'register') return { type: 'registered', failed: await register(order.accounts) }
  return { type: 'done', result: await place(order.plan) }
}

parentPort?.on('message', (order: PhonesOrder) => {
  void answer(order).then((word) => parentPort?.postMessage(word))
})
