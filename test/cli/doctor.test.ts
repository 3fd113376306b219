import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../src/cli/doctor.ts'
import { type Check, examine, failed, ok, type Patient } from '../../src/cli/doctor-check.ts'
import { isNewEnough, missingRights, publicUrlProblem, trunkProblem } from '../../src/cli/doctor-policy.ts'
import { CHECK_NAMES, NOTES, PROBLEMS } from '../../src/cli/doctor-texts.ts'
import { languageOf } from '../../src/cli/language.ts'
import { runtimePath, writeRuntime } from '../../src/cli/runtime-file.ts'
import { openDb } from '../../src/db/open.ts'
import { claimFolder, MARK } from '../../src/recordings/folder-mark.ts'
import { createInstallationStore } from '../../src/recordings/installation-store.ts'
import { runCommand } from '../support/command.ts'

const SECRETS = { AMI_SECRET: 'geheim-ami', ARI_SECRET: 'geheim-ari' }
const ACCOUNT = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'geheim-sms',
  TWILIO_FROM: '1022HP',
}

interface Described {
  readonly id: string
  readonly status: string
  readonly problem: string
  readonly remedy: string
  readonly detail: string
}

let dataDir: string
const servers: { close: () => unknown }[] = []
let nowhere: number

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'doctor-'))
  nowhere = await freePort()
})
afterAll(async () => {
  for (const server of servers) server.close()
  await rm(dataDir, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function serve(
  answer: (url: string, authorization: string) => { status: number; body: unknown },
): Promise<string> {
  const server: Server = createServer((request, reply) => {
    const { status, body } = answer(request.url ?? '', request.headers.authorization ?? '')
    reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
}

/** The doctor on settings whose PBX does not exist, unless they name one. */
async function doctor(environment: Readonly<Record<string, string>>, folder = dataDir) {
  const away = {
    AMI_PORT: String(nowhere),
    ARI_URL: `http://127.0.0.1:${String(nowhere)}`,
    HTTP_PORT: String(nowhere),
  }
  const all = { RECORDINGS_DIR: join(folder, 'recordings'), ...away, ...environment }
  const { code, out } = await runCommand(run, ['--json', '--en'], { dataDir: folder, environment: all })
  const report = JSON.parse(out.join('\n')) as { readonly ok: boolean; readonly checks: readonly Described[] }
  const find = (id: string) => report.checks.find((check) => check.id === id)
  return { code, report, find, text: out.join('\n') }
}

describe('the doctor without a PBX', () => {
  it('says which settings are missing, and nothing but the folders can be looked at', async () => {
    const { code, find, report } = await doctor({})
    expect(code).toBe(1)
    expect(report.ok).toBe(false)
    expect(find('config')).toMatchObject({ status: 'failed', problem: 'configNoPbx' })
    expect(find('config')?.remedy).toContain('npm start')
    expect(find('dataFolder')).toMatchObject({ status: 'ok' })
    const here = ['config', 'dataFolder', 'recordingsFolder', 'recordingsOwner']
    const others = report.checks.filter(({ id }) => !here.includes(id))
    expect(others.every(({ status }) => status === 'skipped')).toBe(true)
  })

  it('names each bad setting and none of their values', async () => {
    const { find, text } = await doctor({ ...SECRETS, HTTP_PORT: 'geheim-port', PUBLIC_URL: 'geheim-url' })
    expect(find('config')).toMatchObject({ status: 'failed', problem: 'configBad' })
    expect(find('config')?.remedy).toMatch(/HTTP_PORT.*PUBLIC_URL|PUBLIC_URL.*HTTP_PORT/)
    expect(text).not.toContain('geheim')
  })

  it('tells a PBX that does not answer from one that speaks something else, and from a stopped service', async () => {
    const { find, text } = await doctor(SECRETS)
    expect(find('amiConnect')).toMatchObject({ status: 'failed', problem: 'amiUnreachable' })
    expect(find('amiLogin')).toMatchObject({ status: 'skipped' })
    expect(find('ariReach')).toMatchObject({ status: 'failed', problem: 'ariUnreachable' })
    expect(find('service')).toMatchObject({ status: 'failed', problem: 'serviceDown' })
    expect(find('sipWs')).toMatchObject({ status: 'failed', problem: 'noSipWs' })
    expect(find('dataFolder')).toMatchObject({ status: 'ok' })
    expect(text).not.toContain('geheim')

    const other = await serve(() => ({ status: 404, body: 'not ARI' }))
    const { find: found } = await doctor({ ...SECRETS, ARI_URL: other })
    expect(found('ariReach')).toMatchObject({ status: 'failed', problem: 'ariNotThere' })
  })

  it('reads a running copy’s settings from its data folder, with nothing in the environment', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'doctor-copy-'))
    const service = await serve((url) =>
      url === '/readyz'
        ? { status: 503, body: { ready: false, parts: { ami: 'down', ari: 'up' } } }
        : { status: 404, body: {} },
    )
    await writeRuntime(folder, {
      version: 1,
      startedAt: '2026-03-02T01:00:00.000Z',
      ready: true,
      url: 'http://localhost:8022',
      localUrl: service,
      city: 'haiphong',
      hotlineNumber: '02251022',
      mode: 'simulated',
      ami: { host: '127.0.0.1', port: nowhere, user: 'tongdai', secret: 'geheim-ami' },
      ari: { url: `http://127.0.0.1:${String(nowhere)}`, user: 'tongdai', secret: 'geheim-ari' },
      sipWsUrl: `ws://127.0.0.1:${String(nowhere)}/ws`,
      recordingDir: null,
      sipPort: null,
      network: null,
      processes: {},
    })
    const { find, text } = await doctor({}, folder)
    expect(find('config')).toMatchObject({ status: 'ok' })
    expect(find('service')).toMatchObject({ status: 'failed', problem: 'serviceNotReady' })
    expect(find('service')?.remedy).toContain('ami: down')
    expect(text).not.toContain('geheim')
    await rm(runtimePath(folder))
    await rm(folder, { recursive: true })
  })

  it('tells a folder that cannot be written', async () => {
    const file = join(dataDir, 'plain-file')
    await writeFile(file, '')
    await chmod(file, 0o400)
    const { find } = await doctor({ ...SECRETS, RECORDINGS_DIR: join(file, 'below') })
    expect(find('recordingsFolder')).toMatchObject({ status: 'failed', problem: 'folderNotWritable' })
    expect(find('recordingsFolder')?.remedy).toContain('RECORDINGS_DIR')
  })
})

describe('whose recordings folder it is', () => {
  const at = { id: '00000000-0000-4000-8000-000000000001', since: '2026-03-02T01:00:00.000Z' }
  const migrations = resolve(import.meta.dirname, '../../migrations')

  it('is told from the database’s name and the folder’s mark', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'doctor-owner-'))
    const owner = async () => (await doctor(SECRETS, folder)).find('recordingsOwner')
    expect(await owner()).toMatchObject({ status: 'unknown', detail: NOTES.noDatabase.en })
    const db = openDb(join(folder, 'tongdai.sqlite'), migrations)
    expect(await owner()).toMatchObject({ status: 'unknown', detail: NOTES.noDatabase.en })
    createInstallationStore(db).beOrStay(at)
    const mark = join(folder, 'recordings', MARK)
    expect(await owner()).toMatchObject({ status: 'failed', problem: 'recordingsMarkBad' })
    await claimFolder(join(folder, 'recordings'), at)
    expect(await owner()).toMatchObject({ status: 'ok', detail: at.id })

    await rm(mark)
    await claimFolder(join(folder, 'recordings'), { ...at, id: at.id.replace('1', '2') })
    expect(await owner()).toMatchObject({ status: 'failed', problem: 'recordingsOfOther' })
    expect((await owner())?.remedy).toMatch(/RECORDINGS_DIR.*DATA_DIR.*remove .*\.installation/)
    // As after a start that was refused for it: the demo PBX is down, and nothing says where one is.
    const { find } = await doctor({}, folder)
    expect(find('config')).toMatchObject({ status: 'failed', problem: 'configNoPbx' })
    expect(find('recordingsFolder')).toMatchObject({ status: 'ok' })
    expect(find('recordingsOwner')).toMatchObject({ status: 'failed', problem: 'recordingsOfOther' })
    await writeFile(mark, '')
    expect(await owner()).toMatchObject({ status: 'failed', problem: 'recordingsMarkBad' })
    await rm(mark)

    db.raw
      .exec(`INSERT INTO recordings (call_id, kind, base, state, flags, training, kept, search, started_at, file, sha256)
      VALUES ('c1', 'main', 'call-c1', 'stored', '[]', 0, '[]', '', '${at.since}', '2026/03/02/c1-1.wav', 'x')`)
    expect(await owner()).toMatchObject({ status: 'failed', problem: 'recordingsElsewhere' })
    expect((await owner())?.remedy).toContain('2026/03/02/c1-1.wav')
    await mkdir(join(folder, 'recordings/2026/03/02'), { recursive: true })
    await writeFile(join(folder, 'recordings/2026/03/02/c1-1.wav'), '')
    await claimFolder(join(folder, 'recordings'), at)
    expect(await owner()).toMatchObject({ status: 'ok' })
    db.close()
    await rm(folder, { recursive: true })
  })
})

