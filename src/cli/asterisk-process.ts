import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../platform/errors.ts'
import { connectAmi } from './ami-lines.ts'
import { type AsteriskInstall } from './provision-asterisk.ts'

/** A running Asterisk of ours. */
export interface AsteriskProcess {
  readonly pid: number
  /** Ends it in order; resolves when it is gone. */
  readonly stop: () => Promise<void>
  /** Ends it at once, as a power cut would; resolves when it is gone. */
  readonly kill: () => Promise<void>
  /** Resolves when it ended, however that came. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
}

/** How an Asterisk hangs on to whoever starts it. */
export interface AsteriskHold {
  /** Told the pid as soon as there is one, long before the process serves. */
  readonly onSpawned?: (pid: number) => void
  /** In a process group of its own: a terminal's Ctrl-C is not for it. */
  readonly ownGroup?: boolean
}

/** Milliseconds an orderly end may take before it is forced. */
const STOP_WITHIN_MS = 3_000

/** Has the kernel end a program when its parent dies, where util-linux has it: tests that were killed leave nothing behind. */
const SETPRIV = '/usr/bin/setpriv'
const END_WITH_PARENT = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'TERM', '--'] : []

/** Starts Asterisk on a rendered folder and waits until it is fully booted; throws PBX_NOT_STARTED with its last words. */
export async function startAsterisk(
  options: AsteriskHold & {
    readonly install: AsteriskInstall
    readonly root: string
    readonly amiPort: number
    readonly amiUser: string
    readonly amiSecret: string
    readonly bootWithinMs?: number
  },
): Promise<AsteriskProcess> {
  const [program = '', ...args] = [...END_WITH_PARENT, ...options.install.command]
  const output = await open(join(options.root, 'log/console.log'), 'w')
  const child = spawn(program, [...args, '-f', '-C', join(options.root, 'etc/asterisk.conf')], {
    stdio: ['ignore', output.fd, output.fd],
    cwd: options.root,
    detached: options.ownGroup === true,
  })
  const ended = new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve) => {
    child.once('error', () => {
      resolve({ code: null, signal: null })
    })
    child.once('exit', (code, signal) => {
      resolve({ code, signal })
    })
  })
  await output.close()
  if (child.pid !== undefined) options.onSpawned?.(child.pid)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
    await ended
    clearTimeout(force)
  }
  const asterisk: AsteriskProcess = {
    pid: child.pid ?? 0,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    ended,
  }
  await untilBooted(child, options).catch(async (cause: unknown) => {
    await asterisk.kill()
    const lastWords = (await readFile(join(options.root, 'log/messages.log'), 'utf8').catch(() => '')).slice(
      -1_500,
    )
    throw new AppError(
      'unavailable',
      'PBX_NOT_STARTED',
      `Asterisk did not start (${options.root}).\n${lastWords}`,
      { cause },
    )
  })
  return asterisk
}

async function untilBooted(
  child: ChildProcess,
  options: {
    readonly amiPort: number
    readonly amiUser: string
    readonly amiSecret: string
    readonly bootWithinMs?: number
  },
): Promise<void> {
  const deadline = Date.now() + (options.bootWithinMs ?? 60_000)
  const hasEnded = (): boolean =>
    child.exitCode !== null || child.signalCode !== null || child.pid === undefined
  for (;;) {
    const ami = await connectAmi({
      port: options.amiPort,
      user: options.amiUser,
      secret: options.amiSecret,
    }).catch((cause: unknown) => {
      if (hasEnded() || Date.now() > deadline) throw cause
      return undefined
    })
    if (ami !== undefined) {
      const leftMs = Math.max(deadline - Date.now(), 1)
      const timeout = setTimeout(ami.close, leftMs)
      try {
        await Promise.race([ami.booted, ami.closed.then(refuse)])
        return
      } finally {
        clearTimeout(timeout)
        ami.close()
      }
    }
    await sleep(30)
  }
}

function refuse(): never {
  throw new AppError('unavailable', 'PBX_NOT_BOOTED', 'Asterisk did not finish booting')
}
