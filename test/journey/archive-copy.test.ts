import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { currentEnvironment } from '../../src/cli/environment.ts'
import { provisionAsterisk } from '../../src/cli/provision-asterisk.ts'
import { createOpusTools } from '../../src/recordings/opus-tools.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { openBrowser } from '../support/chromium.ts'
import { leaveCopyAlone, storeRecording } from '../support/stored-recording.ts'
import { talk } from '../support/talk.ts'
import { stereoWav } from '../support/tone.ts'

const SECONDS = 60

let app: TestApp
let browser: Browser
const folder = mkdtempSync(join(tmpdir(), 'copy-'))
beforeAll(async () => {
  ;[browser, app] = await Promise.all([openBrowser(), startTestApp()])
})
afterAll(async () => {
  await browser.close()
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

it('R060: a browser plays a copy in Opus whose original went, and seeks in it by ranges', async () => {
  const { opus } = await provisionAsterisk({ environment: currentEnvironment(), progress: () => undefined })
  const sides = [talk(SECONDS, 0), talk(SECONDS, 1)] as const
  writeFileSync(join(folder, 'call.wav'), stereoWav(...sides))
  await createOpusTools(opus).encode(join(folder, 'call.wav'), join(folder, 'call.opus'), 2, 0)
  const lan = await app.signInAs('lan')
  const mai = await app.signInAs('mai')
  const opened = await mai.request('/api/tickets', { json: { channel: 'counter' } })
  const { code } = (await opened.json()) as { code: string }
  const id = storeRecording(app.config, {
    ticketCode: code,
    sides,
    callId: 'hp1-1772413200.1',
    startedAt: new Date(),
    operatorId: mai.personId,
  })
  leaveCopyAlone(app.config, id, readFileSync(join(folder, 'call.opus')))

  const context = await browser.newContext()
  const [name = '', value = ''] = lan.cookie.split('=')
  await context.addCookies([{ name, value, url: app.url }])
  const page = await context.newPage()
  const ranges: (string | undefined)[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/audio')) ranges.push(request.headers()['range'])
  })
  await page.goto(`${app.url}/healthz`)
  const heard = await page.evaluate<{ duration: number; at: number }>(
    hearing(`/api/recordings/${String(id)}/audio`, SECONDS - 10),
  )
  expect(heard.duration).toBeCloseTo(SECONDS, 1)
  expect(heard.at).toBeGreaterThanOrEqual(SECONDS - 10)
  expect(ranges.length).toBeGreaterThan(0)
  expect(ranges.every((range) => range?.startsWith('bytes=') === true)).toBe(true)
})

/** What the page does, as a script: these tests know no browser's names. Loads, goes to that second and plays on from there. */
function hearing(source: string, to: number): string {
  return `(async () => {
    const audio = new Audio(${JSON.stringify(source)})
    const happens = (event) => new Promise((resolve, reject) => {
      audio.addEventListener(event, resolve, { once: true })
      audio.addEventListener('error', () => reject(new Error(audio.error?.message ?? 'no sound')))
    })
    const loaded = happens('loadedmetadata')
    audio.load()
    await loaded
    const { duration } = audio
    const sought = happens('seeked')
    audio.currentTime = ${String(to)}
    await sought
    const plays = happens('timeupdate')
    await audio.play()
    await plays
    return { duration, at: audio.currentTime }
  })()`
}