describe('the SMS account', () => {
  const settings = (apiUrl: string) => ({
    ...SECRETS,
    ...ACCOUNT,
    TWILIO_API_URL: apiUrl,
    PUBLIC_URL: 'https://1022.example.vn',
  })
  const key = `Basic ${Buffer.from(`${ACCOUNT.TWILIO_ACCOUNT_SID}:${ACCOUNT.TWILIO_AUTH_TOKEN}`).toString('base64')}`

  it('without credentials is the simulator, which is no failure', async () => {
    const { find } = await doctor(SECRETS)
    expect(find('sms')).toMatchObject({ status: 'ok', detail: NOTES.smsSimulated.en })
  })

  it('that takes our key is in order', async () => {
    const api = await serve((url, authorization) =>
      url === `/2010-04-01/Accounts/${ACCOUNT.TWILIO_ACCOUNT_SID}.json` && authorization === key
        ? { status: 200, body: { status: 'active' } }
        : { status: 401, body: { code: 20003 } },
    )
    const { find } = await doctor(settings(api))
    expect(find('sms')).toMatchObject({ status: 'ok' })
    expect(find('publicUrl')).toMatchObject({ status: 'ok' })
  })

  it.each([
    [401, { code: 20003 }, 'smsRefused'],
    [404, { code: 20404 }, 'smsRefused'],
    [503, {}, 'smsBroken'],
    [200, { status: 'suspended' }, 'smsNotActive'],
  ])('answering %s %j is %s', async (status, body, problem) => {
    const { find, text } = await doctor(settings(await serve(() => ({ status, body }))))
    expect(find('sms')).toMatchObject({ status: 'failed', problem })
    expect(text).not.toContain('geheim')
  })

  it('that cannot be reached says so', async () => {
    const { find } = await doctor(settings(`http://127.0.0.1:${String(nowhere)}`))
    expect(find('sms')).toMatchObject({ status: 'failed', problem: 'smsUnreachable' })
  })
})

