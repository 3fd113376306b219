import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import type { Person } from './accounts/contract.ts'
import { seedDemoPeople, seedFirstAdmin } from './accounts/first-people.ts'
import { createPasswordHasher } from './accounts/passwords-argon2.ts'
import { accountRoutes } from './accounts/routes.ts'
import { createDirectoryPosts } from './accounts/posts-directory.ts'
import { createAccounts } from './accounts/service.ts'
import { createAccountStore } from './accounts/store.ts'
import { readDirectory } from './agencies/directory-files.ts'
import { createDirectoryEditor } from './agencies/editor.ts'
import { agencyRoutes } from './agencies/routes.ts'
import { createDirectory } from './agencies/service.ts'
import { createDirectoryStore } from './agencies/store.ts'
import { boardRoutes } from './board/routes.ts'
import { createBoard } from './board/service.ts'
import { createBoardStore } from './board/store.ts'
import { type AmiClient, createAmi } from './asterisk/ami-client.ts'
import { type AriClient, createAri } from './asterisk/ari-client.ts'
import { loadAriPackage } from './asterisk/ari-package.ts'
import { createAcknowledging } from './calls/acknowledging.ts'
import { isWithOperator } from './calls/call-machine.ts'
import { createCatchUp } from './calls/catch-up.ts'
import { catchUpRoutes } from './calls/catch-up-routes.ts'
import { createCatchUpStore } from './calls/catch-up-store.ts'
import { CALL_EVENTS, createCallEvents } from './calls/events-ami.ts'
import { createJournal } from './calls/journal-ami.ts'
import { operatorOf, parseJournalEntry } from './calls/journal-entry.ts'
import { parseNumber } from './calls/phone-number.ts'
import { takeUpLive } from './calls/resync-ami.ts'
import { missedOnDesk } from './calls/call-lists.ts'
import { withMaskedDisplay } from './calls/call-view.ts'
import { createNumberReveal } from './calls/number-reveal.ts'
import { callRoutes } from './calls/routes.ts'
import { createCalls } from './calls/service.ts'
import { createCallStore } from './calls/store.ts'
import type { Config } from './config.ts'
import { createCheckpoints } from './db/checkpoints.ts'
import { copyDb, openDb, readDb } from './db/open.ts'
import { readCalendarFiles } from './deadlines/calendar.ts'
import {
  createCalendarBook,
  openCalendars,
  readCalendars,
  reasonOfCalendar,
} from './deadlines/calendar-book.ts'
import { CITY_CALENDAR } from './deadlines/calendar-tables.ts'
import { createCalendarStore } from './deadlines/calendar-store.ts'
import { calendarRoutes } from './deadlines/routes.ts'
import { createDeadlineStore } from './deadlines/deadline-store.ts'
import {
  createDeadlineClock,
  createDeadlineKeeper,
  createDeadlineRecount,
  createDossierClock,
  createWorkedTime,
  createWorkingCalendars,
} from './deadlines/service.ts'
import { workingMinutesBetween } from './deadlines/working-time-policy.ts'
import { createPackageFacts } from './disclosures/package-facts.ts'
import { createPackageBuilder } from './disclosures/packaging.ts'
import { disclosureRoutes } from './disclosures/routes.ts'
import { createDisclosures } from './disclosures/service.ts'
import { createDisclosureStore } from './disclosures/store.ts'
import { createUsing } from './disclosures/using.ts'
import { compileRoutes } from './dossiers/compile-routes.ts'
import { createCompiling } from './dossiers/compiling.ts'
import { createDossierPrinter } from './dossiers/dossier-files.ts'
import { dossierRoutes } from './dossiers/routes.ts'
import { createDossiers } from './dossiers/service.ts'
import { createDossierStore } from './dossiers/store.ts'
import { HOTLINE } from './http/access.ts'
import { healthRoutes } from './http/health-routes.ts'
import { loadStringifier } from './http/schema-compilers.ts'
import { type App, createServer } from './http/server.ts'
import { sipProxyRoutes } from './http/sip-proxy.ts'
import { type Schedule, startJobs } from './jobs/schedule.ts'
import { liveRoutes } from './live/routes.ts'
import { createLiveHub, nothingOfTheLine } from './live/service.ts'
import { createSimulatorProvider } from './messages/provider-simulator.ts'
import { createTwilioProvider } from './messages/provider-twilio.ts'
import { createAtWork } from './messages/at-work.ts'
import { messageRoutes } from './messages/routes.ts'
import { createSender } from './messages/sender.ts'
import { createMessages } from './messages/service.ts'
import { vietnamMobile } from './messages/sms-policy.ts'
import { createMessageStore } from './messages/store.ts'
import { createTwilioWebhook } from './messages/webhook-twilio.ts'
import { createDocumentPrinter } from './platform/documents.ts'
import { seesWholeNumber } from './platform/number-mask-policy.ts'
import { createQueueMembers } from './presence/members-ami.ts'
import { createDisk } from './operations/disk.ts'
import { createMeters } from './operations/meters.ts'
import { databaseState, smsState } from './operations/readiness-policy.ts'
import { operationsRoutes } from './operations/routes.ts'
import { createOperationsStore } from './operations/store.ts'
import { presenceRoutes } from './presence/routes.ts'
import { createPresence } from './presence/service.ts'
import { createSoftphones } from './presence/softphone-ari.ts'
import { createDeskPhones, createPresenceStore } from './presence/store.ts'
import { createQueueLogFile } from './reconciliation/queue-log-file.ts'
import { reconciliationRoutes } from './reconciliation/routes.ts'
import { createReconciliation } from './reconciliation/service.ts'
import { createReconciliationStore } from './reconciliation/store.ts'
import { recordingRoutes } from './recordings/routes.ts'
import { createArchiveStore } from './recordings/archive-store.ts'
import { createOpusTools } from './recordings/opus-tools.ts'
import { mayTakeFolder, takeFolder } from './recordings/folder-mark.ts'
import { createFolderWatch } from './recordings/folder-watch.ts'
import { createInstallationStore } from './recordings/installation-store.ts'
import { createListening } from './recordings/listening.ts'
import { listeningRoutes } from './recordings/listening-routes.ts'
import { createMasking } from './recordings/masking.ts'
import { maskingRoutes } from './recordings/masking-routes.ts'
import { createMaskMute } from './recordings/mask-ami.ts'
import { createMaskStore } from './recordings/masks-store.ts'
import { createNoteStore } from './recordings/notes-store.ts'
import { problemNow } from './recordings/recording-folder.ts'
import { createRecordings } from './recordings/service.ts'
import { createAriSource } from './recordings/source-ari.ts'
import { createFolderSource } from './recordings/source-folder.ts'
import { createRecordingStore } from './recordings/store.ts'
import { createWaveforms } from './recordings/waveforms.ts'
import { createPersonalData } from './retention/personal-data.ts'
import { personalDataRoutes } from './retention/personal-data-routes.ts'
import { createPersonalDataStore } from './retention/personal-data-store.ts'
import { retentionRoutes } from './retention/routes.ts'
import { createRetention } from './retention/service.ts'
import { createRetentionStore } from './retention/store.ts'
import { createAuditDesk } from './seals/audit-desk.ts'
import { createAuditStore } from './seals/audit-store.ts'
import { openKey, sealPlaces } from './seals/head-folder.ts'
import { createProofs } from './seals/proofs.ts'
import { sealRoutes } from './seals/routes.ts'
import { createHeadSigner, createSeals } from './seals/service.ts'
import { createSealStore } from './seals/store.ts'
import { createSupervisionExchange, goneOf, supervisionNews } from './supervision/exchange-ari.ts'
import { supervisionRoutes } from './supervision/routes.ts'
import { createSupervisions } from './supervision/service.ts'
import { createSupervisionStore } from './supervision/store.ts'
import { bargesOf } from './supervision/supervision-policy.ts'
import { suggestionRoutes } from './suggestions/routes.ts'
import { createSuggestions } from './suggestions/service.ts'
import { reportRoutes } from './reports/routes.ts'
import { createReports } from './reports/service.ts'
import { createFigureStore } from './reports/store.ts'
import { createDigestStore } from './reports/digest-store.ts'
import { createUnitDigest } from './reports/unit-digest.ts'
import { createAttachmentFolder } from './tickets/attachment-folder.ts'
import { createAccessLog } from './tickets/access-log.ts'
import { attachmentRoutes } from './tickets/attachment-routes.ts'
import { ticketRoutes } from './tickets/routes.ts'
import { coHandlingRoutes } from './tickets/co-handling-routes.ts'
import { createCoHandlingStore } from './tickets/co-handling-store.ts'
import { createTickets } from './tickets/service.ts'
import { createDueNewsStore } from './tickets/due-news-store.ts'
import { createOverdueReport } from './tickets/overdue-report.ts'
import { OBJECTION_DAYS } from './tickets/moves.ts'
import { createOversightStore } from './tickets/oversight-store.ts'
import { createSlipPrinter } from './tickets/slip-pdf.ts'
import { slipRoutes } from './tickets/slip-routes.ts'
import { createTicketStore } from './tickets/store.ts'
import { STATES } from './tickets/ticket-machine.ts'
import { readTexts } from './tickets/texts.ts'
import { readEmergency } from './transfers/emergency-file.ts'
import { checkTarget, mustPressAt, proposeTargets } from './transfers/transfer-policy.ts'
import { newsOfAmi } from './transfers/events-ami.ts'
import { newsOfAri, TRANSFER_EVENTS } from './transfers/events-ari.ts'
import { createExchange } from './transfers/exchange-ari.ts'
import { isWithCitizen } from './transfers/parties-policy.ts'
import { transferRoutes } from './transfers/routes.ts'
import { createTransfers } from './transfers/service.ts'
import { createTransferStore } from './transfers/store.ts'
import { createTimelines } from './transfers/timeline.ts'
import { testCallRoutes } from './calls/test-call-routes.ts'
import { createTestCalls } from './calls/test-call-ami.ts'

