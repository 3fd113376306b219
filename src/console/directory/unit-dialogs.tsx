import { useState } from 'preact/hooks'
import type { ChangeBody, Unit, UnitDetails } from '../../agencies/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { Combobox } from '../ui/combobox.tsx'
import { Check, Field, Select } from '../ui/field.tsx'
import { fold } from '../ui/format.ts'
import { ChangeFrame, type ChangeFrameProps } from './change-frame.tsx'
import { changesOf } from './person-dialog.tsx'

type FrameProps = Pick<ChangeFrameProps, 'today' | 'onClose' | 'onDone'>

const TYPES = [
  'department',
  'ward',
  'commune',
  'special',
  'vertical',
  'provider',
  'district',
] as const satisfies readonly Unit['type'][]
const SMS_NAME_LENGTH = 20
const NEW: UnitDetails = {
  name: '',
  smsName: '',
  type: 'department',
  fields: [],
  dutyPhone: null,
  dutyMustPress: true,
  address: null,
  calendar: null,
}

/** A unit that begins. */
export function NewUnitDialog(props: FrameProps & { readonly calendars: readonly string[] }) {
  const [unit, setUnit] = useState(NEW)
  const [typedId, setTypedId] = useState<string | null>(null)
  const unitId = typedId ?? idOf(unit.name)
  const body: ChangeBody = { kind: 'unitCreated', unitId, unit }
  return (
    <ChangeFrame
      {...props}
      title={t('unit.new')}
      body={isWhole(unit) && /^[a-z0-9-]{1,40}$/.test(unitId) ? body : null}
      submit={t('unit.newDo')}
    >
      <UnitFields value={unit} onChange={setUnit} calendars={props.calendars} />
      <Field
        label={t('unit.id')}
        value={unitId}
        onInput={setTypedId}
        maxLength={40}
        hint={t('unit.idHint')}
      />
    </ChangeFrame>
  )
}

/** A new name, number, address or working hours. */
export function ChangeUnitDialog(
  props: FrameProps & { readonly unit: Unit; readonly calendars: readonly string[] },
) {
  const before = detailsOf(props.unit)
  const [unit, setUnit] = useState(before)
  const changed = changesOf(before, unit)
  const body: ChangeBody = { kind: 'unitChanged', unitId: props.unit.id, unit: changed }
  return (
    <ChangeFrame
      {...props}
      title={t('unit.change', { unit: props.unit.name })}
      body={isWhole(unit) && Object.keys(changed).length > 0 ? body : null}
      submit={t('change.save')}
    >
      <UnitFields value={unit} onChange={setUnit} calendars={props.calendars} />
    </ChangeFrame>
  )
}

/** A unit ends: who takes over its cases, its slips and its place in the rules. */
export function CloseUnitDialog(props: FrameProps & { readonly unit: Unit; readonly openCases: number }) {
  const units = useConsole().directory.value?.units ?? []
  const [successorId, setSuccessorId] = useState<string | null>(null)
  const isStuck = successorId === null && props.openCases > 0
  return (
    <ChangeFrame
      {...props}
      title={t('unit.close', { unit: props.unit.name })}
      body={isStuck ? null : { kind: 'unitClosed', unitId: props.unit.id, successorId }}
      submit={t('unit.closeDo')}
    >
      <p>{t('unit.closeWhat')}</p>
      <Combobox
        label={t('unit.successor')}
        value={successorId}
        options={units
          .filter(({ id }) => id !== props.unit.id)
          .map(({ id, name, smsName }) => ({ value: id, label: name, hint: smsName }))}
        onChange={setSuccessorId}
      />
      {props.openCases > 0 && (
        <p class={isStuck ? 'note note-bad' : 'note'} role="note">
          {t(isStuck ? 'unit.closeStuck' : 'unit.casesGoOver', { cases: props.openCases })}
        </p>
      )}
      {successorId === null && props.openCases === 0 && (
        <p class="note note-bad" role="note">
          {t('unit.closeAlone')}
        </p>
      )}
    </ChangeFrame>
  )
}

function UnitFields(props: {
  readonly value: UnitDetails
  readonly onChange: (value: UnitDetails) => void
  readonly calendars: readonly string[]
}) {
  const { value, onChange } = props
  const set = (change: Partial<UnitDetails>): void => {
    onChange({ ...value, ...change })
  }
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text)
  const isSmsName =
    value.smsName === '' || (/^[\x20-\x7e]+$/.test(value.smsName) && value.smsName.length <= SMS_NAME_LENGTH)
  return (
    <>
      <Field
        label={t('unit.name')}
        value={value.name}
        maxLength={160}
        required
        autoFocus
        onInput={(name) => {
          set({ name })
        }}
      />
      <Field
        label={t('unit.smsName')}
        value={value.smsName}
        maxLength={40}
        required
        hint={t('unit.smsNameHint', { length: value.smsName.length })}
        {...(isSmsName ? {} : { error: t('error.SMS_NAME_INVALID') })}
        onInput={(smsName) => {
          set({ smsName })
        }}
      />
      <Select
        label={t('unit.type')}
        value={value.type}
        options={TYPES.map((type) => ({ value: type, label: t(`unitType.${type}`) }))}
        onChange={(type) => {
          set({ type })
        }}
      />
      <Field
        label={t('unit.duty')}
        type="tel"
        value={value.dutyPhone ?? ''}
        maxLength={32}
        onInput={(text) => {
          set({ dutyPhone: orNull(text) })
        }}
      />
      <Check
        label={t('unit.dutyMustPress')}
        checked={value.dutyMustPress}
        onChange={(dutyMustPress) => {
          set({ dutyMustPress })
        }}
      />
      <Field
        label={t('unit.address')}
        value={value.address ?? ''}
        maxLength={240}
        onInput={(text) => {
          set({ address: orNull(text) })
        }}
      />
      <Select
        label={t('unit.calendar')}
        value={value.calendar ?? ''}
        options={[
          { value: '', label: t('unit.cityHours') },
          ...props.calendars.map((id) => ({ value: id, label: id })),
        ]}
        onChange={(id) => {
          set({ calendar: orNull(id) })
        }}
      />
    </>
  )
}

function detailsOf(unit: Unit): UnitDetails {
  return {
    name: unit.name,
    smsName: unit.smsName,
    type: unit.type,
    fields: unit.fields,
    dutyPhone: unit.dutyPhone,
    dutyMustPress: unit.dutyMustPress ?? true,
    address: unit.address,
    calendar: unit.calendar ?? null,
  }
}

function isWhole({ name, smsName }: UnitDetails): boolean {
  return name.trim() !== '' && smsName.trim() !== ''
}

/** "Sở Xây dựng" is "so-xay-dung". */
function idOf(name: string): string {
  return (fold(name).match(/[a-z0-9]+/g) ?? []).join('-').slice(0, 40)
}
