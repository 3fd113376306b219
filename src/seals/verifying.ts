import type { RecordingRow } from '../recordings/store.ts'
import { type CallWord, changedCall, heardOf } from './call-facts.ts'
import { type AuditLine, formatOf, GENESIS, linkAudit, type RecordingSeal } from './chain.ts'
import { type ChainName, type Finding, LATEST_HEAD } from './contract.ts'
import type { HeadFile } from './head-folder.ts'
import { headHash, isSignedRight } from './heads.ts'
import { missedHeads } from './missed-heads.ts'
import type { SealStore } from './store.ts'
import {
  brokenSequence,
  changedColumns,
  changedTriggers,
  contradictedFlags,
  finding,
  isBackdated,
  type KnownHead,
  standingClaims,
} from './verify-policy.ts'
import { createWitnesses, type Witnesses } from './witnesses.ts'

/** Rows read at once. */
const PAGE = 5_000

/** What the chains say, once they were gone through. */
export interface ChainsRead {
  readonly findings: Finding[]
  /** By recording: the newest link. */
  readonly newest: ReadonlyMap<number, RecordingSeal>
  readonly lines: number
  readonly seals: number
  /** Recordings whose rows say that their file is another than was sealed. */
  readonly altered: readonly number[]
  /** Recordings on their way: their files may be there already. */
  readonly pending: ReadonlySet<number>
}

export interface HeadSources {
  /** Of the copy's own folder, in the order they were signed. */
  readonly own: readonly HeadFile[]
  /** Kept elsewhere. */
  readonly copies: readonly HeadFile[]
  /** PEM. */
  readonly trusted: readonly string[]
}

type Reader = Omit<SealStore, 'linkLine' | 'addSeal'>

/** Both chains, the rows they vouch for, and the signed heads. Reads all rows once, in order; one read transaction around it. */
export function verifyChains(
  store: Reader,
  heads: HeadSources,
  triggers: ReadonlyMap<string, string>,
): ChainsRead {
  const known = readable(heads)
  const witnesses = createWitnesses()
  const audit = verifyAudit(store, standingClaims(known.heads, 'audit'), witnesses)
  const seals = verifySeals(store, standingClaims(known.heads, 'recordings'))
  return {
    findings: [
      ...changedTriggers(store.triggers(), triggers),
      ...audit.findings,
      ...seals.findings,
      ...verifyRows(store, seals, witnesses),
      ...witnesses.against(store.evidenceRows()),
      ...known.findings,
      ...known.missed(witnesses.heads()),
    ],
    newest: seals.newest,
    lines: audit.count,
    seals: seals.count,
    pending: new Set(store.pendingIds()),
    altered: store.alteredIds(),
  }
}

/** Heads whose word counts, and what is wrong with the others. */
function readable({ own, copies, trusted }: HeadSources) {
  const findings: Finding[] = []
  const check = (files: readonly HeadFile[]): KnownHead[] =>
    files.flatMap(({ name, signed }) => {
      if (signed === null) findings.push(finding('HEAD_UNREADABLE', `head:${name}`))
      else if (!isSignedRight(signed)) findings.push(finding('HEAD_SIGNATURE', `head:${name}`))
      else if (!trusted.includes(signed.publicKey)) findings.push(finding('HEAD_KEY', `head:${name}`))
      else return [{ name, signed }]
      return []
    })
  const mine = check(own)
  const elsewhere = check(copies)
  // With one that cannot be read between them, what is wrong has been said.
  if (findings.length === 0)
    findings.push(
      ...brokenSequence(
        mine
          .filter(({ name }) => name !== LATEST_HEAD)
          .map((head) => ({ ...head, hash: headHash(head.signed.head) })),
      ),
    )
  const hashed = (head: KnownHead) => ({ ...head, hash: headHash(head.signed.head) })
  const heads = [...mine, ...elsewhere].sort((one, other) =>
    one.signed.head.signedAt < other.signed.head.signedAt ? -1 : 1,
  )
  const files = {
    own: mine.map(hashed),
    copies: elsewhere.map(hashed),
    read: own.map(({ name }) => name),
  }
  const named = new Set(findings.map(({ subject }) => subject))
  return {
    heads,
    findings,
    /** By the word of the log; what is wrong with a file that is there has been said. */
    missed: (signed: ReadonlyMap<string, string>): Finding[] =>
      missedHeads(signed, files).filter(({ subject }) => !named.has(subject)),
  }
}

