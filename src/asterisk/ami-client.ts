import type { LinkLog, LinkState, Up } from './link.ts'

/** One event of the PBX. Any field may be missing: the other end is not ours. */
export interface AmiEvent {
  readonly name: string
  /** Keys in lower case; a repeated key's values are joined by line feeds. */
  readonly fields: Readonly<Record<string, string>>
  /** Epoch milliseconds of the Timestamp header (manager.conf timestampevents=yes). */
  readonly at?: number
}

/** A response, or one item of a list. */
export interface AmiMessage {
  readonly fields: Readonly<Record<string, string>>
}

export type AmiFields = Readonly<Record<string, string | readonly string[]>>

export interface AmiClient {
  start(): void
  /** Ends connection, timers and waiting actions; nothing is heard from it afterwards. */
  close(): Promise<void>
  state(): LinkState
  /** Every event in order, at once; returns the way out. A listener that throws is logged and the others still hear. */
  onEvent(listener: (event: AmiEvent) => void): () => void
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

export interface ActionOptions {
  readonly timeoutMs?: number
  /** An Error response is an answer like any other. */
  readonly tolerate?: boolean
}

export interface OriginateOutcome {
  readonly success: boolean
  /** Number of OriginateResponse: 4 answered, 5 busy, 3 no answer, 0 no such channel (Asterisk main/manager.c). */
  readonly reason: string
  readonly uniqueid: string
}

export interface AmiDeps {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly secret: string
  /** Names of the events wanted; undefined means all. */
  readonly events: readonly string[] | undefined
  readonly log: LinkLog
  readonly now?: () => Date
  /** Runs after each sign-in, before any event is delivered. `action` and `list` work in it. */
  readonly resync: () => Promise<void>
}

export declare function createAmi(deps: AmiDeps): AmiClient
