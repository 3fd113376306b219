import { startOfLocalDay } from '../platform/clock.ts'
import { numberOf } from './call-view.ts'
import type { Pop } from './contract.ts'
import type { CallDeps, CallRow } from './service.ts'

const LAST_CALLS = 5

/** What is known of a caller the moment the phone rings. Reads only indexed rows: the citizen is waiting. */
export function buildPop(
  {
    store,
    tickets,
    nameOf,
    now,
    triedAgency,
  }: Pick<CallDeps, 'store' | 'tickets' | 'nameOf' | 'now' | 'triedAgency'>,
  row: CallRow,
  ringingAt: string | undefined,
): Pop {
  const e164 = row.numberE164
  const facts = e164 === null ? undefined : tickets.callerFacts(e164)
  const today = e164 === null ? [] : store.ofNumberSince(e164, startOfLocalDay(now()).toISOString())
  const past = e164 === null ? [] : store.ofNumber(e164, LAST_CALLS + 1)
  const known = facts?.known ?? null
  const maybe = facts?.maybe ?? []
  const tried = row.answeredAt === null ? null : triedAgency(row.id)
  return {
    callId: row.id,
    number: numberOf(row),
    line: row.line,
    queuedAt: row.queuedAt,
    ringingAt: ringingAt ?? now().toISOString(),
    training: row.training,
    back:
      row.answeredAt === null
        ? null
        : {
            operatorName: row.operatorId === null ? null : nameOf(row.operatorId),
            ticketCode: row.ticketCode,
            agency: tried?.label ?? null,
            isReached: tried?.isReached ?? false,
          },
    caller: {
      certainty: known !== null ? 'known' : maybe.length > 0 ? 'maybe' : 'unknown',
      name: known?.name ?? maybe[0] ?? row.callerName,
      address: known?.address ?? null,
      otherNames:
        known === null ? maybe.slice(1, 4) : maybe.filter((name) => name !== known.name).slice(0, 3),
    },
    openTickets: facts?.open ?? [],
    lastTickets: facts?.last ?? [],
    lastCalls: past
      .filter(({ id }) => id !== row.id)
      .slice(0, LAST_CALLS)
      .map((call) => ({
        id: call.id,
        at: call.startedAt,
        direction: call.direction,
        outcome: call.outcome,
        operatorName: call.operatorId === null ? null : nameOf(call.operatorId),
        ticketCode: call.ticketCode,
      })),
    callsToday: Math.max(1, today.filter(({ direction }) => direction === 'in').length),
    missedToday: today.filter(
      ({ outcome }) => outcome !== null && outcome !== 'answered' && outcome !== 'noAnswer',
    ).length,
  }
}
