import type { HearingGroup, SpanCause, TransferParty, TransferState } from './contract.ts'
import { groupsIn } from './parties-policy.ts'

/** A row of a transfer's events: the state it came to, and by what. */
export interface TransferPastEvent {
  readonly at: string
  readonly event: string
  readonly state: TransferState
  readonly actorId: number | null
}

export interface TransferPast {
  readonly id: string
  readonly operatorId: number
  readonly startedAt: string
  readonly endedAt: string | null
  readonly attempts: readonly {
    readonly startedAt: string | null
    readonly acceptedAt: string | null
    readonly endedAt: string | null
  }[]
  /** In the order they were written. */
  readonly events: readonly TransferPastEvent[]
}

export interface CallPast {
  readonly answeredAt: string | null
  readonly endedAt: string | null
  readonly endedBy: 'caller' | 'operator' | 'agency' | 'system' | null
  readonly operatorId: number | null
  /** What happened outside of transfers; types nobody here knows are passed over. */
  readonly events: readonly {
    readonly at: string
    readonly type: string
    readonly operatorId: number | null
  }[]
}

export interface Span {
  readonly from: string
  /** Null: so it is now. */
  readonly to: string | null
  readonly groups: readonly HearingGroup[]
  readonly transferId: string | null
  readonly operatorId: number | null
  /** Index of the agency that is rung or spoken with. */
  readonly attempt: number | null
  readonly end: SpanEnd | null
}

export interface SpanEnd {
  readonly cause: SpanCause
  readonly by: TransferParty | null
  /** The operator who did it. */
  readonly actorId: number | null
}

type Scene = Pick<Span, 'groups' | 'transferId' | 'operatorId' | 'attempt'>

/** From here on it is like this. */
interface Mark {
  readonly at: number
  readonly scene: Scene
  readonly end: SpanEnd
}

const TALK: readonly HearingGroup[] = [{ members: ['operator', 'citizen'], sound: 'talk' }]
const ALONE: readonly HearingGroup[] = [{ members: ['citizen'], sound: 'moving' }]
const QUEUE: readonly HearingGroup[] = [{ members: ['citizen'], sound: 'music' }]
/** The citizen is on the line and nobody has told with whom. */
const UNKNOWN: Scene = { groups: ALONE, transferId: null, operatorId: null, attempt: null }
/** Two legs that end together are told of by two clocks. */
const TOGETHER_MS = 2_000

/**
 * Who heard whom in a call that was put through, from its answer to its end: no gaps, no overlaps, nobody at two places.
 *
 * Within a transfer its own events count, before and after it the call's. Rows may be late, doubled or wrong, and the two sources
 * have two clocks: the order in which rows were written stands, and time never runs back.
 */
export function timelineOf(call: CallPast, transfers: readonly TransferPast[]): Span[] {
  const ordered = [...transfers].sort((one, other) => compare(one.startedAt, other.startedAt))
  const marks = ordered.flatMap((transfer, index) => {
    const own = marksOfTransfer(transfer, call)
    const over = closedAt(transfer, own)
    const next = timeOf(ordered[index + 1]?.startedAt) ?? Infinity
    return over === undefined ? own : [...own, ...marksOfCall(call, over, next, lastScene(own))]
  })
  return spansOf(withEnd(monotone([...marksBefore(call, ordered), ...marks]), call))
}

/** From the answer to the first transfer. */
function marksBefore(call: CallPast, [first]: readonly TransferPast[]): Mark[] {
  const answered = timeOf(call.answeredAt)
  if (answered === undefined) return []
  const taker = call.events.find(({ type, operatorId }) => type === 'connected' && operatorId !== null)
  const scene = talkWith(taker?.operatorId ?? first?.operatorId ?? call.operatorId)
  const until = timeOf(first?.startedAt) ?? Infinity
  const mark: Mark = { at: answered, scene, end: by('answered', 'operator', scene.operatorId) }
  return [mark, ...marksOfCall(call, answered, until, scene)]
}

/** What the call tells between two moments, both left out. */
function marksOfCall(call: CallPast, after: number, before: number, from: Scene): Mark[] {
  let { operatorId } = from
  return call.events
    .map((event, order) => ({ ...event, order, time: timeOf(event.at) }))
    .filter((event): event is typeof event & { time: number } => event.time !== undefined)
    .filter(({ time }) => time > after && time < before)
    .sort((one, other) => one.time - other.time || one.order - other.order)
    .flatMap(({ time, type, operatorId: named }): Mark[] => {
      if (type === 'connected') operatorId = named ?? operatorId
      const scene = sceneAfter(type, operatorId)
      return scene === undefined ? [] : [{ at: time, scene, end: endOfCallEvent(type, operatorId) }]
    })
}

