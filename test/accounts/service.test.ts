import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAccounts, type Accounts } from '../../src/accounts/service.ts'
import { createAccountStore } from '../../src/accounts/store.ts'
import { createDirectoryPosts } from '../../src/accounts/posts-directory.ts'
import { ADMIN, CITY_OFFICE, createDesk, type Desk, fillDraft, OPERATOR } from '../support/desk.ts'

/** Argon2 has its own test; here passwords are only kept apart from their hashes. */
const passwords = {
  hash: async (password: string) => `hash of ${password}`,
  verify: async (hash: string, password: string) => hash === `hash of ${password}`,
}
const isUnit = (id: string) => units.has(id)
const PASSWORD = 'correct horse battery'
const HOUR_MS = 3_600_000

let desk: Desk
let accounts: Accounts
let revoked: string[]
let units: Set<string>
beforeEach(async () => {
  desk = createDesk()
  accounts = createAccounts({ store: createAccountStore(desk.db), passwords, isUnit, now: desk.now })
  revoked = []
  units = new Set(['chieu-sang', 'so-xay-dung'])
  accounts.onRevoked((id) => void revoked.push(id))
  await accounts.seed({ username: 'mai', name: 'Nguyễn Thị Mai', role: 'operator' }, PASSWORD, false)
  await accounts.seed({ username: 'quan', name: 'Phạm Minh Quân', role: 'admin' }, PASSWORD, false)
})
afterEach(() => desk.close())

const signIn = (username = 'mai', password = PASSWORD) => accounts.signIn(username, password)
const idOf = (username: string) => accounts.list().find((person) => person.username === username)?.id ?? 0
/** Without those of the people every test begins with. */
const auditRows = () =>
  desk.db.raw
    .prepare(
      "SELECT action, subject, detail FROM audit WHERE actor_id IS NOT NULL OR action <> 'person.created' ORDER BY id",
    )
    .all() as {
    action: string
    subject: string
    detail: string
  }[]

describe('signing in', () => {
  it('takes the name in any case, and gives a session that its cookie alone opens', async () => {
    const { token, csrfToken, person } = await signIn('MAI')
    expect(person.username).toBe('mai')
    expect(accounts.verify(token)).toMatchObject({ csrfToken, person: { username: 'mai' } })
    expect(accounts.verify(`${token}x`)).toBeUndefined()
    const stored = JSON.stringify(desk.db.raw.prepare('SELECT * FROM sessions').all())
    expect(stored).not.toContain(token)
  })

  it.each([
    ['nobody', PASSWORD],
    ['mai', 'wrong'],
    ['mai', ''],
    ["mai' OR 1=1 --", PASSWORD],
  ])('refuses %s / %s in the same words', async (username, password) => {
    await expect(signIn(username, password)).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' })
  })

  it('makes a name wait longer after each failure past the fifth, and lets it in again later', async () => {
    for (let failure = 0; failure < 5; failure += 1) {
      await expect(signIn('mai', 'wrong')).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' })
    }
    await expect(signIn()).rejects.toMatchObject({ code: 'SIGN_IN_WAIT', kind: 'limited' })
    desk.pass(1_001)
    await expect(signIn('mai', 'wrong')).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' })
    desk.pass(1_001)
    await expect(signIn()).rejects.toMatchObject({ code: 'SIGN_IN_WAIT' })
    desk.pass(1_000)
    await expect(signIn()).resolves.toMatchObject({ person: { username: 'mai' } })
    await expect(signIn('mai', 'wrong')).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' })
    await expect(signIn()).resolves.toBeDefined()
  })

  it('never locks a name for more than a quarter of an hour', async () => {
    for (let failure = 0; failure < 40; failure += 1) {
      await signIn('mai', 'wrong').catch(() => undefined)
      desk.pass(15 * 60_000 + 1)
    }
    await expect(signIn()).resolves.toBeDefined()
  })

  it('keeps a name waiting though somebody tries ten thousand others', async () => {
    const store = {
      ...createAccountStore(desk.db),
      appendAudit: () => undefined,
      byUsername: () => undefined,
    }
    accounts = createAccounts({ store, passwords, isUnit, now: desk.now })
    for (let failure = 0; failure < 12; failure += 1) {
      await signIn('mai', 'wrong').catch(() => undefined)
      desk.pass(60_000)
    }
    await signIn('mai', 'wrong').catch(() => undefined)
    for (let name = 0; name < 10_001; name += 1) await signIn(`u${String(name)}`, 'x').catch(() => undefined)
    await expect(signIn()).rejects.toMatchObject({ code: 'SIGN_IN_WAIT' })
  })

  it('refuses somebody whose account is closed', async () => {
    accounts.update(idOf('mai'), { active: false }, idOf('quan'))
    await expect(signIn()).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' })
  })
})

