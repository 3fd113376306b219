/** `connecting`: trying; `resyncing`: signed in, events wait; `up`: events flow; `down`: not started, closed or between tries. */
export type LinkState = 'connecting' | 'resyncing' | 'up' | 'down'

export interface LinkLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface Up {
  /** How long nothing was heard, 0 at the first time. What happened meanwhile was never told: PBX events are not replayed. */
  readonly gapMs: number
}
