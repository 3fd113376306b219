import type { Readable } from 'node:stream'
import { AppError } from '../platform/errors.ts'
import { type AriConnectionTimings, openAriConnection } from './ari-connection.ts'
import type { AriEvent } from './ari-events.ts'
import { type AriRequestOptions, createAriRest } from './ari-rest.ts'
import type { Line, LinkLog, LinkState, LinkTimings, Up } from './link.ts'
import { createLinkKeeper } from './link-keeper.ts'

export type { AriEvent, AriRequestOptions }

/** The service's link to the Asterisk REST Interface: requests at any time, events in order once it is back in step. */
export interface AriClient {
  start(): void
  /** Ends connection and timers; nothing is heard from it afterwards. */
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

/** What ARI can configure while the PBX runs (res_pjsip through sorcery). */
export type DynamicType = 'auth' | 'aor' | 'endpoint'

/** One setting of a dynamic object. */
export interface DynamicField {
  readonly attribute: string
  readonly value: string
}

/** What the ARI client is made of. */
export interface AriDeps {
  /** Without `/ari`: `http://127.0.0.1:8088`. */
  readonly url: string
  readonly user: string
  readonly secret: string
  readonly app: string
  /** Types of the events wanted; undefined means all this client knows. The PBX is asked to send no others. */
  readonly events?: readonly string[]
  readonly log: LinkLog
  /** Runs after each connect, before any event is delivered. Requests work in it. */
  readonly onResync?: () => Promise<void>
  readonly timings?: Partial<AriConnectionTimings & LinkTimings & { readonly requestMs: number }>
}

/** Builds the client, unstarted. */
export function createAri(deps: AriDeps): AriClient {
  const rest = createAriRest({ ...deps, requestMs: deps.timings?.requestMs })
  const keeper = createLinkKeeper<AriEvent, Line>({
    name: 'ari',
    open: (handlers) => openAriConnection(deps, rest, handlers),
    resync: async () => deps.onResync?.(),
    log: deps.log,
    timings: deps.timings,
  })
  const { request } = rest

  /** Gone already is what was wanted (R9). */
  async function remove(path: string): Promise<void> {
    try {
      await request('DELETE', path)
    } catch (cause) {
      if (!(cause instanceof AppError) || cause.kind !== 'notFound') throw cause
    }
  }

  async function records(path: string): Promise<AriRecord[]> {
    const answer = await request('GET', path)
    return Array.isArray(answer) ? answer.filter(isRecord) : []
  }

  const { start, close, state, onEvent, onUp, onDown } = keeper
  return {
    start,
    close,
    state,
    onEvent,
    onUp,
    onDown,
    request,
    async putDynamic(type, id, fields) {
      await request('PUT', dynamicPath(type, id), { body: { fields } })
    },
    deleteDynamic: (type, id) => remove(dynamicPath(type, id)),
    storedRecording: (name) => rest.download(`${storedPath(name)}/file`),
    deleteStoredRecording: (name) => remove(storedPath(name)),
    async listStoredRecordings() {
      const answer = await request('GET', '/recordings/stored')
      return Array.isArray(answer) ? answer.flatMap(nameOf) : []
    },
    hangup: (channelId) => remove(`/channels/${encodeURIComponent(channelId)}`),
    channels: () => records('/channels'),
    bridges: () => records('/bridges'),
  }
}

function dynamicPath(type: DynamicType, id: string): string {
  return `/asterisk/config/dynamic/res_pjsip/${type}/${encodeURIComponent(id)}`
}

function storedPath(name: string): string {
  return `/recordings/stored/${encodeURIComponent(name)}`
}

function isRecord(value: unknown): value is AriRecord {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
}

function nameOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || !('name' in value)) return []
  return typeof value.name === 'string' ? [value.name] : []
}
