import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Person } from '../../src/accounts/contract.ts'
import { type Directory } from '../../src/agencies/contract.ts'
import { readDirectory } from '../../src/agencies/directory-files.ts'
import { createDirectoryEditor } from '../../src/agencies/editor.ts'
import { agencyRoutes } from '../../src/agencies/routes.ts'
import { createDirectory } from '../../src/agencies/service.ts'
import { createDirectoryStore } from '../../src/agencies/store.ts'
import { parseNumber } from '../../src/calls/phone-number.ts'
import { type Db, openDb } from '../../src/db/open.ts'
import { type CalendarSource, readCalendarFiles } from '../../src/deadlines/calendar.ts'
import { createCalendarBook, openCalendars, reasonOfCalendar } from '../../src/deadlines/calendar-book.ts'
import { CITY_CALENDAR } from '../../src/deadlines/calendar-tables.ts'
import { createCalendarStore } from '../../src/deadlines/calendar-store.ts'
import { createDeadlineStore } from '../../src/deadlines/deadline-store.ts'
import { calendarRoutes } from '../../src/deadlines/routes.ts'
import {
  createDeadlineClock,
  createDeadlineKeeper,
  createDeadlineRecount,
  createDossierClock,
  createWorkedTime,
  createWorkingCalendars,
} from '../../src/deadlines/service.ts'
import { workingMinutesBetween } from '../../src/deadlines/working-time-policy.ts'
import { compileRoutes } from '../../src/dossiers/compile-routes.ts'
import { createCompiling } from '../../src/dossiers/compiling.ts'
import { createDossierPrinter } from '../../src/dossiers/dossier-files.ts'
import { type AttemptOnPaper } from '../../src/dossiers/dossier-paper.ts'
import { dossierRoutes } from '../../src/dossiers/routes.ts'
import { createDossiers } from '../../src/dossiers/service.ts'
import { createDossierStore } from '../../src/dossiers/store.ts'
import { createServer } from '../../src/http/server.ts'
import { createSimulatorProvider } from '../../src/messages/provider-simulator.ts'
import { messageRoutes } from '../../src/messages/routes.ts'
import { createAtWork } from '../../src/messages/at-work.ts'
import { createSender } from '../../src/messages/sender.ts'
import { createMessages, type SmsProvider } from '../../src/messages/service.ts'
import { vietnamMobile } from '../../src/messages/sms-policy.ts'
import { createMessageStore } from '../../src/messages/store.ts'
import { createTwilioWebhook } from '../../src/messages/webhook-twilio.ts'
import { createDocumentPrinter } from '../../src/platform/documents.ts'
import { type RecordingView } from '../../src/recordings/contract.ts'
import { suggestionRoutes } from '../../src/suggestions/routes.ts'
import { createSuggestions } from '../../src/suggestions/service.ts'
import { reportRoutes } from '../../src/reports/routes.ts'
import { createReports } from '../../src/reports/service.ts'
import { createFigureStore } from '../../src/reports/store.ts'
import { createDigestStore } from '../../src/reports/digest-store.ts'
import { createUnitDigest } from '../../src/reports/unit-digest.ts'
import { createAttachmentFolder } from '../../src/tickets/attachment-folder.ts'
import { createAccessLog } from '../../src/tickets/access-log.ts'
import { attachmentRoutes } from '../../src/tickets/attachment-routes.ts'
import { ticketRoutes } from '../../src/tickets/routes.ts'
import { coHandlingRoutes } from '../../src/tickets/co-handling-routes.ts'
import { createCoHandlingStore } from '../../src/tickets/co-handling-store.ts'
import { createTickets, type TicketPorts } from '../../src/tickets/service.ts'
import { createDueNewsStore } from '../../src/tickets/due-news-store.ts'
import { createOverdueReport } from '../../src/tickets/overdue-report.ts'
import { createOversightStore } from '../../src/tickets/oversight-store.ts'
import { createSlipPrinter } from '../../src/tickets/slip-pdf.ts'
import { slipRoutes } from '../../src/tickets/slip-routes.ts'
import { createTicketStore } from '../../src/tickets/store.ts'
import { readTexts } from '../../src/tickets/texts.ts'
import { checkTarget } from '../../src/transfers/transfer-policy.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const CITY_DIR = join(ROOT, 'config', 'haiphong')

