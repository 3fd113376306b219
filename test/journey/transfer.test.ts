import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TicketPage, TicketView } from '../../src/tickets/contract.ts'
import type { TicketTransfers } from '../../src/transfers/contract.ts'
import { openBrowser } from '../support/chromium.ts'
import { type Desk } from '../support/desk-page.ts'
import { type Hotline, startHotline } from '../support/hotline.ts'
import { hearMore, readRecorded } from '../support/recorded.ts'
import { monoWav, tone } from '../support/tone.ts'

const OPERATOR_HZ = 880
const DUTY_DESK = '02250000024'
const OFFICER = '0950000047'

let hotline: Hotline
let browser: Browser
let mai: Desk

beforeAll(async () => {
  hotline = await startHotline()
  const voiceFile = join(hotline.dataDir, 'operator.wav')
  await writeFile(voiceFile, monoWav(syllables()))
  browser = await openBrowser({ voiceFile })
  mai = await hotline.openDesk(browser, 'mai')
})

afterAll(async () => {
  await browser.close()
  await hotline.stop()
})

describe('an urgent call is put through to the agency in charge', () => {
  it('past a duty desk that does not answer, to an officer who presses 1, consulted, merged, completed', async () => {
    await hotline.pbx.carrier.setPhone(DUTY_DESK, 'ringout')
    await hotline.pbx.carrier.setPhone(OFFICER, 'answer')
    const { page } = mai
    await page.getByTestId('call-state').filter({ hasText: 'Máy rỗi' }).waitFor()
    await page.getByRole('button', { name: /^Sẵn sàng/ }).click()
    await page.getByTestId('presence-state').filter({ hasText: 'Sẵn sàng' }).waitFor()
    const call = await hotline.pbx.carrier.placeCall({ from: '0950000171', speak: 'tone440' })
    await page.getByTestId('answer').click()
    await page.getByTestId('call-state').filter({ hasText: 'Đang nói chuyện' }).waitFor()

    await page
      .getByLabel('Nội dung phản ánh')
      .fill('Trụ đèn đổ chắn ngang đường, xe cộ đang phải né rất nguy hiểm.')
    await page.getByLabel('Phản ánh', { exact: true }).check()
    await page.getByRole('combobox', { name: 'Lĩnh vực' }).fill('chieu sang')
    await page.getByRole('option', { name: 'Chiếu sáng' }).first().click()
    await page.getByLabel('Địa điểm').fill('12 Lạch Tray')
    await page.getByLabel('Họ và tên').fill('Phạm Văn Đại')

    await page.keyboard.press('F7')
    await page.getByRole('checkbox', { name: /0225 000 0024/ }).waitFor()
    await page.getByTestId('transfer-consult').click()
    await page
      .getByText(/^Đang gọi .*người dân nghe nhạc/)
      .first()
      .waitFor()
    // The unit has it in writing before it hears of it.
    await expect.poll(() => hotline.sms.messages.length, { timeout: 10_000 }).toBeGreaterThan(0)
    await page.getByTestId('transfer-merge').waitFor({ timeout: 80_000 })
    await wordsOf(page, /người dân nghe nhạc\.$/)
    await page.getByText('Không nghe máy').first().waitFor()

    const ticket = await ticketOf('0950000171')
    const id = ticket.calls[0]?.id ?? ''
    await page.getByTestId('transfer-merge').click()
    await wordsOf(page, /^Ba bên cùng nói chuyện/)
    await hearMore(hotline.pbx, `call-${id}-operator`, 4)
    expect((await readRecorded(hotline.pbx, `call-${id}-operator`)).level(OPERATOR_HZ, 2)).toBeGreaterThan(
      0.02,
    )

    // The case follows while it happens: all three in one line, and it counts.
    const past = page.getByRole('list', { name: 'Ai nghe ai, theo thời gian' })
    const three = past.locator('[aria-current=step]').filter({ hasText: / \+ Người dân \+ / })
    await three.filter({ hasText: 'đang nói chuyện' }).waitFor({ timeout: 5_000 })

    await page.getByTestId('transfer-complete').click()
    await page.getByTestId('presence-state').filter({ hasText: 'Hoàn tất phiếu' }).waitFor()
    const state = async () => (await ticketOf('0950000171')).calls[0]?.state
    await expect.poll(state, { timeout: 10_000 }).toBe('transferred')
    await hotline.pbx.carrier.hangUp(call.id)
    await call.ended

    const kinds = async () =>
      (await ticketOf('0950000171')).recordings.map((one) => `${one.kind} ${one.state}`).sort()
    await expect.poll(kinds, { timeout: 15_000 }).toEqual(['call stored', 'consult stored'])
    const done = await ticketOf('0950000171')
    expect(done.form.urgent).toBe(true)
    expect(done.calls[0]).toMatchObject({ state: 'ended', outcome: 'answered', endedBy: 'caller' })
    expect(done.slips).toHaveLength(1)
    const tried = done.events
      .filter(({ type }) => type === 'transferTried')
      .map(({ detail }) => detail['outcome'])
    expect(tried).toEqual(['noAnswer'])

    const { calls } = await mai.get<TicketTransfers>(`/api/tickets/${done.code}/transfers`)
    const heard = calls[0]?.spans.map(({ groups }) =>
      groups.map(({ members, sound }) => `${members.join('+')} ${sound}`).join(', '),
    )
    expect(heard?.filter((line) => !line.includes('moving'))).toEqual([
      'operator+citizen talk',
      'operator+agency ringing, citizen music',
      'operator+agency ringing, citizen music',
      'operator+agency talk, citizen music',
      'operator+citizen+agency talk',
      'citizen+agency talk',
    ])
    expect(calls[0]?.spans.at(-1)?.end).toMatchObject({ cause: 'left', by: 'citizen' })
    await past.getByText('Người dân gác máy').waitFor()
    const took = page
      .getByRole('list', { name: 'Các số đã gọi' })
      .getByRole('listitem')
      .filter({ hasText: 'Đã nhận cuộc gọi' })
    await took.getByRole('button', { name: 'Nghe ghi âm' }).click()
    await took.getByRole('group', { name: /^Trình phát/ }).waitFor()
    expect(mai.problems).toEqual([])
  }, 150_000)
})

async function wordsOf(page: Page, words: RegExp, timeout = 15_000): Promise<void> {
  await page.getByText(words).first().waitFor({ timeout })
}

async function ticketOf(number: string): Promise<TicketView> {
  const found = await mai.get<TicketPage>(`/api/tickets?phone=${number}`)
  return mai.get<TicketView>(`/api/tickets/${found.items[0]?.code ?? ''}`)
}

function syllables(): Int16Array {
  const spoken = tone(OPERATOR_HZ, 300)
  const word = new Int16Array(spoken.length * 2)
  word.set(spoken)
  const voice = new Int16Array(word.length * 10)
  for (let at = 0; at < voice.length; at += word.length) voice.set(word, at)
  return voice
}
