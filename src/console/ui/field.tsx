import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { longDay } from './format.ts'

export interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
  readonly onEnter?: () => void
  readonly hint?: string
  readonly error?: string
  readonly type?: 'text' | 'password' | 'tel' | 'email' | 'search' | 'date' | 'datetime-local'
  readonly maxLength?: number
  readonly rows?: number
  readonly required?: boolean
  readonly readOnly?: boolean
  readonly autoComplete?: string
  readonly placeholder?: string
  readonly id?: string
  /** What the city's settings call it. */
  readonly name?: string
  readonly hideLabel?: boolean
  readonly autoFocus?: boolean
}

/** A line this long may not fit its field: all of it is in the tip. */
const CUT_FROM = 30

/** A labelled text field; with `rows` a text area that grows with its words. */
export function Field(props: FieldProps) {
  const own = useId()
  const id = props.id ?? own
  // A browser shows a date in its own language and order: which day was chosen is said in ours.
  const reading = props.type === 'date' || props.type === 'datetime-local' ? longDay(props.value) : null
  const hasNote = props.error !== undefined || props.hint !== undefined || reading !== null
  const noteId = hasNote ? `${id}-note` : undefined
  const shared = {
    id,
    name: props.name,
    value: props.value,
    required: props.required,
    readOnly: props.readOnly,
    maxLength: props.maxLength,
    placeholder: props.placeholder,
    'aria-describedby': noteId,
    'aria-invalid': props.error !== undefined,
    autoFocus: props.autoFocus,
  }
  return (
    <div class="field">
      <label for={id} class={props.hideLabel === true ? 'hidden' : undefined}>
        {props.label}
        {props.required === true && (
          <span class="required" aria-hidden="true">
            {' '}
            *
          </span>
        )}
      </label>
      {props.rows === undefined ? (
        <input
          {...shared}
          title={props.type === undefined && props.value.length > CUT_FROM ? props.value : undefined}
          type={props.type ?? 'text'}
          autocomplete={props.autoComplete ?? 'off'}
          onInput={(event) => {
            props.onInput(event.currentTarget.value)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.isComposing && props.onEnter !== undefined) props.onEnter()
          }}
        />
      ) : (
        <textarea
          {...shared}
          rows={props.rows}
          onInput={(event) => {
            props.onInput(event.currentTarget.value)
          }}
        />
      )}
      {noteId !== undefined && (
        <p id={noteId} class={props.error === undefined ? 'note' : 'note note-bad'}>
          {reading !== null && <span class="date-reading">{reading}</span>}
          {props.error ?? props.hint}
        </p>
      )}
    </div>
  )
}

interface SelectOption<T extends string> {
  readonly value: T
  readonly label: string
}

export interface SelectProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly SelectOption<T>[]
  /** Further options under headings. */
  readonly groups?: readonly { readonly label: string; readonly options: readonly SelectOption<T>[] }[]
  readonly onChange: (value: T) => void
  readonly hideLabel?: boolean
  readonly disabled?: boolean
}

/** A labelled choice among few, the browser's own control. */
export function Select<T extends string>(props: SelectProps<T>) {
  const id = useId()
  const { groups = [] } = props
  const all = [...props.options, ...groups.flatMap(({ options }) => options)]
  return (
    <div class="field">
      <label for={id} class={props.hideLabel === true ? 'hidden' : undefined}>
        {props.label}
      </label>
      <select
        id={id}
        value={props.value}
        disabled={props.disabled}
        onChange={(event) => {
          const chosen = all.find((option) => option.value === event.currentTarget.value)
          if (chosen !== undefined) props.onChange(chosen.value)
        }}
      >
        <Options options={props.options} />
        {groups.map((group) => (
          <optgroup key={group.label} label={group.label}>
            <Options options={group.options} />
          </optgroup>
        ))}
      </select>
    </div>
  )
}

function Options(props: { readonly options: readonly SelectOption<string>[] }) {
  return (
    <>
      {props.options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </>
  )
}

/** A labelled tick box. */
export function Check(props: {
  readonly label: ComponentChildren
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly disabled?: boolean
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => {
          props.onChange(event.currentTarget.checked)
        }}
      />
      <span>{props.label}</span>
    </label>
  )
}

/** One of a few, all visible, as a radio group of chips. */
export function Chips<T extends string>(props: {
  readonly legend: string
  readonly value: T | null
  readonly options: readonly { readonly value: T; readonly label: string }[]
  readonly onChange: (value: T) => void
  readonly hideLegend?: boolean
  readonly disabled?: boolean
}) {
  const name = useId()
  return (
    <fieldset class="chips" disabled={props.disabled}>
      <legend class={props.hideLegend === true ? 'hidden' : undefined}>{props.legend}</legend>
      <div class="chips-row">
        {props.options.map((option) => (
          <label key={option.value} class="chip">
            <input
              type="radio"
              name={name}
              checked={props.value === option.value}
              onChange={() => {
                props.onChange(option.value)
              }}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
