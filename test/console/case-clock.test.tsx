import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import { en } from '../../src/console/i18n/en.ts'
import { vi } from '../../src/console/i18n/vi.ts'
import { DueCard } from '../../src/console/queue/due-card.tsx'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { speak } from '../../src/console/i18n/translate.ts'
import { language } from '../../src/console/state/preferences.ts'
import { CaseClock } from '../../src/console/tickets/case-clock.tsx'
import { articleText, lookOf } from '../../src/console/tickets/clock-words.ts'
import { TicketListPage } from '../../src/console/tickets/list-page.tsx'
import { STATE_GROUPS } from '../../src/console/tickets/state-groups.ts'
import { DEADLINE_KINDS, type DeadlineView } from '../../src/deadlines/contract.ts'
import { TICKET_STATES, type TicketRow, type TicketView } from '../../src/tickets/contract.ts'
import { STATES, TICKET_EDGES } from '../../src/tickets/ticket-machine.ts'
import { aSnapshot, aTicket, openDesk } from './support.ts'

const STARTED = '2026-03-06T09:45:00.000Z'
const DUE = '2026-03-09T09:45:00.000Z'
const EXPLAINED = '08 giờ làm việc từ 16:45 T6 06/03 → 16:45 T2 09/03: 15 phút T6, 7 giờ 45 phút T2'
const UNIT = 'Công ty Chiếu sáng'

function aClock(changes: Partial<DeadlineView> = {}): DeadlineView {
  return {
    id: 1,
    kind: 'officer',
    round: 1,
    article: 'Đ9.3',
    startedAt: STARTED,
    dueAt: DUE,
    warnAt: null,
    left: null,
    explanation: EXPLAINED,
    state: 'running',
    at: null,
    breachedAt: null,
    ...changes,
  }
}

const show = (changes: Partial<TicketView>, at: string) => {
  now.value = Date.parse(at)
  return render(<CaseClock ticket={aTicket({ unitId: 'cs', unitName: UNIT, ...changes })} />)
}
const later = (at: string): void => {
  void act(() => {
    now.value = Date.parse(at)
  })
}

afterEach(() => {
  cleanup()
  now.value = 0
  language.value = 'vi'
})

