import { type Role } from '../accounts/contract.ts'
import { applied, type DirectoryChange } from './change-policy.ts'
import { type ChangeBody, type Directory, type Unit, type UnitPerson } from './contract.ts'
import { type DirectoryProblem, problemsOf } from './directory-check-policy.ts'
import { isInTerm, termOf } from './effective-policy.ts'
import { LOCAL_UNIT } from './route-policy.ts'

/** How much of a unit somebody may change: an admin all, the City Office its people (Đ17.9), a head the own officers. */
export type EditReach = 'all' | 'people' | 'officers' | 'nothing'

export interface Editor {
  readonly role: Role
  readonly unitId: string | null
}

export function reachOf({ role, unitId: own }: Editor, unitId: string | null): EditReach {
  if (role === 'admin') return 'all'
  if (role === 'cityOffice') return 'people'
  return role === 'head' && own !== null && own === unitId ? 'officers' : 'nothing'
}

/** `before`: the directory of the day before it holds, for the role of whom it is about. */
export function mayMake(editor: Editor, body: ChangeBody, before: Directory): boolean {
  const reach = reachOf(editor, unitIdOf(body))
  if (reach === 'all') return true
  if (!isAboutPeople(body) || reach === 'nothing') return false
  return reach === 'people' || rolesIn(body, before).every((role) => role === 'officer')
}

export function unitIdOf(body: ChangeBody): string | null {
  return body.kind === 'routeSet' || body.kind === 'areaSet' ? null : body.unitId
}

export function isAboutPeople(
  body: ChangeBody,
): body is Extract<ChangeBody, { kind: 'personAdded' | 'personChanged' | 'personEnded' }> {
  return body.kind === 'personAdded' || body.kind === 'personChanged' || body.kind === 'personEnded'
}

/** The City Office is told of changes of people that are not its own word (Đ17.9). */
export function needsNotice(body: ChangeBody, actorRole: Role): boolean {
  return isAboutPeople(body) && actorRole !== 'cityOffice'
}

/**
 * What cannot stand once the last of these changes is recorded or taken back: each that is still to come, or holds from today,
 * must find what it is about, and must not contradict the rest. What was wrong before today is nobody's new mistake. `asked`: the
 * one of them that is new, which must change something.
 */
export function problemOfPlan(
  files: Directory,
  changes: readonly DirectoryChange[],
  {
    today,
    isCalendar,
    asked,
  }: {
    readonly today: string
    readonly isCalendar: (id: string) => boolean
    readonly asked?: DirectoryChange
  },
): DirectoryProblem | null {
  const inOrder = [...changes].sort(
    (one, other) => one.effectiveOn.localeCompare(other.effectiveOn) || one.id - other.id,
  )
  let state = files
  for (const change of inOrder) {
    const after = applied(state, change)
    if (change.effectiveOn >= today) {
      const known = new Set(problemsOf(state, isCalendar).map(({ text }) => text))
      const found =
        problemOfChange(state, change) ??
        problemsOf(after, isCalendar).find(({ text }) => !known.has(text)) ??
        (change === asked && changesNothing(state, after)
          ? problem('CHANGE_NOTHING', subjectOf(change.body, state))
          : undefined)
      if (found !== undefined) return found
    }
    state = after
  }
  return null
}

/** What is as it says already: recorded again it would be a second piece of news of the same (Đ17.9). */
function changesNothing(before: Directory, after: Directory): boolean {
  const { rules = [], ...others } = before
  const { rules: rulesAfter = [], ...othersAfter } = after
  if (inOneOrder(others) !== inOneOrder(othersAfter)) return false
  const added = rulesAfter[rules.length]
  const last = rules.findLast(({ fieldId, areaId }) => fieldId === added?.fieldId && areaId === added.areaId)
  return inOneOrder(last ?? null) === inOneOrder(added ?? null)
}

/** As text, whatever order the fields were written in. */
function inOneOrder(value: object | null): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part === null || typeof part !== 'object' || Array.isArray(part)
      ? part
      : Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1))),
  )
}

function subjectOf(body: ChangeBody, before: Directory): string {
  if (body.kind === 'routeSet') return body.fieldId
  if (body.kind === 'areaSet') return body.areaId
  const person = body.kind === 'personChanged' ? personIn(before, body.unitId, body.personId) : undefined
  return person?.name ?? unitIn(before, body.unitId)?.name ?? body.unitId
}

