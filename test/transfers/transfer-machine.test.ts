import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TRANSFER_COMMANDS, TRANSFER_STATES, type TransferState } from '../../src/transfers/contract.ts'
import { drawTransfers } from '../../src/transfers/transfer-drawing.ts'
import {
  ARRANGEMENTS,
  hasOperatorLeft,
  isOver,
  stepTransfer,
  TRANSFER_TABLE,
  type TransferEdge,
  type TransferEffect,
  type TransferEvent,
} from '../../src/transfers/transfer-machine.ts'

const EVENTS: readonly TransferEvent[] = [
  ...TRANSFER_COMMANDS,
  'citizenIn',
  'operatorIn',
  'agencyIn',
  'attemptFailed',
  'chainFailed',
  'citizenGone',
  'operatorGone',
  'agencyGone',
  'moveFailed',
  'handedOver',
]
const PARTIES = ['citizen', 'operator', 'agency'] as const
const WAY_BACK: readonly TransferState[] = ['returning', 'requeuing', 'completing', 'completingAlone']

/**
 * Where a leg really is. `away`: not rung, or moved and not come yet; `rung`: an agency that has not taken the call; `here`: in our
 * hands; `leaving`: given to the dialplan, which has not taken it; `gone`: hung up, or with the dialplan for good.
 */
type Leg = 'away' | 'rung' | 'here' | 'leaving' | 'gone'

/** What the PBX would show: the machine's state beside the legs as they are, whatever the machine believes. */
interface World {
  readonly state: TransferState
  readonly citizen: Leg
  readonly operator: Leg
  readonly agency: Leg
  /** Numbers of the chain that were not rung yet. */
  readonly numbersLeft: number
  /** Effects of the last step. */
  readonly effects: readonly TransferEffect[]
}

interface Rules {
  /** A leg given up by `moveFailed` may come all the same. */
  readonly lateLegs: boolean
}

const PROMPT: Rules = { lateLegs: false }

function begin(numbers: number): World {
  return {
    state: 'starting',
    citizen: 'away',
    operator: 'away',
    agency: 'away',
    numbersLeft: numbers,
    effects: [],
  }
}

/** Whether the PBX, or the operator, can say this now. News that was told before may be told again. */
function canHappen(world: World, event: TransferEvent): boolean {
  const { citizen, operator, agency, numbersLeft } = world
  switch (event) {
    case 'citizenIn':
      return citizen === 'away' || citizen === 'here'
    case 'operatorIn':
      return operator === 'away' || operator === 'here'
    case 'citizenGone':
    case 'operatorGone':
      return true
    case 'agencyIn':
      return agency === 'rung'
    case 'agencyGone':
      return agency === 'here' || agency === 'leaving'
    case 'attemptFailed':
      return agency === 'rung' && numbersLeft > 0
    case 'chainFailed':
      return agency === 'rung' && numbersLeft === 0
    case 'moveFailed':
      return citizen === 'away' || operator === 'away'
    case 'handedOver':
      return citizen === 'leaving'
    case 'skip':
      return numbersLeft > 0
    case 'toggle':
    case 'merge':
    case 'complete':
    case 'cancel':
      return true
  }
}

/** What the event itself has done to the legs, before anybody decides anything. */
function happened(world: World, event: TransferEvent, { lateLegs }: Rules): World {
  const given = (leg: Leg): Leg => (leg === 'away' && !lateLegs ? 'gone' : leg)
  const taken = (leg: Leg): Leg => (leg === 'leaving' ? 'gone' : leg)
  switch (event) {
    case 'citizenIn':
      return { ...world, citizen: 'here' }
    case 'operatorIn':
      return { ...world, operator: 'here' }
    case 'agencyIn':
      return { ...world, agency: 'here' }
    case 'citizenGone':
      return { ...world, citizen: 'gone' }
    case 'operatorGone':
      return { ...world, operator: 'gone' }
    case 'agencyGone':
      return { ...world, agency: 'gone' }
    case 'attemptFailed':
    case 'chainFailed':
      return { ...world, agency: 'gone' }
    case 'moveFailed':
      return { ...world, citizen: given(world.citizen), operator: given(world.operator) }
    case 'handedOver':
      return {
        ...world,
        citizen: taken(world.citizen),
        operator: taken(world.operator),
        agency: taken(world.agency),
      }
    case 'toggle':
    case 'merge':
    case 'complete':
    case 'cancel':
    case 'skip':
      return world
  }
}

