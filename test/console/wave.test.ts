import { describe, expect, it } from 'vitest'
import {
  afterSilence,
  gainOf,
  mixed,
  outlineOf,
  readWave,
  silencesOf,
} from '../../src/console/recordings/wave.ts'
import { waveOf } from './support.ts'

describe('a waveform as it came', () => {
  it('is taken apart into sides', () => {
    const wave = readWave(
      waveOf(
        [
          [-5, 10],
          [-1, 1],
        ],
        [
          [-7, 20],
          [0, 0],
        ],
      ),
    )
    expect(wave.bucketMs).toBe(100)
    expect(wave.lanes.map(({ lows, highs }) => [[...lows], [...highs]])).toEqual([
      [
        [-5, -7],
        [10, 20],
      ],
      [
        [-1, 0],
        [1, 0],
      ],
    ])
  })

  it('fills its lane by its loudest side, and noise alone does not', () => {
    expect(
      gainOf(
        readWave(
          waveOf([
            [-64, 30],
            [0, 0],
          ]),
        ),
      ),
    ).toBeCloseTo(127 / 64)
    expect(
      gainOf(
        readWave(
          waveOf([
            [-1, 1],
            [0, 0],
          ]),
        ),
      ),
    ).toBe(8)
    expect(gainOf({ bucketMs: 100, lanes: [] })).toBe(8)
  })

  it('is drawn as an outline, silence as a line', () => {
    const [lane] = readWave(waveOf([[-10, 20]], [[0, 0]])).lanes
    expect(lane && outlineOf(lane, 2)).toEqual({
      path: 'M0 -40H1L1 -2H2L2 2H1L1 20H0Z',
      points: 2,
    })
  })

  it('of an hour is drawn in as many points as a screen has, each with the loudest it stands for', () => {
    const buckets = Array.from({ length: 36_000 }, (_, at) => [[0, at === 35_000 ? 100 : 0]] as const)
    const [lane] = readWave(waveOf(...buckets)).lanes
    const drawn = lane && outlineOf(lane, 1)
    expect(drawn?.points).toBe(1_200)
    expect(drawn?.path).toContain('1166 -100H1167')
  })

  it('of a row has both sides in one', () => {
    const [lane] = mixed(
      readWave(
        waveOf([
          [-5, 10],
          [-50, 1],
        ]),
      ),
    ).lanes
    expect([lane?.lows[0], lane?.highs[0]]).toEqual([-50, 10])
    expect(mixed({ bucketMs: 100, lanes: [] }).lanes).toEqual([])
  })
})

describe('silence', () => {
  const quiet = Array.from(
    { length: 25 },
    () =>
      [
        [-1, 1],
        [0, 2],
      ] as const,
  )
  const loud = [
    [0, 0],
    [-30, 3],
  ] as const

  it('is where neither side is heard for two seconds, but for a moment at each end', () => {
    const wave = readWave(waveOf(loud, ...quiet, loud))
    expect(silencesOf(wave)).toEqual([{ fromMs: 400, toMs: 2_300 }])
    expect(silencesOf(readWave(waveOf(loud, ...quiet.slice(0, 19), loud)))).toEqual([])
  })

  it('at the end of a recording is one too', () => {
    expect(silencesOf(readWave(waveOf(loud, ...quiet)))).toEqual([{ fromMs: 400, toMs: 2_300 }])
  })

  it('is jumped to its end, and nothing else is', () => {
    const silences = [{ fromMs: 400, toMs: 2_300 }]
    expect([399, 400, 2_299, 2_300].map((at) => afterSilence(silences, at))).toEqual([
      null,
      2_300,
      2_300,
      null,
    ])
  })
})
