import { type Person } from '../accounts/contract.ts'
import { type Unit, type UnitPerson } from '../agencies/contract.ts'
import { type SlipDue } from '../deadlines/service.ts'
import { type SmsView } from '../messages/contract.ts'
import { AppError } from '../platform/errors.ts'
import { toLocalTime } from '../platform/clock.ts'
import { bareLink } from '../platform/links.ts'
import { isOfCase } from './attachments.ts'
import { isDirected } from './case-facts.ts'
import { type RouteOverride, type SendSlip, type SlipView } from './contract.ts'
import { hasCase, routeDetail } from './route-choice.ts'
import { factsOfCase, intakeOf } from './intake.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { createReporterCover } from './personal-data-policy.ts'
import { type CaseSms, type SmsLines, staffWords } from './sms-lines.ts'
import { type SlipPaper } from './slip-paper.ts'
import { formOf, type SlipRecord, type Ticket } from './ticket.ts'
import { type TicketEdge } from './ticket-machine.ts'

/** Series of slip numbers ("phiếu chuyển"), per year of the city's time. */
const SERIES = 'PC'

/** A slip about to be issued. */
export interface IssueSlip {
  readonly unitId: string
  readonly level: SlipPaper['level']
  /** Preliminary verification (Đ13.1), or why it goes on. */
  readonly note: string
  /** Null: a clock that ran out. */
  readonly actor: Pick<Person, 'id' | 'name'> | null
  /** By when, where that is named (Đ9.5); the clock that it starts says so. */
  readonly chosen?: Date
  /** What the city's leaders said (Đ9.5); its words are the `note`. */
  readonly directive?: Direction
  /** Why another unit than suggested (R023). */
  readonly override?: RouteOverride
  /** `putThrough`: a call about it rings them in this moment (Đ9.1). */
  readonly word?: 'slip' | 'putThrough'
  /** Of a slip to a co-handling unit: who leads. */
  readonly leadUnit?: string
}

/** What somebody was told to do, and by which document. */
export type Direction = Readonly<
  Partial<Record<'directive' | 'documentNo' | 'documentDate' | 'signer', string>>
>

interface NewSlip {
  readonly paper: SlipPaper
  readonly token: string
  readonly dueSms: string
  /** The clock that began with it: of its SMS each person gets one (`occasion` of the outbox). */
  readonly occasion: string
}

/** Whom of a unit to tell that a case is urgent. */
export interface UrgentWord {
  readonly unitId: string
  readonly to: 'officers' | 'heads'
}

/** Where the regulation has a unit get this slip. */
const CLAUSES: Readonly<Record<SlipPaper['level'], string>> = {
  officer: 'Điều 9 khoản 3',
  head: 'Điều 9 khoản 4',
  coHandler: 'Điều 9 khoản 5 điểm a',
}
const BY_DIRECTIVE = 'Điều 9 khoản 5'

