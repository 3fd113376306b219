import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CallView } from '../../src/calls/contract.ts'
import type { RecordingPage } from '../../src/recordings/contract.ts'
import type { TicketPage, TicketView } from '../../src/tickets/contract.ts'
import type { CitizenCall, PlacedCall } from '../../src/cli/carrier.ts'
import { openBrowser } from '../support/chromium.ts'
import { type Desk } from '../support/desk-page.ts'
import { type Hotline, startHotline } from '../support/hotline.ts'
import { secondsOf } from '../support/stereo-levels.ts'
import { monoWav, tone } from '../support/tone.ts'

/** The citizen's voice in the left side, the operator's in the right. */
const CITIZEN_HZ = 440
const OPERATOR_HZ = 880

let hotline: Hotline
let browser: Browser
let mai: Desk
let lan: Desk

beforeAll(async () => {
  hotline = await startHotline()
  const voiceFile = join(hotline.dataDir, 'operator.wav')
  await writeFile(voiceFile, monoWav(syllables(OPERATOR_HZ)))
  browser = await openBrowser({ voiceFile })
  mai = await hotline.openDesk(browser, 'mai')
  lan = await hotline.openDesk(browser, 'lan')
})

const placed: PlacedCall[] = []

afterEach(async () => {
  // A test that failed half way leaves nobody on the line for the next one.
  await Promise.all(placed.splice(0).map(({ id }) => hotline.pbx.carrier.hangUp(id)))
})

afterAll(async () => {
  await browser.close()
  await hotline.stop()
})

