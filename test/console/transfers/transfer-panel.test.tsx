import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import { SoftphonePanel } from '../../../src/console/softphone/panel.tsx'
import { now } from '../../../src/console/state/clock.ts'
import { ConsoleContext } from '../../../src/console/state/console-context.ts'
import { PARTIES } from '../../../src/console/transfers/parties.ts'
import { TransferPanel } from '../../../src/console/transfers/transfer-panel.tsx'
import {
  TRANSFER_STATES,
  type TransferCommand,
  type TransferState,
  type TransferView,
} from '../../../src/transfers/contract.ts'
import { aCall, anAttempt, aSnapshot, aTarget, aTransfer, openDesk } from '../support.ts'

const button = (name: string | RegExp) => screen.getByRole('button', { name })
const names = () => screen.queryAllByRole('button').map((one) => one.querySelector('span')?.textContent)
/** What is drawn anew is there after the page had its turn. */
const drawn = () => new Promise<void>((done) => setTimeout(done))

type Options = NonNullable<Parameters<typeof openDesk>[0]>

async function openPanel(transfer: TransferView | null, options: Options = {}) {
  const opened = await openDesk({
    ...options,
    routes: {
      'GET /api/transfers/proposal': () => ({
        targets: [
          aTarget({ number: '113', unitId: null, label: 'Công an', ask: false }),
          aTarget(),
          aTarget({ number: '0225 000 0099', label: 'Trực ban · Văn phòng' }),
        ],
      }),
      ...options.routes,
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot({ call: aCall(), transfers: transfer === null ? [] : [transfer] }))
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <textarea aria-label="elsewhere" />
      <SoftphonePanel />
      <TransferPanel />
    </ConsoleContext.Provider>,
  )
  const tell = async (changes: Partial<TransferView>): Promise<void> => {
    opened.live().say({ type: 'transfer', transfer: aTransfer(changes) })
    await drawn()
  }
  return { ...opened, tell }
}

const word = () => within(screen.getByRole('region', { name: 'Chuyển máy' })).getByRole('status').textContent
const groups = () => screen.getAllByRole('list')[0]?.textContent

afterEach(() => {
  cleanup()
  now.value = 0
})

describe('choosing whom to ring', () => {
  const openPicker = async (options: Options = {}) => {
    const opened = await openPanel(null, options)
    screen.getByLabelText('elsewhere').focus()
    fireEvent.click(button('Chuyển máy'))
    return opened
  }

  it('is not offered without a talk, nor after the talk has ended', async () => {
    const { live } = await openPanel(null)
    expect(button('Chuyển máy')).toBeTruthy()
    live().say({ type: 'call', call: aCall({ state: 'ended' }) })
    await drawn()
    expect(screen.queryByRole('region', { name: 'Chuyển máy' })).toBeNull()
  })

  it('proposes the numbers for this case in order, and rings them as they were left', async () => {
    const { asked, desk } = await openPicker({ routes: { 'POST /api/transfers': () => aTransfer() } })
    await screen.findByRole('checkbox', { name: /^Công an/ })
    fireEvent.click(screen.getByRole('checkbox', { name: /^Trực ban · Công an phường/ }))
    fireEvent.click(button('Gọi Trực ban · Văn phòng sớm hơn'))
    fireEvent.click(button('Gọi Trực ban · Văn phòng sớm hơn'))
    fireEvent.click(button(/^Gọi và giữ máy/))
    await screen.findByText('Đang gọi Trực ban · Công an phường, người dân nghe nhạc…')
    expect(asked.find(({ request }) => request === 'POST /api/transfers')?.body).toMatchObject({
      callId: 'call-1',
      mode: 'consult',
      targets: [{ number: '0225 000 0099' }, { number: '113', ask: false }],
    })
    expect(desk.line.value.transfer?.id).toBe('transfer1')
    expect(document.activeElement).toBe(screen.getByLabelText('elsewhere'))
  })

  it('rings a number typed in before the proposed ones, by Enter alone', async () => {
    const { asked } = await openPicker({ routes: { 'POST /api/transfers': () => aTransfer() } })
    await screen.findByRole('checkbox', { name: /^Công an/ })
    const field = screen.getByLabelText('Gọi số khác')
    expect(document.activeElement).toBe(field)
    fireEvent.input(field, { target: { value: '0912 345 678' } })
    expect(screen.getByText('Số này được gọi trước, rồi mới đến các số đã chọn.')).toBeTruthy()
    fireEvent.submit(screen.getByRole('form', { name: 'Chọn nơi chuyển máy' }))
    await drawn()
    expect(asked.find(({ request }) => request === 'POST /api/transfers')?.body).toMatchObject({
      targets: [
        { number: '0912 345 678', unitId: null, label: '', ask: true },
        { number: '113' },
        { number: '0225 000 0113' },
        { number: '0225 000 0099' },
      ],
    })
  })

  it('lets the operator leave at once', async () => {
    const { asked } = await openPicker({
      routes: { 'POST /api/transfers': () => aTransfer({ mode: 'blind', state: 'starting' }) },
    })
    await screen.findByRole('checkbox', { name: /^Công an/ })
    fireEvent.click(button('Chuyển thẳng'))
    await drawn()
    expect(asked.find(({ request }) => request === 'POST /api/transfers')?.body).toMatchObject({
      mode: 'blind',
    })
  })

  it.each([
    ['TRANSFER_NUMBER_PREMIUM', /đầu số 1900/],
    ['TRANSFER_NUMBER_CALLER', /số của chính người đang gọi/],
    ['TRANSFER_NO_TALK', /không còn ở máy của bạn/],
  ])('says in place what is wrong and keeps what was typed (%s)', async (code, sentence) => {
    await openPicker({
      routes: { 'POST /api/transfers': () => Response.json({ code }, { status: 400 }) },
    })
    await screen.findByRole('checkbox', { name: /^Công an/ })
    fireEvent.input(screen.getByLabelText('Gọi số khác'), { target: { value: '1900 1234' } })
    fireEvent.click(button(/^Gọi và giữ máy/))
    expect((await screen.findByRole('alert')).textContent).toMatch(sentence)
    expect(screen.getByLabelText('Gọi số khác')).toHaveProperty('value', '1900 1234')
  })

  it('does without proposals: none fit, or they did not come', async () => {
    let away = true
    await openPicker({
      routes: {
        'GET /api/transfers/proposal': () =>
          away ? Response.json({ code: 'STOPPING' }, { status: 503 }) : { targets: [] },
      },
    })
    expect((await screen.findByRole('alert')).textContent).toContain('Bạn vẫn có thể nhập số cần gọi.')
    expect(button(/^Gọi và giữ máy/)).toHaveProperty('disabled', true)
    away = false
    fireEvent.click(button('Lấy lại gợi ý'))
    expect(await screen.findByText('Chưa có số nào phù hợp với phiếu này. Hãy nhập số cần gọi.')).toBeTruthy()
    fireEvent.input(screen.getByLabelText('Gọi số khác'), { target: { value: '114' } })
    expect(button(/^Gọi và giữ máy/)).toHaveProperty('disabled', false)
  })

  it('is left with Escape, the cursor where it was', async () => {
    await openPicker()
    fireEvent.keyDown(screen.getByLabelText('Gọi số khác'), { key: 'Escape' })
    await drawn()
    expect(screen.queryByRole('form', { name: 'Chọn nơi chuyển máy' })).toBeNull()
    expect(document.activeElement).toBe(screen.getByLabelText('elsewhere'))
  })

  it('takes a phone off hold: it would hear neither the ringing nor the agency', async () => {
    const { phone } = await openPicker({
      phone: { call: 'held' },
      routes: { 'POST /api/transfers': () => aTransfer() },
    })
    await screen.findByRole('checkbox', { name: /^Công an/ })
    fireEvent.click(button(/^Gọi và giữ máy/))
    await drawn()
    expect(phone.done).toContain('hold false')
  })
})

describe('a transfer under way', () => {
  const steps: readonly (readonly [TransferState, TransferCommand[], string[]])[] = [
    [
      'ringing',
      ['toggle', 'complete', 'cancel', 'skip'],
      ['Nói với người dân', 'Rời máy, để hệ thống nối', 'Gọi số kế tiếp', 'Quay lại người dân'],
    ],
    [
      'ringingAside',
      ['toggle', 'complete', 'cancel'],
      ['Nghe chuông đơn vị', 'Rời máy, để hệ thống nối', 'Quay lại người dân'],
    ],
    [
      'consult',
      ['toggle', 'merge', 'complete', 'cancel'],
      ['Nói với người dân', 'Gọi ba bên', 'Nối và rời máy', 'Quay lại người dân'],
    ],
    [
      'citizenSide',
      ['toggle', 'merge', 'complete', 'cancel'],
      ['Nói với đơn vị', 'Gọi ba bên', 'Nối và rời máy', 'Quay lại người dân'],
    ],
    ['merged', ['toggle', 'complete', 'cancel'], ['Tách cuộc gọi', 'Nối và rời máy', 'Quay lại người dân']],
    ['afterCitizen', ['complete', 'cancel'], ['Kết thúc cuộc gọi']],
    ['blind', [], []],
  ]

  it.each(steps)('offers in %s what the machine does, in words that fit', async (state, actions, words) => {
    await openPanel(aTransfer({ state, actions }))
    expect(names()).toEqual(expect.arrayContaining(words))
    const panel = screen.getByRole('region', { name: 'Chuyển máy' })
    expect(within(panel).queryAllByRole('button')).toHaveLength(words.length)
  })

  it('asks for a step of the state that was shown, one at a time', async () => {
    const { asked } = await openPanel(
      aTransfer({ state: 'consult', actions: ['toggle', 'merge', 'complete'] }),
      {
        routes: { 'POST /api/transfers/transfer1/commands': () => new Response(null, { status: 204 }) },
      },
    )
    fireEvent.click(button(/^Gọi ba bên/))
    fireEvent.click(button(/^Gọi ba bên/))
    await Promise.resolve()
    expect(button(/^Nối và rời máy/)).toHaveProperty('disabled', true)
    await drawn()
    const sent = asked.filter(({ request }) => request === 'POST /api/transfers/transfer1/commands')
    expect(sent.map(({ body }) => body)).toEqual([{ command: 'merge', state: 'consult', current: 0 }])
    expect(button(/^Nối và rời máy/)).toHaveProperty('disabled', false)
  })

  it('says of a late click what happened, until the state changes again', async () => {
    const { tell } = await openPanel(aTransfer({ state: 'ringing', actions: ['toggle'] }), {
      routes: {
        'POST /api/transfers/transfer1/commands': () =>
          Response.json({ code: 'TRANSFER_STATE_CHANGED' }, { status: 409 }),
      },
    })
    fireEvent.click(button(/^Nói với người dân/))
    expect((await screen.findByRole('alert')).textContent).toContain('Cuộc gọi vừa đổi trạng thái')
    await tell({ state: 'consult', actions: ['toggle'] })
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('shows at a glance who hears whom', async () => {
    const { tell } = await openPanel(aTransfer())
    expect(groups()).toBe('Bạn + Đơn vịđang đổ chuôngNgười dânnghe nhạc')
    await tell({ attempts: [anAttempt({ state: 'asked', answeredAt: '2026-03-02T01:00:05.000Z' })] })
    expect(groups()).toBe('Bạn + Đơn vịchờ bấm phím 1Người dânnghe nhạc')
    await tell({ state: 'citizenSide' })
    expect(groups()).toBe('Bạn + Người dânđang nói chuyệnĐơn vịnghe nhạc')
    await tell({ state: 'merged' })
    expect(groups()).toBe('Bạn + Người dân + Đơn vịđang nói chuyện')
  })

  it('leaves the citizen alone in no state: music, somebody, or being connected', () => {
    for (const state of TRANSFER_STATES) {
      const group = PARTIES[state].find(({ members }) => members.includes('citizen'))
      if (group?.members.length === 1) expect(['music', 'moving']).toContain(group.sound)
      const everyone = PARTIES[state].flatMap(({ members }) => members)
      expect(new Set(everyone).size).toBe(everyone.length)
    }
  })

  it('shows the chain with outcomes, and the clock of the number that rings', async () => {
    await openPanel(
      aTransfer({
        attempts: [
          anAttempt({ state: 'busy', endedAt: '2026-03-02T01:00:04.000Z', cause: 17 }),
          anAttempt({
            target: aTarget({ number: '0912345678', unitId: null, label: '' }),
            number: { raw: '0912345678', e164: '+84912345678', display: '0912 345 678', kind: 'mobile' },
            startedAt: '2026-03-02T01:00:04.000Z',
          }),
          anAttempt({ state: 'waiting', startedAt: null }),
        ],
      }),
    )
    now.value = Date.parse('2026-03-02T01:00:11.000Z')
    await drawn()
    const chain = screen.getByRole('list', { name: 'Các số được gọi, theo thứ tự' })
    expect(
      within(chain)
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual([
      'Trực ban · Công an phường0225 000 0113Máy bận0:04',
      '0912 345 678Đang đổ chuông0:07',
      'Trực ban · Công an phường0225 000 0113Chờ đến lượt',
    ])
    expect(word()).toBe('Đang gọi 0912 345 678, người dân nghe nhạc…')
  })

  it('speaks of the unit by its name where the directory knows it', async () => {
    await openPanel(aTransfer({ state: 'consult' }), {
      routes: {
        'GET /api/directory': () => ({
          units: [{ id: 'cong-an', name: 'Công an phường Lê Chân', people: [] }],
          categories: [],
          areas: [],
        }),
      },
    })
    await drawn()
    expect(word()).toBe('Bạn đang nói với Công an phường Lê Chân, người dân nghe nhạc.')
  })

  it('tells each change to readers in the one place that listens', async () => {
    const { tell } = await openPanel(null)
    const status = within(screen.getByRole('region', { name: 'Chuyển máy' })).getByRole('status')
    expect(status.textContent).toBe('')
    await tell({ state: 'starting' })
    expect(status.textContent).toBe('Đang bắt đầu chuyển máy…')
    await tell({ state: 'ringing', attempts: [anAttempt({ state: 'asked' })] })
    expect(status.textContent).toContain('đã nhấc máy, chờ bấm phím 1')
    expect(status.isConnected).toBe(true)
  })

  it('is not the phone’s to hold, and letting go is called leaving', async () => {
    const { tell } = await openPanel(aTransfer({ state: 'consult' }), { phone: { call: 'talking' } })
    await drawn()
    expect(screen.queryByRole('button', { name: 'Giữ máy' })).toBeNull()
    expect(screen.getByTestId('hang-up').textContent).toContain('Rời máy')
    await tell({ state: 'returned', actions: [] })
    expect(button('Giữ máy')).toBeTruthy()
    expect(screen.getByTestId('hang-up').textContent).toContain('Gác máy')
  })
})

describe('a citizen put through blind before this call', () => {
  it('is told of to the end beside the call on the desk, which can be put through as well', async () => {
    const { tell, live } = await openPanel(aTransfer({ state: 'blind', hasLeft: true, actions: [] }))
    live().say({ type: 'call', call: aCall({ id: 'call-2' }) })
    await drawn()
    expect(screen.getByTestId('transfer')).toBeTruthy()
    const row = screen.getByText('Cuộc trước, phiếu HP26-000001:').closest('li') ?? document.body
    expect(row.textContent).toMatch(/Hệ thống đang gọi/)
    expect(within(row).queryByRole('button')).toBeNull()
    await tell({ id: 'transfer2', callId: 'call-2', state: 'ringing' })
    expect(screen.queryByTestId('transfer')).toBeNull()
    await tell({ state: 'requeued', actions: [] })
    expect(row.textContent).toMatch(/đã trở lại đầu hàng chờ/)
    expect(word()).toMatch(/^Đang gọi/)
    fireEvent.click(within(row).getByRole('button', { name: 'Đóng' }))
    await drawn()
    expect(screen.queryByText('Cuộc trước, phiếu HP26-000001:')).toBeNull()
  })
})

describe('a transfer that is over', () => {
  const failed = [anAttempt({ state: 'noAnswer', endedAt: '2026-03-02T01:00:25.000Z' })]
  const took = [anAttempt({ state: 'accepted', acceptedAt: '2026-03-02T01:00:09.000Z' })]
  it.each([
    ['completed', took, 'Đã nối người dân với Trực ban · Công an phường.'],
    ['returned', took, 'Đã thôi chuyển máy, bạn đang nói với người dân.'],
    ['returned', failed, 'Không nơi nào nhận cuộc gọi, bạn đang nói lại với người dân.'],
    ['requeued', failed, 'Không nơi nào nhận cuộc gọi, người dân đã trở lại đầu hàng chờ.'],
    ['abandoned', took, 'Người dân đã gác máy nên việc chuyển máy dừng lại.'],
    ['failed', [], /^Không chuyển được máy/],
  ] as const)('says in a sentence how it ended (%s)', async (state, attempts, sentence) => {
    const { tell } = await openPanel(aTransfer())
    await tell({ state, attempts: [...attempts], actions: [] })
    expect(word()).toMatch(sentence)
    expect(screen.queryByRole('list', { name: 'Ai đang nghe ai' })).toBeNull()
  })

  it('can be tried again when the citizen is back, also from the queue, and not when they are elsewhere', async () => {
    const { tell, live } = await openPanel(aTransfer())
    await tell({ state: 'returned', actions: [] })
    expect(screen.getByTestId('transfer')).toBeTruthy()
    await tell({ id: 'transfer2', state: 'ringing' })
    live().say({ type: 'call', call: aCall({ state: 'transferred' }) })
    await tell({ id: 'transfer2', state: 'completed', actions: [] })
    expect(screen.queryByTestId('transfer')).toBeNull()
    // The agency’s line was lost, and the same operator takes the same call.
    live().say({ type: 'call', call: aCall({ state: 'talking' }) })
    await drawn()
    expect(screen.getByTestId('transfer')).toBeTruthy()
    fireEvent.click(button('Đóng'))
    await drawn()
    expect(word()).toBe('')
  })
})
