import { type Person } from '../accounts/contract.ts'
import { type DirectoryChange, type AgencyDirectory } from '../agencies/service.ts'
import { type CallNumber, type CallView } from '../calls/contract.ts'
import {
  type DeadlineKeeper,
  type DeadlineRow,
  isStatutory,
  type RecountReason,
  type SlipDue,
} from '../deadlines/service.ts'
import { type DossierList } from '../dossiers/service.ts'
import { type MessageOutbox } from '../messages/service.ts'
import { momentsOf } from '../platform/day-range.ts'
import { AppError } from '../platform/errors.ts'
import { toLocalTime } from '../platform/clock.ts'
import { searchesWholeNumbers } from '../platform/number-mask-policy.ts'
import { foldVietnamese } from '../platform/vietnamese-text.ts'
import { type RecordingView } from '../recordings/contract.ts'
import { type AttachmentFiles, createAttachments, type Upload } from './attachments.ts'
import { createCallTickets } from './call-tickets.ts'
import { createAlikeCases } from './alike-cases.ts'
import { createCaseSights } from './case-sights.ts'
import { createCaseSummaries } from './case-summary.ts'
import {
  type AddCoHandler,
  type AnswerTicket,
  type CaseSight,
  type Refusal,
  type Channel,
  type Contribution,
  type Disagree,
  type MoveTicket,
  type RemoveCoHandler,
  type SaveTicket,
  type SendSlip,
  type TicketForm,
  type TicketPage,
  type TicketQuery,
  type TicketRow,
  type TicketState,
  type TicketView,
  type WriteNote,
} from './contract.ts'
import { createOversight } from './oversight.ts'
import { type OversightStore } from './oversight-store.ts'
import { createCoHandling, type SeenCase } from './co-handling.ts'
import { type CoHandlingStore } from './co-handling-store.ts'
import { leadingCase } from './followers.ts'
import { factsOfCase, intakeOf, takenAway } from './intake.ts'
import { createMoves, moverOf } from './moves.ts'
import { createCaseReadings, type OpenAttachment, type OpenedSlip } from './case-readings.ts'
import { type SlipPaper } from './slip-paper.ts'
import { mustExplainRoute } from './route-choice.ts'
import { createSlips, type UrgentWord } from './slips.ts'
import { type CitizenNews, createSmsLines } from './sms-lines.ts'
import { createDueNews } from './due-news.ts'
import { type DueNewsStore } from './due-news-store.ts'
import { createNewcomers } from './newcomers.ts'
import { createSuccession } from './succession.ts'
import { createSmsRelease } from './sms-release.ts'
import { planSearch } from './search-policy.ts'
import { type TicketStore } from './store.ts'
import { type GuardFacts, missingFor } from './ticket-guards.ts'
import {
  EDITABLE_STATES,
  edgeFor,
  LEFT_BY_UNIT,
  STATES,
  type TicketAction,
  type TicketEdge,
} from './ticket-machine.ts'
import { cleanForm, changesBetween, rebased, titleFrom } from './ticket-form.ts'
import { formOf, type NewTicket, patchOf, type Ticket, type TicketPatch } from './ticket.ts'
import { createTicketViews } from './ticket-views.ts'
import { createWorkNotes } from './work-notes.ts'
import { scopeOf } from './visibility-policy.ts'

/** Sentences of the city that end up in tickets. */
export interface TicketTexts {
  /** Titles of tickets of calls nobody answered (R020); `{number}` is filled in. */
  readonly unanswered: Readonly<Record<'abandoned' | 'callback' | 'voicemail' | 'noAnswer', string>>
  readonly hiddenNumber: string
  /** Reasons for not accepting, with where to turn instead (Đ8.2). */
  readonly refusals: readonly Refusal[]
}

