import { buffer } from 'node:stream/consumers'
import { WebSocket } from 'ws'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createAriRig } from '../support/ari-rig.ts'
import { QUICK } from '../support/ami-rig.ts'
import { ARI_ACCOUNT, sendJson } from '../support/fake-ari.ts'
import { nextDown, nextUp, textOf } from '../support/link-log.ts'

// An exception nobody catches, or a promise nobody watches, fails the whole run: no test here has to look for one.
const rig = createAriRig()
afterEach(rig.close)

describe('the event socket', () => {
  test('R1: a PBX that is away for longer than ten tries is found when it comes back', async () => {
    const fake = await rig.pbx()
    const { ari } = rig.client(fake, { timings: { pauseMs: 1, longestPauseMs: 2 } })
    let tries = 0
    fake.on('GET /ari/asterisk/info', (_request, response) => {
      tries += 1
      sendJson(response, tries <= 25 ? 503 : 200, { message: 'Asterisk not booted' })
    })
    const up = nextUp(ari)
    ari.start()
    await up
    expect(tries).toBe(26)
  })

  test('R1: every drop is followed by a new socket', async () => {
    const { fake, line, ari } = await rig.connected()
    let current = line
    for (let round = 0; round < 12; round += 1) {
      const up = nextUp(ari)
      current.drop()
      current = await fake.line()
      await up
    }
    expect(fake.lineCount()).toBe(13)
    expect(ari.state()).toBe('up')
  })

  test('R2: a listener that throws makes the socket neither deaf nor the process dead', async () => {
    const { fake, line, ari, events } = await rig.connected()
    ari.onEvent(() => {
      throw new Error('a bug')
    })
    line.send({ type: 'StasisStart', n: 1 })
    line.send({ type: 'StasisEnd', n: 2 })
    expect([(await events.next())['n'], (await events.next())['n']]).toEqual([1, 2])
    const up = nextUp(ari)
    line.drop()
    const next = await fake.line()
    await up
    next.send({ type: 'StasisStart', n: 3 })
    expect((await events.next())['n']).toBe(3)
  })

  test('R3: types that nobody knows, and what is no event at all, pass as nothing', async () => {
    const { fake, line, events } = await rig.connected()
    const nonsense = [
      '{"type":"SomethingNew"}',
      '{"type":"__proto__"}',
      '{"type":"constructor"}',
      '{"type":7}',
      '{"type":"StasisSta',
      '{}',
      'null',
      '[]',
      '7',
      '',
      'đường',
    ]
    for (const text of nonsense) line.send(text)
    line.send({ type: 'ChannelDestroyed', cause: 16 })
    expect(await events.next()).toEqual({ type: 'ChannelDestroyed', cause: 16 })
    expect(events.all()).toHaveLength(1)
    expect(fake.lineCount()).toBe(1)
  })

  test('R3: an event cut at any byte does not harm the next one', async () => {
    const { line, events } = await rig.connected()
    const whole = JSON.stringify({ type: 'StasisStart', channel: { caller: { name: 'Nguyễn "Ánh"' } } })
    for (let at = 0; at < whole.length; at += 1) {
      line.send(whole.slice(0, at))
      line.send({ type: 'StasisEnd', at })
      expect((await events.next())['at']).toBe(at)
    }
  })

  test('R3: the PBX is asked to send no other types than those wanted', async () => {
    const { fake } = await rig.connected({ events: ['StasisStart', 'StasisEnd'] })
    const filter = await fake.request('/ari/applications/tongdai/eventFilter')
    expect(filter.method).toBe('PUT')
    expect(JSON.parse(filter.body)).toEqual({
      allowed: [{ type: 'StasisStart' }, { type: 'StasisEnd' }, { type: 'ApplicationReplaced' }],
    })
  })

  test('R6: a socket that answers no ping is dropped and made anew', async () => {
    const fake = await rig.pbx({ pongs: false })
    const { ari } = rig.client(fake, { timings: { ...QUICK, pingEveryMs: 10 } })
    const first = nextUp(ari)
    ari.start()
    await first
    const second = nextUp(ari)
    await (
      await fake.line()
    ).closed
    expect(await second).toBeGreaterThanOrEqual(20)
  })

  test('R7: a thousand channels come and go, and nothing listens for a single one of them', async () => {
    const { line, events } = await rig.connected()
    const listening = vi.spyOn(WebSocket.prototype, 'on')
    for (let n = 0; n < 1_000; n += 1) {
      line.send({ type: 'StasisStart', channel: { id: String(n) } })
      line.send({ type: 'ChannelDestroyed', channel: { id: String(n) } })
    }
    line.send({ type: 'StasisEnd' })
    await events.next(({ type }) => type === 'StasisEnd')
    expect(events.all()).toHaveLength(2_001)
    expect(listening).not.toHaveBeenCalled()
    listening.mockRestore()
  })
})

