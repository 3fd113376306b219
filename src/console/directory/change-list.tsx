import { useState } from 'preact/hooks'
import type { ChangeView } from '../../agencies/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Empty } from '../ui/empty.tsx'
import { Field } from '../ui/field.tsx'
import { moment } from '../ui/format.ts'
import { changeSentence, dayWords } from './words.ts'

/** Changes as sentences, each with its day, who and on what; what is still to come can be taken back. */
export function ChangeList({
  changes,
  onDone,
}: {
  readonly changes: readonly ChangeView[]
  readonly onDone: () => void
}) {
  const [taking, setTaking] = useState<ChangeView | null>(null)
  if (changes.length === 0)
    return (
      <Empty title={t('change.none')}>
        <p>{t('change.noneWhat')}</p>
      </Empty>
    )
  return (
    <>
      <ol class="change-list">
        {changes.map((change) => (
          <ChangeLine
            key={change.id}
            change={change}
            onTake={() => {
              setTaking(change)
            }}
            onDone={onDone}
          />
        ))}
      </ol>
      {taking !== null && (
        <WithdrawDialog
          change={taking}
          onClose={() => {
            setTaking(null)
          }}
          onDone={() => {
            setTaking(null)
            onDone()
          }}
        />
      )}
    </>
  )
}

function ChangeLine(props: {
  readonly change: ChangeView
  readonly onTake: () => void
  readonly onDone: () => void
}) {
  const desk = useConsole()
  const { change } = props
  const { made, withdrawn, office } = change
  const isOffice = desk.session.value?.person.role === 'cityOffice'
  const sentence = changeSentence(change)
  const note = async (): Promise<void> => {
    try {
      await desk.api.noteChange(change.id)
      sayDone(t('change.noted'))
      props.onDone()
    } catch (cause) {
      sayFailure(cause)
    }
  }
  return (
    <li class={`change change-${change.state}`}>
      <p>
        <span class={change.state === 'upcoming' ? 'tag tag-warn' : 'tag'}>
          {t(`changeState.${change.state}`)}
        </span>{' '}
        <strong>{t('change.fromDay', { day: dayWords(change.effectiveOn, minute.value) })}</strong>{' '}
        <span class={withdrawn === null ? undefined : 'change-gone'}>{sentence}</span>
      </p>
      <p class="quiet">
        {t('change.by', { name: made.name ?? '', at: moment(made.at, minute.value), why: change.why })}
      </p>
      {withdrawn !== null && (
        <p class="quiet">
          {t('change.takenBack', {
            name: withdrawn.name ?? '',
            at: moment(withdrawn.at, minute.value),
            why: withdrawn.why,
          })}
        </p>
      )}
      {office.seen !== null && (
        <p class="quiet">
          {t('change.notedBy', { name: office.seen.name ?? '', at: moment(office.seen.at, minute.value) })}
        </p>
      )}
      {office.needed && office.seen === null && withdrawn === null && !isOffice && (
        <p class="quiet">{t('change.awaitsOffice')}</p>
      )}
      <div class="row-actions">
        {isOffice && office.needed && office.seen === null && withdrawn === null && (
          <Button
            small
            kind="good"
            icon="check"
            label={t('change.noteOf', { what: sentence })}
            onClick={() => {
              void note()
            }}
          >
            {t('change.note')}
          </Button>
        )}
        {change.mayWithdraw && (
          <Button small label={t('change.takeBackOf', { what: sentence })} onClick={props.onTake}>
            {t('change.takeBackDo')}
          </Button>
        )}
      </div>
    </li>
  )
}

function WithdrawDialog(props: {
  readonly change: ChangeView
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const desk = useConsole()
  const [why, setWhy] = useState('')
  const isSaid = why.trim().length >= 3
  const withdraw = async (): Promise<void> => {
    if (!isSaid) return
    try {
      await desk.api.withdrawChange(props.change.id, { why: why.trim() })
      sayDone(t('change.takenBackDone'))
      props.onDone()
    } catch (cause) {
      sayFailure(cause)
    }
  }
  return (
    <Dialog title={t('change.takeBack')} onClose={props.onClose}>
      <p>{changeSentence(props.change)}</p>
      <Field
        label={t('change.takeBackWhy')}
        value={why}
        onInput={setWhy}
        maxLength={500}
        required
        autoFocus
        onEnter={() => {
          void withdraw()
        }}
      />
      <div class="dialog-actions">
        <Button
          kind="primary"
          disabled={!isSaid}
          onClick={() => {
            void withdraw()
          }}
        >
          {t('change.takeBackDo')}
        </Button>
      </div>
    </Dialog>
  )
}
