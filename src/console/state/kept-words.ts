/** Words of forms that are not sent yet, kept through a reload: a phone throws a tab away that is out of sight for a while. */
export interface KeptWords {
  readonly read: (name: string) => object | null
  /** null forgets them. */
  readonly write: (name: string, words: object | null) => void
  /** What others wrote in this tab is not for whoever sits here now. */
  readonly onlyMine: () => void
  /** At sign-out. */
  readonly forget: () => void
}

const PREFIX = 'words:'

/**
 * In the tab's own storage and by person: an answer names the people it is about (Đ12.2), and on a machine that several share it must
 * not outlive the tab. Storage of the machine would; a tab that the browser threw away, or loads again, keeps its own.
 */
export function createKeptWords(storage: Storage, personId: () => number | undefined): KeptWords {
  /** As they were written: the same words are the same object, and what a full storage would not take lives as long as the page. */
  const written = new Map<
    string,
    { readonly text: string; readonly words: object; readonly isKept: boolean }
  >()
  const mine = (): string => `${PREFIX}${String(personId() ?? 0)}:`
  const drop = (isDropped: (key: string) => boolean): void => {
    const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '')
    for (const key of keys) if (key.startsWith(PREFIX) && isDropped(key)) storage.removeItem(key)
    for (const key of written.keys()) if (isDropped(key)) written.delete(key)
  }
  const store = (key: string, text: string): boolean => {
    try {
      storage.setItem(key, text)
      return true
    } catch {
      return false
    }
  }
  return {
    read(name) {
      const key = mine() + name
      const known = written.get(key)
      const text = storage.getItem(key)
      if (known !== undefined && (!known.isKept || known.text === text)) return known.words
      if (text === null) return null
      try {
        const words = JSON.parse(text) as object
        written.set(key, { text, words, isKept: true })
        return words
      } catch {
        return null // written by another version of the page
      }
    },
    write(name, words) {
      const key = mine() + name
      written.delete(key)
      // Before the new ones: older words must not come back in place of those that found no room.
      storage.removeItem(key)
      if (words === null) return
      const text = JSON.stringify(words)
      written.set(key, { text, words, isKept: store(key, text) })
    },
    onlyMine: () => {
      drop((key) => !key.startsWith(mine()))
    },
    forget: () => {
      drop(() => true)
    },
  }
}
