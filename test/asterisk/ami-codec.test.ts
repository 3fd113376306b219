import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkFields, createAmiDecoder, timestampOf } from '../../src/asterisk/ami-codec.ts'

const STREAM = Buffer.from(
  [
    'Asterisk Call Manager/11.0.0',
    'Response: Success',
    'ActionID: td-1',
    'Message: Authentication accepted',
    '',
    'Event: AgentCalled',
    'Timestamp: 1764000000.123456',
    'CallerIDName: Nguyễn "Ánh", ${EVIL}',
    'ChanVariable: A=1',
    'ChanVariable: B=2',
    'Empty: ',
    'NoSpace:x',
    '',
    '',
    'Event: Hangup',
    'Uniqueid: t-1.2',
    '',
    '',
  ].join('\r\n'),
)

const plain = (messages: readonly object[]) => messages.map((message) => ({ ...message }))
const decode = (chunks: readonly Uint8Array[]) => {
  const decoder = createAmiDecoder()
  return plain(chunks.flatMap((chunk) => decoder.push(chunk)))
}

const EXPECTED = [
  { response: 'Success', actionid: 'td-1', message: 'Authentication accepted' },
  {
    event: 'AgentCalled',
    timestamp: '1764000000.123456',
    calleridname: 'Nguyễn "Ánh", ${EVIL}',
    chanvariable: 'A=1\nB=2',
    empty: '',
    nospace: 'x',
  },
  { event: 'Hangup', uniqueid: 't-1.2' },
]

describe('decoding', () => {
  test('reads a stream cut in two at every byte, characters of Vietnamese included', () => {
    for (let at = 0; at <= STREAM.length; at += 1) {
      expect(decode([STREAM.subarray(0, at), STREAM.subarray(at)])).toEqual(EXPECTED)
    }
  })

  test('reads a stream that comes one byte at a time', () => {
    expect(decode([...STREAM].map((byte) => Uint8Array.of(byte)))).toEqual(EXPECTED)
  })

  test('an event broken off at any byte does not harm the one after the next empty line', () => {
    const event = Buffer.from('Event: Newchannel\r\nChannel: PJSIP/đường-1\r\nUniqueid: t-1.1')
    const next = Buffer.from('\r\n\r\nEvent: Hangup\r\nUniqueid: t-1.2\r\n\r\n')
    for (let at = 0; at <= event.length; at += 1) {
      expect(decode([event.subarray(0, at), next]).at(-1)).toEqual({ event: 'Hangup', uniqueid: 't-1.2' })
    }
  })

  test('whatever bytes come before an empty line, the message after it is whole', () => {
    const next = Buffer.from('\n\r\n\r\nEvent: Hangup\r\nUniqueid: 7\r\n\r\n')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(400), (noise, at) => {
        const bytes = Buffer.concat([noise, next])
        const messages = decode([bytes.subarray(0, at), bytes.subarray(at)])
        expect(messages.at(-1)).toEqual({ event: 'Hangup', uniqueid: '7' })
      }),
    )
  })

  test('gives back every message that was written, however it was cut', () => {
    const key = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/)
    const value = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replace(/[\r\n]/g, ' '))
    const message = fc.dictionary(key, value, { minKeys: 1, maxKeys: 8, noNullPrototype: true })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.array(fc.nat(2_000)), (messages, cuts) => {
        const text = messages.map((one) => {
          const lines = Object.entries(one).map(([name, content]) => `${name}: ${content}\r\n`)
          return `${lines.join('')}\r\n`
        })
        const bytes = Buffer.from(text.join(''))
        const ends = [...cuts.sort((a, b) => a - b), bytes.length]
        expect(decode(ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)))).toEqual(messages)
      }),
    )
  })

  test('takes names that every object has for names like any other', () => {
    const [message] = createAmiDecoder().push(
      Buffer.from('__proto__: a\r\nconstructor: b\r\ntoString: c\r\n\r\n'),
    )
    expect(Object.keys(message ?? {})).toEqual(['__proto__', 'constructor', 'tostring'])
    expect(message?.['hasownproperty']).toBeUndefined()
    expect(({} as Record<string, unknown>)['a']).toBeUndefined()
  })

  test('a second Event line, from a name inside a UserEvent perhaps, makes no event at all', () => {
    const text = 'Event: UserEvent\r\nUserEvent: Hotline\r\nEvent: Hangup\r\nUniqueid: t-1.1\r\n\r\n'
    expect(decode([Buffer.from(text)])).toEqual([])
  })

  test('shows wrong UTF-8 as such and keeps the rest of the value', () => {
    const bytes = Buffer.concat([
      Buffer.from('Event: X\r\nName: a'),
      Buffer.of(0xff, 0xc3),
      Buffer.from('b\r\n\r\n'),
    ])
    expect(decode([bytes])).toEqual([{ event: 'X', name: 'a\ufffd\ufffdb' }])
  })

  test('gives up a line and a message that do not end', () => {
    const line = createAmiDecoder(1_000)
    const tooLong = expect.objectContaining({ code: 'AMI_TOO_LONG' }) as unknown
    expect(() => line.push(Buffer.alloc(1_001, 'x'))).toThrow(tooLong)
    const message = createAmiDecoder(1_000)
    expect(() => message.push(Buffer.from('Key: value\r\n'.repeat(100)))).toThrow(tooLong)
    const apart = createAmiDecoder(1_000)
    expect(apart.push(Buffer.from('Key: value\r\n\r\n'.repeat(1_000)))).toHaveLength(1_000)
  })

  test('reads the time of an event, and no nonsense', () => {
    expect(timestampOf({ timestamp: '1764000000.123456' })).toBe(1_764_000_000_123)
    for (const timestamp of ['', 'now', '-1', '1e9', '1764000000.', '17640000000000000']) {
      expect(timestampOf({ timestamp })).toBeUndefined()
    }
    expect(timestampOf({})).toBeUndefined()
  })
})

describe('what goes out', () => {
  test('M4: no text with a line break or a zero byte passes, in any header', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('\r', '\n', '\0', '\r\n'), fc.string(), (a, bad, b) => {
        const text = `${a}${bad}${b}`
        const refused = expect.objectContaining({ code: 'AMI_LINE_BREAK', kind: 'invalid' }) as unknown
        for (const fields of [{ Name: text }, { Name: ['ok', text] }, { [text]: 'x' }]) {
          expect(() => {
            checkFields(fields)
          }).toThrow(refused)
        }
      }),
    )
  })

  test('M4: a colon or nothing at all is no header name', () => {
    for (const key of ['Action: Command', ':', '', '  ']) {
      expect(() => {
        checkFields({ [key]: 'x' })
      }).toThrow(expect.objectContaining({ code: 'AMI_LINE_BREAK' }) as Error)
    }
  })

  test('a value longer than a line of the PBX is refused rather than cut by it', () => {
    expect(() => {
      checkFields({ Name: 'ữ'.repeat(400) })
    }).toThrow(expect.objectContaining({ code: 'AMI_LINE_TOO_LONG', kind: 'invalid' }) as Error)
    checkFields({ Name: 'u'.repeat(990) })
  })
})
