import { type Person } from '../accounts/contract.ts'
import { type CaseSight } from './contract.ts'
import { type TicketPorts } from './service.ts'
import { type Ticket } from './ticket.ts'
import { sightOf, type Viewer } from './visibility-policy.ts'

export type CaseSights = ReturnType<typeof createCaseSights>

/** Asks visibility-policy.ts about cases as they are now. */
export function createCaseSights({
  store,
  coHandling,
  directory,
  dossiers,
}: Pick<TicketPorts, 'store' | 'coHandling' | 'directory' | 'dossiers'>) {
  const viewer = ({ id, role, unitId }: Pick<Person, 'id' | 'role' | 'unitId'>): Viewer => ({
    id,
    role,
    unitIds: unitId === null ? [] : directory.answersFor(unitId),
  })

  /** Looked up only by whom it concerns: lists of the hotline ask for hundreds. */
  const standing = (ticket: Ticket) => ({
    state: ticket.state,
    confidential: ticket.confidential,
    operatorId: ticket.operatorId,
    unitId: ticket.unitId,
    releasedTo: ticket.releasedTo,
    wasLed: ticket.officeAt !== null,
    get slipUnitIds() {
      return store.slipUnits(ticket.id)
    },
    get coUnitIds() {
      return coHandling.active(ticket.id).map(({ unitId }) => unitId)
    },
    get isListed() {
      return dossiers.ofTicket(ticket.id).length > 0
    },
  })

  return {
    viewer,
    of: (ticket: Ticket, person: Person): CaseSight | null => sightOf(viewer(person), standing(ticket)),
  }
}
