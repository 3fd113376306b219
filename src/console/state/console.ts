import { batch, effect, type ReadonlySignal, signal } from '@preact/signals'
import type { SessionView } from '../../accounts/contract.ts'
import type { Directory } from '../../agencies/contract.ts'
import type { CallView, Pop } from '../../calls/contract.ts'
import type { LiveMessage } from '../../live/contract.ts'
import type { SetPresence } from '../../presence/contract.ts'
import type { TicketView } from '../../tickets/contract.ts'
import type { StartTransfer, TransferCommand, TransferView } from '../../transfers/contract.ts'
import { type Api, ApiError, codeOf, type Failure, failureOf } from '../api.ts'
import { t } from '../i18n/translate.ts'
import { createLive, type LinkState } from '../live.ts'
import type { Phone } from '../softphone/phone.ts'
import { carriesCall } from '../softphone/phone-machine.ts'
import { watchStrayCall } from '../softphone/stray-call.ts'
import { createCaseDesk } from './case-desk.ts'
import { type Changes, createChanges } from './changes.ts'
import { setServerTime } from './clock.ts'
import { sayFailure } from './failure-words.ts'
import { createKeptWords, type KeptWords } from './kept-words.ts'
import { applyLive, isRunning, isTransferring, type LineState, NO_LINE } from './line.ts'
import { say } from './notices.ts'
import { createPopAhead } from './pop-ahead.ts'
import { navigate, route } from './route.ts'
import type { TicketEditor } from './ticket-editor.ts'

export interface ConsoleDeps {
  readonly createApi: (hooks: { csrfToken: () => string; onSignedOut: () => void }) => Api
  readonly createPhone: (hooks: {
    account: Api['phone']
    report: (registered: boolean) => void
  }) => Promise<Phone>
  readonly openLive: () => WebSocket
  /** Calls back when the browser has drawn what was just changed, soon in any case. */
  readonly afterDrawing: (then: () => void) => void
  readonly consoleId: string
  /** This machine's: drafts and preferences. */
  readonly storage: Storage
  /** This tab's, lives through a reload: what stood on the desk, and words that are not sent. */
  readonly tabStorage: Storage
  readonly nowMs: () => number
  readonly random: () => number
}

export interface Console {
  readonly api: Api
  /** undefined while unknown, null when nobody is signed in. */
  readonly session: ReadonlySignal<SessionView | null | undefined>
  readonly line: ReadonlySignal<LineState>
  /** A call that began to ring this very moment, ahead of the line, which tells of it one picture later. */
  readonly popAhead: ReadonlySignal<Pop | null>
  readonly link: ReadonlySignal<LinkState>
  readonly phone: ReadonlySignal<Phone | null>
  /** The case on the desk; its code may still be on the way. */
  readonly editor: ReadonlySignal<TicketEditor | null>
  readonly directory: ReadonlySignal<Directory | null>
  /** Typed into forms and not sent yet. */
  readonly words: KeptWords
  /** What other consoles and the PBX changed; whoever shows it fetches it again. */
  readonly changes: ReadonlySignal<Changes>
  readonly begin: () => Promise<void>
  readonly signIn: (username: string, password: string) => Promise<string | null>
  readonly signOut: () => Promise<void>
  readonly passwordChanged: () => Promise<void>
  readonly setPresence: (wanted: SetPresence) => Promise<void>
  readonly extendWrapUp: (reason: string) => Promise<boolean>
  /** The code of why it cannot be had, or null. */
  readonly openCase: (code: string) => Promise<string | null>
  readonly showCase: (ticket: TicketView) => void
  readonly closeCase: () => void
  readonly hold: (held: boolean) => void
  readonly dial: (number: string, ticketCode: string | null) => void
  /** Begins to put the caller through. The code of what went wrong, or null. */
  readonly startTransfer: (asked: StartTransfer) => Promise<Failure | null>
  /** Asks for the next step of the transfer as it was shown. The code of what went wrong, or null. */
  readonly commandTransfer: (shown: TransferView, command: TransferCommand) => Promise<string | null>
  /** Takes one that is over off the desk. */
  readonly dismissTransfer: (id: string) => void
  readonly dismissPopEnd: () => void
  readonly useHere: () => void
  readonly networkBack: () => void
  readonly networkGone: () => void
}

