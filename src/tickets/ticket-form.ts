import { type AgencyDirectory } from '../agencies/service.ts'
import { AppError } from '../platform/errors.ts'
import { plainText } from '../platform/plain-text.ts'
import { type TicketForm } from './contract.ts'

const TITLE_LENGTH = 100

/** NFC, nothing unseen (plain-text.ts), and only categories, fields and areas that exist. A field brings its category along. */
export function cleanForm(
  form: Partial<TicketForm>,
  current: TicketForm,
  directory: Pick<AgencyDirectory, 'category' | 'field' | 'area'>,
): Partial<TicketForm> {
  const cleaned = cleanDeep(form) as Partial<TicketForm>
  const { categoryId, fieldId, areaId } = cleaned
  if (typeof categoryId === 'string' && directory.category(categoryId) === undefined)
    throw new AppError('invalid', 'CATEGORY_UNKNOWN', 'no such category')
  if (typeof areaId === 'string' && directory.area(areaId) === undefined)
    throw new AppError('invalid', 'AREA_UNKNOWN', 'no such area')
  if (typeof fieldId === 'string') {
    const found = directory.field(fieldId)
    if (found === undefined) throw new AppError('invalid', 'FIELD_UNKNOWN', 'no such field')
    return { ...cleaned, categoryId: found.category.id }
  }
  // another category: a field of the old one no longer fits
  const field = current.fieldId === null ? undefined : directory.field(current.fieldId)
  if (
    categoryId !== undefined &&
    fieldId === undefined &&
    field !== undefined &&
    field.category.id !== categoryId
  )
    return { ...cleaned, fieldId: null }
  return cleaned
}

/**
 * A change that was made to an older copy, laid over the form as it is now: a field wins that only its writer touched. Throws
 * FIELD_CHANGED, with what stands there, where somebody else wrote the same one meanwhile: no word is lost unseen.
 */
export function rebased(
  change: Partial<TicketForm>,
  base: Partial<TicketForm>,
  now: TicketForm,
): Partial<TicketForm> {
  const mine = flat(change)
  const was = flat(base)
  const theirs = flat(now)
  // A field that nobody says the old value of counts as written over.
  const isRival = (name: string): boolean =>
    theirs[name] !== was[name] && theirs[name] !== mine[name] && mine[name] !== was[name]
  const rivals = Object.keys(mine).filter(isRival)
  if (rivals.length > 0)
    throw new AppError('conflict', 'FIELD_CHANGED', 'somebody wrote the same field meanwhile', {
      details: { current: Object.fromEntries(rivals.map((name) => [name, theirs[name]])) },
    })
  const { reporter } = change
  if (reporter === undefined) return change
  const kept = Object.keys(reporter).filter((name) => mine[`reporter.${name}`] === was[`reporter.${name}`])
  const untouched = Object.fromEntries(kept.map((name) => [name, theirs[`reporter.${name}`]]))
  return { ...change, reporter: { ...reporter, ...untouched } }
}

/** Fields by name, the reporter's as "reporter.name". */
function flat({ reporter, ...rest }: Partial<TicketForm>): Record<string, unknown> {
  const own = Object.entries(reporter ?? {}).map(([name, value]) => [`reporter.${name}`, value])
  return { ...rest, ...(Object.fromEntries(own) as Record<string, unknown>) }
}

/** Old and new value of every key that really changed. */
export function changesBetween(
  before: TicketForm,
  after: Partial<TicketForm>,
): Record<string, { from: unknown; to: unknown }> {
  const changes: Record<string, { from: unknown; to: unknown }> = {}
  for (const key of Object.keys(after) as (keyof TicketForm)[]) {
    const from = before[key]
    const to = after[key]
    if (to !== undefined && stable(from) !== stable(to)) changes[key] = { from, to }
  }
  return changes
}

/** First line of the content, cut at a word: the title of a ticket nobody gave one. */
export function titleFrom(content: string): string {
  const line = content.trim().split('\n')[0]?.trim() ?? ''
  if (line.length <= TITLE_LENGTH) return line
  const cut = line.slice(0, TITLE_LENGTH)
  const space = cut.lastIndexOf(' ')
  return `${cut.slice(0, space > 40 ? space : TITLE_LENGTH).trimEnd()}…`
}

function stable(value: unknown): string {
  return JSON.stringify(
    value,
    value !== null && typeof value === 'object' ? Object.keys(value).sort() : undefined,
  )
}

function cleanDeep(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value.normalize('NFC'))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cleanDeep(inner)]))
}
