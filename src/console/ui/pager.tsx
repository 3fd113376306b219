import { t } from '../i18n/translate.ts'
import { Button } from './button.tsx'

/** Pages of a long list: where we are, forward and back. */
export function Pager(props: {
  readonly offset: number
  readonly limit: number
  readonly total: number
  readonly onOffset: (offset: number) => void
}) {
  const { offset, limit, total } = props
  if (total === 0) return null
  return (
    <nav class="pager" aria-label={t('pager.label')}>
      <p>{t('pager.range', { from: offset + 1, to: Math.min(total, offset + limit), total })}</p>
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
        disabled={offset + limit >= total}
        onClick={() => {
          props.onOffset(offset + limit)
        }}
      >
        {t('pager.next')}
      </Button>
    </nav>
  )
}
