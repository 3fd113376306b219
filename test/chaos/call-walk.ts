import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ABSENT_MS } from '../../src/recordings/collect-policy.ts'
import type { TicketView } from '../../src/tickets/contract.ts'
import { untilFine } from '../bench-support/polling.ts'
import type { CallStage, CitizenCall, Disasters } from '../support/call-stage.ts'
import type { SmsStub } from '../support/sms-stub.ts'
import type { DeskOperator } from '../support/transfer-rig.ts'
import { type Chance, chanceOf } from './random.ts'

export interface CallWalkReport {
  readonly calls: number
  readonly seed: number
  /** Calls that the PBX answered; the rest met a dead one. */
  readonly reached: number
  readonly habits: Readonly<Record<Habit, number>>
  readonly disasters: Readonly<Record<Disaster, number>>
  readonly tickets: number
  readonly recordings: Readonly<Record<string, number>>
  readonly sms: {
    readonly promised: number
    readonly sent: number
    readonly unknown: number
    readonly twice: number
  }
  readonly caughtUp: number
  /** Of a PBX that died within the second in which its journal was not yet on its disk, with nobody listening. */
  readonly beyondKnowing: number
  /** Answered, and the PBX died before it had written the first of their sound. */
  readonly beyondHearing: number
  readonly seconds: number
  /** None is the goal. */
  readonly problems: readonly string[]
}

export interface CallWalkOptions {
  readonly calls: number
  readonly seed: number
  /** Citizens on the line at once. */
  readonly lines: number
  readonly progress: (line: string) => void
  readonly stopped?: AbortSignal
}

type Habit = keyof typeof HABITS
type Disaster = keyof typeof DISASTERS

/** What citizens do, by weight. */
const HABITS = {
  talks: 50,
  talksLong: 12,
  leavesGreeting: 8,
  leavesQueue: 12,
  callback: 8,
  voicemail: 10,
} as const
/** What befalls the hotline, by weight. */
const DISASTERS = { service: 40, pbx: 10, both: 8, line: 22, disk: 8, clock: 12 } as const
const BETWEEN_DISASTERS_MS = [1_500, 5_000] as const
const TALK_MS = [300, 2_500] as const
const LONG_TALK_MS = [4_000, 9_000] as const
/** Whoever is not answered goes by then. */
const PATIENCE_MS = 25_000
const OPERATOR_LOOKS_MS = 300
/** With each look, how likely an operator hangs up on whoever they talk to, and writes a case down. */
const HANGS_UP = 0.03
const WRITES = 0.5
/** What the carrier of SMS does, by weight. */
const MOODS = {
  normal: 60,
  errorAfterAccept: 10,
  hangAfterAccept: 5,
  never: 5,
  reversed: 10,
  busy: 10,
} as const
const UNITS = ['chieu-sang', 'cap-nuoc', 'thoat-nuoc'] as const
const CALLER_PREFIX = '0951'
/** AstDB commits once a second (Asterisk main/db.c, db_sync_thread); a power cut takes what came since. */
const UNCOMMITTED_MS = 1_500
/** The PBX keeps 32 KiB of sound in memory before it writes (Asterisk main/file.c, ast_writefile): 2 s, and what it takes to open the file. */
const UNWRITTEN_MS = 3_000
/** A file that is not there is hoped for this long, and the sweep comes once a minute. */
const SETTLES_WITHIN_MS = ABSENT_MS + 90_000
/** The door answers 300 questions a minute. */
const SETTLED_LOOKS_MS = 500

interface Placed {
  readonly from: string
  readonly habit: Habit
  /** On `Date.now()`. */
  readonly at: number
}

