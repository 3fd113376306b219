import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { AgencyDirectory } from '../agencies/service.ts'
import { allow } from '../http/access.ts'
import { parseLocalTime } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import { viewOfCalendar } from './calendar-view-policy.ts'
import { CalendarList, DueAnswer, DueQuery } from './contract.ts'
import { explainedDue, type Span, wholeMinutes } from './explanation-policy.ts'
import type { WorkingCalendars } from './service.ts'
import { CalendarEnded } from './working-time-policy.ts'

/** GET /api/calendars and /api/deadline, for those who answer for the tables. */
export const calendarRoutes: FastifyPluginAsyncTypebox<{
  readonly calendars: WorkingCalendars
  readonly directory: Pick<AgencyDirectory, 'directory' | 'unit'>
}> = async (app, { calendars, directory }) => {
  const readers = allow('supervisor', 'admin')

  app.get('/api/calendars', { ...readers, schema: { response: { 200: CalendarList } } }, async () => {
    const city = calendars.of(null).calendar
    return calendars.all().map(({ calendar }) => {
      const units = directory.directory().units.filter((unit) => unit.calendar === calendar.id)
      return viewOfCalendar(
        calendar,
        city,
        units.map(({ id, name }) => ({ id, name })),
      )
    })
  })

  app.get(
    '/api/deadline',
    { ...readers, schema: { querystring: DueQuery, response: { 200: DueAnswer } } },
    async ({ query: { from, unitId, language = 'vi', ...amount } }) => {
      const start = parseLocalTime(from)
      if (start === undefined)
        throw new AppError('invalid', 'NO_SUCH_TIME', 'from is a day and time that exist: 2026-03-06T16:45')
      if (unitId !== undefined && directory.unit(unitId) === undefined)
        throw new AppError('invalid', 'UNIT_UNKNOWN', 'no such unit')
      const compiled = calendars.of(unitId ?? null)
      try {
        const question = { startMs: start.getTime(), span: spanOf(amount) }
        const { dueMs, explanation } = explainedDue(compiled, question, language)
        return { dueAt: new Date(dueMs).toISOString(), explanation, calendarName: compiled.calendar.name }
      } catch (cause) {
        if (!(cause instanceof CalendarEnded)) throw cause
        const subject = String(cause.year)
        throw new AppError('conflict', 'CALENDAR_ENDED', `no calendar for ${subject}`, { cause, subject })
      }
    },
  )
}

function spanOf({ hours, days }: Pick<DueQuery, 'hours' | 'days'>): Span {
  if (hours !== undefined && days === undefined) {
    const minutes = wholeMinutes(hours)
    if (minutes !== undefined) return { minutes }
    throw new AppError('invalid', 'HOURS_NOT_MINUTES', 'hours must come to whole minutes')
  }
  if (days !== undefined && hours === undefined) return { days }
  throw new AppError('invalid', 'HOURS_OR_DAYS', 'give hours or days, one of the two')
}
