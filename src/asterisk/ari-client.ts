import type { Readable } from 'node:stream'
import type { LinkLog, LinkState, Up } from './link.ts'

/** An event of the PBX as it came; everything but its type is unknown until somebody checks it. */
export interface AriEvent {
  readonly type: string
  readonly [field: string]: unknown
}

export interface AriClient {
  start(): void
  close(): Promise<void>
  state(): LinkState
  onEvent(listener: (event: AriEvent) => void): () => void
  onUp(listener: (up: Up) => void): () => void
  onDown(listener: () => void): () => void
  /**
   * One request to `/ari` + path; answers the parsed JSON, undefined when there is none. Throws `notFound` on 404, `unavailable`
   * on no answer, 5xx or a passed deadline, `conflict` ARI_REFUSED on any other refusal. Never sent twice.
   */
  request(method: string, path: string, options?: AriRequestOptions): Promise<unknown>
  putDynamic(type: DynamicType, id: string, fields: readonly DynamicField[]): Promise<void>
  /** Gone already is success. */
  deleteDynamic(type: DynamicType, id: string): Promise<void>
  /** The recording's bytes as they come, undefined when the PBX has none of that name. Destroy it when not read to its end. */
  storedRecording(name: string): Promise<Readable | undefined>
  /** Gone already is success. */
  deleteStoredRecording(name: string): Promise<void>
  listStoredRecordings(): Promise<string[]>
  /** Gone already is success. */
  hangup(channelId: string): Promise<void>
  channels(): Promise<AriRecord[]>
  bridges(): Promise<AriRecord[]>
}

/** A channel or bridge as the PBX tells it; only the id is checked. */
export interface AriRecord {
  readonly id: string
  readonly [field: string]: unknown
}

export interface AriRequestOptions {
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly timeoutMs?: number
}

export type DynamicType = 'auth' | 'aor' | 'endpoint'

export interface DynamicField {
  readonly attribute: string
  readonly value: string
}

export interface AriDeps {
  /** Without `/ari`: `http://127.0.0.1:8088`. */
  readonly url: string
  readonly user: string
  readonly secret: string
  readonly app: string
  readonly log: LinkLog
  readonly now?: () => Date
  /** Runs after each connect, before any event is delivered. Requests work in it. */
  readonly onResync?: () => Promise<void>
}

export declare function createAri(deps: AriDeps): AriClient