/** Everything the outside world supplies. Tests replace any of it; `main.ts` supplies the real one. */
export interface World {
  readonly now: () => Date
  readonly logger?: FastifyBaseLogger
}

const NOTHING_KNOWN = { fieldId: null, areaId: null, urgent: false, title: '', content: '' }
const QUEUE = 'hotline'
/** With more calls than this at once, what can wait does. */
const QUIET_CALLS = 4
const STASIS_APP = 'tongdai'
/** For AMI (`startInTurn`). */
const ARI_WAITS_MS = 2_000
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }

/**
 * Builds the whole service and listens. With `takePlace`, which resolves when the service that ran is gone, it is built before that, beside
 * the other one, and only what it has to know is read after it: throws what keeps it from being built while the other still serves.
 */
export async function startApp(config: Config, world: World, takePlace?: () => Promise<void>): Promise<App> {
  if (takePlace === undefined) return serveWith(await compose(config, world))
  loadStringifier()
  await loadAriPackage()
  const beside = await composeBeside(config, world)
  await takePlace()
  return serveWith(beside ?? (await compose(config, world)))
}

/** A service that is built, has read nothing of what another may still change, and has not done anything. */
interface Composed {
  readonly app: App
  /** Takes up what the process before left, listens, and begins to work. */
  readonly serve: () => Promise<void>
}

async function serveWith({ app, serve }: Composed): Promise<App> {
  await serve()
  return app
}

/** Of a larger database no copy is made: the one that serves would wait for the disk. */
const LARGEST_COPY_BYTES = 1024 ** 3
const TRIAL = 'trial-'

/**
 * Undefined where tables have to be changed first, which is no time for another to be using them: whether that can be done, and a service
 * be built then, is tried with a copy of the database, or with one in memory where that would be too large.
 */
