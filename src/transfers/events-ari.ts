import type { AriEvent } from '../asterisk/ari-client.ts'
import { goneNews } from './leg-news.ts'
import type { LegNews } from './service.ts'

/** What transfers want to hear of their legs over ARI. */
export const TRANSFER_EVENTS = ['StasisStart', 'ChannelDestroyed'] as const

const ROLES = ['citizen', 'operator', 'agency'] as const
const ID = /^[0-9a-z]{4,32}$/

/** What ARI says of legs in our hands: that one came, or is gone. Every field may be missing or wrong. */
export function newsOfAri(event: AriEvent): LegNews | undefined {
  const channel = event['channel']
  const id = typeof channel === 'object' && channel !== null && 'id' in channel ? channel.id : undefined
  if (typeof id !== 'string') return undefined
  if (event.type === 'ChannelDestroyed') return goneNews(id, event['cause'])
  if (event.type !== 'StasisStart' || !Array.isArray(event['args'])) return undefined
  const [given, transferId] = event['args'] as unknown[]
  const role = ROLES.find((one) => one === given)
  if (role === undefined || typeof transferId !== 'string' || !ID.test(transferId)) return undefined
  const name = typeof channel === 'object' && channel !== null && 'name' in channel ? channel.name : undefined
  return { type: 'came', transferId, role, leg: id, name: typeof name === 'string' ? name : '' }
}
