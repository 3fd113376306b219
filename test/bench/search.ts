import { statSync } from 'node:fs'
import { loadavg } from 'node:os'
import { missedOf } from '../../src/calls/call-lists.ts'
import { createCallStore } from '../../src/calls/store.ts'
import { momentsOf } from '../../src/platform/day-range.ts'
import { type RecordingQuery } from '../../src/recordings/contract.ts'
import { filterOf } from '../../src/recordings/search-policy.ts'
import { createRecordingStore } from '../../src/recordings/store.ts'
import { type BenchContext, type BenchResult } from '../bench-support/bench-result.ts'
import { keptCases } from '../bench-support/kept-cases.ts'
import { type CityOfCases, codeAt, fillWithCases, phoneAt } from '../bench-support/million-cases.ts'
import { percentiles, round } from '../bench-support/statistics.ts'
import { atWorkbench } from '../bench-support/workbench.ts'
import { createDesk, type Desk, OFFICER, OPERATOR, UNIT } from '../support/desk.ts'

const CASES = 1_000_000
const ASKED = 100
const WARM_UP = 10
const GOAL_MS = 50
/** Twenty thousand cases a month (case-management.md 2). */
const BETWEEN_MS = (30 * 86_400_000) / 20_000
const NOW = '2026-03-02T01:00:00Z'
/** Last page that the console offers. */
const LAST_PAGE = 'offset=950&limit=50'

/** Of the city's third year: half of all there is came after it. */
const UNTIL = { to: '2024-03-01' }

/** One list or search of the console: each time it is asked, as `at` counts, for something else where it can. */
interface Ask {
  readonly name: string
  /** The rows that come, by what the floor finds them by. */
  readonly ask: (at: number) => Promise<readonly (string | number)[]> | readonly (string | number)[]
  /** Table and column of those. */
  readonly floor: readonly [table: string, column: string]
}

/**
 * How long the service takes for each list and search of the console among 1,000,000 cases of four years, with as many calls, nearly
 * as many recordings, 250,000 messages and the slips, clocks and copies that belong to them. As floor, the rows that came, read by
 * their key. A plain count of what the console shows is not: it is part of what is measured.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  return atWorkbench(context, async ({ afterwards }) => {
    const drawing = createDesk({ at: NOW })
    const city = cityOf(drawing)
    await drawing.close()
    const before = process.cpuUsage()
    const { path, wasKept } = await keptCases(city, async (place) => {
      const filled = createDesk({ path: place, at: NOW })
      await fillWithCases(filled.db, city, (done) => {
        context.stopped.throwIfAborted()
        context.progress(`${String(done)} cases`)
      })
      await filled.close()
    })
    const { user, system } = process.cpuUsage(before)
    const desk = createDesk({ path, at: NOW })
    afterwards(() => desk.close())
    // Makes what searches need, for as long as the database is open.
    for (const reader of [OPERATOR, OFFICER]) desk.tickets.list({ q: 'nguyen' }, reader)
    // The next run finds it as this one did.
    desk.db.raw.pragma('query_only = ON')
    return {
      filledCpuS: wasKept ? null : round((user + system) / 1e6, 0),
      fileGb: round(statSync(path).size / 1e9, 2),
      ...(await measure(desk, context)),
    }
  })
}

/** What `run` fills a database with. */
export function cityOf(desk: Pick<Desk, 'directory' | 'now'>): CityOfCases {
  const { units, areas } = desk.directory.directory()
  return {
    cases: CASES,
    oneByOne: 2_000,
    units: [UNIT, ...units.map(({ id }) => id).filter((id) => id !== UNIT)],
    areas: areas.map(({ id }) => id),
    operators: [OPERATOR.id, ...Array.from({ length: 39 }, (_, index) => 100 + index)],
    firstMs: desk.now().getTime() - CASES * BETWEEN_MS,
    betweenMs: BETWEEN_MS,
  }
}

