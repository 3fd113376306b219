import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { PresenceView } from '../../src/presence/contract.ts'
import type { TransferTarget, TransferView } from '../../src/transfers/contract.ts'
import { untilFine } from '../bench-support/polling.ts'
import { openTransferStage, type Scene, type Sound, type TransferStage } from '../support/transfer-stage.ts'

const WITHIN_MS = 5_000

let stage: TransferStage
let scenes: readonly Scene[] = []
beforeAll(async () => {
  stage = await openTransferStage(2)
})
afterEach(async () => {
  await stage.end(scenes)
  await untilFine(WITHIN_MS, async () => {
    const left = [...(await stage.ari('/channels')), ...(await stage.ari('/bridges'))]
    return left.length === 0 ? undefined : `still there: ${left.map(({ id }) => id).join(', ')}`
  })
})
afterAll(() => stage.stop())

async function twoTalks(): Promise<readonly [Scene, Scene]> {
  scenes = await stage.talks()
  const [one, other] = scenes
  if (one === undefined || other === undefined) throw new Error('two operators, two talks')
  return [one, other]
}

const reached = ({ operator, call }: Scene, state: TransferView['state']): Promise<TransferView> =>
  operator.transfer((one) => one.callId === call && one.state === state, state)

async function hear(scene: Scene, sounds: Partial<Record<'citizen' | 'operator' | 'agency', Sound>>) {
  for (const who of ['citizen', 'operator', 'agency'] as const) {
    if (sounds[who] === undefined) continue
    await untilFine(WITHIN_MS, async () => {
      const sound = await stage.hears(scene, who)
      return sound === sounds[who] ? undefined : `the ${who} hears ${sound}, not ${String(sounds[who])}`
    })
  }
}

const typed = (number: string): TransferTarget => ({ number, unitId: null, label: '', ask: false })

describe('a page that is reloaded in the middle of a transfer', () => {
  it('comes back to where it was: the consultation goes on, the citizen stays where they are', async () => {
    const [scene] = await twoTalks()
    const { operator, agency, call } = scene
    await operator.start([agency.target], 'consult', call)
    const consult = await reached(scene, 'consult')
    await hear(scene, { operator: 'agency', agency: 'operator' })
    await operator.replug()
    await operator.phone.dial('resume')
    await operator.phone.next('CALL_ESTABLISHED')
    await hear(scene, { citizen: 'music', operator: 'agency', agency: 'operator' })
    expect(stage.stateOf(consult.id)).toBe('consult')

    await operator.command(consult, 'merge')
    await hear(scene, { citizen: 'agency+operator', operator: 'agency+citizen', agency: 'citizen+operator' })
    await operator.command(await reached(scene, 'merged'), 'cancel')
    await reached(scene, 'returned')
    await hear(scene, { citizen: 'operator', operator: 'citizen' })
    const own = (await stage.ari('/channels')).filter(({ name }) => name?.includes(`${operator.member}-`))
    expect(own, 'the old leg is let go').toHaveLength(1)
  })

  it('takes nobody into a transfer that is somebody else’s', async () => {
    const [scene, other] = await twoTalks()
    await scene.operator.start([scene.agency.target], 'consult', scene.call)
    const consult = await reached(scene, 'consult')
    // The other operator's own talk is what `resume` finds for that phone, whatever is dialled.
    await other.operator.replug()
    await other.operator.phone.dial('resume')
    await hear(other, { citizen: 'operator', operator: 'citizen' })
    await hear(scene, { citizen: 'music', operator: 'agency', agency: 'operator' })
    expect(stage.stateOf(consult.id)).toBe('consult')
  })
})

describe('a page that is reloaded twice in the middle of a transfer', () => {
  it('stays on the call: nobody has left, and no wrap-up begins', async () => {
    const [scene] = await twoTalks()
    const { operator, agency, call } = scene
    await operator.start([agency.target], 'consult', call)
    await reached(scene, 'consult')
    for (let count = 0; count < 2; count += 1) {
      await operator.replug()
      await operator.phone.dial('resume')
      await hear(scene, { citizen: 'music', operator: 'agency', agency: 'operator' })
    }
    expect(await operator.get('/api/presence')).toMatchObject({ state: 'onCall' })
  })
})

