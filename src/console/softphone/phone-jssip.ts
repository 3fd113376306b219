import { signal } from '@preact/signals'
import { UA, WebSocketInterface } from 'jssip'
import type { EndEvent, PeerConnectionEvent, RTCSession } from 'jssip/lib/RTCSession'
import type { IncomingRTCSessionEvent, RTCSessionEvent, UAConfiguration } from 'jssip/lib/UA'
import type { PhoneAccount } from '../../presence/contract.ts'
import { ApiError } from '../api.ts'
import { chosenDevices, listDevices, openMicrophone, routeOutput } from './devices.ts'
import type { Phone, RunningCall } from './phone.ts'
import {
  isConnected,
  isPastFailure,
  mediaFailure,
  PHONE_OFF,
  type PhoneEffect,
  type PhoneEvent,
  stepPhone,
} from './phone-machine.ts'
import { popFirst } from './pop-first.ts'
import { outliveLine } from './outlive-line.ts'
import type { RingTone } from './ring-tone.ts'

export interface JsSipDeps {
  readonly account: () => Promise<PhoneAccount>
  readonly origin: string
  readonly media: MediaDevices | undefined
  readonly audio: HTMLAudioElement
  readonly ringTone: RingTone
  /** sessionStorage: lives through a reload of this tab and no longer. */
  readonly storage: Storage
  readonly report: (registered: boolean) => void
  /** Resolves, soon in any case, when the pop of a call that rings is on the screen. */
  readonly popShown: () => Promise<void>
  readonly nowMs: () => number
  /** Another one than JsSIP's, for tests. */
  readonly createAgent?: (configuration: UAConfiguration) => UA
}

const RUNNING_KEY = 'running-call'
/** No call lasts longer; the PBX refuses to resume what is over, so this only tidies up. */
const RUNNING_LIVES_MS = 4 * 3_600_000
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 8_000
/** After its line broke. The queue offers a call for no longer (config/asterisk/queues.conf), so it has gone elsewhere by then. */
const LONGEST_RINGING_MS = 20_000
/** Long enough to be read by who looks at the form just then. */
const PAST_FAILURE_MS = 20_000
/** Gathering on a desk with many interfaces can take seconds; what was found by then is enough. */
const ICE_PATIENCE_MS = 250
/** SIP causes that are an ordinary end of a call, not a failure to report (JsSIP Constants.causes). */
const ORDINARY_CAUSES = ['Terminated', 'Canceled', 'Rejected']

