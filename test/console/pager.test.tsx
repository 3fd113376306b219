import { cleanup, render, screen } from '@testing-library/preact'
import { afterEach, expect, it, vi } from 'vitest'
import { boundedCount } from '../../src/console/ui/format.ts'
import { Pager } from '../../src/console/ui/pager.tsx'

afterEach(cleanup)

const onShow = vi.fn()
const show = (offset: number, total: number, bound?: number, older?: { day: string; onShow: () => void }) =>
  render(
    <Pager
      offset={offset}
      limit={50}
      total={total}
      onOffset={vi.fn()}
      {...(bound === undefined ? {} : { bound })}
      older={older}
    />,
  )
const NARROW = 'Danh sách mở đến 1.000 dòng. Muốn xem cũ hơn, hãy chọn ngày ở ô “Đến ngày”, hoặc tìm.'
const olderButton = () => screen.queryByRole('button', { name: 'Xem cũ hơn, đến hết T6 06/03' })
const next = () => screen.getByRole('button', { name: 'Trang sau' })

it('says that there is more than it counts, and at its end how to see older ones', () => {
  show(0, 1_001, 1_000)
  const older = { day: 'T6 06/03', onShow }
  expect(screen.getByText('1–50 trong hơn 1.000')).toBeTruthy()
  expect(screen.getByText(NARROW)).toBeTruthy()
  expect(next()).toHaveProperty('disabled', false)
  cleanup()
  show(900, 1_001, 1_000, older)
  expect(olderButton()).toBeNull()
  cleanup()
  show(950, 1_001, 1_000)
  expect(screen.getByText('951–1000 trong hơn 1.000')).toBeTruthy()
  expect(next()).toHaveProperty('disabled', true)
  expect(olderButton()).toBeNull()
  cleanup()
  show(950, 1_001, 1_000, older)
  olderButton()?.click()
  expect(onShow).toHaveBeenCalledTimes(1)
  cleanup()
  show(950, 1_000, 1_000, older)
  expect([screen.queryByText(NARROW), olderButton()]).toEqual([null, null])
})

it('counts what has no bound to its end', () => {
  show(1_000, 1_200)
  expect(screen.getByText('1001–1050 trong 1200')).toBeTruthy()
  expect(next()).toHaveProperty('disabled', false)
  expect([boundedCount(7), boundedCount(1_001)]).toEqual(['7', 'hơn 1.000'])
})

it('is not there for a list that is all in view', () => {
  show(0, 50)
  expect(screen.queryByRole('navigation')).toBeNull()
  cleanup()
  show(0, 51)
  expect(screen.getByText('1–50 trong 51')).toBeTruthy()
  cleanup()
  show(50, 50)
  expect(screen.getByRole('button', { name: 'Trang trước' })).toBeTruthy()
})
