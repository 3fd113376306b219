import { resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../support/app.ts'
import { openBrowser } from '../support/chromium.ts'
import { type Desk, openDesk } from '../support/desk-page.ts'
import { overflow, seriousFindings, settled, SIZES } from '../support/page-checks.ts'
import { type PlantedCase, plantCases } from '../support/planted-cases.ts'

let app: TestApp
let browser: Browser
let lan: Desk
let phiet: Desk
let cases: PlantedCase[]

beforeAll(async () => {
  app = await startTestApp({ consoleDir: resolve(import.meta.dirname, '../../dist/console') })
  browser = await openBrowser()
  const clients = new Map(
    await Promise.all(
      ['mai', 'tuan', 'lan', 'admin', 'phiet', 'khoat'].map(
        async (name) => [name, await app.signInAs(name)] as const,
      ),
    ),
  )
  const as = (name: string) => {
    const client = clients.get(name)
    if (client === undefined) throw new Error(`${name} is not signed in`)
    return client
  }
  cases = await plantCases(app, as)
  const [own] = cases
  // One that waits: the others are decided.
  const asked = await as('phiet').request(`/api/tickets/${own?.code ?? ''}/disclosures`, {
    json: {
      recordingId: own?.recordingId,
      reason: 'Cần nghe lại vị trí cột đèn mà người dân nêu, vì phiếu ghi hai địa chỉ khác nhau. '.repeat(4),
      personIds: [as('phiet').personId],
      mode: 'play',
      hours: 24,
    },
  })
  expect(asked.status).toBe(201)
  const at = { url: app.url, dataDir: app.config.dataDir }
  lan = await openDesk(browser, { ...at, who: 'lan' })
  phiet = await openDesk(browser, { ...at, who: 'phiet' })
})
afterAll(async () => {
  await browser.close()
  await app.close()
})

describe.each(['light', 'dark'] as const)('R060: pages of a supervisor in the %s theme', (theme) => {
  it.each(SIZES)('have nothing serious at $name size', async ({ width, height }) => {
    const { page } = lan
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    for (const path of ['/disclosures', '/retention', '/recordings', '/board']) {
      await page.goto(`${app.url}${path}`)
      await settled(page)
      await page.getByRole('heading').first().waitFor()
      expect({ path, findings: await seriousFindings(page) }).toEqual({ path, findings: [] })
      expect({ path, sideways: await overflow(page) }).toEqual({ path, sideways: 0 })
    }
    await page.goto(`${app.url}/disclosures`)
    for (const group of ['Đang cho nghe', 'Đã xong']) {
      await page.getByLabel(group).check()
      await settled(page)
      expect({ group, findings: await seriousFindings(page) }).toEqual({ group, findings: [] })
      expect({ group, sideways: await overflow(page) }).toEqual({ group, sideways: 0 })
    }
    const unit = phiet.page
    await unit.setViewportSize({ width, height })
    await unit.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await unit.goto(`${app.url}/tickets/${cases[0]?.code ?? ''}`)
    await unit.getByRole('region', { name: 'Đề nghị nghe ghi âm' }).waitFor()
    expect(await seriousFindings(unit)).toEqual([])
    expect(await overflow(unit)).toBe(0)
  })
})

it('nothing went wrong in either page meanwhile', () => {
  // Without a PBX there is no telephone; everything else there is.
  const problems = [...lan.problems, ...phiet.problems]
  expect(problems.filter((problem) => problem !== '503 /api/phone')).toEqual([])
})
