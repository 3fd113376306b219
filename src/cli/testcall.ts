import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Value } from 'typebox/value'
import { MAX_TALK_SECONDS, TestCallLine } from '../calls/test-call-contract.ts'
import { AppError } from '../platform/errors.ts'
import { type UsagePlan, readArguments, readWholeNumber, usageText } from './arguments.ts'
import { type CommandContext, EXIT, UsageError } from './command.ts'
import { LANGUAGE_OPTIONS, type Language, languageOf, sayIn } from './language.ts'
import { readRuntime } from './runtime-file.ts'
import { remedyOf, STEP_DETAILS, STEP_NAMES, TEXTS } from './testcall-texts.ts'

const USAGE: UsagePlan = {
  command: 'npm run tongdai -- testcall',
  about: [
    'Places a real call through the PBX of the running copy (DATA_DIR) and tells each step with its time. A scripted operator',
    'answers where none is signed in and free. The call, its ticket, recording and slip carry the training mark; no officer gets',
    'an SMS. Ctrl-C hangs up. Ends with exit code 1 when any step is missing.',
  ].join('\n'),
  options: {
    from: {
      value: 'NUMBER',
      about: 'the number it seems to come from; 0950000999, which nobody has, if not said',
    },
    seconds: { value: 'N', about: `how long they talk, 1 to ${String(MAX_TALK_SECONDS)}; 8 if not said` },
    json: { about: 'one JSON line for each step' },
    ...LANGUAGE_OPTIONS,
  },
}

/** A number of the range kept for fiction: it can be nobody's. */
const DEFAULT_FROM = '0950000999'
/** The service ends every run well before. */
const WITHIN_MS = 360_000

/** `tongdai testcall`: asks the running service for a test call and tells what it reports. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, values, switches } = readArguments(args, USAGE)
  if (help) {
    context.print(usageText(USAGE))
    return 0
  }
  const language = languageOf(switches, context.environment)
  const from = (values['from'] ?? DEFAULT_FROM).replace(/[\s().-]/g, '')
  if (!/^\+?[0-9]{3,15}$/.test(from))
    throw new UsageError('--from takes a telephone number of 3 to 15 digits')
  const seconds = readWholeNumber('seconds', values['seconds'] ?? '8', { from: 1, to: MAX_TALK_SECONDS })
  const stopped = AbortSignal.any([context.stopped, AbortSignal.timeout(WITHIN_MS)])
  const tell = switches.has('json')
    ? (line: TestCallLine) => {
        context.print(JSON.stringify(line))
      }
    : (line: TestCallLine) => {
        context.print(wordLine(line, language))
      }
  let done: boolean | undefined
  try {
    for await (const line of askForCall({ from, seconds }, context, { language, stopped })) {
      tell(line)
      if (line.type === 'done') done = line.ok
    }
  } catch (cause) {
    if (context.stopped.aborted) return EXIT.interrupted
    if (cause instanceof AppError) throw cause
    // The stream broke; said below.
  }
  if (done === undefined) context.complain(sayIn(language, TEXTS.brokenOff))
  return done === true ? 0 : 1
}

async function* askForCall(
  body: { readonly from: string; readonly seconds: number },
  { dataDir, environment }: CommandContext,
  { language, stopped }: { readonly language: Language; readonly stopped: AbortSignal },
): AsyncGenerator<TestCallLine> {
  const port = environment['HTTP_PORT'] ?? ''
  const url = (await readRuntime(dataDir))?.localUrl ?? `http://127.0.0.1:${port === '' ? '8022' : port}`
  const away = (cause: unknown): never => {
    if (stopped.aborted) throw cause
    throw new AppError('unavailable', 'NOT_RUNNING', sayIn(language, TEXTS.notRunning, { url }), { cause })
  }
  const token = await readFile(join(dataDir, 'cli.token'), 'utf8').catch(away)
  const response = await fetch(`${url}/api/test-calls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token.trim()}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: stopped,
  }).catch(away)
  if (!response.ok || response.body === null) {
    const { code } = (await response.json().catch(() => ({}))) as { readonly code?: unknown }
    const values = { url, status: response.status, code: typeof code === 'string' ? code : '' }
    throw new AppError('unavailable', 'TEST_CALL_REFUSED', sayIn(language, TEXTS.refusedByService, values))
  }
  let rest = ''
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield Value.Parse(TestCallLine, JSON.parse(line))
  }
}

/** One line for people: time since the call was placed, mark, step and what is known of it. */
export function wordLine(line: TestCallLine, language: Language): string {
  const time = `${(line.ms / 1000).toFixed(2).padStart(7)} s  `
  switch (line.type) {
    case 'placed':
      return time + sayIn(language, TEXTS.placed, { from: line.from, callId: line.callId })
    case 'step': {
      const values = { ...line.detail, ...operatorIn(language, line.detail) }
      const detail = sayIn(language, STEP_DETAILS[line.step], values).trim()
      return `${time}✓ ${STEP_NAMES[line.step][language].padEnd(22)} ${detail}`
    }
    case 'missing': {
      const values = { ...line.detail, ...operatorIn(language, line.detail) }
      // What is not known leaves no hole before the bracket.
      const remedy = sayIn(language, remedyOf(line.step, line.reason), values).replaceAll(' )', ')')
      return `${time}✗ ${STEP_NAMES[line.step][language]}\n${' '.repeat(12)}→ ${remedy}`
    }
    case 'hungUp':
      return `${time}  ${sayIn(language, TEXTS.hungUp, { seconds: line.seconds })}`
    case 'done':
      return time + TEXTS[line.ok ? 'good' : 'bad'][language]
  }
}

function operatorIn(language: Language, detail: Readonly<Record<string, string | number | null>>) {
  const { operator, operatorName } = detail
  if (operator == null) return {}
  if (operator === 'robot') return { operator: TEXTS.robot[language] }
  return { operator: sayIn(language, TEXTS.operator, { name: operatorName ?? operator }) }
}
