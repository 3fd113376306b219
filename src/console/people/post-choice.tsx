import type { UnitPerson } from '../../agencies/contract.ts'
import type { Role } from '../../accounts/contract.ts'
import { dayWords } from '../directory/words.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { Select } from '../ui/field.tsx'

/** `byName`: whoever has the same name there, as the service finds them; `nobody`: the account follows no term of office. */
export type PostChoiceValue = { readonly by: 'name' } | { readonly by: 'post'; readonly id: string | null }

const BY_NAME = '*'
const NOBODY = ''

/** The body's field: left out where the service is to look for the name. */
export const postBody = (value: PostChoiceValue): { readonly postId?: string | null } =>
  value.by === 'name' ? {} : { postId: value.id }

/** Which of the unit's people in the directory an account is: with that person's last day its view of the unit ends (Đ17.9). */
export function PostChoice(props: {
  readonly unitId: string
  readonly role: Role
  readonly value: PostChoiceValue
  readonly onChange: (value: PostChoiceValue) => void
}) {
  const people = usePosts(props.unitId, props.role)
  const { value } = props
  const known = value.by === 'post' && (value.id === null || people.some(({ id }) => id === value.id))
  const options = [
    { value: BY_NAME, label: t('people.postByName') },
    ...people.flatMap((person) =>
      person.id === undefined ? [] : [{ value: person.id, label: postWords(person) }],
    ),
    { value: NOBODY, label: t('people.postNobody') },
  ]
  return (
    <Select
      label={t('people.post')}
      value={known ? (value.id ?? NOBODY) : BY_NAME}
      options={options}
      onChange={(chosen) => {
        props.onChange(
          chosen === BY_NAME ? { by: 'name' } : { by: 'post', id: chosen === NOBODY ? null : chosen },
        )
      }}
    />
  )
}

/** Of whom in the directory an account is, until when; or that nothing of the unit is seen with it any more. */
export function PostLine(props: { readonly unitId: string; readonly postId: string }) {
  const directory = useConsole().directory.value
  if (directory === null) return null
  // In whatever role: with another one they are still there, and the account follows.
  const person = directory.units
    .find(({ id }) => id === props.unitId)
    ?.people.find(({ id }) => id === props.postId)
  if (person === undefined) return <p class="problem">{t('people.postOver')}</p>
  return <p class="quiet">{t('people.postOf', { post: postWords(person) })}</p>
}

function usePosts(unitId: string, role: Role): readonly UnitPerson[] {
  const units = useConsole().directory.value?.units ?? []
  return units.find(({ id }) => id === unitId)?.people.filter((person) => person.role === role) ?? []
}

function postWords({ name, position, to }: UnitPerson): string {
  const who = position === '' ? name : `${name}, ${position}`
  return to === undefined ? who : t('people.postUntil', { who, day: dayWords(to, minute.value) })
}
