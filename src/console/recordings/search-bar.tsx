import { useMemo } from 'preact/hooks'
import type { RecordingQuery } from '../../recordings/contract.ts'
import { t } from '../i18n/translate.ts'
import { ANY_DAY, type Days } from '../state/address-days.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { DayFields } from '../ui/day-fields.tsx'
import { Combobox } from '../ui/combobox.tsx'
import { Field, Select } from '../ui/field.tsx'
import { useList } from '../ui/use-list.ts'

/** What is looked for; an empty word looks for everything. */
export interface RecordingSearch extends Days {
  readonly q: string
  readonly operatorId: string
  readonly unitId: string
  readonly minSeconds: (typeof LENGTHS)[number]
}

const LENGTHS = ['', '30', '60', '180', '600'] as const
export const EVERYTHING: RecordingSearch = {
  q: '',
  ...ANY_DAY,
  operatorId: '',
  unitId: '',
  minSeconds: '',
}

export function isEverything(search: RecordingSearch): boolean {
  const words: readonly string[] = Object.values<string>({ ...search })
  return words.every((word) => word.trim() === '')
}

/** As the service is asked. A day that is still being typed is none yet. */
export function queryOf(search: RecordingSearch): RecordingQuery {
  const { q, from, to, operatorId, unitId, minSeconds } = search
  return {
    ...(q.trim() === '' ? {} : { q: q.trim() }),
    ...(from === '' ? {} : { from }),
    ...(to === '' ? {} : { to }),
    ...(operatorId === '' ? {} : { operatorId: Number(operatorId) }),
    ...(unitId === '' ? {} : { unitId }),
    ...(minSeconds === '' ? {} : { minSeconds: Number(minSeconds) }),
  }
}

/** By days, number, operator, unit, code and length, in any mixture. */
export function SearchBar(props: {
  readonly search: RecordingSearch
  readonly onSearch: (search: RecordingSearch) => void
}) {
  const { search } = props
  const desk = useConsole()
  const operators = useList('operators', () => desk.api.recordedOperators()) ?? []
  const known = desk.directory.value?.units ?? []
  const units = useMemo(() => known.map(({ id, name }) => ({ value: id, label: name })), [known])
  const set = (change: Partial<RecordingSearch>): void => {
    props.onSearch({ ...search, ...change })
  }
  return (
    <div class="filters recording-filters" role="search" aria-label={t('recordings.search')}>
      <Field
        label={t('recordings.words')}
        type="search"
        value={search.q}
        onInput={(q) => {
          set({ q })
        }}
        placeholder={t('recordings.searchHint')}
        maxLength={200}
      />
      <DayFields days={{ from: search.from, to: search.to }} onDays={set} />
      <Select
        label={t('recordings.operator')}
        value={search.operatorId}
        options={[
          { value: '', label: t('recordings.anyone') },
          ...operators.map(({ id, name }) => ({ value: String(id), label: name })),
        ]}
        onChange={(operatorId) => {
          set({ operatorId })
        }}
      />
      <Combobox
        label={t('recordings.unit')}
        value={search.unitId === '' ? null : search.unitId}
        options={units}
        placeholder={t('recordings.anyUnit')}
        onChange={(unitId) => {
          set({ unitId: unitId ?? '' })
        }}
      />
      <Select
        label={t('recordings.length')}
        value={search.minSeconds}
        options={LENGTHS.map((value) => ({
          value,
          label: t(`recordingLength.${value === '' ? 'any' : value}`),
        }))}
        onChange={(minSeconds) => {
          set({ minSeconds })
        }}
      />
      {!isEverything(search) && (
        <Button
          small
          icon="close"
          onClick={() => {
            props.onSearch(EVERYTHING)
          }}
        >
          {t('recordings.clear')}
        </Button>
      )}
    </div>
  )
}
