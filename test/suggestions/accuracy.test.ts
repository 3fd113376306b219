import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDesk, type Desk, OPERATOR } from '../support/desk.ts'
import { HELD_OUT, type LabelledReport, TUNING } from './labelled-reports.ts'

const HOUR_MS = 3_600_000
let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

interface Accuracy {
  /** Of the duplicates offered, how many are. */
  readonly precision: number
  /** Of the duplicates there are, how many were offered. */
  readonly recall: number
  /** How often the first field guessed from the words alone is the right one, and one of the two. */
  readonly fieldFirst: number
  readonly fieldOfTwo: number
}

/** The reports come in one after the other; each is asked about before it is filed. */
function measure(reports: readonly LabelledReport[], chosen: 'fieldAndArea' | 'nothing'): Accuracy {
  const filed = new Map<string, string>()
  const count = { right: 0, wrong: 0, missed: 0, first: 0, ofTwo: 0 }
  for (const { matter, fieldId, areaId, place, content } of reports) {
    const words = { code: null, title: '', content, place, phone: null }
    const bare = desk.suggestions.suggest({ ...words, areaId: null, fieldId: null }, OPERATOR)
    const { duplicates } =
      chosen === 'nothing' ? bare : desk.suggestions.suggest({ ...words, areaId, fieldId }, OPERATOR)
    const codes = duplicates.map(({ code }) => code)
    const same = [...filed].filter(([, other]) => other === matter).map(([code]) => code)
    count.right += codes.filter((code) => same.includes(code)).length
    count.wrong += codes.filter((code) => !same.includes(code)).length
    count.missed += same.filter((code) => !codes.includes(code)).length
    if (bare.fields[0]?.fieldId === fieldId) count.first += 1
    if (bare.fields.some((guess) => guess.fieldId === fieldId)) count.ofTwo += 1
    filed.set(file({ matter, fieldId, areaId, place, content }, filed.size), matter)
    desk.pass(2 * HOUR_MS)
  }
  return {
    precision: count.right / (count.right + count.wrong),
    recall: count.right / (count.right + count.missed),
    fieldFirst: count.first / reports.length,
    fieldOfTwo: count.ofTwo / reports.length,
  }
}

function file({ fieldId, areaId, place, content }: LabelledReport, at: number): string {
  const { code, version } = desk.tickets.open('phone', OPERATOR)
  const reporter = {
    type: 'individual' as const,
    name: 'Bùi Thị Hòa',
    organisation: null,
    phone: `0950 000 ${String(100 + at)}`,
    email: null,
    address: null,
  }
  const saved = desk.tickets.save(
    code,
    { version, form: { content, place, areaId, fieldId, reporter } },
    OPERATOR,
  )
  desk.tickets.receive(code, saved.version, OPERATOR)
  return code
}

function tell(what: string, figures: Accuracy): void {
  process.stdout.write(`${JSON.stringify({ accuracy: what, ...figures })}\n`)
}

describe('R080: how often the suggestions are right', () => {
  it('is judged by sixty reports and more', () => {
    expect(TUNING.length + HELD_OUT.length).toBeGreaterThanOrEqual(60)
  })

  it('on the reports they were set on', () => {
    const figures = measure(TUNING, 'fieldAndArea')
    tell('tuning', figures)
    expect(figures.precision).toBeGreaterThanOrEqual(0.85)
    expect(figures.recall).toBeGreaterThanOrEqual(0.75)
    expect(figures.fieldFirst).toBeGreaterThanOrEqual(0.9)
  })

  it('on reports nothing was set on', () => {
    const figures = measure(HELD_OUT, 'fieldAndArea')
    tell('held out', figures)
    expect(figures.precision).toBeGreaterThanOrEqual(0.8)
    expect(figures.recall).toBeGreaterThanOrEqual(0.75)
    expect(figures.fieldFirst).toBeGreaterThanOrEqual(0.8)
    expect(figures.fieldOfTwo).toBeGreaterThanOrEqual(0.85)
  })

  it('while neither field nor area is chosen, from the words alone', () => {
    const figures = measure([...TUNING, ...HELD_OUT], 'nothing')
    tell('words alone', figures)
    expect(figures.precision).toBeGreaterThanOrEqual(0.75)
    expect(figures.recall).toBeGreaterThanOrEqual(0.65)
  })
})
