import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallOutcome } from '../../src/calls/contract.ts'
import type { TicketPage, TicketView } from '../../src/tickets/contract.ts'
import type { TransferCommand, TransferState, TransferView } from '../../src/transfers/contract.ts'
import { untilFine } from '../bench-support/polling.ts'
import { SOUNDS, type Sounds } from '../support/transfer-sounds.ts'
import { openTransferStage, type Scene, type TransferStage } from '../support/transfer-stage.ts'

/** Who hangs up; an agency that is still rung rejects the call instead. */
type Leaver = 'citizen' | 'operator' | 'agency' | 'nobody'
type Stay = (typeof STAYS)[number]

/** The states in which a transfer stays until somebody does something, and the three in which the call goes on without it. */
const STAYS = [
  'ringing',
  'ringingAside',
  'consult',
  'citizenSide',
  'merged',
  'blind',
  'afterCitizen',
  'completed',
  'returned',
  'requeued',
] as const satisfies readonly TransferState[]

interface Outcome extends Sounds {
  readonly state: TransferState
}

const inState = (state: Stay): Outcome => ({ state, ...SOUNDS[state] })
const AGENCY_LEFT = inState('returned')
const OPERATOR_LEFT = inState('completed')
const CITIZEN_LEFT = inState('afterCitizen')
const STILL_RUNG = inState('blind')
const IN_FRONT = inState('requeued')
const OVER: Outcome = { state: 'abandoned' }

/** The whole matrix; a party that is not there cannot hang up. */
const MATRIX: Readonly<Record<Stay, { readonly nobody: Outcome } & Partial<Record<Leaver, Outcome>>>> = {
  ringing: {
    nobody: inState('ringing'),
    citizen: OVER,
    operator: STILL_RUNG,
    agency: AGENCY_LEFT,
  },
  ringingAside: {
    nobody: inState('ringingAside'),
    citizen: OVER,
    operator: STILL_RUNG,
    agency: AGENCY_LEFT,
  },
  consult: {
    nobody: inState('consult'),
    citizen: CITIZEN_LEFT,
    operator: OPERATOR_LEFT,
    agency: AGENCY_LEFT,
  },
  citizenSide: {
    nobody: inState('citizenSide'),
    citizen: CITIZEN_LEFT,
    operator: OPERATOR_LEFT,
    agency: AGENCY_LEFT,
  },
  merged: {
    nobody: inState('merged'),
    citizen: CITIZEN_LEFT,
    operator: OPERATOR_LEFT,
    agency: AGENCY_LEFT,
  },
  blind: {
    nobody: STILL_RUNG,
    citizen: OVER,
    agency: IN_FRONT,
  },
  afterCitizen: { nobody: CITIZEN_LEFT, operator: OVER, agency: OVER },
  completed: {
    nobody: OPERATOR_LEFT,
    citizen: { state: 'completed' },
    agency: { state: 'completed' },
  },
  returned: {
    nobody: AGENCY_LEFT,
    citizen: { state: 'returned' },
    operator: { state: 'returned' },
  },
  requeued: { nobody: IN_FRONT, citizen: { state: 'requeued' } },
}

interface Cell {
  readonly from: Stay
  readonly leaver: Leaver
  readonly killed: boolean
  readonly outcome: Outcome
}

const CELLS: readonly Cell[] = [false, true].flatMap((killed) =>
  STAYS.flatMap((from) =>
    Object.entries(MATRIX[from])
      .filter(([leaver]) => killed || leaver !== 'nobody')
      .map(([leaver, outcome]) => ({ from, leaver: leaver as Leaver, killed, outcome })),
  ),
)

/** As many talks go on at once as there are operators. */
const OPERATORS = 6
const ROUNDS = [false, true].flatMap((killed) => {
  const cells = CELLS.filter((cell) => cell.killed === killed)
  return Array.from({ length: Math.ceil(cells.length / OPERATORS) }, (_, round) =>
    cells.slice(round * OPERATORS, (round + 1) * OPERATORS),
  )
})
const nameOf = ({ from, leaver, killed, outcome }: Cell): string =>
  `${from}${killed ? ', service killed' : ''}, ${leaver} leaves → ${outcome.state}`

/** Whoever would be left alone is brought together, returned or released this soon. */
const WITHIN_MS = 5_000
/** Parties that hung up leave, and what is left behind is gone. */
const GONE_WITHIN_MS = 8_000

