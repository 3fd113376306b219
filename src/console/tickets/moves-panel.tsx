import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { TicketMove, TicketView } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { errorText } from '../state/failure-words.ts'
import type { TicketEditor } from '../state/ticket-editor.ts'
import { navigate, route } from '../state/route.ts'
import { wantedMove } from '../state/wanted-move.ts'
import { Button } from '../ui/button.tsx'
import { useKeptWords } from '../ui/use-kept-words.tsx'
import { usualDueOf } from './directed-due.tsx'
import { MoveForm, type MoveProblem } from './move-form.tsx'
import {
  missingCode,
  missingInput,
  MOVE_FORMS,
  moveBody,
  type MoveInput,
  offeredMoves,
  prefilled,
  SECOND_STEPS,
} from './move-fields.ts'
import { useAct } from './use-act.ts'

/** What may be done with the case, as the server offers it: the likely next thing in front, one form open at a time. */
export function MovesPanel(props: { readonly ticket: TicketView; readonly editor: TicketEditor }) {
  const { ticket } = props
  const moves = useMoves(props)
  const section = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const back = moves.focusNext.current
    moves.focusNext.current = null
    // What had the cursor is gone: the next key must not begin again at the top of the page.
    if (back === 'panel') (section.current ?? document.getElementById('main'))?.focus({ preventScroll: true })
    else if (back !== null)
      section.current?.querySelector<HTMLElement>(`[data-testid="move-${back}"]`)?.focus()
  })
  const { likely, others, shown } = moves
  if (likely === null && others.length === 0 && moves.kept === '') return null
  const form = shown !== null && (
    <MoveForm
      key={shown}
      move={shown}
      ticket={ticket}
      busy={moves.busy}
      problem={moves.problem}
      restored={moves.restored ? moves.discard : null}
      takeFocus={moves.openedByHand}
      valueOf={moves.valueOf}
      onInput={moves.input}
      onSend={moves.send}
      onTicket={props.editor.attach}
      onClose={moves.close}
    />
  )
  const button = (move: TicketMove, kind: 'primary' | 'plain') => (
    <Button
      key={move}
      kind={kind}
      small={kind === 'plain'}
      busy={moves.busy}
      testId={`move-${move}`}
      {...(MOVE_FORMS[move].inputs.length === 0 && !MOVE_FORMS[move].isFinal
        ? {}
        : { expanded: shown === move })}
      onClick={() => {
        moves.press(move)
      }}
    >
      {t(`move.${move}`)}
    </Button>
  )
  return (
    <section
      ref={section}
      class={likely === null ? 'moves' : 'moves next'}
      aria-label={t('moves.title')}
      tabIndex={-1}
    >
      {moves.kept !== '' && (
        <div class="moves-kept" role="alert">
          <p class="problem">{errorText('ACTION_NOT_POSSIBLE')}</p>
          <p>{t('moves.kept')}</p>
          <p class="moves-words">{moves.kept}</p>
          <Button small kind="quiet" onClick={moves.discard}>
            {t('kept.discard')}
          </Button>
        </div>
      )}
      {likely !== null && (shown === likely ? form : button(likely, shown === null ? 'primary' : 'plain'))}
      {shown === null && moves.problem !== null && (
        <p class="problem" role="alert">
          {errorText(moves.problem.code)}
        </p>
      )}
      {others.length > 0 && (
        <details
          class="moves-others"
          open={moves.othersOpen}
          onToggle={(event) => {
            moves.setOthersOpen(event.currentTarget.open)
          }}
        >
          <summary>
            {t(likely === null ? 'moves.only' : 'moves.others')} <span class="count">{others.length}</span>
          </summary>
          <div class="moves-buttons">{others.map((move) => button(move, 'plain'))}</div>
          {shown !== null && shown !== likely && form}
        </details>
      )}
    </section>
  )
}

/** The step that a refused one leads to, where the server offers it. */
function secondStep(code: string, actions: readonly string[]): TicketMove | undefined {
  const moves = Object.keys(SECOND_STEPS) as TicketMove[]
  return moves.find((move) => SECOND_STEPS[move]?.after === code && actions.includes(move))
}

/** The step whose form was being filled in when the page went away. */
function keptMove(name: string | undefined): TicketMove | null {
  return name !== undefined && Object.hasOwn(MOVE_FORMS, name) ? (name as TicketMove) : null
}

/** What somebody came for, where the case as it is now allows it. */
function chosenInList({ code, actions }: TicketView): TicketMove | null {
  const wanted = wantedMove.value
  return wanted !== null && wanted.code === code && actions.includes(wanted.move) ? wanted.move : null
}

