import type {
  ChangePassword,
  CreatePerson,
  Person,
  SessionView,
  SignIn,
  UpdatePerson,
} from '../accounts/contract.ts'
import type {
  ChangeList,
  ChangeQuery,
  ChangeView,
  Directory,
  ProposeChange,
  UnitBook,
  WithdrawChange,
} from '../agencies/contract.ts'
import type { Board, ForcePause, ForceSignOut } from '../board/contract.ts'
import type { CallView, CatchUps, WholeNumber } from '../calls/contract.ts'
import type {
  CalendarHistory,
  CalendarPreview,
  CalendarRevisionTable,
  CalendarTable,
  CalendarView,
  DueAnswer,
  DueQuery,
  SavedCalendar,
} from '../deadlines/contract.ts'
import type {
  ApproveDisclosure,
  AskDisclosure,
  CaseDisclosures,
  DisclosurePage,
  DisclosureQuery,
  DisclosureView,
  EndDisclosure,
  WithdrawDisclosure,
} from '../disclosures/contract.ts'
import type {
  CompileDossier,
  DossierHistory,
  DossierHistoryQuery,
  DossierPage,
  DossierQuery,
  DossierRow,
  DossierView,
  EditDossier,
  ListResult,
  RecordDocument,
  SendDossier,
  SetDossierRow,
  TakeOutOfDossier,
} from '../dossiers/contract.ts'
import type { Handsets } from '../messages/contract.ts'
import type { SetMask } from '../recordings/contract.ts'
import type { SupervisionMode } from '../supervision/contract.ts'
import type { PhoneAccount, PresenceView, SetPresence } from '../presence/contract.ts'
import type {
  AskPersonalData,
  DecideDeletion,
  DeletionRequest,
  GiveReason,
  Hold,
  PlaceHold,
  RefuseDeletion,
  RetentionView,
  SubjectRequest,
} from '../retention/contract.ts'
import type {
  DiscrepancyPage,
  DiscrepancyQuery,
  DiscrepancyView,
  ReconcileRun,
  ResolveDiscrepancy,
} from '../reconciliation/contract.ts'
import type {
  Recheck,
  RecordedOperators,
  RecordingNote,
  RecordingPage,
  RecordingQuery,
  RecordingTrack,
  Waveform,
  WriteRecordingNote,
} from '../recordings/contract.ts'
import type {
  FigureCases,
  FigureQuery,
  HolderReport,
  PeriodQuery,
  UnitDigest,
  UnitReport,
} from '../reports/contract.ts'
import type { AuditExport, AuditPage as AuditLines, AuditQuery, SealStatus } from '../seals/contract.ts'
import type { AskSuggestions, Suggestions } from '../suggestions/contract.ts'
import type {
  AddCoHandler,
  AnswerTicket,
  Channel,
  Contribution,
  Disagree,
  MoveTicket,
  Refusal,
  RemoveCoHandler,
  SaveTicket,
  SendSlip,
  TicketPage,
  TicketQuery,
  TicketView,
  WriteNote,
} from '../tickets/contract.ts'
import type {
  CommandTransfer,
  StartTransfer,
  TicketTransfers,
  TransferProposal,
  TransferView,
} from '../transfers/contract.ts'

/** Whether a sound is asked for as the hotline's own, by its recording, or as one that was opened to a unit, by its request. */
export type SoundOf = 'recordings' | 'disclosures'

/** A request that did not succeed. `code` is the server's, or OFFLINE where no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  /** Which of several things sent it is about. */
  readonly subject: string | undefined
  constructor(status: number, code: string, options?: ErrorOptions & { readonly subject?: string }) {
    super(code, options)
    this.status = status
    this.code = code
    this.subject = options?.subject
  }
}

/** The code of a failure, for the catalogue's sentence. */
export function codeOf(cause: unknown): string {
  return cause instanceof ApiError ? cause.code : 'INTERNAL'
}

/** A failure as a screen keeps it. */
export interface Failure {
  readonly code: string
  readonly subject?: string
}

export function failureOf(cause: unknown): Failure {
  const subject = cause instanceof ApiError ? cause.subject : undefined
  return { code: codeOf(cause), ...(subject === undefined ? {} : { subject }) }
}

