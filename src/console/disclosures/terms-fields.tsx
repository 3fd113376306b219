import type { DisclosureMode } from '../../disclosures/contract.ts'
import { t } from '../i18n/translate.ts'
import { Check, Chips, Select } from '../ui/field.tsx'
import { hourOptions } from './words.ts'

export interface Terms {
  readonly personIds: readonly number[]
  readonly mode: DisclosureMode
  readonly hours: number
}

/** For whom, how and how long: as the unit asks for it, and as the supervisor narrows it. */
export function TermsFields(props: {
  readonly people: readonly { readonly id: number; readonly name: string }[]
  readonly modes: readonly DisclosureMode[]
  readonly mostHours: number
  readonly terms: Terms
  readonly onTerms: (terms: Terms) => void
}) {
  const { terms, onTerms } = props
  return (
    <>
      <fieldset class="disclosure-people">
        <legend>{t('disclosure.people')}</legend>
        {props.people.map(({ id, name }) => (
          <Check
            key={id}
            label={name}
            checked={terms.personIds.includes(id)}
            onChange={(checked) => {
              const others = terms.personIds.filter((known) => known !== id)
              onTerms({ ...terms, personIds: checked ? [...others, id] : others })
            }}
          />
        ))}
      </fieldset>
      <Chips
        legend={t('disclosure.mode')}
        value={terms.mode}
        options={props.modes.map((value) => ({ value, label: t(`disclosureMode.${value}`) }))}
        onChange={(mode) => {
          onTerms({ ...terms, mode })
        }}
      />
      <Select
        label={t('disclosure.howLong')}
        value={String(terms.hours)}
        options={hourOptions(props.mostHours)}
        onChange={(hours) => {
          onTerms({ ...terms, hours: Number(hours) })
        }}
      />
    </>
  )
}