type Claims = ReturnType<typeof standingClaims>

/** Holds what heads said of links against the links as they come by. */
function createClaimCheck(chain: ChainName, claims: Claims) {
  const bySeq = Map.groupBy(claims, ({ claim }) => claim.seq)
  const findings: Finding[] = []
  return {
    pass(seq: number, hash: string): void {
      for (const { name, claim } of bySeq.get(seq) ?? [])
        if (claim.hash !== hash) findings.push(finding('CHAIN_REWRITTEN', `${chain}:${String(seq)}`, name))
    },
    end(lastSeq: number): Finding[] {
      const beyond = claims.filter(({ claim }) => claim.seq > lastSeq).at(-1)
      if (beyond !== undefined)
        findings.push(
          finding(
            'DATABASE_ROLLED_BACK',
            `${chain}:${String(lastSeq)}`,
            `${beyond.name} ${String(beyond.claim.seq)}`,
          ),
        )
      return findings
    },
  }
}

function verifyAudit(
  store: Reader,
  claims: Claims,
  witnesses: Witnesses,
): { findings: Finding[]; count: number } {
  const findings: Finding[] = []
  const check = createClaimCheck('audit', claims)
  let before = GENESIS
  let beforeAt: string | null = null
  let seq = 0
  let count = 0
  for (;;) {
    const links = store.auditLinksAfter(seq, PAGE)
    const last = links.at(-1)
    if (last === undefined) break
    const lines = new Map(store.linesUpTo(seq, last.seq).map((line) => [line.id, line]))
    for (const link of links) {
      const subject = `audit:${String(link.seq)}`
      const line = lines.get(link.seq)
      for (let id = seq + 1; id < Math.min(link.seq, seq + PAGE); id += 1)
        findings.push(
          finding(lines.has(id) ? 'AUDIT_ROW_UNLINKED' : 'AUDIT_ROW_MISSING', `audit:${String(id)}`),
        )
      if (line === undefined) findings.push(finding('AUDIT_ROW_MISSING', subject))
      else findings.push(...verifyLine(line, link, { before, beforeAt, subject }))
      if (line !== undefined) witnesses.hear(line)
      check.pass(link.seq, link.hash)
      before = link.hash
      beforeAt = line?.at ?? beforeAt
      seq = link.seq
    }
    count += links.length
  }
  for (const { id } of store.lines(seq, PAGE))
    findings.push(finding('AUDIT_ROW_UNLINKED', `audit:${String(id)}`))
  const gone = store.everLast()
  if (findings.length === 0 && gone > seq)
    findings.push(finding('AUDIT_ROW_MISSING', `audit:${String(gone)}`))
  findings.push(...check.end(seq))
  return { findings, count }
}

function verifyLine(
  line: AuditLine,
  link: { prevHash: string; hash: string },
  { before, beforeAt, subject }: { before: string; beforeAt: string | null; subject: string },
): Finding[] {
  // Of a line that is another than it was, and a link that is, only one fits the link before.
  if (linkAudit(line, link.prevHash).hash !== link.hash) return [finding('AUDIT_ROW_CHANGED', subject)]
  if (link.prevHash !== before) return [finding('AUDIT_LINK_CHANGED', subject)]
  return isBackdated(line.at, beforeAt) ? [finding('AUDIT_ROW_BACKDATED', subject, line.at)] : []
}

