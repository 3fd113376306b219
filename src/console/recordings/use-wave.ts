import { useEffect, useState } from 'preact/hooks'
import type { Api, SoundOf } from '../api.ts'
import { readWave, type Wave } from './wave.ts'

/** A page of rows asks for fifty: the sound somebody wants to hear does not stand in line behind them. */
const AT_ONCE = 3
let asking = 0
const inLine: (() => void)[] = []

/** The waveform in at most so many points; undefined while it comes, null where there is none. */
export function useWave(api: Api, id: number, points?: number, of?: SoundOf): Wave | null | undefined {
  const [wave, setWave] = useState<Wave | null | undefined>(undefined)
  useEffect(() => {
    let isShown = true
    setWave(undefined)
    const ask = async (): Promise<void> => {
      try {
        const found = isShown ? readWave(await api.recordingWaveform(id, points, of)) : undefined
        if (isShown) setWave(found)
      } catch {
        // A picture is no reason for an alarm: the sound says itself what is wrong with it.
        if (isShown) setWave(null)
      }
    }
    if (points === undefined) void ask()
    else void inTurn(ask)
    return () => {
      isShown = false
    }
  }, [id, points])
  return wave
}

async function inTurn(ask: () => Promise<void>): Promise<void> {
  if (asking >= AT_ONCE) await new Promise<void>((resolve) => inLine.push(resolve))
  else asking += 1
  await ask()
  const next = inLine.shift()
  if (next === undefined) asking -= 1
  else next()
}
