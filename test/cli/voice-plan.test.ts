import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type VoicePlan, noticeVersion, planVoices } from '../../src/cli/voice-plan.ts'
import { monoWav, tone } from '../support/tone.ts'

const HOME = resolve(import.meta.dirname, '../..')
const CITY = join(HOME, 'config/haiphong')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prompts-'))
  cpSync(join(CITY, 'prompts'), folder, { recursive: true })
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function sourceOf(plan: VoicePlan, name: string) {
  return plan.sounds.find((sound) => sound.name === name)?.source
}

describe('the sounds of a city', () => {
  it('are its texts, spoken, until a recording is dropped beside one', async () => {
    const before = await planVoices(folder)
    expect(before.problems).toEqual([])
    expect(sourceOf(before, 'greeting')).toEqual({
      type: 'spoken',
      text: readFileSync(join(folder, 'greeting.txt'), 'utf8').trim(),
    })
    writeFileSync(join(folder, 'greeting.wav'), monoWav(tone(440, 500)))
    writeFileSync(join(folder, 'digits/4.wav'), monoWav(tone(440, 300)))
    const after = await planVoices(folder)
    expect(after.problems).toEqual([])
    expect(after.sounds).toHaveLength(before.sounds.length)
    expect(sourceOf(after, 'greeting')).toEqual({
      type: 'recorded',
      path: join(folder, 'greeting.wav'),
      convert: false,
    })
    expect(sourceOf(after, 'digits/4')).toMatchObject({ type: 'recorded' })
    expect(sourceOf(after, 'digits/5')).toMatchObject({ type: 'spoken' })
  })

  it('convert a recording of another rate', async () => {
    const wav = monoWav(tone(440, 500))
    wav.writeUInt32LE(44_100, 24)
    writeFileSync(join(folder, 'notice.wav'), wav)
    expect(sourceOf(await planVoices(folder), 'notice')).toMatchObject({ type: 'recorded', convert: true })
  })

  it.each([
    {
      what: 'cut short',
      spoil: (path: string) => {
        truncateSync(path, 2_000)
      },
      says: 'cut short',
    },
    {
      what: 'empty',
      spoil: (path: string) => {
        truncateSync(path, 0)
      },
      says: 'not a RIFF WAVE',
    },
    {
      what: 'no sound at all',
      spoil: (path: string) => {
        writeFileSync(path, 'ID3 song')
      },
      says: 'not a RIFF WAVE',
    },
    {
      what: 'compressed',
      spoil: (path: string) => {
        spoilFormat(path)
      },
      says: 'compressed',
    },
  ])('speak the text where a recording is $what, and say so', async ({ spoil, says }) => {
    const path = join(folder, 'greeting.wav')
    writeFileSync(path, monoWav(tone(440, 500)))
    spoil(path)
    const plan = await planVoices(folder)
    expect(sourceOf(plan, 'greeting')).toMatchObject({ type: 'spoken' })
    expect(plan.problems).toHaveLength(1)
    expect(plan.problems[0]).toContain('greeting.wav')
    expect(plan.problems[0]).toContain(says)
    expect(plan.problems[0]).toContain('the spoken text is played instead')
  })

  it('give the notice a new version exactly when what is heard changes', async () => {
    const first = noticeVersion(await planVoices(folder), 'notice')
    writeFileSync(join(folder, 'greeting.txt'), 'Kính chào quý khách.')
    expect(noticeVersion(await planVoices(folder), 'notice')).toBe(first)
    writeFileSync(join(folder, 'notice.txt'), 'Cuộc gọi này được ghi âm.')
    const second = noticeVersion(await planVoices(folder), 'notice')
    writeFileSync(join(folder, 'notice.wav'), monoWav(tone(440, 500)))
    const third = noticeVersion(await planVoices(folder), 'notice')
    expect(new Set([first, second, third]).size).toBe(3)
    rmSync(join(folder, 'notice.txt'))
    rmSync(join(folder, 'notice.wav'))
    const without = await planVoices(folder)
    expect(() => noticeVersion(without, 'notice')).toThrow(
      expect.objectContaining({ code: 'NOTICE_MISSING' }),
    )
  })

  it('greet with number and city, and tell of the recording and why', () => {
    const text = (name: string) => readFileSync(join(CITY, 'prompts', `${name}.txt`), 'utf8')
    expect(text('greeting')).toContain('không hai hai năm, một không hai hai')
    expect(text('greeting')).toContain('Hải Phòng')
    for (const notice of ['notice', 'notice-out']) expect(text(notice)).toMatch(/được ghi âm để phục vụ/)
  })

  it('are all that the dialplan and the queues play', async () => {
    const known = new Set((await planVoices(folder)).sounds.map(({ name }) => name))
    const synthesized = ['hush', 'hush-wide'] // no words: src/cli/voice-set.ts makes it
    const played = [...readAll('dialplan'), ...readAll('config/asterisk')].flatMap((text) =>
      [...text.matchAll(/tongdai\/([a-z][-a-z]*)(?![-a-z]*\.conf)/g)].map((match) => match[1] ?? ''),
    )
    expect(played.length).toBeGreaterThan(20)
    expect(played.filter((name) => !known.has(name) && !synthesized.includes(name))).toEqual([])
    const spoken = [...known].filter((name) => !name.startsWith('digits/'))
    expect(spoken.filter((name) => !played.includes(name))).toEqual([])
  })

  it('stand in the city folder alone: no word of the city in dialplan or PBX configuration', () => {
    const texts = [
      ...readAll('dialplan'),
      ...readAll('config/asterisk'),
      ...readAll('config/asterisk/carrier'),
    ]
    const settings = texts.flatMap((text) => text.split('\n').filter((line) => !line.startsWith(';')))
    expect(settings.filter((line) => /h[aả]i\s*ph[oò]ng|0225/i.test(line))).toEqual([])
  })
})

function spoilFormat(path: string): void {
  const wav = readFileSync(path)
  wav.writeUInt16LE(6, 20) // a-law
  writeFileSync(path, wav)
}

function readAll(folderOfHome: string): string[] {
  const path = join(HOME, folderOfHome)
  return readdirSync(path)
    .filter((name) => name.endsWith('.conf'))
    .map((name) => readFileSync(join(path, name), 'utf8'))
}
