import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CallFacts } from '../../src/tickets/service.ts'
import { type TicketForm } from '../../src/tickets/contract.ts'
import { parseNumber } from '../../src/calls/phone-number.ts'
import { type Person } from '../../src/accounts/contract.ts'
import { ADMIN, createDesk, type Desk, fillDraft, OFFICER, OPERATOR, SUPERVISOR } from '../support/desk.ts'

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const call = (callId: string, number = '0950000777', more: Partial<CallFacts> = {}): CallFacts => ({
  callId,
  direction: 'in',
  number: parseNumber(number, '225'),
  callerName: 'tên trên máy',
  line: '02251022',
  startedAt: desk.now().toISOString(),
  training: false,
  ...more,
})
const failing = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

describe('R040: codes', () => {
  it('are given at once and never twice, across years of the city', () => {
    expect(desk.tickets.open('counter', OPERATOR).code).toBe('HP26-000001')
    expect(desk.tickets.open('email', OPERATOR).code).toBe('HP26-000002')
    desk.pass(new Date('2026-12-31T17:00:00Z').getTime() - desk.now().getTime())
    expect(desk.tickets.open('counter', OPERATOR).code).toBe('HP27-000001')
  })

  it('leave a gap rather than a double when a transaction is undone', () => {
    expect(() =>
      desk.db.transaction(() => {
        desk.tickets.openForCall(call('c1'), OPERATOR.id)
        throw new Error('undone')
      }),
    ).toThrow('undone')
    expect(desk.tickets.byCall('c1')).toBeUndefined()
    expect(desk.tickets.openForCall(call('c1'), OPERATOR.id).code).toMatch(/^HP26-00000[12]$/)
  })
})

describe('a call', () => {
  it('opens one ticket however often it is announced', () => {
    const first = desk.tickets.openForCall(call('c1'), OPERATOR.id)
    expect(desk.tickets.openForCall(call('c1'), SUPERVISOR.id)).toEqual(first)
    expect(desk.tickets.recordUnanswered(call('c1'), 'abandoned', desk.now().toISOString())).toEqual(first)
    const view = desk.tickets.view(first.code, OPERATOR)
    expect(view.state).toBe('draft')
    expect(view.form.reporter.phone).toBe('0950 000 777')
    expect(view.form.reporter.name).toBe('')
    expect(view.events.map((event) => event.type)).toEqual(['opened'])
  })

  it('fills in the reporter whom this number named before', () => {
    const first = desk.tickets.openForCall(call('c1'), OPERATOR.id)
    const view = desk.tickets.view(first.code, OPERATOR)
    const reporter = { ...view.form.reporter, name: 'Phạm Văn Đại', address: '12 Lạch Tray' }
    desk.tickets.save(
      first.code,
      { version: view.version, form: { reporter, content: 'Đèn hỏng' } },
      OPERATOR,
    )
    const facts = desk.tickets.callerFacts('+84950000777')
    expect(facts.known).toEqual({ name: 'Phạm Văn Đại', address: '12 Lạch Tray', type: 'individual' })
    expect(facts.open.map((ticket) => ticket.code)).toEqual([first.code])
    const second = desk.tickets.openForCall(call('c2'), OPERATOR.id)
    expect(desk.tickets.view(second.code, OPERATOR).form.reporter.name).toBe('Phạm Văn Đại')
  })

  it('only may know a number that somebody else wrote into a ticket', () => {
    fillDraft(desk)
    const facts = desk.tickets.callerFacts('+84950000777')
    expect(facts.known).toBeNull()
    expect(facts.maybe).toEqual(['Phạm Văn Đại'])
  })

  it('of training is nobody’s history', () => {
    const ref = desk.tickets.openForCall(call('c1', '0950000777', { training: true }), OPERATOR.id)
    const view = desk.tickets.view(ref.code, OPERATOR)
    const reporter = { ...view.form.reporter, name: 'Tập Huấn' }
    desk.tickets.save(ref.code, { version: view.version, form: { reporter } }, OPERATOR)
    expect(desk.tickets.callerFacts('+84950000777')).toEqual({ known: null, maybe: [], open: [], last: [] })
    expect(desk.tickets.list({}, OPERATOR).total).toBe(0)
    expect(desk.tickets.list({ training: true }, OPERATOR).total).toBe(1)
  })

  it.each([
    ['abandoned', 'Cuộc gọi nhỡ từ 0950 000 777, cần gọi lại'],
    ['callback', 'Yêu cầu gọi lại số 0950 000 777'],
    ['voicemail', 'Lời nhắn thoại từ 0950 000 777'],
    ['noAnswer', 'Cuộc gọi từ 0950 000 777 không có người nghe máy, cần gọi lại'],
  ] as const)('that nobody answered (%s) becomes a ticket to ring back', (reason, title) => {
    const ref = desk.tickets.recordUnanswered(call('c1'), reason, desk.now().toISOString())
    const view = desk.tickets.view(ref.code, OPERATOR)
    expect(view).toMatchObject({ state: 'received', form: { kind: 'callback', title } })
    expect(view.receivedAt).not.toBeNull()
  })

  it('without a number is told apart from one with', () => {
    const ref = desk.tickets.recordUnanswered(call('c1', ''), 'abandoned', desk.now().toISOString())
    expect(desk.tickets.view(ref.code, OPERATOR).form.title).toBe('Cuộc gọi nhỡ từ số ẩn, cần gọi lại')
  })

  it('back to a citizen joins its ticket, and a wrong code joins none', () => {
    const ref = desk.tickets.recordUnanswered(call('c1'), 'callback', desk.now().toISOString())
    expect(desk.tickets.linkCall(ref.code, 'c2', OPERATOR.id)).toEqual(ref)
    expect(desk.tickets.linkCall(ref.code, 'c2', OPERATOR.id)).toEqual(ref)
    expect(desk.tickets.byCall('c2')).toEqual(ref)
    expect(desk.tickets.linkCall('HP26-999999', 'c3', OPERATOR.id)).toBeUndefined()
    expect(desk.tickets.byCall('c3')).toBeUndefined()
  })

  it('leaves its steps in the history, and unknown calls leave nothing', async () => {
    const ref = desk.tickets.openForCall(call('c1'), OPERATOR.id)
    desk.tickets.noteCall('c1', 'callEnded', { endedBy: 'caller' })
    desk.tickets.noteRecording('c1', { recordingId: 7 })
    desk.tickets.noteCall('nobody', 'callEnded', {})
    const view = desk.tickets.view(ref.code, OPERATOR)
    expect(view.events.map((event) => event.type)).toEqual(['opened', 'callEnded', 'recordingStored'])
    expect(view.version).toBe(1)
    await Promise.resolve()
    expect(desk.changed).toEqual([1, 2, 3].map(() => ({ code: ref.code, version: 1 })))
  })
})

