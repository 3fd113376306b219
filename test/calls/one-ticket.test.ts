import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseJournalEntry } from '../../src/calls/journal-entry.ts'
import { createSealStore } from '../../src/seals/store.ts'
import { type CallDesk, createCallDesk, MAI, SUPERVISOR_VIEWER, TUAN } from '../support/call-desk.ts'

/** What really happens in a call, in order; the dialplan's part goes into its journal whether we hear of it or not. */
type Happening =
  | { readonly type: 'queued' | 'held' | 'unheld' }
  | { readonly type: 'offered' | 'offerEnded' | 'connected' | 'legGone'; readonly operatorId: number }
  | { readonly type: 'callback' | 'voicemail' }

/** What becomes of the word of it on the way to us. */
type Delivery = 'once' | 'twice' | 'late' | 'never'

interface Scene {
  readonly happening: Happening
  readonly delivery: Delivery
  /** The service dies after it, and comes back; with the resync that follows, or before it could. */
  readonly then: 'nothing' | 'restart' | 'restartAndResync' | 'resync'
}

const operator = fc.constantFrom(MAI, TUAN)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constantFrom('queued', 'held', 'unheld', 'callback', 'voicemail') }),
  fc.record({ type: fc.constantFrom('offered', 'offerEnded', 'connected', 'legGone'), operatorId: operator }),
)
const scene: fc.Arbitrary<Scene> = fc.record({
  happening,
  delivery: fc.constantFrom<Delivery>('once', 'once', 'once', 'twice', 'late', 'never'),
  then: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'restart', 'restartAndResync', 'resync'),
})
const story = fc.record({
  scenes: fc.array(scene, { maxLength: 14 }),
  arrival: fc.constantFrom<Delivery>('once', 'once', 'twice', 'late', 'never'),
  end: fc.constantFrom<Delivery>('once', 'twice', 'never'),
  other: fc.boolean(),
})

let desk: CallDesk
beforeEach(() => {
  desk = createCallDesk()
  desk.ready(MAI)
  desk.ready(TUAN)
})
afterEach(() => desk.close())

let serial = 0

/** Plays one call. Answers its id. */
function play({ scenes, arrival, end }: { scenes: Scene[]; arrival: Delivery; end: Delivery }): string {
  serial += 1
  const id = `c${String(serial)}`
  let text = `v=1&in=${String(desk.now().getTime())}&from=0950000${String(serial % 1000).padStart(3, '0')}&rec=call-${id}`
  let row = ''
  const late: (() => void)[] = []

  const deliver = (how: Delivery, tell: () => void) => {
    const at = desk.now()
    desk.pass(0)
    if (how === 'once' || how === 'twice') tell()
    if (how === 'twice') tell()
    if (how === 'late') late.push(tell)
    expect(desk.now()).toEqual(at)
  }
  const replay = (ended = '') => {
    const entry = parseJournalEntry(id, text + row + ended)
    if (entry === undefined) throw new Error('the journal cannot be read')
    desk.calls.replay(entry)
  }

  const arrivedAt = desk.now()
  deliver(arrival, () => {
    desk.arrive(id, { from: `0950000${String(serial % 1000).padStart(3, '0')}`, at: arrivedAt })
  })
  for (const { happening: what, delivery, then } of scenes) {
    desk.pass(1000)
    const at = desk.now()
    const ms = String(at.getTime())
    const hear = (given: Parameters<CallDesk['calls']['event']>[1], facts = {}) => {
      deliver(delivery, () => {
        desk.calls.event(id, given, at, facts)
      })
    }
    switch (what.type) {
      case 'queued':
        row += `&q=${ms}`
        hear({ type: 'queued' })
        break
      case 'connected':
        row += `&con=${ms}&mem=op-${String(what.operatorId)}`
        hear({ type: 'connected', operatorId: what.operatorId })
        break
      case 'callback':
        row += `&cb=${ms}&cbnum=0950000888`
        hear({ type: 'callbackAsked' }, { callbackNumber: '0950000888' })
        break
      case 'voicemail':
        row += `&vm=${ms}&vmrec=vm-${id}`
        hear({ type: 'messageStarted' }, { voicemailRecording: `vm-${id}` })
        break
      case 'legGone':
        deliver(delivery, () => {
          desk.calls.channelGone(`leg-${ms}`, what.operatorId, id, at)
        })
        break
      case 'held':
      case 'unheld':
        hear({ type: what.type })
        break
      case 'offered':
      case 'offerEnded':
        hear({ type: what.type, operatorId: what.operatorId })
    }
    if (late.length > 1) late.shift()?.()
    // What is known of a call that runs is what the next process finds.
    const stored = desk.store.find(id)
    expect(stored === undefined ? undefined : desk.calls.view(stored)).toEqual(desk.calls.find(id))
    if (then === 'restart' || then === 'restartAndResync') desk.restart()
    if (then === 'resync' || then === 'restartAndResync') {
      replay()
      desk.calls.endMissing(new Set([id]))
    }
  }
  desk.pass(1000)
  const endedAt = desk.now()
  deliver(end, () => {
    desk.calls.event(id, { type: 'ended' }, endedAt)
  })
  // From here on nothing changes it: a recording that is settled now says what it says for good (src/seals/call-facts.ts).
  const over = desk.store.find(id)?.state === 'ended' ? sealedCall(id) : null
  for (const tell of late) tell()
  // The next resync reads what the PBX still has: this call's row, ended.
  text += `${row}&end=${String(endedAt.getTime())}`
  row = ''
  replay()
  replay()
  desk.calls.endMissing(new Set())
  if (over !== null) expect(sealedCall(id)).toEqual(over)
  return id
}

