import { describe, expect, test } from 'vitest'
import { ROLES } from '../../src/accounts/contract.ts'
import { SUPERVISION_MODES } from '../../src/supervision/contract.ts'
import {
  channelOf,
  isShownTo,
  legOf,
  maySupervise,
  snoopOf,
  whisperOf,
} from '../../src/supervision/supervision-policy.ts'
import { isWithCitizen } from '../../src/transfers/parties-policy.ts'
import { TRANSFER_STATES } from '../../src/transfers/contract.ts'

describe('R068: who may listen', () => {
  test('is a supervisor, to somebody else’s talk of a case they may read', () => {
    const roles = ROLES.filter((role) => maySupervise({ id: 2, role }, { operatorId: 1, mayReadCase: true }))
    expect(roles).toEqual(['supervisor'])
    const supervisor = { id: 2, role: 'supervisor' } as const
    expect(maySupervise(supervisor, { operatorId: 2, mayReadCase: true })).toBe(false)
    expect(maySupervise(supervisor, { operatorId: 1, mayReadCase: false })).toBe(false)
  })

  test('hears a transfer only where the citizen is in it', () => {
    expect(TRANSFER_STATES.filter(isWithCitizen)).toEqual(['ringingAside', 'citizenSide', 'merged'])
  })
})

test('a supervisor’s sound goes nowhere, into the operator’s ear, or also among what the operator says', () => {
  expect(SUPERVISION_MODES.map(whisperOf)).toEqual(['none', 'out', 'both'])
})

test('a city that shows nobody who listens still names a voice that is heard', () => {
  expect(SUPERVISION_MODES.map((mode) => isShownTo({ shown: true }, mode))).toEqual([true, true, true])
  expect(SUPERVISION_MODES.map((mode) => isShownTo({ shown: false }, mode))).toEqual([false, true, true])
})

test('channels of ours are told from all others by their unique id', () => {
  expect(channelOf(legOf('0a1b2c3d'))).toEqual({ id: '0a1b2c3d', nth: null })
  expect(channelOf(snoopOf('0a1b2c3d', 12))).toEqual({ id: '0a1b2c3d', nth: 12 })
  for (const other of [
    '',
    'hp1-1795903226.1',
    'transfer-0a1b2c3d-1',
    'supervise-',
    'supervise-0a1b-x',
    'supervise-0A1B',
  ])
    expect(channelOf(other)).toBeUndefined()
})