describe('a citizen calls the hotline', () => {
  it('becomes a pop, a form, a recording with both voices, a ticket and a slip with one SMS', async () => {
    await goReady(mai.page)
    const call = await place({ from: '0950000123', speak: 'tone440' })
    const pop = mai.page.getByTestId('pop')
    await pop.waitFor()
    expect(await pop.getByTestId('pop-number').innerText()).toBe('0950 000 123')
    await answer(mai.page)

    const { page } = mai
    const content = page.getByLabel('Nội dung phản ánh')
    await content.and(page.locator(':focus')).waitFor()
    await page.keyboard.type('Ba cột đèn đường tắt từ tối qua, đi lại rất nguy hiểm.')
    await page.getByLabel('Phản ánh', { exact: true }).check()
    await choose(page, 'Lĩnh vực', 'chieu sang', 'Chiếu sáng')
    await page.getByLabel('Địa điểm').fill('12 Lạch Tray')
    await choose(page, 'Phường, xã, đặc khu', 'gia vien', 'P. Gia Viên')
    await page.getByLabel('Họ và tên').fill('Phạm Văn Đại')
    expect(await page.getByLabel('Số điện thoại').inputValue()).toBe('0950 000 123')
    await page.getByRole('button', { name: /^Gửi phiếu chuyển đến/ }).click()
    await page.getByRole('heading', { name: /^Phiếu chuyển đến/ }).waitFor()
    // The officer's slip, and to the citizen with whom the case is.
    await expect.poll(() => hotline.sms.messages.length).toBe(2)
    expect(await hotline.sms.report()).toEqual([204, 204, 204, 204])
    await page.getByText('Đã đến máy').first().waitFor()

    await heardFor(2)
    await hotline.pbx.carrier.hangUp(call.id)
    await call.ended
    await stateIs(page, 'Hoàn tất phiếu')

    const ticket = await ticketOfCaller('0950000123')
    expect(ticket.code).toMatch(/^HP\d\d-\d{6}$/)
    expect(ticket).toMatchObject({
      state: 'assigned',
      form: {
        kind: 'reflection',
        fieldId: 'lighting',
        place: '12 Lạch Tray',
        content: 'Ba cột đèn đường tắt từ tối qua, đi lại rất nguy hiểm.',
        reporter: { name: 'Phạm Văn Đại', phone: '0950 000 123' },
      },
    })
    expect(ticket.slips).toHaveLength(1)
    expect(ticket.messages.map(({ template, state }) => `${template} ${state}`).sort()).toEqual([
      'forwarded delivered',
      'slipOfficer delivered',
    ])
    for (const { body } of hotline.sms.messages) expect(body).toContain(ticket.code)
    expect(ticket.calls).toHaveLength(1)
    expect(ticket.calls[0]).toMatchObject({ outcome: 'answered', endedBy: 'caller', training: false })
    expect(ticket.calls[0]?.noticeVersion).not.toBeNull()
    await expectBothVoices(await storedRecording(ticket.code))
    expect(mai.problems).toEqual([])
  })

  it('ends the same way when the operator hangs up first', async () => {
    await goReady(mai.page)
    const call = await place({ from: '0950000124', speak: 'tone440' })
    await answer(mai.page)
    await heardFor(2)
    await mai.page.getByTestId('hang-up').click()
    expect((await call.ended).cause).toBe(16)
    await stateIs(mai.page, 'Hoàn tất phiếu')
    const ticket = await ticketOfCaller('0950000124')
    expect(ticket.calls[0]).toMatchObject({ outcome: 'answered', endedBy: 'operator' })
    await expectBothVoices(await storedRecording(ticket.code))
  })

  it('becomes a missed call to ring back when the citizen gives up while it rings', async () => {
    await goReady(mai.page)
    const call = await place({ from: '0950000125', speak: 'tone440' })
    await mai.page.getByTestId('pop').waitFor()
    await hotline.pbx.carrier.hangUp(call.id)
    await mai.page.getByTestId('pop').waitFor({ state: 'detached' })
    await mai.page.getByText('đã gác máy trước khi được nghe').waitFor()
    const missed = mai.page.getByRole('region', { name: 'Cần gọi lại' })
    await missed.getByRole('button', { name: 'Gọi lại 0950 000 125', exact: true }).waitFor()
    const ticket = await ticketOfCaller('0950000125')
    expect(ticket).toMatchObject({ state: 'received', form: { kind: 'callback' } })

    // Rung back from the list: the same ticket, and the line is gone from the list.
    await missed.getByRole('button', { name: 'Gọi lại 0950 000 125', exact: true }).click()
    await mai.page.getByTestId('call-state').filter({ hasText: 'Đang nói chuyện' }).waitFor()
    await heardFor(1)
    await mai.page.getByTestId('hang-up').click()
    await missed
      .getByRole('button', { name: 'Gọi lại 0950 000 125', exact: true })
      .waitFor({ state: 'detached' })
    const after = await mai.get<TicketView>(`/api/tickets/${ticket.code}`)
    expect(after.calls.map(({ direction }) => direction).sort()).toEqual(['in', 'out'])
  })

  it('leaves a message that the operator can hear when nobody is free', async () => {
    await pause(mai.page)
    const call = await place({
      from: '0950000126',
      speak: 'tone440',
      digits: '2',
      digitsAfterSeconds: 6,
    })
    await voicemailStarted()
    await heardFor(3)
    await hotline.pbx.carrier.hangUp(call.id)
    const missed = mai.page.getByRole('region', { name: 'Cần gọi lại' })
    await missed.getByRole('button', { name: 'Gọi lại 0950 000 126', exact: true }).waitFor()
    const ticket = await ticketOfCaller('0950000126')
    expect(ticket.calls[0]).toMatchObject({ outcome: 'voicemail' })
    const recording = await storedRecording(ticket.code, 'voicemail')
    expect(secondsOf(await audio(mai, recording.id), { left: CITIZEN_HZ })).toBeGreaterThan(1)
  })

  it('keeps two calls at once apart', async () => {
    const tuan = await hotline.openDesk(browser, 'tuan')
    await Promise.all([goReady(mai.page), goReady(tuan.page)])
    const { carrier } = hotline.pbx
    const [first, second] = await Promise.all([
      place({ from: '0950000127', speak: 'tone440' }),
      place({ from: '0950000128', speak: 'tone660' }),
    ])
    const desks = [mai, tuan]
    await Promise.all(desks.map(({ page }) => answer(page)))
    await Promise.all(
      desks.map(async ({ page }, index) => {
        await page.getByLabel('Nội dung phản ánh').fill(`Cuộc gọi của bàn ${String(index + 1)}`)
      }),
    )
    await heardFor(2)
    await Promise.all([carrier.hangUp(first.id), carrier.hangUp(second.id)])
    await Promise.all(desks.map(({ page }) => stateIs(page, 'Hoàn tất phiếu')))
    const [one, two] = await Promise.all([ticketOfCaller('0950000127'), ticketOfCaller('0950000128')])
    expect(one.code).not.toBe(two.code)
    expect(new Set([one.operatorName, two.operatorName]).size).toBe(2)
    await expect
      .poll(async () => {
        const forms = await Promise.all(['0950000127', '0950000128'].map(ticketOfCaller))
        return new Set(forms.map(({ form }) => form.content)).size
      })
      .toBe(2)
    const [wavOne, wavTwo] = await Promise.all(
      [one, two].map(async ({ code }) => audio(lan, (await storedRecording(code)).id)),
    )
    if (wavOne === undefined || wavTwo === undefined) throw new Error('two recordings expected')
    expect(secondsOf(wavOne, { left: CITIZEN_HZ, right: OPERATOR_HZ })).toBeGreaterThan(1)
    expect(secondsOf(wavOne, { left: 660 })).toBe(0)
    expect(secondsOf(wavTwo, { left: 660, right: OPERATOR_HZ })).toBeGreaterThan(1)
    expect(secondsOf(wavTwo, { left: CITIZEN_HZ })).toBe(0)
    await tuan.close()
  })

  it('goes on when the operator reloads the page in mid-call', async () => {
    await goReady(mai.page)
    const call = await place({ from: '0950000129', speak: 'tone440' })
    await answer(mai.page)
    await mai.page.getByLabel('Nội dung phản ánh').fill('Nước ngập trước cổng trường')
    await heardFor(1)
    mai.page.once('dialog', (dialog) => void dialog.accept())
    await mai.page.reload()
    await mai.page.getByTestId('call-state').filter({ hasText: 'Đang nói chuyện' }).waitFor()
    await expect
      .poll(() => mai.page.getByLabel('Nội dung phản ánh').inputValue())
      .toBe('Nước ngập trước cổng trường')
    await heardFor(3)
    await mai.page.getByTestId('hang-up').click()
    expect((await call.ended).cause).toBe(16)
    await stateIs(mai.page, 'Hoàn tất phiếu')
    const ticket = await ticketOfCaller('0950000129')
    expect(ticket.form.content).toBe('Nước ngập trước cổng trường')
    expect(ticket.calls).toHaveLength(1)
    const recording = await storedRecording(ticket.code)
    // Only what was said after the reload: three seconds before the operator's hang-up, and the goodbye after it.
    const wav = await audio(lan, recording.id)
    const voices = { left: CITIZEN_HZ, right: OPERATOR_HZ }
    expect(secondsOf(wav, voices, { lastSeconds: 4 })).toBeGreaterThan(1.5)
  })
})

