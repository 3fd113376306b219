import axe from 'axe-core'
import type { Page } from 'playwright-core'

export const SIZES = [
  { name: 'desk', width: 1440, height: 900 },
  { name: 'laptop', width: 1280, height: 720 },
  { name: 'phone', width: 360, height: 800 },
] as const

interface Finding {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string }[]
}

/** The page's own data is there: its heading, and no skeleton rows. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main').first().waitFor()
  await page.locator('.skeleton').first().waitFor({ state: 'detached' })
}

export async function seriousFindings(page: Page): Promise<{ id: string; where: string[] }[]> {
  // Evaluated over the debugger, which the content security policy of the page does not concern.
  await page.evaluate(axe.source)
  const findings = await page.evaluate<Finding[]>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) =>
      violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => ({ html })) })))`,
  )
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html.slice(0, 120)) }))
}

/** Pixels by which the page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate<number>(
    'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)',
  )
}
