/** `connecting`: trying; `resyncing`: signed in, events wait; `up`: events flow; `down`: not started, closed or between tries. */
export type LinkState = 'connecting' | 'resyncing' | 'up' | 'down'

/** Where a link tells what it does. */
export interface LinkLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** A link is usable again. */
export interface Up {
  /** How long nothing was heard, 0 at the first time. What happened meanwhile was never told: PBX events are not replayed. */
  readonly gapMs: number
}

/** Deadlines and pauses of a link. Production uses the defaults; tests shorten them. */
export interface LinkTimings {
  /** First pause after a loss. Doubled after each failed try, half of it by chance. */
  readonly pauseMs: number
  /** Longest pause: short enough that the link is back within 1 s of the PBX. */
  readonly longestPauseMs: number
  /** Pause after a refusal: only a person can mend it, and PBX hosts ban who keeps knocking. */
  readonly refusedPauseMs: number
  readonly resyncMs: number
}

/** What a connection tells the link that keeps it. */
export interface LineHandlers<Event> {
  /** Those that came together, in their order; never none. */
  readonly onEvents: (events: readonly Event[]) => void
  /** At the first call the connection is over, whatever ended it; `refused` when coming back at once would be no use. */
  readonly onEnd: (reason: string, how?: 'lost' | 'refused') => void
  /** Aborted when the link is closed while the connection is being made. */
  readonly signal: AbortSignal
}

/** One connection from sign-in to end; never used again afterwards. */
export interface Line {
  /** Ends it at once, all that waits for an answer included. Again: nothing. */
  readonly close: (reason: string) => void
  /** `performance.now()` of the last bytes from the PBX: a silent line was lost then, not when it was noticed. */
  readonly lastHeardMs: () => number
}
