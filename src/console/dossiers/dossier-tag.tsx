import type { DossierMark } from '../../dossiers/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { moment } from '../ui/format.ts'
import { Link } from '../ui/link.tsx'

/** On the case itself: it is on the list of Đ9.6, until when, and the way there. Nothing for a case that is not. */
export function DossierTag({ marks }: { readonly marks: readonly DossierMark[] }) {
  const [first] = [...marks].sort((a, b) => (a.dueAt ?? '').localeCompare(b.dueAt ?? ''))
  if (first === undefined) return null
  const sent = marks.find(({ sentAt }) => sentAt !== null)
  if (sent?.sentAt != null)
    return (
      <Link to="/dossier" class="dossier-tag">
        {t('dossier.onCaseSent', { number: sent.dossierNumber ?? '', at: moment(sent.sentAt, minute.value) })}
      </Link>
    )
  const isLate = first.dueAt !== null && Date.parse(first.dueAt) < minute.value
  const due = first.dueAt === null ? first.dueText : moment(first.dueAt, minute.value)
  return (
    <Link to="/dossier" class={isLate ? 'case-late dossier-tag' : 'dossier-tag'}>
      {t(isLate ? 'dossier.onCaseLate' : 'dossier.onCase', { due })}
    </Link>
  )
}
