import { afterEach, describe, expect, test } from 'vitest'
import type { AmiEvent } from '../../src/asterisk/ami-client.ts'
import { createAmiRig, QUICK } from '../support/ami-rig.ts'
import { createInbox } from '../support/inbox.ts'
import { nextDown, nextUp, textOf } from '../support/link-log.ts'

const rig = createAmiRig()
afterEach(rig.close)

describe('coming back in step', () => {
  test('events that arrive during the resync are held and then delivered in order', async () => {
    const fake = await rig.pbx()
    const resync = Promise.withResolvers<undefined>()
    const begun = Promise.withResolvers<undefined>()
    const order: string[] = []
    const { ami } = rig.client(fake.port, {
      resync: async () => {
        begun.resolve(undefined)
        await ami.list({ Action: 'CoreShowChannels' })
        await resync.promise
        order.push('resynced')
      },
    })
    ami.onUp(() => order.push('up'))
    ami.onEvent(({ fields }) => order.push(fields['n'] ?? ''))
    const up = nextUp(ami)
    ami.start()
    const line = await fake.line()
    await begun.promise
    expect(ami.state()).toBe('resyncing')
    for (const n of ['1', '2', '3']) line.event('X', { N: n })
    const action = await line.action('CoreShowChannels')
    line.event('CoreShowChannelsComplete', { ActionID: action['actionid'] ?? '', EventList: 'Complete' })
    resync.resolve(undefined)
    await up
    expect(order).toEqual(['resynced', 'up', '1', '2', '3'])
  })

  test('events that come together are heard together, by whoever asks for that first, and not with later ones', async () => {
    const heard: string[][] = []
    const { ami, events, line } = await rig.connected()
    ami.onEvents((several) => heard.push(several.map(({ name }) => name)))
    line.send('Event: A\n\nResponse: Success\nActionID: another\n\nEvent: B\n\n')
    await events.next()
    expect(heard).toEqual([['A', 'B']])
    await events.next()
    line.event('C')
    await events.next()
    expect(heard).toEqual([['A', 'B'], ['C']])
  })

  test('a resync that fails drops the line, and its events are never told', async () => {
    const fake = await rig.pbx()
    let runs = 0
    const { ami, events, logs } = rig.client(fake.port, {
      resync: async () => {
        runs += 1
        const line = await fake.line()
        line.event(runs === 1 ? 'Stale' : 'Fresh')
        // An answer behind the event: it has arrived when the resync goes on.
        await ami.action({ Action: 'Ping' })
        if (runs === 1) throw new Error('database is locked')
      },
    })
    const up = nextUp(ami)
    ami.start()
    await up
    expect((await events.next()).name).toBe('Fresh')
    expect(events.all()).toHaveLength(1)
    expect(runs).toBe(2)
    await logs.next(({ level }) => level === 'warn')
  })

  test('a resync without end is given up, and the next one does not run beside it', async () => {
    const fake = await rig.pbx()
    let running = 0
    let most = 0
    const first = Promise.withResolvers<undefined>()
    const { ami, logs } = rig.client(fake.port, {
      timings: { ...QUICK, resyncMs: 10 },
      resync: async () => {
        running += 1
        most = Math.max(most, running)
        if (fake.lineCount() === 1) await first.promise
        running -= 1
      },
    })
    const up = nextUp(ami)
    ami.start()
    await logs.next((line) => textOf(line).includes('RESYNC_LATE'))
    await logs.next((line) => textOf(line).includes('RESYNC_STUCK'))
    first.resolve(undefined)
    await up
    expect(most).toBe(1)
  })

  test('waits until the PBX is booted: lists before that would come back short', async () => {
    const fake = await rig.pbx()
    const order: string[] = []
    fake.on('login', (action, line) => {
      line.respond(action)
    })
    fake.on('filter', (action, line) => {
      line.respond(action)
      if (order.push('filter') === 3) {
        order.push('booted')
        line.event('FullyBooted')
      }
    })
    const { ami } = rig.client(fake.port, {
      events: ['Hangup'],
      resync: () => {
        order.push('resync')
        return Promise.resolve()
      },
    })
    const up = nextUp(ami)
    ami.start()
    await up
    expect(order).toEqual(['filter', 'filter', 'filter', 'booted', 'resync'])
  })

  test('a user that may not read FullyBooted is signed in all the same, with a warning', async () => {
    const fake = await rig.pbx()
    fake.on('login', (action, line) => {
      line.respond(action)
    })
    const { ami, logs } = rig.client(fake.port, { timings: { ...QUICK, bootMs: 5 } })
    const up = nextUp(ami)
    ami.start()
    await up
    await logs.next(({ level, message }) => level === 'warn' && message.includes('FullyBooted'))
  })

  test('reconnect drops the line and comes back with a resync', async () => {
    const fake = await rig.pbx()
    let runs = 0
    const { ami } = rig.client(fake.port, {
      resync: async () => {
        runs += 1
      },
    })
    let up = nextUp(ami)
    ami.start()
    await up
    up = nextUp(ami)
    const down = nextDown(ami)
    ami.reconnect('a test wants it')
    await down
    await up
    expect(runs).toBe(2)
  })
})

