import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import type { DueAnswer } from '../../src/deadlines/contract.ts'
import type { Unit } from '../../src/agencies/contract.ts'
import { en } from '../../src/console/i18n/en.ts'
import { vi } from '../../src/console/i18n/vi.ts'
import { now } from '../../src/console/state/clock.ts'
import type { Console } from '../../src/console/state/console.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { notices } from '../../src/console/state/notices.ts'
import { speak } from '../../src/console/i18n/translate.ts'
import { language } from '../../src/console/state/preferences.ts'
import {
  LEAD_CASES,
  LENGTHS,
  inputsOf,
  missingInput,
  MOVE_FORMS,
  moveBody,
  type MoveInput,
  offeredMoves,
  REFUSED_INPUT,
  REPLY_WAYS,
  TOLD_WAYS,
  TRY_ENDS,
  unitsFor,
} from '../../src/console/tickets/move-fields.ts'
import { goToMoves, MovesPanel } from '../../src/console/tickets/moves-panel.tsx'
import { suggestion } from '../../src/console/tickets/suggestion.ts'
import {
  LEAD_REASONS,
  MoveTicket,
  TICKET_MOVES,
  type TicketMove,
  type TicketView,
  REPLIED_BY,
  TOLD_BY,
  TRY_OUTCOMES,
} from '../../src/tickets/contract.ts'
import { type GuardFacts, missingFor, NOTHING_GIVEN } from '../../src/tickets/ticket-guards.ts'
import { actionsFor, TICKET_EDGES } from '../../src/tickets/ticket-machine.ts'
import { aSnapshot, aTicket, openDesk } from './support.ts'

const MOVES_PATH = 'POST /api/tickets/HP26-000001/moves'
const TICKET_PATH = 'GET /api/tickets/HP26-000001'
const UNITS = ['chieu-sang', 'so-xay-dung', 'cap-nuoc'].map((id, at): Unit => ({
  id,
  name: ['Công ty Chiếu sáng', 'Sở Xây dựng', 'Công ty Cấp nước'][at] ?? id,
  smsName: id,
  type: 'provider',
  fields: [],
  dutyPhone: null,
  address: null,
  people: [],
}))
const isMove = (action: string): action is TicketMove => TICKET_MOVES.some((move) => move === action)

afterEach(() => {
  cleanup()
  now.value = 0
  language.value = 'vi'
  suggestion.value = []
})

