import { AppError } from '../platform/errors.ts'
import { type CalendarSource, calendarFile, mustBeSound } from './calendar.ts'
import { differencesBetween } from './calendar-difference-policy.ts'
import { chooseTable, hashOfTable } from './calendar-source.ts'
import type { CalendarStore, StoredVersion } from './calendar-store.ts'
import { type CheckedTables, checkTables, CITY_CALENDAR, type TableSource } from './calendar-tables.ts'
import type {
  CalendarHistory,
  CalendarPreview,
  CalendarRevision,
  CalendarRevisionTable,
  CalendarTable,
  SavedCalendar,
} from './contract.ts'
import { createDeadlineClock } from './deadline-clock.ts'
import type { DeadlineRecount, RecountReason } from './deadline-recount.ts'
import { type ChangingCalendars, createWorkingCalendars } from './service.ts'
import type { WorkingCalendar } from './working-time-policy.ts'

/** What wants looking at before it is saved is told in full up to here. */
const MAX_PROBLEMS = 50
const MAX_REASON = 240
/** So many clocks are counted anew in the transaction that saves; the rest in short ones that follow. */
const AT_ONCE = 200

export interface CalendarShelf {
  /** What holds: the city's first. */
  readonly calendars: readonly WorkingCalendar[]
  /** Calendars whose file was changed after they were edited in the browser. */
  readonly differing: ReadonlySet<string>
}

/** What holds of the files of a city and of what was saved, without writing anything. Throws ConfigError when it cannot be used. */
export function readCalendars(
  store: Pick<CalendarStore, 'ids' | 'versions'>,
  files: readonly CalendarSource[],
): CalendarShelf {
  return shelfOf(holdingTables(store, files))
}

/** The same, and takes in what is newer in the files (chooseTable). On repeat nothing happens. */
export function openCalendars(deps: {
  readonly store: CalendarStore
  readonly files: readonly CalendarSource[]
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
}): CalendarShelf {
  const { store, files } = deps
  const held = holdingTables(store, files)
  const shelf = shelfOf(held)
  deps.transaction(() => {
    for (const { id, where, input, isNew } of held)
      if (isNew)
        store.add({
          calendarId: id,
          origin: 'file',
          table: input as CalendarTable, // checked above
          hash: hashOfTable(input),
          reason: `Nhập từ tệp ${where}`,
          actorId: null,
          at: deps.now().toISOString(),
        })
  })
  return shelf
}

function shelfOf(held: readonly HeldTable[]): CalendarShelf {
  const calendars = mustBeSound(checkHeld(held), held)
  return { calendars, differing: new Set(held.filter(({ differs }) => differs).map(({ id }) => id)) }
}

interface HeldTable extends CalendarSource {
  /** From a file that is newer than what is stored. */
  readonly isNew: boolean
  readonly differs: boolean
}

/** Which table holds of each calendar, without writing anything: the city's first. */
export function holdingTables(
  store: Pick<CalendarStore, 'ids' | 'versions'>,
  files: readonly CalendarSource[],
): HeldTable[] {
  const fromFiles = files.map((file): HeldTable => {
    const stored = store.versions(file.id)
    const { take, fileDiffers: differs } = chooseTable(stored, hashOfTable(file.input))
    const isNew = take === 'file'
    return { ...file, input: isNew ? file.input : stored[0]?.table, isNew, differs }
  })
  // A calendar does not go with its file: clocks may be counted by it.
  const known = new Set(files.map(({ id }) => id))
  const others = store.ids().filter((id) => !known.has(id))
  return [
    ...fromFiles,
    ...others.map((id) => ({
      id,
      where: calendarFile(id),
      input: store.versions(id)[0]?.table,
      isNew: false,
      differs: false,
    })),
  ]
}

export interface CalendarBookDeps {
  readonly store: CalendarStore
  readonly calendars: ChangingCalendars
  /** Was the file of this one changed after it was edited? */
  readonly fileDiffers: (id: string) => boolean
  readonly calendarIdOf: (unitId: string) => string | undefined
  readonly recount: Pick<DeadlineRecount, 'begin' | 'preview' | 'run'>
  readonly people: { nameOf(id: number): string | null }
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
  readonly log: { error(fields: object, message: string): void }
}

export type CalendarBook = ReturnType<typeof createCalendarBook>

