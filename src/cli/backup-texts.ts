import type { DbFacts } from '../db/backup.ts'
import type { AppError } from '../platform/errors.ts'
import { type Language, type Sentence, sayIn } from './language.ts'

const FACTS: Sentence = {
  vi: '{size} MB, {cases} phiếu, thay đổi mới nhất {newest}',
  en: '{size} MB, {cases} cases, newest change {newest}',
}
const NEVER: Sentence = { vi: 'chưa có', en: 'none yet' }

/** What to do about each failure; the error's own words say which file and what of it. */
const REMEDIES: Readonly<Record<string, Sentence>> = {
  NO_DATABASE: {
    vi: 'Chưa có cơ sở dữ liệu để sao lưu. Hãy đặt DATA_DIR là thư mục của hệ thống cần sao lưu.',
    en: 'There is no database to back up. Set DATA_DIR to the folder of the copy you mean.',
  },
  FILE_EXISTS: {
    vi: 'Tệp đích đã có sẵn; bản sao lưu cũ không bị ghi đè. Hãy chọn tên khác.',
    en: 'The file is there already, and no backup is written over another. Choose another name.',
  },
  NO_FOLDER: {
    vi: 'Chưa có thư mục để ghi bản sao lưu. Hãy tạo thư mục trước, hoặc gắn ổ đĩa dùng để sao lưu.',
    en: 'The folder for the backup is not there. Make it first, or mount the disk that backups go to.',
  },
  DATABASE_DAMAGED: {
    vi: 'Tệp này không phải một cơ sở dữ liệu nguyên vẹn. Hãy dùng bản sao lưu trước đó và báo quản trị hệ thống.',
    en: 'This file is not a whole database. Use the backup before it, and tell whoever runs the machine.',
  },
  NOT_OURS: {
    vi: 'Tệp này không phải cơ sở dữ liệu của Tổng đài.',
    en: 'This file is not a database of this service.',
  },
  DATABASE_NEWER: {
    vi: 'Bản sao lưu do phiên bản mới hơn tạo ra. Hãy nâng cấp chương trình trước khi phục hồi.',
    en: 'A newer version of the program made this backup. Upgrade the program, then restore.',
  },
  DATABASE_IN_USE: {
    vi: 'Hệ thống đang chạy trên cơ sở dữ liệu này. Hãy dừng dịch vụ rồi phục hồi.',
    en: 'The service runs on this database. Stop it, then restore.',
  },
}

export function factsLine(facts: DbFacts, language: Language): string {
  return sayIn(language, FACTS, {
    size: (facts.bytes / 1_048_576).toFixed(1),
    cases: facts.cases,
    newest: facts.newestChangeAt ?? sayIn(language, NEVER),
  })
}

export function backupFailure({ code, message }: AppError, language: Language): string {
  const remedy = REMEDIES[code]
  return remedy === undefined ? message : `${sayIn(language, remedy)}\n(${code}: ${message})`
}
