import type { RecordingRow } from '../recordings/store.ts'
import type { RecordingSeal } from './chain.ts'
import type { ChainHead, ChainName, Finding, FindingCode, SignedHead } from './contract.ts'

/** A clock that is set right may go back; by more than this, a later link is told to be older than it is. */
const CLOCK_MS = 5 * 60_000
/** Set after a link was written, each with a word of its own elsewhere: in the audit log, or in the state of the copy. */
const LATER_FLAGS: readonly string[] = ['altered', 'restored', 'copyUnfit']

export function finding(code: FindingCode, subject: string, detail = ''): Finding {
  return { code, subject, detail }
}

/** All triggers as migrations make them: none away, none other than it was, none that somebody put there. */
export function changedTriggers(
  there: ReadonlyMap<string, string>,
  made: ReadonlyMap<string, string>,
): Finding[] {
  const names = [...new Set([...made.keys(), ...there.keys()])]
  return names.flatMap((name) => {
    if (there.get(name) === made.get(name)) return []
    return [finding(there.has(name) ? 'TRIGGER_CHANGED' : 'TRIGGER_MISSING', `trigger:${name}`)]
  })
}

/** What a row says of its file that the audit log does not, or the other way round. */
export function contradictedFlags(
  { flags }: Pick<RecordingRow, 'flags'>,
  news: 'recording.altered' | 'recording.restored' | undefined,
): boolean {
  return (
    flags.includes('altered') !== (news === 'recording.altered') ||
    flags.includes('restored') !== (news === 'recording.restored')
  )
}

/** Whether something that stands behind another in a chain says it happened well before it. */
export function isBackdated(at: string, before: string | null): boolean {
  return before !== null && Date.parse(at) < Date.parse(before) - CLOCK_MS
}

/** Columns in which a recording's row is not what its newest link says. */
export function changedColumns(row: RecordingRow, link: RecordingSeal): string[] {
  const always = {
    callId: row.callId === link.callId,
    kind: row.kind === link.kind,
    startedAt: row.startedAt === link.startedAt,
    // Links from before these stood in them say nothing of them.
    training: link.training === null || row.training === link.training,
  }
  // What was given up may turn up and be collected again: then the next link says how that ended.
  const whenSettled =
    row.state === 'pending' && link.event === 'missing'
      ? {}
      : {
          state: agrees(row, link),
          endedAt: row.endedAt === link.endedAt,
          settledAt: row.settledAt === link.settledAt,
          file: row.file === link.file,
          durationMs: row.durationMs === link.durationMs,
          sizeBytes: row.sizeBytes === link.sizeBytes,
          sha256: row.sha256 === link.sha256,
          kept: JSON.stringify(row.kept) === link.kept,
          archive: (row.archive === null ? null : JSON.stringify(row.archive)) === link.archive,
          archiveState: archiveAgrees(row, link),
          flags: link.flags === null || lastingFlags(row.flags) === lastingFlags(parsedFlags(link.flags)),
        }
  return Object.entries({ ...always, ...whenSettled }).flatMap(([name, same]) => (same ? [] : [name]))
}

const lastingFlags = (flags: readonly string[]): string =>
  JSON.stringify(flags.filter((flag) => !LATER_FLAGS.includes(flag)))

/** What is no list was put there by somebody else: the link's hash says so. */
function parsedFlags(json: string): string[] {
  try {
    const value: unknown = JSON.parse(json)
    return Array.isArray(value) ? value.map(String) : []
  } catch {
    return []
  }
}

function agrees({ state, flags }: RecordingRow, { event, sha256 }: RecordingSeal): boolean {
  // Nobody but a link can say that a recording was deleted by rule: a row that says so alone hides a loss.
  if (event === 'disposed' || state === 'deleted') return event === 'disposed' && state === 'deleted'
  if (event === 'takenUp') return state !== 'pending'
  // A stored file that was found to be another when it was to be played.
  if (state === 'damaged' && flags.includes('altered')) return sha256 !== null
  return state === (event === 'archived' || event === 'originalDropped' ? 'stored' : event)
}

/** Nobody but a link can say that a copy was made, or that it stands for an original that went. */
function archiveAgrees({ archiveState }: RecordingRow, { event, archive }: RecordingSeal): boolean {
  if (event === 'archived') return archiveState === 'made'
  if (event === 'originalDropped') return archiveState === 'dropped'
  // Of what is gone altogether the link before it says which of both it was.
  const isCopied = archiveState === 'made' || archiveState === 'dropped'
  return isCopied === (archive !== null)
}

/** A head as it was found, and where. */
export interface KnownHead {
  readonly name: string
  readonly signed: SignedHead
}

/** What heads say of a chain, those left out that a restored backup overtook. */
export function standingClaims(
  heads: readonly KnownHead[],
  chain: ChainName,
): { readonly name: string; readonly claim: ChainHead; readonly signedAt: string }[] {
  const cut = heads.map(({ signed }) => signed.head.restoredFrom?.[chain])
  return heads.flatMap(({ name, signed: { head } }, index) => {
    const claim = head.chains.find((known) => known.name === chain)
    const overtaken = cut.slice(index + 1).some((last) => last !== undefined && (claim?.seq ?? 0) > last)
    return claim === undefined || overtaken ? [] : [{ name, claim, signedAt: head.signedAt }]
  })
}

/** A head with its hash. */
export type HashedHead = KnownHead & { readonly hash: string }

/** Heads of the folder itself that do not name the one before them. */
export function brokenSequence(heads: readonly HashedHead[]): Finding[] {
  let before: string | null = null
  const findings: Finding[] = []
  for (const { name, signed, hash } of heads) {
    if (signed.head.previous !== before) findings.push(finding('HEAD_MISSING', `head:${name}`, 'before'))
    before = hash
  }
  return findings
}
