import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AmiEvent, type AmiMessage } from '../../src/asterisk/ami-client.ts'
import { type Acknowledging, createAcknowledging } from '../../src/calls/acknowledging.ts'
import { type CatchUp, type CatchUpStore, createCatchUp } from '../../src/calls/catch-up.ts'
import { createCatchUpStore } from '../../src/calls/catch-up-store.ts'
import { CALL_EVENTS, type CallEvents, createCallEvents } from '../../src/calls/events-ami.ts'
import { createJournal, type Journal } from '../../src/calls/journal-ami.ts'
import { takeUpLive } from '../../src/calls/resync-ami.ts'
import { AppError } from '../../src/platform/errors.ts'
import { type CallDesk, createCallDesk, MAI, SUPERVISOR_VIEWER, TUAN } from '../support/call-desk.ts'

let desk: CallDesk
let pbx: ReturnType<typeof createPbx>
let events: CallEvents
let acknowledging: Acknowledging
let journal: Journal
let catchUp: CatchUp
let runs: CatchUpStore
let failures: number

/** The PBX as the adapter asks it: channels and journal rows by id. */
function createPbx() {
  const channels: Record<string, string>[] = []
  const rows = new Map<string, string>()
  const asked: Record<string, unknown>[] = []
  let away = false
  const check = () => {
    if (away) throw new AppError('unavailable', 'AMI_DOWN', 'away')
  }
  return {
    channels,
    rows,
    asked,
    away: (is: boolean) => void (away = is),
    async list(fields: Record<string, string | readonly string[]>): Promise<AmiMessage[]> {
      asked.push(fields)
      check()
      if (fields['Action'] === 'CoreShowChannels') return channels.map((each) => ({ fields: each }))
      const key = fields['Key']
      return [...rows]
        .filter(([id]) => key === undefined || id.startsWith(String(key)))
        .map(([id, val]) => ({ fields: { key: `/calls/${id}`, val } }))
    },
    async action(fields: Record<string, string | readonly string[]>): Promise<AmiMessage> {
      asked.push(fields)
      check()
      if (fields['Action'] === 'DBDel') rows.delete(String(fields['Key']))
      return { fields: { response: 'Success' } }
    },
  }
}

const log = {
  info: () => undefined,
  error: (fields: object, message: string) => void desk.logged.push({ level: 'error', fields, message }),
}
const acknowledge = (callId: string) => {
  acknowledging.say(callId)
}

/** All of it, to the last acknowledgement. Answers what the supervisor is told of it. */
async function resync() {
  await catchUp.run()
  await catchUp.finished()
  await acknowledging.settled()
  const [run] = runs.page(1)
  return run
}

beforeEach(() => {
  failures = 0
  pbx = createPbx()
  desk = createCallDesk({
    onAcknowledge: (callId) => {
      acknowledging.say(callId)
    },
  })
  desk.ready(MAI)
  desk.ready(TUAN)
  journal = createJournal(pbx)
  runs = createCatchUpStore(desk.db)
  const durable = () => Promise.resolve()
  acknowledging = createAcknowledging({ journal, durable, log: { info: () => undefined } })
  catchUp = createCatchUp({
    get calls() {
      return desk.calls
    },
    journal,
    takeUpLive: () => takeUpLive({ calls: desk.calls, ami: pbx, journal, acknowledge, now: desk.now, log }),
    whenLive: () => Promise.resolve(),
    collect: () => Promise.resolve(0),
    onOverflow: () => undefined,
    acknowledge,
    runs,
    onChange: () => undefined,
    now: desk.now,
    log,
  })
  events = createCallEvents({
    get calls() {
      return desk.calls
    },
    journal,
    writing: desk.db,
    now: desk.now,
    log,
    onFailure: () => void (failures += 1),
  })
})
afterEach(() => desk.close())

