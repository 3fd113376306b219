import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SignInPage } from '../../src/console/account/sign-in-page.tsx'
import { Replaced } from '../../src/console/app.tsx'
import { CallsPage } from '../../src/console/calls/calls-page.tsx'
import { PresenceCard } from '../../src/console/queue/presence-card.tsx'
import { MissedCard } from '../../src/console/queue/missed-card.tsx'
import { SoftphonePanel } from '../../src/console/softphone/panel.tsx'
import type { Console } from '../../src/console/state/console.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { now } from '../../src/console/state/clock.ts'
import { deskShortcuts } from '../../src/console/state/desk-shortcuts.ts'
import { CasePanel } from '../../src/console/tickets/case-panel.tsx'
import type { MissedCall } from '../../src/calls/contract.ts'
import type { PresenceView } from '../../src/presence/contract.ts'
import type { SendSlip } from '../../src/tickets/contract.ts'
import {
  aCall,
  aMissedCall,
  aForm,
  aPop,
  aPresence,
  aSession,
  aSnapshot,
  aTicket,
  NUMBER,
  openDesk,
} from './support.ts'

const show = (desk: Console, what: preact.ComponentChildren) =>
  render(<ConsoleContext.Provider value={desk}>{what}</ConsoleContext.Provider>)
const button = (name: string | RegExp) => screen.getByRole('button', { name })
const masks = (sent: unknown[]) => ({
  'PUT /api/calls/call-1/mask': (body: unknown) => {
    sent.push(body)
    return new Response(null, { status: 204 })
  },
})
const peekNothing = () => undefined

afterEach(() => {
  cleanup()
  vi.useRealTimers()
  now.value = 0
})

describe('the door', () => {
  it('asks for name and password and says in words why somebody is not let in', async () => {
    const { desk } = await openDesk({
      routes: { 'POST /api/session': () => Response.json({ code: 'SIGN_IN_FAILED' }, { status: 401 }) },
    })
    show(desk, <SignInPage />)
    fireEvent.input(screen.getByLabelText(/^Tên đăng nhập/), { target: { value: 'ha' } })
    fireEvent.input(screen.getByLabelText(/^Mật khẩu/), { target: { value: 'sai' } })
    fireEvent.click(button('Đăng nhập'))
    expect((await screen.findByRole('alert')).textContent).toBe('Tên đăng nhập hoặc mật khẩu không đúng.')
  })
})

describe('presence', () => {
  const withPresence = async (presence: PresenceView, routes: Parameters<typeof openDesk>[0] = {}) => {
    const opened = await openDesk(routes)
    opened.live().accept()
    opened.live().say(aSnapshot({ presence }))
    show(opened.desk, <PresenceCard />)
    return opened
  }

  it('offers only what is possible now', async () => {
    await withPresence(aPresence({ state: 'onCall' }))
    expect(screen.queryByRole('button', { name: /sẵn sàng/i })).toBeNull()
    expect(screen.getByRole('combobox', { name: 'Tạm dừng với lý do' })).toBeTruthy()
  })

  it('pauses with the reason chosen', async () => {
    const { asked } = await withPresence(aPresence(), {
      routes: { 'PUT /api/presence': () => aPresence({ state: 'paused', reason: 'meal' }) },
    })
    const choice = screen.getByRole('combobox', { name: 'Tạm dừng với lý do' })
    fireEvent.change(choice, { target: { value: 'meal' } })
    expect(await screen.findByText('Tạm dừng: Ăn trưa, ăn tối')).toBeTruthy()
    expect(asked.find(({ request }) => request === 'PUT /api/presence')?.body).toEqual({
      state: 'paused',
      reason: 'meal',
    })
  })

  it('counts the wrap-up down and offers its one extension until it is used', async () => {
    const wrapUp = aPresence({ state: 'wrapUp', wrapUpEndsAt: '2026-03-02T01:01:00.000Z' })
    const { live } = await withPresence(wrapUp)
    expect(screen.getByRole('timer', { name: 'Còn lại' }).textContent).toBe('1:00')
    fireEvent.click(button('Thêm thời gian'))
    const dialog = screen.getByRole('dialog', { name: 'Thêm thời gian', hidden: true })
    expect(within(dialog).getByLabelText('Vì sao cần thêm thời gian?')).toBeTruthy()
    live().say({ type: 'presence', presence: { ...wrapUp, wrapUpExtended: true } })
    await Promise.resolve()
    expect(screen.queryByRole('button', { name: 'Thêm thời gian' })).toBeNull()
  })
})

