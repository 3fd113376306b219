import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDirectory } from '../src/agencies/directory-files.ts'
import { createDirectory } from '../src/agencies/service.ts'
import { parseNumber } from '../src/calls/phone-number.ts'
import { readConfig } from '../src/config.ts'
import { readCalendars } from '../src/deadlines/calendar.ts'
import { readTexts } from '../src/tickets/texts.ts'
import { readEmergency } from '../src/transfers/emergency-file.ts'

const ROOT = resolve(import.meta.dirname, '..')
const cities = readdirSync(join(ROOT, 'config')).filter((name) =>
  readdirSync(join(ROOT, 'config', name)).includes('city.json'),
)
const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.split('\\').join('/'))
    .sort()

describe('R140: one product, a folder of its own for each city', () => {
  it('has more than one', () => {
    expect(cities).toEqual(['dongthap', 'haiphong'])
  })

  it.each(cities)('%s is complete, and its parts agree with each other', async (city) => {
    const data = await mkdtemp(join(tmpdir(), 'city-'))
    try {
      const config = readConfig({ ...MINIMUM, CITY: city, DATA_DIR: data })
      expect(config.city.id).toBe(city)
      const directory = createDirectory(readDirectory(config.cityDir))
      expect(directory.unit(config.city.officeUnitId)?.people.length).toBeGreaterThan(1)
      expect(
        readEmergency(config.cityDir, directory)
          .services.map(({ number }) => number)
          .sort(),
      ).toEqual(['113', '114', '115'])
      expect(readCalendars(config.cityDir)[0]?.confirmedUntil).toBeGreaterThanOrEqual(2026)
      expect(readTexts(join(config.cityDir, 'texts.json')).hiddenNumber).not.toBe('')
      // its own line is a number of its own area
      expect(parseNumber(config.city.line, config.city.areaCode).raw).toBe(config.city.line)
      expect(config.city.line.startsWith(`0${config.city.areaCode}`)).toBe(true)
    } finally {
      await rm(data, { recursive: true, force: true })
    }
  })

  it('speaks every sentence in every city', () => {
    const [first = '', ...others] = cities
    for (const folder of ['prompts', 'voices'])
      for (const other of others)
        expect(files(join(ROOT, 'config', other, folder))).toEqual(files(join(ROOT, 'config', first, folder)))
  })

  it('gives each its own name, line, domain, codes, hours and greeting', () => {
    const read = (city: string, file: string): string =>
      readFileSync(join(ROOT, 'config', city, file), 'utf8')
    for (const file of [
      'city.json',
      'agencies.json',
      'areas.json',
      'prompts/greeting.txt',
      'prompts/notice-out.txt',
    ])
      expect(new Set(cities.map((city) => read(city, file))).size, file).toBe(cities.length)
    const city = (name: string) => JSON.parse(read(name, 'city.json')) as Record<string, unknown>
    for (const key of ['name', 'hotline', 'line', 'areaCode', 'domain', 'codePrefix', 'regulation'])
      expect(new Set(cities.map((name) => city(name)[key])).size, key).toBe(cities.length)
  })

  it('names no city in its code, but for the one that is taken when none is named', () => {
    const code = files(join(ROOT, 'src')).filter((name) => /\.tsx?$/.test(name))
    const named = code.filter((name) => {
      const text = readFileSync(join(ROOT, 'src', name), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      return /dongthap|Đồng Tháp|Hải Phòng/.test(text) || (/haiphong/.test(text) && !DEFAULTS.includes(name))
    })
    expect(named).toEqual([])
  })
})

/** Where a city has to be taken although none was named. */
const DEFAULTS = [
  'config.ts',
  'cli/citizen.ts',
  'cli/test.ts',
  'cli/start-plan.ts',
  'cli/environment.ts',
  'cli/deadline.ts',
]
const MINIMUM = {
  AMI_HOST: '127.0.0.1',
  AMI_PORT: '5038',
  AMI_USER: 'tongdai',
  AMI_SECRET: 'x',
  ARI_URL: 'http://127.0.0.1:8088',
  ARI_USER: 'tongdai',
  ARI_SECRET: 'x',
  SIP_WS_URL: 'ws://127.0.0.1:8088/ws',
  RECORDINGS_DIR: '/tmp/recordings',
}
