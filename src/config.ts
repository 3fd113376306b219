import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Type, type Static, type TObject } from 'typebox'
import { Value } from 'typebox/value'
import { minuteOfDay, type QuietHours } from './messages/quiet-policy.ts'
import { RetentionFile, type RetentionRule, type RetentionRules } from './retention/contract.ts'

const Port = (fallback: number) => Type.Integer({ minimum: 0, maximum: 65535, default: fallback })
const Text = (fallback: string) => Type.String({ default: fallback })

const DATA_DIR = 'data'

const Env = Type.Object({
  HTTP_PORT: Port(8022),
  HTTP_HOST: Text('127.0.0.1'),
  PUBLIC_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  DATA_DIR: Text(DATA_DIR),
  RECORDINGS_DIR: Type.Optional(Type.String()),
  CITY: Type.String({ pattern: '^[a-z]+$', default: 'haiphong' }),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], { default: 'info' }),
  AMI_HOST: Text('127.0.0.1'),
  AMI_PORT: Port(5038),
  AMI_USER: Text('tongdai'),
  AMI_SECRET: Type.Optional(Type.String({ minLength: 1 })),
  ARI_URL: Type.String({ pattern: '^https?://', default: 'http://127.0.0.1:8088' }),
  ARI_USER: Text('tongdai'),
  ARI_SECRET: Type.Optional(Type.String({ minLength: 1 })),
  SIP_WS_URL: Type.Optional(Type.String({ pattern: '^wss?://' })),
  SEAL_KEY_FILE: Type.Optional(Type.String({ minLength: 1 })),
  PBX_RECORDING_DIR: Type.Optional(Type.String({ minLength: 1 })),
  PBX_QUEUE_LOG: Type.Optional(Type.String({ minLength: 1 })),
  OPUSENC: Text('opusenc'),
  OPUSDEC: Text('opusdec'),
  DEMO: Type.Boolean({ default: false }),
  METRICS_TOKEN: Type.Optional(Type.String({ minLength: 16 })),
  SMS_QUIET_HOURS: Type.Enum(['on', 'off'], { default: 'on' }),
  TWILIO_ACCOUNT_SID: Type.Optional(Type.String({ pattern: '^AC' })),
  TWILIO_AUTH_TOKEN: Type.Optional(Type.String({ minLength: 1 })),
  TWILIO_AUTH_TOKEN_OLD: Type.Optional(Type.String({ minLength: 1 })),
  TWILIO_FROM: Type.Optional(Type.String({ minLength: 1, maxLength: 34 })),
  TWILIO_API_URL: Type.Optional(Type.String({ pattern: '^http://(127\\.0\\.0\\.1|localhost)(:|/|$)' })),
})

const DayTime = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' })

/** `config/<city>/city.json`: what one city is called and how its desk works. */
const City = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    /** As people write it. */
    hotline: Type.String(),
    /** As the trunk dials it. */
    line: Type.String({ pattern: '^[0-9]+$' }),
    areaCode: Type.String({ pattern: '^[0-9]{2,3}$' }),
    domain: Type.String(),
    codePrefix: Type.String({ pattern: '^[A-Z]{2}$' }),
    regulation: Type.String(),
    /** Unit of the directory that is the City Office (Đ14): overdue cases are reported to it. */
    officeUnitId: Type.String(),
    wrapUpSeconds: Type.Integer({ minimum: 1 }),
    wrapUpExtensionSeconds: Type.Integer({ minimum: 1 }),
    /** How long a console may be gone before its operator is paused. At most 15 by the product's own promise. */
    consoleGoneSeconds: Type.Integer({ minimum: 1, maximum: 14 }),
    /** When no SMS goes out but urgent ones, in the city's time; `to` may be the next morning. */
    smsQuietHours: Type.Object(
      { from: DayTime, to: DayTime },
      { additionalProperties: false, default: { from: '21:00', to: '07:00' } },
    ),
    /** News the citizen gets by SMS besides what somebody has to say to them: that a case was received, and with whom it is. */
    citizenSms: Type.Array(Type.Union([Type.Literal('received'), Type.Literal('forwarded')]), {
      default: ['received', 'forwarded'],
    }),
    /** The slip's SMS may be two parts long (S1b); one part otherwise. */
    longSlips: Type.Boolean({ default: false }),
    /** Leaders of units hear last week's figures by SMS on the first worked morning of a week (Đ13.6); last month's always. */
    weeklyUnitSms: Type.Boolean({ default: true }),
    /** Live supervision: does an operator's page say that a supervisor listens? Whispering and barging in are always said. */
    supervision: Type.Object(
      { shown: Type.Boolean() },
      { additionalProperties: false, default: { shown: true } },
    ),
    /** Silence in recordings (R068): a warning after so long, and form fields (`reporter.address`) that mask while they have the cursor. */
    masking: Type.Object(
      { warnSeconds: Type.Integer({ minimum: 5, maximum: 3600 }), fields: Type.Array(Type.String()) },
      { additionalProperties: false, default: { warnSeconds: 120, fields: [] } },
    ),
    /** Days after which files of an answer that was never given go, once its case waits for none any more. */
    answerDraftDays: Type.Integer({ default: 30, minimum: 1, maximum: 3650 }),
  },
  { additionalProperties: false },
)
export type City = Static<typeof City>

