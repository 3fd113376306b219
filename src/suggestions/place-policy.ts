import { foldVietnamese } from '../platform/vietnamese-text.ts'

/** A street, market, bridge … as two people may write it differently. */
export interface PlaceName {
  /** Without marks, case and kind: "lach tray". */
  readonly key: string
  /** What it is, without marks: "cho", "cau"; empty for a street. */
  readonly kind: string
  /** As it was written: "Lạch Tray". */
  readonly shown: string
}

/** What a place text says, in parts that can be compared. */
export interface Place {
  readonly names: readonly PlaceName[]
  /** House numbers; of "45/12" the 12. */
  readonly numbers: readonly number[]
  /** Ngõ, ngách, hẻm, kiệt: which of them it is called differs from city to city. Of "45/12" the 45. */
  readonly alleys: readonly number[]
}

export interface PlaceLikeness {
  readonly shared: PlaceName | null
  /** Both name a place, and none is the other's. */
  readonly isElsewhere: boolean
  readonly number: 'same' | 'near' | 'far' | 'unknown'
  readonly alley: 'same' | 'other' | 'unknown'
}

export const NOWHERE: Place = { names: [], numbers: [], alleys: [] }

/** House numbers this close are seen from one another's door; so far apart is another stretch of the street. */
const NEAR = 20
const FAR = 60
const MOST_SYLLABLES = 5

interface Token {
  readonly shown: string
  readonly key: string
  readonly isCapital: boolean
}

/** What operators shorten, with or without its dot. */
const SHORT: Readonly<Record<string, string>> = {
  đ: 'đường',
  đg: 'đường',
  p: 'phường',
  ph: 'phường',
  q: 'quận',
  x: 'xã',
  tp: 'thành phố',
  ng: 'ngõ',
  ql: 'quốc lộ',
  tl: 'tỉnh lộ',
  kdc: 'khu dân cư',
  kđt: 'khu đô thị',
  kdt: 'khu đô thị',
  kcn: 'khu công nghiệp',
  cc: 'chung cư',
  tdp: 'tổ dân phố',
}
/** By the first syllable without marks, so that most tokens are no question at all. */
type Words = ReadonlyMap<string, readonly (readonly { readonly exact: string; readonly bare: string }[])[]>
const words = (...list: readonly string[]): Words => {
  const known = new Map<string, { exact: string; bare: string }[][]>()
  for (const word of list) {
    const syllables = word.split(' ').map((exact) => ({ exact, bare: foldVietnamese(exact) }))
    const first = syllables[0]?.bare ?? ''
    known.set(first, [...(known.get(first) ?? []), syllables])
  }
  return known
}

const ALLEYS = words('ngõ', 'ngách', 'hẻm', 'kiệt')
const STREETS = words('đường', 'phố', 'đại lộ')
const NUMBER = words('số')
/** Called by its kind: "chợ Sắt" and "cầu Sắt" are two places. */
const LANDMARKS = words(
  'chợ',
  'cầu',
  'trường tiểu học',
  'trường mầm non',
  'trường trung học cơ sở',
  'trường trung học phổ thông',
  'trường',
  'bệnh viện',
  'công viên',
  'hồ',
  'khu đô thị',
  'khu dân cư',
  'khu công nghiệp',
  'chung cư',
  'bến xe',
  'nhà văn hóa',
  'quốc lộ',
  'tỉnh lộ',
  'thôn',
  'khóm',
  'ấp',
  'tổ dân phố',
  'tổ',
)
/** The area has its own field in the form. */
const AREAS = words('phường', 'xã', 'đặc khu', 'thị trấn', 'quận', 'huyện', 'thành phố', 'tỉnh')
/** Between the parts of a place, where they are not part of a name. */
const BETWEEN = words(
  'đối diện',
  'ngã ba',
  'ngã tư',
  'ngã năm',
  'khu vực',
  'số nhà',
  'nhà số',
  'cạnh',
  'trước',
  'trên',
  'gần',
  'sau',
  'tại',
  'ở',
  'đoạn',
  'góc',
  'đầu',
  'cuối',
  'trong',
  'giao',
  'với',
  'và',
  'đến',
  'từ',
  'qua',
  'chỗ',
  'cổng',
  'cửa',
  'số',
  'nhà',
)

