import { type Static, Type } from 'typebox'
import { Day } from '../platform/day-schema.ts'
import { CallView } from '../calls/contract.ts'
import { DeadlineView } from '../deadlines/contract.ts'
import { DossierMark } from '../dossiers/contract.ts'
import { SmsView } from '../messages/contract.ts'
import type { LIST_BOUND } from '../platform/list-bound.ts'
import { RecordingView } from '../recordings/contract.ts'

/** The life of a case (regulation.md 2.1). What is urgent, published, rated, late or in a further round is no state. */
export const TICKET_STATES = [
  /** Being typed. */
  'draft',
  'received',
  /** The reporter was asked to say more (Đ8.3). */
  'needsClarification',
  'rejected',
  /** With a unit's focal officer, who has not taken it up yet. */
  'assigned',
  'inProgress',
  /** The officer has named the day of the answer (Đ9.3). */
  'verifying',
  /** The officer asked the citizen, once (Đ18.1). */
  'awaitingCitizen',
  /** With the unit's head: the officer's time is over (Đ9.4). */
  'escalated',
  /** "Quá hạn (đang chờ xử lý)" (Đ9.4). */
  'overdue',
  /** The City Office takes the lead (Đ9.5). */
  'cityOffice',
  /** The unit has answered; the citizen has not been told. */
  'agencyAnswered',
  'answered',
  'closed',
  'merged',
  'withdrawn',
  /** Opened by mistake: nothing was ever written in it, and nobody called. */
  'discarded',
] as const
export type TicketState = (typeof TICKET_STATES)[number]

/** Đ1.1 and Đ5.3 (R010); `callback` is a call nobody answered, before anybody knows what it was about (R020). */
export const TICKET_KINDS = [
  'request',
  'question',
  'suggestion',
  'reflection',
  'petition',
  'initiative',
  'callback',
] as const
export type TicketKind = (typeof TICKET_KINDS)[number]

/** How far lists are counted: a total of one more says "more than that". */
export type ListBound = typeof LIST_BOUND

export const CHANNELS = ['phone', 'web', 'email', 'facebook', 'counter'] as const
export type Channel = (typeof CHANNELS)[number]

/** How much of a case its reader is shown (visibility-policy.ts). */
export const CASE_SIGHTS = [
  'whole',
  /** All but who reported it: confidential, or no business of the reader's. */
  'withoutReporter',
  /** Works on it beside the unit that leads (Đ9.5a): all but who reported it, and nothing of it to move. */
  'coHandling',
  /** With another unit now: what the reader's own unit was sent. */
  'ownSlips',
  /** Confidential and somebody else's: code and state. */
  'mask',
] as const
export type CaseSight = (typeof CASE_SIGHTS)[number]

const text = (maxLength: number) => Type.String({ maxLength })
const optionalText = (maxLength: number) => Type.Union([Type.String({ maxLength }), Type.Null()])

export const Reporter = Type.Object(
  {
    /** R014: an individual or an organisation. */
    type: Type.Union([Type.Literal('individual'), Type.Literal('organisation')]),
    name: text(120),
    organisation: optionalText(160),
    phone: optionalText(32),
    email: optionalText(160),
    address: optionalText(240),
  },
  { additionalProperties: false },
)
export type Reporter = Static<typeof Reporter>

/** What an operator may fill in; saved by itself while typing. */
export const TicketForm = Type.Object(
  {
    kind: Type.Union([Type.Enum(TICKET_KINDS), Type.Null()]),
    categoryId: optionalText(40),
    fieldId: optionalText(40),
    title: text(160),
    content: text(8000),
    /** Street, landmark; the area is the ward, commune or special zone of today. */
    place: text(240),
    areaId: optionalText(40),
    urgent: Type.Boolean(),
    /** Đ7.3, Đ12.1: the reporter asks not to be named. */
    confidential: Type.Boolean(),
    reporter: Reporter,
  },
  { additionalProperties: false },
)
export type TicketForm = Static<typeof TicketForm>

/** Body of POST /api/tickets/:code/notes: what was done so far (R095), or with a handler, who inside the unit works on it (R097). */
export const WriteNote = Type.Object(
  { text: text(4000), handler: Type.Optional(text(160)) },
  { additionalProperties: false },
)
export type WriteNote = Static<typeof WriteNote>

