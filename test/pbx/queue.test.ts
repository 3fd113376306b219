import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseJournalEntry } from '../../src/calls/journal-entry.ts'
import { type TestPbx, startPbx } from '../support/pbx.ts'
import { type PbxWatch, watchPbx } from '../support/pbx-watch.ts'
import { hearMore, readRecorded } from '../support/recorded.ts'

let pbx: TestPbx
let seen: PbxWatch

beforeAll(async () => {
  pbx = await startPbx({ withCarrier: true, verbosity: 3, offerEverySeconds: 6, maxWaitSeconds: 9 })
  seen = watchPbx(pbx)
})
afterAll(async () => {
  seen.stop()
  await pbx.stop()
})

/** A citizen who waits, with nobody signed in at all. */
async function wait(from: string): Promise<{ readonly id: string; readonly call: string }> {
  const { id } = await pbx.carrier.placeCall({ from, speak: 'tone440' })
  const call = await seen.callOf(from)
  await seen.stage(call, 'queued')
  return { id, call }
}

async function press(id: string, keys: string): Promise<void> {
  await pbx.carrier.press(id, keys)
}

describe('waiting with nobody signed in', () => {
  it('tells each their place and wait, plays music, offers, and after long speaks the menu and keeps their place', async () => {
    const first = await wait('0950000001')
    await seen.played(first.call, 'tongdai/queue-next')
    const second = await wait('0950000002')
    for (const sound of [
      'queue-there-are',
      'digits/2',
      'queue-waiting',
      'queue-holdtime',
      'digits/30',
      'queue-seconds',
    ]) {
      await seen.played(second.call, sound.startsWith('digits') ? sound : `tongdai/${sound}`)
    }
    await seen.logged(
      new RegExp(`Started music on hold, class 'hotline', on channel '${await seen.channelOf(second.call)}'`),
    )
    await pbx.carrier.hangUp(second.id)
    const abandoned = await seen.finalRow(second.call)
    expect(abandoned.has('q')).toBe(true)
    expect(['con', 'cb', 'vm'].filter((key) => abandoned.has(key))).toEqual([])

    await seen.played(first.call, 'tongdai/queue-offer')
    const third = await wait('0950000003')
    await seen.played(first.call, 'tongdai/long-wait')
    const mark = seen.mark()
    // No key pressed: back into the queue, before whoever came while the menu was spoken.
    const back = await seen.event(
      (event) => event['Event'] === 'QueueCallerJoin' && event['Uniqueid'] === first.call,
      { after: mark },
    )
    expect(back['Position']).toBe('1')
    await Promise.all([first, third].map(({ id }) => pbx.carrier.hangUp(id)))
    await Promise.all([first, third].map(({ call }) => seen.finalRow(call)))
    expect(await readFile(join(pbx.root, 'log/messages.log'), 'utf8')).not.toMatch(/WARNING|ERROR/)
  })
})

describe('a key pressed while waiting', () => {
  beforeAll(async () => {
    await wait('0950000010') // somebody before them all
  })

  /** One who presses a key once their place and wait have been said. */
  async function waitAndPress(
    from: string,
    key: string,
  ): Promise<{ readonly id: string; readonly call: string }> {
    const waiting = await wait(from)
    await seen.played(waiting.call, 'tongdai/queue-seconds')
    await press(waiting.id, key)
    return waiting
  }

  it.concurrent('1: calls a known number back after reading it out', async () => {
    const { id, call } = await waitAndPress('0950000011', '1')
    await seen.played(call, 'tongdai/callback-confirm')
    await seen.played(call, 'tongdai/callback-choice')
    await press(id, '1')
    const row = await seen.finalRow(call)
    await seen.played(call, 'tongdai/callback-thanks')
    expect(row.get('cbnum')).toBe('0950000011')
    expect(Number(row.get('cb'))).toBeGreaterThan(Number(row.get('q')))
    expect(row.get('cause')).toBe('16')
    const asked = await seen.stage(call, 'callback')
    expect(asked['Number']).toBe('0950000011')
  })

  it.concurrent('1: asks a caller without a number for one, again when it is too short', async () => {
    const { id, call } = await waitAndPress('anonymous', '1')
    await seen.played(call, 'tongdai/callback-enter')
    await press(id, '12#')
    await seen.logged(/(?:callback-enter[^]*){2}/)
    await press(id, '0950102030#')
    const row = await seen.finalRow(call)
    expect(row.get('from')).toBe('anonymous')
    expect(row.get('cbnum')).toBe('0950102030')
  })

  it.concurrent('1, then 2: takes another number than the one calling', async () => {
    const { id, call } = await waitAndPress('+84950000013', '1')
    await seen.played(call, 'tongdai/callback-choice')
    await press(id, '2')
    await seen.played(call, 'tongdai/callback-enter')
    await press(id, '0950403020#')
    const row = await seen.finalRow(call)
    expect(row.get('from')).toBe('+84950000013')
    expect(row.get('cbnum')).toBe('0950403020')
  })

  it.concurrent('2: records a message, kept when the citizen simply hangs up', async () => {
    const { id, call } = await wait('0950000014')
    await seen.played(call, 'tongdai/queue-offer')
    await press(id, '2')
    await seen.stage(call, 'voicemail')
    await seen.played(call, 'beep')
    await hearMore(pbx, `vm-${call}`, 2)
    await pbx.carrier.hangUp(id)
    const row = await seen.finalRow(call)
    expect(row.get('vmrec')).toBe(`vm-${call}`)
    expect(parseJournalEntry(call, row.toString())?.steps.at(-1)).toMatchObject({ type: 'messageStarted' })
    const message = await readRecorded(pbx, `vm-${call}`)
    expect(message.level(440, 2)).toBeGreaterThan(0.2)
    const whole = await readRecorded(pbx, `call-${call}-citizen`)
    expect(whole.seconds).toBeGreaterThan((Number(row.get('end')) - Number(row.get('in'))) / 1000 - 1)
  })
})
