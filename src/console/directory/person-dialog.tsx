import { useState } from 'preact/hooks'
import type { ChangeBody, PersonDetails, Unit, UnitPerson } from '../../agencies/contract.ts'
import { t } from '../i18n/translate.ts'
import { Check, Chips, Field, Select } from '../ui/field.tsx'
import { ChangeFrame, type ChangeFrameProps } from './change-frame.tsx'
import { areShifts, ShiftFields } from './shift-fields.tsx'

type FrameProps = Pick<ChangeFrameProps, 'today' | 'onClose' | 'onDone'>

interface PersonProps extends FrameProps {
  readonly unit: Unit
  /** A head's own officers, and nobody else. */
  readonly officersOnly: boolean
}

const NOBODY: PersonDetails = {
  name: '',
  position: '',
  role: 'officer',
  phone: '',
  mustPress: true,
  shifts: null,
}

/** Somebody new, in a free place or in that of somebody who leaves (Đ17.9). */
export function NewPersonDialog(props: PersonProps & { readonly replaced: UnitPerson | null }) {
  const { unit, replaced } = props
  const [person, setPerson] = useState<PersonDetails>({
    ...NOBODY,
    role: replaced?.role ?? 'officer',
    position: replaced?.position ?? t('unit.officer'),
    shifts: replaced?.shifts ?? null,
  })
  const [replaces, setReplaces] = useState(replaced?.id ?? '')
  const [to, setTo] = useState('')
  const body: ChangeBody = {
    kind: 'personAdded',
    unitId: unit.id,
    person: { ...person, name: person.name.trim() },
    ...(replaces === '' ? {} : { replaces }),
    ...(to === '' ? {} : { to }),
  }
  return (
    <ChangeFrame
      {...props}
      title={t('person.addTo', { unit: unit.name })}
      body={isWhole(person) ? body : null}
      submit={t('person.add')}
    >
      <PersonFields value={person} onChange={setPerson} officersOnly={props.officersOnly} />
      <Replaces value={replaces} people={inRole(unit, person.role)} onChange={setReplaces} />
      <Field label={t('person.to')} type="date" value={to} onInput={setTo} hint={t('person.toHint')} />
    </ChangeFrame>
  )
}

/** A new number, position or rota of somebody who stays. */
export function ChangePersonDialog(props: PersonProps & { readonly person: UnitPerson }) {
  const { unit, person: known } = props
  const before: PersonDetails = {
    name: known.name,
    position: known.position,
    role: known.role,
    phone: known.phone,
    mustPress: known.mustPress ?? true,
    shifts: known.shifts ?? null,
  }
  const [person, setPerson] = useState(before)
  const changed = changesOf(before, person)
  // There is one head: whoever becomes it takes the place of whoever is, unless somebody says otherwise (Đ17.9).
  const others = changed.role === undefined ? [] : inRole(unit, changed.role)
  const [chosen, setChosen] = useState<string | null>(null)
  const replaces = chosen ?? (changed.role === 'head' ? others[0]?.id : undefined) ?? ''
  const body: ChangeBody = {
    kind: 'personChanged',
    unitId: unit.id,
    personId: known.id ?? '',
    person: changed,
    ...(others.length === 0 || replaces === '' ? {} : { replaces }),
  }
  return (
    <ChangeFrame
      {...props}
      title={t('person.change', { name: known.name })}
      body={isWhole(person) && Object.keys(changed).length > 0 ? body : null}
      submit={t('change.save')}
    >
      <PersonFields
        value={person}
        onChange={(next) => {
          if (next.role !== person.role) setChosen(null)
          setPerson(next)
        }}
        officersOnly={props.officersOnly}
      />
      {others.length > 0 && <Replaces value={replaces} people={others} onChange={setChosen} />}
    </ChangeFrame>
  )
}

/** Somebody leaves, and nobody takes the place yet. */
export function EndPersonDialog(props: PersonProps & { readonly person: UnitPerson }) {
  const { unit, person } = props
  const isLast = unit.people.filter(({ role }) => role === person.role).length === 1
  return (
    <ChangeFrame
      {...props}
      title={t('person.end', { name: person.name })}
      body={{ kind: 'personEnded', unitId: unit.id, personId: person.id ?? '' }}
      submit={t('person.endDo')}
    >
      {isLast && (
        <p class="note note-bad" role="note">
          {t(person.role === 'officer' ? 'person.lastOfficer' : 'person.lastHead')}
        </p>
      )}
    </ChangeFrame>
  )
}

function Replaces(props: {
  readonly value: string
  readonly people: readonly UnitPerson[]
  readonly onChange: (personId: string) => void
}) {
  return (
    <Select
      label={t('person.replaces')}
      value={props.value}
      options={[
        { value: '', label: t('person.replacesNobody') },
        ...props.people.map(({ id = '', name }) => ({ value: id, label: name })),
      ]}
      onChange={props.onChange}
    />
  )
}

const inRole = (unit: Unit, role: UnitPerson['role']): readonly UnitPerson[] =>
  unit.people.filter((person) => person.role === role)

function PersonFields(props: {
  readonly value: PersonDetails
  readonly onChange: (value: PersonDetails) => void
  readonly officersOnly: boolean
}) {
  const { value, onChange } = props
  const set = (change: Partial<PersonDetails>): void => {
    onChange({ ...value, ...change })
  }
  return (
    <>
      <Field
        label={t('person.name')}
        value={value.name}
        maxLength={160}
        required
        autoFocus
        onInput={(name) => {
          set({ name })
        }}
      />
      {!props.officersOnly && (
        <Chips
          legend={t('person.role')}
          value={value.role}
          options={(['officer', 'head'] as const).map((role) => ({ value: role, label: t(`unit.${role}`) }))}
          onChange={(role) => {
            set({ role })
          }}
        />
      )}
      <Field
        label={t('person.position')}
        value={value.position}
        maxLength={120}
        onInput={(position) => {
          set({ position })
        }}
      />
      <Field
        label={t('person.phone')}
        type="tel"
        value={value.phone}
        maxLength={32}
        required
        hint={t('person.phoneHint')}
        onInput={(phone) => {
          set({ phone })
        }}
      />
      <Check
        label={t('person.mustPress')}
        checked={value.mustPress}
        onChange={(mustPress) => {
          set({ mustPress })
        }}
      />
      <ShiftFields
        value={value.shifts}
        onChange={(shifts) => {
          set({ shifts })
        }}
      />
    </>
  )
}

function isWhole({ name, phone, shifts }: PersonDetails): boolean {
  return name.trim() !== '' && phone.trim().length >= 3 && areShifts(shifts)
}

/** What is otherwise now; the server keeps only this. */
export function changesOf<T extends object>(before: T, after: T): Partial<T> {
  const keys = (Object.keys(after) as (keyof T)[]).filter(
    (key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]),
  )
  return Object.fromEntries(keys.map((key) => [key, after[key]])) as Partial<T>
}
