import type { Person } from '../accounts/contract.ts'
import type { AgencyDirectory } from '../agencies/service.ts'
import { AppError } from '../platform/errors.ts'
import type { TicketView } from '../tickets/contract.ts'
import type { TicketsService } from '../tickets/service.ts'
import type { CallView } from './contract.ts'
import type { MissingReason } from './test-call-contract.ts'
import { scriptForm } from './test-call-policy.ts'

type Detail = Readonly<Record<string, string | number | null>>

/** What became of one step so far. */
export type Finding =
  | { readonly type: 'found'; readonly detail: Detail }
  | { readonly type: 'missing'; readonly reason: MissingReason; readonly detail: Detail }
  | { readonly type: 'waiting'; readonly detail: Detail }

export interface TestCaseDeps {
  readonly tickets: Pick<TicketsService, 'view' | 'save' | 'sendSlip'>
  readonly directory: Pick<AgencyDirectory, 'directory'>
}

/** The case's side of a test call: its ticket, its recording and a slip to a unit. */
export interface TestCase {
  /** Finishes the ticket as an operator would and sends a slip; an operator's own slip stands. */
  sendSlip(code: string, from: string): Finding
  /** Whether every SMS of the slip reached the simulated handset. */
  slip(code: string): Finding
  recording(code: string, callId: string): Finding
}

/** Who signs what the script does. No account has this id, and history shows it as the system's doing. */
const SCRIPT: Person = {
  id: 0,
  username: 'testcall',
  name: 'Cuộc gọi thử',
  role: 'supervisor',
  unitId: null,
  active: true,
  mustChangePassword: false,
}

/** An operator who types at this very moment is asked to wait by nobody: the script reads again and tries again. */
const SAVE_TRIES = 3

/** The scripted half of a test call's case. */
export function createTestCase({ tickets, directory }: TestCaseDeps): TestCase {
  function finish(code: string, from: string): TicketView {
    const before = tickets.view(code, SCRIPT)
    if (before.slips.length > 0) return before
    const form = scriptForm(before.form, from, before.operatorId !== null)
    const { version } = tickets.save(code, { version: before.version, form }, SCRIPT)
    const unit = directory
      .directory()
      .units.find(({ people }) => people.some(({ role }) => role === 'officer'))
    if (unit === undefined) throw new AppError('conflict', 'UNIT_HAS_NO_OFFICER', 'no unit has an officer')
    return tickets.sendSlip(code, { version, unitId: unit.id, note: '' }, SCRIPT)
  }

  return {
    sendSlip(code, from) {
      for (let tries = 1; ; tries += 1) {
        try {
          const { slips } = finish(code, from)
          return { type: 'found', detail: { slip: slips.at(-1)?.number ?? '' } }
        } catch (cause) {
          if (!(cause instanceof AppError)) throw cause
          if (cause.code === 'TICKET_CHANGED' && tries < SAVE_TRIES) continue
          return { type: 'missing', reason: 'rule', detail: { code: cause.code } }
        }
      }
    },
    slip(code) {
      const { slips, messages } = tickets.view(code, SCRIPT)
      const slip = slips.at(-1)
      const detail = {
        slip: slip?.number ?? '',
        unit: slip?.unitName ?? '',
        sms: messages.length,
        state: messages.map(({ state }) => state).join(', '),
      }
      const lost = messages.some(
        ({ state, training }) => !training || state === 'failed' || state === 'refused',
      )
      if (lost || messages.length === 0) return { type: 'missing', reason: 'notDelivered', detail }
      const all = messages.every(({ state }) => state === 'delivered')
      return { type: all ? 'found' : 'waiting', detail }
    },
    recording(code, callId) {
      const view = tickets
        .view(code, SCRIPT)
        .recordings.find((one) => one.callId === callId && one.kind === 'call')
      const detail = {
        state: view?.state ?? 'none',
        seconds: Math.round((view?.durationMs ?? 0) / 1000),
        flags: view?.flags.join(', ') ?? '',
      }
      if (view === undefined || view.state === 'pending') return { type: 'waiting', detail }
      if (view.state === 'stored' && view.training) return { type: 'found', detail }
      return { type: 'missing', reason: view.training ? 'notStored' : 'noMark', detail }
    },
  }
}

/** A call's ticket, if both carry the training mark. */
export function ticketOf(call: CallView | undefined): Finding {
  if (call?.ticketCode == null) return { type: 'waiting', detail: {} }
  const detail = { ticket: call.ticketCode }
  return call.training ? { type: 'found', detail } : { type: 'missing', reason: 'noMark', detail }
}
