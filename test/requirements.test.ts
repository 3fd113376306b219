import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

/**
 * What Decision 587/QĐ-UBND asks of the life cycle, its clocks and the desks, by the checklist's numbers (the articles are named
 * in the tests themselves). R015-R019, R059-R067 and the rest belong to telephony, doors, reports and the public site.
 */
const REQUIRED = [
  ...['R010', 'R011', 'R012', 'R013', 'R014', 'R020', 'R021', 'R022', 'R023', 'R024'],
  ...['R030', 'R031', 'R032', 'R033', 'R034', 'R035', 'R036', 'R037', 'R038'],
  ...['R040', 'R041', 'R042', 'R043', 'R044', 'R045', 'R046', 'R047', 'R048', 'R049'],
  ...['R050', 'R051', 'R052', 'R053', 'R054', 'R055', 'R056', 'R057', 'R058'],
  ...['R080', 'R081', 'R085', 'R087', 'R088'],
  ...['R094', 'R095', 'R096', 'R097', 'R098', 'R099', 'R101', 'R102', 'R103', 'R121', 'R139', 'R140'],
] as const

/** Titles of tests and groups; comments and helpers prove nothing. */
const TITLE = /\b(?:it|describe|test)(?:\.each\([\s\S]*?\n?\))?\(\s*(['"`])((?:\\.|(?!\1)[\s\S])*?)\1/g

function titles(): string[] {
  return readdirSync(resolve(import.meta.dirname), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.tsx?$/.test(name))
    .flatMap((name) => [...readFileSync(join(import.meta.dirname, name), 'utf8').matchAll(TITLE)])
    .map(([, , title = '']) => title)
}

/** "R048-R054" names seven. */
function named(title: string): string[] {
  return [...title.matchAll(/R(\d{3})(?:-R(\d{3}))?/g)].flatMap(([, from = '', to = from]) =>
    Array.from(
      { length: Number(to) - Number(from) + 1 },
      (_, step) => `R${String(Number(from) + step).padStart(3, '0')}`,
    ),
  )
}

it('each requirement has a test whose title names it', () => {
  const known = new Set(titles().flatMap(named))
  expect(REQUIRED.filter((id) => !known.has(id))).toEqual([])
})

it('a requirement nobody tests is found', () => {
  expect(named('R048-R050 R102: the officer')).toEqual(['R048', 'R049', 'R050', 'R102'])
  expect(named('no number')).toEqual([])
})
