import { setImmediate as turn } from 'node:timers/promises'
import type { AmiClient } from '../asterisk/ami-client.ts'
import { type JournalEntry, operatorOf, parseJournalEntry } from './journal-entry.ts'
import { type Journal, type JournalRow, ROWS_PER_TURN } from './journal-ami.ts'
import type { Calls } from './service.ts'

/** What stands between the service and its live events. */
export interface TakenUp {
  /** Channels of the PBX. */
  readonly live: number
  /** Calls of ours that were over without a row to say how. */
  readonly ended: number
  /** Calls that were running for us, or for the PBX when it died, and are over. */
  readonly rebuilt: readonly JournalEntry[]
  /** Rows that could not be taken; they stay in the PBX. */
  readonly failed: number
  /** Rows of calls that ended while nobody listened: they can wait for their turn. */
  readonly past: readonly JournalRow[]
  /** Rows in the journal when it was read. */
  readonly rows: number
}

export interface ResyncDeps {
  readonly calls: Pick<Calls, 'replay' | 'endMissing' | 'ringingNow' | 'find' | 'isLive'>
  readonly ami: Pick<AmiClient, 'list'>
  readonly journal: Journal
  readonly acknowledge: (callId: string) => void
  readonly now: () => Date
  readonly log: { error(fields: object, message: string): void }
}

/**
 * Reads journal and live channels and takes up what lives, or lived as far as we knew. The journal is read first: a call
 * that comes in between the two is then alive and without a row, and never taken for one that died without an end.
 */
export async function takeUpLive(deps: ResyncDeps): Promise<TakenUp> {
  const { calls, ami, journal, now, log } = deps
  const rows = await journal.all()
  const channels = await ami.list({ Action: 'CoreShowChannels' })
  const alive = new Set(channels.map(({ fields }) => fields['uniqueid'] ?? ''))
  const past: JournalRow[] = []
  const rebuilt: JournalEntry[] = []
  let failed = 0
  for (const [index, row] of rows.entries()) {
    const { callId, value } = row
    if (index % ROWS_PER_TURN === ROWS_PER_TURN - 1) await turn()
    if (!alive.has(callId) && !calls.isLive(callId) && hasEnd(value)) {
      past.push(row)
      continue
    }
    const entry = parseJournalEntry(callId, value)
    if (entry === undefined) {
      leaveUnread(deps, callId)
      continue
    }
    try {
      const ended = entry.endedAt === null && !alive.has(callId) ? await endOf(entry) : entry
      const wasOver = calls.find(callId)?.state === 'ended'
      calls.replay(ended)
      if (ended.endedAt !== null && !wasOver) rebuilt.push(ended)
    } catch (err) {
      // One call that cannot be written must not keep all others from the desk.
      failed += 1
      log.error({ callId, err }, 'a journal entry could not be taken; it stays in the PBX')
    }
  }
  const ended = calls.endMissing(alive)
  calls.ringingNow(ringingPhones(channels), now())
  return { live: alive.size, ended, rebuilt, failed, past, rows: rows.length }

  /** It ended since the journal was read, and says how by now; or the PBX died in this call, and nobody wrote its end. */
  async function endOf(entry: JournalEntry): Promise<JournalEntry> {
    const again = await journal.one(entry.callId)
    return again?.endedAt != null ? again : { ...entry, endedAt: now(), endedBy: 'system' }
  }
}

/** A row that does not even name its call and time. What the hang-up wrote behind the back of an end that was told already may go. */
export function leaveUnread(
  { calls, acknowledge, log }: Pick<ResyncDeps, 'acknowledge' | 'log'> & { calls: Pick<Calls, 'find'> },
  callId: string,
): void {
  if (calls.find(callId)?.state === 'ended') acknowledge(callId)
  else log.error({ callId: callId.slice(0, 80) }, 'a journal entry cannot be read; it stays in the PBX')
}

/** Cheap: it is asked of every row of a long journal at once. */
function hasEnd(value: string): boolean {
  return value.includes('&end=')
}

/** Operators' phones that ring, by the call they ring for. */
function ringingPhones(
  channels: readonly { readonly fields: Readonly<Record<string, string>> }[],
): Map<string, Set<number>> {
  const ringing = new Map<string, Set<number>>()
  for (const { fields } of channels) {
    const operatorId = operatorOf(fields['channel'])
    if (operatorId === null || !(fields['channelstatedesc'] ?? '').startsWith('Ring')) continue
    const callId = fields['linkedid'] ?? ''
    ringing.set(callId, (ringing.get(callId) ?? new Set()).add(operatorId))
  }
  return ringing
}
