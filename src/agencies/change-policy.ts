import {
  type ChangeBody,
  type Directory,
  type PersonDetails,
  type Unit,
  type UnitDetails,
  type UnitPerson,
} from './contract.ts'
import { addDays } from './effective-policy.ts'

/** A change as it was recorded; it is never written over. */
export interface DirectoryChange {
  readonly id: number
  /** First day it holds. */
  readonly effectiveOn: string
  readonly body: ChangeBody
}

/** The directory of any day: the files, and on them what has come into force by then, in the order of the days. */
export function createTimeline(files: Directory) {
  const folds = new WeakMap<readonly DirectoryChange[], Fold>()
  return {
    /** The same object for days between which nothing changed. `changes` must be a new array when anything in it is. */
    on(day: string, changes: readonly DirectoryChange[]): Directory {
      let fold = folds.get(changes)
      if (fold === undefined) {
        fold = createFold(files, changes)
        folds.set(changes, fold)
      }
      return fold(day)
    },
  }
}

type Fold = (day: string) => Directory

function createFold(files: Directory, changes: readonly DirectoryChange[]): Fold {
  const inOrder = [...changes].sort(
    (one, other) => one.effectiveOn.localeCompare(other.effectiveOn) || one.id - other.id,
  )
  /** The directory after the first n changes. */
  const states: Directory[] = [files]
  return (day) => {
    let count = 0
    while ((inOrder[count]?.effectiveOn ?? '9999-99') <= day) count += 1
    for (let done = states.length; done <= count; done += 1) {
      const change = inOrder[done - 1]
      const before = states[done - 1] ?? files
      states.push(change === undefined ? before : applied(before, change))
    }
    return states[count] ?? files
  }
}

/** One change more. What it is about may have left the files since: then nothing changes. */
export function applied(before: Directory, { body, effectiveOn }: DirectoryChange): Directory {
  const dayBefore = addDays(effectiveOn, -1)
  const withUnit = (id: string, change: (unit: Unit) => Unit): Directory => ({
    ...before,
    units: before.units.map((unit) => (unit.id === id ? change(unit) : unit)),
  })
  switch (body.kind) {
    case 'unitCreated': {
      const { calendar, ...details } = body.unit
      const hours = calendar === null ? {} : { calendar }
      const unit: Unit = { id: body.unitId, ...details, ...hours, people: [], validFrom: effectiveOn }
      return { ...before, units: [...before.units, unit] }
    }
    case 'unitChanged':
      return withUnit(body.unitId, (unit) => changedUnit(unit, body.unit))
    case 'unitClosed':
      return withUnit(body.unitId, (unit) => closedUnit(unit, dayBefore, body.successorId))
    case 'personAdded':
      return withUnit(body.unitId, (unit) => ({
        ...unit,
        people: [...withoutReplaced(unit, body.replaces, dayBefore), newPerson(body, effectiveOn)],
      }))
    case 'personChanged':
      return withUnit(body.unitId, (unit) => ({
        ...unit,
        people: withoutReplaced(unit, body.replaces, dayBefore).map((person) =>
          person.id === body.personId ? changedPerson(person, body.person, effectiveOn) : person,
        ),
      }))
    case 'personEnded':
      return withUnit(body.unitId, (unit) => ({
        ...unit,
        people: withoutReplaced(unit, body.personId, dayBefore),
      }))
    case 'routeSet':
      return routed(before, body, effectiveOn)
    case 'areaSet':
      return {
        ...before,
        areas: before.areas.map((area) =>
          area.id === body.areaId ? { ...area, unitId: body.unitId } : area,
        ),
      }
  }
}

/** The people of a unit; that one's last day is the day before. */
function withoutReplaced({ people }: Unit, personId: string | undefined, dayBefore: string): UnitPerson[] {
  return people.map((person) =>
    person.id !== undefined && person.id === personId ? { ...person, to: dayBefore } : person,
  )
}

function routed(
  before: Directory,
  { fieldId, areaId, unitIds, to }: Extract<ChangeBody, { kind: 'routeSet' }>,
  from: string,
): Directory {
  if (areaId !== null) {
    const rule = { fieldId, areaId, unitIds, from, ...(to === undefined ? {} : { to }) }
    return { ...before, rules: [...(before.rules ?? []), rule] }
  }
  return {
    ...before,
    categories: before.categories.map((category) => ({
      ...category,
      fields: category.fields.map((field) => (field.id === fieldId ? { ...field, unitIds } : field)),
    })),
  }
}

/** A later word on its end takes the place of the one before. */
function closedUnit(unit: Unit, validTo: string, successorId: string | null): Unit {
  const closed: Unit = { ...unit, validTo }
  delete closed.successorId
  return successorId === null ? closed : { ...closed, successorId }
}

function changedUnit(
  { calendar: before, ...unit }: Unit,
  { calendar, ...given }: Partial<UnitDetails>,
): Unit {
  const hours = calendar === undefined ? before : (calendar ?? undefined)
  return { ...unit, ...given, ...(hours === undefined ? {} : { calendar: hours }) }
}

function newPerson(
  { personId, person, to }: Extract<ChangeBody, { kind: 'personAdded' }>,
  from: string,
): UnitPerson {
  const { shifts, ...details } = person
  return {
    ...details,
    from,
    ...(personId === undefined ? {} : { id: personId }),
    ...(shifts === null ? {} : { shifts }),
    ...(to === undefined ? {} : { to }),
  }
}

/** With another role they are there as such from that day on only: an officer may follow the head who leaves (Đ17.9). */
function changedPerson(
  { shifts: before, ...person }: UnitPerson,
  { shifts, ...given }: Partial<PersonDetails>,
  day: string,
): UnitPerson {
  const rota = shifts === undefined ? before : (shifts ?? undefined)
  const term = given.role === undefined || given.role === person.role ? {} : { from: day }
  return { ...person, ...given, ...term, ...(rota === undefined ? {} : { shifts: rota }) }
}
