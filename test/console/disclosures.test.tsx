import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DisclosurePanel } from '../../src/console/disclosures/disclosure-panel.tsx'
import { DisclosuresPage } from '../../src/console/disclosures/disclosures-page.tsx'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { notices } from '../../src/console/state/notices.ts'
import type { CaseDisclosures, DisclosureView } from '../../src/disclosures/contract.ts'
import { aSnapshot, openDesk, waveOf } from './support.ts'

/** 08:00 in the city. */
const AT = '2026-03-02T01:00:00.000Z'
const CODE = 'HP26-000001'
const PEOPLE = [
  { id: 1, name: 'Lê Văn Phiệt' },
  { id: 6, name: 'Mai Thị Tuyết Trinh' },
]
const RECORDING = { id: 7, kind: 'call', startedAt: AT, durationMs: 65_000 } as const
const ASKED = { mode: 'download', hours: 24, people: PEOPLE } as const

function aRequest(changes: Partial<DisclosureView> = {}): DisclosureView {
  return {
    id: 3,
    revision: 1,
    state: 'requested',
    ticketCode: CODE,
    recording: RECORDING,
    unitName: 'Công ty Điện chiếu sáng',
    reason: 'Xác minh địa chỉ trong cuộc gọi',
    requesterName: 'Lê Văn Phiệt',
    requestedAt: AT,
    asked: { ...ASKED, people: [...PEOPLE] },
    granted: null,
    decidedByName: null,
    decidedAt: null,
    expiresAt: null,
    endReason: null,
    endedAt: null,
    endedByName: null,
    actions: ['withdraw'],
    mayPlay: false,
    mayDownload: false,
    unitReads: true,
    uses: null,
    ...changes,
  }
}
const APPROVED = aRequest({
  state: 'approved',
  revision: 2,
  granted: { mode: 'download', hours: 1, people: [...PEOPLE] },
  expiresAt: '2026-03-02T02:00:00.000Z',
  mayPlay: true,
  mayDownload: true,
})

beforeEach(() => {
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined)
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockReturnValue(undefined)
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  now.value = 0
  notices.value = []
})

async function showPanel(found: Partial<CaseDisclosures>) {
  const sent: [string, unknown][] = []
  const opened = await openDesk({
    role: 'officer',
    routes: {
      [`GET /api/tickets/${CODE}/disclosures`]: () => ({
        recordings: [RECORDING],
        people: PEOPLE,
        items: [],
        ...found,
      }),
      [`POST /api/tickets/${CODE}/disclosures`]: (body) => {
        sent.push(['ask', body])
        return Response.json(aRequest(), { status: 201 })
      },
      'POST /api/disclosures/3/withdraw': (body) => {
        sent.push(['withdraw', body])
        return aRequest({ state: 'withdrawn' })
      },
      'GET /api/disclosures/3/waveform': () => waveOf([[0, 0]]),
      'GET /api/disclosures/3/track': () => ({ stretches: [], marks: [], notes: [] }),
    },
  })
  now.value = Date.parse(AT)
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <DisclosurePanel code={CODE} />
    </ConsoleContext.Provider>,
  )
  return { ...opened, sent }
}