describe('a session', () => {
  it('ends after twelve idle hours and is said to be over', async () => {
    const { token, sessionId } = await signIn()
    desk.pass(12 * HOUR_MS)
    expect(accounts.verify(token)).toBeDefined()
    desk.pass(12 * HOUR_MS + 1)
    expect(accounts.verify(token)).toBeUndefined()
    expect(revoked).toEqual([sessionId])
  })

  it('ends after seven days though it is used every hour', async () => {
    const { token } = await signIn()
    for (let hour = 1; hour < 7 * 24; hour += 1) {
      desk.pass(HOUR_MS)
      expect(accounts.verify(token)).toBeDefined()
    }
    desk.pass(HOUR_MS)
    expect(accounts.verify(token)).toBeUndefined()
  })

  it('that expired unused is said to be over when the next person signs in', async () => {
    const { sessionId } = await signIn()
    desk.pass(8 * 24 * HOUR_MS)
    await signIn('quan')
    expect(revoked).toEqual([sessionId])
  })

  it('ends with sign-out, and only that one', async () => {
    const first = await signIn()
    const second = await signIn()
    accounts.signOut(first.sessionId, first.person.id)
    accounts.signOut(first.sessionId, first.person.id)
    expect(accounts.verify(first.token)).toBeUndefined()
    expect(accounts.verify(second.token)).toBeDefined()
    expect(revoked).toEqual([first.sessionId])
  })

  it.each([
    ['closing the account', () => accounts.update(idOf('mai'), { active: false }, idOf('quan'))],
    ['another role', () => accounts.update(idOf('mai'), { role: 'supervisor' }, idOf('quan'))],
    ['a reset password', () => accounts.resetPassword(idOf('mai'), idOf('quan'))],
  ])('ends with %s', async (_, act) => {
    const { token, sessionId } = await signIn()
    await act()
    expect(accounts.verify(token)).toBeUndefined()
    expect(revoked).toEqual([sessionId])
  })

  it('goes on through a new name', async () => {
    const { token } = await signIn()
    accounts.update(idOf('mai'), { name: ' Nguyễn Mai '.normalize('NFD') }, idOf('quan'))
    expect(accounts.verify(token)?.person.name).toBe('Nguyễn Mai')
    expect(accounts.nameOf(idOf('mai'))).toBe('Nguyễn Mai')
  })
})

describe('a password', () => {
  it('of one’s own choice ends all other sessions and the duty to change it', async () => {
    const { password } = await accounts.resetPassword(idOf('mai'), idOf('quan'))
    const here = await signIn('mai', password)
    expect(here.person.mustChangePassword).toBe(true)
    const there = await signIn('mai', password)
    await accounts.changePassword(here.person.id, here.sessionId, password, 'a new long password')
    expect(accounts.verify(here.token)?.person.mustChangePassword).toBe(false)
    expect(accounts.verify(there.token)).toBeUndefined()
    await expect(signIn('mai', password)).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' })
  })

  it.each([
    ['PASSWORD_WRONG', 'not it', 'a new long password'],
    ['PASSWORD_WEAK', PASSWORD, 'short'],
    ['PASSWORD_WEAK', PASSWORD, PASSWORD],
    ['PASSWORD_WEAK', PASSWORD, 'xx-Mai-1234567'],
  ])('is refused with %s', async (code, current, next) => {
    const { person, sessionId, token } = await signIn()
    await expect(accounts.changePassword(person.id, sessionId, current, next)).rejects.toMatchObject({ code })
    expect(accounts.verify(token)).toBeDefined()
  })
})

