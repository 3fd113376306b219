import { useState } from 'preact/hooks'
import type { TicketView } from '../../tickets/contract.ts'
import { codeOf } from '../api.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { errorText } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { FileList, FilePicker } from './file-picker.tsx'

/** Pictures and papers that go with the answer being written (R049): each is sent at once, and is the unit's own until the answer is given. */
export function AnswerDraftFiles(props: {
  readonly ticket: TicketView
  readonly onChanged: (ticket: TicketView) => void
  readonly onSending: (isSending: boolean) => void
}) {
  const { ticket, onChanged, onSending } = props
  const desk = useConsole()
  const [problem, setProblem] = useState<string | null>(null)
  const drop = async (id: number): Promise<void> => {
    setProblem(null)
    try {
      onChanged(await desk.api.dropAnswerFile(ticket.code, id))
    } catch (cause) {
      setProblem(codeOf(cause))
    }
  }
  return (
    <div class="attachments" role="group" aria-label={t('answerFiles.title')}>
      <FilePicker
        label={t('answerFiles.add')}
        onSending={onSending}
        send={async (file) => {
          onChanged(await desk.api.attachToAnswer(ticket.code, file))
        }}
      />
      <FileList
        code={ticket.code}
        files={ticket.draftFiles}
        after={({ id, name }) => (
          <Button
            kind="quiet"
            small
            icon="close"
            label={t('answerFiles.drop', { name })}
            onClick={() => {
              void drop(id)
            }}
          />
        )}
      />
      {problem !== null && (
        <p class="problem" role="alert">
          {errorText(problem)}
        </p>
      )}
    </div>
  )
}

/** What came with the unit's last answer; the citizen's own files are elsewhere. */
export function AnswerFiles({ ticket }: { readonly ticket: TicketView }) {
  if (ticket.answerFiles.length === 0) return null
  return (
    <section class="attachments" aria-label={t('answerFiles.of')}>
      <h3>{t('answerFiles.of')}</h3>
      <FileList code={ticket.code} files={ticket.answerFiles} />
    </section>
  )
}
