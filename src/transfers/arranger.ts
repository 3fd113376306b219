import type { Exchange } from './service.ts'
import { type Arrangement, ARRANGEMENTS, type Place } from './transfer-machine.ts'
import { agencyOf, type TransferRow } from './transfer-row.ts'

const ROLES = ['citizen', 'operator', 'agency'] as const
type Role = (typeof ROLES)[number]
/** Undefined: nobody knows. */
type Places = Record<Role, Place | undefined>

interface Move {
  readonly role: Role
  readonly leg: string
  readonly to: Exclude<Place, null>
  readonly from: Place | undefined
}

export interface Arranger {
  /** Brings the legs to where the state wants them; false when one could not be brought. Never rejects. */
  arrange(row: TransferRow): Promise<boolean>
  /** Is anything known of where its legs are? Not after a restart. */
  knows(id: string): boolean
  /** Whatever was known may be wrong. */
  doubt(id: string): void
  /** A leg that is in none of our places yet. */
  isNew(id: string, role: Role): void
  forget(id: string): void
}

/** Who is brought where: first those who are to hear each other, then music for the third. */
export function createArranger(deps: {
  readonly exchange: Pick<Exchange, 'join' | 'part'>
  readonly log: { warn(fields: object, message: string): void }
}): Arranger {
  const { exchange, log } = deps
  const places = new Map<string, Places>()

  function placesOf(id: string): Places {
    const known = places.get(id) ?? { citizen: null, operator: null, agency: null }
    places.set(id, known)
    return known
  }

  function movesOf(row: TransferRow, known: Places): Move[] {
    const wanted: Arrangement = ARRANGEMENTS[row.state]
    const legOf = { citizen: row.callId, operator: row.operatorLeg, agency: agencyOf(row)?.leg }
    return ROLES.flatMap((role) => {
      const to = wanted[role]
      const leg = legOf[role]
      const from = known[role]
      return to === null || leg === undefined || from === to ? [] : [{ role, leg, to, from }]
    })
  }

  async function arrange(row: TransferRow): Promise<boolean> {
    const known = placesOf(row.id)
    const moves = movesOf(row, known)
    const attempt = async (group: readonly Move[], work: () => Promise<void>): Promise<boolean> => {
      for (const { role, to } of group) known[role] = to
      try {
        await work()
        return true
      } catch (err) {
        for (const { role } of group) known[role] = undefined
        log.warn({ transferId: row.id, group, err }, 'legs could not be brought where they belong')
        return false
      }
    }
    const joined = await Promise.all(
      (['talk', 'consult'] as const).map(async (place) => {
        const group = moves.filter(({ to }) => to === place)
        if (group.length === 0 || (await attempt(group, () => exchange.join(row.id, place, group))))
          return true
        // One of them may be gone: the others come all the same.
        for (const move of group) await attempt([move], () => exchange.join(row.id, place, [move]))
        return false
      }),
    )
    const parted = await Promise.all(
      moves.map(async (move) => {
        const { to } = move
        if (to !== 'music' && to !== 'ringback') return true
        return attempt([move], () => exchange.part(row.id, move.leg, to, move.from))
      }),
    )
    return [...joined, ...parted].every(Boolean)
  }

  return {
    arrange,
    knows: (id) => places.has(id),
    doubt(id) {
      places.set(id, { citizen: undefined, operator: undefined, agency: undefined })
    },
    isNew(id, role) {
      placesOf(id)[role] = null
    },
    forget(id) {
      places.delete(id)
    },
  }
}
