import type { RecordingNote, TrackMark, TrackStretch } from '../../recordings/contract.ts'
import { t } from '../i18n/translate.ts'
import { clock } from '../ui/format.ts'
import { stretchKind, stretchWords } from './track-words.ts'

/** The course of the call above its sound: who heard whom, each stretch to click on, and where notes are. */
export function Track(props: {
  readonly stretches: readonly TrackStretch[]
  readonly marks: readonly TrackMark[]
  readonly notes: readonly RecordingNote[]
  readonly lengthMs: number
  readonly onSeek: (ms: number) => void
}) {
  const { stretches, marks, notes, lengthMs } = props
  if (lengthMs <= 0 || stretches.length + notes.length === 0) return null
  const part = (ms: number): string => `${String((Math.min(lengthMs, ms) / lengthMs) * 100)}%`
  return (
    <ol class="track" aria-label={t('track.title')}>
      {stretches.map((stretch) => {
        const { fromMs, toMs } = stretch
        const words = stretchWords(stretch)
        const what = t('track.stretch', { what: words, from: clock(fromMs / 1_000), to: clock(toMs / 1_000) })
        return (
          <li
            key={`${stretch.phase}${String(fromMs)}`}
            style={{ left: part(fromMs), width: part(toMs - fromMs) }}
          >
            <button
              type="button"
              class={`track-stretch track-${stretchKind(stretch)}`}
              aria-label={what}
              title={what}
              onClick={() => {
                props.onSeek(fromMs)
              }}
            >
              <span>{words}</span>
            </button>
          </li>
        )
      })}
      {marks.map(({ kind, fromMs, toMs, name }) => {
        const what = t(`track.mark.${kind}`, {
          name: name ?? t('party.operator'),
          from: clock(fromMs / 1_000),
          to: clock(toMs / 1_000),
        })
        return (
          <li
            key={`${kind}${String(fromMs)}`}
            class={`track-mark track-${kind}`}
            style={{ left: part(fromMs), width: part(toMs - fromMs) }}
          >
            <button
              type="button"
              aria-label={what}
              title={what}
              onClick={() => {
                props.onSeek(fromMs)
              }}
            />
          </li>
        )
      })}
      {notes.map(({ id, atMs, text }) => (
        <li key={`note${String(id)}`} class="track-note" style={{ left: part(atMs) }} title={text} />
      ))}
    </ol>
  )
}