/** The figures, of a database that is filled. */
export async function measure(
  desk: Desk,
  context: BenchContext,
  wanted: { test: (name: string) => boolean } = /./,
): Promise<BenchResult> {
  const figures: Record<string, unknown> = {}
  const floor: Record<string, unknown> = {}
  const slow: string[] = []
  const worst = { name: '', cpuP99Ms: 0 }
  const all: Sample = { wallMs: [], cpuMs: [], floorMs: [], rows: 0 }
  const server: { app?: App } = {}
  for (const ask of asksOf(desk, server).filter(({ name }) => wanted.test(name))) {
    // Each with a server of its own: one person asks for no more than so many pages a minute.
    const app = await desk.serve()
    server.app = app
    const sample = await sampleOf(ask, desk, context)
    await app.close()
    const [wall, cpu] = [percentiles(sample.wallMs), percentiles(sample.cpuMs)]
    const figure = {
      p50Ms: round(wall.p50, 2),
      p99Ms: round(wall.p99, 2),
      cpuP50Ms: round(cpu.p50, 2),
      cpuP99Ms: round(cpu.p99, 2),
    }
    figures[ask.name] = figure
    floor[ask.name] = { p50Ms: round(percentiles(sample.floorMs).p50, 2) }
    context.progress(`${ask.name}: ${JSON.stringify(figure)}`)
    if (cpu.p99 > GOAL_MS) slow.push(ask.name)
    if (cpu.p99 > worst.cpuP99Ms) Object.assign(worst, { name: ask.name, ...figure })
    all.wallMs.push(...sample.wallMs)
    all.floorMs.push(...sample.floorMs)
    all.cpuMs.push(...sample.cpuMs)
    all.rows += sample.rows
  }
  return {
    n: all.wallMs.length,
    cases: CASES,
    load1: round(loadavg()[0] ?? 0, 1),
    rowsPerAsk: round(all.rows / all.wallMs.length, 1),
    worst,
    slow,
    goalMs: GOAL_MS,
    all: {
      p50Ms: percentiles(all.wallMs).p50,
      p99Ms: percentiles(all.wallMs).p99,
      cpuP99Ms: percentiles(all.cpuMs).p99,
    },
    listsMs: figures,
    floor,
    ratio: round(percentiles(all.wallMs).p50 / Math.max(0.001, percentiles(all.floorMs).p50), 2),
    goalMet: slow.length === 0,
  }
}

interface Sample {
  readonly wallMs: number[]
  /** Time of the processor that the service's thread took: the others on the machine do not count as it. */
  readonly cpuMs: number[]
  readonly floorMs: number[]
  rows: number
}

async function sampleOf(
  { ask, floor: [table, column] }: Ask,
  desk: Desk,
  { stopped }: BenchContext,
): Promise<Sample> {
  const byKey = desk.db.raw.prepare(
    `SELECT * FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?))`,
  )
  const sample: Sample = { wallMs: [], cpuMs: [], floorMs: [], rows: 0 }
  for (let at = -WARM_UP; at < ASKED; at += 1) {
    stopped.throwIfAborted()
    const before = process.threadCpuUsage()
    const beforeMs = performance.now()
    const keys = await ask(Math.abs(at))
    const askedMs = performance.now()
    const { user, system } = process.threadCpuUsage(before)
    const floorBeforeMs = performance.now()
    byKey.all(JSON.stringify(keys))
    const doneMs = performance.now()
    if (at < 0) continue
    sample.wallMs.push(askedMs - beforeMs)
    sample.cpuMs.push((user + system) / 1_000)
    sample.floorMs.push(doneMs - floorBeforeMs)
    sample.rows += keys.length
  }
  return sample
}

type App = Awaited<ReturnType<Desk['serve']>>

