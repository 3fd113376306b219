import { isAbsolute } from 'node:path'
import { isRefused, listOf, valueOf } from './doctor-ami.ts'
import { type Check, failed, ok, opened, type Outcome, type Patient } from './doctor-check.ts'
import { trunkProblem } from './doctor-policy.ts'

/** What the dialplan, the softphones and the recordings use beyond what every Asterisk has. */
const MODULES = [
  'app_mixmonitor',
  'app_playback',
  'app_queue',
  'app_read',
  'app_record',
  'app_stack',
  'app_stasis',
  'app_userevent',
  'chan_pjsip',
  'func_callerid',
  'func_channel',
  'func_db',
  'func_global',
  'func_logic',
  'func_strings',
  'func_timeout',
  'func_uri',
  'res_ari_asterisk',
  'res_ari_bridges',
  'res_ari_channels',
  'res_ari_recordings',
  'res_ari_sounds',
  'res_http_websocket',
  'res_musiconhold',
  'res_pjsip_refer',
  'res_pjsip_transport_websocket',
  'res_sorcery_memory',
  'res_srtp',
  'res_stasis_snoop',
]
/** One context of each file of dialplan/, and those other parts name. */
const CONTEXTS = [
  'hotline-journal',
  'hotline-hangup',
  'from-trunk',
  'hotline-intake',
  'hotline-wait',
  'hotline-member',
  'queue-escape',
  'from-operators',
  'hotline-transfer-citizen',
  'hotline-agency',
  'hotline-handover',
  'hotline-supervise',
  'hotline-test',
  'hotline-test-citizen',
  'hotline-robot',
]
/** As dialplan/journal.conf has it where nothing is set; and the share of it from which a person should look. */
const JOURNAL_MAX = 100_000
const JOURNAL_FULL = 0.8
const GLOBALS = ['HOTLINE_NUMBER', 'HOTLINE_NOTICE', 'HOTLINE_RECORDINGS', 'HOTLINE_MAX_WAIT']

/** Checks of what the PBX was told: modules, dialplan, queues, trunk. */
export const DIALPLAN_CHECKS = {
  modules: { id: 'modules', needs: ['amiRights'], run: checkModules },
  dialplan: { id: 'dialplan', needs: ['amiRights'], run: checkContexts },
  globals: { id: 'globals', needs: ['amiRights'], run: checkGlobals },
  journal: { id: 'journal', needs: ['modules', 'dialplan'], run: checkJournal },
  queue: { id: 'queue', needs: ['modules'], run: checkQueues },
  queueSettings: { id: 'queueSettings', needs: ['queue'], run: checkQueueSettings },
  trunk: { id: 'trunk', needs: ['amiRights'], run: checkTrunk },
} as const satisfies Readonly<Record<string, Check>>

async function checkModules({ ami }: Patient): Promise<Outcome> {
  const missing: string[] = []
  for (const name of MODULES) {
    if (await isRefused(opened(ami).send('ModuleCheck', { Module: `${name}.so` }))) missing.push(`${name}.so`)
  }
  return missing.length === 0
    ? ok(String(MODULES.length))
    : failed('modulesMissing', { modules: missing.join(', ') })
}

async function checkContexts({ ami }: Patient): Promise<Outcome> {
  const missing: string[] = []
  for (const context of CONTEXTS) {
    if (await isRefused(listOf(opened(ami), 'ShowDialPlan', { Context: context }))) missing.push(context)
  }
  return missing.length === 0 ? ok() : failed('contextsMissing', { contexts: missing.join(', ') })
}

async function checkGlobals({ ami }: Patient): Promise<Outcome> {
  const values = new Map<string, string>()
  for (const name of GLOBALS) values.set(name, await valueOf(opened(ami), name))
  const missing = GLOBALS.filter((name) => values.get(name) === '')
  if (missing.length > 0) return failed('globalsMissing', { globals: missing.join(', ') })
  const folder = values.get('HOTLINE_RECORDINGS') ?? ''
  if (!isAbsolute(folder)) return failed('recordingsNotAbsolute', { folder })
  return ok(`HOTLINE_RECORDINGS=${folder}`)
}

/** What the PBX keeps while no service collects: how much of its room is used, and whether there was too little of it. */
async function checkJournal({ ami }: Patient): Promise<Outcome> {
  const lines = opened(ami)
  const rows = Number(await valueOf(lines, 'DB_KEYCOUNT(calls)'))
  const most = Number(await valueOf(lines, 'HOTLINE_JOURNAL_MAX')) || JOURNAL_MAX
  const over = /^n=(\d+)/.exec(await valueOf(lines, 'DB(journal/over)'))?.[1]
  if (over !== undefined) return failed('journalOverflowed', { calls: over, most })
  if (rows > most * JOURNAL_FULL) return failed('journalNearlyFull', { rows, most })
  return ok(`${String(rows)} / ${String(most)}`)
}

async function checkQueues({ ami }: Patient): Promise<Outcome> {
  for (const queue of ['hotline', 'hotline-training']) {
    if ((await valueOf(opened(ami), `QUEUE_EXISTS(${queue})`)) !== '1')
      return failed('queueMissing', { queue })
  }
  const training = await listOf(opened(ami), 'QueueStatus', { Queue: 'hotline-training' })
  const robot = training.find((item) => item['Event'] === 'QueueMember' && item['Name'] === 'robot')
  if (robot === undefined) return failed('robotMissing')
  if (robot['Paused'] === '1') return failed('robotPaused')
  const members = await listOf(opened(ami), 'QueueStatus', { Queue: 'hotline' })
  return ok(`hotline: ${String(members.filter((item) => item['Event'] === 'QueueMember').length)}`)
}

/** AMI tells nothing of a queue's music or its rules of joining: the PBX is asked to read its own file (func_config). */
async function checkQueueSettings({ ami: lines }: Patient): Promise<Outcome> {
  const ami = opened(lines)
  if (await isRefused(ami.send('ModuleCheck', { Module: 'func_config.so' }))) {
    return { status: 'unknown', note: 'queueSettingsUnread' }
  }
  const setting = (name: string) => valueOf(ami, `AST_CONFIG(queues.conf,hotline,${name})`)
  const [music, join, context] = [
    await setting('musicclass'),
    await setting('joinempty'),
    await setting('context'),
  ]
  // Queues of a database are not in the file.
  if ((await setting('strategy')) === '' && `${music}${join}${context}` === '') {
    return { status: 'unknown', note: 'queueSettingsUnread' }
  }
  if (music === '') return failed('queueNoMusic')
  if ((await valueOf(ami, `AST_CONFIG(musiconhold.conf,${music},mode)`)) === '') {
    return failed('musicClassMissing', { music })
  }
  // Asterisk lets people join an empty queue when nothing is said.
  if (!['', 'yes'].includes(join)) return failed('queueJoinEmpty', { value: join })
  if (context !== 'queue-escape') return failed('queueNoEscape', { value: context })
  return ok(`musicclass=${music}`)
}

async function checkTrunk({ ami: lines }: Patient): Promise<Outcome> {
  const ami = opened(lines)
  let endpoint: Awaited<ReturnType<typeof listOf>> = []
  const read = listOf(ami, 'PJSIPShowEndpoint', { Endpoint: 'trunk' }).then((items) => {
    endpoint = items
  })
  if (await isRefused(read)) return failed('trunkMissing')
  const problem = trunkProblem(endpoint, await listOf(ami, 'PJSIPShowRegistrationsOutbound'))
  return problem === null ? ok() : failed(problem.problem, problem.values)
}
