import { afterEach, beforeEach, expect, it } from 'vitest'
import { createCallStore } from '../../src/calls/store.ts'
import { momentsOf } from '../../src/platform/day-range.ts'
import { createDesk, type Desk, OPERATOR, OTHER_OPERATOR } from '../support/desk.ts'

let desk: Desk
beforeEach(() => {
  desk = createDesk()
  const call = desk.db.raw.prepare(
    `INSERT INTO calls (id, direction, state, number_raw, number_display, number_kind, line, training, operator_id, started_at)
    VALUES (?, 'in', 'ended', '', '', 'mobile', '', 0, ?, ?)`,
  )
  call.run('a', OPERATOR.id, '2026-03-01T16:59:59.999Z')
  call.run('b', OTHER_OPERATOR.id, '2026-03-01T17:00:00.000Z')
  call.run('c', null, '2026-03-02T16:59:59.999Z')
  call.run('d', OPERATOR.id, '2026-03-02T17:00:00.000Z')
})
afterEach(() => desk.close())

it.each<[{ from?: string; to?: string }, number | null, string]>([
  [{}, null, 'dcba'],
  [{ to: '2026-03-01' }, null, 'a'],
  [{ from: '2026-03-02', to: '2026-03-02' }, null, 'cb'],
  [{ from: '2026-03-03' }, null, 'd'],
  [{ to: '2026-03-02' }, OPERATOR.id, 'ca'],
  [{ from: '2026-03-02' }, OPERATOR.id, 'dc'],
  [{ to: '2026-02-28' }, OPERATOR.id, ''],
])('calls of %j, of operator %s', (days, operatorId, found) => {
  const page = createCallStore(desk.db).page({ ...momentsOf(days), operatorId }, 0, 50)
  expect(page.items.map(({ id }) => id).join('')).toBe(found)
  expect(page.total).toBe(found.length)
})
