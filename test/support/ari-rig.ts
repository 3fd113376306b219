import { type AriClient, type AriDeps, type AriEvent, createAri } from '../../src/asterisk/ari-client.ts'
import { QUICK } from './ami-rig.ts'
import { ARI_ACCOUNT, type FakeAri, type FakeAriLine, startFakeAri } from './fake-ari.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { createLinkLog, type LogLine, nextUp } from './link-log.ts'

/** A client, unstarted, with what it hears and logs. */
export interface AriParts {
  readonly ari: AriClient
  readonly events: Inbox<AriEvent>
  readonly logs: Inbox<LogLine>
}

/** Makes fake PBXs and clients of them, and closes all of them again. */
export interface AriRig {
  readonly pbx: (options?: { pongs?: boolean }) => Promise<FakeAri>
  readonly client: (fake: FakeAri, deps?: Partial<AriDeps>) => AriParts
  /** A client whose line is up, with the PBX's end of it. */
  readonly connected: (
    deps?: Partial<AriDeps>,
  ) => Promise<AriParts & { readonly fake: FakeAri; readonly line: FakeAriLine }>
  readonly close: () => Promise<void>
}

/** An empty rig; close it after each test. */
export function createAriRig(): AriRig {
  const closers: (() => Promise<void>)[] = []

  async function pbx(options: { pongs?: boolean } = {}): Promise<FakeAri> {
    const fake = await startFakeAri(options)
    closers.push(fake.close)
    return fake
  }

  function client(fake: FakeAri, deps: Partial<AriDeps> = {}): AriParts {
    const { log, lines } = createLinkLog()
    const ari = createAri({ url: fake.url, ...ARI_ACCOUNT, app: 'tongdai', log, timings: QUICK, ...deps })
    closers.push(() => ari.close())
    const events = createInbox<AriEvent>('an ARI event')
    ari.onEvent(events.push)
    return { ari, events, logs: lines }
  }

  return {
    pbx,
    client,
    async connected(deps) {
      const fake = await pbx()
      const parts = client(fake, deps)
      const up = nextUp(parts.ari)
      parts.ari.start()
      const line = await fake.line()
      await up
      return { fake, line, ...parts }
    },
    async close() {
      for (const close of closers.splice(0).reverse()) await close()
    },
  }
}
