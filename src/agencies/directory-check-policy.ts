import { type Directory, type PlaceRule, type Unit } from './contract.ts'
import { isDay, overlap, type Term } from './effective-policy.ts'
import { LOCAL_UNIT } from './route-policy.ts'

const SMS_NAME_LENGTH = 20

/** Something that cannot stand: `code` for the screen, `text` for a log or a start that fails, `subject` what it is about. */
export interface DirectoryProblem {
  readonly code: string
  readonly subject: string
  readonly text: string
}

/** Everything in a directory that contradicts itself; files and changes are held to the same. */
export function problemsOf(directory: Directory, isCalendar: (id: string) => boolean): DirectoryProblem[] {
  const { units, categories, areas, rules = [] } = directory
  const fields = categories.flatMap((category) => category.fields)
  const unitIds = new Set(units.map(({ id }) => id))
  const fieldIds = new Set(fields.map(({ id }) => id))
  const areaIds = new Set(areas.map(({ id }) => id))
  const noUnit = (where: string, ids: readonly string[]): DirectoryProblem[] =>
    ids
      .filter((id) => id !== LOCAL_UNIT && !unitIds.has(id))
      .map((id) => problem('UNIT_UNKNOWN', id, `${where}: no unit ${id}`))
  return [
    ...doubles('unit', units),
    ...doubles('category', categories),
    ...doubles('field', fields),
    ...doubles('area', areas),
    ...units.flatMap((unit) => [
      ...namesOf(unit),
      ...unit.fields
        .filter((id) => !fieldIds.has(id))
        .map((id) => problem('FIELD_UNKNOWN', id, `unit ${unit.id}: no field ${id}`)),
      ...calendarOf(unit, isCalendar),
      ...lifeOf(unit, units),
      ...peopleOf(unit),
    ]),
    ...fields.flatMap((field) => noUnit(`field ${field.id}`, field.unitIds)),
    ...areas.flatMap((area) => noUnit(`area ${area.id}`, area.unitId === null ? [] : [area.unitId])),
    ...rules.flatMap((rule) => [
      ...(fieldIds.has(rule.fieldId)
        ? []
        : [problem('FIELD_UNKNOWN', rule.fieldId, `rule: no field ${rule.fieldId}`)]),
      ...(areaIds.has(rule.areaId)
        ? []
        : [problem('AREA_UNKNOWN', rule.areaId, `rule: no area ${rule.areaId}`)]),
      ...noUnit(`rule ${rule.fieldId}/${rule.areaId}`, rule.unitIds),
      ...daysOf(`rule ${rule.fieldId}/${rule.areaId}`, rule.fieldId, rule),
    ]),
  ]
}

/** Of rules that files give for one field and place, no two may hold on one day. Those of changes follow each other. */
export function overlappingRules(rules: readonly PlaceRule[]): DirectoryProblem[] {
  return rules.flatMap((rule, at) =>
    rules
      .slice(0, at)
      .filter(
        (other) => other.fieldId === rule.fieldId && other.areaId === rule.areaId && overlap(other, rule),
      )
      .map(() =>
        problem('RULES_OVERLAP', rule.fieldId, `rule ${rule.fieldId}/${rule.areaId}: two for one day`),
      ),
  )
}

function problem(code: string, subject: string, text: string): DirectoryProblem {
  return { code, subject, text }
}

function doubles(what: string, all: readonly { readonly id: string }[]): DirectoryProblem[] {
  const ids = all.map(({ id }) => id)
  return ids
    .filter((id, at) => ids.indexOf(id) !== at)
    .map((id) => problem('ID_TAKEN', id, `${what} ${id}: given twice`))
}

function namesOf({ id, name, smsName }: Unit): DirectoryProblem[] {
  return [
    ...(/\S/.test(name) ? [] : [problem('UNIT_NAME_REQUIRED', id, `unit ${id}: no name`)]),
    ...(/^[\x20-\x7e]+$/.test(smsName) && smsName.length <= SMS_NAME_LENGTH
      ? []
      : [
          problem(
            'SMS_NAME_INVALID',
            smsName,
            `unit ${id}: smsName must be 1-${String(SMS_NAME_LENGTH)} characters without marks`,
          ),
        ]),
  ]
}

function calendarOf({ id, calendar }: Unit, isCalendar: (id: string) => boolean): DirectoryProblem[] {
  if (calendar === undefined || isCalendar(calendar)) return []
  const text = `unit ${id}: no calendar ${calendar}; there is no calendars/${calendar}.json`
  return [problem('CALENDAR_UNKNOWN', calendar, text)]
}

function daysOf(where: string, subject: string, { from, to }: Term): DirectoryProblem[] {
  const bad = [from, to].find((day) => day !== undefined && !isDay(day))
  if (bad !== undefined) return [problem('DAY_INVALID', bad, `${where}: ${bad} is no day`)]
  return from !== undefined && to !== undefined && to < from
    ? [problem('DAYS_INVERTED', subject, `${where}: ends on ${to}, before it begins on ${from}`)]
    : []
}

/** Its days, and who comes after it: somebody known, who is there when it ends, and never in a circle. */
function lifeOf(unit: Unit, units: readonly Unit[]): DirectoryProblem[] {
  const { id, name, validFrom, validTo, successorId } = unit
  const days = daysOf(`unit ${id}`, name, { from: validFrom, to: validTo })
  if (days.length > 0 || successorId === undefined) return days
  if (validTo === undefined)
    return [problem('SUCCESSOR_WITHOUT_END', name, `unit ${id}: has a successor and no last day`)]
  const successor = units.find((other) => other.id === successorId)
  if (successor === undefined)
    return [problem('SUCCESSOR_UNKNOWN', successorId, `unit ${id}: no unit ${successorId} to succeed it`)]
  if (goesRound(unit, units))
    return [problem('SUCCESSOR_LOOP', name, `unit ${id}: its successors go round in a circle`)]
  return successor.validTo !== undefined && successor.validTo <= validTo
    ? [problem('SUCCESSOR_OVER', successor.name, `unit ${id}: ${successorId} ends no later than it does`)]
    : []
}

function goesRound(first: Unit, units: readonly Unit[]): boolean {
  const seen = new Set<string>()
  let id: string | undefined = first.id
  while (id !== undefined && !seen.has(id)) {
    seen.add(id)
    const known: string = id
    id = units.find((unit) => unit.id === known)?.successorId
  }
  return id !== undefined
}

/** One head at a time, and nobody twice. */
function peopleOf({ id, people }: Unit): DirectoryProblem[] {
  return people.flatMap((person, at) => {
    const where = `unit ${id}, ${person.name}`
    const before = people.slice(0, at).filter((other) => overlap(other, person))
    return [
      ...daysOf(where, person.name, person),
      ...(person.role === 'head' && before.some(({ role }) => role === 'head')
        ? [problem('HEADS_OVERLAP', person.name, `${where}: there is a head already`)]
        : []),
      ...(before.some((other) => digits(other.phone) === digits(person.phone) && other.role === person.role)
        ? [problem('PERSON_TWICE', person.name, `${where}: given twice`)]
        : []),
    ]
  })
}

function digits(phone: string): string {
  return phone.replace(/\D/g, '')
}
