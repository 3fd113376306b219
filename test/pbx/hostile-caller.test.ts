import { readFile, readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseJournalEntry } from '../../src/calls/journal-entry.ts'
import { splitMessages } from '../../src/cli/ami-lines.ts'
import { joinQueue, plugIn, pushEndpoint } from '../support/operators.ts'
import { type TestPbx, startPbx } from '../support/pbx.ts'
import { type PbxWatch, watchPbx } from '../support/pbx-watch.ts'
import { type SipAnswer, type SipCaller, openSipCaller } from '../support/sip-caller.ts'

interface Caller {
  readonly what: string
  readonly user?: string
  readonly name?: string | Buffer
  /** A whole From header in place of the two. */
  readonly header?: string
  readonly headers?: readonly string[]
  readonly from: string
  readonly says?: string
}

/** What may stand in an INVITE, and the text that must stand in the journal: its first 64 and 200 characters at most. */
const CALLERS: readonly Caller[] = [
  {
    what: 'quotes and backslashes',
    name: '"Pham \\"B\\" \\\\ x"',
    from: '0950000001',
    says: 'Pham "B" \\ x',
  },
  { what: 'commas and separators', name: '"a,b;c|d&e=f%g+h"', from: '0950000001', says: 'a,b;c|d&e=f%g+h' },
  {
    what: 'dialplan functions in the name',
    name: '"${SHELL(touch /tmp/x)}${CALLERID(num)}$[1+1]"',
    from: '0950000001',
    says: '${SHELL(touch /tmp/x)}${CALLERID(num)}$[1+1]',
  },
  { what: 'dialplan functions in the number', user: '%24%7BSHELL(id)%7D', from: '${SHELL(id)}' },
  {
    what: 'SQL',
    user: "'%3B%20DROP",
    name: '"\'; DROP TABLE calls;--"',
    from: "'",
    says: "'; DROP TABLE calls;--",
  },
  {
    what: 'fields of a journal row',
    user: '095%26end%3D1700000000000%26con%3D1700000000000',
    name: '"x&end=1700000000000&training=1&mem=op-1"',
    from: '095&end=1700000000000&con=1700000000000',
    says: 'x&end=1700000000000&training=1&mem=op-1',
  },
  {
    what: 'a folded header',
    header: '"line one"\r\n <sip:0950000001@127.0.0.1>',
    from: '0950000001',
    says: 'line one',
  },
  { what: 'line breaks in the number', user: '095%0D%0A1', from: '095\r\n1' },
  {
    what: 'a whole AMI event in the number',
    user: '0%0D%0A%0D%0AEvent%3AUserEvent%0D%0AUserEvent%3AHotline%0D%0AStage%3Aended%0D%0ACall%3Ax',
    from: '0\r\n\r\nEvent:UserEvent\r\nUserEvent:Hotline\r\nStage:ended\r\nCall:x',
  },
  {
    what: 'control characters',
    name: '"a\u0001\u001b[31mb\tc"',
    from: '0950000001',
    says: 'a\u0001\u001b[31mb\tc',
  },
  {
    what: '500 characters',
    user: '9'.repeat(500),
    name: `"${'N'.repeat(500)}"`,
    from: '9'.repeat(64),
    says: 'N'.repeat(79),
  },
  { what: '500 Vietnamese letters', name: `"${'ệ'.repeat(500)}"`, from: '0950000001', says: 'ệ'.repeat(26) },
  {
    what: 'wrong UTF-8',
    name: Buffer.from([0x22, 0xc3, 0x28, 0xff, 0x41, 0xe1, 0xbb, 0x22]),
    user: '09%ff50',
    from: '09\ufffd50',
    says: '\ufffd(\ufffdA\ufffd',
  },
  { what: 'a NUL', user: '095%001', from: '095' },
  { what: 'unbalanced brackets', user: '(095', name: '")(${a("', from: '(095', says: ')(${a(' },
  {
    what: 'a path',
    user: '..%2F..%2Fetc%2Fpasswd',
    name: '"../../x"',
    from: '../../etc/passwd',
    says: '../../x',
  },
  { what: 'no number', header: '<sip:127.0.0.1>', from: '' },
  {
    what: 'anonymous',
    header: '"Anonymous" <sip:anonymous@anonymous.invalid>',
    from: 'anonymous',
    says: 'Anonymous',
  },
  {
    what: 'a withheld number the network tells all the same (RFC 3325)',
    header: '"Anonymous" <sip:anonymous@anonymous.invalid>',
    headers: ['P-Asserted-Identity: "B" <sip:+84950000001@127.0.0.1>', 'Privacy: id'],
    from: 'anonymous',
  },
  { what: 'a foreign number', user: '+33612345678', name: '"Jean"', from: '+33612345678', says: 'Jean' },
  { what: 'a tel address', header: '<tel:+84950000001>', from: '+84950000001' },
]

let pbx: TestPbx
let seen: PbxWatch
let sip: SipCaller

beforeAll(async () => {
  pbx = await startPbx({ verbosity: 3 })
  seen = watchPbx(pbx)
  sip = await openSipCaller({ port: pbx.trunkPort, pbxPort: pbx.ports.sip })
})
afterAll(async () => {
  sip.close()
  seen.stop()
  await pbx.stop()
})