describe('R060: a unit', () => {
  it('asks with a reason, for people it names, and cannot before it has both', async () => {
    const { sent } = await showPanel({})
    fireEvent.click(await screen.findByText('Gửi đề nghị mới'))
    const send = screen.getByRole<HTMLButtonElement>('button', { name: 'Gửi đề nghị' })
    expect(send.disabled).toBe(true)
    fireEvent.input(screen.getByLabelText(/Lý do/), { target: { value: 'Xác minh địa chỉ' } })
    expect(send.disabled).toBe(false)
    fireEvent.click(screen.getByLabelText('Lê Văn Phiệt'))
    expect(send.disabled).toBe(true)
    fireEvent.click(screen.getByLabelText('Mai Thị Tuyết Trinh'))
    fireEvent.click(screen.getByLabelText('Nghe và tải về'))
    fireEvent.click(send)
    await vi.waitFor(() => {
      expect(sent).toEqual([
        ['ask', { recordingId: 7, reason: 'Xác minh địa chỉ', personIds: [6], mode: 'download', hours: 24 }],
      ])
    })
  })

  it('is told that there is nothing to ask for', async () => {
    await showPanel({ recordings: [] })
    expect(await screen.findByText('Phiếu này không có ghi âm nào.')).toBeTruthy()
    expect(screen.queryByText('Gửi đề nghị mới')).toBeNull()
  })

  it('listens and downloads until the time is over; then the player is gone, and a sentence says why', async () => {
    await showPanel({ items: [APPROVED] })
    fireEvent.click(await screen.findByText('Nghe ghi âm'))
    const player = await screen.findByRole('group', { name: `Trình phát ghi âm của ${CODE}` })
    expect(player.querySelector('audio')?.getAttribute('src')).toBe('/api/disclosures/3/audio')
    expect(screen.queryByLabelText('Ghi chú theo thời điểm')).toBeNull()
    expect(screen.getByText('Tải gói niêm phong (ZIP)').getAttribute('href')).toBe(
      '/api/disclosures/3/package',
    )
    now.value = Date.parse('2026-03-02T01:59:59.999Z')
    expect(screen.getByRole('group', { name: /Trình phát/ })).toBeTruthy()
    now.value = Date.parse('2026-03-02T02:00:00.000Z')
    expect(await screen.findByText(/Đã hết hạn nghe lúc 09:00/)).toBeTruthy()
    await vi.waitFor(() => {
      expect(screen.queryByRole('group', { name: /Trình phát/ })).toBeNull()
    })
    expect(screen.queryByText('Tải gói niêm phong (ZIP)')).toBeNull()
  })

  it('reads why it was refused, and withdraws what it needs no more', async () => {
    const refused = aRequest({
      id: 4,
      state: 'refused',
      endedAt: AT,
      endReason: 'Phiếu đã đủ nội dung',
      actions: [],
    })
    const { sent } = await showPanel({ items: [aRequest(), refused] })
    expect(await screen.findByText(/Bị từ chối lúc 08:00: Phiếu đã đủ nội dung/)).toBeTruthy()
    fireEvent.click(screen.getByText('Rút đề nghị'))
    await vi.waitFor(() => {
      expect(sent).toEqual([['withdraw', { revision: 1 }]])
    })
  })

  it('hears at once what was decided', async () => {
    const { live } = await showPanel({})
    live().accept()
    live().say(aSnapshot())
    for (const state of ['requested', 'approved', 'expired'])
      live().say({ type: 'disclosure', id: 3, ticketCode: CODE, state })
    expect(notices.value.map(({ text }) => text)).toEqual([
      `Phiếu ${CODE}: đề nghị nghe ghi âm đã được duyệt.`,
    ])
  })
})

async function showPage(items: readonly DisclosureView[], answer: () => unknown = () => APPROVED) {
  const sent: [string, unknown][] = []
  const asked: string[] = []
  const opened = await openDesk({
    role: 'supervisor',
    routes: {
      'GET /api/disclosures': (_, path) => {
        asked.push(path)
        return { items, total: items.length, waiting: items.length }
      },
      'POST /api/disclosures/3/approve': (body) => {
        sent.push(['approve', body])
        return answer()
      },
      'POST /api/disclosures/3/revoke': (body) => {
        sent.push(['revoke', body])
        return APPROVED
      },
    },
  })
  now.value = Date.parse(AT)
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <DisclosuresPage />
    </ConsoleContext.Provider>,
  )
  return { ...opened, sent, asked }
}

