import { AppError } from '../platform/errors.ts'
import type { AmiFields } from './ami-codec.ts'
import {
  type AmiConnection,
  type AmiConnectionTimings,
  type AmiEvent,
  openAmiConnection,
} from './ami-connection.ts'
import type { ActionOptions, AmiMessage, OriginateOutcome } from './ami-exchange.ts'
import type { LinkLog, LinkState, LinkTimings, Up } from './link.ts'
import { createLinkKeeper } from './link-keeper.ts'

export type { AmiFields, AmiEvent, ActionOptions, AmiMessage, OriginateOutcome }

/** The service's link to the Asterisk Manager Interface: kept up for ever, back in step before events are heard. */
export interface AmiClient {
  start(): void
  /** Ends connection, timers and waiting actions; nothing is heard from it afterwards. */
  close(): Promise<void>
  state(): LinkState
  /** Drops the line and comes back with a resync. */
  reconnect(reason: string): void
  /** Every event in order, at once; returns the way out. A listener that throws is logged and the others still hear. */
  onEvent(listener: (event: AmiEvent) => void): () => void
  /** The same for all that came together, before they are heard one by one. */
  onEvents(listener: (events: readonly AmiEvent[]) => void): () => void
  onUp(listener: (up: Up) => void): () => void
  onDown(listener: () => void): () => void
  /**
   * Sends one action and answers its response. Throws `unavailable` when the line is down, is lost or stays silent,
   * `conflict` AMI_ERROR when the PBX refuses (unless `tolerate`), `invalid` AMI_LINE_BREAK. Never sent twice.
   */
  action(fields: AmiFields, options?: ActionOptions): Promise<AmiMessage>
  /** Sends a list action and answers its items. Throws as `action` does; an empty AstDB family is an empty list. */
  list(fields: AmiFields, options?: ActionOptions): Promise<AmiMessage[]>
  /** Originates and waits for the outcome, not only for "queued". Throws as `action`; never tried again. */
  originate(fields: AmiFields): Promise<OriginateOutcome>
}

/** What the AMI client is made of. */
export interface AmiDeps {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly secret: string
  /** Names of the events wanted; undefined means all. The PBX is asked to send no others. */
  readonly events: readonly string[] | undefined
  readonly log: LinkLog
  /** Runs after each sign-in, before any event is delivered. `action` and `list` work in it. */
  readonly resync: () => Promise<void>
  readonly timings?: Partial<AmiConnectionTimings & LinkTimings>
}

/** Builds the client, unstarted. */
export function createAmi(deps: AmiDeps): AmiClient {
  const keeper = createLinkKeeper<AmiEvent, AmiConnection>({
    name: 'ami',
    open: (handlers) => openAmiConnection(deps, handlers),
    resync: deps.resync,
    log: deps.log,
    timings: deps.timings,
  })

  /** Refused while the line is down: an action held back would ring a phone minutes later. */
  function line(): AmiConnection {
    const current = keeper.line()
    if (current === undefined) throw new AppError('unavailable', 'AMI_DOWN', 'There is no line to the PBX')
    return current
  }

  const { start, close, state, reconnect, onEvent, onEvents, onUp, onDown } = keeper
  return {
    start,
    close,
    state,
    reconnect,
    onEvent,
    onEvents,
    onUp,
    onDown,
    action: async (fields, options) => line().action(fields, options),
    list: async (fields, options) => line().list(fields, options),
    originate: async (fields) => line().originate(fields),
  }
}
