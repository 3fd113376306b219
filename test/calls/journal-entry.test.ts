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
      operatorId: null,
      training: false,
      steps: [
        { type: 'queued', at: new Date(1764000001000) },
        { type: 'connected', at: new Date(1764000009000), operatorId: 3 },
      ],
    })
    expect(entry?.endedAt?.getTime()).toBe(1764000100000)
  })

  it('keeps the order of a citizen who was lost, connected again and left a message', () => {
    const entry = parseJournalEntry(
      ID,
      'in=1764000000123&q=1764000001000&con=1764000002000&mem=op-3&q=1764000003000&con=1764000004000&mem=op-4' +
        '&q=1764000005000&cb=1764000006000&cbnum=0950000888&vm=1764000007000&vmrec=../x&end=zzz&con=abc',
    )
    expect(entry?.steps.map((step) => ({ ...step, at: step.at.getTime() - 1764000000000 }))).toEqual([
      { type: 'queued', at: 1000 },
      { type: 'connected', at: 2000, operatorId: 3 },
      { type: 'queued', at: 3000 },
      { type: 'connected', at: 4000, operatorId: 4 },
      { type: 'queued', at: 5000 },
      { type: 'callbackAsked', at: 6000, number: '0950000888' },
      { type: 'messageStarted', at: 7000, recording: null },
    ])
    expect(entry?.endedAt).toBeNull()
  })

  it('knows who dialled out', () => {
    const entry = parseJournalEntry(ID, 'dir=out&in=1764000000123&op=op-7&ticket=HP26-000001')
    expect(entry).toMatchObject({ direction: 'out', operatorId: 7, ticketCode: 'HP26-000001' })
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
