import type { Unit } from '../../agencies/contract.ts'
import { t } from '../i18n/translate.ts'
import { Icon } from '../ui/icon.tsx'
import { unreachable } from './sms-reach.ts'

/** Before a slip goes out: that nobody will hear of it by SMS, and whom to ring. */
export function UnitReach({ unit }: { readonly unit: Unit | undefined }) {
  const why = unit === undefined ? null : unreachable(unit)
  if (unit === undefined || why === null) return null
  const phone = unit.dutyPhone ?? unit.people.find(({ role }) => role === 'officer')?.phone
  return (
    <p class="note note-bad" role="note">
      <Icon name="alert" /> {t(`reach.${why}`)}
      {why === 'noMobile' && phone !== undefined && ` ${t('reach.ring', { phone })}`}
    </p>
  )
}
