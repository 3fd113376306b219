import type { Person, Role } from '../accounts/contract.ts'
import type { AgencyDirectory } from '../agencies/service.ts'
import { AppError } from '../platform/errors.ts'
import type { TicketRow } from '../tickets/contract.ts'
import {
  type Figure,
  type FigureCases,
  type FigureQuery,
  FIGURES,
  type HolderReport,
  type PeriodQuery,
  type UnitFigures,
  type UnitReport,
} from './contract.ts'
import { createStageSums, type HeldTurn } from './holder-times.ts'

/** ISO 8601 UTC; `until` is the first moment after the period. */
interface Moments {
  readonly from: string
  readonly until: string
  readonly now: string
}

export interface FigureStore {
  /** `unitIds` null: of all units. */
  counts(
    asked: Moments & { readonly unitIds: readonly string[] | null },
  ): { readonly unitId: string; readonly figure: Figure; readonly n: number }[]
  /** Those that began in the period, the earliest first. */
  turns(asked: Pick<Moments, 'from' | 'until'> & { readonly unitIds: readonly string[] | null }): HeldTurn[]
  /** The newest case first. */
  cases(
    asked: Moments & {
      readonly unitIds: readonly string[]
      readonly figure: Figure
      readonly offset: number
      readonly limit: number
    },
  ): number[]
}

export interface ReportPorts {
  readonly store: FigureStore
  readonly now: () => Date
  readonly directory: Pick<AgencyDirectory, 'unit' | 'successorOf' | 'answersFor'>
  /** Working minutes by the calendar of that unit. Throws CalendarEnded. */
  readonly minutes: (unitId: string, fromMs: number, toMs: number) => number
  /** A mask of what the viewer may not see. */
  readonly row: (ticketId: number, viewer: Person) => TicketRow
}

export type Reports = ReturnType<typeof createReports>

const OF_UNIT: readonly Role[] = ['officer', 'head']

/** Figures of units: a unit's people see their own, the City Office and the hotline's supervisors all (Đ14.1, Đ17.5). */
export function createReports(ports: ReportPorts) {
  const { store, directory } = ports
  const nameOf = (id: string): string | null => directory.unit(id)?.name ?? null
  /** Whoever took over a unit's work answers for it; one that left it to nobody stands for itself. */
  const answerer = (id: string): string => directory.successorOf(id)?.id ?? id
  const under = (id: string): readonly string[] => {
    const all = directory.answersFor(id)
    return all.length === 0 ? [id] : all
  }

  /** `unitIds` null: of all units. By name; the first of those asked for is there whatever its figures. */
  function figuresOf(moments: Moments, unitIds: readonly string[] | null): UnitFigures[] {
    const units = new Map<string, UnitFigures>()
    const own = unitIds?.[0]
    if (own !== undefined) units.set(own, nothingOf(own, nameOf(own)))
    for (const { unitId, figure, n } of store.counts({ ...moments, unitIds })) {
      const id = answerer(unitId)
      const before = units.get(id) ?? nothingOf(id, nameOf(id))
      units.set(id, { ...before, [figure]: before[figure] + n })
    }
    return [...units.values()].sort((a, b) => a.unitName.localeCompare(b.unitName, 'vi'))
  }
  /** Null: all of them. One who has lost the unit, or whose unit is no more, sees nobody's figures. */
  function unitsFor({ role, unitId }: Person): readonly string[] | null {
    if (!OF_UNIT.includes(role)) return null
    return unitId === null ? [] : directory.answersFor(unitId)
  }

  return {
    /** Throws PERIOD_INVALID. */
    units(period: PeriodQuery, viewer: Person): UnitReport {
      const asOf = ports.now()
      const units = figuresOf(momentsOf(period, asOf), unitsFor(viewer))
      return { from: period.from, to: period.to, asOf: asOf.toISOString(), units }
    },

    /** Of every unit with a case, whoever asks. Throws PERIOD_INVALID. */
    ofAllUnits: (period: PeriodQuery): UnitFigures[] => figuresOf(momentsOf(period, ports.now()), null),

    /** How long units and the hotline had the turns of the period (R103). Throws PERIOD_INVALID. */
    holders(period: PeriodQuery, viewer: Person): HolderReport {
      const { from, until } = momentsOf(period, ports.now())
      const sums = new Map<string, ReturnType<typeof createStageSums>>()
      for (const turn of store.turns({ from, until, unitIds: unitsFor(viewer) })) {
        const id = answerer(turn.unitId)
        const ofUnit = sums.get(id) ?? createStageSums(ports.minutes)
        sums.set(id, ofUnit)
        ofUnit.add(turn)
      }
      const units = [...sums]
        .map(([unitId, ofUnit]) => ({ unitId, unitName: nameOf(unitId) ?? unitId, ...ofUnit.stages() }))
        .sort((a, b) => a.unitName.localeCompare(b.unitName, 'vi'))
      return { from: period.from, to: period.to, units }
    },

    /** The cases that a figure counted, as far as the viewer may see them. Throws PERIOD_INVALID, UNIT_NOT_YOURS. */
    cases(
      unitId: string,
      { figure, offset = 0, limit = 50, ...period }: FigureQuery,
      viewer: Person,
    ): FigureCases {
      if (OF_UNIT.includes(viewer.role) && viewer.unitId !== unitId)
        throw new AppError('forbidden', 'UNIT_NOT_YOURS', 'these are the figures of another unit')
      const moments = momentsOf(period, ports.now())
      const unitIds = under(unitId)
      const counted = store.counts({ ...moments, unitIds }).filter((line) => line.figure === figure)
      const total = counted.reduce((sum, { n }) => sum + n, 0)
      const items = store.cases({ ...moments, unitIds, figure, offset, limit }).map((ticketId) => {
        const { code, title, state, dueAt } = ports.row(ticketId, viewer)
        return { code, title, state, dueAt }
      })
      return { items, total }
    },
  }
}

const DAY_MS = 86_400_000

/** The days of a period as moments. Throws PERIOD_INVALID for days that are none, or that end before they begin. */
function momentsOf({ from, to }: PeriodQuery, now: Date): Moments {
  const [start, end] = [dayStart(from), dayStart(to)]
  if (start === null || end === null || end < start)
    throw new AppError('invalid', 'PERIOD_INVALID', 'the period has no such days, or ends before it begins')
  return {
    from: new Date(start).toISOString(),
    until: new Date(end + DAY_MS).toISOString(),
    now: now.toISOString(),
  }
}

function dayStart(day: string): number | null {
  const utc = Date.parse(`${day}T00:00:00Z`)
  const isDay = !Number.isNaN(utc) && new Date(utc).toISOString().slice(0, 10) === day
  return isDay ? Date.parse(`${day}T00:00:00+07:00`) : null
}

function nothingOf(unitId: string, name: string | null): UnitFigures {
  const none = Object.fromEntries(FIGURES.map((figure) => [figure, 0])) as Record<Figure, number>
  return { unitId, unitName: name ?? unitId, ...none }
}
