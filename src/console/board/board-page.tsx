import { useEffect, useState } from 'preact/hooks'
import type { Board, BoardOperator } from '../../board/contract.ts'
import { CallerNumber } from '../calls/caller-number.tsx'
import { t } from '../i18n/translate.ts'
import { now } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { presenceWord } from '../queue/presence-card.tsx'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { clock, secondsSince } from '../ui/format.ts'
import { Supervision } from './supervision.tsx'
import { SteerDialog, type Steering } from './steer-dialog.tsx'

const EVERY_MS = 1_000
/** From here on a wait is shown as long (R020: nobody should wait unheard). */
const LONG_WAIT_SECONDS = 60

/** The floor at this moment, to be read from across the room (R020). */
export function BoardPage() {
  const { board, isStale, show } = useBoard()
  const [steering, setSteering] = useState<Steering | null>(null)
  const close = (): void => {
    setSteering(null)
  }
  const present = board?.operators.filter(({ presence }) => presence.state !== 'offline') ?? []
  const absent = board?.operators.filter(({ presence }) => presence.state === 'offline') ?? []
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('board.title')}</h1>
        {isStale && (
          <p class="note note-bad" role="alert">
            {t('board.stale')}
          </p>
        )}
      </header>
      {board === null ? (
        <Skeleton rows={8} label={t('loading')} />
      ) : (
        <>
          <Figures
            board={board}
            ready={present.filter(({ presence }) => presence.state === 'ready').length}
          />
          {present.length === 0 ? (
            <Empty title={t('board.nobody')}>
              <p>{t('board.nobodyWhat')}</p>
            </Empty>
          ) : (
            <ul class="tiles">
              {present.map((operator) => (
                <Tile key={operator.personId} operator={operator} onSteer={setSteering} onDone={show} />
              ))}
            </ul>
          )}
          {absent.length > 0 && (
            <p class="quiet board-absent">
              {t('board.absent', { names: absent.map(({ name }) => name).join(', ') })}
            </p>
          )}
        </>
      )}
      {steering !== null && <SteerDialog steering={steering} onClose={close} onDone={show} />}
    </main>
  )
}

/** Asked each second while somebody looks; an answer that does not come is said, and what was known stays. */
function useBoard() {
  const { api } = useConsole()
  const [board, setBoard] = useState<Board | null>(null)
  const [isStale, setStale] = useState(false)
  useEffect(() => {
    let isShown = true
    let isAsking = false
    const ask = async (): Promise<void> => {
      if (isAsking || document.hidden) return
      isAsking = true
      try {
        const found = await api.board()
        if (isShown) {
          setBoard(found)
          setStale(false)
        }
      } catch {
        if (isShown) setStale(true)
      } finally {
        isAsking = false
      }
    }
    void ask()
    const timer = setInterval(() => void ask(), EVERY_MS)
    return () => {
      isShown = false
      clearInterval(timer)
    }
  }, [])
  return { board, isStale, show: setBoard }
}

function Figures({ board, ready }: { readonly board: Board; readonly ready: number }) {
  const { waiting, longestSince, today } = board
  const decided = today.answered + today.abandoned + today.diverted
  const longest = longestSince === null ? 0 : secondsSince(longestSince, now.value)
  return (
    <dl class="board-figures">
      <Figure name={t('board.waiting')} value={String(waiting)} isBad={waiting > 0 && ready === 0} />
      <Figure
        name={t('board.longest')}
        value={longestSince === null ? '–' : clock(longest)}
        isBad={longest >= LONG_WAIT_SECONDS}
      />
      <Figure name={t('board.ready')} value={String(ready)} isBad={ready === 0} />
      <Figure
        name={t('board.inTime')}
        value={decided === 0 ? '–' : `${String(Math.round((today.inTime / decided) * 100))}%`}
        what={t('board.inTimeOf', { inTime: today.inTime, decided })}
      />
      <Figure
        name={t('board.abandoned')}
        value={String(today.abandoned)}
        what={t('board.diverted', { count: today.diverted })}
      />
    </dl>
  )
}

function Figure(props: {
  readonly name: string
  readonly value: string
  readonly what?: string
  readonly isBad?: boolean
}) {
  return (
    <div class={props.isBad === true ? 'board-figure board-figure-bad' : 'board-figure'}>
      <dt>{props.name}</dt>
      <dd>
        <b>{props.value}</b>
        {props.what !== undefined && <span class="quiet">{props.what}</span>}
      </dd>
    </div>
  )
}

function Tile(props: {
  readonly operator: BoardOperator
  readonly onSteer: (steering: Steering) => void
  readonly onDone: (board: Board) => void
}) {
  const { operator, onSteer } = props
  const { presence, call, name } = operator
  const isPausing = presence.state === 'onCall' && presence.next === 'paused'
  return (
    <li class={`tile presence-${presence.state}`}>
      <h2>{name}</h2>
      <p class="tile-state">
        <span class="state-shape" aria-hidden="true" />
        <span>{presenceWord(presence)}</span>
        <b role="timer">{clock(secondsSince(presence.since, now.value))}</b>
      </p>
      <p class="tile-call">
        {call !== null && (
          <>
            <CallerNumber
              key={call.callId}
              callId={call.callId}
              display={call.display}
              isMasked={call.isMasked}
            />
            {call.state === 'held' && <span class="tag">{t('track.held')}</span>}
            {call.direction === 'out' && <span class="tag">{t('board.outgoing')}</span>}
          </>
        )}
        {isPausing && <span class="tag tag-warn">{t('board.pausing')}</span>}
      </p>
      <Supervision operator={operator} onDone={props.onDone} />
      <div class="tile-actions">
        {presence.state !== 'paused' && !isPausing && (
          <Button
            small
            icon="pause"
            label={t('board.pauseOf', { name })}
            onClick={() => {
              onSteer({ operator, what: 'pause' })
            }}
          >
            {t('board.pause')}
          </Button>
        )}
        {presence.state !== 'onCall' && (
          <Button
            small
            kind="quiet"
            label={t('board.signOutOf', { name })}
            onClick={() => {
              onSteer({ operator, what: 'signOut' })
            }}
          >
            {t('board.signOut')}
          </Button>
        )}
      </div>
    </li>
  )
}
