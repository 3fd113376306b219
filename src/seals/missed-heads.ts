import { type Finding, LATEST_HEAD } from './contract.ts'
import { finding, type HashedHead } from './verify-policy.ts'

/**
 * Heads that the log says were signed and that are neither in the folder nor among copies kept elsewhere, and a latest one that is gone or
 * older than the newest of a day. `read`: names of all files of the folder, those that say nothing right too.
 */
export function missedHeads(
  signed: ReadonlyMap<string, string>,
  {
    own,
    copies,
    read,
  }: { own: readonly HashedHead[]; copies: readonly HashedHead[]; read: readonly string[] },
): Finding[] {
  const known = new Set([...own, ...copies].map(({ hash }) => hash))
  const gone = [...signed].filter(([, hash]) => !known.has(hash)).map(([name]) => name)
  if (read.length === 0 && gone.length > 0)
    return [finding('HEAD_MISSING', 'heads', `${gone[0] ?? ''} - ${gone.at(-1) ?? ''}`)]
  const findings = gone.map((name) => finding('HEAD_MISSING', `head:${name}`))
  if (signed.size > 0 && read.length > 0 && !read.includes(LATEST_HEAD))
    findings.push(finding('HEAD_MISSING', `head:${LATEST_HEAD}`))
  const latest = own.find(({ name }) => name === LATEST_HEAD)?.signed.head
  const newest = own.findLast(({ name }) => name !== LATEST_HEAD)
  if (latest === undefined || newest === undefined) return findings
  const { head } = newest.signed
  const isShorter = head.chains.some(
    ({ name, seq }) => (latest.chains.find((one) => one.name === name)?.seq ?? 0) < seq,
  )
  // Signing a day is a line of the log, so a latest head follows each one of a day and names it.
  const isBefore = signed.has(newest.name) && latest.previous !== newest.hash
  if (isShorter || isBefore) findings.push(finding('HEAD_OLD', `head:${LATEST_HEAD}`))
  return findings
}
