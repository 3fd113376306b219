import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import { DossierPage } from '../../src/console/dossiers/dossier-page.tsx'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import type { DossierRow, DossierView } from '../../src/dossiers/contract.ts'
import { aSnapshot, openDesk } from './support.ts'

const AT = '2026-03-02T01:00:00.000Z'
const DUE = { dueAt: '2026-03-04T10:00:00.000Z', dueText: '17:00 T4 04/03' }

function aRow(id: number): DossierRow {
  return {
    id,
    reason: 'urgent',
    callId: null,
    agency: null,
    why: null,
    startedAt: AT,
    listedAt: AT,
    ...DUE,
    training: false,
    removedAt: null,
    removedByName: null,
    removedWhy: null,
    ticketCode: `HP26-00000${String(id)}`,
    title: 'Sập cống',
    state: 'received',
    urgent: true,
    unitName: null,
  }
}

function aDossier(changes: Partial<DossierView> = {}): DossierView {
  const entry = (itemId: number) => ({
    itemId,
    ticketCode: `HP26-00000${String(itemId)}`,
    reason: 'urgent' as const,
    isOpen: true,
    rows: [{ label: 'Nội dung', value: 'Cống sập' }],
    ...DUE,
    late: false,
    moved: [],
    takenOutAt: null,
    takenOutByName: null,
    takenOutWhy: null,
  })
  return {
    id: 1,
    number: 'HS26-000001',
    state: 'listed',
    training: false,
    cases: 2,
    compiledAt: AT,
    compiledByName: 'Nguyễn Thị Hạ',
    dueAt: DUE.dueAt,
    late: false,
    sentAt: null,
    sentByName: null,
    documentNumber: null,
    revision: 1,
    cover: 'Lời mẫu',
    isOwnCover: false,
    legalBasis: 'Điều 9 khoản 6',
    actions: ['edit', 'takeOut', 'undo', 'send'],
    mayDownload: true,
    entries: [entry(1), entry(2)],
    contentHash: null,
    files: [],
    document: null,
    undoneAt: null,
    undoneByName: null,
    ...changes,
  }
}

afterEach(() => {
  cleanup()
  now.value = 0
})

