import { type Static, Type } from 'typebox'

/**
 * What a person may be: of the hotline, of a unit (its focal officers, cán bộ đầu mối, and its head, Thủ trưởng; Đ17.2), of
 * the City Office (Văn phòng UBND), or an auditor, who inspects for it (Đ19): reads the audit log and nothing else.
 */
export const ROLES = ['operator', 'supervisor', 'admin', 'officer', 'head', 'cityOffice', 'auditor'] as const
export const Role = Type.Enum(ROLES)
export type Role = (typeof ROLES)[number]

/** What the audit log knows of (R068, R104). Words for people are in the console's catalogues; one that is gone stays in the log. */
export const AUDIT_ACTIONS = [
  'signIn',
  'signIn.failed',
  'signOut',
  'password.changed',
  'password.reset',
  'person.created',
  'person.updated',
  /** An account of a unit was found to be one of its people in the directory. */
  'person.linked',
  /** The person of the directory has another role there from today on, and so has the account (Đ17.9); by nobody. */
  'person.roleFollowed',
  /** Opened: `reporter` says whether who reported it was shown, number and all. Once per person and case for a while. */
  'case.viewed',
  'case.reporterReleased',
  'case.reporterCovered',
  /** Of a call: somebody who does not work it asked for the whole of its masked number. */
  'number.revealed',
  'attachment.downloaded',
  'slip.downloaded',
  'recording.played',
  'recording.downloaded',
  'recording.altered',
  /** Checked again by somebody, or at night: its file is the sealed one again. */
  'recording.restored',
  /** Somebody had an altered one checked again, and it is not: `found` says what was. */
  'recording.rechecked',
  'recording.noted',
  'recording.masked',
  'recording.unmasked',
  /** Its files: by rule (nobody), or by the second of two people. */
  'recording.deleted',
  /** By rule: the copy for the archive stands for it. */
  'recording.originalDropped',
  'deletion.requested',
  'deletion.approved',
  'deletion.refused',
  'deletion.withdrawn',
  'hold.placed',
  'hold.lifted',
  /** What is held about a number was asked for, or that it be erased; the number stands in the request, not here. */
  'personalData.accessAsked',
  'personalData.erasureAsked',
  'personalData.downloaded',
  'disclosure.requested',
  'disclosure.approved',
  'disclosure.refused',
  'disclosure.revoked',
  'disclosure.withdrawn',
  'presence.forcedPause',
  'presence.forcedSignOut',
  /** A supervisor began to listen to a talk, changed how they take part in it, and left it. */
  'supervision.started',
  'supervision.changed',
  'supervision.ended',
  'dossier.downloaded',
  'report.digestSent',
  'directory.changed',
  'directory.withdrawn',
  'discrepancy.resolved',
  'audit.exported',
  /** The day's head of the chains, by the service; its SHA-256 stands in the line, so that one that goes is missed. */
  'head.signed',
  'databaseRestored',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** Id of a unit of the directory (agencies.json). */
const UnitId = Type.Union([Type.String({ minLength: 1, maxLength: 40 }), Type.Null()])

/** Id of a person within a unit of the directory. */
const PostId = Type.Union([Type.String({ minLength: 1, maxLength: 80 }), Type.Null()])

export const Person = Type.Object(
  {
    id: Type.Integer(),
    username: Type.String(),
    name: Type.String(),
    role: Role,
    /** The one unit of an officer or a head; null for everybody else. It may have left the directory since. */
    unitId: UnitId,
    /** Which of the unit's people in the directory it is: when that post ends, so does the account's view of the unit (Đ17.9). */
    postId: Type.Optional(PostId),
    active: Type.Boolean(),
    /** Must choose a new password at the next sign-in (first sign-in, or reset by an admin). */
    mustChangePassword: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type Person = Static<typeof Person>

export const SignIn = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 64 }),
    password: Type.String({ minLength: 1, maxLength: 256 }),
  },
  { additionalProperties: false },
)
export type SignIn = Static<typeof SignIn>

/** Answer to GET and POST /api/session. The token goes into header `x-csrf-token` of every unsafe request. */
export const SessionView = Type.Object(
  {
    person: Person,
    /** Name of the person's unit; null without one, and where the directory has it no longer: then no case is theirs. */
    unitName: Type.Union([Type.String(), Type.Null()]),
    csrfToken: Type.String(),
    /** What the page needs to name things: the city's own words, never hard-coded in the console. */
    city: Type.Object({
      id: Type.String(),
      name: Type.String(),
      hotline: Type.String(),
      domain: Type.String(),
    }),
    /** When a masked recording is warned of, and form fields that mask it while they have the cursor. */
    masking: Type.Object({ warnSeconds: Type.Integer(), fields: Type.Array(Type.String()) }),
    /** True where SMS go to the phone simulator page instead of a carrier. */
    smsSimulated: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type SessionView = Static<typeof SessionView>

export const ChangePassword = Type.Object(
  {
    current: Type.String({ minLength: 1, maxLength: 256 }),
    next: Type.String({ minLength: 10, maxLength: 256 }),
  },
  { additionalProperties: false },
)
export type ChangePassword = Static<typeof ChangePassword>

/** Something is left of it when it is trimmed. */
const PersonName = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' })

export const CreatePerson = Type.Object(
  {
    username: Type.String({ pattern: '^[a-z][a-z0-9._-]{1,62}$' }),
    name: PersonName,
    role: Role,
    /** Asked for of officers and heads, refused of others. */
    unitId: Type.Optional(UnitId),
    /** Of the directory's people of that unit; whoever has the same name and role there where nothing is said. */
    postId: Type.Optional(PostId),
  },
  { additionalProperties: false },
)
export type CreatePerson = Static<typeof CreatePerson>

export const UpdatePerson = Type.Object(
  {
    name: Type.Optional(PersonName),
    role: Type.Optional(Role),
    /** A role that has no unit loses it without a word. */
    unitId: Type.Optional(UnitId),
    /** As in `CreatePerson`; null: nobody of the directory. */
    postId: Type.Optional(PostId),
    active: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type UpdatePerson = Static<typeof UpdatePerson>
