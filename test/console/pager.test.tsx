import { cleanup, render, screen } from '@testing-library/preact'
import { afterEach, expect, it, vi } from 'vitest'
import { boundedCount } from '../../src/console/ui/format.ts'
import { Pager } from '../../src/console/ui/pager.tsx'

afterEach(cleanup)

const show = (offset: number, total: number, bound?: number) =>
  render(
    <Pager
      offset={offset}
      limit={50}
      total={total}
      onOffset={vi.fn()}
      {...(bound === undefined ? {} : { bound })}
    />,
  )
const next = () => screen.getByRole('button', { name: 'Trang sau' })

it('says that there is more than it counts, and at its end how to see older ones', () => {
  show(0, 1_001, 1_000)
  expect(screen.getByText('1–50 trong hơn 1.000')).toBeTruthy()
  expect(next()).toHaveProperty('disabled', false)
  cleanup()
  show(950, 1_001, 1_000)
  expect(screen.getByText('951–1000 trong hơn 1.000 Muốn xem cũ hơn, hãy lọc hoặc tìm.')).toBeTruthy()
  expect(next()).toHaveProperty('disabled', true)
})

it('counts what has no bound to its end', () => {
  show(1_000, 1_200)
  expect(screen.getByText('1001–1050 trong 1200')).toBeTruthy()
  expect(next()).toHaveProperty('disabled', false)
  expect([boundedCount(7), boundedCount(1_001)]).toEqual(['7', 'hơn 1.000'])
})
