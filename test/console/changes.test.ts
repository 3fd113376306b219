import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createChanges } from '../../src/console/state/changes.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('changes elsewhere', () => {
  it('are told at once when they are rare', () => {
    const { counts, note } = createChanges(() => 0)
    note('ticket')
    expect(counts.value).toEqual({
      ticket: 1,
      recording: 0,
      sms: 0,
      directory: 0,
      disclosure: 0,
      retention: 0,
      catchUp: 0,
    })
    vi.advanceTimersByTime(3_000)
    note('ticket')
    expect(counts.value.ticket).toBe(2)
  })

  it('are told together when they come close together, and none is lost', () => {
    const { counts, note } = createChanges(() => 0)
    for (let count = 0; count < 20; count += 1) note('ticket')
    expect(counts.value.ticket).toBe(1)
    vi.advanceTimersByTime(3_000)
    expect(counts.value.ticket).toBe(2)
    vi.advanceTimersByTime(60_000)
    expect(counts.value.ticket).toBe(2)
  })

  it('are asked for by each console at a moment of its own, when all of them hear of many', () => {
    const asked = [0, 0.5, 1].map((chance) => {
      const { counts, note } = createChanges(() => chance)
      for (let count = 0; count < 5; count += 1) note('ticket')
      return counts
    })
    const told = () => asked.map((counts) => counts.value.ticket)
    const seen = [3_000, 750, 750].map((ms) => {
      vi.advanceTimersByTime(ms)
      return told()
    })
    expect(seen).toEqual([
      [2, 1, 1],
      [2, 2, 1],
      [2, 2, 2],
    ])
  })

  it('of one kind do not hold those of another', () => {
    const { counts, note } = createChanges(() => 0)
    note('ticket')
    note('recording')
    note('sms')
    expect(counts.value).toEqual({
      ticket: 1,
      recording: 1,
      sms: 1,
      directory: 0,
      disclosure: 0,
      retention: 0,
      catchUp: 0,
    })
  })
})