describe('R013: people', () => {
  it('are made once per name, with a password shown once and to be changed', async () => {
    const { person, password } = await accounts.create(
      { username: 'duc', name: '  Trần Đức ', role: 'operator' },
      idOf('quan'),
    )
    expect(person).toMatchObject({ name: 'Trần Đức', mustChangePassword: true, active: true })
    expect(password).toMatch(/^[a-z2-9]{14}$/)
    await expect(
      accounts.create({ username: 'duc', name: 'X', role: 'admin' }, idOf('quan')),
    ).rejects.toMatchObject({ code: 'USERNAME_TAKEN' })
  })

  it('cannot lock or demote themselves', () => {
    const admin = idOf('quan')
    for (const change of [{ active: false }, { role: 'operator' as const }]) {
      expect(() => accounts.update(admin, change, admin)).toThrow(
        expect.objectContaining({ code: 'OWN_ACCOUNT' }),
      )
    }
  })

  it('who leave the desk are told of, once', async () => {
    const left: number[] = []
    accounts.onLeft((id) => void left.push(id))
    accounts.update(idOf('mai'), { name: 'Mai' }, idOf('quan'))
    accounts.update(idOf('mai'), { role: 'supervisor' }, idOf('quan'))
    expect(left).toEqual([])
    accounts.update(idOf('mai'), { role: 'admin' }, idOf('quan'))
    accounts.update(idOf('mai'), { role: 'operator' }, idOf('quan'))
    accounts.update(idOf('mai'), { active: false }, idOf('quan'))
    accounts.update(idOf('mai'), { role: 'officer', unitId: 'chieu-sang' }, idOf('quan'))
    expect(left).toEqual([idOf('mai'), idOf('mai'), idOf('mai')])
  })

  it('R083, R095: officers and heads belong to exactly one unit of the directory, nobody else to any', async () => {
    const make = (role: 'officer' | 'head' | 'cityOffice' | 'operator', unitId?: string | null) =>
      accounts.create(
        { username: `p-${role}`, name: 'Bùi Đức Khoát', role, ...(unitId === undefined ? {} : { unitId }) },
        idOf('quan'),
      )
    for (const role of ['officer', 'head'] as const) {
      await expect(make(role)).rejects.toMatchObject({ code: 'UNIT_REQUIRED' })
      await expect(make(role, null)).rejects.toMatchObject({ code: 'UNIT_REQUIRED' })
      await expect(make(role, 'nowhere')).rejects.toMatchObject({ code: 'UNIT_UNKNOWN' })
      expect((await make(role, 'chieu-sang')).person).toMatchObject({ role, unitId: 'chieu-sang' })
    }
    for (const role of ['cityOffice', 'operator'] as const) {
      await expect(make(role, 'chieu-sang')).rejects.toMatchObject({ code: 'UNIT_NOT_FOR_ROLE' })
      expect((await make(role)).person.unitId).toBeNull()
    }
  })

  it('R101: change role and unit together, lose the unit with the role, and every session with either', async () => {
    const mai = idOf('mai')
    const admin = idOf('quan')
    expect(() => accounts.update(mai, { role: 'officer' }, admin)).toThrow(
      expect.objectContaining({ code: 'UNIT_REQUIRED' }),
    )
    expect(() => accounts.update(mai, { unitId: 'chieu-sang' }, admin)).toThrow(
      expect.objectContaining({ code: 'UNIT_NOT_FOR_ROLE' }),
    )
    accounts.update(mai, { role: 'officer', unitId: 'chieu-sang' }, admin)
    const { token } = await signIn()
    expect(accounts.update(mai, { unitId: 'so-xay-dung' }, admin).unitId).toBe('so-xay-dung')
    expect(accounts.verify(token)).toBeUndefined()
    expect(accounts.update(mai, { role: 'head' }, admin)).toMatchObject({
      role: 'head',
      unitId: 'so-xay-dung',
    })
    expect(accounts.update(mai, { role: 'cityOffice' }, admin).unitId).toBeNull()
  })

  it('keep their account when their unit leaves the directory, and may be renamed and locked', async () => {
    const { person } = await accounts.create(
      { username: 'khoat', name: 'Khoát', role: 'officer', unitId: 'chieu-sang' },
      idOf('quan'),
    )
    units.delete('chieu-sang')
    expect(accounts.update(person.id, { name: 'Bùi Khoát' }, idOf('quan')).unitId).toBe('chieu-sang')
    expect(accounts.update(person.id, { active: false }, idOf('quan')).active).toBe(false)
    expect(() => accounts.update(person.id, { role: 'head' }, idOf('quan'))).toThrow(
      expect.objectContaining({ code: 'UNIT_UNKNOWN' }),
    )
  })

  it('who do not exist are not found', async () => {
    expect(() => accounts.update(999, { name: 'x' }, 1)).toThrow(
      expect.objectContaining({ code: 'PERSON_NOT_FOUND' }),
    )
    await expect(accounts.resetPassword(999, 1)).rejects.toMatchObject({ code: 'PERSON_NOT_FOUND' })
  })
})