/**
 * Body of PATCH /api/tickets/:code. `version` is the one that was edited. With `base`, what these fields held in it, a save from an
 * older one goes through where others wrote elsewhere in the form; where they wrote the same field it answers 409 FIELD_CHANGED with
 * `details.current`, what stands there now, by field ("reporter.name"). Without `base` an older one answers 409 TICKET_CHANGED.
 */
export const SaveTicket = Type.Object(
  {
    version: Type.Integer(),
    form: Type.Partial(TicketForm, { additionalProperties: false }),
    base: Type.Optional(Type.Partial(TicketForm, { additionalProperties: false })),
  },
  { additionalProperties: false },
)
export type SaveTicket = Static<typeof SaveTicket>

export const TicketEvent = Type.Object({
  id: Type.Integer(),
  at: Type.String(),
  /** e.g. opened, saved, received, answered, slipIssued, slipSms, recordingStored, callEnded, attachmentAdded. */
  type: Type.String(),
  actorName: Type.Union([Type.String(), Type.Null()]),
  /** Values for the sentence that the console's catalogue has for this type. */
  detail: Type.Record(Type.String(), Type.Unknown()),
})
export type TicketEvent = Static<typeof TicketEvent>

/** `whole`: a signature covers the file to its end; `partly`: one is there, and the file goes on after what it covers. */
export const PDF_SIGNATURES = ['none', 'partly', 'whole'] as const
export type PdfSignature = (typeof PDF_SIGNATURES)[number]

export const Attachment = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  mediaType: Type.String(),
  sizeBytes: Type.Integer(),
  at: Type.String(),
  /** Of a PDF: an embedded signature, and whether it covers the file to its end. Certificates are not verified (R099). */
  signature: Type.Union([Type.Enum(PDF_SIGNATURES), Type.Null()]),
})
export type Attachment = Static<typeof Attachment>

export const SlipView = Type.Object({
  number: Type.String(),
  version: Type.Integer(),
  unitId: Type.String(),
  unitName: Type.String(),
  issuedAt: Type.String(),
  /** Null when the working calendar of that year is not confirmed yet; `dueText` then says so. */
  dueAt: Type.Union([Type.String(), Type.Null()]),
  /** "16:45 T6 06/03" in the city's time. */
  dueText: Type.String(),
  /** The same of its clock as it stands now, where that is another time. */
  dueNow: Type.Optional(Type.String()),
  /** Path of the page behind the SMS link, `/p/…`. */
  path: Type.String(),
  pdfPath: Type.String(),
  /** Another one holds now, or the case is with no unit any more: nobody has to act on this one. */
  isReplaced: Type.Boolean(),
})
export type SlipView = Static<typeof SlipView>