/** The calendars of the city as an admin keeps them: versions, what a change would do, and saving it. */
export function createCalendarBook(deps: CalendarBookDeps) {
  const { store, calendars } = deps

  const mustFind = (found: StoredVersion | undefined): StoredVersion => {
    if (found === undefined) throw new AppError('notFound', 'CALENDAR_NOT_FOUND', 'no such calendar')
    return found
  }
  const revisionOf = ({ number, at, origin, actorId, reason }: StoredVersion): CalendarRevision => ({
    number,
    at,
    origin,
    actorName: actorId === null ? null : deps.people.nameOf(actorId),
    reason,
  })

  /** All tables as they hold, this one in place of its own. */
  function tablesWith(id: string, table: unknown): CheckedTables {
    const ids = calendars.all().map(({ calendar }) => calendar.id)
    const sources = ids.map((known) => ({
      id: known,
      input: known === id ? table : mustFind(store.newest(known)).table,
    }))
    return checkHeld(sources, true)
  }

  function mustBeNewest(id: string, base: number): StoredVersion {
    const newest = mustFind(store.newest(id))
    if (newest.number !== base)
      throw new AppError('conflict', 'CALENDAR_CHANGED', 'somebody saved another version meanwhile', {
        subject: String(newest.number),
      })
    return newest
  }

  return {
    revision: (id: string): CalendarRevision => revisionOf(mustFind(store.newest(id))),
    fileDiffers: deps.fileDiffers,

    /** Newest first. Throws CALENDAR_NOT_FOUND. */
    history(id: string): CalendarHistory {
      const versions = store.versions(id)
      mustFind(versions[0])
      return versions.map((version, index) => {
        const before = versions[index + 1]
        return {
          ...revisionOf(version),
          differences: before === undefined ? [] : differencesBetween(before.table, version.table),
        }
      })
    },

    /** One version whole. Throws CALENDAR_NOT_FOUND. */
    version(id: string, number: number): CalendarRevisionTable {
      const found = mustFind(store.find(id, number))
      return { revision: revisionOf(found), table: found.table }
    },

    /** What saving this table would do; nothing is written. Throws CALENDAR_NOT_FOUND, CALENDAR_CHANGED. */
    async preview(id: string, asked: { base: number; table: unknown }): Promise<CalendarPreview> {
      const newest = mustBeNewest(id, asked.base)
      const { calendars: next, problems } = tablesWith(id, asked.table)
      if (problems.length > 0)
        return {
          problems: problems.slice(0, MAX_PROBLEMS).map(({ problem }) => problem),
          differences: [],
          recount: null,
        }
      const candidate = createWorkingCalendars({ calendars: next, calendarIdOf: deps.calendarIdOf })
      const moved = next.filter(({ id: one, version }) => calendars.byId(one)?.calendar.version !== version)
      return {
        problems: [],
        differences: differencesBetween(newest.table, asked.table as CalendarTable), // checked above
        recount: await deps.recount.preview(
          moved.map(({ id: one }) => one),
          createDeadlineClock(candidate, () => undefined),
          deps.now(),
        ),
      }
    },

    /**
     * Saves a new version and counts open clocks anew (A19), all in one transaction while they are few; many are gone on with at
     * once, and after a crash by the next start. Throws CALENDAR_NOT_FOUND, CALENDAR_CHANGED, REASON_REQUIRED, CALENDAR_INVALID
     * (subject: the place), CALENDAR_SAME.
     */
    save(
      id: string,
      asked: { base: number; table: unknown; reason: string },
      actor: { readonly id: number },
    ): SavedCalendar {
      const reason = asked.reason.normalize('NFC').trim()
      if (reason === '') throw new AppError('invalid', 'REASON_REQUIRED', 'say which paper it stands on')
      let goBack = (): void => undefined
      try {
        const saved = deps.transaction(() => {
          const newest = mustBeNewest(id, asked.base)
          const { calendars: next, problems } = tablesWith(id, asked.table)
          const problem = problems[0]?.problem
          if (problem !== undefined)
            throw new AppError('invalid', 'CALENDAR_INVALID', `${problem.place}: ${problem.code}`, {
              subject: problem.place,
            })
          const hash = hashOfTable(asked.table)
          if (hash === newest.hash) throw new AppError('invalid', 'CALENDAR_SAME', 'nothing was changed')
          const version = store.add({
            calendarId: id,
            origin: 'edit',
            table: asked.table as CalendarTable, // checked above
            hash,
            reason: reason.slice(0, MAX_REASON),
            actorId: actor.id,
            at: deps.now().toISOString(),
          })
          goBack = calendars.use(next)
          return { revision: revisionOf(version), ...deps.recount.begin(AT_ONCE) }
        })
        if (saved.behind) goOnWith()
        return saved
      } catch (cause) {
        goBack()
        throw cause
      }
    },
  }

  function goOnWith(): void {
    deps.recount.run().catch((err: unknown) => {
      deps.log.error({ err }, 'deadlines could not be counted anew; the next minute tries again')
    })
  }
}

/** Which saved version made a calendar what it is: its own newest, or the city's where that came later and holds there too. */
export function reasonOfCalendar(
  store: Pick<CalendarStore, 'newest'>,
  calendars: ChangingCalendars,
  calendarId: string,
): RecountReason {
  const calendar = calendars.byId(calendarId)?.calendar
  const own = store.newest(calendarId)
  const city = calendar?.cityDays === true ? store.newest(CITY_CALENDAR) : undefined
  const [latest] = [own, city]
    .filter((version) => version !== undefined)
    .sort((a, b) => (a.at > b.at ? -1 : 1))
  return {
    calendarName: calendar?.name ?? calendarId,
    number: latest?.number ?? 0,
    reason: latest?.reason ?? '',
  }
}

/** Checks tables that hold together, the city's first. */
export function checkHeld(sources: readonly TableSource[], strict = false): CheckedTables {
  const [city, ...others] = sources
  if (city === undefined) throw new RangeError('a city has at least its own calendar')
  return checkTables(city, others, { strict })
}
