import type { ReadonlySignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'

export interface ButtonProps {
  readonly children?: ComponentChildren
  readonly onClick?: () => void
  readonly icon?: IconName
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'good' | 'bad'
  /** Name for readers where the words alone do not say it, or where only an icon is shown. */
  readonly label?: string
  readonly pressed?: boolean
  readonly expanded?: boolean
  /** As a signal where it changes more often than the rest. */
  readonly disabled?: boolean | ReadonlySignal<boolean>
  readonly busy?: boolean
  /** The key that does the same, shown small. */
  readonly keys?: string
  readonly testId?: string
  readonly type?: 'button' | 'submit'
  readonly small?: boolean
  readonly title?: string
}

/** A button: words, perhaps an icon, perhaps the key that does the same. */
export function Button(props: ButtonProps) {
  const { kind = 'plain', busy = false, disabled = false } = props
  const classes = ['button', `button-${kind}`]
  if (props.small === true) classes.push('button-small')
  if (props.children === undefined) classes.push('button-icon')
  return (
    <button
      type={props.type ?? 'button'}
      class={classes.join(' ')}
      onClick={busy ? undefined : props.onClick}
      disabled={disabled}
      aria-label={props.label}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-busy={busy}
      aria-keyshortcuts={props.keys?.replace('Ctrl', 'Control')}
      title={props.title ?? (props.children === undefined ? titleOf(props) : undefined)}
      data-testid={props.testId}
    >
      {props.icon !== undefined && <Icon name={props.icon} />}
      {props.children !== undefined && <span>{props.children}</span>}
      {props.keys !== undefined && props.children !== undefined && <kbd aria-hidden="true">{props.keys}</kbd>}
    </button>
  )
}

function titleOf(props: ButtonProps): string | undefined {
  return props.keys === undefined ? props.label : `${props.label ?? ''} (${props.keys})`
}
