/** Tells a waiting person what is going on; one line each. */
export type Progress = (line: string) => void

/** Progress on standard output, each line behind the seconds since `startedAtMs`. */
export function createConsoleProgress(startedAtMs: number, now: () => number): Progress {
  return (line) => {
    process.stdout.write(`[${((now() - startedAtMs) / 1000).toFixed(1).padStart(5)} s] ${line}\n`)
  }
}
