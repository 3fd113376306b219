import type { ChangeView, Unit, UnitPerson } from '../../agencies/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { dayText, fold } from '../ui/format.ts'

/** Stands for the ward of the place in a rule; as LOCAL_UNIT of the server. */
export const LOCAL_UNIT = '@area'

/** "T2 09/03" of "2026-03-09". */
export function dayWords(day: string, nowMs: number): string {
  return dayText(new Date(`${day}T12:00:00+07:00`), nowMs)
}

/** What a change does, in one sentence. */
export function changeSentence({ change, names }: ChangeView): string {
  switch (change.kind) {
    case 'unitClosed':
      if (names['successor'] === undefined) return t('change.unitClosedAlone', names)
      return t((names['cases'] ?? '0') === '0' ? 'change.unitClosed' : 'change.unitClosedCases', names)
    case 'unitChanged': {
      const parts = Object.keys(change.unit).map((part) =>
        tOr(`unitPart.${part}`, 'event.word', { word: part }),
      )
      return t('change.unitChanged', { ...names, parts: parts.join(', ') })
    }
    case 'personAdded': {
      const role = t(`unit.${change.person.role}`)
      const key = names['replaced'] === undefined ? 'change.personAdded' : 'change.personReplaced'
      return t(key, { ...names, role, phone: change.person.phone })
    }
    case 'personChanged': {
      if (change.person.role === undefined) return t('change.personChanged', names)
      const role = t(`unit.${change.person.role}`)
      const key = names['replaced'] === undefined ? 'change.personRole' : 'change.personRoleReplaced'
      return t(key, { ...names, role })
    }
    case 'routeSet': {
      const units = (names['units'] ?? '').replace(LOCAL_UNIT, t('rules.localUnit'))
      if (change.areaId === null) return t('change.routeSet', { ...names, units })
      return t(change.unitIds.length === 0 ? 'change.routeCleared' : 'change.routeSetAt', { ...names, units })
    }
    case 'areaSet':
      return t(change.unitId === null ? 'change.areaFree' : 'change.areaSet', names)
    case 'unitCreated':
    case 'personEnded':
      return t(`change.${change.kind}`, names)
  }
}

/** "T2–T6 07:00-19:00", "cả ngày" where nothing is said. */
export function shiftWords({ shifts }: Pick<UnitPerson, 'shifts'>): string {
  if (shifts === undefined) return t('shift.always')
  return shifts
    .map(
      ({ weekdays, hours }) =>
        `${weekdays.map((day) => t(`weekday.${String(day) as '0'}`)).join(' ')} ${hours}`,
    )
    .join('; ')
}

/** Does the unit, or anybody in it, bear these words? With marks or without. */
export function matches(unit: Unit, typed: string): boolean {
  const text = fold(
    [
      unit.name,
      unit.smsName,
      unit.address ?? '',
      ...unit.people.flatMap(({ name, position }) => [name, position]),
    ].join(' '),
  )
  return fold(typed)
    .split(/\s+/)
    .every((word) => text.includes(word))
}
