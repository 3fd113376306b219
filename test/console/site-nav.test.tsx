import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pagesFor, SiteNav } from '../../src/console/ui/site-nav.tsx'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { navigate } from '../../src/console/state/route.ts'
import { openDesk } from './support.ts'

const nav = () => within(screen.getByRole('navigation', { name: 'Các trang' }))
const links = () =>
  nav()
    .getAllByRole('link')
    .map((link) => link.textContent)
const more = () => nav().getByRole('button')
const goTo = (path: string) =>
  act(() => {
    navigate(path)
  })

beforeEach(() => {
  navigate('/')
})
afterEach(cleanup)

async function show(role: 'operator' | 'admin' | 'supervisor') {
  const { desk } = await openDesk({
    role,
    routes: { 'GET /api/disclosures': () => ({ items: [], waiting: 2 }) },
  })
  render(
    <ConsoleContext.Provider value={desk}>
      <SiteNav pages={pagesFor(role, true)} />
    </ConsoleContext.Provider>,
  )
}

describe('the way to the pages', () => {
  it('is one row for an operator, without anything folded away', async () => {
    await show('operator')
    expect(links()).toEqual(['Bàn trực', 'Phiếu', 'Cuộc gọi', 'Hồ sơ Đ9.6', 'Danh bạ', 'Điện thoại mô phỏng'])
    expect(nav().queryByRole('button')).toBeNull()
  })

  it('has what is not of every day under one button, that an admin unfolds', async () => {
    await show('admin')
    expect(links()).toHaveLength(7)
    expect(more().getAttribute('aria-expanded')).toBe('false')
    fireEvent.click(more())
    expect(links().slice(7)).toEqual([
      'Danh bạ',
      'Người dùng',
      'Lịch làm việc',
      'Đối soát',
      'Nhật ký',
      'Điện thoại mô phỏng',
    ])
  })

  it('says on the button which of them is open, and folds up when one was chosen', async () => {
    await show('supervisor')
    expect(more().textContent).toBe('Quản trị')
    fireEvent.click(more())
    fireEvent.click(nav().getByRole('link', { name: 'Lịch làm việc' }))
    expect(more().getAttribute('aria-expanded')).toBe('false')
    expect(more().textContent).toBe('Quản trị: Lịch làm việc')
    await goTo('/calls')
    expect(more().textContent).toBe('Quản trị')
  })

  it('folds up on Escape, which gives the focus back, and on a press elsewhere', async () => {
    await show('admin')
    fireEvent.click(more())
    fireEvent.keyDown(nav().getByRole('link', { name: 'Nhật ký' }), { key: 'Escape' })
    expect(more().getAttribute('aria-expanded')).toBe('false')
    expect(document.activeElement).toBe(more())
    fireEvent.click(more())
    fireEvent.pointerDown(document.body)
    expect(more().getAttribute('aria-expanded')).toBe('false')
  })

  it('R060: marks how many requests wait', async () => {
    await show('supervisor')
    expect(await nav().findByLabelText(/2/)).toBeTruthy()
  })
})
