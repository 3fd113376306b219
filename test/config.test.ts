import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'

const GOOD = { AMI_SECRET: 'ami', ARI_SECRET: 'ari' }
const refusal = (env: Record<string, string | undefined>, root?: string): string => {
  try {
    readConfig(env, root)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('it was taken')
}

describe('the configuration', () => {
  it('needs two secrets and nothing else', () => {
    const config = readConfig(GOOD)
    expect(config).toMatchObject({
      http: { port: 8022, host: '127.0.0.1', publicUrl: 'http://localhost:8022' },
      ami: { host: '127.0.0.1', port: 5038, user: 'tongdai', secret: 'ami' },
      ari: { url: 'http://127.0.0.1:8088', secret: 'ari' },
      sipWsUrl: 'ws://127.0.0.1:8088/ws',
      twilio: null,
      demo: false,
      city: { id: 'haiphong', areaCode: '225' },
    })
    expect(config.city.consoleGoneSeconds).toBeLessThan(15)
  })

  it('takes opus-tools as a program, or as a list of a program and its first arguments', () => {
    expect(readConfig(GOOD).opusTools).toEqual({ encoder: ['opusenc'], decoder: ['opusdec'] })
    const listed = { ...GOOD, OPUSENC: '["/lib/ld.so","/usr/bin/opusenc"]', OPUSDEC: '/usr/bin/opusdec' }
    expect(readConfig(listed).opusTools).toEqual({
      encoder: ['/lib/ld.so', '/usr/bin/opusenc'],
      decoder: ['/usr/bin/opusdec'],
    })
    for (const wrong of ['[', '[]', '[1]']) expect(refusal({ ...GOOD, OPUSENC: wrong })).toContain('OPUSENC')
  })

  it('lets originals go by the rule of the city’s file', () => {
    expect(readConfig(GOOD).original).toMatchObject({ days: 365 })
  })

  it('follows the port in its public address, and the PBX’s address in the softphones’', () => {
    expect(readConfig({ ...GOOD, HTTP_PORT: '9000' }).http.publicUrl).toBe('http://localhost:9000')
    expect(readConfig({ ...GOOD, PUBLIC_URL: 'https://1022.example/' }).http.publicUrl).toBe(
      'https://1022.example',
    )
    expect(readConfig({ ...GOOD, ARI_URL: 'https://pbx.example:8089/' }).sipWsUrl).toBe(
      'wss://pbx.example:8089/ws',
    )
  })

  it('takes an empty value for none', () => {
    expect(readConfig({ ...GOOD, HTTP_PORT: '', TWILIO_FROM: '' }).http.port).toBe(8022)
  })

  it('names everything that is wrong at once, and no value', () => {
    const message = refusal({
      ...GOOD,
      HTTP_PORT: '70000',
      CITY: '../etc',
      LOG_LEVEL: 'loud',
      PUBLIC_URL: 'ftp://secret',
    })
    for (const name of ['HTTP_PORT', 'CITY', 'LOG_LEVEL', 'PUBLIC_URL']) expect(message).toContain(name)
    for (const value of ['70000', '../etc', 'loud', 'secret']) expect(message).not.toContain(value)
  })

  it.each([
    [{ AMI_SECRET: 'x' }, 'ARI_SECRET'],
    [{ ...GOOD, TWILIO_ACCOUNT_SID: 'AC1' }, 'set all three'],
    [{ ...GOOD, TWILIO_AUTH_TOKEN: 'x', TWILIO_FROM: '1022' }, 'set all three'],
    [{ ...GOOD, HTTP_PORT: '0' }, 'PUBLIC_URL'],
    [{ ...GOOD, TWILIO_API_URL: 'https://elsewhere.example' }, 'TWILIO_API_URL'],
    [{ ...GOOD, SMS_QUIET_HOURS: 'maybe' }, 'SMS_QUIET_HOURS'],
    [{ ...GOOD, CITY: 'nowhere' }, 'city.json'],
  ])('refuses %j in words', (env, words) => {
    expect(refusal(env)).toContain(words)
  })

  it('refuses a city that would leave an empty seat ringing for more than 15 seconds', () => {
    expect(cityRefusal({ consoleGoneSeconds: 20 })).toContain('consoleGoneSeconds')
  })

  it('keeps recordings beside the default data folder, inside any other, or where it is told to', () => {
    const at = (env: Record<string, string>) => readConfig({ ...GOOD, CITY: 'x', ...env }, root).recordingsDir
    let root = ''
    withCity({}, (home) => {
      root = home
      expect(at({})).toBe(join(home, 'recordings'))
      expect(at({ DATA_DIR: join(home, 'data') })).toBe(join(home, 'recordings'))
      expect(at({ DATA_DIR: 'data2', RECORDINGS_DIR: '' })).toBe(join(home, 'data2/recordings'))
      expect(at({ DATA_DIR: 'data2', RECORDINGS_DIR: 'recordings' })).toBe(join(home, 'recordings'))
    })
  })

  it('has quiet hours for SMS from 21:00 to 07:00 unless the city or the environment says otherwise', () => {
    const night = { fromMinute: 21 * 60, toMinute: 7 * 60 }
    expect(readConfig(GOOD).smsQuietHours).toEqual(night)
    expect(readConfig({ ...GOOD, CITY: 'dongthap' }).smsQuietHours).toEqual(night)
    expect(readConfig({ ...GOOD, SMS_QUIET_HOURS: 'off' }).smsQuietHours).toBeNull()
    withCity({ smsQuietHours: undefined }, (root) => {
      expect(readConfig({ ...GOOD, CITY: 'x' }, root).smsQuietHours).toEqual(night)
    })
    withCity({ smsQuietHours: { from: '22:30', to: '06:00' } }, (root) => {
      expect(readConfig({ ...GOOD, CITY: 'x' }, root).smsQuietHours).toEqual({
        fromMinute: 22 * 60 + 30,
        toMinute: 360,
      })
    })
  })

  it.each([
    [{ from: '24:00', to: '07:00' }],
    [{ from: '21:00', to: '7:00' }],
    [{ from: '21:00' }],
    [{ from: '21:00', to: '21:00' }],
    [{ from: '21:00', to: '07:00', zone: 'UTC' }],
    ['night'],
  ])('refuses quiet hours %j in words', (smsQuietHours) => {
    expect(cityRefusal({ smsQuietHours })).toContain('smsQuietHours')
  })

  it('R059: keeps recordings by the city’s rules, for ever where it has none, and refuses a rule it cannot read', () => {
    expect(readConfig(GOOD).retention.main?.days).toBeGreaterThan(365)
    withCity({}, (root) => {
      expect(readConfig({ ...GOOD, CITY: 'x' }, root).retention).toEqual({})
      const refuse = (rules: unknown): string => {
        writeFileSync(join(root, 'config', 'x', 'retention.json'), JSON.stringify({ rules }))
        return refusal({ ...GOOD, CITY: 'x' }, root)
      }
      expect(refuse({ mian: { days: 30, basis: 'x' } })).toContain('retention.json')
      expect(refuse({ main: { days: 0, basis: 'x' } })).toContain('main/days')
      expect(refuse({ main: { days: 30 } })).toContain('rules/main')
      writeFileSync(join(root, 'config', 'x', 'retention.json'), '{}')
      expect(refusal({ ...GOOD, CITY: 'x' }, root)).toContain('retention.json')
    })
  })
})

function withCity(changes: Record<string, unknown>, look: (root: string) => void): void {
  const root = mkdtempSync(join(tmpdir(), 'city-'))
  mkdirSync(join(root, 'config', 'x'), { recursive: true })
  writeFileSync(
    join(root, 'config', 'x', 'city.json'),
    JSON.stringify({ ...readConfig(GOOD).city, ...changes }),
  )
  look(root)
  rmSync(root, { recursive: true })
}

function cityRefusal(changes: Record<string, unknown>): string {
  let words = ''
  withCity(changes, (root) => {
    words = refusal({ ...GOOD, CITY: 'x' }, root)
  })
  return words
}