describe('what is decided by value', () => {
  it.each([
    ['22.10.1+dfsg+~cs6.17.60671434-1', true],
    ['22.5.0', true],
    ['22.4.1', false],
    ['certified-22.8-cert1', true],
    ['23.0.0', true],
    ['20.19.0', false],
    ['GIT-master', false],
    ['', false],
  ])('Asterisk %s is new enough: %s', (version, expected) => {
    expect(isNewEnough(version)).toBe(expected)
  })

  it('rights are told by the actions that may be used', () => {
    expect(
      missingRights(new Set(['DBDel', 'Redirect', 'QueueAdd', 'UserEvent', 'CoreShowChannels', 'Originate'])),
    ).toEqual([])
    expect(missingRights(new Set(['DBDel', 'CoreShowChannels']))).toEqual([
      'call',
      'agent',
      'user',
      'originate',
    ])
  })

  it.each([
    ['https://1022.example.vn', true, null],
    ['https://1022.example.vn', false, null],
    ['http://localhost:8022', false, null],
    ['http://127.0.0.1:8022', false, null],
    ['http://localhost:8022', true, 'publicUrlNotPublic'],
    ['https://10.0.0.5', true, 'publicUrlNotPublic'],
    ['https://172.20.1.1', true, 'publicUrlNotPublic'],
    ['https://172.32.1.1', true, null],
    ['https://tongdai', true, 'publicUrlNotPublic'],
    ['http://192.168.1.5:8022', false, 'publicUrlNotSecure'],
    ['http://1022.example.vn', true, 'publicUrlNotSecure'],
  ])('address %s, carrier %s: %s', (url, hasCarrier, expected) => {
    expect(publicUrlProblem(url, hasCarrier)).toBe(expected)
  })

  const endpoint = { Event: 'EndpointDetail', Context: 'from-trunk', OutboundAuth: 'trunk-auth' }
  const contact = (Status: string) => ({ Event: 'ContactStatusDetail', Status })
  const registration = (Status: string) => ({
    Event: 'OutboundRegistrationDetail',
    OutboundAuth: 'trunk-auth',
    Status,
  })
  it.each([
    [[endpoint, contact('Reachable')], [registration('Registered')], undefined],
    [[endpoint, contact('NonQualified')], [], undefined],
    [[endpoint, contact('Reachable')], [registration('Rejected')], 'trunkNotRegistered'],
    [[endpoint, contact('Unreachable')], [], 'trunkUnreachable'],
    [[endpoint, contact('Unreachable'), contact('Reachable')], [], undefined],
    [[endpoint], [], 'trunkNoContact'],
    [[{ ...endpoint, Context: 'default' }, contact('Reachable')], [], 'trunkContext'],
    [[endpoint, contact('Reachable')], [{ ...registration('Rejected'), OutboundAuth: 'another' }], undefined],
  ])('trunk %j with %j: %s', (items, registrations, expected) => {
    expect(trunkProblem(items, registrations)?.problem).toBe(expected)
  })

  it.each([
    [[], {}, 'vi'],
    [[], { LANG: 'vi_VN.UTF-8' }, 'vi'],
    [[], { LANG: 'C.UTF-8' }, 'vi'],
    [[], { LANG: 'en_US.UTF-8' }, 'en'],
    [[], { LC_ALL: 'vi_VN.UTF-8', LANG: 'en_US.UTF-8' }, 'vi'],
    [['en'], { LANG: 'vi_VN.UTF-8' }, 'en'],
    [['vi'], { LANG: 'en_US.UTF-8' }, 'vi'],
  ])('language with options %j and %j: %s', (switches, environment, expected) => {
    expect(languageOf(new Set(switches), environment)).toBe(expected)
  })

  it('every sentence has both languages, and asks for the same values in both', () => {
    const slots = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([slot]) => slot).sort()
    for (const [id, { vi, en }] of Object.entries({ ...CHECK_NAMES, ...NOTES, ...PROBLEMS })) {
      expect([...new Set(slots(vi))], id).toEqual([...new Set(slots(en))])
      expect(vi, id).not.toBe(en)
      expect(vi.normalize('NFC'), id).toBe(vi)
    }
  })
})

