import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { AppError } from '../platform/errors.ts'
import type { AuditAction, CreatePerson, Person, Role, UpdatePerson } from './contract.ts'
import type { audit, people, sessions } from './tables.ts'
import { hasUnit, type UnitRole, unitProblem } from './unit-policy.ts'

type PersonRow = typeof people.$inferSelect
type SessionRow = typeof sessions.$inferSelect

export interface AccountStore {
  people(): PersonRow[]
  byId(id: number): PersonRow | undefined
  byUsername(username: string): PersonRow | undefined
  insertPerson(row: Omit<PersonRow, 'id'>): PersonRow
  updatePerson(id: number, change: Partial<Omit<PersonRow, 'id'>>): void
  insertSession(row: SessionRow): void
  sessionByToken(tokenHash: string): { session: SessionRow; person: PersonRow } | undefined
  touchSession(id: string, lastSeenAt: string): void
  sessionsOf(personId: number): SessionRow[]
  deleteSession(id: string): boolean
  /** Ids of the sessions that were over and are gone now. */
  deleteExpired(now: string): string[]
  appendAudit(row: Omit<typeof audit.$inferInsert, 'id'>): void
}

/** Slow on purpose; off the event loop. */
export interface PasswordHasher {
  hash(password: string): Promise<string>
  verify(hash: string, password: string): Promise<boolean>
}

/** People of the directory, as far as accounts belong to them. */
export interface Posts {
  /** Id of the one person of that name and role there today; null for none, and for two. */
  match(person: { readonly unitId: string; readonly role: Role; readonly name: string }): string | null
  /** What that person is there today; null for one who is not there. */
  roleOf(post: { readonly unitId: string; readonly postId: string }): UnitRole | null
}

const NO_POSTS: Posts = { match: () => null, roleOf: () => null }

export interface AccountDeps {
  readonly store: AccountStore
  readonly passwords: PasswordHasher
  /** Whether the directory has this unit now. */
  readonly isUnit: (unitId: string) => boolean
  /** Who has which duty in a unit today (Đ17.2, Đ17.9). Without it no account belongs to anybody of the directory. */
  readonly posts?: Posts
  readonly now: () => Date
}

export interface OpenSession {
  readonly person: Person
  readonly sessionId: string
  readonly csrfToken: string
}

export type Accounts = ReturnType<typeof createAccounts>

const IDLE_MS = 12 * 3_600_000
const ABSOLUTE_MS = 7 * 24 * 3_600_000
/** How stale `last_seen_at` may be: no write per request. */
const TOUCH_MS = 60_000
const MIN_PASSWORD = 10
/** Failures of one username before it must wait, and how long it waits at most. */
const FREE_FAILURES = 5
const MAX_LOCK_MS = 15 * 60_000
const MAX_TRACKED = 10_000
/** Roles with a telephone and a place in the queue. */
const AT_THE_LINE: readonly Role[] = ['operator', 'supervisor']

const UNIT_PROBLEMS = {
  UNIT_REQUIRED: 'an officer or a head belongs to a unit',
  UNIT_UNKNOWN: 'no such unit',
  UNIT_NOT_FOR_ROLE: 'this role belongs to no unit',
} as const

