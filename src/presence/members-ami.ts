import type { AmiClient } from '../asterisk/ami-client.ts'
import type { QueueMembers } from './service.ts'

/** Queue membership over AMI: QueueAdd, QueueRemove, QueuePause (Asterisk app_queue.c). Each is safe to repeat. */
export function createQueueMembers(ami: Pick<AmiClient, 'action'>, queue: string): QueueMembers {
  return {
    async put(personId, { member, paused, reason }) {
      const id = `op-${String(personId)}`
      const common = { Queue: queue, Interface: `PJSIP/${id}` }
      if (!member) {
        await ami.action({ Action: 'QueueRemove', ...common }, { tolerate: true })
        return
      }
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
      if (added.fields['response'] !== 'Success') {
        await ami.action({
          Action: 'QueuePause',
          ...common,
          Paused: paused ? 'true' : 'false',
          Reason: reason,
        })
      }
    },
  }
}