/** Issues slips and follows what becomes of them. */
export function createSlips(ports: TicketPorts, book: CaseBook, lines: SmsLines) {
  const { store } = ports

  /** Takes the edge and writes the slip that goes with it. Throws UNIT_UNKNOWN, UNIT_HAS_NO_OFFICER before it writes anything. */
  function issue(before: Ticket, edge: TicketEdge, asked: IssueSlip): Ticket {
    const issuedAt = ports.now()
    const at = issuedAt.toISOString()
    const unit = recipient(asked)
    const actorId = asked.actor?.id ?? null
    if (edge.through !== undefined) book.addEvent(before, 'received', at, actorId, intakeOf(before))
    const received = edge.through === undefined ? {} : book.receivedPatch(before, at)
    let slip: NewSlip | undefined
    const written = book.take(before, edge, {
      at: issuedAt,
      actorId,
      unitId: unit.id,
      ...(asked.chosen === undefined ? {} : { chosen: asked.chosen }),
      patch: { ...received, unitId: unit.id },
      type: 'slipIssued',
      // The clocks have been set by now: the slip says when it is due.
      detail: (due) => {
        slip = draw({ ...before, ...received }, unit, issuedAt, asked, due)
        const { number, version, level, dueAt, dueText } = slip.paper
        const route = asked.level === 'officer' ? routeDetail(ports.directory, before, asked) : {}
        const directed = asked.directive === undefined ? {} : { directed: true }
        return {
          number,
          version,
          level,
          unitId: unit.id,
          unitName: unit.name,
          dueAt,
          dueText,
          ...route,
          ...directed,
        }
      },
    })
    leadsNow(written, unit, at, actorId)
    const word = asked.word ?? 'slip'
    if (slip !== undefined) send(written, slip, unit, { actorId, word })
    // Whoever is being put through hears it; what a clock passes on to the head is no news for the citizen.
    if (slip !== undefined && slip.dueSms !== '' && word === 'slip' && asked.level === 'officer')
      lines.keepCitizenPosted(written, 'forwarded', { unit: unit.smsName, due: slip.dueSms })
    return written
  }

  /** Throws for a unit that cannot take it; what a clock passes on to a head goes out, whoever is there to read it. */
  function recipient({ unitId, level, actor }: IssueSlip): Unit {
    const unit = ports.directory.unit(unitId)
    if (unit === undefined) throw new AppError('invalid', 'UNIT_UNKNOWN', 'no such unit')
    if (actor === null) return unit
    const now = ports.directory.successorOf(unitId)
    if (now?.id !== unit.id)
      throw now === undefined
        ? new AppError('invalid', 'UNIT_OVER', 'this unit is over, and nobody took over')
        : new AppError('invalid', 'UNIT_SUCCEEDED', 'this unit is over', { subject: now.name })
    if (level !== 'head' && !unit.people.some(({ role }) => role === 'officer'))
      throw new AppError('invalid', 'UNIT_HAS_NO_OFFICER', 'this unit has nobody to send a slip to')
    return unit
  }

  /** A unit leads or works beside the one that does, never both (Đ9.5a). */
  function leadsNow(
    ticket: Ticket,
    { id: unitId, name: unitName }: Unit,
    at: string,
    actorId: number | null,
  ): void {
    for (const id of ports.directory.answersFor(unitId)) {
      const ended = ports.coHandling.end(ticket.id, id, at)
      if (ended === undefined) continue
      const detail = { number: ended.slipNumber, unitId, unitName, reason: 'leadsNow' }
      book.addEvent(ticket, 'coHandlerRemoved', at, actorId, detail)
    }
  }

  /** Whom a co-handling unit works beside (Đ9.5). */
  function leadOf({ state, unitId }: Ticket): Unit | undefined {
    const { officeUnitId } = ports.city
    return ports.directory.unit(state === 'cityOffice' ? officeUnitId : (unitId ?? ''))
  }

  /** The newest slip of the unit that leads. */
  function newest(ticketId: number): SlipRecord | undefined {
    return store.leadSlip(ticketId)
  }

  /** `due`: when the case must go on, by its clocks as they stand now. */
  function draw(ticket: Ticket, unit: Unit, issuedAt: Date, asked: IssueSlip, due: SlipDue | null): NewSlip {
    const at = issuedAt.toISOString()
    const token = ports.randomToken()
    const year = String(toLocalTime(issuedAt).year % 100).padStart(2, '0')
    const number = `${SERIES}${year}-${String(store.nextNumber(`${SERIES}${year}`)).padStart(6, '0')}`
    const version = store.nextSlipVersion(ticket.id)
    const field = ticket.fieldId === null ? undefined : ports.directory.field(ticket.fieldId)
    const area = ticket.areaId === null ? undefined : ports.directory.area(ticket.areaId)
    const category =
      field?.category ??
      (ticket.categoryId === null ? undefined : ports.directory.category(ticket.categoryId))
    const officers = unit.people.filter((person) => person.role === 'officer')
    const paper: SlipPaper = {
      number,
      version,
      ticketCode: ticket.code,
      training: ticket.training,
      urgent: ticket.urgent,
      city: ports.city.name,
      hotline: ports.city.hotline,
      receivedAt: ticket.receivedAt ?? at,
      channel: ticket.channel,
      kind: ticket.kind,
      category: category?.name ?? null,
      field: field?.field.name ?? null,
      title: ticket.title,
      content: ticket.content,
      place: ticket.place,
      area: area?.name ?? null,
      attachments: store
        .attachments(ticket.id)
        .filter(isOfCase)
        .map(({ name }) => name),
      reporter: ticket.confidential || asked.level === 'coHandler' ? null : formOf(ticket).reporter,
      note: asked.note.normalize('NFC').trim(),
      unit: { name: unit.name, officers: officers.map(officerOf) },
      level: asked.level,
      ...(asked.leadUnit === undefined ? {} : { leadUnit: asked.leadUnit }),
      ...(asked.directive === undefined ? {} : { directive: documentOf(asked.directive) }),
      legalBasis: `${asked.directive === undefined ? CLAUSES[asked.level] : BY_DIRECTIVE}, ${ports.city.regulation}`,
      issuedAt: at,
      dueAt: due?.dueAt ?? null,
      dueText: due?.text ?? '',
      dueWords: due?.words ?? '',
      operatorName: asked.actor?.name ?? '',
      link: `${ports.publicUrl}/p/${token}`,
    }
    return { paper, token, dueSms: due?.smsText ?? '', occasion: occasionOf(due?.deadlineId, number) }
  }

  function send(
    ticket: Ticket,
    { paper, token, dueSms, occasion }: NewSlip,
    unit: Unit,
    { actorId, word }: { readonly actorId: number | null; readonly word: 'slip' | 'putThrough' },
  ): void {
    const { number, version, issuedAt, dueAt, level } = paper
    const slipId = store.addSlip({
      ticketId: ticket.id,
      number,
      version,
      token,
      unitId: unit.id,
      unitName: unit.name,
      body: { ...paper },
      issuedAt,
      dueAt,
      operatorId: actorId,
    })
    // Đ9.2: whatever is forwarded, the City Office follows from the same moment.
    ports.oversight.add({ slipId, ticketId: ticket.id, since: issuedAt })
    const told: SmsView[] = []
    const { title: subject, place } = staffWords(ticket, paper.area ?? '')
    for (const person of recipients(unit, paper)) {
      const link = bareLink(paper.link)
      const named = { code: ticket.code, link }
      const common = { ...named, due: dueSms }
      const messageOf = () => {
        if (level === 'head') {
          const matter = [paper.field ?? subject, place].filter((part) => part !== '').join(', ')
          return { template: 'slipHead' as const, slots: { ...common, matter } }
        }
        if (level === 'coHandler') {
          const unit = leadOf(ticket)?.smsName ?? ports.city.hotline
          const slots = { ...named, subject, place, unit }
          return { template: 'slipCoHandler' as const, slots }
        }
        if (paper.directive !== undefined) return directedWords(ticket, paper, dueSms)
        if (word === 'putThrough') {
          const time = clockOf(issuedAt)
          const slots = { code: ticket.code, subject, place, time, link }
          return { template: 'urgentOfficer' as const, slots }
        }
        const slots = { ...common, field: paper.field ?? '', subject, place }
        return {
          template: ports.city.longSlips === true ? ('slipOfficerLong' as const) : ('slipOfficer' as const),
          slots,
        }
      }
      const sms = lines.sendTo(ticket, {
        ...messageOf(),
        to: person.phone,
        toName: person.name,
        line: 'slipSms',
        at: new Date(issuedAt),
        actorId,
        detail: { number, version },
        urgent: ticket.urgent || word === 'putThrough',
        // A unit that works beside another has no clock of its own.
        actBy: level === 'coHandler' ? null : dueAt,
        occasion,
      })
      told.push(sms)
    }
    if (told.every(({ state }) => state === 'refused')) {
      const detail = { number, version, level, unitName: unit.name, phone: unit.dutyPhone }
      book.addEvent(ticket, 'slipNobodyTold', issuedAt, actorId, detail)
    }
  }

  return {
    /** Slip, state, history and SMS rows in the caller's transaction: all of it or nothing (R048). */
    send: (
      code: string,
      asked: SendSlip,
      actor: Pick<Person, 'id' | 'name'>,
      word: IssueSlip['word'] = 'slip',
    ): Ticket => {
      const before = book.mustFind(code)
      const edge = book.mayTake(before, 'sendSlip', asked.version, {
        ...factsOfCase(before),
        get isDirected() {
          return isDirected(store.events(before.id))
        },
        get isItself() {
          return hasCase(ports.directory, before, asked.unitId)
        },
      })
      const { unitId, note, override } = asked
      return issue(before, edge, {
        unitId,
        level: 'officer',
        note,
        actor,
        word,
        ...(override === undefined
          ? {}
          : { override: { ...override, text: override.text.normalize('NFC').trim() } }),
      })
    },
    issue,
    newest,

    /**
     * A sub-slip to a unit that works on the case beside the one that leads (Đ9.5a): numbered like the others, without a clock.
     * `send` writes it with its SMS, once the case says so. Throws as `issue`.
     */
    forCoHandler: (
      ticket: Ticket,
      asked: {
        readonly unitId: string
        readonly reason: string
        readonly actor: Pick<Person, 'id' | 'name'>
      },
    ): { readonly number: string; readonly unitName: string; readonly send: (written: Ticket) => void } => {
      const { unitId, reason: note, actor } = asked
      const unit = recipient({ unitId, level: 'coHandler', note, actor })
      const leadUnit = leadOf(ticket)?.name ?? ''
      const due = ports.deadlines.due(ticket.id)
      const wanted = { unitId: unit.id, level: 'coHandler', note, actor, leadUnit } as const
      const slip = draw(ticket, unit, ports.now(), wanted, due)
      const { number } = slip.paper
      return {
        number,
        unitName: unit.name,
        send: (written) => {
          send(written, { ...slip, occasion: occasionOf(undefined, number) }, unit, {
            actorId: actor.id,
            word: 'slip',
          })
        },
      }
    },

    /**
     * An urgent word to a unit's officers or head, with the link of the newest slip (Đ9.1, Đ9.2): their phone rings, or nobody
     * took the call. Throws UNIT_UNKNOWN and SLIP_NOT_FOUND before anything is written.
     */
    urge: (ticket: Ticket, asked: UrgentWord, operatorId: number): void => {
      const unit = ports.directory.unit(asked.unitId)
      if (unit === undefined) throw new AppError('invalid', 'UNIT_UNKNOWN', 'no such unit')
      const slip = newest(ticket.id)
      if (slip === undefined) throw new AppError('notFound', 'SLIP_NOT_FOUND', 'no slip to point to')
      const paper = slip.body as unknown as SlipPaper
      const issuedAt = ports.now()
      const { title: subject, place } = staffWords(ticket, paper.area ?? '')
      const [template, role] =
        asked.to === 'heads' ? (['urgentHead', 'head'] as const) : (['urgentOfficer', 'officer'] as const)
      for (const person of unit.people.filter((one) => one.role === role)) {
        lines.sendTo(ticket, {
          template,
          slots: {
            code: ticket.code,
            subject,
            place,
            time: clockOf(issuedAt.toISOString()),
            link: bareLink(paper.link),
          },
          to: person.phone,
          toName: person.name,
          line: 'urgentSms',
          at: issuedAt,
          actorId: operatorId,
          detail: { number: slip.number, version: slip.version, unitName: unit.name, role },
          urgent: true,
        })
      }
    },

    /** "16h45 T6 06/03", as the slip says it. */
    dueSms: ({ body }: SlipRecord): string => {
      const { dueAt, dueText, dueWords } = body as unknown as SlipPaper
      // Without a date the text is a sentence, too long for an SMS.
      return dueAt === null ? dueWords : dueText.replace(':', 'h')
    },

    /** Somebody without an account opened the link: the first time is kept, it shows that the slip arrived. */
    noteOpened: (slip: SlipRecord): void => {
      ports.transaction(() => {
        const at = ports.now().toISOString()
        const ticket = store.find(slip.ticketId)
        if (ticket === undefined || !store.noteSlipOpened(slip.id, at)) return
        book.addEvent(ticket, 'slipOpened', at, null, { number: slip.number, version: slip.version })
        book.changed(ticket)
      })
    },
  }
}

