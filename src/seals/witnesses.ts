import type { AuditLine } from './chain.ts'
import type { Finding } from './contract.ts'
import { sha256 } from './chain.ts'
import { finding } from './verify-policy.ts'
import type { EvidenceRows } from './witness-store.ts'

/** Line and row are written in one transaction, each with the clock of its own moment. */
const SAME_MOMENT_MS = 60_000

/** What a line of the log says of a row, by column; `near` is a moment that need not agree to the millisecond. */
type Said = Readonly<Record<string, unknown>>
interface Fact {
  readonly line: number
  readonly says: Said
}
interface Row {
  readonly key: string
  readonly subject: string
  readonly has: Said
  /** Rows that may be there without a line. */
  readonly isSilent?: boolean
}

/** What became of a recording's file, by the newest line on it. */
export type FileNews = 'recording.altered' | 'recording.restored'

export type Witnesses = ReturnType<typeof createWitnesses>

const near = (at: string) => ({ near: at })

/**
 * The audit log as the witness of tables that no chain covers: masks, legal holds, notes, requests of units and for early deletion. What
 * the log says happened has its row and the row says the same; a row that the log never heard of was not written by the service.
 */
export function createWitnesses() {
  const facts = new Map<string, Fact>()
  const uses = new Map<string, number>()
  const files = new Map<number, FileNews>()
  const heads = new Map<string, string>()

  const say = (key: string, line: AuditLine, says: Said) => {
    facts.set(key, { line: line.id, says: { ...facts.get(key)?.says, ...says } })
  }

  function hear(line: AuditLine): void {
    if (line.action === 'head.signed')
      heads.set(line.subject.replace(/^head:/, ''), String(objectOf(line.detail)['sha256']))
    const teller = TELLERS[line.action]
    if (teller === undefined) return
    const told = objectOf(line.detail)
    if (line.action === 'recording.altered' || line.action === 'recording.restored') {
      files.set(Number(line.subject.split(':')[1]), line.action)
      return
    }
    const fact = teller(line, told, (key) => Number(facts.get(key)?.says['revision'] ?? 0))
    if (fact === undefined) return
    if (!('nth' in fact)) say(fact.key, line, fact.says)
    else {
      const nth = (uses.get(fact.key) ?? 0) + 1
      uses.set(fact.key, nth)
      say(`${fact.key}/${String(nth)}`, line, fact.says)
    }
  }

  return {
    /** Each line once, in order. */
    hear,
    /** Heads of days that the log says were signed: SHA-256 by name. */
    heads: (): ReadonlyMap<string, string> => heads,
    fileNews: (recordingId: number): FileNews | undefined => files.get(recordingId),
    against(tables: EvidenceRows): Finding[] {
      const rows = rowsOf(tables)
      const there = new Set(rows.map(({ key }) => key))
      const missing = [...facts].flatMap(([key, { line }]) =>
        there.has(key) ? [] : [finding('FACT_MISSING', subjectOf(key), `audit:${String(line)}`)],
      )
      return [
        ...missing,
        ...rows.flatMap(({ key, subject, has, isSilent }) => {
          const fact = facts.get(key)
          if (fact === undefined) return isSilent === true ? [] : [finding('FACT_UNWITNESSED', subject)]
          const others = Object.entries(fact.says).flatMap(([name, said]) =>
            isSame(said, has[name]) ? [] : [name],
          )
          return others.length === 0
            ? []
            : [finding('FACT_CONTRADICTS', subject, `${others.join(', ')}; audit:${String(fact.line)}`)]
        }),
      ]
    },
  }
}

type Told = Readonly<Record<string, unknown>>
type Teller = (
  line: AuditLine,
  told: Told,
  revisionOf: (key: string) => number,
) => { readonly key: string; readonly says: Said; readonly nth?: true } | undefined

const holdKey = (told: Told) => `hold:${String(told['holdId'])}`
const maskKey = (callId: unknown, from: unknown) => `mask:${String(callId)}/${String(from)}`

const decided =
  (state: string, more: (line: AuditLine, told: Told) => Said): Teller =>
  (line, told, revisionOf) => {
    const key = `disclosure:${String(told['disclosureId'])}`
    return { key, says: { state, revision: revisionOf(key) + 1, ...more(line, told) } }
  }
const ended = ({ actorId, at }: AuditLine): Said => ({ endedBy: actorId, endedAt: near(at) })
const ruled = ({ actorId, at }: AuditLine): Said => ({ decidedBy: actorId, decidedAt: near(at) })
const deletion =
  (state: string): Teller =>
  (line, told, revisionOf) => {
    const key = `deletion:${String(told['requestId'])}`
    return { key, says: { state, revision: revisionOf(key) + 1, ...ruled(line) } }
  }
/** Of a listening or a package under a request; other listenings have no row. */
const used =
  (what: 'play' | 'download'): Teller =>
  ({ actorId, at }, { disclosureId, fromMs, packageSha256 }) =>
    disclosureId === undefined
      ? undefined
      : {
          key: useKey({ disclosureId, personId: actorId, what, which: fromMs ?? packageSha256 }),
          says: { at: near(at) },
          nth: true,
        }

function useKey(use: Readonly<Record<'disclosureId' | 'personId' | 'what' | 'which', unknown>>): string {
  return `use:${String(use.disclosureId)}/${JSON.stringify([use.personId, use.what, use.which ?? null])}`
}

