/** Chance that repeats itself: the same seed gives the same numbers (mulberry32). */
export interface Chance {
  /** At least 0, below 1. */
  readonly next: () => number
  /** Whole, `from` and `to` among them. */
  readonly between: (from: number, to: number) => number
  readonly oneOf: <T>(things: readonly [T, ...T[]]) => T
  /** One of the names, each as often as its weight says. */
  readonly weighed: <K extends string>(weights: Readonly<Record<K, number>>) => K
}

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    oneOf: (things) => things[Math.floor(next() * things.length)] ?? things[0],
    weighed<K extends string>(weights: Readonly<Record<K, number>>): K {
      const entries = Object.entries<number>(weights) as [K, number][]
      let rest = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [name, weight] of entries) {
        rest -= weight
        if (rest < 0) return name
      }
      throw new RangeError('no weights')
    },
  }
}
