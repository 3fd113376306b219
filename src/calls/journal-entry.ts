/**
 * The entry that the dialplan keeps in AstDB for each call, `calls/<id>`, in URI-query form:
 * `v=1&in=<epoch ms>&from=…&name=…&line=…&notice=…&rec=…&training=0&nat=…&q=…&con=…&mem=op-3&cb=…&cbnum=…&vm=…&vmrec=…&end=…&cause=16&qs=…&by=caller`.
 */
export interface JournalEntry {
  readonly callId: string
  readonly direction: 'in' | 'out'
  readonly arrivedAt: Date
  readonly from: string
  readonly name: string
  readonly line: string
  readonly noticeVersion: string | null
  /** When the notice had been played to its end; null for whoever left before. */
  readonly noticeHeardAt: Date | null
  readonly recording: string | null
  readonly training: boolean
  /** Who dialled out; null for a call that came in. */
  readonly operatorId: number | null
  /** In the order they happened: a citizen may wait and be connected more than once. */
  readonly steps: readonly JournalStep[]
  readonly ticketCode: string | null
  readonly endedAt: Date | null
  readonly endedBy: 'caller' | 'operator' | 'agency' | 'system' | null
  /** Q.850 cause of the citizen's leg: 16 is a plain hang-up. Null while it runs. */
  readonly cause: number | null
  /** The dialplan had no room for all that happened: steps between those kept and the end are missing. */
  readonly isCut: boolean
}

/** Calls that the PBX had no room to keep (dialplan/journal.conf, hotline-journal-room). */
export interface Overflow {
  readonly calls: number
  readonly first: Date | null
  readonly last: Date | null
}

/** What the dialplan noted between first ring and hang-up. */
export type JournalStep =
  | { readonly type: 'queued'; readonly at: Date }
  | { readonly type: 'connected'; readonly at: Date; readonly operatorId: number | null }
  | { readonly type: 'transferred'; readonly at: Date }
  | { readonly type: 'callbackAsked'; readonly at: Date; readonly number: string | null }
  | { readonly type: 'messageStarted'; readonly at: Date; readonly recording: string | null }

const CALL_ID = /^[A-Za-z0-9._-]{1,80}$/
const RECORDING = /^[A-Za-z0-9._-]{1,120}$/
const EARLIEST = Date.UTC(2020, 0, 1)

/** Reads an entry; undefined for one that does not even name its call and time. Never throws. */
export function parseJournalEntry(callId: string, value: string): JournalEntry | undefined {
  // The dialplan encodes line breaks: one in a row means that two rows ran into each other on the way.
  if (!CALL_ID.test(callId) || value.includes('\n')) return undefined
  const fields = new URLSearchParams(value)
  const arrivedAt = time(fields.get('in'))
  if (arrivedAt === null) return undefined
  const steps = stepsOf(fields)
  return {
    callId,
    direction: fields.get('dir') === 'out' ? 'out' : 'in',
    arrivedAt,
    from: fields.get('from') ?? '',
    name: fields.get('name') ?? '',
    line: fields.get('line') ?? '',
    noticeVersion: text(fields.get('notice')),
    noticeHeardAt: time(fields.get('nat')),
    recording: safe(fields.get('rec')),
    training: fields.get('training') === '1',
    operatorId: operatorOf(fields.get('op')),
    steps,
    ticketCode: text(fields.get('ticket')),
    endedAt: time(fields.get('end')),
    endedBy: releasedBy(fields.get('by'), steps.at(-1)),
    cause: causeOf(fields.get('cause')),
    isCut: fields.has('cut'),
  }
}

/** Reads `n=3&first=<epoch ms>&last=<epoch ms>`; undefined for anything that counts nothing. Never throws. */
export function parseOverflow(value: string): Overflow | undefined {
  const fields = new URLSearchParams(value)
  const calls = /^\d{1,9}$/.test(fields.get('n') ?? '') ? Number(fields.get('n')) : 0
  return calls === 0 ? undefined : { calls, first: time(fields.get('first')), last: time(fields.get('last')) }
}

/**
 * Who let go. The PBX keeps the first phone that said goodbye (channel.c, ast_set_hangupsource): an operator's that left a
 * consultation stands there still when citizen and agency have gone on, so only the last partner's counts.
 */
function releasedBy(source: string | null, last: JournalStep | undefined): JournalEntry['endedBy'] {
  if (source === 'caller') return 'caller'
  if (operatorOf(source) !== null) return last?.type === 'connected' ? 'operator' : null
  return source?.startsWith('PJSIP/trunk-') === true && last?.type === 'transferred' ? 'agency' : null
}

/** `op-3`, `PJSIP/op-3`, `PJSIP/op-3-0000001a` → 3. */
export function operatorOf(member: string | null | undefined): number | null {
  const match = /(?:^|\/)op-([0-9]{1,9})(?:$|-[0-9a-f]{8})/.exec(member ?? '')
  return match?.[1] === undefined ? null : Number(match[1])
}

/** The row only grows, so its order is the call's; a detail follows the time it belongs to. */
function stepsOf(fields: URLSearchParams): JournalStep[] {
  const pairs = [...fields]
  return pairs.flatMap(([key, value], index): JournalStep[] => {
    const at = time(value)
    if (at === null) return []
    const [nextKey, nextValue] = pairs[index + 1] ?? []
    const detail = (name: string) => (nextKey === name ? (nextValue ?? null) : null)
    switch (key) {
      case 'q':
        return [{ type: 'queued', at }]
      case 'con':
        return [{ type: 'connected', at, operatorId: operatorOf(detail('mem')) }]
      case 'tr':
        return [{ type: 'transferred', at }]
      case 'cb':
        return [{ type: 'callbackAsked', at, number: text(detail('cbnum')) }]
      case 'vm':
        return [{ type: 'messageStarted', at, recording: safe(detail('vmrec')) }]
      default:
        return []
    }
  })
}

function time(value: string | null): Date | null {
  if (value === null || !/^\d{1,15}$/.test(value)) return null
  const ms = Number(value)
  return ms < EARLIEST ? null : new Date(ms)
}

function causeOf(value: string | null): number | null {
  return value !== null && /^\d{1,3}$/.test(value) ? Number(value) : null
}

function text(value: string | null): string | null {
  return value === null || value === '' ? null : value.slice(0, 200)
}

function safe(value: string | null): string | null {
  return value !== null && RECORDING.test(value) ? value : null
}
