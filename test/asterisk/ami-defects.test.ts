import { afterEach, describe, expect, test, vi } from 'vitest'
import { createAmiRig, QUICK } from '../support/ami-rig.ts'
import { nextDown, nextUp } from '../support/link-log.ts'

const rig = createAmiRig()
afterEach(rig.close)

const lost = expect.objectContaining({ kind: 'unavailable', code: 'AMI_LOST' }) as Error
const silent = expect.objectContaining({ kind: 'unavailable', code: 'AMI_SILENT' }) as Error

describe('reconnecting', () => {
  test('M1: every drop is followed by a new connection, not only one while connecting', async () => {
    const { fake, line, ami } = await rig.connected()
    let current = line
    for (let round = 0; round < 5; round += 1) {
      const up = nextUp(ami)
      current.drop()
      current = await fake.line()
      await up
    }
    expect(fake.lineCount()).toBe(6)
  })

  test('M2: with the pauses of production the line is back within a second of a drop', async () => {
    const { fake, line, ami } = await rig.connected({ timings: {} })
    const droppedMs = performance.now()
    const up = nextUp(ami)
    line.drop()
    await fake.line()
    await up
    expect(performance.now() - droppedMs).toBeLessThan(1_000)
  })

  test('M2: a PBX that takes connections and dies before the sign-in is tried until it lives', async () => {
    const fake = await rig.pbx()
    const { ami } = rig.client(fake.port)
    fake.on('login', (_action, line) => {
      if (fake.lineCount() < 15) line.drop()
      else
        line.send(
          'Response: Success\nActionID: ' + (_action['actionid'] ?? '') + '\n\nEvent: FullyBooted\n\n',
        )
    })
    const up = nextUp(ami)
    ami.start()
    await up
    expect(fake.lineCount()).toBe(15)
  })

  test('M9: says when the line is down and up again, and for how long nothing was heard', async () => {
    const { line, ami } = await rig.connected()
    const down = nextDown(ami)
    const up = nextUp(ami)
    line.drop()
    await down
    expect(ami.state()).toBe('down')
    expect(await up).toBeGreaterThanOrEqual(2)
    expect(ami.state()).toBe('up')
  })

  test('M9: the first time there is no gap', async () => {
    const fake = await rig.pbx()
    const { ami } = rig.client(fake.port)
    const up = nextUp(ami)
    ami.start()
    expect(await up).toBe(0)
  })

  test('M9: writes nothing on the console, whatever happens', async () => {
    const spies = (['log', 'warn', 'error', 'info'] as const).map((name) => vi.spyOn(console, name))
    const { line, ami } = await rig.connected()
    const up = nextUp(ami)
    line.drop()
    await up
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled()
      spy.mockRestore()
    }
  })

  test('M9: closing between two tries leaves nothing behind that would connect later', async () => {
    const { fake, line, ami } = await rig.connected({ timings: { pauseMs: 60_000, longestPauseMs: 60_000 } })
    const down = nextDown(ami)
    line.drop()
    await down
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    await ami.close()
    const after = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    expect(after).toBeLessThanOrEqual(before)
    expect(ami.state()).toBe('down')
    expect(fake.lineCount()).toBe(1)
  })
})

