import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact'
import { useState } from 'preact/hooks'
import { afterEach, describe, expect, it } from 'vitest'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { RelayCard } from '../../src/console/queue/relay-card.tsx'
import { Checklist } from '../../src/console/tickets/checklist.tsx'
import type { MoveInput } from '../../src/console/tickets/move-fields.ts'
import { RefusalChoice } from '../../src/console/tickets/refusal-choice.tsx'
import type { Acceptance, Refusal } from '../../src/tickets/contract.ts'
import { aTicket, openDesk } from './support.ts'

afterEach(() => {
  cleanup()
})

const CONDITIONS: Acceptance[] = [
  { item: 'content', article: 'Đ7.2', state: 'missing', isNeeded: true },
  { item: 'email', article: 'Đ7.3', state: 'waived', isNeeded: false },
]

describe('R024: the checklist of Đ7', () => {
  it('says what is missing by which article, and leads to its field', () => {
    render(
      <>
        <textarea id="ticket-content" />
        <Checklist ticket={aTicket({ acceptance: CONDITIONS })} />
      </>,
    )
    const list = screen.getByTestId('checklist')
    expect(list.hasAttribute('open')).toBe(true)
    expect(list.textContent).toContain('còn thiếu 1')
    expect(list.textContent).toContain('miễn cho người gọi điện, có ghi lại (Đ7.3)')
    fireEvent.click(screen.getByRole('button', { name: 'Nội dung phản ánh' }))
    expect(document.activeElement?.id).toBe('ticket-content')
  })

  it('is closed when all is there, and gone when the case is on its way', () => {
    const all = CONDITIONS.map((one): Acceptance => ({ ...one, state: 'met' }))
    const { rerender } = render(<Checklist ticket={aTicket({ acceptance: all })} />)
    expect(screen.getByTestId('checklist').hasAttribute('open')).toBe(false)
    rerender(<Checklist ticket={aTicket({ acceptance: all, state: 'assigned' })} />)
    expect(screen.queryByTestId('checklist')).toBeNull()
  })
})

const REFUSALS: Refusal[] = [
  {
    code: 'complaint',
    article: 'Đ1.2a',
    name: 'Khiếu nại',
    reason: 'Là khiếu nại',
    redirect: 'Ban Tiếp công dân',
  },
  { code: 'crime', article: 'Đ1.2c', name: 'Tin tố giác', reason: 'Là tin tố giác', redirect: 'Công an 113' },
]

describe('R011 R041: the reasons for not accepting', () => {
  async function choose() {
    const { desk } = await openDesk({ routes: { 'GET /api/refusals': () => REFUSALS } })
    let values: Partial<Record<MoveInput, string>> = {}
    const Form = () => {
      const [shown, setShown] = useState(values)
      return (
        <>
          <RefusalChoice
            value={shown.reasonCode ?? ''}
            valueOf={(name) => values[name] ?? ''}
            onInput={(name, value) => {
              values = { ...values, [name]: value }
              setShown(values)
            }}
          />
        </>
      )
    }
    render(
      <ConsoleContext.Provider value={desk}>
        <Form />
      </ConsoleContext.Provider>,
    )
    await waitFor(() => screen.getByText('Khiếu nại'))
    return {
      values: () => values,
      write: (name: MoveInput, value: string) => {
        values = { ...values, [name]: value }
      },
    }
  }

  it('fill in what is said and where to turn, and change with another choice', async () => {
    const form = await choose()
    fireEvent.click(screen.getByText('Khiếu nại'))
    expect(form.values()).toEqual({
      reasonCode: 'complaint',
      reason: 'Là khiếu nại',
      redirect: 'Ban Tiếp công dân',
    })
    fireEvent.click(screen.getByText('Tin tố giác'))
    expect(form.values()).toMatchObject({ reasonCode: 'crime', redirect: 'Công an 113' })
  })

  it('leave words that somebody wrote', async () => {
    const form = await choose()
    form.write('reason', 'Đã có quyết định giải quyết lần hai')
    fireEvent.click(screen.getByText('Khiếu nại'))
    expect(form.values()).toMatchObject({
      reason: 'Đã có quyết định giải quyết lần hai',
      redirect: 'Ban Tiếp công dân',
    })
  })
})

describe('R052: answers that wait to be told', () => {
  it('stand in one list for everybody, the longest wait first, one click from the case', async () => {
    const row = (code: string, updatedAt: string) => ({
      ...aTicket({ code, updatedAt, unitName: 'Sở Xây dựng', state: 'agencyAnswered' }),
      title: code,
    })
    const { desk, asked } = await openDesk({
      routes: {
        'GET /api/tickets': () => ({
          items: [row('HP26-000002', '2026-03-02T00:50:00Z'), row('HP26-000001', '2026-03-02T00:10:00Z')],
          total: 2,
        }),
      },
    })
    const opened: string[] = []
    render(
      <ConsoleContext.Provider value={desk}>
        <RelayCard onOpen={(code) => opened.push(code)} />
      </ConsoleContext.Provider>,
    )
    await waitFor(() => screen.getByText('HP26-000001'))
    const buttons = screen.getAllByRole('button')
    expect(buttons.map(({ textContent }) => textContent)).toEqual(['HP26-000001', 'HP26-000002'])
    if (buttons[0] !== undefined) fireEvent.click(buttons[0])
    expect(opened).toEqual(['HP26-000001'])
    expect(asked.some(({ request }) => request === 'GET /api/tickets')).toBe(true)
  })
})