describe('the service or a console goes away', () => {
  it('files a call that came and went while the service was restarting', async () => {
    await pause(mai.page)
    const before = await place({ from: '0950000130', speak: 'tone440' })
    await before.answered
    await hotline.app().close()
    const during = await place({ from: '0950000131', speak: 'tone440' })
    await during.answered
    await hotline.pbx.carrier.hangUp(before.id)
    await hotline.pbx.carrier.hangUp(during.id)
    await Promise.all([before.ended, during.ended])
    await hotline.restartService()
    for (const number of ['0950000130', '0950000131']) {
      const ticket = await ticketOfCaller(number)
      expect(ticket.form.kind).toBe('callback')
      expect(ticket.calls).toHaveLength(1)
    }
  })

  it('offers a call that rang when the service died again, and the next one at once', async () => {
    await goReady(mai.page)
    const first = await place({ from: '0950000132', speak: 'tone440' })
    await mai.page.getByTestId('answer').waitFor()
    await hotline.restartService()
    await stateIs(mai.page, 'Sẵn sàng')
    await answer(mai.page)
    await hotline.pbx.carrier.hangUp(first.id)
    await stateIs(mai.page, 'Hoàn tất phiếu')

    await goReady(mai.page)
    const ami = hotline.pbx.look()
    const refused: string[] = []
    const stop = ami.onEvent((event) => {
      if (event['Event'] === 'AgentRingNoAnswer') refused.push(event['CallerIDNum'] ?? '')
    })
    const second = await place({ from: '0950000133', speak: 'tone440' })
    await mai.page.getByTestId('answer').waitFor()
    await hotline.restartService()
    await hotline.pbx.carrier.hangUp(second.id)
    await second.ended
    await place({ from: '0950000134', speak: 'tone440' })
    await mai.page.getByTestId('pop-number').filter({ hasText: '0950 000 134' }).waitFor()
    await answer(mai.page)
    stop()
    expect(refused).toEqual([])
    await mai.page.getByTestId('hang-up').click()
    await stateIs(mai.page, 'Hoàn tất phiếu')
  })

  it('rings nobody at a console that vanished, and is as before when it returns', async () => {
    await goReady(mai.page)
    await mai.page.close()
    const goneAt = Date.now()
    await expect.poll(() => presenceInQueue(), { timeout: 15_000 }).toBe('paused')
    expect(Date.now() - goneAt).toBeLessThan(15_000)
    const page = await mai.context.newPage()
    await page.goto(hotline.url)
    await stateIs(page, 'Sẵn sàng')
    await expect.poll(() => presenceInQueue()).toBe('ready')
  })
})

