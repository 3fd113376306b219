import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { readArguments, readWholeNumber, type UsagePlan, usageText } from './arguments.ts'
import { backupFailure, factsLine } from './backup-texts.ts'
import type { CommandContext } from './command.ts'
import { makeDataFolder } from './data-folder.ts'
import { LANGUAGE_OPTIONS, languageOf, sayIn } from './language.ts'

const SKIP_NUMBERS = 1_000

const USAGE: UsagePlan = {
  command: 'npm run tongdai -- restore',
  about: [
    'Checks a backup and puts it in the place of the database of DATA_DIR; the one that was there is kept beside it.',
    'The service must be stopped. Everybody has to sign in again; SMS that were waiting when the backup was made are',
    'looked for at the carrier and not sent again; new cases are numbered past all that may have been given since.',
  ].join('\n'),
  operands: ['FILE'],
  options: {
    'skip-numbers': {
      value: 'N',
      about: `how far numbers jump ahead at least, so that none is given twice (${String(SKIP_NUMBERS)} if not said)`,
    },
    ...LANGUAGE_OPTIONS,
  },
}

const TEXTS = {
  done: { vi: 'Đã phục hồi từ {file} ({facts})', en: 'Restored from {file} ({facts})' },
  replaced: {
    vi: 'Cơ sở dữ liệu trước đó được giữ tại {path}',
    en: 'The database that was there is kept at {path}',
  },
  doubtful: {
    vi: '{count} tin nhắn đang chờ lúc sao lưu sẽ được tra lại ở nhà mạng, không gửi lại',
    en: '{count} SMS that were waiting then are looked for at the carrier, and not sent again',
  },
  head: {
    vi: 'Việc phục hồi được ký tại {path}: lần kiểm tra sau không coi đó là đưa dữ liệu về thời điểm cũ trái phép',
    en: 'That this was a restore is signed in {path}; verify will not take it for tampering',
  },
  next: {
    vi: 'Số phiếu mới cách bản sao lưu ít nhất {skip} số và sau mọi số đã cấp. Chạy npm start để tiếp tục.',
    en: 'New numbers begin at least {skip} further on, past all that were given. Go on with npm start.',
  },
} as const

/** `tongdai restore FILE`. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, values, switches, operands } = readArguments(args, USAGE)
  if (help) {
    context.print(usageText(USAGE))
    return 0
  }
  const skipNumbers = readWholeNumber('skip-numbers', values['skip-numbers'] ?? String(SKIP_NUMBERS), {
    from: 0,
    to: 100_000,
  })
  const [{ restoreDb }, { placesOf, signHeadOf }] = await Promise.all([
    import('../db/restore.ts'),
    import('./seal-heads.ts'),
  ])
  const language = languageOf(switches, context.environment)
  const backup = resolve(operands[0] ?? '')
  const databasePath = join(context.dataDir, 'tongdai.sqlite')
  try {
    await makeDataFolder(context.dataDir)
    const { facts, replaced, doubtfulSms, chains } = await restoreDb({
      backup,
      databasePath,
      migrations: readdirSync(join(context.home, 'migrations')).filter((name) => name.endsWith('.sql'))
        .length,
      now: () => new Date(),
      skipNumbers,
    })
    const head = signHeadOf(databasePath, placesOf(context), { restoredFrom: chains })
    context.print(sayIn(language, TEXTS.done, { file: backup, facts: factsLine(facts, language) }))
    if (replaced !== null) context.print(sayIn(language, TEXTS.replaced, { path: replaced }))
    if (doubtfulSms > 0) context.print(sayIn(language, TEXTS.doubtful, { count: doubtfulSms }))
    if (head !== null) context.print(sayIn(language, TEXTS.head, { path: head }))
    context.print(sayIn(language, TEXTS.next, { skip: skipNumbers }))
    return 0
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause
    context.complain(backupFailure(cause, language))
    return 1
  }
}
