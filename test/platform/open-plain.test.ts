import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const MODULE = new URL('../../src/platform/open-plain.ts', import.meta.url).href
/** In a process of its own, which can be ended: what waits for a pipe cannot. */
const PROGRAM = `
  const { mustBePlain, openPlainSync } = await import(${JSON.stringify(MODULE)})
  const path = process.argv[1]
  const said = []
  const attempt = async (open) => said.push(await open().then(() => 'opened', ({ code }) => code))
  await attempt(() => mustBePlain(path))
  await attempt(async () => openPlainSync(path))
  await attempt(async () => openPlainSync(path, { sync: true }))
  console.log(said.join())
`
const LIMIT_MS = 20_000

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plain-'))
  path = join(folder, 'a.wav')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const opened = (): string[] =>
  execFileSync(process.execPath, ['--input-type=module', '-e', PROGRAM, path], {
    encoding: 'utf8',
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  })
    .trim()
    .split(',')

describe('opened to be read, whether it is to be made durable or not', () => {
  test.each<[string, () => void, string]>([
    [
      'a file',
      () => {
        writeFileSync(path, 'x')
      },
      'opened',
    ],
    ['nothing', () => undefined, 'ENOENT'],
    [
      'a pipe that nobody writes into',
      () => {
        execFileSync('mkfifo', [path])
      },
      'NOT_PLAIN',
    ],
    [
      'a folder',
      () => {
        mkdirSync(path)
      },
      'NOT_PLAIN',
    ],
    [
      'a link to nothing',
      () => {
        symlinkSync('away', path)
      },
      'NOT_PLAIN',
    ],
    [
      'a link to a file',
      () => {
        writeFileSync(join(folder, 'b.wav'), 'x')
        symlinkSync('b.wav', path)
      },
      'NOT_PLAIN',
    ],
  ])(
    '%s',
    (_, lay, found) => {
      lay()
      expect(opened()).toEqual([found, found, found])
    },
    LIMIT_MS + 5_000,
  )

  test('a device', () => {
    path = '/dev/null'
    expect(opened()).toEqual(['NOT_PLAIN', 'NOT_PLAIN', 'NOT_PLAIN'])
  })
})
