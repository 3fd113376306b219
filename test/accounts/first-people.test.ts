import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { seedDemoPeople } from '../../src/accounts/first-people.ts'
import { type Accounts, createAccounts } from '../../src/accounts/service.ts'
import { createAccountStore } from '../../src/accounts/store.ts'
import { createDesk, type Desk } from '../support/desk.ts'

const passwords = {
  hash: async (password: string) => `hash of ${password}`,
  verify: async (hash: string, password: string) => hash === `hash of ${password}`,
}

let desk: Desk
let folder: string
let accounts: Accounts
const isUnit = (id: string) => desk.directory.answersFor(id).length > 0
beforeEach(() => {
  desk = createDesk()
  folder = mkdtempSync(join(tmpdir(), 'first-people-'))
  accounts = createAccounts({ store: createAccountStore(desk.db), passwords, isUnit, now: desk.now })
})
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true })
  await desk.close()
})

const file = () => join(folder, 'demo-accounts.json')
const kept = () => JSON.parse(readFileSync(file(), 'utf8')) as { username: string; password: string }[]

it('has somebody of every desk, with units of the directory', async () => {
  await seedDemoPeople(accounts, folder, isUnit)
  expect(
    accounts
      .list()
      .map(({ role, unitId }) => [role, unitId ?? ''].join(' ').trim())
      .sort(),
  ).toEqual([
    'admin',
    'auditor',
    'cityOffice',
    'head chieu-sang',
    'head so-xay-dung',
    'officer chieu-sang',
    'officer so-xay-dung',
    'operator',
    'operator',
    'supervisor',
  ])
})

it('brings those who are new to a folder of before, and leaves the passwords of the others', async () => {
  const mai = { role: 'operator', name: 'Nguyễn Thị Mai', username: 'mai', password: 'as before' } as const
  writeFileSync(file(), JSON.stringify([mai]))
  await accounts.seed({ username: mai.username, name: mai.name, role: mai.role }, 'chosen since', false)
  await seedDemoPeople(accounts, folder, isUnit)
  expect(accounts.list()).toHaveLength(10)
  expect(kept()[0]).toEqual(mai)
  await accounts.signIn('mai', 'chosen since')
  const before = kept()
  await seedDemoPeople(accounts, folder, isUnit)
  expect(kept()).toEqual(before)
})

it('does without people of units that a city does not have', async () => {
  await seedDemoPeople(accounts, folder, (id) => id === 'chieu-sang')
  expect(
    accounts
      .list()
      .map(({ username }) => username)
      .sort(),
  ).not.toContain('khoat')
})