/** The softphone over JsSIP: one registration, one call, through the page's own origin. */
export function createJsSipPhone(deps: JsSipDeps): Phone {
  const createAgent = deps.createAgent ?? ((configuration) => new UA(configuration))
  const state = signal(PHONE_OFF)
  let ua: UA | null = null
  let session: RTCSession | null = null
  /** The one that came on a line that broke meanwhile. */
  let cutOff: RTCSession | null = null
  /** The one whose answer has gone out. */
  let accepted: RTCSession | null = null
  let microphone: MediaStream | null = null
  let retry: ReturnType<typeof setTimeout> | undefined
  let pastFailure: ReturnType<typeof setTimeout> | undefined
  let attempts = 0
  let wanted = false
  /** Another page has taken over: no registration any more, only the rest of the running call. */
  let retired = false
  /** The PBX refused the account under a running call. */
  let accountDoubtful = false
  /** Set by an INVITE of ours that takes up a call after a reload. */
  let resumed: RunningCall | undefined

  const step = (event: PhoneEvent): readonly PhoneEffect[] => {
    const next = stepPhone(state.value, event)
    state.value = next.state
    for (const effect of next.effects) act(effect)
    if (isPastFailure(state.value)) pastFailure ??= setTimeout(step, PAST_FAILURE_MS, { type: 'recovered' })
    else {
      clearTimeout(pastFailure)
      pastFailure = undefined
    }
    return next.effects
  }

  const act = (effect: PhoneEffect): void => {
    if (effect === 'ring') deps.ringTone.start()
    else if (effect === 'stopRing') deps.ringTone.stop()
    else if (effect === 'reportReady') deps.report(true)
    else if (effect === 'reportGone') deps.report(false)
  }

  const connect = async (): Promise<void> => {
    step({ type: 'starting' })
    try {
      const account = await deps.account()
      if (wanted && !retired) openAgent(account)
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 403) step({ type: 'refused' })
      else later() // the live channel tells the operator that the service is away; the phone just tries again
    }
  }

  const later = (): void => {
    if (!wanted) return
    step({ type: 'lost' })
    clearTimeout(retry)
    const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempts)
    attempts += 1
    retry = setTimeout(() => void connect(), waitMs)
  }

  const openAgent = (account: PhoneAccount): void => {
    closeAgent()
    const socket = new WebSocketInterface(`${deps.origin.replace(/^http/, 'ws')}${account.path}`)
    popFirst(socket, deps.popShown)
    const agent = createAgent({
      sockets: [socket],
      uri: account.uri,
      authorization_user: account.username,
      password: account.password,
      display_name: account.displayName,
      register_expires: 120,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 3,
    })
    ua = agent
    agent.on('registered', () => {
      if (ua !== agent || retired) return
      attempts = 0
      accountDoubtful = false
      step({ type: 'registered' })
      void resume()
    })
    agent.on('disconnected', () => {
      if (ua === agent) boundRinging()
      if (ua === agent && wanted && !retired) step({ type: 'lost' }) // JsSIP reconnects by itself and registers again
    })
    agent.on('registrationFailed', () => {
      if (ua !== agent || !wanted || retired) return
      // After a PBX restart the account may be new: ask for it again, but never under a running call.
      if (session === null) {
        later()
        return
      }
      accountDoubtful = true
      step({ type: 'lost' })
      clearTimeout(retry)
      retry = setTimeout(() => {
        agent.register()
      }, LONGEST_RETRY_MS)
    })
    agent.on('newRTCSession', (event: RTCSessionEvent) => {
      if (isRemote(event)) invited(event)
    })
    agent.start()
  }

  const closeAgent = (): void => {
    const agent = ua
    ua = null
    agent?.stop()
  }

  const invited = (event: IncomingRTCSessionEvent): void => {
    // The queue offers this phone one call at a time: the next one says that what rings from a line that broke is over.
    if (session !== null && session === cutOff && state.value.call === 'ringing') abandon(session, null)
    const identity = event.session.remote_identity
    const peer = identity.display_name !== '' ? identity.display_name : identity.uri.user
    if (step({ type: 'invited', peer }).includes('rejectBusy')) {
      event.session.terminate({ status_code: 486 })
      return
    }
    session = event.session
    outliveLine(event)
    follow(event.session, peer)
    // This very supervisor has just asked for it on the board (src/supervision).
    if (event.request.hasHeader('X-Supervision')) void answer()
  }

  const follow = (own: RTCSession, peer: string): void => {
    own.on('peerconnection', (event: PeerConnectionEvent) => {
      hear(event.peerconnection)
    })
    own.on('icecandidate', ({ ready }) => {
      setTimeout(ready, ICE_PATIENCE_MS)
    })
    own.on('accepted', () => {
      accepted = own
    })
    own.on('confirmed', () => {
      step({ type: 'established', atMs: resumed?.savedAt ?? deps.nowMs() })
      keepCall(peer)
    })
    own.on('hold', ({ originator }) => {
      if (isOurs(originator)) step({ type: 'held', held: true })
    })
    own.on('unhold', ({ originator }) => {
      if (isOurs(originator)) step({ type: 'held', held: false })
    })
    own.on('muted', () => {
      step({ type: 'muted', muted: true })
    })
    own.on('unmuted', () => {
      step({ type: 'muted', muted: false })
    })
    own.on('ended', (event: EndEvent) => {
      over(own, event)
    })
    own.on('failed', (event: EndEvent) => {
      over(own, event)
    })
  }

  const over = (own: RTCSession, event: EndEvent): void => {
    finish(own, ORDINARY_CAUSES.includes(event.cause) ? null : event.cause)
  }

  const finish = (own: RTCSession, failure: string | null): void => {
    if (session !== own) return
    session = null
    resumed = undefined
    deps.storage.removeItem(RUNNING_KEY)
    closeMicrophone()
    step({ type: 'ended', failure })
    if (!accountDoubtful || retired) return
    accountDoubtful = false
    later()
  }

  /** Ends a session without waiting for the other side, which may not exist any more. */
  const abandon = (own: RTCSession, failure: string | null): void => {
    // The end that JsSIP tells of is an ordinary one; the reason known here has to come first.
    finish(own, failure)
    try {
      own.terminate()
    } catch {
      // JsSIP has ended it itself
    }
  }

  /** The PBX sends the CANCEL of a call on the line that call came on: if that is gone, nobody ends what rings. */
  const boundRinging = (): void => {
    const own = session
    const { call: now } = state.value
    if (own === null || (now !== 'ringing' && now !== 'answering')) return
    cutOff = own
    setTimeout(() => {
      if (session === own && accepted !== own && !isConnected(state.value.call)) abandon(own, null)
    }, LONGEST_RINGING_MS)
  }

  /** The answer is said when there is somebody to say it to: the service may be back in a moment. Or the call is over before. */
  const lineUp = async (own: RTCSession): Promise<void> => {
    const agent = ua
    if (agent === null || agent.isConnected()) return
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        agent.removeListener('connected', settle)
        resolve()
      }
      agent.on('connected', settle)
      own.on('failed', settle)
    })
  }

  const hear = (connection: RTCPeerConnection): void => {
    connection.addEventListener('track', (event) => {
      deps.audio.srcObject = event.streams[0] ?? new MediaStream([event.track])
      void routeOutput(deps.audio, chosenDevices.value.speaker)
      deps.audio.play().catch(() => undefined) // refused only before the first click, and answering is one
    })
    connection.addEventListener('connectionstatechange', () => {
      const failure = mediaFailure(connection.connectionState)
      if (failure !== null && session?.connection === connection) abandon(session, failure)
    })
  }

  const speak = async (): Promise<MediaStream | undefined> => {
    const opened = await openMicrophone(deps.media)
    if (typeof opened === 'string') {
      step({ type: 'microphone', problem: opened })
      return undefined
    }
    step({ type: 'microphone', problem: null })
    closeMicrophone()
    microphone = opened
    return opened
  }

  const closeMicrophone = (): void => {
    for (const track of microphone?.getTracks() ?? []) track.stop()
    microphone = null
  }

  const call = (target: string, extraHeaders: string[], mediaStream: MediaStream, peer: string): void => {
    if (ua === null) return
    const placed = ua.call(target, {
      extraHeaders,
      mediaStream,
      mediaConstraints: { audio: true, video: false },
      pcConfig: { iceServers: [] },
      eventHandlers: {
        peerconnection: (event: PeerConnectionEvent) => {
          hear(event.peerconnection)
        },
      },
    })
    session = placed
    follow(placed, peer)
  }

  const keepCall = (peer: string): void => {
    const running: RunningCall = { peer, savedAt: resumed?.savedAt ?? deps.nowMs() }
    deps.storage.setItem(RUNNING_KEY, JSON.stringify(running))
  }

  const keptCall = (): RunningCall | undefined => {
    const text = deps.storage.getItem(RUNNING_KEY)
    const running = text === null ? undefined : (JSON.parse(text) as RunningCall)
    return running === undefined || deps.nowMs() - running.savedAt > RUNNING_LIVES_MS ? undefined : running
  }

  const answer = async (): Promise<void> => {
    const own = session
    if (own === null || state.value.call !== 'ringing') return
    step({ type: 'answering' })
    // The microphone comes first: an answer without one would end the call instead of leaving it ringing.
    const mediaStream = await speak()
    if (session !== own) {
      if (session === null) closeMicrophone()
      return
    }
    if (mediaStream === undefined) return
    await lineUp(own)
    if (session !== own) return
    own.answer({
      mediaStream,
      mediaConstraints: { audio: true, video: false },
      pcConfig: { iceServers: [] },
    })
  }

  const resume = async (): Promise<void> => {
    const running = keptCall()
    if (running === undefined || session !== null) return
    deps.storage.removeItem(RUNNING_KEY)
    step({ type: 'resuming', peer: running.peer })
    const stream = await speak()
    if (stream === undefined) {
      step({ type: 'ended', failure: 'User Denied Media Access' })
      return
    }
    resumed = running
    // The dialplan finds this operator's running call by the endpoint alone (dialplan/from-operators.conf).
    call('resume', [], stream, running.peer)
  }

  const stop = (): void => {
    wanted = false
    retired = false
    accountDoubtful = false
    clearTimeout(retry)
    deps.ringTone.stop()
    session?.terminate()
    session = null
    closeMicrophone()
    closeAgent()
    step({ type: 'stopped' })
  }

  return {
    state,
    async start() {
      if (retired) {
        retired = false
        step({ type: 'starting' })
        ua?.register()
      }
      if (wanted) return
      wanted = true
      attempts = 0
      // Said before the line is up: until then the operator is not talking, whatever the server knows of the call.
      const running = keptCall()
      if (running !== undefined) step({ type: 'resuming', peer: running.peer })
      await connect()
    },
    stop,
    retire() {
      if (!wanted || retired) return
      if (session === null) {
        stop()
        return
      }
      retired = true
      clearTimeout(retry)
      step({ type: 'retired' })
      // Or the next renewal would take the calls back from the other page. The call's own dialogue does not need it.
      ua?.unregister()
    },
    answer,
    hangUp() {
      const own = session
      if (own === null) return
      own.terminate(state.value.call === 'ringing' ? { status_code: 486 } : {})
    },
    letGo() {
      if (session !== null) abandon(session, state.value.call === 'ringing' ? null : 'Connection Error')
    },
    setHeld(held) {
      if (session === null || !isConnected(state.value.call)) return
      if (held) session.hold()
      else session.unhold()
    },
    setMuted(muted) {
      if (muted) session?.mute({ audio: true })
      else session?.unmute({ audio: true })
    },
    sendTone(tone) {
      if (!isConnected(state.value.call) || !/^[0-9*#]$/.test(tone)) return
      // RFC 4733 in the media stream; the enum of JsSIP's types is not exported as a value.
      session?.sendDTMF(tone, { transportType: 'RFC2833' as never, duration: 120 })
    },
    async dial(number, ticketCode) {
      if (ua === null || session !== null || state.value.line !== 'ready') return
      step({ type: 'dialling', peer: number })
      const mediaStream = await speak()
      if (mediaStream === undefined) {
        step({ type: 'ended', failure: 'User Denied Media Access' })
        return
      }
      call(number, ticketCode === null ? [] : [`X-Ticket: ${ticketCode}`], mediaStream, number)
    },
    resume,
    async checkMicrophone() {
      if (session !== null) return
      const opened = await openMicrophone(deps.media)
      step({ type: 'microphone', problem: typeof opened === 'string' ? opened : null })
      if (typeof opened === 'string') return
      for (const track of opened.getTracks()) track.stop()
      if (deps.media !== undefined) await listDevices(deps.media)
    },
    async devicesChanged() {
      deps.ringTone.route(chosenDevices.value.ringer)
      await routeOutput(deps.audio, chosenDevices.value.speaker)
      if (session === null || microphone === null) return
      const stream = await speak()
      const track = stream?.getAudioTracks()[0]
      const sender = session.connection.getSenders().find((candidate) => candidate.track?.kind === 'audio')
      if (track !== undefined) await sender?.replaceTrack(track)
    },
  }
}

/** The enum of JsSIP's typings does not exist when the page runs; its values are these words. */
function isOurs(originator: string): boolean {
  return originator === 'local'
}

function isRemote(event: RTCSessionEvent): event is IncomingRTCSessionEvent {
  return !isOurs(event.originator)
}