function asksOf(desk: Desk, server: { readonly app?: App }): readonly Ask[] {
  const get = async (url: string, sid: string): Promise<unknown> => {
    if (server.app === undefined) throw new Error('no server')
    const response = await server.app.inject({ url, cookies: { sid } })
    if (response.statusCode !== 200) throw new Error(`${url}: ${response.body.slice(0, 200)}`)
    return response.json()
  }
  const tickets = (name: string, sid: string, query: string | ((at: number) => string)): Ask => ({
    name: `${name} (${sid})`,
    floor: ['tickets', 'code'],
    ask: async (at) => {
      const asked = typeof query === 'string' ? query : query(at)
      const page = await get(`/api/tickets?limit=50&${asked}`, sid)
      return (page as { items: { code: string }[] }).items.map(({ code }) => code)
    },
  })
  const words = (q: string) => `q=${encodeURIComponent(q)}`
  const byCode = (at: number) => words(codeAt(at * 9_973))
  const desks = ['operator', 'supervisor', 'officer', 'cityOffice']
  const calls = createCallStore(desk.db)
  const recordings = createRecordingStore(desk.db)
  const units = desk.directory.directory().units.map(({ id }) => id)
  return [
    ...desks.flatMap((sid) => [
      tickets('newest', sid, sid === 'officer' ? 'byEnd=true' : ''),
      tickets('last page', sid, LAST_PAGE.replace('&limit=50', '')),
      tickets('closed', sid, 'state=closed'),
      tickets('received', sid, 'state=received'),
      tickets('ended', sid, 'state=closed&state=rejected&state=merged&state=withdrawn'),
      tickets('with units', sid, 'state=assigned&state=inProgress&state=verifying&state=cityOffice'),
      tickets('late', sid, 'state=escalated&state=overdue&byEnd=true'),
      tickets('training', sid, 'training=true'),
      tickets('code', sid, byCode),
      tickets('beginning of a code', sid, words('hp26')),
      tickets('a common word', sid, words('đường')),
      tickets('a common word without marks', sid, words('duong')),
      tickets('a long common word', sid, words('nguyen')),
      tickets('two words', sid, words('đèn đường')),
      tickets('words that hardly meet', sid, words('rác loa')),
      tickets('a rare word', sid, (at) => words(`${String((at % 400) + 1)} Lạch Trần`)),
      tickets('no such word', sid, words('không có từ xyzzy')),
      tickets('a word among the closed', sid, `state=closed&${words('cột đèn')}`),
      tickets('a word among the overdue', sid, `state=overdue&${words('đường')}`),
      tickets('until a day', sid, `to=${UNTIL.to}`),
      tickets('until a day, last page', sid, `to=${UNTIL.to}&${LAST_PAGE.replace('&limit=50', '')}`),
      tickets('until a day by end', sid, `to=${UNTIL.to}&byEnd=true`),
      tickets('of a day long ago', sid, `from=${UNTIL.to}&to=${UNTIL.to}`),
      tickets('closed until a day', sid, `to=${UNTIL.to}&state=closed`),
      tickets('rejected until a day', sid, `to=${UNTIL.to}&state=rejected`),
      tickets('a common word until a day', sid, `to=${UNTIL.to}&${words('đường')}`),
      tickets('beginning of a code until a day', sid, `to=${UNTIL.to}&${words('hp')}`),
    ]),
    tickets('mine', 'operator', 'mine=true'),
    tickets('mine, rejected', 'operator', 'mine=true&state=rejected'),
    tickets('mine until a day', 'operator', `mine=true&to=${UNTIL.to}`),
    tickets('of the busiest unit until a day', 'supervisor', `unitId=${UNIT}&to=${UNTIL.to}`),
    tickets(
      'of the busiest unit, rejected until a day',
      'supervisor',
      `unitId=${UNIT}&state=rejected&to=${UNTIL.to}`,
    ),
    tickets('unseen until a day', 'cityOffice', `unseen=true&to=${UNTIL.to}`),
    tickets('desk', 'operator', 'desk=true'),
    tickets('to relay', 'operator', 'state=agencyAnswered'),
    tickets('of a unit', 'operator', (at) => `unitId=${units[at % units.length] ?? UNIT}`),
    tickets('of the busiest unit', 'supervisor', `unitId=${UNIT}`),
    tickets('of the busiest unit, overdue', 'supervisor', `unitId=${UNIT}&state=overdue&byEnd=true`),
    tickets('mine, of a unit', 'operator', `mine=true&unitId=${UNIT}`),
    tickets('number', 'operator', (at) => `phone=${encodeURIComponent(phoneAt(at * 991))}`),
    tickets('number as words', 'operator', (at) => words(`0${phoneAt(at * 991).slice(3)}`)),
    tickets('unseen', 'cityOffice', 'unseen=true'),
    tickets('unseen, overdue', 'cityOffice', 'unseen=true&state=overdue'),
    {
      name: 'pop by number',
      floor: ['tickets', 'code'],
      ask: (at) => {
        const { open, last } = desk.tickets.callerFacts(phoneAt(at * 997))
        return [...open, ...last].map(({ code }) => code)
      },
    },
    ...[{ offset: 0 }, { offset: 950 }, { offset: 950, ...UNTIL }].flatMap(({ offset, ...days }) =>
      [null, OPERATOR.id].map((operatorId): Ask => ({
        name: `calls ${JSON.stringify({ offset, ...days })} (${operatorId === null ? 'supervisor' : 'operator'})`,
        floor: ['calls', 'id'],
        ask: () => calls.page({ ...momentsOf(days), operatorId }, offset, 50).items.map(({ id }) => id),
      })),
    ),
    {
      name: 'missed calls',
      floor: ['calls', 'id'],
      ask: () =>
        missedOf(calls.missed(), '225', (id) => recordings.idOf(id, 'voicemail')).map(({ callId }) => callId),
    },
    ...recordingAsks(desk, units),
    ...(['open', 'overdue', 'removed'] as const).map((show): Ask => ({
      name: `dossier list, ${show}`,
      floor: ['dossier_items', 'id'],
      ask: async () => {
        const page = await get(`/api/dossier?show=${show}&limit=50`, 'cityOffice')
        return (page as { items: { id: number }[] }).items.map(({ id }) => id)
      },
    })),
    {
      name: 'simulated handsets',
      floor: ['handset_messages', 'id'],
      ask: async () =>
        ((await get('/api/simulator', 'supervisor')) as { messages: { id: number }[] }[]).flatMap(
          ({ messages }) => messages.map(({ id }) => id),
        ),
    },
  ]
}

