import { access, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { claimFolder, type FolderMark, readFolderMark } from './folder-mark.ts'
import type { createInstallationStore, Installation } from './installation-store.ts'

/** `folderElsewhere`: without a mark, and nothing says that it is the one recordings were filed in, such as under a disk that fell away. */
export type FolderMarkProblem = 'folderForeign' | 'folderElsewhere'

export interface FolderWatchDeps {
  readonly root: string
  readonly store: Pick<ReturnType<typeof createInstallationStore>, 'find' | 'newestFile'>
  readonly log: {
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

export interface FolderWatch {
  /** Whose the folder is by now, null being ours as far as anybody can say; puts back a mark that was taken away from under the service. Never rejects. */
  look(): Promise<FolderMarkProblem | null>
  /** What was found last. */
  problem(): FolderMarkProblem | null
}

/** Sees to it that the recordings folder stays this installation's while the service runs (folder-mark.ts has what is done at a start). */
export function createFolderWatch({ root, store, log }: FolderWatchDeps): FolderWatch {
  /** Device and inode of the folder when its mark was ours. */
  let place: string | undefined
  let problem: FolderMarkProblem | null = null
  /** What was said last: each state is said once. */
  let said = 'us'

  function say(what: string, tell: () => void): void {
    if (said !== what) tell()
    said = what
  }

  /** Is it the folder that recordings were filed in, mark or none? */
  async function isKnown(): Promise<boolean> {
    const here = await placeOf(root)
    if (here !== undefined && here === place) return true
    const newest = store.newestFile()
    return newest !== undefined && (await isThere(join(root, newest)))
  }

  async function onUnmarked(own: Installation): Promise<FolderMark> {
    if (!(await isKnown())) {
      problem = 'folderElsewhere'
      say('elsewhere', () => {
        log.error({ problem }, 'the recordings folder is not the one that was filed in: see tongdai doctor')
      })
      return { owner: 'nobody' }
    }
    const mark = await claimFolder(root, own)
    // Said each time: somebody takes it away.
    if (mark.owner === 'us') log.warn({}, 'the mark of the recordings folder was gone, and is put back')
    return mark
  }

  async function judge(): Promise<void> {
    const own = store.find()
    if (own === undefined) return
    const found = await readFolderMark(root, own.id)
    const mark = found.owner === 'nobody' ? await onUnmarked(own) : found
    switch (mark.owner) {
      case 'us':
        place = await placeOf(root)
        problem = null
        say('us', () => {
          log.warn({}, 'the recordings folder is this installation’s again')
        })
        return
      case 'other':
        problem = 'folderForeign'
        say('other', () => {
          log.error({ problem, id: mark.id }, 'the recordings folder is another installation’s by now')
        })
        return
      case 'unknown':
        // As at a start: nobody knows, and citizens call all the same.
        say('unknown', () => {
          log.error(
            { problem: mark.problem },
            'the recordings folder does not say whose it is: see tongdai doctor',
          )
        })
        return
      case 'nobody':
    }
  }

  return {
    async look() {
      await judge()
      return problem
    },
    problem: () => problem,
  }
}

async function placeOf(root: string): Promise<string | undefined> {
  return stat(root).then(
    ({ dev, ino }) => `${String(dev)}/${String(ino)}`,
    () => undefined,
  )
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
