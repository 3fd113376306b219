import { type AuditAction, type Person, type Role } from '../accounts/contract.ts'
import { type CallNumber } from '../calls/contract.ts'
import { AppError } from '../platform/errors.ts'
import { type DirectoryChange, createTimeline } from './change-policy.ts'
import {
  type ChangeBody,
  type ChangeList,
  type ChangeView,
  type Directory,
  type PersonDetails,
  type ProposeChange,
  type UnitDetails,
} from './contract.ts'
import {
  isAboutPeople,
  mayMake,
  needsNotice,
  personIn,
  problemOfPlan,
  reachOf,
  unitIdOf,
  unitIn,
} from './edit-policy.ts'
import { addDays, dayOf, freeId, isDay, withPersonIds, withPredecessors } from './effective-policy.ts'

interface Act {
  readonly changeId: number
  readonly at: string
  readonly actorId: number
}

/** A change with all that became of it. */
export interface KeptChange extends DirectoryChange {
  readonly at: string
  readonly actorId: number
  readonly actorRole: Role
  readonly why: string
  readonly unitId: string | null
  readonly withdrawal: (Act & { readonly why: string }) | null
  readonly notice: Act | null
}

export interface DirectoryStore {
  /** In the order they were recorded. */
  all(): KeptChange[]
  add(change: Omit<KeptChange, 'id' | 'withdrawal' | 'notice'>): number
  withdraw(withdrawal: Act & { readonly why: string }): void
  /** Twice is as once. */
  note(notice: Act): void
}

export interface EditorPorts {
  readonly files: Directory
  readonly store: DirectoryStore
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
  readonly isCalendar: (id: string) => boolean
  /** What a number is. Throws TRANSFER_NUMBER_… for one that the line does not ring: our own, one abroad, one paid by the minute. */
  readonly checkNumber: (raw: string) => CallNumber
  readonly nameOf: (personId: number) => string | null
  /** Cases that a unit still has to answer, by its id; none for a unit that is not in it. */
  readonly openCases: () => ReadonlyMap<string, number>
  /** The City Office's own unit and the one of last resort: others look for them by their ids, so somebody always does their work. */
  readonly neededUnits: () => readonly string[]
  readonly audit: (
    actorId: number,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown>,
  ) => void
  /** Consoles fetch the directory again. */
  readonly onChanged: () => void
}

export type DirectoryEditor = ReturnType<typeof createDirectoryEditor>

/** A year mistyped is a change that waits for ever. */
const FARTHEST_DAYS = 2 * 366

