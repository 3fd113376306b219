/** What came, kept until a test asks for it: no test has to be listening at the right moment, and none sleeps. */
export interface Inbox<T> {
  readonly push: (item: T) => void
  /** The first item not yet taken that fits, now or when it comes; rejects after 10 s. Passed-over items stay. */
  readonly next: (fits?: (item: T) => boolean) => Promise<T>
  /** Everything that ever came, taken or not. */
  readonly all: () => readonly T[]
}

const PATIENCE_MS = 10_000

/** An empty inbox; `what` names it when a test waits in vain. */
export function createInbox<T>(what: string): Inbox<T> {
  const all: T[] = []
  const untaken: T[] = []
  const waiting: { fits: (item: T) => boolean; resolve: (item: T) => void }[] = []
  return {
    push(item) {
      all.push(item)
      const index = waiting.findIndex(({ fits }) => fits(item))
      if (index === -1) untaken.push(item)
      else waiting.splice(index, 1)[0]?.resolve(item)
    },
    next(fits = () => true) {
      const index = untaken.findIndex(fits)
      const [found] = index === -1 ? [] : untaken.splice(index, 1)
      if (found !== undefined) return Promise.resolve(found)
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new Error(`waited in vain for ${what}; there were ${String(all.length)}`))
        }, PATIENCE_MS)
        waiting.push({
          fits,
          resolve: (item) => {
            clearTimeout(timer)
            resolve(item)
          },
        })
      })
    },
    all: () => all,
  }
}
