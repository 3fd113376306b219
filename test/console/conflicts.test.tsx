import { cleanup, render, screen } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import type { TicketEvent } from '../../src/tickets/contract.ts'
import { Conflicts, lastWriterOf } from '../../src/console/tickets/conflicts.tsx'
import { createTicketEditor } from '../../src/console/state/ticket-editor.ts'
import { aTicket } from './support.ts'

afterEach(cleanup)

const saved = (id: number, actorName: string, changes: Record<string, unknown>): TicketEvent => ({
  id,
  at: `2026-03-02T02:0${String(id)}:00.000Z`,
  type: 'saved',
  actorName,
  detail: { changes },
})
const REPORTER = { name: 'Phạm Văn Đại', phone: '0950 000 777' }
const EVENTS = [
  saved(1, 'Vũ Minh Tuấn', { place: { from: '', to: '12 Lạch Tray' } }),
  saved(2, 'Đỗ Thị Mai', { place: { from: '12 Lạch Tray', to: '14 Lạch Tray' } }),
  saved(3, 'Vũ Minh Tuấn', { reporter: { from: REPORTER, to: { ...REPORTER, name: 'Phạm Văn Đài' } } }),
]

describe('R080: who wrote the same field', () => {
  it.each([
    ['place', 'Đỗ Thị Mai'],
    ['reporter.name', 'Vũ Minh Tuấn'],
    ['reporter.phone', undefined],
    ['content', undefined],
  ] as const)('is known of %s from the history: %s', (field, who) => {
    expect(lastWriterOf(field, EVENTS)?.actorName).toBe(who)
  })

  it('stands beside their words, where the history knows', async () => {
    const editor = createTicketEditor({
      load: () => Promise.reject(new Error('not asked for')),
      save: () => Promise.reject(new Error('not asked for')),
      failureOf: () => ({ kind: 'refused', code: 'INTERNAL' }),
      drafts: { codes: () => [], read: () => undefined, write: () => undefined, remove: () => undefined },
    })
    const ticket = aTicket({ state: 'received', version: 1 })
    editor.attach(ticket)
    editor.edit({ place: '16 Lạch Tray', content: 'Bản của tôi' })
    const form = { ...ticket.form, place: '14 Lạch Tray', content: 'Bản của họ' }
    editor.attach({ ...ticket, version: 2, form, events: EVENTS })
    render(<Conflicts editor={editor} />)
    expect(screen.getAllByText(/^Người sửa: Đỗ Thị Mai, /)).toHaveLength(1)
    expect(screen.getAllByRole('listitem')).toHaveLength(2)
    await editor.flush()
    editor.close()
  })
})
