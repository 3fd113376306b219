import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { useWave } from './use-wave.ts'
import { gainOf, mixed, outlineOf, type Wave } from './wave.ts'

const ROW_POINTS = 160

/** Each side's lane, citizen above. */
export function Lanes({ wave, consult }: { readonly wave: Wave; readonly consult: boolean }) {
  const gain = gainOf(wave)
  const sides =
    wave.lanes.length === 1 ? (['message'] as const) : (['citizen', consult ? 'agency' : 'operator'] as const)
  return (
    <div class="lanes">
      {wave.lanes.map((lane, index) => {
        const { path, points } = outlineOf(lane, gain)
        const side = sides[index] ?? 'operator'
        return (
          <div key={side} class={`lane lane-${side}`}>
            <span class="lane-name">{t(`lane.${side}`)}</span>
            <Outline path={path} points={points} />
          </div>
        )
      })}
    </div>
  )
}

/** A row's small picture: decoration beside words that say the same. */
export function RowWave({ id }: { readonly id: number }) {
  const wave = useWave(useConsole().api, id, ROW_POINTS)
  if (wave === null || wave === undefined)
    return <span class={wave === undefined ? 'row-wave row-wave-coming' : 'row-wave'} />
  const both = mixed(wave)
  const [lane] = both.lanes
  if (lane === undefined) return <span class="row-wave" />
  const { path, points } = outlineOf(lane, gainOf(both))
  return (
    <span class="row-wave">
      <Outline path={path} points={points} />
    </span>
  )
}

function Outline({ path, points }: { readonly path: string; readonly points: number }) {
  return (
    <svg
      viewBox={`0 -128 ${String(Math.max(1, points))} 256`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
    </svg>
  )
}
