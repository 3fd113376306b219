import { cleanup, fireEvent, render, screen } from '@testing-library/preact'
import { afterEach, expect, it } from 'vitest'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { route } from '../../src/console/state/route.ts'
import { TicketPage } from '../../src/console/tickets/ticket-page.tsx'
import { openDesk } from './support.ts'

afterEach(() => {
  cleanup()
})

it('says in the page that there is no such case, and leads back to the list', async () => {
  const { desk } = await openDesk({
    routes: {
      'GET /api/tickets/HP26-999999': () => Response.json({ code: 'TICKET_NOT_FOUND' }, { status: 404 }),
    },
  })
  render(
    <ConsoleContext.Provider value={desk}>
      <TicketPage code="HP26-999999" />
    </ConsoleContext.Provider>,
  )
  const alert = await screen.findByRole('alert')
  expect(alert.textContent).toContain('Không mở được phiếu HP26-999999.')
  expect(alert.textContent).toContain('Hãy kiểm tra lại mã phiếu.')
  expect(screen.queryByRole('status')).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Về danh sách phiếu' }))
  expect(route.value.page).toBe('tickets')
})
