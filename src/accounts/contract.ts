import { type Static, Type } from 'typebox'

/** What a person may be. City Office, officers and heads join with the desks that need them. */
export const ROLES = ['operator', 'supervisor', 'admin'] as const
export const Role = Type.Enum(ROLES)
export type Role = (typeof ROLES)[number]

export const Person = Type.Object(
  {
    id: Type.Integer(),
    username: Type.String(),
    name: Type.String(),
    role: Role,
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
    csrfToken: Type.String(),
    /** What the page needs to name things: the city's own words, never hard-coded in the console. */
    city: Type.Object({
      id: Type.String(),
      name: Type.String(),
      hotline: Type.String(),
      domain: Type.String(),
    }),
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
  },
  { additionalProperties: false },
)
export type CreatePerson = Static<typeof CreatePerson>

export const UpdatePerson = Type.Object(
  {
    name: Type.Optional(PersonName),
    role: Type.Optional(Role),
    active: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type UpdatePerson = Static<typeof UpdatePerson>
