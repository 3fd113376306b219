import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CallView } from '../../src/calls/contract.ts'
import type { TicketView } from '../../src/tickets/contract.ts'
import type { TransferTarget } from '../../src/transfers/contract.ts'
import { type Hotline, startHotline } from '../support/hotline.ts'
import { type PbxWatch, watchPbx } from '../support/pbx-watch.ts'
import { hearMore, readRecorded } from '../support/recorded.ts'
import { type DeskOperator, seatDeskOperator } from '../support/transfer-rig.ts'

const OPERATOR = 880
const AGENCY = 660
const HEARD = 0.05

let hotline: Hotline
let seen: PbxWatch
let operator: DeskOperator

beforeAll(async () => {
  hotline = await startHotline({ pbx: { verbosity: 3 } })
  seen = watchPbx(hotline.pbx)
  operator = await seatDeskOperator(hotline, 'mai')
  await hotline.pbx.carrier.setPhone('02250009001', 'tone')
  await hotline.pbx.carrier.setPhone('02250009002', 'answer')
})
afterAll(async () => {
  await operator.close()
  seen.stop()
  await hotline.stop()
})

const target = (number: string, ask = false): TransferTarget => ({
  number,
  unitId: null,
  label: `Trực ${number}`,
  ask,
})

const placedCalls: string[] = []
afterEach(async () => {
  for (const id of placedCalls.splice(0)) await hotline.pbx.carrier.hangUp(id)
  await nothingLeft()
  await operator.ready()
})

let count = 0
async function talk(): Promise<{
  call: string
  hangUp: () => Promise<void>
  ended: Promise<{ cause: number }>
}> {
  count += 1
  const from = `0950001${String(count).padStart(3, '0')}`
  const placed = await hotline.pbx.carrier.placeCall({ from, speak: 'tone440' })
  placedCalls.push(placed.id)
  const call = await seen.callOf(from)
  await seen.stage(call, 'connected')
  await operator.call(({ id, state }) => id === call && state === 'talking')
  return { call, hangUp: () => hotline.pbx.carrier.hangUp(placed.id), ended: placed.ended }
}

/** What the citizen has heard in the last second. */
async function citizenHears(call: string): Promise<{ operator: boolean; agency: boolean }> {
  await hearMore(hotline.pbx, `call-${call}-operator`, 3)
  const heard = await readRecorded(hotline.pbx, `call-${call}-operator`)
  return { operator: heard.level(OPERATOR, 1) > HEARD, agency: heard.level(AGENCY, 1) > HEARD }
}

async function nothingLeft(): Promise<void> {
  const ari = async (path: string): Promise<unknown[]> => {
    const { url, user, secret } = hotline.pbx.ari
    const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`
    return (await (await fetch(`${url}/ari${path}`, { headers: { authorization } })).json()) as unknown[]
  }
  await expect.poll(() => ari('/channels'), { timeout: 5_000 }).toEqual([])
  await expect.poll(() => ari('/bridges'), { timeout: 5_000 }).toEqual([])
}

describe('a warm transfer', () => {
  it('goes from talk to consultation, both ways, to three, and on without the operator', async () => {
    const { call, hangUp } = await talk()
    await operator.start([target('0225 000 9001')])
    const consult = await operator.transfer(({ callId, state }) => callId === call && state === 'consult')
    expect(await citizenHears(call)).toEqual({ operator: false, agency: false })

    const aside = await operator.command(consult, 'toggle')
    expect(aside.state).toBe('citizenSide')
    expect(await citizenHears(call)).toEqual({ operator: true, agency: false })

    const merged = await operator.command(aside, 'merge')
    expect(merged.state).toBe('merged')
    expect(await citizenHears(call)).toEqual({ operator: true, agency: true })

    await operator.command(merged, 'complete')
    await operator.transfer(({ callId, state }) => callId === call && state === 'completed')
    await operator.phone.next('CALL_CLOSED')
    expect(await citizenHears(call)).toEqual({ operator: false, agency: true })

    await hangUp()
    await expect
      .poll(() => operator.get<CallView>(`/api/calls/${call}`), { timeout: 10_000 })
      .toMatchObject({ state: 'ended', outcome: 'answered', endedBy: 'caller' })
    const { ticketCode } = await operator.get<CallView>(`/api/calls/${call}`)
    const ticket = () => operator.get<TicketView>(`/api/tickets/${ticketCode ?? ''}`)
    const kinds = async () => (await ticket()).recordings.map(({ kind, state }) => `${kind} ${state}`).sort()
    await expect.poll(kinds, { timeout: 10_000 }).toEqual(['call stored', 'consult stored'])
    const { events, form } = await ticket()
    expect(form.urgent).toBe(true)
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'transferStarted',
        'transferAccepted',
        'transferEnded',
        'transferTalkEnded',
        'callEnded',
      ]),
    )
    await nothingLeft()
  })

  it('comes back to the citizen when it is cancelled, with everything as before', async () => {
    const { call } = await talk()
    await operator.start([target('0225 000 9001')])
    const consult = await operator.transfer(({ callId, state }) => callId === call && state === 'consult')
    await operator.command(consult, 'cancel')
    await operator.transfer(({ callId, state }) => callId === call && state === 'returned')
    expect(await citizenHears(call)).toEqual({ operator: true, agency: false })
    await operator.phone.hangUp()
    await seen.finalRow(call)
    await nothingLeft()
  })

  it('falls to the next number, and counts only who pressed 1', async () => {
    const { call, hangUp } = await talk()
    await operator.start([
      target('0225 000 9092'), // busy
      target('0225 000 9096', true), // a machine that answers and presses nothing
      target('0225 000 9002', true),
    ])
    const machine = await operator.transfer(
      ({ callId, attempts }) => callId === call && attempts[1]?.state === 'asked',
    )
    expect(machine.attempts[0]?.state).toBe('busy')
    await operator.command(machine, 'skip')
    const consult = await operator.transfer(({ callId, state }) => callId === call && state === 'consult')
    expect(consult.attempts.map(({ state }) => state)).toEqual(['busy', 'skipped', 'accepted'])
    await operator.phone.hangUp()
    await operator.transfer(({ callId, state }) => callId === call && state === 'completed')
    await hangUp()
    await nothingLeft()
  })

  it('brings both together again at the end of the chain', async () => {
    const { call, hangUp } = await talk()
    await operator.start([target('0225 000 9092'), target('0225 000 9093')])
    const back = await operator.transfer(({ callId, state }) => callId === call && state === 'returned')
    expect(back.attempts.map(({ state }) => state)).toEqual(['busy', 'rejected'])
    expect(await citizenHears(call)).toEqual({ operator: true, agency: false })
    await hangUp()
    await nothingLeft()
  })

  it('goes on blind when the operator leaves, and brings the citizen back to the queue when it fails', async () => {
    const { call, hangUp } = await talk()
    const mark = seen.mark()
    await operator.start([target('0225 000 9093')], 'blind')
    await operator.transfer(({ callId, state }) => callId === call && state === 'requeued')
    await seen.stage(call, 'queued', { after: mark })
    await hangUp()
    await nothingLeft()
  })
})
