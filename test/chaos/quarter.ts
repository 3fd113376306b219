import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type Person } from '../../src/accounts/contract.ts'
import { type CalendarSource, parseCalendars, readCalendarFiles } from '../../src/deadlines/calendar.ts'
import { type WorkingCalendar } from '../../src/deadlines/working-time-policy.ts'
import { AppError } from '../../src/platform/errors.ts'
import { type MoveTicket, type TicketMove } from '../../src/tickets/contract.ts'
import { createDesk, type Desk, fillDraft, OPERATOR } from '../support/desk.ts'
import { createDueQueue } from './due-queue.ts'
import { type CaseHand, type CaseScript, HABIT_NAMES, type Habit, HABITS } from './quarter-habits.ts'
import {
  type Attempt,
  type Outcome,
  type Party,
  slowOutcome,
  type SlowPerson,
  type SlowWorld,
} from './quarter-model.ts'
import { type Chance, chanceOf } from './random.ts'

/** Tết, a worked Saturday for a day off, the days of late April and the change to summer hours lie within it. */
const START = '2026-01-05T00:00:00+07:00'
const DAYS = 90
const CITY_DIR = resolve(import.meta.dirname, '../../config/haiphong')
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const URGENT_SHARE = 0.1
/** Consoles are told of changes in microtasks, which wait until the run lets go. */
const DEEDS_AT_A_STRETCH = 200
/** One with the hours of its own, one whose officer has a landline only, one with two officers. */
const UNITS = ['chieu-sang', 'so-xay-dung', 'thoat-nuoc', 'cong-an', 'dk-bach-long-vi', 'so-y-te'] as const

export interface PlayedCase {
  readonly code: string
  readonly habit: Habit
  readonly isUrgent: boolean
  readonly attempts: Attempt[]
  let: string
}

export interface Mismatch {
  readonly code: string
  readonly habit: Habit
  readonly attempts: readonly Attempt[]
  readonly found: Outcome
  readonly expected: Outcome
}

/** A quarter that was played, with what the database has of it and what the model needs to know of the world. */
export interface Quarter {
  readonly played: readonly PlayedCase[]
  readonly found: ReadonlyMap<string, Outcome>
  readonly world: SlowWorld
}

/** Cases of a quarter, each with people of some habit, driven by the clock alone. */
export async function runQuarter(asked: {
  readonly cases: number
  readonly seed: number
  readonly stopped?: AbortSignal
}): Promise<Quarter> {
  const files = seasonalFiles()
  const desk = createDesk({
    at: START,
    calendarFiles: files,
    city: { citizenSms: ['received', 'forwarded'] },
  })
  try {
    const played = await playQuarter(desk, asked)
    const [city, ...others] = files
    return { played, found: outcomesOf(desk, played), world: worldOf(parseCalendars(city, others)) }
  } finally {
    await desk.close()
  }
}

/** Cases that went another way than the slow model says. */
export function mismatchesOf({ played, found, world }: Quarter): Mismatch[] {
  return played.flatMap(({ code, habit, attempts, isUrgent }): Mismatch[] => {
    const expected = slowOutcome(attempts, isUrgent, world)
    const seen = found.get(code)
    if (seen === undefined) throw new Error(`${code} is not in the database`)
    const isSame = JSON.stringify(seen) === JSON.stringify(expected)
    return isSame ? [] : [{ code, habit, attempts, found: seen, expected }]
  })
}

/** How many of what happened. */
export function sumsOf({ played, found }: Quarter) {
  const outcomes = [...found.values()]
  const first = (lines: readonly string[]): string[] => lines.map((line) => line.split(' ')[0] ?? '')
  const tried = outcomes.flatMap((outcome) => outcome.let.split(''))
  return {
    habits: counted(played.map(({ habit }) => habit)),
    states: counted(outcomes.map(({ state }) => state)),
    attempts: counted(tried.map((letter) => (letter === 'y' ? 'letThrough' : 'refused'))),
    breaches: counted(outcomes.flatMap(({ breaches }) => first(breaches))),
    slips: counted(outcomes.flatMap(({ slips }) => first(slips))),
    sms: counted(outcomes.flatMap(({ sms }) => first(sms))),
  }
}

/**
 * Cases of the quarter from the desk's own time on, played to their end. What is due is swept at each full minute, as the job
 * does; minutes at which nothing can be found are passed over.
 */
