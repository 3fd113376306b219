import type { ComponentChildren } from 'preact'
import { navigate } from '../state/route.ts'

/** A link inside the console: an ordinary address, followed without loading the page again. */
export function Link(props: {
  readonly to: string
  readonly children: ComponentChildren
  readonly class?: string
  readonly current?: boolean
  readonly testId?: string
}) {
  return (
    <a
      href={props.to}
      class={props.class}
      aria-current={props.current === true ? 'page' : undefined}
      data-testid={props.testId}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        navigate(props.to)
      }}
    >
      {props.children}
    </a>
  )
}