/** Reads the place field: "số 12 đ. Lạch Tray, P.Gia Viên" and "12 lach tray" say the same. */
export function readPlace(text: string): Place {
  const found = collector()
  for (const part of text.normalize('NFC').split(/[,;()\n–—]|\s-\s/u)) readPart(tokensOf(part), found)
  return found.place()
}

/** Places named in running text: after "đường", "chợ", "ngõ 45" …, or after a house number, in capitals. */
export function placesInText(text: string): Place {
  const found = collector()
  for (const part of text.normalize('NFC').split(/[,;()\n–—.!?]\s|\s-\s/u)) {
    const tokens = tokensOf(part)
    for (let at = 0; at < tokens.length;) at += readMention(tokens, at, found)
  }
  return found.place()
}

export function joinPlaces(first: Place, second: Place): Place {
  const found = collector()
  for (const { names, numbers, alleys } of [first, second]) {
    for (const name of names) found.name(name)
    for (const number of numbers) found.number(number)
    for (const alley of alleys) found.alley(alley)
  }
  return found.place()
}

export function comparePlaces(here: Place, there: Place): PlaceLikeness {
  const shared = there.names.find((name) => here.names.some((other) => isSamePlace(name, other))) ?? null
  const gaps = here.numbers.flatMap((one) => there.numbers.map((other) => Math.abs(one - other)))
  const gap = gaps.length === 0 ? null : Math.min(...gaps)
  const haveAlleys = here.alleys.length > 0 && there.alleys.length > 0
  return {
    shared,
    isElsewhere: shared === null && here.names.length > 0 && there.names.length > 0,
    number:
      gap === null ? 'unknown' : gap === 0 ? 'same' : gap <= NEAR ? 'near' : gap > FAR ? 'far' : 'unknown',
    alley: !haveAlleys ? 'unknown' : here.alleys.some((one) => there.alleys.includes(one)) ? 'same' : 'other',
  }
}

/** By what a name is found in texts; "Rào" alone would be found anywhere. */
export function phraseOf({ key, kind }: PlaceName): string {
  return key.includes(' ') || kind === '' ? key : `${kind} ${key}`
}

/** "Trường Minh Khai" is "trường tiểu học Minh Khai", "Cố Đạo" is "chợ Cố Đạo", and "cầu Sắt" is not "chợ Sắt". */
function isSamePlace(one: PlaceName, other: PlaceName): boolean {
  const [kind, otherKind] = [one.kind, other.kind].map((words) => words.split(' ')[0] ?? '')
  const isOneKind = kind === otherKind || (one.key.includes(' ') && (kind === '' || otherKind === ''))
  return isOneKind && (isWithin(one.key, other.key) || isWithin(other.key, one.key))
}

function isWithin(part: string, whole: string): boolean {
  return ` ${whole} `.includes(` ${part} `)
}

function collector() {
  const names: PlaceName[] = []
  const numbers: number[] = []
  const alleys: number[] = []
  return {
    name: (name: PlaceName): void => {
      if (!names.some(({ key, kind }) => key === name.key && kind === name.kind)) names.push(name)
    },
    number: (number: number): void => {
      if (!numbers.includes(number)) numbers.push(number)
    },
    alley: (alley: number): void => {
      if (!alleys.includes(alley)) alleys.push(alley)
    },
    place: (): Place => ({ names, numbers, alleys }),
  }
}
type Collector = ReturnType<typeof collector>

function tokensOf(text: string): Token[] {
  const found = text.match(/\p{L}[\p{L}\p{M}]*\.?|\p{N}+(?:\/\p{N}+)*\p{L}?(?!\p{L})|\p{N}+/gu) ?? []
  // Folded at one go: folding word by word took most of the time.
  const keys = foldVietnamese(found.join(' ')).split(' ')
  return found.flatMap((word, at) => {
    const bare = word.replace(/\.$/, '')
    const long = SHORT[bare.toLowerCase()]
    // A letter alone is an abbreviation with its dot, or before a name or a number.
    const next = found[at + 1] ?? ''
    const isShort = long !== undefined && (word !== bare || /^[\p{Lu}\p{N}]/u.test(next))
    if (isShort)
      return long.split(' ').map((shown) => ({ shown, key: foldVietnamese(shown), isCapital: false }))
    return [{ shown: bare, key: (keys[at] ?? '').replace(/\.$/, ''), isCapital: /^\p{Lu}/u.test(bare) }]
  })
}

