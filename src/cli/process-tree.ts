import { readFile, readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process, told from a later one with the same pid by its start. */
export interface ProcessMark {
  readonly pid: number
  readonly startedAt: string
}

interface Stat {
  readonly state: string
  readonly parent: number
  readonly ticks: string
}

const ZOMBIE = 'Z'

/** The mark of a running process, or undefined when there is none with this pid. */
export async function markProcess(pid: number): Promise<ProcessMark | undefined> {
  const stat = await readStat(pid)
  if (stat === undefined || stat.state === ZOMBIE) return undefined
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim()
  return { pid, startedAt: `${boot}:${stat.ticks}` }
}

/** True while that very process runs. */
export async function isRunning(mark: ProcessMark): Promise<boolean> {
  return (await markProcess(mark.pid))?.startedAt === mark.startedAt
}

/** Children of a process, their children, and so on; those nearest first. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const children = new Map<number, number[]>()
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = await readStat(Number(entry))
    if (stat === undefined || stat.state === ZOMBIE) continue
    children.set(stat.parent, [...(children.get(stat.parent) ?? []), Number(entry)])
  }
  const found: number[] = []
  const queue = [pid]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const below = children.get(next) ?? []
    found.push(...below)
    queue.push(...below)
  }
  return found
}

/** Asks processes to end, and after `withinMs` makes them; resolves when none of them runs. */
export async function endProcesses(pids: readonly number[], withinMs: number): Promise<void> {
  const marks = (await Promise.all(pids.map(markProcess))).filter((mark) => mark !== undefined)
  for (const { pid } of marks) sendSignal(pid, 'SIGTERM')
  const deadline = Date.now() + withinMs
  let left = marks
  while (left.length > 0) {
    // Nobody tells us of the end of a process that is not our child: look.
    await sleep(25)
    const running = await Promise.all(left.map(isRunning))
    left = left.filter((_, index) => running[index])
    if (Date.now() > deadline) for (const { pid } of left) sendSignal(pid, 'SIGKILL')
  }
}

/** Sends a signal; a process that is gone already is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause
  }
}

async function readStat(pid: number): Promise<Stat | undefined> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => undefined)
  // proc(5): the name in brackets may hold anything, so count from the last bracket: state, parent, …, start as 20th.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, parent] = fields ?? []
  const ticks = fields?.[19]
  if (state === undefined || parent === undefined || ticks === undefined) return undefined
  return { state, parent: Number(parent), ticks }
}