function sceneAfter(type: string, operatorId: number | null): Scene | undefined {
  switch (type) {
    case 'connected':
    case 'unheld':
      return talkWith(operatorId)
    case 'held':
      return { ...talkWith(operatorId), groups: QUEUE }
    case 'queued':
      return { ...talkWith(null), groups: QUEUE }
    case 'operatorLeft':
      return UNKNOWN
    default:
      return undefined
  }
}

function endOfCallEvent(type: string, operatorId: number | null): SpanEnd {
  if (type === 'queued') return by('queued', null)
  if (type === 'held' || type === 'unheld') return by(type, 'operator', operatorId)
  return by(type === 'connected' ? 'answered' : 'left', 'operator', operatorId)
}

function marksOfTransfer(transfer: TransferPast, call: CallPast): Mark[] {
  const marks: Mark[] = []
  let before: TransferState = 'starting'
  for (const row of transfer.events) {
    const at = timeOf(row.at)
    if (at === undefined) continue
    marks.push({
      at,
      scene: sceneOf(transfer, row.state, before, at),
      end: endOfTransferEvent(transfer, row),
    })
    if (isEnd(row.state)) {
      const left = row.state === 'completed' ? agencyEnd(transfer, call) : undefined
      if (left !== undefined) marks.push({ at: left, scene: UNKNOWN, end: by('left', 'agency') })
      break
    }
    before = row.state
  }
  return marks
}

function sceneOf(
  { id, operatorId, attempts }: TransferPast,
  state: TransferState,
  before: TransferState,
  at: number,
): Scene {
  const groups = isEnd(state) ? groupsAfter(state, before) : groupsIn(state)
  const withAgency = groups.some(({ members }) => members.includes('agency'))
  const withOperator = groups.some(({ members }) => members.includes('operator'))
  const rung = attempts.findLastIndex(({ startedAt }) => (timeOf(startedAt) ?? Infinity) <= at)
  return {
    groups,
    transferId: isEnd(state) && state !== 'completed' ? null : id,
    operatorId: withOperator ? operatorId : null,
    attempt: withAgency && rung >= 0 ? rung : null,
  }
}

/** Whom the citizen was left with. */
function groupsAfter(state: EndState, before: TransferState): readonly HearingGroup[] {
  switch (state) {
    case 'completed':
      return [{ members: ['citizen', 'agency'], sound: 'talk' }]
    case 'returned':
      return TALK
    case 'requeued':
      return QUEUE
    case 'failed':
      // Nobody was moved: the talk goes on where it was.
      return before === 'starting' ? TALK : ALONE
    case 'abandoned':
      return []
  }
}

function endOfTransferEvent({ operatorId }: TransferPast, { event, actorId }: TransferPastEvent): SpanEnd {
  switch (event) {
    case 'start':
    case 'toggle':
    case 'merge':
    case 'complete':
    case 'cancel':
    case 'skip':
      return by(event, 'operator', actorId ?? operatorId)
    case 'agencyIn':
      return by('agencyTook', 'agency')
    case 'attemptFailed':
    case 'chainFailed':
      return by('notTaken', null)
    case 'citizenGone':
      return by('left', 'citizen')
    case 'operatorGone':
      return by('left', 'operator', operatorId)
    case 'agencyGone':
      return by('left', 'agency')
    case 'moveFailed':
      return by('moveFailed', null)
    default:
      return by('arrived', null)
  }
}

/** When the call's own events count again; undefined while the transfer runs. */
function closedAt(transfer: TransferPast, marks: readonly Mark[]): number | undefined {
  const over = transfer.events.find(({ state, at }) => isEnd(state) && timeOf(at) !== undefined)
  if (over !== undefined) return timeOf(over.at)
  // Over without a row that says how: as far as its rows go.
  return transfer.endedAt === null ? undefined : (timeOf(transfer.endedAt) ?? marks.at(-1)?.at)
}

/** The agency the citizen was given to has hung up; undefined when its leg only went with the citizen's. */
function agencyEnd({ attempts }: TransferPast, { endedAt, endedBy }: CallPast): number | undefined {
  const left = timeOf(attempts.findLast(({ acceptedAt }) => acceptedAt !== null)?.endedAt)
  const ended = endedBy === 'agency' ? undefined : timeOf(endedAt)
  return left !== undefined && ended !== undefined && left > ended - TOGETHER_MS ? undefined : left
}

