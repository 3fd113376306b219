import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AmiClient, createAmi } from '../../src/asterisk/ami-client.ts'
import { type AriClient, createAri } from '../../src/asterisk/ari-client.ts'
import { createInbox } from '../support/inbox.ts'
import { createLinkLog } from '../support/link-log.ts'
import { startPbx, type TestPbx } from '../support/pbx.ts'

/** What the issue promises: back this soon after the PBX answers again. */
const BACK_WITHIN_MS = 1_000

let pbx: TestPbx
const closers: (() => Promise<void>)[] = []

beforeAll(async () => {
  pbx = await startPbx()
})

afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  await pbx.stop()
})

/** Both links through cuttable wires, and all they did in order. */
async function bothLinks() {
  const wires = [await startWire(pbx.ports.ami), await startWire(pbx.ports.http)] as const
  const steps = createInbox<{ readonly step: string; readonly atMs: number }>('a step of a link')
  const note = (step: string) => {
    steps.push({ step, atMs: performance.now() })
  }
  const { log } = createLinkLog()
  let marks = 0
  const ami: AmiClient = createAmi({
    ...pbx.ami,
    port: wires[0].port,
    events: ['UserEvent'],
    log,
    resync: async () => {
      await ami.list({ Action: 'CoreShowChannels' })
      await ami.list({ Action: 'QueueStatus' })
      // Its event comes back while the resync runs.
      marks += 1
      await ami.action({ Action: 'UserEvent', UserEvent: 'Mark', N: String(marks) })
      await ami.action({ Action: 'Ping' })
      note('ami resynced')
    },
  })
  const ari: AriClient = createAri({
    ...pbx.ari,
    url: `http://127.0.0.1:${String(wires[1].port)}`,
    app: 'tongdai',
    log,
    onResync: async () => {
      await ari.channels()
      await ari.request('POST', '/events/user/Mark', { query: { application: 'tongdai' } })
      note('ari resynced')
    },
  })
  ami.onUp(() => {
    note('ami up')
  })
  ari.onUp(() => {
    note('ari up')
  })
  ami.onEvent(({ fields }) => {
    note(`ami event ${fields['n'] ?? ''}`)
  })
  ari.onEvent(({ type }) => {
    note(`ari event ${type}`)
  })
  closers.push(
    () => ami.close(),
    () => ari.close(),
    ...wires.map((wire) => wire.close),
  )
  const backMs = async (sinceMs: number) => {
    const [amiUp, ariUp] = await Promise.all(
      ['ami up', 'ari up'].map((wanted) => steps.next(({ step }) => step === wanted)),
    )
    return {
      amiMs: Math.round((amiUp?.atMs ?? 0) - sinceMs),
      ariMs: Math.round((ariUp?.atMs ?? 0) - sinceMs),
    }
  }
  return { ami, ari, wires, steps, backMs }
}

describe('on a real PBX', () => {
  test('both links are back, in step, within a second of a cut, a restart and a crash of the PBX', async ({
    annotate,
  }) => {
    const { ami, ari, wires, steps, backMs } = await bothLinks()
    const figures: Record<string, { amiMs: number; ariMs: number }> = {}
    const startMs = performance.now()
    ami.start()
    ari.start()
    figures['first'] = await backMs(startMs)

    for (const wire of wires) wire.cut()
    figures['cut'] = await backMs(performance.now())

    await pbx.restart()
    figures['restart'] = await backMs(performance.now())

    await pbx.kill()
    await pbx.restart()
    figures['crash'] = await backMs(performance.now())

    await annotate(JSON.stringify(figures), 'milliseconds')
    for (const [name, { amiMs, ariMs }] of Object.entries(figures)) {
      if (name === 'first') continue
      expect(amiMs, `${name}: AMI`).toBeLessThan(BACK_WITHIN_MS)
      expect(ariMs, `${name}: ARI`).toBeLessThan(BACK_WITHIN_MS)
    }

    // Each time: in step first, then up, and only then the events, those of the time of the resync included.
    await steps.next(({ step }) => step === 'ami event 4')
    const all = steps.all().map(({ step }) => step)
    for (const link of ['ami', 'ari']) {
      const own = all.filter((step) => step.startsWith(link))
      for (const [index, step] of own.entries()) {
        if (step === `${link} up`) expect(own[index - 1]).toBe(`${link} resynced`)
        if (step === `${link} resynced`) expect(own[index + 1]).toBe(`${link} up`)
      }
    }
    expect(all.filter((step) => step.startsWith('ami event'))).toEqual(
      [1, 2, 3, 4].map((n) => `ami event ${String(n)}`),
    )
  })
})

/** A wire to a port of the PBX that can be cut. */
async function startWire(target: number): Promise<{
  readonly port: number
  readonly cut: () => void
  readonly close: () => Promise<void>
}> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => undefined) // `close` follows and takes the other end along
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    async close() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