/** By words, days, operator, unit and length, and by those together. */
function recordingAsks(desk: Desk, units: readonly string[]): readonly Ask[] {
  const recordings = createRecordingStore(desk.db)
  const asked: readonly (readonly [string, (at: number) => RecordingQuery])[] = [
    ['recordings', () => ({})],
    ['recordings, last page', () => ({ offset: 950 })],
    ['recordings by code', (at) => ({ q: codeAt(at * 9_973).toLowerCase() })],
    ['recordings by number', (at) => ({ q: `0${phoneAt(at * 991).slice(3)}` })],
    ['recordings by name', () => ({ q: 'nguyen thi ha' })],
    ['recordings by name until a day', () => ({ q: 'nguyen thi ha', ...UNTIL })],
    [
      'recordings of a name with the case of another',
      () => ({ q: 'nguyen thi ha', unitId: units[1] ?? UNIT }),
    ],
    ['recordings of nobody', () => ({ q: 'xyzzy' })],
    ['recordings until a day', () => UNTIL],
    [
      'recordings of a day',
      (at) => ({ from: UNTIL.to, to: `2024-03-${String((at % 30) + 1).padStart(2, '0')}` }),
    ],
    ['recordings of an operator', (at) => ({ operatorId: 100 + (at % 39) })],
    ['recordings of an operator until a day', (at) => ({ operatorId: 100 + (at % 39), ...UNTIL })],
    ['recordings of an operator without calls', () => ({ operatorId: 9_999 })],
    ['recordings of the busiest unit', () => ({ unitId: UNIT })],
    ['recordings of the busiest unit until a day', () => ({ unitId: UNIT, ...UNTIL })],
    ['recordings of a unit', (at) => ({ unitId: units[at % units.length] ?? UNIT })],
    ['recordings of a unit without cases', () => ({ unitId: 'xyzzy' })],
    ['long recordings', () => ({ minSeconds: 600 })],
    ['long recordings until a day', () => ({ minSeconds: 600, ...UNTIL })],
    ['recordings longer than any', () => ({ minSeconds: 86_400 })],
    ['long recordings of an operator', (at) => ({ operatorId: 100 + (at % 39), minSeconds: 600 })],
    ['long recordings of the busiest unit', () => ({ unitId: UNIT, minSeconds: 600 })],
    ['recordings of an operator for a unit', (at) => ({ unitId: UNIT, operatorId: 100 + (at % 39) })],
    ['long recordings of a name', () => ({ q: 'nguyen thi ha', minSeconds: 86_400 })],
  ]
  return asked.map(([name, queryAt]) => ({
    name,
    floor: ['recordings', 'id'],
    ask: (at) => {
      const { offset = 0, ...query } = queryAt(at)
      return recordings.page(filterOf(query), offset, 50).items.map(({ id }) => id)
    },
  }))
}