let stage: TransferStage
beforeAll(async () => {
  stage = await openTransferStage(OPERATORS)
})
afterAll(() => stage.stop())

interface Played {
  readonly cell: Cell
  readonly scene: Scene
  /** As it was when it had come to the cell's state. */
  transfer: TransferView | undefined
}

describe.each(ROUNDS.map((cells, round) => ({ cells, round: round + 1 })))(
  'a transfer, whoever leaves it and whenever the service dies, $round',
  ({ cells }) => {
    let played: readonly Played[] = []
    let left: string | undefined
    const problems = new Map<Cell, unknown>()
    /** What goes wrong in one cell is that cell's alone. */
    const each = async (work: (one: Played) => Promise<void>): Promise<void> => {
      await Promise.all(
        played.map(async (one) => {
          await work(one).catch((cause: unknown) => {
            if (!problems.has(one.cell)) problems.set(one.cell, cause)
          })
        }),
      )
    }

    beforeAll(async () => {
      const scenes = await stage.talks()
      played = cells.map((cell, index) => {
        const scene = scenes[index]
        if (scene === undefined) throw new Error('more cells than talks')
        return { cell, scene, transfer: undefined }
      })
      await each(async (one) => {
        one.transfer = await bring(one.scene, one.cell.from)
        await comesOut(one, MATRIX[one.cell.from].nobody)
      })
      if (cells.some(({ killed }) => killed)) await stage.crash(() => each(leave))
      else await each(leave)
      await each((one) => comesOut(one, one.cell.outcome))
      await each(goesOn)
      await stage.end(scenes)
      left = await nothingLeft().then(
        () => undefined,
        (cause: unknown) => String(cause),
      )
      await each(isWrittenDown)
    })

    it.each(cells.map((cell) => ({ cell, name: nameOf(cell) })))('$name', ({ cell }) => {
      if (problems.has(cell)) throw problems.get(cell)
    })

    it('leaves no channel and no bridge', () => {
      expect(left).toBeUndefined()
    })
  },
)

async function nothingLeft(): Promise<void> {
  await untilFine(GONE_WITHIN_MS, async () => {
    const left = [...(await stage.ari('/channels')), ...(await stage.ari('/bridges'))]
    return left.length === 0 ? undefined : `still there: ${left.map(({ id, name }) => name ?? id).join(', ')}`
  })
}

/** Through the same buttons as an operator. */
async function bring(scene: Scene, to: Stay): Promise<TransferView> {
  const { operator, call } = scene
  const isAnswered = ['consult', 'citizenSide', 'merged', 'afterCitizen', 'completed'].includes(to)
  if (!isAnswered) {
    scene.agency.does((rung) => {
      if (to === 'requeued' || to === 'returned') rung.reject('486 Busy Here')
    })
  }
  const reached = (state: TransferState): Promise<TransferView> =>
    operator.transfer((one) => one.callId === call && one.state === state, `${state} of ${scene.from}`)
  await operator.start([scene.agency.target], to === 'requeued' ? 'blind' : 'consult', call)
  if (to === 'requeued' || to === 'returned') return reached(to)
  const first = await reached(isAnswered ? 'consult' : 'ringing')
  switch (to) {
    case 'ringing':
    case 'consult':
      return first
    case 'ringingAside':
    case 'citizenSide':
      await operator.command(first, 'toggle')
      return reached(to)
    case 'merged':
      await operator.command(first, 'merge')
      return reached(to)
    case 'blind':
    case 'completed':
      await operator.command(first, 'complete')
      return reached(to)
    case 'afterCitizen':
      scene.citizen.hangUp()
      return reached(to)
  }
}

async function leave({ scene, cell: { leaver, from } }: Played): Promise<void> {
  switch (leaver) {
    case 'citizen':
      scene.citizen.hangUp()
      await isGone(scene.call)
      return
    case 'operator':
      await scene.operator.phone.hangUp()
      // The last partner: the dialplan says goodbye to the citizen.
      if (from === 'returned') await isGone(scene.call)
      return
    case 'agency': {
      const call = scene.agency.call()
      if (from === 'ringing' || from === 'ringingAside' || from === 'blind') {
        scene.agency.does((rung) => {
          rung.reject('486 Busy Here')
        })
        call?.reject('486 Busy Here')
      } else call?.hangUp()
      await call?.ended
      if (from === 'completed') await isGone(scene.call)
      return
    }
    case 'nobody':
      return
  }
}

