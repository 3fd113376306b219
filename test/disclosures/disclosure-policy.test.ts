import { describe, expect, test } from 'vitest'
import { ROLES } from '../../src/accounts/contract.ts'
import {
  DISCLOSURE_ACTIONS,
  DISCLOSURE_STATES,
  type DisclosureState,
} from '../../src/disclosures/contract.ts'
import {
  DISCLOSURE_EDGES,
  disclosureActions,
  disclosureEdge,
  stateAt,
  WRITTEN_STATES,
} from '../../src/disclosures/disclosure-machine.ts'
import { denialOf, isWithin, startOf } from '../../src/disclosures/disclosure-policy.ts'
import { toLength } from '../../src/platform/clock.ts'
import { courseRows, markRows } from '../../src/disclosures/package-policy.ts'

const ASKED = { requesterId: 5, askedPeople: [5, 6] }
const WHO = { id: 2, role: 'supervisor' } as const

describe('R060: the table of a request', () => {
  test('reaches every state from the first, and goes nowhere from one that is over', () => {
    const reached = new Set<string>(['requested'])
    for (const { from, to } of DISCLOSURE_EDGES) if (reached.has(from)) reached.add(to)
    expect([...reached].sort()).toEqual([...WRITTEN_STATES].sort())
    expect(new Set(DISCLOSURE_EDGES.map(({ from }) => from))).toEqual(new Set(['requested', 'approved']))
  })

  test('lets supervisors decide and who asked withdraw, and nobody else anything', () => {
    const able = DISCLOSURE_STATES.flatMap((state) =>
      ROLES.flatMap((role) =>
        [2, 5, 9].flatMap((id) =>
          disclosureActions({ ...ASKED, state }, { id, role }).map(
            (action) => `${state} ${role} ${String(id)} ${action}`,
          ),
        ),
      ),
    )
    const supervisors = [2, 9].flatMap((id) => [
      `requested supervisor ${String(id)} approve`,
      `requested supervisor ${String(id)} refuse`,
      `approved supervisor ${String(id)} revoke`,
    ])
    const asker = ['requested', 'approved'].flatMap((state) => [
      `${state} officer 5 withdraw`,
      `${state} head 5 withdraw`,
    ])
    expect(able.sort()).toEqual([...supervisors, ...asker].sort())
  })

  test('lets nobody decide on what they asked for or are named in, whatever role they have now', () => {
    for (const id of [5, 6])
      for (const action of ['approve', 'refuse', 'revoke'] as const)
        for (const state of DISCLOSURE_STATES)
          expect(disclosureEdge({ ...ASKED, state }, action, { id, role: 'supervisor' })).toBeUndefined()
    expect(disclosureEdge({ ...ASKED, state: 'requested' }, 'approve', WHO)?.to).toBe('approved')
  })

  test('is over from the very moment on that was set', () => {
    const one = { state: 'approved', expiresAt: '2026-03-03T01:00:00.000Z' } as const
    expect(stateAt(one, new Date('2026-03-03T00:59:59.999Z'))).toBe('approved')
    expect(stateAt(one, new Date('2026-03-03T01:00:00.000Z'))).toBe('expired')
    expect(stateAt({ ...one, state: 'revoked' }, new Date('2027-01-01T00:00:00Z'))).toBe('revoked')
    expect(
      DISCLOSURE_ACTIONS.map((action) => disclosureEdge({ ...ASKED, state: 'expired' }, action, WHO)),
    ).toEqual(DISCLOSURE_ACTIONS.map(() => undefined))
  })
})