describe('actions', () => {
  test('M3: an action in flight when the line dies is rejected', async () => {
    const { line, ami } = await rig.connected()
    const action = ami.action({ Action: 'CoreStatus' })
    const list = ami.list({ Action: 'CoreShowChannels' })
    await line.action('CoreShowChannels')
    line.drop()
    await expect(action).rejects.toThrow(lost)
    await expect(list).rejects.toThrow(lost)
  })

  test('M3: an action the PBX never answers ends at its deadline, and its late answer harms nobody', async () => {
    const { line, ami, events } = await rig.connected()
    const waiting = ami.action({ Action: 'CoreStatus' }, { timeoutMs: 5 })
    const late = await line.action('CoreStatus')
    await expect(waiting).rejects.toThrow(silent)
    line.respond(late, { Message: 'too late' })
    line.event('Hangup', { Uniqueid: '1' })
    expect((await events.next()).name).toBe('Hangup')
  })

  test('M3: an action waiting when the client is closed is rejected', async () => {
    const { line, ami } = await rig.connected()
    const waiting = ami.action({ Action: 'CoreStatus' })
    await line.action('CoreStatus')
    const closed = ami.close()
    await expect(waiting).rejects.toThrow(lost)
    await closed
    await line.closed
  })

  test('M4: a caller name with a line break is refused, and not a byte of it reaches the PBX', async () => {
    const { line, ami } = await rig.connected()
    const evil = 'x\r\n\r\nAction: Command\r\nCommand: core stop now'
    const refused = expect.objectContaining({ kind: 'invalid', code: 'AMI_LINE_BREAK' }) as Error
    await expect(ami.action({ Action: 'Setvar', Value: evil })).rejects.toThrow(refused)
    await expect(ami.action({ Action: 'Setvar', Variable: ['a=1', evil] })).rejects.toThrow(refused)
    await expect(ami.originate({ Channel: 'PJSIP/1', CallerID: evil })).rejects.toThrow(refused)
    await expect(ami.list({ Action: 'Status', [evil]: 'x' })).rejects.toThrow(refused)
    const after = ami.action({ Action: 'CoreStatus' })
    line.respond(await line.action('CoreStatus'))
    await after
    expect(line.received()).not.toContain('core stop')
    expect(line.received()).not.toContain('Setvar')
  })

  test('M4: a repeated header goes out once for each value, commas and all', async () => {
    const { line, ami } = await rig.connected()
    const sent = ami.action({ Action: 'Setvars', Variable: ['A=1,2', 'B=đ'] })
    line.respond(await line.action('Setvars'))
    await sent
    expect(line.received()).toContain('\r\nVariable: A=1,2\r\nVariable: B=đ\r\n')
  })

  test('M5: asks for events in words the PBX knows, and for none it does not want', async () => {
    const { line, ami, events } = await rig.connected({ events: ['AgentCalled', 'Hangup'] })
    expect(await line.action('Events')).toMatchObject({ eventmask: 'on' })
    const filters = [await line.action('Filter'), await line.action('Filter')]
    expect(filters).toMatchObject([
      { operation: 'Add', matchcriteria: 'action(include),name(AgentCalled)' },
      { operation: 'Add', matchcriteria: 'action(include),name(Hangup)' },
    ])
    line.event('RTCPSent')
    line.event('Hangup', { Uniqueid: '1' })
    expect((await events.next()).name).toBe('Hangup')
    expect(ami.state()).toBe('up')
  })

  test('M5: a PBX that refuses the filter is filtered here, and somebody is told', async () => {
    const fake = await rig.pbx()
    fake.on('filter', (action, line) => {
      line.respond(action, { Response: 'Error', Message: 'Permission denied' })
    })
    const { ami, events, logs } = rig.client(fake.port, { events: ['Hangup'] })
    const up = nextUp(ami)
    ami.start()
    await up
    await logs.next(({ level, message }) => level === 'warn' && message.includes('filter'))
    const line = await fake.line()
    line.event('Newchannel')
    line.event('Hangup')
    expect((await events.next()).name).toBe('Hangup')
  })

  test('M6: a line that fell silent without closing is dropped and made anew', async () => {
    const fake = await rig.pbx()
    const { ami } = rig.client(fake.port, { timings: { ...QUICK, pingEveryMs: 10 } })
    fake.on('ping', (action, line) => {
      if (fake.lineCount() > 1) line.respond(action)
    })
    const first = nextUp(ami)
    ami.start()
    await first
    const second = nextUp(ami)
    const line = await fake.line()
    await line.closed
    // The gap began with the last byte heard, not when the silence was noticed.
    expect(await second).toBeGreaterThanOrEqual(20)
  })

  test('M6: a line with answered pings is kept', async () => {
    const { fake, line, ami } = await rig.connected({ timings: { ...QUICK, pingEveryMs: 20 } })
    for (let count = 0; count < 8; count += 1) await line.action('Ping')
    expect(fake.lineCount()).toBe(1)
    expect(ami.state()).toBe('up')
  })
})

