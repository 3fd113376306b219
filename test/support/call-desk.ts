import { createCalls, type Calls } from '../../src/calls/service.ts'
import { createCallStore } from '../../src/calls/store.ts'
import { type CallView, type MissedCall, type Pop, type WaitingCaller } from '../../src/calls/contract.ts'
import { type JournalEntry, parseJournalEntry } from '../../src/calls/journal-entry.ts'
import { createPresence, type PresenceService } from '../../src/presence/service.ts'
import { createPresenceStore } from '../../src/presence/store.ts'
import { createDesk, type Desk, SUPERVISOR } from './desk.ts'

/** Sees every ticket. */
export const SUPERVISOR_VIEWER = SUPERVISOR
export const MAI = 11
export const TUAN = 12
export const NAMES = new Map([
  [MAI, 'Nguyễn Thị Mai'],
  [TUAN, 'Trần Quốc Tuấn'],
])

export interface PopEnd {
  readonly operatorId: number
  readonly callId: string
  readonly reason: string
  readonly operatorName: string | null
}

export type CallDesk = ReturnType<typeof createCallDesk>

/** Calls, presence and tickets on one real database, with consoles and PBX played by plain records. */
export function createCallDesk(
  options: Parameters<typeof createDesk>[0] & { onAcknowledge?: (callId: string) => void } = {},
) {
  const desk: Desk = createDesk(options)
  /** What each operator's console shows as ringing. */
  const screens = new Map<number, Map<string, Pop>>()
  const popEnds: PopEnd[] = []
  const told: { operatorId: number; view: CallView }[] = []
  const acknowledged: string[] = []
  const expected: { callId: string; kind: string; base: string }[] = []
  const collected: string[] = []
  const logged: { level: string; fields: object; message: string }[] = []
  const memberships = new Map<number, { member: boolean; paused: boolean; reason: string }>()
  /** Agencies rung in vain, by call. */
  const tried = new Map<string, { readonly label: string; readonly isReached: boolean }>()
  let missed: () => MissedCall[] = () => []
  let waiting: () => WaitingCaller[] = () => []
  const log = {
    info: (fields: object, message: string) => void logged.push({ level: 'info', fields, message }),
    warn: (fields: object, message: string) => void logged.push({ level: 'warn', fields, message }),
    error: (fields: object, message: string) => void logged.push({ level: 'error', fields, message }),
  }
  const store = createCallStore(desk.db)
  let presence: PresenceService
  let calls: Calls

  function start(): void {
    screens.clear() // a console gets a new snapshot
    presence = createPresence({
      store: createPresenceStore(desk.db),
      members: {
        all: () => Promise.resolve([...memberships.keys()]),
        put: async (personId, membership) => void memberships.set(personId, membership),
      },
      writing: desk.db,
      now: desk.now,
      wrapUpMs: 60_000,
      wrapUpExtensionMs: 60_000,
      consoleGoneMs: 12_000,
      onChange: () => undefined,
      log,
    })
    calls = createCalls({
      store,
      tickets: desk.tickets,
      recordings: {
        expect: ({ callId, kind, base }) => void expected.push({ callId, kind, base }),
        collect: async (callId) => void collected.push(callId),
      },
      presence,
      nameOf: (id) => NAMES.get(id) ?? null,
      triedAgency: (callId) => tried.get(callId) ?? null,
      voicemailOf: () => null,
      notices: {
        pop: (operatorId, pop) => {
          const screen = screens.get(operatorId) ?? new Map<string, Pop>()
          screens.set(operatorId, screen.set(pop.callId, pop))
        },
        popClosed: (operatorId, callId, reason, operatorName) => {
          screens.get(operatorId)?.delete(callId)
          popEnds.push({ operatorId, callId, reason, operatorName })
        },
        call: (operatorId, view) => void told.push({ operatorId, view }),
        waiting: (list) => void (waiting = list),
        missed: (list) => void (missed = list),
      },
      acknowledge: (callId) => {
        if (desk.db.raw.inTransaction) throw new Error('acknowledged before the commit')
        if (store.find(callId)?.state !== 'ended') throw new Error('acknowledged before the end was written')
        if (desk.tickets.byCall(callId) === undefined) throw new Error('acknowledged without a ticket')
        acknowledged.push(callId)
        options.onAcknowledge?.(callId)
      },
      writing: desk.db,
      now: desk.now,
      areaCode: '225',
      log,
    })
    presence.restore()
    calls.restore()
  }
  start()

  return {
    ...desk,
    store,
    popEnds,
    told,
    acknowledged,
    expected,
    collected,
    logger: log,
    logged,
    memberships,
    tried,
    get calls() {
      return calls
    },
    get presence() {
      return presence
    },
    get missed() {
      return missed()
    },
    get waiting() {
      return waiting()
    },
    /** Pops on an operator's screen now. */
    popsOf: (operatorId: number): Pop[] => [...(screens.get(operatorId)?.values() ?? [])],
    /** The process dies and comes back; the database stays. */
    restart(): void {
      presence.close()
      start()
    },
    ready(operatorId: number): void {
      presence.consoleOpened(operatorId)
      presence.set(operatorId, { state: 'ready' })
    },
    arrive(callId: string, more: { from?: string; name?: string; training?: boolean; at?: Date } = {}): void {
      calls.arrived(
        {
          callId,
          direction: 'in',
          from: more.from ?? '0950000777',
          name: more.name ?? '',
          line: '02251022',
          noticeVersion: 'n1',
          recording: `call-${callId}`,
          training: more.training ?? false,
          operatorId: null,
          ticketCode: null,
        },
        more.at ?? desk.now(),
      )
    },
    dial(callId: string, operatorId: number, to = '0950000777', ticketCode: string | null = null): void {
      calls.arrived(
        {
          callId,
          direction: 'out',
          from: to,
          name: '',
          line: '',
          noticeVersion: 'n1',
          recording: `call-${callId}`,
          training: false,
          operatorId,
          ticketCode,
        },
        desk.now(),
      )
    },
    async close() {
      presence.close()
      await desk.close()
    },
  }
}

/** An entry as the dialplan writes it: `journal('c1', 0, '&q=1000&con=2000&mem=op-11')`, times in ms after `from`. */
export function journal(callId: string, fromMs: number, fields: string, from = '0950000777'): JournalEntry {
  const text = `v=1&in=0&from=${encodeURIComponent(from)}&name=&line=02251022&notice=n1&rec=call-${callId}&training=0${fields}`
  const dated = text.replace(
    /(^|&)(in|q|con|cb|vm|end)=(\d+)/g,
    (_, start: string, key: string, ms: string) => `${start}${key}=${String(fromMs + Number(ms))}`,
  )
  const entry = parseJournalEntry(callId, dated)
  if (entry === undefined) throw new Error('not an entry')
  return entry
}
