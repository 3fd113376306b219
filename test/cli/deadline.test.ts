import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type ChangeBody } from '../../src/agencies/contract.ts'
import { addDays, dayOf } from '../../src/agencies/effective-policy.ts'
import { UsageError } from '../../src/cli/command.ts'
import { run } from '../../src/cli/deadline.ts'
import { type Environment } from '../../src/cli/environment.ts'
import { runCommand } from '../support/command.ts'
import { ADMIN, createDesk } from '../support/desk.ts'

const ask = (line: string, environment: Environment = {}) =>
  runCommand(run, line.split(' '), { dataDir: '/nonexistent', environment })

describe('a due time on the command line', () => {
  it('is told with its reasons and its calendar', async () => {
    expect(await ask('--from 2026-03-06T16:45 --hours 8')).toEqual({
      code: 0,
      out: [
        'Hạn 2026-03-09 16:45',
        '08 giờ làm việc từ 16:45 T6 06/03 → 16:45 T2 09/03: 15 phút T6, 7 giờ 45 phút T2',
        'Lịch: Giờ hành chính thành phố Hải Phòng (config/haiphong/calendar.json)',
      ],
      err: [],
    })
    const { out } = await ask('--from 2026-03-06T16:45 --days 2', { LANG: 'en_GB.UTF-8' })
    expect(out.slice(0, 2)).toEqual([
      'Due 2026-03-10 17:00',
      '02 working days from 16:45 Fri 06/03 → 17:00 Tue 10/03: first day Fri not counted, day 1 Mon, day 2 Tue',
    ])
  })

  it('is one line of JSON with the city’s offset, in the same words whatever the machine’s language', async () => {
    const { code, out } = await ask('--from 2026-03-06T16:45 --hours 8 --json', { LANG: 'en_US.UTF-8' })
    expect(code).toBe(0)
    expect(out.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        due: '2026-03-09T16:45:00+07:00',
        explanation: '08 giờ làm việc từ 16:45 T6 06/03 → 16:45 T2 09/03: 15 phút T6, 7 giờ 45 phút T2',
      },
    ])
    const english = await ask('--from 2026-03-06T16:45 --hours 8 --json --en')
    expect(english.out[0]).toContain('08 working hours')
  })

  it('goes by the hours of the unit (A20)', async () => {
    const { out } = await ask('--from 2026-03-06T16:45 --hours 8 --unit cong-an')
    expect([out[0], out[2]]).toEqual([
      'Hạn 2026-03-07 00:45',
      'Lịch: Trực 24/7 (config/haiphong/calendars/truc-24-7.json)',
    ])
    expect((await ask('--from 2026-03-06T16:45 --hours 8 --unit thue')).out[0]).toBe('Hạn 2026-03-09 16:45')
  })

  it.each([
    ['0.25', '2026-03-06 17:00'],
    ['0,5', '2026-03-09 07:45'],
    ['1.1', '2026-03-09 08:21'],
  ])('takes %s hours', async (hours, due) => {
    expect((await ask(`--from 2026-03-06T16:45 --hours ${hours}`)).out[0]).toBe(`Hạn ${due}`)
  })

  it('is refused past the last confirmed year, and before the first, naming the calendar that is missing', async () => {
    const late = await ask('--from 2026-12-31T16:00 --hours 8 --json')
    expect(late).toEqual({
      code: 1,
      out: [],
      err: [
        'Chưa có lịch năm 2027: config/haiphong/calendar.json chỉ được xác nhận từ 2024 đến hết 2026. Hãy điền ngày nghỉ và ngày làm bù của năm 2027 vào tệp đó rồi sửa firstYear hoặc confirmedUntil.',
      ],
    })
    const early = await ask('--from 2023-06-01T08:00 --days 1 --unit cong-an --en')
    expect([early.code, early.err[0]]).toEqual([
      1,
      expect.stringContaining(
        'no calendar for 2023: config/haiphong/calendars/truc-24-7.json is confirmed from 2024 to 2035 only',
      ),
    ])
  })

  it.each<readonly [string, RegExp]>([
    ['--hours 8', /--from says when it begins/],
    ['--from 2026-02-30T08:00 --hours 8', /--from takes a day and time that exist.*not "2026-02-30T08:00"/],
    ['--from 2026-03-06T16:45Z --hours 8', /--from takes .* like 2026-03-06T16:45/],
    ['--from 06/03/2026 --hours 8', /--from takes/],
    ['--from 2026-03-06T16:45', /either --hours N or --days N/],
    ['--from 2026-03-06T16:45 --hours 8 --days 2', /either --hours N or --days N/],
    ...['-8', '0', '0.001', '8h', '1e3', '10001', '', 'Infinity', '0x8'].map(
      (hours) =>
        [
          `--from 2026-03-06T16:45 --hours=${hours}`,
          /--hours takes hours that come to whole minutes/,
        ] as const,
    ),
    ['--from 2026-03-06T16:45 --hours -8', /--hours.*--help/],
    ...['0', '-2', '1.5', '1001', 'two'].map(
      (days) =>
        [`--from 2026-03-06T16:45 --days=${days}`, /--days takes a whole number from 1 to 1000/] as const,
    ),
    [
      '--from 2026-03-06T16:45 --hours 8 --unit nobody',
      /no unit "nobody"; --unit takes one of van-phong, .*cong-an/,
    ],
    ['--from 2026-03-06T16:45 --hours 8 --year 2026', /--year.*--help/],
  ])('is not worked out of %s', async (line, message) => {
    const refused = ask(line, { LANG: 'en_GB.UTF-8' })
    await expect(refused).rejects.toThrow(UsageError)
    await expect(refused).rejects.toThrow(message)
  })

  it.each<readonly [string, string]>([
    ['--hours 8', 'Thiếu --from: ghi lúc bắt đầu'],
    ['--from 2026-02-30T08:00 --hours 8', '--from phải là ngày, giờ có thật'],
    ['--from 2026-03-06T16:45', 'một trong hai'],
    ['--from 2026-03-06T16:45 --hours 8h', '--hours phải là số giờ tròn phút, nhiều nhất 10000'],
    ['--from 2026-03-06T16:45 --days 1.5', '--days phải là số nguyên từ 1 đến 1000'],
    [
      '--from 2026-03-06T16:45 --hours 8 --unit nobody',
      'Không có đơn vị "nobody"; --unit nhận một trong: van-phong',
    ],
    ...(
      [
        ['--year 2026', 'không có tùy chọn --year'],
        ['-x', 'không có tùy chọn -x'],
        ['--unit', 'sau --unit phải có một giá trị'],
        ['--unit --vi', 'sau --unit phải có một giá trị'],
        ['--vi=1', '--vi không nhận giá trị'],
        ['--hours 9', '--hours được ghi nhiều lần'],
        ['gap', 'chỉ nhận tùy chọn, không nhận "gap"'],
      ] as const
    ).map(
      ([more, why]) =>
        [
          `--from 2026-03-06T16:45 --hours 8 ${more}`,
          `Lệnh không nhận các tùy chọn như đã ghi: ${why}`,
        ] as const,
    ),
  ])(
    'says in Vietnamese, for people and with --json, what is wrong with %s and what to write',
    async (line, words) => {
      await expect(ask(line)).rejects.toThrow(words)
      await expect(ask(`${line} --json`, { LANG: 'en_US.UTF-8' })).rejects.toThrow(words)
    },
  )

  it('goes by what an admin saved, where there is a database of that city', async () => {
    const desk = createDesk({ path: ':memory:' })
    const path = join(desk.folder, 'tongdai.sqlite')
    await desk.close()
    mkdirSync(desk.folder)
    const saved = createDesk({ path })
    const { table } = saved.calendarBook.version('city', 1)
    const asked = (line: string, environment: Environment = {}) =>
      runCommand(run, line.split(' '), { dataDir: desk.folder, environment })
    // Only imported so far: the file is what holds, and is named.
    expect((await asked('--from 2026-03-06T16:45 --hours 8')).out[2]).toContain('calendar.json')
    const exceptions = [...table.exceptions, { date: '2026-03-09', off: true, why: 'Nghỉ bù' }]
    saved.calendarBook.save('city', { base: 1, table: { ...table, exceptions }, reason: 'x' }, ADMIN)
    await saved.close()
    expect((await asked('--from 2026-03-06T16:45 --hours 8')).out).toEqual([
      'Hạn 2026-03-10 16:45',
      '08 giờ làm việc từ 16:45 T6 06/03 → 16:45 T3 10/03: 15 phút T6, 7 giờ 45 phút T3; nghỉ 09/03: Nghỉ bù',
      'Lịch: Giờ hành chính thành phố Hải Phòng (phiên bản 2 trên trang Lịch làm việc)',
    ])
    const { out } = await asked('--from 2026-03-06T16:45 --hours 8 --json')
    expect(Object.keys(JSON.parse(out[0] ?? '') as object)).toEqual(['due', 'explanation'])
    expect((await asked('--from 2026-12-31T16:00 --hours 8')).err[0]).toMatch(
      /^Chưa có lịch năm 2027: “Giờ hành chính thành phố Hải Phòng” \(phiên bản 2/,
    )
    const refused = asked('--from 2026-03-06T16:45 --hours 8 --year 2026').catch((cause: unknown) => cause)
    expect(String(await refused)).not.toMatch(/Unknown|argument|given/)
    // The database is Hải Phòng's.
    const elsewhere = await asked('--from 2026-03-06T16:45 --hours 8', { CITY: 'dongthap' })
    expect(elsewhere.out[0]).toContain('2026-03-09')
    rmSync(desk.folder, { recursive: true, force: true })
  })

  it('R012: goes by the units of the directory as it is today, where there is a database of that city', async () => {
    const folder = join(tmpdir(), `tongdai-deadline-${randomUUID()}`)
    mkdirSync(folder)
    const desk = createDesk({ path: join(folder, 'tongdai.sqlite'), at: new Date().toISOString() })
    const today = dayOf(desk.now())
    const change = (body: ChangeBody, effectiveOn = today) =>
      desk.editor.propose({ change: body, effectiveOn, why: 'QĐ 12/QĐ-UBND' }, ADMIN)
    const night = (unitId: string): ChangeBody => ({
      kind: 'unitChanged',
      unitId,
      unit: { calendar: 'truc-24-7' },
    })
    change(night('thoat-nuoc'))
    change(night('chieu-sang'), addDays(today, 30))
    const { id } = change(night('thue'), addDays(today, 30))
    desk.editor.withdraw(id, 'Hoãn', ADMIN)
    change({
      kind: 'unitCreated',
      unitId: 'doi-trat-tu',
      unit: {
        name: 'Đội Trật tự đô thị',
        smsName: 'Doi Trat tu',
        type: 'provider',
        fields: [],
        dutyPhone: null,
        dutyMustPress: false,
        address: null,
        calendar: 'truc-24-7',
      },
    })
    await desk.close()
    const due = async (unitId: string, environment: Environment = {}) => {
      const line = `--from 2026-03-06T16:45 --hours 8 --unit ${unitId}`
      return (await runCommand(run, line.split(' '), { dataDir: folder, environment })).out[0]
    }
    const [atNight, byDay] = ['Hạn 2026-03-07 00:45', 'Hạn 2026-03-09 16:45']
    expect(await due('thoat-nuoc')).toBe(atNight)
    expect(await due('doi-trat-tu')).toBe(atNight)
    expect([await due('chieu-sang'), await due('thue')]).toEqual([byDay, byDay])
    await expect(due('doi-trat-tu', { CITY: 'dongthap' })).rejects.toThrow('Không có đơn vị "doi-trat-tu"')
    // Without a database the files alone.
    expect((await ask('--from 2026-03-06T16:45 --hours 8 --unit thoat-nuoc')).out[0]).toBe(byDay)
    rmSync(folder, { recursive: true, force: true })
  })

  it('is of the city that is asked for', async () => {
    await expect(ask('--from 2026-03-06T16:45 --hours 8', { CITY: 'khongco' })).rejects.toThrow(
      /cannot read .*config\/khongco\/city\.json/,
    )
  })

  it('tells what it takes', async () => {
    const { code, out } = await ask('--help')
    expect(code).toBe(0)
    expect(out.join('\n')).toMatch(/--from TIME[\s\S]*--hours N[\s\S]*--days N[\s\S]*--unit ID[\s\S]*--json/)
  })
})
