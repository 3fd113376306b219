import type { DeadlineKind, DeadlineView } from './contract.ts'
import type { deadlines } from './tables.ts'

export type DeadlineRow = typeof deadlines.$inferSelect

/** How long a clock runs. Exactly one of the lengths; what is named, by a promise or a directive, has none. */
export interface DeadlineRule {
  readonly article: string
  /** Of one that a unit's step began, where that is another. */
  readonly unitArticle?: string
  /** How the regulation says it. */
  readonly words: string
  readonly workingMinutes?: number
  readonly workingDays?: number
  readonly calendarDays?: number
  /** Whose hours count (A20). */
  readonly calendar: 'unit' | 'city'
  /** Reminded so many working minutes before it ends (Đ13.2). */
  readonly warnMinutes?: number
}

/** Changes with the rules below; each row keeps the one it was made under. */
export const POLICY_VERSION = 1

/** Lengths of regulation.md 2.3, under the readings of 2.5. */
export const DEADLINE_RULES: Readonly<Record<DeadlineKind, DeadlineRule>> = {
  clarify: { article: 'Đ8.3', words: '01 giờ làm việc', workingMinutes: 60, calendar: 'city' },
  citizen: {
    article: 'Đ8.3',
    unitArticle: 'Đ18.1',
    words: '05 ngày làm việc',
    workingDays: 5,
    calendar: 'city',
    warnMinutes: 2 * 8 * 60,
  },
  officer: {
    article: 'Đ9.3',
    words: '08 giờ làm việc',
    workingMinutes: 8 * 60,
    calendar: 'unit',
    warnMinutes: 2 * 60,
  },
  promise: { article: 'Đ9.3', words: 'ngày đơn vị hẹn', calendar: 'unit', warnMinutes: 2 * 60 },
  directed: { article: 'Đ9.5', words: 'thời hạn theo chỉ đạo', calendar: 'unit', warnMinutes: 2 * 60 },
  head: {
    article: 'Đ9.4',
    words: '48 giờ làm việc',
    workingMinutes: 48 * 60,
    calendar: 'unit',
    warnMinutes: 8 * 60,
  },
  office: { article: 'Đ9.5', words: '05 ngày làm việc', workingDays: 5, calendar: 'city' },
  relay: { article: 'Đ9.4', words: '02 giờ làm việc', workingMinutes: 2 * 60, calendar: 'city' },
  rating: { article: 'Đ11.2', words: '14 ngày', calendarDays: 14, calendar: 'city' },
  autoClose: { article: 'Đ11.1', words: '05 ngày làm việc', workingDays: 5, calendar: 'city' },
}

const STATUTORY: readonly DeadlineKind[] = ['officer', 'promise', 'directed', 'head']
/** Which of them a unit's turn begins with: a case has one of them at a time, and the newest is the one that counts. */
const FIRST_OF_UNIT: readonly DeadlineKind[] = ['officer', 'directed']
/** Their end is what somebody named, which no calendar moves. */
const NAMED: readonly DeadlineKind[] = ['promise', 'directed']

/** By which a case must go on (Đ9.3, Đ9.4, Đ9.5): its end is the case's own. */
export function isStatutory(kind: DeadlineKind): boolean {
  return STATUTORY.includes(kind)
}

export function isFirstOfUnit(kind: DeadlineKind): boolean {
  return FIRST_OF_UNIT.includes(kind)
}

/** Clocks of which a case has one at a time, that one among them. */
export function kindsBeside(kind: DeadlineKind): readonly DeadlineKind[] {
  return isFirstOfUnit(kind) ? FIRST_OF_UNIT : [kind]
}

export function isNamed(kind: DeadlineKind): boolean {
  return NAMED.includes(kind)
}

export function stateOf(row: DeadlineRow): DeadlineView['state'] {
  if (row.voidedAt !== null) return 'void'
  if (row.satisfiedAt !== null) return 'satisfied'
  if (row.breachedAt !== null) return 'breached'
  return row.pausedAt === null ? 'running' : 'paused'
}

function articleOf({ kind, unitId }: DeadlineRow): string {
  const { article, unitArticle = article } = DEADLINE_RULES[kind]
  return unitId === null ? article : unitArticle
}

export function viewOf(row: DeadlineRow, left: DeadlineView['left']): DeadlineView {
  return {
    id: row.id,
    kind: row.kind,
    round: row.round,
    article: articleOf(row),
    startedAt: row.startedAt,
    dueAt: row.dueAt,
    warnAt: row.warnAt,
    left,
    explanation: row.explanation,
    state: stateOf(row),
    at: row.voidedAt ?? row.satisfiedAt ?? row.breachedAt ?? row.pausedAt,
    breachedAt: row.breachedAt,
  }
}
