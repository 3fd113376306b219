import { useRef, useState } from 'preact/hooks'
import type { RecordingView } from '../../recordings/contract.ts'
import { LIST_BOUND } from '../ui/list-bound.ts'
import { DisclosedTo } from '../disclosures/disclosed-to.tsx'
import { KeepActions } from '../retention/keep-actions.tsx'
import { CallerNumber } from '../calls/caller-number.tsx'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { isReversed, useAddressDays } from '../state/address-days.ts'
import { useConsole } from '../state/console-context.ts'
import { isTyping } from '../state/shortcuts.ts'
import { Button } from '../ui/button.tsx'
import { olderDays } from '../ui/day-fields.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { clock, moment, size } from '../ui/format.ts'
import { Link } from '../ui/link.tsx'
import { Pager } from '../ui/pager.tsx'
import { useList, useSettled } from '../ui/use-list.ts'
import { Player } from './player.tsx'
import { Recheck } from './recheck.tsx'
import { Copy, Flags, stateWords } from './recording-line.tsx'
import { EVERYTHING, isEverything, queryOf, type RecordingSearch, SearchBar } from './search-bar.tsx'
import { RowWave } from './waveform.tsx'

const LIMIT = 50

/** All recordings, for supervisors: find one, hear it, see what is doubtful about it. */
export function RecordingsPage() {
  const desk = useConsole()
  const [others, setOthers] = useState(EVERYTHING)
  const [days, setDays] = useAddressDays()
  const search = { ...others, ...days }
  const [offset, setOffset] = useState(0)
  const asked = useRef({ ...queryOf(search), offset, limit: LIMIT })
  // Days the wrong way round are a slip of the hand: the rows stay, and the field says so.
  if (!isReversed(search)) asked.current = { ...queryOf(search), offset, limit: LIMIT }
  const key = useSettled(JSON.stringify(asked.current), 200)
  const page = useList(`${key}#${String(desk.changes.value.recording)}`, () =>
    desk.api.recordings(asked.current),
  )
  const find = (next: RecordingSearch): void => {
    setOffset(0)
    setOthers(next)
    setDays({ from: next.from, to: next.to })
  }
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('recordings.title')}</h1>
        <Link to="/retention">{t('retention.title')}</Link>
        <SearchBar search={search} onSearch={find} />
      </header>
      {page === null ? (
        <Skeleton rows={12} label={t('loading')} />
      ) : page.items.length === 0 ? (
        <Empty title={t(isEverything(search) ? 'recordings.none' : 'recordings.notFound')}>
          {isEverything(search) ? (
            <p>{t('recordings.noneWhat')}</p>
          ) : (
            <>
              <p>{t(page.isCut === true ? 'recordings.isCut' : 'recordings.notFoundWhat')}</p>
              <Button
                onClick={() => {
                  find(EVERYTHING)
                }}
              >
                {t('recordings.clear')}
              </Button>
            </>
          )}
        </Empty>
      ) : (
        <>
          {page.isCut === true && <p class="quiet">{t('recordings.isCut')}</p>}
          <Rows items={page.items} />
          <Pager
            offset={offset}
            limit={LIMIT}
            total={page.total}
            bound={LIST_BOUND}
            onOffset={setOffset}
            older={olderDays(page.items.at(-1)?.startedAt, days, (next) => {
              find({ ...search, ...next })
            })}
          />
        </>
      )}
    </main>
  )
}

/** Up and down go from row to row, Enter plays, Escape closes what is played. */
function Rows({ items }: { readonly items: readonly RecordingView[] }) {
  const [openId, setOpenId] = useState<number | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = event.target instanceof HTMLElement ? event.target.closest('.recording') : null
    if (row === null || isTyping(event.target) || event.ctrlKey || event.altKey || event.metaKey) return
    if (event.key === 'Escape' && openId !== null) {
      setOpenId(null)
      buttonOf(row)?.focus()
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const buttons = [...(list.current?.children ?? [])].map(buttonOf).filter((one) => one !== undefined)
      const step = event.key === 'ArrowDown' ? 1 : -1
      const here = [...(list.current?.children ?? [])].indexOf(row)
      buttons[here + step]?.focus()
      event.preventDefault()
    }
  }
  return (
    <ul class="recordings" ref={list} onKeyDown={onKeyDown}>
      {items.map((recording) => (
        <Row
          key={recording.id}
          recording={recording}
          open={openId === recording.id}
          onToggle={() => {
            setOpenId(openId === recording.id ? null : recording.id)
          }}
        />
      ))}
    </ul>
  )
}

function buttonOf(row: Element): HTMLButtonElement | undefined {
  return row.querySelector<HTMLButtonElement>('.recording-row > button') ?? undefined
}

function Row(props: {
  readonly recording: RecordingView
  readonly open: boolean
  readonly onToggle: () => void
}) {
  const { recording, open } = props
  const number = recording.numberDisplay === '' ? t('number.hidden') : recording.numberDisplay
  return (
    <li class="recording">
      <div class="recording-row">
        <Button
          small
          icon={open ? 'chevron' : 'play'}
          expanded={open}
          label={t('recording.listenTo', { number, at: moment(recording.startedAt, minute.value) })}
          // Not disabled: the arrows stop at it too, and a reader hears why there is nothing.
          {...(recording.playable ? { onClick: props.onToggle } : { title: whyNot(recording) })}
          kind={recording.playable ? 'plain' : 'quiet'}
        />
        <span class="recording-when">{moment(recording.startedAt, minute.value)}</span>
        <CallerNumber
          class="recording-number"
          callId={recording.callId}
          display={recording.numberDisplay}
          isMasked={recording.isNumberMasked}
        />
        <span class="recording-kind">
          {t(`recordingKind.${recording.kind}`)}
          {recording.training && <span class="tag">{t('tag.training')}</span>}
        </span>
        <span class="recording-who">{whoTook(recording)}</span>
        {recording.playable ? <RowWave id={recording.id} /> : <span class="row-wave" />}
        <span class="recording-length">
          {recording.durationMs === null ? '–' : clock(recording.durationMs / 1_000)}
        </span>
        <span class="recording-ticket">
          {recording.ticketCode !== null && (
            <Link to={`/tickets/${recording.ticketCode}`} class="code">
              {recording.ticketCode}
            </Link>
          )}
        </span>
        <span class={`recording-state recording-${recording.state}`}>{stateWords(recording)}</span>
      </div>
      <Flags recording={recording} />
      <Recheck recording={recording} />
      {open && (
        <div class="recording-open">
          <Player recording={recording} autoPlay />
          <DisclosedTo recordingId={recording.id} />
          {recording.state === 'stored' && <KeepActions recordingId={recording.id} />}
          <Copy copy={recording.copy} />
          {recording.sha256 !== null && recording.sizeBytes !== null && (
            <p class="quiet seal">
              {t(recording.copy?.isAlone === true ? 'recording.sealOf' : 'recording.seal', {
                size: size(recording.sizeBytes),
              })}{' '}
              <code>{recording.sha256}</code>
            </p>
          )}
        </div>
      )}
    </li>
  )
}

/** Who took the call. A test call may be taken by a script, which is nobody of the directory. */
function whoTook({ operatorName, answered, training }: RecordingView): string {
  if (operatorName !== null) return operatorName
  if (!answered) return t('recording.nobody')
  return t(training ? 'recording.scripted' : 'recording.someone')
}

function whyNot(recording: RecordingView): string {
  return recording.state === 'stored' ? t('recording.notAllowed') : stateWords(recording)
}
