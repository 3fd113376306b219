import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readArguments, type UsagePlan, usageText } from './arguments.ts'
import type { FolderMark } from '../recordings/folder-mark.ts'
import type { Finding } from '../seals/contract.ts'
import type { VerifyReport } from '../seals/verify-copy.ts'
import { type CommandContext, EXIT, UsageError } from './command.ts'
import { type Language, LANGUAGE_OPTIONS, languageOf, type Sentence, sayIn } from './language.ts'
import { findingLine, TEXTS } from './verify-texts.ts'

const USAGE: UsagePlan = {
  command: 'npm run tongdai -- verify',
  about: [
    'Holds every recording, its row and every line of the audit log of a copy (DATA_DIR, RECORDINGS_DIR) against their chains,',
    'and the chains against the heads signed each day, while the service runs. Changes nothing. Names the first broken link and',
    'ends with exit code 1 where something was changed, swapped, removed, added, back-dated or put back to an earlier state.',
  ].join('\n'),
  options: {
    heads: { value: 'DIR', about: 'signed heads kept elsewhere, such as beside the backups, count too' },
    'public-key': {
      value: 'FILE',
      about: 'further public keys (PEM) whose heads count, such as one that was replaced',
    },
    json: { about: 'one line of JSON: ok, findings, counts, seconds' },
    ...LANGUAGE_OPTIONS,
  },
}

/** Findings told line by line; the rest are counted. */
const MOST_TOLD = 20
const MEGABYTE = 1e6

/** `tongdai verify`. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, switches, values } = readArguments(args, USAGE)
  if (help) {
    context.print(usageText(USAGE))
    return 0
  }
  const language = languageOf(switches, context.environment)
  const path = join(context.dataDir, 'tongdai.sqlite')
  if (!existsSync(path)) {
    context.complain(sayIn(language, TEXTS.noDatabase, { path }))
    return EXIT.unavailable
  }
  const [
    { readDb },
    { createSealStore },
    { verifyCopy },
    { migratedTriggers },
    { readHeads, trustedKeys },
    { placesOf },
    { recordingsDirOf },
    { MARK, readFolderMark },
    { createInstallationStore },
  ] = await Promise.all([
    import('../db/open.ts'),
    import('../seals/store.ts'),
    import('../seals/verify-copy.ts'),
    import('../seals/migrated-triggers.ts'),
    import('../seals/head-folder.ts'),
    import('./seal-heads.ts'),
    import('../config.ts'),
    import('../recordings/folder-mark.ts'),
    import('../recordings/installation-store.ts'),
  ])
  const recordingsDir = recordingsDirOf(context.home, context.dataDir, context.environment['RECORDINGS_DIR'])
  const places = placesOf(context)
  const trusted = [...trustedKeys(places), ...moreKeys(values['public-key'])]
  const startMs = performance.now()
  const db = readDb(path)
  try {
    if (!db.hasTable('recording_seals')) {
      context.complain(sayIn(language, TEXTS.noChains))
      return EXIT.unavailable
    }
    const migrations = join(context.home, 'migrations')
    if (!db.isMigratedTo(migrations)) {
      context.complain(sayIn(language, TEXTS.older))
      return EXIT.unavailable
    }
    const mark = await readFolderMark(recordingsDir, createInstallationStore(db).find()?.id)
    const report = verifyCopy({
      store: createSealStore(db),
      atOnce: (work) => db.orm.transaction(work),
      heads: {
        own: readHeads(places.headsDir),
        copies: values['heads'] === undefined ? [] : readHeads(resolve(values['heads'])),
        trusted,
      },
      recordingsDir,
      mark: { name: MARK, finding: markFinding(mark, MARK) },
      triggers: migratedTriggers(migrations),
      onProgress: createShares(context, language),
    })
    const seconds = Math.round(performance.now() - startMs) / 1_000
    if (switches.has('json'))
      context.print(JSON.stringify({ ok: report.findings.length === 0, ...report, seconds }))
    else tell(report, seconds, { context, language })
    return report.findings.length === 0 ? 0 : 1
  } finally {
    db.close()
  }
}

function markFinding(mark: FolderMark, name: string): Finding | null {
  const subject = `file:${name}`
  switch (mark.owner) {
    case 'nobody':
    case 'us':
      return null
    case 'other':
      return { code: 'FOLDER_MARK_OTHER', subject, detail: `${mark.id}, ${mark.since}` }
    case 'unknown':
      return { code: 'FOLDER_MARK_BAD', subject, detail: mark.problem }
  }
}

function tell(
  { findings, auditLines, recordingLinks, heads, files, bytes }: VerifyReport,
  seconds: number,
  { context, language }: { context: CommandContext; language: Language },
): void {
  const say = (sentence: Sentence, told: Readonly<Record<string, string | number>> = {}) => {
    context.print(sayIn(language, sentence, told))
  }
  say(TEXTS.counted, {
    lines: auditLines,
    links: recordingLinks,
    heads,
    files,
    size: (bytes / MEGABYTE).toFixed(1),
    speed: Math.round(bytes / MEGABYTE / Math.max(seconds, 0.001)),
  })
  if (heads === 0) say(TEXTS.unsigned)
  const [first, ...others] = findings
  if (first === undefined) {
    say(TEXTS.whole)
    return
  }
  say(TEXTS.first, { finding: findingLine(first, language) })
  if (others.length === 0) return
  say(TEXTS.others, { count: others.length })
  for (const other of others.slice(0, MOST_TOLD)) context.print(`  ${findingLine(other, language)}`)
  if (others.length > MOST_TOLD) say(TEXTS.more, { count: others.length - MOST_TOLD })
}

/** Tells each further tenth of what is to be read, where that takes its time. */
function createShares(context: CommandContext, language: Language): (bytes: number, total: number) => void {
  let told = 0
  return (bytes, total) => {
    const share = Math.floor((bytes / Math.max(1, total)) * 10) * 10
    if (share <= told || share >= 100) return
    told = share
    context.complain(sayIn(language, TEXTS.reading, { share }))
  }
}

/** Each key as Node writes it, so that it can be compared. */
function moreKeys(path: string | undefined): string[] {
  if (path === undefined) return []
  const blocks = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g
  const keys = existsSync(path) ? (readFileSync(path, 'utf8').match(blocks) ?? []) : []
  if (keys.length === 0)
    throw new UsageError(`--public-key takes a file with a public key (PEM), not "${path}"`)
  return keys.map((pem) => `${pem.replace(/\r/g, '')}\n`)
}
