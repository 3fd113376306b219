import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import { vi } from '../../src/console/i18n/vi.ts'
import { PeoplePage } from '../../src/console/people/people-page.tsx'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { aSnapshot, openDesk } from './support.ts'

const UNIT = {
  id: 'chieu-sang',
  name: 'Công ty Chiếu sáng',
  smsName: 'Chieu sang',
  type: 'provider',
  fields: [],
  dutyPhone: null,
  address: null,
  people: [
    {
      id: 'vu-thi-phiet',
      name: 'Vũ Thị Phiệt',
      position: 'Chuyên viên',
      role: 'officer',
      phone: '',
      to: '2026-03-31',
    },
    { id: 'ngo-van-tien', name: 'Ngô Văn Tiến', position: 'Chuyên viên', role: 'officer', phone: '' },
    { id: 'mai-thi-trinh', name: 'Mai Thị Trinh', position: 'Giám đốc', role: 'head', phone: '' },
  ],
}
const officer = (id: number, name: string, postId: string | null): Person => ({
  id,
  username: `nguoi${String(id)}`,
  name,
  role: 'officer',
  unitId: UNIT.id,
  ...(postId === null ? {} : { postId }),
  active: true,
  mustChangePassword: false,
})
/** Head by now in the directory; the list of accounts is of before. */
const PROMOTED = officer(13, 'Mai Thị Trinh', 'mai-thi-trinh')
const PEOPLE = [officer(11, 'Vũ Thị Phiệt', 'vu-thi-phiet'), officer(12, 'Bùi Văn Cũ', 'bui-van-cu')]

afterEach(() => {
  cleanup()
  now.value = 0
})

async function show(accounts: () => readonly Person[] = () => PEOPLE) {
  const opened = await openDesk({
    routes: {
      'GET /api/directory': () => ({ units: [UNIT], categories: [], areas: [] }),
      'GET /api/people': accounts,
      'PATCH /api/people/11': () => PEOPLE[0],
    },
  })
  now.value = Date.parse('2026-03-02T02:00:00Z')
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <PeoplePage />
    </ConsoleContext.Provider>,
  )
  await expect.poll(() => opened.desk.directory.value?.units.length).toBe(1)
  return opened
}
const sentBy = (asked: readonly { readonly request: string; readonly body: unknown }[]) =>
  asked.filter(({ request }) => request.startsWith('PATCH')).map(({ body }) => body)

describe('R083 (Đ17.9): which of the directory’s people an account is', () => {
  it('is shown with the last day of the post, and said where that is over', async () => {
    await show()
    const [first, second] = (await screen.findAllByRole('row')).slice(1)
    expect(first?.textContent).toMatch(/Theo Danh bạ: Vũ Thị Phiệt, Chuyên viên, đến hết ngày .*31\/03/)
    expect(second?.textContent).toContain(vi['people.postOver'])
  })

  it('R101: is not said to be over where that person has another role there, and roles are asked for with each change of the directory', async () => {
    let accounts: readonly Person[] = [PROMOTED]
    const { desk, live } = await show(() => accounts)
    const [row] = (await screen.findAllByRole('row')).slice(1)
    expect(row?.textContent).toContain('Theo Danh bạ: Mai Thị Trinh, Giám đốc')
    expect(row?.textContent).not.toContain(vi['people.postOver'])
    const role = () => screen.getByLabelText<HTMLSelectElement>('Vai trò của Mai Thị Trinh').value
    expect(role()).toBe('officer')
    accounts = [{ ...PROMOTED, role: 'head' }]
    live().accept()
    live().say(aSnapshot())
    live().say({ type: 'directory' })
    await expect.poll(role).toBe('head')
    expect(desk.changes.value.directory).toBeGreaterThan(0)
  })

  it('is chosen among those with that role in the unit, or nobody; untouched it stays', async () => {
    const { asked } = await show()
    const open = async (): Promise<HTMLSelectElement> => {
      fireEvent.click(await screen.findByRole('button', { name: 'Đổi đơn vị của Vũ Thị Phiệt' }))
      return within(await screen.findByRole('dialog')).getByLabelText<HTMLSelectElement>(vi['people.post'])
    }
    const send = () => fireEvent.click(screen.getByRole('button', { name: vi['people.unitDo'] }))
    const field = await open()
    expect(field.value).toBe('vu-thi-phiet')
    expect([...field.options].map(({ text }) => text)).toEqual([
      vi['people.postByName'],
      expect.stringMatching(/^Vũ Thị Phiệt, .*đến hết ngày/),
      'Ngô Văn Tiến, Chuyên viên',
      vi['people.postNobody'],
    ])
    send()
    await expect
      .poll(() => sentBy(asked))
      .toEqual([{ role: 'officer', unitId: UNIT.id, postId: 'vu-thi-phiet' }])
    for (const [value, body] of [
      ['ngo-van-tien', { postId: 'ngo-van-tien' }],
      ['', { postId: null }],
      ['*', {}],
    ] as const) {
      fireEvent.change(await open(), { target: { value } })
      send()
      await expect.poll(() => sentBy(asked).at(-1)).toEqual({ role: 'officer', unitId: UNIT.id, ...body })
    }
  })
})
