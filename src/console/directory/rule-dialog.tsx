import { useState } from 'preact/hooks'
import type { ChangeBody } from '../../agencies/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Combobox } from '../ui/combobox.tsx'
import { Field } from '../ui/field.tsx'
import { ChangeFrame, type ChangeFrameProps } from './change-frame.tsx'
import { LOCAL_UNIT } from './words.ts'

/** Whom a field goes to, in the whole city or at one place (R023). */
export function RuleDialog(props: Pick<ChangeFrameProps, 'today' | 'onClose' | 'onDone'>) {
  const directory = useConsole().directory.value
  const [fieldId, setFieldId] = useState<string | null>(null)
  const [areaId, setAreaId] = useState<string | null>(null)
  const [chosen, setChosen] = useState<readonly string[] | null>(null)
  const [to, setTo] = useState('')
  const categories = directory?.categories ?? []
  const usual = categories.flatMap(({ fields }) => fields).find(({ id }) => id === fieldId)?.unitIds ?? []
  // What holds for the city is where one begins; a place begins with nobody.
  const unitIds = chosen ?? (areaId === null ? usual : [])
  const nameOf = (id: string): string =>
    id === LOCAL_UNIT ? t('rules.localUnit') : (directory?.units.find((unit) => unit.id === id)?.name ?? id)
  const body: ChangeBody | null =
    fieldId === null
      ? null
      : {
          kind: 'routeSet',
          fieldId,
          areaId,
          unitIds: [...unitIds],
          ...(to === '' || areaId === null ? {} : { to }),
        }
  return (
    <ChangeFrame {...props} title={t('rules.title')} body={body} submit={t('change.save')}>
      <Combobox
        label={t('rules.field')}
        value={fieldId}
        options={categories.flatMap(({ name, fields }) =>
          fields.map((field) => ({ value: field.id, label: field.name, hint: name })),
        )}
        onChange={(id) => {
          setFieldId(id)
          setChosen(null)
        }}
      />
      <Combobox
        label={t('rules.area')}
        value={areaId}
        placeholder={t('rules.everywhere')}
        options={(directory?.areas ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        onChange={setAreaId}
      />
      <ol class="rule-units" aria-label={t('rules.units')}>
        {unitIds.map((id) => (
          <li key={id}>
            <span>{nameOf(id)}</span>
            <Button
              small
              kind="quiet"
              icon="close"
              label={t('rules.remove', { unit: nameOf(id) })}
              onClick={() => {
                setChosen(unitIds.filter((other) => other !== id))
              }}
            />
          </li>
        ))}
      </ol>
      {unitIds.length === 0 && <p class="note">{t(areaId === null ? 'rules.nobody' : 'rules.asCity')}</p>}
      <Combobox
        key={unitIds.join()}
        label={t('rules.add')}
        value={null}
        options={[
          { value: LOCAL_UNIT, label: t('rules.localUnit') },
          ...(directory?.units ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ].filter(({ value }) => !unitIds.includes(value))}
        onChange={(id) => {
          if (id !== null) setChosen([...unitIds, id])
        }}
      />
      {areaId !== null && (
        <Field label={t('rules.to')} type="date" value={to} onInput={setTo} hint={t('person.toHint')} />
      )}
    </ChangeFrame>
  )
}
