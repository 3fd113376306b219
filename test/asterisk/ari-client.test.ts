import { afterEach, describe, expect, test } from 'vitest'
import { createAriRig } from '../support/ari-rig.ts'
import { sendJson } from '../support/fake-ari.ts'
import { nextDown, nextUp, textOf } from '../support/link-log.ts'

const rig = createAriRig()
afterEach(rig.close)

describe('coming back in step', () => {
  test('events that arrive during the resync are held and then delivered in order', async () => {
    const fake = await rig.pbx()
    const resync = Promise.withResolvers<undefined>()
    const begun = Promise.withResolvers<undefined>()
    const order: unknown[] = []
    const { ari, events } = rig.client(fake, {
      onResync: async () => {
        begun.resolve(undefined)
        await resync.promise
        await ari.channels()
        order.push('resynced')
      },
    })
    ari.onUp(() => order.push('up'))
    ari.onEvent((event) => order.push(event['n']))
    const up = nextUp(ari)
    ari.start()
    const line = await fake.line()
    await begun.promise
    expect(ari.state()).toBe('resyncing')
    for (const n of [1, 2, 3]) line.send({ type: 'StasisStart', n })
    resync.resolve(undefined)
    await up
    line.send({ type: 'StasisEnd', n: 4 })
    await events.next(({ type }) => type === 'StasisEnd')
    expect(order.slice(0, 5)).toEqual(['resynced', 'up', 1, 2, 3])
  })

  test('a resync that fails drops the socket and is done again on the next one', async () => {
    const fake = await rig.pbx()
    let runs = 0
    const { ari } = rig.client(fake, {
      onResync: async () => {
        runs += 1
        if (runs < 3) throw new Error('database is locked')
      },
    })
    const up = nextUp(ari)
    ari.start()
    await up
    expect(runs).toBe(3)
    expect(fake.lineCount()).toBe(3)
  })

  test('says when the line is down and up again, and for how long nothing was heard', async () => {
    const { line, ari } = await rig.connected()
    const down = nextDown(ari)
    const up = nextUp(ari)
    line.drop()
    await down
    expect(ari.state()).toBe('down')
    expect(await up).toBeGreaterThanOrEqual(2)
    expect(ari.state()).toBe('up')
  })
})

describe('an awkward PBX', () => {
  test('a PBX that gives the application to another program is told in the log, and asked again', async () => {
    const { line, ari, logs, events } = await rig.connected()
    const up = nextUp(ari)
    line.send({ type: 'ApplicationReplaced', application: 'tongdai' })
    await line.closed
    await up
    await logs.next((entry) => textOf(entry).includes('another program'))
    expect(events.all()).toEqual([])
  })

  test('a message far too long drops the socket', async () => {
    const { line, ari, events } = await rig.connected()
    const up = nextUp(ari)
    line.send({ type: 'StasisStart', x: 'x'.repeat(300 * 1024) })
    await line.closed
    await up
    expect(events.all()).toEqual([])
  })

  test('a PBX that cannot filter events is filtered here', async () => {
    const fake = await rig.pbx()
    fake.on('PUT /ari/applications/tongdai/eventFilter', (_request, response) => {
      sendJson(response, 404, { message: 'Application not found' })
    })
    const { ari, events, logs } = rig.client(fake, { events: ['StasisEnd'] })
    const up = nextUp(ari)
    ari.start()
    const line = await fake.line()
    await up
    line.send({ type: 'StasisStart' })
    line.send({ type: 'StasisEnd' })
    expect((await events.next()).type).toBe('StasisEnd')
    await logs.next(({ level, message }) => level === 'warn' && message.includes('filter'))
  })

  test('a refused sign-in is tried on and told once', async () => {
    const fake = await rig.pbx()
    const { ari, logs } = rig.client(fake)
    let tries = 0
    fake.on('GET /ari/asterisk/info', (_request, response) => {
      tries += 1
      if (tries === 4) sendJson(response, 200, {})
      else sendJson(response, 401, { message: 'Unauthorized' })
    })
    const up = nextUp(ari)
    ari.start()
    await up
    const warnings = logs.all().filter(({ level }) => level === 'warn')
    expect(warnings.map((entry) => textOf(entry).includes('ARI_FORBIDDEN'))).toEqual([true])
  })

  test.each(['/ari/asterisk/info', '/ari/api-docs/resources.json', '/ari/applications/tongdai/eventFilter'])(
    'closing while %s is awaited leaves no socket behind',
    async (path) => {
      const fake = await rig.pbx()
      const { ari } = rig.client(fake)
      fake.on(`GET ${path}`, () => undefined)
      fake.on(`PUT ${path}`, () => undefined)
      ari.start()
      await fake.request(path)
      await ari.close()
      expect(ari.state()).toBe('down')
      if (fake.lineCount() > 0) await (await fake.line()).closed
    },
  )
})