describe('answers of several messages', () => {
  test('M7: a list is its items, and two lists at once do not mix', async () => {
    const { line, ami } = await rig.connected()
    const channels = ami.list({ Action: 'CoreShowChannels' })
    const members = ami.list({ Action: 'QueueStatus' })
    const [first, second] = [await line.action('CoreShowChannels'), await line.action('QueueStatus')]
    const id = (action: Readonly<Record<string, string>>) => ({ ActionID: action['actionid'] ?? '' })
    line.respond(first, { EventList: 'start' })
    line.event('CoreShowChannel', { ...id(first), Uniqueid: '1' })
    line.respond(second, { EventList: 'start' })
    line.event('QueueMember', { ...id(second), Name: 'op-1' })
    line.event('CoreShowChannel', { ...id(first), Uniqueid: '2' })
    line.event('CoreShowChannelsComplete', { ...id(first), EventList: 'Complete', ListItems: '2' })
    line.event('QueueStatusComplete', { ...id(second), EventList: 'Complete' })
    expect((await channels).map(({ fields }) => fields['uniqueid'])).toEqual(['1', '2'])
    expect((await members).map(({ fields }) => fields['name'])).toEqual(['op-1'])
  })

  test('M7: items of a list are no events, even when the list was given up', async () => {
    const { line, ami, events } = await rig.connected()
    const list = ami.list({ Action: 'CoreShowChannels' }, { timeoutMs: 5 })
    const action = await line.action('CoreShowChannels')
    line.respond(action, { EventList: 'start' })
    line.event('CoreShowChannel', { ActionID: action['actionid'] ?? '' })
    await expect(list).rejects.toThrow(silent)
    line.event('CoreShowChannel', { ActionID: action['actionid'] ?? '' })
    line.event('Hangup')
    expect((await events.next()).name).toBe('Hangup')
    expect(events.all()).toHaveLength(1)
  })

  test('M7: a refused or cancelled list throws, unless an empty one will do', async () => {
    const { fake, line, ami } = await rig.connected()
    fake.on('queuestatus', (action) => {
      line.respond(action, { Response: 'Error', Message: 'No queues' })
    })
    const refused = expect.objectContaining({ kind: 'conflict', code: 'AMI_ERROR' }) as Error
    await expect(ami.list({ Action: 'QueueStatus' })).rejects.toThrow(refused)
    expect(await ami.list({ Action: 'QueueStatus' }, { tolerate: true })).toEqual([])
    const cancelled = ami.list({ Action: 'PJSIPShowContacts' })
    const action = await line.action('PJSIPShowContacts')
    line.event('ContactListComplete', { ActionID: action['actionid'] ?? '', EventList: 'cancelled' })
    await expect(cancelled).rejects.toThrow(refused)
  })

  test('M8: an originate answers its outcome, not "queued"', async () => {
    const { line, ami, events } = await rig.connected()
    const call = ami.originate({ Channel: 'PJSIP/1', Timeout: '1000' })
    const action = await line.action('Originate')
    expect(action).toMatchObject({ async: 'true', channel: 'PJSIP/1' })
    const id = action['actionid'] ?? ''
    line.respond(action, { Message: 'Originate successfully queued' })
    // Every AMI session hears every outcome.
    const outcome = { Privilege: 'call,all', Response: 'Failure', Reason: '5', Uniqueid: '<unknown>' }
    line.event('OriginateResponse', { ...outcome, ActionID: `${id}0`, Reason: '3' })
    line.event('OriginateResponse', { ...outcome, ActionID: 'other', Reason: '3' })
    line.event('OriginateResponse', { ...outcome, ActionID: id })
    expect(await call).toEqual({ success: false, reason: '5', uniqueid: '' })
    expect((await events.next()).name).toBe('OriginateResponse')
  })

  test('M8: an outcome may overtake the response, and a refusal has no outcome', async () => {
    const { line, ami } = await rig.connected()
    const call = ami.originate({ Channel: 'PJSIP/1' })
    const action = await line.action('Originate')
    const fields = { ActionID: action['actionid'] ?? '', Response: 'Success', Reason: '4', Uniqueid: 't-1.1' }
    line.event('OriginateResponse', fields)
    line.respond(action)
    expect(await call).toEqual({ success: true, reason: '4', uniqueid: 't-1.1' })
    const refused = ami.originate({ Channel: 'nonsense' })
    line.respond(await line.action('Originate'), { Response: 'Error', Message: 'Invalid channel' })
    await expect(refused).rejects.toMatchObject({ code: 'AMI_ERROR', kind: 'conflict' })
  })

  test('M8: an originate whose line died is not sent again on the next one', async () => {
    const { fake, line, ami } = await rig.connected()
    const call = ami.originate({ Channel: 'PJSIP/1' })
    await line.action('Originate')
    const up = nextUp(ami)
    line.drop()
    await expect(call).rejects.toThrow(lost)
    await expect(ami.originate({ Channel: 'PJSIP/2' })).rejects.toMatchObject({ code: 'AMI_DOWN' })
    await up
    const next = await fake.line()
    const after = ami.action({ Action: 'CoreStatus' })
    next.respond(await next.action('CoreStatus'))
    await after
    expect(next.received()).not.toContain('Originate')
  })
})