describe('a PBX that answers badly', () => {
  const outages: [string, string, number][] = [
    ['R4: 401 at the probe', '/ari/asterisk/info', 401],
    ['R4: 503 at the probe', '/ari/asterisk/info', 503],
    ['R4: 404 at the list of API descriptions', '/ari/api-docs/resources.json', 404],
    ['R4: 503 at the list of API descriptions', '/ari/api-docs/resources.json', 503],
    ['R4: 401 at an API description', '/ari/api-docs/events.json', 401],
    ['R4: 500 at an API description', '/ari/api-docs/events.json', 500],
  ]
  test.each(outages)('%s is one failed try, and the next one succeeds', async (_name, path, status) => {
    const fake = await rig.pbx()
    const { ari, logs } = rig.client(fake)
    fake.on(`GET ${path}`, (_request, response) => {
      sendJson(response, status, { message: 'no' })
    })
    ari.start()
    await logs.next(({ level }) => level === 'warn')
    expect(ari.state()).not.toBe('up')
    fake.heal(`GET ${path}`)
    await nextUp(ari)
  })

  const bodies: [string, string][] = [
    ['no JSON', '<html>'],
    ['cut JSON', '{"swaggerVersion":"1.1","apis":[{'],
    ['null', 'null'],
    ['a number', '7'],
    ['JSON that is no description', '{"apis":{"length":"x"}}'],
    ['a description without paths', '{"swaggerVersion":"1.1","apis":[{}]}'],
  ]
  test.each(bodies)('R4: %s instead of the API description is one failed try', async (_name, body) => {
    const fake = await rig.pbx()
    const { ari, logs } = rig.client(fake, { timings: { ...QUICK, describeMs: 150 } })
    fake.on('GET /ari/api-docs/resources.json', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    })
    ari.start()
    await logs.next(({ level }) => level === 'warn')
    fake.heal('GET /ari/api-docs/resources.json')
    await nextUp(ari)
  })

  test('R4: an event socket that is refused is one failed try', async () => {
    const fake = await rig.pbx()
    const { ari, logs } = rig.client(fake)
    fake.refuseSockets(503)
    ari.start()
    await logs.next((line) => textOf(line).includes('503'))
    fake.refuseSockets(undefined)
    await nextUp(ari)
  })

  test('R5: a request without an answer ends at its deadline, and is not sent again', async () => {
    const fake = await rig.pbx()
    const { ari } = rig.client(fake)
    fake.on('POST /ari/channels', () => undefined)
    const request = ari.request('POST', '/channels', { query: { endpoint: 'PJSIP/1' }, timeoutMs: 300 })
    await expect(request).rejects.toMatchObject({ kind: 'unavailable', code: 'ARI_UNREACHABLE' })
    expect(fake.requests()).toHaveLength(1)
  })

  test('R5: an answer that stops in the middle ends at the deadline too', async () => {
    const fake = await rig.pbx()
    const { ari } = rig.client(fake, { timings: { ...QUICK, requestMs: 20 } })
    fake.on('GET /ari/channels', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('[{"id":')
    })
    await expect(ari.channels()).rejects.toMatchObject({ kind: 'unavailable' })
  })

  const silences: [string, string, object][] = [
    ['the probe', '/ari/asterisk/info', { probeMs: 150 }],
    ['the list of API descriptions', '/ari/api-docs/resources.json', { describeMs: 150 }],
    ['an API description', '/ari/api-docs/events.json', { describeMs: 150 }],
  ]
  test.each(silences)('R5: no answer at %s is one failed try', async (_name, path, timings) => {
    const fake = await rig.pbx()
    const { ari, logs } = rig.client(fake, { timings: { ...QUICK, ...timings } })
    fake.on(`GET ${path}`, () => undefined)
    ari.start()
    await logs.next(({ level }) => level === 'warn')
    fake.heal(`GET ${path}`)
    await nextUp(ari)
  })
})