export interface TicketPorts {
  /** One IMMEDIATE transaction; joins an outer one. */
  readonly transaction: <T>(work: () => T) => T
  readonly store: TicketStore
  readonly oversight: OversightStore
  readonly coHandling: CoHandlingStore
  readonly dueNews: DueNewsStore
  readonly now: () => Date
  readonly directory: AgencyDirectory
  readonly deadlines: Pick<
    DeadlineKeeper,
    | 'step'
    | 'settle'
    | 'stateOf'
    | 'due'
    | 'leftFor'
    | 'ofTicket'
    | 'ranFor'
    | 'dueFrom'
    | 'isWorked'
    | 'reaches'
    | 'broken'
  >
  /** The list of urgent matters (Đ9.6), told of every case that is written once it is no draft being typed. */
  readonly dossiers: DossierList
  readonly outbox: Pick<
    MessageOutbox,
    'enqueue' | 'ofTicket' | 'laterTo' | 'saidOf' | 'replaceIn' | 'reword' | 'readdress' | 'isWaiting'
  >
  readonly files: AttachmentFiles
  readonly people: { nameOf(id: number): string | null }
  readonly parseNumber: (raw: string) => CallNumber
  readonly callsOf: (ticketId: number) => CallView[]
  readonly recordingsOf: (callIds: string[], viewer: Person) => RecordingView[]
  readonly notify: { ticketChanged(code: string, version: number): void }
  /** Unguessable, letters and digits only. */
  readonly randomToken: () => string
  readonly city: {
    readonly name: string
    readonly hotline: string
    readonly codePrefix: string
    readonly regulation: string
    /** Unit of the directory that is the City Office (Đ14). */
    readonly officeUnitId: string
    /** News the citizen gets by SMS besides what somebody has to say to them; none where nothing is said. */
    readonly citizenSms?: readonly CitizenNews[]
    /** The slip's SMS may be two parts long (S1b). */
    readonly longSlips?: boolean
    /** Days that files of an answer that was never given are kept; 30 where nothing is said. */
    readonly answerDraftDays?: number
  }
  readonly publicUrl: string
  readonly texts: TicketTexts
}

export type TicketsService = ReturnType<typeof createTickets>
export type { AlikeCase } from './alike-cases.ts'
export type { CallFacts } from './call-tickets.ts'

/** What every part of the feature writes through. */
export interface CaseBook {
  /** Gives the code at once (R040) and writes the first line of the history. */
  open(
    ticket: Omit<NewTicket, 'code' | 'createdAt' | 'updatedAt'>,
    event: { at: string; type: string; actorId: number | null; detail: Record<string, unknown> },
  ): Ticket
  mustFind(code: string): Ticket
  /** Throws TICKET_CHANGED for any other version. */
  mustBe(ticket: Ticket, version: number): void
  /**
   * Checks version, edge and guard, or throws what the console explains. `facts`: the case's own (`factsOfCase`) where nothing is
   * said; what costs a look-up is a getter of theirs, and asked only where the edge has the guard it is for. `to` as in `edgeFor`.
   */
  mayTake(
    ticket: Ticket,
    action: TicketAction,
    version: number,
    facts?: GuardFacts,
    to?: TicketState,
  ): TicketEdge
  /**
   * Takes an edge: the clocks first (Đ9.3, Đ9.4), then state and history. `detail` is asked once the clocks are set, and told
   * when the case is due by them.
   * `unitId`: whose clocks, where the case comes to a unit with this step.
   */
  take(
    ticket: Ticket,
    edge: TicketEdge,
    step: {
      readonly at: Date
      readonly actorId: number | null
      readonly type: string
      readonly detail: (due: SlipDue | null) => Record<string, unknown>
      readonly patch?: TicketPatch
      readonly unitId?: string
      readonly chosen?: Date
      /** When clocks that stood still go on, where that is not `at`. */
      readonly resumeFrom?: Date
    },
  ): Ticket
  change(
    ticket: Ticket,
    patch: TicketPatch,
    event: { at: string; type: string; actorId: number | null; detail: Record<string, unknown> },
  ): Ticket
  addEvent(
    ticket: Pick<Ticket, 'id'>,
    type: string,
    at: string,
    actorId: number | null,
    detail: Record<string, unknown>,
  ): void
  /** Tells the consoles after the running transaction, whichever that is. */
  changed(ticket: Pick<Ticket, 'code' | 'version'>): void
  /** What a draft gains when it is received. */
  receivedPatch(ticket: Ticket, at: string): TicketPatch
}

