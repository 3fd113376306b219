import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { readCalendars } from '../../src/deadlines/calendar.ts'
import { HABITS, playQuarter, type Script } from '../chaos/quarter.ts'
import { createDesk, type Desk, OPERATOR } from '../support/desk.ts'
import { slowAdd, slowBetween } from '../support/slow-working-time.ts'

/** Tết, a swapped Saturday and the regulation's own days off lie within it. */
const START = '2026-01-05T00:00:00+07:00'
const CASES = 150
const MINUTE_MS = 60_000
const [city, police] = (() => {
  const calendars = readCalendars(resolve(import.meta.dirname, '../../config/haiphong'))
  const [first] = calendars
  const own = calendars.find(({ id }) => id === 'truc-24-7')
  if (first === undefined || own === undefined) throw new Error('the city and its police have a calendar')
  return [first, own]
})()
const calendarOf = (unitId: string) => (unitId === 'cong-an' ? police : city)
const tickAfter = (ms: number): number => Math.floor(ms / MINUTE_MS + 1) * MINUTE_MS
const number = (value: unknown): number => {
  if (typeof value !== 'number') throw new Error('the calendar reaches')
  return value
}

/** What the regulation says must have happened, worked out day by day from what was done alone. */
function expected(script: Script): {
  readonly breaches: string[]
  readonly levels: string[]
  readonly isClosed: boolean
} {
  const calendar = calendarOf(script.unitId)
  const add = (ms: number, minutes: number): number => number(slowAdd(calendar, ms, minutes))
  const end = script.answeredAt ?? Number.POSITIVE_INFINITY
  const breaches: string[] = []
  const levels = ['officer']
  let due = add(script.sentAt, 480)
  if (script.askedAt !== undefined && script.askedAt <= due) {
    const left = number(slowBetween(calendar, script.askedAt, due))
    // the citizen's own five days end it where nobody replied
    due = script.repliedAt === undefined ? Number.POSITIVE_INFINITY : add(script.repliedAt, left)
  }
  const isPromised = script.promisedFor !== undefined
  if (isPromised) due = script.promisedFor ?? due
  if (end > due) {
    breaches.push(isPromised ? 'promise' : 'officer')
    levels.push('head')
    const headDue = add(tickAfter(due), 2_880)
    if (end > headDue) breaches.push('head')
  }
  return { breaches, levels, isClosed: script.relayedAt !== undefined }
}

function found(desk: Desk, { code }: Script) {
  const ticket = desk.tickets.view(code, OPERATOR)
  const statutory = ticket.deadlines.filter(({ kind }) => ['officer', 'promise', 'head'].includes(kind))
  const slips = ticket.events.filter(({ type }) => type === 'slipIssued')
  return {
    breaches: statutory.filter(({ breachedAt }) => breachedAt !== null).map(({ kind }) => kind),
    levels: [...new Set(slips.map(({ detail }) => String(detail['level'])))],
    isClosed: ticket.state === 'closed',
  }
}

it('a quarter of cases ends as the law says, whoever was prompt, late, silent or the wrong unit (R048-R054, R088, R102)', () => {
  const desk = createDesk({ at: START })
  try {
    const scripts = playQuarter(desk, { cases: CASES, seed: 587, days: 90 })
    expect(scripts).toHaveLength(CASES)
    for (const habit of HABITS) expect(scripts.filter((one) => one.habit === habit).length).toBeGreaterThan(5)
    const all = scripts.flatMap((script) => expected(script).breaches)
    for (const kind of ['officer', 'promise', 'head'])
      expect(all.filter((one) => one === kind).length, kind).toBeGreaterThan(3)
    for (const script of scripts)
      expect({ ...found(desk, script), code: script.code, habit: script.habit }).toEqual({
        ...expected(script),
        code: script.code,
        habit: script.habit,
      })
    // No message twice for one deadline, kind and recipient.
    for (const { code } of scripts) {
      const ticket = desk.tickets.view(code, OPERATOR)
      const sent = ticket.messages.map(({ template, to, text }) => `${template} ${to} ${text}`)
      expect(new Set(sent).size, code).toBe(sent.length)
    }
    expect(desk.deadlines.sweep()).toEqual({ breached: 0, warned: 0 })
  } finally {
    void desk.close()
  }
}, 120_000)