describe('R022: the audit log', () => {
  it('says who did what, and holds no name, number or password', async () => {
    await signIn()
    await signIn('mai', 'wrong').catch(() => undefined)
    accounts.update(idOf('mai'), { name: 'Lê Tuyệt Mật', role: 'supervisor' }, idOf('quan'))
    await accounts.create({ username: 'duc', name: 'Trần Đức', role: 'operator' }, idOf('quan'))
    await accounts.resetPassword(idOf('mai'), idOf('quan'))
    const rows = auditRows()
    expect(rows.map(({ action }) => action)).toEqual([
      'signIn',
      'signIn.failed',
      'person.updated',
      'person.created',
      'password.reset',
    ])
    expect(JSON.parse(rows[2]?.detail ?? '')).toEqual({ changed: ['name', 'role'], role: 'supervisor' })
    expect(JSON.stringify(rows)).not.toMatch(/Tuyệt|Đức|duc|hash|wrong/)
  })

  it('can be neither changed nor shortened', async () => {
    await signIn()
    expect(() => desk.db.raw.exec("UPDATE audit SET action = 'x'")).toThrow('append-only')
    expect(() => desk.db.raw.exec('DELETE FROM audit')).toThrow('append-only')
    expect(() => desk.db.raw.exec('INSERT OR REPLACE INTO audit SELECT * FROM audit')).toThrow('append-only')
    expect(auditRows()).toHaveLength(1)
  })
})

describe('R101 R013: an account of a unit belongs to one of its people in the directory (Đ17.2, Đ17.9)', () => {
  const OFFICER = 'Lê Văn Phiệt'
  const linked = () => {
    accounts = createAccounts({
      store: createAccountStore(desk.db),
      passwords,
      isUnit,
      posts: createDirectoryPosts(desk.directory),
      now: desk.now,
    })
    accounts.onRevoked((id) => void revoked.push(id))
  }
  const postIn = (name: string, unitId = 'chieu-sang') =>
    desk.directory.unit(unitId)?.people.find((person) => person.name === name)?.id ?? ''
  const end = (personId: string, effectiveOn: string) =>
    desk.editor.propose(
      { change: { kind: 'personEnded', unitId: 'chieu-sang', personId }, effectiveOn, why: 'QĐ 12/QĐ-UBND' },
      ADMIN,
    )
  const account = async (name = OFFICER) => {
    await accounts.seed({ username: 'phiet', name, role: 'officer', unitId: 'chieu-sang' }, PASSWORD, false)
    return signIn('phiet')
  }

  it('finds the person of its name and role, and sees nothing of the unit from the day that post ends', async () => {
    linked()
    const { code, version } = fillDraft(desk)
    desk.tickets.sendSlip(code, { version, unitId: 'chieu-sang', note: '' }, OPERATOR)
    const { token, person } = await account()
    expect(person).toMatchObject({ unitId: 'chieu-sang', postId: postIn(OFFICER) })
    end(postIn(OFFICER), '2026-03-03')
    const today = accounts.verify(token)?.person
    expect(today?.unitId).toBe('chieu-sang')
    expect(desk.tickets.list({}, today ?? person).items).toHaveLength(1)
    desk.pass(16 * HOUR_MS) // after midnight: another session, for this one was idle too long
    const tomorrow = (await signIn('phiet')).person
    expect(tomorrow.unitId).toBeNull()
    expect(desk.tickets.list({}, tomorrow).items).toEqual([])
    expect(() => desk.tickets.view(code, tomorrow)).toThrow(
      expect.objectContaining({ code: 'TICKET_NOT_FOUND' }),
    )
    // Its admin still sees where it was.
    expect(accounts.find(idOf('phiet'))?.unitId).toBe('chieu-sang')
  })

  it('closes its open pages with that day, and nobody else’s', async () => {
    linked()
    const { sessionId } = await account()
    await signIn()
    end(postIn(OFFICER), '2026-03-03')
    accounts.followDirectory()
    expect(revoked).toEqual([])
    desk.pass(16 * HOUR_MS)
    accounts.followDirectory()
    expect(revoked).toEqual([sessionId])
  })

  describe('R101: whose person has another role there from a day on', () => {
    const HEAD_NAME = 'Mai Thị Tuyết Trinh'
    const becomes = (role: 'officer' | 'head', name: string, effectiveOn: string, replaces?: string) =>
      desk.editor.propose(
        {
          change: {
            kind: 'personChanged',
            unitId: 'chieu-sang',
            personId: postIn(name),
            person: { role },
            ...(replaces === undefined ? {} : { replaces: postIn(replaces) }),
          },
          effectiveOn,
          why: 'QĐ 12/QĐ-UBND',
        },
        CITY_OFFICE,
      )
    const followedLines = () => auditRows().filter(({ action }) => action === 'person.roleFollowed')

    it('is the unit’s head from that day, with the cases it had, and says so in the audit log, once', async () => {
      linked()
      const { code, version } = fillDraft(desk)
      desk.tickets.sendSlip(code, { version, unitId: 'chieu-sang', note: '' }, OPERATOR)
      const { sessionId, person } = await account()
      becomes('head', OFFICER, '2026-03-03', HEAD_NAME)
      accounts.followDirectory()
      expect(accounts.find(person.id)?.role).toBe('officer')
      desk.pass(16 * HOUR_MS)
      accounts.followDirectory()
      accounts.followDirectory()
      expect(revoked).toEqual([sessionId]) // an open page shows what an officer sees
      expect(followedLines()).toEqual([
        {
          action: 'person.roleFollowed',
          subject: `person:${String(person.id)}`,
          detail: JSON.stringify({ role: 'head', unitId: 'chieu-sang', postId: postIn(OFFICER) }),
        },
      ])
      const head = (await signIn('phiet')).person
      expect(head).toMatchObject({ role: 'head', unitId: 'chieu-sang' })
      expect(desk.tickets.list({}, head).items).toMatchObject([{ code }])
      expect(desk.tickets.view(code, head).code).toBe(code)
    })

    it('is it at the first request of the day, though nothing has gone through the accounts yet; and back again', async () => {
      linked()
      const { token } = await account()
      becomes('head', OFFICER, '2026-03-02', HEAD_NAME)
      expect(accounts.verify(token)).toBeUndefined()
      const asHead = await signIn('phiet')
      expect([asHead.person.role, asHead.person.unitId]).toEqual(['head', 'chieu-sang'])
      expect(accounts.verify(asHead.token)?.person.role).toBe('head')
      becomes('officer', OFFICER, '2026-03-02')
      expect((await signIn('phiet')).person).toMatchObject({ role: 'officer', unitId: 'chieu-sang' })
      expect(accounts.verify(asHead.token)).toBeUndefined()
      expect(followedLines()).toHaveLength(2)
    })

    it('belongs to a unit, or stays as it is: others, and those of nobody in the directory, follow nothing', async () => {
      linked()
      const admin = accounts.find(idOf('quan'))
      await account()
      accounts.update(idOf('phiet'), { postId: null }, idOf('quan'))
      // As one whose role was changed by hand, with what it had been left in the row.
      await accounts.seed({ username: 'chanh', name: OFFICER, role: 'cityOffice' }, PASSWORD, false)
      desk.db.raw
        .prepare("UPDATE people SET unit_id = 'chieu-sang', post_id = ? WHERE username = 'chanh'")
        .run(postIn(OFFICER))
      becomes('head', OFFICER, '2026-03-02', HEAD_NAME)
      accounts.followDirectory()
      expect((await signIn('phiet')).person.role).toBe('officer')
      expect((await signIn('chanh')).person.role).toBe('cityOffice')
      expect(accounts.find(idOf('quan'))).toEqual(admin)
      expect(followedLines()).toEqual([])
    })
  })

  it('takes up accounts of before by their name, once; one like nobody there goes on as it was', async () => {
    await account()
    await accounts.seed(
      { username: 'khac', name: 'Vũ Thị Nhàn', role: 'officer', unitId: 'chieu-sang' },
      PASSWORD,
      false,
    )
    linked()
    accounts.followDirectory()
    accounts.followDirectory()
    expect(accounts.find(idOf('phiet'))?.postId).toBe(postIn(OFFICER))
    expect(accounts.find(idOf('khac'))).not.toHaveProperty('postId')
    expect(auditRows().filter(({ action }) => action === 'person.linked')).toHaveLength(1)
    expect((await signIn('khac')).person.unitId).toBe('chieu-sang')
  })

  it('is given another person by an admin, with its pages closed; nobody whom the unit does not have', async () => {
    linked()
    const { sessionId } = await account('Tên Khác')
    const change = (postId: string | null) => accounts.update(idOf('phiet'), { postId }, idOf('quan'))
    expect(() => change('nobody')).toThrow(expect.objectContaining({ code: 'POST_UNKNOWN' }))
    // A head's post is no officer's.
    expect(() => change(postIn('Mai Thị Tuyết Trinh'))).toThrow(
      expect.objectContaining({ code: 'POST_UNKNOWN' }),
    )
    expect(change(postIn(OFFICER)).postId).toBe(postIn(OFFICER))
    expect(revoked).toEqual([sessionId])
    expect(change(null)).not.toHaveProperty('postId')
  })
})