async function place(call: CitizenCall): Promise<PlacedCall> {
  const made = await hotline.pbx.carrier.placeCall(call)
  placed.push(made)
  return made
}

async function goReady(page: Page): Promise<void> {
  await page
    .getByTestId('call-state')
    .filter({ hasText: /Máy rỗi|Hoàn tất phiếu/ })
    .waitFor()
  const state = page.getByTestId('presence-state')
  if ((await state.innerText()) !== 'Sẵn sàng') {
    await page.getByRole('button', { name: /^(Sẵn sàng|Xong, sẵn sàng)/ }).click()
  }
  await stateIs(page, 'Sẵn sàng')
}

async function pause(page: Page): Promise<void> {
  await page.getByLabel('Tạm dừng với lý do').selectOption('break')
  await stateIs(page, 'Tạm dừng: Nghỉ giải lao')
}

async function answer(page: Page): Promise<void> {
  await page.getByTestId('answer').click()
  await page.getByTestId('call-state').filter({ hasText: 'Đang nói chuyện' }).waitFor()
}

async function stateIs(page: Page, word: string): Promise<void> {
  await page.getByTestId('presence-state').filter({ hasText: word }).waitFor()
}

async function choose(page: Page, label: string, typed: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).fill(typed)
  await page.getByRole('option', { name: option }).first().click()
}

/** Time that passes for whoever listens: a recording needs sound in it. */
async function heardFor(seconds: number): Promise<void> {
  await mai.page.waitForTimeout(seconds * 1_000)
}

async function voicemailStarted(): Promise<void> {
  await expect
    .poll(async () => (await lan.get<{ items: CallView[] }>('/api/calls')).items[0]?.state, {
      timeout: 30_000,
    })
    .toBe('leavingMessage')
}

/** The one ticket of a caller's calls; waits until it is there. */
async function ticketOfCaller(number: string): Promise<TicketView> {
  await expect
    .poll(async () => (await lan.get<TicketPage>(`/api/tickets?phone=${number}`)).total, { timeout: 10_000 })
    .toBe(1)
  const { items } = await lan.get<TicketPage>(`/api/tickets?phone=${number}`)
  return lan.get<TicketView>(`/api/tickets/${items[0]?.code ?? ''}`)
}

async function storedRecording(code: string, kind = 'call') {
  const find = async () =>
    (await lan.get<RecordingPage>(`/api/recordings?q=${code}`)).items.find((item) => item.kind === kind)
  await expect.poll(async () => (await find())?.state, { timeout: 20_000 }).toBe('stored')
  const recording = await find()
  if (recording === undefined) throw new Error(`no ${kind} recording of ${code}`)
  return recording
}

async function audio(desk: Desk, recordingId: number): Promise<Buffer> {
  const response = await desk.context.request.get(
    `${hotline.url}/api/recordings/${String(recordingId)}/audio`,
  )
  expect(response.status()).toBe(200)
  return response.body()
}

/** Both spoke at once for a while, each on a side of their own. */
async function expectBothVoices(recording: { readonly id: number }): Promise<void> {
  const wav = await audio(lan, recording.id)
  expect(secondsOf(wav, { left: CITIZEN_HZ, right: OPERATOR_HZ })).toBeGreaterThan(1)
}

/** A tone in syllables: Chromium's noise suppression takes a steady one for a fan and removes it within two seconds. */
function syllables(hertz: number): Int16Array {
  const spoken = tone(hertz, 300)
  const word = new Int16Array(spoken.length * 2)
  word.set(spoken)
  const voice = new Int16Array(word.length * 10)
  for (let at = 0; at < voice.length; at += word.length) voice.set(word, at)
  return voice
}

async function presenceInQueue(): Promise<'ready' | 'paused' | 'absent'> {
  const members = await hotline.queueMembers()
  const paused = members.get('op-1')
  return paused === undefined ? 'absent' : paused ? 'paused' : 'ready'
}
