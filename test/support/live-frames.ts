import type { LiveMessage } from '../../src/live/contract.ts'

/** What one frame of the live line holds: one message, or several in an array. */
export function messagesOf(frame: Buffer | string): LiveMessage[] {
  const value = JSON.parse(frame.toString()) as LiveMessage | LiveMessage[]
  return Array.isArray(value) ? value : [value]
}
