import { useState } from 'preact/hooks'
import type { RecordingView } from '../../recordings/contract.ts'
import { LIST_BOUND } from '../../platform/list-bound.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { Field } from '../ui/field.tsx'
import { clock, moment, size } from '../ui/format.ts'
import { Link } from '../ui/link.tsx'
import { Pager } from '../ui/pager.tsx'
import { useList, useSettled } from '../ui/use-list.ts'
import { Player } from './player.tsx'
import { Flags } from './recording-line.tsx'

const LIMIT = 50

/** All recordings, for supervisors: find one, hear it, see what is doubtful about it. */
export function RecordingsPage() {
  const desk = useConsole()
  const [q, setQ] = useState('')
  const [offset, setOffset] = useState(0)
  const [openId, setOpenId] = useState<number | null>(null)
  const key = useSettled(`${q.trim()}@${String(offset)}`, 200)
  const page = useList(`${key}#${String(desk.changes.value.recording)}`, () =>
    desk.api.recordings(q.trim(), offset, LIMIT),
  )
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('recordings.title')}</h1>
        <div class="filters" role="search">
          <Field
            label={t('recordings.search')}
            hideLabel
            type="search"
            value={q}
            onInput={(text) => {
              setOffset(0)
              setQ(text)
            }}
            placeholder={t('recordings.searchHint')}
            maxLength={200}
          />
        </div>
      </header>
      {page === null ? (
        <Skeleton rows={12} label={t('loading')} />
      ) : page.items.length === 0 ? (
        <Empty title={t('recordings.none')}>
          <p>{q === '' ? t('recordings.noneWhat') : t('tickets.notFoundWhat')}</p>
        </Empty>
      ) : (
        <>
          <ul class="recordings">
            {page.items.map((recording) => (
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
          <Pager offset={offset} limit={LIMIT} total={page.total} bound={LIST_BOUND} onOffset={setOffset} />
        </>
      )}
    </main>
  )
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
          disabled={!recording.playable}
          onClick={props.onToggle}
        />
        <span class="recording-when">{moment(recording.startedAt, minute.value)}</span>
        <span class="number recording-number">{number}</span>
        <span class="recording-kind">
          {t(`recordingKind.${recording.kind}`)}
          {recording.training && <span class="tag">{t('tag.training')}</span>}
        </span>
        <span class="recording-who">{recording.operatorName ?? t('recording.nobody')}</span>
        <span class="clock">{recording.durationMs === null ? '–' : clock(recording.durationMs / 1_000)}</span>
        <span class="recording-ticket">
          {recording.ticketCode !== null && (
            <Link to={`/tickets/${recording.ticketCode}`} class="code">
              {recording.ticketCode}
            </Link>
          )}
        </span>
        <span class={`recording-state recording-${recording.state}`}>
          {t(`recordingState.${recording.state}`)}
        </span>
      </div>
      <Flags flags={recording.flags} />
      {open && (
        <div class="recording-open">
          <Player recording={recording} autoPlay />
          {recording.sha256 !== null && recording.sizeBytes !== null && (
            <p class="quiet seal">
              {t('recording.seal', { size: size(recording.sizeBytes) })} <code>{recording.sha256}</code>
            </p>
          )}
        </div>
      )}
    </li>
  )
}
