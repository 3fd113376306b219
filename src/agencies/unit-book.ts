import { type Role } from '../accounts/contract.ts'
import { type Directory, type Unit, type UnitEntry, type UnitPerson, type UnitWarning } from './contract.ts'
import { type Editor, reachOf } from './edit-policy.ts'
import { addDays, dayOf } from './effective-policy.ts'
import { type AgencyDirectory } from './service.ts'

export interface BookPorts {
  readonly directory: AgencyDirectory
  readonly now: () => Date
  /** Does an SMS reach this number? */
  readonly isMobile: (phone: string) => boolean
  /** Cases that a unit still has to answer, by its id. */
  readonly openCases: () => ReadonlyMap<string, number>
}

/** Roles that ring or urge units, and are shown every number. Officers' and duty numbers are public anyway (Đ17.3). */
const SEE_NUMBERS: readonly Role[] = ['operator', 'supervisor', 'admin', 'cityOffice']
const FAR_DAYS = 3660

/** All units there were, are and will be, as far as this reader may see them. */
export function unitEntries({ directory, now, isMobile, openCases }: BookPorts, viewer: Editor): UnitEntry[] {
  const open = reachOf(viewer, null) === 'all' ? openCases() : undefined
  const casesOf = (unitId: string): number =>
    directory.answersFor(unitId).reduce((sum, id) => sum + (open?.get(id) ?? 0), 0)
  const at = now()
  const today = dayOf(at)
  const later = directory.at(new Date(`${addDays(today, FAR_DAYS)}T12:00:00+07:00`))
  const units = new Map<string, Unit>()
  for (const { id } of later.everyone()) {
    const unit = directory.unit(id) ?? later.unit(id)
    if (unit !== undefined) units.set(id, unit)
  }
  return [...units.values()].map((unit): UnitEntry => {
    const standing = directory.answersFor(unit.id).length > 0 ? 'inForce' : standingOf(unit, today)
    const onDuty = unit.people.filter((person) => directory.isOnDuty(person, at))
    return {
      unit: unitFor(unit, viewer),
      standing,
      successorName: standing === 'over' ? (directory.successorOf(unit.id)?.name ?? null) : null,
      onDuty: onDuty.flatMap(({ id }) => id ?? []),
      warnings: standing === 'inForce' ? warningsOf(unit, { onDuty, isMobile }) : [],
      mayChange: standing === 'over' ? 'nothing' : reachOf(viewer, unit.id),
      ...(open === undefined ? {} : { openCases: casesOf(unit.id) }),
    }
  })
}

/** The directory of today with the numbers this reader may see. */
export function directoryFor(directory: Directory, viewer: Editor): Directory {
  return { ...directory, units: directory.units.map((unit) => unitFor(unit, viewer)) }
}

function standingOf({ validFrom }: Unit, today: string): UnitEntry['standing'] {
  return validFrom !== undefined && validFrom > today ? 'upcoming' : 'over'
}

function unitFor(unit: Unit, { role, unitId }: Editor): Unit {
  if (SEE_NUMBERS.includes(role) || unitId === unit.id) return unit
  return {
    ...unit,
    people: unit.people.map((person) =>
      person.role === 'officer' ? person : { ...person, phone: maskedPhone(person.phone) },
    ),
  }
}

/** The last three digits are enough to tell two numbers apart: "••• ••• 002". */
function maskedPhone(phone: string): string {
  return `••• ••• ${phone.replace(/\D/g, '').slice(-3)}`
}

function warningsOf(
  { people }: Unit,
  {
    onDuty,
    isMobile,
  }: { readonly onDuty: readonly UnitPerson[]; readonly isMobile: (phone: string) => boolean },
): UnitWarning[] {
  const officers = people.filter(({ role }) => role === 'officer')
  return [
    ...(officers.length === 0 ? (['noOfficer'] as const) : []),
    ...(people.some(({ role }) => role === 'head') ? [] : (['noHead'] as const)),
    ...(officers.length > 0 && !officers.some(({ phone }) => isMobile(phone))
      ? (['landlineOnly'] as const)
      : []),
    ...(officers.length > 0 && !onDuty.some(({ role }) => role === 'officer')
      ? (['nobodyOnDuty'] as const)
      : []),
  ]
}