/** Many citizens call and do what citizens do, while service, PBX, wires, disk and clock fail one after the other. */
export async function walkCalls(stage: CallStage, options: CallWalkOptions): Promise<CallWalkReport> {
  const startMs = performance.now()
  const habits = zero(HABITS)
  const disasters = zero(DISASTERS)
  const placed: Placed[] = []
  const problems: string[] = []
  /** While the service could hear nothing. */
  const deafness: { from: number; to: number }[] = []
  let begun = 0
  let walking = true
  const isOver = (): boolean => options.stopped?.aborted === true

  async function citizens(line: number): Promise<void> {
    const chance = chanceOf(options.seed * 1_000 + line)
    while (begun < options.calls && !isOver()) {
      begun += 1
      const number = begun
      const from = `${CALLER_PREFIX}${String(number).padStart(6, '0')}`
      const habit = chance.weighed(HABITS)
      habits[habit] += 1
      await pause(chance.between(0, 800))
      const at = Date.now()
      const call = await stage.call(from)
      if (call === undefined) {
        await pause(500) // redials as anybody would; with another number here, so that each call is one
        continue
      }
      placed.push({ from, habit, at })
      await live(stage, call, from, habit, chance)
      if (number % 50 === 0) options.progress(`${String(number)} of ${String(options.calls)} calls`)
    }
  }

  async function strike(): Promise<void> {
    const chance = chanceOf(options.seed)
    for (;;) {
      await pause(chance.between(...BETWEEN_DISASTERS_MS))
      if (!walking) return
      const disaster = chance.weighed(DISASTERS)
      disasters[disaster] += 1
      const from = Date.now()
      options.progress(`${disaster}, with ${String(placed.length)} calls reached`)
      await befall(stage.disasters, disaster, chance)
      if (disaster !== 'clock' && disaster !== 'pbx') deafness.push({ from, to: Date.now() })
    }
  }

  const striking = strike().catch((cause: unknown) => {
    problems.push(`the hotline did not come back: ${String(cause)}`)
    options.progress(problems.at(-1) ?? '')
  })
  const desk = new AbortController()
  const working = stage.operators.map((operator, index) =>
    work(stage.sms, operator, chanceOf(options.seed * 77 + index), desk.signal),
  )
  await Promise.all(Array.from({ length: options.lines }, (_, line) => citizens(line)))
  walking = false
  await striking
  await stage.disasters.clock(0)
  desk.abort()
  await Promise.all(working)
  await untilFine(SETTLES_WITHIN_MS, () => unsettled(stage), SETTLED_LOOKS_MS).catch((cause: unknown) =>
    problems.push(String(cause)),
  )

  const audit = await inspect(stage, { placed, deafness })
  problems.push(...audit.problems)
  return {
    calls: begun,
    seed: options.seed,
    reached: placed.length,
    habits,
    disasters,
    ...audit.figures,
    seconds: Math.round((performance.now() - startMs) / 1_000),
    problems,
  }
}

/** One citizen's call, from the answer to its end. */
async function live(
  stage: CallStage,
  call: CitizenCall,
  from: string,
  habit: Habit,
  chance: Chance,
): Promise<void> {
  const over = call.over.then(() => 'over' as const)
  const wait = (ms: number) => Promise.race([over, pause(ms).then(() => 'waited' as const)])
  try {
    switch (habit) {
      case 'leavesGreeting':
        await wait(chance.between(50, 900))
        return
      case 'leavesQueue':
        await wait(chance.between(1_500, 4_000))
        return
      case 'callback':
        await wait(chance.between(2_500, 4_000))
        call.press(1)
        await wait(2_500)
        call.press(1)
        await wait(12_000)
        return
      case 'voicemail':
        await wait(chance.between(2_500, 4_000))
        call.press(2)
        await wait(chance.between(3_000, 6_000))
        return
      case 'talks':
      case 'talksLong': {
        const talked = await Promise.race([over, answered(stage, from)])
        if (talked === 'over') return
        const [shortest, longest] = habit === 'talks' ? TALK_MS : LONG_TALK_MS
        await wait(chance.between(shortest, longest))
      }
    }
  } finally {
    call.hangUp()
  }
}

/** Resolves when an operator has the citizen, or patience is at its end. */
async function answered(stage: CallStage, from: string): Promise<'answered'> {
  const deadline = performance.now() + PATIENCE_MS
  while (performance.now() < deadline) {
    const isTheirs = stage.operators.some((operator) => {
      const call = operator.latestCall()
      return call?.number.raw === from && call.state === 'talking'
    })
    if (isTheirs) break
    await pause(100) // told to each console, and asked here in one place
  }
  return 'answered'
}

async function befall(disasters: Disasters, disaster: Disaster, chance: Chance): Promise<void> {
  switch (disaster) {
    case 'service':
    case 'pbx':
    case 'both':
      return disasters[disaster](chance.between(0, 1_500))
    case 'line':
      return disasters.line(chance.oneOf([['ami'], ['ari'], ['ami', 'ari']]), chance.between(50, 3_000))
    case 'disk':
      return disasters.disk(chance.between(500, 4_000))
    case 'clock':
      return disasters.clock(chance.oneOf([-7_200_000, -60_000, 0, 60_000, 7_200_000]))
  }
}

/** An operator's shift: always ready, sometimes the first to hang up, and now and then a case goes to a unit. */
async function work(
  sms: SmsStub,
  operator: DeskOperator,
  chance: Chance,
  stopped: AbortSignal,
): Promise<void> {
  const seen = new Set<string>()
  while (!stopped.aborted) {
    await pause(OPERATOR_LOOKS_MS)
    try {
      const call = operator.latestCall()
      if (call === undefined || call.state === 'ended') await operator.ready()
      else if (chance.next() < HANGS_UP) await operator.phone.hangUp()
      const code = call?.ticketCode
      if (code == null || seen.has(code)) continue
      seen.add(code)
      if (chance.next() >= WRITES) continue
      sms.next(chance.weighed(MOODS))
      await forward(operator, code, chance.oneOf(UNITS), stopped)
    } catch {
      // The service is away, or the phone is; the next look tries again.
    }
  }
}

