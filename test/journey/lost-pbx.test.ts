import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TicketPage, TicketView } from '../../src/tickets/contract.ts'
import { openBrowser } from '../support/chromium.ts'
import { type Desk } from '../support/desk-page.ts'
import { type Hotline, startHotline } from '../support/hotline.ts'

let hotline: Hotline
let browser: Browser
let mai: Desk

beforeAll(async () => {
  hotline = await startHotline()
  browser = await openBrowser()
  mai = await hotline.openDesk(browser, 'mai')
})

afterAll(async () => {
  await browser.close()
  await hotline.stop()
})

describe('the PBX dies in mid-call', () => {
  it('frees the operator’s phone, and the next call rings there', async () => {
    const { page } = mai
    const face = page.getByTestId('call-state')
    await face.filter({ hasText: 'Máy rỗi' }).waitFor()
    await page.getByRole('button', { name: /^Sẵn sàng/ }).click()
    await page.getByTestId('presence-state').filter({ hasText: 'Sẵn sàng' }).waitFor()
    await hotline.pbx.carrier.placeCall({ from: '0950000181', speak: 'tone440' })
    await page.getByTestId('answer').click()
    await face.filter({ hasText: 'Đang nói chuyện' }).waitFor()

    await hotline.pbx.kill()
    await hotline.pbx.restart()
    await page.getByTestId('presence-state').filter({ hasText: 'Hoàn tất phiếu' }).waitFor()
    await face.filter({ hasText: /Hoàn tất phiếu|Máy rỗi/ }).waitFor({ timeout: 30_000 })

    await page.getByRole('button', { name: /^(Sẵn sàng|Xong, sẵn sàng)/ }).click()
    await page.getByTestId('presence-state').filter({ hasText: 'Sẵn sàng' }).waitFor()
    const next = await hotline.pbx.carrier.placeCall({ from: '0950000182', speak: 'tone440' })
    await page.getByTestId('pop').waitFor({ timeout: 30_000 })
    await page.getByTestId('answer').click({ timeout: 30_000 })
    await face.filter({ hasText: 'Đang nói chuyện' }).waitFor()
    await hotline.pbx.carrier.hangUp(next.id)
    await next.ended

    const found = await mai.get<TicketPage>('/api/tickets?phone=0950000181')
    const ticket = await mai.get<TicketView>(`/api/tickets/${found.items[0]?.code ?? ''}`)
    expect(found.total).toBe(1)
    expect(ticket.calls).toHaveLength(1)
    expect(ticket.calls[0]).toMatchObject({ state: 'ended', endedBy: 'system' })
  }, 120_000)
})