function act(world: World, effect: TransferEffect): World {
  const leave = (party: 'citizen' | 'operator' | 'agency'): Leg => {
    expect([party, world[party]], `${effect} in ${world.state}`).toEqual([
      party,
      expect.stringMatching(/^(here|leaving)$/),
    ])
    return 'leaving'
  }
  switch (effect) {
    case 'dial':
      expect(world.agency, 'two agencies at once').toMatch(/^(away|gone)$/)
      expect(world.numbersLeft, 'nobody left to ring').toBeGreaterThan(0)
      return { ...world, agency: 'rung', numbersLeft: world.numbersLeft - 1 }
    case 'hangUpAgency':
      return { ...world, agency: world.agency === 'away' ? 'away' : 'gone' }
    case 'hangUpOperator':
      // known by its id, so it may be hung up before it has come
      return { ...world, operator: 'gone' }
    case 'handToAgency':
      return { ...world, citizen: leave('citizen'), agency: leave('agency') }
    case 'handToOperator':
      return { ...world, citizen: leave('citizen'), operator: leave('operator') }
    case 'handToQueue':
      return { ...world, citizen: leave('citizen') }
    case 'tellHeads':
    case 'cleanUp':
      return world
  }
}

function next(world: World, event: TransferEvent, rules: Rules = PROMPT): World {
  const after = happened(world, event, rules)
  const { state, effects } = stepTransfer(world.state, event)
  return effects.reduce(act, { ...after, state, effects })
}

/** Every world of the walk, the first one too. What cannot happen is passed over. */
function walk(numbers: number, events: readonly TransferEvent[], rules: Rules = PROMPT): World[] {
  let world = begin(numbers)
  const worlds = [world]
  for (const event of events) {
    if (isOver(world.state)) break
    if (!canHappen(world, event)) continue
    world = next(world, event, rules)
    worlds.push(world)
  }
  return worlds
}

const chains = fc.integer({ min: 1, max: 8 })
const anyEvents = fc.array(fc.constantFrom(...EVENTS), { maxLength: 80, size: 'max' })

/** Checks each world of many walks, then each that there is. */
function always(check: (world: World) => void, rules: Rules = PROMPT): void {
  fc.assert(
    fc.property(chains, anyEvents, (numbers, events) => {
      for (const world of walk(numbers, events, rules)) check(world)
    }),
    { numRuns: 1000 },
  )
  for (const world of everyWorld(rules)) check(world)
}

/** All worlds there are, with chains of up to three numbers: the machine is small enough to be walked through. */
function everyWorld(rules: Rules = PROMPT): World[] {
  const found = new Map([1, 2, 3].map((numbers) => [JSON.stringify(begin(numbers)), begin(numbers)]))
  for (const world of found.values()) {
    if (isOver(world.state)) continue
    for (const event of EVENTS.filter((one) => canHappen(world, one))) {
      const reached = next(world, event, rules)
      found.set(JSON.stringify(reached), reached)
    }
  }
  return [...found.values()]
}

/** Parties in our hands that are at the same place. */
function together(world: World, place: 'talk' | 'consult'): string[] {
  return PARTIES.filter((party) => world[party] === 'here' && ARRANGEMENTS[world.state][party] === place)
}

function expectCitizenAccompanied(world: World): void {
  if (isOver(world.state) || world.citizen !== 'here') return
  const where = ARRANGEMENTS[world.state].citizen
  const isRung = world.agency === 'rung'
  const isDiscussed = together(world, 'consult').length === 2
  // the moment between the two legs' coming; `moveFailed` ends it
  const isOperatorComing = world.state === 'operatorAwaited' && world.operator === 'away'
  const isAccompanied =
    where === 'talk' || where === 'consult'
      ? together(world, where).length > 1
      : where === 'music' && (isRung || isDiscussed || isOperatorComing)
  expect(isAccompanied, `the citizen is alone: ${JSON.stringify(world)}`).toBe(true)
}

function expectNobodyLeft(world: World): void {
  if (!isOver(world.state)) return
  for (const party of PARTIES)
    expect(world[party], `${party} is left behind: ${JSON.stringify(world)}`).toMatch(/^(away|gone)$/)
  expect(world.effects).toContain('cleanUp')
}

const edgesOf = (state: TransferState): [string, TransferEdge][] =>
  Object.entries<TransferEdge>(TRANSFER_TABLE[state])
const isHandled = (state: TransferState, event: TransferEvent): boolean => stepTransfer(state, event).handled