/** People, their sessions and the audit log. */
export function createAccounts({ store, passwords, isUnit, posts = NO_POSTS, now }: AccountDeps) {
  const revoked = new Set<(sessionId: string) => void>()
  const left = new Set<(personId: number) => void>()
  const failures = new Map<string, { count: number; until: number }>()
  const names = new Map<number, string>()
  let decoy: Promise<string> | undefined

  function write(
    actorId: number | null,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown> = {},
  ): void {
    store.appendAudit({ at: now().toISOString(), actorId, action, subject, detail })
  }

  function drop(sessionId: string): void {
    if (!store.deleteSession(sessionId)) return
    for (const listener of revoked) listener(sessionId)
  }

  function dropAll(personId: number, exceptId?: string): void {
    for (const { id } of store.sessionsOf(personId)) if (id !== exceptId) drop(id)
  }

  function mustFind(id: number): PersonRow {
    const row = store.byId(id)
    if (row === undefined) throw new AppError('notFound', 'PERSON_NOT_FOUND', 'no such person')
    return row
  }

  function checkUnit(person: { role: Role; unitId: string | null }): void {
    const problem = unitProblem(person, isUnit)
    if (problem !== null) throw new AppError('invalid', problem, UNIT_PROBLEMS[problem])
  }

  /** The person an account belongs to. Throws POST_UNKNOWN for one whom the unit does not have today. */
  function postOf(
    { role, unitId, name }: { role: Role; unitId: string | null; name: string },
    asked: string | null | undefined,
  ): string | null {
    if (unitId === null || asked === null) return null
    if (asked === undefined) return posts.match({ unitId, role, name })
    if (posts.roleOf({ unitId, postId: asked }) === role) return asked
    throw new AppError('invalid', 'POST_UNKNOWN', 'the unit has nobody like that today', { subject: asked })
  }

  /** What the person of the directory is today whose account it is; undefined for an account that belongs to nobody there. */
  const postRole = ({ unitId, role, postId }: PersonRow): UnitRole | null | undefined =>
    unitId === null || postId === null || !hasUnit(role) ? undefined : posts.roleOf({ unitId, postId })

  const isPostOver = (row: PersonRow): boolean => postRole(row) === null

  /**
   * The account as the directory has its person today (Đ17.9): an officer who is head now is the unit's head here as well, and the
   * other way round. It begins with another session, for an open page shows what the old role saw.
   */
  function followed(row: PersonRow): PersonRow {
    const role = postRole(row) ?? row.role
    if (role === row.role) return row
    store.updatePerson(row.id, { role })
    dropAll(row.id)
    const { unitId, postId } = row
    write(null, 'person.roleFollowed', `person:${String(row.id)}`, { role, unitId, postId })
    return { ...row, role }
  }

  /** Whoever acts now: an account whose post in the directory has ended has no unit any more, though it had one (Đ17.9). */
  const atWork = (row: PersonRow): Person => {
    const person = toPerson(row)
    return isPostOver(row) ? { ...person, unitId: null } : person
  }

  function noteFailure(username: string): void {
    // The oldest goes: whoever tries many names must not free the one they are after.
    if (failures.size >= MAX_TRACKED && !failures.has(username)) dropOldestFailure()
    const count = (failures.get(username)?.count ?? 0) + 1
    const lockMs = count < FREE_FAILURES ? 0 : Math.min(MAX_LOCK_MS, 1000 * 2 ** (count - FREE_FAILURES))
    failures.set(username, { count, until: now().getTime() + lockMs })
  }

  function dropOldestFailure(): void {
    const at = now().getTime()
    let oldest: string | undefined
    for (const [name, { until }] of failures) {
      oldest ??= name
      if (until > at) continue
      oldest = name
      break
    }
    if (oldest !== undefined) failures.delete(oldest)
  }

  return {
    /** Throws SIGN_IN_FAILED for an unknown name and a wrong password alike, after the same work. */
    async signIn(username: string, password: string): Promise<OpenSession & { readonly token: string }> {
      const key = username.toLowerCase()
      if ((failures.get(key)?.until ?? 0) > now().getTime()) {
        throw new AppError('limited', 'SIGN_IN_WAIT', 'too many failures; wait and try again')
      }
      const known = store.byUsername(key)
      decoy ??= passwords.hash(randomUUID())
      const valid = await passwords.verify(known?.passwordHash ?? (await decoy), password)
      if (known === undefined || !valid || !known.active) {
        noteFailure(key)
        write(known?.id ?? null, 'signIn.failed', 'session')
        throw new AppError('invalid', 'SIGN_IN_FAILED', 'name or password is wrong')
      }
      failures.delete(key)
      const row = followed(known)
      const at = now()
      const token = randomBytes(32).toString('base64url')
      const session: SessionRow = {
        id: randomUUID(),
        personId: row.id,
        tokenHash: hashToken(token),
        csrfToken: randomBytes(24).toString('base64url'),
        createdAt: at.toISOString(),
        lastSeenAt: at.toISOString(),
        expiresAt: new Date(at.getTime() + ABSOLUTE_MS).toISOString(),
      }
      for (const id of store.deleteExpired(at.toISOString())) for (const listener of revoked) listener(id)
      store.insertSession(session)
      write(row.id, 'signIn', 'session')
      return { person: atWork(row), sessionId: session.id, csrfToken: session.csrfToken, token }
    },

    /** The session of a cookie's value; undefined when it is unknown, revoked, idle too long or expired. */
    verify(token: string): OpenSession | undefined {
      const found = store.sessionByToken(hashToken(token))
      if (found === undefined) return undefined
      const { session, person } = found
      const at = now()
      const idle = at.getTime() - Date.parse(session.lastSeenAt)
      if (!person.active || idle > IDLE_MS || session.expiresAt <= at.toISOString()) {
        drop(session.id)
        return undefined
      }
      if (followed(person) !== person) return undefined
      if (idle > TOUCH_MS) store.touchSession(session.id, at.toISOString())
      return { person: atWork(person), sessionId: session.id, csrfToken: session.csrfToken }
    },

    signOut(sessionId: string, personId: number): void {
      drop(sessionId)
      write(personId, 'signOut', 'session')
    },

    /** Called with the id of each session that ends before its time. */
    onRevoked(listener: (sessionId: string) => void): void {
      revoked.add(listener)
    },

    /** Called with the id of each person who no longer works at a desk: account closed, or another role without one. */
    onLeft(listener: (personId: number) => void): void {
      left.add(listener)
    },

    async changePassword(personId: number, sessionId: string, current: string, next: string): Promise<void> {
      const row = mustFind(personId)
      if (!(await passwords.verify(row.passwordHash, current))) {
        throw new AppError('invalid', 'PASSWORD_WRONG', 'the current password is wrong')
      }
      if (next.length < MIN_PASSWORD || next === current || next.toLowerCase().includes(row.username)) {
        throw new AppError(
          'invalid',
          'PASSWORD_WEAK',
          'choose a longer password that is new and has no user name in it',
        )
      }
      store.updatePerson(personId, { passwordHash: await passwords.hash(next), mustChangePassword: false })
      dropAll(personId, sessionId)
      write(personId, 'password.changed', `person:${String(personId)}`)
    },

    /** A supervisor's word: the person is signed out everywhere. */
    endSessions(personId: number): void {
      dropAll(personId)
    },

    list: (): Person[] => store.people().map(toPerson),
    find(id: number): Person | undefined {
      const row = store.byId(id)
      return row === undefined ? undefined : toPerson(row)
    },
    /** Cached: asked for every call and every pop. */
    nameOf(id: number): string | null {
      const known = names.get(id)
      if (known !== undefined) return known
      const name = store.byId(id)?.name ?? null
      if (name !== null) names.set(id, name)
      return name
    },

    /** Creates an account (R083) with a one-time password, shown once. */
    async create(input: CreatePerson, actorId: number | null): Promise<{ person: Person; password: string }> {
      if (store.byUsername(input.username) !== undefined) {
        throw new AppError('conflict', 'USERNAME_TAKEN', 'this user name is taken')
      }
      const unitId = input.unitId ?? null
      checkUnit({ role: input.role, unitId })
      const name = tidyName(input.name)
      const postId = postOf({ role: input.role, unitId, name }, input.postId)
      const password = oneTimePassword()
      const row = store.insertPerson({
        ...input,
        unitId,
        postId,
        name,
        active: true,
        passwordHash: await passwords.hash(password),
        mustChangePassword: true,
        createdAt: now().toISOString(),
      })
      write(actorId, 'person.created', `person:${String(row.id)}`, { role: row.role, unitId, postId })
      return { person: toPerson(row), password }
    },

    update(id: number, change: UpdatePerson, actorId: number): Person {
      const before = mustFind(id)
      if (id === actorId && (change.active === false || (change.role ?? before.role) !== before.role)) {
        throw new AppError('conflict', 'OWN_ACCOUNT', 'nobody locks or demotes the account they are using')
      }
      const role = change.role ?? before.role
      const unitId = change.unitId === undefined ? (hasUnit(role) ? before.unitId : null) : change.unitId
      const changedRole = role !== before.role
      const changedUnit = unitId !== before.unitId
      // Whoever is locked or renamed keeps a unit that has left the directory.
      if (changedRole || changedUnit) checkUnit({ role, unitId })
      const name = change.name === undefined ? {} : { name: tidyName(change.name) }
      const person = { role, unitId, name: name.name ?? before.name }
      const isSame = !changedRole && !changedUnit && change.postId === undefined
      const postId = isSame ? before.postId : postOf(person, change.postId)
      const changedPost = postId !== before.postId
      store.updatePerson(id, { ...change, ...name, unitId, postId })
      names.delete(id)
      // What a session may see hangs on both: a page that is open must not go on with what was.
      if (change.active === false || changedRole || changedUnit || changedPost) dropAll(id)
      if (change.active === false || (changedRole && !AT_THE_LINE.includes(role))) {
        for (const listener of left) listener(id)
      }
      write(actorId, 'person.updated', `person:${String(id)}`, {
        changed: Object.keys(change).sort(),
        ...(change.role === undefined ? {} : { role }),
        ...(changedUnit ? { unitId } : {}),
        ...(changedPost ? { postId } : {}),
        ...(change.active === undefined ? {} : { active: change.active }),
      })
      return toPerson(mustFind(id))
    },

    async resetPassword(id: number, actorId: number): Promise<{ person: Person; password: string }> {
      mustFind(id)
      const password = oneTimePassword()
      store.updatePerson(id, { passwordHash: await passwords.hash(password), mustChangePassword: true })
      dropAll(id)
      write(actorId, 'password.reset', `person:${String(id)}`)
      return { person: toPerson(mustFind(id)), password }
    },

    /** A person with a password that stays, for demonstrations and the first admin. */
    async seed(input: CreatePerson, password: string, mustChangePassword: boolean): Promise<Person> {
      const unitId = input.unitId ?? null
      checkUnit({ role: input.role, unitId })
      const passwordHash = await passwords.hash(password)
      const known = store.byUsername(input.username)
      if (known !== undefined) {
        store.updatePerson(known.id, { passwordHash, mustChangePassword })
        write(null, 'password.reset', `person:${String(known.id)}`)
        return toPerson(mustFind(known.id))
      }
      const at = now().toISOString()
      const row = store.insertPerson({
        ...input,
        unitId,
        postId: postOf({ role: input.role, unitId, name: input.name }, input.postId),
        active: true,
        passwordHash,
        mustChangePassword,
        createdAt: at,
      })
      write(null, 'person.created', `person:${String(row.id)}`, { role: row.role, unitId })
      return toPerson(row)
    },

    /**
     * With each new day of the directory, and each change of it: accounts of before that belonged to nobody there get the person
     * of their name, those of somebody with another role there today get that role, and the sessions of those whose post has ended
     * are over, so that no open page goes on with what was (Đ17.9).
     */
    followDirectory(): void {
      for (const row of store.people()) {
        if (row.unitId === null || !row.active) continue
        const { unitId, role, name } = row
        const postId = row.postId ?? posts.match({ unitId, role, name })
        if (postId !== row.postId) {
          store.updatePerson(row.id, { postId })
          write(null, 'person.linked', `person:${String(row.id)}`, { unitId, postId })
        }
        const linked = { ...row, postId }
        if (isPostOver(linked)) dropAll(row.id)
        else followed(linked)
      }
    },

    /** One line of the audit log. `detail` holds ids and reasons, never numbers, names or texts. */
    audit: write,
  }
}

/** Letters and digits that nobody confuses when reading a password aloud. */
export function oneTimePassword(length = 14): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  return Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join('')
}

function tidyName(name: string): string {
  return name.normalize('NFC').trim()
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function toPerson({
  id,
  username,
  name,
  role,
  unitId,
  postId,
  active,
  mustChangePassword,
}: PersonRow): Person {
  return {
    id,
    username,
    name,
    role,
    unitId,
    ...(postId === null ? {} : { postId }),
    active,
    mustChangePassword,
  }
}
