import { spawn } from 'node:child_process'
import { AppError } from '../platform/errors.ts'

/**
 * A small companion of `npm start`. It holds the lock of the data folder, and when `npm start` is gone, however that came
 * (SIGKILL, out of memory), it ends the processes it was told of. The lock is free again only after that.
 */
export interface Keeper {
  readonly pid: number
  /** From now on this process goes when we go. */
  readonly watch: (pid: number) => void
  /** It ended by itself. */
  readonly forget: (pid: number) => void
  /** Gives the lock back; resolves when the companion is gone. */
  readonly release: () => Promise<void>
}

const LOCKED = 75

/** Milliseconds the processes of a killed copy have, in tenths of a second, before they are made to end. */
const TENTHS_TO_END = 50

/** Reads `+pid` and `-pid` lines; at the end of input ends whoever is left. */
const SCRIPT = `
trap '' INT TERM HUP
echo held
pids=''
while read -r line; do
  case $line in
    +*) pids="$pids \${line#+}" ;;
    -*) left=''; for p in $pids; do [ "$p" = "\${line#-}" ] || left="$left $p"; done; pids=$left ;;
  esac
done
for p in $pids; do kill -TERM "$p"; done
n=0
while [ "$n" -lt ${String(TENTHS_TO_END)} ]; do
  left=''
  for p in $pids; do ! kill -0 "$p" || left="$left $p"; done
  [ -n "$left" ] || exit 0
  sleep 0.1
  n=$((n + 1))
done
for p in $left; do kill -KILL "$p"; done
`

/** Takes the lock and starts the companion; undefined when another copy holds the lock. */
export async function startKeeper(lockPath: string): Promise<Keeper | undefined> {
  const lock = ['--exclusive', '--nonblock', '--no-fork', '--conflict-exit-code', String(LOCKED), lockPath]
  const child = spawn('flock', [...lock, '/bin/sh', '-c', SCRIPT], {
    // A group of its own: a terminal's Ctrl-C is for `npm start` alone, which then says what ends in which order.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => undefined) // a companion that was killed takes no more lines; its exit is seen below
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve()
    })
  })
  const isHeld = await new Promise<boolean>((resolve, reject) => {
    child.stdout.once('data', () => {
      resolve(true)
    })
    child.once('error', (cause) => {
      reject(
        new AppError('unavailable', 'LOCK_UNAVAILABLE', 'flock (util-linux) cannot be started', { cause }),
      )
    })
    child.once('exit', (code) => {
      if (code === LOCKED) resolve(false)
      else reject(new AppError('unavailable', 'LOCK_UNAVAILABLE', `${lockPath} cannot be locked`))
    })
  })
  if (!isHeld) return undefined
  const write = (line: string): void => {
    child.stdin.write(`${line}\n`)
  }
  return {
    pid: child.pid ?? 0,
    watch: (pid) => {
      write(`+${String(pid)}`)
    },
    forget: (pid) => {
      write(`-${String(pid)}`)
    },
    release: async () => {
      child.stdin.end()
      await closed
    },
  }
}
