import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { operatorOf, parseJournalEntry } from '../../src/calls/journal-entry.ts'

const ID = 'hp1-1764000000.12'

describe('journal entry of the dialplan', () => {
  it('reads what the dialplan wrote', () => {
    const entry = parseJournalEntry(
      ID,
      'v=1&in=1764000000123&from=%2B84912345678&name=Ph%E1%BA%A1m%20B&line=02251022&notice=abc&rec=call-x.1&training=0' +
        '&q=1764000001000&con=1764000009000&mem=op-3&end=1764000100000&cause=16&qs=',
    )
    expect(entry).toMatchObject({
      direction: 'in',
      from: '+84912345678',
      name: 'Phạm B',
      recording: 'call-x.1',
      operatorId: 3,
      training: false,
    })
    expect(entry?.connectedAt?.getTime()).toBe(1764000009000)
    expect(entry?.endedAt?.getTime()).toBe(1764000100000)
    expect(entry?.callbackAt).toBeNull()
  })

  it('refuses an entry without call or time, and file names that are none', () => {
    expect(parseJournalEntry('../x', 'in=1764000000123')).toBeUndefined()
    expect(parseJournalEntry(ID, 'v=1&from=113')).toBeUndefined()
    expect(parseJournalEntry(ID, 'in=1764000000123&rec=../../etc/passwd')?.recording).toBeNull()
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (id, value) => {
        parseJournalEntry(id, value)
        parseJournalEntry(ID, `in=1764000000123&${value}`)
      }),
    )
  })

  it('finds the operator in a member, an interface or a channel', () => {
    expect(operatorOf('op-3')).toBe(3)
    expect(operatorOf('PJSIP/op-12')).toBe(12)
    expect(operatorOf('PJSIP/op-3-0000001a')).toBe(3)
    expect(operatorOf('PJSIP/trunk-0000001a')).toBeNull()
    expect(operatorOf('robot')).toBeNull()
  })
})