/** From the head of a long case to what is to be done with it. */
export function goToMoves(): void {
  const places = ['.moves .move-form textarea, .moves .move-form input', '.moves .button-primary']
  const place = places.map((selector) => document.querySelector<HTMLElement>(selector)).find((found) => found)
  place?.focus()
  place?.closest('.moves')?.scrollIntoView({ block: 'nearest' })
}

/** Which form is open and what stands in it; survives whatever others do to the case meanwhile. */
function useMoves({ ticket, editor }: { readonly ticket: TicketView; readonly editor: TicketEditor }) {
  const desk = useConsole()
  const { likely, others } = offeredMoves(ticket.state, ticket.actions)
  const words = useKeptWords(`move:${ticket.code}`)
  /** 'first': what the state makes likely, as long as nobody has chosen or closed anything. */
  const [chosen, setChosen] = useState<TicketMove | 'first' | 'none'>(
    () => chosenInList(ticket) ?? keptMove(words.values['$move']) ?? 'first',
  )
  const [openedByHand, setOpenedByHand] = useState(() => chosenInList(ticket) !== null)
  useEffect(() => {
    wantedMove.value = null
  }, [])
  const [othersOpen, setOthersOpen] = useState(false)
  const [problem, setProblem] = useState<MoveProblem | null>(null)
  const focusNext = useRef<TicketMove | 'panel' | null>(null)
  const first = likely !== null && MOVE_FORMS[likely].inputs.length > 0 ? likely : null
  const wanted = chosen === 'first' ? first : chosen === 'none' ? null : chosen
  const gone = wanted !== null && !ticket.actions.includes(wanted)
  const shown = gone ? null : wanted
  /** Words typed into a form that the case has left behind: shown, so that nobody has to remember them. */
  const kept = gone
    ? Object.entries(words.values)
        .filter(([name, text]) => !name.startsWith('$') && text.trim() !== '')
        .map(([, text]) => text)
        .join('\n')
    : ''

  const { busy, act } = useAct(editor, (code) => {
    setProblem({ code })
    // The same words go on to the City Office, or to the head, when the officer says so.
    const second = secondStep(code, editor.ticket.value?.actions ?? [])
    if (second !== undefined) setChosen(second)
  })

  const valueOf = (name: MoveInput): string =>
    words.values[name] ??
    (shown === null
      ? ''
      : name === 'dueAt'
        ? usualDueOf(valueOf('unitId'))
        : prefilled(shown, name, ticket, minute.value))

  const sendMove = async (move: TicketMove): Promise<void> => {
    setProblem(null)
    const done = await act(
      (code, version) =>
        desk.api.moveTicket(code, moveBody(move, { ...ticket, version }, valueOf, ticket.draftFiles)),
      t(`move.done.${move}`),
    )
    if (!done) return
    // Nothing is left of it to look at.
    if (move === 'discard') {
      words.clear()
      desk.closeCase()
      if (route.value.page === 'ticket') navigate('/tickets')
      return
    }
    focusNext.current = 'panel'
    words.clear()
    setChosen('first')
    setOpenedByHand(false)
    setOthersOpen(false)
  }

  return {
    likely,
    others,
    shown,
    kept,
    busy,
    problem,
    openedByHand,
    restored: words.restored && (gone ? kept !== '' : shown === keptMove(words.values['$move'])),
    discard: (): void => {
      words.clear()
      setProblem(null)
    },
    othersOpen: othersOpen || (shown !== null && shown !== likely),
    setOthersOpen,
    focusNext,
    valueOf,
    input: (name: MoveInput, value: string): void => {
      setProblem(null)
      words.change({ [name]: value, ...(shown === null ? {} : { $move: shown }) })
    },
    /** A move without questions that can be undone by going on is done at once; others open their form, or close it. */
    press: (move: TicketMove): void => {
      const { inputs, isFinal } = MOVE_FORMS[move]
      setProblem(null)
      if (inputs.length === 0 && !isFinal) {
        void sendMove(move)
        return
      }
      setOpenedByHand(true)
      setOthersOpen(move !== likely)
      setChosen(shown === move ? 'none' : move)
    },
    send: (): void => {
      if (shown === null || busy) return
      const missing = missingInput(shown, valueOf, ticket)
      if (missing === null) void sendMove(shown)
      else setProblem({ code: missingCode(shown, missing) })
    },
    close: (): void => {
      const first = shown === null ? undefined : SECOND_STEPS[shown]?.of
      focusNext.current = first !== undefined && others.includes(first) ? first : shown
      setProblem(null)
      setChosen('none')
    },
  }
}
