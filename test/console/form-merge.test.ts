import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  changedParts,
  mergeForms,
  stillOpen,
  takeTheirs,
  titleFrom,
} from '../../src/console/state/form-merge.ts'
import type { TicketForm } from '../../src/tickets/contract.ts'
import { aForm } from './support.ts'

const words = fc.constantFrom('', 'đèn', 'ngập', 'rác')
const maybe = fc.constantFrom(null, 'a', 'b')
const anyForm: fc.Arbitrary<TicketForm> = fc.record({
  kind: fc.constantFrom(null, 'reflection', 'petition'),
  categoryId: maybe,
  fieldId: maybe,
  title: words,
  content: words,
  place: words,
  areaId: maybe,
  urgent: fc.boolean(),
  confidential: fc.boolean(),
  reporter: fc.record({
    type: fc.constantFrom('individual', 'organisation'),
    name: words,
    organisation: maybe,
    phone: maybe,
    email: maybe,
    address: maybe,
  }),
})

describe('merging two people’s words', () => {
  it('gives the other side’s form where I changed nothing', () => {
    fc.assert(
      fc.property(anyForm, anyForm, (base, theirs) => {
        expect(mergeForms(base, base, theirs)).toEqual({ form: theirs, conflicts: [] })
      }),
    )
  })

  it('keeps all of mine where the other side changed nothing', () => {
    fc.assert(
      fc.property(anyForm, anyForm, (base, mine) => {
        expect(mergeForms(base, mine, base)).toEqual({ form: mine, conflicts: [] })
      }),
    )
  })

  it('loses no word of either: each field is mine, theirs, or reported', () => {
    fc.assert(
      fc.property(anyForm, anyForm, anyForm, (base, mine, theirs) => {
        const { form, conflicts } = mergeForms(base, mine, theirs)
        for (const field of ['title', 'content', 'place', 'urgent', 'fieldId'] as const) {
          const reported = conflicts.find((conflict) => conflict.field === field)
          if (mine[field] !== base[field]) expect(form[field]).toBe(mine[field])
          else expect(form[field]).toBe(theirs[field])
          const lost = theirs[field] !== base[field] && form[field] !== theirs[field]
          expect(reported !== undefined).toBe(lost)
          if (reported !== undefined) expect(reported.theirs).toBe(theirs[field])
        }
      }),
    )
  })

  it('sends exactly what differs, and it turns the one into the other', () => {
    fc.assert(
      fc.property(anyForm, anyForm, (base, mine) => {
        const changed = changedParts(base, mine)
        expect({ ...base, ...changed }).toEqual(mine)
        expect(changedParts(mine, mine)).toEqual({})
      }),
    )
  })

  it('puts the other side’s value in when it is chosen, the reporter’s too', () => {
    const form = aForm({ content: 'của tôi' })
    expect(takeTheirs(form, { field: 'content', theirs: 'của họ' }).content).toBe('của họ')
    expect(takeTheirs(form, { field: 'reporter.name', theirs: 'Đại' }).reporter.name).toBe('Đại')
  })
})

describe('a conflict of title and content', () => {
  const base = aForm({ content: 'Đèn', title: 'Đèn' })
  const mine = aForm({ content: 'Đèn hỏng', title: 'Đèn hỏng' })
  const fieldsOpen = (theirs: TicketForm) => {
    const { form, conflicts } = mergeForms(base, mine, theirs)
    return stillOpen(theirs, form, conflicts).map(({ field }) => field)
  }

  it('is one where both titles come from the content, and two where theirs was written by hand', () => {
    expect(fieldsOpen(aForm({ content: 'Đèn tắt', title: 'Đèn tắt' }))).toEqual(['content'])
    expect(fieldsOpen(aForm({ content: 'Đèn tắt', title: 'Cột số 5' }))).toEqual(['title', 'content'])
  })
})

describe('the title that follows the content', () => {
  it('is the first sentence', () => {
    expect(titleFrom('  Đèn đường hỏng. Ba tối rồi.')).toBe('Đèn đường hỏng')
  })

  it('ends at a word and stays short', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('đường', 'ngập', 'rác', 'chiếu', 'sáng')), (parts) => {
        const title = titleFrom(parts.join(' '))
        expect(title.length).toBeLessThanOrEqual(80)
        expect(parts.join(' ').startsWith(title)).toBe(true)
        if (title !== '') expect(parts).toContain(title.split(' ').at(-1))
      }),
    )
  })
})