describe('an operator who goes on with the agency when the citizen has left', () => {
  it('begins the wrap-up when that talk ends, and not before', async () => {
    const [scene] = await twoTalks()
    const { operator, agency, call } = scene
    await operator.start([agency.target], 'consult', call)
    const consult = await reached(scene, 'consult')
    scene.citizen.hangUp()
    await reached(scene, 'afterCitizen')
    await operator.call(({ id, state }) => id === call && state === 'ended')
    expect(await operator.get('/api/presence')).toMatchObject({ state: 'onCall' })
    await operator.command({ ...consult, state: 'afterCitizen' }, 'complete')
    await untilFine(WITHIN_MS, async () => {
      const { state } = await operator.get<{ state: string }>('/api/presence')
      return state === 'wrapUp' ? undefined : `the operator is ${state}`
    })
  })
})

describe('a service that dies while a transfer starts', () => {
  it.each([15, 45, 120])(
    '%i ms after the click: the number is rung, once, and nothing false is written',
    async (afterMs) => {
      const [scene] = await twoTalks()
      const { operator, agency, call } = scene
      const ended: unknown[] = []
      agency.does((rung) => void rung.ended.then(() => ended.push(rung)))
      const click = operator.start([agency.target], 'consult', call).catch(() => undefined) // its answer dies with the service
      await pause(afterMs)
      await stage.crash(() => click.then(() => undefined))
      if (stage.transferOf(call) === undefined) await operator.start([agency.target], 'consult', call)
      await untilFine(WITHIN_MS, () => {
        const state = stage.transferOf(call)?.state
        return state === 'ringing' && agency.call() !== undefined
          ? undefined
          : `the state is ${String(state)}`
      })
      await hear(scene, { citizen: 'music' })
      expect(ended).toEqual([])
      const shown = await operator.transfer(({ callId, state }) => callId === call && state === 'ringing')
      expect(shown.attempts.map(({ state }) => state)).toEqual(['ringing'])
      await operator.command(shown, 'cancel')
      await hear(scene, { citizen: 'operator', operator: 'citizen' })
    },
  )
})

describe('a service that dies between writing a transfer down and asking the PBX for its legs', () => {
  it('asks when it is back: the number is rung, once', async () => {
    const [scene] = await twoTalks()
    const { operator, agency, call } = scene
    await operator.start([agency.target], 'consult', call)
    await operator.command(await reached(scene, 'consult'), 'cancel')
    const { id } = await reached(scene, 'returned')
    let rung = 0
    agency.does(() => {
      rung += 1
    })
    // No kill can be timed between the two. What it would leave is a row like that of a transfer before its first step.
    await stage.crash(async () => {
      stage.write(
        `insert into transfers (id, call_id, ticket_code, operator_id, mode, state, citizen_channel, operator_leg,
           operator_channel, training, attempts, current, started_at, ended_at)
         select 'x' || id, call_id, ticket_code, operator_id, mode, 'starting', citizen_channel, operator_leg, operator_channel,
           training, json_set(attempts, '$[0].leg', 'x' || (attempts ->> '$[0].leg'), '$[0].state', 'waiting',
             '$[0].startedAt', null, '$[0].answeredAt', null, '$[0].acceptedAt', null, '$[0].endedAt', null), -1,
           strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), null
         from transfers where id = ?`,
        id,
      )
      await Promise.resolve()
    })
    await reached(scene, 'ringing')
    await hear(scene, { citizen: 'music' })
    expect(stage.stateOf(`x${id}`)).toBe('ringing')
    await untilFine(WITHIN_MS, () => (rung > 0 ? undefined : 'the agency is not rung'))
    await operator.command(await reached(scene, 'ringing'), 'cancel')
    await hear(scene, { citizen: 'operator', operator: 'citizen' })
    expect(rung).toBe(1)
  })
})

describe('a call the operator made', () => {
  it('is put through like one that came in', async () => {
    const [one, other] = await twoTalks()
    await stage.end([one, other])
    const dialled = await stage.dialOut(one)
    scenes = [dialled]
    await hear(dialled, { citizen: 'operator', operator: 'citizen' })
    await dialled.operator.start([dialled.agency.target], 'consult', dialled.call)
    await hear(dialled, { citizen: 'music', operator: 'agency', agency: 'operator' })
    await dialled.operator.command(await reached(dialled, 'consult'), 'complete')
    await reached(dialled, 'completed')
    await hear(dialled, { citizen: 'agency', agency: 'citizen' })
  })

  it('comes back to the operator where the agency is busy', async () => {
    const [one, other] = await twoTalks()
    await stage.end([one, other])
    const dialled = await stage.dialOut(one)
    scenes = [dialled]
    dialled.agency.does((rung) => {
      rung.reject('486 Busy Here')
    })
    await hear(dialled, { citizen: 'operator' })
    await dialled.operator.start([dialled.agency.target], 'consult', dialled.call)
    await reached(dialled, 'returned')
    await hear(dialled, { citizen: 'operator', operator: 'citizen' })
  })
})