/** What an SMS about a clock is written for; a slip without one is an occasion of its own. */
export function occasionOf(deadlineId: number | undefined, number = ''): string {
  return deadlineId === undefined ? `slip:${number}` : `deadline:${String(deadlineId)}`
}

/** A directive is for the whole unit (Đ9.5): whoever answers for it hears of it as soon as whoever has to act. */
function recipients({ people }: Unit, { level, directive }: SlipPaper): readonly UnitPerson[] {
  const isFor = ({ role }: UnitPerson): boolean =>
    level === 'head' ? role === 'head' : role === 'officer' || directive !== undefined
  return people.filter(isFor)
}

/** The SMS of a slip that a directive came with. What it says is free text, and covered like all of it (Đ12.2). */
export function directedWords(
  ticket: Ticket,
  paper: SlipPaper,
  due: string,
): Pick<CaseSms, 'template' | 'slots'> {
  const { title: subject, place } = staffWords(ticket, paper.area ?? '')
  const { freeText } = createReporterCover(ticket)
  return {
    template: 'slipDirected',
    slots: {
      code: ticket.code,
      directive: freeText(paper.note),
      document: freeText(paper.directive?.documentNo ?? ''),
      subject,
      place,
      due,
      link: bareLink(paper.link),
    },
  }
}

