import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { type DeskPhone } from '../support/desk-phone.ts'
import {
  type TestOperator,
  emptyQueue,
  joinQueue,
  leaveQueue,
  plugIn,
  pushEndpoint,
} from '../support/operators.ts'
import { type TestPbx, startPbx } from '../support/pbx.ts'
import { type PbxWatch, watchPbx } from '../support/pbx-watch.ts'
import { hearMore, readRecorded } from '../support/recorded.ts'
import { openSipCaller } from '../support/sip-caller.ts'

let pbx: TestPbx
let seen: PbxWatch
const phones: DeskPhone[] = []

beforeAll(async () => {
  pbx = await startPbx({ withCarrier: true, verbosity: 3 })
  seen = watchPbx(pbx)
})
afterAll(async () => {
  await Promise.all(phones.map((phone) => phone.stop()))
  seen.stop()
  await pbx.stop()
})

afterEach(async () => {
  await emptyQueue(pbx)
})

async function phoneOf(account: TestOperator): Promise<DeskPhone> {
  const phone = await plugIn(pbx, account)
  phones.push(phone)
  return phone
}

describe('an operator whose phone dies in a call', () => {
  it('leaves the citizen told, first in the queue before all who wait, taken by the next one, recorded throughout', async () => {
    const lost = await pushEndpoint(pbx, 3, { rtpTimeoutSeconds: 2 })
    const lostPhone = await phoneOf(lost)
    await joinQueue(pbx, lost)
    const first = await pbx.carrier.placeCall({ from: '0950000001', speak: 'tone440' })
    const call = await seen.callOf('0950000001')
    await lostPhone.next('CALL_INCOMING')
    await lostPhone.answer()
    await seen.stage(call, 'connected')
    // Another citizen waits already when the phone dies.
    const second = await pbx.carrier.placeCall({ from: '0950000002' })
    const waiting = await seen.callOf('0950000002')
    await seen.stage(waiting, 'queued')
    await leaveQueue(pbx, lost) // as the service does with a console that is gone

    const mark = seen.mark()
    await lostPhone.pullPlug()
    await seen.stage(call, 'queued', { after: mark })
    const joined = await seen.event(
      (event) => event['Event'] === 'QueueCallerJoin' && event['Uniqueid'] === call,
      { after: mark },
    )
    expect(joined['Position']).toBe('1')
    await seen.played(call, 'tongdai/operator-lost')

    const next = await pushEndpoint(pbx, 4)
    const nextPhone = await phoneOf(next)
    await joinQueue(pbx, next)
    const ringing = await nextPhone.next('CALL_INCOMING')
    expect(ringing.peer).toContain('0950000001')
    await nextPhone.answer()
    await seen.stage(call, 'connected', { after: mark })
    await hearMore(pbx, `call-${call}-operator`, 4)
    expect((await readRecorded(pbx, `call-${call}-operator`)).level(880, 1)).toBeGreaterThan(0.1)
    await nextPhone.hangUp()
    expect((await first.ended).cause).toBe(16)

    const row = await seen.finalRow(call)
    expect(row.getAll('con')).toHaveLength(2)
    expect(row.getAll('mem')).toEqual(['op-3', 'op-4'])
    const citizen = await readRecorded(pbx, `call-${call}-citizen`)
    const seconds = (Number(row.get('end')) - Number(row.get('in'))) / 1000
    expect(citizen.seconds).toBeGreaterThan(seconds - 1)
    expect(citizen.level(440, citizen.seconds)).toBeGreaterThan(0.2)

    // The one who waited is next, and nobody was dropped on the way.
    await nextPhone.next('CALL_INCOMING')
    await nextPhone.answer()
    await seen.stage(waiting, 'connected')
    await pbx.carrier.hangUp(second.id)
    expect((await seen.finalRow(waiting)).getAll('con')).toHaveLength(1)
  })

  it('that declines is rung again, the citizen stays, and a hang-up in the queue reads as abandoned', async () => {
    const account = await pushEndpoint(pbx, 5)
    const phone = await phoneOf(account)
    await joinQueue(pbx, account)
    const placed = await pbx.carrier.placeCall({ from: '0950000003' })
    const call = await seen.callOf('0950000003')
    await phone.next('CALL_INCOMING')
    await phone.hangUp()
    const declined = await seen.event(
      (event) => event['Event'] === 'AgentRingNoAnswer' && event['Uniqueid'] === call,
    )
    expect(declined['MemberName']).toBe('op-5')
    await phone.next('CALL_INCOMING')
    await pbx.carrier.hangUp(placed.id)
    await seen.event((event) => event['Event'] === 'QueueCallerAbandon' && event['Uniqueid'] === call)
    const row = await seen.finalRow(call)
    expect(row.has('q')).toBe(true)
    expect(row.has('con')).toBe(false)
    expect(row.get('cause')).toBe('16')
  })

  it('after a reloaded page took the call over: the citizen is told and waits in front as well', async () => {
    const lost = await pushEndpoint(pbx, 6, { rtpTimeoutSeconds: 2 })
    const phone = await phoneOf(lost)
    await joinQueue(pbx, lost)
    const placed = await pbx.carrier.placeCall({ from: '0950000004', speak: 'tone440' })
    const call = await seen.callOf('0950000004')
    await phone.next('CALL_INCOMING')
    await phone.answer()
    await seen.stage(call, 'connected')

    const [port = 0, strangersPort = 0] = await pickPorts([{ kind: 'udp' }, { kind: 'udp' }])
    const { sip: pbxPort } = pbx.ports
    const stranger = await openSipCaller({
      port: strangersPort,
      pbxPort,
      credentials: await pushEndpoint(pbx, 7),
    })
    const refused = await stranger.invite({ to: 'resume', from: '<sip:op-7@127.0.0.1>' })
    expect(refused.status).toBeGreaterThanOrEqual(400)
    stranger.close()

    // The new page sends no sound either: its leg dies as the phone's would.
    const page = await openSipCaller({ port, pbxPort, credentials: lost })
    const resumed = await page.invite({ to: 'resume', from: '<sip:op-6@127.0.0.1>' })
    expect(resumed.status).toBe(200)
    await phone.next('CALL_CLOSED')
    expect((await seen.stage(call, 'resumed'))['Member']).toBe('op-6')
    await leaveQueue(pbx, lost)
    const mark = seen.mark()
    await resumed.ended
    await seen.stage(call, 'queued', { after: mark })
    await pbx.carrier.hangUp(placed.id)
    const row = await seen.finalRow(call)
    expect(row.getAll('q')).toHaveLength(2)
    expect(row.getAll('con')).toHaveLength(1)
    page.close()
  })
})
