import { readdir, readFile } from 'node:fs/promises'

/** What a process has taken so far and holds now. */
export interface ProcessFigures {
  /** User and system time since its start. */
  readonly cpuMs: number
  readonly rssBytes: number
  /** Open file descriptors. */
  readonly handles: number
}

/** Clock ticks of `/proc`: USER_HZ is 100 on every Linux that Node runs on (proc_pid_stat(5)). */
const MS_PER_TICK = 10

/** Reads them from `/proc`; of this user's own processes only. Throws when there is no such process. */
export async function figuresOf(pid: number): Promise<ProcessFigures> {
  const folder = `/proc/${String(pid)}`
  const [stat, status, handles] = await Promise.all([
    readFile(`${folder}/stat`, 'utf8'),
    readFile(`${folder}/status`, 'utf8'),
    readdir(`${folder}/fd`),
  ])
  // The name in brackets may hold anything; utime and stime are the twelfth and thirteenth behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK,
    rssBytes: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024,
    handles: handles.length,
  }
}