describe('an examination', () => {
  const check = (id: Check['id'], needs: Check['needs'], found: () => ReturnType<typeof ok>): Check => ({
    id,
    needs,
    run: async () => found(),
  })
  const patient = {} as Patient
  const never = new AbortController().signal

  it('goes on after a failure, and passes over what stands on it', async () => {
    const findings = await examine(
      [
        check('config', [], () => ok()),
        check('amiConnect', ['config'], () => failed('amiUnreachable')),
        check('amiLogin', ['amiConnect'], () => ok()),
        check('amiRights', ['amiLogin'], () => ok()),
        check('ariReach', ['config'], () => ok()),
      ],
      patient,
      () => undefined,
      never,
    )
    expect(findings.map(({ outcome }) => outcome.status)).toEqual([
      'ok',
      'failed',
      'skipped',
      'skipped',
      'ok',
    ])
  })

  it('takes a check that breaks for a failure of its own', async () => {
    const broken: Check = { id: 'config', needs: [], run: () => Promise.reject(new Error('line went dead')) }
    const [finding] = await examine([broken], patient, () => undefined, never)
    expect(finding?.outcome).toMatchObject({
      status: 'failed',
      problem: 'unexpected',
      values: { reason: 'line went dead' },
    })
  })

  it('stops at Ctrl-C', async () => {
    const ctrlC = new AbortController()
    const findings = await examine(
      [
        check('config', [], () => {
          ctrlC.abort()
          return ok()
        }),
        check('amiConnect', [], () => ok()),
      ],
      patient,
      () => undefined,
      ctrlC.signal,
    )
    expect(findings).toHaveLength(1)
  })
})
