import type { ComponentChildren } from 'preact'

/** Nothing here: why, and what to do. */
export function Empty(props: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{props.title}</p>
      {props.children !== undefined && <div class="empty-what">{props.children}</div>}
    </div>
  )
}

/** Rows in the shape of what is coming. */
export function Skeleton(props: { readonly rows: number; readonly label: string }) {
  return (
    <div class="skeleton" role="status" aria-label={props.label}>
      {Array.from({ length: props.rows }, (_, index) => (
        <div key={index} class="skeleton-row" />
      ))}
    </div>
  )
}