/** By action of the log. */
const TELLERS: Readonly<Record<string, Teller>> = {
  'recording.altered': () => undefined,
  'recording.restored': () => undefined,
  'recording.noted': ({ subject, actorId, at }, { noteId, atMs, textSha256 }) => ({
    key: `note:${String(noteId)}`,
    says: {
      subject,
      atMs,
      authorId: actorId,
      createdAt: near(at),
      // Lines from before the text stood in them say nothing of it.
      ...(textSha256 === undefined ? {} : { textSha256 }),
    },
  }),
  'recording.masked': ({ actorId }, { callId, cause, from }) => ({
    key: maskKey(callId, from),
    says: { operatorId: actorId, cause, untilAt: null, end: null },
  }),
  'recording.unmasked': ({ actorId }, { callId, from, until, why }) => ({
    key: maskKey(callId, from),
    says: { operatorId: actorId, untilAt: until, end: why },
  }),
  'hold.placed': ({ subject, actorId, at }, told) => ({
    key: holdKey(told),
    says: {
      subject,
      reason: told['reason'],
      setBy: actorId,
      setAt: near(at),
      liftedBy: null,
      liftedAt: null,
      liftReason: null,
    },
  }),
  'hold.lifted': ({ subject, actorId, at }, told) => ({
    key: holdKey(told),
    says: { subject, liftedBy: actorId, liftedAt: near(at), liftReason: told['reason'] },
  }),
  'disclosure.requested': decided('requested', ({ subject, actorId, at }, told) => ({
    subject,
    ticketCode: told['ticketCode'],
    unitId: told['unitId'],
    requesterId: actorId,
    requestedAt: near(at),
    askedPeople: JSON.stringify(told['personIds']),
    askedMode: told['mode'],
    askedHours: told['hours'],
    ...(told['reasonSha256'] === undefined ? {} : { reasonSha256: told['reasonSha256'] }),
    ...Object.fromEntries(
      ['people', 'mode', 'hours', 'expiresAt', 'decidedBy', 'decidedAt', 'endedBy', 'endedAt'].map((name) => [
        name,
        null,
      ]),
    ),
  })),
  'disclosure.approved': decided('approved', (line, told) => ({
    ...ruled(line),
    people: JSON.stringify(told['personIds']),
    mode: told['mode'],
    hours: told['hours'],
    expiresAt: told['expiresAt'],
  })),
  'disclosure.refused': decided('refused', (line) => ({ ...ruled(line), ...ended(line) })),
  'disclosure.revoked': decided('revoked', ended),
  'disclosure.withdrawn': decided('withdrawn', ended),
  'recording.played': used('play'),
  'recording.downloaded': used('download'),
  'deletion.requested': ({ subject, actorId, at }, { requestId, cause }) => ({
    key: `deletion:${String(requestId)}`,
    says: {
      subject,
      cause,
      state: 'requested',
      revision: 1,
      askedBy: actorId,
      askedAt: near(at),
      decidedBy: null,
      decidedAt: null,
    },
  }),
  'deletion.approved': deletion('approved'),
  'deletion.refused': deletion('refused'),
  'deletion.withdrawn': deletion('withdrawn'),
}

function rowsOf({ holds, masks, notes, disclosures, uses, deletions }: EvidenceRows): Row[] {
  const nth = new Map<string, number>()
  return [
    ...holds.map((row) => ({
      key: `hold:${String(row.id)}`,
      subject: `hold:${String(row.id)}`,
      has: {
        ...row,
        subject:
          row.recordingId === null
            ? `ticket:${row.ticketCode ?? ''}`
            : `recording:${String(row.recordingId)}`,
      },
    })),
    ...masks.map((row) => ({
      key: maskKey(row.callId, row.fromAt),
      subject: `mask:${String(row.id)}`,
      has: row,
      // The row is written before the PBX is asked, the line once it has silenced it.
      isSilent: row.untilAt === null || (row.end === 'failed' && row.untilAt === row.fromAt),
    })),
    ...notes.map((row) => ({
      key: `note:${String(row.id)}`,
      subject: `note:${String(row.id)}`,
      has: { ...row, subject: `recording:${String(row.recordingId)}`, textSha256: sha256(row.text) },
    })),
    ...disclosures.map((row) => ({
      key: `disclosure:${String(row.id)}`,
      subject: `disclosure:${String(row.id)}`,
      has: {
        ...row,
        subject: `recording:${String(row.recordingId)}`,
        askedPeople: JSON.stringify(row.askedPeople),
        people: row.people === null ? null : JSON.stringify(row.people),
        reasonSha256: sha256(row.reason),
      },
    })),
    ...uses.map((row) => {
      const key = useKey({ ...row, which: row.fromMs ?? row.packageSha256 })
      const count = (nth.get(key) ?? 0) + 1
      nth.set(key, count)
      return { key: `${key}/${String(count)}`, subject: `use:${String(row.id)}`, has: row }
    }),
    ...deletions.map((row) => ({
      key: `deletion:${String(row.id)}`,
      subject: `deletion:${String(row.id)}`,
      has: { ...row, subject: `recording:${String(row.recordingId)}` },
    })),
  ]
}

function isSame(said: unknown, has: unknown): boolean {
  if (typeof said !== 'object' || said === null) return (said ?? null) === (has ?? null)
  const { near: at } = said as { near: string }
  return typeof has === 'string' && Math.abs(Date.parse(has) - Date.parse(at)) <= SAME_MOMENT_MS
}

function subjectOf(key: string): string {
  return key.startsWith('use:') ? `disclosure:${key.slice(4).split('/')[0] ?? ''}` : key
}

/** What is no object says nothing: that the line was changed is found by its link. */
function objectOf(json: string): Told {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Told) : {}
  } catch {
    return {}
  }
}