const at = () => String(desk.now().getTime())
const take = (name: string, fields: Record<string, string>, time?: number) => {
  desk.pass(1000)
  events.take({ name, fields, at: time ?? desk.now().getTime() })
}
const hotline = (stage: string, fields: Record<string, string> = {}, call = 'hp1-1.1') => {
  desk.pass(1000)
  take('UserEvent', { userevent: 'Hotline', stage, call, at: at(), ...fields })
}
const intake = (more: Record<string, string> = {}, call = 'hp1-1.1') => {
  hotline(
    'intake',
    {
      from: '0950000777',
      name: 'Ph%E1%BA%A1m',
      line: '02251022',
      notice: 'n1',
      recording: `call-${call}`,
      training: '0',
      ...more,
    },
    call,
  )
}
const queue = (name: string, operatorId: number, more: Record<string, string> = {}) => {
  take(name, {
    uniqueid: 'hp1-1.1',
    membername: `op-${String(operatorId)}`,
    interface: `PJSIP/op-${String(operatorId)}`,
    destuniqueid: `hp1-1.${String(operatorId)}`,
    ...more,
  })
}
/** Everything the adapter asked of the PBX so far is answered. */
const settled = () => new Promise((resolve) => setImmediate(resolve))
const call = () => desk.calls.find('hp1-1.1')

