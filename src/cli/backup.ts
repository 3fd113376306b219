import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { readArguments, type UsagePlan, usageText } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { backupFailure, factsLine } from './backup-texts.ts'
import { LANGUAGE_OPTIONS, languageOf, sayIn } from './language.ts'

const USAGE: UsagePlan = {
  command: 'npm run tongdai -- backup',
  about: [
    'Copies the database of a copy (DATA_DIR) to FILE while it runs, opens the copy and checks every page of it.',
    'FILE is there, whole and checked, or it is not there. Recordings, attachments and keys are files of their own:',
    'the README says which folders belong to a backup.',
  ].join('\n'),
  operands: ['FILE'],
  options: {
    json: { about: 'one line of JSON: path, bytes, sha256, cases, newestChangeAt, head, seconds' },
    ...LANGUAGE_OPTIONS,
  },
}

const TEXTS = {
  copying: { vi: 'đã chép {share} %', en: '{share} % copied' },
  done: { vi: 'Đã sao lưu và kiểm tra {file} ({facts})', en: 'Backed up and checked {file} ({facts})' },
  head: {
    vi: 'Đầu chuỗi đã ký: {path} (giữ cùng bản sao lưu)',
    en: 'Signed head of its chains: {path} (keep it with the backup)',
  },
  also: {
    vi: 'Sao lưu kèm theo: {others}',
    en: 'To be kept with it: {others}',
  },
} as const

/** Files and folders of DATA_DIR that a copy is not whole without: the README says what each is. */
const BESIDE = ['attachments', 'heads', 'seal.key', 'desk-phones.key', 'cli.token', 'pbx/lib/astdb.sqlite3']

/** `tongdai backup FILE`: needs no running service, and disturbs none. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, switches, operands } = readArguments(args, USAGE)
  if (help) {
    context.print(usageText(USAGE))
    return 0
  }
  const [{ backupDb }, { placesOf, signHeadOf }, { recordingsDirOf }] = await Promise.all([
    import('../db/backup.ts'),
    import('./seal-heads.ts'),
    import('../config.ts'),
  ])
  const language = languageOf(switches, context.environment)
  const target = resolve(operands[0] ?? '')
  const startMs = performance.now()
  let told = 0
  try {
    const facts = await backupDb(join(context.dataDir, 'tongdai.sqlite'), target, (copied, pages) => {
      const share = Math.floor((copied / Math.max(1, pages)) * 10) * 10
      if (share <= told || share === 100) return
      told = share
      context.complain(sayIn(language, TEXTS.copying, { share }))
    })
    const head = signHeadOf(target, placesOf(context), { beside: target })
    if (switches.has('json')) {
      const seconds = Math.round(performance.now() - startMs) / 1_000
      context.print(JSON.stringify({ path: target, ...facts, head, seconds }))
      return 0
    }
    context.print(sayIn(language, TEXTS.done, { file: target, facts: factsLine(facts, language) }))
    context.print(`sha256 ${facts.sha256}`)
    if (head !== null) context.print(sayIn(language, TEXTS.head, { path: head }))
    const others = [
      ...BESIDE.map((name) => join(context.dataDir, name)),
      recordingsDirOf(context.home, context.dataDir, context.environment['RECORDINGS_DIR']),
    ].filter((path) => existsSync(path))
    context.print(sayIn(language, TEXTS.also, { others: others.join(', ') }))
    return 0
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause
    context.complain(backupFailure(cause, language))
    return 1
  }
}
