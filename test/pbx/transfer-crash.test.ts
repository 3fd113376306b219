import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { firstGoodAnswer } from '../bench-support/first-answer.ts'
import { type ServiceProcess, startService } from '../bench-support/service-process.ts'
import type { TransferState, TransferTarget, TransferView } from '../../src/transfers/contract.ts'
import { type TestPbx, startPbx } from '../support/pbx.ts'
import { type PbxWatch, watchPbx } from '../support/pbx-watch.ts'
import { hearMore, readRecorded } from '../support/recorded.ts'
import { type DeskOperator, seatDeskOperator } from '../support/transfer-rig.ts'

const OPERATOR = 880
const AGENCY = 660
const HEARD = 0.05
/** Whoever would be left alone is brought together, returned or released this soon after the service is back. */
const SETTLED_WITHIN_MS = 5_000

let folder: string
let pbx: TestPbx
let seen: PbxWatch
let service: ServiceProcess
let operator: DeskOperator
let port: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tongdai-crash-'))
  pbx = await startPbx({ withCarrier: true })
  seen = watchPbx(pbx)
  service = await startService({ pbx, folder })
  port = Number(new URL(service.url).port)
  await service.ready
  await firstGoodAnswer(`${service.url}/readyz`, 10_000)
  operator = await seatDeskOperator({ url: service.url, pbx, dataDir: join(folder, 'data') }, 'mai')
  await pbx.carrier.setPhone('02250009001', 'tone')
  await pbx.carrier.setPhone('02250009003', 'ringout')
})
afterAll(async () => {
  await operator.close()
  await service.stop()
  seen.stop()
  await pbx.stop()
  await rm(folder, { recursive: true, force: true })
})

const target = (number: string): TransferTarget => ({
  number,
  unitId: null,
  label: `Trực ${number}`,
  ask: false,
})
const placed: string[] = []
let count = 0

afterEach(async () => {
  for (const id of placed.splice(0)) await pbx.carrier.hangUp(id)
  await nothingLeft()
  await operator.ready()
})

async function talk(): Promise<{ call: string; hangUp: () => Promise<void> }> {
  count += 1
  const from = `0950002${String(count).padStart(3, '0')}`
  const { id } = await pbx.carrier.placeCall({ from, speak: 'tone440' })
  placed.push(id)
  const call = await seen.callOf(from)
  await seen.stage(call, 'connected')
  await operator.call((view) => view.id === call && view.state === 'talking')
  return { call, hangUp: () => pbx.carrier.hangUp(id) }
}

async function bring(call: string, to: TransferState): Promise<TransferView> {
  const isRinging = to === 'ringing' || to === 'ringingAside' || to === 'blind'
  await operator.start([target(isRinging ? '0225 000 9003' : '0225 000 9001')])
  const reached = (state: TransferState) =>
    operator.transfer((one) => one.callId === call && one.state === state)
  const first = await reached(isRinging ? 'ringing' : 'consult')
  if (to === 'ringingAside' || to === 'citizenSide') return operator.command(first, 'toggle')
  if (to === 'merged') return operator.command(first, 'merge')
  return to === 'blind' ? operator.command(first, 'complete') : first
}

async function crash(meanwhile: () => Promise<void>): Promise<void> {
  await service.kill()
  await meanwhile()
  service = await startService({ pbx, folder, port })
  await service.ready
  await firstGoodAnswer(`${service.url}/readyz`, 10_000)
  await operator.reopen()
}

/** What is written down, read past the service. */
function stateOf(id: string): TransferState | undefined {
  const db = new Database(join(folder, 'data/tongdai.sqlite'), { readonly: true })
  try {
    const row = db.prepare('select state from transfers where id = ?').get(id) as
      { state: TransferState } | undefined
    return row?.state
  } finally {
    db.close()
  }
}

async function settles(id: string, state: TransferState): Promise<void> {
  await expect.poll(() => stateOf(id), { timeout: SETTLED_WITHIN_MS }).toBe(state)
}

async function citizenHears(call: string): Promise<{ operator: boolean; agency: boolean }> {
  await hearMore(pbx, `call-${call}-operator`, 3)
  const heard = await readRecorded(pbx, `call-${call}-operator`)
  return { operator: heard.level(OPERATOR, 1) > HEARD, agency: heard.level(AGENCY, 1) > HEARD }
}

