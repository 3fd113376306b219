import { type Static, Type } from 'typebox'
import { CallView, MissedCall, Pop, WaitingCaller } from '../calls/contract.ts'
import { DISCLOSURE_STATES } from '../disclosures/contract.ts'
import { PresenceView } from '../presence/contract.ts'
import { FOLDER_PROBLEMS, Mask } from '../recordings/contract.ts'
import { DISK_STATES } from '../operations/contract.ts'
import { Listener } from '../supervision/contract.ts'
import { TransferView } from '../transfers/contract.ts'

/** What the service leans on: the PBX's two links, room on the disk, and a folder that takes recordings. */
const Links = Type.Object({
  ami: Type.Boolean(),
  ari: Type.Boolean(),
  disk: Type.Enum(DISK_STATES),
  /** What keeps recordings from being filed; null when nothing does. */
  recordings: Type.Union([Type.Enum(FOLDER_PROBLEMS), Type.Null()]),
})
export type Links = Static<typeof Links>

/**
 * Messages of the WebSocket `/live`, server to console. A console applies `snapshot` as a whole and the rest on top;
 * after any reconnect it gets a new snapshot, so nothing needs replaying. A frame holds one message, or an array of several.
 */
export const LiveMessage = Type.Union([
  Type.Object({
    type: Type.Literal('snapshot'),
    /** Null for people of units and the City Office, whose snapshot holds nothing of the line. */
    presence: Type.Union([PresenceView, Type.Null()]),
    waiting: Type.Array(WaitingCaller),
    /** Calls ringing at this operator now. */
    pops: Type.Array(Pop),
    /** This operator's running call, or the one being wrapped up. */
    call: Type.Union([CallView, Type.Null()]),
    /** This operator's running transfers: one they are in at most, and those that go on without them. */
    transfers: Type.Array(TransferView),
    /** The newest MISSED_ON_DESK of those to ring back, and how many there are. */
    missed: Type.Array(MissedCall),
    missedTotal: Type.Integer(),
    /** The supervisor who listens to this operator, as far as the city shows it. */
    listener: Type.Union([Listener, Type.Null()]),
    /** The recording of this operator's call is silent. */
    mask: Type.Union([Mask, Type.Null()]),
    links: Links,
    serverTime: Type.String(),
  }),
  Type.Object({ type: Type.Literal('presence'), presence: PresenceView }),
  Type.Object({ type: Type.Literal('waiting'), waiting: Type.Array(WaitingCaller) }),
  Type.Object({ type: Type.Literal('pop'), pop: Pop }),
  Type.Object({
    type: Type.Literal('popClosed'),
    callId: Type.String(),
    reason: Type.Union([
      Type.Literal('answered'),
      Type.Literal('answeredElsewhere'),
      Type.Literal('noAnswer'),
      Type.Literal('callerGone'),
    ]),
    operatorName: Type.Union([Type.String(), Type.Null()]),
  }),
  Type.Object({ type: Type.Literal('call'), call: CallView }),
  /** This operator's transfer as it is now; with its end it is told once more, in a state that is over. */
  Type.Object({ type: Type.Literal('transfer'), transfer: TransferView }),
  Type.Object({
    type: Type.Literal('missed'),
    missed: Type.Array(MissedCall),
    missedTotal: Type.Integer(),
  }),
  /** A ticket changed: whoever shows it fetches it again. */
  Type.Object({ type: Type.Literal('ticket'), code: Type.String(), version: Type.Integer() }),
  Type.Object({
    type: Type.Literal('recording'),
    id: Type.Integer(),
    ticketCode: Type.Union([Type.String(), Type.Null()]),
  }),
  /** A request for a recording: to supervisors, who asked, and for whom. */
  Type.Object({
    type: Type.Literal('disclosure'),
    id: Type.Integer(),
    ticketCode: Type.String(),
    state: Type.Enum(DISCLOSURE_STATES),
  }),
  /** Units, people or rules have changed: everybody fetches the directory again. */
  Type.Object({ type: Type.Literal('directory') }),
  /** A hold or a request to delete a recording, to whoever decides on it: they fetch the page again. */
  Type.Object({ type: Type.Literal('retention') }),
  /** Something was made up for, or does not match: whoever shows it fetches it again. */
  Type.Object({ type: Type.Literal('catchUp') }),
  /** A message has come to a simulated handset: whoever shows them fetches them again. */
  Type.Object({ type: Type.Literal('sms') }),
  Type.Object({ type: Type.Literal('links'), links: Links }),
  /** The same account opened a console elsewhere; this one goes quiet and says so. */
  Type.Object({ type: Type.Literal('replaced') }),
  Type.Object({ type: Type.Literal('mask'), mask: Type.Union([Mask, Type.Null()]) }),
  Type.Object({ type: Type.Literal('listener'), listener: Type.Union([Listener, Type.Null()]) }),
  /** A supervisor paused this operator, or is about to sign them out: who, and why. */
  Type.Object({
    type: Type.Literal('steered'),
    what: Type.Union([Type.Literal('paused'), Type.Literal('signedOut')]),
    by: Type.String(),
    words: Type.String(),
  }),
  /** The session ended (signed out elsewhere, revoked). */
  Type.Object({ type: Type.Literal('signedOut') }),
])
export type LiveMessage = Static<typeof LiveMessage>

/** Messages of the console to the server. */
export const ConsoleMessage = Type.Union([
  /** First message of a console; `consoleId` is random per page and survives a reload of the same tab. */
  Type.Object(
    { type: Type.Literal('hello'), consoleId: Type.String({ minLength: 8, maxLength: 64 }) },
    { additionalProperties: false },
  ),
  /** State of the softphone, so that no citizen rings at a phone that cannot ring. */
  Type.Object({ type: Type.Literal('phone'), registered: Type.Boolean() }, { additionalProperties: false }),
  /** The operator put the citizen on hold or took them back. */
  Type.Object(
    { type: Type.Literal('hold'), callId: Type.String({ maxLength: 80 }), held: Type.Boolean() },
    { additionalProperties: false },
  ),
])
export type ConsoleMessage = Static<typeof ConsoleMessage>