/** The case from first word to slip: the one way to read and change tickets. */
export function createTickets(ports: TicketPorts) {
  const { store, transaction } = ports
  const book = createCaseBook(ports)
  const sights = createCaseSights(ports)
  const lines = createSmsLines(ports, book)
  const slips = createSlips(ports, book, lines)
  const coHandling = createCoHandling(ports, book, slips, sights)
  const views = createTicketViews(ports, sights, coHandling.view)
  const attachments = createAttachments(ports, book, sights)
  const dueNews = createDueNews(ports, book, lines)
  const moves = createMoves(ports, book, { slips, lines, attachments, dueNews })
  const readings = createCaseReadings(ports, sights)
  const summaries = createCaseSummaries(ports)
  const oversight = createOversight(ports, book, views)
  const workNotes = createWorkNotes(ports, book)
  const succession = createSuccession(ports, book, { slips, lines })
  const newcomers = createNewcomers(ports)

  // After a change its author may see less than before: a case that is passed on is shown as a mask.
  const viewOf = (ticket: Ticket, viewer: Person): TicketView =>
    views.view(ticket, sights.of(ticket, viewer) ?? 'mask', viewer)

  /** One that is not theirs to read is, in the very words, none to merge into. */
  const mustReadParent = (code: string, actor: Person): void => {
    const parent = store.findByCode(code)
    const sight = parent === undefined ? null : sights.of(parent, actor)
    if (sight !== 'whole' && sight !== 'withoutReporter')
      throw new AppError('invalid', 'PARENT_NOT_OPEN', 'no such open case to merge into')
  }

  /** What fell due a moment ago comes first; whoever acts on the case as it was is told that it has changed. */
  const settle = (code: string): void => {
    const ticketId = store.idOf(code)
    if (ticketId !== undefined) ports.deadlines.settle(ticketId)
  }

  const mustSee = (code: string, viewer: Person): { ticket: Ticket; sight: CaseSight } => {
    const ticket = book.mustFind(code)
    const sight = sights.of(ticket, viewer)
    // In the very words for a case that never was.
    if (sight === null) throw new AppError('notFound', 'TICKET_NOT_FOUND', 'no such ticket')
    return { ticket, sight }
  }

  return {
    ...createCallTickets(ports, book),
    ...createAlikeCases(ports, sights),
    sms: createSmsRelease(ports, book),

    /** As far as the viewer may see it (visibility-policy.ts). Throws TICKET_NOT_FOUND, also for one that is not theirs. */
    view(code: string, viewer: Person): TicketView {
      const { ticket, sight } = mustSee(code, viewer)
      return views.view(ticket, sight, viewer)
    },

    /** Whether this person may know who reported it; what is no case is nobody's secret. */
    mayReadReporter(code: string, viewer: Person): boolean {
      const ticket = store.findByCode(code)
      return ticket === undefined || !ticket.confidential || sights.of(ticket, viewer) === 'whole'
    },

    /** For what tells who reported it, as a voice does: undefined for whoever does not see the whole of the case (A15). */
    wholeCase(code: string, viewer: Person) {
      const ticket = store.findByCode(code)
      if (ticket === undefined || sights.of(ticket, viewer) !== 'whole') return undefined
      const { name, phone } = formOf(ticket).reporter
      return { callIds: store.callIds(ticket.id), reporter: { name, phone } }
    },

    /** Throws TICKET_NOT_FOUND when there is no such case for this person. */
    mustSee(code: string, viewer: Person): void {
      mustSee(code, viewer)
    },

    /** As `mustSee`; also throws TICKET_OUT_OF_REACH for a case of which the person only knows that it exists, or existed for them. */
    mustReach(code: string, viewer: Person): void {
      const { sight } = mustSee(code, viewer)
      if (sight === 'mask' || sight === 'ownSlips' || sight === 'coHandling')
        throw new AppError('forbidden', 'TICKET_OUT_OF_REACH', 'this case is with somebody else')
    },

    /** As `mustReach`, for what a co-handling unit may add too. */
    mustTakePart(code: string, viewer: Person): void {
      const { sight } = mustSee(code, viewer)
      if (sight === 'mask' || sight === 'ownSlips')
        throw new AppError('forbidden', 'TICKET_OUT_OF_REACH', 'this case is with somebody else')
    },

    /** Units that work on a case together (co-handling.ts). */
    addCoHandler: (code: string, asked: AddCoHandler, actor: Person): TicketView =>
      together(code, actor, (seen) => coHandling.add(seen, asked, actor)),
    removeCoHandler: (code: string, unitId: string, asked: RemoveCoHandler, actor: Person): TicketView =>
      together(code, actor, (seen) => coHandling.remove(seen, unitId, asked, actor)),
    contribute: (code: string, asked: Contribution, actor: Person): TicketView =>
      together(code, actor, (seen) => coHandling.contribute(seen, asked, actor)),
    disagree(code: string, asked: Disagree, actor: Person): TicketView {
      settle(code)
      return together(code, actor, (seen) => coHandling.disagree(seen, asked, actor))
    },

    /** Who may hear that a case has changed, as it is when that is asked first. */
    readersOf(code: string): (person: Person) => boolean {
      let found: { readonly ticket: ReturnType<typeof store.findByCode> } | undefined
      return (person) => {
        const { ticket } = (found ??= { ticket: store.findByCode(code) })
        return ticket !== undefined && sights.of(ticket, person) !== null
      }
    },

    refusals: (): Refusal[] => [...ports.texts.refusals],

    /** What was filled in. Throws TICKET_NOT_FOUND. */
    form: (code: string): TicketForm => formOf(book.mustFind(code)),

    list(query: TicketQuery, viewer: Person): TicketPage {
      const typed = (query.q ?? '').trim()
      const plan = planSearch(typed, foldVietnamese, { wholeNumbers: searchesWholeNumbers(viewer) })
      if (typed !== '' && plan.folded === null) return oversight.page({ items: [], total: 0 }, query, viewer)
      const number = query.phone === undefined ? null : ports.parseNumber(query.phone).e164
      if (query.phone !== undefined && number === null)
        return oversight.page({ items: [], total: 0 }, query, viewer)
      const page = store.list({
        scope: scopeOf(sights.viewer(viewer)),
        words: plan.words,
        training: query.training ?? false,
        offset: query.offset ?? 0,
        limit: query.limit ?? 50,
        ...(plan.folded === null ? {} : { folded: plan.folded }),
        ...(plan.exact === null ? {} : { exact: plan.exact }),
        ...(query.state === undefined ? {} : { states: [query.state].flat() }),
        ...(query.mine === true ? { operatorId: viewer.id } : {}),
        ...(query.desk === true ? { deskOf: viewer.id } : {}),
        ...(query.desk === true || query.byEnd === true ? { byEnd: true } : {}),
        ...(viewer.role === 'head' ? { escalatedFirst: true } : {}),
        ...(query.unseen === true ? { unseen: true } : {}),
        ...(query.unitId === undefined ? {} : { unitIds: unitsOf(query.unitId) }),
        ...(number === null ? {} : { phoneE164: number }),
        ...momentsOf(query),
      })
      return oversight.page(page, query, viewer)
    },

    /** A ticket without a call: counter, e-mail read out, fanpage. */
    open(channel: Channel, actor: Person): TicketView {
      const at = ports.now().toISOString()
      const ticket = transaction(() =>
        book.open(
          { state: 'draft', channel, operatorId: actor.id },
          { at, type: 'opened', actorId: actor.id, detail: { channel } },
        ),
      )
      book.changed(ticket)
      return viewOf(ticket, actor)
    },

    /** Saves what was typed; on an older version as SaveTicket says, or it answers a conflict and changes nothing. */
    save(code: string, change: SaveTicket, actor: Person): TicketView {
      const at = ports.now().toISOString()
      const ticket = transaction(() => {
        const before = book.mustFind(code)
        if (change.base === undefined || change.version > before.version) checkVersion(before, change.version)
        if (!EDITABLE_STATES.includes(before.state)) throw notPossible('save', before.state)
        const asked =
          change.base === undefined || change.version === before.version
            ? change.form
            : rebased(change.form, change.base, formOf(before))
        const form = cleanForm(asked, formOf(before), ports.directory)
        const changes = changesBetween(formOf(before), form)
        if (Object.keys(changes).length === 0) return before
        // A case of nobody's that becomes confidential is whose who marked it: else no operator could go on with it.
        const holder =
          before.operatorId === null && form.confidential === true ? { operatorId: actor.id } : {}
        const patch = { ...patchOf(form), ...numberPatch(form), ...holder, updatedAt: at }
        // A draft is being typed: its history begins when it is received, with all of it (`received.form`).
        if (before.state === 'draft') return must(store.update(before, patch))
        const lost = takenAway(before, { ...before, ...patch })
        if (lost !== null) throw new AppError('invalid', lost, 'a case that was received keeps what it needs')
        return book.change(before, patch, { at, type: 'saved', actorId: actor.id, detail: { changes } })
      })
      book.changed(ticket)
      return viewOf(ticket, actor)
    },

    /** Draft → received (Đ8.1). */
    receive(code: string, version: number, actor: Person): TicketView {
      settle(code)
      const at = ports.now().toISOString()
      const ticket = transaction(() => {
        const before = book.mustFind(code)
        const edge = book.mayTake(before, 'receive', version)
        const written = book.take(before, edge, {
          at: new Date(at),
          actorId: actor.id,
          type: 'received',
          detail: () => intakeOf(before),
          patch: book.receivedPatch(before, at),
        })
        lines.keepCitizenPosted(written, 'received')
        return written
      })
      book.changed(ticket)
      return viewOf(ticket, actor)
    },

    /** Answered directly, in the call (Đ9.1, R044): text and the source it stands on. */
    answer(code: string, given: AnswerTicket, actor: Person): TicketView {
      settle(code)
      const at = ports.now().toISOString()
      const answer = given.answer.normalize('NFC').trim()
      if (answer === '') throw new AppError('invalid', 'ANSWER_REQUIRED', 'the answer is empty')
      const source = given.source.normalize('NFC').trim()
      const ticket = transaction(() => {
        const before = book.mustFind(code)
        const edge = book.mayTake(before, 'answer', given.version, {
          ...factsOfCase(before),
          given: { result: answer },
        })
        const received = edge.through === undefined ? {} : book.receivedPatch(before, at)
        if (edge.through !== undefined) book.addEvent(before, 'received', at, actor.id, intakeOf(before))
        const written = book.take(before, edge, {
          at: new Date(at),
          actorId: actor.id,
          type: 'answered',
          detail: () => ({ answer, source }),
          patch: { ...received, answer, answerSource: source },
        })
        moves.tellFollowers(written, answer)
        return written
      })
      book.changed(ticket)
      return viewOf(ticket, actor)
    },

    /** Everything else that people do with a case (TICKET_MOVES). */
    move(code: string, asked: MoveTicket, actor: Person): TicketView {
      // What is merged into a case is told its result: only whoever reads that case may say so.
      if (asked.parentCode !== undefined) mustReadParent(asked.parentCode, actor)
      settle(code)
      const ticket = transaction(() => moves.move(code, asked, moverOf(actor)))
      book.changed(ticket)
      return viewOf(ticket, actor)
    },
    /** What is done with it meanwhile, and who inside the unit does it (work-notes.ts). */
    writeNote(code: string, note: WriteNote, actor: Person): TicketView {
      const ticket = transaction(() => workNotes.write(code, note, actor))
      book.changed(ticket)
      return viewOf(ticket, actor)
    },
    /** Open cases of units that ended go over to who took over (succession.ts); officers and heads who come in are told (newcomers.ts). */
    takeOver: (changes: readonly DirectoryChange[]): void => {
      succession.run(changes)
      newcomers.run(changes)
    },
    /** A clock of a case ran out, or is about to; in the sweep's transaction. */
    ranOut: (row: DeadlineRow): void => {
      moves.ranOut(row)
    },
    remind: (row: DeadlineRow): void => {
      moves.remind(row)
    },

    /** An open clock of a case is due at another time, because its calendar is another one (A19); in the transaction that says so. */
    recomputed(row: DeadlineRow, oldDueAt: string | null, why: RecountReason): void {
      if (isStatutory(row.kind)) store.setDue(row.ticketId, row.dueAt)
      store.addEvent({
        ticketId: row.ticketId,
        at: ports.now().toISOString(),
        type: 'deadlineRecomputed',
        actorId: null,
        detail: { kind: row.kind, oldDueAt, newDueAt: row.dueAt, ...why },
      })
      if (isStatutory(row.kind)) dueNews.moved(mustHave(row.ticketId), row, oldDueAt, why.number)
    },

    /** Once a calendar has been counted through: whoever was told another end hears of it. True where somebody is left. */
    tellDueNews: (people: number): boolean => dueNews.tell(people),

    /** Throws ROUTE_REASON_REQUIRED: asked of people, at the door, before they send a slip (R023). */
    mustExplainRoute(code: string, slip: Pick<SendSlip, 'unitId' | 'override'>): void {
      const ticket = book.mustFind(code)
      mustExplainRoute(ports.directory, { ticket, events: store.events(ticket.id) }, slip)
    },

    /** Issues a forwarding slip and queues its SMS, all in one transaction (Đ9.3, R048). */
    sendSlip(code: string, slip: SendSlip, actor: Person): TicketView {
      settle(code)
      const ticket = transaction(() => slips.send(code, slip, actor))
      book.changed(ticket)
      return viewOf(ticket, actor)
    },

    /**
     * What a unit gets in writing before its phone rings (Đ9.2): the slip, or where the case has one already, an urgent word to
     * its officers. Joins the caller's transaction; throws as `sendSlip`, before anything is written.
     */
    slipForTransfer(callId: string, unitId: string, operatorId: number): void {
      urgeUnit(callId, { unitId, to: 'officers' }, operatorId)
    },

    /** Has the call's case been sent to a unit in writing? */
    hasSlip(callId: string): boolean {
      const ticket = store.byCall(callId)
      return ticket !== undefined && store.nextSlipVersion(ticket.id) > 1
    },

    /** Nobody of the unit took the call: its head is told, with a slip at the latest now (Đ9.2). As `slipForTransfer`. */
    tellHeads(callId: string, unitId: string, operatorId: number): void {
      urgeUnit(callId, { unitId, to: 'heads' }, operatorId)
    },

    slipByToken: (token: string, reader: Person | null): OpenedSlip | undefined =>
      readings.slipByToken(token, reader),
    slipPaper: (code: string, version: number, viewer: Person): SlipPaper =>
      readings.slipPaper(mustSee(code, viewer), version, viewer),
    noteSlipOpened: slips.noteOpened,

    /** The City Office has looked at these (Đ9.2). Throws TICKET_NOT_FOUND for one that is not theirs, and marks none. */
    markSeen(codes: readonly string[], actor: Person): void {
      oversight.markSeen(
        codes.map((code) => mustSee(code, actor).ticket),
        actor,
      )
    },

    attach: async (code: string, file: Upload, actor: Person): Promise<TicketView> =>
      viewOf(await attachments.add(code, file, actor), actor),
    /** A file with an answer that is being written (R049); it goes with it when that is given (`MoveTicket.files`). */
    attachToAnswer: async (code: string, file: Upload, actor: Person): Promise<TicketView> =>
      viewOf(await attachments.addToAnswer(code, file, actor), actor),
    dropFromAnswer: async (code: string, id: number, actor: Person): Promise<TicketView> =>
      viewOf(await attachments.dropFromAnswer(code, id, actor), actor),
    /** Each night: what was prepared for answers that nobody gave. Answers how many files went. */
    cleanAnswerDrafts: (): Promise<number> => attachments.cleanDrafts(),
    attachment: (code: string, id: number, viewer: Person): OpenAttachment =>
      readings.attachment(mustSee(code, viewer), id, viewer),

    /** For other features' lists; a mask of what the viewer may not see. */
    row: (ticketId: number, viewer: Person): TicketRow => views.row(mustHave(ticketId), viewer),

    /** For papers that leave the hotline: without who reported it. */
    facts: (ticketId: number) => summaries.facts(mustHave(ticketId)),
    callIds: (ticketId: number): string[] => store.callIds(ticketId),
    /** A case with the moment of its result; undefined where there is none for this person. Throws TICKET_OUT_OF_REACH for a mask. */
    findWithResult(code: string, viewer: Person) {
      const ticket = store.findByCode(code)
      const sight = ticket === undefined ? null : sights.of(ticket, viewer)
      if (ticket === undefined || sight === null) return undefined
      if (sight === 'mask')
        throw new AppError('forbidden', 'TICKET_OUT_OF_REACH', 'this case is with somebody else')
      return { ...ticket, resultAt: summaries.resultAt(ticket) }
    },

    /** An entry of the history by another feature, in its transaction; it calls `touched` when it is done. */
    note(
      ticketId: number,
      event: { at: string; type: string; actorId: number | null; detail: Record<string, unknown> },
    ): void {
      store.addEvent({ ticketId, ...event })
    },

    /** A delivery report or anything else changed what the ticket shows. */
    touched(code: string): void {
      const ticket = store.findByCode(code)
      if (ticket !== undefined) book.changed(ticket)
    },
    touchedAll(ticketIds: readonly number[]): void {
      for (const id of new Set(ticketIds)) {
        const ticket = store.find(id)
        if (ticket !== undefined) book.changed(ticket)
      }
    },

    /** Cases that a unit has still to answer, to work on beside another (Đ9.5a) or, as the City Office, to lead, by its id. */
    openByUnit(): ReadonlyMap<string, number> {
      const open = store.countByUnit(LEFT_BY_UNIT)
      for (const { unitId, cases } of ports.coHandling.countByUnit(LEFT_BY_UNIT))
        open.set(unitId, (open.get(unitId) ?? 0) + cases)
      // Led by the City Office (Đ9.5), whichever unit had it before.
      const led = [...store.countByUnit(['cityOffice']).values()].reduce((sum, cases) => sum + cases, 0)
      const office = ports.city.officeUnitId
      if (led > 0) open.set(office, (open.get(office) ?? 0) + led)
      return open
    },

    /** Its number; "-" for none. */
    codeOf: (ticketId: number): string => store.find(ticketId)?.code ?? '-',
  }

  function mustHave(ticketId: number): Ticket {
    const ticket = store.find(ticketId)
    if (ticket === undefined) throw new AppError('notFound', 'TICKET_NOT_FOUND', 'no such ticket')
    return ticket
  }

  /** One that is over answers for nobody, and is still asked for by its own id. */
  function unitsOf(unitId: string): readonly string[] {
    const ids = ports.directory.answersFor(unitId)
    return ids.length === 0 ? [unitId] : ids
  }

  function together(code: string, actor: Person, work: (seen: SeenCase) => Ticket): TicketView {
    const ticket = transaction(() => work(mustSee(code, actor)))
    book.changed(ticket)
    return viewOf(ticket, actor)
  }

  function urgeUnit(callId: string, asked: UrgentWord, operatorId: number): void {
    const changed = transaction(() => {
      const ticket = store.byCall(callId)
      if (ticket === undefined) return undefined
      // A transfer that began before midnight may have rung a unit that is over now.
      const word = { ...asked, unitId: ports.directory.successorOf(asked.unitId)?.id ?? asked.unitId }
      const hasSlip = ticket.state === 'assigned'
      const actor = { id: operatorId, name: ports.people.nameOf(operatorId) ?? '' }
      const written = hasSlip
        ? ticket
        : slips.send(
            ticket.code,
            { version: ticket.version, unitId: word.unitId, note: '' },
            actor,
            'putThrough',
          )
      if (hasSlip || word.to === 'heads') slips.urge(written, word, operatorId)
      return written
    })
    if (changed !== undefined) book.changed(changed)
  }

  function numberPatch(form: Partial<TicketForm>): TicketPatch {
    const typed = form.reporter?.phone
    if (typed === undefined) return {}
    if (typed === null || typed.trim() === '') return { phoneE164: null, phoneDisplay: '' }
    const number = ports.parseNumber(typed)
    return { phoneE164: number.e164, phoneDisplay: number.display === '' ? typed : number.display }
  }
}