function documentOf({ documentNo, documentDate }: Direction): NonNullable<SlipPaper['directive']> {
  return {
    ...(documentNo === undefined ? {} : { documentNo }),
    ...(documentDate === undefined ? {} : { documentDate }),
  }
}

/** "09h12" in the city's time. */
function clockOf(at: string): string {
  const { hour, minute } = toLocalTime(new Date(at))
  return `${String(hour).padStart(2, '0')}h${String(minute).padStart(2, '0')}`
}

/** What the ticket shows of a slip. */
export function slipViewOf(
  slip: SlipRecord,
  code: string,
  { isReplaced, dueNow }: Pick<SlipView, 'isReplaced' | 'dueNow'>,
): SlipView {
  const { level, dueText } = slip.body as unknown as SlipPaper
  return {
    number: slip.number,
    version: slip.version,
    unitId: slip.unitId,
    unitName: slip.unitName,
    issuedAt: slip.issuedAt,
    dueAt: slip.dueAt,
    // The lead's clock is not that of a unit beside it.
    dueText: level === 'coHandler' ? '' : dueText,
    ...(dueNow === undefined ? {} : { dueNow }),
    path: `/p/${slip.token}`,
    pdfPath: `/api/tickets/${code}/slips/${String(slip.version)}.pdf`,
    isReplaced,
  }
}

function officerOf({ name, position, phone }: UnitPerson): SlipPaper['unit']['officers'][number] {
  return { name, position, phone }
}
