import { type Acceptance, type TicketForm } from './contract.ts'

/** The conditions of Đ7, one by one, as they stand in a case (R024, R036-R038). `canBeReached`: also by the number that called. */
export function acceptanceOf(
  form: Pick<TicketForm, 'kind' | 'fieldId' | 'content' | 'reporter' | 'confidential'>,
  { isCall, canBeReached }: { readonly isCall: boolean; readonly canBeReached: boolean },
): Acceptance[] {
  const { reporter } = form
  const has = (...texts: readonly (string | null)[]): 'met' | 'missing' =>
    texts.some((text) => (text ?? '').trim() !== '') ? 'met' : 'missing'
  const email = has(reporter.email)
  return [
    // Who takes the call is who hears it: what is in another language is refused (R036).
    { item: 'language', article: 'Đ7.1', state: 'judged', isNeeded: true },
    { item: 'content', article: 'Đ7.2', state: has(form.content), isNeeded: true },
    { item: 'field', article: 'Đ7.2', state: has(form.fieldId), isNeeded: false },
    { item: 'name', article: 'Đ7.3', state: has(reporter.name, reporter.organisation), isNeeded: true },
    { item: 'phone', article: 'Đ7.3', state: canBeReached ? 'met' : 'missing', isNeeded: true },
    { item: 'address', article: 'Đ7.3', state: has(reporter.address), isNeeded: false },
    // A14: whoever calls need not have one; that it was waived is written down with what was received.
    {
      item: 'email',
      article: 'Đ7.3',
      state: email === 'missing' && isCall ? 'waived' : email,
      isNeeded: false,
    },
    { item: 'confidential', article: 'Đ7.3', state: form.confidential ? 'met' : 'notAsked', isNeeded: false },
  ]
}