function problemOfChange(
  before: Directory,
  { body, effectiveOn: day }: DirectoryChange,
): DirectoryProblem | undefined {
  switch (body.kind) {
    case 'unitCreated':
      return undefined // an id that is taken is found with the rest
    case 'unitChanged':
      return notThere(before, body.unitId, day)
    case 'unitClosed':
      return (
        notThere(before, body.unitId, day) ??
        (body.successorId === null || body.successorId === body.unitId
          ? undefined
          : notThere(before, body.successorId, day))
      )
    case 'personAdded':
      return (
        notThere(before, body.unitId, day) ??
        (body.to !== undefined && body.to < day ? problem('DAYS_INVERTED', body.person.name) : undefined) ??
        (body.replaces === undefined ? undefined : personNotThere(before, body.unitId, body.replaces, day))
      )
    case 'personChanged':
      return (
        notThere(before, body.unitId, day) ??
        personNotThere(before, body.unitId, body.personId, day) ??
        (body.replaces === undefined ? undefined : personNotThere(before, body.unitId, body.replaces, day))
      )
    case 'personEnded':
      return notThere(before, body.unitId, day) ?? personNotThere(before, body.unitId, body.personId, day)
    case 'routeSet':
      return routeProblem(before, body, day)
    case 'areaSet':
      return (
        (before.areas.some(({ id }) => id === body.areaId)
          ? undefined
          : problem('AREA_UNKNOWN', body.areaId)) ??
        (body.unitId === null ? undefined : notThere(before, body.unitId, day))
      )
  }
}

function routeProblem(
  before: Directory,
  { fieldId, areaId, unitIds, to }: Extract<ChangeBody, { kind: 'routeSet' }>,
  day: string,
): DirectoryProblem | undefined {
  if (!before.categories.some(({ fields }) => fields.some(({ id }) => id === fieldId)))
    return problem('FIELD_UNKNOWN', fieldId)
  if (areaId !== null && !before.areas.some(({ id }) => id === areaId)) return problem('AREA_UNKNOWN', areaId)
  if (to !== undefined && (areaId === null || to < day)) return problem('DAYS_INVERTED', fieldId)
  return unitIds
    .filter((id) => id !== LOCAL_UNIT)
    .map((id) => notThere(before, id, day))
    .find((found) => found !== undefined)
}

function notThere(before: Directory, unitId: string, day: string): DirectoryProblem | undefined {
  const unit = before.units.find(({ id }) => id === unitId)
  if (unit === undefined) return problem('UNIT_UNKNOWN', unitId)
  if (isInTerm(termOf(unit), day)) return undefined
  return problem(unit.validTo !== undefined && unit.validTo < day ? 'UNIT_ENDED' : 'UNIT_NOT_YET', unit.name)
}

function personNotThere(
  before: Directory,
  unitId: string,
  personId: string,
  day: string,
): DirectoryProblem | undefined {
  const person = personIn(before, unitId, personId)
  if (person === undefined) return problem('PERSON_UNKNOWN', personId)
  return isInTerm(person, day) ? undefined : problem('PERSON_ENDED', person.name)
}

export function personIn(directory: Directory, unitId: string, personId: string): UnitPerson | undefined {
  return unitIn(directory, unitId)?.people.find(({ id }) => id === personId)
}

export function unitIn(directory: Directory, unitId: string): Unit | undefined {
  return directory.units.find(({ id }) => id === unitId)
}

function rolesIn(
  body: Extract<ChangeBody, { kind: 'personAdded' | 'personChanged' | 'personEnded' }>,
  before: Directory,
): string[] {
  const of = (personId: string | undefined): string[] => {
    const person = personId === undefined ? undefined : personIn(before, body.unitId, personId)
    return person === undefined ? [] : [person.role]
  }
  if (body.kind === 'personAdded') return [body.person.role, ...of(body.replaces)]
  if (body.kind === 'personEnded') return of(body.personId)
  const given = body.person.role === undefined ? [] : [body.person.role]
  return [...given, ...of(body.personId), ...of(body.replaces)]
}

function problem(code: string, subject: string): DirectoryProblem {
  return { code, subject, text: `${code}: ${subject}` }
}
