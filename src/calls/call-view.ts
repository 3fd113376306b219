import { maskedNumber, withoutNumbers } from '../platform/number-mask-policy.ts'
import type { CallNumber, CallView, MissedCall, WaitingCaller } from './contract.ts'
import { isWithOperator } from './call-machine.ts'
import { parseNumber } from './phone-number.ts'
import type { CallRow } from './service.ts'

/** As of somebody who withholds it. */
export const NO_NUMBER: CallNumber = { raw: '', e164: null, display: '', kind: 'anonymous' }

/** A call as consoles see it. */
export function viewOf(nameOf: (personId: number) => string | null, row: CallRow): CallView {
  return {
    id: row.id,
    direction: row.direction,
    state: row.state,
    outcome: row.outcome,
    number: numberOf(row),
    callerName: row.callerName,
    line: row.line,
    operatorId: row.operatorId,
    operatorName: row.operatorId === null ? null : nameOf(row.operatorId),
    ticketCode: row.ticketCode,
    training: row.training,
    noticeVersion: row.noticeVersion,
    startedAt: row.startedAt,
    queuedAt: row.queuedAt,
    answeredAt: row.answeredAt,
    endedAt: row.endedAt,
    endedBy: row.endedBy,
  }
}

/** The call as one operator has it: over for whoever lost it or handed it on. */
export function viewFor(
  nameOf: (personId: number) => string | null,
  row: CallRow,
  operatorId: number,
  at: string,
): CallView {
  const view = viewOf(nameOf, row)
  const theirs = row.operatorId === operatorId && isWithOperator(row.state)
  return theirs || row.state === 'ended' ? view : { ...view, state: 'ended', endedAt: at }
}

/** For whoever may not know who reported the call's case (Đ7.3, Đ12.1; A15): neither number nor name. */
export function withoutCaller(view: CallView): CallView {
  return { ...view, number: NO_NUMBER, callerName: null }
}

/** A number as it is shown to whoever does not work the call (R068); one that the caller hid stays hidden. */
function masked(number: CallNumber): CallNumber {
  if (number.display === '') return { ...number, raw: '', e164: null }
  return { raw: '', e164: null, display: maskedNumber(number.display), kind: number.kind, isMasked: true }
}

const maskedName = (name: string | null): string | null => (name === null ? null : withoutNumbers(name))

/** A call, or one to ring back, for whoever does not work it. */
export function withMaskedNumber<T extends Pick<CallView | MissedCall, 'number' | 'callerName'>>(call: T): T {
  return { ...call, number: masked(call.number), callerName: maskedName(call.callerName) }
}

export function withMaskedDisplay(caller: WaitingCaller): WaitingCaller {
  if (caller.display === '') return caller
  return { ...caller, display: maskedNumber(caller.display), isMasked: true }
}

export function isWaiting(row: CallRow): boolean {
  return row.state === 'queued' || row.state === 'ringing'
}

export function numberOf(row: CallRow): CallNumber {
  return { raw: row.numberRaw, e164: row.numberE164, display: row.numberDisplay, kind: row.numberKind }
}

/** Where to ring back. */
export function reachOf(row: CallRow, areaCode: string): CallNumber {
  return row.callbackE164 === null ? numberOf(row) : parseNumber(row.callbackE164, areaCode)
}

export function numberColumns(number: CallNumber) {
  return {
    numberRaw: number.raw,
    numberE164: number.e164,
    numberDisplay: number.display,
    numberKind: number.kind,
  }
}

export function factsOf(row: CallRow, areaCode: string) {
  return {
    callId: row.id,
    direction: row.direction,
    number: numberOf(row),
    reach: reachOf(row, areaCode),
    callerName: row.callerName,
    line: row.line,
    startedAt: row.startedAt,
    training: row.training,
  }
}

/** A caller's name as the network gave it; networks often put the number there. */
export function cleanName(name: string, number: CallNumber): string | null {
  const clean = name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\uFFFD]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80)
    .toWellFormed() // a character cut in two is none
    .replace(/\uFFFD$/, '')
  return clean === '' || clean === number.raw || /^\P{L}+$/u.test(clean) ? null : clean
}

export function secondsBetween(from: string | null, to: string | null): number | null {
  return from === null || to === null
    ? null
    : Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000))
}
