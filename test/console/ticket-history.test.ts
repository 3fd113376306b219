import { describe, expect, it } from 'vitest'
import { asItIs, eventSentence } from '../../src/console/tickets/ticket-history.tsx'

const sentence = (type: string, detail: Record<string, unknown>) =>
  eventSentence({ id: 1, type, detail, at: '2026-03-02T01:00:00.000Z', actorName: null })

it('says why the City Office leads, with and without words of its own', () => {
  const start = 'Văn phòng UBND thành phố chủ trì (Điều 9 khoản 5): a) Các đơn vị chưa thống nhất'
  expect(sentence('leadTaken', { leadReason: 'unitsDisagree' })).toBe(start)
  expect(sentence('leadTaken', { leadReason: 'unitsDisagree', reason: 'Hai phường' })).toBe(
    `${start}. Hai phường`,
  )
})

it('says how an SMS stands now, not how it stood when it was put out', () => {
  const event = { id: 1, type: 'slipSms', at: '2026-03-02T01:00:00.000Z', actorName: null }
  const line = { ...event, detail: { smsId: 7, state: 'pending' } }
  expect(eventSentence(asItIs(line, []))).toBe('SMS phiếu chuyển: Chờ gửi')
  expect(eventSentence(asItIs(line, [{ id: 7, state: 'delivered' }]))).toBe('SMS phiếu chuyển: Đã đến máy')
  expect(eventSentence(asItIs(line, [{ id: 8, state: 'failed' }]))).toBe('SMS phiếu chuyển: Chờ gửi')
})

describe('a transfer in the history of a case', () => {
  it('tells whom was rung in turn, and what became of each', () => {
    expect(sentence('transferStarted', { mode: 'consult', labels: ['Công an', '0912 345 678'] })).toBe(
      'Bắt đầu chuyển máy, gọi lần lượt: Công an, 0912 345 678',
    )
    const rung = { label: 'Công an', number: '113', seconds: 25, outcome: 'noAnswer', cause: 19 }
    expect(sentence('transferTried', rung)).toBe('Gọi Công an (113): Không nghe máy, sau 25 giây')
    expect(sentence('transferAccepted', { label: '', number: '0912 345 678' })).toBe(
      '0912 345 678 đã nhận cuộc gọi',
    )
  })

  it('tells how it ended', () => {
    expect(sentence('transferEnded', { state: 'completed', label: 'Công an' })).toBe(
      'Chuyển máy: đã nối người dân với đơn vị',
    )
    expect(sentence('transferSlipNotSent', { code: 'CONTENT_REQUIRED' })).toBe(
      'Chưa gửi được phiếu chuyển kèm cuộc gọi. Hãy ghi nội dung phản ánh trước.',
    )
  })
})
