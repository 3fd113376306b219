import { useState } from 'preact/hooks'
import type { CreatePerson, Role } from '../../accounts/contract.ts'
import { t } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Select } from '../ui/field.tsx'
import { postBody, PostChoice, type PostChoiceValue } from './post-choice.tsx'
import { hasUnit, roleOptions } from './roles.ts'
import { UnitChoice } from './unit-choice.tsx'

/** A new account (R083): who, under which name, as what, and of which unit. */
export function AddDialog(props: {
  readonly onClose: () => void
  readonly onAdd: (body: CreatePerson) => Promise<void>
}) {
  const [name, setName] = useState('')
  const [username, setUsername] = useState('')
  const [role, setRole] = useState<Role>('operator')
  const [unitId, setUnitId] = useState<string | null>(null)
  const [post, setPost] = useState<PostChoiceValue>({ by: 'name' })
  const isPlaced = !hasUnit(role) || unitId !== null
  const usable = /^[a-z][a-z0-9._-]{1,62}$/.test(username) && name.trim() !== '' && isPlaced
  const add = (): void => {
    if (!usable) return
    void props.onAdd({
      username,
      name: name.trim(),
      role,
      ...(hasUnit(role) ? { unitId, ...postBody(post) } : {}),
    })
  }
  return (
    <Dialog title={t('people.add')} onClose={props.onClose}>
      <Field label={t('people.name')} value={name} onInput={setName} maxLength={100} required autoFocus />
      <Field
        label={t('people.username')}
        value={username}
        onInput={setUsername}
        maxLength={63}
        required
        hint={t('people.usernameHint')}
        onEnter={add}
      />
      <Select label={t('people.role')} value={role} options={roleOptions()} onChange={setRole} />
      {hasUnit(role) && (
        <UnitChoice
          value={unitId}
          onChange={(chosen) => {
            setUnitId(chosen)
            setPost({ by: 'name' })
          }}
        />
      )}
      {hasUnit(role) && unitId !== null && (
        <PostChoice unitId={unitId} role={role} value={post} onChange={setPost} />
      )}
      <div class="dialog-actions">
        <Button kind="primary" disabled={!usable} onClick={add}>
          {t('people.addDo')}
        </Button>
      </div>
    </Dialog>
  )
}