/** Changes of the directory (R012, R101): recorded with who, when, why and from which day; nothing is written over. */
export function createDirectoryEditor(ports: EditorPorts) {
  const { store, transaction, isCalendar } = ports
  const files = withPersonIds(ports.files)
  const timeline = createTimeline(files)
  let kept: readonly KeptChange[] | null = null
  let standing: readonly KeptChange[] = []

  function all(): readonly KeptChange[] {
    if (kept === null) {
      kept = store.all()
      standing = kept.filter(({ withdrawal }) => withdrawal === null)
    }
    return kept
  }

  function standingChanges(): readonly KeptChange[] {
    all()
    return standing
  }

  function written(): void {
    kept = null
    ports.onChanged()
  }

  const stateOn = (day: string): Directory => timeline.on(day, standingChanges())
  const today = (): string => dayOf(ports.now())

  /** `asked`: what is new, of a plan that something is added to. */
  function checkPlan(others: readonly DirectoryChange[], asked?: DirectoryChange): void {
    const rules = { today: today(), isCalendar }
    const found =
      asked === undefined
        ? problemOfPlan(files, others, rules)
        : problemOfPlan(files, [...others, asked], { ...rules, asked })
    if (found !== null) throw new AppError('invalid', found.code, found.text, { subject: found.subject })
  }

  /** The unit itself, and those whose work came to it before it ends. */
  function unitsLeftBy(unitId: string, effectiveOn: string): string[] {
    const units = new Map(stateOn(addDays(effectiveOn, -1)).units.map((unit) => [unit.id, unit]))
    return withPredecessors(units, unitId, effectiveOn)
  }

  /** What the unit would leave behind: its own cases, and those of units whose work came to it. */
  function openCasesOf(unitId: string, effectiveOn: string): number {
    const open = ports.openCases()
    return unitsLeftBy(unitId, effectiveOn).reduce((sum, id) => sum + (open.get(id) ?? 0), 0)
  }

  /** Cases are somebody's at any time (regulation.md 2.2): nobody to answer them, and they would run overdue unseen. */
  function checkCases(body: ChangeBody, effectiveOn: string): void {
    if (body.kind !== 'unitClosed' || body.successorId !== null) return
    const needed = ports.neededUnits()
    if (unitsLeftBy(body.unitId, effectiveOn).some((id) => needed.includes(id)))
      throw new AppError('conflict', 'UNIT_NEEDED', 'this unit ends with a successor only')
    const cases = openCasesOf(body.unitId, effectiveOn)
    if (cases > 0)
      throw new AppError('conflict', 'UNIT_HAS_CASES', 'a unit with open cases ends with a successor only', {
        subject: String(cases),
      })
  }

  function checkDay(day: string): void {
    if (!isDay(day)) throw new AppError('invalid', 'DAY_INVALID', 'no such day', { subject: day })
    if (day < today())
      throw new AppError('invalid', 'EFFECTIVE_IN_PAST', 'a change begins today or later', { subject: day })
    if (day > addDays(today(), FARTHEST_DAYS))
      throw new AppError('invalid', 'EFFECTIVE_TOO_FAR', 'more than two years ahead', { subject: day })
  }

  /** As it is kept: NFC, numbers as they are written here, and an id for somebody new. */
  function cleaned(body: ChangeBody): ChangeBody {
    const sound = JSON.parse(JSON.stringify(body).normalize('NFC')) as ChangeBody
    switch (sound.kind) {
      case 'unitCreated':
        if (all().some((change) => change.body.kind === 'unitCreated' && change.body.unitId === sound.unitId))
          throw new AppError('invalid', 'ID_TAKEN', 'there was such a unit', { subject: sound.unitId })
        return { ...sound, unit: { ...sound.unit, ...cleanUnit(sound.unit) } }
      case 'unitChanged':
        return { ...sound, unit: cleanUnit(sound.unit) }
      case 'personAdded': {
        const person = { ...sound.person, ...cleanPerson(sound.person) }
        return { ...sound, person, personId: freeId(person.name, idsEver(sound.unitId)) }
      }
      case 'personChanged':
        return { ...sound, person: cleanPerson(sound.person) }
      case 'personEnded':
      case 'unitClosed':
      case 'routeSet':
      case 'areaSet':
        return sound
    }
  }

  function idsEver(unitId: string): ReadonlySet<string> {
    const added = all().flatMap(({ body }) =>
      body.kind === 'personAdded' && body.unitId === unitId ? (body.personId ?? []) : [],
    )
    const listed = unitIn(files, unitId)?.people.flatMap(({ id }) => id ?? []) ?? []
    return new Set([...added, ...listed])
  }

  function cleanUnit(unit: Partial<UnitDetails>): Partial<UnitDetails> {
    const { name, smsName, dutyPhone } = unit
    return {
      ...unit,
      ...(name === undefined ? {} : { name: name.trim() }),
      ...(smsName === undefined ? {} : { smsName: smsName.trim() }),
      ...(dutyPhone === undefined || dutyPhone === null ? {} : { dutyPhone: writtenPhone(dutyPhone) }),
    }
  }

  function cleanPerson(person: Partial<PersonDetails>): Partial<PersonDetails> {
    const { name, position, phone } = person
    return {
      ...person,
      ...(name === undefined ? {} : { name: name.trim() }),
      ...(position === undefined ? {} : { position: position.trim() }),
      ...(phone === undefined ? {} : { phone: writtenPhone(phone) }),
    }
  }

  /** As numbers are written here. 113 and its like are nobody's in particular, and no SMS reaches them. */
  function writtenPhone(raw: string): string {
    try {
      const { kind, display } = ports.checkNumber(raw)
      if (kind !== 'short') return display
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause
      const code = cause.code.replace('TRANSFER_NUMBER', 'PHONE')
      throw new AppError('invalid', code, cause.message, { cause, subject: raw })
    }
    throw new AppError('invalid', 'PHONE_SHORT', 'a short code is no number of a unit', { subject: raw })
  }

  function mustFind(id: number): KeptChange {
    const change = all().find((known) => known.id === id)
    if (change === undefined) throw new AppError('notFound', 'CHANGE_UNKNOWN', 'no such change')
    return change
  }

  function mayTouch(actor: Person, body: ChangeBody, day: string): boolean {
    return mayMake(actor, body, stateOn(addDays(day, -1)))
  }

  function mustBeTheirs(actor: Person, body: ChangeBody, day: string): void {
    if (!mayTouch(actor, body, day))
      throw new AppError('forbidden', 'CHANGE_NOT_YOURS', 'this change is for somebody else to make')
  }

  function view(change: KeptChange, viewer: Person): ChangeView {
    const { id, effectiveOn, why, body, at, actorId, actorRole, withdrawal, notice } = change
    const isUpcoming = effectiveOn > today()
    const goOver =
      isUpcoming && withdrawal === null && body.kind === 'unitClosed' && body.successorId !== null
    return {
      id,
      effectiveOn,
      why,
      change: body,
      made: { at, name: ports.nameOf(actorId) },
      state: withdrawal !== null ? 'withdrawn' : isUpcoming ? 'upcoming' : 'inForce',
      withdrawn:
        withdrawal === null
          ? null
          : { at: withdrawal.at, name: ports.nameOf(withdrawal.actorId), why: withdrawal.why },
      names: {
        ...namesIn(body, stateOn(effectiveOn), stateOn(addDays(effectiveOn, -1))),
        ...(goOver ? { cases: String(openCasesOf(body.unitId, effectiveOn)) } : {}),
      },
      mayWithdraw: withdrawal === null && isUpcoming && mayTouch(viewer, body, effectiveOn),
      office: {
        needed: needsNotice(body, actorRole),
        seen: notice === null ? null : { at: notice.at, name: ports.nameOf(notice.actorId) },
      },
    }
  }

  return {
    /** What holds or will hold: the same array until something is written. */
    standing: (): readonly DirectoryChange[] => standingChanges(),
    /** Another process wrote until now. */
    reread(): void {
      kept = null
    },

    /** Records a change. Throws what is wrong with it in one code, with the subject it is about. */
    propose(asked: ProposeChange, actor: Person): ChangeView {
      const { effectiveOn } = asked
      const id = transaction(() => {
        checkDay(effectiveOn)
        mustBeTheirs(actor, asked.change, effectiveOn)
        const body = cleaned(asked.change)
        const next = Math.max(0, ...all().map((change) => change.id)) + 1
        checkPlan(standingChanges(), { id: next, effectiveOn, body })
        checkCases(body, effectiveOn)
        const unitId = unitIdOf(body)
        const at = ports.now().toISOString()
        const added = store.add({
          at,
          actorId: actor.id,
          actorRole: actor.role,
          effectiveOn,
          why: asked.why.normalize('NFC').trim(),
          unitId,
          body,
        })
        ports.audit(actor.id, 'directory.changed', `directoryChange:${String(added)}`, {
          kind: body.kind,
          unitId,
          effectiveOn,
          ...(body.kind === 'unitClosed' ? { openCases: openCasesOf(body.unitId, effectiveOn) } : {}),
        })
        return added
      })
      written()
      return view(mustFind(id), actor)
    },

    /** Takes back what is not in force yet; what is, is corrected by a new change. */
    withdraw(id: number, why: string, actor: Person): ChangeView {
      transaction(() => {
        const change = mustFind(id)
        mustBeTheirs(actor, change.body, change.effectiveOn)
        if (change.withdrawal !== null)
          throw new AppError('conflict', 'CHANGE_WITHDRAWN', 'it has been taken back already')
        if (change.effectiveOn <= today())
          throw new AppError('conflict', 'CHANGE_IN_FORCE', 'it is in force; record a new one')
        checkPlan(standingChanges().filter((known) => known.id !== id))
        store.withdraw({
          changeId: id,
          at: ports.now().toISOString(),
          actorId: actor.id,
          why: why.normalize('NFC').trim(),
        })
        ports.audit(actor.id, 'directory.withdrawn', `directoryChange:${String(id)}`, {})
      })
      written()
      return view(mustFind(id), actor)
    },

    /** The City Office has taken note (Đ17.9). */
    note(id: number, actor: Person): ChangeView {
      const { body, actorRole } = mustFind(id)
      if (!needsNotice(body, actorRole))
        throw new AppError('conflict', 'NOTICE_NOT_NEEDED', 'the City Office need not be told of this')
      store.note({ changeId: id, at: ports.now().toISOString(), actorId: actor.id })
      written()
      return view(mustFind(id), actor)
    },

    /** The history, the newest first: an admin's and the City Office's whole, a head's of the own unit. */
    list({ unitId }: { readonly unitId?: string }, viewer: Person): ChangeList {
      const theirs = all().filter(
        (change) =>
          reachOf(viewer, change.unitId) !== 'nothing' && (unitId === undefined || change.unitId === unitId),
      )
      const isUnseen = ({ body, actorRole, notice, withdrawal }: KeptChange): boolean =>
        needsNotice(body, actorRole) && notice === null && withdrawal === null
      return {
        items: theirs.map((change) => view(change, viewer)).reverse(),
        unseen: theirs.filter(isUnseen).length,
      }
    },
  }
}

