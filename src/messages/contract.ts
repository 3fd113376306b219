import { type Static, Type } from 'typebox'

/** `dropped`: newer facts had overtaken it before it went out. */
export const SMS_STATES = [
  'pending',
  'sending',
  'sent',
  'delivered',
  'failed',
  'refused',
  'unknown',
  'dropped',
] as const
export type SmsState = (typeof SMS_STATES)[number]

export const SmsView = Type.Object(
  {
    id: Type.Integer(),
    template: Type.String(),
    to: Type.String(),
    toName: Type.Union([Type.String(), Type.Null()]),
    /** As sent, without marks unless the city buys Unicode. */
    text: Type.String(),
    segments: Type.Integer(),
    state: Type.Enum(SMS_STATES),
    /** Waiting for the end of the quiet hours: when it goes out. */
    waitsUntil: Type.Union([Type.String(), Type.Null()]),
    /** What went wrong and what to do, in the reader's words. */
    problem: Type.Union([Type.String(), Type.Null()]),
    ticketCode: Type.Union([Type.String(), Type.Null()]),
    createdAt: Type.String(),
    updatedAt: Type.String(),
    training: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type SmsView = Static<typeof SmsView>

/** Answer to GET /api/simulator: each handset of the simulated carrier with its messages, newest first. */
export const Handsets = Type.Array(
  Type.Object({
    phone: Type.String(),
    display: Type.String(),
    name: Type.Union([Type.String(), Type.Null()]),
    messages: Type.Array(Type.Object({ id: Type.Integer(), at: Type.String(), text: Type.String() })),
  }),
)
export type Handsets = Static<typeof Handsets>
