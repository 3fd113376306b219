import type { Unit, UnitPerson } from '../agencies/contract.ts'
import type { AgencyDirectory } from '../agencies/service.ts'
import type { CallNumber } from '../calls/contract.ts'
import { AppError } from '../platform/errors.ts'
import { foldVietnamese } from '../platform/vietnamese-text.ts'
import type { TicketForm } from '../tickets/contract.ts'
import type { TransferTarget } from './contract.ts'

/** A number of the whole country, and what is its business. */
export interface EmergencyService {
  readonly number: string
  readonly name: string
  /** Fields of the categories (Đ5) that are its business once the matter is urgent. */
  readonly fields: readonly string[]
  readonly words: readonly string[]
  /** Phrases that hold one of the words and mean something else: "đèn bị cháy" is a lamp. */
  readonly except: readonly string[]
}

/** `config/<city>/emergency.json`. */
export interface Emergency {
  /** Unit that is rung when no other answers. */
  readonly lastResort: string
  readonly services: readonly EmergencyService[]
}

export interface TransferMatter {
  readonly form: Pick<TicketForm, 'fieldId' | 'areaId' | 'urgent' | 'title' | 'content'>
  readonly directory: Pick<AgencyDirectory, 'suggest' | 'unit' | 'successorOf' | 'isOnDuty'>
  readonly emergency: Emergency
  /** Whose turn it is on a rota. */
  readonly now: Date
}

export interface DialRules {
  /** The caller's, null when hidden. */
  readonly citizenE164: string | null
  /** Digits of our own line, with the national 0. */
  readonly ownLine: string
  readonly areaCode: string
  /** As calls/phone-number.ts reads numbers. */
  readonly parseNumber: (raw: string, areaCode: string) => CallNumber
  readonly emergency: Pick<Emergency, 'services'>
}

const MOST_TARGETS = 8
const LABEL_LENGTH = 160

/**
 * Whom to ring for a matter (Đ9.1, Đ9.2), the likeliest first, no number twice: what is for 113, 114 or 115, then each usual
 * unit's duty line, the officers whose turn it is, its head and the other officers, then the unit of last resort. A long chain
 * keeps its last place for that unit.
 */
export function proposeTargets({ form, directory, emergency, now }: TransferMatter): TransferTarget[] {
  const targetsOf = (unit: Unit) => unitTargets(unit, (person) => directory.isOnDuty(person, now))
  const usual = directory.suggest(form).flatMap((id) => directory.unit(id) ?? [])
  const likely = withoutDoubles([
    ...servicesFor(form, emergency.services).map(serviceTarget),
    ...usual.flatMap(targetsOf),
  ])
  const lastResort = directory.successorOf(emergency.lastResort)
  const last = withoutDoubles(lastResort === undefined ? [] : targetsOf(lastResort))
  const first = last.some(({ number }) =>
    likely.some((target) => digitsOf(target.number) === digitsOf(number)),
  )
    ? likely
    : likely.slice(0, MOST_TARGETS - Math.min(1, last.length))
  return withoutDoubles([...first, ...last]).slice(0, MOST_TARGETS)
}

/**
 * Must whoever answers there press 1? What directory and emergency services say counts, whatever was asked for: only of a number
 * that stands in neither is `typed` believed.
 */
export function mustPressAt(
  number: string,
  typed: boolean,
  { units, emergency }: { readonly units: readonly Unit[]; readonly emergency: Emergency },
): boolean {
  const digits = digitsOf(number)
  const isThere = (other: string | null): boolean => other !== null && digitsOf(other) === digits
  if (emergency.services.some((service) => isThere(service.number))) return false
  for (const { dutyPhone, dutyMustPress = true, people } of units) {
    if (isThere(dutyPhone)) return dutyMustPress
    const person = people.find(({ phone }) => isThere(phone))
    if (person !== undefined) return person.mustPress ?? true
  }
  return typed
}

/**
 * What a number is and what to dial for it on the trunk. Throws TRANSFER_NUMBER_INVALID, TRANSFER_NUMBER_FOREIGN,
 * TRANSFER_NUMBER_PREMIUM, TRANSFER_NUMBER_OWN (it would ring ourselves) or TRANSFER_NUMBER_CALLER, and nothing else.
 */
export function checkTarget(
  raw: string,
  { citizenE164, ownLine, areaCode, parseNumber, emergency }: DialRules,
): { readonly number: CallNumber; readonly dial: string } {
  const number = parseNumber(raw, areaCode)
  const significant = significantDigits(number.raw)
  if (significant !== undefined && ownSpellings(ownLine, areaCode).includes(significant))
    throw refused(raw, 'TRANSFER_NUMBER_OWN', 'this is our own line')
  if (number.e164 !== null && number.e164 === citizenE164)
    throw refused(raw, 'TRANSFER_NUMBER_CALLER', "this is the caller's own number")
  if (number.kind === 'foreign') throw refused(raw, 'TRANSFER_NUMBER_FOREIGN', 'numbers abroad are not rung')
  // 1800 is allowed: the called side pays for it, and water, power and telecom providers answer there. 1900 costs by the minute.
  if (significant !== undefined && /^1900\d{4,6}$/.test(significant))
    throw refused(raw, 'TRANSFER_NUMBER_PREMIUM', 'a 1900 number is paid by the minute')
  const dial = number.e164?.replace(/^\+84/, '0')
  if (dial === undefined || !isDialable(number, dial, emergency))
    throw refused(raw, 'TRANSFER_NUMBER_INVALID', 'not a number that can be rung')
  return { number, dial }
}