function monotone(marks: readonly Mark[]): Mark[] {
  let latest = -Infinity
  return marks.map((mark) => {
    latest = Math.max(latest, mark.at)
    return { ...mark, at: latest }
  })
}

/** The citizen is in no scene after the call's end; operator and agency may still speak. */
function withEnd(marks: readonly Mark[], call: CallPast): readonly Mark[] {
  const ended = timeOf(call.endedAt)
  if (ended === undefined) return marks
  const before = marks.filter(({ at }) => at <= ended)
  const last = before.at(-1)
  const party = call.endedBy === 'caller' ? 'citizen' : call.endedBy === 'system' ? null : call.endedBy
  const scene = last?.scene ?? { ...talkWith(null), groups: [] }
  const end = by('left', party, party === 'operator' ? scene.operatorId : null)
  const goodbye = withoutCitizen({ at: ended, scene, end })
  const rest = marks.filter(({ at }) => at > ended).map(withoutCitizen)
  const isSomebodyLeft = goodbye.scene.groups.length > 0
  // The transfer hears of the citizen's end a moment after the call does: what follows begins with that end.
  const first = rest.findIndex(({ scene: { groups } }) => groups.length > 0)
  const later = isSomebodyLeft
    ? rest
    : rest.slice(first).map((mark, index) => (index === 0 ? { ...mark, at: ended } : mark))
  const over = later.findIndex(({ scene: { groups } }) => groups.length === 0)
  const kept = !isSomebodyLeft && first < 0 ? [] : later.slice(0, over < 0 ? undefined : over + 1)
  return [...before, goodbye, ...kept]
}

function withoutCitizen(mark: Mark): Mark {
  const groups = mark.scene.groups
    .map(({ members, sound }) => ({ members: members.filter((party) => party !== 'citizen'), sound }))
    .filter(({ members, sound }) => sound === 'talk' && members.length > 1)
  return { ...mark, scene: { ...mark.scene, groups } }
}

function spansOf(marks: readonly Mark[]): Span[] {
  const spans: (Scene & { from: number; to: number | null; end: SpanEnd | null })[] = []
  const begin = (scene: Scene, at: number): void => {
    const last = spans.at(-1)
    if (last !== undefined && isSame(last, scene)) Object.assign(last, { to: null, end: null })
    else spans.push({ ...scene, from: at, to: null, end: null })
  }
  const finish = (at: number, end: SpanEnd): void => {
    const last = spans.at(-1)
    if (last?.to !== null) return
    if (last.from === at) spans.pop()
    else Object.assign(last, { to: at, end })
  }
  for (const { at, scene, end } of marks) {
    const open = spans.at(-1)
    if (open?.to === null && isSame(open, scene)) continue
    finish(at, end)
    if (scene.groups.length === 0) continue
    const endedAt = spans.at(-1)?.to
    if (endedAt != null && endedAt < at) {
      // Nobody told where the citizen was meanwhile.
      begin(UNKNOWN, endedAt)
      finish(at, end)
    }
    begin(scene, at)
  }
  return spans.map(({ from, to, ...rest }) => ({
    ...rest,
    from: new Date(from).toISOString(),
    to: to === null ? null : new Date(to).toISOString(),
  }))
}

function isSame(one: Scene, other: Scene): boolean {
  return (
    one.attempt === other.attempt &&
    one.operatorId === other.operatorId &&
    one.transferId === other.transferId &&
    one.groups.length === other.groups.length &&
    one.groups.every(({ members, sound }, index) => {
      const group = other.groups[index]
      return group !== undefined && group.sound === sound && group.members.join() === members.join()
    })
  )
}

function lastScene(marks: readonly Mark[]): Scene {
  return marks.at(-1)?.scene ?? talkWith(null)
}

function talkWith(operatorId: number | null): Scene {
  return { groups: TALK, transferId: null, operatorId, attempt: null }
}

function by(cause: SpanCause, party: TransferParty | null, actorId: number | null = null): SpanEnd {
  return { cause, by: party, actorId }
}

const ENDS = [
  'completed',
  'returned',
  'requeued',
  'abandoned',
  'failed',
] as const satisfies readonly TransferState[]
type EndState = (typeof ENDS)[number]

function isEnd(state: TransferState): state is EndState {
  return ENDS.some((end) => end === state)
}

/** Milliseconds of an ISO time; undefined for what is none. */
function timeOf(iso: string | null | undefined): number | undefined {
  const ms = iso == null ? NaN : Date.parse(iso)
  return Number.isNaN(ms) ? undefined : ms
}

function compare(one: string, other: string): number {
  return (timeOf(one) ?? 0) - (timeOf(other) ?? 0)
}
