import { type TicketPorts } from './service.ts'
import { type Ticket } from './ticket.ts'

/** Cases that were merged into this one, and those merged into them before (regulation.md 2.2, row 22). */
export function followersOf(
  store: Pick<TicketPorts['store'], 'events' | 'findByCode'>,
  parent: Ticket,
): Ticket[] {
  const found = new Map<string, Ticket>()
  const waiting = [parent]
  for (let of = waiting.shift(); of !== undefined; of = waiting.shift()) {
    for (const { type, detail } of store.events(of.id)) {
      const code = type === 'followed' ? detail['childCode'] : undefined
      const child = typeof code === 'string' && !found.has(code) ? store.findByCode(code) : undefined
      if (child === undefined || child.id === parent.id) continue
      found.set(child.code, child)
      waiting.push(child)
    }
  }
  return [...found.values()]
}