function refused(subject: string, code: string, message: string): AppError {
  return new AppError('invalid', code, message, { subject })
}

/** Protection of children, search and rescue, police, fire brigade, ambulance. */
const PUBLIC_CODES: readonly string[] = ['111', '112', '113', '114', '115']

/** Of short codes only those, and what the city itself names for emergencies: others are services paid for, or ring nowhere. */
function isDialable({ kind }: CallNumber, dial: string, { services }: Pick<Emergency, 'services'>): boolean {
  if (kind === 'short')
    return PUBLIC_CODES.includes(dial) || services.some(({ number }) => digitsOf(number) === dial)
  return (kind === 'mobile' || kind === 'landline' || kind === 'service') && /^\d{3,15}$/.test(dial)
}

/** Without +84, 0084, 84 and the national 0; undefined for what is not a number. */
function significantDigits(raw: string): string | undefined {
  const compact = raw.replace(/[\s.()/-]/g, '')
  if (!/^\+?\d+$/.test(compact)) return undefined
  return compact.replace(/^(?:\+|00)?84/, '').replace(/^0+/, '')
}

/** Within the area the line is also reached without its area code: 02251022 is 1022. */
function ownSpellings(ownLine: string, areaCode: string): string[] {
  const national = ownLine.replace(/^0+/, '')
  return national.startsWith(areaCode) ? [national, national.slice(areaCode.length)] : [national]
}

function serviceTarget({ number, name }: EmergencyService): TransferTarget {
  return { number, unitId: null, label: name.slice(0, LABEL_LENGTH), ask: false }
}

function unitTargets(
  { id, name, dutyPhone, dutyMustPress = true, people }: Unit,
  isOnDuty: (person: UnitPerson) => boolean,
): TransferTarget[] {
  const target = (number: string, who: string, ask: boolean): TransferTarget => ({
    number,
    unitId: id,
    label: `${who} · ${name}`.slice(0, LABEL_LENGTH),
    ask,
  })
  const phones = (some: readonly UnitPerson[]): TransferTarget[] =>
    some.map((person) => target(person.phone, `${person.name}, ${person.position}`, person.mustPress ?? true))
  const officers = people.filter(({ role }) => role === 'officer')
  return [
    ...(dutyPhone === null ? [] : [target(dutyPhone, 'Trực ban', dutyMustPress)]),
    ...phones(officers.filter((officer) => isOnDuty(officer))),
    ...phones(people.filter(({ role }) => role === 'head')),
    ...phones(officers.filter((officer) => !isOnDuty(officer))),
  ]
}

function withoutDoubles(targets: readonly TransferTarget[]): TransferTarget[] {
  const seen = new Set<string>()
  return targets.filter(({ number }) => {
    const digits = digitsOf(number)
    if (digits === '' || seen.has(digits)) return false
    seen.add(digits)
    return true
  })
}

/** Equal for all spellings of one number: "0225 000 0001", "+84 225 000 0001". */
function digitsOf(number: string): string {
  return number.replace(/\D/g, '').replace(/^(?:00)?84(?=\d{8})/, '0')
}

/** Most reasons first; equal ones in the order of the file. */
function servicesFor(
  form: TransferMatter['form'],
  services: readonly EmergencyService[],
): readonly EmergencyService[] {
  const text = syllablesOf(`${form.title} . ${form.content}`)
  return services
    .map((service) => ({ service, reasons: reasonsFor(service, form, text) }))
    .filter(({ reasons }) => reasons > 0)
    .sort((one, other) => other.reasons - one.reasons)
    .map(({ service }) => service)
}

/** A field alone is a reason only where it is urgent: most matters of "An ninh trật tự" are no case for 113. */
function reasonsFor(
  { fields, words, except }: EmergencyService,
  { fieldId, urgent }: TransferMatter['form'],
  text: readonly Syllable[],
): number {
  const harmless = new Set(except.flatMap((phrase) => placesOf(syllablesOf(phrase), text).flat()))
  const spoken = words.filter((word) => {
    const syllables = syllablesOf(word)
    return placesOf(syllables, text).some(
      (places) =>
        !places.every((place) => harmless.has(place)) &&
        // "chay" may be cháy, chạy or chảy: one syllable without its marks says nothing, unless the matter is urgent
        (urgent || places.length > 1 || isMarked(text[places[0] ?? 0], syllables[0])),
    )
  })
  return spoken.length + (urgent && fieldId !== null && fields.includes(fieldId) ? 1 : 0)
}

/** Letters and marks apart, so that "hỏa" is "hoả". */
interface Syllable {
  readonly letters: string
  readonly marks: string
}

function syllablesOf(text: string): Syllable[] {
  return text
    .normalize('NFC')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => ({
      letters: foldVietnamese(word),
      marks: (
        word
          .normalize('NFD')
          .toLowerCase()
          .match(/\p{M}|đ/gu) ?? []
      )
        .sort()
        .join(''),
    }))
}

/** Where the phrase stands in the text, by the places of its syllables. What was typed without marks fits any. */
function placesOf(phrase: readonly Syllable[], text: readonly Syllable[]): number[][] {
  return text.flatMap((_, start) =>
    phrase.every(({ letters, marks }, offset) => {
      const typed = text[start + offset]
      return typed?.letters === letters && (typed.marks === marks || typed.marks === '')
    })
      ? [phrase.map((_syllable, offset) => start + offset)]
      : [],
  )
}

function isMarked(typed: Syllable | undefined, meant: Syllable | undefined): boolean {
  return typed?.marks === meant?.marks
}