export async function playQuarter(
  desk: Desk,
  { cases, seed, stopped }: { readonly cases: number; readonly seed: number; readonly stopped?: AbortSignal },
): Promise<PlayedCase[]> {
  const chance = chanceOf(seed)
  const startMs = desk.now().getTime()
  const nextTick = tickFinder(desk)
  const goTo = clockOf(desk)
  const reading = desk.db.raw.prepare('select version, unit_id as unitId from tickets where code = ?')
  const now: NowOf = (code) => reading.get(code) as ReturnType<NowOf>
  const queue = createDueQueue<CaseScript>()
  const played: PlayedCase[] = []
  for (let index = 0; index < cases; index += 1) {
    const habit = chance.oneOf(HABIT_NAMES)
    // Chance of its own: what one case does is no concern of the others.
    const hand = handOf(desk, now, habit, seed * 1_000_003 + index, played)
    queue.add(startMs + Math.floor(chance.next() * DAYS * DAY), hand)
  }
  for (let deeds = 0; ;) {
    const deedMs = queue.nextAt()
    const tickMs = nextTick()
    if (deedMs === undefined && tickMs === undefined) return played
    if (tickMs !== undefined && (deedMs === undefined || tickMs <= deedMs)) {
      goTo(tickMs)
      desk.deadlines.sweep()
      continue
    }
    goTo(deedMs ?? 0)
    const script = queue.take()
    const step = script?.next()
    if (script !== undefined && step?.done === false) queue.add((deedMs ?? 0) + step.value, script)
    deeds += 1
    if (deeds % DEEDS_AT_A_STRETCH === 0) {
      stopped?.throwIfAborted()
      await setImmediate()
    }
  }
}

/** The first full minute from now on at which a sweep finds something. */
function tickFinder({ db, now }: Desk): () => number | undefined {
  const running = 'satisfied_at is null and voided_at is null and breached_at is null and paused_at is null'
  const due = db.raw.prepare(`select min(due_at) from deadlines where ${running}`).pluck()
  const warn = db.raw
    .prepare(`select min(warn_at) from deadlines where warned_at is null and ${running}`)
    .pluck()
  const msOf = (value: unknown): number => (typeof value === 'string' ? Date.parse(value) : Infinity)
  return () => {
    const dueTick = Math.floor(msOf(due.get()) / MINUTE) * MINUTE + MINUTE
    const warnTick = Math.ceil(msOf(warn.get()) / MINUTE) * MINUTE
    const next = Math.min(dueTick, warnTick)
    if (next === Infinity) return undefined
    return Math.max(next, Math.floor(now().getTime() / MINUTE) * MINUTE + MINUTE)
  }
}

/** Lets time pass; the carrier takes meanwhile what might go out, so that nothing waits but for the morning. */
function clockOf(desk: Desk): (atMs: number) => void {
  const handOver = desk.db.raw.prepare(
    "update outbox set state = 'sent' where next_at >= ? and next_at < ? and state = 'pending'",
  )
  return (atMs) => {
    const before = desk.now()
    if (atMs <= before.getTime()) return
    desk.pass(atMs - before.getTime())
    handOver.run(before.toISOString(), desk.now().toISOString())
  }
}

type NowOf = (code: string) => { readonly version: number; readonly unitId: string | null }

function* handOf(desk: Desk, now: NowOf, habit: Habit, seed: number, played: PlayedCase[]): CaseScript {
  const chance = chanceOf(seed)
  const isUrgent = chance.next() < URGENT_SHARE
  const firstUnit = chance.between(0, UNITS.length - 1)
  const unitAt = (offset: number) => UNITS[(firstUnit + offset) % UNITS.length] ?? UNITS[0]
  const { code } = fillDraft(desk, { urgent: isUrgent, ...matterOf(chance) })
  const one: PlayedCase = { code, habit, isUrgent, attempts: [], let: '' }
  played.push(one)
  const hand: CaseHand = {
    unitId: unitAt(0),
    otherUnitIds: [unitAt(1), unitAt(2), unitAt(3)],
    chance,
    nowMs: () => desk.now().getTime(),
    do(by, action, given = {}) {
      const { version, unitId } = now(code)
      const isLet = tryOut(() => {
        // Some other case that it might be merged into.
        const parentCode = played.findLast((other) => other.code !== code)?.code
        act(desk, code, version, { by: personOf(by, unitId), action, parentCode, ...given })
      })
      one.attempts.push({ atMs: desk.now().getTime(), by, action, ...given })
      one.let += isLet ? 'y' : 'n'
      return isLet
    },
  }
  yield* HABITS[habit](hand)
}