/** The page in front of a service that holds one dossier. */
async function showPage(
  role: 'operator' | 'cityOffice' | 'admin',
  dossiers: DossierView[],
  rows: DossierRow[] = [],
) {
  const answer = (changes: Partial<DossierView>): DossierView => {
    dossiers[0] = aDossier({ ...dossiers[0], ...changes })
    return dossiers[0]
  }
  const opened = await openDesk({
    role,
    routes: {
      'GET /api/dossier': () => ({ items: rows, total: rows.length, legalBasis: 'Điều 9 khoản 6' }),
      'GET /api/dossiers': () => ({ items: dossiers, total: dossiers.length }),
      'GET /api/dossiers/1': () => dossiers[0],
      'POST /api/dossiers': () => answer({}),
      'PATCH /api/dossiers/1': (body) =>
        answer({ cover: (body as { cover: string }).cover, revision: 2, isOwnCover: true }),
      'POST /api/dossiers/1/send': () =>
        answer({ state: 'sent', sentAt: AT, actions: [], contentHash: 'a'.repeat(64), revision: 3 }),
      'POST /api/dossiers/1/recompile': () =>
        answer({ number: 'HS26-000002', entries: aDossier().entries, actions: ['send'] }),
      'POST /api/dossiers/1/take-out': () => answer({ cases: 1, revision: 2 }),
      'POST /api/dossiers/1/document': (body) => {
        const document = body as { number: string; date: string; text: string }
        return answer({
          state: 'documentIssued',
          actions: [],
          document: { ...document, recordedAt: AT, recordedByName: 'Hoàng Thu Uyên' },
        })
      },
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot())
  now.value = Date.parse(AT)
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <DossierPage />
    </ConsoleContext.Provider>,
  )
  return opened
}

const sentTo = (asked: { request: string; body: unknown }[], request: string) =>
  asked.filter((one) => one.request === request).map(({ body }) => body)
const button = (name: string | RegExp) => screen.getByRole('button', { name, hidden: true })

describe('compiling on the page (R058)', () => {
  it('offers what is chosen, compiles it, and shows the dossier', async () => {
    const { asked } = await showPage('operator', [], [aRow(1), aRow(2)])
    expect(await screen.findByText('Chưa có hồ sơ nào.')).toBeTruthy()
    const all = await screen.findByLabelText('Chọn tất cả trên trang này')
    expect(button('Chọn việc để tổng hợp hồ sơ')).toHaveProperty('disabled', true)
    expect(screen.getAllByText('còn 2 ngày')).toHaveLength(2)
    fireEvent.click(all)
    fireEvent.click(screen.getByLabelText('Chọn HP26-000002 để tổng hợp'))
    fireEvent.click(button('Tổng hợp 1 việc thành hồ sơ'))
    expect(await screen.findByRole('dialog', { name: 'Hồ sơ HS26-000001', hidden: true })).toBeTruthy()
    expect(sentTo(asked, 'POST /api/dossiers')).toEqual([{ itemIds: [1] }])
  })

  it('lets a cover be written, a case be taken out with a reason, and the whole be sent as it was read', async () => {
    const { asked } = await showPage('operator', [aDossier()])
    fireEvent.click(await screen.findByRole('button', { name: 'Xem hồ sơ HS26-000001' }))
    fireEvent.click(await screen.findByText('Sửa lời trình'))
    const box = screen.getAllByLabelText('Lời trình').find((node) => node.tagName === 'TEXTAREA')
    if (box === undefined) throw new Error('no box for the cover')
    fireEvent.input(box, { target: { value: 'Kính trình' } })
    fireEvent.click(button('Lưu lời trình'))
    expect(await screen.findByText('Kính trình')).toBeTruthy()
    fireEvent.click(button('Rút HP26-000001 khỏi hồ sơ'))
    fireEvent.input(screen.getByLabelText(/^Vì sao rút/), { target: { value: 'Đã xong' } })
    fireEvent.click(button('Rút khỏi hồ sơ'))
    await expect
      .poll(() => sentTo(asked, 'POST /api/dossiers/1/take-out'))
      .toEqual([{ revision: 2, itemId: 1, why: 'Đã xong' }])
    fireEvent.click(button('Gửi Văn phòng UBND thành phố'))
    expect(await screen.findByText('Nội dung (SHA-256), có in trên cả hai tệp')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Gửi Văn phòng UBND thành phố', hidden: true })).toBeNull()
    expect(screen.getByText('Xem PDF đã gửi').closest('a')?.getAttribute('href')).toBe(
      '/api/dossiers/1/files/pdf',
    )
  })

  it('A19: says what is due at another time since it was compiled, and compiles it anew', async () => {
    const [first, ...others] = aDossier().entries
    if (first === undefined) throw new Error('a dossier has a case')
    const moved = [
      { kind: 'list', dueAt: '2026-03-05T10:00:00.000Z' },
      { kind: 'officer', dueAt: null },
    ]
    const { asked } = await showPage('operator', [
      aDossier({ entries: [{ ...first, moved }, ...others], actions: ['undo', 'recompile', 'send'] }),
    ])
    fireEvent.click(await screen.findByRole('button', { name: 'Xem hồ sơ HS26-000001' }))
    expect(await screen.findByText(/^Có hạn đã đổi từ khi lập hồ sơ/)).toBeTruthy()
    const lines = screen.getAllByText(/^Hạn đã đổi từ khi lập \(/).map(({ textContent }) => textContent)
    expect(lines).toEqual([
      'Hạn đã đổi từ khi lập (02 ngày làm việc của Điều 9 khoản 6): nay là 17:00, T5 05/03',
      expect.stringContaining('(cán bộ đầu mối trả lời (08 giờ làm việc)): nay là '),
    ])
    fireEvent.click(button('Gửi Văn phòng UBND thành phố'))
    expect(screen.getByText(/^Giấy tờ của hồ sơ vẫn ghi hạn cũ/)).toBeTruthy()
    fireEvent.click(button('Quay lại'))
    expect(sentTo(asked, 'POST /api/dossiers/1/send')).toEqual([])
    fireEvent.click(button('Lập lại hồ sơ theo hạn mới'))
    await expect.poll(() => sentTo(asked, 'POST /api/dossiers/1/recompile')).toEqual([{ revision: 1 }])
    expect(await screen.findByRole('dialog', { name: 'Hồ sơ HS26-000002', hidden: true })).toBeTruthy()
    expect(screen.queryByText(/^Có hạn đã đổi/)).toBeNull()
    expect(screen.queryByText('Lập lại hồ sơ theo hạn mới')).toBeNull()
  })

  it('A19: is sent with the old due times on paper by a second click that says so', async () => {
    const moved = [{ kind: 'list', dueAt: '2026-03-05T10:00:00.000Z' }]
    const entries = aDossier().entries.map((entry) => ({ ...entry, moved }))
    const { asked } = await showPage('operator', [aDossier({ entries, actions: ['send'] })])
    fireEvent.click(await screen.findByRole('button', { name: 'Xem hồ sơ HS26-000001' }))
    await screen.findByText(/^Có hạn đã đổi từ khi lập hồ sơ/)
    fireEvent.click(button('Gửi Văn phòng UBND thành phố'))
    fireEvent.click(button('Vẫn gửi'))
    await expect
      .poll(() => sentTo(asked, 'POST /api/dossiers/1/send'))
      .toEqual([{ revision: 1, confirmMoved: true }])
  })

  it('says for ever that it went late', async () => {
    await showPage('operator', [aDossier({ state: 'sent', sentAt: AT, late: true, actions: [] })])
    expect(await screen.findByText('quá hạn 02 ngày làm việc')).toBeTruthy()
  })

  it('gives the City Office the document to record, once and whole', async () => {
    const { asked } = await showPage('cityOffice', [
      aDossier({ state: 'sent', sentAt: AT, actions: ['recordDocument'] }),
    ])
    expect(screen.queryByText('Chọn việc để tổng hợp hồ sơ')).toBeNull()
    fireEvent.click(await screen.findByRole('button', { name: 'Xem hồ sơ HS26-000001' }))
    const form = await screen.findByRole('form', { name: /Ghi văn bản/, hidden: true })
    const type = (label: RegExp, value: string) => {
      fireEvent.input(within(form).getByLabelText(label), { target: { value } })
    }
    type(/^Số, ký hiệu/, '12/UBND')
    type(/^Trích yếu/, 'Báo cáo ngay')
    type(/^Ngày văn bản/, '31/02/2026')
    expect(button('Ghi văn bản')).toHaveProperty('disabled', true)
    expect(within(form).getByText('Ngày văn bản không đúng hoặc chưa đến.')).toBeTruthy()
    type(/^Ngày văn bản/, '2/3/2026')
    fireEvent.click(button('Ghi văn bản'))
    expect(await screen.findByText('Số 12/UBND, ngày 02/03/2026')).toBeTruthy()
    expect(sentTo(asked, 'POST /api/dossiers/1/document')).toEqual([
      { number: '12/UBND', date: '2026-03-02', text: 'Báo cáo ngay' },
    ])
  })

  it('shows an admin the history, and neither commands nor files', async () => {
    await showPage('admin', [aDossier({ actions: [], mayDownload: false })])
    fireEvent.click(await screen.findByRole('button', { name: 'Xem hồ sơ HS26-000001' }))
    expect(await screen.findByText('Bạn không tải được tệp của hồ sơ này.')).toBeTruthy()
    expect(screen.queryByText('Sửa lời trình')).toBeNull()
  })

  it('puts a result on the list with its code and reason', async () => {
    const { asked } = await showPage('operator', [])
    fireEvent.click(await screen.findByText('Thêm kết quả cần nhắc nhở'))
    fireEvent.input(screen.getByLabelText(/^Mã/), { target: { value: ' hp26-000007 ' } })
    fireEvent.input(screen.getByLabelText(/^Vì sao cần văn bản/), {
      target: { value: 'Trả lời chung chung' },
    })
    fireEvent.click(button('Đưa vào danh sách'))
    await expect
      .poll(() => sentTo(asked, 'POST /api/dossier'))
      .toEqual([{ ticketCode: 'HP26-000007', why: 'Trả lời chung chung' }])
  })
})
