import { toLocalTime } from '../platform/clock.ts'
import {
  type Area,
  type Category,
  type Directory,
  type Field,
  type Unit,
  type UnitPerson,
} from './contract.ts'
import { isOnDuty } from './rota-policy.ts'

/** Who handles what (R012), and whom a matter usually goes to (R023). */
export interface AgencyDirectory {
  directory(): Directory
  unit(id: string): Unit | undefined
  category(id: string): Category | undefined
  field(id: string): { readonly field: Field; readonly category: Category } | undefined
  area(id: string): Area | undefined
  /** Is it this person's turn on the rota? Those without one are always there. */
  isOnDuty(person: Pick<UnitPerson, 'shifts'>, at: Date): boolean
  /** Units for a field in an area, the likeliest first; the operator decides. */
  suggest(matter: { readonly fieldId: string | null; readonly areaId: string | null }): string[]
}

/** Answers from a directory that was validated when it was loaded. */
export function createDirectory(directory: Directory): AgencyDirectory {
  const units = new Map(directory.units.map((unit) => [unit.id, unit]))
  const areas = new Map(directory.areas.map((area) => [area.id, area]))
  const categories = new Map(directory.categories.map((category) => [category.id, category]))
  const fields = new Map(
    directory.categories.flatMap((category) =>
      category.fields.map((field) => [field.id, { field, category }] as const),
    ),
  )
  return {
    directory: () => directory,
    unit: (id) => units.get(id),
    category: (id) => categories.get(id),
    field: (id) => fields.get(id),
    area: (id) => areas.get(id),
    isOnDuty: (person, at) => isOnDuty(person, toLocalTime(at)),
    suggest({ fieldId, areaId }) {
      const usual = fieldId === null ? [] : (fields.get(fieldId)?.field.unitIds ?? [])
      const local = areaId === null ? null : (areas.get(areaId)?.unitId ?? null)
      // a field marked `@area` is the ward's own business: there the local unit comes first, elsewhere last
      const ids = usual.flatMap((id) => (id === LOCAL_UNIT ? (local === null ? [] : [local]) : [id]))
      return [...new Set(local === null ? ids : [...ids, local])]
    },
  }
}

/** Stands for "the ward, commune or special zone of the place" among a field's units. */
export const LOCAL_UNIT = '@area'
