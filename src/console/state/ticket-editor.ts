import { batch, type ReadonlySignal, signal } from '@preact/signals'
import type { SaveTicket, TicketForm, TicketView } from '../../tickets/contract.ts'
import {
  basesOf,
  changedParts,
  EMPTY_FORM,
  type FieldConflict,
  mergeForms,
  stillOpen,
  takeTheirs,
  titleFrom,
  withoutConflicts,
} from './form-merge.ts'

export const SAVE_STATES = ['clean', 'unsaved', 'saving', 'saved', 'offline', 'refused'] as const
export type SaveState = (typeof SAVE_STATES)[number]

/** How long the operator may pause before the words go to the server. */
export const SAVE_AFTER_MS = 700
const RETRY_AFTER_MS = 2_500
/** A 409 is answered by merging and sending again; a second writer this busy is not a person. */
const MOST_MERGES = 4

export interface EditorDeps {
  readonly load: (code: string) => Promise<TicketView>
  readonly save: (code: string, body: SaveTicket) => Promise<TicketView>
  /** Is this failure a lost network (keep and retry), an outdated version (merge), or a refusal (say so)? */
  readonly failureOf: (cause: unknown) => {
    readonly kind: 'offline' | 'conflict' | 'refused'
    readonly code: string
  }
  readonly drafts: DraftBox
}

/** Words that the server does not have yet, kept on this machine. */
export interface DraftBox {
  readonly codes: () => readonly string[]
  readonly read: (code: string) => KeptDraft | undefined
  readonly write: (code: string, draft: KeptDraft) => void
  readonly remove: (code: string) => void
}

export interface KeptDraft {
  readonly base: TicketForm
  readonly form: TicketForm
  /** Fields of which somebody has still to choose: `base` has what the other wrote. */
  readonly conflicts?: readonly FieldConflict[]
}

export interface TicketEditor {
  /** Null until the call has its code; the form can be filled in before that. */
  readonly ticket: ReadonlySignal<TicketView | null>
  readonly form: ReadonlySignal<TicketForm>
  readonly saveState: ReadonlySignal<SaveState>
  readonly conflicts: ReadonlySignal<readonly FieldConflict[]>
  readonly problem: ReadonlySignal<string | null>
  readonly edit: (change: Partial<TicketForm>) => void
  readonly editReporter: (change: Partial<TicketForm['reporter']>) => void
  /** Takes a fresh copy from the server and lays unsaved words over it. */
  readonly attach: (fresh: TicketView) => void
  readonly reload: () => Promise<void>
  /** Sends at once what is unsaved; true when the server has everything. */
  readonly flush: () => Promise<boolean>
  readonly settle: (conflict: FieldConflict, choice: 'mine' | 'theirs') => void
  readonly close: () => void
}

