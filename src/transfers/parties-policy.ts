import type { HearingGroup, TransferParty, TransferState } from './contract.ts'
import { ARRANGEMENTS, isRinging, type Place } from './transfer-machine.ts'

const ORDER: readonly TransferParty[] = ['operator', 'citizen', 'agency']

/** On their way between our hands and the dialplan's, where no arrangement names them. */
const MOVING: Readonly<Partial<Record<TransferState, readonly TransferParty[]>>> = {
  starting: ['operator', 'citizen'],
  operatorAwaited: ['operator'],
  citizenAwaited: ['citizen'],
  citizenOnly: ['citizen'],
  completing: ['citizen', 'agency'],
  completingAlone: ['citizen', 'agency'],
  returning: ['operator', 'citizen'],
  requeuing: ['citizen'],
}

/** Who hears whom in a state, in words for people: what the PBX is brought to, with those who are rung or on their way. */
export function groupsIn(state: TransferState): readonly HearingGroup[] {
  const place = ARRANGEMENTS[state]
  const at = (where: Place): TransferParty[] =>
    where === null ? [] : ORDER.filter((party) => place[party] === where)
  const ringing = [...at('ringback'), ...(isRinging(state) ? ['agency' as const] : [])]
  const groups: HearingGroup[] = [
    { members: at('talk'), sound: 'talk' },
    { members: at('consult'), sound: 'talk' },
    { members: ringing, sound: 'ringing' },
    { members: at('music'), sound: 'music' },
    { members: [...(MOVING[state] ?? [])], sound: 'moving' },
  ]
  return groups.filter(({ members }) => members.length > 0).sort((one, other) => rank(one) - rank(other))
}

/** Do operator and citizen hear each other in this state, whoever else is there? */
export function isWithCitizen(state: TransferState): boolean {
  const { operator, citizen } = ARRANGEMENTS[state]
  return operator === 'talk' && citizen === 'talk'
}

function rank({ members: [first] }: HearingGroup): number {
  return first === undefined ? ORDER.length : ORDER.indexOf(first)
}
