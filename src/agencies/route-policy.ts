import { type Area, type Field, type PlaceRule } from './contract.ts'
import { isInTerm } from './effective-policy.ts'

/** Stands for "the ward, commune or special zone of the place" among a field's units. */
export const LOCAL_UNIT = '@area'

/** What a suggestion stands on (R023): the rule of a field at a place, or of the field in the whole city. */
export interface RouteRule {
  readonly fieldId: string
  /** Null: of the whole city. */
  readonly areaId: string | null
  readonly unitIds: readonly string[]
}

/** The rule that holds on this day; null for a field without one. */
export function ruleFor(
  {
    field,
    area,
    rules,
  }: { readonly field: Field; readonly area: Area | null; readonly rules: readonly PlaceRule[] },
  day: string,
): RouteRule | null {
  const ofPlace = rules.findLast(
    (rule) => rule.fieldId === field.id && rule.areaId === area?.id && isInTerm(rule, day),
  )
  // An empty one takes the place's own rule back: what holds for the city holds there too.
  if (ofPlace !== undefined && ofPlace.unitIds.length > 0)
    return { fieldId: field.id, areaId: ofPlace.areaId, unitIds: ofPlace.unitIds }
  return field.unitIds.length === 0 ? null : { fieldId: field.id, areaId: null, unitIds: field.unitIds }
}

/** Ids of units, the likeliest first, before anybody asks whether they are still there. */
export function unitsOfRule(rule: RouteRule | null, localUnitId: string | null): string[] {
  // A field marked `@area` is the ward's own business: there the local unit comes first, elsewhere last.
  const ids = (rule?.unitIds ?? []).flatMap((id) =>
    id === LOCAL_UNIT ? (localUnitId === null ? [] : [localUnitId]) : [id],
  )
  return [...new Set(localUnitId === null ? ids : [...ids, localUnitId])]
}
