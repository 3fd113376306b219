import { type CoHandler } from './co-handling-store.ts'
import { type Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import { type CaseSights } from './case-sights.ts'
import { coActionsOf } from './co-handling-policy.ts'
import {
  type AddCoHandler,
  type CaseSight,
  type CoAction,
  type CoHandlingView,
  type Contribution,
  type Disagree,
  type RemoveCoHandler,
} from './contract.ts'
import { factsOfCase } from './intake.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { type createSlips } from './slips.ts'
import { type Ticket, type TicketEventRecord } from './ticket.ts'

/** A case as its reader sees it. */
export interface SeenCase {
  readonly ticket: Ticket
  readonly sight: CaseSight
}

/** Units that work on a case together (co-handling-policy.ts). Each step in the caller's transaction. */
export function createCoHandling(
  ports: TicketPorts,
  book: CaseBook,
  slips: ReturnType<typeof createSlips>,
  sights: CaseSights,
) {
  const { coHandling: store } = ports

  const actionsFor = (
    { ticket, sight }: SeenCase,
    actor: Person,
    active: readonly CoHandler[] = store.active(ticket.id),
  ): CoAction[] =>
    coActionsOf(
      { role: actor.role, unitIds: sights.viewer(actor).unitIds, sight },
      {
        state: ticket.state,
        leadUnitId: ticket.unitId,
        coUnitIds: active.map(({ unitId }) => unitId),
      },
    )

  const mustMay = (seen: SeenCase, action: CoAction, actor: Person): void => {
    if (!actionsFor(seen, actor).includes(action))
      throw new AppError(
        'conflict',
        'CO_HANDLING_NOT_POSSIBLE',
        `${action} is not possible now, or not for them`,
      )
  }

  /** The actor's own unit, for what it says. */
  const ownUnit = (actor: Person) => {
    const unit = actor.unitId === null ? undefined : ports.directory.unit(actor.unitId)
    return { unitId: unit?.id ?? null, unitName: unit?.name ?? '' }
  }

  const touch = (ticket: Ticket, type: string, actor: Person, detail: Record<string, unknown>): Ticket => {
    const at = ports.now().toISOString()
    return book.change(ticket, { updatedAt: at }, { at, type, actorId: actor.id, detail })
  }

  return {
    /** Throws CO_HANDLING_NOT_POSSIBLE, TICKET_CHANGED, CO_HANDLER_IS_LEAD, CO_HANDLER_ALREADY, UNIT_UNKNOWN, UNIT_HAS_NO_OFFICER. */
    add(seen: SeenCase, asked: AddCoHandler, actor: Person): Ticket {
      mustMay(seen, 'add', actor)
      const { ticket } = seen
      const { unitId } = asked
      book.mustBe(ticket, asked.version)
      // What came to it from a unit that is over is its own.
      const ids = ports.directory.answersFor(unitId)
      if (ids.some((id) => id === ticket.unitId))
        throw new AppError('conflict', 'CO_HANDLER_IS_LEAD', 'this unit leads')
      if (store.active(ticket.id).some((one) => ids.includes(one.unitId)))
        throw new AppError('conflict', 'CO_HANDLER_ALREADY', 'this unit takes part already')
      const reason = said(asked.reason)
      const { number, unitName, send } = slips.forCoHandler(ticket, { unitId, reason, actor })
      const at = ports.now().toISOString()
      store.add({
        ticketId: ticket.id,
        unitId,
        unitName,
        slipNumber: number,
        reason,
        addedAt: at,
        addedBy: actor.id,
      })
      const written = touch(ticket, 'coHandlerAdded', actor, { number, unitId, unitName, reason })
      send(written)
      return written
    },

    /** Throws CO_HANDLING_NOT_POSSIBLE, TICKET_CHANGED, CO_HANDLER_NONE. */
    remove(seen: SeenCase, unitId: string, asked: RemoveCoHandler, actor: Person): Ticket {
      mustMay(seen, 'remove', actor)
      book.mustBe(seen.ticket, asked.version)
      const reason = said(asked.reason)
      const ended = store.end(seen.ticket.id, unitId, ports.now().toISOString())
      if (ended === undefined) throw new AppError('notFound', 'CO_HANDLER_NONE', 'this unit takes no part')
      const { unitName, slipNumber: number } = ended
      return touch(seen.ticket, 'coHandlerRemoved', actor, { number, unitId, unitName, reason })
    },

    /** Adds to the history and disturbs nobody who writes meanwhile. Throws CO_HANDLING_NOT_POSSIBLE. */
    contribute(seen: SeenCase, { text }: Contribution, actor: Person): Ticket {
      mustMay(seen, 'contribute', actor)
      const at = ports.now().toISOString()
      book.addEvent(seen.ticket, 'contributed', at, actor.id, { ...ownUnit(actor), text: said(text) })
      return seen.ticket
    },

    /** The units cannot agree: the City Office takes the lead (Đ9.5a, R055). Throws CO_HANDLING_NOT_POSSIBLE, TICKET_CHANGED. */
    disagree(seen: SeenCase, asked: Disagree, actor: Person): Ticket {
      mustMay(seen, 'disagree', actor)
      const { ticket } = seen
      const given = { leadReason: 'unitsDisagree', reason: said(asked.position) }
      const edge = book.mayTake(ticket, 'takeLead', asked.version, {
        ...factsOfCase(ticket),
        given,
      })
      const at = ports.now()
      const detail = { ...ownUnit(actor), text: given.reason }
      book.addEvent(ticket, 'disagreed', at.toISOString(), actor.id, detail)
      return book.take(ticket, edge, { at, actorId: actor.id, type: 'leadTaken', detail: () => given })
    },

    view: (seen: SeenCase, events: readonly TicketEventRecord[], viewer: Person): CoHandlingView => {
      const { ticket, sight } = seen
      if (sight === 'mask' || sight === 'ownSlips') return { units: [], statements: [], actions: [] }
      const active = store.active(ticket.id)
      return {
        units: active.map(({ unitId, unitName, slipNumber, reason, addedAt, addedBy }) => ({
          unitId,
          unitName,
          slipNumber,
          reason,
          addedAt,
          addedByName: ports.people.nameOf(addedBy),
        })),
        statements: events.filter(isStatement).map(({ at, type, actorId, detail }) => ({
          at,
          isDisagreement: type === 'disagreed',
          unitName: String(detail['unitName']),
          byName: actorId === null ? null : ports.people.nameOf(actorId),
          text: String(detail['text']),
        })),
        actions: actionsFor(seen, viewer, active),
      }
    },
  }
}

function isStatement({ type }: TicketEventRecord): boolean {
  return type === 'contributed' || type === 'disagreed'
}

/** Throws REASON_REQUIRED for nothing but blanks. */
function said(text: string): string {
  const clean = text.normalize('NFC').trim()
  if (clean === '') throw new AppError('invalid', 'REASON_REQUIRED', 'nothing was said')
  return clean
}
