import { foldVietnamese } from '../platform/vietnamese-text.ts'

interface NamedArea {
  readonly id: string
  /** "P. Gia Viên", "X. Vĩnh Bảo", "Đặc khu Cát Hải". */
  readonly name: string
}

/** Before the name, as people write it; without one of these "Lê Chân" is more likely the street. */
const KINDS = '(?:phuong|ph|p|xa|x|dac khu|dk|thi tran|tt|dao|huyen dao)'

/** Prepares the areas once; then finds the one that a text names with its kind. */
export function areaFinder(
  areas: readonly NamedArea[],
): (text: string) => { readonly areaId: string; readonly words: string[] } | null {
  const known = areas
    .map(({ id, name }) => {
      const bare = foldVietnamese(name).replace(/^(?:dac khu|[a-z]{1,2}\.)\s*/, '')
      return {
        id,
        name,
        length: bare.length,
        pattern: new RegExp(`(?<![a-z0-9])${KINDS}[. ]\\s*${bare}(?![a-z0-9])`),
      }
    })
    // "Nam Đồ Sơn" before "Đồ Sơn".
    .sort((a, b) => b.length - a.length)
  return (text) => {
    const folded = foldVietnamese(text)
    const found = known.find(({ pattern }) => pattern.test(folded))
    return found === undefined ? null : { areaId: found.id, words: [found.name] }
  }
}
