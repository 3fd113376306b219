import { cleanup, fireEvent, render, screen } from '@testing-library/preact'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { lazyPage } from '../../src/console/ui/lazy-page.tsx'

function Late() {
  return <main>Trang đây</main>
}

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

describe('a page that comes when it is opened', () => {
  it('shows that it is coming, then itself, and from then on at once', async () => {
    const coming = Promise.withResolvers<typeof Late>()
    const load = vi.fn(() => coming.promise)
    const Page = lazyPage(load)
    render(<Page />)
    expect(screen.getByRole('status', { name: 'Đang tải…' })).toBeTruthy()
    coming.resolve(Late)
    expect(await screen.findByText('Trang đây')).toBeTruthy()
    cleanup()
    render(<Page />)
    expect(screen.getByText('Trang đây')).toBeTruthy()
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('says what happened and loads the whole page again when its part is gone after an upgrade', async () => {
    const reload = vi.spyOn(location, 'reload').mockReturnValue()
    const Page = lazyPage(() => Promise.reject(new TypeError('Failed to fetch dynamically imported module')))
    render(<Page />)
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain('vừa được nâng cấp')
    expect(alert.textContent).toContain('những gì bạn đã gõ vẫn còn')
    fireEvent.click(screen.getByRole('button', { name: 'Tải lại trang' }))
    expect(reload).toHaveBeenCalledTimes(1)
  })

  it('is asked for again when somebody comes back to it', async () => {
    const load = vi.fn(() => Promise.reject(new TypeError('network')))
    const Page = lazyPage(load)
    render(<Page />)
    await screen.findByRole('alert')
    cleanup()
    load.mockResolvedValueOnce(Late as never)
    render(<Page />)
    expect(await screen.findByText('Trang đây')).toBeTruthy()
  })
})
