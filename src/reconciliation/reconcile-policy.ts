import type { DiscrepancyKind } from './contract.ts'

/** One thing that does not match. */
export interface Finding {
  readonly kind: DiscrepancyKind
  readonly subject: string
  readonly since: string
  readonly ticketCode: string | null
  readonly count: number
}

export function finding(
  kind: DiscrepancyKind,
  subject: string,
  since: string,
  ticketCode: string | null = null,
): Finding {
  return { kind, subject: subject.slice(0, 200), since, ticketCode, count: 1 }
}

/** What the queue log knows and the calls do not. `found` has the calls that are known, and whether somebody answered them. */
export function compareQueueLog(
  logged: readonly { readonly callId: string; readonly at: string; readonly isAnswered: boolean }[],
  found: ReadonlyMap<string, { readonly isAnswered: boolean; readonly ticketCode: string | null }>,
): Finding[] {
  return logged.flatMap(({ callId, at, isAnswered }) => {
    const call = found.get(callId)
    if (call === undefined) return finding('callUnknown', callId, at)
    return isAnswered && !call.isAnswered ? finding('answerUnknown', callId, at, call.ticketCode) : []
  })
}

/** A recording of the hotline's dialplan: `call-<id>-citizen`, `vm-<id>`; undefined for what others keep in the same folder. */
export function callOfRecording(name: string): string | undefined {
  return /^(?:call|vm)-(.+?)(?:-(?:citizen|operator))?$/.exec(name)?.[1]
}

/** When a call began, by its id: `<system>-<epoch seconds>.<n>` (Asterisk main/channel.c); null for an id that is none. */
export function beganAt(callId: string): string | null {
  const seconds = /(?:^|-)(\d{10})\.\d+$/.exec(callId)?.[1]
  return seconds === undefined ? null : new Date(Number(seconds) * 1_000).toISOString()
}

/** The last of the nightly moments by then, in UTC: 02:30 in the city. */
export function lastDue(now: Date): Date {
  const due = new Date(now)
  due.setUTCHours(19, 30, 0, 0)
  if (due > now) due.setUTCDate(due.getUTCDate() - 1)
  return due
}
