import { describe, expect, it } from 'vitest'
import { parseQueueLogLine } from '../../src/reconciliation/queue-log-policy.ts'
import { beganAt, callOfRecording, lastDue } from '../../src/reconciliation/reconcile-policy.ts'

describe('the queue log', () => {
  it.each([
    ['1764000000|hp1-1764000000.5|hotline|NONE|ENTERQUEUE||0950000777|1', { isAnswered: false }],
    ['1764000009|hp1-1764000000.5|hotline|op-3|CONNECT|9|hp1-1764000003.7|6', { isAnswered: true }],
    ['1764000009|hp1-1764000000.5|NONE|NONE|UNKEPT|', { isAnswered: false }],
  ])('tells of a call: %s', (line, told) => {
    expect(parseQueueLogLine(line)).toMatchObject({ callId: 'hp1-1764000000.5', ...told })
  })

  it.each([
    '',
    '1764000000|NONE|NONE|NONE|QUEUESTART|',
    '1764000000|hp1-1764000000.5|hotline|op-3|RINGNOANSWER|20000',
    '1764000000|hp1-1764000000.5|other|op-3|CONNECT|9',
    'x|hp1-1764000000.5|hotline|op-3|CONNECT|9',
    '1764000000|../x|hotline|op-3|CONNECT|9',
  ])('says nothing of a call of ours: %j', (line) => {
    expect(parseQueueLogLine(line)).toBeUndefined()
  })
})

describe('names', () => {
  it('of recordings lead to their call, and to when it began', () => {
    expect(callOfRecording('call-hp1-1764000000.5-citizen')).toBe('hp1-1764000000.5')
    expect(callOfRecording('vm-hp1-1764000000.5')).toBe('hp1-1764000000.5')
    expect(callOfRecording('doctor-1')).toBeUndefined()
    expect(beganAt('hp1-1764000000.5')).toBe('2025-11-24T16:00:00.000Z')
    expect(beganAt('1764000000.5')).toBe('2025-11-24T16:00:00.000Z')
    expect(beganAt('odd')).toBeNull()
  })
})

describe('half past two at night in the city', () => {
  it.each([
    ['2026-03-01T19:29:59Z', '2026-02-28T19:30:00.000Z'],
    ['2026-03-01T19:30:00Z', '2026-03-01T19:30:00.000Z'],
    ['2026-03-02T12:00:00Z', '2026-03-01T19:30:00.000Z'],
  ])('was last, at %s, %s', (now, due) => {
    expect(lastDue(new Date(now)).toISOString()).toBe(due)
  })
})
