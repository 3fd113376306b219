import type { AriClient, AriEvent } from '../asterisk/ari-client.ts'
import { AppError } from '../platform/errors.ts'
import type { SupervisionExchange, SupervisionNews } from './service.ts'
import { channelOf, isSupervisionId, legOf, snoopOf, whisperOf } from './supervision-policy.ts'

const RING_SECONDS = 25

/** Legs of supervisors and what they hear with, over ARI. The citizen's channel is never named in any request. */
export function createSupervisionExchange(deps: {
  readonly ari: Pick<AriClient, 'request' | 'hangup' | 'channels'>
  /** The Stasis application of the service. */
  readonly app: string
  /** Number that rings at the supervisor. */
  readonly hotline: string
}): SupervisionExchange {
  const { ari, app } = deps
  const endpoint = (personId: number) => `PJSIP/op-${String(personId)}`
  return {
    async hasPhone(personId) {
      const found = await orMissing(ari.request('GET', `/endpoints/${endpoint(personId)}`))
      return typeof found === 'object' && found !== null && 'state' in found && found.state === 'online'
    },
    async ring(id, supervisorId) {
      await ari.request('POST', '/channels', {
        query: {
          endpoint: endpoint(supervisorId),
          channelId: legOf(id),
          context: 'hotline-supervise',
          extension: 's',
          priority: '1',
          timeout: String(RING_SECONDS),
          callerId: deps.hotline,
        },
        // A page picks up by itself what its own supervisor has just asked for.
        body: { variables: { HOTLINE_SUPERVISION: id, 'PJSIP_HEADER(add,X-Supervision)': id } },
      })
    },
    async seat(id) {
      await ari.request('POST', `/bridges/${legOf(id)}`, { query: { type: 'mixing' } })
      await ari.request('POST', `/bridges/${legOf(id)}/addChannel`, { query: { channel: legOf(id) } })
    },
    async snoop(id, nth, operatorLeg, mode) {
      const channel = encodeURIComponent(operatorLeg)
      await ari.request('POST', `/channels/${channel}/snoop/${snoopOf(id, nth)}`, {
        query: { app, appArgs: `snoop,${id}`, spy: 'both', whisper: whisperOf(mode) },
      })
    },
    async join(id, nth) {
      await ari.request('POST', `/bridges/${legOf(id)}/addChannel`, { query: { channel: snoopOf(id, nth) } })
    },
    hangUp: (channel) => ari.hangup(channel),
    async cleanUp(id) {
      await orMissing(ari.request('DELETE', `/bridges/${legOf(id)}`))
    },
    async alive() {
      const ids = (await ari.channels()).map(({ id }) => id)
      return ids.filter((id) => channelOf(id) !== undefined)
    },
  }
}

/** What ARI says of channels of ours: that one came into our hands, or is gone. Every field may be missing or wrong. */
export function supervisionNews(event: AriEvent): SupervisionNews | undefined {
  const channel = event['channel']
  const uniqueId = typeof channel === 'object' && channel !== null && 'id' in channel ? channel.id : undefined
  if (typeof uniqueId !== 'string') return undefined
  if (event.type === 'ChannelDestroyed') return goneOf(uniqueId)
  const found = channelOf(uniqueId)
  if (event.type !== 'StasisStart' || found === undefined || !Array.isArray(event['args'])) return undefined
  const [, id] = event['args'] as unknown[]
  return isSupervisionId(id) && id === found.id ? { type: 'came', ...found } : undefined
}

/** The end of a channel of ours, whoever told of it. */
export function goneOf(uniqueId: string | undefined): SupervisionNews | undefined {
  const found = channelOf(uniqueId ?? '')
  return found === undefined ? undefined : { type: 'gone', ...found }
}

/** Undefined for what the PBX does not have. */
async function orMissing(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work
  } catch (cause) {
    if (cause instanceof AppError && cause.kind === 'notFound') return undefined
    throw cause
  }
}
