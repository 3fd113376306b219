import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { claimFolder, MARK, readFolderMark } from '../../src/recordings/folder-mark.ts'
import {
  createFolderWatch,
  type FolderMarkProblem,
  type FolderWatch,
} from '../../src/recordings/folder-watch.ts'
import type { FolderProblem } from '../../src/recordings/contract.ts'
import { problemNow } from '../../src/recordings/recording-folder.ts'

const SINCE = '2026-03-02T01:00:00.000Z'
const OURS = { id: '00000000-0000-4000-8000-000000000001', since: SINCE }
const OTHERS = { id: '00000000-0000-4000-8000-000000000002', since: SINCE }
const NEWEST = '2026/03/02/call-c1-1.wav'

let base: string
let root: string
let newest: string | undefined
let logged: string[]
let told: (FolderMarkProblem | null)[]
let uptimeMs: number
let watch: FolderWatch
beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'folder-watch-'))
  root = join(base, 'recordings')
  newest = undefined
  logged = []
  told = []
  uptimeMs = 0
  watch = startedAnew()
  await claimFolder(root, OURS)
  await watch.look()
})
afterEach(() => {
  rmSync(base, { recursive: true, force: true })
})

function startedAnew(): FolderWatch {
  const log = (level: string) => (_: object, message: string) => void logged.push(`${level}: ${message}`)
  return createFolderWatch({
    root,
    store: { find: () => OURS, newestFile: () => newest },
    onChange: (problem) => void told.push(problem),
    uptimeMs: () => uptimeMs,
    log: { warn: log('warn'), error: log('error') },
  })
}

const mark = () => join(root, MARK)
const owner = async () => (await readFolderMark(root, OURS.id)).owner
/** Another folder in its place, as where the disk that was mounted there fell away. */
function fallAway(): void {
  renameSync(root, join(base, 'away'))
  mkdirSync(root)
}

describe('R060: the mark of a recordings folder under a running service', () => {
  test('says nothing as long as it is there', async () => {
    await watch.look()
    expect([logged, watch.problem()]).toEqual([[], null])
  })

  test('is put back where somebody removed it, and that is said once', async () => {
    rmSync(mark())
    await watch.look()
    await watch.look()
    expect([await owner(), watch.problem()]).toEqual(['us', null])
    expect(logged).toEqual(['warn: the mark of the recordings folder was gone, and is put back'])
  })

  test('is not put into a folder that nothing says is ours, until the right one is back', async () => {
    newest = NEWEST
    fallAway()
    await watch.look()
    await watch.look()
    expect([await owner(), watch.problem()]).toEqual(['nobody', 'folderElsewhere'])
    expect(logged).toHaveLength(1)
    rmSync(root, { recursive: true })
    renameSync(join(base, 'away'), root)
    await watch.look()
    expect([await owner(), watch.problem()]).toEqual(['us', null])
    expect(logged).toHaveLength(2)
  })

  test('is put into another folder that has the newest recording, such as a larger disk', async () => {
    newest = NEWEST
    fallAway()
    mkdirSync(join(root, '2026/03/02'), { recursive: true })
    writeFileSync(join(root, NEWEST), '')
    await watch.look()
    expect([await owner(), watch.problem()]).toEqual(['us', null])
  })

  test('of another installation is left as it is, and said once', async () => {
    rmSync(mark())
    await claimFolder(root, OTHERS)
    await watch.look()
    await watch.look()
    expect([await owner(), watch.problem()]).toEqual(['other', 'folderForeign'])
    expect(logged).toEqual(['error: the recordings folder is another installation’s by now'])
  })

  test('that is damaged is left as it is, as at a start, and said once', async () => {
    writeFileSync(mark(), '{')
    await watch.look()
    await watch.look()
    expect([readFileSync(mark(), 'utf8'), watch.problem(), logged.length]).toEqual(['{', null, 1])
  })

  test('that is damaged in another folder keeps recordings from it, and is left as it is', async () => {
    newest = NEWEST
    fallAway()
    writeFileSync(mark(), '')
    await watch.look()
    await watch.look()
    expect([readFileSync(mark(), 'utf8'), watch.problem(), logged.length]).toEqual(['', 'folderElsewhere', 1])
  })

  test('that is damaged before the service saw it otherwise is no problem where the newest recording is', async () => {
    writeFileSync(mark(), '{')
    const unseen = startedAnew()
    expect(await unseen.look()).toBeNull()
    newest = NEWEST
    expect(await unseen.look()).toBe('folderElsewhere')
    mkdirSync(join(root, '2026/03/02'), { recursive: true })
    writeFileSync(join(root, NEWEST), '')
    expect(await unseen.look()).toBeNull()
  })

  test('is judged by the last look, and each change is told once', async () => {
    rmSync(mark())
    await claimFolder(root, OTHERS)
    await watch.look()
    fallAway()
    await watch.look()
    rmSync(root, { recursive: true })
    await watch.look()
    renameSync(join(base, 'away'), root)
    await watch.look()
    rmSync(mark())
    await claimFolder(root, OURS)
    await watch.look()
    expect(told).toEqual(['folderForeign', 'folderElsewhere', 'folderForeign', null])
  })

  test('is looked at for whoever asks once in ten seconds, with no call', async () => {
    rmSync(root, { recursive: true })
    await watch.refresh()
    expect(watch.problem()).toBeNull()
    uptimeMs += 10_000
    await watch.refresh()
    expect(watch.problem()).toBe('folderElsewhere')
  })

  test('is not missed where the whole folder is gone: nothing is made anew', async () => {
    rmSync(root, { recursive: true })
    await watch.look()
    expect([await owner(), watch.problem()]).toEqual(['nobody', 'folderElsewhere'])
  })
})

test.each<[FolderProblem | null, FolderMarkProblem | null, FolderProblem | null]>([
  [null, null, null],
  ['diskFull', null, 'diskFull'],
  ['diskFull', 'folderElsewhere', 'folderElsewhere'],
  ['folderForeign', 'folderElsewhere', 'folderElsewhere'],
  ['folderForeign', null, null],
  [null, 'folderForeign', 'folderForeign'],
])('filing met with %s, the last look with %s: %s', (filing, mark, now) => {
  expect(problemNow(filing, mark)).toBe(now)
})
