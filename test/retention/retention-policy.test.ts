import { describe, expect, it } from 'vitest'
import type { Role } from '../../src/accounts/contract.ts'
import type { RetentionRules } from '../../src/retention/contract.ts'
import { DELETION_EDGES, deletionActions, deletionEdge } from '../../src/retention/deletion-machine.ts'
import {
  blockersOf,
  blockersOfTwo,
  cutoffOf,
  dueOf,
  type RetentionFacts,
  retentionKindOf,
  verdictOf,
} from '../../src/retention/retention-policy.ts'

const DAY_MS = 24 * 3_600_000
const NOW = new Date('2026-06-01T00:00:00.000Z')
const daysAgo = (days: number): string => new Date(NOW.getTime() - days * DAY_MS).toISOString()
const RULES: RetentionRules = {
  main: { days: 100, basis: 'Điều 10.1' },
  training: { days: 10, basis: 'thử' },
}

const facts = (changes: Partial<RetentionFacts> = {}): RetentionFacts => ({
  kind: 'call',
  training: false,
  direction: 'in',
  startedAt: daysAgo(200),
  endedAt: daysAgo(200),
  isHeld: false,
  isDisclosed: false,
  isAltered: false,
  ticketCode: 'HP26-000001',
  cases: [
    { isOver: true, changedAt: daysAgo(150) },
    { isOver: true, changedAt: daysAgo(150) },
  ],
  ...changes,
})
const blockers = (changes: Partial<RetentionFacts>, fitsSeal = true) =>
  blockersOf(facts(changes), { now: NOW, objectionDays: 15, fitsSeal })

describe('R059: how long a recording is kept', () => {
  it.each([
    [{}, 'main'],
    [{ direction: null }, 'main'],
    [{ direction: 'out' }, 'callback'],
    [{ kind: 'voicemail' }, 'voicemail'],
    [{ kind: 'consult', direction: 'out' }, 'consult'],
    [{ kind: 'voicemail', training: true }, 'training'],
  ] as const)('%o is %s', (changes, kind) => {
    expect(retentionKindOf(facts(changes))).toBe(kind)
  })

  it('counts from the end of the call or its case, whichever is later', () => {
    expect(dueOf(facts(), RULES)?.dueAt.toISOString()).toBe(daysAgo(50))
    expect(dueOf(facts({ ticketCode: null, cases: [] }), RULES)?.dueAt.toISOString()).toBe(daysAgo(100))
    // The case it follows ended later.
    const cases = [
      { isOver: true, changedAt: daysAgo(150) },
      { isOver: true, changedAt: daysAgo(20) },
    ]
    expect(dueOf(facts({ cases }), RULES)?.dueAt.toISOString()).toBe(daysAgo(-80))
  })

  it('is for ever without a rule, or with a time that is none', () => {
    expect(dueOf(facts({ kind: 'voicemail' }), RULES)).toBeNull()
    expect(dueOf(facts({ startedAt: 'x', endedAt: 'x' }), RULES)).toBeNull()
  })

  it('looks at nothing that began too late to be due within the week', () => {
    expect(cutoffOf({ days: 100, basis: 'x' }, NOW)).toBe(daysAgo(93))
  })
})

describe('R105: what keeps a recording', () => {
  it('is nothing where all is over', () => {
    expect(blockers({})).toEqual([])
    expect(blockers({ ticketCode: null, cases: [] })).toEqual([])
  })

  it.each([
    [{ isHeld: true }, ['held']],
    [{ isDisclosed: true }, ['disclosed']],
    [{ isAltered: true }, ['altered']],
    [
      {
        cases: [
          { isOver: false, changedAt: daysAgo(150) },
          { isOver: true, changedAt: daysAgo(150) },
        ],
      },
      ['caseOpen'],
    ],
    [
      {
        cases: [
          { isOver: true, changedAt: daysAgo(150) },
          { isOver: false, changedAt: daysAgo(150) },
        ],
      },
      ['caseOpen'],
    ],
    // A case that nobody finds any more may be anything.
    [{ cases: [null, null] }, ['caseOpen']],
    [{ cases: [] }, ['caseOpen']],
    [
      {
        cases: [
          { isOver: true, changedAt: daysAgo(14) },
          { isOver: true, changedAt: daysAgo(150) },
        ],
      },
      ['objection'],
    ],
    [{ cases: [{ isOver: true, changedAt: daysAgo(15) }] }, []],
  ] as const)('%o: %o', (changes, expected) => {
    expect(blockers(changes)).toEqual(expected)
  })

  it('is a row that its chain does not know so, too', () => {
    expect(blockers({}, false)).toEqual(['unsealed'])
  })

  it('is no test case that nobody will ever end', () => {
    const cases = [{ isOver: false, changedAt: daysAgo(1) }]
    expect(blockers({ training: true, cases })).toEqual([])
    expect(blockers({ training: true, cases, isHeld: true })).toEqual(['held'])
  })

  it('gives way to two people only where its file is another', () => {
    expect(blockersOfTwo(['held', 'altered', 'caseOpen'])).toEqual(['held', 'caseOpen'])
  })
})

describe('what the job does', () => {
  const verdict = (dueInDays: number, announcedDaysAgo: number | null, isBlocked = false) =>
    verdictOf(
      {
        dueAt: new Date(NOW.getTime() + dueInDays * DAY_MS),
        announcedAt: announcedDaysAgo === null ? null : daysAgo(announcedDaysAgo),
        blockers: isBlocked ? ['held'] : [],
      },
      NOW,
    )

  it.each([
    [8, null, false, 'leave'],
    [8, 9, false, 'leave'],
    [7, null, false, 'announce'],
    [-400, null, false, 'announce'],
    [-1, 6, false, 'announce'],
    [0, 7, false, 'delete'],
    [1, 7, false, 'announce'],
    [-1, 7, true, 'blocked'],
  ] as const)(
    'due in %d days, announced %o days ago, blocked %o: %s',
    (due, announced, isBlocked, expected) => {
      expect(verdict(due, announced, isBlocked)).toBe(expected)
    },
  )
})

describe('R068: two people', () => {
  const who = (id: number, role: Role) => ({ id, role })
  const asked = { state: 'requested', askedBy: 2 } as const

  it('never one alone: whoever asked withdraws, somebody else decides', () => {
    expect(deletionActions(asked, who(2, 'supervisor'))).toEqual(['withdraw'])
    expect(deletionActions(asked, who(3, 'admin'))).toEqual(['approve', 'refuse'])
    expect(deletionEdge(asked, 'approve', who(2, 'supervisor'))).toBeUndefined()
  })

  it('are supervisors and admins', () => {
    for (const role of ['operator', 'officer', 'head', 'cityOffice', 'auditor'] as const)
      for (const id of [2, 3]) expect(deletionActions(asked, who(id, role)), role).toEqual([])
  })

  it('decide once', () => {
    for (const state of ['approved', 'refused', 'withdrawn', 'overtaken'] as const) {
      expect(deletionActions({ state, askedBy: 2 }, who(3, 'admin')), state).toEqual([])
      expect(deletionEdge({ state, askedBy: 2 }, 'overtake', null), state).toBeUndefined()
    }
    expect(DELETION_EDGES.every(({ from }) => from === 'requested')).toBe(true)
    expect(deletionEdge(asked, 'overtake', null)?.to).toBe('overtaken')
    expect(deletionEdge(asked, 'overtake', who(3, 'admin'))).toBeUndefined()
  })
})
