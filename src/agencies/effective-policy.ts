import { startOfLocalDay, toLocalTime } from '../platform/clock.ts'
import { foldVietnamese } from '../platform/vietnamese-text.ts'
import { type Directory, type Unit, type UnitPerson } from './contract.ts'

/** A first and a last day, both of which count; open where nothing is said. */
export interface Term {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Every look-up in the directory asks what day it is, and it is nearly always the one of before. */
let lastDay = { fromMs: 0, day: '' }
const DAY_MS = 86_400_000

/** The city's day of a moment: "2026-03-02". Days compare as texts. */
export function dayOf(at: Date): string {
  const ms = at.getTime()
  if (lastDay.day !== '' && ms >= lastDay.fromMs && ms < lastDay.fromMs + DAY_MS) return lastDay.day
  const { year, month, day } = toLocalTime(at)
  const text = [String(year).padStart(4, '0'), month, day]
    .map((part) => String(part).padStart(2, '0'))
    .join('-')
  lastDay = { fromMs: startOfLocalDay(at).getTime(), day: text }
  return text
}

/** The day before or after, as many as asked. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** Is it a day of the calendar? "2026-02-30" only looks like one. */
export function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at) && addDays(text, 0) === text
}

export function isInTerm({ from, to }: Term, day: string): boolean {
  return (from === undefined || from <= day) && (to === undefined || day <= to)
}

/** Do two terms share a day? */
export function overlap(one: Term, other: Term): boolean {
  const starts = [one.from ?? '', other.from ?? ''].sort()
  const ends = [one.to ?? '9999', other.to ?? '9999'].sort()
  return (starts[1] ?? '') <= (ends[0] ?? '')
}

export function termOf({ validFrom, validTo }: Pick<Unit, 'validFrom' | 'validTo'>): Term {
  return { from: validFrom, to: validTo }
}

/**
 * The unit that does the work of `id` on this day: itself, or the last one of those that took over, each the day after the one
 * before. Undefined for one that ended and left it to nobody, and where they go round in a circle.
 */
export function successorOn(units: ReadonlyMap<string, Unit>, id: string, day: string): Unit | undefined {
  const seen = new Set<string>()
  let unit = units.get(id)
  while (unit !== undefined && !seen.has(unit.id)) {
    if (isInTerm(termOf(unit), day)) return unit
    const isOver = unit.validTo !== undefined && unit.validTo < day
    if (!isOver || unit.successorId === undefined) return undefined
    seen.add(unit.id)
    unit = units.get(unit.successorId)
  }
  return undefined
}

/** The unit itself, then all that ended and whose work came to it, however many steps ago. */
export function withPredecessors(units: ReadonlyMap<string, Unit>, id: string, day: string): string[] {
  const ids = [id]
  for (const known of ids)
    for (const unit of units.values())
      if (
        unit.successorId === known &&
        unit.validTo !== undefined &&
        unit.validTo < day &&
        !ids.includes(unit.id)
      )
        ids.push(unit.id)
  return ids
}

/** Gives everybody an id of their own within their unit; those that have one keep it. */
export function withPersonIds(directory: Directory): Directory {
  return { ...directory, units: directory.units.map((unit) => ({ ...unit, people: named(unit.people) })) }
}

function named(people: readonly UnitPerson[]): UnitPerson[] {
  const taken = new Set(people.flatMap(({ id }) => id ?? []))
  return people.map((person) => {
    if (person.id !== undefined) return person
    const id = freeId(person.name, taken)
    taken.add(id)
    return { ...person, id }
  })
}

/** "Bùi Đức Khoát" is "bui-duc-khoat", the next of that name "bui-duc-khoat-2". */
export function freeId(name: string, taken: ReadonlySet<string>): string {
  const words = foldVietnamese(name).match(/[a-z0-9]+/g) ?? ['x']
  const base = words.join('-').slice(0, 60)
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${String(number)}`
    if (!taken.has(id)) return id
  }
}
