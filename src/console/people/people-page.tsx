import { useState } from 'preact/hooks'
import type { Person, Role } from '../../accounts/contract.ts'
import { t } from '../i18n/translate.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { Select } from '../ui/field.tsx'
import { useList } from '../ui/use-list.ts'
import { AddDialog } from './add-dialog.tsx'
import { postBody, PostLine } from './post-choice.tsx'
import { hasUnit, roleOptions } from './roles.ts'
import { UnitDialog } from './unit-dialog.tsx'

/** Accounts, for administrators: add, change the role, lock, give a new one-time password. */
export function PeoplePage() {
  const desk = useConsole()
  const [round, setRound] = useState(0)
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<{ readonly person: Person; readonly password: string } | null>(null)
  const [placing, setPlacing] = useState<{ readonly person: Person; readonly role: Role } | null>(null)
  // Roles follow the directory (Đ17.9): with a change of it accounts may be other than they were.
  const people = useList(`${String(round)}#${String(desk.changes.value.directory)}`, desk.api.people)
  const change = async (work: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await work()
      sayDone(done)
    } catch (cause) {
      sayFailure(cause)
    }
    setRound(round + 1)
  }
  const reset = async (person: Person): Promise<void> => {
    try {
      setSecret(await desk.api.resetPassword(person.id))
    } catch (cause) {
      sayFailure(cause)
    }
  }
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('people.title')}</h1>
        <Button
          kind="primary"
          icon="plus"
          onClick={() => {
            setAdding(true)
          }}
        >
          {t('people.add')}
        </Button>
      </header>
      {people === null ? (
        <Skeleton rows={6} label={t('loading')} />
      ) : (
        <div class="table-frame">
          <table class="table people-table">
            <thead>
              <tr>
                <th scope="col">{t('people.name')}</th>
                <th scope="col">{t('people.username')}</th>
                <th scope="col">{t('people.role')}</th>
                <th scope="col">{t('people.unit')}</th>
                <th scope="col">{t('people.state')}</th>
                <th scope="col">
                  <span class="hidden">{t('people.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {people.map((person) => (
                <tr key={person.id}>
                  <td>{person.name}</td>
                  <td>{person.username}</td>
                  <td>
                    <Select
                      label={t('people.roleOf', { name: person.name })}
                      hideLabel
                      value={person.role}
                      options={roleOptions()}
                      onChange={(role) => {
                        // Belongs to a unit: which one is asked before anything is changed.
                        if (hasUnit(role)) {
                          setPlacing({ person, role })
                          return
                        }
                        void change(
                          () => desk.api.updatePerson(person.id, { role }),
                          t('people.changed', { name: person.name }),
                        )
                      }}
                    />
                  </td>
                  <td class="cell-unit">
                    <UnitOf
                      person={person}
                      onMove={() => {
                        setPlacing({ person, role: person.role })
                      }}
                    />
                  </td>
                  <td>
                    {person.active
                      ? person.mustChangePassword
                        ? t('people.new')
                        : t('people.active')
                      : t('people.locked')}
                  </td>
                  <td>
                    <div class="row-actions">
                      <Button
                        small
                        onClick={() => {
                          void reset(person)
                        }}
                        label={t('people.resetOf', { name: person.name })}
                      >
                        {t('people.reset')}
                      </Button>
                      <Button
                        small
                        kind={person.active ? 'quiet' : 'plain'}
                        label={t(person.active ? 'people.lockOf' : 'people.unlockOf', { name: person.name })}
                        onClick={() => {
                          void change(
                            () => desk.api.updatePerson(person.id, { active: !person.active }),
                            t('people.changed', { name: person.name }),
                          )
                        }}
                      >
                        {person.active ? t('people.lock') : t('people.unlock')}
                      </Button>
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {adding && (
        <AddDialog
          onClose={() => {
            setAdding(false)
          }}
          onAdd={async (body) => {
            try {
              setSecret(await desk.api.createPerson(body))
              setAdding(false)
              setRound(round + 1)
            } catch (cause) {
              sayFailure(cause)
            }
          }}
        />
      )}
      {placing !== null && (
        <UnitDialog
          person={placing.person}
          role={placing.role}
          onClose={() => {
            setPlacing(null)
          }}
          onChoose={(unitId, post) => {
            const { person, role } = placing
            setPlacing(null)
            void change(
              () => desk.api.updatePerson(person.id, { role, unitId, ...postBody(post) }),
              t('people.changed', { name: person.name }),
            )
          }}
        />
      )}
      {secret !== null && (
        <Dialog
          title={t('people.passwordFor', { name: secret.person.name })}
          onClose={() => {
            setSecret(null)
          }}
        >
          <p>{t('people.passwordOnce')}</p>
          <p class="one-time">
            <code>{secret.password}</code>
          </p>
        </Dialog>
      )}
    </main>
  )
}

/** The unit of an officer or a head, to be changed; one that left the directory says so, because nothing can be seen with it. */
function UnitOf({ person, onMove }: { readonly person: Person; readonly onMove: () => void }) {
  const directory = useConsole().directory.value
  const { unitId } = person
  if (unitId === null) return null
  const unit = directory?.units.find(({ id }) => id === unitId)
  return (
    <>
      <span class={unit === undefined && directory !== null ? 'case-late' : undefined}>
        {unit?.name ?? (directory === null ? unitId : t('unit.left', { unit: unitId }))}
      </span>
      <Button small kind="quiet" label={t('people.moveOf', { name: person.name })} onClick={onMove}>
        {t('people.move')}
      </Button>
      {typeof person.postId === 'string' && <PostLine unitId={unitId} postId={person.postId} />}
    </>
  )
}