/** One ticket on the desk: its form, saved by itself, kept here while the network is away. */
export function createTicketEditor(deps: EditorDeps): TicketEditor {
  const ticket = signal<TicketView | null>(null)
  const form = signal<TicketForm>(EMPTY_FORM)
  const saveState = signal<SaveState>('clean')
  const conflicts = signal<readonly FieldConflict[]>([])
  const problem = signal<string | null>(null)
  let base: TicketForm = EMPTY_FORM
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<boolean> | null = null
  let closed = false

  const isDirty = () => Object.keys(changedParts(base, form.value)).length > 0

  const keepHere = (): void => {
    const code = ticket.value?.code
    if (code === undefined) return
    const open = conflicts.value
    if (isDirty())
      deps.drafts.write(code, { base, form: form.value, ...(open.length === 0 ? {} : { conflicts: open }) })
    else deps.drafts.remove(code)
  }

  const schedule = (afterMs: number): void => {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(() => void flush(), afterMs)
  }

  const change = (next: TicketForm): void => {
    // The title follows the content until somebody writes one of their own.
    const followed = form.value.title === titleFrom(form.value.content)
    const title = followed && next.title === form.value.title ? titleFrom(next.content) : next.title
    form.value = { ...next, title }
    conflicts.value = stillOpen(base, form.value, conflicts.value)
    keepHere()
    if (saveState.value !== 'saving') saveState.value = isDirty() ? 'unsaved' : 'clean'
    if (ticket.value !== null) schedule(SAVE_AFTER_MS)
  }

  const attach = (fresh: TicketView): void => {
    const current = ticket.value
    if (current !== null && fresh.version < current.version) return
    const kept = current === null ? deps.drafts.read(fresh.code) : undefined
    const mine =
      kept === undefined
        ? mergeForms(base, form.value, fresh.form)
        : mergeForms(kept.base, kept.form, fresh.form)
    batch(() => {
      ticket.value = fresh
      base = fresh.form
      form.value = mine.form
      const fields = new Set(mine.conflicts.map((conflict) => conflict.field))
      const before = [...conflicts.value, ...(kept?.conflicts ?? [])].filter((old) => !fields.has(old.field))
      conflicts.value = stillOpen(base, mine.form, [...before, ...mine.conflicts])
      if (isDirty()) {
        if (saveState.value === 'clean' || saveState.value === 'saved') saveState.value = 'unsaved'
      } else if (saveState.value === 'unsaved' || saveState.value === 'offline') saveState.value = 'saved'
    })
    keepHere()
    if (isDirty()) schedule(SAVE_AFTER_MS)
  }

  const saveAll = async (): Promise<boolean> => {
    for (let merges = 0; merges <= MOST_MERGES;) {
      const current = ticket.value
      if (current === null) return false
      // Where two wrote the same, nothing goes out until somebody has chosen: the later one must not win unseen.
      const sent = withoutConflicts(base, form.value, conflicts.value)
      const changed = changedParts(base, sent)
      if (Object.keys(changed).length === 0) {
        if (isDirty()) return waitForChoice()
        if (saveState.value !== 'clean') saveState.value = 'saved'
        problem.value = null
        return true
      }
      saveState.value = 'saving'
      try {
        const saved = await deps.save(current.code, {
          version: current.version,
          form: changed,
          base: basesOf(base, changed),
        })
        attachSaved(saved, sent)
      } catch (cause) {
        const failure = deps.failureOf(cause)
        if (failure.kind === 'conflict') {
          merges += 1
          try {
            attach(await deps.load(current.code))
            continue
          } catch (loadFailure) {
            return fail(deps.failureOf(loadFailure))
          }
        }
        return fail(failure)
      }
    }
    return fail({ kind: 'refused', code: 'TICKET_CHANGED' })
  }

  const waitForChoice = (): false => {
    batch(() => {
      saveState.value = 'unsaved'
      problem.value = 'FIELD_CHANGED'
    })
    return false
  }

  /** The server has `sent`; anything typed meanwhile is still mine. */
  const attachSaved = (saved: TicketView, sent: TicketForm): void => {
    batch(() => {
      const mine = mergeForms(sent, form.value, saved.form)
      // What was sent comes back as the service keeps it; only where nothing was sent has somebody else written.
      const own = mergeForms(base, sent, saved.form).conflicts.map(({ field }) => field)
      const theirs = mine.conflicts.filter(({ field }) => !own.includes(field))
      const before = conflicts.value.filter((old) => theirs.every(({ field }) => field !== old.field))
      form.value = mine.form
      base = saved.form
      ticket.value = saved
      conflicts.value = stillOpen(base, mine.form, [...before, ...theirs])
    })
    keepHere()
  }

  const fail = (failure: { readonly kind: string; readonly code: string }): false => {
    batch(() => {
      saveState.value = failure.kind === 'refused' ? 'refused' : 'offline'
      problem.value = failure.code
    })
    if (failure.kind !== 'refused') schedule(RETRY_AFTER_MS)
    return false
  }

  const flush = async (): Promise<boolean> => {
    clearTimeout(timer)
    // One request at a time, in order: a second one would carry an old version.
    running ??= saveAll().finally(() => {
      running = null
    })
    return running
  }

  return {
    ticket,
    form,
    saveState,
    conflicts,
    problem,
    edit: (part) => {
      change({ ...form.value, ...part })
    },
    editReporter: (part) => {
      change({ ...form.value, reporter: { ...form.value.reporter, ...part } })
    },
    attach,
    reload: async () => {
      const code = ticket.value?.code
      if (code !== undefined && running === null) attach(await deps.load(code))
    },
    flush,
    settle: (conflict, choice) => {
      conflicts.value = conflicts.value.filter((open) => open !== conflict)
      change(choice === 'theirs' ? takeTheirs(form.value, conflict) : form.value)
    },
    close: () => {
      closed = true
      clearTimeout(timer)
      if (isDirty()) void flush()
    },
  }
}

/** Drafts in the browser's storage, per person; a full or forbidden storage only costs the safety net. */
export function createDraftBox(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>,
  personId: number,
): DraftBox {
  const prefix = `draft:${String(personId)}:`
  const key = (code: string) => prefix + code
  return {
    codes: () =>
      Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length)),
    read: (code) => {
      const text = storage.getItem(key(code))
      if (text === null) return undefined
      try {
        return JSON.parse(text) as KeptDraft
      } catch {
        storage.removeItem(key(code)) // unreadable: written by an older version of the page
        return undefined
      }
    },
    write: (code, draft) => {
      try {
        storage.setItem(key(code), JSON.stringify(draft))
      } catch {
        // Full or forbidden: the words are still in the form and on their way to the server.
      }
    },
    remove: (code) => {
      storage.removeItem(key(code))
    },
  }
}
