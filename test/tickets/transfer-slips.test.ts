import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../src/platform/errors.ts'
import { createDesk, type Desk, OPERATOR } from '../support/desk.ts'

let desk: Desk
beforeEach(() => {
  desk = createDesk({ at: '2026-03-02T02:12:00Z' }) // 09:12 in the city
})
afterEach(() => desk.close())

/** A call whose case is written down, or not yet. */
function call(written = true): string {
  const { code } = desk.tickets.openForCall(
    {
      callId: 'c1',
      direction: 'in',
      number: { raw: '0950000777', e164: '+84950000777', display: '0950 000 777', kind: 'mobile' },
      callerName: null,
      line: '02251022',
      startedAt: '2026-03-02T02:10:00.000Z',
      training: false,
    },
    OPERATOR.id,
  )
  if (!written) return code
  const { version, form } = desk.tickets.view(code, OPERATOR)
  desk.tickets.save(
    code,
    {
      version,
      form: {
        kind: 'reflection',
        fieldId: 'lighting',
        title: 'Trụ đèn đổ chắn đường',
        content: 'Trụ đèn đổ chắn ngang đường.',
        place: '12 Lạch Tray',
        reporter: { ...form.reporter, name: 'Phạm Văn Đại' },
      },
    },
    OPERATOR,
  )
  return code
}

const sms = (code: string) =>
  desk.tickets
    .view(code, OPERATOR)
    .messages.map(({ toName, text }) => [toName, text.replace(/ [^ ]*\/p\/.*$/, '')])
const lines = (code: string) => desk.tickets.view(code, OPERATOR).events.map(({ type }) => type)

describe('what a unit gets in writing before its phone rings', () => {
  it('is the slip, where the case has none', () => {
    const code = call()
    desk.tickets.slipForTransfer('c1', 'chieu-sang', OPERATOR.id)
    expect(desk.tickets.view(code, OPERATOR)).toMatchObject({ state: 'assigned', unitId: 'chieu-sang' })
    expect(sms(code)).toHaveLength(1)
    // said as what it is: a call about it rings them now
    expect(sms(code)[0]?.[1]).toBe(
      `1022HP KHAN: ${code} Tru den do chan duong, 12 Lach Tray. Dang noi cuoc goi luc 09h12. Xem:`,
    )
  })

  it('is an urgent word with the slip’s link for the next unit, and the case stays with the first', () => {
    const code = call()
    desk.tickets.slipForTransfer('c1', 'chieu-sang', OPERATOR.id)
    desk.tickets.slipForTransfer('c1', 'so-xay-dung', OPERATOR.id)
    const ticket = desk.tickets.view(code, OPERATOR)
    expect(ticket.unitId).toBe('chieu-sang')
    expect(ticket.slips).toHaveLength(1)
    expect(sms(code).slice(1)).toEqual([
      [
        'Bùi Đức Khoát',
        `1022HP KHAN: ${code} Tru den do chan duong, 12 Lach Tray. Dang noi cuoc goi luc 09h12. Xem:`,
      ],
      [
        'Phạm Hồng Nhạn',
        `1022HP KHAN: ${code} Tru den do chan duong, 12 Lach Tray. Dang noi cuoc goi luc 09h12. Xem:`,
      ],
    ])
    expect(ticket.messages.every(({ text }) => /\/p\/\w+$/.test(text))).toBe(true)
    expect(lines(code)).toContain('urgentSms')
  })

  it('is nothing where the case is not written down, and the reason is told', () => {
    const code = call(false)
    expect(() => {
      desk.tickets.slipForTransfer('c1', 'chieu-sang', OPERATOR.id)
    }).toThrow(AppError)
    expect(sms(code)).toEqual([])
    expect(lines(code)).toEqual(['opened'])
  })

  it('is nothing for a call without a case', () => {
    desk.tickets.slipForTransfer('nobody', 'chieu-sang', OPERATOR.id)
    desk.tickets.tellHeads('nobody', 'chieu-sang', OPERATOR.id)
  })
})

describe('when nobody of the unit took the call', () => {
  it('its head is told, and what is asked of them', () => {
    const code = call()
    desk.tickets.slipForTransfer('c1', 'so-xay-dung', OPERATOR.id)
    desk.tickets.tellHeads('c1', 'so-xay-dung', OPERATOR.id)
    expect(sms(code).at(-1)).toEqual([
      'Nguyễn Khắc Tuynh',
      `1022HP KHAN: ${code} Tru den do chan duong, 12 Lach Tray. Goi don vi 09h12 khong ai nhan. De nghi Thu truong xu ly:`,
    ])
  })

  it('the slip goes out now, where the case was not written down before', () => {
    const code = call()
    desk.tickets.tellHeads('c1', 'chieu-sang', OPERATOR.id)
    expect(desk.tickets.view(code, OPERATOR).slips).toHaveLength(1)
    expect(sms(code)).toHaveLength(2)
  })

  it('a unit that is in no directory changes nothing', () => {
    const code = call()
    desk.tickets.slipForTransfer('c1', 'chieu-sang', OPERATOR.id)
    const before = lines(code)
    expect(() => {
      desk.tickets.tellHeads('c1', 'nowhere', OPERATOR.id)
    }).toThrow(expect.objectContaining({ code: 'UNIT_UNKNOWN' }) as Error)
    expect(lines(code)).toEqual(before)
  })
})

it('says whether the call’s case has gone out in writing', () => {
  const code = call(false)
  expect(desk.tickets.hasSlip('c1')).toBe(false)
  expect(desk.tickets.hasSlip('nobody')).toBe(false)
  const { version } = desk.tickets.view(code, OPERATOR)
  const form = {
    content: 'Trụ đèn đổ.',
    reporter: { ...desk.tickets.form(code).reporter, name: 'Phạm Văn Đại' },
  }
  desk.tickets.save(code, { version, form }, OPERATOR)
  desk.tickets.slipForTransfer('c1', 'chieu-sang', OPERATOR.id)
  expect(desk.tickets.hasSlip('c1')).toBe(true)
})