type Matter = readonly [title: string, content: string]
const MATTERS: readonly [Matter, ...Matter[]] = [
  ['Đèn đường hỏng', 'Ba cột đèn tắt từ hôm qua, trẻ con đi học về tối không thấy đường'],
  ['Cống tắc', 'Mưa là nước tràn lên vỉa hè, mùi hôi vào tận nhà'],
  ['Ổ gà giữa đường', 'Xe máy ngã hai lần trong tuần, xin vá trước giờ tan tầm'],
  ['Rác không thu', 'Xe gom bỏ qua ngõ bốn ngày nay, túi rác chất đầy gốc cây'],
  ['Ồn quá giờ', 'Quán hát mở loa đến một giờ sáng, người già mất ngủ'],
  ['Cây sắp đổ', 'Cây phượng nghiêng về phía trường mầm non sau trận gió'],
  ['Mất nước', 'Cả khu tập thể không có nước từ năm giờ chiều'],
  ['Lấn chiếm vỉa hè', 'Hàng quán kê bàn ghế hết lối, người đi bộ phải xuống lòng đường'],
]
const STREETS = [
  'Lạch Tray',
  'Cầu Đất',
  'Điện Biên Phủ',
  'Trần Phú',
  'Quang Trung',
  'Tô Hiệu',
  'Văn Cao',
] as const

/** No two cases are worded quite alike: words that all of them share cost a full text more than a city's do. */
function matterOf(chance: Chance) {
  const [title, content] = chance.oneOf(MATTERS)
  const place = `${String(chance.between(1, 400))} ${chance.oneOf(STREETS)}`
  return { title, content: `${content}, gần số ${String(chance.between(1, 9_999))}`, place }
}