/** Writes the case down and sends its slip, as often as it takes: an answer that was lost may have been a yes. */
async function forward(
  operator: DeskOperator,
  code: string,
  unitId: string,
  stopped: AbortSignal,
): Promise<void> {
  for (let tries = 0; tries < 60 && !stopped.aborted; tries += 1) {
    try {
      const ticket = await operator.get<TicketView>(`/api/tickets/${code}`)
      if (ticket.slips.length > 0) return
      if (ticket.form.content === '') {
        const form = {
          content: `Ba cột đèn tắt từ hôm qua (${code}).`,
          place: '12 Lạch Tray',
          reporter: {
            type: 'individual',
            name: 'Nguyễn Văn Thử',
            organisation: null,
            phone: null,
            email: null,
            address: null,
          },
        }
        await operator.send('PATCH', `/api/tickets/${code}`, { version: ticket.version, form })
        continue
      }
      const { version } = ticket
      const { status } = await operator.send('POST', `/api/tickets/${code}/slips`, {
        version,
        unitId,
        note: '',
        override: { reason: 'other', text: 'Thử.' },
      })
      if (status === 400 || status === 403) return
    } catch {
      await pause(200) // away
    }
  }
}

/** What is still under way when nobody calls any more; undefined when nothing is. */
async function unsettled(stage: CallStage): Promise<string | undefined> {
  const channels = [...(await stage.ari('/channels')), ...(await stage.ari('/bridges'))]
  if (channels.length > 0) return `still there: ${channels.map(({ id, name }) => name ?? id).join(', ')}`
  const reply = await fetch(`${stage.url}/readyz`)
  const { parts } = (await reply.json()) as { parts: Record<string, string> }
  if (reply.status !== 200 || parts['calls'] !== 'up') return `not ready: ${JSON.stringify(parts)}`
  const journal = await stage.pbx.journal()
  if (journal.size > 0)
    return `the journal holds ${String(journal.size)} rows, ${[...journal.keys()].slice(0, 3).join(', ')}`
  const pending = countOf(stage, `SELECT count(*) AS pending FROM recordings WHERE state = 'pending'`)
  if (pending > 0) return `${String(pending)} recordings are not settled`
  const waiting = countOf(
    stage,
    `SELECT count(*) AS waiting FROM outbox WHERE state IN ('pending', 'sending') OR (state = 'unknown' AND next_at IS NOT NULL AND attempts < 1)`,
  )
  if (waiting > 0) return `${String(waiting)} SMS are not with the carrier`
  const open = countOf(stage, `SELECT count(*) AS open FROM calls WHERE state <> 'ended'`)
  return open > 0 ? `${String(open)} calls have no end` : undefined
}

interface CallRow {
  readonly id: string
  readonly from: string
  readonly startedAt: string
  readonly answeredAt: string | null
  readonly endedAt: string | null
  readonly recording: string | null
  readonly tickets: number
}

async function inspect(
  stage: CallStage,
  walked: { readonly placed: readonly Placed[]; readonly deafness: readonly { from: number; to: number }[] },
) {
  const problems: string[] = []
  const rows = stage.read<CallRow>(
    `SELECT id, number_raw AS "from", started_at AS startedAt, answered_at AS answeredAt, ended_at AS endedAt, recording,
     (SELECT count(*) FROM ticket_calls WHERE call_id = calls.id) AS tickets FROM calls WHERE direction = 'in'`,
  )
  const byNumber = Map.groupBy(rows, ({ from }) => from)
  let beyondKnowing = 0
  for (const call of walked.placed) {
    const found = byNumber.get(call.from) ?? []
    if (found.length === 1) continue
    const diedAt = stage.pbxDeaths.find((at) => at >= call.at && at - call.at < UNCOMMITTED_MS)
    const wasDeaf = walked.deafness.some(
      ({ from, to }) => from <= (diedAt ?? 0) && (diedAt ?? 0) <= to + UNCOMMITTED_MS,
    )
    if (found.length === 0 && diedAt !== undefined && wasDeaf) beyondKnowing += 1
    else problems.push(`${call.from} (${call.habit}) is ${String(found.length)} calls`)
  }
  const known = new Set(walked.placed.map(({ from }) => from))
  for (const { id, from, tickets } of rows) {
    if (tickets !== 1) problems.push(`call ${id} has ${String(tickets)} tickets`)
    if (!known.has(from) && !from.startsWith(CALLER_PREFIX))
      problems.push(`call ${id} of nobody who called (${from})`)
  }
  const tickets = countOf(stage, 'SELECT count(*) AS tickets FROM tickets WHERE training = 0')
  if (tickets !== rows.length) problems.push(`${String(tickets)} tickets for ${String(rows.length)} calls`)
  const { states: recordings, beyondHearing } = inspectRecordings(stage, rows, problems)
  const sms = inspectSms(stage, problems)
  const caughtUp = countOf(stage, 'SELECT coalesce(sum(rebuilt + ended), 0) AS caughtUp FROM catch_up_runs')
  await inspectQueue(stage, problems)
  return { problems, figures: { tickets, recordings, sms, caughtUp, beyondKnowing, beyondHearing } }
}

