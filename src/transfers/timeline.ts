import type { Calls } from '../calls/service.ts'
import type { CallTimeline } from './contract.ts'
import { timelineOf, type TransferPastEvent } from './timeline-policy.ts'
import { type TransferRow, viewOf } from './transfer-row.ts'

export interface TimelineStore {
  /** In the order they began. */
  ofCall(callId: string): TransferRow[]
  /** In the order they were written. */
  eventsOf(transferId: string): TransferPastEvent[]
}

export interface TimelineDeps {
  readonly store: TimelineStore
  readonly calls: Pick<Calls, 'find' | 'steps'>
  readonly nameOf: (personId: number) => string | null
}

export interface Timelines {
  /** Undefined for a call that was never put through. */
  ofCall(callId: string): CallTimeline | undefined
  /** Of a call that was not put through too; undefined for one that nobody knows. */
  ofAnyCall(callId: string): CallTimeline | undefined
}

/** Who heard whom when, from what calls and transfers wrote down. */
export function createTimelines({ store, calls, nameOf }: TimelineDeps): Timelines {
  const named = (id: number | null): string | null => (id === null ? null : nameOf(id))
  return {
    ofCall(callId) {
      const past = this.ofAnyCall(callId)
      return past?.transfers.length === 0 ? undefined : past
    },
    ofAnyCall(callId) {
      const rows = store.ofCall(callId)
      const call = calls.find(callId)
      if (call === undefined) return undefined
      const spans = timelineOf(
        { ...call, events: calls.steps(callId) },
        rows.map((row) => ({ ...row, events: store.eventsOf(row.id) })),
      )
      return {
        callId,
        transfers: rows.map((row) => viewOf(row, nameOf)),
        spans: spans.map(({ from, to, groups, transferId, operatorId, attempt, end }) => ({
          from,
          to,
          groups: groups.map(({ members, sound }) => ({ members: [...members], sound })),
          transferId,
          operatorName: named(operatorId),
          attempt,
          end: end === null ? null : { cause: end.cause, by: end.by, name: named(end.actorId) },
        })),
      }
    },
  }
}
