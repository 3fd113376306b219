import { EventEmitter, once } from 'node:events'
import { type TestPbx } from '../support/pbx.ts'
import { openRtpVoice } from '../support/rtp-voice.ts'
import { type IncomingCall } from '../support/sip-callee.ts'
import { openSipCaller } from '../support/sip-caller.ts'
import { type Heard, type Speaker, VOICES, listen } from './hearing.ts'

/** Somebody on the phone: says the tone of that speaker, and keeps all that is heard. */
export interface Ear {
  readonly port: number
  /** All that was heard so far. */
  readonly heard: readonly Heard[]
  readonly speakTo: (port: number) => void
  /** Looks at all packets heard, with each one that comes, until `look` finds something; rejects after `withinMs`. */
  readonly until: <T>(
    what: string,
    withinMs: number,
    look: (heard: readonly Heard[]) => T | undefined,
  ) => Promise<T>
  readonly close: () => void
}

/** The telephone network within this process: its sound can be listened to packet by packet. */
export interface PhoneNetwork {
  /** Calls the hotline; resolves when it has answered. */
  readonly call: (from: string, ear: Ear) => Promise<{ readonly hangUp: () => void }>
  /** Whoever has this number takes all calls from the hotline to it. */
  readonly at: (number: string, take: (call: IncomingCall) => void) => void
  /** The next call from the hotline to a number nobody has. */
  readonly rung: (withinMs: number) => Promise<IncomingCall>
  readonly close: () => void
}

/** Takes the place of the simulated network of a PBX that was started without one. */
export async function openPhoneNetwork(pbx: TestPbx): Promise<PhoneNetwork> {
  const phones = new Map<string, (call: IncomingCall) => void>()
  const calls = new EventEmitter<{ call: [IncomingCall] }>()
  const caller = await openSipCaller({
    port: pbx.trunkPort,
    pbxPort: pbx.ports.sip,
    onCall: (call) => {
      const take = phones.get(call.number)
      if (take === undefined) calls.emit('call', call)
      else take(call)
    },
  })
  return {
    at: (number, take) => void phones.set(number, take),
    async call(from, ear) {
      const { status, soundPort, hangUp } = await caller.invite({
        to: '02251022',
        from: `<sip:${from}@127.0.0.1>`,
        soundPort: ear.port,
      })
      if (status !== 200) throw new Error(`the hotline answered ${String(status)}`)
      ear.speakTo(soundPort)
      return { hangUp }
    },
    async rung(withinMs) {
      const signal = AbortSignal.timeout(withinMs)
      const [call] = (await once(calls, 'call', { signal })) as [IncomingCall]
      return call
    },
    close: caller.close,
  }
}

/** Opens the sound of one leg. */
export async function openEar(speaker: Speaker): Promise<Ear> {
  const heard: Heard[] = []
  const looks = new Set<() => void>()
  const voice = await openRtpVoice({
    hz: VOICES[speaker],
    onSound(pcm) {
      heard.push(listen(pcm, performance.now()))
      for (const look of looks) look()
    },
  })
  return {
    port: voice.port,
    heard,
    speakTo: voice.speakTo,
    close: voice.close,
    until: (what, withinMs, look) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          clearTimeout(timer)
          looks.delete(again)
        }
        const again = (): void => {
          const found = look(heard)
          if (found === undefined) return
          stop()
          resolve(found)
        }
        const timer = setTimeout(() => {
          stop()
          reject(new Error(`the ${speaker} waited in vain: ${what}`))
        }, withinMs)
        looks.add(again)
      }),
  }
}