/** What the sentence about a change calls the things it names, as they are called when it holds. */
function namesIn(body: ChangeBody, on: Directory, before: Directory): Record<string, string> {
  const names: Record<string, string> = {}
  const add = (key: string, name: string | undefined): void => {
    if (name !== undefined) names[key] = name
  }
  const unitName = (id: string): string | undefined => (unitIn(on, id) ?? unitIn(before, id))?.name
  const unitId = unitIdOf(body)
  if (unitId !== null) add('unit', unitIn(before, unitId)?.name ?? unitName(unitId))
  if (body.kind === 'unitClosed' && body.successorId !== null) add('successor', unitName(body.successorId))
  if (isAboutPeople(body)) {
    const nameOf = (personId: string | undefined): string | undefined =>
      personId === undefined ? undefined : personIn(before, body.unitId, personId)?.name
    add('person', body.kind === 'personAdded' ? body.person.name : nameOf(body.personId))
    if (body.kind !== 'personEnded') add('replaced', nameOf(body.replaces))
  }
  if (body.kind === 'routeSet' || body.kind === 'areaSet') {
    add('area', on.areas.find(({ id }) => id === body.areaId)?.name)
    const ids = body.kind === 'routeSet' ? body.unitIds : body.unitId === null ? [] : [body.unitId]
    add('units', ids.map((id) => unitName(id) ?? id).join(', '))
  }
  if (body.kind === 'routeSet')
    add('field', on.categories.flatMap(({ fields }) => fields).find(({ id }) => id === body.fieldId)?.name)
  return names
}