describe('requests', () => {
  const refusals: [number, string, string][] = [
    [400, 'conflict', 'ARI_REFUSED'],
    [401, 'forbidden', 'ARI_FORBIDDEN'],
    [403, 'forbidden', 'ARI_FORBIDDEN'],
    [404, 'notFound', 'ARI_NOT_FOUND'],
    [409, 'conflict', 'ARI_REFUSED'],
    [422, 'conflict', 'ARI_REFUSED'],
    [500, 'unavailable', 'ARI_UNAVAILABLE'],
    [503, 'unavailable', 'ARI_UNAVAILABLE'],
  ]
  test.each(refusals)('status %i becomes %s %s, with the reason of the PBX', async (status, kind, code) => {
    const fake = await rig.pbx()
    const { ari } = rig.client(fake)
    fake.on('GET /ari/x', (_request, response) => {
      sendJson(response, status, { message: 'the reason' })
    })
    const failure: unknown = await ari.request('GET', '/x').catch((error: unknown) => error)
    expect(failure).toMatchObject({ kind, code })
    expect(String(failure)).toContain(`${String(status)}: the reason`)
  })

  test('works before the event socket is up, and says when there is no PBX', async () => {
    const fake = await rig.pbx()
    const { ari } = rig.client(fake)
    expect(await ari.channels()).toEqual([])
    await fake.close()
    await expect(ari.channels()).rejects.toMatchObject({ kind: 'unavailable', code: 'ARI_UNREACHABLE' })
  })

  test('configures an endpoint, its name put into the path whatever is in it', async () => {
    const fake = await rig.pbx()
    const { ari } = rig.client(fake)
    const path = '/ari/asterisk/config/dynamic/res_pjsip/auth/op%2F1%3F'
    await ari.putDynamic('auth', 'op/1?', [{ attribute: 'username', value: 'op-1' }])
    const request = await fake.request(path)
    expect(request).toMatchObject({ method: 'PUT', url: path })
    expect(JSON.parse(request.body)).toEqual({ fields: [{ attribute: 'username', value: 'op-1' }] })
  })

  test('takes from lists only what has an id or a name', async () => {
    const fake = await rig.pbx()
    const { ari } = rig.client(fake)
    fake.on('GET /ari/channels', (_request, response) => {
      sendJson(response, 200, [{ id: 't-1.1', state: 'Up' }, { id: 7 }, null, 'x', {}])
    })
    fake.on('GET /ari/bridges', (_request, response) => {
      sendJson(response, 200, { not: 'a list' })
    })
    fake.on('GET /ari/recordings/stored', (_request, response) => {
      sendJson(response, 200, [{ name: 'r1', format: 'wav' }, { name: null }, 3])
    })
    expect(await ari.channels()).toEqual([{ id: 't-1.1', state: 'Up' }])
    expect(await ari.bridges()).toEqual([])
    expect(await ari.listStoredRecordings()).toEqual(['r1'])
  })

  test('an answer that is not JSON is no answer', async () => {
    const fake = await rig.pbx()
    const { ari } = rig.client(fake)
    fake.on('GET /ari/x', (_request, response) => {
      response.writeHead(200).end('<html>')
    })
    await expect(ari.request('GET', '/x')).rejects.toMatchObject({ code: 'ARI_NOT_JSON' })
    fake.on('GET /ari/x', (_request, response) => {
      response.writeHead(204).end()
    })
    expect(await ari.request('GET', '/x')).toBeUndefined()
  })
})
