import type { Db } from '../db/open.ts'
import type { Board } from './contract.ts'

export interface BoardStore {
  /** Of calls that began since then (ISO 8601). */
  today(since: string, inTimeSeconds: number): Board['today']
}

/** Figures of the day, over an index in the order of time. */
export function createBoardStore({ raw }: Pick<Db, 'raw'>): BoardStore {
  const today = raw.prepare<[number, string], Board['today']>(
    `SELECT count(*) FILTER (WHERE answered_at IS NOT NULL) AS answered,
      count(*) FILTER (WHERE unixepoch(answered_at, 'subsec') - unixepoch(queued_at, 'subsec') <= ?) AS inTime,
      count(*) FILTER (WHERE outcome = 'abandoned') AS abandoned,
      count(*) FILTER (WHERE outcome IN ('callback', 'voicemail')) AS diverted
     FROM calls INDEXED BY calls_by_start
     WHERE started_at >= ? AND direction = 'in' AND training = 0 AND queued_at IS NOT NULL`,
  )
  return {
    today: (since, inTimeSeconds) =>
      today.get(inTimeSeconds, since) ?? { answered: 0, inTime: 0, abandoned: 0, diverted: 0 },
  }
}
