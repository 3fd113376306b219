import type { AuditAction, Person } from '../accounts/contract.ts'
import type { CallView } from '../calls/contract.ts'
import { AppError } from '../platform/errors.ts'
import type { Mask, MaskCause, MaskEnd } from './contract.ts'
import type { MaskRow, MaskStore } from './masks-store.ts'

export interface MaskingDeps {
  readonly store: MaskStore
  /** Writes silence to both sides of a call's recording from now on, or no more. May be asked twice. Throws `unavailable`, `conflict`. */
  readonly mute: (callId: string, muted: boolean) => Promise<void>
  readonly callOf: (callId: string) => CallView | undefined
  /** To the operator's own page. */
  readonly tell: (operatorId: number, mask: Mask | null) => void
  readonly audit: (
    actorId: number,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown>,
  ) => void
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
  readonly log: { warn(fields: object, message: string): void }
}

export interface Masking {
  /** Throws MASK_NO_TALK, and as `mute`: then nothing has changed. */
  begin(callId: string, cause: MaskCause, by: Person): Promise<void>
  /** Nothing where nothing is masked. Throws as `mute`: then it is masked still. */
  end(callId: string, by: Person): Promise<void>
  /** What this operator masks now. */
  of(operatorId: number): Mask | null
  /** A call is another than it was: over, or with somebody else. Never throws. */
  followCall(call: CallView): void
  /** Sound is recorded again where a service before this one masked it and did not come to an end of it. */
  resync(): Promise<void>
  /** The service ends in order: nobody could end a mask until it is back, so they end now. Never rejects. */
  close(): Promise<void>
}

/** Seconds of a call that are not for the recording (R068): silence in their place, who and when in the log. */
export function createMasking(deps: MaskingDeps): Masking {
  const { store, now } = deps
  /** Begun by this process: whoever masked them still sits there. */
  const own = new Set<number>()
  /** One word of each call at a time. */
  const waiting = new Map<string, Promise<unknown>>()

  function inTurn(callId: string, work: () => Promise<void>): Promise<void> {
    const turn = (waiting.get(callId) ?? Promise.resolve()).catch(() => undefined).then(work)
    waiting.set(callId, turn)
    const done = (): void => {
      if (waiting.get(callId) === turn) waiting.delete(callId)
    }
    turn.then(done, done)
    return turn
  }

  const openOf = (callId: string) => store.open().find((mask) => mask.callId === callId)
  const viewOf = ({ callId, cause, fromAt }: MaskRow): Mask => ({ callId, cause, since: fromAt })

  function isTheirs(call: CallView | undefined, operatorId: number): boolean {
    return call?.operatorId === operatorId && ['talking', 'held'].includes(call.state)
  }

  async function begin(callId: string, cause: MaskCause, by: Person): Promise<void> {
    const call = deps.callOf(callId)
    if (call === undefined || !isTheirs(call, by.id))
      throw new AppError('conflict', 'MASK_NO_TALK', 'this is not a talk of yours any more')
    if (openOf(callId) !== undefined) return
    const fromAt = now().toISOString()
    // Written first: what the PBX hides must never be without a word of it here.
    const row = store.add({ callId, operatorId: by.id, cause, fromAt, untilAt: null, end: null })
    own.add(row.id)
    try {
      await deps.mute(callId, true)
    } catch (reason) {
      store.close(row.id, fromAt, 'failed')
      throw reason
    }
    deps.audit(by.id, 'recording.masked', subjectOf(call), { callId, cause, from: fromAt })
    deps.tell(by.id, viewOf(row))
  }

  function close(row: MaskRow, end: MaskEnd): void {
    const until = now().toISOString()
    deps.transaction(() => {
      store.close(row.id, until, end)
      const { callId, operatorId, fromAt: from } = row
      deps.audit(operatorId, 'recording.unmasked', subjectOf(deps.callOf(callId)), {
        callId,
        from,
        until,
        why: end,
      })
    })
    own.delete(row.id)
    deps.tell(row.operatorId, null)
  }

  async function unmask(row: MaskRow, end: MaskEnd): Promise<void> {
    const isOver = deps.callOf(row.callId)?.state === 'ended'
    if (!isOver) await deps.mute(row.callId, false)
    close(row, isOver ? 'callOver' : end)
  }

  async function endAll(isMeant: (row: MaskRow) => boolean): Promise<void> {
    for (const row of store.open().filter(isMeant)) {
      await inTurn(row.callId, () => unmask(row, 'resync')).catch((err: unknown) => {
        deps.log.warn({ callId: row.callId, err }, 'a recording is masked still; the next resync ends it')
      })
    }
  }

  return {
    begin: (callId, cause, by) => inTurn(callId, () => begin(callId, cause, by)),
    end: (callId, by) =>
      inTurn(callId, async () => {
        const row = openOf(callId)
        if (row?.operatorId === by.id) await unmask(row, 'operator')
      }),
    of(operatorId) {
      const row = store.open().find((mask) => mask.operatorId === operatorId)
      return row === undefined ? null : viewOf(row)
    },
    followCall(call) {
      const row = openOf(call.id)
      if (row === undefined || isTheirs(call, row.operatorId)) return
      inTurn(call.id, async () => {
        if (openOf(call.id)?.id === row.id) await unmask(row, 'left')
      }).catch((err: unknown) => {
        deps.log.warn({ callId: call.id, err }, 'a recording is masked still; the next resync ends it')
        own.delete(row.id)
      })
    },
    resync: () => endAll((row) => !own.has(row.id) || !isTheirs(deps.callOf(row.callId), row.operatorId)),
    close: () => endAll(() => true),
  }
}

function subjectOf(call: CallView | undefined): string {
  return call?.ticketCode == null ? `call:${call?.id ?? ''}` : `ticket:${call.ticketCode}`
}
