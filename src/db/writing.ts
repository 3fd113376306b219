import type Database from 'better-sqlite3'
import type { Writing } from '../platform/writing.ts'

/** What the outermost open transaction has to do after it. */
interface Open {
  readonly effects: (() => void)[]
  readonly undos: (() => void)[]
}

/** Transactions of one connection. An `onRollback` that throws hides the error that took the transaction back: it only puts memory back. */
export function createWriting(raw: Database.Database): Writing {
  // Made once: each one made takes four functions and looks for its statements.
  const immediately = raw.transaction((work: () => unknown) => work())
  let open: Open | undefined

  function outermost<T>(work: () => T): T {
    const mine: Open = { effects: [], undos: [] }
    const before = open
    let result: T
    open = mine
    try {
      result = immediately.immediate(work) as T
    } catch (cause) {
      for (const undo of mine.undos.reverse()) undo()
      throw cause
    } finally {
      open = before
    }
    doAll(mine.effects)
    return result
  }

  return {
    transaction: (work) => (raw.inTransaction ? work() : outermost(work)),
    afterCommit(effect) {
      if (open === undefined) effect()
      else open.effects.push(effect)
    },
    onRollback(undo) {
      open?.undos.push(undo)
    },
  }
}

function doAll(effects: readonly (() => void)[]): void {
  const failures: unknown[] = []
  for (const effect of effects) {
    try {
      effect()
    } catch (cause) {
      failures.push(cause)
    }
  }
  if (failures.length > 0) throw failures[0]
}