describe('events of one call', () => {
  it('are followed from first ring to wrap-up', () => {
    intake()
    hotline('queued')
    queue('AgentCalled', MAI)
    queue('AgentCalled', TUAN)
    expect(desk.popsOf(MAI)[0]?.caller.name).toBe('Phạm')
    queue('AgentRingNoAnswer', TUAN)
    expect(desk.popsOf(TUAN)).toEqual([])
    hotline('connected', { member: 'op-11' })
    queue('AgentConnect', MAI)
    expect(call()).toMatchObject({ state: 'talking', operatorId: MAI })
    take('Hold', { channel: 'PJSIP/op-11-0000000a', linkedid: 'hp1-1.1' })
    expect(call()?.state).toBe('held')
    take('Unhold', { channel: 'PJSIP/op-11-0000000a', linkedid: 'hp1-1.1' })
    expect(call()?.state).toBe('talking')
    queue('AgentComplete', MAI, { reason: 'agent' })
    take('Hangup', { channel: 'PJSIP/op-11-0000000a', uniqueid: 'hp1-1.11', linkedid: 'hp1-1.1' })
    expect(desk.presence.view(MAI).state).toBe('wrapUp')
    hotline('ended', { cause: '16' })
    expect(call()).toMatchObject({ state: 'ended', endedBy: 'operator', outcome: 'answered' })
    expect(failures).toBe(0)
  })

  it.each([
    ['agent', 'operator'],
    ['caller', 'caller'],
    ['transfer', 'caller'],
    ['', 'caller'],
  ] as const)('that complete by %j name who let go', (reason, endedBy) => {
    intake()
    queue('AgentConnect', MAI)
    queue('AgentComplete', MAI, { reason })
    take('Hangup', { channel: 'PJSIP/trunk-00000001', uniqueid: 'hp1-1.1', linkedid: 'hp1-1.1' })
    expect(call()).toMatchObject({ state: 'ended', endedBy })
  })

  it.each([
    ['PJSIP/op-11-0000000a', 'hp1-1.11', 'operator'],
    ['PJSIP/trunk-00000001', 'hp1-1.1', 'caller'],
  ])(
    'that begin with the goodbye of %s name it, whatever the queue says later',
    (channel, uniqueid, endedBy) => {
      intake()
      queue('AgentConnect', MAI)
      take('HangupRequest', { channel, uniqueid, linkedid: 'hp1-1.1' })
      queue('AgentComplete', MAI, { reason: endedBy === 'caller' ? 'agent' : 'caller' })
      take('Hangup', { channel: 'PJSIP/trunk-00000001', uniqueid: 'hp1-1.1', linkedid: 'hp1-1.1' })
      expect(call()).toMatchObject({ state: 'ended', endedBy })
    },
  )

  it('of which the queue says late that a leg long gone completed are let go of by whoever says goodbye', () => {
    intake()
    queue('AgentConnect', MAI)
    queue('AgentComplete', MAI, { reason: 'agent', destuniqueid: '' })
    take('HangupRequest', { channel: 'PJSIP/trunk-00000001', uniqueid: 'hp1-1.1', linkedid: 'hp1-1.1' })
    take('Hangup', { channel: 'PJSIP/trunk-00000001', uniqueid: 'hp1-1.1', linkedid: 'hp1-1.1' })
    expect(call()).toMatchObject({ state: 'ended', endedBy: 'caller' })
  })

  it('leave the operator on the call when a reloaded page takes the old leg’s place', () => {
    intake()
    queue('AgentConnect', MAI)
    hotline('resumed', { member: 'op-11', leg: 'hp1-1.11' })
    take('HangupRequest', { channel: 'PJSIP/op-11-0000000a', uniqueid: 'hp1-1.11', linkedid: 'hp1-1.1' })
    queue('AgentComplete', MAI, { reason: 'agent' })
    take('Hangup', { channel: 'PJSIP/op-11-0000000a', uniqueid: 'hp1-1.11', linkedid: 'hp1-1.1' })
    expect(call()).toMatchObject({ state: 'talking', endedBy: null })
    expect(desk.presence.view(MAI).state).toBe('onCall')
    take('Hangup', { channel: 'PJSIP/op-11-0000000b', uniqueid: 'hp1-1.99', linkedid: 'hp1-1.1' })
    expect(desk.presence.view(MAI).state).toBe('wrapUp')
  })

  it('of a phone of the PBX that is no operator’s, of other queues and unknown ones are left alone', async () => {
    take('AgentCalled', { uniqueid: 'hp1-9.9', membername: 'Reception', interface: 'PJSIP/100' })
    take('AgentCalled', { uniqueid: 'hp1-9.9', membername: 'op-11', interface: 'PJSIP/op-11' })
    await settled()
    const asked = pbx.asked.length
    take('AgentConnect', { uniqueid: 'hp1-9.9', membername: 'op-11', interface: 'PJSIP/op-11' })
    take('Hangup', { channel: 'PJSIP/100-00000001', uniqueid: 'hp1-9.9', linkedid: 'hp1-9.9' })
    take('SomethingNew', { uniqueid: 'hp1-9.9' })
    hotline('somethingNew')
    take('UserEvent', { userevent: 'Other', stage: 'ended', call: 'hp1-1.1' })
    await settled()
    expect(pbx.asked).toHaveLength(asked)
    expect(desk.popsOf(MAI)).toEqual([])
    expect(desk.calls.page({ operatorId: null, from: null, until: null }, 0, 10).total).toBe(0)
    expect(failures).toBe(0)
  })

  it('with a name in broken UTF-8 keep what can be read', () => {
    intake({ name: 'Ph%FF%E1%BA%A1m+B%', from: '%2B84950000777' })
    expect(call()).toMatchObject({ callerName: 'Ph ạm+B%', number: { e164: '+84950000777' } })
  })

  it('with a time that is none happen now', () => {
    for (const [index, time] of ['', 'x', '-5', '1e300', 'Infinity', '99999999999999999'].entries()) {
      intake({ at: time }, `hp1-2.${String(index)}`)
      expect(desk.calls.find(`hp1-2.${String(index)}`)?.startedAt).toBe(desk.now().toISOString())
    }
    take('AgentCalled', { uniqueid: 'hp1-2.0', membername: 'op-11' }, 1e300)
    expect(desk.popsOf(MAI)).toHaveLength(1)
    expect(failures).toBe(0)
  })
})

