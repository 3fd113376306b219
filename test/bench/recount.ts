import { monitorEventLoopDelay } from 'node:perf_hooks'
import { join } from 'node:path'
import { ADMIN, createDesk, fillDraft, type Desk, OPERATOR, UNIT } from '../support/desk.ts'
import { type BenchContext, type BenchResult } from '../bench-support/bench-result.ts'
import { round } from '../bench-support/statistics.ts'
import { atWorkbench } from '../bench-support/workbench.ts'

const OPEN = 100_000
/** A ringing phone must not wait longer for its pop. */
const GOAL_MS = 150
const NS_PER_MS = 1e6

/**
 * What it takes to change the calendar of 100,000 open clocks, every one of which then ends at another time and says so in its
 * case: the preview, the save that answers, and the counting that goes on after it. `longestBlockMs` is how long nothing else got
 * its turn. Beside it, as floor, the same rows changed in one statement that blocks for as long as it takes.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  return atWorkbench(context, async ({ folder, afterwards }) => {
    const desk = createDesk({ path: join(folder, 'recount.sqlite') })
    afterwards(() => desk.close())
    context.progress(`${String(OPEN)} clocks`)
    fill(desk)
    const base = desk.calendarBook.revision('city').number
    const { table } = desk.calendarBook.version('city', base)
    const day = { date: '2026-03-03', off: true as const, why: 'Nghỉ đột xuất' }
    const changed = { ...table, exceptions: [...table.exceptions, day] }
    const preview = await measured(() => desk.calendarBook.preview('city', { base, table: changed }))
    context.progress('saved')
    const saveMs = timed(() => desk.calendarBook.save('city', { base, table: changed, reason: 'x' }, ADMIN))
    const cpu = process.cpuUsage()
    const recount = await measured(() => desk.recount.run())
    const recountCpuMs = process.cpuUsage(cpu).user / 1_000
    const moved = desk.db.raw
      .prepare("select count(*) from ticket_events where type = 'deadlineRecomputed'")
      .pluck()
      .get()
    const floorMs = timed(() =>
      desk.db.raw.exec("update deadlines set explanation = explanation || ' ', due_at = due_at || ''"),
    )
    const longestBlockMs = Math.max(preview.longestMs, saveMs, recount.longestMs)
    return {
      n: OPEN,
      moved,
      previewMs: round(preview.totalMs, 0),
      previewBlockMs: round(preview.longestMs, 1),
      saveMs: round(saveMs, 1),
      recountMs: round(recount.totalMs, 0),
      recountCpuMs: round(recountCpuMs, 0),
      recountBlockMs: round(recount.longestMs, 1),
      longestBlockMs: round(longestBlockMs, 1),
      goalMs: GOAL_MS,
      floor: { oneStatementMs: round(floorMs, 0) },
      ratio: round(recount.totalMs / Math.max(1, floorMs), 2),
      goalMet: longestBlockMs <= GOAL_MS && moved === OPEN,
    }
  })
}

/** One case sent to a unit, and as many like it. */
function fill(desk: Desk): void {
  const draft = fillDraft(desk)
  desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: UNIT, note: '' }, OPERATOR)
  const copies = `with recursive n(i) as (select 2 union all select i + 1 from n where i < ${String(OPEN)})`
  const columns = (name: string): string[] =>
    (desk.db.raw.pragma(`table_info(${name})`) as { name: string }[]).map((column) => column.name)
  const copy = (name: string, other: Readonly<Record<string, string>>): void => {
    const names = columns(name).filter((column) => column !== 'id')
    const values = names.map((column) => other[column] ?? `"${column}"`)
    desk.db.raw.exec(
      `${copies} insert into ${name} (id, ${names.map((column) => `"${column}"`).join()}) select i, ${values.join()} from n, ${name} where id = 1`,
    )
  }
  desk.db.transaction(() => {
    copy('tickets', { code: "'HP26-' || printf('%06d', i)" })
    copy('deadlines', { ticket_id: 'i' })
  })
}

async function measured(work: () => Promise<unknown>): Promise<{ totalMs: number; longestMs: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const startMs = performance.now()
  await work()
  const totalMs = performance.now() - startMs
  delay.disable()
  return { totalMs, longestMs: delay.max / NS_PER_MS }
}

function timed(work: () => unknown): number {
  const startMs = performance.now()
  work()
  return performance.now() - startMs
}
