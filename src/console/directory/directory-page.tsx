import { useState } from 'preact/hooks'
import type { ChangeList as Changes, UnitEntry } from '../../agencies/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { Check, Field } from '../ui/field.tsx'
import { useList } from '../ui/use-list.ts'
import { ChangeList } from './change-list.tsx'
import { RuleDialog } from './rule-dialog.tsx'
import { UnitCard } from './unit-card.tsx'
import { NewUnitDialog } from './unit-dialogs.tsx'
import { matches } from './words.ts'

const NO_CHANGES: Changes = { items: [], unseen: 0 }

/** All units: search, who is on duty, whom to ring; for those who keep it, its changes and their history. */
export function DirectoryPage() {
  const { book, changes, again, role } = useBook()
  const [q, setQ] = useState('')
  const [former, setFormer] = useState(false)
  const [onlyWrong, setOnlyWrong] = useState(false)
  const [doing, setDoing] = useState<'unit' | 'rule' | null>(null)
  const keeps = role === 'admin' || role === 'cityOffice'
  const shown = (book?.units ?? []).filter(
    (entry) =>
      (former || entry.standing !== 'over') &&
      (!onlyWrong || entry.warnings.length > 0) &&
      (q.trim() === '' || matches(entry.unit, q.trim())),
  )
  const close = (): void => {
    setDoing(null)
  }
  const done = (): void => {
    setDoing(null)
    again()
  }
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('directory.title')}</h1>
        <div class="filters" role="search">
          <Field
            label={t('directory.search')}
            hideLabel
            type="search"
            value={q}
            onInput={setQ}
            placeholder={t('directory.searchHint')}
            maxLength={100}
          />
          <Check label={t('directory.former')} checked={former} onChange={setFormer} />
          <Check label={t('directory.onlyWrong')} checked={onlyWrong} onChange={setOnlyWrong} />
        </div>
        {role === 'admin' && (
          <div class="row-actions">
            <Button
              onClick={() => {
                setDoing('rule')
              }}
            >
              {t('rules.change')}
            </Button>
            <Button
              kind="primary"
              icon="plus"
              onClick={() => {
                setDoing('unit')
              }}
            >
              {t('unit.new')}
            </Button>
          </div>
        )}
      </header>
      {keeps && (
        <History
          changes={changes}
          onDone={again}
          open={role === 'cityOffice' && (changes?.unseen ?? 0) > 0}
        />
      )}
      {book === null ? (
        <Skeleton rows={10} label={t('loading')} />
      ) : shown.length === 0 ? (
        <Empty title={t('directory.notFound')}>
          <p>{t('directory.notFoundWhat')}</p>
        </Empty>
      ) : (
        <Units
          units={shown}
          today={book.today}
          calendars={book.calendars}
          open={shown.length <= 2}
          onDone={again}
        />
      )}
      {book !== null && doing === 'unit' && (
        <NewUnitDialog today={book.today} calendars={book.calendars} onClose={close} onDone={done} />
      )}
      {book !== null && doing === 'rule' && <RuleDialog today={book.today} onClose={close} onDone={done} />}
    </main>
  )
}

/** A head's page (Đ17.2, Đ17.9): the own unit's officers, from a day on. */
export function OfficersPage() {
  const { book, changes, again, unitId } = useBook()
  const own = book?.units.filter(({ unit }) => unit.id === unitId) ?? []
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('officers.title')}</h1>
      </header>
      <p class="quiet">{t('officers.what')}</p>
      {book === null ? (
        <Skeleton rows={4} label={t('loading')} />
      ) : own.length === 0 ? (
        <Empty title={t('unit.goneTitle')}>
          <p>{t('unit.goneWhat')}</p>
        </Empty>
      ) : (
        <Units units={own} today={book.today} calendars={book.calendars} open onDone={again} />
      )}
      <History changes={changes} onDone={again} open />
    </main>
  )
}

/** Directory and changes, fetched again whenever somebody changes something. */
function useBook() {
  const desk = useConsole()
  const [round, setRound] = useState(0)
  const person = desk.session.value?.person
  const role = person?.role
  const key = `${String(round)}#${String(desk.changes.value.directory)}`
  const book = useList(key, desk.api.directoryUnits)
  const reads = role === 'admin' || role === 'cityOffice' || role === 'head'
  const changes = useList(key, () => (reads ? desk.api.directoryChanges({}) : Promise.resolve(NO_CHANGES)))
  const again = (): void => {
    setRound((before) => before + 1)
  }
  return { book, changes, again, role, unitId: person?.unitId ?? null }
}

function Units(props: {
  readonly units: readonly UnitEntry[]
  readonly today: string
  readonly calendars: readonly string[]
  readonly open: boolean
  readonly onDone: () => void
}) {
  return (
    <div class="unit-entries">
      {props.units.map((entry) => (
        <UnitCard
          key={entry.unit.id}
          entry={entry}
          today={props.today}
          calendars={props.calendars}
          open={props.open}
          onDone={props.onDone}
        />
      ))}
    </div>
  )
}

function History(props: {
  readonly changes: Changes | null
  readonly open: boolean
  readonly onDone: () => void
}) {
  const { changes } = props
  if (changes === null) return null
  const upcoming = changes.items.filter(({ state }) => state === 'upcoming').length
  return (
    <details class="section change-history" open={props.open}>
      <summary>
        <h2>{t('change.history')}</h2>
        {upcoming > 0 && <span class="tag tag-warn">{t('change.upcoming', { count: upcoming })}</span>}
        {changes.unseen > 0 && (
          <span class="tag tag-bad">{t('change.unseen', { count: changes.unseen })}</span>
        )}
      </summary>
      <div class="section-body">
        <ChangeList changes={changes.items} onDone={props.onDone} />
      </div>
    </details>
  )
}
