import { randomUUID } from 'node:crypto'
import { link, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { ConfigError } from '../config.ts'
import { NOT_PLAIN, openPlain } from '../platform/open-plain.ts'
import type { createInstallationStore, Installation } from './installation-store.ts'
import { INCOMING } from './recording-folder.ts'

/**
 * In the root of the recordings folder: whose it is. Two installations with one folder would call each other's recordings strange,
 * file over them and delete them by rules that are not theirs.
 */
export const MARK = '.installation'

const MARK_FORMAT = 'tongdai-recordings-1'
const LARGEST_BYTES = 4_096
/** A file system without hard links, such as one of Windows: the mark is then written where it stands. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

const MarkFile = Type.Object({
  format: Type.Literal(MARK_FORMAT),
  installation: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
  since: Type.String({ pattern: '^[0-9T:.Z-]{10,30}$' }),
})

/** What the folder says about whose it is. `problem`: what keeps one from knowing, a code of the file system or `damaged`. */
export type FolderMark =
  | { readonly owner: 'nobody' | 'us' }
  | { readonly owner: 'other'; readonly id: string; readonly since: string }
  | { readonly owner: 'unknown'; readonly problem: string }

/** Whose folder it is. Never throws, follows no link, and reads no more than a mark is long. */
export async function readFolderMark(root: string, own: string | undefined): Promise<FolderMark> {
  try {
    const text = await readSmall(join(root, MARK))
    const mark: unknown = text === undefined ? undefined : parse(text)
    if (!Value.Check(MarkFile, mark)) return { owner: 'unknown', problem: 'damaged' }
    if (mark.installation === own) return { owner: 'us' }
    return { owner: 'other', id: mark.installation, since: mark.since }
  } catch (cause) {
    const { code = 'damaged' } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return { owner: 'nobody' }
    return { owner: 'unknown', problem: code === NOT_PLAIN ? 'damaged' : code }
  }
}

/** Whose folder it is, ours from now on if it was nobody's: of two that begin at once, one has it. Never throws. */
export async function claimFolder(root: string, own: Installation): Promise<FolderMark> {
  const found = await readFolderMark(root, own.id)
  if (found.owner !== 'nobody') return found
  try {
    await writeMark(root, own)
  } catch (cause) {
    const { code: problem = 'unwritable' } = cause as NodeJS.ErrnoException
    const first = await readFolderMark(root, own.id)
    return first.owner === 'nobody' ? { owner: 'unknown', problem } : first
  }
  return readFolderMark(root, own.id)
}

export interface FolderTaking {
  readonly root: string
  readonly store: Pick<ReturnType<typeof createInstallationStore>, 'beOrStay'>
  /** Resolves when all that was committed is on the disk. */
  readonly durable: () => Promise<void>
  readonly now: () => Date
  readonly log: { error(fields: object, message: string): void }
}

/** Throws as `takeFolder` does, and takes nothing: for whoever is to know it while another installation's service, or ours, still runs. */
export async function mayTakeFolder(
  root: string,
  store: Pick<ReturnType<typeof createInstallationStore>, 'find'>,
): Promise<void> {
  const own = store.find()
  if (own !== undefined) mustNotBeOthers(await readFolderMark(root, own.id), root, own)
}

/**
 * At each start, before anything is filed. Throws ConfigError with what to do where the folder is another installation's. Where that
 * cannot be known (mark damaged, disk away or read-only) the service starts: citizens call whatever has become of a file, and
 * `tongdai doctor` says so.
 */
export async function takeFolder({ root, store, durable, now, log }: FolderTaking): Promise<void> {
  const own = store.beOrStay({ id: randomUUID(), since: now().toISOString() })
  // The folder outlives a power cut with that name on it; so must the database.
  await durable()
  const mark = await claimFolder(root, own)
  mustNotBeOthers(mark, root, own)
  if (mark.owner === 'unknown')
    log.error({ problem: mark.problem }, 'the recordings folder does not say whose it is: see tongdai doctor')
}

function mustNotBeOthers(mark: FolderMark, root: string, own: Installation): void {
  if (mark.owner !== 'other') return
  const path = join(root, MARK)
  const example = 'DATA_DIR=data2 RECORDINGS_DIR=data2/recordings npm start'
  throw new ConfigError(
    [
      'bad configuration',
      `  RECORDINGS_DIR: thư mục ghi âm ${root} là của một hệ thống khác (${mark.id}, từ ${mark.since}); hệ thống này là ${own.id}.`,
      `    Dùng thư mục riêng: ${example}`,
      `    Nếu thư mục đúng là của hệ thống này (cơ sở dữ liệu đã được tạo lại, hoặc phục hồi từ bản sao lưu quá cũ): dừng hệ thống kia, xóa tệp ${path}, chạy lại.`,
      `  RECORDINGS_DIR: the recordings folder belongs to another installation. Use a folder of its own, as above. If it is to be`,
      `    this one's (a database made anew, or restored from before folders were marked): stop the other, remove ${path}, start again.`,
    ].join('\n'),
  )
}

/** Whole or not there, even after a power cut; throws EEXIST where somebody else was first. */
async function writeMark(root: string, { id, since }: Installation): Promise<void> {
  const text = `${JSON.stringify(
    {
      format: MARK_FORMAT,
      installation: id,
      since,
      vi: 'Thư mục ghi âm của một hệ thống Tổng đài 1022. Chỉ xóa tệp này khi muốn trao thư mục cho hệ thống khác (README, "Run it").',
      en: 'Recordings of one installation of Tổng đài 1022. Remove this file only to hand the folder to another (README, "Run it").',
    },
    null,
    2,
  )}\n`
  // In the folder of what is not finished: what a crash leaves there is swept, and no stranger to `verify`.
  await mkdir(join(root, INCOMING), { recursive: true, mode: 0o700 })
  const unfinished = join(root, INCOMING, `mark-${randomUUID()}`)
  try {
    await writeFile(unfinished, text, { mode: 0o600, flag: 'wx', flush: true })
    await link(unfinished, join(root, MARK)).catch(async (cause: unknown) => {
      if (!NO_LINKS.has((cause as NodeJS.ErrnoException).code ?? '')) throw cause
      await writeFile(join(root, MARK), text, { mode: 0o600, flag: 'wx', flush: true })
    })
  } finally {
    await rm(unfinished, { force: true })
  }
}

/** Undefined for what is too long to be a mark. Throws as `openPlain`. */
async function readSmall(path: string): Promise<string | undefined> {
  const file = await openPlain(path)
  try {
    const { size } = await file.stat()
    return size <= LARGEST_BYTES ? await file.readFile('utf8') : undefined
  } finally {
    await file.close()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
