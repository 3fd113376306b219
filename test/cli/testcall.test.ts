import { describe, expect, it } from 'vitest'
import { MISSING_REASONS, TEST_CALL_STEPS } from '../../src/calls/test-call-contract.ts'
import { wordLine } from '../../src/cli/testcall.ts'
import { remedyOf, STEP_DETAILS, STEP_NAMES, TEXTS } from '../../src/cli/testcall-texts.ts'

const AT = '2026-03-02T01:00:00.000Z'
const slots = (text: string) => new Set([...text.matchAll(/\{\w+\}/g)].map(([slot]) => slot))

describe('what a test call tells', () => {
  it('is one line a step, with the time since it was placed', () => {
    const popped = {
      type: 'step',
      step: 'popped',
      at: AT,
      ms: 10_616,
      detail: { operator: 'robot' },
    } as const
    expect(wordLine(popped, 'vi')).toMatch(
      /^ {2}10\.62 s {2}✓ Báo cho điện thoại viên +điện thoại viên tự động \(robot\)$/,
    )
    const connected = {
      type: 'step',
      step: 'connected',
      at: AT,
      ms: 5,
      detail: { operator: 'op-3', operatorName: 'Nguyễn Thị Mai' },
    } as const
    expect(wordLine(connected, 'en')).toMatch(/✓ connected +operator Nguyễn Thị Mai$/)
  })

  it('of a missing step is what to look at, with the operator it concerns', () => {
    const line = {
      type: 'missing',
      step: 'connected',
      reason: 'silent',
      at: AT,
      ms: 45_000,
      detail: { operator: 'op-3', pbx: '' },
    } as const
    expect(wordLine(line, 'vi')).toMatch(/✗ Có người nghe máy\n +→ Máy của điện thoại viên op-3 đổ chuông/)
  })

  it('has a remedy in both languages for every step and reason, asking for the same values', () => {
    for (const step of TEST_CALL_STEPS) {
      for (const reason of MISSING_REASONS) {
        const { vi, en } = remedyOf(step, reason)
        expect(vi, `${step} ${reason}`).not.toBe(en)
        expect(slots(vi), `${step} ${reason}`).toEqual(slots(en))
      }
    }
    for (const { vi, en } of [
      ...Object.values(STEP_NAMES),
      ...Object.values(STEP_DETAILS),
      ...Object.values(TEXTS),
    ]) {
      expect(slots(vi)).toEqual(slots(en))
    }
  })
})
