import type { Blocker, RetentionKind, RetentionRule, RetentionRules } from './contract.ts'

const DAY_MS = 24 * 3_600_000
/** How long before it goes a recording is on the list, so that whoever needs it can say so. */
export const NOTICE_MS = 7 * DAY_MS
/** The job does not run at the same second each night. */
const JITTER_MS = 3_600_000

/** A recording, as far as it decides how long it is kept. Times are ISO 8601. */
export interface RetentionFacts {
  readonly kind: 'call' | 'voicemail' | 'consult'
  readonly training: boolean
  /** Of its call; null where nobody knows the call any more. */
  readonly direction: 'in' | 'out' | null
  readonly startedAt: string
  readonly endedAt: string | null
  readonly isHeld: boolean
  readonly isDisclosed: boolean
  readonly isAltered: boolean
  /** Null without a case. */
  readonly ticketCode: string | null
  /** Of the case and of the one it follows in the end, itself where it follows none; null where there is no such row. */
  readonly cases: readonly ({ readonly isOver: boolean; readonly changedAt: string } | null)[]
}

export function retentionKindOf({
  kind,
  training,
  direction,
}: Pick<RetentionFacts, 'kind' | 'training' | 'direction'>): RetentionKind {
  if (training) return 'training'
  if (kind !== 'call') return kind
  return direction === 'out' ? 'callback' : 'main'
}

/** From when on its rule lets a recording go, counted from the end of the call or its case, whichever is later; null: never. */
export function dueOf(
  facts: RetentionFacts,
  rules: RetentionRules,
): { readonly kind: RetentionKind; readonly rule: RetentionRule; readonly dueAt: Date } | null {
  const kind = retentionKindOf(facts)
  const rule = rules[kind]
  if (rule === undefined) return null
  const ends = [facts.endedAt ?? facts.startedAt, ...facts.cases.flatMap((one) => one?.changedAt ?? [])]
  const from = Math.max(...ends.map((iso) => Date.parse(iso)))
  return Number.isNaN(from) ? null : { kind, rule, dueAt: new Date(from + rule.days * DAY_MS) }
}

/** Recordings that began after this have time left, whatever their case did. */
export function cutoffOf({ days }: RetentionRule, now: Date): string {
  return new Date(now.getTime() + NOTICE_MS - days * DAY_MS).toISOString()
}

/**
 * All that keeps a recording, whatever its rule says. A test call's case is nobody's: nothing waits for it. `objectionDays` counts from
 * the last change of the case, which is its answer or something after it (Đ9.5b).
 */
export function blockersOf(
  facts: RetentionFacts,
  { now, objectionDays, fitsSeal }: { now: Date; objectionDays: number; fitsSeal: boolean },
): Blocker[] {
  const { cases, ticketCode, training } = facts
  const isOpen = ticketCode !== null && (cases.length === 0 || cases.some((one) => one?.isOver !== true))
  const since = now.getTime() - objectionDays * DAY_MS
  const mayObject = cases.some((one) => one !== null && Date.parse(one.changedAt) > since)
  const all: readonly (readonly [Blocker, boolean])[] = [
    ['held', facts.isHeld],
    ['disclosed', facts.isDisclosed],
    ['caseOpen', isOpen && !training],
    ['objection', mayObject && !isOpen && !training],
    ['unsealed', !fitsSeal],
    ['altered', facts.isAltered],
  ]
  return all.flatMap(([blocker, stands]) => (stands ? [blocker] : []))
}

/** What two people together cannot overrule either. */
export function blockersOfTwo(blockers: readonly Blocker[]): Blocker[] {
  return blockers.filter((blocker) => blocker !== 'altered')
}

/**
 * What the job does with a recording: nothing goes that was not on the list for a week, so neither a clock set wrong nor a rule made
 * shorter by mistake deletes anything overnight.
 */
export function verdictOf(
  one: { readonly dueAt: Date; readonly announcedAt: string | null; readonly blockers: readonly Blocker[] },
  now: Date,
): 'leave' | 'blocked' | 'announce' | 'delete' {
  const { dueAt, announcedAt, blockers } = one
  if (dueAt.getTime() > now.getTime() + NOTICE_MS) return 'leave'
  if (blockers.length > 0) return 'blocked'
  const wasAnnounced =
    announcedAt !== null && Date.parse(announcedAt) + NOTICE_MS - JITTER_MS <= now.getTime()
  return wasAnnounced && dueAt <= now ? 'delete' : 'announce'
}
