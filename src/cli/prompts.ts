import { cp, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { type UsagePlan, readArguments, usageText } from './arguments.ts'
import { type CommandContext } from './command.ts'
import { cacheFolder } from './environment.ts'
import { provisionAsterisk } from './provision-asterisk.ts'
import { prepareVoices } from './voice-set.ts'

const USAGE: UsagePlan = {
  command: 'npm run tongdai -- prompts',
  about: [
    'Makes the prompts and the waiting music of the city (CITY) for a PBX of your own and writes them into FOLDER:',
    '  FOLDER/sounds/vi   copy to <astdatadir>/sounds/vi',
    '  FOLDER/moh         copy to the directory named in musiconhold.conf',
    'and tells the versions of the notices, which belong into the [globals] of its extensions.conf.',
  ].join('\n'),
  options: {},
  operands: ['FOLDER'],
}

/** `tongdai prompts FOLDER`. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, operands } = readArguments(args, USAGE)
  if (help) {
    context.print(usageText(USAGE))
    return 0
  }
  const { environment } = context
  const target = resolve(operands[0] ?? '')
  // Only the city's folder is of interest here; no PBX is reached.
  const { cityDir } = readConfig({ ...environment, AMI_SECRET: 'none', ARI_SECRET: 'none' })
  const install = await provisionAsterisk({ environment, progress: context.complain })
  const voices = await prepareVoices({
    promptsDir: join(cityDir, 'prompts'),
    voicesDir: join(cityDir, 'voices'),
    cache: cacheFolder(environment),
    install,
    progress: context.complain,
  })
  for (const problem of voices.problems) context.complain(problem)
  await mkdir(join(target, 'sounds'), { recursive: true })
  await cp(voices.soundsDir, join(target, 'sounds/vi'), { recursive: true })
  await cp(voices.musicDir, join(target, 'moh'), { recursive: true })
  context.print(`HOTLINE_NOTICE = ${voices.noticeVersion}`)
  context.print(`HOTLINE_NOTICE_OUT = ${voices.noticeOutVersion}`)
  return voices.problems.length === 0 ? 0 : 1
}
