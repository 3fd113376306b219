import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { foldSms } from '../../src/messages/sms-policy.ts'
import { createReporterCover } from '../../src/tickets/personal-data-policy.ts'
import { type SlipPaper, withoutPersonalData } from '../../src/tickets/slip-paper.ts'
import {
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  OFFICER,
  OPERATOR,
  OTHER_OFFICER,
  UNIT,
} from '../support/desk.ts'

const NAME = 'Bùi Thị Bí Mật'
const NUMBER = '0950000888'
const SECRETS = [NAME, 'Bui Thi', NUMBER, '0950 000 888', '77 Lê Lai', '77 Le Lai']
const CONTENT = `Tôi là ${NAME}, ${NUMBER}, ở 77 Lê Lai, báo đèn hỏng ba tối rồi mà chưa ai sửa.`

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const forwarded = (changes: Record<string, unknown> = {}) => {
  const { code, version } = fillDraft(desk, {
    title: '',
    content: CONTENT,
    place: `trước nhà ${NAME}`,
    reporter: {
      type: 'individual',
      name: NAME,
      organisation: null,
      phone: NUMBER,
      email: null,
      address: '77 Lê Lai',
    },
    ...changes,
  })
  return desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
}
const toStaff = (code: string) =>
  desk.tickets
    .view(code, OPERATOR)
    .messages.filter(({ toName }) => toName !== null)
    .map(({ template, text }) => [template, text] as const)
const expectCovered = (text: string): void => {
  for (const secret of SECRETS) expect(text).not.toContain(secret)
}
const page = (path: string, reader: typeof OFFICER | null = null): SlipPaper => {
  const opened = desk.tickets.slipByToken(path.replace('/p/', ''), reader)
  if (opened === undefined) throw new Error('no slip behind this link')
  return opened.isTheirs ? opened.paper : withoutPersonalData(opened.paper)
}
const until = (local: string): void => {
  desk.pass(new Date(`${local}+07:00`).getTime() - desk.now().getTime())
  desk.deadlines.sweep()
}

describe.each([true, false])('R068, R069: of a case with confidential = %s', (confidential) => {
  it('the link says nothing to a stranger, nor to another unit, of who reported it', () => {
    const [slip] = forwarded({ confidential }).slips
    for (const reader of [null, OTHER_OFFICER]) {
      const { title, content, place, reporter } = page(slip?.path ?? '', reader)
      expectCovered(`${title}\n${content}\n${place}`)
      expect([reporter, place]).toEqual([null, 'trước nhà •••'])
      expect(content).toContain('báo đèn hỏng')
    }
    const own = page(slip?.path ?? '', OFFICER)
    expect(own.content.includes(NAME)).toBe(!confidential)
  })

  it('a name that was corrected since is covered as the paper has it', () => {
    const { code, version, form, slips } = forwarded({ confidential: false })
    const reporter = { ...form.reporter, name: 'Bùi Thị Khác' }
    desk.tickets.save(code, { version, form: { ...form, confidential, reporter } }, OPERATOR)
    expectCovered(page(slips[0]?.path ?? '').content)
  })

  it('no SMS to staff says who reported it: slip, reminder, the slip of the head', () => {
    const { code } = forwarded({ confidential, fieldId: null })
    until('2026-03-02T15:30')
    until('2026-03-03T08:01')
    expect(toStaff(code).map(([template]) => template)).toEqual(
      expect.arrayContaining(['slipOfficer', 'reminder', 'slipHead']),
    )
    for (const [, text] of toStaff(code)) expectCovered(text)
  })

  it('no SMS that asks the head for a day says so either', () => {
    const { code } = forwarded({ confidential })
    const move = (body: Record<string, unknown>) =>
      desk.tickets.move(
        code,
        { version: desk.tickets.view(code, OPERATOR).version, ...body } as never,
        OFFICER,
      )
    move({ action: 'accept' })
    move({ action: 'requestPromise', promisedAt: '2026-03-20T16:00:00+07:00', reason: 'chờ vật tư' })
    const asked = toStaff(code).filter(([template]) => template === 'promiseAsked')
    expect(asked.length).toBeGreaterThan(0)
    for (const [, text] of asked) expectCovered(text)
  })
})

