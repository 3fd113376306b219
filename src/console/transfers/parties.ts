import type { TransferState } from '../../transfers/contract.ts'

/** The three of a transfer, in the order they are drawn. */
type Party = 'you' | 'citizen' | 'agency'

/** What a group hears: each other, music, ringing, or nothing yet because it is being moved. */
export type Sound = 'talk' | 'music' | 'ringing' | 'moving'

export interface Group {
  readonly members: readonly Party[]
  readonly sound: Sound
}

/** Who hears whom in each state; whoever has left is not there. Nothing is shown once it is over. */
export const PARTIES: Readonly<Record<TransferState, readonly Group[]>> = {
  starting: [{ members: ['you', 'citizen'], sound: 'moving' }],
  operatorAwaited: [
    { members: ['you'], sound: 'moving' },
    { members: ['citizen'], sound: 'music' },
  ],
  citizenAwaited: [
    { members: ['you'], sound: 'ringing' },
    { members: ['citizen'], sound: 'moving' },
  ],
  citizenOnly: [{ members: ['citizen'], sound: 'moving' }],
  ringing: [
    { members: ['you', 'agency'], sound: 'ringing' },
    { members: ['citizen'], sound: 'music' },
  ],
  ringingAside: [
    { members: ['you', 'citizen'], sound: 'talk' },
    { members: ['agency'], sound: 'ringing' },
  ],
  consult: [
    { members: ['you', 'agency'], sound: 'talk' },
    { members: ['citizen'], sound: 'music' },
  ],
  citizenSide: [
    { members: ['you', 'citizen'], sound: 'talk' },
    { members: ['agency'], sound: 'music' },
  ],
  merged: [{ members: ['you', 'citizen', 'agency'], sound: 'talk' }],
  blind: [
    { members: ['citizen'], sound: 'music' },
    { members: ['agency'], sound: 'ringing' },
  ],
  afterCitizen: [{ members: ['you', 'agency'], sound: 'talk' }],
  completing: [{ members: ['citizen', 'agency'], sound: 'moving' }],
  completingAlone: [{ members: ['citizen', 'agency'], sound: 'moving' }],
  returning: [{ members: ['you', 'citizen'], sound: 'moving' }],
  requeuing: [{ members: ['citizen'], sound: 'moving' }],
  completed: [],
  returned: [],
  requeued: [],
  abandoned: [],
  failed: [],
}
