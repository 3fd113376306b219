import { toLocalTime } from '../platform/clock.ts'
import {
  type Area,
  type Category,
  type Directory,
  type Field,
  type Unit,
  type UnitPerson,
} from './contract.ts'
import { type DirectoryChange, createTimeline } from './change-policy.ts'
import { dayOf, isInTerm, successorOn, termOf, withPersonIds, withPredecessors } from './effective-policy.ts'
import { isOnDuty } from './rota-policy.ts'
import { type RouteRule, ruleFor, unitsOfRule } from './route-policy.ts'

export { type DirectoryChange } from './change-policy.ts'
export { dayOf } from './effective-policy.ts'

interface Matter {
  readonly fieldId: string | null
  readonly areaId: string | null
}

/** The directory as it stands on one day. */
export interface DirectoryView {
  /** Units in force, each with the people of the day. */
  directory(): Directory
  /** Every unit that is or was there by this day, ended ones as well. */
  everyone(): readonly Unit[]
  /**
   * With the people of the day. One that is over answers too, with its last name and without people (its cases are still read);
   * one that has not begun does not.
   */
  unit(id: string): Unit | undefined
  category(id: string): Category | undefined
  field(id: string): { readonly field: Field; readonly category: Category } | undefined
  area(id: string): Area | undefined
  /** Who does the work of this unit: itself, or who took over at last; undefined where nobody did. */
  successorOf(id: string): Unit | undefined
  /** The unit and all whose work came to it: their cases are its own. Nothing for one that is not in force. */
  answersFor(id: string): readonly string[]
  /** Units for a field in an area, the likeliest first, all in force; the operator decides. */
  suggest(matter: Matter): string[]
  /** The rule that `suggest` goes by (R023). */
  ruleFor(matter: Matter): RouteRule | null
}

/** Who handles what (R012), and whom a matter usually goes to (R023): today, and through `at` on any other day. */
export interface AgencyDirectory extends DirectoryView {
  /** Is it this person's turn on the rota? Those without one are always there. */
  isOnDuty(person: Pick<UnitPerson, 'shifts'>, at: Date): boolean
  at(moment: Date): DirectoryView
}

interface Times {
  readonly now: () => Date
  /** What has been recorded since the files, withdrawn changes left out; asked whenever something is looked up. */
  readonly changes?: () => readonly DirectoryChange[]
}

/** Of files that nobody changes, on the day it is: for the command line and tests. */
const NO_CHANGES: readonly DirectoryChange[] = []
const FILES_ALONE: Times = { now: () => new Date() }

/** Answers from a directory that was validated when it was loaded, and from the changes since. */
export function createDirectory(
  files: Directory,
  { now, changes = () => NO_CHANGES }: Times = FILES_ALONE,
): AgencyDirectory {
  const timeline = createTimeline(withPersonIds(files))
  const views = new Map<Directory, Map<string, DirectoryView>>()
  const on = (day: string): DirectoryView => {
    const state = timeline.on(day, changes())
    const ofState = views.get(state) ?? new Map<string, DirectoryView>()
    // States are few; a new list of changes makes new ones.
    if (!views.has(state)) {
      if (views.size > MOST_STATES) views.clear()
      views.set(state, ofState)
    }
    const view = ofState.get(day) ?? createView(state, day)
    if (ofState.size > MOST_DAYS) ofState.clear()
    ofState.set(day, view)
    return view
  }
  const today = (): DirectoryView => on(dayOf(now()))
  return {
    directory: () => today().directory(),
    everyone: () => today().everyone(),
    unit: (id) => today().unit(id),
    category: (id) => today().category(id),
    field: (id) => today().field(id),
    area: (id) => today().area(id),
    successorOf: (id) => today().successorOf(id),
    answersFor: (id) => today().answersFor(id),
    suggest: (matter) => today().suggest(matter),
    ruleFor: (matter) => today().ruleFor(matter),
    isOnDuty: (person, at) => isOnDuty(person, toLocalTime(at)),
    at: (moment) => on(dayOf(moment)),
  }
}

const MOST_STATES = 32
const MOST_DAYS = 400

function createView(state: Directory, day: string): DirectoryView {
  const known = new Map(state.units.map((unit) => [unit.id, unit]))
  const units = new Map<string, Unit>()
  const areas = new Map(state.areas.map((area) => [area.id, area]))
  const categories = new Map(state.categories.map((category) => [category.id, category]))
  const fields = new Map(
    state.categories.flatMap((category) =>
      category.fields.map((field) => [field.id, { field, category }] as const),
    ),
  )
  const asOfDay = (unit: Unit): Unit => {
    const isThere = isInTerm(termOf(unit), day)
    return { ...unit, people: isThere ? unit.people.filter((person) => isInTerm(person, day)) : [] }
  }
  const unitOf = (id: string): Unit | undefined => {
    const found = known.get(id)
    if (found === undefined || (found.validFrom !== undefined && found.validFrom > day)) return undefined
    const unit = units.get(id) ?? asOfDay(found)
    units.set(id, unit)
    return unit
  }
  const successorOf = (id: string): Unit | undefined => {
    const found = successorOn(known, id, day)
    return found === undefined ? undefined : unitOf(found.id)
  }
  const answers = new Map<string, readonly string[]>()
  const answersFor = (id: string): readonly string[] => {
    const unit = known.get(id)
    if (unit === undefined || !isInTerm(termOf(unit), day)) return []
    const ids = answers.get(id) ?? withPredecessors(known, id, day)
    answers.set(id, ids)
    return ids
  }
  const matterRule = ({ fieldId, areaId }: Matter): RouteRule | null => {
    const field = fieldId === null ? undefined : fields.get(fieldId)?.field
    const area = areaId === null ? null : (areas.get(areaId) ?? null)
    return field === undefined ? null : ruleFor({ field, area, rules: state.rules ?? [] }, day)
  }
  let whole: Directory | undefined
  return {
    directory() {
      whole ??= {
        units: state.units.filter((unit) => isInTerm(termOf(unit), day)).map(({ id }) => unitOf(id) as Unit),
        categories: state.categories,
        areas: state.areas.map((area) => ({
          ...area,
          unitId: area.unitId === null ? null : (successorOf(area.unitId)?.id ?? null),
        })),
      }
      return whole
    },
    everyone: () => state.units.flatMap(({ id }) => unitOf(id) ?? []),
    unit: unitOf,
    category: (id) => categories.get(id),
    field: (id) => fields.get(id),
    area: (id) => areas.get(id),
    successorOf,
    answersFor,
    ruleFor: matterRule,
    suggest(matter) {
      const local = matter.areaId === null ? null : (areas.get(matter.areaId)?.unitId ?? null)
      const ids = unitsOfRule(matterRule(matter), local)
      return [...new Set(ids.flatMap((id) => successorOf(id)?.id ?? []))]
    },
  }
}