describe('transfer machine', () => {
  it('never leaves the citizen alone: there is company, music while somebody is rung, or a way back', () => {
    always(expectCitizenAccompanied)
  })

  it('is on the way back whenever the citizen was given to the dialplan', () => {
    always((world) => {
      if (world.citizen === 'leaving') expect(WAY_BACK).toContain(world.state)
    })
  })

  it('never puts one party alone into a bridge, nor leaves one in our hands without a place', () => {
    always((world) => {
      for (const place of ['talk', 'consult'] as const)
        expect(together(world, place), `${place} in ${world.state}`).not.toHaveLength(1)
      if (isOver(world.state) || WAY_BACK.includes(world.state)) return
      for (const party of PARTIES.filter((one) => world[one] === 'here'))
        expect(ARRANGEMENTS[world.state][party], `${party} in ${JSON.stringify(world)}`).not.toBeNull()
    })
  })

  it('arranges nobody who is not there', () => {
    always((world) => {
      for (const party of PARTIES)
        if (ARRANGEMENTS[world.state][party] !== null)
          expect(world[party], `${party} in ${world.state}`).toBe('here')
    })
  })

  it('lets no more than one agency be rung at a time, each number once', () => {
    // `dial` is checked where it is done (act)
    always((world) => {
      expect(world.numbersLeft).toBeGreaterThanOrEqual(0)
    })
  })

  it('ends with every leg hung up or handed over, and cleans up', () => {
    always(expectNobodyLeft)
  })

  it('ends with nobody left, even when a leg comes after it was given up', () => {
    // A leg that comes once all is over has no transfer any more: whoever lets it in sends it back.
    always(expectNobodyLeft, { lateLegs: true })
  })

  it('tells the unit’s head exactly when the chain has no number left', () => {
    for (const state of TRANSFER_STATES)
      for (const [event, { effects }] of edgesOf(state))
        expect(effects?.includes('tellHeads') ?? false).toBe(event === 'chainFailed')
  })

  it('has an edge for each party leaving that can be there', () => {
    for (const world of everyWorld().filter(({ state }) => !isOver(state)))
      for (const party of PARTIES)
        if (world[party] === 'here' || world[party] === 'leaving')
          expect([world.state, party, isHandled(world.state, `${party}Gone`)]).toEqual([
            world.state,
            party,
            true,
          ])
  })

  it('has an edge for a number that does not take the call, wherever one is rung', () => {
    for (const world of everyWorld().filter(({ agency }) => agency === 'rung'))
      for (const event of ['agencyIn', 'attemptFailed', 'chainFailed'] as const)
        expect([world.state, event, isHandled(world.state, event)]).toEqual([world.state, event, true])
  })

  it('reaches every state, and an end from each', () => {
    expect(new Set(everyWorld().map(({ state }) => state))).toEqual(new Set(TRANSFER_STATES))
    for (const start of TRANSFER_STATES) {
      const reached = new Set<TransferState>([start])
      for (const state of reached) for (const [, { to }] of edgesOf(state)) reached.add(to)
      expect([start, [...reached].some(isOver)]).toEqual([start, true])
    }
  })

  it('is over once all have hung up, whatever was before and in whatever order they do', () => {
    const leaving = fc.shuffledSubarray<TransferEvent>(['citizenGone', 'operatorGone', 'agencyGone'], {
      minLength: 3,
    })
    fc.assert(
      fc.property(chains, anyEvents, leaving, (numbers, events, last) => {
        const end = walk(numbers, [...events, ...last]).at(-1)
        expect(end?.state).toSatisfy(isOver)
      }),
      { numRuns: 1000 },
    )
  })

  it('offers exactly the commands that lead somewhere', () => {
    const offered = Object.fromEntries(
      TRANSFER_STATES.map((state) => [
        state,
        TRANSFER_COMMANDS.filter((command) => isHandled(state, command)),
      ]),
    )
    const none = Object.fromEntries(TRANSFER_STATES.map((state) => [state, []]))
    expect(offered).toEqual({
      ...none,
      ringing: ['toggle', 'complete', 'cancel', 'skip'],
      ringingAside: ['toggle', 'complete', 'cancel', 'skip'],
      consult: ['toggle', 'merge', 'complete', 'cancel'],
      citizenSide: ['toggle', 'merge', 'complete', 'cancel'],
      merged: ['toggle', 'complete', 'cancel'],
      afterCitizen: ['complete', 'cancel'],
    })
  })

  it('leaves the operator free for the next call exactly where they have left', () => {
    always((world) => {
      if (!isOver(world.state)) expect(hasOperatorLeft(world.state)).toBe(world.operator === 'gone')
    })
  })

  it('offers nothing to an operator who has left or was sent away', () => {
    for (const { state, operator } of everyWorld())
      if (operator === 'gone')
        expect([state, TRANSFER_COMMANDS.filter((command) => isHandled(state, command))]).toEqual([state, []])
  })

  it('changes nothing for an event without an edge, and lets nothing lead out of an end', () => {
    for (const state of TRANSFER_STATES)
      for (const event of EVENTS)
        if (isOver(state) || !edgesOf(state).some(([name]) => name === event))
          expect(stepTransfer(state, event)).toEqual({ state, effects: [], handled: false })
  })

  it('takes a doubled event of a party as one', () => {
    const told = fc.constantFrom<TransferEvent>(
      'citizenIn',
      'operatorIn',
      'citizenGone',
      'operatorGone',
      'agencyGone',
      'moveFailed',
    )
    fc.assert(
      fc.property(fc.constantFrom(...TRANSFER_STATES), told, (state, event) => {
        const once = stepTransfer(state, event)
        if (once.handled) expect(stepTransfer(once.state, event).handled).toBe(false)
      }),
    )
  })

  it('is drawn in the README as it is', () => {
    const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8')
    const section = /^## A transfer's way\n(.*?)^## /ms.exec(readme)?.[1] ?? ''
    expect(/^```mermaid\n(.*?)\n```$/ms.exec(section)?.[1]).toBe(drawTransfers())
  })
})