describe('the clock of a case', () => {
  it('says who has it, how long, by which article, what follows, and how it was counted', () => {
    show({ state: 'assigned', deadlines: [aClock()] }, '2026-03-09T02:00:00Z')
    const section = screen.getByRole('region', { name: 'Ai đang giữ phiếu, đến khi nào' })
    const text = section.textContent
    expect(text).toContain(`Cán bộ đầu mối ${UNIT} đang giữ, chưa tiếp nhận xử lý`)
    expect(text).toContain('Còn 7 giờ 45 phút, đến 16:45')
    expect(text).toContain('theo Điều 9 khoản 3. Quá hạn sẽ tự chuyển Thủ trưởng Công ty Chiếu sáng.')
    expect(within(section).getByText(EXPLAINED).getAttribute('lang')).toBe('vi')
    expect(screen.queryByText(/^Các thời hạn đã qua/)).toBeNull()
  })

  it('counts with the minutes: due soon and late in words and sign, not by colour alone', () => {
    show({ state: 'assigned', deadlines: [aClock()] }, '2026-03-09T02:00:00Z')
    const clock = screen.getByTestId('clock-officer')
    expect(clock.querySelector('svg')?.getAttribute('class')).toContain('icon-clock')
    later('2026-03-07T12:00:00Z')
    expect(within(clock).getByText('Còn 1 ngày 21 giờ, đến 16:45, T2 09/03')).toBeTruthy()
    later('2026-03-09T08:15:00Z')
    expect(within(clock).getByText('Sắp hết hạn: còn 1 giờ 30 phút, đến 16:45')).toBeTruthy()
    expect(clock.querySelector('svg')?.getAttribute('class')).toContain('icon-alert')
    later('2026-03-09T10:00:00Z')
    expect(within(clock).getByText('Quá hạn 15 phút, hạn là 16:45')).toBeTruthy()
  })

  it('is due soon from the moment the service reminds, with a night before the end', () => {
    const evening = Date.parse('2026-03-08T09:50:00Z')
    expect(lookOf(aClock(), evening)).toBe('calm')
    expect(lookOf(aClock({ warnAt: '2026-03-08T09:45:00.000Z' }), evening)).toBe('soon')
    expect(lookOf(aClock({ warnAt: '2026-03-08T09:51:00.000Z' }), evening)).toBe('calm')
    // Without a reminder, two hours before the end; with one, not before it.
    expect(lookOf(aClock(), Date.parse(DUE) - 60_000)).toBe('soon')
    expect(lookOf(aClock({ warnAt: DUE }), Date.parse(DUE) - 60_000)).toBe('calm')
  })

  it('says the working time that is left, and counts on over lunch and night by itself', () => {
    const left = {
      minutes: 480,
      at: '2026-03-09T00:00:00.000Z',
      hours: [
        { from: '2026-03-09T00:30:00.000Z', to: '2026-03-09T04:30:00.000Z' },
        { from: '2026-03-09T06:00:00.000Z', to: '2026-03-09T10:00:00.000Z' },
      ],
    }
    const clock = aClock({ dueAt: '2026-03-09T10:00:00.000Z', warnAt: '2026-03-09T08:00:00.000Z', left })
    show({ state: 'assigned', deadlines: [clock] }, '2026-03-09T00:15:00Z')
    const says = (text: string): void => {
      expect(within(screen.getByTestId('clock-officer')).getByText(text)).toBeTruthy()
    }
    says('Còn 8 giờ làm việc, đến 17:00')
    later('2026-03-09T04:00:00Z')
    says('Còn 4 giờ 30 phút làm việc, đến 17:00')
    later('2026-03-09T05:30:00Z')
    says('Còn 4 giờ làm việc, đến 17:00')
    later('2026-03-09T08:30:00Z')
    says('Sắp hết hạn: còn 1 giờ 30 phút làm việc, đến 17:00')
    later('2026-03-09T10:10:00Z')
    says('Quá hạn 10 phút, hạn là 17:00')
    cleanup()
    const paused = aClock({ state: 'paused', at: left.at, left: { ...left, minutes: 3_000, hours: [] } })
    show({ state: 'awaitingCitizen', deadlines: [paused] }, '2026-03-09T08:00:00Z')
    says('Tạm dừng từ 07:00, còn 50 giờ làm việc')
  })

  it('shows what stands still after what runs, and how each goes on', () => {
    const deadlines = [
      aClock({ state: 'paused', at: '2026-03-09T01:00:00.000Z' }),
      aClock({ id: 2, kind: 'citizen', article: 'Đ18.1', dueAt: '2026-03-16T10:00:00.000Z' }),
    ]
    show({ state: 'awaitingCitizen', deadlines }, '2026-03-09T02:00:00Z')
    const [first, second] = screen.getAllByTestId(/^clock-/)
    expect(first?.textContent).toContain('Còn 7 ngày, đến 17:00, T2 16/03')
    expect(first?.textContent).toContain(`${UNIT} tiếp tục xử lý, thời hạn chạy tiếp`)
    expect(second?.textContent).toContain('Tạm dừng từ 08:00')
    expect(second?.textContent).toContain('Chạy tiếp khi công dân trả lời.')
  })

  it('R050: says that a day waits for the head, who asked and why, while the officer’s clock runs', () => {
    const promiseRequest = {
      promisedAt: '2026-03-30T09:00:00.000Z',
      reason: 'Chờ vật tư',
      at: STARTED,
      askedBy: 'Lê Văn Phiệt',
    }
    show({ state: 'inProgress', deadlines: [aClock()], promiseRequest }, '2026-03-09T02:00:00Z')
    const note = screen.getByRole('note').textContent
    expect(note).toContain('Chờ Thủ trưởng duyệt hẹn: 16:00, T2 30/03')
    expect(note).toContain('Lê Văn Phiệt xin hẹn: Chờ vật tư.')
    expect(screen.getByTestId('clock-officer')).toBeTruthy()
  })

  it('leads to what its holder has to do next, where that can be done', () => {
    const asked: string[] = []
    now.value = Date.parse(STARTED)
    const ticket = aTicket({ state: 'escalated', actions: ['submitAnswer'], deadlines: [aClock()] })
    const { rerender } = render(<CaseClock ticket={ticket} onNext={() => void asked.push('next')} />)
    fireEvent.click(screen.getByRole('button', { name: 'Đến việc cần làm: Trả lời tổng đài' }))
    expect(asked).toEqual(['next'])
    rerender(<CaseClock ticket={ticket} />)
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('keeps past clocks with how they ended, the latest first', () => {
    const deadlines = [
      aClock({ state: 'satisfied', at: '2026-03-09T09:00:00.000Z' }),
      aClock({ id: 2, state: 'void', at: '2026-03-09T09:00:00.000Z', round: 2 }),
      aClock({ id: 3, state: 'breached', at: DUE, breachedAt: DUE, round: 3 }),
      aClock({
        id: 4,
        kind: 'head',
        article: 'Đ9.4',
        state: 'satisfied',
        at: '2026-03-09T10:45:00.000Z',
        breachedAt: DUE,
      }),
      aClock({ id: 5, kind: 'relay', article: 'Đ9.4', startedAt: DUE, dueAt: '2026-03-10T02:00:00.000Z' }),
    ]
    show({ state: 'agencyAnswered', deadlines }, '2026-03-09T10:50:00Z')
    expect(screen.getByText(/^Tổng đài đang giữ/).textContent).toContain(`${UNIT} đã trả lời`)
    const past = screen.getByText(/^Các thời hạn đã qua/).closest('details')
    const lines = [...(past?.querySelectorAll('li > p:first-child') ?? [])].map((line) => line.textContent)
    expect(lines.map((line) => line.replace(/^.*(?:khoản \d|lần \d)\. /, ''))).toEqual([
      'Xong lúc 17:45, muộn 1 giờ 0 phút.',
      'Quá hạn từ 16:45.',
      'Thôi tính từ 16:00.',
      'Xong lúc 16:00, đúng hạn.',
    ])
    expect(lines[1]).toContain('lần 3.')
  })

  it('goes on showing how late an overdue case is, and whom it was reported to', () => {
    const deadlines = [aClock({ kind: 'head', article: 'Đ9.4', state: 'breached', at: DUE, breachedAt: DUE })]
    show({ state: 'overdue', deadlines }, '2026-03-09T11:45:00Z')
    const text = screen.getByTestId('clock-head').textContent
    expect(text).toContain('Quá hạn 2 giờ 0 phút')
    expect(text).toContain('Đã báo cáo Văn phòng UBND thành phố; đơn vị vẫn phải trả lời.')
  })

  it('has no date where the calendar has none, and says why', () => {
    const explanation = '08 giờ làm việc (chưa có lịch năm 2027)'
    show({ state: 'assigned', deadlines: [aClock({ dueAt: null, explanation })] }, STARTED)
    expect(screen.getByText('Chưa tính được ngày hết hạn')).toBeTruthy()
    expect(screen.getByText(explanation)).toBeTruthy()
  })

  it('says nothing while a case is being typed, and speaks English when the page does', async () => {
    const { container, rerender } = show({ state: 'draft', deadlines: [] }, STARTED)
    expect(container.textContent).toBe('')
    await speak('en')
    rerender(<CaseClock ticket={aTicket({ state: 'escalated', unitName: UNIT, deadlines: [aClock()] })} />)
    expect(container.textContent).toContain(`The head of ${UNIT} has it, as the officer was late`)
    expect(container.textContent).toContain('by Article 9 clause 3')
  })
})

describe('the words for clocks', () => {
  it('there is a holder for each state, and a name and an end for each clock that may run in it', () => {
    const keys: string[] = TICKET_STATES.map((state) => `holder.${state}`)
    for (const state of TICKET_STATES)
      for (const kind of STATES[state].clocks) keys.push(`deadline.${kind}`, `clockEnd.${kind}`)
    for (const kind of DEADLINE_KINDS) keys.push(`clockEnd.${kind}`)
    const silent = keys.filter((key) => !Object.hasOwn(vi, key) || !Object.hasOwn(en, key))
    expect(silent).toEqual([])
  })

  it('every article of the life cycle can be said', () => {
    const articles = [...new Set(TICKET_EDGES.map(({ article }) => article))]
    for (const article of articles)
      expect(articleText(article)).toMatch(/^Điều \d+( khoản \d+)?( điểm [a-zđ])?$/)
    expect(articleText('Đ9.5b')).toBe('Điều 9 khoản 5 điểm b')
    expect(articleText('something else')).toBe('something else')
  })
})

function aRow(changes: Partial<TicketRow>): TicketRow {
  return {
    ...aTicket(),
    kind: null,
    title: 'Đèn đường tắt',
    place: '',
    fieldName: null,
    urgent: false,
    confidential: false,
    reporterName: '',
    phoneDisplay: '',
    unseen: false,
    ...changes,
  }
}

async function openList(rows: readonly TicketRow[], page: preact.ComponentChildren) {
  const asked: URLSearchParams[] = []
  const opened = await openDesk({
    routes: {
      'GET /api/tickets': (_, path) => {
        const query = new URL(path, 'http://console').searchParams
        asked.push(query)
        const wanted = query.getAll('state')
        const items = rows.filter(({ state }) => wanted.length === 0 || wanted.includes(state))
        return { items, total: items.length }
      },
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot())
  now.value = Date.parse(STARTED)
  render(<ConsoleContext.Provider value={opened.desk}>{page}</ConsoleContext.Provider>)
  return asked
}

describe('the list of cases', () => {
  it('can be narrowed to any state, each in exactly one group', async () => {
    expect(STATE_GROUPS.flatMap(({ states }): string[] => [...states]).sort()).toEqual(
      [...TICKET_STATES].sort(),
    )
    const asked = await openList(
      [aRow({ state: 'overdue' }), aRow({ code: 'HP26-000002' })],
      <TicketListPage />,
    )
    const link = await screen.findByRole('link', { name: 'HP26-000001' })
    expect(link.closest('tr')?.className).toContain('row-late')
    expect(screen.getByRole('link', { name: 'HP26-000002' }).closest('tr')?.className).toBe('row-link')
    const select = screen.getByLabelText<HTMLSelectElement>('Tình trạng')
    expect(select.querySelectorAll('optgroup option')).toHaveLength(
      TICKET_STATES.length + STATE_GROUPS.length,
    )
    fireEvent.change(select, { target: { value: 'escalated' } })
    await expect.poll(() => asked.at(-1)?.getAll('state')).toEqual(['escalated'])
    fireEvent.change(select, { target: { value: 'group:late' } })
    await expect.poll(() => asked.at(-1)?.getAll('state')).toEqual(['escalated', 'overdue'])
  })
})

describe('what is due soon', () => {
  const LEFT = {
    minutes: 45,
    at: '2026-03-09T01:30:00.000Z',
    hours: [{ from: '2026-03-09T01:30:00.000Z', to: '2026-03-09T02:15:00.000Z' }],
  }

  it('is the desk’s own list, in the order of the service, each with what is to be done', async () => {
    const rows = [
      aRow({ state: 'received', title: 'Cống tắc', returned: true, clock: null }),
      aRow({ code: 'HP26-000002', state: 'assigned', title: 'Đèn tắt', unitName: UNIT, clock: aClock() }),
    ]
    const asked = await openList(rows, <DueCard onOpen={() => undefined} />)
    await screen.findByText('Cống tắc')
    expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
      'Cống tắc',
      'Đèn tắt',
    ])
    expect(screen.getByText('Đơn vị trả lại: xem lý do, chuyển đơn vị khác')).toBeTruthy()
    expect(screen.getByText('Làm ngay')).toBeTruthy()
    expect(screen.getByText(`Chờ ${UNIT} tiếp nhận`)).toBeTruthy()
    expect(asked.map((query) => query.get('desk'))).toEqual(['true'])
  })

  it('counts in working time, on by itself, and says when it was too late', async () => {
    const clock = aClock({ kind: 'clarify', dueAt: '2026-03-09T02:15:00.000Z', left: LEFT })
    await openList([aRow({ state: 'received', clock })], <DueCard onOpen={() => undefined} />)
    await screen.findByText(/Còn 45 phút làm việc/)
    later('2026-03-09T01:30:00Z')
    expect(screen.getByText('Sắp hết hạn: còn 45 phút làm việc, đến 09:15')).toBeTruthy()
    later('2026-03-09T01:50:00Z')
    expect(screen.getByText('Sắp hết hạn: còn 25 phút làm việc, đến 09:15')).toBeTruthy()
    later('2026-03-09T02:30:00Z')
    expect(screen.getByText('Quá hạn 15 phút, hạn là 09:15').className).toContain('case-late')
  })

  it('stays on a case at the desk whose hour is over: it is still to be done', () => {
    const clarify = aClock({ kind: 'clarify', round: 2, article: 'Đ8.3', state: 'breached', breachedAt: DUE })
    show({ state: 'received', deadlines: [clarify] }, '2026-03-09T10:00:00Z')
    const shown = screen.getByTestId('clock-clarify')
    expect(shown.textContent).toContain('Quá hạn 15 phút')
    expect(shown.textContent).toContain('xử lý phiếu quay lại tổng đài (01 giờ làm việc)')
    expect(shown.textContent).toContain('tổng đài vẫn phải xử lý')
  })

  it('marks what waits for the head’s word, and what was directed, for the unit as well (Đ9.3, Đ9.4)', async () => {
    const direction = { at: DUE, text: 'Trả lời dân trong ngày.', documentNo: '812/UBND', documentDate: null }
    await openList(
      [
        aRow({ state: 'inProgress', promiseWaits: '2026-03-20T02:00:00.000Z' }),
        aRow({ code: 'HP26-000002', state: 'overdue', direction }),
        aRow({ code: 'HP26-000003', state: 'overdue', direction: null }),
      ],
      <TicketListPage />,
    )
    expect(await screen.findByText('Chờ Thủ trưởng duyệt hẹn: 09:00, T6 20/03')).toBeTruthy()
    expect(screen.getByText('Chỉ đạo (văn bản 812/UBND): Trả lời dân trong ngày.')).toBeTruthy()
    // Only the City Office directs, and only it has to know that nobody has.
    expect(screen.queryByText('Chưa có chỉ đạo')).toBeNull()
    expect(screen.queryByRole('button', { name: /Chỉ đạo phiếu/ })).toBeNull()
  })

  it('says why a unit sent it back where the desk sees its hour, until it is forwarded again', () => {
    const at = { at: '2026-03-10T02:00:00.000Z', actorName: 'Lê Văn Phiệt' }
    const back = { ...at, id: 2, type: 'bounced', detail: { reason: 'Cột của Điện lực' } }
    show({ state: 'received', events: [back] }, '2026-03-10T03:00:00Z')
    expect(screen.getByRole('note').textContent).toContain('Cột của Điện lực')
    cleanup()
    const again = { ...at, id: 3, type: 'slipIssued', detail: { number: 'PC26-000002' } }
    show({ state: 'assigned', events: [back, again] }, '2026-03-10T03:00:00Z')
    expect(screen.queryByRole('note')).toBeNull()
  })

  it('has the leaders’ word beside the clock of whoever has to answer', () => {
    const said = {
      id: 1,
      at: '2026-03-10T02:00:00.000Z',
      type: 'directed',
      actorName: 'Hoàng Thu Uyên',
      detail: { directive: 'Trả lời dân trong ngày.', documentNo: '812/UBND', documentDate: '2026-03-10' },
    }
    show({ state: 'overdue', events: [said] }, '2026-03-10T03:00:00Z')
    const section = screen.getByRole('region', { name: 'Ai đang giữ phiếu, đến khi nào' })
    expect(within(section).getByRole('note').textContent).toBe(
      'Chỉ đạo (văn bản 812/UBND ngày 10/03/2026): Trả lời dân trong ngày.09:00 · Hoàng Thu Uyên',
    )
    cleanup()
    show({ state: 'agencyAnswered', events: [said] }, '2026-03-10T03:00:00Z')
    expect(screen.queryByText(/Trả lời dân trong ngày/)).toBeNull()
  })

  it('asks for what ends first where a unit looks, and where somebody looks for what is late', async () => {
    const asked = await openList([aRow({})], <TicketListPage />)
    await screen.findByRole('link', { name: 'HP26-000001' })
    expect(asked.at(-1)?.get('byEnd')).toBeNull()
    fireEvent.change(screen.getByLabelText<HTMLSelectElement>('Tình trạng'), { target: { value: 'overdue' } })
    await expect.poll(() => asked.at(-1)?.get('byEnd')).toBe('true')
  })

  it('shows an overdue case with its due time in the list', async () => {
    const clock = aClock({ kind: 'head', state: 'breached', breachedAt: DUE })
    await openList([aRow({ state: 'overdue', dueAt: null, clock })], <TicketListPage />)
    const cell = (await screen.findByText(/^Quá hạn/, { selector: '.case-late' })).closest('td')
    later('2026-03-10T09:45:00Z')
    expect(cell?.textContent).toBe('Quá hạn 1 ngày 0 giờhạn 16:45, T2 09/03')
  })
})
