import { act, cleanup, render, screen } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import { Banner } from '../../src/console/ui/banner.tsx'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { en } from '../../src/console/i18n/en.ts'
import { vi } from '../../src/console/i18n/vi.ts'
import type { Links } from '../../src/live/contract.ts'
import { FOLDER_PROBLEMS } from '../../src/recordings/contract.ts'
import { aSnapshot, openDesk } from './support.ts'

afterEach(cleanup)

const WELL: Links = { ami: true, ari: true, disk: 'ok', recordings: null }

describe('the banner', () => {
  it.each(FOLDER_PROBLEMS)('says why recordings are not filed (%s), until they are', async (recordings) => {
    const { desk, live } = await openDesk({})
    live().accept()
    live().say(aSnapshot({ links: { ...WELL, disk: 'low', recordings } }))
    render(
      <ConsoleContext.Provider value={desk}>
        <Banner />
      </ConsoleContext.Provider>,
    )
    const said = (): string => screen.getByTestId('connection-banner').textContent.trim()
    expect([vi, en].map((words) => words[`banner.recordings.${recordings}`])).toContain(said())
    await act(() => {
      live().say({ type: 'links', links: WELL })
    })
    expect(said()).toBe('')
  })
})
