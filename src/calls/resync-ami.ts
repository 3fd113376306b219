import type { AmiClient } from '../asterisk/ami-client.ts'
import { operatorOf } from './journal-entry.ts'
import type { Journal } from './journal-ami.ts'
import type { Calls } from './service.ts'

export interface ResyncResult {
  readonly replayed: number
  readonly live: number
  readonly ended: number
  /** Rows that could not be taken; they stay in the PBX. */
  readonly failed: number
}

export interface ResyncDeps {
  readonly calls: Pick<Calls, 'replay' | 'endMissing' | 'ringingNow' | 'find'>
  readonly ami: Pick<AmiClient, 'list'>
  readonly journal: Journal
  readonly acknowledge: (callId: string) => void
  readonly now: () => Date
  readonly log: { error(fields: object, message: string): void }
}

/**
 * Reads journal and live channels; what ended meanwhile is filed, what lives is taken up. The journal is read first: a
 * call that comes in between the two is then alive and without a row, and never taken for one that died without an end.
 */
export async function resyncCalls(deps: ResyncDeps): Promise<ResyncResult> {
  const { calls, ami, journal, now, log } = deps
  const rows = await journal.all()
  const channels = await ami.list({ Action: 'CoreShowChannels' })
  const alive = new Set(channels.map(({ fields }) => fields['uniqueid'] ?? ''))
  let replayed = 0
  let failed = 0
  for (const { callId, entry } of rows) {
    if (entry === undefined) {
      // What the hang-up wrote behind the back of an end that was told already.
      if (calls.find(callId)?.state === 'ended') deps.acknowledge(callId)
      else log.error({ callId: callId.slice(0, 80) }, 'a journal entry cannot be read; it stays in the PBX')
      continue
    }
    // The PBX died in this call: nobody wrote its end.
    const lost = entry.endedAt === null && !alive.has(callId)
    try {
      calls.replay(lost ? { ...entry, endedAt: now(), endedBy: 'system' } : entry)
      if (lost || entry.endedAt !== null) replayed += 1
    } catch (err) {
      // One call that cannot be written must not keep all others from the desk.
      failed += 1
      log.error({ callId, err }, 'a journal entry could not be taken; it stays in the PBX')
    }
  }
  const ended = calls.endMissing(alive)
  calls.ringingNow(ringingPhones(channels), now())
  return { replayed, live: alive.size, ended, failed }
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
