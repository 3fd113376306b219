import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CommandContext, EXIT } from './command.ts'
import { buildConsole } from './console-build.ts'
import { cacheFolder } from './environment.ts'
import { descendantsOf, endProcesses } from './process-tree.ts'
import { type Progress, createConsoleProgress } from './progress.ts'
import { provisionAsterisk } from './provision-asterisk.ts'
import { provisionChromium } from './provision-chromium.ts'
import { type TestSummary, closingLine, readTestReport } from './test-summary.ts'
import { prepareVoices } from './voice-set.ts'

const USAGE = `npm test [-- FILES and options of vitest]

Fetches what the tests need (Asterisk, Chromium; no root), builds the console, and runs every test: values, service,
real Asterisk, real browser. With names, only files whose path holds one of them: npm test -- test/calls
One kind: npm test -- --project node (also: console, pbx, journey).`

/** `npm test`: exit code 0 when every test passed and none was skipped. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    context.print(USAGE)
    return 0
  }
  const say = createConsoleProgress(Date.now() - Math.round(process.uptime() * 1000), Date.now)
  await provide(context, say)
  if (context.stopped.aborted) return EXIT.interrupted
  const reportPath = join(context.home, 'dist/test-report.json')
  const linePath = join(context.home, 'dist/test-closing-line.txt')
  await Promise.all([rm(reportPath, { force: true }), rm(linePath, { force: true })])
  const code = await runVitest(args, reportPath, context)
  const summary = readTestReport(await readFile(reportPath, 'utf8').catch(() => ''))
  if (summary === undefined) {
    context.complain('The test run broke off before its end.')
    return code === 0 ? 1 : code
  }
  await writeFile(linePath, `${closingLine(summary)}\n`)
  return verdict(code, summary, context)
}

async function provide({ home, environment }: CommandContext, say: Progress): Promise<void> {
  await mkdir(join(home, 'dist'), { recursive: true })
  const telephony = async (): Promise<void> => {
    const install = await provisionAsterisk({ environment, progress: say })
    const city = join(home, 'config/haiphong')
    await prepareVoices({
      promptsDir: join(city, 'prompts'),
      voicesDir: join(city, 'voices'),
      cache: cacheFolder(environment),
      install,
      progress: say,
    })
  }
  await Promise.all([
    telephony(),
    provisionChromium({ environment, progress: say }),
    buildConsole({ home, progress: say }),
  ])
}

async function runVitest(
  args: readonly string[],
  reportPath: string,
  { home, stopped }: CommandContext,
): Promise<number> {
  const vitest = [join(home, 'node_modules/vitest/vitest.mjs'), 'run', '--root', '.']
  const config = ['--config', 'config/tooling/vitest.config.ts']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`]
  const child = spawn(process.execPath, [...vitest, ...config, ...reporters, ...args], {
    cwd: home,
    stdio: 'inherit',
  })
  stopped.addEventListener('abort', () => {
    // Its workers, and what tests started, go with it.
    void descendantsOf(process.pid).then((pids) => endProcesses(pids, 5_000))
  })
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return code ?? (signal === 'SIGINT' ? EXIT.interrupted : 1)
}

function verdict(code: number, summary: TestSummary, context: CommandContext): number {
  if (summary.skipped > 0 && context.environment['CI'] === 'true') {
    context.complain(`${String(summary.skipped)} tests were skipped; in CI nothing is.`)
    return code === 0 ? 1 : code
  }
  return code
}
