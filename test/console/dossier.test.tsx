import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import { DossierPage } from '../../src/console/dossiers/dossier-page.tsx'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { TicketHead } from '../../src/console/tickets/ticket-head.tsx'
import { eventSentence } from '../../src/console/tickets/ticket-history.tsx'
import type { DossierMark, DossierPage as Page, DossierRow } from '../../src/dossiers/contract.ts'
import { aSnapshot, aTicket, openDesk } from './support.ts'

const DUE = '2026-03-04T10:00:00.000Z'

function aRow(changes: Partial<DossierRow> = {}): DossierRow {
  return {
    id: 1,
    reason: 'urgentTransfer',
    callId: 'call-1',
    agency: 'Trực ban · Điện lực Ngô Quyền',
    why: null,
    startedAt: '2026-03-02T01:00:00.000Z',
    listedAt: '2026-03-02T01:00:00.000Z',
    dueAt: DUE,
    dueText: '17:00 T4 04/03',
    training: false,
    removedAt: null,
    removedByName: null,
    removedWhy: null,
    ticketCode: 'HP26-000001',
    title: 'Dây điện đứt rơi xuống đường',
    state: 'assigned',
    urgent: true,
    unitName: 'Điện lực Ngô Quyền',
    ...changes,
  }
}

afterEach(() => {
  cleanup()
  now.value = 0
})

