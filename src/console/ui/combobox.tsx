import { useId, useRef, useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { fold } from './format.ts'

export interface ComboOption {
  readonly value: string
  readonly label: string
  /** A second line or group, searched too. */
  readonly hint?: string
}

const MOST_SHOWN = 60

/** Type to find, arrows to choose (WAI-ARIA combobox with list). Matches without marks: `duong` finds "Đường". */
export function Combobox(props: {
  readonly label: string
  readonly value: string | null
  readonly options: readonly ComboOption[]
  readonly onChange: (value: string | null) => void
  readonly disabled?: boolean
  readonly placeholder?: string
  readonly id?: string
}) {
  const own = useId()
  const id = props.id ?? own
  const chosen = props.options.find((option) => option.value === props.value)
  const [text, setText] = useState<string | null>(null)
  const [active, setActive] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const open = text !== null
  const shown = open ? matching(props.options, text) : []

  const choose = (option: ComboOption | undefined): void => {
    if (option !== undefined) props.onChange(option.value)
    setText(null)
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!open) {
        setText('')
        setActive(0)
        return
      }
      const last = shown.length - 1
      setActive(event.key === 'ArrowDown' ? Math.min(last, active + 1) : Math.max(0, active - 1))
    } else if (event.key === 'Enter' && open) {
      event.preventDefault()
      choose(shown[active])
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation()
      setText(null)
    }
  }

  return (
    <div class="field combobox">
      <label for={id}>{props.label}</label>
      <input
        ref={input}
        id={id}
        role="combobox"
        type="text"
        autocomplete="off"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && shown.length > 0 ? `${id}-${String(active)}` : undefined}
        value={text ?? chosen?.label ?? ''}
        placeholder={props.placeholder ?? t('combobox.placeholder')}
        disabled={props.disabled}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setActive(0)
          if (event.currentTarget.value === '') props.onChange(null)
        }}
        onClick={() => {
          if (!open) {
            setText('')
            setActive(0)
          }
        }}
        onFocus={(event) => {
          event.currentTarget.select()
        }}
        onBlur={() => {
          setText(null)
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={props.label} class="combobox-list" hidden={!open}>
        {shown.map((option, index) => (
          <li
            key={option.value}
            id={`${id}-${String(index)}`}
            role="option"
            aria-selected={option.value === props.value}
            class={index === active ? 'active' : undefined}
            ref={(element) => {
              if (index === active) element?.scrollIntoView({ block: 'nearest' })
            }}
            onPointerDown={(event) => {
              event.preventDefault() // the field keeps the focus, so its blur does not close the list first
              choose(option)
            }}
          >
            <span>{option.label}</span>
            {option.hint !== undefined && <small>{option.hint}</small>}
          </li>
        ))}
        {open && shown.length === 0 && (
          <li class="combobox-empty" role="option" aria-selected="false" aria-disabled="true">
            {t('combobox.nothing')}
          </li>
        )}
      </ul>
    </div>
  )
}

/** Options whose words contain all typed words; those that begin with the text come first. */
function matching(options: readonly ComboOption[], text: string): readonly ComboOption[] {
  const wanted = fold(text)
    .split(/\s+/)
    .filter((word) => word !== '')
  if (wanted.length === 0) return options.slice(0, MOST_SHOWN)
  const whole = wanted.join(' ')
  return options
    .map((option) => ({ option, text: fold(`${option.label} ${option.hint ?? ''}`) }))
    .filter((entry) => wanted.every((word) => entry.text.includes(word)))
    .sort((a, b) => Number(b.text.startsWith(whole)) - Number(a.text.startsWith(whole)))
    .slice(0, MOST_SHOWN)
    .map((entry) => entry.option)
}