function verifySeals(store: Reader, claims: Claims) {
  const findings: Finding[] = []
  const newest = new Map<number, RecordingSeal>()
  const calls = new Map<number, CallWord>()
  const check = createClaimCheck('recordings', claims)
  let before: RecordingSeal | undefined
  let count = 0
  for (;;) {
    const links = store.sealsAfter(before?.seq ?? 0, PAGE)
    for (const link of links) {
      findings.push(...verifyLink(link, before))
      check.pass(link.seq, link.hash)
      newest.set(link.recordingId, link)
      calls.set(link.recordingId, heardOf(calls.get(link.recordingId), link))
      before = link
    }
    count += links.length
    if (links.length < PAGE) break
  }
  findings.push(...check.end(before?.seq ?? 0))
  return { findings, newest, calls, count }
}

function verifyLink(link: RecordingSeal, before: RecordingSeal | undefined): Finding[] {
  const subject = `seal:${String(link.seq)}`
  const about = `recording:${String(link.recordingId)}`
  if (formatOf(link) === null) return [finding('SEAL_LINK_CHANGED', subject, about)]
  if (link.seq !== (before?.seq ?? 0) + 1)
    return [finding('SEAL_LINK_MISSING', `seal:${String((before?.seq ?? 0) + 1)}`)]
  if (link.prevHash !== (before?.hash ?? GENESIS)) return [finding('SEAL_LINK_CHANGED', subject, about)]
  return isBackdated(link.at, before?.at ?? null) ? [finding('SEAL_LINK_BACKDATED', subject, link.at)] : []
}

/** Rows against their newest links: changed, gone, or there without one. */
function verifyRows(
  store: Reader,
  { newest, calls }: Pick<ReturnType<typeof verifySeals>, 'newest' | 'calls'>,
  witnesses: Witnesses,
): Finding[] {
  const findings: Finding[] = []
  const atOdds = new Set(store.trainingAtOdds())
  const seen = new Set<number>()
  for (
    let rows = store.rowsAfter(0, PAGE);
    rows.length > 0;
    rows = store.rowsAfter(rows.at(-1)?.id ?? 0, PAGE)
  ) {
    for (const row of rows) {
      seen.add(row.id)
      const link = newest.get(row.id)
      findings.push(...verifyRow(row, link), ...verifyCall(store, link, calls.get(row.id)))
      const odd = [
        ...(atOdds.has(row.id) ? ['training'] : []),
        ...(contradictedFlags(row, witnesses.fileNews(row.id)) ? ['flags'] : []),
      ]
      if (odd.length > 0)
        findings.push(finding('ROW_CONTRADICTS', `recording:${String(row.id)}`, odd.join(', ')))
    }
  }
  for (const { recordingId, callId } of newest.values())
    if (!seen.has(recordingId))
      findings.push(finding('RECORDING_ROW_MISSING', `recording:${String(recordingId)}`, `call ${callId}`))
  return findings
}

function verifyRow(row: RecordingRow, link: RecordingSeal | undefined): Finding[] {
  const subject = `recording:${String(row.id)}`
  if (link === undefined)
    return row.state === 'pending' ? [] : [finding('RECORDING_UNSEALED', subject, row.file ?? '')]
  const changed = changedColumns(row, link)
  return changed.length === 0 ? [] : [finding('RECORDING_ROW_CHANGED', subject, changed.join(', '))]
}

/** The call that a recording is sealed as being of, whatever its row says now. */
function verifyCall(store: Reader, link: RecordingSeal | undefined, word: CallWord | undefined): Finding[] {
  if (link === undefined || word === undefined) return []
  const { recordingId, callId } = link
  const changed = changedCall(store.callOf(callId), word)
  return changed.length === 0
    ? []
    : [finding('CALL_CHANGED', `recording:${String(recordingId)}`, `${changed.join(', ')}; call ${callId}`)]
}