function createCaseBook(ports: TicketPorts): CaseBook {
  const { store } = ports
  const book: CaseBook = {
    open(ticket, event) {
      const year = String(toLocalTime(new Date(event.at)).year % 100).padStart(2, '0')
      const series = `${ports.city.codePrefix}${year}`
      const code = `${series}-${String(store.nextNumber(series)).padStart(6, '0')}`
      const written = store.insert({ ...ticket, code, createdAt: event.at, updatedAt: event.at })
      store.addEvent({ ticketId: written.id, ...event })
      return written
    },
    mustFind(code) {
      const ticket = store.findByCode(code)
      if (ticket === undefined) throw new AppError('notFound', 'TICKET_NOT_FOUND', 'no such ticket')
      return ticket
    },
    mustBe: checkVersion,
    mayTake(ticket, action, version, facts, to) {
      checkVersion(ticket, version)
      const edge = edgeFor(ticket.state, action, to)
      if (edge === undefined)
        throw action === 'object' && ticket.state === 'merged'
          ? objectOnParent(leadingCase(store, ticket).code)
          : notPossible(action, ticket.state)
      const missing = missingFor(edge.guards, facts ?? factsOfCase(ticket))
      if (missing !== null) throw new AppError('invalid', missing, 'the ticket is not complete')
      return edge
    },
    take(ticket, edge, { at, actorId, type, detail, patch = {}, unitId, chosen, resumeFrom }) {
      const due = ports.deadlines.step({
        ticketId: ticket.id,
        unitId: unitId ?? ticket.unitId,
        at,
        ...edge.clocks,
        keep: STATES[edge.to].clocks,
        ...(chosen === undefined ? {} : { chosen }),
        ...(resumeFrom === undefined ? {} : { resumeFrom }),
      })
      const iso = at.toISOString()
      return book.change(
        ticket,
        { ...patch, state: edge.to, dueAt: due?.dueAt ?? null, updatedAt: iso },
        { at: iso, type, actorId, detail: { ...detail(due), article: edge.article } },
      )
    },
    change(ticket, patch, event) {
      // Led once, read ever after (visibility-policy.ts).
      const led = patch.state === 'cityOffice' && ticket.officeAt === null ? { officeAt: event.at } : {}
      const written = must(store.update(ticket, { ...patch, ...led }))
      store.addEvent({ ticketId: ticket.id, ...event })
      ports.dossiers.caseChanged(ticket, written, event)
      return written
    },
    addEvent(ticket, type, at, actorId, detail) {
      store.addEvent({ ticketId: ticket.id, at, type, actorId, detail })
    },
    changed({ code, version }) {
      // A transaction never awaits, so a microtask runs after whichever one is open now.
      queueMicrotask(() => {
        ports.notify.ticketChanged(code, version)
      })
    },
    receivedPatch: (ticket, at) => ({
      receivedAt: at,
      ...(ticket.title.trim() === '' ? { title: titleFrom(ticket.content) } : {}),
    }),
  }
  return book
}

function checkVersion(ticket: Ticket, version: number): void {
  if (ticket.version !== version) throw changedMeanwhile()
}

function must(ticket: Ticket | undefined): Ticket {
  if (ticket === undefined) throw changedMeanwhile()
  return ticket
}

function changedMeanwhile(): AppError {
  return new AppError('conflict', 'TICKET_CHANGED', 'somebody changed this ticket meanwhile')
}

/** Whoever reported the same objects on the case that was answered (row 22, Đ9.5b). */
function objectOnParent(subject: string): AppError {
  return new AppError('conflict', 'OBJECT_ON_PARENT', 'object on the case that this was merged into', {
    subject,
  })
}

function notPossible(action: string, state: TicketState): AppError {
  return new AppError('conflict', 'ACTION_NOT_POSSIBLE', `${action} is not possible in state ${state}`)
}