describe('R068, R057: a directive on a confidential case', () => {
  const directed = (directive: string, documentNo: string) => {
    const { code } = forwarded({ confidential: true })
    const move = (body: Record<string, unknown>) =>
      desk.tickets.move(
        code,
        { version: desk.tickets.view(code, CITY_OFFICE).version, ...body } as never,
        CITY_OFFICE,
      )
    move({ action: 'takeLead', leadReason: 'forChairman' })
    move({ action: 'direct', unitId: UNIT, directive, documentNo, dueAt: '2026-03-04T10:00:00+07:00' })
    return code
  }

  it('says who reported it neither in the document’s number nor in its words, in the SMS and on the slip', () => {
    const code = directed(`Theo đơn của ông ${NAME}, ${NUMBER}, nhà 12, trả lời dân`, `5/VP của ${NAME}`)
    const slips = toStaff(code).filter(([template]) => template === 'slipDirected')
    expect(slips.length).toBeGreaterThan(0)
    for (const [, text] of slips) {
      expectCovered(text)
      expect(text).not.toContain('Bui Thi Bi Mat')
      expect(text).toContain('van ban 5/VP cua, phieu')
      expect(text).toContain('Theo don cua ong, nha 12, tra loi dan')
    }
    const [, slip] = desk.tickets.view(code, OPERATOR).slips
    for (const reader of [null, OTHER_OFFICER, OFFICER])
      expect(page(slip?.path ?? '', reader).directive).toEqual({ documentNo: '5/VP của •••' })
  })

  it('nor to the head of an overdue one', () => {
    const { code } = forwarded({ confidential: true })
    until('2026-03-03T08:01')
    until('2026-03-12T08:00')
    const { version } = desk.tickets.view(code, CITY_OFFICE)
    desk.tickets.move(
      code,
      { version, action: 'direct', directive: 'Trả lời ngay.', documentNo: `5/VP của ${NAME}` },
      CITY_OFFICE,
    )
    const told = toStaff(code).filter(([template]) => template === 'directedHead')
    expect(told.length).toBeGreaterThan(0)
    for (const [, text] of told) expect(text).not.toContain('Bui Thi Bi Mat')
    const rows = desk.tickets.list({ state: 'overdue' } as never, OFFICER).items
    expect(JSON.stringify(rows)).not.toContain(NAME)
  })

  it.each([
    ['•••, •••, nhà 12', 'nha 12'],
    ['Gọi lại •••.', 'Goi lai.'],
    ['Ông (•••, nhà 12)', 'Ong (nha 12)'],
    ['Ông (•••) báo', 'Ong bao'],
    ['a, b; c', 'a, b; c'],
  ])('leaves nothing of the cover in an SMS: %s', (text, folded) => {
    expect(foldSms(text)).toBe(folded)
  })
})

describe('R068: a title that is the start of the content', () => {
  const facts = {
    reporterName: NAME,
    reporterOrganisation: null,
    reporterPhone: NUMBER,
    reporterEmail: null,
    phoneE164: null,
    callerE164: null,
  }
  const { headline } = createReporterCover(facts)

  it('ends before a name or a number it would cut in two', () => {
    expect(headline('Đèn hỏng, tôi là Bùi Thị…', `Đèn hỏng, tôi là ${NAME}, nhờ sửa`)).toBe(
      'Đèn hỏng, tôi là…',
    )
    expect(headline('Gọi lại 0950', 'Gọi lại 0950 000 888 giúp')).toBe('Gọi lại…')
  })

  it('is left as it is otherwise', () => {
    expect(headline('Đèn hỏng phố Bùi', 'Đèn hỏng phố Bùi Viện')).toBe('Đèn hỏng phố Bùi')
    expect(headline('Đèn hỏng…', 'Đèn hỏng lâu rồi')).toBe('Đèn hỏng…')
  })

  it('the home is covered only where it is not the place', () => {
    const home = { ...facts, reporterAddress: '77 Lê Lai', place: 'ngõ 5' }
    expect(createReporterCover(home).freeText('Nhà 77 le lai, ngõ 5')).toBe('Nhà •••, ngõ 5')
    expect(createReporterCover({ ...home, place: '77 Lê Lai' }).freeText('ở 77 Lê Lai')).toBe('ở 77 Lê Lai')
  })
})
