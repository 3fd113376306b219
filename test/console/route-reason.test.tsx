import { cleanup, fireEvent, render, screen } from '@testing-library/preact'
import { useState } from 'preact/hooks'
import { afterEach, describe, expect, it } from 'vitest'
import { givenReason, RouteReason } from '../../src/console/tickets/route-reason.tsx'
import { eventSentence } from '../../src/console/tickets/ticket-history.tsx'
import type { RouteOverride } from '../../src/tickets/contract.ts'

afterEach(cleanup)

describe('R023: why elsewhere than suggested', () => {
  it('is one of a few, with words where none of them fits', () => {
    let said: Partial<RouteOverride> = {}
    function Asked() {
      const [value, setValue] = useState<Partial<RouteOverride>>({})
      said = value
      return <RouteReason suggestedName="Sở Xây dựng" value={value} onChange={setValue} />
    }
    render(<Asked />)
    expect(screen.getByRole('group', { name: 'Vì sao không chuyển Sở Xây dựng như gợi ý?' })).not.toBeNull()
    expect(givenReason(said)).toBeNull()
    fireEvent.click(screen.getByRole('radio', { name: 'Lý do khác' }))
    expect(givenReason(said)).toBeNull()
    fireEvent.input(screen.getByRole('textbox', { name: /Ghi rõ thêm/ }), {
      target: { value: ' Cầu riêng ' },
    })
    expect(givenReason(said)).toEqual({ reason: 'other', text: 'Cầu riêng' })
    fireEvent.click(screen.getByRole('radio', { name: 'Theo chỉ đạo' }))
    expect(givenReason(said)).toEqual({ reason: 'directed', text: 'Cầu riêng' })
  })

  it('stands in the history of the case', () => {
    const event = { id: 1, at: '2026-03-02T01:00:00Z', type: 'slipIssued', actorName: null }
    const detail = { number: 'PC26-000001', unitName: 'Công ty Thoát nước' }
    expect(eventSentence({ ...event, detail })).toBe(
      'Phát hành phiếu chuyển PC26-000001 đến Công ty Thoát nước',
    )
    const override = { reason: 'agreed', text: 'Trực ban nhận' }
    expect(eventSentence({ ...event, detail: { ...detail, override, suggestedName: 'Sở Xây dựng' } })).toBe(
      'Phát hành phiếu chuyển PC26-000001 đến Công ty Thoát nước. Gợi ý là Sở Xây dựng; lý do chọn khác: Đơn vị đã nhận qua điện thoại. Trực ban nhận',
    )
  })
})
