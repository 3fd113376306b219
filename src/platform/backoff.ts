export interface Backoff {
  /** The next pause in milliseconds: doubled each time up to the cap, half of it by chance. */
  nextMs(): number
  /** The thing works again: begin anew. */
  reset(): void
}

/** Pauses between tries. Half of each is random, so that clients of one server do not come back in step. */
export function createBackoff(options: {
  readonly firstMs: number
  readonly capMs: number
  /** 0 up to 1. */
  readonly random: () => number
}): Backoff {
  let ceilingMs = options.firstMs
  return {
    nextMs() {
      const pauseMs = ceilingMs / 2 + (ceilingMs / 2) * options.random()
      ceilingMs = Math.min(ceilingMs * 2, options.capMs)
      return pauseMs
    },
    reset() {
      ceilingMs = options.firstMs
    },
  }
}
