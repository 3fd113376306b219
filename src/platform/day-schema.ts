import { Type } from 'typebox'

/** A day of the city, "2026-03-02". As the first day it counts from its midnight, as the last one to the end of it. */
export const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })
