/** Middle and tail of a sample, in the sample's own unit. */
export interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** The value at or below which a share `p` (0 to 1) of the sample lies; nearest rank, so always a measured value. */
export function percentile(sample: readonly number[], p: number): number {
  if (sample.length === 0) throw new RangeError('a percentile of nothing')
  const sorted = [...sample].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN
}

/** p50, p95, p99 and the worst. */
export function percentiles(sample: readonly number[]): Percentiles {
  return {
    p50: percentile(sample, 0.5),
    p95: percentile(sample, 0.95),
    p99: percentile(sample, 0.99),
    max: percentile(sample, 1),
  }
}

/** The middle one; of an even number the mean of the two in the middle. */
export function median(sample: readonly number[]): number {
  const sorted = [...sample].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)]
  const lower = sorted[Math.ceil(middle) - 1]
  if (upper === undefined || lower === undefined) throw new RangeError('a median of nothing')
  return (upper + lower) / 2
}

/** Rounded to so many decimals, for figures people read. */
export function round(value: number, decimals = 2): number {
  const factor = 10 ** decimals
  return Math.round(value * factor) / factor
}

/** One probe of another clock: ours before and after, theirs between. */
export interface ClockProbe {
  readonly before: number
  readonly there: number
  readonly after: number
}

/** What to add to the other clock to get ours, from the probe with the shortest way; wrong by `errorMs` at most. */
export function alignClock(probes: readonly ClockProbe[]): {
  readonly offsetMs: number
  readonly errorMs: number
} {
  let best: ClockProbe | undefined
  for (const probe of probes) {
    if (best === undefined || probe.after - probe.before < best.after - best.before) best = probe
  }
  if (best === undefined) throw new RangeError('a clock without a probe')
  const errorMs = (best.after - best.before) / 2
  return { offsetMs: best.before + errorMs - best.there, errorMs }
}

/** A straight line through points, by least squares. */
export interface Fit {
  /** y per x. */
  readonly slope: number
  /** How far the line rises from the first point to the last. */
  readonly rise: number
  /** Standard error of `rise`; 0 when all points lie on the line. */
  readonly riseError: number
}

/** Fits a line; the points may come in any order. Throws for fewer than three, or when all have the same x. */
export function fitLine(points: readonly { readonly x: number; readonly y: number }[]): Fit {
  const n = points.length
  if (n < 3) throw new RangeError('a line through fewer than three points says nothing of its error')
  const mean = (of: 'x' | 'y'): number => points.reduce((sum, point) => sum + point[of], 0) / n
  const [meanX, meanY] = [mean('x'), mean('y')]
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  if (spread === 0) throw new RangeError('a line through points above each other')
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread
  const left = points.reduce((sum, { x, y }) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0)
  const xs = points.map(({ x }) => x)
  const width = Math.max(...xs) - Math.min(...xs)
  return { slope, rise: slope * width, riseError: Math.sqrt(left / (n - 2) / spread) * width }
}

/** Whether the rise is more than chance (three standard errors) and more than `share` of the mean and `least`. */
export function isGrowing(
  points: readonly { readonly x: number; readonly y: number }[],
  { share, least }: { readonly share: number; readonly least: number },
): boolean {
  const { rise, riseError } = fitLine(points)
  const mean = points.reduce((sum, { y }) => sum + y, 0) / points.length
  return rise > 3 * riseError && rise > share * mean && rise > least
}
