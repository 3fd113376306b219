import { execFileSync, spawn } from 'node:child_process'

/**
 * A pipe that nobody writes into in the place of a file. Whoever opens it as a file waits; after some seconds it is written into, so that
 * a test that fails ends all the same, with another finding than that it is no file.
 */
export function layPipe(path: string): void {
  execFileSync('mkfifo', [path])
  const relief = 'sleep 6; [ -p "$0" ] && exec timeout 5 sh -c \': > "$0"\' "$0"'
  spawn('sh', ['-c', relief, path], { stdio: 'ignore' }).unref()
}