const sealedCall = (id: string) => createSealStore(desk.db).callOf(id)

const tickets = () =>
  desk.db.raw.prepare('SELECT call_id AS callId FROM ticket_calls').all() as { callId: string }[]

describe('a call whose events come late, twice, never or out of order, over restarts', () => {
  it('ends as exactly one ticket, with no pop left and nobody busy, and is acknowledged', () => {
    fc.assert(
      fc.property(story, (told) => {
        const before = desk.tickets.list({ limit: 1 }, SUPERVISOR_VIEWER).total
        const other = told.other ? `o${String(serial)}` : undefined
        if (other !== undefined) {
          desk.arrive(other, { from: '0950000999' })
          desk.calls.event(other, { type: 'offered', operatorId: TUAN }, desk.now())
        }
        const id = play(told)
        const mine = tickets().filter(({ callId }) => callId === id)
        expect(mine).toHaveLength(1)
        expect(desk.tickets.list({ limit: 1 }, SUPERVISOR_VIEWER).total).toBe(
          before + (other === undefined ? 1 : 2),
        )
        expect(desk.calls.find(id)).toMatchObject({ state: 'ended', outcome: expect.any(String) as string })
        expect(desk.acknowledged).toContain(id)
        for (const operatorId of [MAI, TUAN]) {
          expect(desk.popsOf(operatorId)).toEqual([])
          expect(desk.calls.popsOf(operatorId)).toEqual([])
          expect(desk.presence.view(operatorId).state).not.toBe('onCall')
        }
        expect(desk.calls.waiting()).toEqual([])
      }),
      { numRuns: 250 },
    )
  })

  it('counts as missed exactly when the citizen was left without an operator', () => {
    fc.assert(
      fc.property(story, (told) => {
        // What the journal says in the end is what happened, however it was heard.
        const id = play({
          ...told,
          arrival: 'never',
          scenes: told.scenes.map((each) => ({ ...each, delivery: 'never' })),
          end: 'never',
        })
        const moves = told.scenes
          .map(({ happening: { type } }) => type)
          .filter((type) => ['queued', 'connected', 'callback', 'voicemail'].includes(type))
        const outcome = desk.calls.find(id)?.outcome
        // A talking citizen cannot press keys: what the dialplan cannot do is left out of the claim.
        const possible = !moves.some(
          (type, at) => moves[at - 1] === 'connected' && type !== 'queued' && type !== 'connected',
        )
        fc.pre(possible)
        const last = moves.at(-1)
        if (last === 'connected') expect(outcome).toBe('answered')
        else if (moves.includes('voicemail')) expect(outcome).toBe('voicemail')
        else expect(outcome).toBe(moves.includes('callback') ? 'callback' : 'abandoned')
      }),
      { numRuns: 150 },
    )
  })
})