export interface TwilioConfig {
  readonly accountSid: string
  readonly authToken: string
  /** Accepted on webhooks while a token is being rotated. */
  readonly oldAuthToken: string | null
  readonly from: string
  /** Loopback stub of tests; null means the provider's own address. */
  readonly apiUrl: string | null
}

export interface Config {
  readonly http: { readonly port: number; readonly host: string; readonly publicUrl: string }
  readonly logLevel: string
  readonly dataDir: string
  readonly databasePath: string
  readonly migrationsDir: string
  readonly recordingsDir: string
  readonly consoleDir: string
  /** The Ed25519 key that signs heads of the chains, kept by whoever runs the machine; null: one of its own in the data folder. */
  readonly sealKeyFile: string | null
  readonly city: City
  /** How long recordings are kept; a kind without a rule for ever. */
  readonly retention: RetentionRules
  /** How long an original stays beside its copy; null: as long as its recording. */
  readonly original: RetentionRule | null
  readonly cityDir: string
  readonly ami: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly secret: string
  }
  readonly ari: { readonly url: string; readonly user: string; readonly secret: string }
  /** SIP over WebSocket of the PBX; the service proxies `/sip` to it. */
  readonly sipWsUrl: string
  /** Folder where the PBX writes recordings, when it is shared; null means ARI stored recordings over HTTP. */
  readonly pbxRecordingDir: string | null
  /** opus-tools for copies of recordings, each a program with its first arguments. */
  readonly opusTools: { readonly encoder: readonly string[]; readonly decoder: readonly string[] }
  /** The PBX's queue_log, where this machine sees it: one more witness of each call at night. */
  readonly pbxQueueLog: string | null
  readonly twilio: TwilioConfig | null
  /** Null: SMS go out at any hour. */
  readonly smsQuietHours: QuietHours | null
  /** Bearer token that `/metrics` takes from other machines; null: only this machine's command line may read it. */
  readonly metricsToken: string | null
  /** Seeds demo people and writes their sign-ins to `<dataDir>/demo-accounts.json`. */
  readonly demo: boolean
}

/** Raised for a configuration that cannot work; lists every bad name, never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Reads environment and city folder once. Throws one ConfigError naming everything wrong. */
export function readConfig(
  env: NodeJS.ProcessEnv = process.env,
  rootDir = resolve(import.meta.dirname, '..'),
): Config {
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = parse(Env, Value.Clean(Env, present), 'environment')
  const twilio = readTwilio(parsed)
  const cityDir = join(rootDir, 'config', parsed.CITY)
  const city = parse(City, readJson(join(cityDir, 'city.json')), `config/${parsed.CITY}/city.json`)
  if (parsed.AMI_SECRET === undefined || parsed.ARI_SECRET === undefined) {
    throw new ConfigError(
      'bad configuration\n  AMI_SECRET, ARI_SECRET: both must be set (npm start sets them for its own PBX)',
    )
  }
  if (parsed.HTTP_PORT === 0 && parsed.PUBLIC_URL === undefined) {
    throw new ConfigError(
      'bad configuration\n  HTTP_PORT: 0 takes any free port, which links and signatures cannot know; set PUBLIC_URL too',
    )
  }
  const dataDir = resolve(rootDir, parsed.DATA_DIR)
  const retention = readRetention(cityDir, parsed.CITY)
  return {
    http: {
      port: parsed.HTTP_PORT,
      host: parsed.HTTP_HOST,
      publicUrl: (parsed.PUBLIC_URL ?? `http://localhost:${String(parsed.HTTP_PORT)}`).replace(/\/$/, ''),
    },
    logLevel: parsed.LOG_LEVEL,
    dataDir,
    databasePath: join(dataDir, 'tongdai.sqlite'),
    migrationsDir: join(rootDir, 'migrations'),
    recordingsDir: recordingsDirOf(rootDir, dataDir, parsed.RECORDINGS_DIR),
    consoleDir: join(rootDir, 'dist', 'console'),
    sealKeyFile: parsed.SEAL_KEY_FILE === undefined ? null : resolve(rootDir, parsed.SEAL_KEY_FILE),
    city,
    retention: retention.rules,
    original: retention.originals ?? null,
    cityDir,
    ami: { host: parsed.AMI_HOST, port: parsed.AMI_PORT, user: parsed.AMI_USER, secret: parsed.AMI_SECRET },
    ari: { url: parsed.ARI_URL.replace(/\/$/, ''), user: parsed.ARI_USER, secret: parsed.ARI_SECRET },
    sipWsUrl: parsed.SIP_WS_URL ?? `${parsed.ARI_URL.replace(/^http/, 'ws').replace(/\/$/, '')}/ws`,
    pbxRecordingDir:
      parsed.PBX_RECORDING_DIR === undefined ? null : resolve(rootDir, parsed.PBX_RECORDING_DIR),
    pbxQueueLog: parsed.PBX_QUEUE_LOG === undefined ? null : resolve(rootDir, parsed.PBX_QUEUE_LOG),
    opusTools: {
      encoder: readCommand('OPUSENC', parsed.OPUSENC),
      decoder: readCommand('OPUSDEC', parsed.OPUSDEC),
    },
    twilio,
    smsQuietHours: readQuietHours(parsed.SMS_QUIET_HOURS, city, parsed.CITY),
    metricsToken: parsed.METRICS_TOKEN ?? null,
    demo: parsed.DEMO,
  }
}