describe('the table of forms', () => {
  const moveEdges = TICKET_EDGES.flatMap((edge) =>
    isMove(edge.action) ? [{ ...edge, move: edge.action }] : [],
  )

  /** What the edge's guards ask for, one after the other, when everything that no form can give holds. */
  function askedBy({ action, guards }: (typeof moveEdges)[number]): MoveInput[] {
    let facts: GuardFacts = {
      ...NOTHING_GIVEN,
      content: 'Đèn đường tắt',
      reporterName: 'Bùi Thị Hòa',
      organisation: null,
      canBeReached: true,
      isFilled: action !== 'discard',
      wasReminded: true,
      isObjectionInTime: true,
      isBounceInTime: true,
      bouncesMade: action === 'bounceToOffice' ? 2 : 0,
      promiseWaits: action === 'requestPromise' ? null : { isToCome: true },
      secret: action === 'coverReporter' ? 'released' : 'covered',
    }
    const found: MoveInput[] = []
    for (let code = missingFor(guards, facts); code !== null; code = missingFor(guards, facts)) {
      const input = REFUSED_INPUT[code]
      if (input === undefined || found.includes(input)) throw new Error(`${action}: no field for ${code}`)
      found.push(input)
      facts = {
        ...facts,
        given: { ...facts.given, [input]: 'x' },
        promise: found.includes('promisedAt')
          ? {
              isToCome: true,
              isTooFar: false,
              isWorked: true,
              needsHead: action === 'requestPromise',
              byHead: false,
            }
          : null,
        directedDue: found.includes('dueAt')
          ? { isToCome: true, isTooFar: false, isConfirmed: true, isWorked: true }
          : null,
        isCitizenTold: found.includes('told'),
        tried: found.includes('triedAt') ? { isOver: true, isOfCase: true } : null,
        isUnitNamed: found.includes('unitId'),
        isParentOpen: found.includes('parentCode'),
      }
    }
    return found
  }

  it('asks for all that a guard asks for, and requires nothing that only the page wants', () => {
    expect(moveEdges.length).toBeGreaterThan(30)
    for (const edge of moveEdges) {
      const required = inputsOf(edge.move, { state: edge.from, citizenTries: 0 })
        .filter((one) => one.required)
        .map(({ name }) => name)
      // A citizen is told something: no guard, but the move fails without.
      const besides: MoveInput[] = edge.move === 'relayAnswer' ? ['result'] : []
      expect({ from: edge.from, move: edge.move, required: [...required].sort() }).toEqual({
        from: edge.from,
        move: edge.move,
        required: [...askedBy(edge), ...besides].sort(),
      })
    }
  })

  it('knows every move, way of telling, case of Điều 9 khoản 5 and length that the contract knows', () => {
    expect(Object.keys(MOVE_FORMS).sort()).toEqual([...TICKET_MOVES].sort())
    expect(TOLD_WAYS).toEqual(TOLD_BY)
    expect(REPLY_WAYS).toEqual(REPLIED_BY)
    expect(LEAD_CASES).toEqual(LEAD_REASONS)
    expect(TRY_ENDS).toEqual(TRY_OUTCOMES)
    const properties = MoveTicket.properties as Record<string, { readonly maxLength?: number }>
    for (const [name, most] of Object.entries(LENGTHS))
      expect({ name, most }).toEqual({ name, most: properties[name]?.maxLength ?? 11 })
  })

  it('has a sentence for whatever may be missing or refused', () => {
    for (const code of Object.keys(REFUSED_INPUT)) {
      expect({ code, says: Object.hasOwn(vi, `error.${code}`) }).toEqual({ code, says: true })
      expect({ code, says: Object.hasOwn(en, `error.${code}`) }).toEqual({ code, says: true })
    }
  })

  it('takes the server’s actions and no others, and shows sending back once', () => {
    const officer = offeredMoves('assigned', actionsFor('assigned', 'officer'))
    expect(officer).toEqual({ likely: 'accept', others: ['bounce'] })
    expect(offeredMoves('assigned', ['bounceToOffice'])).toEqual({ likely: null, others: ['bounceToOffice'] })
    expect(offeredMoves('escalated', actionsFor('escalated', 'head')).likely).toBe('submitAnswer')
    expect(offeredMoves('cityOffice', actionsFor('cityOffice', 'cityOffice')).likely).toBe('direct')
    expect(offeredMoves('agencyAnswered', actionsFor('agencyAnswered', 'operator'))).toEqual({
      likely: 'relayAnswer',
      others: ['returnAnswer', 'citizenUnreachable', 'merge', 'withdraw'],
    })
    expect(offeredMoves('closed', ['save', 'attach', 'sendSlip'])).toEqual({ likely: null, others: [] })
  })

  it('sends what the move takes and nothing else, times as the city’s', () => {
    const values: Partial<Record<MoveInput, string>> = {
      reason: ' Chờ vật tư ',
      promisedAt: '2026-03-09T16:00',
      parentCode: 'hp26-000007',
      result: 'Đã sửa',
    }
    const valueOf = (name: MoveInput): string => values[name] ?? ''
    expect(moveBody('promise', answered({ version: 3 }), valueOf)).toEqual({
      version: 3,
      action: 'promise',
      promisedAt: '2026-03-09T16:00:00+07:00',
      reason: 'Chờ vật tư',
    })
    expect(moveBody('merge', answered({ version: 3 }), valueOf)).toEqual({
      version: 3,
      action: 'merge',
      parentCode: 'HP26-000007',
    })
    expect(missingInput('merge', () => 'HP26-7', answered())).toBe('parentCode')
    expect(missingInput('accept', valueOf, answered())).toBeNull()
  })

  it('puts suggested units first, and leaves out the one that has the case where it is to go elsewhere', () => {
    const ids = (move: TicketMove) => unitsFor(move, UNITS, ['cap-nuoc'], 'chieu-sang').map(({ id }) => id)
    expect(ids('reroute')).toEqual(['cap-nuoc', 'so-xay-dung'])
    expect(ids('direct')).toEqual(['cap-nuoc', 'chieu-sang', 'so-xay-dung'])
  })
})

type Answer = (body: MoveTicket) => TicketView | Response

