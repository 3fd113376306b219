import { type Unit, type UnitPerson } from '../agencies/contract.ts'
import { dayOf, type DirectoryChange } from '../agencies/service.ts'
import { smsDue } from '../deadlines/service.ts'
import { bareLink } from '../platform/links.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { type SlipPaper } from './slip-paper.ts'
import { type createSlips, directedWords } from './slips.ts'
import { type CaseSms, type SmsLines, staffWords } from './sms-lines.ts'
import { HELD_BY_HEAD, LEFT_BY_UNIT } from './ticket-machine.ts'
import { type SlipRecord, type Ticket } from './ticket.ts'

/** Line of the history: another unit does the work of the one that had the case, or that worked beside it (`beside`). */
export const TOOK_OVER = 'unitTookOver'

/** What the SMS of a case that was taken over is written for: one for each change, case and recipient. */
export const HANDOVER = 'handover:'

/** In the place of a time: the clock stands still until the citizen has replied, and its end is open. */
export const STANDS_STILL = 'đang tạm dừng'

const DAY_MS = 86_400_000

type Closing = Extract<DirectoryChange['body'], { kind: 'unitClosed' }>
interface Handover {
  readonly changeId: number
  readonly from: Unit | undefined
  readonly to: Unit
  /** The unit that ended, and those whose work had come to it. */
  readonly unitIds: readonly string[]
}

interface Parts {
  readonly slips: ReturnType<typeof createSlips>
  readonly lines: SmsLines
}

/** Open cases of a unit that ended, in the history and the telephones of the one that took over (R012, regulation.md 1.7). */
export function createSuccession(ports: TicketPorts, book: CaseBook, { slips, lines }: Parts) {
  const { store, directory, coHandling } = ports
  let done: { readonly day: string; readonly changes: readonly DirectoryChange[] } | null = null

  function handoverOf({ id, effectiveOn, body }: DirectoryChange): Handover | null {
    if (body.kind !== 'unitClosed') return null
    const { unitId, successorId }: Closing = body
    const to = successorId === null ? undefined : directory.unit(successorId)
    if (to === undefined) return null
    // By the last day on which the unit was there.
    const before = directory.at(new Date(Date.parse(`${effectiveOn}T00:00:00Z`) - DAY_MS))
    return { changeId: id, from: directory.unit(unitId), to, unitIds: before.answersFor(unitId) }
  }

  const isWritten = (ticket: Ticket, { changeId }: Handover, beside: boolean): boolean =>
    store
      .events(ticket.id)
      .some(
        ({ type, detail }) =>
          type === TOOK_OVER && detail['changeId'] === changeId && (detail['beside'] === true) === beside,
      )

  /** `slip`: what the unit that ended had of it. */
  function takeOver(ticket: Ticket, handover: Handover, slip: SlipRecord | undefined, beside: boolean): void {
    if (isWritten(ticket, handover, beside)) return
    const { changeId, from, to } = handover
    book.addEvent(ticket, TOOK_OVER, ports.now().toISOString(), null, {
      changeId,
      fromUnitName: from?.name ?? '',
      unitId: to.id,
      unitName: to.name,
      ...(beside ? { beside } : {}),
    })
    // One that is over by now too has left it to the next.
    const isThere = directory.successorOf(to.id)?.id === to.id
    if (slip !== undefined && isThere) tell(ticket, handover, slip)
    book.changed(ticket)
  }

  function tell(ticket: Ticket, { changeId, to }: Handover, slip: SlipRecord): void {
    const { number, version } = slip
    const at = ports.now()
    const { level, directive } = slip.body as unknown as SlipPaper
    const holder = level !== 'coHandler' && HELD_BY_HEAD.includes(ticket.state) ? 'head' : 'officer'
    // A directive is for the whole unit (Đ9.5), and what goes up is the officers' to work on still (Đ9.4).
    const roles = holder === 'head' || directive !== undefined ? ['officer', 'head'] : ['officer']
    const told = to.people
      .filter(({ role }) => roles.includes(role))
      .map((person) => ({
        role: person.role,
        ...lines.sendTo(ticket, {
          ...wordsOf(ticket, slip, { role: person.role, unit: to.smsName }),
          to: person.phone,
          toName: person.name,
          line: 'slipSms',
          at,
          actorId: null,
          detail: { number, version },
          urgent: ticket.urgent,
          occasion: `${HANDOVER}${String(changeId)}:${String(ticket.id)}`,
        }),
      }))
    if (told.some(({ role, state }) => state !== 'refused' && (holder === 'officer' || role === 'head')))
      return
    const detail = { number, version, level: holder, unitName: to.name, phone: to.dutyPhone }
    book.addEvent(ticket, 'slipNobodyTold', at.toISOString(), null, detail)
  }

  function wordsOf(
    ticket: Ticket,
    slip: SlipRecord,
    reader: { readonly role: UnitPerson['role']; readonly unit: string },
  ): Pick<CaseSms, 'template' | 'slots'> {
    const paper = slip.body as unknown as SlipPaper
    const { title: subject, place } = staffWords(ticket, paper.area ?? '')
    const common = { code: ticket.code, subject, place, link: bareLink(paper.link) }
    if (paper.level === 'coHandler') {
      const unit = directory.successorOf(ticket.unitId ?? '')?.smsName ?? ports.city.hotline
      return { template: 'slipCoHandler', slots: { ...common, unit } }
    }
    const matter = [paper.field ?? subject, place].filter((part) => part !== '').join(', ')
    if (ticket.state === 'overdue') {
      const over = ports.deadlines.broken(ticket.id, ['head'])
      const due = over === null ? slips.dueSms(slip) : smsDue(over.kind, over.dueAt)
      return { template: 'overdueTakenOver', slots: { ...common, matter, unit: reader.unit, due } }
    }
    const due =
      ticket.state === 'awaitingCitizen'
        ? STANDS_STILL
        : (ports.deadlines.due(ticket.id)?.smsText ?? slips.dueSms(slip))
    if (reader.role === 'head' && ticket.state === 'escalated')
      return { template: 'slipHead', slots: { ...common, matter, due } }
    if (paper.directive !== undefined) return directedWords(ticket, paper, due)
    return {
      template: ports.city.longSlips === true ? 'slipOfficerLong' : 'slipOfficer',
      slots: { ...common, field: paper.field ?? '', due },
    }
  }

  function handOver(handover: Handover): void {
    const { unitIds } = handover
    for (const ticket of store.heldBy(unitIds, LEFT_BY_UNIT))
      takeOver(ticket, handover, slips.newest(ticket.id), false)
    for (const { ticketId, slipNumber } of coHandling.besideOf(unitIds, LEFT_BY_UNIT)) {
      const ticket = store.find(ticketId)
      const slip = store.slips(ticketId).find(({ number }) => number === slipNumber)
      if (ticket !== undefined) takeOver(ticket, handover, slip, true)
    }
    // The City Office leads these whoever had them; they have no slip of its own.
    if (unitIds.includes(ports.city.officeUnitId))
      for (const ticket of store.heldBy(null, ['cityOffice'])) takeOver(ticket, handover, undefined, false)
  }

  return {
    /** What is in force and was not written yet; however often it is asked, each change reaches each case once. */
    run(changes: readonly DirectoryChange[]): void {
      const day = dayOf(ports.now())
      if (done?.day === day && done.changes === changes) return
      ports.transaction(() => {
        for (const change of changes) {
          const handover = change.effectiveOn <= day ? handoverOf(change) : null
          if (handover !== null) handOver(handover)
        }
      })
      done = { day, changes }
    },
  }
}
