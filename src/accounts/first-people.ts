import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Role } from './contract.ts'
import { type Accounts, oneTimePassword } from './service.ts'

interface DemoAccount {
  readonly role: Role
  readonly unitId?: string
  readonly name: string
  readonly username: string
  readonly password: string
}

const DEMO: readonly Omit<DemoAccount, 'password'>[] = [
  { role: 'operator', name: 'Nguyễn Thị Mai', username: 'mai' },
  { role: 'operator', name: 'Trần Quốc Tuấn', username: 'tuan' },
  { role: 'supervisor', name: 'Lê Hoàng Lan', username: 'lan' },
  { role: 'admin', name: 'Phạm Minh Quân', username: 'admin' },
  { role: 'officer', unitId: 'chieu-sang', name: 'Lê Văn Phiệt', username: 'phiet' },
  { role: 'head', unitId: 'chieu-sang', name: 'Mai Thị Tuyết Trinh', username: 'trinh' },
  { role: 'officer', unitId: 'so-xay-dung', name: 'Bùi Đức Khoát', username: 'khoat' },
  { role: 'head', unitId: 'so-xay-dung', name: 'Nguyễn Khắc Tuynh', username: 'tuynh' },
  { role: 'cityOffice', name: 'Hoàng Thu Uyên', username: 'uyen' },
  { role: 'auditor', name: 'Vũ Thị Lựu', username: 'luu' },
]

/**
 * Demo people with random passwords, the same at each start, in `<dataDir>/demo-accounts.json` (mode 0600).
 * The file alone decides: whoever deletes it gets new passwords at the next start.
 */
export async function seedDemoPeople(
  accounts: Accounts,
  dataDir: string,
  isUnit: (unitId: string) => boolean,
): Promise<void> {
  const path = join(dataDir, 'demo-accounts.json')
  const known = new Set(accounts.list().map(({ username }) => username))
  // Another city has other units; its demo does without their people.
  const possible = DEMO.filter(({ unitId }) => unitId === undefined || isUnit(unitId))
  const kept = readDemoAccounts(path) ?? []
  const missing = possible.filter(({ username }) => !kept.some((person) => person.username === username))
  if (missing.length === 0 && kept.every(({ username }) => known.has(username))) return
  const fresh = [...kept, ...missing.map((person) => ({ ...person, password: oneTimePassword(10) }))]
  for (const { password, ...person } of fresh) {
    const isHere = known.has(person.username) && !missing.some(({ username }) => username === person.username)
    // A unit may have left the directory since the file was written.
    const hasPlace = person.unitId === undefined || isUnit(person.unitId)
    if (!isHere && hasPlace) await accounts.seed(person, password, false)
  }
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