/** Nobody has left: the buttons do after the restart what they did before. */
const NEXT: Partial<Record<Stay, readonly [TransferCommand, Outcome]>> = {
  ringing: ['cancel', AGENCY_LEFT],
  ringingAside: ['toggle', inState('ringing')],
  consult: ['complete', OPERATOR_LEFT],
  citizenSide: ['merge', inState('merged')],
  merged: ['cancel', AGENCY_LEFT],
  afterCitizen: ['complete', OVER],
}

async function goesOn(one: Played): Promise<void> {
  const { cell, scene, transfer } = one
  const next = cell.leaver === 'nobody' ? NEXT[cell.from] : undefined
  if (next === undefined || transfer === undefined) return
  const [command, outcome] = next
  await scene.operator.command(transfer, command)
  await comesOut(one, outcome)
}

async function isGone(channel: string): Promise<void> {
  await untilFine(WITHIN_MS, async () =>
    (await stage.ari('/channels')).some(({ id }) => id === channel) ? `${channel} is still there` : undefined,
  )
}

/** The state that is written down, and who hears whom. */
async function comesOut({ scene, transfer }: Played, outcome: Outcome): Promise<void> {
  await untilFine(WITHIN_MS, () => {
    const state = stage.stateOf(transfer?.id ?? '')
    return state === outcome.state ? undefined : `the state is ${String(state)}`
  })
  for (const who of ['citizen', 'operator', 'agency'] as const) {
    const wanted = [outcome[who] ?? []].flat()
    if (wanted.length === 0) continue
    await untilFine(WITHIN_MS, async () => {
      const sound = await stage.hears(scene, who)
      return wanted.includes(sound) ? undefined : `the ${who} hears ${sound}, not ${wanted.join(' or ')}`
    })
  }
}

/** What is left of it: the ticket's lines, how the call ended, and every recording. */
async function isWrittenDown({ scene, transfer, cell }: Played): Promise<void> {
  const name = nameOf(cell)
  const { get } = scene.operator
  const ticket = async (): Promise<TicketView> => {
    const page = await get<TicketPage>(`/api/tickets?phone=${scene.from}`)
    expect(page.total, name).toBe(1)
    return get<TicketView>(`/api/tickets/${page.items[0]?.code ?? ''}`)
  }
  const isAccepted = transfer?.attempts.some(({ acceptedAt }) => acceptedAt !== null) ?? false
  const kinds = isAccepted ? ['call stored', 'consult stored'] : ['call stored']
  await untilFine(GONE_WITHIN_MS, async () => {
    const recordings = (await ticket()).recordings.map(({ kind, state }) => `${kind} ${state}`).sort()
    return recordings.join() === kinds.join() ? undefined : `recordings: ${recordings.join(', ')}`
  })
  const { events, calls, form } = await ticket()
  const types = events.map(({ type }) => type)
  expect(form.urgent, name).toBe(true)
  expect(types, name).toEqual(
    expect.arrayContaining([
      'urgentRaised',
      'transferStarted',
      'transferEnded',
      'callEnded',
      ...(isAccepted
        ? ['transferAccepted', expect.stringMatching(/^transferTalk(?:Ended|Closed)$/) as string]
        : ['transferTried']),
    ]),
  )
  for (const once of ['transferStarted', 'transferEnded', 'callEnded'])
    expect(
      types.filter((type) => type === once),
      `${name}: ${once}`,
    ).toHaveLength(1)
  expect(calls[0], name).toMatchObject({ state: 'ended', ...endOf(cell) })
}

/** How the citizen's call ended, as far as the cell decides it: from the queue it may have been answered once more. */
function endOf({ from, leaver, outcome: { state } }: Cell): {
  readonly outcome?: CallOutcome
  readonly endedBy?: string
} {
  if (state === 'requeued') return leaver === 'citizen' ? { endedBy: 'caller' } : {}
  const outcome = 'answered'
  if (leaver === 'citizen' || from === 'afterCitizen') return { outcome, endedBy: 'caller' }
  if (from === 'completed' && leaver === 'agency') return { outcome, endedBy: 'agency' }
  if (from === 'returned' && leaver === 'operator') return { outcome, endedBy: 'operator' }
  return { outcome }
}
