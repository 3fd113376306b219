import { type UnitPerson } from '../agencies/contract.ts'
import { dayOf, type DirectoryChange } from '../agencies/service.ts'
import { bareLink } from '../platform/links.ts'
import { type TicketPorts } from './service.ts'
import { AT_UNIT } from './ticket-machine.ts'

const DAY_MS = 86_400_000

/** What the words of the message say that they do from now on; before the name of the unit. */
const DUTIES: Readonly<Record<UnitPerson['role'], string>> = {
  officer: 'xử lý phiếu của',
  head: 'là Thủ trưởng',
}

interface Newcomer {
  readonly unitId: string
  readonly person: UnitPerson
  /** The same person in the same change of officers, however many lines of the directory it took. */
  readonly occasion: string
}

/** Whoever comes in by a change of officers (Đ17.9) hears, on the day it takes force, what they take over. */
export function createNewcomers(ports: TicketPorts) {
  const { store, directory, coHandling } = ports
  let done: { readonly day: string; readonly changes: readonly DirectoryChange[] } | null = null

  /** Null for a change that brings nobody in, and for somebody who is gone again by now. */
  function newcomerOf({ effectiveOn, body }: DirectoryChange): Newcomer | null {
    if (body.kind !== 'personAdded' && body.kind !== 'personChanged') return null
    const { unitId, personId } = body
    const person = directory.unit(unitId)?.people.find(({ id }) => id !== undefined && id === personId)
    if (person === undefined) return null
    const newcomer = { unitId, person, occasion: `newcomer:${unitId}/${person.id ?? ''}:${effectiveOn}` }
    if (body.kind === 'personAdded') return newcomer
    // An officer who is head from that day on comes in too; another number or rota brings nobody.
    const before = directory
      .at(new Date(Date.parse(`${effectiveOn}T00:00:00Z`) - DAY_MS))
      .unit(unitId)
      ?.people.find(({ id }) => id === personId)
    return body.person.role === undefined || before?.role === body.person.role ? null : newcomer
  }

  /** What the unit has to answer, alone or beside another; late is what has left the officer's time behind (Đ9.4), or the Office's. */
  function workOf(unitId: string): { readonly cases: number; readonly late: number } {
    const unitIds = directory.answersFor(unitId)
    const held = store.heldBy(unitIds, AT_UNIT)
    const led = unitIds.includes(ports.city.officeUnitId) ? store.heldBy(null, ['cityOffice']) : []
    const beside = coHandling.besideOf(unitIds, AT_UNIT)
    const cases = new Set(
      [...held, ...led].map(({ id }) => id).concat(beside.map(({ ticketId }) => ticketId)),
    )
    const late = held.filter(({ state }) => state === 'escalated' || state === 'overdue').length
    const lateLed = led.filter(
      ({ id }) => ports.deadlines.broken(id, ['office'], ports.now()) !== null,
    ).length
    return { cases: cases.size, late: late + lateLed }
  }

  function tell({ unitId, person, occasion }: Newcomer, work: ReturnType<typeof workOf>): void {
    ports.outbox.enqueue({
      template: 'casesTakenOver',
      slots: {
        duty: DUTIES[person.role],
        unit: directory.unit(unitId)?.smsName ?? '-',
        count: String(work.cases),
        late: work.late === 0 ? '' : String(work.late),
        link: bareLink(`${ports.publicUrl}/tickets`),
      },
      to: person.phone,
      toName: person.name,
      ticketCode: null,
      training: false,
      occasion,
    })
  }

  return {
    /** Each change that is in force once, however late it is found to be; no message where nothing is left to take over. */
    run(changes: readonly DirectoryChange[]): void {
      const now = ports.now()
      const day = dayOf(now)
      if (done?.day === day && done.changes === changes) return
      ports.transaction(() => {
        for (const change of changes) {
          if (change.effectiveOn > day || store.hasHandover(change.id)) continue
          const newcomer = newcomerOf(change)
          const work = newcomer === null ? { cases: 0, late: 0 } : workOf(newcomer.unitId)
          // What comes later is news of its own, so it is written down that there was nothing.
          store.addHandover({ changeId: change.id, at: now.toISOString(), ...work })
          if (newcomer !== null && work.cases > 0) tell(newcomer, work)
        }
      })
      done = { day, changes }
    },
  }
}