describe('the softphone', () => {
  it('offers exactly what its call allows', async () => {
    const { desk, phone } = await openDesk({ phone: { call: 'ringing' } })
    await Promise.resolve()
    show(desk, <SoftphonePanel />)
    fireEvent.click(button('Nghe máy'))
    expect(phone.done).toContain('answer')
    expect(button('Từ chối')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Giữ máy' })).toBeNull()
    phone.state.value = { ...phone.state.value, call: 'talking', talkingSince: 0 }
    await Promise.resolve()
    expect(screen.queryByRole('button', { name: 'Nghe máy' })).toBeNull()
    for (const name of ['Giữ máy', 'Tắt tiếng', 'Bàn phím số', 'Gác máy']) expect(button(name)).toBeTruthy()
  })

  it('R068: masks the recording by the button, warns when that lasts, and records again', async () => {
    const sent: unknown[] = []
    const { desk, live } = await openDesk({
      phone: { call: 'talking' },
      routes: masks(sent),
    })
    live().accept()
    live().say(aSnapshot({ call: aCall() }))
    now.value = Date.parse('2026-03-02T01:00:30.000Z')
    show(desk, <SoftphonePanel />)
    fireEvent.click(button('Ngừng ghi âm'))
    await vi.waitFor(() => {
      expect(sent).toEqual([{ masked: true, cause: 'button' }])
    })
    live().say({
      type: 'mask',
      mask: { callId: 'call-1', cause: 'button', since: '2026-03-02T01:00:00.000Z' },
    })
    await screen.findByText(/Đang ngừng ghi âm/)
    expect(screen.queryByRole('alert')).toBeNull()
    now.value = Date.parse('2026-03-02T01:02:00.000Z')
    expect((await screen.findByRole('alert')).textContent).toContain('Đã ngừng ghi âm quá lâu')
    fireEvent.click(button('Ghi âm lại'))
    await vi.waitFor(() => {
      expect(sent.at(-1)).toEqual({ masked: false, cause: 'button' })
    })
    now.value = 0
  })

  it('R068: masks while the cursor is in a field that the city lists, and not between two of them', async () => {
    const sent: unknown[] = []
    const { desk, live } = await openDesk({
      phone: { call: 'talking' },
      routes: {
        ...masks(sent),
        'GET /api/session': () => ({
          ...aSession(),
          masking: { warnSeconds: 120, fields: ['reporter.address', 'reporter.email'] },
        }),
      },
    })
    live().accept()
    live().say(aSnapshot({ call: aCall() }))
    show(
      desk,
      <>
        <SoftphonePanel />
        <input name="reporter.address" aria-label="one" />
        <input name="reporter.email" aria-label="two" />
        <input name="reporter.name" aria-label="three" />
      </>,
    )
    screen.getByLabelText('one').focus()
    await vi.waitFor(() => {
      expect(sent).toEqual([{ masked: true, cause: 'field' }])
    })
    live().say({
      type: 'mask',
      mask: { callId: 'call-1', cause: 'field', since: '2026-03-02T01:00:00.000Z' },
    })
    screen.getByLabelText('two').focus()
    screen.getByLabelText('three').focus()
    await vi.waitFor(() => {
      expect(sent.slice(1)).toEqual([{ masked: false, cause: 'field' }])
    })
  })

  it('says that a supervisor listens, as far as it is told', async () => {
    const { desk, live } = await openDesk({ phone: { call: 'talking' } })
    live().accept()
    live().say(aSnapshot({ call: aCall() }))
    show(desk, <SoftphonePanel />)
    live().say({ type: 'listener', listener: { name: 'Trần Văn Đức', mode: 'whisper' } })
    await screen.findByText('Giám sát đang nhắc, chỉ bạn nghe thấy: Trần Văn Đức')
    live().say({ type: 'listener', listener: null })
    await vi.waitFor(() => {
      expect(screen.queryByText(/^Giám sát đang/)).toBeNull()
    })
  })

  it('sends tones and shows them', async () => {
    const { desk, phone } = await openDesk({ phone: { call: 'talking' } })
    await Promise.resolve()
    show(desk, <SoftphonePanel />)
    fireEvent.click(button('Bàn phím số'))
    for (const key of ['9', 'Dấu sao']) fireEvent.click(button(key))
    expect(phone.done.filter((what) => what.startsWith('tone'))).toEqual(['tone 9', 'tone *'])
    expect(screen.getByLabelText('Đã bấm').textContent).toBe('9*')
  })

  it('dials what people paste, without its spaces', async () => {
    const { desk, phone } = await openDesk()
    await Promise.resolve()
    show(desk, <SoftphonePanel />)
    expect(button('Gọi')).toHaveProperty('disabled', true)
    fireEvent.input(screen.getByLabelText('Số cần gọi'), { target: { value: '0950 000-778' } })
    fireEvent.click(button('Gọi'))
    expect(phone.done).toContain('dial 0950000778 null')
  })

  it.each([
    ['denied', 'Trình duyệt không cho dùng micro.'],
    ['missing', 'Không tìm thấy micro.'],
    ['insecure', 'Trang này chưa được dùng micro vì địa chỉ không bảo mật.'],
  ] as const)('says plainly when the microphone is %s, and what to do', async (microphone, sentence) => {
    const { desk, phone } = await openDesk({ phone: { microphone } })
    await Promise.resolve()
    show(desk, <SoftphonePanel />)
    expect(screen.getByRole('alert').textContent).toContain(sentence)
    fireEvent.click(button('Thử lại micro'))
    expect(phone.done).toContain('checkMicrophone')
  })
})

describe('a softphone that is not connected', () => {
  const pass = (ms: number): Promise<void> =>
    act(async () => {
      await vi.advanceTimersByTimeAsync(ms)
    })
  const sentence = /chưa nhận được cuộc gọi, dù bạn đang sẵn sàng/

  it('says so to an operator who is ready, without alarming a page just loaded', async () => {
    vi.useFakeTimers()
    const { desk, live } = await openDesk({ phone: { line: 'connecting' } })
    show(desk, <SoftphonePanel />)
    live().accept()
    live().say(aSnapshot())
    await pass(500)
    expect(screen.queryByText(sentence)).toBeNull()
    await pass(3_000)
    expect(screen.getByText(sentence).getAttribute('role')).toBe('alert')
    live().say({ type: 'presence', presence: aPresence({ state: 'paused', reason: 'meal' }) })
    await pass(3_000)
    expect(screen.queryByText(sentence)).toBeNull()
  })

  it('says at once that a ringing call cannot be answered here', async () => {
    const { desk, live } = await openDesk({ phone: { line: 'connecting' } })
    live().accept()
    live().say(aSnapshot({ pops: [aPop()] }))
    show(desk, <SoftphonePanel />)
    expect(screen.getByText(/chưa nghe máy được/)).toBeTruthy()
  })
})

describe('a page whose account works elsewhere', () => {
  it('says that its call goes on, and lets it be hung up', async () => {
    const { desk, phone } = await openDesk({ phone: { call: 'talking' } })
    await Promise.resolve()
    show(desk, <Replaced />)
    expect(screen.getByText(/vẫn tiếp tục ở cửa sổ này/)).toBeTruthy()
    fireEvent.click(button('Gác máy'))
    expect(phone.done).toContain('hangUp')
    await act(() => {
      phone.state.value = { ...phone.state.value, call: 'idle' }
    })
    expect(screen.queryByRole('button', { name: 'Gác máy' })).toBeNull()
  })
})

describe('the desk of an administrator', () => {
  it('points to an administrator’s pages and offers nothing of an operator’s', async () => {
    const { desk } = await openDesk({ role: 'admin' })
    show(desk, <CasePanel onPeek={peekNothing} />)
    expect(screen.getAllByRole('link').map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
      ['Người dùng', '/people'],
      ['Phiếu', '/tickets'],
      ['Cuộc gọi', '/calls'],
    ])
    expect(screen.queryByText(/Bấm “Sẵn sàng”/)).toBeNull()
    expect(screen.queryByRole('button', { name: /Lập phiếu mới/ })).toBeNull()
    expect(deskShortcuts(desk).map(({ keys }) => keys)).not.toContain('Alt+N')
  })

  it('is opened once by two clicks on “Lập phiếu mới”', async () => {
    const { desk, asked, live } = await openDesk({
      routes: {
        'POST /api/tickets': () => aTicket({ channel: 'counter' }),
        'GET /api/directory/suggest': () => ({ unitIds: [] }),
      },
    })
    live().accept()
    live().say(aSnapshot())
    show(desk, <CasePanel onPeek={peekNothing} />)
    const open = button('Lập phiếu mới')
    // Both before the first one's answer, and so before the page is drawn anew.
    await act(() => {
      open.click()
      open.click()
    })
    await screen.findByText('HP26-000001')
    expect(asked.filter(({ request }) => request === 'POST /api/tickets')).toHaveLength(1)
  })

  it('is not the operator’s', async () => {
    const { desk } = await openDesk()
    expect(deskShortcuts(desk).map(({ keys }) => keys)).toContain('Alt+N')
  })
})