describe('requests', () => {
  test('R8: a recording arrives byte for byte', async () => {
    const fake = await rig.pbx()
    const { ari } = rig.client(fake)
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256))
    fake.on('GET /ari/recordings/stored/calls%2F1/file', (_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/wav' }).end(bytes)
    })
    const recording = await ari.storedRecording('calls/1')
    if (recording === undefined) throw new Error('the PBX has it')
    expect((await buffer(recording)).equals(bytes)).toBe(true)
  })

  test('R8: a recording the PBX does not have is none, and a broken one throws', async () => {
    const fake = await rig.pbx()
    const { ari } = rig.client(fake)
    fake.on('GET /ari/recordings/stored/gone/file', (_request, response) => {
      sendJson(response, 404, { message: 'Recording not found' })
    })
    fake.on('GET /ari/recordings/stored/busy/file', (_request, response) => {
      sendJson(response, 503, {})
    })
    fake.on('GET /ari/recordings/stored/cut/file', (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('RIFF')
      setImmediate(() => response.destroy())
    })
    expect(await ari.storedRecording('gone')).toBeUndefined()
    await expect(ari.storedRecording('busy')).rejects.toMatchObject({ kind: 'unavailable' })
    const cut = await ari.storedRecording('cut')
    if (cut === undefined) throw new Error('the PBX has its begin')
    await expect(buffer(cut)).rejects.toThrow()
  })

  test('R9: what is gone already needs no hanging up and no deleting', async () => {
    const fake = await rig.pbx()
    const { ari } = rig.client(fake)
    for (const path of [
      'channels/t-1.1',
      'recordings/stored/r1',
      'asterisk/config/dynamic/res_pjsip/auth/op-1',
    ]) {
      fake.on(`DELETE /ari/${path}`, (_request, response) => {
        sendJson(response, 404, { message: 'Channel not found' })
      })
    }
    await ari.hangup('t-1.1')
    await ari.deleteStoredRecording('r1')
    await ari.deleteDynamic('auth', 'op-1')
    fake.on('DELETE /ari/channels/t-1.1', (_request, response) => {
      sendJson(response, 500, {})
    })
    await expect(ari.hangup('t-1.1')).rejects.toMatchObject({ kind: 'unavailable' })
  })

  test('R10: the secret travels in a header, never in an address, a log or an error', async () => {
    const { fake, line, ari, logs } = await rig.connected()
    const down = nextDown(ari)
    fake.on('GET /ari/asterisk/info', (_request, response) => {
      sendJson(response, 401, { message: 'Unauthorized' })
    })
    line.drop()
    await down
    await logs.next((entry) => textOf(entry).includes('401'))
    const basic = Buffer.from(`${ARI_ACCOUNT.user}:${ARI_ACCOUNT.secret}`).toString('base64')
    expect(line.authorization).toBe(`Basic ${basic}`)
    const told = [line.url, ...fake.requests().map(({ url }) => url), ...logs.all().map(textOf)].join('\n')
    for (const secret of [ARI_ACCOUNT.secret, encodeURIComponent(ARI_ACCOUNT.secret), basic]) {
      expect(told).not.toContain(secret)
    }
  })
})
