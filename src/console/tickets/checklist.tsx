import type { Acceptance, TicketView } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { Icon } from '../ui/icon.tsx'

/** While the operator still decides whether to accept it. */
const OPEN: readonly TicketView['state'][] = ['draft', 'received', 'needsClarification']

/** What Đ7 asks for and how it stands, live with what was saved (R024). A missing one leads to its field. */
export function Checklist({ ticket }: { readonly ticket: TicketView }) {
  const { acceptance, state } = ticket
  if (!OPEN.includes(state) || acceptance.length === 0) return null
  const missing = acceptance.filter((one) => one.state === 'missing' && one.isNeeded)
  return (
    <details class="checklist" open={missing.length > 0} data-testid="checklist">
      <summary>
        {t('checklist.title')}{' '}
        <span class={missing.length > 0 ? 'count count-on' : 'count'}>
          {missing.length > 0 ? t('checklist.missing', { count: missing.length }) : t('checklist.complete')}
        </span>
      </summary>
      <ul>
        {acceptance.map((one) => (
          <Item key={one.item} one={one} />
        ))}
      </ul>
    </details>
  )
}

function Item({ one }: { readonly one: Acceptance }) {
  const { item, state, article, isNeeded } = one
  const isMissing = state === 'missing'
  const word = isMissing
    ? t(isNeeded ? 'checklist.missing.one' : 'checklist.optional')
    : t(`checklist.${state}`)
  return (
    <li class={isMissing && isNeeded ? 'check-missing' : ''}>
      {/* A sign of warning where something is needed, and nowhere else. */}
      <Icon name={!isMissing ? 'check' : isNeeded ? 'alert' : 'plus'} />
      {isMissing ? (
        <button
          type="button"
          class="text-button"
          onClick={() => {
            goTo(item)
          }}
        >
          {t(`checklist.item.${item}`)}
        </button>
      ) : (
        <span>{t(`checklist.item.${item}`)}</span>
      )}
      <span class="quiet">
        {word} ({article})
      </span>
    </li>
  )
}

const LABELS = {
  name: 'reporter.name',
  phone: 'reporter.phone',
  address: 'reporter.address',
  email: 'reporter.email',
  field: 'field.field',
} as const

function goTo(item: Acceptance['item']): void {
  if (item === 'content') document.getElementById('ticket-content')?.focus()
  if (!(item in LABELS)) return
  const wanted = t(LABELS[item as keyof typeof LABELS])
  const label = [...document.querySelectorAll<HTMLLabelElement>('.ticket label')].find(({ textContent }) =>
    textContent.trim().startsWith(wanted),
  )
  const field = label?.control ?? label?.querySelector('input')
  if (field instanceof HTMLElement) field.focus()
}
