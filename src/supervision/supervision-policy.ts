import type { Role } from '../accounts/contract.ts'
import type { SupervisionMode } from './contract.ts'

/** Why somebody listens no more. `unseen`: it ended while the service did not see the PBX. */
export type SupervisionEnd = 'left' | 'callOver' | 'transferred' | 'notAnswered' | 'failed' | 'unseen'

/** Which way sound of the supervisor's goes into the operator's leg: into their ear, or also among what they say. */
const WHISPER = { listen: 'none', whisper: 'out', barge: 'both' } as const satisfies Record<
  SupervisionMode,
  string
>

export function whisperOf(mode: SupervisionMode): 'none' | 'out' | 'both' {
  return WHISPER[mode]
}

/**
 * Least privilege (R068): supervisors alone, because admins keep accounts and have no phone. Never the own call, and never one of
 * a confidential case whose reporter the supervisor may not know: a voice tells who it is (Đ7.3, Đ12.1).
 */
export function maySupervise(
  supervisor: { readonly id: number; readonly role: Role },
  talk: { readonly operatorId: number; readonly mayReadCase: boolean },
): boolean {
  return supervisor.role === 'supervisor' && talk.operatorId !== supervisor.id && talk.mayReadCase
}

/**
 * What the operator's page shows of whoever listens, by the city's policy. A voice they hear anyway is always named: one out of
 * nowhere would frighten them in the middle of a call.
 */
export function isShownTo(policy: { readonly shown: boolean }, mode: SupervisionMode): boolean {
  return policy.shown || mode !== 'listen'
}

/** When the supervisor was heard by both, and so is in the recording. */
export function bargesOf(one: {
  readonly modes: readonly { readonly mode: SupervisionMode; readonly from: string }[]
  readonly endedAt: string | null
}): { from: string; until: string | null }[] {
  return one.modes.flatMap(({ mode, from }, index) =>
    mode === 'barge' ? [{ from, until: one.modes[index + 1]?.from ?? one.endedAt }] : [],
  )
}

const ID = /^[0-9a-z]{4,32}$/
const CHANNEL = /^supervise-([0-9a-z]{4,32})(?:-([0-9]+))?$/

/** Unique id of the supervisor's own leg. */
export function legOf(id: string): string {
  return `supervise-${id}`
}

/** Unique id of the Snoop channel of the n-th mode; each mode needs another one. */
export function snoopOf(id: string, nth: number): string {
  return `supervise-${id}-${String(nth)}`
}

/** What a channel of ours is; `nth` is null for the supervisor's own leg, undefined for what is none of ours. */
export function channelOf(
  uniqueId: string,
): { readonly id: string; readonly nth: number | null } | undefined {
  const [, id, nth] = CHANNEL.exec(uniqueId) ?? []
  return id === undefined ? undefined : { id, nth: nth === undefined ? null : Number(nth) }
}

export function isSupervisionId(text: unknown): text is string {
  return typeof text === 'string' && ID.test(text)
}
