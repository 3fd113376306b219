import { access, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { FolderProblem } from './contract.ts'
import { claimFolder, type FolderMark, readFolderMark } from './folder-mark.ts'
import type { createInstallationStore, Installation } from './installation-store.ts'

/** `folderElsewhere`: without a mark that can be read, and nothing says that it is the one recordings were filed in, such as under a disk that fell away. */
export type FolderMarkProblem = Extract<FolderProblem, 'folderForeign' | 'folderElsewhere'>

/** Whoever asks without filing anything hears of a look that is not older. */
const FRESH_MS = 10_000
/** A disk that does not answer holds nobody up for longer. */
const PATIENCE_MS = 500

export interface FolderWatchDeps {
  readonly root: string
  readonly store: Pick<ReturnType<typeof createInstallationStore>, 'find' | 'newestFile'>
  /** Told when another problem was found, or none any more. */
  readonly onChange?: (problem: FolderMarkProblem | null) => void
  /** Milliseconds that only grow, whatever is done to the machine's clock. */
  readonly uptimeMs?: () => number
  readonly log: {
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

export interface FolderWatch {
  /** Whose the folder is by now, null being ours as far as anybody can say; puts back a mark that was taken away from under the service. Never rejects. */
  look(): Promise<FolderMarkProblem | null>
  /** Looks where the last look was a while ago. Resolves after half a second at the latest, and never rejects. */
  refresh(): Promise<void>
  /** What was found last. */
  problem(): FolderMarkProblem | null
}

/** Sees to it that the recordings folder stays this installation's while the service runs (folder-mark.ts has what is done at a start). */
export function createFolderWatch(deps: FolderWatchDeps): FolderWatch {
  const { root, store, log, uptimeMs = () => performance.now() } = deps
  /** Device and inode of the folder when its mark was ours. */
  let place: string | undefined
  let problem: FolderMarkProblem | null = null
  /** What was said last: each state is said once. */
  let said = 'us'
  let looking: Promise<void> | undefined
  let lookedAtMs = -FRESH_MS

  function say(what: string, tell: () => void): void {
    if (said !== what) tell()
    said = what
  }

  /** Is it the folder that recordings were filed in, whatever its mark says? `unseen` where there is nothing to know it by. */
  async function isKnown(unseen: boolean): Promise<boolean> {
    const here = await placeOf(root)
    if (here !== undefined && here === place) return true
    const newest = store.newestFile()
    if (newest === undefined) return place === undefined && unseen
    return isThere(join(root, newest))
  }

  function elsewhere(): FolderMarkProblem {
    const found = 'folderElsewhere'
    say('elsewhere', () => {
      log.error(
        { problem: found },
        'the recordings folder is not the one that was filed in: see tongdai doctor',
      )
    })
    return found
  }

  async function onUnmarked(own: Installation): Promise<FolderMarkProblem | null> {
    if (!(await isKnown(false))) return elsewhere()
    const mark = await claimFolder(root, own)
    // Said each time: somebody takes it away.
    if (mark.owner === 'us') log.warn({}, 'the mark of the recordings folder was gone, and is put back')
    return onMarked(mark)
  }

  async function onMarked(mark: FolderMark): Promise<FolderMarkProblem | null> {
    switch (mark.owner) {
      case 'us':
        place = await placeOf(root)
        say('us', () => {
          log.warn({}, 'the recordings folder is this installation’s again')
        })
        return null
      case 'other': {
        const found = 'folderForeign'
        say('other', () => {
          log.error({ problem: found, id: mark.id }, 'the recordings folder is another installation’s by now')
        })
        return found
      }
      case 'unknown':
        // As at a start: nobody knows, and citizens call all the same.
        if (!(await isKnown(true))) return elsewhere()
        say('unknown', () => {
          log.error(
            { problem: mark.problem },
            'the recordings folder does not say whose it is: see tongdai doctor',
          )
        })
        return null
      case 'nobody':
        return elsewhere()
    }
  }

  async function judge(): Promise<void> {
    const own = store.find()
    if (own === undefined) return
    const found = await readFolderMark(root, own.id)
    const next = await (found.owner === 'nobody' ? onUnmarked(own) : onMarked(found))
    if (next === problem) return
    problem = next
    deps.onChange?.(next)
  }

  /** One at a time: on a disk that does not answer, all wait for the same. */
  function lookOnce(): Promise<void> {
    looking ??= judge().finally(() => {
      looking = undefined
      lookedAtMs = uptimeMs()
    })
    return looking
  }

  return {
    async look() {
      await lookOnce()
      return problem
    },
    async refresh() {
      if (uptimeMs() - lookedAtMs < FRESH_MS) return
      const patience = new AbortController()
      const over = pause(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined)
      await Promise.race([lookOnce().catch(() => undefined), over])
      patience.abort()
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
