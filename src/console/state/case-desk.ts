import { effect, type ReadonlySignal, signal } from '@preact/signals'
import type { CallView } from '../../calls/contract.ts'
import type { TicketView } from '../../tickets/contract.ts'
import { type Api, ApiError, codeOf } from '../api.ts'
import { createDeskMemory } from './desk-memory.ts'
import { sayFailure } from './failure-words.ts'
import { sendKeptDrafts } from './kept-drafts.ts'
import { isRunning, type LineState } from './line.ts'
import { createDraftBox, createTicketEditor, type TicketEditor } from './ticket-editor.ts'

/** A case whose first copy did not come is asked for again after this. */
const LOAD_AGAIN_MS = 1_500

export interface CaseDeskDeps {
  readonly api: Pick<Api, 'ticket' | 'saveTicket'>
  readonly line: ReadonlySignal<LineState>
  /** Undefined while nobody is signed in. */
  readonly personId: () => number | undefined
  /** This machine's: words the server does not have yet. */
  readonly storage: Storage
  /** This tab's: what stood on the desk. */
  readonly tabStorage: Storage
}

/** The one case on the desk: opened by a call or by hand, saved by itself, there again after a reload. */
export function createCaseDesk({ api, line, personId, storage, tabStorage }: CaseDeskDeps) {
  const editor = signal<TicketEditor | null>(null)
  const memory = createDeskMemory(tabStorage, personId)
  /** The call the case belongs to, so that one call opens its case once. */
  let caseOfCall: string | null = null

  effect(() => {
    if (personId() !== undefined) memory.keep(editor.value, line.value.callPop)
  })

  const put = (next: TicketEditor | null): void => {
    editor.value?.close()
    editor.value = next
  }

  const drafts = () => createDraftBox(storage, personId() ?? 0)

  const newEditor = (): TicketEditor =>
    createTicketEditor({ load: api.ticket, save: api.saveTicket, drafts: drafts(), failureOf })

  /** The code of why it cannot be had; null where it came, or is asked for again. */
  const loadInto = async (target: TicketEditor, code: string): Promise<string | null> => {
    try {
      target.attach(await api.ticket(code))
      return null
    } catch (cause) {
      sayFailure(cause)
      if (!(cause instanceof ApiError) || cause.status !== 0) return codeOf(cause)
      if (editor.value !== target) return null
      setTimeout(() => {
        if (editor.value === target && target.ticket.value === null) void loadInto(target, code)
      }, LOAD_AGAIN_MS)
      return null
    }
  }

  const open = async (code: string): Promise<string | null> => {
    if (editor.value?.ticket.value?.code === code) return null
    const next = newEditor()
    put(next)
    return loadInto(next, code)
  }

  return {
    editor: editor as ReadonlySignal<TicketEditor | null>,
    withPop: (next: LineState): LineState => memory.withPop(next),
    open,

    /** Answering opens the form; the code may come with this message or with the next. */
    follow(call: CallView): void {
      if (!isRunning(call) || BEFORE_ANSWER.includes(call.state)) return
      if (caseOfCall !== call.id) {
        caseOfCall = call.id
        if (call.ticketCode !== null && editor.value?.ticket.value?.code === call.ticketCode) return
        put(newEditor())
      }
      const current = editor.value
      if (call.ticketCode !== null && current !== null && current.ticket.value === null) {
        void loadInto(current, call.ticketCode)
      }
    },

    /** What was open before the page was loaded again. */
    reopen(): void {
      const before = memory.openCase()
      if (before !== null && editor.value === null) void open(before)
    },

    show(ticket: TicketView): void {
      const shown = editor.value
      if (shown?.ticket.value?.code === ticket.code) {
        shown.attach(ticket)
        return
      }
      const next = newEditor()
      next.attach(ticket)
      put(next)
    },

    /** Somebody changed a case, or all may have changed: a fresh copy, if it is the one shown. */
    refresh(changed?: { readonly code: string; readonly version?: number }): void {
      const shown = editor.value?.ticket.value
      if (changed !== undefined && shown?.code !== changed.code) return
      if (changed?.version !== undefined && shown !== null && shown !== undefined) {
        if (shown.version > changed.version) return
      }
      void editor.value?.reload().catch(sayFailure)
    },

    /** Sends what an earlier page or a lost network left unsent on this machine. */
    async sendKeptWords(): Promise<void> {
      await editor.value?.flush()
      if (personId() === undefined) return
      await sendKeptDrafts({
        drafts: drafts(),
        except: () => editor.value?.ticket.value?.code ?? memory.openCase(),
        load: api.ticket,
        save: api.saveTicket,
      })
    },

    close(): void {
      memory.caseClosed()
      put(null)
    },

    /** The session is over: nothing of the case stays on the screen. */
    clear(): void {
      put(null)
      caseOfCall = null
    },

    /** Whoever sits down next finds an empty desk. */
    forget(): void {
      memory.forget()
    },
  }
}

const BEFORE_ANSWER: readonly CallView['state'][] = ['arriving', 'queued', 'ringing']

function failureOf(cause: unknown) {
  const status = cause instanceof ApiError ? cause.status : 0
  const code = codeOf(cause)
  if (code === 'TICKET_CHANGED' || code === 'FIELD_CHANGED') return { kind: 'conflict' as const, code }
  const passing = status === 0 || status === 401 || status === 429 || status >= 500
  return { kind: passing ? ('offline' as const) : ('refused' as const), code }
}
