import type { Waveform } from '../../recordings/contract.ts'

/** Levels of one side, lowest and highest of each bucket. */
interface Lane {
  readonly lows: Int8Array
  readonly highs: Int8Array
}

export interface Wave {
  readonly bucketMs: number
  /** Citizen, then operator or agency; a message has one. */
  readonly lanes: readonly Lane[]
}

export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
}

/** -36 dB of full scale: what a telephone's line carries while nobody speaks. */
const QUIET = 2
/** A breath between two sentences is no silence. */
const SILENCE_MS = 2_000
/** Left of a silence on each side, so that no word loses its beginning. */
const MARGIN_MS = 300
/** A quiet voice fills its lane too; noise does not. */
const MOST_GAIN = 8
const MOST_POINTS = 1_200

export function readWave({ bucketMs, sides, levels }: Waveform): Wave {
  const bytes = Int8Array.from(atob(levels), (letter) => letter.charCodeAt(0))
  const count = Math.floor(bytes.length / (sides * 2))
  const bound = (side: number, which: 0 | 1): Int8Array =>
    Int8Array.from({ length: count }, (_, bucket) => bytes[(bucket * sides + side) * 2 + which] ?? 0)
  return {
    bucketMs,
    lanes: Array.from({ length: sides }, (_, side) => ({ lows: bound(side, 0), highs: bound(side, 1) })),
  }
}

/** All sides in one, for a picture of a row's height. */
export function mixed({ bucketMs, lanes }: Wave): Wave {
  const [first] = lanes
  if (first === undefined) return { bucketMs, lanes: [] }
  const over = (pick: (lane: Lane, at: number) => number, most: (...values: number[]) => number): Int8Array =>
    first.lows.map((_, at) => most(...lanes.map((lane) => pick(lane, at))))
  return {
    bucketMs,
    lanes: [
      {
        lows: over((lane, at) => lane.lows[at] ?? 0, Math.min),
        highs: over((lane, at) => lane.highs[at] ?? 0, Math.max),
      },
    ],
  }
}

/** How much the picture is stretched so that the loudest of all sides fills its lane: sides stay comparable. */
export function gainOf({ lanes }: Wave): number {
  const loudest = lanes.reduce(
    (most, { lows, highs }) =>
      Math.max(
        most,
        highs.reduce((one, other) => Math.max(one, other), 0),
        -lows.reduce((one, other) => Math.min(one, other), 0),
      ),
    1,
  )
  return Math.min(MOST_GAIN, 127 / loudest)
}

/** The lane's outline as an SVG path, one unit per point wide and from -127 to 127 high; how many points it has. */
export function outlineOf({ lows, highs }: Lane, gain: number): { path: string; points: number } {
  const step = Math.max(1, Math.ceil(highs.length / MOST_POINTS))
  const points = Math.ceil(highs.length / step)
  const top: string[] = []
  const bottom: string[] = []
  for (let point = 0; point < points; point += 1) {
    const high = highs.subarray(point * step, (point + 1) * step).reduce((a, b) => Math.max(a, b), 0)
    const low = lows.subarray(point * step, (point + 1) * step).reduce((a, b) => Math.min(a, b), 0)
    // Silence is a line, not nothing.
    const up = Math.max(2, Math.round(high * gain))
    const down = Math.min(-2, Math.round(low * gain))
    top.push(`${String(point)} ${String(-up)}H${String(point + 1)}`)
    bottom.unshift(`${String(point + 1)} ${String(-down)}H${String(point)}`)
  }
  return { path: points === 0 ? '' : `M${[...top, ...bottom].join('L')}Z`, points }
}

/** Where nobody is heard for a while. */
export function silencesOf({ bucketMs, lanes }: Wave): readonly Stretch[] {
  const count = lanes[0]?.highs.length ?? 0
  const isQuiet = (bucket: number): boolean =>
    lanes.every(({ lows, highs }) => (highs[bucket] ?? 0) <= QUIET && (lows[bucket] ?? 0) >= -QUIET)
  const silences: Stretch[] = []
  let from = 0
  for (let bucket = 0; bucket <= count; bucket += 1) {
    if (bucket < count && isQuiet(bucket)) continue
    if ((bucket - from) * bucketMs >= SILENCE_MS)
      silences.push({ fromMs: from * bucketMs + MARGIN_MS, toMs: bucket * bucketMs - MARGIN_MS })
    from = bucket + 1
  }
  return silences
}

/** Where to go on from a moment within a silence; null where somebody is heard. */
export function afterSilence(silences: readonly Stretch[], atMs: number): number | null {
  return silences.find(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs)?.toMs ?? null
}
