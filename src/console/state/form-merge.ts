import type { Reporter, TicketForm } from '../../tickets/contract.ts'

/** One field both sides changed; the operator's own words stay in the form, the other's are offered. */
export interface FieldConflict {
  readonly field: FormField
  readonly theirs: string | boolean | null
}

type PlainField = Exclude<keyof TicketForm, 'reporter'>
/** A field of the form, the reporter's as `reporter.name`. */
export type FormField = PlainField | `reporter.${keyof Reporter}`

export const EMPTY_FORM: TicketForm = {
  kind: null,
  categoryId: null,
  fieldId: null,
  title: '',
  content: '',
  place: '',
  areaId: null,
  urgent: false,
  confidential: false,
  reporter: { type: 'individual', name: '', organisation: null, phone: null, email: null, address: null },
}

const PLAIN_FIELDS = [
  'kind',
  'categoryId',
  'fieldId',
  'title',
  'content',
  'place',
  'areaId',
  'urgent',
  'confidential',
] as const satisfies readonly PlainField[]
const REPORTER_FIELDS = [
  'type',
  'name',
  'organisation',
  'phone',
  'email',
  'address',
] as const satisfies readonly (keyof Reporter)[]

/**
 * Three-way merge: what only one side changed wins; where both did, mine stays and theirs is reported, so no word of
 * either is lost.
 */
export function mergeForms(
  base: TicketForm,
  mine: TicketForm,
  theirs: TicketForm,
): { readonly form: TicketForm; readonly conflicts: readonly FieldConflict[] } {
  const conflicts: FieldConflict[] = []
  const pick = <T extends string | boolean | null>(field: FormField, was: T, own: T, other: T): T => {
    if (own === was) return other
    if (other !== was && other !== own) conflicts.push({ field, theirs: other })
    return own
  }
  const form = structuredClone(mine) as Record<string, unknown>
  for (const field of PLAIN_FIELDS) form[field] = pick(field, base[field], mine[field], theirs[field])
  const reporter: Record<string, unknown> = {}
  for (const field of REPORTER_FIELDS) {
    reporter[field] = pick(
      `reporter.${field}`,
      base.reporter[field],
      mine.reporter[field],
      theirs.reporter[field],
    )
  }
  return { form: { ...form, reporter } as unknown as TicketForm, conflicts }
}

/** What must be sent to turn `base` into `form`; an empty object when nothing differs. */
export function changedParts(base: TicketForm, form: TicketForm): Partial<TicketForm> {
  const changed: Record<string, unknown> = {}
  for (const field of PLAIN_FIELDS) if (base[field] !== form[field]) changed[field] = form[field]
  if (REPORTER_FIELDS.some((field) => base.reporter[field] !== form.reporter[field])) {
    changed['reporter'] = form.reporter
  }
  return changed
}

/** What the changed parts held before. */
export function basesOf(base: TicketForm, changed: Partial<TicketForm>): Partial<TicketForm> {
  const was = Object.keys(changed).map((field) => [field, base[field as keyof TicketForm]])
  return Object.fromEntries(was) as Partial<TicketForm>
}

/** The form without mine where somebody has still to choose: `base` has there what the other side wrote. */
export function withoutConflicts(
  base: TicketForm,
  form: TicketForm,
  conflicts: readonly FieldConflict[],
): TicketForm {
  const isContentOpen = conflicts.some(({ field }) => field === 'content')
  // A title that follows the content goes with it.
  const follows = isContentOpen && form.title === titleFrom(form.content)
  const held = conflicts.reduce(
    (rest, { field }) => takeTheirs(rest, { field, theirs: valueAt(base, field) }),
    form,
  )
  return follows ? { ...held, title: base.title } : held
}

/** Those that are still open: nobody made the two the same by hand. */
export function stillOpen(
  base: TicketForm,
  form: TicketForm,
  conflicts: readonly FieldConflict[],
): readonly FieldConflict[] {
  const open = conflicts.filter(({ field }) => valueAt(form, field) !== valueAt(base, field))
  const isContentOpen = open.some(({ field }) => field === 'content')
  // Whoever chooses the content has chosen the title, where both titles come from it; one written by hand is a field like any.
  const follows = form.title === titleFrom(form.content) && base.title === titleFrom(base.content)
  return open.filter(({ field }) => field !== 'title' || !isContentOpen || !follows)
}

function valueAt(form: TicketForm, field: FormField): string | boolean | null {
  const [head, tail] = field.split('.')
  if (head === 'reporter') return form.reporter[tail as keyof Reporter]
  return form[field as PlainField]
}

/** Puts the other side's value of one field into the form. */
export function takeTheirs(form: TicketForm, conflict: FieldConflict): TicketForm {
  const [head, tail] = conflict.field.split('.')
  if (head === 'reporter' && tail !== undefined) {
    return { ...form, reporter: { ...form.reporter, [tail]: conflict.theirs } }
  }
  return { ...form, [conflict.field]: conflict.theirs }
}

/** First sentence of what was told, at most 80 characters at a word's end: the title until somebody writes one. */
export function titleFrom(content: string): string {
  const sentence = (/^[^.!?\n]*/.exec(content.trim())?.[0] ?? '').trim()
  if (sentence.length <= 80) return sentence
  const cut = sentence.slice(0, 80)
  return cut.slice(0, Math.max(cut.lastIndexOf(' '), 40)).trim()
}