describe('saving', () => {
  it('refuses an older version and keeps what the faster one wrote', () => {
    const view = fillDraft(desk)
    desk.tickets.save(view.code, { version: view.version, form: { title: 'Nhanh' } }, OPERATOR)
    expect(
      failing(() =>
        desk.tickets.save(view.code, { version: view.version, form: { title: 'Chậm' } }, SUPERVISOR),
      ),
    ).toMatchObject({ kind: 'conflict', code: 'TICKET_CHANGED' })
    expect(desk.tickets.view(view.code, OPERATOR).form.title).toBe('Nhanh')
  })

  describe('a case that was received (Đ7.3)', () => {
    const forwarded = () => {
      const { code, version, form } = fillDraft(desk)
      const { version: now } = desk.tickets.sendSlip(
        code,
        { version, unitId: 'chieu-sang', note: '' },
        OPERATOR,
      )
      return {
        code,
        form,
        save: (change: Partial<TicketForm>) =>
          desk.tickets.save(code, { version: now, form: change }, OPERATOR),
      }
    }

    it('loses nothing that it needs: content, name, and how to answer', () => {
      const { code, form, save } = forwarded()
      const { reporter } = form
      expect(failing(() => save({ content: '  ' }))).toMatchObject({ code: 'CONTENT_REQUIRED' })
      expect(failing(() => save({ reporter: { ...reporter, name: '' } }))).toMatchObject({
        code: 'REPORTER_NAME_REQUIRED',
      })
      expect(failing(() => save({ reporter: { ...reporter, phone: null } }))).toMatchObject({
        code: 'REPORTER_CONTACT_REQUIRED',
      })
      expect(desk.tickets.view(code, OPERATOR).form).toEqual(form)
      expect(save({ content: 'Bốn cột đèn tắt.', place: '' }).form).toMatchObject({
        content: 'Bốn cột đèn tắt.',
        place: '',
      })
    })

    it('may be emptied while it is typed, and is asked for nothing that never was there', () => {
      const { code, version } = fillDraft(desk)
      expect(desk.tickets.save(code, { version, form: { content: '' } }, OPERATOR).form.content).toBe('')
      const facts = call('c9')
      const ref = desk.tickets.recordUnanswered(facts, 'abandoned', '2026-03-02T01:00:00.000Z')
      const view = desk.tickets.view(ref.code, OPERATOR)
      expect(
        desk.tickets.save(ref.code, { version: view.version, form: { place: 'Chợ Sắt' } }, OPERATOR).form
          .place,
      ).toBe('Chợ Sắt')
    })
  })

  it('shows which slip holds: the newest of the unit that leads, and none once the case came back', () => {
    const { code, version } = fillDraft(desk)
    const send = (at: number, unitId: string) =>
      desk.tickets.sendSlip(code, { version: at, unitId, note: '' }, OPERATOR)
    const first = send(version, 'chieu-sang')
    expect(first.slips.map(({ isReplaced }) => isReplaced)).toEqual([false])
    const second = send(first.version, 'so-xay-dung')
    expect(second.slips.map(({ isReplaced }) => isReplaced)).toEqual([true, false])
    const ofSecond: Person = { ...OFFICER, unitId: 'so-xay-dung' }
    desk.tickets.move(code, { version: second.version, action: 'bounce', reason: 'Không phải' }, ofSecond)
    expect(desk.tickets.view(code, OPERATOR).slips.map(({ isReplaced }) => isReplaced)).toEqual([true, true])
  })

  describe('on top of an older version', () => {
    const late = (change: Partial<TicketForm>, faster: Partial<TicketForm>) => {
      const { code, version, form } = fillDraft(desk)
      desk.tickets.save(code, { version, form: faster }, OPERATOR)
      const base = Object.fromEntries(Object.keys(change).map((key) => [key, form[key as keyof TicketForm]]))
      return { code, save: () => desk.tickets.save(code, { version, form: change, base }, SUPERVISOR), form }
    }

    it('goes through where others wrote elsewhere in the form', () => {
      const { save } = late({ title: 'Chậm' }, { place: '14 Lạch Tray' })
      expect(save().form).toMatchObject({ title: 'Chậm', place: '14 Lạch Tray' })
    })

    it('lays the reporter’s fields over each other one by one', () => {
      const { reporter } = fillDraft(desk).form
      const { save } = late(
        { reporter: { ...reporter, address: '14 Lạch Tray' } },
        { reporter: { ...reporter, name: 'Phạm Văn Đài' } },
      )
      expect(save().form.reporter).toMatchObject({ name: 'Phạm Văn Đài', address: '14 Lạch Tray' })
    })

    it('is refused where somebody wrote the same field, with what stands there, and changes nothing', () => {
      const { reporter } = fillDraft(desk).form
      const { code, save } = late(
        { title: 'Chậm', content: 'Bản của tôi', reporter: { ...reporter, name: 'Tôi nghe là Đãi' } },
        { content: 'Bản của họ', reporter: { ...reporter, name: 'Phạm Văn Đài' } },
      )
      expect(failing(save)).toMatchObject({
        kind: 'conflict',
        code: 'FIELD_CHANGED',
        details: { current: { content: 'Bản của họ', 'reporter.name': 'Phạm Văn Đài' } },
      })
      expect(desk.tickets.view(code, OPERATOR).form).toMatchObject({
        title: 'Đèn đường hỏng',
        content: 'Bản của họ',
        reporter: { name: 'Phạm Văn Đài' },
      })
    })

    it('is one with those who wrote the same words, and no one’s who tells no old value', () => {
      expect(late({ title: 'Như nhau' }, { title: 'Như nhau' }).save().form.title).toBe('Như nhau')
      const { code, version } = fillDraft(desk)
      desk.tickets.save(code, { version, form: { place: 'a' } }, OPERATOR)
      const blind = () => desk.tickets.save(code, { version, form: { title: 'x' }, base: {} }, OPERATOR)
      expect(failing(blind)).toMatchObject({ code: 'FIELD_CHANGED' })
      const ahead = () => desk.tickets.save(code, { version: 99, form: {}, base: {} }, OPERATOR)
      expect(failing(ahead)).toMatchObject({ code: 'TICKET_CHANGED' })
    })

    it('answers over HTTP with the code and what stands there', async () => {
      const app = await desk.serve()
      const { code, version, form } = fillDraft(desk)
      desk.tickets.save(code, { version, form: { title: 'Nhanh' } }, OPERATOR)
      const answer = await app.inject({
        method: 'PATCH',
        url: `/api/tickets/${code}`,
        cookies: { sid: SUPERVISOR.username },
        headers: { 'x-csrf-token': 'csrf' },
        payload: { version, form: { title: 'Chậm' }, base: { title: form.title } },
      })
      expect(answer.statusCode).toBe(409)
      expect(answer.json()).toMatchObject({ code: 'FIELD_CHANGED', details: { current: { title: 'Nhanh' } } })
      await app.close()
    })
  })

  it('changes nothing, not even the version, when nothing changed', () => {
    const view = fillDraft(desk)
    const same = desk.tickets.save(view.code, { version: view.version, form: view.form }, OPERATOR)
    expect(same.version).toBe(view.version)
  })

  it('stores NFC without control characters', () => {
    const view = fillDraft(desk, { title: 'Đường hỏng\u0000\u0007'.normalize('NFD') })
    expect(view.form.title).toBe('Đường hỏng')
  })

  it.each([
    [{ fieldId: 'nothing' }, 'FIELD_UNKNOWN'],
    [{ categoryId: 'nothing' }, 'CATEGORY_UNKNOWN'],
    [{ areaId: 'nowhere' }, 'AREA_UNKNOWN'],
  ])('refuses what the directory does not have: %o', (form, code) => {
    const view = fillDraft(desk)
    expect(
      failing(() => desk.tickets.save(view.code, { version: view.version, form }, OPERATOR)),
    ).toMatchObject({
      code,
    })
  })

  it('brings the category along with the field, and drops a field of another category', () => {
    const view = fillDraft(desk)
    expect(view.form.categoryId).toBe('infrastructure')
    const moved = desk.tickets.save(
      view.code,
      { version: view.version, form: { categoryId: 'society' } },
      OPERATOR,
    )
    expect(moved.form.fieldId).toBeNull()
  })

  it('writes old and new values into the history once the ticket is received', () => {
    const draft = fillDraft(desk)
    const received = desk.tickets.receive(draft.code, draft.version, OPERATOR)
    const saved = desk.tickets.save(
      received.code,
      { version: received.version, form: { confidential: true } },
      SUPERVISOR,
    )
    expect(saved.events.map((event) => event.type)).toEqual(['opened', 'received', 'saved'])
    expect(saved.events.at(-1)).toMatchObject({
      actorName: 'Trần Văn Đức',
      detail: { changes: { confidential: { from: false, to: true } } },
    })
    expect(saved.events[1]?.detail).toMatchObject({ form: { content: draft.form.content } })
  })

  it('ends with the answer', () => {
    const draft = fillDraft(desk)
    const done = desk.tickets.answer(
      draft.code,
      { version: draft.version, answer: 'Đã báo', source: '' },
      OPERATOR,
    )
    expect(
      failing(() => desk.tickets.save(done.code, { version: done.version, form: { title: 'x' } }, OPERATOR)),
    ).toMatchObject({ code: 'ACTION_NOT_POSSIBLE' })
  })
})

