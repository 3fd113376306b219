import { useState } from 'preact/hooks'
import type {
  CalendarPreview,
  CalendarProblem,
  CalendarTable,
  RecountPreview,
  SavedCalendar,
} from '../../deadlines/contract.ts'
import { type Failure, failureOf } from '../api.ts'
import { t } from '../i18n/translate.ts'
import type { CalendarDraft } from '../state/calendar-drafts.ts'
import { minute } from '../state/clock.ts'
import { errorText, sayDone } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { moment } from '../ui/format.ts'
import { Link } from '../ui/link.tsx'
import { differenceText } from './difference-words.ts'

export interface ReviewCalls {
  readonly preview: (id: string, body: { base: number; table: CalendarTable }) => Promise<CalendarPreview>
  readonly save: (
    id: string,
    body: { base: number; table: CalendarTable; reason: string },
  ) => Promise<SavedCalendar>
}

/** First what would change, then the saving: nobody moves the due times of a city unseen. */
export function CalendarReview(props: {
  readonly id: string
  readonly draft: CalendarDraft
  readonly isChanged: boolean
  readonly calls: ReviewCalls
  readonly onReason: (reason: string) => void
  readonly onProblems: (problems: readonly CalendarProblem[]) => void
  readonly onSaved: () => void
  /** Somebody else saved: go on with the same changes on top of theirs. */
  readonly onRebase: () => void
}) {
  const { id, draft, calls } = props
  const [seen, setSeen] = useState<{ readonly of: CalendarTable; readonly preview: CalendarPreview } | null>(
    null,
  )
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState(false)
  // What was looked at must be what is saved.
  const preview = seen?.of === draft.table ? seen.preview : null

  const work = async (ask: () => Promise<void>): Promise<void> => {
    if (busy) return
    setBusy(true)
    setFailure(null)
    try {
      await ask()
    } catch (cause) {
      setFailure(failureOf(cause))
    }
    setBusy(false)
  }
  const look = () =>
    work(async () => {
      const { base, table } = draft
      const found = await calls.preview(id, { base, table })
      props.onProblems(found.problems)
      setSeen(found.problems.length === 0 ? { of: table, preview: found } : null)
    })
  const save = () =>
    work(async () => {
      setTried(true)
      const { base, table } = draft
      const reason = draft.reason.trim()
      if (reason === '') return
      const { revision, changed, behind } = await calls.save(id, { base, table, reason })
      sayDone(
        t(behind ? 'calendar.savedBehind' : 'calendar.saved', { number: revision.number, count: changed }),
      )
      props.onSaved()
    })

  return (
    <div class="calendar-review">
      <h3>{t('calendar.review')}</h3>
      <Field
        label={t('calendar.reason')}
        value={draft.reason}
        onInput={props.onReason}
        maxLength={240}
        required
        {...(tried && draft.reason.trim() === ''
          ? { error: t('calendar.reasonMissing') }
          : { hint: t('calendar.reasonHint') })}
      />
      <div class="row-actions">
        <Button busy={busy} disabled={!props.isChanged} onClick={() => void look()}>
          {t('calendar.preview')}
        </Button>
        <Button kind="primary" busy={busy} disabled={preview === null} onClick={() => void save()}>
          {t('calendar.save')}
        </Button>
      </div>
      <div role="status" class="calendar-effect">
        {!props.isChanged && <p class="quiet">{t('calendar.nothingChanged')}</p>}
        {props.isChanged && preview === null && <p class="quiet">{t('calendar.previewFirst')}</p>}
        {preview !== null && <Effect preview={preview} />}
      </div>
      {failure !== null && (
        <div class="problem" role="alert">
          <p>{errorText(failure.code)}</p>
          {failure.code === 'CALENDAR_CHANGED' && (
            <Button
              small
              onClick={() => {
                setFailure(null)
                props.onRebase()
              }}
            >
              {t('calendar.rebase')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

function Effect({ preview }: { readonly preview: CalendarPreview }) {
  const { differences, recount } = preview
  return (
    <>
      <ul class="difference-list">
        {differences.map((difference) => (
          <li key={JSON.stringify(difference)}>{differenceText(difference)}</li>
        ))}
      </ul>
      {recount !== null && <Recount recount={recount} />}
    </>
  )
}

function Recount({ recount }: { readonly recount: RecountPreview }) {
  const { open, changed, earlier, later, overdue, undated, dated, first } = recount
  if (changed === 0) return <p>{t('calendar.effect.none', { open })}</p>
  const parts = [
    t('calendar.effect.changed', { changed, open }),
    t('calendar.effect.earlier', { earlier }),
    t('calendar.effect.later', { later }),
    ...(dated > 0 ? [t('calendar.effect.dated', { dated })] : []),
    ...(undated > 0 ? [t('calendar.effect.undated', { undated })] : []),
  ]
  const due = (at: string | null): string => (at === null ? t('event.noDue') : moment(at, minute.value))
  return (
    <>
      <p>
        <strong>{parts.join(', ')}</strong>
        {overdue > 0 && <span class="tag tag-bad">{t('calendar.effect.overdue', { overdue })}</span>}
      </p>
      <ul class="effect-list">
        {first.map(({ code, kind, oldDueAt, newDueAt, overdue: isOverdue }) => (
          <li key={`${code}${kind}`}>
            <Link to={`/tickets/${code}`}>{code}</Link> {t(`deadline.${kind}`)}: {due(oldDueAt)} →{' '}
            {due(newDueAt)} {isOverdue && <span class="tag tag-bad">{t('calendar.effect.isOverdue')}</span>}
          </li>
        ))}
      </ul>
    </>
  )
}
