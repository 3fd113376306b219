import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { parseJournalEntry } from '../../src/calls/journal-entry.ts'
import { type DeskPhone } from '../support/desk-phone.ts'
import { plugIn, pushEndpoint } from '../support/operators.ts'
import { type TestPbx, startPbx } from '../support/pbx.ts'
import { type PbxWatch, watchPbx } from '../support/pbx-watch.ts'
import { hearMore, readRecorded } from '../support/recorded.ts'
import { type SipCaller, openSipCaller } from '../support/sip-caller.ts'

let pbx: TestPbx
let seen: PbxWatch
let phone: DeskPhone
/** The same operator's phone as a bare SIP speaker: it can send headers and addresses no phone has a key for. */
let bare: SipCaller
const FROM = '"op" <sip:op-4@127.0.0.1>'

beforeAll(async () => {
  pbx = await startPbx({ withCarrier: true, verbosity: 3 })
  seen = watchPbx(pbx)
  phone = await plugIn(pbx, await pushEndpoint(pbx, 3))
  const credentials = await pushEndpoint(pbx, 4)
  const [port = 0] = await pickPorts([{ kind: 'udp' }])
  bare = await openSipCaller({ port, pbxPort: pbx.ports.sip, credentials })
})
afterAll(async () => {
  bare.close()
  await phone.stop()
  seen.stop()
  await pbx.stop()
})

describe('an operator who dials', () => {
  it('reaches the number over the trunk: told of the recording, recorded, journaled', async () => {
    await pbx.carrier.setPhone('0950000021', 'tone')
    await phone.dial('0950000021')
    await phone.next('CALL_ESTABLISHED')
    const call = await seen.callOf('0950000021')
    await seen.played(call, 'tongdai/notice-out')
    await seen.stage(call, 'connected')
    await hearMore(pbx, `call-${call}-citizen`, 2.5)
    await phone.hangUp()
    const row = await seen.finalRow(call)
    expect(Object.fromEntries(row)).toMatchObject({
      dir: 'out',
      from: '0950000021',
      line: '02251022',
      notice: pbx.voices.noticeOutVersion,
      rec: `call-${call}`,
      op: 'op-3',
      mem: 'op-3',
      ticket: '',
      cause: '16',
    })
    expect(Number(row.get('con'))).toBeGreaterThan(Number(row.get('in')))
    expect(parseJournalEntry(call, row.toString())).toMatchObject({ direction: 'out', operatorId: 3 })
    const citizen = await readRecorded(pbx, `call-${call}-citizen`)
    const operator = await readRecorded(pbx, `call-${call}-operator`)
    expect(citizen.level(660, 1)).toBeGreaterThan(0.2)
    expect(operator.level(880, 1)).toBeGreaterThan(0.1)
    expect(citizen.seconds).toBeCloseTo((Number(row.get('end')) - Number(row.get('con'))) / 1000, 0)
  })

  it.each([
    { habit: 'busy', number: '0950000022', cause: '17', status: 486 },
    { habit: 'reject', number: '0950000023', cause: '21', status: 403 },
    { habit: 'unallocated', number: '0950000024', cause: '1', status: 404 },
  ] as const)("is told the network's own reason: $habit", async ({ habit, number, cause, status }) => {
    await pbx.carrier.setPhone(number, habit)
    const answer = await bare.invite({ to: number, from: FROM })
    expect(answer.status).toBe(status)
    const row = await seen.finalRow(await seen.callOf(number))
    expect(row.get('cause')).toBe(cause)
    expect(row.has('con')).toBe(false)
  })

  it('keeps the ticket the console names, cleaned', async () => {
    await pbx.carrier.setPhone('0950000025', 'tone')
    const { hangUp, status } = await bare.invite({
      to: '0950000025',
      from: FROM,
      headers: ['X-Ticket: HP26-000001'],
    })
    expect(status).toBe(200)
    const call = await seen.callOf('0950000025')
    await seen.stage(call, 'connected')
    hangUp()
    expect((await seen.finalRow(call)).get('ticket')).toBe('HP26-000001')
    const dialled = await seen.stage(call, 'dialout')
    expect(dialled).toMatchObject({ Operator: 'op-4', Ticket: 'HP26-000001' })

    await pbx.carrier.setPhone('0950000026', 'busy')
    await bare.invite({
      to: '0950000026',
      from: FROM,
      headers: ['X-Ticket: HP26&end=1&x=${SHELL(id)}, z'],
    })
    const row = await seen.finalRow(await seen.callOf('0950000026'))
    expect(row.get('ticket')).toBe('HP26end1xSHELLidz')
    expect(row.getAll('end')).toHaveLength(1)
  })

  it.each([
    's',
    'answer',
    'robot',
    'hotline-test',
    'resume',
    'trunk',
    'op-3',
    '%24%7BSHELL(id)%7D',
    'Local%2Fanswer%40hotline-robot',
  ])('reaches nothing but the trunk: %s is refused', async (to) => {
    const mark = seen.mark()
    const answer = await bare.invite({ to, from: FROM })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    await expect(
      seen.event((event) => event['UserEvent'] === 'Hotline', { after: mark, withinMs: 50 }),
    ).rejects.toThrow()
  })

  it('dials only the digits of what is dressed up as more', async () => {
    await pbx.carrier.setPhone('09500000271', 'busy')
    const rung = new Promise<string>((resolve) => {
      const off = pbx.carrier.onPhone(({ what, number }) => {
        if (what !== 'rung') return
        off()
        resolve(number)
      })
    })
    await bare.invite({ to: '0950000027%26Local%2F1%40hotline-test', from: FROM })
    expect(await rung).toBe('09500000271')
  })

  it('cannot move a call by itself, and nobody without an account can dial', async () => {
    await pbx.carrier.setPhone('0950000028', 'tone')
    const talk = await bare.invite({ to: '0950000028', from: FROM })
    expect(talk.status).toBe(200)
    expect(await talk.refer('0950000029')).toBeGreaterThanOrEqual(400)
    talk.hangUp()
    const [port = 0] = await pickPorts([{ kind: 'udp' }])
    const stranger = await openSipCaller({ port, pbxPort: pbx.ports.sip })
    const { status } = await stranger.invite({ to: '0950000030', from: '<sip:nobody@127.0.0.1>' })
    expect(status).toBe(401)
    stranger.close()
  })
})
