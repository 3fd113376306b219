import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import { now } from '../../../src/console/state/clock.ts'
import { ConsoleContext } from '../../../src/console/state/console-context.ts'
import { TicketPast } from '../../../src/console/tickets/help-panel.tsx'
import { speak } from '../../../src/console/i18n/translate.ts'
import { language } from '../../../src/console/state/preferences.ts'
import type { RecordingView } from '../../../src/recordings/contract.ts'
import type { TicketView } from '../../../src/tickets/contract.ts'
import type { CallTimeline, HearingGroup, TimelineSpan } from '../../../src/transfers/contract.ts'
import { aCall, anAttempt, aSnapshot, aTicket, aTransfer, openDesk } from '../support.ts'

/** Seconds after eight in the city. */
const at = (seconds: number): string => new Date(Date.UTC(2026, 2, 2, 1) + seconds * 1_000).toISOString()
const CITIZEN: HearingGroup = { members: ['citizen'], sound: 'music' }

function aSpan(from: number, to: number | null, changes: Partial<TimelineSpan> = {}): TimelineSpan {
  return {
    from: at(from),
    to: to === null ? null : at(to),
    groups: [{ members: ['operator', 'citizen'], sound: 'talk' }],
    transferId: 'transfer1',
    operatorName: 'Nguyễn Thị Hạ',
    attempt: null,
    end: to === null ? null : { cause: 'arrived', by: null, name: null },
    ...changes,
  }
}

const START = { cause: 'start', by: 'operator', name: 'Nguyễn Thị Hạ' } as const
const TOOK = { cause: 'agencyTook', by: 'agency', name: null } as const
const FAILED = anAttempt({ state: 'unreachable', startedAt: at(60), endedAt: at(66), cause: 20 })
const TAKEN = anAttempt({
  target: { number: '0912345678', unitId: null, label: '', ask: true },
  number: { raw: '0912345678', e164: '+84912345678', display: '0912 345 678', kind: 'mobile' },
  state: 'accepted',
  startedAt: at(66),
  answeredAt: at(76),
  acceptedAt: at(80),
  endedAt: at(300),
})
const RING: HearingGroup = { members: ['operator', 'agency'], sound: 'ringing' }

const DONE: CallTimeline = {
  callId: 'call-1',
  transfers: [
    aTransfer({
      state: 'completed',
      endedAt: at(120),
      attempts: [FAILED, TAKEN, anAttempt({ startedAt: null, state: 'waiting' })],
    }),
  ],
  spans: [
    aSpan(0, 60, { transferId: null, end: START }),
    aSpan(60, 60.2, { groups: [{ members: ['operator', 'citizen'], sound: 'moving' }] }),
    aSpan(60.2, 66, {
      groups: [RING, CITIZEN],
      attempt: 0,
      end: { cause: 'notTaken', by: null, name: null },
    }),
    aSpan(66, 80, { groups: [RING, CITIZEN], attempt: 1, end: TOOK }),
    aSpan(80, 120, {
      groups: [{ members: ['operator', 'agency'], sound: 'talk' }, CITIZEN],
      attempt: 1,
      end: { cause: 'complete', by: 'operator', name: 'Nguyễn Thị Hạ' },
    }),
    aSpan(120, 300, {
      groups: [{ members: ['citizen', 'agency'], sound: 'talk' }],
      attempt: 1,
      operatorName: null,
      end: { cause: 'left', by: 'citizen', name: null },
    }),
  ],
}

function aRecording(changes: Partial<RecordingView>): RecordingView {
  return {
    id: 1,
    callId: 'call-1',
    ticketCode: 'HP26-000001',
    kind: 'call',
    state: 'stored',
    flags: [],
    startedAt: at(0),
    durationMs: 300_000,
    sizeBytes: 1,
    sha256: 'x',
    copy: null,
    numberDisplay: '0950 000 777',
    operatorId: 1,
    operatorName: 'Nguyễn Thị Hạ',
    answered: true,
    deletedFor: null,
    training: false,
    playable: true,
    ...changes,
  }
}

const STARTED = { id: 1, at: at(60), type: 'transferStarted', actorName: null, detail: {} }

async function openPast(ticket: Partial<TicketView>, answer: () => unknown) {
  const opened = await openDesk({ routes: { 'GET /api/tickets/HP26-000001/transfers': answer } })
  opened.live().accept()
  opened.live().say(aSnapshot())
  const shown = aTicket({
    calls: [aCall({ state: 'ended', outcome: 'answered', endedAt: at(300) })],
    events: [STARTED],
    ...ticket,
  })
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <TicketPast ticket={shown} />
    </ConsoleContext.Provider>,
  )
  return opened
}

const asked = (opened: Awaited<ReturnType<typeof openPast>>) =>
  opened.asked.filter(({ request }) => request.endsWith('/transfers')).length
const lines = (name: string) =>
  within(screen.getByRole('list', { name }))
    .getAllByRole('listitem')
    .filter((item) => item.parentElement === screen.getByRole('list', { name }))
    .map((item) => item.textContent)
const drawn = () => new Promise<void>((done) => setTimeout(done))

afterEach(() => {
  cleanup()
  now.value = 0
  language.value = 'vi'
})

