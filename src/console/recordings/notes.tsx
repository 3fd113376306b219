import { useState } from 'preact/hooks'
import type { RecordingNote } from '../../recordings/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { clock, moment } from '../ui/format.ts'

const MOST_LETTERS = 1_000

/** What listeners wrote at moments: to read, to click on, and to add to. Nothing is changed or taken away. */
export function Notes(props: {
  readonly notes: readonly RecordingNote[]
  readonly at: number
  readonly onSeek: (ms: number) => void
  readonly onWrite: (text: string) => Promise<void>
}) {
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const write = async (): Promise<void> => {
    if (busy || text.trim() === '') return
    setBusy(true)
    try {
      await props.onWrite(text.trim())
      setText('')
    } catch (cause) {
      sayFailure(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section class="sound-notes" aria-label={t('soundNotes.title')}>
      {props.notes.length > 0 && (
        <ol>
          {props.notes.map(({ id, atMs, text: words, authorName, createdAt }) => (
            <li key={id}>
              <Button
                small
                kind="quiet"
                label={t('soundNotes.goTo', { at: clock(atMs / 1_000) })}
                onClick={() => {
                  props.onSeek(atMs)
                }}
              >
                {clock(atMs / 1_000)}
              </Button>
              <p>
                {words}{' '}
                <span class="quiet">
                  {authorName ?? t('recording.nobody')} · {moment(createdAt, minute.value)}
                </span>
              </p>
            </li>
          ))}
        </ol>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void write()
        }}
      >
        <Field
          label={t('soundNotes.write', { at: clock(props.at) })}
          hideLabel
          placeholder={t('soundNotes.write', { at: clock(props.at) })}
          value={text}
          maxLength={MOST_LETTERS}
          onInput={setText}
        />
        <Button small type="submit" busy={busy} disabled={text.trim() === ''}>
          {t('soundNotes.save')}
        </Button>
      </form>
    </section>
  )
}