export const OPERATOR: Person = person(1, 'operator', 'Nguyễn Thị Hạ')
export const SUPERVISOR: Person = person(2, 'supervisor', 'Trần Văn Đức')
export const ADMIN: Person = person(3, 'admin', 'Lê Thị Ước')
export const OTHER_OPERATOR: Person = {
  ...person(4, 'operator', 'Đoàn Thị Ngát'),
  username: 'otherOperator',
}
/** Of the unit that handles lighting, and of another one. */
export const UNIT = 'chieu-sang'
export const OTHER_UNIT = 'so-xay-dung'
export const OFFICER: Person = { ...person(5, 'officer', 'Lê Văn Phiệt'), unitId: UNIT }
export const HEAD: Person = { ...person(6, 'head', 'Mai Thị Tuyết Trinh'), unitId: UNIT }
export const OTHER_OFFICER: Person = {
  ...person(7, 'officer', 'Bùi Đức Khoát'),
  username: 'otherOfficer',
  unitId: OTHER_UNIT,
}
export const CITY_OFFICE: Person = person(8, 'cityOffice', 'Hoàng Thu Uyên')
const PEOPLE = [OPERATOR, SUPERVISOR, ADMIN, OTHER_OPERATOR, OFFICER, HEAD, OTHER_OFFICER, CITY_OFFICE]

/** 21:00 to 07:00. */
const QUIET_HOURS = { fromMinute: 1260, toMinute: 420 }

const CITY = {
  name: 'Thành phố Hải Phòng',
  hotline: '0225.1022',
  codePrefix: 'HP',
  regulation: 'QĐ 587/QĐ-UBND',
  officeUnitId: 'van-phong',
}

export type Desk = ReturnType<typeof createDesk>

