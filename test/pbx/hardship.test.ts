import { once } from 'node:events'
import { lstat, symlink, writeFile } from 'node:fs/promises'
import { type Socket, connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DeskPhone } from '../support/desk-phone.ts'
import { joinQueue, plugIn, pushEndpoint } from '../support/operators.ts'
import { type TestPbx, startPbx } from '../support/pbx.ts'
import { type PbxWatch, watchPbx } from '../support/pbx-watch.ts'
import { readRecorded } from '../support/recorded.ts'

let pbx: TestPbx
let seen: PbxWatch
let phone: DeskPhone

beforeAll(async () => {
  pbx = await startPbx({ withCarrier: true, verbosity: 3 })
  seen = watchPbx(pbx)
  const operator = await pushEndpoint(pbx, 3)
  phone = await plugIn(pbx, operator)
  await joinQueue(pbx, operator)
})
afterAll(async () => {
  await phone.stop()
  seen.stop()
  await pbx.stop()
})

/** A whole call: answered, taken by the operator, hung up by the citizen; its journal row and the time to the answer. */
async function call(from: string): Promise<{ id: string; row: URLSearchParams; answeredMs: number }> {
  const placedAt = performance.now()
  const placed = await pbx.carrier.placeCall({ from, speak: 'tone440' })
  await placed.answered
  const answeredMs = performance.now() - placedAt
  const id = await seen.callOf(from)
  await phone.next('CALL_INCOMING')
  await phone.answer()
  await seen.stage(id, 'connected')
  await phone.next('CALL_ESTABLISHED')
  await pbx.carrier.hangUp(placed.id)
  const row = await seen.finalRow(id)
  await phone.next('CALL_CLOSED')
  return { id, row, answeredMs }
}

describe('a disk that takes no more recordings', () => {
  it('is full (ENOSPC): the call goes on to its end, and the next is recorded again', async () => {
    // The names a call that starts within the next seconds may get, each leading to a device that is always full.
    const { id: last } = await call('0950000001')
    const [, system = '', second = '', serial = ''] = /^(.*)-(\d+)\.(\d+)$/.exec(last) ?? []
    for (let ahead = 0; ahead < 60; ahead += 1) {
      for (const side of ['citizen', 'operator']) {
        for (let next = 1; next <= 4; next += 1) {
          const name = `call-${system}-${String(Number(second) + ahead)}.${String(Number(serial) + next)}-${side}.wav`
          await symlink('/dev/full', join(pbx.recordingDir, name))
        }
      }
    }
    const { id, row } = await call('0950000002')
    expect((await lstat(join(pbx.recordingDir, `call-${id}-citizen.wav`))).isSymbolicLink()).toBe(true)
    expect(row.get('mem')).toBe('op-3')
    expect(row.get('cause')).toBe('16')

    const after = await call('0950000003').then(() => call('0950000004'))
    expect((await readRecorded(pbx, `call-${after.id}-citizen`)).seconds).toBeGreaterThan(0.5)
  })

  it('is gone (no such folder): the call goes on to its end', async () => {
    await writeFile(join(pbx.root, 'not-a-folder'), '')
    const variable = 'HOTLINE_RECORDINGS'
    await pbx.look().send('Setvar', { Variable: variable, Value: join(pbx.root, 'not-a-folder/recording') })
    try {
      const { row } = await call('0950000005')
      expect(row.get('mem')).toBe('op-3')
      expect(row.get('cause')).toBe('16')
    } finally {
      await pbx.look().send('Setvar', { Variable: variable, Value: pbx.recordingDir })
    }
  })
})

describe('a journal row that got lost on the way', () => {
  it('is whole again with the next thing that happens to its call', async () => {
    const placed = await pbx.carrier.placeCall({ from: '0950000021' })
    const id = await seen.callOf('0950000021')
    await phone.next('CALL_INCOMING')
    await pbx.look().send('DBDel', { Family: 'calls', Key: id })
    await phone.answer()
    await seen.stage(id, 'connected')
    expect([...(await seen.row(id)).keys()]).toEqual(
      expect.arrayContaining(['v', 'in', 'from', 'rec', 'q', 'con', 'mem']),
    )
    await pbx.look().send('DBDel', { Family: 'calls', Key: id })
    await pbx.carrier.hangUp(placed.id)
    expect([...(await seen.finalRow(id)).keys()]).toEqual(
      expect.arrayContaining(['v', 'in', 'from', 'rec', 'q', 'con', 'mem', 'end', 'cause']),
    )
    await phone.next('CALL_CLOSED')
  })
})

describe('an AMI client that', () => {
  async function signedIn(): Promise<Socket> {
    const line = connect(pbx.ami.port, '127.0.0.1')
    line.on('error', () => undefined) // the PBX may cut it off, and that is its right
    line.write(`Action: Login\r\nUsername: ${pbx.ami.user}\r\nSecret: ${pbx.ami.secret}\r\n\r\n`)
    await once(line, 'data')
    return line
  }

  it('stalls stops no call', async () => {
    const stalled = await signedIn()
    stalled.pause()
    // More than the socket buffers of both ends hold (tcp_rmem and tcp_wmem end at 6 and 4 MB).
    const filler = Array.from({ length: 4 }, () => 'x'.repeat(900))
    for (let batch = 0; batch < 20; batch += 1) {
      await Promise.all(
        Array.from({ length: 200 }, () =>
          pbx.look().send('UserEvent', { UserEvent: 'Filler', Text: filler }),
        ),
      )
    }
    const { row, answeredMs } = await call('0950000011')
    expect(row.get('cause')).toBe('16')
    expect(answeredMs).toBeLessThan(2_000)
    stalled.destroy()
  })

  it('floods stops no call', async () => {
    const flooding = await signedIn()
    flooding.resume()
    const calm = new AbortController()
    let answers = 0
    const flood = (async () => {
      while (!calm.signal.aborted) {
        flooding.write('Action: CoreShowChannels\r\n\r\n'.repeat(100))
        await once(flooding, 'data')
        answers += 1
      }
    })()
    try {
      const { row, answeredMs } = await call('0950000012')
      expect(row.get('cause')).toBe('16')
      expect(answeredMs).toBeLessThan(2_000)
    } finally {
      calm.abort()
      await flood
      flooding.destroy()
    }
    expect(answers).toBeGreaterThan(20)
  })
})
