import { describe, expect, it } from 'vitest'
import { createQueueMembers } from '../../src/presence/members-ami.ts'

function createQueue() {
  const members = new Map<string, { paused: string; reason: string }>()
  const asked: Record<string, unknown>[] = []
  const answer = (response: string) => ({ fields: { response } })
  const queue = createQueueMembers(
    {
      action: async (fields, { tolerate = false } = {}) => {
        asked.push(fields)
        const id = String(fields['Interface'])
        const known = members.has(id)
        if (fields['Action'] === 'QueueRemove') return answer(members.delete(id) ? 'Success' : 'Error')
        if (fields['Action'] === 'QueueAdd' && known) return answer('Error')
        if (fields['Action'] === 'QueuePause' && !known) {
          if (!tolerate) throw new Error('not in the queue')
          return answer('Error')
        }
        const paused = /^(1|true)$/.test(String(fields['Paused'])) ? 'yes' : 'no'
        members.set(id, { paused, reason: String(fields['Reason']) })
        return answer('Success')
      },
      list: async (fields) => {
        asked.push(fields)
        const listed = [...members.keys()].map((location) => ({ fields: { event: 'QueueMember', location } }))
        return [{ fields: { event: 'QueueParams', queue: 'hotline' } }, ...listed]
      },
    },
    'hotline',
  )
  return { queue, members, asked }
}

describe('the queue’s members', () => {
  it('are put, paused and taken out, and each may be said twice', async () => {
    const { queue, members, asked } = createQueue()
    const ready = { member: true, paused: false, reason: '' }
    const paused = { member: true, paused: true, reason: 'meal' }
    await queue.put(3, ready)
    await queue.put(3, ready)
    expect(members.get('PJSIP/op-3')).toEqual({ paused: 'no', reason: '' })
    await queue.put(3, paused)
    await queue.put(3, paused)
    expect(members.get('PJSIP/op-3')).toEqual({ paused: 'yes', reason: 'meal' })
    await queue.put(3, ready)
    expect(members.get('PJSIP/op-3')).toEqual({ paused: 'no', reason: '' })
    await queue.put(3, { member: false, paused: true, reason: '' })
    await queue.put(3, { member: false, paused: true, reason: '' })
    expect(members.size).toBe(0)
    expect(asked.every((action) => action['Queue'] === 'hotline')).toBe(true)
    expect(asked[0]).toMatchObject({ MemberName: 'op-3', StateInterface: 'PJSIP/op-3' })
  })

  it('join paused when they must be: no call slips in between', async () => {
    const { queue, asked } = createQueue()
    await queue.put(3, { member: true, paused: true, reason: 'away' })
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({ Action: 'QueueAdd', Paused: '1', Reason: 'away' })
  })

  it('are told of a change in one word once they are in', async () => {
    const { queue, asked } = createQueue()
    await queue.put(3, { member: true, paused: false, reason: '' })
    asked.length = 0
    await queue.put(3, { member: true, paused: true, reason: 'wrapUp' })
    expect(asked).toMatchObject([{ Action: 'QueuePause', Paused: 'true', Reason: 'wrapUp' }])
  })

  it('join again where the PBX has forgotten them meanwhile', async () => {
    const { queue, members } = createQueue()
    await queue.put(3, { member: true, paused: false, reason: '' })
    members.clear()
    await queue.put(3, { member: true, paused: true, reason: 'meal' })
    expect(members.get('PJSIP/op-3')).toEqual({ paused: 'yes', reason: 'meal' })
  })

  it('who left join as new ones', async () => {
    const { queue, members, asked } = createQueue()
    await queue.put(3, { member: true, paused: false, reason: '' })
    await queue.put(3, { member: false, paused: true, reason: '' })
    asked.length = 0
    await queue.put(3, { member: true, paused: false, reason: '' })
    expect(asked.map((action) => action['Action'])).toEqual(['QueueAdd'])
    expect(members.size).toBe(1)
  })

  it('are those of the hotline’s own people; a phone that the PBX lists by itself is none of them', async () => {
    const { queue, members, asked } = createQueue()
    await queue.put(3, { member: true, paused: false, reason: '' })
    for (const location of ['PJSIP/desk-1', 'Local/op-4@somewhere', 'PJSIP/op-05', ''])
      members.set(location, { paused: 'no', reason: '' })
    expect(await queue.all()).toEqual([3])
    expect(asked.at(-1)).toEqual({ Action: 'QueueStatus', Queue: 'hotline' })
  })
})
