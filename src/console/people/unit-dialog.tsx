import { useState } from 'preact/hooks'
import type { Person, Role } from '../../accounts/contract.ts'
import { t } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { PostChoice, type PostChoiceValue } from './post-choice.tsx'
import { UnitChoice } from './unit-choice.tsx'

/** Which unit somebody is officer or head of, and as whom of the directory (Đ17.2, Đ17.9). */
export function UnitDialog(props: {
  readonly person: Person
  readonly role: Role
  readonly onClose: () => void
  readonly onChoose: (unitId: string, post: PostChoiceValue) => void
}) {
  const { person, role } = props
  const [unitId, setUnitId] = useState(person.unitId)
  const [post, setPost] = useState<PostChoiceValue>(
    person.postId === undefined || role !== person.role ? { by: 'name' } : { by: 'post', id: person.postId },
  )
  return (
    <Dialog title={t('people.unitOf', { name: person.name })} onClose={props.onClose}>
      <p>{t('people.unitWhat', { role: t(`role.${role}`) })}</p>
      <UnitChoice
        value={unitId}
        onChange={(chosen) => {
          setUnitId(chosen)
          setPost({ by: 'name' })
        }}
      />
      {unitId !== null && <PostChoice unitId={unitId} role={role} value={post} onChange={setPost} />}
      <div class="dialog-actions">
        <Button
          kind="primary"
          disabled={unitId === null}
          onClick={() => {
            if (unitId !== null) props.onChoose(unitId, post)
          }}
        >
          {t('people.unitDo')}
        </Button>
      </div>
    </Dialog>
  )
}
