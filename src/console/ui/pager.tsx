import { t } from '../i18n/translate.ts'
import { Button } from './button.tsx'
import { countText, moreThan } from './format.ts'

/** Pages of a long list: where we are, forward and back. */
export function Pager(props: {
  readonly offset: number
  readonly limit: number
  readonly total: number
  /** How far the list goes; a greater `total` says that there is more. */
  readonly bound?: number
  readonly onOffset: (offset: number) => void
  /** For a list that ends at its bound and is in order of time: shows what is as old as its last row, and older. */
  readonly older?: { readonly day: string; readonly onShow: () => void } | undefined
}) {
  const { offset, limit, total } = props
  // A list that is all in view says so by itself.
  if (total <= limit && offset === 0) return null
  const reached = Math.min(total, props.bound ?? total)
  const isEnd = offset + limit >= reached
  return (
    <nav class="pager" aria-label={t('pager.label')}>
      <p>
        {t('pager.range', {
          from: offset + 1,
          to: Math.min(reached, offset + limit),
          total: reached < total ? moreThan(reached) : total,
        })}
      </p>
      {reached < total && <p class="quiet">{t('pager.narrow', { count: countText(reached) })}</p>}
      <Button
        small
        disabled={offset === 0}
        onClick={() => {
          props.onOffset(Math.max(0, offset - limit))
        }}
      >
        {t('pager.back')}
      </Button>
      <Button
        small
        disabled={isEnd}
        onClick={() => {
          props.onOffset(offset + limit)
        }}
      >
        {t('pager.next')}
      </Button>
      {isEnd && reached < total && props.older !== undefined && (
        <Button small onClick={props.older.onShow}>
          {t('pager.older', { day: props.older.day })}
        </Button>
      )}
    </nav>
  )
}
