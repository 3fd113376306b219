import { type UsagePlan, readArguments, usageText } from './arguments.ts'
import { type CommandContext, EXIT } from './command.ts'
import { AMI_CHECKS } from './doctor-ami.ts'
import { ARI_CHECKS } from './doctor-ari.ts'
import { type Check, examine, type Finding, type Patient } from './doctor-check.ts'
import { DIALPLAN_CHECKS } from './doctor-dialplan.ts'
import { HERE_CHECKS } from './doctor-here.ts'
import { RECORDING_CHECK } from './doctor-recording.ts'
import { SMS_CHECK } from './doctor-sms.ts'
import { CHECK_NAMES, DOCTOR_TEXTS, NOTES, PROBLEMS } from './doctor-texts.ts'
import { LANGUAGE_OPTIONS, type Language, languageOf, sayIn } from './language.ts'

const USAGE: UsagePlan = {
  command: 'npm run tongdai -- doctor',
  about: [
    'Checks an installation step by step: settings and folders, the PBX over AMI and ARI, trunk, queue, prompts, recordings, SMS',
    'account, the running service. Each failure comes with its remedy. Settings come from the environment (AMI_*, ARI_*, …), or',
    'from the copy that "npm start" runs on DATA_DIR. Rings nobody and sends nothing; records one second on the PBX and takes it',
    'away again. Ends with exit code 1 when anything is wrong.',
  ].join('\n'),
  options: { json: { about: 'one JSON document' }, ...LANGUAGE_OPTIONS },
}

/** In the order people mend things: what stands above is needed by what stands below. */
const CHECKS: readonly Check[] = [
  HERE_CHECKS.config,
  HERE_CHECKS.dataFolder,
  HERE_CHECKS.recordingsFolder,
  HERE_CHECKS.recordingsOwner,
  AMI_CHECKS.amiConnect,
  AMI_CHECKS.amiLogin,
  AMI_CHECKS.amiRights,
  AMI_CHECKS.amiEvents,
  AMI_CHECKS.amiTimestamps,
  AMI_CHECKS.pbxVersion,
  AMI_CHECKS.systemName,
  DIALPLAN_CHECKS.modules,
  DIALPLAN_CHECKS.dialplan,
  DIALPLAN_CHECKS.globals,
  DIALPLAN_CHECKS.queue,
  DIALPLAN_CHECKS.queueSettings,
  DIALPLAN_CHECKS.trunk,
  ARI_CHECKS.ariReach,
  ARI_CHECKS.ariLogin,
  ARI_CHECKS.samePbx,
  ARI_CHECKS.ariDynamic,
  ARI_CHECKS.sipWs,
  ARI_CHECKS.prompts,
  RECORDING_CHECK,
  SMS_CHECK,
  HERE_CHECKS.publicUrl,
  HERE_CHECKS.service,
]

const MARKS = { ok: '✓', failed: '✗', unknown: '?', skipped: '–' } as const

/** `tongdai doctor`: examines the installation and tells what to mend. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, switches } = readArguments(args, USAGE)
  if (help) {
    context.print(usageText(USAGE))
    return 0
  }
  const language = languageOf(switches, context.environment)
  const asJson = switches.has('json')
  const patient: Patient = { context, localUrl: '', config: undefined, folders: undefined, ami: undefined }
  let findings: Finding[]
  try {
    const report = (finding: Finding) => {
      if (!asJson) context.print(wordFinding(finding, language))
    }
    findings = await examine(CHECKS, patient, report, context.stopped)
  } finally {
    patient.ami?.close()
  }
  if (context.stopped.aborted) return EXIT.interrupted
  const count = findings.filter(({ outcome }) => outcome.status === 'failed').length
  if (asJson) {
    const checks = findings.map((finding) => describe(finding, language))
    context.print(JSON.stringify({ ok: count === 0, checks }, null, 2))
  } else {
    context.print('')
    context.print(sayIn(language, DOCTOR_TEXTS[count === 0 ? 'good' : 'bad'], { count }))
  }
  return count === 0 ? 0 : 1
}

function wordFinding(finding: Finding, language: Language): string {
  const { status, name, detail, remedy } = describe(finding, language)
  const line = `${MARKS[finding.outcome.status]} ${name}${detail === '' ? '' : ` (${detail})`}`
  return status === 'failed' ? `${line}\n  → ${remedy}` : line
}

function describe({ id, outcome }: Finding, language: Language) {
  const { status } = outcome
  const known = { id, status, name: CHECK_NAMES[id][language], detail: '', problem: '', remedy: '' }
  switch (status) {
    case 'ok': {
      const note = outcome.note === undefined ? '' : NOTES[outcome.note][language]
      return { ...known, detail: outcome.detail ?? note }
    }
    case 'failed':
      return {
        ...known,
        problem: outcome.problem,
        remedy: sayIn(language, PROBLEMS[outcome.problem], outcome.values),
      }
    case 'unknown':
      return { ...known, detail: NOTES[outcome.note][language] }
    case 'skipped':
      return {
        ...known,
        detail: sayIn(language, DOCTOR_TEXTS.skipped, { name: CHECK_NAMES[outcome.because][language] }),
      }
  }
}
