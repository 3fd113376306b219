import { setImmediate as turn } from 'node:timers/promises'

/** Some 5 ms where each row has another looked up: far from what a ringing phone would notice. */
const STRETCH = 5_000

/** Calls `take` for each stretch of ids from 1 to `lastId`, both ends included, with a turn for everybody between two. */
export async function inStretches(
  lastId: number,
  take: (fromId: number, toId: number) => void,
  stretch = STRETCH,
): Promise<void> {
  for (let fromId = 1; fromId <= lastId; fromId += stretch) {
    if (fromId > 1) await turn()
    take(fromId, Math.min(lastId, fromId + stretch - 1))
  }
}