describe('an agency whose line is lost after the citizen was put through', () => {
  it('leaves the citizen first in the queue, marked for whoever takes the call', async () => {
    const [scene] = await twoTalks()
    const { operator, agency, call } = scene
    await operator.start([agency.target], 'consult', call)
    await operator.command(await reached(scene, 'consult'), 'complete')
    await reached(scene, 'completed')
    await hear(scene, { citizen: 'agency', agency: 'citizen' })
    agency.call()?.hangUp(38)
    await operator.ready()
    await operator.call(({ id, state }) => id === call && state === 'talking')
    await hear(scene, { citizen: 'operator', operator: 'citizen' })
    // and may be put through once more
    await operator.start([agency.target], 'consult', call)
    await hear(scene, { citizen: 'music', operator: 'agency', agency: 'operator' })
  })

  it('ends the call where the agency hung up', async () => {
    const [scene] = await twoTalks()
    const { operator, agency, call } = scene
    await operator.start([agency.target], 'consult', call)
    await operator.command(await reached(scene, 'consult'), 'complete')
    await reached(scene, 'completed')
    await hear(scene, { citizen: 'agency' })
    agency.call()?.hangUp()
    await untilFine(WITHIN_MS, async () =>
      (await stage.ari('/channels')).some(({ id }) => id === call) ? 'the call goes on' : undefined,
    )
  })
})

describe('an operator who put a citizen through blind', () => {
  it('takes the next call and puts that one through while the first is still rung', async () => {
    const [first] = await twoTalks()
    let pickUp = (): void => undefined
    first.agency.does((_rung, answer) => {
      pickUp = answer
    })
    const { operator } = first
    await operator.start([first.agency.target], 'blind', first.call)
    await reached(first, 'blind')
    await untilFine(WITHIN_MS, async () => {
      const { state } = await operator.get<PresenceView>('/api/presence')
      return state === 'wrapUp' ? undefined : `the operator is ${state}`
    })
    await operator.ready()
    const second = await stage.talk()
    scenes = [...scenes, second]
    expect(second.operator).toBe(operator)
    await operator.start([second.agency.target], 'consult', second.call)
    const consult = await reached(second, 'consult')
    await hear(second, { citizen: 'music', operator: 'agency', agency: 'operator' })
    await hear(first, { citizen: 'music' })
    pickUp()
    await reached(first, 'completed')
    await hear(first, { citizen: 'agency', agency: 'citizen' })
    await operator.command(consult, 'complete')
    await reached(second, 'completed')
    await hear(second, { citizen: 'agency', agency: 'citizen' })
  })
})

