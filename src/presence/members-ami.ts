import type { AmiClient, AmiMessage } from '../asterisk/ami-client.ts'
import type { QueueMembers } from './service.ts'

/** Queue membership over AMI: QueueStatus, QueueAdd, QueueRemove, QueuePause (Asterisk app_queue.c). Each is safe to repeat. */
export function createQueueMembers(ami: Pick<AmiClient, 'action' | 'list'>, queue: string): QueueMembers {
  /** Who was in the queue when last heard of: with each call three changes are told, and to add them again is refused each time. */
  const joined = new Set<string>()
  return {
    async all() {
      const items = await ami.list({ Action: 'QueueStatus', Queue: queue })
      return items.flatMap(({ fields }) => {
        const id = /^PJSIP\/op-([1-9]\d{0,8})$/.exec(fields['location'] ?? '')?.[1]
        return fields['event'] === 'QueueMember' && id !== undefined ? [Number(id)] : []
      })
    },
    async put(personId, { member, paused, reason }) {
      const id = `op-${String(personId)}`
      const common = { Queue: queue, Interface: `PJSIP/${id}` }
      if (!member) {
        joined.delete(id)
        await ami.action({ Action: 'QueueRemove', ...common }, { tolerate: true })
        return
      }
      const pause = { Action: 'QueuePause', ...common, Paused: paused ? 'true' : 'false', Reason: reason }
      if (joined.has(id) && isDone(await ami.action(pause, { tolerate: true }))) return
      const added = await ami.action(
        {
          Action: 'QueueAdd',
          ...common,
          MemberName: id,
          StateInterface: `PJSIP/${id}`,
          Paused: paused ? '1' : '0',
          Reason: reason,
        },
        { tolerate: true },
      )
      // "Already there": then only the pause may differ.
      if (!isDone(added)) await ami.action(pause)
      joined.add(id)
    },
  }
}

function isDone({ fields }: AmiMessage): boolean {
  return fields['response'] === 'Success'
}
