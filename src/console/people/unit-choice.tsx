import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { Combobox } from '../ui/combobox.tsx'

/** One unit of the directory. */
export function UnitChoice(props: {
  readonly value: string | null
  readonly onChange: (unitId: string | null) => void
}) {
  const units = useConsole().directory.value?.units ?? []
  return (
    <Combobox
      label={t('people.unit')}
      value={props.value}
      options={units.map((unit) => ({ value: unit.id, label: unit.name, hint: unit.smsName }))}
      placeholder={t('people.unitHint')}
      onChange={props.onChange}
    />
  )
}
