import { useLayoutEffect, useRef } from 'preact/hooks'
import type { TicketKind } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { errorText } from '../state/failure-words.ts'
import { useConsole } from '../state/console-context.ts'
import type { TicketEditor } from '../state/ticket-editor.ts'
import { isTyping } from '../state/shortcuts.ts'
import { Button } from '../ui/button.tsx'
import { Combobox } from '../ui/combobox.tsx'
import { Check, Chips, Field } from '../ui/field.tsx'
import { AnswerFiles } from './answer-files.tsx'
import { Attachments } from './attachments.tsx'
import { CaseClock } from './case-clock.tsx'
import { CoHandlingPanel } from './co-handling-panel.tsx'
import { Checklist } from './checklist.tsx'
import { Conflicts } from './conflicts.tsx'
import { AreaGuess, FieldGuess } from './guess.tsx'
import { goToMoves, MovesPanel } from './moves-panel.tsx'
import { NextStep } from './next-step.tsx'
import { ReporterFields } from './reporter-fields.tsx'
import { SaveMark } from './save-mark.tsx'
import { Slips } from './slips.tsx'
import { TicketHead } from './ticket-head.tsx'
import { WorkNotes } from './work-notes.tsx'

const KINDS = [
  'reflection',
  'petition',
  'request',
  'question',
  'suggestion',
  'initiative',
] as const satisfies readonly TicketKind[]

/** The case as a form: content first, because that is what the citizen says first. It saves itself. */
export function TicketForm(props: {
  readonly editor: TicketEditor
  /** A citizen is on the line: the cursor goes to the content, unless somebody is writing elsewhere. */
  readonly takeFocus: boolean
  readonly onClose?: (() => void) | undefined
}) {
  const { editor, takeFocus } = props
  const root = useRef<HTMLFormElement>(null)
  const ticket = editor.ticket.value
  const form = editor.form.value
  const locked = ticket !== null && !ticket.actions.includes('save')

  useLayoutEffect(() => {
    const content = root.current?.querySelector('textarea')
    if (takeFocus && content instanceof HTMLTextAreaElement && !isTyping(document.activeElement)) {
      content.focus({ preventScroll: true })
    }
  }, [editor, takeFocus])

  return (
    <form
      ref={root}
      class="ticket"
      data-testid="ticket-form"
      aria-label={t('ticket.title')}
      onSubmit={(event) => {
        event.preventDefault()
      }}
    >
      <div class="ticket-bar">
        <TicketHead ticket={ticket} />
        <SaveMark editor={editor} />
        {props.onClose !== undefined && (
          <Button kind="quiet" small icon="close" label={t('ticket.close')} onClick={props.onClose} />
        )}
      </div>
      {editor.saveState.value === 'refused' && editor.problem.value !== null && (
        <p class="problem" role="alert">
          {errorText(editor.problem.value)}
        </p>
      )}
      <Conflicts editor={editor} />
      {ticket !== null && <CaseClock ticket={ticket} onNext={goToMoves} />}
      <fieldset class="plain" disabled={locked}>
        <Field
          label={t('field.content')}
          id="ticket-content"
          name="content"
          rows={5}
          value={form.content}
          onInput={(content) => {
            editor.edit({ content })
          }}
          placeholder={t('field.contentHint')}
          maxLength={8000}
          required
        />
        <Chips
          legend={t('field.kind')}
          value={form.kind}
          options={KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
          onChange={(kind) => {
            editor.edit({ kind })
          }}
        />
        <div class="row">
          <FieldChoice editor={editor} />
          <Field
            label={t('field.title')}
            name="title"
            value={form.title}
            onInput={(title) => {
              editor.edit({ title })
            }}
            maxLength={160}
          />
        </div>
        <div class="row">
          <Field
            label={t('field.place')}
            name="place"
            value={form.place}
            onInput={(place) => {
              editor.edit({ place })
            }}
            maxLength={240}
            placeholder={t('field.placeHint')}
          />
          <AreaChoice editor={editor} />
        </div>
        <ReporterFields editor={editor} />
        <div class="row row-checks">
          <Check
            label={t('field.urgent')}
            checked={form.urgent}
            onChange={(urgent) => {
              editor.edit({ urgent })
            }}
          />
          <Check
            label={t('field.confidential')}
            checked={form.confidential}
            onChange={(confidential) => {
              editor.edit({ confidential })
            }}
          />
        </div>
      </fieldset>
      {ticket !== null && (
        <>
          <Checklist ticket={ticket} />
          <Attachments ticket={ticket} onChanged={editor.attach} />
          <AnswerFiles ticket={ticket} />
          <Slips ticket={ticket} />
          <CoHandlingPanel key={`co ${ticket.code}`} ticket={ticket} editor={editor} />
          <MovesPanel key={`moves ${ticket.code}`} ticket={ticket} editor={editor} />
          <WorkNotes key={`notes ${ticket.code}`} ticket={ticket} editor={editor} />
          <NextStep key={ticket.code} ticket={ticket} editor={editor} />
        </>
      )}
    </form>
  )
}

function FieldChoice({ editor }: { readonly editor: TicketEditor }) {
  const categories = useConsole().directory.value?.categories ?? []
  const options = categories.flatMap((category) =>
    category.fields.map((field) => ({ value: field.id, label: field.name, hint: category.name })),
  )
  const choose = (fieldId: string | null): void => {
    const category = categories.find((candidate) => candidate.fields.some((field) => field.id === fieldId))
    editor.edit({ fieldId, categoryId: category?.id ?? null })
  }
  return (
    <div class="guessed">
      <Combobox
        label={t('field.field')}
        value={editor.form.value.fieldId}
        options={options}
        onChange={choose}
      />
      <FieldGuess editor={editor} onTake={choose} />
    </div>
  )
}

function AreaChoice({ editor }: { readonly editor: TicketEditor }) {
  const areas = useConsole().directory.value?.areas ?? []
  return (
    <div class="guessed">
      <Combobox
        label={t('field.area')}
        value={editor.form.value.areaId}
        options={areas.map((area) => ({ value: area.id, label: area.name }))}
        onChange={(areaId) => {
          editor.edit({ areaId })
        }}
      />
      <AreaGuess editor={editor} />
    </div>
  )
}