export const TicketHead = {
  code: Type.String({ pattern: '^[A-Z]{2}[0-9]{2}-[0-9]{6}$' }),
  version: Type.Integer(),
  sight: Type.Enum(CASE_SIGHTS),
  state: Type.Enum(TICKET_STATES),
  channel: Type.Enum(CHANNELS),
  training: Type.Boolean(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  receivedAt: Type.Union([Type.String(), Type.Null()]),
  dueAt: Type.Union([Type.String(), Type.Null()]),
  operatorId: Type.Union([Type.Integer(), Type.Null()]),
  operatorName: Type.Union([Type.String(), Type.Null()]),
  unitId: Type.Union([Type.String(), Type.Null()]),
  /** As it was called when the case was last moved. */
  unitName: Type.Union([Type.String(), Type.Null()]),
  /** Who does that unit's work now, where it has ended or is called otherwise: "(nay là …)". */
  unitNowName: Type.Optional(Type.Union([Type.String(), Type.Null()])),
}

/** The clock of a row: without how it was counted. */
export const RowClock = Type.Omit(DeadlineView, ['id', 'explanation'])
export type RowClock = Static<typeof RowClock>

export const TicketRow = Type.Object({
  ...TicketHead,
  kind: TicketForm.properties.kind,
  title: Type.String(),
  place: Type.String(),
  fieldName: Type.Union([Type.String(), Type.Null()]),
  urgent: Type.Boolean(),
  confidential: Type.Boolean(),
  reporterName: Type.String(),
  phoneDisplay: Type.String(),
  /** For the City Office: it was forwarded since somebody there looked at it (Đ9.2). */
  unseen: Type.Boolean(),
  /** In lists: what it has to go on by now; null where nothing runs, or its reader is not told. */
  clock: Type.Optional(Type.Union([RowClock, Type.Null()])),
  /** In lists: at the hotline's desk because a unit sent it back (Đ14.2). */
  returned: Type.Optional(Type.Boolean()),
  /** For the case's unit: the day that waits for its head's word (Đ9.3), ISO 8601 UTC. */
  promiseWaits: Type.Optional(Type.String()),
  /** Of an overdue case, for the City Office and the unit: what the city's leaders said of it last (Đ9.4 ¶2); null: nothing yet. */
  direction: Type.Optional(
    Type.Union([
      Type.Object({
        at: Type.String(),
        text: Type.String(),
        documentNo: Type.Union([Type.String(), Type.Null()]),
        /** "2026-03-02". */
        documentDate: Type.Union([Type.String(), Type.Null()]),
      }),
      Type.Null(),
    ]),
  ),
})
export type TicketRow = Static<typeof TicketRow>

export const TicketPage = Type.Object({
  items: Type.Array(TicketRow),
  /** At most LIST_BOUND (list-bound.ts), and one more where there are more. */
  total: Type.Integer(),
  /** Only the newest cases with these words were looked through: more words find older ones. */
  isCut: Type.Optional(Type.Boolean()),
  /** For the City Office: all cases that it has not seen yet. */
  unseen: Type.Optional(Type.Integer()),
  /** For the City Office: all cases that are overdue. */
  overdue: Type.Optional(Type.Integer()),
})
export type TicketPage = Static<typeof TicketPage>

/** Query of GET /api/tickets. */
export const TicketQuery = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 200 })),
    /** Any of these: `state=assigned&state=escalated`. */
    state: Type.Optional(
      Type.Union([
        Type.Enum(TICKET_STATES),
        Type.Array(Type.Enum(TICKET_STATES), { minItems: 1, maxItems: TICKET_STATES.length }),
      ]),
    ),
    mine: Type.Optional(Type.Boolean()),
    /** What the reader's desk has to watch: theirs until they are answered, and what units sent back; what ends first comes first. */
    desk: Type.Optional(Type.Boolean()),
    /** What is overdue first, for a head what is escalated with it, then what ends first; else the newest. */
    byEnd: Type.Optional(Type.Boolean()),
    /** Only what the City Office has not seen yet. */
    unseen: Type.Optional(Type.Boolean()),
    /** With this unit, or with one whose work came to it. */
    unitId: Type.Optional(Type.String({ maxLength: 40 })),
    phone: Type.Optional(Type.String({ maxLength: 32 })),
    training: Type.Optional(Type.Boolean()),
    /** Opened on these days of the city. */
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)
export type TicketQuery = Static<typeof TicketQuery>

/** The City Office's copy of a slip (Đ9.2). */
export const OfficeCopy = Type.Object({
  number: Type.String(),
  unitName: Type.String(),
  since: Type.String(),
  seenByName: Type.Union([Type.String(), Type.Null()]),
  seenAt: Type.Union([Type.String(), Type.Null()]),
})
export type OfficeCopy = Static<typeof OfficeCopy>

/** Body of POST /api/oversight/seen. */
export const MarkSeen = Type.Object(
  { codes: Type.Array(TicketHead.code, { minItems: 1, maxItems: 200 }) },
  { additionalProperties: false },
)
export type MarkSeen = Static<typeof MarkSeen>

export const CO_ACTIONS = ['add', 'remove', 'contribute', 'disagree'] as const
export type CoAction = (typeof CO_ACTIONS)[number]