describe('a call that was put through', () => {
  it('says who heard whom, from when, for how long, and who ended it', async () => {
    await openPast({}, () => ({ calls: [DONE] }))
    await screen.findByRole('list', { name: 'Ai nghe ai, theo thời gian' })
    expect(lines('Ai nghe ai, theo thời gian')).toEqual([
      '08:00:00Nguyễn Thị Hạ + Người dân nói chuyện1:00Nguyễn Thị Hạ bắt đầu chuyển máy',
      '08:01:00Nguyễn Thị Hạ + Trực ban · Công an phường đổ chuôngNgười dân nghe nhạc0:05Không ai nhận cuộc gọi',
      '08:01:06Nguyễn Thị Hạ + 0912 345 678 đổ chuôngNgười dân nghe nhạc0:14Đơn vị nhận cuộc gọi',
      '08:01:20Nguyễn Thị Hạ + 0912 345 678 nói chuyệnNgười dân nghe nhạc0:40Nguyễn Thị Hạ nối người dân với đơn vị',
      '08:02:00Người dân + 0912 345 678 nói chuyện3:00Người dân gác máy',
    ])
  })

  it('sums up whom to, how long they spoke and who hung up', async () => {
    await openPast({}, () => ({ calls: [DONE] }))
    expect(await screen.findByText('Đã chuyển đến 0912 345 678 · Người dân gác máy')).toBeTruthy()
    expect(screen.getByText('Điện thoại viên nói với đơn vị 0:40')).toBeTruthy()
    expect(screen.getByText('Người dân nói với đơn vị 3:00')).toBeTruthy()
  })

  it('lists the numbers rung: how long they rang, what became of them, and why', async () => {
    await openPast({}, () => ({ calls: [DONE] }))
    await screen.findByRole('list', { name: 'Các số đã gọi' })
    expect(lines('Các số đã gọi')).toEqual([
      'Trực ban · Công an phường0225 000 0113Không liên lạc đượcđổ chuông 0:06Tắt máy hoặc ngoài vùng phủ sóng (mã 20)',
      '0912 345 678Đã nhận cuộc gọiđổ chuông 0:10nói chuyện 3:40',
      'Trực ban · Công an phường0225 000 0113Chưa gọi đến',
    ])
  })

  it('plays the call and each consultation where they are told of', async () => {
    const recordings = [
      aRecording({}),
      aRecording({ id: 2, kind: 'consult', startedAt: at(80) }),
      aRecording({ id: 3, callId: 'call-9' }),
    ]
    await openPast({ recordings }, () => ({ calls: [DONE] }))
    const chain = await screen.findByRole('list', { name: 'Các số đã gọi' })
    fireEvent.click(within(chain).getByRole('button', { name: 'Nghe ghi âm' }))
    await drawn()
    expect(chain.querySelector('audio')?.getAttribute('src')).toBe('/api/recordings/2/audio')
    const past = chain.closest<HTMLElement>('.call-past')
    expect(past?.querySelectorAll('.recording-line')).toHaveLength(2)
  })

  it('does not offer what this person may not hear', async () => {
    await openPast({ recordings: [aRecording({ playable: false })] }, () => ({ calls: [DONE] }))
    const list = await screen.findByRole('list', { name: 'Ai nghe ai, theo thời gian' })
    const past = list.closest<HTMLElement>('.call-past')
    if (past === null) throw new Error('no past')
    expect(within(past).queryByRole('button', { name: 'Nghe ghi âm' })).toBeNull()
    expect(within(past).getByText('Chỉ trưởng ca và người nghe máy được nghe.')).toBeTruthy()
  })

  it('speaks English when asked', async () => {
    await speak('en')
    await openPast({}, () => ({ calls: [DONE] }))
    expect(await screen.findByText('Transferred to 0912 345 678 · Citizen hung up')).toBeTruthy()
  })
})

describe('while it runs', () => {
  const running = (state: 'ringing' | 'consult'): CallTimeline => ({
    ...DONE,
    transfers: [aTransfer({ state, attempts: [anAttempt({ startedAt: at(60) })] })],
    spans: [
      aSpan(0, 60, { transferId: null, end: START }),
      aSpan(60, null, { groups: [RING, CITIZEN], attempt: 0 }),
    ],
  })

  it('counts on, and is asked for again with each step of the transfer', async () => {
    const opened = await openPast({ calls: [aCall()] }, () => ({ calls: [running('ringing')] }))
    await screen.findByRole('list', { name: 'Ai nghe ai, theo thời gian' })
    now.value = Date.parse(at(75))
    await drawn()
    expect(screen.getByText('Đang chuyển máy')).toBeTruthy()
    expect(lines('Ai nghe ai, theo thời gian').at(-1)).toBe(
      '08:01:00Nguyễn Thị Hạ + Trực ban · Công an phường đang đổ chuôngNgười dân nghe nhạc0:15',
    )
    now.value = Date.parse(at(76))
    await drawn()
    expect(lines('Ai nghe ai, theo thời gian').at(-1)).toMatch(/0:16$/)
    const before = asked(opened)
    opened.live().say({ type: 'transfer', transfer: aTransfer({ state: 'consult' }) })
    await waitFor(() => {
      expect(asked(opened)).toBe(before + 1)
    })
  })

  it('is asked for again when another operator’s transfer changed the case', async () => {
    const opened = await openPast({ calls: [aCall({ operatorId: 9 })] }, () => ({
      calls: [running('ringing')],
    }))
    await screen.findByRole('list', { name: 'Ai nghe ai, theo thời gian' })
    const before = asked(opened)
    opened.live().say({ type: 'ticket', code: 'HP26-000001', version: 1 })
    await waitFor(() => {
      expect(asked(opened)).toBe(before + 1)
    })
  })
})

it('a call that was never put through shows nothing more and asks for nothing', async () => {
  const opened = await openPast({ events: [] }, () => ({ calls: [] }))
  await drawn()
  expect(asked(opened)).toBe(0)
  expect(document.querySelector('.call-past')).toBeNull()
})
