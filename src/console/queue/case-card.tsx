import type { ComponentChildren } from 'preact'
import type { TicketRow } from '../../tickets/contract.ts'
import { boundedCount } from '../ui/format.ts'

const SHOWN = 5

/** A few cases that wait for something, the most urgent first; each opens at a click. */
export function CaseCard(props: {
  readonly title: string
  /** Said where there is none. */
  readonly none: string
  readonly count: number
  /** The count catches the eye when it is not nought. */
  readonly calls?: boolean
  readonly rows: readonly TicketRow[]
  readonly when: (row: TicketRow) => ComponentChildren
  readonly onOpen: (code: string) => void
  readonly testId?: string
}) {
  const { rows, count } = props
  return (
    <section class="card due" aria-label={props.title} data-testid={props.testId}>
      <h2>
        {props.title}
        <span class={props.calls === true && count > 0 ? 'count count-on' : 'count'}>
          {boundedCount(count)}
        </span>
      </h2>
      {rows.length === 0 ? (
        <p class="quiet">{props.none}</p>
      ) : (
        <ul class="due-list">
          {rows.slice(0, SHOWN).map((row) => (
            <li key={row.code}>
              <button
                type="button"
                class="text-button"
                title={row.title}
                onClick={() => {
                  props.onOpen(row.code)
                }}
              >
                {row.title === '' ? row.code : row.title}
              </button>
              {props.when(row)}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