/** False when the service says no; anything else than its own refusals is a fault. */
function tryOut(deed: () => void): boolean {
  try {
    deed()
    return true
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}

function act(
  { tickets }: Desk,
  code: string,
  version: number,
  asked: { readonly by: Person; readonly action: string; readonly parentCode: string | undefined } & Pick<
    Attempt,
    'unitId' | 'promisedForMs' | 'dueForMs' | 'told'
  >,
): void {
  const { by, action, parentCode, unitId, promisedForMs, dueForMs, told } = asked
  if (action === 'receive') tickets.receive(code, version, by)
  else if (action === 'answer') tickets.answer(code, { version, answer: 'Lịch trên cổng.', source: '' }, by)
  else if (action === 'sendSlip') tickets.sendSlip(code, { version, unitId: unitId ?? '', note: '' }, by)
  else
    tickets.move(
      code,
      {
        version,
        action: action as TicketMove,
        ...WORDS[action as TicketMove],
        ...(unitId === undefined ? {} : { unitId }),
        ...(action === 'merge' && parentCode !== undefined ? { parentCode } : {}),
        ...(told === undefined ? {} : { told }),
        ...(promisedForMs === undefined ? {} : { promisedAt: new Date(promisedForMs).toISOString() }),
        ...(dueForMs === undefined ? {} : { dueAt: new Date(dueForMs).toISOString() }),
      },
      by,
    )
}

/** What has to be said with a move. */
const WORDS: Readonly<Partial<Record<TicketMove, Partial<MoveTicket>>>> = {
  reject: { reason: 'Không thuộc phạm vi', redirect: 'Ban Tiếp công dân' },
  askClarification: { question: 'Ở đâu?' },
  clarify: { reason: '12 Lạch Tray' },
  askCitizen: { question: 'Cột số mấy?' },
  citizenReplied: { reason: 'Cột 14' },
  promise: { reason: 'Kiểm tra hiện trường' },
  requestPromise: { reason: 'Chờ vật tư' },
  declinePromise: { reason: 'Làm ngay được' },
  submitAnswer: { replied: 'hotline', result: 'Đã xử lý.' },
  returnAnswer: { reason: 'Chưa rõ ngày xong' },
  object: { reason: 'Vẫn hỏng' },
  takeLead: { leadReason: 'forChairman' },
  direct: { directive: 'Giải quyết dứt điểm' },
  bounce: { reason: 'Không thuộc thẩm quyền' },
  bounceToOffice: { reason: 'Không thuộc thẩm quyền' },
  reroute: { reason: 'Đúng thẩm quyền' },
  withdraw: { reason: 'Tự giải quyết được' },
}

/** Officer and head are those of the unit that has the case; nobody's case is tried by anybody. */
function personOf(party: Party, unitId: string | null): Person {
  if (party === 'operator') return OPERATOR
  const ids = { officer: 21, head: 22, cityOffice: 23, supervisor: 24 }
  const own = party === 'officer' || party === 'head' ? unitId : null
  return { ...OPERATOR, id: ids[party], role: party, username: party, name: party, unitId: own }
}

/** What the database has of each case, in the model's terms. */
function outcomesOf({ db }: Desk, played: readonly PlayedCase[]): Map<string, Outcome> {
  const rows = <Row>(sql: string) =>
    Map.groupBy(db.raw.prepare(sql).all() as (Row & { of: number | string })[], (row) => row.of)
  const clocks = rows<{ kind: string; due: string; found: string | null; b: number; s: number; v: number }>(
    `select ticket_id as "of", kind, due_at as due, detected_at as found, breached_at is not null as b,
       satisfied_at is not null as s, voided_at is not null as v from deadlines order by id`,
  )
  const broken = rows<{ kind: string; due: string; found: string }>(
    `select ticket_id as "of", kind, breached_at as due, detected_at as found from deadlines
     where breached_at is not null order by detected_at, breached_at, kind`,
  )
  const slips = rows<{ level: string; unit: string; at: string; until: string }>(
    `select ticket_id as "of", body ->> 'level' as level, unit_id as unit, issued_at as at, due_at as until from slips order by id`,
  )
  const overdue = rows<{ at: string }>(
    `select ticket_id as "of", at from ticket_events where type = 'overdue' order by id`,
  )
  const sms = rows<{ template: string; name: string | null; at: string; goes: string | null }>(
    `select ticket_code as "of", template, to_name as name, created_at as at, next_at as goes from outbox order by id`,
  )
  const cases = new Map(
    (
      db.raw.prepare('select id, code, state, unit_id as unitId from tickets').all() as {
        id: number
        code: string
        state: string
        unitId: string | null
      }[]
    ).map((row) => [row.code, row]),
  )
  return new Map(
    played.map(({ code, let: letThrough }) => {
      const { id = 0, state = '', unitId = null } = cases.get(code) ?? {}
      const outcome: Outcome = {
        state,
        unitId,
        let: letThrough,
        clocks: (clocks.get(id) ?? []).map(
          ({ kind, due, b, s, v }) =>
            `${kind} ${due} ${b === 1 ? 'b' : ''}${s === 1 ? 's' : ''}${v === 1 ? 'v' : ''}`,
        ),
        breaches: (broken.get(id) ?? []).map(({ kind, due, found }) => `${kind} ${due} found ${found}`),
        slips: (slips.get(id) ?? []).map(
          ({ level, unit, at, until }) => `${level} of ${unit} ${at} until ${until}`,
        ),
        overdue: (overdue.get(id) ?? []).map(({ at }) => at),
        sms: (sms.get(code) ?? []).map(
          ({ template, name, at, goes }) => `${template} → ${name ?? 'citizen'} ${at} ${goes ?? 'never'}`,
        ),
      }
      return [code, outcome]
    }),
  )
}

/** The city's own files with the hours of Huế (regulation.md 2.4): afternoons are half an hour later from April to September. */
function seasonalFiles(): readonly [CalendarSource, ...CalendarSource[]] {
  const [city, ...others] = readCalendarFiles(CITY_DIR)
  const weekdays = [1, 2, 3, 4, 5]
  const seasons = [
    { name: 'Mùa hè', from: '04-01', to: '09-30', weekdays, hours: ['07:30-11:30', '13:30-17:30'] },
    { name: 'Mùa đông', from: '10-01', to: '03-31', weekdays, hours: ['07:30-11:30', '13:00-17:00'] },
  ]
  return [{ ...city, input: { ...(city.input as object), seasons } }, ...others]
}

/** The directory as its file has it. */
function worldOf(calendars: readonly WorkingCalendar[]): SlowWorld {
  const [cityCalendar] = calendars
  if (cityCalendar === undefined) throw new Error('the city has a calendar')
  const units = new Map(
    (
      JSON.parse(readFileSync(resolve(CITY_DIR, 'agencies.json'), 'utf8')) as {
        id: string
        calendar?: string
        people: Omit<SlowPerson, 'unitId'>[]
      }[]
    ).map((unit) => [unit.id, unit]),
  )
  const own = new Map(calendars.map((calendar) => [calendar.id, calendar]))
  return {
    cityCalendar,
    calendarOf: (unitId) => own.get(units.get(unitId)?.calendar ?? '') ?? cityCalendar,
    peopleOf: (unitId) => (units.get(unitId)?.people ?? []).map((one) => ({ ...one, unitId })),
    officeUnitId: 'van-phong',
  }
}

function counted(things: readonly string[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const thing of things) sums[thing] = (sums[thing] ?? 0) + 1
  return sums
}