async function ari(path: string): Promise<{ id: string }[]> {
  const { url, user, secret } = pbx.ari
  const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`
  return (await (await fetch(`${url}/ari${path}`, { headers: { authorization } })).json()) as { id: string }[]
}

async function nothingLeft(): Promise<void> {
  for (const path of ['/channels', '/bridges']) {
    await expect.poll(() => ari(path), { timeout: SETTLED_WITHIN_MS }).toEqual([])
  }
}

async function hangUpAgency({ id }: TransferView): Promise<void> {
  await pbx.look().send('Hangup', { Channel: `transfer-${id}-1`, Cause: '16' })
  await expect
    .poll(async () => (await ari('/channels')).map((one) => one.id))
    .not.toContain(`transfer-${id}-1`)
}

async function gone(leg: string): Promise<void> {
  await expect.poll(async () => (await ari('/channels')).map((one) => one.id)).not.toContain(leg)
}

describe('a transfer whose service is killed', () => {
  it('while the agency is rung, goes on ringing, and can be cancelled', async () => {
    const { call } = await talk()
    const transfer = await bring(call, 'ringing')
    await crash(async () => undefined)
    await settles(transfer.id, 'ringing')
    await operator.command(transfer, 'cancel')
    await settles(transfer.id, 'returned')
    expect(await citizenHears(call)).toEqual({ operator: true, agency: false })
  })

  it('while the agency is rung, releases everybody when the citizen has hung up meanwhile', async () => {
    const { call, hangUp } = await talk()
    const transfer = await bring(call, 'ringing')
    await crash(async () => {
      await hangUp()
      await gone(call)
    })
    await settles(transfer.id, 'abandoned')
    await nothingLeft()
  })

  it('while the agency is rung, goes on without an operator who has left', async () => {
    const { call, hangUp } = await talk()
    const transfer = await bring(call, 'ringing')
    await crash(async () => {
      await operator.phone.hangUp()
      await operator.phone.next('CALL_CLOSED').catch(() => undefined)
    })
    await settles(transfer.id, 'blind')
    await hangUp()
    await settles(transfer.id, 'abandoned')
  })

  it('in the consultation, keeps both talking, and completes', async () => {
    const { call } = await talk()
    const transfer = await bring(call, 'consult')
    await crash(async () => undefined)
    await settles(transfer.id, 'consult')
    expect(await citizenHears(call)).toEqual({ operator: false, agency: false })
    await operator.command(transfer, 'complete')
    await settles(transfer.id, 'completed')
    expect(await citizenHears(call)).toEqual({ operator: false, agency: true })
  })

  it('in the consultation, lets operator and agency end what they say when the citizen has hung up', async () => {
    const { call, hangUp } = await talk()
    const transfer = await bring(call, 'consult')
    await crash(async () => {
      await hangUp()
      await gone(call)
    })
    await settles(transfer.id, 'afterCitizen')
    await operator.phone.hangUp()
    await settles(transfer.id, 'abandoned')
  })

  it('in the consultation, joins citizen and agency when the operator has left', async () => {
    const { call } = await talk()
    const transfer = await bring(call, 'consult')
    await crash(async () => {
      await operator.phone.hangUp()
    })
    await settles(transfer.id, 'completed')
    expect(await citizenHears(call)).toEqual({ operator: false, agency: true })
  })

  it('in the consultation, brings operator and citizen together when the agency has left', async () => {
    const { call } = await talk()
    const transfer = await bring(call, 'consult')
    await crash(() => hangUpAgency(transfer))
    await settles(transfer.id, 'returned')
    expect(await citizenHears(call)).toEqual({ operator: true, agency: false })
  })

  it('with the operator at the citizen’s side, leaves the talk in progress alone', async () => {
    const { call } = await talk()
    const transfer = await bring(call, 'citizenSide')
    await crash(async () => {
      expect(await citizenHears(call)).toEqual({ operator: true, agency: false })
    })
    await settles(transfer.id, 'citizenSide')
    expect(await citizenHears(call)).toEqual({ operator: true, agency: false })
    await operator.command(transfer, 'cancel')
    await settles(transfer.id, 'returned')
  })

  it('with all three together, goes on with those who stay', async () => {
    const { call } = await talk()
    const transfer = await bring(call, 'merged')
    await crash(async () => {
      await operator.phone.hangUp()
    })
    await settles(transfer.id, 'completed')
    expect(await citizenHears(call)).toEqual({ operator: false, agency: true })
  })
})
