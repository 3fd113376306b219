/** What the queue log says of one call. */
export interface LoggedCall {
  readonly callId: string
  /** ISO 8601, UTC; its first line. */
  readonly at: string
  readonly isAnswered: boolean
}

/** The hotline's own queues: what else the PBX serves is none of ours. `NONE` with UNKEPT is the dialplan's own line. */
const QUEUES = new Set(['hotline', 'hotline-training'])
const CALL_ID = /^[A-Za-z0-9._-]{1,80}$/

/**
 * Reads one line of queue_log, `epoch|call|queue|agent|event|…` (Asterisk main/logger.c ast_queue_log); undefined for one that tells
 * of no call of the hotline's. Numbers and names in it are left where they are. Never throws.
 */
export function parseQueueLogLine(line: string): LoggedCall | undefined {
  const [seconds = '', callId = '', queue = '', , event = ''] = line.split('|', 5)
  const atMs = /^\d{9,11}(\.\d{1,9})?$/.test(seconds) ? Number(seconds) * 1_000 : Number.NaN
  if (Number.isNaN(atMs) || !CALL_ID.test(callId)) return undefined
  const isOurs = QUEUES.has(queue) && (event === 'ENTERQUEUE' || event === 'CONNECT')
  if (!isOurs && event !== 'UNKEPT') return undefined
  return { callId, at: new Date(atMs).toISOString(), isAnswered: event === 'CONNECT' }
}

/** Adds what a line says to what was known of its call. */
export function addLogged(known: Map<string, LoggedCall>, line: LoggedCall): void {
  const before = known.get(line.callId)
  known.set(
    line.callId,
    before === undefined ? line : { ...before, isAnswered: before.isAnswered || line.isAnswered },
  )
}