describe('the list of calls', () => {
  it('lets a long number wrap in its cell, and the training badge stand apart from it', async () => {
    const long = 'x'.repeat(64)
    const { desk } = await openDesk({
      routes: {
        'GET /api/calls': () => ({
          items: [aCall({ training: true, number: { ...NUMBER, display: long } })],
          total: 1,
        }),
      },
    })
    show(desk, <CallsPage />)
    const cell = (await screen.findByText(long)).closest('td')
    expect(cell?.className).toBe('cell-number')
    expect(cell?.textContent).toBe(`${long} Tập huấn`)
  })
})

describe('missed calls', () => {
  it('are rung back on their own case', async () => {
    const call: MissedCall = {
      callId: 'call-7',
      at: '2026-03-02T00:55:00.000Z',
      reason: 'abandoned',
      number: NUMBER,
      callerName: 'Phạm Văn Đại',
      ticketCode: 'HP26-000007',
      confidential: false,
      recordingId: null,
      times: 3,
    }
    const { desk, live, phone } = await openDesk()
    live().accept()
    live().say(aSnapshot({ missed: [call] }))
    show(desk, <MissedCard onOpen={peekNothing} />)
    expect(screen.getByText('3 lần')).toBeTruthy()
    fireEvent.click(button('Gọi lại Phạm Văn Đại'))
    expect(phone.done).toContain('dial +84950000777 HP26-000007')
  })

  it('R020: stand on the desk as far as they were told, and the count says how many there are', async () => {
    const call = aMissedCall()
    const { desk, live } = await openDesk()
    live().accept()
    live().say(aSnapshot({ missed: [call] }))
    const { container } = show(desk, <MissedCard onOpen={peekNothing} />)
    expect(container.textContent).not.toContain('nữa')
    live().say({ type: 'missed', missed: [call, { ...call, callId: 'call-8' }], missedTotal: 40 })
    await vi.waitFor(() => {
      expect(container.querySelector('.count')?.textContent).toBe('40')
    })
    expect(container.querySelectorAll('.missed-row')).toHaveLength(2)
    expect(container.textContent).toContain('38')
  })

  it('keep the place of whoever ticks them off by keyboard (WCAG 2.4.3)', async () => {
    const rows = ['a', 'b', 'c'].map((callId) => aMissedCall({ callId, callerName: `Bà ${callId}` }))
    const left = (...ids: string[]) => rows.filter(({ callId }) => ids.includes(callId))
    const { desk, live } = await openDesk({
      routes: Object.fromEntries(rows.map(({ callId }) => [`POST /api/missed/${callId}/done`, () => ({})])),
    })
    live().accept()
    live().say(aSnapshot({ missed: rows }))
    show(desk, <MissedCard onOpen={peekNothing} />)
    const tick = (who: string, ...then: string[]): void => {
      const done = button(`Đánh dấu đã gọi lại Bà ${who}`)
      done.focus()
      fireEvent.click(done)
      live().say({ type: 'missed', missed: left(...then), missedTotal: then.length })
    }
    const focusIsOn = (what: () => HTMLElement) =>
      vi.waitFor(() => {
        expect(document.activeElement).toBe(what())
      })
    tick('a', 'b', 'c')
    await focusIsOn(() => button('Đánh dấu đã gọi lại Bà b'))
    tick('c', 'b')
    await focusIsOn(() => button('Đánh dấu đã gọi lại Bà b'))
    tick('b')
    await focusIsOn(() => screen.getByRole('heading', { name: /^Cần gọi lại/ }))
  })

  it('R068: are rung back by whoever does not see the number, which is asked for and written down', async () => {
    const call: MissedCall = {
      callId: 'call-7',
      at: '2026-03-02T00:55:00.000Z',
      reason: 'callback',
      number: { raw: '', e164: null, display: '0950 ••• 777', kind: 'mobile', isMasked: true },
      callerName: null,
      ticketCode: 'HP26-000007',
      confidential: false,
      recordingId: null,
      times: 1,
    }
    const other = { ...NUMBER, e164: '+84950000778', display: '0950 000 778' }
    const { desk, live, phone, asked } = await openDesk({
      role: 'supervisor',
      routes: { 'POST /api/calls/call-7/number': () => ({ number: NUMBER, reach: other }) },
    })
    live().accept()
    live().say(aSnapshot({ missed: [call] }))
    const { container } = show(desk, <MissedCard onOpen={peekNothing} />)
    expect(container.textContent.split('0950 ••• 777')).toHaveLength(2)
    fireEvent.click(button('Hiện số đầy đủ của 0950 ••• 777'))
    await screen.findByText('0950 000 778')
    fireEvent.click(button('Gọi lại 0950 ••• 777'))
    await vi.waitFor(() => {
      expect(phone.done).toContain('dial +84950000778 HP26-000007')
    })
    expect(asked.filter((one) => JSON.stringify(one).includes('/number'))).toHaveLength(2)
  })

  it('A15: of a confidential case say so, and of a hidden number that it is hidden', async () => {
    const call: MissedCall = {
      callId: 'call-7',
      at: '2026-03-02T00:55:00.000Z',
      reason: 'abandoned',
      number: { raw: '', e164: null, display: '', kind: 'anonymous' },
      callerName: null,
      ticketCode: 'HP26-000007',
      confidential: true,
      recordingId: null,
      times: 1,
    }
    const { desk, live } = await openDesk()
    live().accept()
    live().say(aSnapshot({ missed: [call, { ...call, callId: 'call-8', confidential: false }] }))
    const { container } = show(desk, <MissedCard onOpen={peekNothing} />)
    expect([...container.querySelectorAll('.name')].map((name) => name.textContent)).toEqual([
      'Phiếu bảo mật',
      'Số ẩn',
    ])
  })
})