/** How many tokens at `at` are one of these words, written with its marks or with none; 0 where none is. */
function wordAt(tokens: readonly Token[], at: number, list: Words): number {
  const candidates = list.get(tokens[at]?.key ?? '') ?? []
  const found = candidates.find((syllables) =>
    syllables.every(({ exact, bare }, offset) => {
      const token = tokens[at + offset]
      if (token?.key !== bare) return false
      const written = token.shown.toLowerCase()
      return written === exact || written === bare
    }),
  )
  return found?.length ?? 0
}

/** A number at `at`: into the collection, and how many tokens it was. */
function readNumber(tokens: readonly Token[], at: number, found: Collector): number {
  const alley = wordAt(tokens, at, ALLEYS)
  const parts = numberParts(tokens[at + alley])
  if (parts === null) return 0
  const [first, ...rest] = parts
  const last = rest.at(-1)
  if (alley > 0 || last !== undefined) found.alley(first)
  else found.number(first)
  if (last !== undefined) found.number(last)
  return alley + 1
}

function numberParts(token: Token | undefined): [number, ...number[]] | null {
  const parts = (token?.key.match(/\d+/g) ?? []).map(Number)
  const [first, ...rest] = parts
  return first === undefined ? null : [first, ...rest]
}

/** One part between commas. */
function readPart(tokens: readonly Token[], found: Collector): void {
  let kind: readonly Token[] = []
  let name: Token[] = []
  const close = (): void => {
    addName(kind, name, found)
    kind = []
    name = []
  }
  for (let at = 0; at < tokens.length;) {
    const isFree = name.length === 0 || tokens[at]?.isCapital !== true
    const between = at === 0 || tokens[at]?.isCapital !== true ? wordAt(tokens, at, BETWEEN) : 0
    const street = isFree ? wordAt(tokens, at, STREETS) : 0
    const landmark = isFree ? wordAt(tokens, at, LANDMARKS) : 0
    const number = kind.length > 0 && name.length === 0 ? 0 : readNumber(tokens, at, found)
    if (isFree && wordAt(tokens, at, AREAS) > 0) break
    if (between + street + landmark + number > 0) close()
    if (landmark > 0) kind = tokens.slice(at, at + landmark)
    else if (between + street + number === 0) name.push(...tokens.slice(at, at + 1))
    at += Math.max(1, number, landmark, between, street)
  }
  close()
}

function addName(kind: readonly Token[], name: readonly Token[], found: Collector): void {
  const syllables = name.slice(0, MOST_SYLLABLES)
  // One syllable alone, "Rào", is no place; "cầu Rào" is.
  if (syllables.length === 0 || syllables.length + kind.length < 2) return
  found.name({
    key: syllables.map(({ key }) => key).join(' '),
    kind: kind.map(({ key }) => key).join(' '),
    shown: [...kind, ...syllables].map(({ shown }) => shown).join(' '),
  })
}

/** What is named at `at` in running text; how many tokens were read. */
function readMention(tokens: readonly Token[], at: number, found: Collector): number {
  const number = readNumber(tokens, at, whereNumbersGo(tokens, at, found))
  const street = wordAt(tokens, at + number, STREETS)
  const landmark = street > 0 ? 0 : wordAt(tokens, at + number, LANDMARKS)
  if (number + street + landmark === 0) return 1
  // "yêu cầu": no bridge.
  if (landmark > 0 && number === 0 && tokens[at - 1]?.key === 'yeu') return 1
  const from = at + number + street + landmark
  let to = from
  while (to - from < MOST_SYLLABLES && tokens[to]?.isCapital === true) to += 1
  addName(landmark > 0 ? tokens.slice(at + number, from) : [], tokens.slice(from, to), found)
  return Math.max(1, to - at)
}

const IGNORED: Collector = {
  name: () => undefined,
  number: () => undefined,
  alley: () => undefined,
  place: () => NOWHERE,
}

/** In running text a number is a house's only before a name: "ba cột", "12 Lạch Tray", "2 ngày". */
function whereNumbersGo(tokens: readonly Token[], at: number, found: Collector): Collector {
  const after = at + (wordAt(tokens, at, ALLEYS) > 0 ? 2 : 1)
  const isBeforeName =
    wordAt(tokens, after, STREETS) > 0 || tokens[after]?.isCapital === true || wordAt(tokens, at, ALLEYS) > 0
  const saysNumber = wordAt(tokens, at - 1, NUMBER) > 0
  return isBeforeName || saysNumber ? found : IGNORED
}