describe('a PBX that misbehaves', () => {
  test('a listener that throws harms neither the other listeners nor the next event', async () => {
    const fake = await rig.pbx()
    const { ami, logs } = rig.client(fake.port)
    ami.onEvent(() => {
      throw new Error('a bug')
    })
    const heard = createInbox<AmiEvent>('an event behind the failing listener')
    ami.onEvent(heard.push)
    const up = nextUp(ami)
    ami.start()
    const line = await fake.line()
    await up
    line.event('A')
    line.event('B')
    expect([(await heard.next()).name, (await heard.next()).name]).toEqual(['A', 'B'])
    await logs.next(({ level }) => level === 'error')
    expect(fake.lineCount()).toBe(1)
  })

  test('whoever drops the line over events that came together has none of them told one by one', async () => {
    const { ami, events, line, fake } = await rig.connected()
    ami.onEvents(([first]) => {
      if (first?.name === 'A') ami.reconnect('it could not be taken')
    })
    const up = nextUp(ami)
    line.send('Event: A\n\nEvent: B\n\n')
    await up
    ;(await fake.line()).event('C')
    expect((await events.next()).name).toBe('C')
  })

  test('a listener that drops the line hears none of what was held', async () => {
    const fake = await rig.pbx()
    const { ami, events } = rig.client(fake.port, {
      resync: async () => {
        const line = await fake.line()
        line.event(`A${String(fake.lineCount())}`)
        line.event(`B${String(fake.lineCount())}`)
        await ami.action({ Action: 'Ping' })
      },
    })
    ami.onEvent(({ name }) => {
      if (name === 'A1') ami.reconnect('it could not be taken')
    })
    ami.start()
    const names = [await events.next(), await events.next(), await events.next()].map(({ name }) => name)
    expect(names).toEqual(['A1', 'A2', 'B2'])
  })

  test('an event broken off by the death of the line is not told, and the next line starts clean', async () => {
    const fake = await rig.pbx()
    const { ami, events } = rig.client(fake.port)
    let up = nextUp(ami)
    ami.start()
    const line = await fake.line()
    await up
    up = nextUp(ami)
    line.event('Whole')
    line.send('Event: Broken\nUniqueid: 1')
    expect((await events.next()).name).toBe('Whole')
    line.drop()
    const next = await fake.line()
    await up
    next.event('Hangup', { Uniqueid: '2' })
    expect(await events.next()).toMatchObject({ name: 'Hangup', fields: { uniqueid: '2' } })
  })

  test('events in pieces of any size, with garbage between, arrive whole and in order', async () => {
    const fake = await rig.pbx()
    const { ami, events } = rig.client(fake.port)
    const up = nextUp(ami)
    ami.start()
    const line = await fake.line()
    await up
    const bytes = Buffer.from(
      'Event: Đường\r\nN: 1\r\n\r\n%%% no header\r\n\0\r\n\r\nResponse: Follows\r\n\r\nEvent: X\r\nN: 2\r\n\r\n',
    )
    for (let at = 1; at <= 40; at += 1) {
      for (let from = 0; from < bytes.length; from += at) line.sendBytes(bytes.subarray(from, from + at))
      const pair = [await events.next(), await events.next()]
      expect(pair.map(({ fields }) => fields['n'])).toEqual(['1', '2'])
    }
    expect(fake.lineCount()).toBe(1)
  })

  test('names from the wire are names only', async () => {
    const fake = await rig.pbx()
    const { ami, events } = rig.client(fake.port)
    const up = nextUp(ami)
    ami.start()
    const line = await fake.line()
    await up
    const names = ['error', 'close', 'rawevent', '__proto__', 'td-1', 'connect', 'managerevent']
    for (const name of names) line.event(name, { Privilege: 'x', ActionID: name, Response: 'Error' })
    for (const name of names) expect((await events.next()).name).toBe(name)
    expect(fake.lineCount()).toBe(1)
  })

  test('a message without end drops the line', async () => {
    const fake = await rig.pbx()
    const { ami, logs } = rig.client(fake.port)
    let up = nextUp(ami)
    ami.start()
    const line = await fake.line()
    await up
    up = nextUp(ami)
    line.sendBytes(Buffer.alloc(300 * 1024, 'x'))
    await line.closed
    await up
    await logs.next((entry) => textOf(entry).includes('262144 bytes'))
  })

  test('a refused sign-in is tried on, with a longer pause, and told once without the secret', async () => {
    const fake = await rig.pbx()
    fake.on('login', (action, line) => {
      if (fake.lineCount() < 4) line.respond(action, { Response: 'Error', Message: 'Authentication failed' })
      else {
        line.respond(action)
        line.event('FullyBooted')
      }
    })
    const { ami, logs } = rig.client(fake.port)
    const up = nextUp(ami)
    ami.start()
    await up
    const warnings = logs.all().filter(({ level }) => level === 'warn')
    expect(warnings.map((line) => /AMI_REFUSED/.test(textOf(line)))).toEqual([true])
    expect(logs.all().map(textOf).join()).not.toContain('ami-secret')
  })

  test('a PBX that takes the connection and never says a word is given up', async () => {
    const fake = await rig.pbx()
    fake.on('login', (action, line) => {
      if (fake.lineCount() === 1) return
      line.respond(action)
      line.event('FullyBooted')
    })
    const { ami, logs } = rig.client(fake.port, { timings: { ...QUICK, signInMs: 10 } })
    const up = nextUp(ami)
    ami.start()
    const silent = await fake.line()
    await silent.closed
    await up
    await logs.next((line) => textOf(line).includes('AMI_SILENT'))
  })

  test('closing while the PBX is silent in the sign-in ends at once', async () => {
    const fake = await rig.pbx()
    fake.on('login', () => undefined)
    const { ami } = rig.client(fake.port)
    ami.start()
    const line = await fake.line()
    await line.action('Login')
    await ami.close()
    await line.closed
    expect(ami.state()).toBe('down')
  })

  test('nothing is sent or held while the line is down', async () => {
    const { ami } = rig.client(1)
    const down = { kind: 'unavailable', code: 'AMI_DOWN' }
    await expect(ami.action({ Action: 'Ping' })).rejects.toMatchObject(down)
    await expect(ami.list({ Action: 'Status' })).rejects.toMatchObject(down)
    await expect(ami.originate({ Channel: 'PJSIP/1' })).rejects.toMatchObject(down)
  })
})