describe('R060: who gets the recording', () => {
  const one = { state: 'approved', unitId: 'chieu-sang', people: [5], mode: 'play' } as const
  const named = { id: 5, unitId: 'chieu-sang' }
  const how = { what: 'play', readsCase: true } as const

  test('is who is named, of that unit, with the whole of the case in sight', () => {
    expect(denialOf(one, named, how)).toBeNull()
    for (const [viewer, asked] of [
      [{ ...named, id: 6 }, how],
      [{ ...named, unitId: 'so-xay-dung' }, how],
      [{ ...named, unitId: null }, how],
      [named, { ...how, readsCase: false }],
    ] as const)
      expect(denialOf(one, viewer, asked)).toBe('DISCLOSURE_NOT_FOUND')
    expect(denialOf({ ...one, people: null }, named, how)).toBe('DISCLOSURE_NOT_FOUND')
  })

  test('gets a package only where that was approved', () => {
    expect(denialOf(one, named, { ...how, what: 'download' })).toBe('DISCLOSURE_PLAY_ONLY')
    expect(denialOf({ ...one, mode: 'download' }, named, { ...how, what: 'download' })).toBeNull()
  })

  test.each<[DisclosureState, string]>([
    ['requested', 'DISCLOSURE_NOT_APPROVED'],
    ['refused', 'DISCLOSURE_NOT_APPROVED'],
    ['withdrawn', 'DISCLOSURE_NOT_APPROVED'],
    ['revoked', 'DISCLOSURE_REVOKED'],
    ['expired', 'DISCLOSURE_EXPIRED'],
  ])('hears why not when it is %s', (state, code) => {
    expect(denialOf({ ...one, state }, named, how)).toBe(code)
  })

  test('may be given less than was asked, in any part, and more in none', () => {
    const asked = { personIds: [5, 6], mode: 'download', hours: 24 } as const
    expect(isWithin(asked, asked)).toBe(true)
    expect(isWithin({ personIds: [6], mode: 'play', hours: 1 }, asked)).toBe(true)
    expect(isWithin({ ...asked, hours: 25 }, asked)).toBe(false)
    expect(isWithin({ ...asked, personIds: [5, 7] }, asked)).toBe(false)
    expect(isWithin(asked, { ...asked, mode: 'play' })).toBe(false)
  })
})

test('R060: a listening begins where its first request did, as far as that says', () => {
  const sound = { sizeBytes: 1_000, durationMs: 10_000 }
  expect(startOf(undefined, sound)).toBe(0)
  expect(startOf('bytes=500-', sound)).toBe(5_000)
  expect(startOf(' Bytes=250-400', sound)).toBe(2_500)
  for (const odd of ['bytes=-500', 'bytes=1000-', 'lines=5-', 'bytes=x-', ''])
    expect(startOf(odd, sound)).toBe(0)
  expect(startOf('bytes=500-', { sizeBytes: 0, durationMs: null })).toBe(0)
})

describe('R068: the words of a package', () => {
  test('tell the course of the call', () => {
    const stretch = { groups: [], operatorName: null, agencyName: null, cause: null }
    expect(
      courseRows({
        course: [
          { ...stretch, fromMs: 0, toMs: 4_000, phase: 'greeting' },
          {
            ...stretch,
            fromMs: 4_000,
            toMs: 3_723_000,
            phase: 'line',
            operatorName: 'Nguyễn Thị Hạ',
            groups: [
              { members: ['operator', 'agency'], sound: 'talk' },
              { members: ['citizen'], sound: 'music' },
            ],
          },
        ],
      }),
    ).toEqual([
      ['0:00–0:04', 'Nghe lời chào'],
      ['0:04–1:02:03', 'Nguyễn Thị Hạ và Đơn vị; Người dân nghe nhạc chờ'],
    ])
    expect(toLength(59_999)).toBe('1:00')
  })

  test('say of each silence who made it and why, and of a supervisor that they spoke', () => {
    const mark = { kind: 'masked', fromMs: 12_000, toMs: 18_000, name: 'Nguyễn Thị Mai' } as const
    expect(
      markRows({
        marks: [
          { ...mark, cause: 'button' },
          { ...mark, cause: 'field', fromMs: 20_000, toMs: 20_000 },
          { kind: 'barge', fromMs: 30_000, toMs: 60_000, name: 'Lê Hoàng Lan' },
        ],
      }),
    ).toEqual([
      ['0:12–0:18', 'Khoảng lặng: Nguyễn Thị Mai, điện thoại viên bấm ngừng ghi âm'],
      ['0:20–0:20', 'Khoảng lặng: Nguyễn Thị Mai, ngừng ghi âm khi nhập thông tin riêng tư vào phiếu'],
      ['0:30–1:00', 'Giám sát Lê Hoàng Lan cùng nói'],
    ])
  })
})
