/**
 * The entry that the dialplan keeps in AstDB for each call, `calls/<id>`, in URI-query form:
 * `v=1&in=<epoch ms>&from=…&name=…&line=…&notice=…&rec=…&training=0&q=…&con=…&mem=op-3&cb=…&cbnum=…&vm=…&vmrec=…&end=…&cause=16`.
 */
export interface JournalEntry {
  readonly callId: string
  readonly direction: 'in' | 'out'
  readonly arrivedAt: Date
  readonly from: string
  readonly name: string
  readonly line: string
  readonly noticeVersion: string | null
  readonly recording: string | null
  readonly training: boolean
  readonly queuedAt: Date | null
  readonly connectedAt: Date | null
  readonly operatorId: number | null
  readonly callbackAt: Date | null
  readonly callbackNumber: string | null
  readonly voicemailAt: Date | null
  readonly voicemailRecording: string | null
  readonly ticketCode: string | null
  readonly endedAt: Date | null
  readonly endedBy: 'caller' | 'operator' | 'system' | null
}

const CALL_ID = /^[A-Za-z0-9._-]{1,80}$/
const RECORDING = /^[A-Za-z0-9._-]{1,120}$/
const EARLIEST = Date.UTC(2020, 0, 1)

/** Reads an entry; undefined for one that does not even name its call and time. Never throws. */
export function parseJournalEntry(callId: string, value: string): JournalEntry | undefined {
  if (!CALL_ID.test(callId)) return undefined
  const fields = new URLSearchParams(value)
  const arrivedAt = time(fields.get('in'))
  if (arrivedAt === null) return undefined
  return {
    callId,
    direction: fields.get('dir') === 'out' ? 'out' : 'in',
    arrivedAt,
    from: fields.get('from') ?? '',
    name: fields.get('name') ?? '',
    line: fields.get('line') ?? '',
    noticeVersion: text(fields.get('notice')),
    recording: safe(fields.get('rec')),
    training: fields.get('training') === '1',
    queuedAt: time(fields.get('q')),
    connectedAt: time(fields.get('con')),
    // A citizen whose operator was lost is connected again: the last one counts. `op` dialled out.
    operatorId: operatorOf(fields.getAll('mem').at(-1) ?? fields.get('op')),
    callbackAt: time(fields.get('cb')),
    callbackNumber: text(fields.get('cbnum')),
    voicemailAt: time(fields.get('vm')),
    voicemailRecording: safe(fields.get('vmrec')),
    ticketCode: text(fields.get('ticket')),
    endedAt: time(fields.get('end')),
    endedBy: null,
  }
}

/** `op-3`, `PJSIP/op-3`, `PJSIP/op-3-0000001a` → 3. */
export function operatorOf(member: string | null | undefined): number | null {
  const match = /(?:^|\/)op-([0-9]{1,9})(?:$|-[0-9a-f]{8})/.exec(member ?? '')
  return match?.[1] === undefined ? null : Number(match[1])
}

function time(value: string | null): Date | null {
  if (value === null || !/^\d{1,15}$/.test(value)) return null
  const ms = Number(value)
  return ms < EARLIEST ? null : new Date(ms)
}

function text(value: string | null): string | null {
  return value === null || value === '' ? null : value.slice(0, 200)
}

function safe(value: string | null): string | null {
  return value !== null && RECORDING.test(value) ? value : null
}