describe('a call whose first word was missed', () => {
  const row = () => `v=1&in=${at()}&from=0950000777&rec=call-hp1-1.1&training=0`

  it('is taken up from its journal row when its end is all that is heard', async () => {
    pbx.rows.set('hp1-1.1', `${row()}&end=${String(desk.now().getTime() + 1)}`)
    hotline('ended')
    await settled()
    expect(call()).toMatchObject({ state: 'ended', outcome: 'abandoned' })
    expect(desk.missed).toHaveLength(1)
    expect(pbx.rows.size).toBe(0)
  })

  it('still pops: what comes while the row is read waits for it', async () => {
    pbx.rows.set('hp1-1.1', row())
    hotline('queued')
    queue('AgentCalled', MAI)
    queue('AgentRingNoAnswer', MAI)
    queue('AgentCalled', TUAN)
    await settled()
    expect(desk.popsOf(MAI)).toEqual([])
    expect(desk.popsOf(TUAN)).toHaveLength(1)
    expect(pbx.asked).toHaveLength(1)
  })

  it('waits for the next resync when the PBX is away', async () => {
    pbx.rows.set('hp1-1.1', `${row()}&end=${at()}`)
    pbx.away(true)
    hotline('ended')
    await settled()
    expect(call()).toBeUndefined()
    pbx.away(false)
    await resync()
    await settled()
    expect(desk.missed).toHaveLength(1)
  })
})

