import { t } from '../i18n/translate.ts'
import { Button } from './button.tsx'
import { moreThan } from './format.ts'

/** Pages of a long list: where we are, forward and back. */
export function Pager(props: {
  readonly offset: number
  readonly limit: number
  readonly total: number
  /** How far the list goes; a greater `total` says that there is more. */
  readonly bound?: number
  readonly onOffset: (offset: number) => void
}) {
  const { offset, limit, total } = props
  if (total === 0) return null
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
        {isEnd && reached < total && ` ${t('pager.narrow')}`}
      </p>
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
    </nav>
  )
}