describe('R060: a supervisor', () => {
  it('narrows what was asked and approves it', async () => {
    const { sent } = await showPage([aRequest({ actions: ['approve', 'refuse'], uses: [] })])
    fireEvent.click(await screen.findByText('Duyệt'))
    const dialog = within(await screen.findByRole('dialog'))
    fireEvent.click(dialog.getByLabelText('Mai Thị Tuyết Trinh'))
    fireEvent.click(dialog.getByLabelText('Chỉ nghe tại đây'))
    const howLong = dialog.getByLabelText(/Trong bao lâu/)
    expect([...howLong.querySelectorAll('option')].map(({ value }) => value)).toEqual(['8', '24'])
    fireEvent.change(howLong, { target: { value: '8' } })
    fireEvent.click(dialog.getByRole('button', { name: 'Duyệt' }))
    await vi.waitFor(() => {
      expect(sent).toEqual([['approve', { revision: 1, personIds: [1], mode: 'play', hours: 8 }]])
    })
    await vi.waitFor(() => {
      expect(notices.value.at(-1)?.text).toBe('Đã duyệt, đơn vị được báo ngay.')
    })
  })

  it('who comes second reads that somebody was first', async () => {
    await showPage([aRequest({ actions: ['approve', 'refuse'], uses: [] })], () =>
      Response.json({ code: 'DISCLOSURE_CHANGED' }, { status: 409 }),
    )
    fireEvent.click(await screen.findByText('Duyệt'))
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Duyệt' }))
    await vi.waitFor(() => {
      expect(notices.value.at(-1)?.text).toContain('vừa được người khác xử lý')
    })
  })

  it('sees who listened from where, and revokes with words', async () => {
    const uses = [
      { at: '2026-03-02T01:30:00.000Z', personName: 'Lê Văn Phiệt', what: 'download', fromMs: null },
      { at: '2026-03-02T01:10:00.000Z', personName: 'Lê Văn Phiệt', what: 'play', fromMs: 10_000 },
    ] as const
    const { sent } = await showPage([{ ...APPROVED, actions: ['revoke'], uses: [...uses] }])
    const list = within(await screen.findByTestId('disclosure'))
    expect(list.getByText(/08:10 · Lê Văn Phiệt · nghe từ 0:10/)).toBeTruthy()
    expect(list.getByText(/08:30 · Lê Văn Phiệt · tải gói niêm phong/)).toBeTruthy()
    fireEvent.click(list.getByText('Thu hồi'))
    const dialog = within(await screen.findByRole('dialog'))
    fireEvent.input(dialog.getByLabelText(/Lý do/), { target: { value: 'Đã xác minh xong' } })
    fireEvent.click(dialog.getByRole('button', { name: 'Thu hồi' }))
    await vi.waitFor(() => {
      expect(sent).toEqual([['revoke', { revision: 2, reason: 'Đã xác minh xong' }]])
    })
  })

  it('is told of a new request and sees the list anew; an empty one says so', async () => {
    const { live, asked } = await showPage([])
    expect(await screen.findByText('Không có đề nghị nào chờ duyệt.')).toBeTruthy()
    live().accept()
    live().say(aSnapshot())
    live().say({ type: 'disclosure', id: 3, ticketCode: CODE, state: 'requested' })
    await vi.waitFor(() => {
      expect(asked.length).toBe(2)
    })
    expect(notices.value.map(({ text }) => text)).toEqual([`Phiếu ${CODE}: đơn vị đề nghị nghe ghi âm.`])
  })

  it('A15: is told where the unit may not know who reported it', async () => {
    await showPage([aRequest({ actions: ['approve', 'refuse'], unitReads: false, uses: [] })])
    expect(await screen.findByText(/hiện không được biết người phản ánh/)).toBeTruthy()
  })

  it('A15: and of one that is open, that it is shut for now and who decided, not what to do before', async () => {
    await showPage([
      aRequest({
        state: 'approved',
        actions: ['revoke'],
        unitReads: false,
        uses: [],
        granted: { ...ASKED, people: [...PEOPLE] },
        decidedByName: 'Lê Hoàng Lan',
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      }),
    ])
    expect(await screen.findByText(/không còn được biết người phản ánh/)).toBeTruthy()
    expect(screen.getByText(/Người duyệt: Lê Hoàng Lan\./)).toBeTruthy()
    expect(screen.queryByText(/trước khi duyệt/)).toBeNull()
  })

  it('R060: of one that was revoked, names who revoked it and who had approved it', async () => {
    await showPage([
      aRequest({
        ...APPROVED,
        state: 'revoked',
        actions: [],
        uses: [],
        decidedByName: 'Đỗ Thị Hai',
        endedByName: 'Lê Hoàng Lan',
        endedAt: AT,
        endReason: 'Gửi nhầm đơn vị',
      }),
    ])
    const line = await screen.findByText(/Bị thu hồi lúc/)
    expect(line.textContent).toMatch(
      /Bị thu hồi lúc .*: Gửi nhầm đơn vị\. Người thu hồi: Lê Hoàng Lan\. Người duyệt: Đỗ Thị Hai\.$/,
    )
  })

  it('R060: of one that was refused, names who refused it, once', async () => {
    const ended = { decidedByName: 'Lê Hoàng Lan', endedByName: 'Lê Hoàng Lan', endedAt: AT }
    await showPage([aRequest({ state: 'refused', actions: [], uses: [], endReason: 'Đã có đủ.', ...ended })])
    const line = await screen.findByText(/Bị từ chối lúc/)
    expect(line.textContent).toMatch(/: Đã có đủ\. Người từ chối: Lê Hoàng Lan\.$/)
  })
})