describe('a damaged event', () => {
  const BASE: readonly AmiEvent[] = [
    {
      name: 'UserEvent',
      fields: {
        userevent: 'Hotline',
        stage: 'intake',
        call: 'hp1-1.1',
        from: '0950000777',
        name: 'A',
        line: '1',
        notice: 'n',
        recording: 'r',
        training: '0',
        at: '1772413200000',
      },
    },
    {
      name: 'UserEvent',
      fields: {
        userevent: 'Hotline',
        stage: 'dialout',
        call: 'hp1-1.2',
        to: '0950000777',
        operator: 'op-11',
        ticket: 'HP26-000001',
        recording: 'r',
        at: '1772413200000',
      },
    },
    ...['queued', 'connected', 'resumed', 'callback', 'voicemail', 'ended'].map((stage) => ({
      name: 'UserEvent',
      fields: {
        userevent: 'Hotline',
        stage,
        call: 'hp1-1.1',
        member: 'op-11',
        number: '0950000888',
        recording: 'vm-1',
        at: '1772413201000',
      },
    })),
    ...CALL_EVENTS.filter((name) => name !== 'UserEvent').map((name) => ({
      name,
      fields: {
        uniqueid: 'hp1-1.1',
        linkedid: 'hp1-1.1',
        channel: 'PJSIP/op-11-0000000a',
        membername: 'op-11',
        interface: 'PJSIP/op-11',
        destuniqueid: 'hp1-1.5',
        swapuniqueid: 'hp1-1.6',
        reason: 'agent',
      },
      at: 1772413202000,
    })),
  ]
  const text = ({ name, fields }: AmiEvent) =>
    Object.entries({ event: name, ...fields })
      .map(([key, value]) => `${key}: ${value}\r\n`)
      .join('')
  /** What is left of an event whose bytes end at `length`. */
  const cut = (event: AmiEvent, length: number): AmiEvent => {
    const fields = Object.fromEntries(
      text(event)
        .slice(0, length)
        .split('\r\n')
        .filter((line) => line.includes(': '))
        .map((line): [string, string] => {
          const colon = line.indexOf(': ')
          return [line.slice(0, colon), line.slice(colon + 2)]
        }),
    )
    return { ...event, name: fields['event'] ?? '', fields }
  }

  it('cut at any byte is no failure and no second ticket', async () => {
    for (const event of BASE) {
      for (let length = 0; length <= text(event).length; length += 1) events.take(cut(event, length))
    }
    await settled()
    events.take({ name: 'UserEvent', fields: { userevent: 'Hotline', stage: 'ended', call: 'hp1-1.1' } })
    await settled()
    expect(failures).toBe(0)
    const links = desk.db.raw
      .prepare('SELECT call_id, count(*) AS n FROM ticket_calls GROUP BY call_id')
      .all()
    expect(links.every((link) => (link as { n: number }).n === 1)).toBe(true)
  })

  it('with any value in any field is no failure', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom(
        '',
        '0',
        '-1',
        'op-11',
        'op-999999999',
        'PJSIP/op-12-0000000a',
        'hp1-1.1',
        '__proto__',
        '%',
        '%E1%BA',
        'x'.repeat(5000),
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            event: fc.constantFrom(...BASE),
            changes: fc.array(fc.record({ at: fc.nat(12), value: fc.option(value) }), { maxLength: 4 }),
            time: fc.constantFrom(undefined, 0, -1, Number.NaN, 1e300, 1772413203000),
          }),
          { maxLength: 12 },
        ),
        async (list) => {
          for (const { event, changes, time } of list) {
            const fields: Record<string, string> = { ...event.fields }
            for (const change of changes) {
              const key = Object.keys(fields)[change.at]
              if (key === undefined) continue
              if (change.value === null) Reflect.deleteProperty(fields, key)
              else fields[key] = change.value
            }
            events.take(
              time === undefined ? { name: event.name, fields } : { name: event.name, fields, at: time },
            )
          }
          await settled()
          expect(failures).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('the resync', () => {
  const row = (fields: string) => `v=1&in=${at()}&from=0950000777&rec=call-x&training=0${fields}`
  const later = (seconds: number) => String(desk.now().getTime() + seconds * 1000)
  const phone = (operatorId: number, linkedid: string, state = 'Ringing') => ({
    channel: `PJSIP/op-${String(operatorId)}-0000000a`,
    uniqueid: `leg-${String(operatorId)}`,
    linkedid,
    channelstatedesc: state,
  })

  it('files what ended, takes up what lives, pops what rings and empties the journal of what is written', async () => {
    pbx.rows.set('ended', row(`&q=${later(1)}&con=${later(2)}&mem=op-11&end=${later(9)}`))
    pbx.rows.set('waiting', row(`&q=${later(1)}`))
    pbx.rows.set('died', row(`&q=${later(1)}`))
    pbx.channels.push(
      { channel: 'PJSIP/trunk-00000001', uniqueid: 'waiting', linkedid: 'waiting' },
      phone(TUAN, 'waiting'),
    )
    expect(await resync()).toMatchObject({ reason: 'start', rebuilt: 2, live: 2, ended: 0, failed: 0 })
    expect(desk.calls.find('ended')).toMatchObject({ outcome: 'answered', operatorId: MAI })
    expect(desk.calls.find('died')).toMatchObject({ state: 'ended', outcome: 'abandoned', endedBy: 'system' })
    expect(desk.calls.find('waiting')?.state).toBe('ringing')
    expect(desk.popsOf(TUAN)).toHaveLength(1)
    await settled()
    expect([...pbx.rows.keys()]).toEqual(['waiting'])
    await resync()
    expect(runs.page(9), 'nothing more to say of').toHaveLength(1)
    expect(desk.tickets.list({}, SUPERVISOR_VIEWER).total).toBe(2)
  })

  it('closes the pop of a phone that stopped ringing meanwhile', async () => {
    intake()
    queue('AgentCalled', MAI)
    pbx.rows.set('hp1-1.1', row(''))
    pbx.channels.push(
      { channel: 'PJSIP/trunk-00000001', uniqueid: 'hp1-1.1', linkedid: 'hp1-1.1' },
      phone(MAI, 'hp1-1.1', 'Up'),
    )
    await resync()
    expect(desk.popsOf(MAI)).toEqual([])
  })

  it('does not end a call that began while it looked', async () => {
    const list = pbx.list.bind(pbx)
    pbx.list = async (fields) => {
      const answer = await list(fields)
      // Between the two questions a citizen calls: row and channel both appear.
      if (pbx.asked.length === 1) {
        pbx.rows.set('hp1-1.1', row(''))
        pbx.channels.push({ channel: 'PJSIP/trunk-00000001', uniqueid: 'hp1-1.1', linkedid: 'hp1-1.1' })
      }
      return answer
    }
    await resync()
    intake()
    queue('AgentCalled', MAI)
    expect(call()?.state).toBe('ringing')
    expect(desk.popsOf(MAI)).toHaveLength(1)
  })

  it('ends a call of ours of which the PBX knows nothing', async () => {
    intake()
    expect(await resync()).toMatchObject({ ended: 1 })
    expect(call()).toMatchObject({ state: 'ended', endedBy: 'system' })
  })

  it('lets one entry that cannot be written hold up no other, and asks again for it', async () => {
    pbx.rows.set('a', row(`&end=${later(1)}`))
    pbx.rows.set('b', row(`&end=${later(1)}`))
    desk.db.raw.exec(
      "CREATE TRIGGER bad BEFORE INSERT ON calls WHEN NEW.id = 'a' BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    expect(await resync()).toMatchObject({ rebuilt: 1, failed: 1 })
    await settled()
    expect([...pbx.rows.keys()]).toEqual(['a'])
    desk.db.raw.exec('DROP TRIGGER bad')
    await resync()
    await settled()
    expect(pbx.rows.size).toBe(0)
    expect(desk.tickets.list({}, SUPERVISOR_VIEWER).total).toBe(2)
  })

  it('keeps an entry that cannot be read and says so, but clears what a hang-up wrote after its end was told', async () => {
    intake()
    hotline('ended')
    await settled()
    pbx.rows.set('hp1-1.1', `&end=${at()}&cause=16`)
    pbx.rows.set('odd', 'rubbish')
    await resync()
    await settled()
    expect([...pbx.rows.keys()]).toEqual(['odd'])
    expect(desk.logged.filter(({ message }) => message.includes('cannot be read'))).toHaveLength(1)
  })

  it('fails as a whole when the PBX does not answer, so that the line is made anew', async () => {
    pbx.away(true)
    await expect(resync()).rejects.toMatchObject({ code: 'AMI_DOWN' })
  })
})

describe('an event that cannot be written', () => {
  it('asks for a new line and is taken up from the journal', async () => {
    intake()
    pbx.rows.set('hp1-1.1', `v=1&in=${at()}&from=0950000777&rec=r&training=0&end=${at()}`)
    desk.db.raw.exec(
      "CREATE TRIGGER full BEFORE INSERT ON tickets BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    )
    hotline('ended')
    expect(failures).toBe(1)
    expect(pbx.rows.size).toBe(1)
    desk.db.raw.exec('DROP TRIGGER full')
    await resync()
    await settled()
    expect(desk.missed).toHaveLength(1)
    expect(pbx.rows.size).toBe(0)
  })
})

/** A whole answered call of so many seconds after now, as the PBX tells it. */
function storyOf(id: string, operatorId: number, from: string): AmiEvent[] {
  const op = `op-${String(operatorId)}`
  const leg = { channel: `PJSIP/${op}-0000000a`, uniqueid: `${id}.leg`, linkedid: id }
  let ms = desk.now().getTime()
  const event = (name: string, fields: Record<string, string>): AmiEvent => {
    ms += 500
    return { name, fields, at: ms }
  }
  const stage = (name: string, fields: Record<string, string> = {}) =>
    event('UserEvent', { userevent: 'Hotline', stage: name, call: id, at: String(ms + 500), ...fields })
  const ofQueue = { uniqueid: id, membername: op, interface: `PJSIP/${op}`, destuniqueid: `${id}.leg` }
  return [
    stage('intake', { from, name: '', line: '1', notice: 'n', recording: `call-${id}`, training: '0' }),
    stage('queued'),
    event('AgentCalled', ofQueue),
    stage('connected', { member: op }),
    event('AgentConnect', ofQueue),
    event('HangupRequest', { channel: 'PJSIP/trunk-1', uniqueid: id, linkedid: id }),
    event('AgentComplete', { ...ofQueue, reason: 'caller' }),
    event('Hangup', leg),
    stage('ended', { cause: '16' }),
    event('Hangup', { channel: 'PJSIP/trunk-1', uniqueid: id, linkedid: id }),
  ]
}

describe('events that come together', () => {
  const together = (...several: AmiEvent[]) => {
    events.takeTogether(several, () => undefined)
  }
  const steps = (id: string) => desk.calls.steps(id).map(({ type }) => type)
  /** A commit with an event of this type fails, though each of its statements was taken. */
  const refuse = (type: string) => {
    desk.db.raw.exec(`
      CREATE TEMP TABLE guards (id INTEGER PRIMARY KEY);
      CREATE TEMP TABLE refused (guard INTEGER REFERENCES guards (id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TEMP TRIGGER refuse AFTER INSERT ON call_events WHEN NEW.type = '${type}'
        BEGIN INSERT INTO refused VALUES (99); END;
    `)
  }
  const written = (table: string) =>
    Number(desk.db.raw.prepare(`SELECT count(*) FROM ${table}`).pluck().get())

  it('leave what they leave one by one, however they are cut', () => {
    const outcomes = (cuts: readonly number[]) => {
      const start = written('calls')
      const [mine, theirs] = [`x${String(start)}`, `y${String(start)}`]
      const stories = [storyOf(mine, MAI, '0950000777'), storyOf(theirs, TUAN, '0950000888')]
      const mixed = stories[0]?.flatMap((event, index) => [event, stories[1]?.[index] ?? event]) ?? []
      const before = { log: written('presence_log'), tickets: written('tickets') }
      const bounds = [...new Set([0, ...cuts, mixed.length])].sort((a, b) => a - b)
      bounds.slice(1).forEach((until, index) => {
        together(...mixed.slice(bounds[index] ?? 0, until))
      })
      return {
        steps: [steps(mine), steps(theirs)],
        ends: [mine, theirs].map((id) => {
          const { state, outcome, endedBy, operatorId, ticketCode } = desk.calls.find(id) ?? {}
          return { state, outcome, endedBy, operatorId, hasTicket: ticketCode !== null }
        }),
        log: written('presence_log') - before.log,
        tickets: written('tickets') - before.tickets,
        acknowledged: desk.acknowledged.slice(-2).map((id) => id.slice(0, 1)),
        pops: [desk.popsOf(MAI), desk.popsOf(TUAN)],
        presence: [MAI, TUAN].map((id) => desk.presence.view(id).state),
      }
    }
    const oneByOne = outcomes(Array.from({ length: 20 }, (_, index) => index))
    expect(oneByOne).toMatchObject({
      tickets: 2,
      pops: [[], []],
      presence: ['wrapUp', 'wrapUp'],
      acknowledged: ['x', 'y'],
    })
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 19 }), { maxLength: 6 }), (cuts) => {
        expect(outcomes(cuts)).toEqual(oneByOne)
      }),
      { numRuns: 40 },
    )
    expect(failures).toBe(0)
  })

  it('are acknowledged, and told to consoles, when all of them are committed; the pop alone before', () => {
    const story = storyOf('x1', MAI, '0950000777')
    const seen: string[] = []
    const look = () =>
      void seen.push(
        [desk.popsOf(MAI).length, desk.popEnds.length, desk.told.length, desk.acknowledged.length].join(' '),
      )
    events.takeTogether(story, look)
    expect(seen).toEqual([...Array<string>(2).fill('0 0 0 0'), ...Array<string>(8).fill('1 0 0 0')])
    look()
    expect(seen.at(-1)).toBe('0 1 3 1')
    expect(desk.memberships.get(MAI)).toMatchObject({ paused: true })
  })

  it('of which one cannot be written are taken back, and taken as far as that one', async () => {
    desk.db.raw.exec(
      "CREATE TEMP TRIGGER full BEFORE INSERT ON call_events WHEN NEW.type = 'connected' BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    )
    const [mine, theirs] = [storyOf('x1', MAI, '0950000777'), storyOf('y1', TUAN, '0950000888')]
    together(...theirs.slice(0, 3), ...mine, ...theirs.slice(3))
    expect(failures).toBe(1)
    expect([steps('x1'), steps('y1')]).toEqual([
      ['arrived', 'queued', 'offered'],
      ['arrived', 'queued', 'offered'],
    ])
    expect([desk.calls.find('x1')?.state, written('tickets')]).toEqual(['ringing', 0])
    expect([desk.popsOf(MAI).length, desk.popsOf(TUAN).length, desk.told]).toEqual([1, 1, []])
    expect([MAI, TUAN].map((id) => desk.presence.view(id).state)).toEqual(['ready', 'ready'])
    expect(desk.acknowledged).toEqual([])
    // What was left out is in the PBX's journal.
    desk.db.raw.exec('DROP TRIGGER full')
    for (const [id, op] of [
      ['x1', 'op-11'],
      ['y1', 'op-12'],
    ] as const)
      pbx.rows.set(id, `v=1&in=${at()}&q=${at()}&con=${at()}&mem=${op}&from=0950000777&rec=r&end=${at()}`)
    await resync()
    expect([written('tickets'), desk.acknowledged]).toEqual([2, ['x1', 'y1']])
    expect([desk.popsOf(MAI), desk.popsOf(TUAN)]).toEqual([[], []])
  })

  it('whose commit fails never were: memory, presence and pops are as the rows have it', () => {
    refuse('ended')
    const [mine, theirs] = [storyOf('x1', MAI, '0950000777'), storyOf('y1', TUAN, '0950000888')]
    together(...mine.slice(0, 5))
    expect(desk.calls.find('x1')?.state).toBe('talking')
    desk.told.length = 0
    together(...theirs.slice(0, 3), ...mine.slice(5), ...theirs.slice(3))
    expect(failures).toBe(1)
    // One by one as far as the end that cannot be written.
    expect(desk.calls.find('x1')).toMatchObject({ state: 'talking', endedAt: null })
    expect(steps('x1').at(-1)).toBe('operatorLeft')
    expect(desk.calls.find('y1')?.state).toBe('ringing')
    expect(desk.popsOf(TUAN)).toHaveLength(1)
    expect([MAI, TUAN].map((id) => desk.presence.view(id).state)).toEqual(['wrapUp', 'ready'])
    expect(desk.acknowledged).toEqual([])
    expect(desk.told.every(({ view }) => view.state !== 'ended' || view.id === 'x1')).toBe(true)
    const stored = new Map(desk.store.open().map(({ id, state }) => [id, state]))
    expect(stored).toEqual(
      new Map([
        ['x1', 'talking'],
        ['y1', 'ringing'],
      ]),
    )
  })

  it('keep a leg known whose place another took, when they are taken back', () => {
    const story = storyOf('x1', MAI, '0950000777')
    together(...story.slice(0, 5))
    const stage = { userevent: 'Hotline', stage: 'resumed', call: 'x1', member: 'op-11', leg: 'x1.leg' }
    together({ name: 'UserEvent', fields: stage, at: desk.now().getTime() + 60_000 })
    desk.db.raw.exec(
      "CREATE TEMP TRIGGER full BEFORE INSERT ON calls WHEN NEW.id = 'y1' BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    )
    const gone = story[7]
    if (gone === undefined) throw new Error('no hang-up')
    together(gone, ...storyOf('y1', TUAN, '0950000888'))
    expect(failures).toBe(1)
    expect(desk.calls.find('x1')?.state).toBe('talking')
    expect(desk.presence.view(MAI).state).toBe('onCall')
  })

  it('of a call never heard of are told to it once, when its journal row is read', async () => {
    const story = storyOf('x1', MAI, '0950000777')
    pbx.rows.set('x1', `v=1&in=${at()}&q=${at()}&from=0950000777&rec=r`)
    desk.db.raw.exec(
      "CREATE TEMP TRIGGER full BEFORE INSERT ON calls WHEN NEW.id = 'y1' BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    )
    together(...story.slice(2, 4), ...storyOf('y1', TUAN, '0950000888'))
    await settled()
    expect(steps('x1')).toEqual(['arrived', 'queued', 'offered', 'connected'])
    expect(written('tickets')).toBe(1)
  })

  it('let a phone that rings again after it rang out have its pop last', () => {
    const [intake, queued, called] = storyOf('x1', MAI, '0950000777')
    if (intake === undefined || queued === undefined || called === undefined) throw new Error('no story')
    together(intake, queued, called, { ...called, name: 'AgentRingNoAnswer' }, called)
    expect(desk.popsOf(MAI)).toHaveLength(1)
    expect(desk.popEnds).toHaveLength(1)
  })
})