function fromHeader({ user = '0950000001', name = '', header }: Caller): string | Buffer {
  return header ?? Buffer.concat([Buffer.from(name), Buffer.from(` <sip:${user}@127.0.0.1>`)])
}

/** One call from INVITE to its journal row. Calls come one after the other: the next arrival is this one's. */
async function call(caller: Caller): Promise<{ answer: SipAnswer; id: string; row: string }> {
  const after = seen.mark()
  const answer = await sip.invite({ to: '02251022', from: fromHeader(caller), headers: caller.headers ?? [] })
  const arrived = await seen.event((event) => event['Stage'] === 'intake', { after })
  const id = arrived['Call'] ?? ''
  answer.hangUp()
  await seen.stage(id, 'ended')
  return { answer, id, row: (await pbx.journal()).get(id) ?? '' }
}

describe('a caller id with', () => {
  it.each(CALLERS)('$what is text, and its call is taken', async (caller) => {
    const { answer, id, row } = await call(caller)
    expect(answer.status).toBe(200)
    expect(parseJournalEntry(id, row)).toMatchObject({
      callId: id,
      from: caller.from,
      name: caller.says ?? '',
      line: '02251022',
      recording: `call-${id}`,
      training: false,
      steps: [],
    })
    const fields = [...new URLSearchParams(row).keys()]
    expect(fields).toEqual([
      'v',
      'in',
      'from',
      'name',
      'line',
      'notice',
      'rec',
      'training',
      'end',
      'cause',
      'qs',
      'by',
    ])
    expect(row).toMatch(/^[\x21-\x7e]+$/)
  })

  it('nothing that is SIP at all is dropped, and the next caller is served', async () => {
    sip.sendRaw(
      Buffer.from('INVITE sip:02251022@127.0.0.1 SIP/2.0\r\nFrom: "broken\r\nover lines" <sip:a@b>\r\n\r\n'),
    )
    sip.sendRaw(Buffer.from([0, 255, 1, 2, 3]))
    const { row } = await call({ what: 'next', from: '0950000001' })
    expect(row).toContain('from=0950000001')
  })
})

describe('hostile callers altogether', () => {
  it('leave no file but recordings, forge no event, and are answered fast', async () => {
    const bytes: Buffer[] = []
    const line = connect(pbx.ami.port, '127.0.0.1')
    line.on('data', (chunk) => bytes.push(chunk))
    line.write(`Action: Login\r\nUsername: ${pbx.ami.user}\r\nSecret: ${pbx.ami.secret}\r\n\r\n`)
    const operator = await pushEndpoint(pbx, 3)
    const phone = await plugIn(pbx, operator)
    await joinQueue(pbx, operator)
    const after = seen.mark()
    const [forger] = CALLERS.filter(({ what }) => what.startsWith('a whole AMI event'))
    if (forger === undefined) throw new Error('the forger is missing')
    const answer = await sip.invite({ to: '02251022', from: fromHeader(forger) })
    // Through the queue, where every event names the caller.
    await phone.next('CALL_INCOMING')
    const { Call: id = '' } = await seen.event((event) => event['Stage'] === 'queued', { after })
    answer.hangUp()
    await seen.stage(id, 'ended')
    await phone.stop()
    await seen.event((event) => event['Event'] === 'QueueCallerAbandon', { after })
    line.destroy()
    const { messages } = splitMessages(Buffer.concat(bytes).toString())
    expect(
      messages.filter((message) => message['Event'] === 'UserEvent').map((message) => message['Call']),
    ).toEqual(messages.filter((message) => message['Event'] === 'UserEvent').map(() => id))
    const names = messages.flatMap((message) => (message['Event'] === undefined ? [] : [message['Event']]))
    expect(names).toContain('AgentCalled')
    expect(names.filter((name) => /Newchannel|Newexten|VarSet/.test(name))).toEqual([])

    const files = (await readdir(join(pbx.root, 'spool'), { recursive: true })).filter((name) =>
      name.includes('.'),
    )
    expect(files.filter((name) => !/^recording\/call-[-\w.]+-(?:citizen|operator)\.wav$/.test(name))).toEqual(
      [],
    )
    expect((await readdir(pbx.root)).toSorted()).toEqual(['etc', 'lib', 'log', 'run', 'share', 'spool'])
    const log = await readFile(join(pbx.root, 'log/messages.log'), 'utf8')
    // chan_pjsip says so of whoever hangs up in the very moment in which it has something to tell them.
    const errors = log.split('\n').filter((entry) => entry.includes(' ERROR['))
    expect(errors.filter((entry) => !entry.includes('Session already DISCONNECTED'))).toEqual([])
  })

  it('wait no longer for the answer than others', async () => {
    const times: number[] = []
    for (let count = 0; count < 10; count += 1) {
      times.push((await call({ what: 'plain', from: '0950000001' })).answer.afterMs)
    }
    expect(times.toSorted((a, b) => a - b)[4]).toBeLessThan(500)
  })
})
