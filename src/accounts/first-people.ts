import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Role } from './contract.ts'
import { type Accounts, oneTimePassword } from './service.ts'

interface DemoAccount {
  readonly role: Role
  readonly name: string
  readonly username: string
  readonly password: string
}

const DEMO: readonly Omit<DemoAccount, 'password'>[] = [
  { role: 'operator', name: 'Nguyễn Thị Mai', username: 'mai' },
  { role: 'operator', name: 'Trần Quốc Tuấn', username: 'tuan' },
  { role: 'supervisor', name: 'Lê Hoàng Lan', username: 'lan' },
  { role: 'admin', name: 'Phạm Minh Quân', username: 'admin' },
]

/**
 * Demo people with random passwords, the same at each start, in `<dataDir>/demo-accounts.json` (mode 0600).
 * The file alone decides: whoever deletes it gets new passwords at the next start.
 */
export async function seedDemoPeople(accounts: Accounts, dataDir: string): Promise<void> {
  const path = join(dataDir, 'demo-accounts.json')
  const known = new Set(accounts.list().map(({ username }) => username))
  const kept = readDemoAccounts(path)
  if (kept !== undefined && kept.every(({ username }) => known.has(username))) return
  const fresh = kept ?? DEMO.map((person) => ({ ...person, password: oneTimePassword(10) }))
  for (const { password, ...person } of fresh) await accounts.seed(person, password, false)
  writeFileSync(path, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600 })
}

/** The first admin of an installation with nobody in it; true when one was made. */
export async function seedFirstAdmin(accounts: Accounts, dataDir: string): Promise<boolean> {
  if (accounts.list().length > 0) return false
  const password = oneTimePassword()
  await accounts.seed({ username: 'admin', name: 'Quản trị', role: 'admin' }, password, true)
  writeFileSync(join(dataDir, 'first-admin.txt'), `admin ${password}\n`, { mode: 0o600 })
  return true
}

function readDemoAccounts(path: string): readonly DemoAccount[] | undefined {
  if (!existsSync(path)) return undefined
  return JSON.parse(readFileSync(path, 'utf8')) as readonly DemoAccount[]
}
