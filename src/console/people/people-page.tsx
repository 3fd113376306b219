import { useState } from 'preact/hooks'
import type { CreatePerson, Person, Role } from '../../accounts/contract.ts'
import { t } from '../i18n/translate.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { Field, Select } from '../ui/field.tsx'
import { useList } from '../ui/use-list.ts'

const ROLES = ['operator', 'supervisor', 'admin'] as const satisfies readonly Role[]

/** Accounts, for administrators: add, change the role, lock, give a new one-time password. */
export function PeoplePage() {
  const desk = useConsole()
  const [round, setRound] = useState(0)
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<{ readonly person: Person; readonly password: string } | null>(null)
  const people = useList(`#${String(round)}`, desk.api.people)
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
                      options={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
                      onChange={(role) => {
                        void change(
                          () => desk.api.updatePerson(person.id, { role }),
                          t('people.changed', { name: person.name }),
                        )
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

function AddDialog(props: {
  readonly onClose: () => void
  readonly onAdd: (body: CreatePerson) => Promise<void>
}) {
  const [name, setName] = useState('')
  const [username, setUsername] = useState('')
  const [role, setRole] = useState<Role>('operator')
  const usable = /^[a-z][a-z0-9._-]{1,62}$/.test(username)
  const add = (): void => {
    if (usable && name.trim() !== '') void props.onAdd({ username, name: name.trim(), role })
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
      <Select
        label={t('people.role')}
        value={role}
        options={ROLES.map((known) => ({ value: known, label: t(`role.${known}`) }))}
        onChange={setRole}
      />
      <div class="dialog-actions">
        <Button kind="primary" disabled={!usable || name.trim() === ''} onClick={add}>
          {t('people.addDo')}
        </Button>
      </div>
    </Dialog>
  )
}