/** A page in front of a list that the test holds; it answers as the service would. */
async function showList(rows: DossierRow[], role: 'operator' | 'supervisor' = 'supervisor') {
  const asked: string[] = []
  const opened = await openDesk({
    role,
    routes: {
      'GET /api/dossier': (_, path): Page => {
        asked.push(path)
        const isRemoved = path.includes('show=removed')
        const items = rows.filter(({ removedAt }) => (removedAt !== null) === isRemoved)
        return { items, total: items.length, legalBasis: 'Điều 9 khoản 6, QĐ 587/QĐ-UBND' }
      },
      'PUT /api/dossier/1': (body) => {
        const { removed, why } = body as { removed: boolean; why?: string }
        const at = removed ? '2026-03-02T02:00:00.000Z' : null
        const name = removed ? 'Trần Văn Đức' : null
        const changed = aRow({ removedAt: at, removedByName: name, removedWhy: why ?? null })
        rows[0] = changed
        return changed
      },
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot())
  now.value = Date.parse('2026-03-02T01:00:00.000Z')
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <DossierPage />
    </ConsoleContext.Provider>,
  )
  return { ...opened, paths: asked }
}

describe('the list of urgent matters', () => {
  it('shows the case, why it is there, to whom it was put through, and until when the dossier is owed', async () => {
    await showList([aRow()])
    const link = await screen.findByRole('link', { name: 'HP26-000001' })
    expect(link.getAttribute('href')).toBe('/tickets/HP26-000001')
    const [, line] = screen.getAllByRole('row')
    expect(line?.textContent).toContain('Chuyển máy khẩnTrực ban · Điện lực Ngô Quyền')
    expect(line?.textContent).toContain('17:00, T4 04/03')
    expect(line?.textContent).toContain('Đã chuyển đơn vị')
    expect(screen.getByText(/02 ngày làm việc.*\(Điều 9 khoản 6, QĐ 587\/QĐ-UBND\)/)).toBeTruthy()
  })

  it('marks what is late in words, and what nobody can date with the reason', async () => {
    await showList([
      aRow(),
      aRow({
        id: 2,
        reason: 'urgent',
        agency: null,
        dueAt: null,
        dueText: '02 ngày làm việc (chưa có lịch)',
      }),
    ])
    await screen.findAllByRole('row')
    void act(() => {
      now.value = Date.parse('2026-03-04T11:00:00.000Z')
    })
    expect(screen.getByText('quá hạn 1 giờ 0 phút').closest('td')?.className).toContain('case-late')
    expect(screen.getByText('02 ngày làm việc (chưa có lịch)')).toBeTruthy()
  })

  it('says that a mark was taken off, since the line stays', async () => {
    await showList([aRow({ reason: 'urgent', agency: null, urgent: false })])
    expect(await screen.findByText('Không còn đánh dấu khẩn')).toBeTruthy()
  })

  it('says in words that there is nothing', async () => {
    await showList([])
    expect(await screen.findByText('Không có việc khẩn nào trong danh sách.')).toBeTruthy()
  })

  it('lets an operator look, and change nothing', async () => {
    await showList([aRow()], 'operator')
    await screen.findByRole('link', { name: 'HP26-000001' })
    expect(screen.queryByRole('button', { name: /danh sách/ })).toBeNull()
  })

  it('takes a line off with a reason, and brings it back by undo', async () => {
    const { asked } = await showList([aRow()])
    fireEvent.click(await screen.findByRole('button', { name: 'Bỏ HP26-000001 ra khỏi danh sách' }))
    const dialog = screen.getByRole('dialog', { name: 'Bỏ HP26-000001 khỏi danh sách hồ sơ', hidden: true })
    const confirm = within(dialog).getByText('Bỏ khỏi danh sách').closest('button')
    expect(confirm?.disabled).toBe(true)
    const why = within(dialog).getByLabelText(/^Vì sao không cần hồ sơ/)
    fireEvent.input(why, { target: { value: ' Trùng với HP26-000009 ' } })
    fireEvent.keyDown(why, { key: 'Enter' })
    expect(await screen.findByText('Đã bỏ HP26-000001 khỏi danh sách.')).toBeTruthy()
    expect(await screen.findByText('Không có việc khẩn nào trong danh sách.')).toBeTruthy()
    expect(document.activeElement?.textContent).toContain('Hoàn tác')
    fireEvent.click(screen.getByRole('button', { name: 'Hoàn tác' }))
    expect(await screen.findByRole('link', { name: 'HP26-000001' })).toBeTruthy()
    expect(screen.queryByText('Đã bỏ HP26-000001 khỏi danh sách.')).toBeNull()
    const puts = asked.filter(({ request }) => request === 'PUT /api/dossier/1').map(({ body }) => body)
    expect(puts).toEqual([{ removed: true, why: 'Trùng với HP26-000009' }, { removed: false }])
  })

  it('shows what was taken off with who and why, and puts it back', async () => {
    const off = { removedAt: '2026-03-02T01:00:00.000Z', removedByName: 'Trần Văn Đức', removedWhy: 'Trùng' }
    const { paths } = await showList([aRow(off)])
    fireEvent.change(await screen.findByLabelText('Hiển thị'), { target: { value: 'removed' } })
    expect(await screen.findByText('Trần Văn Đức bỏ lúc 08:00: Trùng')).toBeTruthy()
    expect(paths.at(-1)).toContain('show=removed')
    fireEvent.click(screen.getByRole('button', { name: 'Đưa lại HP26-000001 vào danh sách' }))
    expect(await screen.findByText('Chưa có việc nào bị bỏ khỏi danh sách.')).toBeTruthy()
  })

  it('asks for training cases only when wanted, and again when a case changes elsewhere', async () => {
    const { paths, live } = await showList([aRow()])
    await screen.findByRole('link', { name: 'HP26-000001' })
    expect(paths.at(-1)).toContain('training=false')
    const before = paths.length
    void act(() => {
      live().say({ type: 'ticket', code: 'HP26-000002', version: 3 })
    })
    await expect.poll(() => paths.length).toBe(before + 1)
    fireEvent.click(screen.getByLabelText('Gồm cả tập huấn'))
    await expect.poll(() => paths.at(-1)).toContain('training=true')
  })
})

describe('a case on the list', () => {
  const mark = (changes: Partial<DossierMark> = {}): DossierMark => ({
    id: 1,
    reason: 'urgent',
    dueAt: DUE,
    dueText: '17:00 T4 04/03',
    dossierNumber: null,
    sentAt: null,
    ...changes,
  })

  it('says so with its date and the way there, and loudly when it is late', () => {
    now.value = Date.parse('2026-03-02T01:00:00.000Z')
    render(<TicketHead ticket={aTicket({ dossier: [mark()] })} />)
    const link = screen.getByRole('link', { name: 'Trong danh sách hồ sơ Đ9.6, hạn 17:00, T4 04/03' })
    expect(link.getAttribute('href')).toBe('/dossier')
    void act(() => {
      now.value = Date.parse('2026-03-05T01:00:00.000Z')
    })
    expect(screen.getByText('Hồ sơ Đ9.6 quá hạn, hạn là 17:00, T4 04/03').className).toContain('case-late')
  })

  it('says why there is no date, and nothing when it is on no list', () => {
    const text = '02 ngày làm việc (chưa có lịch năm 2027)'
    const { rerender } = render(
      <TicketHead ticket={aTicket({ dossier: [mark({ dueAt: null, dueText: text })] })} />,
    )
    expect(screen.getByText(`Trong danh sách hồ sơ Đ9.6, hạn ${text}`)).toBeTruthy()
    rerender(<TicketHead ticket={aTicket()} />)
    expect(screen.queryByRole('link')).toBeNull()
  })

  it('tells its way on and off the list in its history', () => {
    now.value = Date.parse('2026-03-02T01:00:00.000Z')
    const sentence = (type: string, detail: Record<string, unknown>) =>
      eventSentence({ id: 1, type, detail: { article: 'Đ9.6', ...detail }, at: DUE, actorName: null })
    const due = { dueAt: DUE, dueText: '17:00 T4 04/03' }
    expect(sentence('dossierListed', { reason: 'urgentTransfer', ...due })).toBe(
      'Chuyển máy khẩn: vào danh sách hồ sơ Đ9.6, hạn 17:00, T4 04/03',
    )
    expect(sentence('dossierRemoved', { reason: 'urgent', why: 'Trùng' })).toBe(
      'Bỏ khỏi danh sách hồ sơ Đ9.6. Lý do: Trùng',
    )
    expect(sentence('dossierPutBack', { reason: 'urgent', dueAt: null, dueText: 'chưa có lịch' })).toBe(
      'Đưa lại vào danh sách hồ sơ Đ9.6, hạn chưa có lịch',
    )
  })
})