/** Tickets, directory and messages of Hải Phòng on a database of their own, with a clock that tests move. */
export function createDesk(
  options: {
    at?: string
    path?: string
    twilio?: SmsProvider
    publicUrl?: string
    tokens?: string[]
    recordingsOf?: () => RecordingView[]
    attemptsOf?: (ticketId: number) => AttemptOnPaper[]
    /** In place of the city's own. */
    directory?: Directory
    /** In place of the city’s files. */
    calendarFiles?: readonly CalendarSource[]
    onTicketChanged?: () => void
    /** Every statement the stores prepare. */
    onStatement?: (sql: string) => void
    /** Every run of one. */
    onRun?: (sql: string) => void
    /** What the city adds to its `city` (config.ts). */
    city?: Partial<TicketPorts['city']>
    /** Of emergency.json; the City Office's unit where nothing is said. */
    lastResort?: string
    /** As in city.json; on where nothing is said. */
    weeklyUnitSms?: boolean
  } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'desk-'))
  const db = openDb(options.path ?? ':memory:', join(ROOT, 'migrations'))
  if (options.onStatement !== undefined) tellStatements(db, options.onStatement, options.onRun)
  const publicUrl = options.publicUrl ?? 'https://1022.haiphong.gov.vn'
  let nowMs = new Date(options.at ?? '2026-03-02T01:00:00Z').getTime() // Monday 08:00 in the city
  const now = (): Date => new Date(nowMs)
  const changed: { code: string; version: number }[] = []
  const arrived: string[] = []
  const logged: unknown[] = []
  const log = {
    warn: (fields: Record<string, unknown>, message: string) => void logged.push({ ...fields, message }),
    error: (fields: Record<string, unknown>, message: string) => void logged.push({ ...fields, message }),
  }

  const directoryFiles = options.directory ?? readDirectory(CITY_DIR)
  const editor = createDirectoryEditor({
    files: directoryFiles,
    store: createDirectoryStore(db),
    transaction: (work) => db.transaction(work),
    now,
    isCalendar: (id) => id === 'truc-24-7',
    checkNumber: (raw) =>
      checkTarget(raw, {
        citizenE164: null,
        ownLine: '02251022',
        areaCode: '225',
        parseNumber,
        emergency: { services: [] },
      }).number,
    nameOf: (id) => people.nameOf(id),
    openCases: () => tickets.openByUnit(),
    neededUnits: () => [CITY.officeUnitId, options.lastResort ?? CITY.officeUnitId],
    audit: (actorId, action, subject, detail) => void audited.push({ actorId, action, subject, detail }),
    onChanged: () => void changed.push({ code: 'directory', version: 0 }),
  })
  const directory = createDirectory(directoryFiles, { now, changes: editor.standing })
  const missingYears: number[] = []
  const calendarStore = createCalendarStore(db, 'haiphong')
  const files = options.calendarFiles ?? readCalendarFiles(CITY_DIR)
  const shelf = openCalendars({ store: calendarStore, files, transaction: db.transaction.bind(db), now })
  const calendarIdOf = (unitId: string) => directory.unit(unitId)?.calendar
  const calendars = createWorkingCalendars({ calendars: shelf.calendars, calendarIdOf })
  const onCalendarEnded = (year: number) => void missingYears.push(year)
  const people = {
    nameOf: (id: number) => PEOPLE.find((known) => known.id === id)?.name ?? null,
  }
  const messageStore = createMessageStore(db)
  const transaction = db.transaction.bind(db)
  const onChanged = (code: string): void => {
    tickets.touched(code)
  }
  const sender = createSender({
    transaction,
    store: messageStore,
    now,
    quietHours: QUIET_HOURS,
    isAtWork: (reader, at) => isAtWork(reader, at),
    log,
    onChanged,
    overtaken: (message) => tickets.sms.overtaken(message),
    onDropped: (message, why) => {
      tickets.sms.dropped(message, why)
    },
    onArrived: (to) => void arrived.push(to),
    providers: {
      simulator: createSimulatorProvider(messageStore, now),
      ...(options.twilio === undefined ? {} : { twilio: options.twilio }),
    },
  })
  const messages = createMessages({
    transaction,
    store: messageStore,
    now,
    provider: options.twilio === undefined ? 'simulator' : 'twilio',
    sender: '1022HP',
    quietHours: QUIET_HOURS,
    isAtWork: (reader, at) => isAtWork(reader, at),
    displayNumber: (number) => parseNumber(number, '225').display,
    onQueued: () => {
      sender.wake()
    },
    onChanged,
  })
  const documents = createDocumentPrinter()
  const dossierStore = createDossierStore(db)
  const dossierCases = {
    find: (code: string, viewer: Person) => tickets.findWithResult(code, viewer),
    row: (ticketId: number, viewer: Person) => tickets.row(ticketId, viewer),
    note: (ticketId: number, event: Parameters<typeof tickets.note>[1]) => {
      tickets.note(ticketId, event)
    },
    touched: onChanged,
  }
  const dossierClock = createDossierClock(calendars, onCalendarEnded)
  const dossiers = createDossiers({
    transaction,
    store: dossierStore,
    now,
    clock: dossierClock,
    people,
    cases: dossierCases,
    calendarReason: () => reasonOfCalendar(calendarStore, calendars, CITY_CALENDAR),
    regulation: 'QĐ 587/QĐ-UBND',
  })
  const accesses: { actorId: number; action: string; subject: string; detail?: object | undefined }[] = []
  const audited: { actorId: number; action: string; subject: string; detail: Record<string, unknown> }[] = []
  const compiling = createCompiling({
    transaction,
    store: dossierStore,
    now,
    people,
    print: createDossierPrinter(documents),
    cases: {
      ...dossierCases,
      facts: (ticketId) => tickets.facts(ticketId),
      attempts: options.attemptsOf ?? (() => []),
    },
    audit: (actorId, action, subject, detail) => void audited.push({ actorId, action, subject, detail }),
    recount: () => {
      dossiers.recount()
    },
    city: { name: 'Thành phố Hải Phòng', hotline: '0225.1022' },
    office: () => 'Văn phòng UBND thành phố',
    regulation: 'QĐ 587/QĐ-UBND',
  })
  let tokens = 0
  const deadlineStore = createDeadlineStore(db)
  const clock = createDeadlineClock(calendars, onCalendarEnded)
  const recount = createDeadlineRecount({
    store: deadlineStore,
    clock,
    calendarIds: () => calendars.all().map(({ calendar }) => calendar.id),
    whyOf: (calendarId) => reasonOfCalendar(calendarStore, calendars, calendarId),
    transaction,
    now,
    onRecomputed: (row, oldDueAt, why) => {
      tickets.recomputed(row, oldDueAt, why)
    },
    onChanged: (ticketIds) => {
      tickets.touchedAll(ticketIds)
    },
    tellNews: (people) => tickets.tellDueNews(people),
    codeOf: (ticketId) => tickets.codeOf(ticketId),
    log,
  })
  const calendarBook = createCalendarBook({
    store: calendarStore,
    calendars,
    fileDiffers: (id) => shelf.differing.has(id),
    calendarIdOf,
    recount: {
      ...recount,
      begin: (limit) => {
        dossiers.recount()
        return recount.begin(limit)
      },
    },
    people,
    transaction,
    now,
    log,
  })
  const deadlines = createDeadlineKeeper({
    store: deadlineStore,
    clock,
    transaction,
    now,
    fresh: (row) => recount.fresh(row),
    onBreach: (row) => {
      tickets.ranOut(row)
    },
    onWarn: (row) => {
      tickets.remind(row)
    },
    log,
  })
  const isAtWork = createAtWork({ directory, deadlines })
  const oversight = createOversightStore(db)
  const ticketStore = createTicketStore(db)
  ticketStore.indexOldCases()
  const tickets = createTickets({
    transaction,
    store: ticketStore,
    oversight,
    coHandling: createCoHandlingStore(db),
    dueNews: createDueNewsStore(db),
    now,
    directory,
    deadlines,
    dossiers,
    outbox: messages,
    files: createAttachmentFolder(join(folder, 'attachments')),
    people,
    parseNumber: (raw) => parseNumber(raw, '225'),
    callsOf: () => [],
    recordingsOf: options.recordingsOf ?? (() => []),
    notify: {
      ticketChanged: (code, version) => {
        changed.push({ code, version })
        options.onTicketChanged?.()
      },
    },
    randomToken: () => `Kx7Qd2mR${String((tokens += 1)).padStart(4, '0')}`,
    city: { ...CITY, ...options.city },
    publicUrl,
    texts: readTexts(join(CITY_DIR, 'texts.json')),
  })

  const suggestions = createSuggestions({ now, directory, cases: tickets })
  const reports = createReports({
    store: createFigureStore(db),
    now,
    directory,
    minutes: (unitId, fromMs, toMs) => workingMinutesBetween(calendars.of(unitId), fromMs, toMs),
    row: (ticketId, viewer) => tickets.row(ticketId, viewer),
  })
  const digests = createUnitDigest({
    figures: (period) => reports.ofAllUnits(period),
    directory,
    outbox: messages,
    transaction,
    now,
    audit: (actorId, action, subject, detail) => void audited.push({ actorId, action, subject, detail }),
    publicUrl,
    runs: createDigestStore(db),
    isWorked: createWorkedTime(calendars, onCalendarEnded),
    weekly: options.weeklyUnitSms ?? true,
  })

  const overdueReport = createOverdueReport({
    transaction,
    oversight,
    directory,
    outbox: messages,
    now,
    city: CITY,
    publicUrl,
    isWorked: createWorkedTime(calendars, onCalendarEnded),
  })
  return {
    db,
    folder,
    now,
    tickets,
    suggestions,
    deadlines,
    overdueReport,
    deadlineStore,
    recount,
    calendars,
    calendarBook,
    dossiers,
    compiling,
    audited,
    /** What the access log of cases wrote. */
    accesses,
    reports,
    digests,
    messages,
    messageStore,
    sender,
    directory,
    editor,
    changed,
    arrived,
    logged,
    missingYears,
    /** Moves the clock; nothing else happens by it. */
    pass(ms: number): void {
      nowMs += ms
    },
    /** The same services behind the real HTTP shell; cookie `sid` is the user name to be. */
    async serve() {
      const app = await createServer({
        logger: undefined,
        consoleDir: join(folder, 'none'),
        publicUrl,
        localToken: 'local',
        verify: (token) => {
          const found = PEOPLE.find((known) => known.username === token)
          return found === undefined ? undefined : { person: found, sessionId: token, csrfToken: 'csrf' }
        },
      })
      await app.register(dossierRoutes, { dossiers })
      await app.register(compileRoutes, { compiling })
      await app.register(reportRoutes, { reports, digests })
      await app.register(agencyRoutes, {
        directory,
        editor,
        now,
        isMobile: (phone) => vietnamMobile(phone) !== undefined,
        calendars: () => ['truc-24-7'],
        openCases: () => tickets.openByUnit(),
        city: { name: 'Thành phố Hải Phòng', hotline: '0225.1022' },
      })
      await app.register(suggestionRoutes, { suggestions })
      await app.register(calendarRoutes, { calendars, book: calendarBook, directory })
      const accessLog = createAccessLog({
        audit: (actorId, action, subject, detail) => void accesses.push({ actorId, action, subject, detail }),
        now,
      })
      await app.register(ticketRoutes, { tickets, accessLog })
      await app.register(coHandlingRoutes, { tickets })
      await app.register(attachmentRoutes, { tickets, accessLog })
      await app.register(slipRoutes, {
        tickets,
        accessLog,
        print: createSlipPrinter(documents),
        hotline: '0225.1022',
      })
      await app.register(messageRoutes, {
        messages,
        mayReadCase: (code, viewer) => tickets.mayReadReporter(code, viewer),
        webhook: options.tokens === undefined ? null : createTwilioWebhook(publicUrl, options.tokens),
      })
      return app
    },
    async close() {
      await sender.stop()
      db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function tellStatements({ raw }: Db, tell: (sql: string) => void, tellRun?: (sql: string) => void): void {
  const prepare = raw.prepare.bind(raw)
  raw.prepare = (sql: string) => {
    tell(sql)
    const statement = prepare(sql)
    if (tellRun !== undefined) tellRuns(statement, tellRun)
    return statement as never
  }
}

function tellRuns(statement: ReturnType<Db['raw']['prepare']>, tell: (sql: string) => void): void {
  for (const way of ['run', 'get', 'all'] as const) {
    const work = statement[way].bind(statement) as (...params: unknown[]) => never
    statement[way] = (...params: unknown[]) => {
      tell(statement.source)
      return work(...params)
    }
  }
}

/** A draft that may be received, answered or sent. */
export function fillDraft(desk: Desk, changes: Record<string, unknown> = {}) {
  const opened = desk.tickets.open('phone', OPERATOR)
  return desk.tickets.save(
    opened.code,
    {
      version: opened.version,
      form: {
        kind: 'reflection',
        fieldId: 'lighting',
        areaId: 'p-gia-vien',
        title: 'Đèn đường hỏng',
        content: 'Ba cột đèn tắt từ hôm qua, gọi lại 0950 000 777.',
        place: '12 Lạch Tray',
        reporter: {
          type: 'individual',
          name: 'Phạm Văn Đại',
          organisation: null,
          phone: '0950 000 777',
          email: null,
          address: '12 Lạch Tray',
        },
        ...changes,
      },
    },
    OPERATOR,
  )
}

function person(id: number, role: Person['role'], name: string): Person {
  return { id, username: role, name, role, unitId: null, active: true, mustChangePassword: false }
}
