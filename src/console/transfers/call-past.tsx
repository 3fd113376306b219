import { Fragment } from 'preact'
import type { RecordingView } from '../../recordings/contract.ts'
import type { CallTimeline, TimelineSpan, TransferAttempt, TransferView } from '../../transfers/contract.ts'
import { t } from '../i18n/translate.ts'
import { RecordingLine } from '../recordings/recording-line.tsx'
import { now } from '../state/clock.ts'
import { clock, timeOfDay } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import {
  causeWord,
  consultOf,
  endSentence,
  outcomeWord,
  partyWord,
  pastFacts,
  readableSpans,
  talkedMs,
} from './past-words.ts'
import { SOUND_ICONS } from './transfer-running.tsx'
import { targetWord } from './transfer-words.ts'

/** A call that was put through: how it ended, who heard whom when, the numbers rung, and what was recorded. */
export function CallPast(props: {
  readonly past: CallTimeline
  /** Those of this call. */
  readonly recordings: readonly RecordingView[]
}) {
  const { past, recordings } = props
  const whole = recordings.filter(({ kind }) => kind === 'call')
  return (
    <div class="call-past">
      <p class="past-facts">
        <Icon name="transfer" />
        <span>{pastFacts(past).join(' · ')}</span>
      </p>
      <Talked past={past} />
      {whole.map((recording) => (
        <RecordingLine key={recording.id} recording={recording} />
      ))}
      <details open>
        <summary>{t('past.timeline')}</summary>
        <Timeline past={past} />
      </details>
      <details open>
        <summary>{t('past.attempts')}</summary>
        {past.transfers.map((transfer) => (
          <Attempts key={transfer.id} transfer={transfer} recordings={recordings} />
        ))}
      </details>
    </div>
  )
}

/** How long the agency spoke with each. Drawn each second only while somebody still does. */
function Talked({ past }: { readonly past: CallTimeline }) {
  const nowMs = past.spans.at(-1)?.to === null ? now.value : 0
  const withCitizen = talkedMs(past.spans, ['citizen', 'agency'], nowMs)
  const withOperator = talkedMs(past.spans, ['operator', 'agency'], nowMs)
  if (withCitizen + withOperator === 0) return null
  return (
    <p class="quiet past-talked">
      {withOperator > 0 && <span>{t('past.operatorTalked', { length: clock(withOperator / 1_000) })}</span>}
      {withCitizen > 0 && <span>{t('past.citizenTalked', { length: clock(withCitizen / 1_000) })}</span>}
    </p>
  )
}

function Timeline({ past }: { readonly past: CallTimeline }) {
  return (
    <ol class="timeline" aria-label={t('past.timeline')}>
      {readableSpans(past.spans).map((span) => (
        <Stretch key={span.from} span={span} past={past} />
      ))}
    </ol>
  )
}

function Stretch({ span, past }: { readonly span: TimelineSpan; readonly past: CallTimeline }) {
  const { from, to, groups } = span
  const end = endSentence(span, past)
  return (
    <li
      class={to === null ? 'stretch stretch-now' : 'stretch'}
      aria-current={to === null ? 'step' : undefined}
    >
      <time class="clock" dateTime={from}>
        {timeOfDay(from)}
      </time>
      <ul class="heard">
        {groups.map(({ members, sound }) => (
          <li key={members.join()} class={`heard-group sound-${sound}`}>
            <Icon name={SOUND_ICONS[sound]} />
            <span>
              {members.map((member, index) => (
                <Fragment key={member}>
                  {index > 0 && ' + '}
                  <Name word={partyWord(member, span, past)} />
                </Fragment>
              ))}{' '}
              {t(to === null ? `sound.${sound}` : `heard.${sound}`)}
            </span>
          </li>
        ))}
      </ul>
      <Elapsed from={from} to={to} />
      {end !== '' && <p class="quiet stretch-end">{end}</p>}
    </li>
  )
}

/** A number is not broken in two. */
function Name({ word }: { readonly word: string }) {
  return <b class={/\p{L}/u.test(word) ? undefined : 'number'}>{word}</b>
}

/** How long from one time to another, or until now. */
function Elapsed({ from, to }: { readonly from: string; readonly to: string | null }) {
  const until = to === null ? now.value : Date.parse(to)
  return (
    <span class="clock stretch-length" role={to === null ? 'timer' : undefined}>
      {clock((until - Date.parse(from)) / 1_000)}
    </span>
  )
}

function Attempts(props: { readonly transfer: TransferView; readonly recordings: readonly RecordingView[] }) {
  const { transfer, recordings } = props
  return (
    <ol class="chain" aria-label={t('past.attempts')}>
      {transfer.attempts.map((attempt, index) => (
        <Attempt key={index} attempt={attempt} transfer={transfer} recordings={recordings} />
      ))}
    </ol>
  )
}

function Attempt(props: {
  readonly attempt: TransferAttempt
  readonly transfer: TransferView
  readonly recordings: readonly RecordingView[]
}) {
  const { attempt, transfer, recordings } = props
  const { startedAt, answeredAt, acceptedAt, endedAt } = attempt
  const cause = causeWord(attempt)
  const consult = consultOf(attempt, recordings)
  return (
    <li class={`attempt attempt-${attempt.state}`}>
      <span class="attempt-who">{targetWord(attempt.target, attempt.number.display)}</span>
      {attempt.target.label !== '' && <span class="number">{attempt.number.display}</span>}
      <span class="attempt-state">{outcomeWord(attempt, transfer)}</span>
      {startedAt !== null && (
        <span class="attempt-fact">
          {t('past.rang')} <Elapsed from={startedAt} to={answeredAt ?? endedAt} />
        </span>
      )}
      {acceptedAt !== null && (
        <span class="attempt-fact">
          {t('past.talked')} <Elapsed from={acceptedAt} to={endedAt} />
        </span>
      )}
      {cause !== '' && <span class="attempt-fact">{cause}</span>}
      {consult !== undefined && <RecordingLine recording={consult} />}
    </li>
  )
}
