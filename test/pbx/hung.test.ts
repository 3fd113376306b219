import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type TestPbx, startPbx } from '../support/pbx.ts'

// Each question waits 2 s for its answer.
vi.setConfig({ testTimeout: 60_000 })

let pbx: TestPbx
const said: string[] = []
beforeAll(async () => {
  pbx = await startPbx({ watch: { rule: { everyMs: 1, unanswered: 2 }, say: (line) => said.push(line) } })
})
afterAll(async () => {
  await pbx.stop()
})

test('a PBX that hangs is ended, and the next one is not until it hangs itself', async () => {
  process.kill(pbx.pid(), 'SIGSTOP')
  expect(await pbx.ended()).toEqual({ code: null, signal: 'SIGKILL' })
  const words = 'The PBX has not answered for 0 s; it is ended'
  expect(said).toEqual([words])

  await pbx.restart()
  process.kill(pbx.pid(), 'SIGTERM')
  expect(await pbx.ended()).toMatchObject({ signal: null })
  expect(said).toEqual([words])
})
