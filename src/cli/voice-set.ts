import { copyFile, link, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { exists } from './apt-bundle.ts'
import { withFileLock } from './file-lock.ts'
import { type Progress } from './progress.ts'
import { type AsteriskInstall } from './provision-asterisk.ts'
import { runCommand } from './run-command.ts'
import { SPEECH, type PlannedSound, hashOf, noticeVersion, planVoices } from './voice-plan.ts'

/** Sounds of one city, ready for Asterisk. */
export interface VoiceSet {
  /** Holds `tongdai/`, `digits/` and `beep.wav`: what stands at sounds/vi. */
  readonly soundsDir: string
  readonly musicDir: string
  /** Voices of the simulated network's people, and test tones. */
  readonly voicesDir: string
  /** Of what callers hear, and of what those hear whom operators call. */
  readonly noticeVersion: string
  readonly noticeOutVersion: string
  readonly problems: readonly string[]
}

/** Sounds made by sox alone: name, and the arguments after the output file. */
const SYNTHESIZED: Readonly<Record<string, readonly string[]>> = {
  'sounds/beep': ['synth', '0.3', 'sine', '950', 'fade', '0.01', '0.3', '0.02', 'vol', '0.5'],
  'voices/tone440': ['synth', '20', 'sine', '440', 'vol', '0.5'],
  'voices/tone660': ['synth', '20', 'sine', '660', 'vol', '0.5'],
  'voices/tone880': ['synth', '20', 'sine', '880', 'vol', '0.5'],
  'voices/silence': ['trim', '0', '10'],
}

/**
 * Silence of 60 ms in two rates, against a trap of Asterisk (22.10, translate.c): a translator takes a frame with an RTP sequence
 * number below the last one for late and drops it, for up to eleven minutes. Each leg begins at a random number, and a channel's
 * recordings decode all legs it ever talked with in one translator: half of the operators who took a call over were missing from
 * its recording, as was an operator's page after a reload. So `hush-wide` begins each recording: it lifts the recording's rate to
 * 16 kHz for good, and from then on any plain sound of 8 kHz, `hush` where nothing else is said, has the translator built anew.
 */
const HUSHES = { 'sounds/tongdai/hush.wav': '8000', 'sounds/tongdai/hush-wide.wav16': '16000' }

/** Notes of the waiting tune, ours: a slow pentatonic line, five bars up and down. Hertz, each with its seconds. */
const TUNE: readonly (readonly [number, number])[] = [
  [392, 0.6],
  [440, 0.6],
  [523.25, 1.2],
  [587.33, 0.6],
  [523.25, 0.6],
  [440, 1.2],
  [392, 0.6],
  [329.63, 0.6],
  [392, 1.2],
  [440, 0.6],
  [523.25, 0.6],
  [659.25, 1.2],
  [587.33, 0.6],
  [523.25, 0.6],
  [440, 1.2],
  [392, 0.6],
  [440, 0.6],
  [329.63, 1.2],
  [293.66, 0.6],
  [329.63, 0.6],
  [392, 1.8],
  [440, 0.6],
  [392, 0.6],
  [261.63, 2.4],
]

/** Speaks, converts and collects every sound of a city into the cache. A few milliseconds when nothing changed. */
export async function prepareVoices(options: {
  readonly promptsDir: string
  readonly voicesDir: string
  readonly cache: string
  readonly install: AsteriskInstall
  readonly progress: Progress
}): Promise<VoiceSet> {
  const { install, cache, progress } = options
  const [prompts, voices] = await Promise.all([planVoices(options.promptsDir), planVoices(options.voicesDir)])
  const content = JSON.stringify([
    prompts.sounds.map(idOf),
    voices.sounds.map(idOf),
    SYNTHESIZED,
    HUSHES,
    TUNE,
  ])
  const folder = join(cache, `voices-${hashOf(content)}`)
  if (!(await exists(join(folder, '.complete')))) {
    await withFileLock(`${folder}.lock`, async () => {
      if (await exists(join(folder, '.complete'))) return
      progress(`Speaking ${String(prompts.sounds.length + voices.sounds.length)} prompts`)
      const staging = await mkdtemp(`${folder}.making-`)
      const jobs = [
        ...prompts.sounds.map(
          (sound) => () => place(sound, join(staging, 'sounds', placeOf(sound.name)), cache, install),
        ),
        ...voices.sounds.map(
          (sound) => () => place(sound, join(staging, 'voices', sound.name), cache, install),
        ),
        ...Object.entries(SYNTHESIZED).map(
          ([name, effect]) =>
            () =>
              synthesize(join(staging, name), effect, install),
        ),
        ...Object.entries(HUSHES).map(
          ([file, rate]) =>
            () =>
              makeHush(join(staging, file), rate, install),
        ),
        () => makeMusic(join(staging, 'music'), install),
      ]
      await runJobs(jobs, 4)
      await writeFile(join(staging, '.complete'), '')
      await rm(folder, { recursive: true, force: true })
      await rename(staging, folder)
    })
  }
  return {
    soundsDir: join(folder, 'sounds'),
    musicDir: join(folder, 'music'),
    voicesDir: join(folder, 'voices'),
    noticeVersion: noticeVersion(prompts, 'notice'),
    noticeOutVersion: noticeVersion(prompts, 'notice-out'),
    problems: [...prompts.problems, ...voices.problems],
  }
}

/** Asterisk looks for number words under digits/; everything of ours is under tongdai/. */
function placeOf(name: string): string {
  return name.startsWith('digits/') ? name : `tongdai/${name}`
}

function idOf(sound: PlannedSound): string {
  return `${sound.name}:${sound.hash}`
}

async function place(
  sound: PlannedSound,
  target: string,
  cache: string,
  install: AsteriskInstall,
): Promise<void> {
  const made = join(cache, 'spoken', `${sound.hash}.wav`)
  if (!(await exists(made))) await make(sound, made, install)
  await mkdir(dirname(target), { recursive: true })
  await link(made, `${target}.wav`).catch(() => copyFile(made, `${target}.wav`)) // a cache may span file systems
}

async function make(sound: PlannedSound, target: string, install: AsteriskInstall): Promise<void> {
  await mkdir(dirname(target), { recursive: true })
  const work = await mkdtemp(`${target}.making-`)
  const asterisk = ['-r', '8000', '-c', '1', '-b', '16', '-e', 'signed-integer']
  try {
    let input = join(work, 'raw.wav')
    if (sound.source.type === 'spoken') {
      const speech = ['-v', SPEECH.voice, '-s', String(SPEECH.wordsPerMinute), '-p', String(SPEECH.pitch)]
      await runCommand([...install.espeak, ...speech, '-w', input, '--stdin'], { input: sound.source.text })
    } else {
      input = sound.source.path
    }
    const output = join(work, 'out.wav')
    await runCommand([...install.sox, '-G', input, ...asterisk, output])
    await rename(output, target)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function synthesize(
  target: string,
  effect: readonly string[],
  install: AsteriskInstall,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true })
  await runCommand([...install.sox, '-n', '-r', '8000', '-c', '1', '-b', '16', `${target}.wav`, ...effect])
}

async function makeHush(target: string, rate: string, install: AsteriskInstall): Promise<void> {
  await mkdir(dirname(target), { recursive: true })
  const format = ['-r', rate, '-c', '1', '-b', '16', '-e', 'signed-integer', '-t', 'wav']
  await runCommand([...install.sox, '-D', '-n', ...format, target, 'trim', '0', '0.06'])
}

async function makeMusic(folder: string, install: AsteriskInstall): Promise<void> {
  const notes = join(folder, 'notes')
  await mkdir(notes, { recursive: true })
  const parts: string[] = []
  for (const [index, [hertz, seconds]] of TUNE.entries()) {
    const part = join(notes, String(index).padStart(2, '0'))
    const length = String(seconds)
    const pluck = ['synth', length, 'sine', String(hertz), 'synth', length, 'sine', 'mix', String(hertz / 2)]
    await synthesize(part, [...pluck, 'fade', 'q', '0.04', length, '0.25', 'vol', '0.25'], install)
    parts.push(`${part}.wav`)
  }
  await runCommand([...install.sox, ...parts, '-b', '16', join(folder, 'waiting.wav'), 'reverb', '30'])
  await rm(notes, { recursive: true })
}

async function runJobs(jobs: readonly (() => Promise<void>)[], workers: number): Promise<void> {
  const queue = [...jobs]
  const work = async (): Promise<void> => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await job()
  }
  await Promise.all(Array.from({ length: workers }, work))
}
