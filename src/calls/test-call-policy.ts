import type { TicketForm } from '../tickets/contract.ts'
import type { TestCallStep } from './test-call-contract.ts'

/** An event of the PBX as far as test calls read it: keys in lower case. */
export interface HeardEvent {
  readonly name: string
  readonly fields: Readonly<Record<string, string>>
}

/** What the PBX said of one test call. */
export interface Heard {
  readonly answered: boolean
  /** The queue it waits in: `hotline` when an operator is free, `hotline-training` with its scripted one otherwise. */
  readonly queue: string | null
  /** The member whose phone rang last: `op-3`, or `robot`. */
  readonly called: string | null
  readonly connected: string | null
  readonly ended: boolean
}

export const NOTHING_HEARD: Heard = {
  answered: false,
  queue: null,
  called: null,
  connected: null,
  ended: false,
}

/** Longest wait for each step, from the one before it. The greeting and the notice are spoken before `queued`. */
export const STEP_WITHIN_MS: Readonly<Record<TestCallStep, number>> = {
  answered: 10_000,
  queued: 60_000,
  popped: 20_000,
  connected: 45_000,
  ticket: 5_000,
  recorded: 40_000,
  slip: 30_000,
}

/** After hanging up, until the service has taken note. */
export const END_WITHIN_MS = 10_000

/** Takes one event of the PBX; the same value back when it tells nothing new of this call. */
export function hear(heard: Heard, callId: string, event: HeardEvent): Heard {
  const field = (name: string) => event.fields[name] ?? ''
  if (event.name === 'UserEvent' && field('userevent') === 'Hotline' && field('call') === callId) {
    return hearStage(heard, field('stage'), field)
  }
  if (field('uniqueid') !== callId) return heard
  switch (event.name) {
    case 'AgentCalled':
      return { ...heard, called: field('membername') || field('interface') }
    case 'AgentConnect':
      return { ...heard, connected: heard.connected ?? (field('membername') || field('interface')) }
    case 'Hangup':
      return { ...heard, ended: true }
    default:
      return heard
  }
}

function hearStage(heard: Heard, stage: string, field: (name: string) => string): Heard {
  switch (stage) {
    case 'intake':
      return { ...heard, answered: true }
    case 'queued':
      return { ...heard, queue: field('queue') }
    case 'connected':
      return { ...heard, connected: heard.connected ?? field('member') }
    case 'ended':
      return { ...heard, ended: true }
    default:
      return heard
  }
}

/** Words of tickets that test calls make; people who come across one must not take it for a citizen's matter. */
const TEST_TITLE = 'Cuộc gọi thử của hệ thống'
const TEST_CONTENT =
  'Cuộc gọi thử để kiểm tra tổng đài, ghi âm, phiếu tiếp nhận và phiếu chuyển. Không phải phản ánh của người dân.'
const TEST_CALLER = 'Người gọi thử'

/**
 * What the script writes into the ticket. Where an operator answered, their words stand and only gaps are filled; where
 * nobody did, even a name known for the number gives way: a citizen's name has no business on a test slip.
 */
export function scriptForm(form: TicketForm, from: string, hasOperator: boolean): Partial<TicketForm> {
  const own = (typed: string, scripted: string) => (hasOperator && typed.trim() !== '' ? typed : scripted)
  return {
    kind: form.kind ?? 'reflection',
    title: own(form.title, TEST_TITLE),
    content: own(form.content, TEST_CONTENT),
    reporter: hasOperator
      ? { ...form.reporter, name: own(form.reporter.name, TEST_CALLER), phone: form.reporter.phone ?? from }
      : {
          type: 'individual',
          name: TEST_CALLER,
          organisation: null,
          phone: from,
          email: null,
          address: null,
        },
  }
}
