import { useState } from 'preact/hooks'
import type { TicketView } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { errorText } from '../state/failure-words.ts'
import type { TicketEditor } from '../state/ticket-editor.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Restored, useKeptWords } from '../ui/use-kept-words.tsx'
import { useAct } from './use-act.ts'

const OVER: readonly TicketView['state'][] = [
  'draft',
  'rejected',
  'closed',
  'merged',
  'withdrawn',
  'discarded',
]

/** What was done so far (Đ17.2), and for a unit, who inside it works on the case (Đ17.4): lines of the history, no clock moves. */
export function WorkNotes({
  ticket,
  editor,
}: {
  readonly ticket: TicketView
  readonly editor: TicketEditor
}) {
  const desk = useConsole()
  const words = useKeptWords(`note:${ticket.code}`)
  const { text = '', handler = '' } = words.values
  const [problem, setProblem] = useState<string | null>(null)
  const { busy, act } = useAct(editor, setProblem)
  const role = desk.session.value?.person.role ?? 'admin'
  const givesWork = role === 'officer' || role === 'head'
  const mayWrite = role !== 'admin' && !OVER.includes(ticket.state)
  if (!mayWrite) return null
  const write = async (): Promise<void> => {
    setProblem(null)
    if (text.trim() === '') {
      setProblem('NOTE_REQUIRED')
      return
    }
    const named = handler.trim()
    const done = await act(
      (code) => desk.api.writeNote(code, { text, ...(named === '' ? {} : { handler: named }) }),
      named === '' ? t('note.done') : t('note.given', { handler: named }),
    )
    if (!done) return
    words.clear()
  }
  return (
    <details class="moves-folded" open={words.restored || undefined}>
      <summary>{t(givesWork ? 'note.titleUnit' : 'note.title')}</summary>
      <div class="move-form" role="group" aria-label={t('note.title')}>
        {words.restored && <Restored onDiscard={words.clear} />}
        <Field
          label={t('note.text')}
          rows={2}
          value={text}
          onInput={(typed) => {
            words.change({ text: typed })
          }}
          maxLength={4000}
          required
        />
        {givesWork && (
          <Field
            label={t('moveInput.optional', { label: t('note.handler') })}
            hint={t('note.handlerHint')}
            value={handler}
            onInput={(typed) => {
              words.change({ handler: typed })
            }}
            maxLength={160}
          />
        )}
        {problem !== null && (
          <p class="problem" role="alert">
            {errorText(problem)}
          </p>
        )}
        <div class="move-do">
          <Button icon="check" busy={busy} testId="note-send" onClick={() => void write()}>
            {t(handler.trim() === '' ? 'note.do' : 'note.give')}
          </Button>
        </div>
      </div>
    </details>
  )
}