describe('the middle of the desk', () => {
  const openCase = async (routes: NonNullable<Parameters<typeof openDesk>[0]>['routes'] = {}) => {
    const opened = await openDesk({
      routes: {
        'GET /api/tickets/HP26-000001': () => aTicket(),
        'GET /api/directory/suggest': () => ({ unitIds: [] }),
        'GET /api/directory': () => ({
          units: [
            {
              id: 'dien-chieu-sang',
              name: 'Công ty Điện chiếu sáng',
              smsName: 'Cty Dien chieu sang',
              type: 'provider',
              fields: ['lighting'],
              dutyPhone: '0225 000 0024',
              address: null,
              people: [],
            },
          ],
          categories: [
            {
              id: 'infrastructure',
              name: 'Sự cố hạ tầng kỹ thuật',
              article: 'Đ5.1',
              fields: [
                { id: 'lighting', name: 'Chiếu sáng', unitIds: [] },
                { id: 'roads', name: 'Đường sá', unitIds: [] },
              ],
            },
          ],
          areas: [],
        }),
        ...routes,
      },
    })
    opened.live().accept()
    opened.live().say(aSnapshot())
    show(opened.desk, <CasePanel onPeek={peekNothing} />)
    return opened
  }

  it('is taken over by the pop: number, name and how sure, how often today, missed today, the line', async () => {
    const { live } = await openCase()
    live().say({ type: 'pop', pop: aPop() })
    const pop = await screen.findByRole('region', { name: 'Cuộc gọi đang đổ chuông' })
    for (const text of [
      '0950 000 777',
      'Đã biết',
      'Gọi lần 3 hôm nay',
      '1 cuộc nhỡ hôm nay',
      'Gọi vào 02251022',
    ]) {
      expect(within(pop).getByText(text)).toBeTruthy()
    }
    expect(within(pop).getByText(/Phạm Văn Đại/)).toBeTruthy()
    expect(within(pop).getByText(/\+84950000777/)).toBeTruthy()
  })

  it('turns into the form on answering, with the cursor in the content', async () => {
    const { live } = await openCase()
    live().say({ type: 'pop', pop: aPop() })
    live().say({ type: 'popClosed', callId: 'call-1', reason: 'answered', operatorName: null })
    live().say({ type: 'call', call: aCall() })
    const content = await screen.findByRole('textbox', { name: /^Nội dung phản ánh/ })
    await screen.findByText('HP26-000001')
    expect(document.activeElement).toBe(content)
    expect(screen.getByText('Phạm Văn Đại')).toBeTruthy()
  })

  it('never takes form or focus from somebody who writes', async () => {
    const { live } = await openCase()
    live().say({ type: 'call', call: aCall() })
    const content = await screen.findByRole('textbox', { name: /^Nội dung phản ánh/ })
    live().say({ type: 'call', call: aCall({ state: 'ended' }) })
    content.focus()
    live().say({ type: 'pop', pop: aPop({ callId: 'call-2' }) })
    await screen.findByRole('region', { name: 'Cuộc gọi đang đổ chuông' })
    expect(document.activeElement).toBe(content)
    expect(screen.getByRole('textbox', { name: /^Nội dung phản ánh/ })).toBe(content)
  })

  it('says what became of a call that rang here', async () => {
    const { live } = await openCase()
    live().say({ type: 'pop', pop: aPop() })
    live().say({
      type: 'popClosed',
      callId: 'call-1',
      reason: 'answeredElsewhere',
      operatorName: 'Trần Văn Đức',
    })
    expect(await screen.findByText('Trần Văn Đức đã nghe cuộc gọi của 0950 000 777.')).toBeTruthy()
  })

  it('finds a field without its marks and by keys alone', async () => {
    const { live, desk } = await openCase()
    live().say({ type: 'call', call: aCall() })
    const field = await screen.findByRole('combobox', { name: 'Lĩnh vực' })
    fireEvent.input(field, { target: { value: 'duong' } })
    expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual([
      'Đường sáSự cố hạ tầng kỹ thuật',
    ])
    fireEvent.keyDown(field, { key: 'Enter' })
    expect(desk.editor.value?.form.value).toMatchObject({ fieldId: 'roads', categoryId: 'infrastructure' })
  })

  it('sends the slip with the one button that says to whom', async () => {
    const sent: SendSlip[] = []
    const { live } = await openCase({
      'GET /api/tickets/HP26-000001': () =>
        aTicket({ form: aForm({ content: 'Đèn hỏng', title: 'Đèn hỏng' }) }),
      'POST /api/tickets/HP26-000001/slips': (body) => {
        sent.push(body as SendSlip)
        return aTicket({ version: 2, state: 'assigned', actions: ['sendSlip', 'save', 'attach'] })
      },
    })
    live().say({ type: 'call', call: aCall() })
    const unit = await screen.findByRole('combobox', { name: 'Chuyển đến đơn vị' })
    // As Ctrl+Enter does: what is missing is said, and the cursor goes there.
    fireEvent.click(button('Chọn đơn vị để gửi phiếu chuyển'))
    expect((await screen.findByRole('alert')).textContent).toBe('Chọn đơn vị để gửi phiếu chuyển')
    expect(document.activeElement).toBe(unit)
    expect(sent).toEqual([])
    fireEvent.input(unit, { target: { value: 'chieu sang' } })
    fireEvent.keyDown(unit, { key: 'Enter' })
    fireEvent.click(button('Gửi phiếu chuyển đến Công ty Điện chiếu sáng'))
    await screen.findByText('Đã chuyển đơn vị')
    expect(sent).toEqual([{ version: 1, unitId: 'dien-chieu-sang', note: '' }])
  })

  it.each([
    ['the unit that has it', { unitId: 'dien-chieu-sang' }],
    ['the one that does its work now', { unitId: 'chieu-sang-cu', unitNowName: 'Công ty Điện chiếu sáng' }],
  ])('R049: does not offer a slip to %s', async (_, held) => {
    const { live } = await openCase({
      'GET /api/tickets/HP26-000001': () =>
        aTicket({ state: 'assigned', actions: ['sendSlip', 'save', 'attach'], ...held }),
    })
    live().say({ type: 'call', call: aCall() })
    const unit = await screen.findByRole('combobox', { name: 'Chuyển đến đơn vị' })
    fireEvent.input(unit, { target: { value: 'chieu sang' } })
    expect(screen.queryAllByRole('option').map(({ textContent }) => textContent)).not.toContain(
      'Công ty Điện chiếu sáng',
    )
    fireEvent.keyDown(unit, { key: 'Enter' })
    expect(screen.queryByRole('button', { name: /Gửi phiếu chuyển đến/ })).toBeNull()
  })

  it('records a direct answer with its source', async () => {
    const bodies: unknown[] = []
    const { live } = await openCase({
      'POST /api/tickets/HP26-000001/answer': (body) => {
        bodies.push(body)
        return aTicket({ version: 2, state: 'answered', actions: ['attach'], answer: 'Nộp ở một cửa.' })
      },
    })
    live().say({ type: 'call', call: aCall() })
    fireEvent.click(await screen.findByRole('radio', { name: 'Trả lời ngay' }))
    fireEvent.input(screen.getByRole('textbox', { name: /^Nội dung trả lời công dân/ }), {
      target: { value: 'Nộp ở một cửa.' },
    })
    fireEvent.input(screen.getByRole('textbox', { name: 'Căn cứ trả lời' }), { target: { value: 'QĐ 12' } })
    fireEvent.click(button('Ghi nhận đã trả lời công dân'))
    await screen.findByText('Đã trả lời')
    expect(bodies).toEqual([{ version: 1, answer: 'Nộp ở một cửa.', source: 'QĐ 12' }])
  })

  it('offers nothing the life cycle forbids', async () => {
    const { live } = await openCase({
      'GET /api/tickets/HP26-000001': () =>
        aTicket({ state: 'answered', actions: ['attach'], answer: 'Đã nói.' }),
    })
    live().say({ type: 'call', call: aCall() })
    await screen.findByText('Đã nói.')
    expect(screen.queryByRole('button', { name: /Gửi phiếu|Chọn đơn vị|Ghi nhận/ })).toBeNull()
    expect(screen.getByRole('textbox', { name: /^Nội dung phản ánh/ }).closest('fieldset')?.disabled).toBe(
      true,
    )
  })
})
