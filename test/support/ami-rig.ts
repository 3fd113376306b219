import { type AmiClient, type AmiDeps, type AmiEvent, createAmi } from '../../src/asterisk/ami-client.ts'
import { type FakeAmi, type FakeAmiLine, startFakeAmi } from './fake-ami.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { createLinkLog, type LogLine, nextUp } from './link-log.ts'

/** Pauses that no test notices. */
export const QUICK = { pauseMs: 4, longestPauseMs: 8, refusedPauseMs: 8 } as const

/** A client, unstarted, with what it hears and logs. */
export interface AmiParts {
  readonly ami: AmiClient
  readonly events: Inbox<AmiEvent>
  readonly logs: Inbox<LogLine>
}

/** Makes fake PBXs and clients of them, and closes all of them again. */
export interface AmiRig {
  readonly pbx: () => Promise<FakeAmi>
  readonly client: (port: number, deps?: Partial<AmiDeps>) => AmiParts
  /** A client whose line is up, with the PBX's end of it. */
  readonly connected: (
    deps?: Partial<AmiDeps>,
  ) => Promise<AmiParts & { readonly fake: FakeAmi; readonly line: FakeAmiLine }>
  readonly close: () => Promise<void>
}

/** An empty rig; close it after each test. */
export function createAmiRig(): AmiRig {
  const closers: (() => Promise<void>)[] = []

  async function pbx(): Promise<FakeAmi> {
    const fake = await startFakeAmi()
    closers.push(fake.close)
    return fake
  }

  function client(port: number, deps: Partial<AmiDeps> = {}): AmiParts {
    const { log, lines } = createLinkLog()
    const ami = createAmi({
      host: '127.0.0.1',
      port,
      user: 'tongdai',
      secret: 'ami-secret',
      events: undefined,
      log,
      resync: () => Promise.resolve(),
      timings: QUICK,
      ...deps,
    })
    closers.push(() => ami.close())
    const events = createInbox<AmiEvent>('an AMI event')
    ami.onEvent(events.push)
    return { ami, events, logs: lines }
  }

  return {
    pbx,
    client,
    async connected(deps) {
      const fake = await pbx()
      const parts = client(fake.port, deps)
      const up = nextUp(parts.ami)
      parts.ami.start()
      const line = await fake.line()
      await up
      return { fake, line, ...parts }
    },
    async close() {
      for (const close of closers.splice(0).reverse()) await close()
    },
  }
}
