import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { UnitEntry, UnitPerson } from '../../agencies/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { Button } from '../ui/button.tsx'
import { ChangePersonDialog, EndPersonDialog, NewPersonDialog } from './person-dialog.tsx'
import { ChangeUnitDialog, CloseUnitDialog } from './unit-dialogs.tsx'
import { dayWords, shiftWords } from './words.ts'

type Doing =
  | { readonly what: 'add'; readonly replaced: UnitPerson | null }
  | { readonly what: 'change' | 'end'; readonly person: UnitPerson }
  | { readonly what: 'changeUnit' | 'closeUnit' }

interface CardProps {
  readonly entry: UnitEntry
  readonly today: string
  readonly calendars: readonly string[]
  readonly open: boolean
  readonly onDone: () => void
}

/** One unit: who answers there, who is on duty, what is wrong with it, and what its reader may change. */
export function UnitCard(props: CardProps) {
  const { unit, standing, warnings, successorName, mayChange } = props.entry
  const [doing, setDoing] = useState<Doing | null>(null)
  return (
    <details class={`unit-entry unit-${standing}`} open={props.open}>
      <summary>
        <span class="unit-name">{unit.name}</span>
        <span class="quiet">{t(`unitType.${unit.type}`)}</span>
        {standing === 'upcoming' && unit.validFrom !== undefined && (
          <span class="tag tag-warn">
            {t('unit.begins', { day: dayWords(unit.validFrom, minute.value) })}
          </span>
        )}
        {standing === 'over' && unit.validTo !== undefined && (
          <span class="tag">
            {t(successorName === null ? 'unit.ended' : 'unit.endedFor', {
              day: dayWords(unit.validTo, minute.value),
              unit: successorName ?? '',
            })}
          </span>
        )}
        {warnings.map((warning) => (
          <span key={warning} class="tag tag-bad">
            {t(`unitWarning.${warning}`)}
          </span>
        ))}
      </summary>
      <dl class="unit-facts">
        <Fact name={t('unit.duty')}>{unit.dutyPhone}</Fact>
        <Fact name={t('unit.address')}>{unit.address}</Fact>
        <Fact name={t('unit.smsName')}>{unit.smsName}</Fact>
        <Fact name={t('unit.calendar')}>{unit.calendar ?? t('unit.cityHours')}</Fact>
      </dl>
      <People {...props} onDoing={setDoing} />
      {mayChange !== 'nothing' && (
        <div class="row-actions">
          <Button
            small
            icon="plus"
            label={t(mayChange === 'officers' ? 'person.addOfficerTo' : 'person.addTo', { unit: unit.name })}
            onClick={() => {
              setDoing({ what: 'add', replaced: null })
            }}
          >
            {t(mayChange === 'officers' ? 'person.addOfficer' : 'person.add')}
          </Button>
          {mayChange === 'all' && (
            <>
              <Button
                small
                label={t('unit.change', { unit: unit.name })}
                onClick={() => {
                  setDoing({ what: 'changeUnit' })
                }}
              >
                {t('unit.changeDo')}
              </Button>
              <Button
                small
                kind="quiet"
                label={t('unit.close', { unit: unit.name })}
                onClick={() => {
                  setDoing({ what: 'closeUnit' })
                }}
              >
                {t('unit.closeDo')}
              </Button>
            </>
          )}
        </div>
      )}
      {doing !== null && (
        <DoingDialog
          {...props}
          doing={doing}
          onClose={() => {
            setDoing(null)
          }}
        />
      )}
    </details>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  if (children === null) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function People({ entry, onDoing }: CardProps & { readonly onDoing: (doing: Doing) => void }) {
  const { unit, onDuty, mayChange, standing } = entry
  if (unit.people.length === 0) return standing === 'over' ? null : <p class="quiet">{t('unit.nobody')}</p>
  const isTheirs = ({ role }: UnitPerson): boolean =>
    mayChange === 'all' || mayChange === 'people' || (mayChange === 'officers' && role === 'officer')
  return (
    <ul class="unit-people">
      {unit.people.map((person) => (
        <li key={person.id}>
          <span class="unit-person">
            <strong>{person.name}</strong>
            <span class="quiet">
              {' '}
              {t(`unit.${person.role}`)}
              {person.position !== '' &&
                person.position !== t(`unit.${person.role}`) &&
                ` · ${person.position}`}
            </span>
            {person.shifts !== undefined && onDuty.includes(person.id ?? '') && (
              <span class="tag tag-good">{t('unit.onDuty')}</span>
            )}
            {person.to !== undefined && (
              <span class="tag tag-warn">
                {t('person.until', { day: dayWords(person.to, minute.value) })}
              </span>
            )}
          </span>
          <span class="number">{person.phone}</span>
          <span class="quiet">{shiftWords(person)}</span>
          {isTheirs(person) && (
            <span class="row-actions">
              <Button
                small
                label={t('person.replaceOf', { name: person.name })}
                onClick={() => {
                  onDoing({ what: 'add', replaced: person })
                }}
              >
                {t('person.replace')}
              </Button>
              <Button
                small
                kind="quiet"
                label={t('person.change', { name: person.name })}
                onClick={() => {
                  onDoing({ what: 'change', person })
                }}
              >
                {t('unit.changeDo')}
              </Button>
              <Button
                small
                kind="quiet"
                label={t('person.end', { name: person.name })}
                onClick={() => {
                  onDoing({ what: 'end', person })
                }}
              >
                {t('person.endDo')}
              </Button>
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

function DoingDialog(props: CardProps & { readonly doing: Doing; readonly onClose: () => void }) {
  const { doing, entry, today, calendars, onClose } = props
  const { unit, mayChange } = entry
  const common = {
    unit,
    today,
    onClose,
    onDone: () => {
      onClose()
      props.onDone()
    },
  }
  const officersOnly = mayChange === 'officers'
  switch (doing.what) {
    case 'add':
      return <NewPersonDialog {...common} officersOnly={officersOnly} replaced={doing.replaced} />
    case 'change':
      return <ChangePersonDialog {...common} officersOnly={officersOnly} person={doing.person} />
    case 'end':
      return <EndPersonDialog {...common} officersOnly={officersOnly} person={doing.person} />
    case 'changeUnit':
      return <ChangeUnitDialog {...common} calendars={calendars} />
    case 'closeUnit':
      return <CloseUnitDialog {...common} openCases={props.entry.openCases ?? 0} />
  }
}
