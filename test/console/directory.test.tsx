import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import type { ChangeList, ChangeView, Unit, UnitEntry } from '../../src/agencies/contract.ts'
import { DirectoryPage, OfficersPage } from '../../src/console/directory/directory-page.tsx'
import { changeSentence, shiftWords } from '../../src/console/directory/words.ts'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { aSnapshot, openDesk } from './support.ts'

const AT = '2026-03-02T01:00:00.000Z'

function aUnit(changes: Partial<Unit> = {}): Unit {
  return {
    id: 'chieu-sang',
    name: 'Công ty Điện chiếu sáng',
    smsName: 'Cty Chieu sang',
    type: 'provider',
    fields: [],
    dutyPhone: '0225 000 0024',
    address: null,
    people: [
      {
        id: 'phiet',
        name: 'Lê Văn Phiệt',
        position: 'Cán bộ đầu mối',
        role: 'officer',
        phone: '0950 000 071',
      },
      { id: 'trinh', name: 'Mai Thị Tuyết Trinh', position: 'Giám đốc', role: 'head', phone: '0950 000 072' },
    ],
    ...changes,
  }
}

function anEntry(changes: Partial<UnitEntry> = {}): UnitEntry {
  return {
    unit: aUnit(),
    standing: 'inForce',
    successorName: null,
    onDuty: ['phiet', 'trinh'],
    warnings: [],
    mayChange: 'nothing',
    ...changes,
  }
}

function aChange(changes: Partial<ChangeView> = {}): ChangeView {
  return {
    id: 7,
    effectiveOn: '2026-03-09',
    why: 'QĐ 12',
    change: { kind: 'personEnded', unitId: 'chieu-sang', personId: 'phiet' },
    made: { at: AT, name: 'Mai Thị Tuyết Trinh' },
    state: 'upcoming',
    withdrawn: null,
    names: { unit: 'Công ty Điện chiếu sáng', person: 'Lê Văn Phiệt' },
    mayWithdraw: false,
    office: { needed: true, seen: null },
    ...changes,
  }
}

afterEach(() => {
  cleanup()
  now.value = 0
})

async function show(
  role: 'operator' | 'admin' | 'head' | 'cityOffice',
  units: UnitEntry[],
  { changes = [], unseen = 0, refuse }: { changes?: ChangeView[]; unseen?: number; refuse?: object } = {},
) {
  const posted: { readonly path: string; readonly body: unknown }[] = []
  const answer = (body: unknown, path: string): unknown => {
    posted.push({ path, body })
    return refuse === undefined ? aChange() : Response.json(refuse, { status: 422 })
  }
  const opened = await openDesk({
    role,
    routes: {
      'GET /api/directory/units': () => ({ today: '2026-03-02', units, calendars: ['truc-24-7'] }),
      'GET /api/directory/changes': (): ChangeList => ({ items: changes, unseen }),
      'POST /api/directory/changes': answer,
      'POST /api/directory/changes/7/withdraw': answer,
      'POST /api/directory/changes/7/note': answer,
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot())
  now.value = Date.parse(AT)
  render(
    <ConsoleContext.Provider value={opened.desk}>
      {role === 'head' ? <OfficersPage /> : <DirectoryPage />}
    </ConsoleContext.Provider>,
  )
  await screen.findAllByText(/Công ty Điện chiếu sáng|Không có đơn vị/)
  return { ...opened, posted }
}
const type = (label: string | RegExp, value: string): void => {
  fireEvent.input(screen.getByLabelText(label), { target: { value } })
}
const press = (name: string | RegExp): void => {
  fireEvent.click(screen.getByRole('button', { name, hidden: true }))
}

describe('R096: the directory', () => {
  it('is searched by unit and by person, without marks; ended units are shown when asked for', async () => {
    const over = anEntry({
      unit: aUnit({
        id: 'q',
        name: 'UBND quận Lê Chân',
        validTo: '2025-06-30',
        people: [],
        type: 'district',
      }),
      standing: 'over',
      successorName: 'UBND phường Lê Chân',
    })
    const other = anEntry({
      unit: aUnit({ id: 'thue', name: 'Thuế thành phố', people: [] }),
      warnings: ['noOfficer'],
    })
    await show('operator', [anEntry(), over, other])
    expect(screen.queryByText('UBND quận Lê Chân')).toBeNull()
    expect(screen.getByText('Chưa có cán bộ đầu mối')).toBeTruthy()
    type('Tìm đơn vị hoặc người', 'van phiet')
    expect(screen.queryByText('Thuế thành phố')).toBeNull()
    expect(screen.getByText('Lê Văn Phiệt')).toBeTruthy()
    type('Tìm đơn vị hoặc người', 'quan le chan')
    expect(screen.getByText('Không có đơn vị nào như vậy.')).toBeTruthy()
    fireEvent.click(screen.getByLabelText('Cả đơn vị đã kết thúc'))
    expect(screen.getByText('kết thúc T2 30/06/2025, nay là UBND phường Lê Chân')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /Thêm|Sửa|Thay/, hidden: true })).toBeNull()
  })

  it('R139: says whose turn it is by their rota', async () => {
    const shifts = [{ weekdays: [1, 2], hours: '07:00-19:00' }]
    const [officer, head] = aUnit().people
    if (officer === undefined || head === undefined) throw new Error('no people')
    const night = {
      ...officer,
      id: 'dem',
      name: 'Vũ Văn Đêm',
      shifts: [{ weekdays: [6], hours: '19:00-07:00' }],
    }
    const unit = aUnit({ people: [{ ...officer, shifts }, night, head] })
    await show('operator', [anEntry({ unit, onDuty: ['phiet', 'trinh'] })])
    expect(screen.getAllByText('Đang trực')).toHaveLength(1)
    expect(screen.getByText('T2 T3 07:00-19:00')).toBeTruthy()
    expect(shiftWords(head)).toBe('Mọi lúc')
  })
})

