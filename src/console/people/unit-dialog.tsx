import { useState } from 'preact/hooks'
import type { Person, Role } from '../../accounts/contract.ts'
import { t } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { UnitChoice } from './unit-choice.tsx'

/** Which unit somebody is officer or head of (Đ17.2, Đ17.9). */
export function UnitDialog(props: {
  readonly person: Person
  readonly role: Role
  readonly onClose: () => void
  readonly onChoose: (unitId: string) => void
}) {
  const { person, role } = props
  const [unitId, setUnitId] = useState(person.unitId)
  return (
    <Dialog title={t('people.unitOf', { name: person.name })} onClose={props.onClose}>
      <p>{t('people.unitWhat', { role: t(`role.${role}`) })}</p>
      <UnitChoice value={unitId} onChange={setUnitId} />
      <div class="dialog-actions">
        <Button
          kind="primary"
          disabled={unitId === null}
          onClick={() => {
            if (unitId !== null) props.onChoose(unitId)
          }}
        >
          {t('people.unitDo')}
        </Button>
      </div>
    </Dialog>
  )
}
