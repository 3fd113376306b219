import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TicketView } from '../../src/tickets/contract.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { openBrowser } from '../support/chromium.ts'
import { openDesk } from '../support/desk-page.ts'
import { checkPackage, unpack } from '../support/disclosed-package.ts'
import { storeRecording } from '../support/stored-recording.ts'
import { tone } from '../support/tone.ts'

const HOURS = 8

let skipMs = 0
let app: TestApp
let browser: Browser
const folder = mkdtempSync(join(tmpdir(), 'goi-'))
beforeAll(async () => {
  browser = await openBrowser()
  app = await startTestApp({
    consoleDir: resolve(import.meta.dirname, '../../dist/console'),
    now: () => new Date(Date.now() + skipMs),
  })
})
afterAll(async () => {
  await browser.close()
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A case with the lighting unit, and a recording filed and sealed as after a call. */
async function recordedCase(): Promise<string> {
  const mai = await app.signInAs('mai')
  const send = async (path: string, json: unknown, method = 'POST'): Promise<TicketView> =>
    (await (await mai.request(path, { json, method })).json()) as TicketView
  const { code, version } = await send('/api/tickets', { channel: 'counter' })
  const reporter = {
    type: 'individual',
    name: 'Phạm Văn Đại',
    organisation: null,
    phone: '0950 000 777',
    email: null,
    address: null,
  }
  const form = { content: 'Ba cột đèn tắt từ hôm qua.', title: 'Đèn đường tắt', reporter }
  const saved = await send(`/api/tickets/${code}`, { version, form }, 'PATCH')
  await send(`/api/tickets/${code}/slips`, { version: saved.version, unitId: 'chieu-sang', note: '' })
  storeRecording(app.config, {
    ticketCode: code,
    sides: [tone(440, 6_000), tone(880, 6_000)],
    callId: 'hp1-1772413200.1',
    startedAt: new Date(),
    operatorId: mai.personId,
  })
  return code
}

it('R060: a unit asks, a supervisor approves, the unit listens and downloads, public tools verify it, and time closes it', async () => {
  const code = await recordedCase()
  const { url, config } = app
  const open = (who: 'phiet' | 'lan') =>
    openDesk(browser, { url, dataDir: config.dataDir, who, at: new Date() })
  const [phiet, lan] = await Promise.all([open('phiet'), open('lan')])
  const unit = phiet.page
  await unit.goto(`${url}/tickets/${code}`)
  const panel = unit.getByRole('region', { name: 'Đề nghị nghe ghi âm' })
  await panel.getByRole('button', { name: 'Gửi đề nghị mới' }).click()
  await panel.getByLabel('Lý do').fill('Xác minh vị trí cột đèn người dân nói trong cuộc gọi')
  await panel.getByLabel('Nghe và tải về').check()
  await panel.getByRole('button', { name: 'Gửi đề nghị', exact: true }).click()
  await panel.getByText('Chờ trưởng ca duyệt').waitFor()

  // It appeared by itself: nothing is loaded again.
  const chief = lan.page
  await chief.getByLabel('1 đề nghị chờ duyệt').waitFor()
  await chief.getByRole('link', { name: /Đề nghị nghe/ }).click()
  await chief.getByRole('button', { name: 'Duyệt', exact: true }).click()
  const dialog = chief.getByRole('dialog')
  await dialog.getByLabel('Trong bao lâu').selectOption(String(HOURS))
  await dialog.getByRole('button', { name: 'Duyệt', exact: true }).click()
  await chief.getByText('Không có đề nghị nào chờ duyệt.').waitFor()

  await panel.getByText('Được nghe đến').waitFor()
  await panel.getByRole('button', { name: 'Nghe ghi âm' }).click()
  const player = panel.getByRole('group', { name: /Trình phát/ })
  await player.waitFor()
  await player.locator('.player-clock', { hasText: /^0:0[1-6]/ }).waitFor()
  const [download] = await Promise.all([
    unit.waitForEvent('download'),
    panel.getByRole('link', { name: 'Tải gói niêm phong (ZIP)' }).click(),
  ])
  const zip = join(folder, download.suggestedFilename())
  await download.saveAs(zip)
  expect(checkPackage(unpack(readFileSync(zip), folder))).toEqual({
    signature: true,
    files: true,
    head: true,
    chain: true,
  })

  await chief.getByLabel('Đang cho nghe').check()
  await chief.getByText('Lượt nghe và tải').click()
  const [took, played] = await chief.locator('.disclosure-uses li').allInnerTexts()
  expect(took).toContain('tải gói niêm phong')
  expect(played).toContain('nghe từ 0:00')

  skipMs = HOURS * 3_600_000
  await unit.clock.fastForward(skipMs)
  await panel.getByText('Đã hết hạn nghe').waitFor()
  await player.waitFor({ state: 'detached' })
  for (const what of ['audio', 'package'])
    expect((await phiet.context.request.get(`${url}/api/disclosures/1/${what}`)).status()).toBe(403)
  for (const { problems } of [phiet, lan])
    expect(problems.filter((problem) => problem !== '503 /api/phone')).toEqual([])
})
