import { afterEach, describe, expect, it } from 'vitest'
import { followPreferences, language } from '../../src/console/state/preferences.ts'
import { memoryStorage } from './support.ts'

afterEach(() => {
  language.value = 'vi'
})

describe('the remembered language', () => {
  it('is spoken before the page is drawn', async () => {
    const storage = memoryStorage()
    storage.setItem('language', 'en')
    const root = document.createElement('html')
    await followPreferences(storage, root, async (next) => {
      await Promise.resolve()
      language.value = next
    })
    expect(root.lang).toBe('en')
  })

  it('stays remembered when its sentences cannot be had now', async () => {
    const storage = memoryStorage()
    storage.setItem('language', 'en')
    const root = document.createElement('html')
    await followPreferences(storage, root, () => Promise.reject(new TypeError('gone')))
    expect(root.lang).toBe('vi')
    expect(storage.getItem('language')).toBe('en')
  })

  it('is what was chosen last', async () => {
    const storage = memoryStorage()
    const root = document.createElement('html')
    await followPreferences(storage, root, () => Promise.resolve())
    language.value = 'en'
    expect([root.lang, storage.getItem('language')]).toEqual(['en', 'en'])
  })
})
