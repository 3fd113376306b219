import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import type { TicketEditor } from '../state/ticket-editor.ts'
import { Button } from '../ui/button.tsx'
import { liveHelp } from './live-help.ts'

interface Guess {
  readonly id: string
  readonly name: string
  readonly words: readonly string[]
}

/** The field the words are about, to be taken with one key; ignored, it goes away when another is chosen. */
export function FieldGuess({
  editor,
  onTake,
}: {
  readonly editor: TicketEditor
  readonly onTake: (fieldId: string) => void
}) {
  const categories = useConsole().directory.value?.categories ?? []
  const known = categories.flatMap(({ fields }) => fields)
  const guesses = liveHelp.value.fields.flatMap(({ fieldId, words }) =>
    known.filter(({ id }) => id === fieldId).map(({ id, name }) => ({ id, name, words })),
  )
  return <Guesses guesses={editor.form.value.fieldId === null ? guesses : []} onTake={onTake} />
}

/** The same for the ward, commune or special zone. */
export function AreaGuess({ editor }: { readonly editor: TicketEditor }) {
  const areas = useConsole().directory.value?.areas ?? []
  const area = editor.form.value.areaId === null ? liveHelp.value.area : null
  const guesses = areas
    .filter(({ id }) => id === area?.areaId)
    .map(({ id, name }) => ({ id, name, words: [] }))
  return (
    <Guesses
      guesses={guesses}
      onTake={(areaId) => {
        editor.edit({ areaId })
      }}
    />
  )
}

function Guesses(props: { readonly guesses: readonly Guess[]; readonly onTake: (id: string) => void }) {
  if (props.guesses.length === 0) return null
  return (
    <p class="guess">
      {props.guesses.map(({ id, name, words }, index) => (
        <Button
          key={id}
          small
          kind="quiet"
          testId={`guess-${id}`}
          label={t('guess.take', { name })}
          {...(words.length === 0 ? {} : { title: t('guess.why', { words: words.join(', ') }) })}
          {...(index === 0 ? { keys: 'Alt+L' } : {})}
          onClick={() => {
            props.onTake(id)
          }}
        >
          {t('guess.ask', { name })}
        </Button>
      ))}
    </p>
  )
}
