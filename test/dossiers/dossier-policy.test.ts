import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DOSSIER_REASONS } from '../../src/dossiers/contract.ts'
import { becameUrgent, planListing, startOf } from '../../src/dossiers/dossier-policy.ts'

const AT = '2026-03-02T01:00:00.000Z'
const draft = { urgent: false, receivedAt: null }
const urgentDraft = { urgent: true, receivedAt: null }
const received = { urgent: false, receivedAt: AT }
const urgent = { urgent: true, receivedAt: AT }

describe('an urgent matter', () => {
  it.each([
    ['marked after receipt', received, urgent, true],
    ['received with its mark', urgentDraft, urgent, true],
    ['marked and received in one step', draft, urgent, true],
    ['still being typed', draft, urgentDraft, false],
    ['that was one before', urgent, urgent, false],
    ['whose mark is taken off', urgent, received, false],
    ['that is none', draft, received, false],
  ])('%s', (_, before, after, expected) => {
    expect(becameUrgent(before, after)).toBe(expected)
  })

  it('runs from its receipt, and from being put through where the form was not finished yet', () => {
    expect(startOf(urgent, '2026-03-09T03:00:00.000Z')).toBe(AT)
    expect(startOf(urgentDraft, '2026-03-09T03:00:00.000Z')).toBe('2026-03-09T03:00:00.000Z')
  })
})

describe('the list', () => {
  const on = (reason: (typeof DOSSIER_REASONS)[number]) => ({ reason, removedAt: null })
  const off = (reason: (typeof DOSSIER_REASONS)[number]) => ({ reason, removedAt: AT })

  it.each([
    ['urgent', [], 'list'],
    ['urgentTransfer', [], 'list'],
    ['urgentTransfer', [on('urgent')], 'list'],
    ['urgentTransfer', [on('urgentTransfer')], 'nothing'],
    ['urgent', [on('urgent')], 'nothing'],
    ['urgent', [on('urgentTransfer')], 'nothing'],
    ['urgent', [off('urgentTransfer')], 'list'],
    ['urgent', [off('urgent')], 'putBack'],
    ['urgentTransfer', [off('urgentTransfer')], 'putBack'],
  ] as const)('%s beside %j: %s', (reason, standing, plan) => {
    expect(planListing(reason, standing)).toBe(plan)
  })

  it('never holds a case twice for one reason, and always once after a cause', () => {
    const step = fc.record({ reason: fc.constantFrom(...DOSSIER_REASONS), removes: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let rows: { reason: (typeof DOSSIER_REASONS)[number]; removedAt: string | null }[] = []
        for (const { reason, removes } of steps) {
          if (removes) rows = rows.map((row) => (row.reason === reason ? off(reason) : row))
          else {
            const plan = planListing(reason, rows)
            if (plan === 'list') rows.push(on(reason))
            if (plan === 'putBack') rows = rows.map((row) => (row.reason === reason ? on(reason) : row))
            expect(rows.some(({ removedAt }) => removedAt === null)).toBe(true)
          }
          const reasons = rows.map((row) => row.reason)
          expect(new Set(reasons).size).toBe(reasons.length)
        }
      }),
    )
  })
})