async function composeBeside(config: Config, world: World): Promise<Composed | undefined> {
  const { databasePath, dataDir } = config
  const db = readDb(databasePath)
  const isMigrated = db.isMigratedTo(config.migrationsDir)
  db.close()
  if (isMigrated) return compose(config, world)
  // What one left that was ended in the middle of it.
  for (const name of await readdir(dataDir))
    if (name.startsWith(TRIAL)) await rm(join(dataDir, name), { recursive: true, force: true })
  const folder = await mkdtemp(join(dataDir, TRIAL))
  try {
    const copy = join(folder, 'tongdai.sqlite')
    const { size } = await stat(databasePath)
    const { bavail, bsize } = await statfs(dataDir)
    const hasRoom = size < LARGEST_COPY_BYTES && size * 3 < bavail * bsize
    if (hasRoom) copyDb(databasePath, copy)
    const trial = await compose(
      {
        ...config,
        dataDir: folder,
        databasePath: hasRoom ? copy : ':memory:',
        recordingsDir: join(folder, 'recordings'),
        sealKeyFile: null,
      },
      { now: world.now },
    )
    await trial.app.close()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return undefined
}

/** The only place where a feature meets its adapters. */
async function compose(config: Config, world: World): Promise<Composed> {
  const { now } = world
  const log = world.logger ?? SILENT
  const { city } = config
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const db = openDb(config.databasePath, config.migrationsDir)
  // Nothing is written before `serve`: another may.
  db.raw.pragma('query_only = ON')
  const installation = createInstallationStore(db)
  await mayTakeFolder(config.recordingsDir, installation)
  const folderWatch = createFolderWatch({
    root: config.recordingsDir,
    store: installation,
    onChange: () => {
      tellLinks()
    },
    log,
  })
  const hub = createLiveHub()
  const number = (raw: string) => parseNumber(raw, city.areaCode)
  const transaction = <T>(work: () => T): T => db.transaction(work)

  // People
  const directoryFiles = readDirectory(config.cityDir)
  const editor = createDirectoryEditor({
    files: directoryFiles,
    store: createDirectoryStore(db),
    transaction,
    now,
    isCalendar: (id) => ownCalendars().includes(id),
    checkNumber: (raw) =>
      checkTarget(raw, {
        citizenE164: null,
        ownLine: city.line,
        areaCode: city.areaCode,
        parseNumber,
        emergency,
      }).number,
    nameOf: (id) => accounts.nameOf(id),
    openCases: () => tickets.openByUnit(),
    neededUnits: () => [city.officeUnitId, emergency.lastResort],
    audit: (...line) => {
      accounts.audit(...line)
    },
    onChanged: () => {
      tellDirectory()
    },
  })
  const directory = createDirectory(directoryFiles, { now, changes: editor.standing })
  const tellDirectory = () => {
    accounts.followDirectory()
    hub.toReaders({ type: 'directory' }, () => true)
  }
  const isUnit = (unitId: string): boolean => directory.answersFor(unitId).length > 0
  const accounts = createAccounts({
    store: createAccountStore(db),
    passwords: createPasswordHasher(),
    isUnit,
    posts: createDirectoryPosts(directory),
    now,
  })
  accounts.onRevoked((sessionId) => {
    hub.endSession(sessionId)
  })

  // Evidence
  const sealStore = createSealStore(db)
  const seals = createSeals({ store: sealStore, transaction, now })
  const places = sealPlaces(config.dataDir, config.sealKeyFile)
  const sealKey = openKey(places)
  const heads = createHeadSigner({
    store: sealStore,
    transaction,
    now,
    headsDir: places.headsDir,
    key: sealKey,
    onSigned: (name, sha256) => {
      accounts.audit(null, 'head.signed', `head:${name}`, { sha256 })
    },
  })

  // Messages
  const messageStore = createMessageStore(db)
  const onMessageChanged = (code: string) => {
    tickets.touched(code)
  }
  const sender = createSender({
    transaction,
    store: messageStore,
    now,
    quietHours: config.smsQuietHours,
    isAtWork: (reader, at) => isAtWork(reader, at),
    log,
    onChanged: onMessageChanged,
    overtaken: (message) => tickets.sms.overtaken(message),
    onDropped: (message, why) => {
      tickets.sms.dropped(message, why)
    },
    onArrived: () => {
      hub.toHotline({ type: 'sms' })
    },
    providers: {
      simulator: createSimulatorProvider(messageStore, now),
      ...(config.twilio === null
        ? {}
        : { twilio: createTwilioProvider(config.twilio, config.http.publicUrl) }),
    },
  })
  const messages = createMessages({
    transaction,
    store: messageStore,
    now,
    provider: config.twilio === null ? 'simulator' : 'twilio',
    sender: `1022${city.codePrefix}`,
    quietHours: config.smsQuietHours,
    isAtWork: (reader, at) => isAtWork(reader, at),
    displayNumber: (e164) => number(e164).display,
    onQueued: () => {
      sender.wake()
    },
    onChanged: onMessageChanged,
  })

  // Operations
  const operations = createOperationsStore(db, config.databasePath)
  const checkpoints = createCheckpoints({ db, path: config.databasePath, log })
  const disk = createDisk({
    folders: { data: config.dataDir, recordings: config.recordingsDir },
    onChange: () => {
      tellLinks()
    },
    log,
  })
  const meters = createMeters({
    now,
    stored: () => operations.figures(now()),
    waiting: () => calls.waiting(),
    consoles: () => hub.count(),
    links: () => ({ ami: ami.state(), ari: ari.state() }),
    disk,
    walBytes: () => operations.walBytes(),
  })

  // Cases
  const calendarStore = createCalendarStore(db, city.id)
  const files = readCalendarFiles(config.cityDir)
  let shelf = readCalendars(calendarStore, files)
  const calendarIdOf = (unitId: string) => directory.unit(unitId)?.calendar
  const calendars = createWorkingCalendars({ calendars: shelf.calendars, calendarIdOf })
  /** Besides the city's own. */
  const ownCalendars = () =>
    calendars
      .all()
      .slice(1)
      .map(({ calendar }) => calendar.id)
  const onCalendarEnded = (year: number, calendarId: string) => {
    log.error(
      { year, calendarId },
      'the working calendar of this year is missing or not confirmed: due times are left open',
    )
  }
  const documents = createDocumentPrinter()
  const dossierStore = createDossierStore(db)
  const dossierCases = {
    find: (code: string, viewer: Person) => tickets.findWithResult(code, viewer),
    row: (ticketId: number, viewer: Person) => tickets.row(ticketId, viewer),
    note: (ticketId: number, event: Parameters<typeof tickets.note>[1]) => {
      tickets.note(ticketId, event)
    },
    touched: (code: string) => {
      tickets.touched(code)
    },
  }
  const dossierClock = createDossierClock(calendars, onCalendarEnded)
  const dossiers = createDossiers({
    transaction,
    store: dossierStore,
    now,
    clock: dossierClock,
    people: accounts,
    cases: dossierCases,
    calendarReason: () => reasonOfCalendar(calendarStore, calendars, CITY_CALENDAR),
    regulation: city.regulation,
  })
  const compiling = createCompiling({
    transaction,
    store: dossierStore,
    now,
    people: accounts,
    print: createDossierPrinter(documents),
    cases: {
      ...dossierCases,
      facts: (ticketId) => tickets.facts(ticketId),
      attempts: (ticketId) => tickets.callIds(ticketId).flatMap((callId) => transfers.attemptsOf(callId)),
    },
    recount: () => {
      dossiers.recount()
    },
    audit: accounts.audit,
    city,
    office: () => directory.unit(city.officeUnitId)?.name ?? city.officeUnitId,
    regulation: city.regulation,
  })
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
    people: accounts,
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
  const ticketStore = createTicketStore(db)
  const oversight = createOversightStore(db)
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
    files: createAttachmentFolder(join(config.dataDir, 'attachments'), () => {
      disk.mustTake()
    }),
    people: accounts,
    parseNumber: number,
    callsOf: (ticketId) => calls.ofTicket(ticketId),
    recordingsOf: (callIds, viewer) => recordings.byCalls(callIds, viewer),
    notify: {
      ticketChanged: (code, version) => {
        hub.toReaders({ type: 'ticket', code, version }, tickets.readersOf(code))
        testCalls.ticketChanged()
        transfers.caseChanged(code)
      },
    },
    randomToken: () => randomBytes(9).toString('base64url').replace(/[-_]/g, 'x'),
    city,
    publicUrl: config.http.publicUrl,
    texts: readTexts(join(config.cityDir, 'texts.json')),
  })

  // Reports
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
    audit: accounts.audit,
    publicUrl: config.http.publicUrl,
    runs: createDigestStore(db),
    isWorked: createWorkedTime(calendars, onCalendarEnded),
    weekly: city.weeklyUnitSms,
  })

  // The PBX
  const ami = createAmi({
    ...config.ami,
    events: CALL_EVENTS,
    log,
    resync: () => catchUp.run(),
  })
  const ari = createAri({
    ...config.ari,
    app: STASIS_APP,
    events: TRANSFER_EVENTS,
    log,
    onResync: async () => {
      await softphones.pushAll()
      await transfers.resync()
      await supervisions.resync()
    },
  })
  const softphones = createSoftphones({
    ari,
    domain: city.domain,
    displayName: ({ name }) => name,
    deskKey: readSecret(join(config.dataDir, 'desk-phones.key')),
    desks: createDeskPhones(db, (personId) => accounts.find(personId)),
  })
  const presence = createPresence({
    store: createPresenceStore(db),
    members: createQueueMembers(ami, QUEUE),
    writing: db,
    now,
    wrapUpMs: city.wrapUpSeconds * 1000,
    wrapUpExtensionMs: city.wrapUpExtensionSeconds * 1000,
    consoleGoneMs: city.consoleGoneSeconds * 1000,
    onChange: (personId, view) => {
      hub.toPerson(personId, { type: 'presence', presence: view })
    },
    log,
  })

  accounts.onLeft((personId) => {
    presence.dismiss(personId)
    softphones.remove(personId).catch((err: unknown) => {
      log.warn(
        { personId, err },
        'the phone of somebody who left is still in the PBX; the next resync removes it',
      )
    })
  })

  // Recordings
  const recordingSource =
    config.pbxRecordingDir === null ? createAriSource(ari) : createFolderSource(config.pbxRecordingDir)
  const mayReadCase = (code: string, viewer: Person): boolean => tickets.mayReadReporter(code, viewer)
  const codec = createOpusTools(config.opusTools)
  const recordings = createRecordings({
    store: createRecordingStore(db),
    seals,
    source: recordingSource,
    folder: config.recordingsDir,
    notOurs: () => folderWatch.look(),
    now,
    transaction,
    callFacts: (callId) => calls.recordingFacts(callId),
    deletedFor: (id) => retention.causeOf(id),
    mayReadCase,
    consultEnd: (base) => transfers.consultEnd(base),
    archive: {
      queue: createArchiveStore(db),
      codec,
      mayWork: () => {
        if (disk.state() !== 'ok') return 'disk'
        return calls.waiting().length > 0 || calls.running() > QUIET_CALLS ? 'busy' : null
      },
    },
    notify: {
      recordingChanged: (id, ticketCode) => {
        hub.toHotline({ type: 'recording', id, ticketCode })
      },
      filingChanged: () => {
        tellLinks()
      },
    },
    onStored: (callId, detail) => {
      tickets.noteRecording(callId, detail)
    },
    onLost: (callId, state, detail) => {
      tickets.noteCall(callId, state === 'missing' ? 'recordingMissing' : 'recordingDamaged', detail)
    },
    audit: accounts.audit,
    log,
  })

  // Calls
  const calls = createCalls({
    store: createCallStore(db),
    tickets,
    triedAgency: (callId) => transfers.triedAgency(callId),
    recordings,
    presence: {
      ...presence,
      // Whoever goes on with the agency after the citizen has left begins the wrap-up when that talk ends.
      callEnded: (personId, callId) => {
        if (!transfers.keepsOperator(callId, personId)) presence.callEnded(personId, callId)
      },
    },
    nameOf: (id) => accounts.nameOf(id),
    voicemailOf: (callId) => recordings.voicemailOf(callId),
    notices: {
      pop: (operatorId, pop) => {
        hub.toPerson(operatorId, { type: 'pop', pop })
        meters.popSent()
      },
      popClosed: (operatorId, callId, reason, operatorName) => {
        hub.toPerson(operatorId, { type: 'popClosed', callId, reason, operatorName })
      },
      call: (operatorId, call) => {
        hub.toPerson(operatorId, { type: 'call', call })
        masking.followCall(call)
      },
      waiting: (waiting) => {
        hub.listToHotline('waiting', (whole) => ({
          type: 'waiting',
          waiting: whole ? waiting() : waiting().map(withMaskedDisplay),
        }))
      },
      missed: (missed) => {
        hub.listToHotline('missed', (whole) => ({
          type: 'missed',
          ...missedOnDesk(missed(), whole),
        }))
      },
    },
    acknowledge: (callId) => {
      acknowledging.say(callId)
    },
    writing: db,
    now,
    areaCode: city.areaCode,
    log,
  })
  const journal = createJournal(ami)
  const acknowledging = createAcknowledging({ journal, durable: () => db.durable(), log })
  const acknowledge = (callId: string) => {
    acknowledging.say(callId)
  }
  const catchUp = createCatchUp({
    calls,
    journal,
    takeUpLive: () => takeUpLive({ calls, ami, journal, acknowledge, now, log }),
    whenLive: async () => {
      await presence.pushAll()
      // Only AMI tells of an agency's leg that never came into our hands; with ARI away its own resync does this.
      if (ari.state() === 'up') await transfers.resync()
      await masking.resync()
    },
    collect: () => recordings.collectPending(),
    onOverflow: (count, first, last) => {
      log.error({ count, first, last }, 'the PBX had no room in its journal for these calls')
      reconciliation.reportOverflow(count, first, last)
    },
    acknowledge,
    runs: createCatchUpStore(db),
    onChange: () => {
      hub.toHotline({ type: 'catchUp' })
    },
    now,
    log,
  })
  const reconciliation = createReconciliation({
    store: createReconciliationStore(db),
    journal: async () =>
      (await journal.all()).map(({ callId, value }) => {
        const entry = parseJournalEntry(callId, value)
        return { callId, endedAt: entry?.endedAt?.toISOString() ?? null, isReadable: entry !== undefined }
      }),
    queueLog: config.pbxQueueLog === null ? null : createQueueLogFile(config.pbxQueueLog),
    recordingsAtPbx: () => recordingSource.list(),
    isLive: (callId) => calls.isLive(callId),
    transaction,
    nameOf: (id) => accounts.nameOf(id),
    audit: accounts.audit,
    onChange: () => {
      hub.toHotline({ type: 'catchUp' })
    },
    now,
    log,
  })
  const callEvents = createCallEvents({
    calls,
    journal,
    writing: db,
    now,
    log,
    callOfAgency: (leg) => transfers.callOfAgency(leg),
    isTransferring: (callId, leg) => transfers.isTransferring(callId, leg),
    onFailure: () => {
      ami.reconnect('a call event could not be taken')
    },
  })

  // Transfers
  const emergency = readEmergency(config.cityDir, directory)
  const transferStore = createTransferStore(db)
  const exchange = createExchange({ ami, ari, hotline: city.line, operatorOf })
  const transfers = createTransfers({
    store: transferStore,
    exchange,
    calls,
    tickets,
    recordings,
    transaction,
    now,
    nameOf: (id) => accounts.nameOf(id),
    operatorOf,
    checkNumber: (raw, citizenE164) =>
      checkTarget(raw, { citizenE164, ownLine: city.line, areaCode: city.areaCode, parseNumber, emergency }),
    mustPress: (raw, typed) => mustPressAt(raw, typed, { units: directory.directory().units, emergency }),
    propose: (code) => ({
      targets: proposeTargets({
        form: code === null ? NOTHING_KNOWN : tickets.form(code),
        directory,
        emergency,
        now: now(),
      }),
    }),
    notify: (operatorId, transfer) => {
      hub.toPerson(operatorId, { type: 'transfer', transfer })
      if (transfer.endedAt === null) supervisions.talkMoved(transfer.callId, isWithCitizen(transfer.state))
      // Whoever else has the ticket open follows the call too.
      if (transfer.ticketCode !== null) tickets.touched(transfer.ticketCode)
      // Told again and again, and also of transfers after which the talk goes on: only whose call it is no more has left.
      const call = calls.find(transfer.callId)
      const isTheirs = call?.operatorId === operatorId && isWithOperator(call.state)
      if (transfer.endedAt !== null && !isTheirs) presence.callEnded(operatorId, transfer.callId)
    },
    // Short and without a pattern's letters: it is an extension of the dialplan too.
    newId: () => randomBytes(8).toString('hex'),
    log,
  })
  const maskStore = createMaskStore(db)
  const masking = createMasking({
    store: maskStore,
    mute: createMaskMute(ami),
    callOf: (callId) => calls.find(callId),
    tell: (operatorId, mask) => {
      hub.toPerson(operatorId, { type: 'mask', mask })
    },
    audit: accounts.audit,
    transaction,
    now,
    log,
  })
  const supervisionStore = createSupervisionStore(db)
  const supervisions = createSupervisions({
    store: supervisionStore,
    exchange: createSupervisionExchange({ ari, app: STASIS_APP, hotline: city.line }),
    callOf: (operatorId) => calls.current(operatorId),
    operatorLeg: async (callId, operatorId) => (await exchange.legs(callId, operatorId))?.operator.id,
    presence,
    mayReadCase,
    nameOf: (id) => accounts.nameOf(id),
    audit: accounts.audit,
    tell: (operatorId, listener) => {
      hub.toPerson(operatorId, { type: 'listener', listener })
    },
    policy: city.supervision,
    transaction,
    now,
    newId: () => randomBytes(8).toString('hex'),
    log,
  })
  const timelines = createTimelines({ store: transferStore, calls, nameOf: (id) => accounts.nameOf(id) })
  const noteStore = createNoteStore(db)
  const listeningDeps = {
    recordings,
    waveforms: createWaveforms({
      folder: join(config.dataDir, 'waveforms'),
      pathOf: (file) => recordings.pathOf(file),
      decode: (path, to) => codec.decode(path, to),
      log,
    }),
    notes: noteStore,
    courseOf(callId: string) {
      const call = calls.find(callId)
      const past = timelines.ofAnyCall(callId)
      return call === undefined || past === undefined ? undefined : { ...call, past }
    },
    marksOf: (callId: string) => [
      ...maskStore
        .ofCall(callId)
        .filter(({ end }) => end !== 'failed')
        .map(({ operatorId, cause, fromAt, untilAt }) => ({
          kind: 'masked' as const,
          cause,
          name: accounts.nameOf(operatorId),
          from: fromAt,
          until: untilAt,
        })),
      ...supervisionStore.ofCall(callId).flatMap((row) =>
        bargesOf(row).map((span) => ({
          kind: 'barge' as const,
          name: accounts.nameOf(row.supervisorId),
          ...span,
        })),
      ),
    ],
    nameOf: (id: number) => accounts.nameOf(id),
    audit: accounts.audit,
    transaction,
    now,
  }
  const listening = createListening(listeningDeps)
  const tellRetention = () => {
    hub.toReaders({ type: 'retention' }, ({ role }) => role === 'supervisor' || role === 'admin')
  }
  const retention = createRetention({
    store: createRetentionStore(db),
    rules: config.retention,
    original: config.original,
    archive: recordings.archive,
    objectionDays: OBJECTION_DAYS,
    isOver: (state) => Object.entries(STATES).some(([name, { isEnd }]) => name === state && isEnd),
    fitsSeal: (id) => seals.fits(id) && seals.callFits(id),
    recordings: {
      settle: (id, ticketCode) => recordings.disposal.settle(id, ticketCode),
      async remove(id, files) {
        await recordings.disposal.remove(files)
        await listeningDeps.waveforms.forget(id)
      },
    },
    nameOf: (id) => accounts.nameOf(id),
    audit: accounts.audit,
    noteCase: (callId, cause, detail) => {
      tickets.noteCall(callId, cause === 'erasure' ? 'recordingErased' : 'recordingDeletedEarly', detail)
    },
    notify: (id, ticketCode) => {
      hub.toHotline({ type: 'recording', id, ticketCode })
    },
    changed: tellRetention,
    transaction,
    now,
    log,
  })
  const personalData = createPersonalData({
    store: createPersonalDataStore(db),
    retention,
    rules: config.retention,
    mayReadCase,
    e164Of: (raw) => number(raw).e164,
    print: documents,
    nameOf: (id) => accounts.nameOf(id),
    audit: accounts.audit,
    changed: tellRetention,
    transaction,
    now,
  })
  const disclosureStore = createDisclosureStore(db)
  const proofs = createProofs({ store: sealStore, headsDir: places.headsDir, heads })
  const disclosureDeps = {
    wholeCase: (code: string, viewer: Person) => tickets.wholeCase(code, viewer),
    recordings,
    people: accounts,
    unitName: (unitId: string) => directory.unit(unitId)?.name ?? null,
    audit: accounts.audit,
    transaction,
    now,
  }
  const disclosures = createDisclosures({
    ...disclosureDeps,
    store: disclosureStore,
    notify: ({ personIds, ...news }) => {
      hub.toReaders(
        { type: 'disclosure', ...news },
        ({ id, role }) => role === 'supervisor' || personIds.includes(id),
      )
    },
  })
  // What stands beside the sound is the same; who may see it is another question, and notes are the hotline's own.
  const disclosedListening = createListening({
    ...listeningDeps,
    recordings: { stored: (id, viewer) => disclosed.stored(id, viewer) },
    notes: { add: noteStore.add, ofRecording: () => [] },
  })
  const disclosed = createUsing({
    ...disclosureDeps,
    disclosures,
    store: disclosureStore,
    proofOf: (recordingId) => proofs.of(recordingId),
    build: createPackageBuilder({
      folder: join(config.dataDir, 'packages'),
      pathOf: (file) => recordings.pathOf(file),
      paperOf: createPackageFacts({
        ...disclosureDeps,
        trackOf: (id, viewer) => disclosedListening.track(id, viewer),
        displayNumber: (raw) => number(raw).display,
        city,
      }),
      print: documents,
      seal: { sign: heads.signBytes, publicKey: heads.publicKey },
      hotline: city.hotline,
      publicUrl: config.http.publicUrl,
      mustTake: () => {
        disk.mustTake()
      },
      now,
    }),
  })
  ari.onEvent((event) => {
    const news = newsOfAri(event)
    if (news !== undefined) transfers.take(news)
    const ofSupervision = supervisionNews(event)
    if (ofSupervision !== undefined) supervisions.take(ofSupervision)
  })
  const testCalls = createTestCalls({
    ami,
    calls,
    tickets,
    directory,
    line: city.line,
    now,
  })
  ami.onEvents((events) => {
    // The calls first: a transfer's own step may ask for them, and never comes before all of these are through.
    callEvents.takeTogether(events, (event) => {
      testCalls.observe(event)
    })
    for (const event of events) {
      meters.eventCame()
      const news = newsOfAmi(event)
      if (news !== undefined) transfers.take(news)
      const gone = event.name === 'Hangup' ? goneOf(event.fields['uniqueid']) : undefined
      if (gone !== undefined) supervisions.take(gone)
    }
  })
  ami.onUp(() => {
    catchUp
      .finished()
      .then(() => reconciliation.runIfDue())
      .catch((err: unknown) => {
        log.error({ err }, 'the sources could not be compared; the next night does')
      })
  })
  const links = () => ({
    ami: ami.state() === 'up',
    ari: ari.state() === 'up',
    disk: disk.state(),
    recordings: problemNow(recordings.problem(), folderWatch.problem()),
  })
  const tellLinks = () => {
    hub.toHotline({ type: 'links', links: links() })
  }
  for (const [link, client] of [
    ['ami', ami],
    ['ari', ari],
  ] as const) {
    client.onUp(({ gapMs }) => {
      meters.linkUp(link, gapMs)
      tellLinks()
    })
    client.onDown(tellLinks)
  }

  // HTTP
  const localToken = readSecret(join(config.dataDir, 'cli.token')).toString('hex')
  const app = await createServer({
    verify: (token) => accounts.verify(token),
    localToken,
    probeToken: config.metricsToken,
    publicUrl: config.http.publicUrl,
    consoleDir: config.consoleDir,
    logger: world.logger,
  })
  app.addHook('onResponse', async (request, reply) => {
    // A WebSocket's answer is its end.
    if (request.headers.upgrade === undefined) meters.answered(reply.statusCode, reply.elapsedTime / 1_000)
  })
  await app.register(healthRoutes, {
    readiness: async () => {
      await folderWatch.refresh()
      const { ami: amiUp, ari: ariUp, recordings: filing } = links()
      const database = databaseState(() => {
        operations.ping()
      })
      const parts = {
        ami: ami.state(),
        ari: ari.state(),
        database,
        recordings: filing ?? 'up',
        disk: disk.state() === 'ok' ? 'up' : disk.state(),
        sms: database === 'up' ? smsState(operations.outbox(now()).oldestAt, now()) : 'down',
        calls: catchUp.state().phase === 'done' ? 'up' : catchUp.state().phase,
        consoles: String(hub.count()),
      }
      return {
        ready: amiUp && ariUp && filing === null && database === 'up',
        parts,
        catchUp: catchUp.state(),
      }
    },
  })
  await app.register(operationsRoutes, { meters })
  await app.register(accountRoutes, {
    accounts,
    city: { id: city.id, name: city.name, hotline: city.hotline, domain: city.domain },
    masking: city.masking,
    unitName: (unitId) => (isUnit(unitId) ? (directory.unit(unitId)?.name ?? null) : null),
    smsSimulated: config.twilio === null,
    secureCookie: config.http.publicUrl.startsWith('https:'),
  })
  const board = createBoard({
    mayReadCase,
    store: createBoardStore(db),
    people: () => accounts.list(),
    presence,
    calls,
    supervisionOf: (personId) => supervisions.of(personId),
    endSessions: (personId) => {
      accounts.endSessions(personId)
    },
    tell: (personId, what, by, words) => {
      hub.toPerson(personId, { type: 'steered', what, by, words })
    },
    audit: accounts.audit,
    now,
  })
  await app.register(boardRoutes, { board })
  await app.register(supervisionRoutes, { supervisions, board: (viewer) => board.board(viewer) })
  await app.register(presenceRoutes, { presence, softphones })
  await app.register(callRoutes, {
    calls,
    numbers: createNumberReveal({
      numbersOf: (callId) => calls.numbersOf(callId),
      mayReadCase,
      audit: accounts.audit,
      transaction,
    }),
    cases: {
      mayRead: mayReadCase,
      mustReach: (code, viewer) => {
        tickets.mustReach(code, viewer)
      },
    },
  })
  await app.register(catchUpRoutes, { catchUp })
  await app.register(reconciliationRoutes, { reconciliation })
  await app.register(testCallRoutes, { testCalls })
  await app.register(transferRoutes, {
    transfers,
    timelines,
    tickets,
  })
  const accessLog = createAccessLog({ audit: accounts.audit, now })
  await app.register(ticketRoutes, { tickets, accessLog })
  await app.register(coHandlingRoutes, { tickets })
  await app.register(attachmentRoutes, { tickets, accessLog })
  await app.register(slipRoutes, {
    tickets,
    accessLog,
    print: createSlipPrinter(documents),
    hotline: city.hotline,
  })
  await app.register(dossierRoutes, { dossiers })
  await app.register(compileRoutes, { compiling })
  await app.register(reportRoutes, { reports, digests })
  await app.register(agencyRoutes, {
    directory,
    editor,
    now,
    isMobile: (phone) => vietnamMobile(phone) !== undefined,
    calendars: ownCalendars,
    openCases: () => tickets.openByUnit(),
    city,
  })
  await app.register(suggestionRoutes, {
    suggestions: createSuggestions({ now, directory, cases: tickets }),
  })
  await app.register(calendarRoutes, { calendars, book: calendarBook, directory })
  await app.register(messageRoutes, {
    messages,
    mayReadCase,
    webhook:
      config.twilio === null
        ? null
        : createTwilioWebhook(
            config.http.publicUrl,
            [config.twilio.authToken, config.twilio.oldAuthToken].filter((token) => token !== null),
          ),
  })
  await app.register(sealRoutes, {
    desk: createAuditDesk({
      store: createAuditStore(db),
      seals: sealStore,
      heads,
      people: accounts,
      audit: accounts.audit,
      now,
    }),
    now,
  })
  await app.register(recordingRoutes, {
    recordings,
    operators: () =>
      accounts
        .list()
        .filter(({ role }) => role === 'operator' || role === 'supervisor')
        .map(({ id, name }) => ({ id, name }))
        .sort((one, other) => one.name.localeCompare(other.name, 'vi')),
  })
  await app.register(listeningRoutes, { listening })
  await app.register(maskingRoutes, { masking })
  await app.register(retentionRoutes, { retention })
  await app.register(personalDataRoutes, { personalData })
  await app.register(disclosureRoutes, {
    disclosures,
    using: disclosed,
    listening: disclosedListening,
    publicKey: heads.publicKey,
  })
  await app.register(sipProxyRoutes, {
    target: config.sipWsUrl,
    onRevoked: (ended) => {
      accounts.onRevoked(ended)
    },
  })
  await app.register(liveRoutes, {
    hub,
    now,
    snapshot: (person) => {
      const { id, role } = person
      const serverTime = now().toISOString()
      if (!HOTLINE.includes(role)) return nothingOfTheLine(serverTime)
      const whole = seesWholeNumber(person, null)
      return {
        type: 'snapshot',
        presence: presence.view(id),
        waiting: whole ? calls.waiting() : calls.waiting().map(withMaskedDisplay),
        pops: calls.popsOf(id),
        call: calls.current(id),
        transfers: transfers.runningOf(id),
        ...missedOnDesk(calls.missed(), whole),
        listener: supervisions.listenerOf(id),
        mask: masking.of(id),
        links: links(),
        serverTime,
      }
    },
    onOpen: ({ id, role }) => {
      if (HOTLINE.includes(role)) presence.consoleOpened(id)
    },
    onShut: ({ id, role }, lastHeardAt) => {
      if (HOTLINE.includes(role)) presence.consoleClosed(id, lastHeardAt)
    },
    onPhone: ({ id }, registered) => {
      log.info({ personId: id, registered }, 'softphone')
    },
  })

  const overdueReport = createOverdueReport({
    transaction,
    oversight,
    directory,
    outbox: messages,
    now,
    city,
    publicUrl: config.http.publicUrl,
    isWorked: createWorkedTime(calendars, onCalendarEnded),
  })
  let isServing = false
  let jobs: Schedule | undefined
  const startAllJobs = () =>
    startJobs(
      [
        { name: 'disk', at: '* * * * *', atStart: true, run: () => disk.look() },
        {
          name: 'recordingsFolder',
          at: '* * * * *',
          atStart: true,
          run: async () => {
            await folderWatch.look()
          },
        },
        // The day's first, at once where a day was missed.
        {
          name: 'heads',
          at: '*/10 * * * *',
          atStart: true,
          run: async () => {
            heads.signToday()
            heads.signLatest()
          },
        },
        { name: 'recordings', at: '* * * * *', run: () => recordings.collectPending() },
        { name: 'alteredRecordings', at: '25 * * * *', run: () => recordings.recheckAltered() },
        // What ran out while nothing ran is found at once, with the moment it did.
        {
          name: 'overdueReport',
          at: '* * * * *',
          run: async () => {
            overdueReport.run()
          },
        },
        { name: 'deadlines', at: '* * * * *', atStart: true, run: async () => deadlines.sweep() },
        // What a crash or a new calendar file left behind; nothing where nothing is.
        {
          name: 'calendars',
          at: '* * * * *',
          atStart: true,
          run: () => {
            dossiers.recount()
            return recount.run()
          },
        },
        // What was missed is caught up on as soon as the service is back; nobody is told twice (Đ13.6).
        {
          name: 'unitDigest',
          at: '* * * * *',
          atStart: true,
          run: async () => {
            digests.tellWhatIsDue()
          },
        },
        // A night on which the PBX or this service was away is made up for when both are back.
        { name: 'reconciliation', at: '30 2 * * *', run: () => reconciliation.runIfDue() },
        // Files of recordings whose deletion a crash or a disk left half done.
        { name: 'deletions', at: '*/10 * * * *', atStart: true, run: () => retention.finishAll() },
        { name: 'retention', at: '40 3 * * *', run: () => retention.run() },
        { name: 'originals', at: '20 4 * * *', run: () => retention.dropOriginals() },
        // Copies for the archive, in portions, while the city sleeps.
        { name: 'archive', at: '*/10 22-23,0-5 * * *', run: () => recordings.archive.run() },
        { name: 'answerDrafts', at: '20 3 * * *', run: () => tickets.cleanAnswerDrafts() },
        // Cases of a unit that ended with yesterday, and what a day missed left behind; nothing where nothing is new.
        {
          name: 'succession',
          at: '* * * * *',
          atStart: true,
          run: async () => {
            tickets.takeOver(editor.standing())
          },
        },
        // What comes into force with the new day is shown without a reload.
        {
          name: 'directory',
          at: '0 0 * * *',
          atStart: true,
          run: async () => {
            tellDirectory()
          },
        },
      ],
      log,
    )
  app.addHook('onClose', async () => {
    // Stop hearing, then stop doing, then close what was written to.
    recount.stop()
    await jobs?.stop()
    catchUp.stop()
    await transfers.close()
    await masking.close()
    await ami.close()
    await acknowledging.close()
    await ari.close()
    presence.close()
    meters.close()
    await sender.stop()
    await retention.close()
    await listening.close()
    await recordings.close()
    await catchUp.finished()
    if (isServing) heads.signLatest()
    hub.stop()
    await checkpoints.close()
    db.close()
  })
  await app.ready()

  /** What the process before left. */
  async function takeUp(): Promise<void> {
    db.raw.pragma('query_only = OFF')
    await takeFolder({
      root: config.recordingsDir,
      store: installation,
      durable: () => db.durable(),
      now,
      log,
    })
    const lines = seals.takeUpLines()
    shelf = openCalendars({ store: calendarStore, files, transaction, now })
    calendars.use(shelf.calendars)
    for (const calendarId of shelf.differing)
      log.warn({ calendarId }, 'the file of this calendar was changed after it was edited: the edit holds')
    editor.reread()
    ticketStore.indexOldCases()
    presence.restore()
    calls.restore()
    const taken = seals.takeUpRecordings((callId) => calls.recordingFacts(callId)?.ticketCode ?? null)
    if (lines + taken > 0)
      log.info({ lines, recordings: taken }, 'what was there before the chains is sealed')
  }

  return {
    app,
    async serve() {
      await takeUp()
      isServing = true
      startInTurn(ami, ari)
      if (config.demo) await seedDemoPeople(accounts, config.dataDir, isUnit)
      else if (await seedFirstAdmin(accounts, config.dataDir)) {
        log.warn({ file: 'first-admin.txt' }, 'the first admin was made; the password is in the data folder')
      }
      await app.listen({ port: config.http.port, host: config.http.host })
      jobs = startAllJobs()
      sender.start()
    },
  }
}

/**
 * Pops wait for AMI alone, and reading ARI's description takes the processor for a quarter of a second: it comes after AMI is up, or
 * after as long as that takes with a PBX that is there.
 */
function startInTurn(ami: AmiClient, ari: AriClient): void {
  const startAri = (): void => {
    ari.start()
  }
  ami.onUp(startAri)
  setTimeout(startAri, ARI_WAITS_MS).unref()
  ami.start()
}

/** 32 random bytes kept in a file that only this user may read. */
function readSecret(path: string): Buffer {
  if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600 })
  chmodSync(path, 0o600)
  return Buffer.from(readFileSync(path, 'utf8').trim(), 'hex')
}