/** How long any request may take before the console calls it lost. */
const DEADLINE_MS = 15_000
/** 20 MB from a telephone in the street. */
const UPLOAD_DEADLINE_MS = 180_000
const PROBE_DEADLINE_MS = 4_000

export interface ApiDeps {
  readonly fetch: typeof fetch
  readonly csrfToken: () => string
  readonly onSignedOut: () => void
}

export interface NewPerson {
  readonly person: Person
  readonly password: string
}

export interface CallPage {
  readonly items: CallView[]
  readonly total: number
}

export type Api = ReturnType<typeof createApi>

/** Typed requests, one per contract. Every failure is an ApiError. */
export function createApi(deps: ApiDeps) {
  const send = async <T>(method: string, path: string, body?: unknown, givenUp?: AbortSignal): Promise<T> => {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (method !== 'GET') headers['x-csrf-token'] = deps.csrfToken()
    const deadlineMs = body instanceof FormData ? UPLOAD_DEADLINE_MS : DEADLINE_MS
    const ends = AbortSignal.timeout(deadlineMs)
    const signal = givenUp === undefined ? ends : AbortSignal.any([ends, givenUp])
    const init: RequestInit = { method, headers, signal }
    if (body instanceof FormData) init.body = body
    else if (body !== undefined) {
      headers['content-type'] = 'application/json'
      init.body = JSON.stringify(body, sound)
    }
    let response: Response
    try {
      response = await deps.fetch(path, init)
    } catch (cause) {
      throw new ApiError(0, 'OFFLINE', { cause })
    }
    const json = await readJson(response)
    if (response.ok) return json as T
    if (response.status === 401 && path !== '/api/session') deps.onSignedOut()
    throw new ApiError(response.status, errorCode(json, response.status), subjectOf(json))
  }

  const soundAt = (id: number, rest: string, of: SoundOf = 'recordings') => `/api/${of}/${String(id)}${rest}`
  const dossier = (id: number, rest = '') => `/api/dossiers/${String(id)}${rest}`
  const ticket = (code: string, rest = '') => `/api/tickets/${encodeURIComponent(code)}${rest}`

  const calendar = (id: string, rest = '') => `/api/calendars/${encodeURIComponent(id)}${rest}`

  return {
    /** Does the service answer? Used to notice a line that died without a word. */
    alive: async (): Promise<boolean> => {
      try {
        return (await deps.fetch('/healthz', { signal: AbortSignal.timeout(PROBE_DEADLINE_MS) })).ok
      } catch {
        return false // whatever the reason, the answer is no
      }
    },
    session: () => send<SessionView>('GET', '/api/session'),
    signIn: (body: SignIn) => send<SessionView>('POST', '/api/session', body),
    signOut: () => send<undefined>('DELETE', '/api/session'),
    changePassword: (body: ChangePassword) => send<undefined>('PUT', '/api/session/password', body),

    people: () => send<Person[]>('GET', '/api/people'),
    createPerson: (body: CreatePerson) => send<NewPerson>('POST', '/api/people', body),
    updatePerson: (id: number, body: UpdatePerson) =>
      send<Person>('PATCH', `/api/people/${String(id)}`, body),
    resetPassword: (id: number) => send<NewPerson>('POST', `/api/people/${String(id)}/password`, {}),

    setPresence: (body: SetPresence) => send<PresenceView>('PUT', '/api/presence', body),
    extendWrapUp: (reason: string) => send<PresenceView>('POST', '/api/presence/wrap-up/extend', { reason }),
    board: () => send<Board>('GET', '/api/board'),
    forcePause: (id: number, body: ForcePause) =>
      send<Board>('POST', `/api/board/operators/${String(id)}/pause`, body),
    forceSignOut: (id: number, body: ForceSignOut) =>
      send<Board>('POST', `/api/board/operators/${String(id)}/sign-out`, body),
    supervise: (id: number, mode: SupervisionMode) =>
      send<Board>('PUT', `/api/board/operators/${String(id)}/supervision`, { mode }),
    setMask: (callId: string, body: SetMask) =>
      send<undefined>('PUT', `/api/calls/${encodeURIComponent(callId)}/mask`, body),
    stopSupervising: () => send<Board>('DELETE', '/api/board/supervision'),
    phone: () => send<PhoneAccount>('GET', '/api/phone'),

    calls: (asked: { from?: string; to?: string; offset: number; limit: number }) =>
      send<CallPage>('GET', `/api/calls${query(asked)}`),
    wholeNumber: (callId: string) =>
      send<WholeNumber>('POST', `/api/calls/${encodeURIComponent(callId)}/number`, {}),
    catchUps: (limit: number) => send<CatchUps>('GET', `/api/catch-ups${query({ limit })}`),
    discrepancies: (filter: DiscrepancyQuery) =>
      send<DiscrepancyPage>('GET', `/api/discrepancies${query(filter)}`),
    resolveDiscrepancy: (id: number, body: ResolveDiscrepancy) =>
      send<DiscrepancyView>('POST', `/api/discrepancies/${String(id)}/resolve`, body),
    compareSources: () => send<ReconcileRun>('POST', '/api/discrepancies/run', {}),
    missedDone: (callId: string) =>
      send<undefined>('POST', `/api/missed/${encodeURIComponent(callId)}/done`, {}),

    tickets: (filter: TicketQuery) => send<TicketPage>('GET', `/api/tickets${query(filter)}`),
    ticket: (code: string) => send<TicketView>('GET', ticket(code)),
    openTicket: (channel: Channel) => send<TicketView>('POST', '/api/tickets', { channel }),
    saveTicket: (code: string, body: SaveTicket) => send<TicketView>('PATCH', ticket(code), body),
    receiveTicket: (code: string, version: number) =>
      send<TicketView>('POST', ticket(code, '/receive'), { version }),
    answerTicket: (code: string, body: AnswerTicket) =>
      send<TicketView>('POST', ticket(code, '/answer'), body),
    sendSlip: (code: string, body: SendSlip) => send<TicketView>('POST', ticket(code, '/slips'), body),
    writeNote: (code: string, body: WriteNote) => send<TicketView>('POST', ticket(code, '/notes'), body),
    moveTicket: (code: string, body: MoveTicket) => send<TicketView>('POST', ticket(code, '/moves'), body),
    addCoHandler: (code: string, body: AddCoHandler) =>
      send<TicketView>('POST', ticket(code, '/co-handlers'), body),
    removeCoHandler: (code: string, unitId: string, body: RemoveCoHandler) =>
      send<TicketView>('POST', ticket(code, `/co-handlers/${encodeURIComponent(unitId)}/removal`), body),
    contribute: (code: string, body: Contribution) =>
      send<TicketView>('POST', ticket(code, '/contributions'), body),
    disagree: (code: string, body: Disagree) => send<TicketView>('POST', ticket(code, '/disagreement'), body),
    markSeen: (codes: string[]) => send<undefined>('POST', '/api/oversight/seen', { codes }),
    attach: (code: string, file: File) =>
      send<TicketView>('POST', ticket(code, '/attachments'), fileForm(file)),
    attachToAnswer: (code: string, file: File) =>
      send<TicketView>('POST', ticket(code, '/answer-files'), fileForm(file)),
    dropAnswerFile: (code: string, id: number) =>
      send<TicketView>('DELETE', ticket(code, `/answer-files/${String(id)}`)),

    dossier: (filter: DossierQuery) => send<DossierPage>('GET', `/api/dossier${query(filter)}`),
    setDossier: (id: number, body: SetDossierRow) =>
      send<DossierRow>('PUT', `/api/dossier/${String(id)}`, body),
    listResult: (body: ListResult) => send<DossierRow>('POST', '/api/dossier', body),
    dossiers: (filter: DossierHistoryQuery) => send<DossierHistory>('GET', `/api/dossiers${query(filter)}`),
    compileDossier: (body: CompileDossier) => send<DossierView>('POST', '/api/dossiers', body),
    dossierOf: (id: number) => send<DossierView>('GET', dossier(id)),
    editDossier: (id: number, body: EditDossier) => send<DossierView>('PATCH', dossier(id), body),
    takeOutOfDossier: (id: number, body: TakeOutOfDossier) =>
      send<DossierView>('POST', dossier(id, '/take-out'), body),
    recompileDossier: (id: number, revision: number) =>
      send<DossierView>('POST', dossier(id, '/recompile'), { revision }),
    undoDossier: (id: number, revision: number) =>
      send<DossierView>('POST', dossier(id, '/undo'), { revision }),
    sendDossier: (id: number, body: SendDossier) => send<DossierView>('POST', dossier(id, '/send'), body),
    recordDocument: (id: number, body: RecordDocument) =>
      send<DossierView>('POST', dossier(id, '/document'), body),

    unitReport: (period: PeriodQuery) => send<UnitReport>('GET', `/api/reports/units${query(period)}`),
    figureCases: (unitId: string, asked: FigureQuery) =>
      send<FigureCases>('GET', `/api/reports/units/${encodeURIComponent(unitId)}/cases${query(asked)}`),
    holderReport: (period: PeriodQuery) => send<HolderReport>('GET', `/api/reports/holders${query(period)}`),
    unitDigest: (period: PeriodQuery) => send<UnitDigest>('GET', `/api/reports/units/digest${query(period)}`),
    sendUnitDigest: (period: PeriodQuery) => send<UnitDigest>('POST', '/api/reports/units/digest', period),

    calendars: () => send<CalendarView[]>('GET', '/api/calendars'),
    calendarHistory: (id: string) => send<CalendarHistory>('GET', calendar(id, '/versions')),
    calendarVersion: (id: string, number: number) =>
      send<CalendarRevisionTable>('GET', calendar(id, `/versions/${String(number)}`)),
    previewCalendar: (id: string, body: { base: number; table: CalendarTable }) =>
      send<CalendarPreview>('POST', calendar(id, '/preview'), body),
    saveCalendar: (id: string, body: { base: number; table: CalendarTable; reason: string }) =>
      send<SavedCalendar>('PUT', calendar(id), body),
    due: (asked: DueQuery) => send<DueAnswer>('GET', `/api/deadline${query(asked)}`),

    directory: () => send<Directory>('GET', '/api/directory'),
    directoryUnits: () => send<UnitBook>('GET', '/api/directory/units'),
    directoryChanges: (asked: ChangeQuery) =>
      send<ChangeList>('GET', `/api/directory/changes${query(asked)}`),
    proposeChange: (body: ProposeChange) => send<ChangeView>('POST', '/api/directory/changes', body),
    withdrawChange: (id: number, body: WithdrawChange) =>
      send<ChangeView>('POST', `/api/directory/changes/${String(id)}/withdraw`, body),
    noteChange: (id: number) => send<ChangeView>('POST', `/api/directory/changes/${String(id)}/note`, {}),
    suggestUnits: (fieldId: string | null, areaId: string | null) =>
      send<{ unitIds: string[] }>('GET', `/api/directory/suggest${query({ fieldId, areaId })}`),

    refusals: () => send<Refusal[]>('GET', '/api/refusals'),
    /** Likely duplicates, field and unit of what is typed; given up when it is overtaken. */
    suggest: (body: AskSuggestions, givenUp: AbortSignal) =>
      send<Suggestions>('POST', '/api/suggestions', body, givenUp),

    ticketTransfers: (code: string) => send<TicketTransfers>('GET', ticket(code, '/transfers')),
    transferProposal: (ticketCode: string | null) =>
      send<TransferProposal>('GET', `/api/transfers/proposal${query({ ticketCode })}`),
    startTransfer: (body: StartTransfer) => send<TransferView>('POST', '/api/transfers', body),
    commandTransfer: (id: string, body: CommandTransfer) =>
      send<TransferView>('POST', `/api/transfers/${encodeURIComponent(id)}/commands`, body),

    recordings: (filter: RecordingQuery) => send<RecordingPage>('GET', `/api/recordings${query(filter)}`),
    recordedOperators: () => send<RecordedOperators>('GET', '/api/recordings/operators'),
    recordingWaveform: (id: number, points?: number, of?: SoundOf) =>
      send<Waveform>('GET', soundAt(id, `/waveform${points === undefined ? '' : query({ points })}`, of)),
    recordingTrack: (id: number, of?: SoundOf) => send<RecordingTrack>('GET', soundAt(id, '/track', of)),
    /** For an `audio` element. */
    soundPath: (id: number, of?: SoundOf): string => soundAt(id, '/audio', of),
    writeRecordingNote: (id: number, body: WriteRecordingNote) =>
      send<RecordingNote>('POST', soundAt(id, '/notes'), body),
    recheckRecording: (id: number) => send<Recheck>('POST', soundAt(id, '/recheck'), {}),
    retention: () => send<RetentionView>('GET', '/api/retention'),
    placeHold: (body: PlaceHold) => send<Hold>('POST', '/api/retention/holds', body),
    liftHold: (id: number, body: GiveReason) =>
      send<Hold>('POST', `/api/retention/holds/${String(id)}/lift`, body),
    askDeletion: (recordingId: number, body: GiveReason) =>
      send<DeletionRequest>('POST', soundAt(recordingId, '/deletion'), body),
    stepDeletion: (id: number, action: 'approve' | 'withdraw', body: DecideDeletion) =>
      send<DeletionRequest>('POST', `/api/deletions/${String(id)}/${action}`, body),
    refuseDeletion: (id: number, body: RefuseDeletion) =>
      send<DeletionRequest>('POST', `/api/deletions/${String(id)}/refuse`, body),
    subjectRequests: () => send<SubjectRequest[]>('GET', '/api/personal-data'),
    askPersonalData: (body: AskPersonalData) => send<SubjectRequest>('POST', '/api/personal-data', body),
    personalDataPath: (id: number): string => `/api/personal-data/${String(id)}/file`,

    caseDisclosures: (code: string) => send<CaseDisclosures>('GET', ticket(code, '/disclosures')),
    askDisclosure: (code: string, body: AskDisclosure) =>
      send<DisclosureView>('POST', ticket(code, '/disclosures'), body),
    disclosures: (asked: DisclosureQuery) => send<DisclosurePage>('GET', `/api/disclosures${query(asked)}`),
    recordingDisclosures: (id: number) => send<DisclosureView[]>('GET', soundAt(id, '/disclosures')),
    approveDisclosure: (id: number, body: ApproveDisclosure) =>
      send<DisclosureView>('POST', soundAt(id, '/approve', 'disclosures'), body),
    endDisclosure: (id: number, action: 'refuse' | 'revoke', body: EndDisclosure) =>
      send<DisclosureView>('POST', soundAt(id, `/${action}`, 'disclosures'), body),
    withdrawDisclosure: (id: number, body: WithdrawDisclosure) =>
      send<DisclosureView>('POST', soundAt(id, '/withdraw', 'disclosures'), body),
    /** For a link: the browser keeps what it answers as a file. */
    disclosurePackagePath: (id: number): string => soundAt(id, '/package', 'disclosures'),
    auditLines: (asked: AuditQuery) => send<AuditLines>('GET', `/api/audit${query(asked)}`),
    /** For a link: the browser keeps what it answers as a file. */
    auditExportPath: (asked: AuditExport): string => `/api/audit/export${query(asked)}`,
    sealStatus: () => send<SealStatus>('GET', '/api/seals'),
    handsets: () => send<Handsets>('GET', '/api/simulator'),
  }
}

type QueryValue = string | number | boolean | null | undefined

/** A list is the same name several times. */
function query(values: Readonly<Record<string, QueryValue | readonly QueryValue[]>>): string {
  const search = new URLSearchParams()
  for (const [name, given] of Object.entries(values))
    for (const value of [given].flat())
      if (value !== undefined && value !== null && value !== '') search.append(name, String(value))
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

function fileForm(file: File): FormData {
  const form = new FormData()
  form.append('file', file, file.name)
  return form
}

function subjectOf(json: unknown): { readonly subject?: string } {
  const subject = typeof json === 'object' && json !== null && 'subject' in json ? json.subject : undefined
  return typeof subject === 'string' ? { subject } : {}
}

async function readJson(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  try {
    return await response.json()
  } catch (cause) {
    throw new ApiError(response.status, response.ok ? 'BAD_ANSWER' : `HTTP_${String(response.status)}`, {
      cause,
    })
  }
}

function errorCode(json: unknown, status: number): string {
  if (typeof json === 'object' && json !== null && 'code' in json && typeof json.code === 'string')
    return json.code
  return `HTTP_${String(status)}`
}

/** A field's length limit may cut a character in two, and a paste may bring NUL: the server takes neither. */
function sound(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value
}
