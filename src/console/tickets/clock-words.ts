import type { DeadlineKind, DeadlineView } from '../../deadlines/contract.ts'
import type { RowClock, TicketState, TicketView } from '../../tickets/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { moment, span } from '../ui/format.ts'

export type ClockLook = 'calm' | 'soon' | 'late' | 'paused'

/** Less than two hours of any kind is less than two of work. */
const SOON_MS = 2 * 3_600_000

/** The clock whose holder still has to do it once it ran out, where the case does not go on to somebody else by itself. */
const STILL_OWED: Readonly<Partial<Record<TicketState, DeadlineKind>>> = {
  received: 'clarify',
  agencyAnswered: 'relay',
  cityOffice: 'office',
  overdue: 'head',
}

/** Clocks of the case that still count, what runs before what stands still; a broken one that is still owed is among them. */
export function openClocks({ state, deadlines }: Pick<TicketView, 'state' | 'deadlines'>): DeadlineView[] {
  const open = deadlines.filter((clock) => clock.state === 'running' || clock.state === 'paused')
  const owed = STILL_OWED[state]
  const broken = open.some(({ kind }) => kind === owed)
    ? undefined
    : deadlines.findLast((clock) => clock.state === 'breached' && clock.kind === owed)
  const rank = (clock: DeadlineView): string => `${clock.state === 'paused' ? '1' : '0'}${clock.dueAt ?? '9'}`
  return [...(broken === undefined ? [] : [broken]), ...open.sort((a, b) => rank(a).localeCompare(rank(b)))]
}

/** The others, the latest first. */
export function pastClocks(ticket: Pick<TicketView, 'state' | 'deadlines'>): DeadlineView[] {
  const open = openClocks(ticket)
  return ticket.deadlines.filter((clock) => !open.includes(clock)).reverse()
}

/** From the service's reminder on it is soon, over nights and holidays; without one, from two hours before the end. */
export function lookOf(clock: RowClock, nowMs: number): ClockLook {
  if (clock.state === 'paused') return 'paused'
  if (clock.state === 'breached') return 'late'
  if (clock.dueAt === null) return 'calm'
  const leftMs = Date.parse(clock.dueAt) - nowMs
  if (leftMs < 0) return 'late'
  const isSoon = clock.warnAt === null ? leftMs <= SOON_MS : nowMs >= Date.parse(clock.warnAt)
  return isSoon ? 'soon' : 'calm'
}

/** Working minutes left, counted on from when the service said so; null where it did not. */
export function workingLeft({ left }: Pick<DeadlineView, 'left'>, nowMs: number): number | null {
  if (left === null) return null
  const sinceMs = Date.parse(left.at)
  const workedMs = left.hours.reduce((sum, { from, to }) => {
    const overlap = Math.min(Date.parse(to), nowMs) - Math.max(Date.parse(from), sinceMs)
    return sum + Math.max(0, overlap)
  }, 0)
  return Math.max(0, left.minutes - Math.floor(workedMs / 60_000))
}

/** "2 giờ 15 phút": hours of work go on beyond 24. */
export function workSpan(minutes: number): string {
  return minutes < 60
    ? t('span.minutes', { minutes })
    : minutes % 60 === 0
      ? t('span.wholeHours', { hours: minutes / 60 })
      : t('span.hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
}

/** "Còn 2 giờ 15 phút làm việc, đến 16:45, T2 09/03". */
export function leftText(clock: RowClock, look: ClockLook, nowMs: number): string {
  const minutes = workingLeft(clock, nowMs)
  if (look === 'paused') {
    const at = moment(clock.at ?? clock.startedAt, nowMs)
    return minutes === null
      ? t('clock.paused', { at })
      : t('clock.pausedLeft', { at, span: workSpan(minutes) })
  }
  if (clock.dueAt === null) return t('clock.noDate')
  const values = { span: nearSpan(Date.parse(clock.dueAt) - nowMs), at: moment(clock.dueAt, nowMs) }
  if (look === 'late') return t('clock.late', values)
  if (minutes !== null) {
    const working = { ...values, span: workSpan(minutes) }
    return look === 'soon' ? t('clock.soonWorking', working) : t('clock.leftWorking', working)
  }
  return look === 'soon' ? t('clock.soon', values) : t('clock.left', values)
}

/** "Còn 2 giờ 15 phút làm việc", where the moment stands beside it. */
export function shortLeft(clock: RowClock, look: ClockLook, nowMs: number): string {
  if (look === 'paused') return t('clockShort.paused')
  if (clock.dueAt === null) return t('clock.noDate')
  const minutes = workingLeft(clock, nowMs)
  if (look === 'late') return t('clockShort.late', { span: nearSpan(Date.parse(clock.dueAt) - nowMs) })
  return minutes === null
    ? t('clockShort.left', { span: nearSpan(Date.parse(clock.dueAt) - nowMs) })
    : t('clockShort.leftWorking', { span: workSpan(minutes) })
}

/** With its hours up to three days: "1 ngày" for nearly two would be half the truth. */
function nearSpan(ms: number): string {
  const hours = Math.floor(Math.abs(ms) / 3_600_000)
  if (hours < 24 || hours >= 72) return span(ms / 1_000)
  return t('span.daysHours', { days: Math.floor(hours / 24), hours: hours % 24 })
}

/** What became of a clock that no longer runs. */
export function pastText(clock: DeadlineView, nowMs: number): string {
  const at = moment(clock.at ?? clock.startedAt, nowMs)
  if (clock.state === 'void') return t('clock.void', { at })
  if (clock.breachedAt === null) return t('clock.met', { at })
  if (clock.state === 'breached') return t('clock.broken', { at: moment(clock.breachedAt, nowMs) })
  const lateMs = Date.parse(clock.at ?? clock.breachedAt) - Date.parse(clock.dueAt ?? clock.breachedAt)
  return t('clock.metLate', { at, span: span(lateMs / 1_000) })
}

/** What follows when it runs out; the citizen's clock ends differently with the hotline and with a unit. */
export function endText(clock: DeadlineView, ticket: Pick<TicketView, 'state' | 'unitName'>): string {
  if (clock.state === 'breached' && ticket.state === 'overdue') return t('clockEnd.over')
  const values = { unit: unitOf(ticket) }
  return tOr(`clockEnd.${clock.kind}.${ticket.state}`, `clockEnd.${clock.kind}`, values)
}

/** Who has to do the next thing. */
export function holderText(ticket: Pick<TicketView, 'state' | 'unitName' | 'operatorName'>): string {
  return t(`holder.${ticket.state}`, {
    unit: unitOf(ticket),
    operator: ticket.operatorName ?? t('clock.anOperator'),
  })
}

function unitOf({ unitName }: Pick<TicketView, 'unitName'>): string {
  return unitName ?? t('clock.aUnit')
}

/** "Đ9.5b" → "Điều 9 khoản 5 điểm b". */
export function articleText(article: string): string {
  const parts = /^Đ(\d+)(?:\.(\d+))?([a-zđ])?$/.exec(article)
  if (parts === null) return article
  const [, number = '', clause, point] = parts
  return [
    t('article.article', { number }),
    ...(clause === undefined ? [] : [t('article.clause', { number: clause })]),
    ...(point === undefined ? [] : [t('article.point', { letter: point })]),
  ].join(' ')
}