describe('R101: a head’s page', () => {
  it('replaces an officer from a day, and says that the City Office is told', async () => {
    const { posted } = await show('head', [anEntry({ mayChange: 'officers' })])
    expect(screen.getByText(/được báo ngay đến Văn phòng/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Thay Mai Thị Tuyết Trinh' })).toBeNull()
    press('Thay Lê Văn Phiệt')
    expect(screen.queryByRole('group', { name: 'Vai trò', hidden: true })).toBeNull()
    type(/^Họ và tên/, 'Vũ Thị Nhàn')
    type(/^Số điện thoại/, '0950 000 901')
    type(/^Từ ngày/, '2026-03-09')
    expect(screen.getByRole('button', { name: 'Thêm người', hidden: true })).toHaveProperty('disabled', true)
    type(/^Căn cứ, lý do/, 'QĐ 12')
    press('Thêm người')
    await screen.findByRole('button', { name: 'Thay Lê Văn Phiệt' })
    expect(posted).toEqual([
      {
        path: '/api/directory/changes',
        body: {
          effectiveOn: '2026-03-09',
          why: 'QĐ 12',
          change: {
            kind: 'personAdded',
            unitId: 'chieu-sang',
            replaces: 'phiet',
            person: {
              name: 'Vũ Thị Nhàn',
              position: 'Cán bộ đầu mối',
              role: 'officer',
              phone: '0950 000 901',
              mustPress: true,
              shifts: null,
            },
          },
        },
      },
    ])
  })

  it('keeps what was typed when it is refused, and says why in words', async () => {
    await show('head', [anEntry({ mayChange: 'officers' })], {
      refuse: { code: 'PHONE_OWN', message: 'x', subject: '1022' },
    })
    press('Lê Văn Phiệt thôi nhiệm vụ')
    expect(screen.getByText(/không còn cán bộ đầu mối nào/)).toBeTruthy()
    type(/^Căn cứ, lý do/, 'QĐ 12')
    fireEvent.click(
      within(screen.getByRole('dialog', { hidden: true })).getByRole('button', {
        name: 'Thôi nhiệm vụ',
        hidden: true,
      }),
    )
    expect((await screen.findByRole('alert', { hidden: true })).textContent).toBe(
      'Đây là số của chính tổng đài. Hãy ghi số của đơn vị.',
    )
    expect(screen.getByLabelText(/^Căn cứ, lý do/)).toHaveProperty('value', 'QĐ 12')
  })
})

describe('R101: an officer who becomes head (Đ17.9)', () => {
  it('takes the place of whoever is head in one step, unless nobody’s is chosen; the sentence says so', async () => {
    const { posted } = await show('cityOffice', [anEntry({ mayChange: 'people' })])
    press('Sửa thông tin của Lê Văn Phiệt')
    expect(screen.queryByLabelText(/^Thay cho/)).toBeNull()
    fireEvent.click(screen.getByRole('radio', { name: 'Thủ trưởng', hidden: true }))
    expect(screen.getByLabelText<HTMLSelectElement>(/^Thay cho/).value).toBe('trinh')
    type(/^Căn cứ, lý do/, 'QĐ 12')
    const save = () => {
      press('Ghi thay đổi')
    }
    fireEvent.change(screen.getByLabelText(/^Thay cho/), { target: { value: '' } })
    save()
    await expect.poll(() => posted.length).toBe(1)
    press('Sửa thông tin của Lê Văn Phiệt')
    fireEvent.click(screen.getByRole('radio', { name: 'Thủ trưởng', hidden: true }))
    type(/^Căn cứ, lý do/, 'QĐ 12')
    save()
    await expect.poll(() => posted.length).toBe(2)
    const change = {
      kind: 'personChanged',
      unitId: 'chieu-sang',
      personId: 'phiet',
      person: { role: 'head' },
    }
    expect(posted.map(({ body }) => body)).toMatchObject([
      { change },
      { change: { ...change, replaces: 'trinh' } },
    ])
    expect(posted[0]?.body).not.toHaveProperty('change.replaces')
    const names = { unit: 'Công ty Chiếu sáng', person: 'Lê Văn Phiệt', replaced: 'Mai Thị Trinh' }
    const said = (more: object, named: Record<string, string> = names) =>
      changeSentence(aChange({ change: { ...change, ...more } as ChangeView['change'], names: named }))
    expect([said({}), said({}, { unit: 'A', person: 'B' }), said({ person: { phone: '1022' } })]).toEqual([
      'Công ty Chiếu sáng: Lê Văn Phiệt thay Mai Thị Trinh làm Thủ trưởng',
      'A: B làm Thủ trưởng',
      'Công ty Chiếu sáng: sửa thông tin của Lê Văn Phiệt',
    ])
  })
})

describe('the history', () => {
  it('lets whoever may take back what is still to come, with a reason', async () => {
    const { posted } = await show('head', [anEntry({ mayChange: 'officers' })], {
      changes: [aChange({ mayWithdraw: true })],
    })
    const what = 'Công ty Điện chiếu sáng: Lê Văn Phiệt thôi nhiệm vụ'
    press(`Rút lại: ${what}`)
    type(/^Lý do rút/, 'Nhập nhầm')
    fireEvent.click(
      within(screen.getByRole('dialog', { hidden: true })).getByRole('button', {
        name: 'Rút lại',
        hidden: true,
      }),
    )
    await screen.findByText(what)
    expect(posted).toEqual([{ path: '/api/directory/changes/7/withdraw', body: { why: 'Nhập nhầm' } }])
  })

  it('R101: shows the City Office what it has not taken note of, to be noted with one button', async () => {
    const { posted } = await show('cityOffice', [anEntry({ mayChange: 'people' })], {
      changes: [aChange()],
      unseen: 1,
    })
    await screen.findByText('1 chưa ghi nhận')
    press(/^Ghi nhận: /)
    await screen.findByText('1 chưa ghi nhận')
    expect(posted.map(({ path }) => path)).toEqual(['/api/directory/changes/7/note'])
  })

  it('says every kind of change in a sentence', () => {
    const say = (change: ChangeView['change'], names: Record<string, string>) =>
      changeSentence(aChange({ change, names }))
    expect(say({ kind: 'unitClosed', unitId: 'a', successorId: 'b' }, { unit: 'A', successor: 'B' })).toBe(
      'A kết thúc, B kế thừa',
    )
    const withCases = { unit: 'A', successor: 'B', cases: '3' }
    expect(say({ kind: 'unitClosed', unitId: 'a', successorId: 'b' }, withCases)).toBe(
      'A kết thúc, B kế thừa và nhận 3 phiếu chưa trả lời hoặc đang phối hợp',
    )
    expect(say({ kind: 'unitClosed', unitId: 'a', successorId: null }, { unit: 'A' })).toBe(
      'A kết thúc, không có đơn vị kế thừa',
    )
    expect(
      say({ kind: 'unitChanged', unitId: 'a', unit: { name: 'B', dutyPhone: null } }, { unit: 'A' }),
    ).toBe('A: sửa tên, số trực ban')
    expect(
      say(
        { kind: 'routeSet', fieldId: 'f', areaId: 'x', unitIds: ['@area', 'b'] },
        { field: 'Điện', area: 'P. X', units: '@area, B' },
      ),
    ).toBe('Điện tại P. X: chuyển UBND của địa bàn, B')
    expect(
      say(
        { kind: 'routeSet', fieldId: 'f', areaId: 'x', unitIds: [] },
        { field: 'Điện', area: 'P. X', units: '' },
      ),
    ).toBe('Điện tại P. X: theo quy tắc của toàn thành phố')
    expect(say({ kind: 'areaSet', areaId: 'x', unitId: null }, { area: 'P. X', units: '' })).toBe(
      'P. X: chưa có đơn vị phụ trách',
    )
  })
})

describe('R012: an admin', () => {
  it('makes a unit, and is told while typing that a short name is too long or has marks', async () => {
    const { posted } = await show('admin', [anEntry({ mayChange: 'all' })])
    press('Thêm đơn vị')
    type(/^Tên đơn vị/, 'UBND phường Hải An')
    type(/^Tên ngắn cho SMS/, 'UBND P.Hải An')
    expect(screen.getByText(/dài 1 đến 20 ký tự và không dấu/)).toBeTruthy()
    type(/^Tên ngắn cho SMS/, 'UBND P.Hai An')
    type(/^Căn cứ, lý do/, 'NQ 1669')
    const dialog = screen.getByRole('dialog', { hidden: true })
    fireEvent.click(within(dialog).getByRole('button', { name: 'Thêm đơn vị', hidden: true }))
    await screen.findByText('Công ty Điện chiếu sáng')
    expect(posted).toMatchObject([
      {
        body: {
          effectiveOn: '2026-03-02',
          change: { kind: 'unitCreated', unitId: 'ubnd-phuong-hai-an', unit: { smsName: 'UBND P.Hai An' } },
        },
      },
    ])
  })

  it('closes a unit only after reading what becomes of its cases', async () => {
    await show('admin', [anEntry({ mayChange: 'all' })])
    press('Kết thúc hoạt động của Công ty Điện chiếu sáng')
    expect(screen.getByText(/Không có đơn vị kế thừa/)).toBeTruthy()
  })

  it('R012: ends no unit that still has cases without a successor, and says how many go over to it', async () => {
    await show('admin', [anEntry({ mayChange: 'all', openCases: 3 })])
    press('Kết thúc hoạt động của Công ty Điện chiếu sáng')
    expect(screen.getByText(/còn 3 phiếu chưa trả lời/)).toBeTruthy()
    expect(screen.queryByText(/Không có đơn vị kế thừa/)).toBeNull()
    const submit = screen.getByRole('button', { name: 'Kết thúc', hidden: true })
    fireEvent.input(screen.getByLabelText(/Căn cứ/), { target: { value: 'QĐ 12' } })
    expect(submit).toHaveProperty('disabled', true)
  })

  it('R023: sets whom a field goes to', async () => {
    await show('admin', [anEntry({ mayChange: 'all' })])
    press('Quy tắc chuyển')
    const dialog = screen.getByRole('dialog', { name: 'Quy tắc chuyển phiếu', hidden: true })
    expect(within(dialog).getByRole('button', { name: 'Ghi thay đổi', hidden: true })).toHaveProperty(
      'disabled',
      true,
    )
    expect(within(dialog).getByRole('combobox', { name: 'Lĩnh vực', hidden: true })).toBeTruthy()
  })
})