/**
 * Unless it is named: `recordings` beside the default data folder, and inside any other, so that a second copy that is only given a
 * data folder has its own.
 */
export function recordingsDirOf(rootDir: string, dataDir: string, named = ''): string {
  if (named !== '') return resolve(rootDir, named)
  return resolve(dataDir) === resolve(rootDir, DATA_DIR)
    ? join(rootDir, 'recordings')
    : join(dataDir, 'recordings')
}

function readTwilio(env: Static<typeof Env>): TwilioConfig | null {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: from } = env
  if (accountSid === undefined && authToken === undefined && from === undefined) return null
  if (accountSid === undefined || authToken === undefined || from === undefined) {
    throw new ConfigError(
      'bad configuration\n  TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM: set all three, or none for the phone simulator',
    )
  }
  return {
    accountSid,
    authToken,
    oldAuthToken: env.TWILIO_AUTH_TOKEN_OLD ?? null,
    from,
    apiUrl: env.TWILIO_API_URL ?? null,
  }
}

/** A program, or a JSON list of a program and its first arguments. */
function readCommand(name: string, text: string): readonly string[] {
  if (!text.startsWith('[')) return [text]
  const command = parseList(text)
  if (command === undefined)
    throw new ConfigError(
      `bad configuration\n  ${name}: a program, or a JSON list of a program and its arguments`,
    )
  return command
}

function parseList(text: string): readonly string[] | undefined {
  try {
    const list: unknown = JSON.parse(text)
    return Value.Check(Type.Array(Type.String(), { minItems: 1 }), list) ? list : undefined
  } catch {
    return undefined
  }
}

/** A city without the file keeps all recordings for ever; a kind that is misspelt in it is refused. */
function readRetention(cityDir: string, cityId: string): Static<typeof RetentionFile> {
  const path = join(cityDir, 'retention.json')
  if (!existsSync(path)) return { rules: {} }
  return parse(RetentionFile, readJson(path), `config/${cityId}/retention.json`)
}

function readQuietHours(
  isOn: 'on' | 'off',
  { smsQuietHours: { from, to } }: City,
  cityId: string,
): QuietHours | null {
  const fromMinute = minuteOfDay(from)
  const toMinute = minuteOfDay(to)
  if (fromMinute === undefined || toMinute === undefined || fromMinute === toMinute) {
    throw new ConfigError(
      `bad configuration (config/${cityId}/city.json)\n  smsQuietHours: from and to must be two different times of day; SMS_QUIET_HOURS=off turns them off`,
    )
  }
  return isOn === 'on' ? { fromMinute, toMinute } : null
}

function parse<T extends TObject>(schema: T, input: unknown, where: string): Static<T> {
  const value: unknown = Value.Convert(schema, Value.Default(schema, input))
  if (Value.Check(schema, value)) return value
  const problems = Value.Errors(schema, value).map(
    (problem) => `${problem.instancePath.slice(1) || where}: ${problem.message}`,
  )
  throw new ConfigError(`bad configuration (${where})\n  ${problems.join('\n  ')}`)
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown
  } catch (cause) {
    throw new ConfigError(`cannot read ${path}`, { cause })
  }
}
