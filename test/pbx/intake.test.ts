import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseJournalEntry } from '../../src/calls/journal-entry.ts'
import { type DeskPhone } from '../support/desk-phone.ts'
import { joinQueue, plugIn, pushEndpoint } from '../support/operators.ts'
import { type TestPbx, startPbx } from '../support/pbx.ts'
import { type PbxWatch, watchPbx } from '../support/pbx-watch.ts'
import { hearMore, readRecorded } from '../support/recorded.ts'

/** The tone files have amplitude 0.5; a-law and a jitter buffer take little of it. */
const HEARD = 0.2
const STILL = 0.02

let pbx: TestPbx
let seen: PbxWatch
const phones = new Map<string, DeskPhone>()

beforeAll(async () => {
  pbx = await startPbx({ withCarrier: true, verbosity: 3 })
  seen = watchPbx(pbx)
  for (const id of [3, 4]) {
    const account = await pushEndpoint(pbx, id)
    phones.set(account.member, await plugIn(pbx, account))
    await joinQueue(pbx, account)
  }
})
afterAll(async () => {
  await Promise.all([...phones.values()].map((phone) => phone.stop()))
  seen.stop()
  await pbx.stop()
})

/** The phone that rings with a call. */
async function ringingPhone(call: string): Promise<DeskPhone> {
  const called = await seen.event((event) => event['Event'] === 'AgentCalled' && event['Uniqueid'] === call)
  const phone = phones.get(called['MemberName'] ?? '')
  if (phone === undefined) throw new Error('the PBX rang nobody of ours')
  await phone.next('CALL_INCOMING')
  return phone
}

describe('a call with no service at all', () => {
  it('is answered, told of the recording, queued, taken on a desk phone, recorded and journaled', async () => {
    const dialledAt = Date.now()
    const placed = await pbx.carrier.placeCall({
      from: '0950000001',
      name: 'Phạm Thị B',
      speak: 'tone440',
    })
    await placed.answered
    const call = await seen.callOf('0950000001')
    await seen.played(call, 'tongdai/greeting')
    await seen.played(call, 'tongdai/notice')
    const phone = await ringingPhone(call)
    const connected = seen.stage(call, 'connected')
    await phone.answer()
    const member = (await connected)['Member'] ?? ''
    await hearMore(pbx, `call-${call}-citizen`, 2.5)

    const hungUpAt = Date.now()
    await phone.hangUp()
    expect((await placed.ended).cause).toBe(16)
    const row = await seen.finalRow(call)
    await seen.played(call, 'tongdai/goodbye')
    expect(Date.now() - hungUpAt).toBeLessThan(5_000)

    expect(Object.fromEntries(row)).toEqual({
      v: '1',
      in: expect.stringMatching(/^\d{13}$/) as string,
      from: '0950000001',
      name: 'Phạm Thị B',
      line: '02251022',
      notice: pbx.voices.noticeVersion,
      rec: `call-${call}`,
      training: '0',
      nat: expect.stringMatching(/^\d{13}$/) as string,
      q: expect.stringMatching(/^\d{13}$/) as string,
      con: expect.stringMatching(/^\d{13}$/) as string,
      mem: member,
      end: expect.stringMatching(/^\d{13}$/) as string,
      cause: '16',
      qs: 'CONTINUE',
      by: expect.stringMatching(/^PJSIP\/op-4-/) as string,
    })
    const times = [
      dialledAt,
      ...['in', 'nat', 'q', 'con', 'end'].map((key) => Number(row.get(key))),
      Date.now(),
    ]
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(parseJournalEntry(call, row.toString())?.steps.map(({ type }) => type)).toEqual([
      'queued',
      'connected',
    ])

    const citizen = await readRecorded(pbx, `call-${call}-citizen`)
    const operator = await readRecorded(pbx, `call-${call}-operator`)
    const talked = (Number(row.get('end')) - Number(row.get('in'))) / 1000
    expect(citizen.seconds).toBeGreaterThan(talked - 1)
    expect(operator.seconds).toBeCloseTo(citizen.seconds, 0)
    expect(citizen.level(440, 3)).toBeGreaterThan(HEARD)
    expect(citizen.level(880, 3)).toBeLessThan(STILL)
    expect(operator.level(880, 4)).toBeGreaterThan(HEARD / 2)
    expect(operator.level(440, 3)).toBeLessThan(STILL)
  })

  it('keeps two calls at once apart: journal, operator, recording', async () => {
    const people = [
      { from: '0950000011', speak: 'tone440', hertz: 440, other: 660 },
      { from: '0950000012', speak: 'tone660', hertz: 660, other: 440 },
    ]
    const members = new Set<string | null>()
    await Promise.all(
      people.map(async ({ from, speak, hertz, other }) => {
        const placed = await pbx.carrier.placeCall({ from, speak })
        const call = await seen.callOf(from)
        const phone = await ringingPhone(call)
        await phone.answer()
        await seen.stage(call, 'connected')
        await hearMore(pbx, `call-${call}-citizen`, 2)
        await pbx.carrier.hangUp(placed.id)
        const row = await seen.finalRow(call)
        expect(row.get('from')).toBe(from)
        members.add(row.get('mem'))
        const citizen = await readRecorded(pbx, `call-${call}-citizen`)
        expect(citizen.level(hertz, 2)).toBeGreaterThan(HEARD)
        expect(citizen.level(other, 2)).toBeLessThan(STILL)
      }),
    )
    expect(members).toEqual(new Set(['op-3', 'op-4']))
  })

  it('refuses a phone that wants to transfer the call by itself (REFER), and goes on', async () => {
    const placed = await pbx.carrier.placeCall({ from: '0950000013' })
    const call = await seen.callOf('0950000013')
    const phone = await ringingPhone(call)
    await phone.answer()
    await seen.stage(call, 'connected')
    await phone.next('CALL_ESTABLISHED')
    await phone.command('transfer', 'sip:02250000091@127.0.0.1')
    const refused = await phone.next('TRANSFER_FAILED')
    expect(refused.param).toMatch(/^(?:403|603)/)
    await pbx.carrier.hangUp(placed.id)
    expect((await seen.finalRow(call)).getAll('con')).toHaveLength(1)
  })
})
