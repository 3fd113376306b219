import { batch, effect, type ReadonlySignal, signal } from '@preact/signals'
import type { SessionView } from '../../accounts/contract.ts'
import type { Directory } from '../../agencies/contract.ts'
import type { CallView } from '../../calls/contract.ts'
import type { LiveMessage } from '../../live/contract.ts'
import type { SetPresence } from '../../presence/contract.ts'
import type { TicketView } from '../../tickets/contract.ts'
import { type Api, ApiError, codeOf } from '../api.ts'
import { t, tOr } from '../i18n/translate.ts'
import { createLive, type LinkState } from '../live.ts'
import type { Phone } from '../softphone/phone.ts'
import { type Changes, createChanges } from './changes.ts'
import { setServerTime } from './clock.ts'
import { createDeskMemory } from './desk-memory.ts'
import { sendKeptDrafts } from './kept-drafts.ts'
import { applyLive, isRunning, type LineState, NO_LINE } from './line.ts'
import { say } from './notices.ts'
import { navigate } from './route.ts'
import { createDraftBox, createTicketEditor, type TicketEditor } from './ticket-editor.ts'

export interface ConsoleDeps {
  readonly createApi: (hooks: { csrfToken: () => string; onSignedOut: () => void }) => Api
  readonly createPhone: (hooks: {
    account: Api['phone']
    report: (registered: boolean) => void
  }) => Promise<Phone>
  readonly openLive: () => WebSocket
  readonly consoleId: string
  /** This machine's: drafts and preferences. */
  readonly storage: Storage
  /** This tab's, lives through a reload: what stood on the desk. */
  readonly tabStorage: Storage
  readonly nowMs: () => number
  readonly random: () => number
}

export interface Console {
  readonly api: Api
  /** undefined while unknown, null when nobody is signed in. */
  readonly session: ReadonlySignal<SessionView | null | undefined>
  readonly line: ReadonlySignal<LineState>
  readonly link: ReadonlySignal<LinkState>
  readonly phone: ReadonlySignal<Phone | null>
  readonly editor: ReadonlySignal<TicketEditor | null>
  /** Call whose case has no code yet. */
  readonly directory: ReadonlySignal<Directory | null>
  /** What other consoles and the PBX changed; whoever shows it fetches it again. */
  readonly changes: ReadonlySignal<Changes>
  readonly begin: () => Promise<void>
  readonly signIn: (username: string, password: string) => Promise<string | null>
  readonly signOut: () => Promise<void>
  readonly passwordChanged: () => Promise<void>
  readonly setPresence: (wanted: SetPresence) => Promise<void>
  readonly extendWrapUp: (reason: string) => Promise<boolean>
  readonly openCase: (code: string) => Promise<void>
  readonly showCase: (ticket: TicketView) => void
  readonly closeCase: () => void
  readonly hold: (held: boolean) => void
  readonly dial: (number: string, ticketCode: string | null) => void
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
  const editor = signal<TicketEditor | null>(null)
  const directory = signal<Directory | null>(null)
  const changes = createChanges()
  /** The call the case on the desk belongs to, so that one call opens its case once. */
  let caseOfCall: string | null = null
  const memory = createDeskMemory(deps.tabStorage, () => session.value?.person.id)
  effect(() => {
    if (session.value !== undefined && session.value !== null) memory.keep(editor.value, line.value.callPop)
  })

  const api = deps.createApi({
    csrfToken: () => session.value?.csrfToken ?? '',
    onSignedOut: () => {
      end()
    },
  })

  const live = createLive({
    open: deps.openLive,
    probe: api.alive,
    consoleId: deps.consoleId,
    random: deps.random,
    onState: (next) => {
      const returned = next === 'open' && link.value === 'lost'
      link.value = next
      if (returned) void sendKeptWords()
    },
    onMessage: (message) => {
      receive(message)
    },
  })

  const receive = (message: LiveMessage): void => {
    line.value = memory.withPop(applyLive(line.value, message))
    switch (message.type) {
      case 'snapshot':
        setServerTime(message.serverTime, deps.nowMs())
        if (message.call !== null) followCall(message.call)
        void editor.value?.reload().catch(sayFailure)
        break
      case 'call':
        followCall(message.call)
        break
      case 'ticket':
        changes.note('ticket')
        if (
          editor.value?.ticket.value?.code === message.code &&
          editor.value.ticket.value.version <= message.version
        ) {
          void editor.value.reload().catch(sayFailure)
        }
        break
      case 'recording':
        changes.note('recording')
        if (message.ticketCode !== null && editor.value?.ticket.value?.code === message.ticketCode) {
          void editor.value.reload().catch(sayFailure)
        }
        break
      case 'sms':
        changes.note('sms')
        break
      case 'replaced':
        live.stop()
        phone.value?.stop()
        break
      case 'signedOut':
        end()
        break
      case 'presence':
      case 'waiting':
      case 'pop':
      case 'popClosed':
      case 'missed':
      case 'links':
        break // the reducer has done all there is
    }
  }