/** Who works on a case beside the unit that leads, and what the units said (Đ9.5a). */
export const CoHandlingView = Type.Object({
  units: Type.Array(
    Type.Object({
      unitId: Type.String(),
      unitName: Type.String(),
      slipNumber: Type.String(),
      reason: Type.String(),
      addedAt: Type.String(),
      addedByName: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  /** The oldest first; they stay when a unit leaves. */
  statements: Type.Array(
    Type.Object({
      at: Type.String(),
      /** "Không thống nhất phương án": with it the case went to the City Office. */
      isDisagreement: Type.Boolean(),
      unitName: Type.String(),
      byName: Type.Union([Type.String(), Type.Null()]),
      text: Type.String(),
    }),
  ),
  /** What the reader may do. */
  actions: Type.Array(Type.Enum(CO_ACTIONS)),
})
export type CoHandlingView = Static<typeof CoHandlingView>

const statement = Type.String({ minLength: 1, maxLength: 4000 })
const closed = { additionalProperties: false }
/** Body of POST /api/tickets/:code/co-handlers. */
export const AddCoHandler = Type.Object(
  { version: Type.Integer(), unitId: text(40), reason: Type.String({ minLength: 1, maxLength: 2000 }) },
  closed,
)
export type AddCoHandler = Static<typeof AddCoHandler>
/** Body of POST /api/tickets/:code/co-handlers/:unitId/removal. */
export const RemoveCoHandler = Type.Omit(AddCoHandler, ['unitId'], closed)
export type RemoveCoHandler = Static<typeof RemoveCoHandler>
/** Body of POST /api/tickets/:code/contributions. */
export const Contribution = Type.Object({ text: statement }, closed)
export type Contribution = Static<typeof Contribution>
/** Body of POST /api/tickets/:code/disagreement: the head's position on the plan. */
export const Disagree = Type.Object({ version: Type.Integer(), position: statement }, closed)
export type Disagree = Static<typeof Disagree>

/** One condition of Đ7 for accepting a case, and how it stands. `isNeeded`: without it the case cannot be received. */
export const Acceptance = Type.Object({
  item: Type.Enum(['language', 'content', 'field', 'name', 'phone', 'address', 'email', 'confidential']),
  article: Type.String(),
  /** `judged`: by whoever receives it; `waived`: not asked of a caller (regulation.md 2.5 A14). */
  state: Type.Enum(['met', 'missing', 'waived', 'judged', 'notAsked']),
  isNeeded: Type.Boolean(),
})
export type Acceptance = Static<typeof Acceptance>

/** Why a matter is not the hotline's (Đ1.2), or cannot be taken as it is (Đ5, Đ7.1). */
export const REFUSAL_CODES = [
  'complaint',
  'denunciation',
  'crime',
  'onlineProcedure',
  'language',
  'outside',
  'other',
] as const

/** A reason of the city with its words, and where to turn instead (Đ8.2). */
export const Refusal = Type.Object(
  {
    code: Type.Enum(REFUSAL_CODES),
    article: Type.String({ minLength: 1, maxLength: 20 }),
    /** For the list to choose from: "Khiếu nại". */
    name: Type.String({ minLength: 1, maxLength: 60 }),
    /** As the citizen is told. */
    reason: Type.String({ minLength: 1, maxLength: 240 }),
    redirect: Type.String({ minLength: 1, maxLength: 240 }),
  },
  { additionalProperties: false },
)
export type Refusal = Static<typeof Refusal>

/** Whole ticket, answer to GET /api/tickets/:code and to every change. */
export const TicketView = Type.Object({
  ...TicketHead,
  form: TicketForm,
  answer: Type.Union([Type.String(), Type.Null()]),
  /** What may be done next, from ticket-machine.ts: buttons come from here. */
  actions: Type.Array(Type.String()),
  /** The conditions of Đ7 as they stand; empty for readers who are not told who reported it. */
  acceptance: Type.Array(Acceptance),
  events: Type.Array(TicketEvent),
  attachments: Type.Array(Attachment),
  /** What came with the unit's last answer. */
  answerFiles: Type.Array(Attachment),
  /** For the answer that the reader's own unit is writing; shown to nobody else. */
  draftFiles: Type.Array(Attachment),
  slips: Type.Array(SlipView),
  messages: Type.Array(SmsView),
  calls: Type.Array(CallView),
  recordings: Type.Array(RecordingView),
  /** Entries on the list of Đ9.6 that stand. */
  dossier: Type.Array(DossierMark),
  /** Its clocks, in the order they were set. */
  deadlines: Type.Array(DeadlineView),
  /** The day that the officer named and the head has to decide on; null when none waits. */
  promiseRequest: Type.Union([
    Type.Object({
      promisedAt: Type.String(),
      reason: Type.String(),
      at: Type.String(),
      askedBy: Type.Union([Type.String(), Type.Null()]),
    }),
    Type.Null(),
  ]),
  /** Tries to reach the citizen with what there is to say now. From the third on the result may be recorded without `told`. */
  citizenTries: Type.Integer(),
  /** What the City Office was given to follow, the oldest first. */
  officeCopies: Type.Array(OfficeCopy),
  coHandling: CoHandlingView,
  /** What the unit answered last; null before. */
  agencyAnswer: Type.Union([Type.String(), Type.Null()]),
  /** Who inside the unit works on it (R097); null where nobody was named since it came to the unit. */
  handler: Type.Union([Type.String(), Type.Null()]),
})
export type TicketView = Static<typeof TicketView>

/** Body of POST /api/tickets: a ticket without a call (counter, e-mail read out …). */
export const OpenTicket = Type.Object({ channel: Type.Enum(CHANNELS) }, { additionalProperties: false })
export type OpenTicket = Static<typeof OpenTicket>

/** Body of POST /api/tickets/:code/answer (Đ9.1, R044): given to the citizen, and the source it stands on. */
export const AnswerTicket = Type.Object(
  {
    version: Type.Integer(),
    answer: Type.String({ minLength: 1, maxLength: 8000 }),
    source: Type.String({ maxLength: 240 }),
  },
  { additionalProperties: false },
)
export type AnswerTicket = Static<typeof AnswerTicket>

/** Why a case goes to a unit that no rule names for its field and place (Đ4.5, R023). */
export const ROUTE_REASONS = [
  'ownFacility',
  'otherPlace',
  'directed',
  'agreed',
  'ruleWrong',
  'other',
] as const
export const RouteOverride = Type.Object(
  { reason: Type.Enum(ROUTE_REASONS), text: text(500) },
  { additionalProperties: false },
)
export type RouteOverride = Static<typeof RouteOverride>

/** Body of POST /api/tickets/:code/slips (Đ9.3, R048). */
export const SendSlip = Type.Object(
  {
    version: Type.Integer(),
    unitId: Type.String({ maxLength: 40 }),
    /** Operator's preliminary verification (Đ13.1, R080). */
    note: Type.String({ maxLength: 2000 }),
    /** Asked for where the unit is none of those suggested; `text` too where the reason is `other`. */
    override: Type.Optional(RouteOverride),
  },
  { additionalProperties: false },
)
export type SendSlip = Static<typeof SendSlip>

/** Body of POST /api/tickets/:code/receive: draft → received. */
export const ReceiveTicket = Type.Object({ version: Type.Integer() }, { additionalProperties: false })
export type ReceiveTicket = Static<typeof ReceiveTicket>

/** How somebody was told. */
export const TOLD_BY = ['voice', 'sms', 'email'] as const
/** Why somebody was not reached. */
export const TRY_OUTCOMES = ['noAnswer', 'busy', 'switchedOff', 'wrongNumber', 'noReply'] as const
/** Which of Đ9.5 a, b, c. */
export const LEAD_REASONS = ['unitsDisagree', 'citizenDisagrees', 'forChairman'] as const

/** What people do with a case besides receiving, answering and forwarding it; who may, says ticket-machine.ts. */
export const TICKET_MOVES = [
  'reject',
  'askClarification',
  'clarify',
  'giveUpClarification',
  'accept',
  'askCitizen',
  'citizenReplied',
  'promise',
  'requestPromise',
  'approvePromise',
  'declinePromise',
  'submitAnswer',
  'returnAnswer',
  'relayAnswer',
  'citizenUnreachable',
  'close',
  'object',
  'remind',
  'takeLead',
  'direct',
  'bounce',
  'bounceToOffice',
  'reroute',
  'merge',
  'withdraw',
  'releaseReporter',
  'coverReporter',
  'discard',
] as const
export type TicketMove = (typeof TICKET_MOVES)[number]

/** How a unit told the citizen what it found; `hotline`: it leaves that to the hotline (row 14 of regulation.md 2.2). */
export const REPLIED_BY = ['hotline', 'voice', 'email', 'inPerson'] as const

/** ISO 8601. Without leap seconds, which the format allows and no `Date` knows. */
const Moment = Type.String({
  format: 'date-time',
  pattern: ':[0-5][0-9](\\.[0-9]+)?([Zz]|[+-][0-9:]+)$',
  maxLength: 40,
})

/** Body of POST /api/tickets/:code/moves. What a move needs besides its version is in its guard; the refusal names it. */
export const MoveTicket = Type.Object(
  {
    version: Type.Integer(),
    action: Type.Enum(TICKET_MOVES),
    /** Of `reject`: which of the city's reasons; `other` where nothing is said. */
    reasonCode: Type.Optional(Type.Enum(REFUSAL_CODES)),
    reason: Type.Optional(text(2000)),
    redirect: Type.Optional(text(500)),
    told: Type.Optional(Type.Enum(TOLD_BY)),
    /** Of `submitAnswer`, and asked for there: whether the unit told the citizen itself, or leaves it to the hotline (Đ9.3, A7). */
    replied: Type.Optional(Type.Enum(REPLIED_BY)),
    /** ISO 8601; when it did, the moment of its answer where nothing is said. */
    repliedAt: Type.Optional(Moment),
    triedBy: Type.Optional(Type.Enum(TOLD_BY)),
    /** ISO 8601; when somebody tried. */
    triedAt: Type.Optional(Moment),
    tryOutcome: Type.Optional(Type.Enum(TRY_OUTCOMES)),
    question: Type.Optional(text(2000)),
    /** The unit's result, or the answer as the citizen is told it. */
    result: Type.Optional(text(8000)),
    leadReason: Type.Optional(Type.Enum(LEAD_REASONS)),
    directive: Type.Optional(text(4000)),
    /** Of `direct` from the City Office, ISO 8601: by when the unit has to answer (row 20 of regulation.md 2.2). */
    dueAt: Type.Optional(Moment),
    /** The leaders' document that says so, and its day, "2026-03-02" in the city. */
    documentNo: Type.Optional(text(60)),
    documentDate: Type.Optional(Type.String({ format: 'date', maxLength: 10 })),
    /** Who signed the document that goes with an answer (Đ17.6). */
    signer: Type.Optional(text(120)),
    unitId: Type.Optional(text(40)),
    /** ISO 8601; the day the unit names (Đ9.3). */
    promisedAt: Type.Optional(Moment),
    parentCode: Type.Optional(TicketHead.code),
    /** Of `submitAnswer`: which of the unit's files (`draftFiles`) go with the answer. */
    files: Type.Optional(Type.Array(Type.Integer(), { maxItems: 10 })),
  },
  { additionalProperties: false },
)
export type MoveTicket = Static<typeof MoveTicket>

/** Papers are administrative: Vietnamese whatever language their reader's console speaks. One place for the words of all of them. */
export const STATES_ON_PAPER: Readonly<Record<TicketState, string>> = {
  draft: 'Đang ghi nhận',
  received: 'Đã tiếp nhận',
  needsClarification: 'Chờ bổ sung thông tin',
  rejected: 'Không tiếp nhận',
  assigned: 'Đã chuyển đơn vị',
  inProgress: 'Đang xử lý',
  verifying: 'Đang xác minh (có hẹn)',
  awaitingCitizen: 'Chờ công dân bổ sung',
  escalated: 'Đã chuyển Thủ trưởng',
  overdue: 'Quá hạn (đang chờ xử lý)',
  cityOffice: 'Văn phòng UBND TP chủ trì',
  agencyAnswered: 'Đơn vị đã có kết quả',
  answered: 'Đã trả lời',
  closed: 'Đã đóng',
  merged: 'Trùng (gộp)',
  withdrawn: 'Công dân rút',
  discarded: 'Phiếu trống đã bỏ',
}

export const KINDS_ON_PAPER: Readonly<Record<TicketKind, string>> = {
  request: 'Yêu cầu',
  question: 'Thắc mắc',
  suggestion: 'Góp ý',
  reflection: 'Phản ánh',
  petition: 'Kiến nghị',
  initiative: 'Hiến kế',
  callback: 'Gọi lại',
}
