import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { readRuntime } from '../../src/cli/runtime-file.ts'
import { type CopyFacts, createCopy } from '../../src/cli/start-copy.ts'
import { readConfig } from '../../src/config.ts'

test('what runs is written down as soon as that can be, however often it could not', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'start-copy-'))
  const config = readConfig({ DATA_DIR: dataDir, AMI_SECRET: 'x', ARI_SECRET: 'x' })
  const said: string[] = []
  const copy = createCopy({
    context: { home: dataDir, environment: {} },
    config,
    keeper: { pid: process.pid, watch: () => undefined, forget: () => undefined },
    say: (line) => said.push(line),
    now: () => new Date('2026-03-02T01:00:00Z'),
  })
  // As a full disk: the file cannot be written.
  const inTheWay = join(dataDir, 'runtime.json.new')
  mkdirSync(inTheWay)
  const facts: CopyFacts = {
    url: 'http://localhost:1',
    localUrl: 'http://127.0.0.1:1',
    city: 'haiphong',
    hotlineNumber: '02251022',
    mode: 'attached',
    ami: { host: '127.0.0.1', port: 1, user: 'x', secret: 'x' },
    ari: { url: 'http://127.0.0.1:1', user: 'x', secret: 'x' },
    sipWsUrl: 'ws://127.0.0.1:1/ws',
    recordingDir: null,
    sipPort: null,
    network: null,
  }
  copy.learn(facts)
  await vi.waitFor(() => {
    expect(said).toEqual([
      expect.stringMatching(/^The runtime file cannot be written and is tried again: EISDIR/),
    ])
  })
  rmdirSync(inTheWay)
  await vi.waitFor(
    async () => {
      expect(await readRuntime(dataDir)).toMatchObject({ processes: { start: { pid: process.pid } } })
    },
    { timeout: 10_000, interval: 50 },
  )
  expect(said).toHaveLength(1)
  rmSync(dataDir, { recursive: true })
})
