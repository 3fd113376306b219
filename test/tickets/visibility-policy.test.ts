import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROLES } from '../../src/accounts/contract.ts'
import { CASE_SIGHTS, TICKET_STATES } from '../../src/tickets/contract.ts'
import {
  type CaseStanding,
  partsOf,
  sightOf,
  STATES_WITHOUT_UNIT,
  type Viewer,
} from '../../src/tickets/visibility-policy.ts'

const CASE: CaseStanding = {
  state: 'assigned',
  confidential: false,
  operatorId: 1,
  unitId: 'chieu-sang',
  slipUnitIds: ['chieu-sang'],
  coUnitIds: [],
  releasedTo: null,
  wasLed: false,
  isListed: false,
}
const viewer = (role: Viewer['role'], unitId: string | null = null, id = 9): Viewer => ({
  id,
  role,
  unitIds: unitId === null ? [] : [unitId],
})

describe('R068: who sees a case', () => {
  it('the hotline sees all of every case that is not confidential', () => {
    for (const role of ['operator', 'supervisor', 'admin'] as const)
      expect(sightOf(viewer(role), { ...CASE, unitId: null, slipUnitIds: [] })).toBe('whole')
  })

  it('a confidential one (Đ7.3, Đ12.1) is whole for its holder and supervisors, and a mask for the others', () => {
    const one = { ...CASE, confidential: true }
    expect(sightOf(viewer('operator', null, 1), one)).toBe('whole')
    expect(sightOf(viewer('supervisor'), one)).toBe('whole')
    expect(sightOf(viewer('operator'), one)).toBe('mask')
    expect(sightOf(viewer('operator'), { ...one, operatorId: null })).toBe('mask')
    expect(sightOf(viewer('admin'), one)).toBe('mask')
  })

  it.each(['officer', 'head'] as const)('R094, R098: an %s sees the cases of the own unit', (role) => {
    const own = viewer(role, 'chieu-sang')
    expect(sightOf(own, CASE)).toBe('whole')
    expect(sightOf(own, { ...CASE, confidential: true })).toBe('withoutReporter')
    expect(sightOf(viewer(role, 'so-xay-dung'), CASE)).toBeNull()
    expect(sightOf(viewer(role), CASE)).toBeNull()
  })

  it('R088: a unit that gave a case back keeps its own slip and no more', () => {
    const own = viewer('officer', 'chieu-sang')
    expect(sightOf(own, { ...CASE, unitId: 'so-xay-dung' })).toBe('ownSlips')
    expect(sightOf(own, { ...CASE, unitId: null, state: 'received' })).toBe('ownSlips')
    for (const state of STATES_WITHOUT_UNIT) expect(sightOf(own, { ...CASE, state })).toBe('ownSlips')
  })

  it('R055: a co-handling unit sees the case, and neither who reported it nor a move of it', () => {
    const one = { ...CASE, coUnitIds: ['so-xay-dung'], slipUnitIds: ['chieu-sang', 'so-xay-dung'] }
    for (const role of ['officer', 'head'] as const) {
      const beside = viewer(role, 'so-xay-dung')
      expect(sightOf(beside, one)).toBe('coHandling')
      expect(sightOf(beside, { ...one, state: 'cityOffice', unitId: null })).toBe('coHandling')
      expect(sightOf(beside, { ...one, coUnitIds: [] })).toBe('ownSlips')
      for (const state of STATES_WITHOUT_UNIT) expect(sightOf(beside, { ...one, state })).toBe('ownSlips')
      expect(sightOf(viewer(role, 'chieu-sang'), one)).toBe('whole')
      expect(partsOf(beside, 'coHandling')).toMatchObject({
        matter: 'now',
        history: 'whole',
        slips: 'own',
        reporter: false,
        messages: false,
        moves: false,
      })
    }
  })

  it('R087: the City Office sees what was forwarded, what it leads or led, and what is reported to it', () => {
    const office = viewer('cityOffice')
    const unforwarded = { ...CASE, unitId: null, slipUnitIds: [] }
    expect(sightOf(office, unforwarded)).toBeNull()
    expect(sightOf(office, CASE)).toBe('withoutReporter')
    expect(sightOf(office, { ...unforwarded, isListed: true })).toBe('withoutReporter')
    expect(sightOf(office, { ...unforwarded, wasLed: true, state: 'answered' })).toBe('withoutReporter')
    expect(sightOf(office, { ...unforwarded, state: 'cityOffice' })).toBe('whole')
    expect(sightOf(office, { ...CASE, state: 'cityOffice', confidential: true })).toBe('withoutReporter')
  })

  it('who sees no reporter hears no call, and a mask shows nothing at all', () => {
    const sights = CASE_SIGHTS
    for (const role of ROLES) {
      for (const sight of sights) {
        const parts = partsOf(viewer(role, 'chieu-sang'), sight)
        if (sight !== 'whole') expect(parts.reporter).toBe(false)
        if (!['operator', 'supervisor', 'admin'].includes(role)) expect(parts.calls).toBe(false)
        if (sight === 'mask')
          expect(Object.values(parts).filter((part) => part !== 'none' && part !== false)).toEqual([])
      }
    }
  })

  it('nobody but holder, supervisors and the unit they released it to ever sees who reported a confidential case', () => {
    const anyCase = fc.record({
      state: fc.constantFrom(...TICKET_STATES),
      confidential: fc.constant(true),
      operatorId: fc.constantFrom(1, 2, null),
      unitId: fc.constantFrom('a', 'b', null),
      releasedTo: fc.constantFrom('a', 'b', null),
      slipUnitIds: fc.subarray(['a', 'b']),
      coUnitIds: fc.subarray(['a', 'b']),
      wasLed: fc.boolean(),
      isListed: fc.boolean(),
    })
    const anyViewer = fc.record({
      id: fc.constantFrom(1, 2),
      role: fc.constantFrom(...ROLES),
      unitIds: fc.subarray(['a', 'b']),
    })
    fc.assert(
      fc.property(anyViewer, anyCase, (who, one) => {
        const isHolder = (who.role === 'operator' || who.role === 'admin') && who.id === one.operatorId
        const isTold =
          (who.role === 'officer' || who.role === 'head') &&
          one.unitId !== null &&
          one.releasedTo === one.unitId &&
          who.unitIds.includes(one.unitId)
        if (who.role !== 'supervisor' && !isHolder && !isTold) expect(sightOf(who, one)).not.toBe('whole')
      }),
    )
  })
})