  /** Answering opens the form; the code may come with this message or with the next. */
  const followCall = (call: CallView): void => {
    if (!isRunning(call)) {
      live.forgetHold()
      return
    }
    if (call.state === 'ringing' || call.state === 'queued' || call.state === 'arriving') return
    if (caseOfCall !== call.id) {
      if (call.ticketCode !== null && editor.value?.ticket.value?.code === call.ticketCode) {
        caseOfCall = call.id
        return
      }
      editor.value?.close()
      editor.value = newEditor()
      caseOfCall = call.id
    }
    const current = editor.value
    if (call.ticketCode !== null && current !== null && current.ticket.value === null) {
      void loadInto(current, call.ticketCode)
    }
  }

  const newEditor = (): TicketEditor =>
    createTicketEditor({
      load: api.ticket,
      save: api.saveTicket,
      drafts: createDraftBox(deps.storage, session.value?.person.id ?? 0),
      failureOf: (cause) => {
        const status = cause instanceof ApiError ? cause.status : 0
        const code = codeOf(cause)
        if (code === 'TICKET_CHANGED') return { kind: 'conflict', code }
        const passing = status === 0 || status === 401 || status === 429 || status >= 500
        return { kind: passing ? 'offline' : 'refused', code }
      },
    })

  const loadInto = async (target: TicketEditor, code: string): Promise<void> => {
    try {
      target.attach(await api.ticket(code))
    } catch (cause) {
      sayFailure(cause)
      if (editor.value === target && cause instanceof ApiError && cause.status === 0) {
        setTimeout(() => {
          if (editor.value === target && target.ticket.value === null) void loadInto(target, code)
        }, 1_500)
      }
    }
  }

  const start = (found: SessionView): void => {
    session.value = found
    if (found.person.mustChangePassword) {
      navigate('/password')
      return
    }
    live.start()
    void loadDirectory()
    if (takesCalls(found)) void startPhone()
    const before = memory.openCase()
    if (before !== null && editor.value === null) void openCase(before)
    void sendKeptWords()
  }

  /** What an earlier page or a lost network left unsent on this machine. */
  const sendKeptWords = async (): Promise<void> => {
    await editor.value?.flush()
    const person = session.value?.person
    if (person === undefined) return
    await sendKeptDrafts({
      drafts: createDraftBox(deps.storage, person.id),
      except: () => editor.value?.ticket.value?.code ?? memory.openCase(),
      load: api.ticket,
      save: api.saveTicket,
    })
  }

  const loadDirectory = async (): Promise<void> => {
    try {
      directory.value = await api.directory()
    } catch (cause) {
      sayFailure(cause)
    }
  }

  const startPhone = async (): Promise<void> => {
    phone.value ??= await deps.createPhone({
      account: api.phone,
      report: (registered) => {
        live.send({ type: 'phone', registered })
      },
    })
    await phone.value.start()
  }

  const openCase = async (code: string): Promise<void> => {
    if (editor.value?.ticket.value?.code === code) return
    editor.value?.close()
    const next = newEditor()
    editor.value = next
    await loadInto(next, code)
  }

  const end = (): void => {
    live.stop()
    phone.value?.stop()
    editor.value?.close()
    batch(() => {
      session.value = null
      line.value = NO_LINE
      editor.value = null
      caseOfCall = null
    })
  }

  return {
    api,
    session,
    line,
    link,
    phone,
    editor,
    directory,
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
      await editor.value?.flush()
      try {
        await api.signOut()
      } catch (cause) {
        if (!(cause instanceof ApiError && cause.status === 401)) {
          sayFailure(cause)
          return
        }
      }
      memory.forget()
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
    openCase,
    showCase(ticket) {
      const open = editor.value
      if (open?.ticket.value?.code === ticket.code) {
        open.attach(ticket)
        return
      }
      open?.close()
      const next = newEditor()
      next.attach(ticket)
      editor.value = next
    },
    closeCase() {
      memory.caseClosed()
      editor.value?.close()
      editor.value = null
    },
    hold(held) {
      phone.value?.setHeld(held)
      const call = line.value.call
      if (isRunning(call)) live.send({ type: 'hold', callId: call.id, held })
    },
    dial(number, ticketCode) {
      if (number !== '') void phone.value?.dial(number, ticketCode)
    },
    dismissPopEnd() {
      line.value = { ...line.value, popEnd: null }
    },
    useHere() {
      line.value = { ...line.value, replaced: false }
      live.start()
      void phone.value?.start()
    },
    networkBack() {
      live.nudge()
      void sendKeptWords()
    },
    networkGone: live.drop,
  }
}

/** Administrators look after people and settings; the exchange has no telephone for them. */
export function takesCalls(session: SessionView | null | undefined): boolean {
  return session != null && session.person.role !== 'admin'
}

/** The sentence for an error code of the server, or an honest general one. */
export function errorText(code: string): string {
  return tOr(`error.${code}`, /^(AMI|ARI)_/.test(code) ? 'error.PBX_AWAY' : 'error.UNKNOWN', { code })
}

/** Says a failed request in words. */
export function sayFailure(cause: unknown): void {
  say('bad', errorText(codeOf(cause)))
}

/** Says that something was kept or done. */
export function sayDone(text: string): void {
  say('good', text === '' ? t('notice.done') : text)
}