/** The whole console without its screen: session, live line, phone and the case on the desk. */
export function createConsole(deps: ConsoleDeps): Console {
  const session = signal<SessionView | null | undefined>(undefined)
  const line = signal<LineState>(NO_LINE)
  const link = signal<LinkState>('stopped')
  const phone = signal<Phone | null>(null)
  const directory = signal<Directory | null>(null)
  /** The account works elsewhere: the telephone stays for as long as a citizen talks on it. */
  const leaving = signal(false)
  const changes = createChanges(deps.random)
  const api = deps.createApi({
    csrfToken: () => session.value?.csrfToken ?? '',
    onSignedOut: () => {
      end()
    },
  })

  const cases = createCaseDesk({
    api,
    line,
    personId: () => session.value?.person.id,
    storage: deps.storage,
    tabStorage: deps.tabStorage,
  })

  const live = createLive({
    open: deps.openLive,
    probe: api.alive,
    consoleId: deps.consoleId,
    random: deps.random,
    onState: (next) => {
      const returned = next === 'open' && link.value === 'lost'
      link.value = next
      if (!returned) return
      void cases.sendKeptWords()
      if (directory.value === null) void loadDirectory()
    },
    onMessage: (message) => {
      ahead.take(message)
    },
  })

  const receive = (message: LiveMessage): void => {
    line.value = cases.withPop(applyLive(line.value, message))
    switch (message.type) {
      case 'snapshot':
        setServerTime(message.serverTime, deps.nowMs())
        if (message.call !== null) followCall(message.call)
        cases.refresh()
        break
      case 'call':
        followCall(message.call)
        break
      case 'ticket':
        changes.note('ticket')
        cases.refresh(message)
        break
      case 'disclosure':
        changes.note('disclosure')
        tellDisclosure(message)
        break
      case 'recording':
        changes.note('recording')
        if (message.ticketCode !== null) cases.refresh({ code: message.ticketCode })
        break
      case 'directory':
        changes.note('directory')
        void loadDirectory()
        break
      case 'catchUp':
      case 'retention':
        changes.note(message.type)
        break
      case 'sms':
        changes.note('sms')
        break
      case 'replaced':
        live.stop()
        phone.value?.retire()
        leaving.value = true
        break
      case 'signedOut':
        end()
        break
      case 'steered':
        say('bad', t(`steered.${message.what}`, { by: message.by, words: message.words }))
        break
      case 'presence':
      case 'waiting':
      case 'pop':
      case 'popClosed':
      case 'transfer':
      case 'missed':
      case 'listener':
      case 'mask':
      case 'links':
        break // the reducer has done all there is
    }
  }

  const ahead = createPopAhead({
    apply: receive,
    isFree: () => line.value.pops.length === 0,
    afterDrawing: deps.afterDrawing,
  })

  /** Supervisors hear of what waits for them, units of what was decided. */
  const tellDisclosure = ({
    state,
    ticketCode: code,
  }: Extract<LiveMessage, { type: 'disclosure' }>): void => {
    if (state === 'withdrawn' || state === 'expired') return
    const isForMe = isOutside(session.value) === (state !== 'requested')
    if (isForMe) say('plain', t(`disclosureNews.${state}`, { code }))
  }

  const followCall = (call: CallView): void => {
    if (!isRunning(call)) live.forgetHold()
    cases.follow(call)
  }

  watchStrayCall({ line, phone })
  effect(() => {
    if (!leaving.value || carriesCall(phone.value?.state.value.call ?? 'idle')) return
    leaving.value = false
    phone.value?.stop()
  })

  const words = createKeptWords(deps.tabStorage, () => session.value?.person.id)

  const start = (found: SessionView): void => {
    session.value = found
    words.onlyMine()
    if (found.person.mustChangePassword) {
      navigate('/password')
      return
    }
    live.start()
    void loadDirectory()
    if (takesCalls(found)) void startPhone()
    if (isOutside(found)) {
      // No desk: the cases are what they came for, or the audit log.
      if (route.value.page === 'desk') navigate(found.person.role === 'auditor' ? '/audit' : '/tickets')
      return
    }
    cases.reopen()
    void cases.sendKeptWords()
  }

  const loadDirectory = async (): Promise<void> => {
    try {
      directory.value = await api.directory()
    } catch (cause) {
      sayFailure(cause)
    }
  }

  const startPhone = async (): Promise<void> => {
    try {
      phone.value ??= await deps.createPhone({
        account: api.phone,
        report: (registered) => {
          live.send({ type: 'phone', registered })
        },
      })
      await phone.value.start()
    } catch {
      say('bad', t('part.notLoaded'))
    }
  }

  const end = (): void => {
    live.stop()
    phone.value?.stop()
    batch(() => {
      cases.clear()
      ahead.forget()
      session.value = null
      line.value = NO_LINE
    })
  }

  const hold = (held: boolean): void => {
    phone.value?.setHeld(held)
    const call = line.value.call
    if (isRunning(call)) live.send({ type: 'hold', callId: call.id, held })
  }

  return {
    api,
    session,
    line,
    popAhead: ahead.pop,
    link,
    phone,
    editor: cases.editor,
    directory,
    words,
    changes: changes.counts,
    async begin() {
      try {
        start(await api.session())
      } catch (cause) {
        if (cause instanceof ApiError && cause.status === 401) session.value = null
        else {
          session.value = null
          sayFailure(cause)
        }
      }
    },
    async signIn(username, password) {
      try {
        start(await api.signIn({ username, password }))
        return null
      } catch (cause) {
        return codeOf(cause)
      }
    },
    async signOut() {
      await cases.editor.value?.flush()
      try {
        await api.signOut()
      } catch (cause) {
        if (!(cause instanceof ApiError && cause.status === 401)) {
          sayFailure(cause)
          return
        }
      }
      cases.forget()
      words.forget()
      end()
      navigate('/')
    },
    async passwordChanged() {
      start(await api.session())
      navigate('/')
    },
    async setPresence(wanted) {
      try {
        line.value = { ...line.value, presence: await api.setPresence(wanted) }
      } catch (cause) {
        sayFailure(cause)
      }
    },
    async extendWrapUp(reason) {
      try {
        line.value = { ...line.value, presence: await api.extendWrapUp(reason) }
        return true
      } catch (cause) {
        sayFailure(cause)
        return false
      }
    },
    openCase: cases.open,
    showCase(ticket) {
      cases.show(ticket)
    },
    closeCase() {
      cases.close()
    },
    hold,
    dial(number, ticketCode) {
      if (number !== '') void phone.value?.dial(number, ticketCode)
    },
    async startTransfer(asked) {
      try {
        const begun = await api.startTransfer(asked)
        // The live line may have told more of it already; this answer is then the older word.
        if (line.value.transfer?.id !== begun.id) receive({ type: 'transfer', transfer: begun })
        // A phone on hold hears neither the ringing nor the agency; whom the citizen hears is the server's business now.
        if (asked.mode === 'consult' && phone.value?.state.value.call === 'held') hold(false)
        return null
      } catch (cause) {
        return failureOf(cause)
      }
    },
    async commandTransfer(shown, command) {
      try {
        const { id, state, current } = shown
        await api.commandTransfer(id, { command, state, current })
        return null
      } catch (cause) {
        return codeOf(cause)
      }
    },
    dismissTransfer(id) {
      const { transfer, behind } = line.value
      line.value = {
        ...line.value,
        transfer: transfer?.id === id && !isTransferring(transfer) ? null : transfer,
        behind: behind.filter((one) => one.id !== id || isTransferring(one)),
      }
    },
    dismissPopEnd() {
      line.value = { ...line.value, popEnd: null }
    },
    useHere() {
      leaving.value = false
      line.value = { ...line.value, replaced: false }
      live.start()
      void phone.value?.start()
    },
    networkBack() {
      live.nudge()
      void cases.sendKeptWords()
    },
    networkGone: live.drop,
  }
}

/** Whoever sits at the line; the exchange has no telephone for administrators, units and the City Office. */
export function takesCalls(session: SessionView | null | undefined): boolean {
  const role = session?.person.role
  return role === 'operator' || role === 'supervisor'
}

/** People of a unit and of the City Office, and auditors: no line, no desk, no form. */
export function isOutside(session: SessionView | null | undefined): boolean {
  const role = session?.person.role
  return role === 'officer' || role === 'head' || role === 'cityOffice' || role === 'auditor'
}
