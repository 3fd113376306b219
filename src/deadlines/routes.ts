import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { AgencyDirectory } from '../agencies/service.ts'
import { Type } from 'typebox'
import { allow, personOf } from '../http/access.ts'
import { parseLocalTime } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { CalendarBook } from './calendar-book.ts'
import { viewOfCalendar } from './calendar-view-policy.ts'
import {
  CalendarHistory,
  CalendarList,
  CalendarPreview,
  CalendarRevisionTable,
  DueAnswer,
  DueQuery,
  PreviewCalendar,
  SaveCalendar,
  SavedCalendar,
} from './contract.ts'
import { explainedDue, type Span, wholeMinutes } from './explanation-policy.ts'
import type { WorkingCalendars } from './service.ts'
import { CalendarEnded, type CompiledCalendar, workingMinutesBetween } from './working-time-policy.ts'

const CalendarId = Type.Object({ id: Type.String({ maxLength: 60 }) })
const VersionId = Type.Object({ id: Type.String({ maxLength: 60 }), number: Type.Integer({ minimum: 1 }) })

/** Calendars with their versions for those who answer for the tables; an admin changes them. GET /api/deadline besides for whoever directs. */
export const calendarRoutes: FastifyPluginAsyncTypebox<{
  readonly calendars: WorkingCalendars
  readonly book: CalendarBook
  readonly directory: Pick<AgencyDirectory, 'directory' | 'unit'>
}> = async (app, { calendars, book, directory }) => {
  const readers = allow('supervisor', 'admin')

  app.get('/api/calendars', { ...readers, schema: { response: { 200: CalendarList } } }, async () => {
    const city = calendars.of(null).calendar
    return calendars.all().map(({ calendar }) => {
      const units = directory.directory().units.filter((unit) => unit.calendar === calendar.id)
      return viewOfCalendar(calendar, city, {
        units: units.map(({ id, name }) => ({ id, name })),
        revision: book.revision(calendar.id),
        fileDiffers: book.fileDiffers(calendar.id),
      })
    })
  })

  app.get(
    '/api/calendars/:id/versions',
    { ...readers, schema: { params: CalendarId, response: { 200: CalendarHistory } } },
    async ({ params }) => book.history(params.id),
  )

  app.get(
    '/api/calendars/:id/versions/:number',
    { ...readers, schema: { params: VersionId, response: { 200: CalendarRevisionTable } } },
    async ({ params }) => book.version(params.id, params.number),
  )

  app.post(
    '/api/calendars/:id/preview',
    {
      ...allow('admin'),
      schema: { params: CalendarId, body: PreviewCalendar, response: { 200: CalendarPreview } },
    },
    async ({ params, body }) => book.preview(params.id, { base: body.base, table: body.table }),
  )

  app.put(
    '/api/calendars/:id',
    {
      ...allow('admin'),
      schema: { params: CalendarId, body: SaveCalendar, response: { 200: SavedCalendar } },
    },
    async (request) => {
      const { base, table, reason } = request.body
      return book.save(request.params.id, { base, table, reason }, personOf(request))
    },
  )

  app.get(
    '/api/deadline',
    {
      ...allow('supervisor', 'admin', 'cityOffice'),
      schema: { querystring: DueQuery, response: { 200: DueAnswer } },
    },
    async ({ query: { from, unitId, language = 'vi', ...amount } }) => {
      const startMs = timeOf('from', from)
      if (unitId !== undefined && directory.unit(unitId) === undefined)
        throw new AppError('invalid', 'UNIT_UNKNOWN', 'no such unit')
      if (amount.until !== undefined && timeOf('until', amount.until) < startMs)
        throw new AppError('invalid', 'UNTIL_BEFORE_FROM', 'until lies before from')
      const compiled = calendars.of(unitId ?? null)
      try {
        const span = spanOf(amount, (untilMs) => minutesBetween(compiled, startMs, untilMs))
        const { dueMs, explanation } = explainedDue(compiled, { startMs, span }, language)
        return {
          dueAt: new Date(amount.until === undefined ? dueMs : timeOf('until', amount.until)).toISOString(),
          minutes: minutesBetween(compiled, startMs, dueMs),
          explanation,
          calendarName: compiled.calendar.name,
        }
      } catch (cause) {
        if (!(cause instanceof CalendarEnded)) throw cause
        const subject = String(cause.year)
        throw new AppError('conflict', 'CALENDAR_ENDED', `no calendar for ${subject}`, { cause, subject })
      }
    },
  )
}

/** Throws NO_SUCH_TIME. */
function timeOf(name: string, text: string): number {
  const at = parseLocalTime(text)
  if (at !== undefined) return at.getTime()
  throw new AppError('invalid', 'NO_SUCH_TIME', `${name} is a day and time that exist: 2026-03-06T16:45`)
}

/** Throws CalendarEnded. */
function minutesBetween(compiled: CompiledCalendar, fromMs: number, toMs: number): number {
  return toMs <= fromMs ? 0 : Math.floor(workingMinutesBetween(compiled, fromMs, toMs))
}

function spanOf(
  { hours, days, until }: Pick<DueQuery, 'hours' | 'days' | 'until'>,
  minutesUntil: (untilMs: number) => number,
): Span {
  if (until !== undefined && hours === undefined && days === undefined)
    return { minutes: minutesUntil(timeOf('until', until)) }
  if (until !== undefined) throw new AppError('invalid', 'HOURS_OR_DAYS', 'give one of hours, days, until')
  if (hours !== undefined && days === undefined) {
    const minutes = wholeMinutes(hours)
    if (minutes !== undefined) return { minutes }
    throw new AppError('invalid', 'HOURS_NOT_MINUTES', 'hours must come to whole minutes')
  }
  if (days !== undefined && hours === undefined) return { days }
  throw new AppError('invalid', 'HOURS_OR_DAYS', 'give hours or days, one of the two')
}
