import { writeSync } from 'node:fs'

/** Where pino writes: whole lines, each with its line break. */
export interface LogSink {
  write(line: string): void
}

const STDOUT = 1

/**
 * A log that cannot be written must not keep anybody waiting: lines for which there is no room are dropped and counted, and the first that
 * fits again says how many. pino's own destination tries a full disk (ENOSPC, EFBIG) again every 100 ms, for ever, and blocks
 * meanwhile (sonic-boom 5, flushSync).
 */
export function createLogSink(
  write: (bytes: Buffer) => number = (bytes) => writeSync(STDOUT, bytes),
): LogSink {
  let lost = 0
  /** What is in the file ends in the middle of a line. */
  let isTorn = false

  function put(text: string): boolean {
    let rest = Buffer.from(text)
    try {
      while (rest.length > 0) {
        const count = write(rest)
        if (count === 0) return false
        isTorn = count < rest.length
        rest = rest.subarray(count)
      }
      return true
    } catch {
      return false // whoever looks after the disk hears it from /readyz
    }
  }

  return {
    write(line) {
      const missed =
        lost === 0 ? '' : `${JSON.stringify({ level: 50, time: Date.now(), lost, msg: MISSED })}\n`
      if (put(`${isTorn ? '\n' : ''}${missed}${line}`)) lost = 0
      else lost += 1
    },
  }
}

const MISSED = 'lines before this one could not be written'