describe('receiving and answering', () => {
  it.each([
    [{ content: ' ' }, 'CONTENT_REQUIRED'],
    [
      {
        reporter: {
          type: 'individual',
          name: '',
          organisation: null,
          phone: '0950000777',
          email: null,
          address: null,
        },
      },
      'REPORTER_NAME_REQUIRED',
    ],
    [
      {
        reporter: {
          type: 'individual',
          name: 'Đại',
          organisation: null,
          phone: null,
          email: null,
          address: null,
        },
      },
      'REPORTER_CONTACT_REQUIRED',
    ],
  ])('says what is missing: %o', (form, code) => {
    const draft = fillDraft(desk, form)
    expect(failing(() => desk.tickets.receive(draft.code, draft.version, OPERATOR))).toMatchObject({
      kind: 'invalid',
      code,
    })
  })

  it('R044: answers a draft in one step, with both lines in the history (Đ9.1)', () => {
    const draft = fillDraft(desk, { title: '' })
    const done = desk.tickets.answer(
      draft.code,
      { version: draft.version, answer: 'Đèn được sửa tối nay', source: 'Kế hoạch chiếu sáng 2026' },
      OPERATOR,
    )
    expect(done).toMatchObject({ state: 'answered', answer: 'Đèn được sửa tối nay' })
    expect(done.actions).not.toContain('save')
    expect(done.form.title).toBe('Ba cột đèn tắt từ hôm qua, gọi lại 0950 000 777.')
    expect(done.receivedAt).not.toBeNull()
    expect(done.events.map((event) => event.type)).toEqual(['opened', 'received', 'answered'])
    expect(failing(() => desk.tickets.receive(done.code, done.version, OPERATOR))).toMatchObject({
      code: 'ACTION_NOT_POSSIBLE',
    })
  })

  it('offers an admin no actions', () => {
    const draft = fillDraft(desk)
    expect(draft.actions).toEqual(expect.arrayContaining(['receive', 'answer', 'sendSlip', 'save', 'attach']))
    expect(desk.tickets.view(draft.code, ADMIN).actions).toEqual([])
  })
})

describe('R021: the history', () => {
  it('can neither be changed nor shortened, and a slip never changes', () => {
    const draft = fillDraft(desk)
    desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: 'chieu-sang', note: '' }, OPERATOR)
    for (const statement of [
      `UPDATE ticket_events SET type = 'x'`,
      'DELETE FROM ticket_events',
      `UPDATE slips SET unit_id = 'x'`,
      'DELETE FROM slips',
    ])
      expect(() => desk.db.raw.exec(statement)).toThrow(/append-only|never changes/)
  })
})