/** A case on the desk, in front of a service that answers moves as the test says. */
/** As if every hour were worked. */
function dueAnswer(asked: URLSearchParams): DueAnswer {
  const at = (name: string): number => Date.parse(`${asked.get(name) ?? ''}:00+07:00`)
  const dueMs = asked.has('until') ? at('until') : at('from') + Number(asked.get('hours')) * 3_600_000
  const minutes = (dueMs - at('from')) / 60_000
  return { dueAt: new Date(dueMs).toISOString(), minutes, explanation: '', calendarName: 'Giờ hành chính' }
}

async function showCase(ticket: TicketView, answer: Answer, fresh: () => TicketView = () => ticket) {
  const opened = await openDesk({
    routes: {
      'GET /api/directory': () => ({ units: UNITS, categories: [], areas: [] }),
      'GET /api/deadline': (_, path) => dueAnswer(new URLSearchParams(path.split('?')[1])),
      [MOVES_PATH]: (body) => answer(body as MoveTicket),
      [TICKET_PATH]: fresh,
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot())
  await expect.poll(() => opened.desk.directory.value?.units.length).toBe(UNITS.length)
  void act(() => {
    opened.desk.showCase(ticket)
  })
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <OnDesk desk={opened.desk} />
    </ConsoleContext.Provider>,
  )
  const sent = () => opened.asked.filter(({ request }) => request === MOVES_PATH).map(({ body }) => body)
  return { ...opened, sent }
}

function OnDesk({ desk }: { readonly desk: Console }) {
  const editor = desk.editor.value
  const ticket = editor?.ticket.value ?? null
  return editor === null || ticket === null ? null : (
    <main id="main" tabIndex={-1}>
      <MovesPanel ticket={ticket} editor={editor} />
    </main>
  )
}

const refuse = (code: string, status = 409) => Response.json({ code }, { status })
const button = (name: string | RegExp) => screen.getByRole('button', { name })
const type = (label: RegExp, value: string): HTMLElement => {
  const field = screen.getByLabelText(label)
  fireEvent.input(field, { target: { value } })
  return field
}
const said = () => notices.value.map(({ text }) => text)
const ofUnit = { unitId: 'chieu-sang', unitName: 'Công ty Chiếu sáng' }
const answered = (changes: Partial<TicketView> = {}) =>
  aTicket({
    ...ofUnit,
    state: 'agencyAnswered',
    actions: actionsFor('agencyAnswered', 'operator'),
    agencyAnswer: 'Đã thay ba bóng đèn.',
    ...changes,
  })
const assigned = (changes: Partial<TicketView> = {}) =>
  aTicket({ ...ofUnit, state: 'assigned', actions: actionsFor('assigned', 'officer'), ...changes })

describe('the operator telling the citizen', () => {
  it('begins with the unit’s answer, says what is missing at the form, and sends it as corrected', async () => {
    const done = aTicket({ version: 2, state: 'answered', actions: actionsFor('answered', 'operator') })
    const { sent } = await showCase(answered(), () => done)
    const answer = screen.getByLabelText<HTMLTextAreaElement>(/^Lời trả lời người dân/)
    expect(answer.value).toBe('Đã thay ba bóng đèn.')
    // Nobody opened it: the cursor stays where it was.
    expect(document.activeElement).toBe(document.body)
    fireEvent.input(answer, { target: { value: 'Đơn vị đã thay ba bóng đèn tối qua.' } })
    fireEvent.click(button('Ghi nhận đã báo người dân'))
    expect((await screen.findByRole('alert')).textContent).toBe('Hãy chọn cách đã báo cho người dân.')
    expect(document.activeElement).toBe(screen.getByLabelText('Đã nói qua điện thoại'))
    expect(sent()).toEqual([])
    fireEvent.click(screen.getByLabelText('Đã nói qua điện thoại'))
    expect(screen.queryByRole('alert')).toBeNull()
    fireEvent.keyDown(answer, { key: 'Enter', ctrlKey: true })
    await expect.poll(said).toContain('Đã ghi nhận người dân biết kết quả.')
    expect(sent()).toEqual([
      { version: 1, action: 'relayAnswer', result: 'Đơn vị đã thay ba bóng đèn tối qua.', told: 'voice' },
    ])
    // The form is gone with the cursor in it; the panel has it now.
    expect(document.activeElement).toBe(screen.getByRole('region', { name: 'Xử lý phiếu' }))
  })

  it('keeps what was typed when somebody was faster, and sends it on the fresh copy', async () => {
    const versions: number[] = []
    const { sent } = await showCase(
      answered(),
      ({ version }) => {
        versions.push(version)
        return version === 1 ? refuse('TICKET_CHANGED') : answered({ version: 6, actions: [] })
      },
      () => answered({ version: 5 }),
    )
    type(/^Lời trả lời/, 'Lời đã sửa')
    fireEvent.click(screen.getByLabelText('Đã nói qua điện thoại'))
    fireEvent.click(button('Ghi nhận đã báo người dân'))
    expect((await screen.findByRole('alert')).textContent).toMatch(/^Phiếu vừa được người khác sửa/)
    expect(screen.getByLabelText<HTMLTextAreaElement>(/^Lời trả lời/).value).toBe('Lời đã sửa')
    await expect.poll(() => button('Ghi nhận đã báo người dân').getAttribute('aria-busy')).toBe('false')
    fireEvent.click(button('Ghi nhận đã báo người dân'))
    await expect.poll(() => versions).toEqual([1, 5])
    expect(sent().at(-1)).toMatchObject({ result: 'Lời đã sửa', told: 'voice' })
  })

  it('R063: writes down a try that failed, at this minute unless it is said otherwise', async () => {
    const { sent } = await showCase(answered({ citizenTries: 1 }), () => answered({ citizenTries: 2 }))
    void act(() => {
      now.value = Date.parse('2026-03-02T03:20:30.000Z')
    })
    fireEvent.click(button('Không liên lạc được người dân'))
    expect(screen.getByText(/^Đã ghi 1 lần không liên lạc được/)).toBeTruthy()
    expect(screen.getByLabelText<HTMLInputElement>(/^Lúc liên lạc/).value).toBe('2026-03-02T10:20')
    fireEvent.click(screen.getByLabelText('Gọi điện'))
    fireEvent.click(button('Ghi lần liên lạc không được'))
    expect((await screen.findByRole('alert')).textContent).toBe('Hãy chọn vì sao không liên lạc được.')
    fireEvent.click(screen.getByLabelText('Không nghe máy'))
    fireEvent.click(button('Ghi lần liên lạc không được'))
    await expect
      .poll(() => sent())
      .toEqual([
        {
          version: 1,
          action: 'citizenUnreachable',
          triedBy: 'voice',
          triedAt: '2026-03-02T10:20:00+07:00',
          tryOutcome: 'noAnswer',
        },
      ])
  })

  it('R063: after three tries that failed records the result without a way of telling', async () => {
    const { sent } = await showCase(answered({ citizenTries: 3 }), () =>
      answered({ version: 2, actions: [] }),
    )
    expect(screen.getByText(/^Đã ghi 3 lần/)).toBeTruthy()
    fireEvent.click(button('Ghi nhận đã báo người dân'))
    await expect
      .poll(() => sent())
      .toEqual([{ version: 1, action: 'relayAnswer', result: 'Đã thay ba bóng đèn.' }])
  })

  it('shows the words of a form that the case has left behind', async () => {
    const { desk } = await showCase(answered(), () => answered())
    fireEvent.click(button('Trả lại câu trả lời'))
    type(/^Câu trả lời còn thiếu/, 'Thiếu ngày sửa')
    const gone = aTicket({ version: 4, state: 'withdrawn', actions: ['attach'] })
    void act(() => desk.editor.value?.attach(gone))
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain('Tình trạng phiếu đã thay đổi')
    expect(within(alert).getByText('Thiếu ngày sửa')).toBeTruthy()
  })
})

describe('the officer', () => {
  it('accepts with one press, and the answer is the next thing', async () => {
    const next = aTicket({
      ...ofUnit,
      version: 2,
      state: 'inProgress',
      actions: actionsFor('inProgress', 'officer'),
    })
    const { sent } = await showCase(assigned(), () => next)
    fireEvent.click(button('Tiếp nhận xử lý'))
    expect(await screen.findByLabelText(/^Kết quả giải quyết/)).toBeTruthy()
    expect(sent()).toEqual([{ version: 1, action: 'accept' }])
    expect(screen.getByText('Việc khác').textContent).toContain('3')
  })

  it('sends a case back to the hotline; the third time the City Office is offered with the same words', async () => {
    const { sent } = await showCase(assigned(), ({ action }) =>
      action === 'bounce'
        ? refuse('BOUNCES_USED')
        : assigned({ version: 2, state: 'cityOffice', actions: [] }),
    )
    expect(screen.getAllByRole('button', { name: /^Trả lại/, hidden: true })).toHaveLength(1)
    fireEvent.click(screen.getByTestId('move-bounce'))
    expect(document.activeElement).toBe(type(/^Lý do/, 'Đường của quốc lộ'))
    fireEvent.click(button('Trả lại tổng đài'))
    expect(await screen.findByText(/lần này chuyển Văn phòng UBND thành phố/)).toBeTruthy()
    expect(screen.getByLabelText<HTMLTextAreaElement>(/^Lý do/).value).toBe('Đường của quốc lộ')
    await expect.poll(() => screen.getByTestId('move-send').getAttribute('aria-busy')).toBe('false')
    fireEvent.click(button('Chuyển Văn phòng UBND thành phố'))
    await expect
      .poll(() => sent())
      .toEqual([
        { version: 1, action: 'bounce', reason: 'Đường của quốc lộ' },
        { version: 1, action: 'bounceToOffice', reason: 'Đường của quốc lộ' },
      ])
  })

  it('R050: asks the head with the same words where the day is beyond the head’s hours', async () => {
    const working = aTicket({ ...ofUnit, state: 'inProgress', actions: actionsFor('inProgress', 'officer') })
    const { sent } = await showCase(working, ({ action }) =>
      action === 'promise' ? refuse('PROMISE_NEEDS_HEAD', 422) : { ...working, version: 2 },
    )
    expect(screen.queryByRole('button', { name: 'Xin Thủ trưởng duyệt ngày hẹn' })).toBeNull()
    fireEvent.click(button('Hẹn ngày trả lời'))
    type(/^Ngày, giờ sẽ trả lời/, '2026-03-30T16:00')
    type(/^Vì sao cần thêm thời gian/, 'Chờ vật tư')
    fireEvent.click(button('Ghi ngày hẹn và báo người dân'))
    expect(await screen.findByText('Hẹn quá 48 giờ làm việc phải do Thủ trưởng duyệt.')).toBeTruthy()
    expect(screen.getByLabelText<HTMLInputElement>(/^Ngày, giờ/).value).toBe('2026-03-30T16:00')
    await expect.poll(() => screen.getByTestId('move-send').getAttribute('aria-busy')).toBe('false')
    fireEvent.click(button('Xin Thủ trưởng duyệt'))
    const given = { version: 1, promisedAt: '2026-03-30T16:00:00+07:00', reason: 'Chờ vật tư' }
    await expect
      .poll(() => sent())
      .toEqual([
        { ...given, action: 'promise' },
        { ...given, action: 'requestPromise' },
      ])
  })

  it('hears in words at the form what the service refuses', async () => {
    await showCase(assigned(), () => refuse('BOUNCE_TOO_LATE'))
    fireEvent.click(screen.getByTestId('move-bounce'))
    type(/^Lý do/, 'Không phải của chúng tôi')
    fireEvent.click(button('Trả lại tổng đài'))
    const alert = await within(screen.getByRole('group', { name: /^Trả lại/ })).findByRole('alert')
    expect(alert.textContent).toBe('Chỉ trả lại được trong 02 giờ làm việc đầu.')
  })
})

describe('R050: the head', () => {
  it('approves a day with one press, or declines it with a reason', async () => {
    const waiting = aTicket({
      ...ofUnit,
      state: 'inProgress',
      actions: actionsFor('inProgress', 'head'),
      promiseRequest: {
        promisedAt: '2026-03-30T09:00:00.000Z',
        reason: 'Chờ vật tư',
        at: '2026-03-02T01:00:00.000Z',
        askedBy: 'Lê Văn Phiệt',
      },
    })
    const { sent } = await showCase(waiting, () => ({ ...waiting, version: 2, actions: [] }))
    expect(button('Duyệt ngày hẹn').className).toContain('button-primary')
    fireEvent.click(button('Không duyệt ngày hẹn'))
    fireEvent.click(screen.getByTestId('move-send'))
    expect((await screen.findByRole('alert')).textContent).toBe('Hãy ghi lý do.')
    fireEvent.click(button('Duyệt ngày hẹn'))
    await expect.poll(() => sent()).toEqual([{ version: 1, action: 'approvePromise' }])
  })
})

describe('the City Office', () => {
  it('directs the unit that the last one named instead of itself, with nothing to choose', async () => {
    const ticket = aTicket({
      ...ofUnit,
      state: 'cityOffice',
      actions: actionsFor('cityOffice', 'cityOffice'),
      events: [
        {
          id: 1,
          at: '2026-03-02T01:00:00.000Z',
          type: 'bounced',
          actorName: null,
          detail: { unitId: 'chieu-sang', suggestedUnitId: 'so-xay-dung' },
        },
      ],
    })
    const { sent } = await showCase(ticket, () => ({ ...ticket, version: 2, actions: [] }))
    type(/^Nội dung chỉ đạo/, 'Sở Xây dựng xử lý ngay')
    const due = screen.getByLabelText<HTMLInputElement>(/^Thời hạn đơn vị phải trả lời/)
    await expect.poll(() => due.value).not.toBe('')
    expect(screen.getByText(/có 8 giờ làm việc \(lịch: Giờ hành chính\)/)).toBeTruthy()
    const usual = due.value
    fireEvent.click(button('Gửi chỉ đạo đến Sở Xây dựng'))
    await expect
      .poll(() => sent())
      .toEqual([
        {
          version: 1,
          action: 'direct',
          unitId: 'so-xay-dung',
          directive: 'Sở Xây dựng xử lý ngay',
          dueAt: `${usual}:00+07:00`,
        },
      ])
  })

  it('chooses hours of work or types a day and hour, and reads what that comes to', async () => {
    const lead = aTicket({ ...ofUnit, state: 'cityOffice', actions: ['direct'] })
    const { sent } = await showCase(lead, () => refuse('DIRECTED_DUE_NO_CALENDAR', 422))
    type(/^Nội dung chỉ đạo/, 'Làm ngay')
    const due = screen.getByLabelText<HTMLInputElement>(/^Thời hạn đơn vị phải trả lời/)
    await expect.poll(() => due.value).not.toBe('')
    const usual = due.value
    fireEvent.click(screen.getByLabelText('16 giờ làm việc'))
    await expect.poll(() => due.value).not.toBe(usual)
    expect(Date.parse(`${due.value}Z`) - Date.parse(`${usual}Z`)).toBe(8 * 3_600_000)
    type(/^Thời hạn đơn vị phải trả lời/, '2100-01-04T10:00')
    await screen.findByText(/^Từ bây giờ đến lúc đó có/)
    fireEvent.click(button(/^Gửi chỉ đạo/))
    await expect.poll(() => sent()).toHaveLength(1)
    expect(sent()[0]).toMatchObject({ dueAt: '2100-01-04T10:00:00+07:00' })
    expect((await screen.findByRole('alert')).textContent).toContain('chưa có lịch làm việc được xác nhận')
    expect(document.activeElement?.closest('[data-input="dueAt"]')).not.toBeNull()
  })
})

describe('R048: a unit that no SMS reaches', () => {
  it('is said before the slip goes out, with the number to ring', async () => {
    const [first] = UNITS
    if (first !== undefined) {
      const officer = { name: 'Bùi Văn Ư', position: '', role: 'officer' as const, phone: '0225 000 0099' }
      UNITS[0] = { ...first, dutyPhone: '0225 000 0098', people: [officer] }
    }
    const lead = aTicket({ ...ofUnit, state: 'cityOffice', actions: ['direct'] })
    await showCase(lead, () => lead)
    expect(screen.getByRole('note').textContent).toBe(
      ' Không ai của đơn vị này nhận được SMS. Phiếu vẫn được phát hành, bạn phải gọi báo. Hãy gọi 0225 000 0098 để báo.',
    )
    if (first !== undefined) UNITS[0] = first
  })
})

describe('a move that nothing brings back', () => {
  it('R087: a reminder is asked once more, and says when the last one was too lately', async () => {
    const held = assigned({ actions: ['remind'] })
    const { sent } = await showCase(held, () => refuse('REMINDED_LATELY', 422))
    fireEvent.click(button('Nhắc người đang giữ phiếu'))
    expect(screen.getByRole('alert').textContent).toContain('không thu hồi được')
    expect(sent()).toEqual([])
    fireEvent.click(button('Đúng: Gửi tin nhắn nhắc'))
    await expect.poll(() => sent()).toEqual([{ version: 1, action: 'remind' }])
    expect(await screen.findByText(/vừa được nhắc trong vòng một giờ/)).toBeTruthy()
  })

  it('is asked once more, and not again after a change of the words', async () => {
    const { sent } = await showCase(answered(), () =>
      answered({ version: 2, state: 'withdrawn', actions: [] }),
    )
    fireEvent.click(button('Người dân rút phản ánh'))
    const reason = type(/^Lý do/, 'Đã tự sửa')
    fireEvent.keyDown(reason, { key: 'Enter', ctrlKey: true })
    expect((await screen.findByRole('alert')).textContent).toMatch(/^Sau bước này phiếu kết thúc/)
    type(/^Lý do/, 'Đã tự sửa xong')
    expect(screen.queryByRole('alert')).toBeNull()
    expect(sent()).toEqual([])
    fireEvent.keyDown(reason, { key: 'Enter', ctrlKey: true })
    fireEvent.click(await screen.findByRole('button', { name: 'Đúng: Ghi nhận rút phản ánh' }))
    await expect.poll(() => sent()).toEqual([{ version: 1, action: 'withdraw', reason: 'Đã tự sửa xong' }])
    // Nothing is left to do here: the page has the cursor.
    await expect.poll(() => document.activeElement?.id).toBe('main')
  })
})

describe('by keyboard', () => {
  it('one form is open at a time, with the cursor in it; Esc closes it and returns to its button', async () => {
    await showCase(answered(), () => answered())
    const back = button('Trả lại câu trả lời')
    fireEvent.click(back)
    expect(screen.queryByLabelText(/^Lời trả lời người dân/)).toBeNull()
    const reason = screen.getByLabelText(/^Câu trả lời còn thiếu/)
    expect(document.activeElement).toBe(reason)
    expect(back.getAttribute('aria-expanded')).toBe('true')
    expect(screen.getAllByTestId('move-send')).toHaveLength(1)
    fireEvent.keyDown(reason, { key: 'Escape' })
    expect(screen.queryByLabelText(/^Câu trả lời còn thiếu/)).toBeNull()
    expect(document.activeElement).toBe(button('Trả lại câu trả lời'))
    fireEvent.click(button('Báo kết quả cho người dân'))
    expect(document.activeElement).toBe(screen.getByLabelText(/^Lời trả lời người dân/))
  })

  it('there is a way from the clock above to what is to be done below', async () => {
    await showCase(answered(), () => answered())
    goToMoves()
    expect(document.activeElement).toBe(screen.getByLabelText(/^Lời trả lời người dân/))
    cleanup()
    await showCase(assigned(), () => assigned())
    goToMoves()
    expect(document.activeElement).toBe(screen.getByTestId('move-accept'))
  })

  it('Ctrl+Enter in a form is that form’s, and not the page’s', async () => {
    const heard: string[] = []
    const listen = (event: KeyboardEvent) => void heard.push(event.key)
    document.addEventListener('keydown', listen)
    await showCase(answered(), () => answered())
    fireEvent.keyDown(screen.getByLabelText(/^Lời trả lời/), { key: 'Enter', ctrlKey: true })
    fireEvent.keyDown(screen.getByLabelText(/^Lời trả lời/), { key: 'a' })
    document.removeEventListener('keydown', listen)
    expect(heard).toEqual(['a'])
  })
})

it('speaks English when the page does', async () => {
  await speak('en')
  await showCase(answered(), () => answered())
  expect(button('Record that the citizen was told')).toBeTruthy()
  expect(screen.getByText('Other steps')).toBeTruthy()
})

it('R080: a case that is discarded leaves the desk', async () => {
  const empty = aTicket({ state: 'draft', actions: ['discard'] })
  const { desk, sent } = await showCase(empty, () => ({
    ...empty,
    version: 2,
    state: 'discarded',
    actions: [],
  }))
  fireEvent.click(screen.getByText(vi['moves.others'], { exact: false }))
  fireEvent.click(screen.getByRole('button', { name: vi['move.discard'] }))
  await expect.poll(() => desk.editor.value).toBeNull()
  expect(sent()).toEqual([{ version: 1, action: 'discard' }])
})