describe('what must not be', () => {
  it('one operator starting twice, and two on one call: one transfer, and a reason for the rest', async () => {
    const [scene, other] = await twoTalks()
    scene.agency.does(() => undefined)
    const ask = (by: Scene, callId: string) =>
      by.operator.post('/api/transfers', { callId, mode: 'consult', targets: [scene.agency.target] })
    const answers = await Promise.all([
      ask(scene, scene.call),
      ask(scene, scene.call),
      ask(other, scene.call),
      ask(scene, other.call),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
    const codes = answers.flatMap(({ status, body }) =>
      status === 409 ? [(body as { code: string }).code] : [],
    )
    for (const code of codes) expect(['TRANSFER_RUNNING', 'TRANSFER_NO_TALK']).toContain(code)
    await hear(other, { citizen: 'operator', operator: 'citizen' })
    // Nobody else's transfer can be steered, or even seen.
    const transfer = await reached(scene, 'ringing')
    expect(
      await other.operator.post(`/api/transfers/${transfer.id}/commands`, {
        command: 'cancel',
        state: 'ringing',
        current: 0,
      }),
    ).toMatchObject({ status: 404, body: { code: 'TRANSFER_NOT_FOUND' } })
    await scene.operator.command(transfer, 'cancel')
    await hear(scene, { citizen: 'operator', operator: 'citizen' })
  })

  it('one click sent twice: the second changes nothing', async () => {
    const [scene] = await twoTalks()
    const { operator, agency, call } = scene
    await operator.start([agency.target], 'consult', call)
    const consult = await reached(scene, 'consult')
    const click = () =>
      operator.post(`/api/transfers/${consult.id}/commands`, {
        command: 'complete',
        state: 'consult',
        current: 0,
      })
    const answers = await Promise.all([click(), click(), click()])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    await reached(scene, 'completed')
    await hear(scene, { citizen: 'agency', agency: 'citizen' })
    expect(await click()).toMatchObject({ status: 409, body: { code: 'TRANSFER_STATE_CHANGED' } })
    await hear(scene, { citizen: 'agency', agency: 'citizen' })
  })

  it('a number skipped twice by a double click: the next one goes on ringing', async () => {
    const [scene, other] = await twoTalks()
    for (const one of [scene, other]) one.agency.does(() => undefined)
    const { operator, call } = scene
    await operator.start([scene.agency.target, other.agency.target, typed('0225 000 9999')], 'consult', call)
    const ringing = await reached(scene, 'ringing')
    const click = () =>
      operator.post(`/api/transfers/${ringing.id}/commands`, {
        command: 'skip',
        state: 'ringing',
        current: 0,
      })
    const answers = await Promise.all([click(), click()])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const { attempts } = await operator.transfer(({ current }) => current === 1)
    expect(attempts.map(({ state }) => state)).toEqual(['skipped', 'ringing', 'waiting'])
  })

  it('a call that has just ended', async () => {
    const [scene] = await twoTalks()
    const { operator, agency, call } = scene
    scene.citizen.hangUp()
    const [{ status, body }] = await Promise.all([
      operator.post('/api/transfers', { callId: call, mode: 'consult', targets: [agency.target] }),
      operator.call(({ id, state }) => id === call && state === 'ended'),
    ])
    if (status === 200) {
      // The click was first, by a hair: then the transfer finds nobody and says so.
      await untilFine(WITHIN_MS, () => {
        const state = stage.stateOf((body as TransferView).id)
        return state === 'abandoned' || state === 'failed' ? undefined : `the state is ${String(state)}`
      })
    } else expect(body).toMatchObject({ code: 'TRANSFER_NO_TALK' })
    expect(
      await operator.post('/api/transfers', { callId: call, mode: 'blind', targets: [agency.target] }),
    ).toMatchObject({ status: 409, body: { code: 'TRANSFER_NO_TALK' } })
  })

  it.each([
    ['mười chín', 'TRANSFER_NUMBER_INVALID'],
    ['1900 6600', 'TRANSFER_NUMBER_PREMIUM'],
    ['+1 202 555 0143', 'TRANSFER_NUMBER_FOREIGN'],
    ['0225 1022', 'TRANSFER_NUMBER_OWN'],
  ])('a chain with %j in it: nobody is rung, and the number is named', async (number, code) => {
    const [scene] = await twoTalks()
    const { operator, agency, call } = scene
    const answer = await operator.post('/api/transfers', {
      callId: call,
      mode: 'consult',
      targets: [agency.target, typed(number)],
    })
    expect(answer).toMatchObject({ status: 422, body: { code, subject: number } })
    expect(scene.agency.call()).toBeUndefined()
    await hear(scene, { citizen: 'operator', operator: 'citizen' })
  })

  it('the caller’s own number', async () => {
    const [scene] = await twoTalks()
    const answer = await scene.operator.post('/api/transfers', {
      callId: scene.call,
      mode: 'consult',
      targets: [typed(scene.from)],
    })
    expect(answer).toMatchObject({ status: 422, body: { code: 'TRANSFER_NUMBER_CALLER' } })
  })
})

describe('an agency that calls in while it is rung', () => {
  it('waits in the queue like anybody, and is put through to all the same', async () => {
    const [scene] = await twoTalks()
    const { operator, agency, call } = scene
    await operator.start([agency.target], 'consult', call)
    const caller = await stage.callFrom(scene.agency.target.number)
    await reached(scene, 'consult')
    await hear(scene, { operator: 'agency', agency: 'operator', citizen: 'music' })
    caller.hangUp()
    await hear(scene, { operator: 'agency', agency: 'operator', citizen: 'music' })
  })
})
