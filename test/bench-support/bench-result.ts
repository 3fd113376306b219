/** What a bench found out; printed as one line of JSON behind its name. */
export interface BenchResult {
  /** How many measurements stand behind the figures. */
  readonly n: number
  /** The same figures of the bare peer or floor, of the same run. */
  readonly floor: Readonly<Record<string, unknown>>
  readonly ratio: number
  readonly goalMet: boolean
  /** What was to be measured and was not: the command ends with code 1 then, its figures printed all the same. */
  readonly lost?: number
  readonly [figure: string]: unknown
}

/** What a bench is handed. */
export interface BenchContext {
  /** Tells a waiting person how far it is; never on standard output. */
  readonly progress: (line: string) => void
  readonly stopped: AbortSignal
  /** How many transfers of each kind `transfer` measures. */
  readonly transfers: number
  /** How long `calls` holds the highest rate. */
  readonly seconds: number
  /** Where the service of `calls` leaves CPU profiles; none if not said. */
  readonly profile?: string | undefined
}