/** Every answered call can be listened to. */
function inspectRecordings(
  stage: CallStage,
  rows: readonly CallRow[],
  problems: string[],
): { readonly states: Record<string, number>; readonly beyondHearing: number } {
  let beyondHearing = 0
  const recordings = stage.read<{
    callId: string
    state: string
    file: string | null
    durationMs: number | null
    flags: string
  }>(
    `SELECT call_id AS callId, state, file, duration_ms AS durationMs, flags FROM recordings WHERE kind = 'call'`,
  )
  const byCall = new Map(recordings.map((recording) => [recording.callId, recording]))
  for (const { id, startedAt, answeredAt, endedAt } of rows) {
    if (answeredAt === null) continue
    const recording = byCall.get(id)
    const path = recording?.file == null ? undefined : join(stage.recordingsDir, recording.file)
    const isPlayable =
      path !== undefined && existsSync(path) && statSync(path).size > 44 && (recording?.durationMs ?? 0) > 0
    const begunAt = Date.parse(startedAt)
    const diedAt = stage.pbxDeaths.find((at) => at >= begunAt && at - begunAt < UNWRITTEN_MS)
    if (!isPlayable && recording?.state === 'missing' && diedAt !== undefined) beyondHearing += 1
    else if (!isPlayable)
      problems.push(
        `answered call ${id} (${answeredAt} to ${String(endedAt)}) has no recording: ${JSON.stringify(recording)}`,
      )
  }
  const states = Object.fromEntries(
    [...Map.groupBy(recordings, ({ state }) => state)].map(([state, all]) => [state, all.length]),
  )
  return { states, beyondHearing }
}

/** What was promised went out once; of what nobody knows, nothing went out twice. */
function inspectSms(stage: CallStage, problems: string[]) {
  const rows = stage.read<{ id: number; to: string; text: string; state: string }>(
    'SELECT id, to_number AS "to", text, state FROM outbox',
  )
  const key = (to: string, text: string): string => `${to} ${text}`
  const taken = Map.groupBy(stage.sms.messages, ({ to, body }) => key(to, body))
  const promised = Map.groupBy(rows, ({ to, text }) => key(to, text))
  let twice = 0
  for (const [what, messages] of taken) {
    const most = promised.get(what)?.length ?? 0
    if (messages.length > most) {
      twice += messages.length - most
      problems.push(`an SMS went out ${String(messages.length)} times for ${String(most)} rows`)
    }
  }
  for (const { id, to, text, state } of rows) {
    const isWithCarrier = taken.has(key(to, text))
    if (['sent', 'delivered'].includes(state) && !isWithCarrier)
      problems.push(`SMS ${String(id)} is ${state}, and the carrier has none`)
  }
  const unknown = rows.filter(({ state }) => state === 'unknown').length
  return { promised: rows.length, sent: stage.sms.messages.length, unknown, twice }
}

/** Whom the PBX rings is who the service says is there. */
async function inspectQueue(stage: CallStage, problems: string[]): Promise<void> {
  const members: { name: string; paused: boolean }[] = []
  const off = stage.pbx.look().onEvent((event) => {
    if (event['Event'] === 'QueueMember' && event['Queue'] === 'hotline')
      members.push({ name: event['Name'] ?? '', paused: event['Paused'] === '1' })
  })
  const complete = stage.pbx.look().waitFor((event) => event['Event'] === 'QueueStatusComplete', 5_000)
  await stage.pbx.look().send('QueueStatus', { Queue: 'hotline' })
  await complete
  off()
  for (const operator of stage.operators) {
    const { state } = await operator.get<{ state: string }>('/api/presence')
    const member = members.find(({ name }) => name === operator.member)
    const isRung = member !== undefined && !member.paused
    if (isRung !== (state === 'ready'))
      problems.push(`${operator.member} is ${state} and ${isRung ? '' : 'not '}rung by the queue`)
  }
}

/** The one number that a query answers. */
function countOf(stage: CallStage, query: string): number {
  const [row = {}] = stage.read<Record<string, number>>(query)
  return Object.values(row)[0] ?? 0
}

function zero<K extends string>(names: Readonly<Record<K, unknown>>): Record<K, number> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, 0])) as Record<K, number>
}
